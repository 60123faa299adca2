"""What an import would do, as rows of words for the tables of its preview."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice

from sqlalchemy.orm import Session

from grants_app import wording
from grants_app.exchange.imports.importing import Preview, Verdict
from grants_app.records import RECORDS, kind_named
from grants_app.store import own
from grants_app.ui.page import KeyFigure
from grants_app.ui.pages.import_targets import UNSURE, Own, mark
from grants_app.ui.plain_table import Head

MOST = 2000
"""How many rows of each sort are shown; the report that can be saved holds them all."""
COLUMNS, DECIDE = "Columns", "To decide"
NEW, CHANGES, FAULTS, NOTES, LEFT_OUT = "New", "Changed", "Faulty", "Repaired", "Left out"
_WHERE = (Head("Sheet"), Head("Row", right=True), Head("Column"))
HEADS: Mapping[str, Sequence[Head]] = {
    FAULTS: (*_WHERE, Head("What is wrong")),
    NEW: (Head("Sheet"), Head("Row", right=True), Head("What"), Head("Amount", right=True), Head("Name")),
    CHANGES: (Head("Sheet"), Head("Row", right=True), Head("Record"), Head("Value"), Head("Before"), Head("After")),
    NOTES: (*_WHERE, Head("What was done")),
    LEFT_OUT: (Head("Sheet"), Head("Why it is not read")),
}
Rows = list[tuple[str, ...]]


@dataclass(frozen=True)
class Laid:
    """A preview ready to be shown: by sort of row, how many there are and the first of them; columns of their own."""

    preview: Preview
    rows: Mapping[str, Rows]
    counts: Mapping[str, int]
    own: Own = field(default_factory=dict)


def laid(found: Preview, session: Session) -> Laid:
    """The rows of each sort in words, at most MOST of each; those without any are left out."""
    every: dict[str, tuple[int, Iterator[tuple[str, ...]]]] = {
        FAULTS: (len(found.faults), ((f.sheet, f"{f.row:,}", f.column, f.message) for f in found.faults)),
        NEW: (sum(n for kind, n in found.brings.items() if kind.__tablename__ in found.leading), _new(found)),
        CHANGES: (
            len(found.changes),
            (
                (c.sheet, f"{c.row:,}", c.reference, c.field, c.before or "blank", c.after or "blank")
                for c in found.changes
            ),
        ),
        NOTES: (
            len(found.notes) + found.more_notes,
            ((n.sheet, f"{n.row:,}", n.column, n.message) for n in found.notes),
        ),
        LEFT_OUT: (len(found.left_out), iter(found.left_out)),
    }
    rows = {name: list(islice(lines, MOST)) for name, (count, lines) in every.items() if count}
    columns = {kind.__tablename__: own.columns(session, kind) for kind in RECORDS}
    return Laid(found, rows, {name: every[name][0] for name in rows}, columns)


def _new(found: Preview) -> Iterator[tuple[str, ...]]:
    for one in found.added():
        kind = kind_named(one.kind)
        yield one.sheet, f"{one.row:,}", kind.noun if kind else "", _money(one.pounds), one.called


def _money(amount: Decimal | None) -> str:
    return wording.money_text(amount) if amount is not None else ""


def figures(found: Preview) -> list[KeyFigure]:
    """Rows and pounds read, and what would become of them."""
    read = KeyFigure("Read from the file", f"{found.rows_read:,} {_rows(found.rows_read)}", _money(found.amount_read))
    each = [KeyFigure(verdict.value, f"{tally.rows:,}", _money(tally.pounds)) for verdict, tally in found.told.items()]
    return [read, *each]


def before_and_after(found: Preview, *, stored: bool = False) -> str:
    """How many grants this file holds before and after, and what was awarded; else what comes in and what changes."""
    if found.before == found.after:
        brings = [wording.counted(n, kind.noun.lower(), kind.plural.lower()) for kind, n in found.brings.items()]
        changes = wording.counted(len(found.changes), "value")
        does = [f"{'added' if stored else 'adds'} {wording.listed(brings)}"] if brings else []
        does += [f"{'changed' if stored else 'changes'} {changes}"] if len(found.changes) else []
        return f"The import {wording.listed(does)}." if does else ""
    before, after = (
        f"{wording.counted(tally.rows, 'grant')}, {_money(tally.pounds)} awarded"
        for tally in (found.before, found.after)
    )
    if stored:
        return f"This file held {before}. It now holds {after}."
    return f"This file now holds {before}. After the import: {after}."


def first_tab(found: Preview, own: Own, *, asks: bool) -> str:
    """Where an officer looks first: at what is asked, else at columns that are not sure, else at faults and changes."""
    if asks:
        return DECIDE
    columns = [column for mapped in found.mappings.values() for column in mapped.columns]
    wanted = any(table.lacks and not table.same.keys() >= set(table.lacks) for table in found.tables)
    if not columns or wanted or any(mark(column, own).words in UNSURE for column in columns):
        return COLUMNS
    return FAULTS if found.faults else CHANGES if len(found.changes) else COLUMNS


def button_words(found: Preview) -> str:
    """What the button says that stores it: "Import 118 new and 4 changed"."""
    new, changed = found.tallies[Verdict.NEW].rows, found.tallies[Verdict.CHANGED].rows
    parts = [f"{new:,} new"] * bool(new) + [f"{changed:,} changed"] * bool(changed)
    return f"Import {wording.listed(parts)}" if parts else "Import"


def _rows(count: int) -> str:
    return "row" if count == 1 else "rows"
