"""What a spreadsheet file is before anything parses it: files from outside may be broken, or made to do harm."""

import errno
import re
import struct
import zipfile
import zlib
from array import array
from collections.abc import Iterator
from pathlib import Path
from typing import IO
from xml.etree import ElementTree as ET

from grants_app.errors import Refused
from grants_app.exchange.sources.extents import (
    MOST_CELLS,
    MOST_SPARSE,
    SPARSE,
    ExcelExtent,
    Extent,
    Flaws,
    OpenDocumentExtent,
    too_wide,
)

MOST_BYTES = 300_000_000
MOST_UNZIPPED = 1_000_000_000
MOST_RATIO = 300
_RATIO_FROM = 20_000_000  # a small part may be very regular; a large one of one repeated byte is a bomb
_CHUNK = 1 << 18
_OVERLAP = 64
_EXCEL_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml$", re.IGNORECASE)
_XML = (".xml", ".rels")
MOST_EXCEL_97 = 80_000_000
_FREE = 0xFFFFFFFA
_BOF, _DIMENSIONS, _BOUNDSHEET, _FILEPASS = 0x0809, 0x0200, 0x0085, 0x002F
_FORMULA, _BOOLERR, _MULRK = 0x0006, 0x0205, 0x00BD
_CELLS = {_FORMULA, _BOOLERR, _MULRK, 0x0203, 0x0204, 0x00FD, 0x027E, 0x00D6}
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}


def check_size(path: Path) -> None:
    """Refuse a file too large to read in one piece."""
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise Refused(f"“{path.name}” has {size // 1_000_000:,} MB; at most {MOST_BYTES // 1_000_000} can be read.")


def check_zip(path: Path) -> tuple[Flaws, frozenset[str]]:
    """Refuse a zipped workbook that is damaged, unpacks to far more than it says, or spans too many cells.

    Returns, by part, the cells (row and column from 1) that hold an error of Excel, or a formula without its result;
    and the parts that have hidden rows.
    """
    flaws: Flaws = {}
    hidden: set[str] = set()
    try:
        with zipfile.ZipFile(path) as zipped, path.open("rb") as raw:
            left = MOST_UNZIPPED
            for info in zipped.infolist():
                if info.filename.casefold().endswith(_XML):
                    left -= _check_part(path, raw, info, left, flaws, hidden)
    except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, ValueError) as error:
        raise _not_unpacked(path) from error
    except OSError as error:
        if error.errno != errno.EINVAL:  # a part that says it begins before the file
            raise
        raise _not_unpacked(path) from error
    return flaws, frozenset(hidden)


def _not_unpacked(path: Path) -> Refused:
    return Refused(f"“{path.name}” is damaged: it cannot be unpacked. Ask for it again.")


def by_sheet(zipped: zipfile.ZipFile, flaws: Flaws) -> Flaws:
    """The same by the names of the sheets, as far as the workbook says which part is which."""
    try:
        parts = parts_by_sheet(zipped)
    except (KeyError, ET.ParseError, zipfile.BadZipFile, zlib.error, EOFError):
        return {}
    return {name: cells for name, part in parts.items() if (cells := flaws.get(part))}


def parts_by_sheet(zipped: zipfile.ZipFile) -> dict[str, str]:
    """The part of each sheet of a checked Excel workbook by its name; KeyError or ParseError where it does not say."""
    book = ET.fromstring(zipped.read("xl/workbook.xml"))  # noqa: S314 (check_zip refuses any DTD)
    links = ET.fromstring(zipped.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    parts = {link.get("Id", ""): link.get("Target", "").removeprefix("/xl/") for link in links}
    found = {}
    for sheet in book.iterfind(".//{*}sheet"):
        key = next((value for name, value in sheet.attrib.items() if name.endswith("}id")), "")
        found[sheet.get("name", "")] = f"xl/{parts.get(key, '')}"
    return found


def _check_part(path: Path, raw: IO[bytes], info: zipfile.ZipInfo, left: int, flaws: Flaws, hidden: set[str]) -> int:
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
        hidden.update([info.filename] * extent.has_hidden)
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


def check_excel_97(path: Path) -> Flaws:
    """Refuse a workbook that is damaged, too large, or whose cells span too much; else its flawed cells, by sheet.

    One that is locked with a password is passed over: its reader says so.
    """
    if path.stat().st_size > MOST_EXCEL_97:
        raise Refused(f"“{path.name}” is too large for an Excel 97 workbook: open it in Excel and save it as .xlsx.")
    try:
        return _check_cells(path, _Compound(path.read_bytes()).workbook())
    except (struct.error, IndexError, ValueError) as error:
        raise Refused(
            f"“{path.name}” is damaged and cannot be read. Open it in Excel, save it again, and try that copy."
        ) from error


def _check_cells(path: Path, stream: bytes) -> Flaws:
    names: dict[int, str] = {}
    flaws: dict[int, dict[tuple[int, int], str]] = {}
    rows = columns = whole = filled = begun = 0
    for place, kind, body in _excel_97_records(stream):
        if kind == _FILEPASS:
            return {}
        if kind == _BOF:
            whole, rows, columns, begun = whole + rows * columns, 0, 0, place
        elif kind == _DIMENSIONS:
            top, bottom, left, right = struct.unpack_from("<IIHH" if len(body) >= 12 else "<HHHH", body)
            if not (top <= bottom <= 65_536 and left <= right <= 256):  # for which its reader would make room
                raise ValueError("no such sheet")
        elif kind == _BOUNDSHEET:
            names[struct.unpack_from("<I", body)[0]] = _name(body)
        elif kind in _CELLS:
            row, column = struct.unpack_from("<HH", body)
            last = struct.unpack_from("<H", body, len(body) - 2)[0] if kind == _MULRK else column
            rows, columns, filled = max(rows, row + 1), max(columns, last + 1), filled + last - column + 1
            if whole + rows * columns > max(MOST_SPARSE, min(MOST_CELLS, SPARSE * filled)):
                raise too_wide(path, rows, columns)
            if error := _error(kind, body):
                flaws.setdefault(begun, {})[row + 1, column + 1] = error
    return {names[at]: cells for at, cells in flaws.items() if at in names}


def _excel_97_records(stream: bytes) -> Iterator[tuple[int, int, bytes]]:
    place = 0
    while place + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, place)
        yield place, kind, stream[place + 4 : place + 4 + length]
        place += 4 + length


def _name(body: bytes) -> str:
    count, wide = body[6], body[7] & 1
    return body[8 : 8 + count * (1 + wide)].decode("utf-16-le" if wide else "latin-1", "replace")


def _error(kind: int, body: bytes) -> str:
    if kind == _BOOLERR and body[7]:
        return _ERRORS.get(body[6], "an error")
    if kind == _FORMULA and body[12:14] == b"\xff\xff" and body[6] == 2:
        return _ERRORS.get(body[8], "an error")
    return ""


class _Compound:
    """A compound file: a small file system whose files are chains of sectors."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        shift, mini_shift = struct.unpack_from("<HH", data, 30)
        if shift not in {9, 12} or mini_shift > shift:
            raise ValueError("no such sector")
        self.sector, self.mini = 1 << shift, 1 << mini_shift
        self.first, self.cutoff, self.mini_fat = struct.unpack_from("<I4xII", data, 48)
        difat, count = struct.unpack_from("<II", data, 68)
        tables = [number for number in struct.unpack_from("<109I", data, 76) if number < _FREE]
        for _ in range(min(count, len(data) // self.sector)):
            numbers = struct.unpack(f"<{self.sector // 4}I", self._sector(difat))
            tables += [number for number in numbers[:-1] if number < _FREE]
            difat = numbers[-1]
            if difat >= _FREE:
                break
        self.fat = array("I", b"".join(self._sector(number) for number in tables))

    def workbook(self) -> bytes:
        """The stream of the workbook; ValueError if there is none."""
        folder = self._chain(self.first)
        root = folder[:128]
        for at in range(0, len(folder) - 127, 128):
            entry = folder[at : at + 128]
            name = entry[: max(struct.unpack_from("<H", entry, 64)[0] - 2, 0)].decode("utf-16-le", "replace")
            if name.casefold() in {"workbook", "book"}:
                start, size = struct.unpack_from("<II", entry, 116)
                found = self._small(root, start) if size < self.cutoff else self._chain(start)
                return found[:size]
        raise ValueError("no workbook")

    def _sector(self, number: int) -> bytes:
        begin = (number + 1) * self.sector
        found = self.data[begin : begin + self.sector]
        if not found:
            raise ValueError("a sector beyond the end")
        return found.ljust(self.sector, b"\0")

    def _chain(self, number: int) -> bytes:
        found = []
        while number < _FREE:
            found.append(self._sector(number))
            if len(found) > len(self.fat):
                raise ValueError("sectors in a ring")
            number = self.fat[number]
        return b"".join(found)

    def _small(self, root: bytes, number: int) -> bytes:
        whole = self._chain(struct.unpack_from("<I", root, 116)[0])
        fat = array("I", self._chain(self.mini_fat))
        found = []
        while number < _FREE:
            found.append(whole[number * self.mini : (number + 1) * self.mini])
            if len(found) > len(fat):
                raise ValueError("sectors in a ring")
            number = fat[number]
        return b"".join(found)
