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
from xml.parsers import expat

from grants_app.errors import Refused

MOST_BYTES = 300_000_000
MOST_UNZIPPED = 1_000_000_000
MOST_RATIO = 300
MOST_CELLS = 25_000_000
MOST_SPARSE = 5_000_000
_RATIO_FROM = 20_000_000  # a small part may be very regular; a large one of one repeated byte is a bomb
_CHUNK = 1 << 18
_OVERLAP = 64
_PLACE = re.compile(rb'<(?:\w{1,9}:)?c\s(?:[^>/]*\s)?r="([A-Za-z]{1,3})(\d{1,7})"[^>/]*>(?!</)')
_PLACELESS = re.compile(rb'<(?:\w{1,9}:)?c(?:\s+[a-qs-z]\w*="[^"]*")*\s*>')
_ROW = re.compile(rb'<(?:\w{1,9}:)?row\s(?:[^>/]*\s)?r="(\d{1,7})"')
_EXCEL_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml$", re.IGNORECASE)
_XML = (".xml", ".rels")
_MOST_FLAWS = 10_000
_WIDEST_CELL = 4096
_CELL = rb'<c r="([A-Z]{1,3})(\d{1,7})"'
_ERROR = re.compile(_CELL + rb'[^>]* t="e"[^>]*>(?:<f[^>]*/>|<f[^<]*</f>)?<v>([^<]{1,20})</v>')
_UNRECKONED = re.compile(_CELL + rb"[^>]*>(?:<f[^>]*/>|<f[^>]*>([^<]*)</f>)(?:<v ?/>|<v></v>)?</c>")
Flaws = dict[str, dict[tuple[int, int], str]]


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
    extent: _Extent | None = None
    if _EXCEL_SHEET.match(info.filename):
        extent = _ExcelExtent()
        flaws[info.filename] = extent.flaws
    elif info.filename == "content.xml":
        extent = _OpenDocumentExtent()
    size, before = 0, b""
    for chunk in _unpacked(raw, info):
        size += len(chunk)
        if size > left or (size > _RATIO_FROM and size > MOST_RATIO * max(info.compress_size, 1)):
            raise Refused(f"“{path.name}” unpacks to far more than a workbook would: it is not read.")
        if b"<!DOCTYPE" in before[-_OVERLAP:] + chunk or b"<!ENTITY" in before[-_OVERLAP:] + chunk:
            raise Refused(f"“{path.name}” holds a document type definition, which no workbook has: it is not read.")
        if extent:
            extent.feed(chunk)
            if extent.cells > MOST_CELLS or (extent.cells > MOST_SPARSE and extent.cells > 20 * extent.filled):
                raise too_wide(path, extent.rows, extent.columns)
        before = chunk
    return size


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


def too_wide(path: Path, rows: int, columns: int) -> Refused:
    """The refusal of a sheet whose cells lie so far apart that nobody can have meant it."""
    return Refused(
        f"“{path.name}” has a sheet of {rows:,} rows by {columns:,} columns. Delete the empty rows and columns beyond "
        "your data, save, and try again."
    )


class _Extent:
    """How far the cells of a sheet reach (readers keep the whole rectangle in memory), and how many hold a value."""

    rows = 0
    columns = 0
    filled = 0

    @property
    def cells(self) -> int:
        return self.rows * self.columns

    def feed(self, chunk: bytes) -> None:
        raise NotImplementedError


class _ExcelExtent(_Extent):
    """Goes by the places that cells with a value name (`<c r="B7">`): a formatted blank cell takes no room."""

    def __init__(self) -> None:
        self._tail = b""
        self.flaws: dict[tuple[int, int], str] = {}

    def feed(self, chunk: bytes) -> None:
        text = self._tail + chunk
        if b't="e"' in text or b"<f" in text:
            self._find_flaws(text)
        places = _PLACE.findall(text)
        if places:
            self.filled += len(places)
            self.rows = max(self.rows, *map(int, {number for _, number in places}))
            self.columns = max(self.columns, *map(_column, {letters for letters, _ in places}))
        if _PLACELESS.search(text):  # such a cell stands in its row, wherever that says it is
            self.rows = max([self.rows, *map(int, _ROW.findall(text))])
            self.columns = max(self.columns, 1)
        begun = text.rfind(b"<c ", -_WIDEST_CELL)
        self._tail = text[max(begun, 0) :] if begun >= 0 else text[-_OVERLAP:]

    def _find_flaws(self, text: bytes) -> None:
        for pattern, before in ((_ERROR, ""), (_UNRECKONED, "=")):
            for letters, row, said in pattern.findall(text) if len(self.flaws) < _MOST_FLAWS else ():
                self.flaws[int(row), _column(letters)] = before + said.decode("utf-8", "replace")


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


class _OpenDocumentExtent(_Extent):
    """Counts repeated rows and cells, as far as the last that holds a value."""

    before = 0

    @property
    def cells(self) -> int:
        return self.before + self.rows * self.columns

    def __init__(self) -> None:
        self._row = self._column = self._repeat = self._filled = 0
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end

    def feed(self, chunk: bytes) -> None:
        """Parse on; XML that is not well formed is left for the reader to refuse."""
        try:
            self._parser.Parse(chunk)
        except expat.ExpatError as error:
            raise zipfile.BadZipFile from error

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "table:table":
            self.before += self.rows * self.columns  # all tables are held at once
            self._row = self.rows = self.columns = 0
        elif name == "table:table-row":
            self._repeat, self._column, self._filled = int(attributes.get("table:number-rows-repeated", "1")), 0, 0
        elif name in {"table:table-cell", "table:covered-table-cell"}:
            self._column += int(attributes.get("table:number-columns-repeated", "1"))
            if "office:value-type" in attributes:
                self._filled = self._column
                self.filled += 1

    def _end(self, name: str) -> None:
        if name == "table:table-row":
            self._row += self._repeat
            if self._filled:
                self.rows, self.columns = max(self.rows, self._row), max(self.columns, self._filled)
