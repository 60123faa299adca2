"""What an import would do, row for row and pound for pound: new, changed, unchanged, faulty."""

import enum
from collections import Counter
from collections.abc import Iterator
from collections.abc import Mapping as DictOf
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from grants_app import wording
from grants_app.exchange.imports.gathered import Gathered
from grants_app.exchange.imports.mapping import Mapping
from grants_app.exchange.imports.plan import Clash, Likeness, Namesakes, Plan
from grants_app.exchange.imports.rows import MONEY
from grants_app.exchange.sources.tables import Table
from grants_app.exchange.spool import Spool
from grants_app.records import Record, kind_named

_MOST_NOTES = 20_000
_SHOWN = 20


class Verdict(enum.Enum):
    """What becomes of a row."""

    NEW = "New"
    CHANGED = "Changed"
    UNCHANGED = "Unchanged"
    FAULTY = "Faulty"
    SKIPPED = "Skipped"


@dataclass(slots=True)
class Tally:
    """How many rows, and the sum of their amounts in pounds."""

    rows: int = 0
    pounds: Decimal = Decimal("0.00")

    def add(self, pounds: Decimal | None) -> None:
        """One row more; an amount that cannot be read counts as none."""
        self.rows += 1
        self.pounds += pounds or 0


class Remark(NamedTuple):
    """A sentence about a cell, or about a whole row where no column is named; rows as the file numbers them."""

    sheet: str
    row: int
    column: str
    message: str
    table: str = ""


class CellChange(NamedTuple):
    """One value that the file changes: where it stands, whose it is, and both values as shown."""

    sheet: str
    row: int
    reference: str
    field: str
    before: str
    after: str


@dataclass(slots=True)
class TableFound:
    """A table of the file: where it stands, what its rows become (table names of kinds), and where each column goes.

    `header` is the row of its headings as the file numbers them. `giving`: its titles are the 360Giving standard's.
    `leading` are the kinds that make a row a new one, or of which it may bring several; `words`, by target, those of
    new lists of the officer's own.
    `lacks` are the targets that its new records need and no column has; `same` gives values for every new record.
    """

    name: str
    sheet: str
    header: int
    kind: str
    kinds: tuple[str, ...]
    mapping: Mapping
    giving: bool = False
    left_out: bool = False
    rows: int = 0
    pounds: Decimal = Decimal("0.00")
    leading: tuple[str, ...] = ()
    words: dict[str, tuple[str, ...]] = field(default_factory=dict)
    lacks: tuple[str, ...] = ()
    same: DictOf[str, str] = field(default_factory=dict)


class Added(NamedTuple):
    """A record to be added, as it is shown: where the file has it, its kind's table name, its name and its money."""

    sheet: str
    row: int
    kind: str
    called: str
    pounds: Decimal | None


@dataclass(slots=True)
class Preview:
    """All of it, before anything is stored. rows_read is the sum of the verdicts, and so is amount_read.

    `plan` is the plan that was used, with a target for every column of every table: change it and look again.
    `more_alike` counts the questions of names that are not listed, for there are very many; `unheard` are the keys of
    names that the plan answers for and no row has. `hindrance` says why nothing of it can be stored, and what to do.
    `nameless` rows name no programme; `taken_by` says in words which one takes them. `not_taken`: by the label of its
    field, how many values that differ are left as they are here, since an import does not decide them.
    """

    source: Path
    description: str
    plan: Plan = field(default_factory=Plan)
    tables: list[TableFound] = field(default_factory=list)
    likenesses: list[Likeness] = field(default_factory=list)
    namesakes: list[Namesakes] = field(default_factory=list)
    more_alike: int = 0
    unheard: frozenset[str] = frozenset()
    clashes: list[Clash] = field(default_factory=list)
    tallies: dict[Verdict, Tally] = field(default_factory=lambda: {verdict: Tally() for verdict in Verdict})
    before: Tally = field(default_factory=Tally)
    after: Tally = field(default_factory=Tally)
    faults: list[Remark] = field(default_factory=list)
    notes: list[Remark] = field(default_factory=list)
    more_notes: int = 0
    left_out: list[tuple[str, str]] = field(default_factory=list)
    changes: Spool[CellChange] = field(default_factory=Spool)
    hindrance: str = ""
    nameless: int = 0
    taken_by: str = ""
    not_taken: Counter[str] = field(default_factory=Counter)
    gathered: list[Gathered] = field(default_factory=list)
    read: list[Table] = field(default_factory=list)
    as_of_step: int = 0

    @property
    def mappings(self) -> dict[str, Mapping]:
        """Where each column goes, by the table's name, of the tables that are brought in."""
        return {table.name: table.mapping for table in self.tables if not table.left_out}

    @property
    def rows_read(self) -> int:
        """Every row that is not blank, below the headings, of the sheets that were read."""
        return sum(tally.rows for tally in self.tallies.values())

    @property
    def told(self) -> dict[Verdict, Tally]:
        """The tallies that are told: skipped rows only where there are any."""
        return {
            verdict: tally for verdict, tally in self.tallies.items() if verdict is not Verdict.SKIPPED or tally.rows
        }

    @property
    def amount_read(self) -> Decimal:
        """The amounts of all those rows, in pounds; one that cannot be read is named among the faults."""
        return sum((tally.pounds for tally in self.tallies.values()), Decimal("0.00"))

    @property
    def changes_anything(self) -> bool:
        """Whether there is something to store."""
        return any(
            one.brought or len(one.changed) or any(k.id and (k.changes or k.links) for k in one.known)
            for one in self.gathered
        )

    @property
    def may_be_stored(self) -> bool:
        """Whether it is to be stored: it changes something, and nothing hinders it."""
        faulty = self.plan.all_or_nothing and self.tallies[Verdict.FAULTY].rows
        return self.changes_anything and not faulty and not self.hindrance

    @property
    def of_no_programme(self) -> str:
        """What becomes of rows that name no programme, in a sentence; "" where there are none."""
        if not self.nameless:
            return ""
        kinds = {kind.plural.lower() for t in self.tables if not t.left_out and (kind := kind_named(t.kind))}
        every = self.nameless == self.rows_read - self.tallies[Verdict.FAULTY].rows
        who = f"these {kinds.pop() if len(kinds) == 1 else 'rows'}" if every else wording.counted(self.nameless, "row")
        go = "goes" if who == "1 row" else "go"
        return f"No programme named: {who} {go} into {self.taken_by}."

    @property
    def of_not_taken(self) -> str:
        """What differs and is left as it is, in a sentence; "" where there is nothing."""
        if not (count := self.not_taken.total()):
            return ""
        many = wording.counted(count, "change is", "changes are")
        return (
            f"{many} not taken ({wording.listed(sorted(self.not_taken))}): the notes say which, and where to make it."
        )

    @property
    def brings(self) -> dict[type[Record], int]:
        """How many new records of each kind there are, of those that have any."""
        return {one.kind: one.brought for one in self.gathered if one.brought}

    @property
    def leading(self) -> frozenset[str]:
        """Table names of the kinds that make a row a new one."""
        return frozenset(name for table in self.tables if not table.left_out for name in table.leading)

    def added(self) -> Iterator[Added]:
        """The records to be added that make a row a new one, kind by kind, as they are shown."""
        for one in self.gathered:
            if one.kind.__tablename__ not in self.leading:
                continue
            for record in one.added():
                called = record.values.get(one.kind.caption)
                money = (record.values.get(name) for name in MONEY.get(one.kind.__tablename__, ()))
                amount = next((pounds for pounds in money if pounds is not None), None)
                yield Added(record.sheet, record.row, one.kind.__tablename__, str(called or ""), amount)

    def _asked(self) -> list[str]:
        """The names that look alike and are not decided, in lines."""
        kept = [one for one in self.likenesses if one.answer is None]
        own = [one for one in self.namesakes if one.called is None]
        lines = [f"“{one.said}” is like {one.reference}, {one.called}." for one in kept]
        lines += [f"{wording.listed([spelling.words for spelling in one.spellings])} look alike." for one in own]
        more = len(lines) - _SHOWN + self.more_alike
        said = [f"… and {wording.counted(more, 'more name', 'more names')} alike."] if more > 0 else []
        how = "--same “NAME=REFERENCE”, or “NAME=ANOTHER NAME”, says that they are one; --different “NAME” that not."
        return [*lines[:_SHOWN], *said, how] if lines else []

    def note(self, remark: Remark) -> None:
        """Keep a note, or only count it where there are very many."""
        if len(self.notes) < _MOST_NOTES:
            self.notes.append(remark)
        else:
            self.more_notes += 1

    def as_json(self) -> dict[str, Any]:
        """What `import --json` prints; amounts as decimal strings."""
        names = ("sheet", "row", "column", "message")
        return {
            "source": self.source.name,
            "rows_read": self.rows_read,
            "amount_read": str(self.amount_read),
            **{verdict.value.lower(): tally.rows for verdict, tally in self.told.items()},
            "amounts": {verdict.value.lower(): str(tally.pounds) for verdict, tally in self.told.items()},
            "before": {"grants": self.before.rows, "awarded": str(self.before.pounds)},
            "after": {"grants": self.after.rows, "awarded": str(self.after.pounds)},
            "faults": [{name: getattr(fault, name) for name in names} for fault in self.faults],
            "notes": [{name: getattr(note, name) for name in names} for note in self.notes],
            "not_taken": dict(self.not_taken),
            "alike": self._alike(),
            "left_out": [{"sheet": sheet, "message": message} for sheet, message in self.left_out],
        }

    def _alike(self) -> list[dict[str, Any]]:
        """Names that look alike, answered or not, as `import --json` prints them."""
        kept = [
            {"names": [one.said], "like": one.called, "reference": one.reference, "answer": one.answer}
            for one in self.likenesses
        ]
        own = [
            {"names": [s.name for s in one.spellings], "rows": [s.rows for s in one.spellings], "answer": one.called}
            for one in self.namesakes
        ]
        return [*kept, *own]

    def summary(self, *, stored: bool) -> list[str]:
        """The outcome in lines for a person."""
        rows, pounds = wording.counted(self.rows_read, "row"), wording.money_text(self.amount_read)
        lines = [f"{self.source.name} ({self.description}): {rows}, {pounds}."]
        for verdict, tally in self.told.items():
            lines.append(f"  {verdict.value + ':':<11}{tally.rows:>9,}  {wording.money_text(tally.pounds)}")
        words = "Grants kept" if stored else "Nothing was stored. Grants kept would be"
        lines.append(f"{words}: {_counted(self.before)} before, {_counted(self.after)} after.")
        others = [
            wording.counted(count, f"new {kind.noun.lower()}", f"new {kind.plural.lower()}")
            for kind, count in self.brings.items()
            if kind.__tablename__ != "grant"
        ]
        if others:
            lines.append(f"Beside them: {wording.listed(others)}.")
        lines += [self.of_no_programme] if self.of_no_programme and not stored else []
        lines += [said for said in (self.hindrance, self.of_not_taken) if said]
        lines += self._asked()
        lines += [f"Left out: sheet “{sheet}”: {message}" for sheet, message in self.left_out]
        lines += [_line(fault) for fault in self.faults[:_SHOWN]]
        if len(self.faults) > _SHOWN:
            lines.append(f"… and {len(self.faults) - _SHOWN:,} more: --report OUT.xlsx writes them all.")
        repaired = len(self.notes) + self.more_notes
        if repaired:
            lines.append(
                f"{wording.counted(repaired, 'cell was', 'cells were')} repaired or kept as written: see the report."
            )
        return lines


def _counted(tally: Tally) -> str:
    return f"{tally.rows:,} ({wording.money_text(tally.pounds)})"


def _line(fault: Remark) -> str:
    column = f", {fault.column}" if fault.column else ""
    return f"Sheet “{fault.sheet}”, row {fault.row:,}{column}: {wording.stopped(fault.message)}"
