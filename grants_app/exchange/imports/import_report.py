"""The report of an import as a workbook: totals, faults, changes, notes, and where each column went."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grants_app import clock, wording
from grants_app.errors import Refused
from grants_app.exchange import files, workbook
from grants_app.exchange.shapes import Column, Sheet
from grants_app.records.fields import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from grants_app.exchange.imports.previewing import Preview

_WHERE = (Column("Sheet"), Column("Row", Kind.WHOLE), Column("Column", width=32))


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
