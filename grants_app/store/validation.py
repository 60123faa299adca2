"""What stops a save and what is only warned of: field rules, a record's check, allowed moves, rules across records."""

import enum
from collections.abc import Iterable, Iterator, Mapping
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from sqlalchemy import inspect, select, text
from sqlalchemy.orm import Session

from grants_app import wording
from grants_app.errors import Invalid, Problem
from grants_app.records import Kind, Record
from grants_app.records.base import batches, record_problems
from grants_app.records.rules import Rule, stopping

if TYPE_CHECKING:
    from grants_app.store.trail import Change


def new_problems(record: Record, *, lenient: bool) -> tuple[list[Problem], list[Problem]]:
    """What stops this new or changed record, and what is warned of.

    What was wrong before and was not made worse is no reason to refuse a change elsewhere: it is only warned of.
    """
    problems = list(record.problems(lenient=lenient))
    if not lenient:
        problems += [*moves(record), *unsettled(record)]
    if any(problem.stops for problem in problems) and inspect(record).persistent:
        known = {(problem.field, problem.sentence) for problem in _before(record)}
        problems = [
            Problem(p.field, p.sentence, stops=p.stops and (p.field, p.sentence) not in known) for p in problems
        ]
    return [p for p in problems if p.stops], [p for p in problems if not p.stops]


def standing_problems(kind: type[Record], row: Mapping[Any, Any]) -> list[Problem]:
    """What is wrong with a row that is stored as it is: all of it is warned of."""
    problems = record_problems(kind, SimpleNamespace(**row))
    return [Problem(problem.field, problem.sentence, stops=False) for problem in problems]


def moves(record: Record) -> Iterator[Problem]:
    """A status goes only where its `next` allows."""
    state = inspect(record)
    if not state.persistent:
        return
    fields = type(record).fields()
    for name in filter(state.committed_state.__contains__, fields):
        field, history = fields[name], state.attrs[name].history
        if field.kind is Kind.CHOICE and history.deleted and history.added:
            old, new = history.deleted[0], history.added[0]
            allowed = getattr(old, "next", None)
            if allowed is not None and new is not old and new not in allowed:
                yield Problem(
                    name, f"{field.label} cannot go from {old.value} to {_word(new)}: {_choices(old, allowed)}"
                )


def unsettled(record: Record) -> Iterator[Problem]:
    """What is settled while a record is as it was stands until that is taken back."""
    state = inspect(record)
    if not state.persistent:
        return
    kind, before = type(record), _values_before(record)
    for name in kind.settled(before):
        if name in state.committed_state and state.attrs[name].history.has_changes():
            yield Problem(name, settled_said(kind, name, before))


def settled_said(kind: type[Record], name: str, row: Any) -> str:
    """Why a settled field of a row does not change."""
    status = str(row.status.value).lower()
    return f"{kind.fields()[name].label} stands while the {kind.noun.lower()} is {status}: {kind.way_back(row)} first"


def stopped_by_rules(session: "Change") -> None:
    """Raise Invalid if a rule that stops is broken by a record that this step touched or added."""
    for rule in stopping():
        for kind, (path, depends) in (rule.reads or {}).items():
            ids = set(_leading(session, kind, path, depends))
            if ids:
                _enforce(session, rule, ids)


def _enforce(session: Session, rule: Rule, ids: set[int]) -> None:
    ordered = sorted(ids)
    offending = rule.offending()
    key = next(iter(offending.selected_columns))
    for batch in batches(ordered):
        row = session.execute(offending.where(key.in_(batch)).limit(1)).first()
        if row is not None:
            record = session.get_one(rule.kind, row[0])
            raise Invalid([Problem("", rule.say(row._asdict()))], record=f"{rule.kind.noun} {record.reference}")


def _leading(session: "Change", kind: type[Record], path: str, depends: frozenset[str]) -> Iterable[int]:
    wanted = [
        i
        for i, trace in session.changed_fields(kind.__tablename__).items()
        if trace.action == "created" or not depends.isdisjoint(trace.after)
    ]
    for where in session.added.get(kind, []):
        wanted.extend(session.scalars(select(kind.id).where(text(where))))
    if path == "id":
        return wanted
    found: set[int] = set()
    for batch in batches(wanted):
        column = kind.column(path)
        found.update(i for i in session.scalars(select(column).where(kind.id.in_(batch))) if i is not None)
    return found


def _before(record: Record) -> Iterator[Problem]:
    return record_problems(type(record), _values_before(record))


def _values_before(record: Record) -> SimpleNamespace:
    values: dict[str, Any] = record.copy_values()
    state = inspect(record)
    for name in values.keys() & state.committed_state.keys():
        history = state.attrs[name].history
        if history.deleted:
            values[name] = history.deleted[0]
    return SimpleNamespace(**values)


def _word(value: Any) -> str:
    return str(value.value) if isinstance(value, enum.Enum) else str(value)


def _choices(old: enum.Enum, allowed: frozenset[enum.Enum]) -> str:
    words = [str(member.value) for member in type(old) if member in allowed]
    return f"it may become {wording.listed(words, 'or')}" if words else "it stays as it is"
