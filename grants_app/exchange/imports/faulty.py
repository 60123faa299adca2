"""Giving faulty rows back: the officer's own workbook with the faults as notes on its cells, ready to correct."""

import io
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from grants_app.errors import Refused
from grants_app.exchange import files, workbook
from grants_app.exchange.cells import plain
from grants_app.exchange.imports.previewing import Preview
from grants_app.exchange.shapes import Column, Sheet
from grants_app.exchange.sources.headings import filled
from grants_app.exchange.sources.tables import Table

WHAT_IS_WRONG = "What is wrong (left out when this comes in again)"
"""The title of the column that says so; an import leaves it out."""
LARGEST = 8_000_000
"""Bytes of a workbook that is given back whole; of a larger one, and of other files, only the faulty rows are."""
_MOST_NOTES = 5_000
_COLOUR = "FFFFE699"


class _Spot(NamedTuple):
    """A cell with something wrong: its sheet, row and column (from 1), and what."""

    sheet: str
    row: int
    column: int
    message: str


def write_faulty(found: Preview, target: Path) -> int:
    """Write what was faulty as a workbook with a note on each cell that is at fault; returns how many rows.

    An xlsx or xlsm of up to LARGEST bytes comes back whole, with its styles and formulas (its charts and pictures do
    not); of any other file the faulty rows come under their headings. Refused: nothing was faulty, or the target
    cannot be written or is the file itself.
    """
    if not found.faults:
        raise Refused("No row was faulty, so there is nothing to correct.")
    if target.suffix.casefold() != ".xlsx":
        raise Refused(f"A workbook of faulty rows ends in .xlsx, and “{target.name}” does not.")
    if target.exists() and found.source.exists() and target.samefile(found.source):
        raise Refused(f"“{target.name}” is what is brought in itself: write the faulty rows under another name.")
    if _comes_whole(found.source):
        with files.replacing(target) as file:
            file.write(_noted(found.source.read_bytes(), list(_spots(found))))
    else:
        spots = _write_rows(found, target)
        if len(spots) <= _MOST_NOTES:
            whole = _noted(target.read_bytes(), spots)
            with files.replacing(target) as file:
                file.write(whole)
    return len({(fault.table, fault.row) for fault in found.faults})


def _comes_whole(source: Path) -> bool:
    if not source.is_file() or source.stat().st_size > LARGEST:
        return False
    return zipfile.is_zipfile(source) and "xl/workbook.xml" in zipfile.ZipFile(source).namelist()


def _faulty(found: Preview) -> Iterator[tuple[Table, int, Sequence[Any], list[tuple[str, str]]]]:
    """Each faulty row of each table: its number, its cells, and what is wrong under which title."""
    for table in found.read:
        wrong: dict[int, list[tuple[str, str]]] = {}
        for fault in found.faults:
            if fault.table == table.name:
                wrong.setdefault(fault.row, []).append((fault.column, fault.message))
        for number, cells in table.rows() if wrong else ():
            if number in wrong:
                yield table, number, cells, wrong[number]


def _spots(found: Preview) -> Iterator[_Spot]:
    """The cells of the officer's own workbook that are at fault; the first filled one of a row that is as a whole."""
    for table, number, cells, wrong in _faulty(found):
        first = next((place for place, cell in enumerate(cells) if filled(cell)), 0)
        for title, message in wrong:
            place = table.titles.index(title) if title in table.titles else first
            row, column = table.cell(number, cells, place)
            yield _Spot(table.sheet.name, row, column, message)


def _write_rows(found: Preview, target: Path) -> list[_Spot]:
    """The faulty rows under their headings, a sheet for each table; the cells in it that are at fault."""
    rows: dict[str, list[list[Any]]] = {}
    spots: list[_Spot] = []
    for table, _number, cells, wrong in _faulty(found):
        said = "; ".join(f"{title}: {message}" if title else message for title, message in wrong)
        mine = rows.setdefault(table.name, [])
        mine.append([*(plain(cell) if filled(cell) else None for cell in cells), said])
        for title, message in wrong:
            place = table.titles.index(title) if title in table.titles else 0
            spots.append(_Spot(str(len(rows) - 1), len(mine) + 1, place + 1, message))
    titles = {table.name: table.titles for table in found.read}
    last = Column(WHAT_IS_WRONG, width=60, wrap=True)
    columns = {name: (*(Column(title, None) for title in titles[name]), last) for name in rows}
    workbook.write(target, [Sheet(name, columns[name], mine) for name, mine in rows.items()])
    return spots


def _noted(whole: bytes, spots: Sequence[_Spot]) -> bytes:
    """The workbook with a note on each of those cells, and a colour by which they are found."""
    import openpyxl
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    book = openpyxl.load_workbook(io.BytesIO(whole))
    said: dict[tuple[Any, int, int], list[str]] = {}
    for spot in spots:
        sheet = book[spot.sheet] if spot.sheet in book.sheetnames else book.worksheets[int(spot.sheet)]
        row, column = _top_left(sheet, spot.row, spot.column)
        said.setdefault((sheet, row, column), []).append(spot.message)
    for (sheet, row, column), messages in said.items():
        cell = sheet.cell(row, column)
        before = [cell.comment.text] if cell.comment is not None else []
        text = "\n".join(dict.fromkeys([*before, *messages]))
        cell.comment = Comment(text, "Grants Desk", height=40 + 18 * (len(text) // 36 + text.count("\n")), width=280)
        cell.fill = PatternFill("solid", start_color=_COLOUR)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _top_left(sheet: Any, row: int, column: int) -> tuple[int, int]:
    """The cell that holds the value of a merged block."""
    for block in sheet.merged_cells.ranges:
        if block.min_row <= row <= block.max_row and block.min_col <= column <= block.max_col:
            return block.min_row, block.min_col
    return row, column
