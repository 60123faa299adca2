"""What a spreadsheet file is before anything parses it: files from outside may be broken, or made to do harm."""

import errno
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO
from xml.etree import ElementTree as ET

from grants_app.errors import Refused
from grants_app.exchange.sources.extents import ExcelExtent, Extent, Flaws, OpenDocumentExtent, too_wide

MOST_BYTES = 300_000_000
MOST_UNZIPPED = 1_000_000_000
MOST_RATIO = 300
_RATIO_FROM = 20_000_000  # a small part may be very regular; a large one of one repeated byte is a bomb
_CHUNK = 1 << 18
_OVERLAP = 64
_EXCEL_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml$", re.IGNORECASE)
_XML = (".xml", ".rels")


def check_size(path: Path) -> None:
    """Refuse a file too large to read in one piece."""
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise Refused(f"“{path.name}” has {size // 1_000_000:,} MB; at most {MOST_BYTES // 1_000_000} can be read.")


def check_zip(path: Path) -> Flaws:
    """Refuse a zipped workbook that is damaged, unpacks to far more than it says, or spans too many cells.

    Returns, by part, the cells (row and column from 1) that hold an error of Excel, or a formula without its result.
    """
    flaws: Flaws = {}
    try:
        with zipfile.ZipFile(path) as zipped, path.open("rb") as raw:
            left = MOST_UNZIPPED
            for info in zipped.infolist():
                if info.filename.casefold().endswith(_XML):
                    left -= _check_part(path, raw, info, left, flaws)
    except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, ValueError) as error:
        raise _not_unpacked(path) from error
    except OSError as error:
        if error.errno != errno.EINVAL:  # a part that says it begins before the file
            raise
        raise _not_unpacked(path) from error
    return flaws


def _not_unpacked(path: Path) -> Refused:
    return Refused(f"“{path.name}” is damaged: it cannot be unpacked. Ask for it again.")


def by_sheet(zipped: zipfile.ZipFile, flaws: Flaws) -> Flaws:
    """The same by the names of the sheets, as far as the workbook says which part is which."""
    try:
        book = ET.fromstring(zipped.read("xl/workbook.xml"))  # noqa: S314 (check_zip refuses any DTD)
        links = ET.fromstring(zipped.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    except (KeyError, ET.ParseError, zipfile.BadZipFile, zlib.error, EOFError):
        return {}
    parts = {link.get("Id", ""): link.get("Target", "").removeprefix("/xl/") for link in links}
    found = {}
    for sheet in book.iterfind(".//{*}sheet"):
        key = next((value for name, value in sheet.attrib.items() if name.endswith("}id")), "")
        found[sheet.get("name", "")] = flaws.get(f"xl/{parts.get(key, '')}", {})
    return {name: cells for name, cells in found.items() if cells}


def _check_part(path: Path, raw: IO[bytes], info: zipfile.ZipInfo, left: int, flaws: Flaws) -> int:
    """Unpack one part without keeping it; returns its size."""
    extent: Extent | None = None
    if _EXCEL_SHEET.match(info.filename):
        extent = ExcelExtent()
    elif info.filename == "content.xml":
        extent = OpenDocumentExtent()
    size, before = 0, b""
    for chunk in _unpacked(raw, info):
        size += len(chunk)
        if size > left or (size > _RATIO_FROM and size > MOST_RATIO * max(info.compress_size, 1)):
            raise Refused(f"“{path.name}” unpacks to far more than a workbook would: it is not read.")
        edge = before + chunk[:_OVERLAP]
        if any(word in text for word in (b"<!DOCTYPE", b"<!ENTITY") for text in (chunk, edge)):
            raise Refused(f"“{path.name}” holds a document type definition, which no workbook has: it is not read.")
        if extent is None and b"<sheetData" in chunk:  # a sheet wherever its part lies
            extent = ExcelExtent()
        if extent:
            extent.feed(chunk)
        before = chunk[-_OVERLAP:]
    if extent:
        extent.end()
        if extent.is_doubtful:
            extent = _measured(raw, info)
        if extent.is_too_wide:
            raise too_wide(path, extent.rows, extent.columns)
        flaws |= extent.flaws_in(info.filename)
    return size


def _measured(raw: IO[bytes], info: zipfile.ZipInfo) -> ExcelExtent:
    """Once more, cell by cell."""
    extent = ExcelExtent(exact=True)
    for chunk in _unpacked(raw, info):
        extent.feed(chunk)
        if extent.is_too_wide:
            break
    else:
        extent.end()
    return extent


def _unpacked(raw: IO[bytes], info: zipfile.ZipInfo) -> Iterator[bytes]:
    """What is really in the part: zipfile itself would stop at the size that the part says it has."""
    raw.seek(info.header_offset)
    header = raw.read(30)
    name, extra = struct.unpack("<HH", header[26:30])
    raw.seek(info.header_offset + 30 + name + extra)
    if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED} or info.flag_bits & 1:
        raise zipfile.BadZipFile
    inflate = zlib.decompressobj(-15) if info.compress_type == zipfile.ZIP_DEFLATED else None
    left = info.compress_size
    while left > 0 and (packed := raw.read(min(_CHUNK, left))):
        left -= len(packed)
        if inflate is None:
            yield packed
            continue
        while packed and not inflate.eof:
            yield inflate.decompress(packed, 8 * _CHUNK)
            packed = inflate.unconsumed_tail
