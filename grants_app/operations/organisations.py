"""Organisations: a stop, and bank details that changed; the details themselves are never kept."""

from grants_app import clock
from grants_app.errors import Refused
from grants_app.operations import editing
from grants_app.operations.moving import load, needed, same_person
from grants_app.records import Organisation
from grants_app.store import Store


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
