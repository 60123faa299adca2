"""The store: the one door through which everything is read and changed."""

import getpass
import platform
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event, insert, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import ORMExecuteState, Session

from grants_app import clock
from grants_app.errors import Problem, Refused
from grants_app.records import Engagement, Grant, Payment, Record
from grants_app.records.base import batches, table_of
from grants_app.records.history import Edit, Setting, Step
from grants_app.store import derived, own, settings
from grants_app.store.driver import Busy, explained, in_words, interruptible
from grants_app.store.trail import Change, Changes, Trace

Heed = Callable[[], None]
PATIENCE = 60.0
"""Seconds that a change waits for another program that is writing, unless it is told to go on waiting."""
_TELL_EACH = 2000
_NEWS = 100
_NEW_STEP = insert(table_of(Step)).returning(Step.id)
_FORGET_WARNINGS = "DELETE FROM warned WHERE kind = ? AND record_id = ?"
_STRAY = "changes are made inside store.change(), not while reading"


class Store:
    """One open file. Reading and changing are the two ways in; `announce` is told of each committed change.

    `heed` is called now and then while a change goes on, in the midst of long statements and while it waits for another
    program too; what it raises ends it.
    """

    def __init__(self, engine: Engine, path: Path, officer: str, *, read_only: str = "") -> None:
        """`officer` signs each step; `read_only` is the sentence why nothing may be written, if so."""
        self.engine, self.path, self.officer, self.read_only = engine, path, officer, read_only
        self.announce: Callable[[Changes], None] = lambda changes: None
        self.waiting: Callable[[float], None] | None = None
        self.heed: Heed | None = None
        self._writing = engine.execution_options(begin="BEGIN IMMEDIATE")
        self._own: set[int] = set()
        self._own_lock = threading.Lock()
        with self.reading() as session:
            self._seen = session.scalar(select(Step.id).order_by(Step.id.desc()).limit(1)) or 0

    @contextmanager
    def reading(self, *, heed: Heed | None = None) -> Iterator[Session]:
        """A session on one unchanging view of the file; whatever it tries to write raises RuntimeError.

        `heed` is called now and then, in the midst of long statements too; what it raises ends them and is raised.
        """
        with explained(), _ReadOnly(self.engine, expire_on_commit=False) as session:
            raw = session.connection().connection.driver_connection if heed else None
            with interruptible(raw, heed):
                yield session

    @contextmanager
    def change(
        self,
        words: str,
        *,
        final: bool = False,
        lenient: bool = False,
        reason: str | None = None,
        undoes: int | None = None,
    ) -> Iterator[Change]:
        """One step: all of it is stored with its history, or none of it is.

        `final`: it decides, approves, sends or pays, so it is reversed with a reason instead of undone. `lenient`:
        history brought in by import, where only what cannot be read stops. Invalid, if a rule stops it;
        ChangedByOther is the verbs' to raise; Refused, if the file cannot be written. Nothing touched: no step.
        """
        if self.read_only:
            raise Refused(self.read_only)
        with explained(), self._begin() as connection:

            def open_step(said: str) -> int:
                return self._write_step(connection, said, final=final, reason=reason, undoes=undoes)

            with (
                interruptible(connection.connection.driver_connection, self.heed),
                Change(connection, words, open_step, lenient=lenient) as session,
            ):
                yield session
                changes = _finish(session, connection)
                session.commit()
            self._commit(connection, changes)
        if changes is not None:
            self.announce(changes)

    def close(self) -> None:
        """Let go of the file; the write-ahead log is folded into it."""
        self.engine.dispose()

    def news(self) -> list[Changes]:
        """What others (another window, the command line) have stored since the file was opened or the last call.

        Oldest first, a hundred steps at most: the next call goes on from there.
        """
        with self.reading() as session:
            steps = session.scalars(select(Step).where(Step.id > self._seen).order_by(Step.id).limit(_NEWS)).all()
            seen = steps[-1].id if steps else self._seen
            with self._own_lock:
                ours = {step for step in self._own if step <= seen}
                self._own -= ours
            found = [_as_changes(session, step) for step in steps if step.id not in ours]
        self._seen = seen
        return found

    def setting(self, name: str, default: Any = None) -> Any:
        """A setting of the file."""
        with self.reading() as session:
            return settings.get(session, name, default)

    @contextmanager
    def _begin(self) -> Iterator[Connection]:
        started = time.monotonic()
        while True:
            connection = self._writing.connect()
            try:
                connection.begin()
                break
            except DBAPIError as error:
                connection.close()
                if not isinstance(in_words(error), Busy):
                    raise
                self._wait(time.monotonic() - started)
        try:
            yield connection
        finally:
            connection.close()

    def _commit(self, connection: Connection, changes: Changes | None) -> None:
        """Commit a step that `news`, which another thread may read meanwhile, is to know at once for ours."""
        mine = {changes.step_id} if changes is not None else set()
        with self._own_lock:
            self._own |= mine
        try:
            connection.commit()
        except BaseException:
            with self._own_lock:
                self._own -= mine
            raise

    def _wait(self, waited: float) -> None:
        if self.heed is not None:
            self.heed()
        if self.waiting is not None:
            self.waiting(waited)
        elif waited > PATIENCE:
            raise Busy

    def _write_step(
        self, connection: Connection, words: str, *, final: bool, reason: str | None, undoes: int | None
    ) -> int:
        values = {
            "at": clock.now(), "officer": self.officer, "account": _account(), "computer": platform.node(),
            "words": words, "final": final, "reason": reason, "undoes": undoes,
        }  # fmt: skip
        step_id = int(connection.execute(_NEW_STEP, values).scalar_one())
        if undoes is not None:
            connection.execute(update(table_of(Step)).where(Step.undone_by == undoes).values(undone_by=None))
            connection.execute(update(table_of(Step)).where(Step.id == undoes).values(undone_by=step_id))
        return step_id


class _ReadOnly(Session):
    """A session that writes nothing."""

    def flush(self, objects: Any = None) -> None:
        """Raise if there is anything to write: changes belong inside store.change()."""
        if self.new or self.deleted or any(self.is_modified(record) for record in self.dirty):
            raise RuntimeError(_STRAY)


@event.listens_for(_ReadOnly, "do_orm_execute")
def _refuse_writing(state: ORMExecuteState) -> None:
    if state.is_update or state.is_delete or state.is_insert:
        raise RuntimeError(_STRAY)


def _finish(session: Change, connection: Connection) -> Changes | None:
    """Write what follows from the step, once, just before it is committed; None where nothing was touched."""
    session.flush()
    session.settle()
    if session.idle:
        return None
    session.enforce_rules()
    if session.words_of_step != session.words:
        connection.execute(update(table_of(Step)).where(Step.id == session.step_id).values(words=session.words))
    edits = list(session.edits())
    if edits:
        connection.execute(insert(table_of(Edit)), edits)
    if any(kind is Setting for kind, _ in session.traces):
        own.keep_indexes(session)
    _write_added(session, connection)
    _write_derived(session, connection)
    _write_warnings(session, connection)
    return Changes(session.step_id, session.words, _touched(session), tuple(_warned(session)))


@cache
def _account() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""


def _write_added(session: Change, connection: Connection) -> None:
    grants: list[str] = []
    for kind, spans in session.added.items():
        table = kind.__tablename__
        for where in spans:
            created = f"SELECT {session.step_id}, '{table}', id, 'created' FROM \"{table}\" WHERE {where}"
            connection.execute(text(f"INSERT INTO edit(step_id, kind, record_id, action) {created}"))
            derived.refresh_new(connection, kind, where)
            if kind is Grant:
                grants.append(f'SELECT id FROM "grant" WHERE {where}')
            elif kind in (Payment, Engagement):
                grants.append(f'SELECT grant_id FROM "{table}" WHERE grant_id IS NOT NULL AND {where}')
    for kind in session.removed & {Payment, Engagement}:
        mine = f"step_id = {session.step_id} AND kind = '{kind.__tablename__}' AND action = 'deleted'"
        grants.append(f"SELECT json_extract(before, '$.grant_id') AS its FROM edit WHERE {mine} AND its IS NOT NULL")
    if grants:
        derived.refresh_kept_of(connection, grants)


def _write_derived(session: Change, connection: Connection) -> None:
    grants: set[int] = set()
    for table in session.touched():
        kind = next((k for k, _ in session.traces if k.__tablename__ == table and issubclass(k, Record)), None)
        if kind is None:
            continue
        traces = session.changed_fields(table)
        _refresh(connection, kind, traces)
        if table in derived.KEPT_FROM:
            grants |= _grants_of(connection, kind, traces)
        if kind is Engagement:
            _move_months(connection, traces)
        renamed = {i for i, trace in traces.items() if trace.action == "changed" and kind.caption in trace.after}
        if renamed:
            derived.refresh_renamed(connection, kind, renamed)
    if grants:
        derived.refresh_kept(connection, grants)


def _refresh(connection: Connection, kind: type[Record], traces: dict[int, Trace]) -> None:
    groups: dict[frozenset[str] | None, list[int]] = {}
    for id_, trace in traces.items():
        if trace.action != "deleted":
            groups.setdefault(None if trace.action == "created" else frozenset(trace.after), []).append(id_)
    for changed, ids in groups.items():
        for where in derived.among(ids):
            derived.refresh(connection, kind, where, changed=changed)
    gone = [i for i, trace in traces.items() if trace.action == "deleted"]
    if gone:
        derived.forget(connection, kind, gone)


def _grants_of(connection: Connection, kind: type[Record], traces: dict[int, Trace]) -> set[int]:
    concerned = derived.KEPT_FROM[kind.__tablename__]
    ids = [i for i, trace in traces.items() if trace.action == "created" or not concerned.isdisjoint(trace.after)]
    if kind is Grant:
        return {i for i in ids if traces[i].action != "deleted"}
    found = {trace.before.get("grant_id") for trace in traces.values()}
    for batch in batches(ids):
        found |= set(connection.execute(select(kind.column("grant_id")).where(kind.id.in_(batch))).scalars())
    return {int(i) for i in found if isinstance(i, int)}


def _move_months(connection: Connection, traces: dict[int, Trace]) -> None:
    """Bring the kept totals of months up to these changes of engagements."""
    names = derived.MONTHS_FROM
    moved = {i: t for i, t in traces.items() if t.action == "changed" and not t.after.keys().isdisjoint(names)}
    old = [trace.before for trace in traces.values() if trace.action == "deleted"]
    for where in derived.among(moved):
        for row in connection.exec_driver_sql(f"SELECT id, {', '.join(names)} FROM engagement WHERE {where}"):
            now = dict(zip(names, row[1:], strict=True))
            old.append(now | {name: value for name, value in moved[row[0]].before.items() if name in now})
    derived.move_months(connection, old, [*moved, *(i for i, t in traces.items() if t.action == "created")])


def _write_warnings(session: Change, connection: Connection) -> None:
    found: dict[type[Record], dict[int, list[Problem]]] = {}
    known: list[tuple[str, int]] = []
    for (kind, id_), problems in session.warnings.items():
        trace = session.traces.get((kind, id_))
        if trace is None or trace.action != "created":
            known.append((kind.__tablename__, id_))
        found.setdefault(kind, {})[id_] = problems
    if known:
        connection.exec_driver_sql(_FORGET_WARNINGS, known)
    for kind, told in found.items():
        session.warn_many(kind, told)


def _warned(session: Change) -> Iterator[str]:
    for problems in session.warnings.values():
        yield from (problem.sentence for problem in problems)


def _touched(session: Change) -> dict[str, frozenset[int] | None]:
    found: dict[str, frozenset[int] | None] = {}
    for table, ids in session.touched().items():
        found[table] = frozenset(ids) if len(ids) <= _TELL_EACH else None
    for kind in [*session.added, *session.removed]:
        found[kind.__tablename__] = None
    return found


def _as_changes(session: Session, step: Step) -> Changes:
    edits = select(Edit.kind, Edit.record_id).where(Edit.step_id == step.id)
    rows = session.execute(edits.limit(_TELL_EACH + 1)).all()
    touched: dict[str, frozenset[int] | None] = {}
    if len(rows) > _TELL_EACH:
        touched = dict.fromkeys(session.scalars(select(Edit.kind).where(Edit.step_id == step.id).distinct()))
    else:
        for kind, id_ in rows:
            touched[kind] = (touched.get(kind) or frozenset()) | {id_}
    return Changes(step.id, step.words, touched)
