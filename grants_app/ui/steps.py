"""The history as officers read it: who did what and when, and what each step changed, in words."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from grants_app import clock, wording
from grants_app.errors import Refused
from grants_app.records import Field, Kind, Record, kind_named
from grants_app.records.fields import own_field
from grants_app.records.history import Edit, Setting, Step
from grants_app.store import own, references, settings
from grants_app.ui.prose import plain

AT_ONCE = 100
"""How many steps are read at a time."""
MOST_EDITS = 100
"""How many records of one step are told of one by one."""
_MOST_LATER = 200
ACTIONS = {"created": "Added", "changed": "Changed", "deleted": "Deleted"}


@dataclass(frozen=True)
class Wanted:
    """Which steps to show: by an officer, in words, of the record with a reference, from a day and up to one."""

    officer: str = ""
    words: str = ""
    reference: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def narrows(self) -> bool:
        """Whether it leaves any step out."""
        return self != Wanted()


@dataclass(frozen=True)
class StepLine:
    """One step in a list: `records` is how many it touched."""

    id: int
    when: datetime
    officer: str
    words: str
    records: int
    final: bool
    undone: bool
    undoes: int | None


@dataclass(frozen=True)
class Change:
    """What a step did to one record: `values` are its changed fields by label, each before and after.

    `caption` is how the record is called; `here`, whether it still exists. A value added has nothing before, one
    deleted nothing after.
    """

    kind: type[Record] | None
    record: int
    reference: str
    caption: str
    action: str
    values: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    here: bool = False


@dataclass(frozen=True)
class StepDetail:
    """One step with all that it did; `more` is how many touched records are not told one by one."""

    line: StepLine
    account: str
    computer: str
    reason: str
    changes: Sequence[Change]
    more: int


def steps(session: Session, wanted: Wanted, before: int | None = None) -> list[StepLine]:
    """The newest steps that are wanted, those before step `before` if given; Refused for an unknown reference."""
    query = _narrowed(session, wanted).order_by(Step.id.desc()).limit(AT_ONCE)
    found = session.scalars(query if before is None else query.where(Step.id < before)).all()
    ids = [step.id for step in found]
    counting = select(Edit.step_id, func.count()).where(Edit.step_id.in_(ids)).group_by(Edit.step_id)
    counts = {step_id: count for step_id, count in session.execute(counting)}  # noqa: C416 - dict() has no type of it
    return [_line(step, counts.get(step.id, 0)) for step in found]


def officers(session: Session) -> list[str]:
    """Everybody who has done something in this file."""
    return [name for name in session.scalars(select(Step.officer).distinct().order_by(Step.officer)) if name]


def detail(session: Session, step_id: int) -> StepDetail | None:
    """One step with what it changed, at most 100 records one by one; None if there is no such step."""
    step = session.get(Step, step_id)
    if step is None:
        return None
    count = session.scalar(select(func.count()).where(Edit.step_id == step_id)) or 0
    edits = session.scalars(select(Edit).where(Edit.step_id == step_id).order_by(Edit.id).limit(MOST_EDITS))
    changes = [change for edit in edits if (change := _change(session, edit)) is not None]
    return StepDetail(
        _line(step, count), step.account, step.computer, step.reason or "", changes, max(0, count - MOST_EDITS)
    )


def part(session: Session, step_id: int, edit_id: int) -> tuple[StepLine, Change] | None:
    """What a step did to one of its records; None if there is no such step."""
    step, edit = session.get(Step, step_id), session.get(Edit, edit_id)
    change = _change(session, edit) if edit is not None else None
    return (_line(step, 1), change) if step is not None and change is not None else None


def why_not(step: StepLine, officer: str) -> str:
    """Why this officer cannot undo a step, in a sentence; blank if they can."""
    if step.undone:
        return "This step is undone already."
    if step.undoes is not None:
        return "This step took another one back. “Do again” (Ctrl+Y) repeats what it undid."
    if step.final:
        return "This step decided, approved, sent or paid. It is reversed with a reason, by an action on its record."
    if step.officer != officer:
        return f"This is a step of {step.officer or 'another officer'}: only they can undo it."
    return ""


def _line(step: Step, records: int) -> StepLine:
    return StepLine(
        step.id, step.at, step.officer, step.words, records, step.final, step.undone_by is not None, step.undoes
    )


def _narrowed(session: Session, wanted: Wanted) -> Select[Step]:
    query = select(Step)
    if wanted.officer:
        query = query.where(Step.officer == wanted.officer)
    for word in wanted.words.split():
        query = query.where(Step.words.icontains(word, autoescape=True))
    if wanted.since:
        query = query.where(Step.at >= _midnight(wanted.since))
    if wanted.until:
        query = query.where(Step.at < _midnight(wanted.until + timedelta(days=1)))
    if wanted.reference.strip():
        kind, record = _record(session, wanted.reference)
        query = query.where(
            Step.id.in_(select(Edit.step_id).where(Edit.kind == kind.__tablename__, Edit.record_id == record))
        )
    return query


def _record(session: Session, reference: str) -> tuple[type[Record], int]:
    """The record of a reference, one that was deleted since included."""
    try:
        found = references.find(session, reference)
    except Refused:
        kind = references.kind_of(reference.strip().upper())
        gone = select(Edit.record_id).where(
            Edit.kind == kind.__tablename__,
            Edit.action == "deleted",
            func.json_extract(Edit.before, "$.reference") == reference.strip().upper(),
        )
        record = session.scalar(gone.limit(1))
        if record is None:
            raise
        return kind, record
    return type(found), found.id


def _midnight(day: date) -> datetime:
    """The instant at which a London day begins."""
    utc = datetime.combine(day, time(), UTC)
    return utc - (clock.local(utc) - utc.replace(tzinfo=None))


def _change(session: Session, edit: Edit) -> Change | None:
    if edit.kind == Setting.__tablename__:
        return _setting(session, edit)
    kind = kind_named(edit.kind)
    if kind is None:
        return None
    before, after = edit.before or {}, edit.after or {}
    if edit.action == "created":
        after = _as_created(session, kind, edit)
    record = session.get(kind, edit.record_id)
    before, after = _apart(before), _apart(after)
    known = after | before
    reference = record.reference if record is not None else str(known.get("reference", ""))
    caption = str(getattr(record, kind.caption) if record is not None else known.get(kind.caption) or "")
    values = {
        each.label: (_part(session, each, before, edit, "created"), _part(session, each, after, edit, "deleted"))
        for name, each in [*kind.fields().items(), *_own(known)]
        if name in known and (edit.action == "changed" or known[name] not in (None, "", [], False))
    }
    called = "" if caption == reference else caption
    return Change(kind, edit.record_id, reference, called, ACTIONS[edit.action], values, here=record is not None)


def _as_created(session: Session, kind: type[Record], edit: Edit) -> dict[str, Any]:
    """The record as it was added: as it is now, or was when it was deleted, without what was changed in between."""
    record = session.get(kind, edit.record_id)
    held: dict[str, Any] = {}
    if record is not None:
        held = {name: each.stored(getattr(record, name)) for name, each in kind.fields().items()} | (record.own or {})
    later = select(Edit).where(Edit.kind == edit.kind, Edit.record_id == edit.record_id, Edit.id > edit.id)
    for each in session.scalars(later.order_by(Edit.id.desc()).limit(_MOST_LATER)):
        held |= each.before or {}
    return held


def _apart(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values of a history with those of own columns among them, as if they were fields."""
    return {name: value for name, value in values.items() if name != "own"} | dict(values.get("own") or {})


def _own(known: Mapping[str, Any]) -> list[tuple[str, Field]]:
    return [(name, field) for name in known if (field := own_field(name)) is not None]


def _part(session: Session, each: Field, values: Mapping[str, Any], edit: Edit, lacking: str) -> str:
    return "" if edit.action == lacking else shown(session, each, values)


def _setting(session: Session, edit: Edit) -> Change:
    held = session.get(Setting, edit.record_id)
    name = held.name if held is not None else str((edit.before or {}).get("name", ""))
    before, after = str((edit.before or {}).get("value", "")), str((edit.after or {}).get("value", ""))
    if name.startswith(settings.OWN_COLUMN):
        return _own_column(edit, before or after or (held.value if held is not None else ""), before, after)
    values = {"Value": (before or "blank", after or "blank")} if before or after else {}
    return Change(None, edit.record_id, "", f"Setting: {name}", ACTIONS[edit.action], values)


def _own_column(edit: Edit, present: str, before: str, after: str) -> Change:
    """What became of a column of the officers' own: its label, and what of it changed."""

    def told(value: str) -> str:
        said = json.loads(value) if value else {}
        field = own_field(said.get("name", ""))
        words = [field.label, own.SORTS[field.kind]] if field is not None else []
        return ", ".join([*words, *([wording.listed(said["choices"])] if said.get("choices") else [])])

    field = own_field(json.loads(present)["name"]) if present else None
    called = f"Column: {field.label}" if field is not None else "A column"
    values = {"Column": (told(before) or "blank", told(after) or "blank")} if before or after else {}
    return Change(None, edit.record_id, "", called, ACTIONS[edit.action], values)


def shown(session: Session, each: Field, values: Mapping[str, Any] | None) -> str:
    """One value of a field as officers read it, a link by its record's name; "blank" for none."""
    value = each.restored((values or {}).get(each.name))
    target = kind_named(each.to) if each.kind is Kind.LINK and each.to else None
    if target is not None and value is not None:
        linked = session.get(target, value)
        return str(getattr(linked, target.caption)) if linked is not None else f"a {target.noun.lower()} deleted since"
    return each.text(value) or "blank"


def step_html(step: StepDetail) -> str:
    """The step in words; each record that still exists is a link to "kind/id"."""
    line = step.line
    where = " · ".join(part for part in (line.officer or "Unknown", step.account, step.computer) if part)
    parts = [
        f"<h1>{plain(line.words)}</h1>",
        f"<p class='soft'>{plain(wording.instant_text(line.when))}<br>{plain(where)}</p>",
    ]
    if step.reason:
        parts.append(f"<p><b>Reason:</b> {plain(step.reason)}</p>")
    if line.undone:
        parts.append("<p class='warning'>A later step took this one back.</p>")
    parts += [_change_html(change) for change in step.changes]
    if step.more:
        parts.append(f"<p class='soft'>… and {wording.counted(step.more, 'more record')} in the same step.</p>")
    return "".join(parts)


def deleted_html(step: StepLine, change: Change) -> str:
    """A deleted record in words: what it held, and who deleted it when."""
    noun = change.kind.noun if change.kind is not None else ""
    when = f"Deleted by {step.officer or 'Unknown'}, {wording.instant_text(step.when)} (“{step.words}”)"
    name = change.caption or f"{noun} {change.reference}"
    line = f"{noun} {change.reference}"
    return f"<h1>{plain(name)}</h1><p class='soft'>{plain(line)}<br>{plain(when)}</p>{_values_html(change)}"


def _change_html(change: Change) -> str:
    noun = change.kind.noun if change.kind is not None else ""
    name = " ".join(part for part in (noun, change.reference) if part)
    head = plain(name)
    if change.kind is not None and change.here:
        head = f"<a href='{change.kind.__tablename__}/{change.record}'>{head}</a>"
    caption = f" <span class='soft'>{plain(change.caption)}</span>" if change.caption else ""
    return f"<h2>{change.action}: {head}{caption}</h2>{_values_html(change)}"


def _values_html(change: Change) -> str:
    if not change.values:
        return ""
    changed = change.action == ACTIONS["changed"]
    heads = ("Field", "Before", "After") if changed else ("Field", "Value")
    lines = ["<tr>" + "".join(f"<th>{head}</th>" for head in heads) + "</tr>"]
    for name, (before, after) in change.values.items():
        cells = (before, after) if changed else (before or after,)
        lines.append(
            f"<tr><td class='soft'>{plain(name)}</td>" + "".join(f"<td>{plain(cell)}</td>" for cell in cells) + "</tr>"
        )
    return f"<table width='100%' cellspacing='0'>{''.join(lines)}</table>"
