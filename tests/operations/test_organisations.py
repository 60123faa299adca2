"""Organisations: stopped, with bank details that changed, and two that are one."""

from datetime import date

import pytest
from sqlalchemy import select

from grants_app.errors import Refused
from grants_app.operations import editing, file_settings, organisations
from grants_app.records import Contact, Engagement, Event, Finding, Grant, Kind, Note, Organisation
from grants_app.records.history import Edit, Step
from grants_app.records.organisation import OrganisationStatus
from grants_app.store import checking, search, undoing
from tests.make import make
from tests.operations.reading import fields, last

TODAY = date(2026, 11, 23)


def test_a_stop_has_its_reason_and_is_lifted_with_one(store):
    body = make(store, Organisation, name="Kiln Street Boxing Club")

    with pytest.raises(Refused, match="A reason is needed"):
        organisations.stop(store, body.id, " ")
    organisations.stop(store, body.id, "Accounts overdue")
    assert fields(store, body, "stopped", "stop_reason") == (True, "Accounts overdue")
    with pytest.raises(Refused, match="Kiln Street Boxing Club is stopped already: Accounts overdue"):
        organisations.stop(store, body.id, "Again")
    organisations.lift_stop(store, body.id, "Accounts seen")
    assert (fields(store, body, "stopped", "stop_reason"), last(store).reason) == ((False, None), "Accounts seen")
    with pytest.raises(Refused, match="is not stopped"):
        organisations.lift_stop(store, body.id, "Accounts seen")


def test_a_bank_change_is_verified_by_another_officer_than_who_reported_it(store, ben):
    body = make(store, Organisation)
    organisations.report_bank_change(store, body.id)
    assert fields(store, body, "bank_change_reported_on", "bank_change_reported_by") == (TODAY, "Ann Officer")

    with pytest.raises(Refused, match="is waiting to be verified already"):
        organisations.report_bank_change(ben, body.id)
    with pytest.raises(Refused, match="so another officer must verify it"):
        organisations.verify_bank(store, body.id)
    organisations.verify_bank(ben, body.id)

    told = fields(store, body, "bank_change_reported_on", "bank_verified_on", "bank_verified_by")
    assert told == (None, TODAY, "Ben Officer")


def test_a_mistaken_report_of_a_bank_change_is_retracted_by_another_officer(store, ben):
    body = make(store, Organisation, bank_verified_by="Cat Officer", bank_verified_on=date(2026, 1, 5))

    with pytest.raises(Refused, match="No change of bank details"):
        organisations.retract_bank_change(ben, body.id, "A hoax")
    organisations.report_bank_change(store, body.id)
    with pytest.raises(Refused, match="so another officer must retract it"):
        organisations.retract_bank_change(store, body.id, "A hoax")
    organisations.retract_bank_change(ben, body.id, "A hoax")

    told = fields(store, body, "bank_change_reported_on", "bank_verified_by", "bank_verified_on")
    assert told == (None, "Cat Officer", date(2026, 1, 5))


def test_bank_details_are_verified_without_a_change_too(store):
    body = make(store, Organisation)

    organisations.verify_bank(store, body.id)

    assert fields(store, body, "bank_verified_on", "bank_verified_by") == (TODAY, "Ann Officer")


def whole(store, *kinds):
    """Every value of the records of these kinds, by reference."""
    with store.reading() as session:
        return {one.reference: one.copy_values() for kind in kinds for one in session.scalars(select(kind))}


@pytest.fixture
def twins(store):
    kept = make(store, Organisation, name="Larkfield Women’s Co-operative", borough="Camden")
    gone = make(
        store, Organisation, name="Larkfield Womens Cooperative", charity_number="9000014", borough="Islington",
        insurance_expires=date(2027, 3, 31),
    )  # fmt: skip
    return kept, gone


def test_everything_that_referred_to_the_one_refers_to_the_other(store, twins):
    kept, gone = twins
    grant = make(store, Grant, organisation_id=gone.id)
    contact = make(store, Contact, organisation_id=gone.id)
    note = make(store, Note, about=gone.reference)
    session_ = make(store, Engagement, partners=(kept.reference, gone.reference))
    event = make(store, Event, organisations=(gone.reference,))
    finding = make(store, Finding, evidence_for=(gone.reference,))

    organisations.merge(store, kept.id, gone.id)

    assert fields(store, grant, "organisation_id") == (kept.id,)
    assert fields(store, contact, "organisation_id") == (kept.id,)
    assert fields(store, note, "about") == (kept.reference,)
    assert fields(store, session_, "partners") == ((kept.reference,),)
    assert fields(store, event, "organisations") == ((kept.reference,),)
    assert fields(store, finding, "evidence_for") == ((kept.reference,),)
    assert last(store).words == f"Merge organisation {gone.reference} into {kept.reference}, 6 references moved"
    assert checking.check(store) == []


def test_blanks_are_filled_and_a_note_keeps_what_the_other_said(store, twins):
    kept, gone = twins

    organisations.merge(store, kept.id, gone.id)

    told = fields(store, kept, "name", "charity_number", "borough", "insurance_expires")
    assert told == ("Larkfield Women’s Co-operative", "9000014", "Camden", date(2027, 3, 31))
    with store.reading() as session:
        note = session.scalars(select(Note)).one()
        assert session.get(Organisation, gone.id) is None
    assert (note.about, note.text) == (
        kept.reference,
        f"Merged {gone.reference}, Larkfield Womens Cooperative, into this organisation.\n"
        "Legal name: Larkfield Womens Cooperative\nKind: Other\nStatus: Prospective\nBorough: Islington".replace(
            "\nKind: Other\nStatus: Prospective", ""
        ),
    )


def test_what_stands_in_columns_of_their_own_is_filled_and_told_too(store, twins):
    ward, size = (file_settings.add_column(store, Organisation, label, Kind.TEXT).name for label in ("Ward", "Size"))
    editing.save(store, Organisation, {ward: "North"}, id=twins[0].id)
    editing.save(store, Organisation, {ward: "South", size: "Small"}, id=twins[1].id)

    organisations.merge(store, twins[0].id, twins[1].id)

    assert fields(store, twins[0], "own") == ({ward: "North", size: "Small"},)
    with store.reading() as session:
        assert session.scalars(select(Note.text)).one().endswith("\nWard: South")


def test_what_holds_money_back_passes_on(store, twins):
    kept, _ = twins
    gone = make(
        store, Organisation, stopped=True, stop_reason="Accounts overdue", status=OrganisationStatus.APPROVED,
        bank_change_reported_on=date(2026, 11, 20), bank_change_reported_by="Ben Officer",
    )  # fmt: skip

    organisations.merge(store, kept.id, gone.id)

    told = fields(store, kept, "stopped", "stop_reason", "status", "bank_change_reported_on", "bank_change_reported_by")
    assert told == (True, "Accounts overdue", OrganisationStatus.APPROVED, date(2026, 11, 20), "Ben Officer")


def test_a_merge_is_undone_whole_and_done_again(store, twins):
    kept, gone = twins
    make(store, Grant, organisation_id=gone.id)
    make(store, Engagement, partners=(gone.reference,))
    kinds = (Organisation, Grant, Engagement, Note)
    before = whole(store, *kinds)

    organisations.merge(store, kept.id, gone.id)
    after = whole(store, *kinds)
    undoing.undo(store)

    assert whole(store, *kinds) == before
    assert checking.check(store) == []
    undoing.redo(store)
    assert {key: after[key] for key in after if key[:3] != "NOT"} == {
        key: value for key, value in whole(store, *kinds).items() if key[:3] != "NOT"
    }
    assert checking.check(store) == []


def test_both_histories_stay(store, twins):
    kept, gone = twins
    organisations.merge(store, kept.id, gone.id)

    with store.reading() as session:
        told = session.execute(
            select(Step.words, Edit.action).join(Edit).where(Edit.kind == "organisation", Edit.record_id == gone.id)
        )
        assert [tuple(row) for row in told] == [
            ("Make a organisation", "created"), (last(store).words, "deleted"),
        ]  # fmt: skip


def test_the_one_that_stays_is_found_by_its_grants_words(store, twins):
    kept, gone = twins
    grant = make(store, Grant, organisation_id=gone.id, title="Speaking first")
    organisations.merge(store, kept.id, gone.id)

    with store.reading() as session:
        assert search.find(session, "Womens Cooperative", kinds=(Organisation, Grant)) == []
        assert search.find(session, "Larkfield speaking", kinds=(Grant,)) == [(Grant, grant.id)]


def test_an_organisation_is_not_merged_with_itself(store, twins):
    kept, _ = twins

    with pytest.raises(Refused, match="one and the same"):
        organisations.merge(store, kept.id, kept.id)


def test_where_nothing_referred_to_the_other_nothing_is_said_of_it(store):
    kept, gone = make(store, Organisation), make(store, Organisation)

    organisations.merge(store, kept.id, gone.id)

    assert last(store).words == f"Merge organisation {gone.reference} into {kept.reference}"
