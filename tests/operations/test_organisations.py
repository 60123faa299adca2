"""Stops and bank changes."""

from datetime import date

import pytest

from grants_app.errors import Refused
from grants_app.operations import organisations
from grants_app.records import Organisation
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
