"""Two organisations that are one: everything of the one goes to the other, in one step that can be undone."""

from typing import Any

from sqlalchemy import select, text

from grants_app import clock, wording
from grants_app.errors import Refused
from grants_app.operations.moving import load
from grants_app.records import Kind, Note, Organisation, Record
from grants_app.records.organisation import OrganisationStatus
from grants_app.store import Change, Store, settings
from grants_app.store.undoing import referring

_BATCH = 500
_OWN = frozenset({"name", "kind", "status", "extra", "stopped", "stop_reason"})


def merge(store: Store, keep_id: int, gone_id: int) -> None:
    """Merge one organisation into another: what refers to it refers to the one that stays, and it goes to the bin.

    Blank fields of the one that stays are filled from the other; where both say something else, its own stands, and a
    note keeps what the other said. A stop, and a bank change not yet verified, pass on. Both histories stay. A file
    that names the one that went means the one that stays. Refused for one and the same.
    """
    if keep_id == gone_id:
        raise Refused("These are one and the same organisation: choose another to merge it with.")
    with store.change("Merge organisations") as session:
        kept, gone = load(session, Organisation, keep_id), load(session, Organisation, gone_id)
        said = _fill(kept, gone)
        moved = _move_references(session, kept, gone)
        words = f"Merged {gone.reference}, {gone.name}, into this organisation." + "".join(f"\n{line}" for line in said)
        session.add(Note(on=clock.today(), text=words, about=kept.reference))
        session.flush()
        session.delete(session.get_one(Organisation, gone_id))
        settings.put(session, f"{settings.MERGED}{gone.reference}", [gone.name, kept.reference])
        told = f", {wording.counted(moved, 'reference')} moved" if moved else ""
        session.words = f"Merge organisation {gone.reference} into {kept.reference}{told}"


def _fill(kept: Organisation, gone: Organisation) -> list[str]:
    """Fill what is blank, pass on what holds money back; what else the other said, a line each."""
    said = []
    for name, field in Organisation.fields().items():
        mine, theirs = getattr(kept, name), getattr(gone, name)
        if theirs in (None, "", (), False) or theirs == mine or name in ("extra", "stopped"):
            continue
        if mine in (None, "", ()) and name not in _OWN:
            setattr(kept, name, theirs)
        else:
            said.append(f"{field.label}: {field.text(theirs)}")
    for name in gone.own or {}:
        if kept.get(name) is None:
            kept.put(name, gone.get(name))
        elif kept.get(name) != gone.get(name):
            field = Organisation.field_of(name)
            said.append(f"{field.label}: {field.text(gone.get(name))}")
    if gone.stopped and not kept.stopped:
        kept.stopped, kept.stop_reason = True, gone.stop_reason
    if kept.status is OrganisationStatus.PROSPECTIVE:
        kept.status = gone.status
    kept.extra = {**(gone.extra or {}), **(kept.extra or {})} or None
    return said


def _move_references(session: Change, kept: Organisation, gone: Organisation) -> int:
    """How many records referred to the one that goes; they refer to the one that stays now."""
    moved = 0
    for other, condition in referring(Organisation, str(gone.id), f"'{gone.reference}'"):
        ids = session.scalars(select(other.id).where(text(condition))).all()
        for start in range(0, len(ids), _BATCH):
            for record in session.scalars(select(other).where(other.id.in_(ids[start : start + _BATCH]))):
                _point(record, kept, gone)
            session.flush()
        moved += len(ids)
    return moved


def _point(record: Record, kept: Organisation, gone: Organisation) -> None:
    for name, field in type(record).fields().items():
        value: Any = getattr(record, name)
        if field.kind is Kind.LINK and field.to == Organisation.__tablename__ and value == gone.id:
            setattr(record, name, kept.id)
        elif field.kind is Kind.ABOUT and value == gone.reference:
            setattr(record, name, kept.reference)
        elif field.kind is Kind.MANY and field.to in (Organisation.__tablename__, "any") and gone.reference in value:
            setattr(record, name, tuple(sorted({*value, kept.reference} - {gone.reference})))
