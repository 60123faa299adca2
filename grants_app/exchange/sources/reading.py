"""Opening a file from outside as sheets of rows: xlsx, xlsm, xls, ods, CSV and its kin, 360Giving JSON.

A file is known by its content, not by its name. To read one more kind, add its opener to `_open`.
"""

import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from grants_app.errors import Refused
from grants_app.exchange.sources import formats, hostile
from grants_app.exchange.sources.delimited import Delimited
from grants_app.exchange.sources.extents import Flaws
from grants_app.exchange.sources.formats import Formats, Told
from grants_app.exchange.sources.json_files import Package
from grants_app.store.opening import refuse_open_here

_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
MOST_SHEETS = 500
_MOST_PARSED = 40
_MOST_KEPT = 5_000_000  # cells of sheets that stay parsed while others are read
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class Flaw(str):
    """A cell that holds no value: its text is what stands there, #REF! say, or a formula that was never worked out."""

    __slots__ = ()

    @property
    def why(self) -> str:
        """What is wrong with it and how it is mended, as a sentence."""
        if self.startswith("="):
            return "the cell holds a formula without its result: open the file in Excel, save it and try again"
        return f"the cell holds an error of Excel, {self}: mend it there, or type the value over it"


class Merge(NamedTuple):
    """Cells merged into one: first and last row, first and last column, from 1; columns as the rows' cells count."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its name as in the file, and its rows, numbered as there, as often as they are asked for.

    A cell is text, a number, a date, a time, yes or no, or a Flaw; blank is "". The first cell of every row stands in
    column `left()`, from 1. `hidden` sheets are for the caller to decide on; `note` says why a sheet has no cells.
    """

    name: str
    rows: Callable[[], Iterator[tuple[int, Sequence[Any]]]]
    hidden: bool = False
    merged: Callable[[], Sequence[Merge]] = tuple
    left: Callable[[], int] = lambda: 1
    note: str = ""
    ragged: bool = False
    """Whether its rows are cut by separators, so that a cell beyond the headings means that one was cut in two."""
    told: Told = field(default_factory=Told)
    """What its formats say: rows hidden or struck through, comments."""
    since_1904: bool = False
    """Whether its days, where they stand as numbers, are counted from 1904."""


@dataclass(frozen=True, slots=True)
class Source:
    """An opened file: its sheets, what kind of file it is in words, and what a package says of itself."""

    path: Path
    sheets: tuple[Sheet, ...]
    description: str
    meta: dict[str, Any]


def open_source(path: Path) -> Source:
    """The file's sheets; refuse, in a sentence, what cannot or must not be read. Nothing is ever run or fetched."""
    try:
        if not path.is_file():
            raise Refused(f"“{path}” is a folder: choose a file." if path.is_dir() else f"There is no file “{path}”.")
        if path.name.startswith(("~$", ".~lock.")):
            raise Refused(f"“{path.name}” only marks that a workbook is open. Choose the workbook itself.")
        refuse_open_here(path)
        hostile.check_size(path)
        with path.open("rb") as file:
            start = file.read(4096)
        return _open(path, start)
    except OSError as error:
        if error.errno is None:  # not the system's word, but calamine's
            raise _damaged(path) from error
        if isinstance(error, PermissionError):
            raise Refused(
                f"“{path.name}” cannot be read: it is open in another program, or you have no right to read it. Close "
                "it there and try again."
            ) from error
        raise Refused(f"“{path.name}” cannot be read: {error.strerror or error}.") from error


def _open(path: Path, start: bytes) -> Source:
    text = start.lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n").replace(b"\0", b"")
    if not start:
        raise Refused(f"“{path.name}” is empty.")
    if start.startswith(_OLE):
        if _ENCRYPTED in path.read_bytes():
            raise _locked(path)
        return _open_workbook(path, "Excel 97 workbook", hostile.check_excel_97(path), Formats())
    if start.startswith(b"PK"):
        return _open_workbook(path, *_zipped_kind(path))
    if text.startswith((b"{", b"[")):
        package = Package(path)
        sheets = tuple(Sheet(name, records.rows) for name, records in package.tables.items())
        return Source(path, sheets, "360Giving JSON" if package.is_giving else "JSON", package.meta)
    if text[:200].lower().startswith((b"<!doctype html", b"<html", b"<?xml", b"<table")):
        raise Refused(
            f"“{path.name}” is a web page or XML under another name. Open it in Excel, save it as .xlsx, try again."
        )
    if start.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"SQLite format 3")):
        raise Refused(f"“{path.name}” is not a spreadsheet. Choose an Excel workbook, a CSV file or a 360Giving file.")
    found = Delimited(path)
    return Source(path, (Sheet(path.stem, found.rows, ragged=True),), found.description, {})


def _zipped_kind(path: Path) -> tuple[str, Flaws, Formats]:
    """What a zipped workbook is in words, the flawed cells of its sheets by name, and what its formats say."""
    flaws, hidden = hostile.check_zip(path)
    flaws = {part: cells for part, cells in flaws.items() if cells}
    with zipfile.ZipFile(path) as zipped:
        names = {name.lower() for name in zipped.namelist()}
        if "xl/workbook.xml" in names:
            by_name = hostile.by_sheet(zipped, flaws) if flaws else {}
            return "Excel workbook", by_name, formats.read(zipped, hidden)
    if "content.xml" in names:
        return "OpenDocument spreadsheet", flaws, Formats()
    raise Refused(f"“{path.name}” is not a spreadsheet. Choose an Excel workbook, a CSV file or a 360Giving file.")


def _open_workbook(path: Path, description: str, flaws: Flaws, told: Formats) -> Source:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        book = CalamineWorkbook.from_path(path)
    except PasswordError as error:
        raise _locked(path) from error
    except BaseException as error:
        if not isinstance(error, CalamineError) and not _is_panic(error):
            raise
        raise _damaged(path) from error
    count = len(book.sheets_metadata)
    if count > MOST_SHEETS:
        raise Refused(
            f"“{path.name}” has {count:,} sheets; at most {MOST_SHEETS} can be read. Copy those that you need into a "
            "workbook of their own."
        )
    workbook = _Workbook(path, book, flaws, told)
    return Source(path, tuple(map(workbook.sheet, book.sheets_metadata)), description, {})


class _Workbook:
    """A workbook that calamine has opened; each of its sheets is parsed when it is first asked for."""

    def __init__(self, path: Path, book: Any, flaws: Flaws, formats: Formats) -> None:
        self.path, self.book, self.flaws, self.formats = path, book, flaws, formats
        self._parsed: dict[str, Any] = {}

    def sheet(self, about: Any) -> Sheet:
        from python_calamine import SheetTypeEnum, SheetVisibleEnum

        name = about.name
        note = "" if about.typ == SheetTypeEnum.WorkSheet else "it is a chart or a macro, not cells"
        hidden = about.visible != SheetVisibleEnum.Visible
        return Sheet(
            name,
            partial(self._rows, name),
            hidden,
            partial(self._merged, name),
            partial(self._left, name),
            note,
            told=self.formats.of(name),
            since_1904=self.formats.since_1904,
        )

    def _sheet_named(self, name: str) -> Any:
        from python_calamine import CalamineError

        if name not in self._parsed:
            try:
                self._parsed[name] = self.book.get_sheet_by_name(name)
            except BaseException as error:
                if not isinstance(error, CalamineError | OSError) and not _is_panic(error):
                    raise
                raise _damaged(self.path) from error
            while len(self._parsed) > _MOST_PARSED or (
                len(self._parsed) > 1 and sum(map(_size, self._parsed.values())) > _MOST_KEPT
            ):
                del self._parsed[next(iter(self._parsed))]
        return self._parsed[name]

    def _rows(self, name: str) -> Iterator[tuple[int, Sequence[Any]]]:
        lines: Iterator[tuple[int, Sequence[Any]]] = enumerate(self._sheet_named(name).iter_rows(), 1)
        if money := self.formats.of(name).money:
            lines = _with_signs(lines, money, self._left(name))
        return _flawed(lines, self.flaws[name], self._left(name)) if name in self.flaws else lines

    def _left(self, name: str) -> int:
        start = self._sheet_named(name).start
        return 1 + start[1] if start else 1

    def _merged(self, name: str) -> list[Merge]:
        found, left = self._sheet_named(name).merged_cell_ranges or [], self._left(name)
        return [Merge(a + 1, b + 2 - left, c + 1, d + 2 - left) for (a, b), (c, d) in sorted(found) if b + 2 > left]


def _size(sheet: Any) -> int:
    return int(sheet.height) * int(sheet.width)


def _is_panic(error: BaseException) -> bool:
    """Whether this is how calamine gives up on a broken file: an exception that is none of Python's own kinds."""
    return type(error).__name__ == "PanicException"


def _flawed(
    lines: Iterator[tuple[int, Sequence[Any]]], flaws: Mapping[tuple[int, int], str], left: int
) -> Iterator[tuple[int, Sequence[Any]]]:
    """The rows with a Flaw in each cell that reads as blank and is not."""
    by_row: dict[int, list[tuple[int, str]]] = {}
    for (at, column), text in flaws.items():
        by_row.setdefault(at, []).append((column - left, text))
    width = 0
    for number, cells in lines:
        row, width = list(cells), len(cells)
        for place, text in by_row.pop(number, ()):
            if 0 <= place < len(row) and row[place] == "":
                row[place] = Flaw(text)
        yield number, row
    for number in sorted(by_row):  # below the last value, where a total without its result may stand
        said = {place: Flaw(text) for place, text in by_row[number] if 0 <= place < width}
        if said:
            yield number, [said.get(place, "") for place in range(width)]


def _with_signs(
    lines: Iterator[tuple[int, Sequence[Any]]], money: Mapping[tuple[int, int], str], left: int
) -> Iterator[tuple[int, Sequence[Any]]]:
    """The rows with the sign before each number that its format shows in other money: €1000 is not 1000 pounds."""
    by_row: dict[int, list[tuple[int, str]]] = {}
    for (at, column), sign in money.items():
        by_row.setdefault(at, []).append((column - left, sign))
    for number, cells in lines:
        row = cells
        for place, sign in by_row.get(number, ()):
            if 0 <= place < len(row) and isinstance(row[place], int | float) and not isinstance(row[place], bool):
                row = list(row)
                row[place] = f"{sign}{row[place]:.15g}"
        yield number, row


def _locked(path: Path) -> Refused:
    return Refused(
        f"“{path.name}” is locked with a password. Open it in Excel, take the password off under File, Info, Protect "
        "Workbook, save it and try again."
    )


def _damaged(path: Path) -> Refused:
    return Refused(f"“{path.name}” is damaged and cannot be read. Open it in Excel, save it again, and try that copy.")
