"""Measurements, their approval and correction, and consent."""

from datetime import date

import pytest
from sqlalchemy import select

from grants_app import records
from grants_app.errors import Invalid, Refused
from grants_app.operations import editing, outcomes
from grants_app.records import Grant, Indicator, Measurement, results
from grants_app.records.evidence import Consent, Direction, MeasurementStatus, Unit
from grants_app.store import undoing
from tests.make import make
from tests.operations.reading import fields, last

YEAR = {"starts": date(2025, 10, 1), "ends": date(2026, 9, 30)}
S = MeasurementStatus


def published(store):
    with store.reading() as session:
        return list(session.scalars(select(records.Testimonial.id).where(results.publishable(date(2026, 11, 23)))))


def test_a_measurement_is_a_draft_until_it_is_approved_and_approval_is_reversed(store):
    indicator = make(store, Indicator)
    made = outcomes.measure(store, {"indicator_id": indicator.id, "value": 66.0, **YEAR})
    assert fields(store, made, "status", "value") == (S.DRAFT, 66.0)

    outcomes.approve_measurement(store, made.id)
    assert (fields(store, made, "status"), last(store).final) == ((S.APPROVED,), True)
    with pytest.raises(Refused, match="is approved, so it cannot be approved: only one that is draft can"):
        outcomes.approve_measurement(store, made.id)
    outcomes.reverse_approval(store, made.id, "Counted twice")
    assert (fields(store, made, "status"), last(store).reason) == ((S.DRAFT,), "Counted twice")


def test_per_cent_follows_from_numerator_and_denominator(store):
    indicator = make(store, Indicator, unit=Unit.PERCENT)

    made = outcomes.measure(store, {"indicator_id": indicator.id, "numerator": 2, "denominator": 3, **YEAR})

    assert fields(store, made, "value", "numerator", "denominator") == (66.7, 2, 3)


def test_no_grant_measures_a_context_indicator(store):
    context = make(store, Indicator, name="Think that the threat is increasing", direction=Direction.CONTEXT)
    grant = make(store, Grant)

    for said in (outcomes.measure, lambda store, values: editing.add(store, Measurement, values)):
        with pytest.raises(Invalid, match="is context: only a repeat of the same research measures it"):
            said(store, {"indicator_id": context.id, "grant_id": grant.id, "value": 60.0, **YEAR})
    outcomes.measure(store, {"indicator_id": context.id, "value": 60.0, **YEAR})


def test_a_correction_is_a_new_explained_draft_and_the_old_value_stays_as_it_was(store):
    indicator = make(store, Indicator, unit=Unit.PERCENT)
    old = outcomes.measure(store, {"indicator_id": indicator.id, "numerator": 40, "denominator": 60, **YEAR})
    outcomes.approve_measurement(store, old.id)

    new = outcomes.correct(store, old.id, {"numerator": 36}, "Four answered twice")

    assert fields(store, old, "status", "numerator", "value") == (S.DRAFT, 40, 66.7)
    told = fields(store, new, "status", "numerator", "denominator", "value", "note", "starts", "ends")
    assert told == (
        S.DRAFT,
        36,
        60,
        60.0,
        f"Corrects {old.reference}: Four answered twice",
        YEAR["starts"],
        YEAR["ends"],
    )
    with pytest.raises(Refused, match="is draft, so it cannot have its approval reversed"):
        outcomes.correct(store, old.id, {"numerator": 35}, "Once more")


def test_an_approved_value_stands_until_its_approval_is_reversed(store):
    made = outcomes.measure(store, {"indicator_id": make(store, Indicator).id, "value": 66.0, **YEAR})
    outcomes.approve_measurement(store, made.id)

    for name, value in (("value", 67.0), ("numerator", 3), ("ends", date(2026, 10, 1))):
        with pytest.raises(Invalid, match="stands while the measurement is approved: reverse that first"):
            editing.save(store, Measurement, {name: value}, id=made.id)
    editing.save(store, Measurement, {"source": "Registers"}, id=made.id)
    outcomes.reverse_approval(store, made.id, "Counted twice")
    editing.save(store, Measurement, {"value": 67.0}, id=made.id)

    assert fields(store, made, "value", "source") == (67.0, "Registers")


def test_withdrawn_consent_keeps_a_testimonial_in_the_app_and_can_be_undone_once_mistaken(store):
    said = make(store, records.Testimonial, consent=Consent.ANONYMOUS, consented_on=date(2026, 1, 5))
    assert published(store) == [said.id]

    outcomes.withdraw_consent(store, said.id, on=date(2026, 11, 20))
    assert published(store) == []
    with pytest.raises(Refused, match="was withdrawn on 20 November 2026 already"):
        outcomes.withdraw_consent(store, said.id)
    with pytest.raises(Refused, match="keep what is said now as a new testimonial"):
        outcomes.renew_consent(store, said.id, date(2027, 11, 23))
    undoing.undo(store)
    assert fields(store, said, "withdrawn_on") == (None,)


def test_consent_is_renewed_until_another_day(store):
    said = make(
        store,
        records.Testimonial,
        consent=Consent.ANONYMOUS,
        consented_on=date(2025, 12, 1),
        expires=date(2026, 11, 26),
    )

    outcomes.renew_consent(store, said.id, date(2027, 11, 23))

    assert fields(store, said, "consented_on", "expires") == (date(2026, 11, 23), date(2027, 11, 23))
