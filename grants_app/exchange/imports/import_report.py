"""What an import gives back: its report as a workbook, and the officer's own with the faults noted on its cells."""

import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from grants_app import clock, wording
from grants_app.errors import Refused
from grants_app.exchange import files, workbook
from grants_app.exchange.cells import plain
from grants_app.exchange.filling import notes
from grants_app.exchange.filling.parts import Book, opened
from grants_app.exchange.imports.previewing import Preview
from grants_app.exchange.shapes import Column, Sheet
from grants_app.exchange.sources.headings import filled
from grants_app.exchange.sources.tables import Table
from grants_app.records.fields import Kind

_WHERE = (Column("Sheet"), Column("Row", Kind.WHOLE), Column("Column", width=32))
WHAT_IS_WRONG = "What is wrong (left out when this comes in again)"
"""The title of the column that says so; an import leaves it out."""
LARGEST = 8_000_000
"""Bytes of a workbook that is given back whole; of a larger one, and of other files, only the faulty rows are."""
_MOST_NOTES = 5_000
_LARGEST_PART = 20_000_000  # unzipped: some 25,000 rows of a dozen columns, for which 400 MB of memory are used


def check_report(path: Path, *others: Path) -> None:
    """Refuse, before anything is stored, a place where the report cannot go, and one of the `others`' own."""
    if path.suffix.casefold() != ".xlsx":
        raise Refused(f"The report of an import ends in .xlsx, and “{path.name}” does not.")
    for other in others:
        if path.exists() and other.exists() and path.samefile(other):
            raise Refused(f"“{path.name}” is what is brought in itself: write the report under another name.")
    files.check_target(path)


def write_report(found: Preview, path: Path) -> None:
    """Write what became of each row, so that the sums can be checked against the file; refused as any workbook is."""
    workbook.write(path, list(_sheets(found)))


def _sheets(found: Preview) -> Iterator[Sheet]:
    totals = (Column("What became of the rows", width=34), Column("Rows", Kind.WHOLE), Column("Pounds", Kind.MONEY))
    lines = [(verdict.value, tally.rows, tally.pounds) for verdict, tally in found.told.items()]
    lines.append(("Read from the file", found.rows_read, found.amount_read))
    lines.append(("Grants kept before", found.before.rows, found.before.pounds))
    lines.append(("Grants kept after", found.after.rows, found.after.pounds))
    notes = (found.source.name, found.description, f"As at {wording.instant_text(clock.now())}")
    yield Sheet("Summary", totals, lines, "Import", notes)
    remarks = (*_WHERE, Column("What is wrong", width=90, wrap=True))
    yield Sheet("Faults", remarks, ((f.sheet, f.row, f.column, f.message) for f in found.faults))
    changes = (
        Column("Sheet"),
        Column("Row", Kind.WHOLE),
        Column("Grant"),
        Column("Value", width=32),
        Column("Before"),
        Column("After"),
    )
    yield Sheet("Changes", changes, ((c.sheet, c.row, c.reference, c.field, c.before, c.after) for c in found.changes))
    remarks = (*_WHERE, Column("What was done", width=90, wrap=True))
    more = (f"{found.more_notes:,} more are not listed.",) if found.more_notes else ()
    yield Sheet("Notes", remarks, ((n.sheet, n.row, n.column, n.message) for n in found.notes), notes=more)
    columns = (Column("Sheet"), Column("Column", width=40), Column("Where it goes", width=40))
    went = (
        (sheet, column.title, column.words) for sheet, mapped in found.mappings.items() for column in mapped.columns
    )
    yield Sheet("Columns", columns, went)
    yield Sheet("Left out", (Column("Sheet"), Column("Why", width=90)), found.left_out)


class _Spot(NamedTuple):
    """A cell with something wrong: its sheet, row and column (from 1), and what."""

    sheet: str
    row: int
    column: int
    message: str


def write_faulty(found: Preview, target: Path) -> int:
    """Write what was faulty as a workbook with a note on each cell that is at fault; returns how many rows.

    An xlsx or xlsm of up to LARGEST bytes, some 25,000 rows and 5,000 faults comes back whole, all of it as it was but
    for its macros; of any other file the faulty rows come under their headings. Refused: nothing was faulty, or the
    target cannot be written or is the file itself.
    """
    if not found.faults:
        raise Refused("No row was faulty, so there is nothing to correct.")
    if target.suffix.casefold() != ".xlsx":
        raise Refused(f"A workbook of faulty rows ends in .xlsx, and “{target.name}” does not.")
    if target.exists() and found.source.exists() and target.samefile(found.source):
        raise Refused(f"“{target.name}” is what is brought in itself: write the faulty rows under another name.")
    whole = _comes_whole(found)
    spots = list(_spots(found)) if whole else _write_rows(found, target)
    if whole or len(spots) <= _MOST_NOTES:
        with files.replacing(target) as file, opened(found.source if whole else target) as book:
            _note(book, spots)
            book.write(file)
    return len({(fault.table, fault.row) for fault in found.faults})


def _comes_whole(found: Preview) -> bool:
    source = found.source
    if not source.is_file() or source.stat().st_size > LARGEST or len(found.faults) > _MOST_NOTES:
        return False
    if not zipfile.is_zipfile(source):
        return False
    with zipfile.ZipFile(source) as parts:
        sizes = {part.filename.casefold(): part.file_size for part in parts.infolist()}
    read = (size for name, size in sizes.items() if "sheet" in name or "comments" in name)
    old_macros = any(name.startswith("xl/macrosheets/") for name in sizes)
    return "xl/workbook.xml" in sizes and not old_macros and max(read, default=0) <= _LARGEST_PART


def _note(book: Book, spots: Sequence[_Spot]) -> None:
    """Put the notes on the workbook's cells; its macros are left out, as its name says that it has none."""
    parts = {name: part for name, part, _visible in book.sheets()}
    by_part: dict[str, list[notes.Note]] = {}
    for spot in spots:
        part = parts.get(spot.sheet) or list(parts.values())[int(spot.sheet)]
        by_part.setdefault(part, []).append(notes.Note(spot.row, spot.column, spot.message))
    for part, said in by_part.items():
        notes.add(book, part, said)
    book.without_macros()


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
