"""Adding, changing and deleting records of any kind, from values as typed or as Python has them."""

from array import array
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from grants_app import wording
from grants_app.errors import ChangedByOther, Clash, Invalid, Problem, Refused
from grants_app.records import Engagement, Field, Grant, Kind, Payment, Record, kind_named
from grants_app.records.base import batches, written_as
from grants_app.records.fields import OWN, own_field, own_merged
from grants_app.records.history import Edit, Step
from grants_app.store import Change, Store, listing, own, references, settings
from grants_app.store.driver import Progress, no_progress
from grants_app.store.undoing import referring


@dataclass(frozen=True, slots=True)
class Words:
    """A change of a field of several words: these are added, or taken away; the others stay as they are."""

    words: tuple[str, ...]
    taken_away: bool = False

    def of(self, held: tuple[str, ...] | None) -> tuple[str, ...]:
        """What a field that holds these words holds then."""
        before, these = set(held or ()), set(self.words)
        return tuple(sorted(before - these if self.taken_away else before | these))


def becomes(value: Any, held: Any) -> Any:
    """What a field that holds this becomes by a change to this value, or by these Words."""
    return value.of(held) if isinstance(value, Words) else value


def read_values(session: Session, kind: type[Record], typed: Mapping[str, str]) -> dict[str, Any]:
    """Values by field name from what was typed by field name, key or label; links are looked up by reference.

    Invalid names every field that could not be read; Refused, if the kind has no such field.
    """
    lists = settings.lists(session)
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, said in typed.items():
        field = own.named(session, kind, name)
        if field is None:
            keys = wording.listed([f.key for f in (*kind.fields().values(), *own.columns(session, kind))])
            raise Refused(f"{kind.plural} have no field “{name}”: choose from {keys}.")
        try:
            values[field.name] = read_value(session, field, said, lists)
        except (ValueError, Refused) as error:
            problems.append(Problem(field.name, f"{field.label}: {error}"))
    if problems:
        raise Invalid(problems)
    return values


def read_value(session: Session, field: Field, said: str, lists: Mapping[str, Sequence[str]]) -> Any:
    """One value from what was typed; a link gives the id of the record whose reference (or exact name) it is.

    ValueError or Refused say what is wrong.
    """
    value = field.parse(said, lists)
    if field.kind is Kind.LINK and value is not None:
        return _linked(session, field, str(value)).id
    if field.kind is Kind.ABOUT and value is not None:
        return references.find(session, str(value)).reference
    if field.kind is Kind.MANY and field.to:
        target = kind_named(field.to)
        return tuple(sorted(_named(session, target, word).reference for word in value))  # type: ignore[union-attr]
    return value


def as_typed(session: Session, record: Record, name: str) -> str:
    """What a record holds in a field, as it could be typed: a link by the other's reference; blank for nothing."""
    field = type(record).field_named(name)
    value = record.get(name)
    target = kind_named(field.to) if field is not None and field.kind is Kind.LINK else None
    if field is None or value is None:
        return ""
    return field.text(value) if target is None else session.get_one(target, value).reference


def told(session: Session, field: Field, value: Any) -> str:
    """A value as officers read it: a link by the other record's name; blank for nothing."""
    target = kind_named(field.to) if field.kind is Kind.LINK else None
    linked = session.get(target, value) if target is not None and value is not None else None
    return field.text(value) if linked is None else str(getattr(linked, linked.caption) or linked.reference)


def why_not_typed(kind: type[Record], name: str) -> str:
    """Why a column of a kind's lists cannot be typed in, in a sentence; blank where it can."""
    shown, noun = listing.column_named(kind, name), kind.noun.lower()
    if shown.name == "reference":
        return "A reference is given once and stays."
    if shown.field is None:
        return f"{shown.label} is worked out from what is recorded: it is not typed."
    if shown.field.by_verb:
        return f"{shown.label} changes by an action of its own: open the {noun} and use its buttons."
    if shown.kind in {Kind.EXTRA, Kind.INSTANT}:
        return f"{shown.label} is kept by Grants Desk: it is not typed."
    return ""


def add(store: Store, kind: type[Record], values: Mapping[str, Any]) -> Record:
    """Add a record from field values; Invalid if a rule stops it. Status is free; other verbs' fields are refused.

    What follows is filled in: an engagement's programme from its grant, a payment's number, a programme's reference.
    """
    with store.change(f"Add {kind.noun.lower()}") as session:
        record = build(session, kind, values)
        session.add(record)
        session.flush()
        session.words = f"Add {called(record)}"
    return record


def build(session: Session, kind: type[Record], values: Mapping[str, Any]) -> Record:
    """A new record from field values, with what follows filled in; not yet added."""
    refuse_verbs_fields(kind, values, at_creation=True)
    own.refuse_unknown(session, kind, values.keys())
    given = {name: value for name, value in values.items() if value is not None and not name.startswith(OWN)}
    record = kind(**given, own=own_merged(None, values))
    complete(session, record)
    return record


def complete(session: Session, record: Record) -> None:
    """Fill in what follows from other fields: an engagement's programme, a payment's number."""
    if isinstance(record, Engagement) and record.grant_id is not None and not record.programme_id:
        record.programme_id = session.get_one(Grant, record.grant_id).programme_id
    if isinstance(record, Payment) and record.number is None and record.grant_id is not None:
        record.number = 1 + int(
            session.scalar(select(func.max(Payment.number)).where(Payment.grant_id == record.grant_id)) or 0
        )


def save(
    store: Store, kind: type[Record], values: Mapping[str, Any], *, id: int, loaded: Mapping[str, Any] | None = None
) -> None:
    """Change fields of a record; ChangedByOther where a stored value is not the one in `loaded`, which the officer saw.

    Refused, if the record is gone or a field changes by a verb only; Invalid, if a rule stops it.
    """
    with store.change(f"Edit {kind.noun.lower()}") as session:
        record = load(session, kind, id)
        refuse_verbs_fields(kind, values)
        own.refuse_unknown(session, kind, values.keys())
        _refuse_stale(session, record, values, loaded or {})
        for name, value in values.items():
            record.put(name, value)
        session.words = f"Edit {called(record)}"


def change_many(
    store: Store,
    kind: type[Record],
    ids: Collection[int],
    field: str,
    value: Any,
    *,
    progress: Progress = no_progress,
) -> int:
    """Set one field of many records as one step, all or none; says how many changed. `progress` may cancel.

    `value` may be Words, to be added to what each holds or taken away from it.
    """
    refuse_verbs_fields(kind, {field: value})
    changed = 0
    counted = wording.counted(len(ids), kind.noun.lower(), kind.plural.lower())
    with store.change(f"Change {_said(kind.field_of(field))} of {counted}") as session:
        own.refuse_unknown(session, kind, [field])
        ordered = array("q", sorted(ids))  # a million would take 40 MB as a list
        done = 0
        for batch in batches(ordered):
            for record in session.scalars(select(kind).where(kind.id.in_(batch))):
                after = becomes(value, record.get(field))
                changed += record.get(field) != after
                record.put(field, after)
            session.flush()
            session.expunge_all()
            done += len(batch)
            progress(done, len(ordered))
    return changed


def change_cells(
    store: Store,
    kind: type[Record],
    cells: Mapping[int, Mapping[str, Any]],
    *,
    versions: Mapping[int, int],
    progress: Progress = no_progress,
) -> int:
    """Set fields of many records, each to values of its own, as one step, all or none; says how many cells changed.

    Refused, if one of the records is gone or no longer the version that was looked at. `progress` may cancel.
    """
    names = {name for values in cells.values() for name in values}
    refuse_verbs_fields(kind, dict.fromkeys(names))
    changed, ordered = 0, sorted(cells)
    counted = wording.counted(len(cells), kind.noun.lower(), kind.plural.lower())
    with store.change(f"Paste into {counted}") as session:
        own.refuse_unknown(session, kind, names)
        done = 0
        for some in batches(ordered):
            records = {record.id: record for record in session.scalars(select(kind).where(kind.id.in_(some)))}
            for record_id in some:
                record = records.get(record_id)
                if record is None or record.version != versions[record_id]:
                    words = called(record) if record is not None else f"one of these {kind.plural.lower()}"
                    raise Refused(f"Somebody changed {words} meanwhile: paste again.")
                for name, value in cells[record_id].items():
                    record.put(name, value)
                changed += len(cells[record_id])
            session.flush()
            session.expunge_all()
            done += len(some)
            progress(done, len(ordered))
    return changed


def delete(store: Store, kind: type[Record], id: int) -> None:
    """Move a record to the bin: it can be brought back; Refused, naming it, if another record refers to it."""
    with store.change(f"Delete {kind.noun.lower()}") as session:
        record = load(session, kind, id)
        _refuse_referred(session, record)
        session.words = f"Delete {called(record)}"
        session.delete(record)


def load(session: Session, kind: type[Record], id: int) -> Record:
    """The record, or Refused if it is gone."""
    record = session.get(kind, id)
    if record is None:
        raise Refused(f"This {kind.noun.lower()} was deleted meanwhile.")
    return record


def called(record: Record) -> str:
    """How a step calls a record: grant CVE-0012."""
    return f"{record.noun.lower()} {record.reference}"


def _said(field: Field) -> str:
    """How a step calls a field: an own column as its officers wrote it."""
    return f"“{field.label}”" if field.own else str(field.label).lower()


def _linked(session: Session, field: Field, said: str) -> Record:
    target = kind_named(field.to)
    assert target is not None
    return _named(session, target, said)


def _named(session: Session, target: type[Record] | None, said: str) -> Record:
    """By reference, else by its exact name where only one has it."""
    if target is None:
        return references.find(session, said)
    found = session.scalars(select(target).where(target.reference == said.strip().upper())).one_or_none()
    if found is not None:
        return found
    called_so = written_as(target.column(target.caption), [said.strip()])
    same = session.scalars(select(target).where(called_so).limit(2)).all()
    if len(same) == 1:
        return same[0]
    more = (
        f"More than one {target.noun.lower()} is called “{said}”: give its reference"
        if same
        else f"There is no {target.noun.lower()} “{said}” in this file"
    )
    raise Refused(more)


def refuse_verbs_fields(kind: type[Record], values: Mapping[str, Any], *, at_creation: bool = False) -> None:
    """Refuse fields that the kind has not, and those that only a verb may change; some are free at creation."""
    free = {"status", "awarded", "decided_on", "code", "about", "rule"} if at_creation else set()
    for name in values:
        field = own_field(name) or kind.fields().get(name)
        if field is None:
            raise Refused(f"{kind.plural} have no field “{name}”.")
        if field.by_verb and name not in free:
            raise Refused(
                f"{field.label} of a {kind.noun.lower()} is not typed in: it changes by an action of its own."
            )


def _refuse_stale(session: Change, record: Record, values: Mapping[str, Any], loaded: Mapping[str, Any]) -> None:
    fields = {name: type(record).field_of(name) for name in values}
    clashing = [name for name in values if name in loaded and record.get(name) not in (loaded[name], values[name])]
    if not clashing:
        return
    who, when = _last_editor(session, record, clashing)
    clashes = [
        Clash(
            name,
            fields[name].label,
            *(told(session, fields[name], value) for value in (record.get(name), values[name])),
        )
        for name in clashing
    ]
    raise ChangedByOther(called(record), who, when, clashes)


def _last_editor(session: Session, record: Record, names: Collection[str]) -> tuple[str, Any]:
    edits = (
        select(Edit, Step)
        .join(Step, Step.id == Edit.step_id)
        .where(Edit.kind == record.__tablename__, Edit.record_id == record.id)
    )
    for edit, step in session.execute(edits.order_by(Edit.id.desc()).limit(100)):
        if not set(names).isdisjoint(edit.after or {}):
            return step.officer, step.at
    return "", None


def _refuse_referred(session: Session, record: Record) -> None:
    kind = type(record)
    for other, condition in referring(kind, str(record.id), f"'{record.reference}'"):
        found = session.scalar(select(other.reference).where(text(condition)).limit(1))
        if found is not None and found != record.reference:
            raise Refused(
                f"{other.noun} {found} refers to {called(record)}, so it cannot be deleted: change {found} first."
            )
