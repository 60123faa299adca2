"""Change, the session of one step: it checks what is written, collects each edit, and refuses stray and bulk writes.

Changes is what it tells of itself once it is stored.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from sqlalchemy import Connection, event, insert, inspect, text
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction

from grants_app.errors import Invalid, Problem
from grants_app.records import Record, kind_named
from grants_app.records.base import Stored, record_problems, table_of
from grants_app.records.fields import OWN
from grants_app.records.fields import Stored as Json
from grants_app.records.history import Setting, Warned
from grants_app.store import inserting, references
from grants_app.store.validation import new_problems, stopped_by_rules

Key = tuple[type[Record] | type[Setting], int]
_BATCH = 5000


@dataclass(frozen=True, slots=True)
class Changes:
    """The ids that a step touched, by kind of record; a kind with None was touched in so many that all count."""

    step_id: int
    words: str
    touched: Mapping[str, frozenset[int] | None] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    def involve(self, *kinds: type[Stored], id: int | None = None) -> bool:
        """Whether any of these kinds (Setting: of the file) was touched; with `id`, that record of the kind."""
        for kind in kinds:
            ids = self.touched.get(kind.__tablename__, frozenset())
            if ids is None or (ids and id is None) or (id is not None and id in ids):
                return True
        return False


@dataclass(slots=True)
class Trace:
    """What a step has done to one record so far: values before and after by field, as history keeps them."""

    action: str
    before: dict[str, Json] = field(default_factory=dict)
    after: dict[str, Json] = field(default_factory=dict)


class Change(Session):
    """The session inside `store.change()`: load, set attributes, add, delete; nothing is written by any other way."""

    def __init__(
        self, connection: Connection, words: str, open_step: Callable[[str], int], *, lenient: bool = False
    ) -> None:
        """`words` say what the officer did and may be set until the end; `lenient` is for history brought in by import.

        `open_step` writes the Step and gives its id; it is called once, when the id is first needed.
        """
        super().__init__(bind=connection, expire_on_commit=False)
        self.words, self.lenient = words, lenient
        self._open_step = open_step
        self._step_id: int | None = None
        self.words_of_step = words
        self.traces: dict[Key, Trace] = {}
        self.added: dict[type[Record], list[str]] = {}
        self.removed: set[type[Record]] = set()
        self.warnings: dict[tuple[type[Record], int], list[Problem]] = {}

    @property
    def step_id(self) -> int:
        """The id of this step; it exists only if the step is committed."""
        if self._step_id is None:
            self.words_of_step = self.words
            self._step_id = self._open_step(self.words)
        return self._step_id

    @property
    def idle(self) -> bool:
        """Whether nothing was touched so far."""
        return not (self.traces or self.added or self.removed)

    def add_many(self, kind: type[Record], rows: Iterable[Mapping[str, Any]], *, progress: Any = None) -> range:
        """Add many records from field values; each row meets the same rules as `add`. Their ids, in order.

        A row may hold `own`, the values of own columns, as `fields.own_merged` makes it.
        Invalid names the row (its number, from 1) at the first that stops; the whole step is then undone. The rows are
        read a batch at a time, and may not themselves add records of this kind.
        """
        self.flush()
        iterator, connection = iter(rows), self.connection()
        ids = range(first := self.next_id(kind), first)
        put_off: list[str] = []
        while batch := list(islice(iterator, _BATCH)):
            if len(ids) == _BATCH and inserting.holds_only(connection, kind, ids):
                put_off = inserting.put_indexes_off(connection, kind)
            warned = self._warnings_of(kind, batch, len(ids))
            new = range(ids.stop, ids.stop + len(batch))
            references_ = references.give_many(self, kind, batch)
            sql, values = inserting.insertion(kind, batch, new, references_)
            connection.exec_driver_sql(sql, values)
            self.warn_many(kind, {new[place]: problems for place, problems in warned})
            ids = range(first, new.stop)
            if progress:
                progress(len(ids), None)
        for index in put_off:
            connection.exec_driver_sql(index)
        if ids:
            self.added.setdefault(kind, []).append(f"id BETWEEN {ids[0]} AND {ids[-1]}")
        return ids

    def touched(self) -> dict[str, set[int]]:
        """Ids of the records touched so far, by table; those of `add_many` aside."""
        found: dict[str, set[int]] = {}
        for kind, id_ in self.traces:
            found.setdefault(kind.__tablename__, set()).add(id_)
        return found

    def changed_fields(self, table: str) -> dict[int, Trace]:
        """What happened to the records of one table, by id."""
        return {id_: trace for (kind, id_), trace in self.traces.items() if kind.__tablename__ == table}

    def edits(self) -> Iterator[dict[str, Any]]:
        """The Edits to write: an insertion's holds no values, a deletion's the whole row."""
        for (kind, id_), trace in self.traces.items():
            yield {
                "step_id": self.step_id, "kind": kind.__tablename__, "record_id": id_, "action": trace.action,
                "before": trace.before, "after": trace.after if trace.action == "changed" else None,
            }  # fmt: skip

    def trace(
        self,
        kind: type[Record] | type[Setting],
        id_: int,
        action: str,
        before: Mapping[str, Json],
        after: Mapping[str, Json],
    ) -> None:
        """Note what happened to a record; what happened to it before in this step is joined with it."""
        known = self.traces.get((kind, id_))
        if known is None:
            self.traces[kind, id_] = Trace(action, dict(before), dict(after))
            return
        if action == "deleted":
            if known.action == "created":
                del self.traces[kind, id_]
            else:
                self.traces[kind, id_] = Trace("deleted", _whole_before(before, known.before))
            return
        for name in after:
            known.before.setdefault(name, before.get(name))
            known.after[name] = after[name]
        if known.action == "created":
            known.before.clear()

    def warn_many(self, kind: type[Record], problems: Mapping[int, Sequence[Problem]]) -> None:
        """Keep what is warned of new rows, by their ids."""
        rows = [
            {"kind": kind.__tablename__, "record_id": id_, "field": each.field, "sentence": each.sentence}
            for id_, found in problems.items()
            for each in found
        ]
        if rows:
            self.connection().execute(insert(table_of(Warned)), rows)

    def settle(self) -> None:
        """Drop what came to nothing: fields set back to what they were, records changed in no field."""
        for key, trace in list(self.traces.items()):
            if trace.action == "changed":
                for name in [name for name in trace.after if trace.after[name] == trace.before.get(name)]:
                    del trace.after[name], trace.before[name]
                if not trace.after:
                    del self.traces[key]

    def enforce_rules(self) -> None:
        """Refuse the step if a rule that stops is broken by what was touched; a lenient step is not held to them."""
        if not self.lenient:
            stopped_by_rules(self)

    def _warnings_of(
        self, kind: type[Record], batch: Sequence[Mapping[str, Any]], done: int
    ) -> list[tuple[int, list[Problem]]]:
        """Of the rows of a batch that are warned of: their places and problems; Invalid for the first that stops."""
        found = []
        for place, row in enumerate(inserting.as_records(kind, batch)):
            problems = list(record_problems(kind, row, lenient=self.lenient, given=batch[place]))
            if stopping := [problem for problem in problems if problem.stops]:
                raise Invalid(stopping, record=f"{kind.noun} {done + place + 1}")
            if problems:
                found.append((place, problems))
        return found

    def next_id(self, kind: type[Record]) -> int:
        """The id that the next new record of the kind gets."""
        found = self.execute(
            text("SELECT seq FROM sqlite_sequence WHERE name = :name"), {"name": kind.__tablename__}
        ).scalar()
        return int(found or 0) + 1


def row_before(record: Record | Setting) -> dict[str, Json]:
    """The whole row of a loaded record as it stands in the database, as history keeps it."""
    if isinstance(record, Setting):
        return {"name": record.name, "value": record.value}
    state = inspect(record)
    row: dict[str, Json] = {"reference": record.reference, "version": record.version}
    for name, fld in [*type(record).fields().items(), ("own", None)]:
        history = state.attrs[name].history
        held = history.deleted[0] if history.deleted else getattr(record, name)
        row[name] = fld.stored(held) if fld else held
    return row


def _whole_before(row: Mapping[str, Json], changed: Mapping[str, Json]) -> dict[str, Json]:
    """A deleted row as it was before what this step had changed in it first."""
    held: Any = row.get("own")
    theirs = {name: value for name, value in changed.items() if name.startswith(OWN)}
    own = {name: value for name, value in {**(held or {}), **theirs}.items() if value is not None}
    declared = {name: value for name, value in changed.items() if name not in theirs}
    return {**row, **declared, "own": own or None}


@event.listens_for(Change, "before_flush")
def _check(session: Change, context: UOWTransaction, instances: object) -> None:
    for record in session.new:
        if isinstance(record, Record):
            _fill_defaults(record)
            references.give(session, record)
    for record in [*session.new, *session.dirty]:
        if isinstance(record, Record) and (record in session.new or session.is_modified(record)):
            stopping, warnings = new_problems(record, lenient=session.lenient)
            if stopping:
                named = f"{record.noun} {record.reference}" if record not in session.new else ""
                raise Invalid(stopping, record=named)
            state = inspect(record)
            session.info.setdefault("warnings", []).append((record, warnings, state))


@event.listens_for(Change, "after_flush")
def _collect(session: Change, context: UOWTransaction) -> None:
    for record in session.new:
        if isinstance(record, Record | Setting):
            session.trace(type(record), record.id, "created", {}, {})
    for record in session.dirty:
        if isinstance(record, Record | Setting):
            before, after = _differences(record)
            if after:
                session.trace(type(record), record.id, "changed", before, after)
    for record in session.deleted:
        if isinstance(record, Record | Setting):
            session.trace(type(record), record.id, "deleted", row_before(record), {})
    for record, warnings, _ in session.info.pop("warnings", []):
        session.warnings[type(record), record.id] = warnings
    for record in session.deleted:
        session.warnings.pop((type(record), record.id), None)


@event.listens_for(Change, "do_orm_execute")
def _refuse_bulk(state: ORMExecuteState) -> None:
    if state.is_update or state.is_delete or state.is_insert:
        raise RuntimeError("bulk writes leave no history: set attributes, session.delete() or add_many()")


def _fill_defaults(record: Record) -> None:
    for name, fld in type(record).fields().items():
        if fld.default is not None and getattr(record, name) is None:
            setattr(record, name, fld.default)


def _differences(record: Record | Setting) -> tuple[dict[str, Json], dict[str, Json]]:
    before: dict[str, Json] = {}
    after: dict[str, Json] = {}
    state: Any = inspect(record)
    fields = {"value": None} if isinstance(record, Setting) else {**type(record).fields(), "own": None}
    for name, fld in fields.items():
        if name not in state.committed_state:
            continue
        history = state.attrs[name].history
        if history.has_changes():
            old = history.deleted[0] if history.deleted else None
            new = history.added[0] if history.added else None
            if name == "own":
                held, holds = old or {}, new or {}
                changed = [each for each in {**held, **holds} if held.get(each) != holds.get(each)]
                before |= {each: held.get(each) for each in changed}
                after |= {each: holds.get(each) for each in changed}
            else:
                before[name], after[name] = (fld.stored(old), fld.stored(new)) if fld else (old, new)
    return before, after


def kind_or_setting(table: str) -> type[Record] | type[Setting]:
    """The class whose table an Edit names."""
    kind = Setting if table == Setting.__tablename__ else kind_named(table)
    assert kind is not None, table
    return kind
