"""Rows copied elsewhere and pasted into a list: which columns they are, and what each cell that they cover becomes."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants_app import wording
from grants_app.errors import Problem, Refused
from grants_app.exchange import clipboard
from grants_app.exchange.imports import remembering
from grants_app.exchange.imports.mapping import LEAVE, Mapped, split
from grants_app.exchange.imports.plan import Plan, TablePlan
from grants_app.exchange.imports.suggesting import exists
from grants_app.exchange.shapes import Progress
from grants_app.exchange.sources.cellvalues import reader_of, text_of
from grants_app.exchange.sources.headings import filled, letters
from grants_app.exchange.sources.reading import Sheet, Source
from grants_app.operations import editing
from grants_app.records import Field, Kind, Organisation, Record
from grants_app.store import listing, own, settings, validation
from grants_app.store.driver import no_progress

MOST = 50_000
"""More rows than a list takes by paste: a file brings in any number."""
NEW_ORGANISATION = f"{Organisation.__tablename__}.name"
"""Where a column goes whose organisations are made if they are not here."""
_BATCH, _SHOWN = 500, 500
_REFERENCE = re.compile(rf"{Organisation.prefix}-\d+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Copied:
    """What the clipboard holds: its rows as text, and the list's columns that its first row names, if it is titles.

    `fields`: where a column of it may go, target and label. `sent`: where an import sent columns of other titles, by
    their place.
    """

    rows: tuple[tuple[str, ...], ...]
    named: tuple[str, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()
    sent: Mapping[int, str] = field(default_factory=dict)

    @property
    def body(self) -> tuple[tuple[str, ...], ...]:
        """The rows below the titles; all of them, where there are none."""
        return self.rows[1:] if self.named else self.rows

    @property
    def width(self) -> int:
        """How many columns it has."""
        return len(self.rows[0])


@dataclass(frozen=True, slots=True)
class CellSeen:
    """One cell that is covered: whose, its column's label, what it holds, what it becomes; `wrong` why it cannot."""

    reference: str
    label: str
    before: str
    after: str
    wrong: str = ""


@dataclass(slots=True)
class Covered:
    """What would come of it: values by record and field, and by record the version that was looked at.

    `changing`, `unchanged` and `faulty` count cells; `changes` and `faults` are the first of them. `left_out`: columns
    that are not typed in, with the reason. `beyond`: rows for which the list has none.
    """

    values: dict[int, dict[str, Any]] = field(default_factory=dict)
    versions: dict[int, int] = field(default_factory=dict)
    changing: int = 0
    unchanged: int = 0
    faulty: int = 0
    changes: list[CellSeen] = field(default_factory=list)
    faults: list[CellSeen] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)
    beyond: int = 0


def copied(session: Session, kind: type[Record], text: str, html: str = "") -> Copied:
    """What the clipboard holds, without blank rows and columns at its end; Refused: nothing, or more than MOST rows."""
    rows: list[list[str]] = []
    for _number, cells in clipboard.source(text, html).sheets[0].rows():
        rows.append([text_of(cell) if filled(cell) else "" for cell in cells])
        if len(rows) > MOST + 1:
            raise Refused(
                f"A list takes {MOST:,} rows by paste, as each of their cells is looked at first. Save them as a "
                "workbook and bring that in under Import, which takes any number."
            )
    while rows and not any(rows[-1]):
        rows.pop()
    width = max((place for row in rows for place, cell in enumerate(row, 1) if cell), default=0)
    if not width:
        raise Refused("The clipboard holds no rows. Copy the cells in Excel, then paste them here.")
    even = tuple(tuple((row + [""] * width)[:width]) for row in rows)
    theirs = own.columns(session, kind)
    named = names_of(kind, even[0], theirs)
    sent = _sent_before(session, kind, even[0], named)
    named = names_sent(kind, named, sent)
    known, said = sum(bool(name) or place in sent for place, name in enumerate(named)), sum(map(bool, even[0]))
    titled = len(even) > 1 and known > 0 and known * 2 >= said
    targets = [(target_of(kind, shown.name), shown.label) for shown in listing.offered(kind, theirs)]
    fields = tuple(each for each in [*targets, *_of_organisations(kind)] if each[0] != LEAVE)
    return Copied(even, named, fields, sent) if titled else Copied(even, (), fields)


def _sent_before(
    session: Session, kind: type[Record], titles: Sequence[str], named: Sequence[str]
) -> Mapping[int, str]:
    """Where officers sent columns of these titles in an import; what the list itself calls so is not asked."""
    said = remembering.by_title(session, kind)
    found = {place: said.get(title) for place, title in enumerate(remembering.told_apart(titles)) if not named[place]}
    return {place: target for place, target in found.items() if target and split(target)[0] and exists(target)}


def _of_organisations(kind: type[Record]) -> list[tuple[str, str]]:
    """Where a column goes that says something of the organisation of a row: a new one is made, if it is not here."""
    if not link_to_organisation(kind):
        return []
    typed = (name for name, each in Organisation.fields().items() if not each.by_verb and each.kind is not Kind.EXTRA)
    targets = (f"{Organisation.__tablename__}.{name}" for name in typed)
    return [(target, Mapped(0, "", target, "").words) for target in targets]


def link_to_organisation(kind: type[Record]) -> str:
    """The field in which a kind names its organisation; blank where it has none."""
    links = (name for name, each in kind.fields().items() if each.kind is Kind.LINK)
    return next((name for name in links if kind.fields()[name].to == Organisation.__tablename__), "")


def names_of(kind: type[Record], titles: Sequence[str], columns: Sequence[Field] = ()) -> tuple[str, ...]:
    """The names of a kind's columns that these titles say, each once; else blank. `columns`: the officers' own."""
    known = {wording.folded(shown.label): shown.name for shown in listing.offered(kind, columns)}
    for each in (*kind.fields().values(), *columns):
        for words in (each.name, each.key, *each.aliases):
            known.setdefault(wording.folded(words), each.name)
    said = [known.get(wording.folded(title), "") if title.strip() else "" for title in titles]
    return tuple("" if name in said[:place] else name for place, name in enumerate(said))


def cover(
    session: Session,
    kind: type[Record],
    ids: Sequence[int],
    names: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    progress: Progress = no_progress,
) -> Covered:
    """What becomes of the cells of these records when the rows are pasted over these columns; stores nothing.

    A blank cell empties its field; a name that is blank is a column left out. What cannot be read stays as it is, and
    so does a record that would break a rule of its own. Rules across records speak when it is done.
    """
    found = Covered(beyond=max(0, len(rows) - len(ids)))
    reading = _Cells(session, kind, names, found)
    with session.no_autoflush:
        for start in range(0, min(len(ids), len(rows)), _BATCH):
            some = ids[start : start + _BATCH]
            held = {record.id: record for record in session.scalars(select(kind).where(kind.id.in_(some)))}
            for record_id, cells in zip(some, rows[start : start + _BATCH], strict=False):
                if record_id in held:
                    reading.judge(held[record_id], cells)
            session.expunge_all()
            progress(min(start + _BATCH, len(rows)), len(rows))
    return found


class _Cells:
    """Reads the cells of pasted rows as values of their fields, and judges each record as they would make it."""

    def __init__(self, session: Session, kind: type[Record], names: Sequence[str], found: Covered) -> None:
        self._session, self._found, self._lists = session, found, settings.lists(session)
        self._fields: list[tuple[int, Field]] = []
        self._links: dict[tuple[str, str], Any] = {}
        for place, name in enumerate(names):
            why = editing.why_not_typed(kind, name) if name else ""
            each = kind.field_named(name) if name and not why else None
            if why:
                found.left_out.append((listing.column_named(kind, name).label, why))
            elif each is not None:
                self._fields.append((place, each))
        self._readers = {each.name: reader_of(each, self._lists) for _place, each in self._fields}

    def judge(self, record: Record, cells: Sequence[str]) -> None:
        found = self._found
        changed: dict[str, tuple[Field, Any, Any]] = {}
        for place, each in self._fields:
            said, before = cells[place] if place < len(cells) else "", record.get(each.name)
            try:
                after = self._value(each, said)
            except (ValueError, Refused) as error:
                self._fault(record, each, before, said, str(error))
                continue
            if after == before or (not after and not before and after is not False):
                found.unchanged += 1
            else:
                changed[each.name] = (each, before, after)
        if changed:
            self._change(record, changed)

    def _change(self, record: Record, changed: dict[str, tuple[Field, Any, Any]]) -> None:
        found = self._found
        for name, (_each, _before, after) in changed.items():
            record.put(name, after)
        stopping, _warnings = validation.new_problems(record, lenient=False)
        if stopping:
            for each, before, after in changed.values():
                self._fault(record, each, before, self._told(each, after), _why(stopping, each))
            return
        found.values[record.id] = {name: after for name, (_each, _before, after) in changed.items()}
        found.versions[record.id] = record.version
        found.changing += len(changed)
        for each, before, after in changed.values():
            if len(found.changes) < _SHOWN:
                seen = CellSeen(record.reference, each.label, self._told(each, before), self._told(each, after))
                found.changes.append(seen)

    def _value(self, each: Field, said: str) -> Any:
        if not said.strip():
            return () if each.kind is Kind.MANY else None
        if each.kind in {Kind.LINK, Kind.ABOUT} or each.to:
            if (each.name, said) not in self._links:
                self._links[each.name, said] = editing.read_value(self._session, each, said, self._lists)
            return self._links[each.name, said]
        return self._readers[each.name](said)[0]

    def _fault(self, record: Record, each: Field, before: Any, said: str, why: str) -> None:
        self._found.faulty += 1
        if len(self._found.faults) < _SHOWN:
            wrong = wording.stopped(why)
            self._found.faults.append(CellSeen(record.reference, each.label, self._told(each, before), said, wrong))

    def _told(self, each: Field, value: Any) -> str:
        return editing.told(self._session, each, value)


def _why(stopping: Sequence[Problem], each: Field) -> str:
    """Why a cell is not taken: what is wrong with it, else with another cell of its record."""
    return next((problem.sentence for problem in stopping if problem.field == each.name), stopping[0].sentence)


def as_source(
    found: Copied,
    kind: type[Record],
    names: Sequence[str],
    fixed: Mapping[str, str],
    sent: Mapping[int, str] = MappingProxyType({}),
) -> tuple[Source, Plan]:
    """Copied rows as an opened file of one table, for the importer, and the plan that makes records of this kind of it.

    `names`: the list's column of each column, where the rows have no titles; blank ones are left out. `fixed`: what
    every row holds besides, by field name. `sent`: where the officer sent columns, by their place; in one that makes
    organisations by their names, a cell may hold the reference of one that is here. Rows are numbered as they stand in
    the clipboard.
    """
    name, table = "Pasted rows", kind.__tablename__
    sent = {**found.sent, **sent}
    columns = names_sent(kind, found.named or names, sent)
    titles = list(found.rows[0]) if found.named else [_title(kind, each, place) for place, each in enumerate(columns)]
    named = [place for place, target in sent.items() if target == NEW_ORGANISATION and link_to_organisation(kind)]
    more = [*(_title(kind, each, 0) for each in fixed), *(titles[place] for place in named)]

    def rows() -> Iterator[tuple[int, Sequence[Any]]]:
        yield int(bool(found.named)), [*titles, *more]
        for number, cells in enumerate(found.body, 1 + bool(found.named)):
            there = {place: cells[place] for place in named if _REFERENCE.fullmatch(cells[place].strip())}
            kept = ["" if place in there else cell for place, cell in enumerate(cells)]
            by_reference = [there.get(place, "") for place in named]
            yield number, [*kept, *(fixed.values() if any(cells) else [""] * len(fixed)), *by_reference]

    targets = {place: target_of(kind, each) for place, each in enumerate(columns) if each or not found.named}
    targets |= {**sent, **{len(titles) + place: f"{table}.{each}" for place, each in enumerate(fixed)}}
    after = len(titles) + len(fixed)
    targets |= {after + at: f"{table}.{link_to_organisation(kind)}" for at in range(len(named))}
    plan = Plan(tables={name: TablePlan(kind=table, targets=targets)})
    return Source(Path("pasted rows"), (Sheet(name, rows),), name, {}), plan


def names_sent(kind: type[Record], names: Sequence[str], sent: Mapping[int, str]) -> tuple[str, ...]:
    """The columns of the list that these are once some were `sent` elsewhere; blank for what is none of them."""
    known = f"{kind.__tablename__}."
    there = {place: target.removeprefix(known) * target.startswith(known) for place, target in sent.items()}
    return tuple(there.get(place, name) for place, name in enumerate(names))


def target_of(kind: type[Record], name: str) -> str:
    """Where a list's column goes: a figure, and one that is blank, nowhere."""
    typed = name == "reference" or (bool(name) and listing.column_named(kind, name).field is not None)
    return f"{kind.__tablename__}.{name}" if typed else LEAVE


def _title(kind: type[Record], name: str, place: int) -> str:
    return listing.column_named(kind, name).label if name else f"Column {letters(place + 1)}"
