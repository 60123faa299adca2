"""Storing what a preview says, as one step: kinds in the order of their links, so that each link has its record."""

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import islice
from typing import Any

from sqlalchemy import select

from grants_app import wording
from grants_app.errors import Refused
from grants_app.exchange.imports import remembering
from grants_app.exchange.imports.comparing import latest_step
from grants_app.exchange.imports.gathered import Brought, ChangedRecord, Gathered, NewRecord
from grants_app.exchange.imports.previewing import Preview, Verdict
from grants_app.exchange.shapes import Progress
from grants_app.exchange.spool import seldom_swept
from grants_app.records import Kind, Record, kind_named
from grants_app.records.fields import OWN, own_field, own_merged
from grants_app.store import Change, Store, own
from grants_app.store.driver import no_progress

_BATCH = 1000


@seldom_swept()
def bring_in(store: Store, found: Preview, progress: Progress = no_progress) -> None:
    """Store what the preview says, as one step; refused if somebody changed the file since. Nothing to do: no step.

    Refused too while a row is faulty, where the plan says all or nothing.
    """
    if not found.changes_anything:
        return
    faulty = found.tallies[Verdict.FAULTY].rows
    if found.plan.all_or_nothing and faulty:
        rows = wording.counted(faulty, "row is", "rows are")
        raise Refused(f"{rows} faulty, and all were to go in or none: mend them in the file, or let the others in.")
    if found.hindrance:
        raise Refused(found.hindrance)
    with store.change(_words(found), lenient=True) as session:
        if latest_step(session) != found.as_of_step:
            raise Refused("This file was changed since the import was looked at: look at it again.")
        _Storing(session, found, progress).store()
        remembering.remember(session, found)


def _words(found: Preview) -> str:
    changed = found.tallies[Verdict.CHANGED].rows
    new = [(kind, count) for kind, count in found.brings.items() if kind.__tablename__ in found.leading]
    parts = [wording.counted(count, f"new {kind.noun.lower()}", f"new {kind.plural.lower()}") for kind, count in new]
    parts += [wording.counted(changed, "changed row")] if changed or not parts else []
    return f"Import {found.source.name}: {wording.listed(parts)}"


class _Storing:
    """One import on its way into the file."""

    def __init__(self, session: Change, found: Preview, progress: Progress) -> None:
        self.session, self.found, self.progress = session, found, progress
        self.first: dict[str, int] = {}
        self.any_own = any(table.mapping.own_targets for table in found.tables if not table.left_out)
        self.done, self.of = 0, sum(one.brought + len(one.changed) for one in found.gathered)
        self._references: dict[tuple[str, int], str] = {}

    def store(self) -> None:
        """Columns of the officer's own, then every kind: the new ones, then the changes."""
        self._own_columns()
        # the parents of a row go in first; a link to a kind that stands later in the order is checked at the end
        self.session.connection().exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        for one in self.found.gathered:
            if one.brought:
                self._add(one)
        for one in self.found.gathered:
            known = (ChangedRecord(k.id, k.changes, k.links) for k in one.known if k.id and (k.changes or k.links))
            while batch := list(islice(known, _BATCH)):
                self._change(one.kind, batch)
            for batch in one.changed.batches():
                self._change(one.kind, batch)

    def _own_columns(self) -> None:
        for table in self.found.tables:
            for target in table.mapping.own_targets if not table.left_out else ():
                kind = kind_named(target.partition(".")[0])
                field = own_field(target.partition(".")[2])
                if kind is None or field is None or any(c.name == field.name for c in own.columns(self.session, kind)):
                    continue
                choices = table.words.get(target, ()) if field.kind is Kind.CHOICE else ()
                own.add(self.session, kind, field.label, field.kind, choices)

    def _add(self, one: Gathered) -> None:
        name = one.kind.__tablename__
        self.first[name] = self.session.next_id(one.kind)
        rows = (self._row(one.kind, record) for record in one.added())
        self.session.add_many(one.kind, self._told(rows))

    def _row(self, kind: type[Record], record: NewRecord) -> dict[str, Any]:
        row = dict(record.values)
        for name, token in record.links.items():
            row[name] = self._id(kind, name, token)
        return self._finished(kind, row, None)

    def _finished(self, kind: type[Record], row: dict[str, Any], held: dict[str, Any] | None) -> dict[str, Any]:
        """Without what only an import knows: references that are not given yet, columns of the officer's own."""
        mine = {name: value for name, value in row.items() if name.startswith(OWN)} if self.any_own else {}
        if mine:
            row = {name: value for name, value in row.items() if name not in mine} | {"own": own_merged(held, mine)}
        for name in _by_reference(kind):
            value = row.get(name)
            if isinstance(value, Brought):
                row[name] = self._reference(value)
            elif value.__class__ is tuple and any(isinstance(part, Brought) for part in value):
                row[name] = tuple(sorted(self._reference(p) if isinstance(p, Brought) else p for p in value))
        if "extra" in row:
            row["extra"] = dict(row["extra"] or {}) or None
        return row

    def _id(self, kind: type[Record], name: str, token: int) -> int:
        return token if token > 0 else self.first[_target(kind, name)] - 1 - token

    def _reference(self, brought: Brought) -> str:
        kind = kind_named(brought.kind)
        assert kind is not None
        id_ = self.first[brought.kind] - 1 - brought.token
        key = (brought.kind, id_)
        if key not in self._references:
            self._references[key] = self.session.scalars(select(kind.reference).where(kind.id == id_)).one()
        return self._references[key]

    def _change(self, kind: type[Record], batch: Iterable[ChangedRecord]) -> None:
        changes = {one.id: one for one in batch}
        if not changes:
            return
        for record in self.session.scalars(select(kind).where(kind.id.in_(changes))):
            one = changes[record.id]
            values = {**one.values, **{name: self._id(kind, name, token) for name, token in one.links.items()}}
            for name, value in self._finished(kind, values, record.own).items():
                setattr(record, name, value)
        self.session.flush()
        self.session.expunge_all()
        self._tell(len(changes))

    def _told(self, rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        for done, row in enumerate(rows, 1):
            if done % _BATCH == 0:
                self._tell(_BATCH)
            yield row

    def _tell(self, more: int) -> None:
        self.done += more
        self.progress(min(self.done, self.of), self.of)


@cache
def _target(kind: type[Record], name: str) -> str:
    """The table name of the kind that a field links to: it is asked of every row."""
    return str(kind.fields()[name].to)


@cache
def _by_reference(kind: type[Record]) -> tuple[str, ...]:
    """The fields that hold the references of other records."""
    return tuple(name for name, one in kind.fields().items() if one.to and one.kind in (Kind.ABOUT, Kind.MANY))
