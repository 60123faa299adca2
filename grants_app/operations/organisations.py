"""Organisations: a stop, bank details that changed (they are never kept themselves), and two that are one."""

from typing import Any

from sqlalchemy import select, text

from grants_app import clock, wording
from grants_app.errors import Refused
from grants_app.operations import editing
from grants_app.operations.moving import load, needed, same_person
from grants_app.records import Kind, Note, Organisation, Record
from grants_app.records.base import batches
from grants_app.records.organisation import OrganisationStatus
from grants_app.store import Change, Store, settings
from grants_app.store.undoing import referring

_OWN = frozenset({"name", "kind", "status", "extra", "stopped", "stop_reason"})


def stop(store: Store, organisation_id: int, reason: str) -> None:
    """Stop an organisation, with a reason: no award and no payment goes to it. Refused if it is stopped already."""
    said = needed(reason)
    with store.change("Stop organisation", final=True, reason=said) as session:
        organisation = load(session, Organisation, organisation_id)
        if organisation.stopped:
            raise Refused(f"{organisation.name} is stopped already: {organisation.stop_reason}.")
        organisation.stopped, organisation.stop_reason = True, said
        session.words = f"Stop {editing.called(organisation)}"


def lift_stop(store: Store, organisation_id: int, reason: str) -> None:
    """Lift a stop, with a reason; refused if there is none."""
    said = needed(reason)
    with store.change("Lift the stop", final=True, reason=said) as session:
        organisation = load(session, Organisation, organisation_id)
        if not organisation.stopped:
            raise Refused(f"{organisation.name} is not stopped.")
        organisation.stopped, organisation.stop_reason = False, None
        session.words = f"Lift the stop of {editing.called(organisation)}"


def report_bank_change(store: Store, organisation_id: int) -> None:
    """Somebody says that the bank details changed: every payment is held until another officer verifies them."""
    with store.change("Report bank change", final=True) as session:
        organisation = load(session, Organisation, organisation_id)
        if organisation.bank_change_reported_on is not None:
            raise Refused(f"A change of bank details of {organisation.name} is waiting to be verified already.")
        organisation.bank_change_reported_on = clock.today()
        organisation.bank_change_reported_by = store.officer
        session.words = f"Report a change of bank details of {editing.called(organisation)}"


def verify_bank(store: Store, organisation_id: int) -> None:
    """The bank details are verified today, by another officer than who reported the change: payments go on."""
    with store.change("Verify bank details", final=True) as session:
        organisation = load(session, Organisation, organisation_id)
        if same_person(organisation.bank_change_reported_by, store.officer):
            raise Refused(f"You reported this change of {organisation.name}, so another officer must verify it.")
        organisation.bank_verified_on, organisation.bank_verified_by = clock.today(), store.officer
        organisation.bank_change_reported_on = organisation.bank_change_reported_by = None
        session.words = f"Verify the bank details of {editing.called(organisation)}"


def retract_bank_change(store: Store, organisation_id: int, reason: str) -> None:
    """The report of a change was mistaken, as another officer found out: the old details hold, and payments go on."""
    said = needed(reason)
    with store.change("Retract bank change", final=True, reason=said) as session:
        organisation = load(session, Organisation, organisation_id)
        if organisation.bank_change_reported_on is None:
            raise Refused(f"No change of bank details of {organisation.name} is waiting.")
        if same_person(organisation.bank_change_reported_by, store.officer):
            raise Refused(f"You reported this change of {organisation.name}, so another officer must retract it.")
        organisation.bank_change_reported_on = organisation.bank_change_reported_by = None
        session.words = f"Retract the change of bank details of {editing.called(organisation)}"


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
        for batch in batches(ids):
            for record in session.scalars(select(other).where(other.id.in_(batch))):
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
