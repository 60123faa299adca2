"""What setting one field of many records would do, before it is done: values before, a sample, what is refused."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants_app.operations import editing
from grants_app.records import Field, Kind, Record, kind_named
from grants_app.records.base import batches
from grants_app.store import own, validation
from grants_app.store.driver import Progress, no_progress

_SAMPLED = 8


@dataclass(frozen=True, slots=True)
class Line:
    """One record of the sample: what it holds now, in words."""

    reference: str
    caption: str
    before: str


@dataclass(frozen=True, slots=True)
class Denied:
    """A record that would not take the value, and why not."""

    id: int
    reference: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What would come of it: `changing` ids, how many hold the value already, how many of both hold each value now.

    `after` is the new value in words, blank where the field is emptied; `sample` are the first that change. Where words
    are added or taken away, `afters` says by what is held now what it becomes.
    """

    after: str
    changing: tuple[int, ...] = ()
    unchanged: int = 0
    before: tuple[tuple[str, int], ...] = ()
    sample: tuple[Line, ...] = ()
    denied: tuple[Denied, ...] = ()
    afters: Mapping[str, str] = field(default_factory=dict)

    def after_of(self, before: str) -> str:
        """What a record that holds this now, in words, will hold."""
        return self.afters.get(before, self.after)


@dataclass
class _Found:
    changing: list[int] = field(default_factory=list)
    unchanged: int = 0
    before: Counter[Any] = field(default_factory=Counter)
    sample: list[tuple[str, str, Any]] = field(default_factory=list)
    denied: list[Denied] = field(default_factory=list)


def preview(
    session: Session,
    kind: type[Record],
    ids: Collection[int],
    name: str,
    value: Any,
    *,
    progress: Progress = no_progress,
) -> Preview:
    """What `editing.change_many` would do with these records. Nothing is changed; `progress` may cancel.

    `value` may be Words. Rules across records are not asked: they speak when it is done. Refused: a field that changes
    by a verb only.
    """
    editing.refuse_verbs_fields(kind, {name: value})
    own.refuse_unknown(session, kind, [name])
    found = _Found()
    ordered = sorted(ids)
    with session.no_autoflush:
        done = 0
        for batch in batches(ordered):
            for record in session.scalars(select(kind).where(kind.id.in_(batch))):
                _judge(record, name, value, found)
            session.expunge_all()
            done += len(batch)
            progress(done, len(ordered))
    each = kind.field_of(name)
    by_words = isinstance(value, editing.Words)
    wanted = value.words if isinstance(value, editing.Words) else value
    told = _telling(session, each, [wanted, *found.before])
    before = Counter[str]()
    for held, count in found.before.items():
        before[told(held)] += count
    sample = tuple(Line(reference, caption, told(held)) for reference, caption, held in found.sample)
    afters = {told(held): told(editing.becomes(value, held)) for held in found.before} if by_words else {}
    values = tuple(before.most_common())
    return Preview(told(wanted), tuple(found.changing), found.unchanged, values, sample, tuple(found.denied), afters)


def _judge(record: Record, name: str, value: Any, found: _Found) -> None:
    held = record.get(name)
    after = editing.becomes(value, held)
    if held == after:
        found.unchanged += 1
        found.before[held] += 1
        return
    record.put(name, after)
    stopping, _warnings = validation.new_problems(record, lenient=False)
    if stopping:
        found.denied.append(Denied(record.id, record.reference, stopping[0].sentence))
        return
    found.before[held] += 1
    found.changing.append(record.id)
    if len(found.sample) < _SAMPLED:
        found.sample.append((record.reference, str(getattr(record, type(record).caption)), held))


def _telling(session: Session, each: Field, values: Sequence[Any]) -> Callable[[Any], str]:
    """How values of a field are told: a link by the other record's name."""
    if each.kind is not Kind.LINK:
        return each.text
    target = kind_named(each.to)
    assert target is not None
    caption = target.column(target.caption)
    names: dict[int, str] = {}
    wanted = [value for value in values if value is not None]
    for batch in batches(wanted):
        rows = session.execute(select(target.id, caption).where(target.id.in_(batch)))
        names |= {row[0]: str(row[1]) for row in rows}
    return lambda value: "" if value is None else names.get(value, str(value))


def changeable(kind: type[Record], columns: Sequence[Field] = ()) -> Mapping[str, Field]:
    """What may be set for many records of a kind at once, by name; `columns` are those of the officers' own."""
    never = {Kind.EXTRA, Kind.INSTANT}
    every = {**kind.fields(), **{each.name: each for each in columns}}
    return {name: each for name, each in every.items() if not each.by_verb and each.kind not in never}
