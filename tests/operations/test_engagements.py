"""Logging engagements, who came by category, and sign-in sheets of which only the count is kept."""

from datetime import date

import pytest

from grants_app.errors import Invalid, Refused
from grants_app.operations import engagements
from grants_app.records import Breakdown, Document, Engagement, Grant, Note
from grants_app.records.engagement import CountMethod, Dimension, EngagementStatus
from grants_app.store import Store, undoing
from tests.make import make
from tests.operations.reading import fields, last, steps

TODAY = date(2026, 11, 23)
S = EngagementStatus


def categories(store: Store, engagement: Engagement) -> dict[tuple[str, str], int]:
    with store.reading() as session:
        rows = session.query(Breakdown).filter_by(engagement_id=engagement.id)
        return {(row.dimension.value, row.category): row.count for row in rows}


def test_an_engagement_is_logged_as_delivered_today_in_its_grant_s_programme(store):
    grant = make(store, Grant)

    logged = engagements.log(store, {"grant_id": grant.id, "title": "Coffee morning", "attended": 28})

    told = fields(store, logged, "programme_id", "status", "held_on", "attended", "reference")
    assert told == (grant.programme_id, S.DELIVERED, TODAY, 28, "ENG-000001")
    assert last(store).words == "Log engagement ENG-000001, 28 attendances"


def test_logging_needs_a_number_of_people_and_a_day_that_has_come(store):
    grant = make(store, Grant)
    before = steps(store)

    with pytest.raises(Invalid, match="Attended is needed once an engagement is delivered: one number is enough"):
        engagements.log(store, {"grant_id": grant.id, "title": "Talk"})
    with pytest.raises(Invalid, match="Held on is in the future"):
        engagements.log(store, {"grant_id": grant.id, "title": "Talk", "attended": 3, "held_on": date(2026, 11, 24)})
    assert steps(store) == before


def test_nobody_came_is_a_number_too(store):
    grant = make(store, Grant)

    logged = engagements.log(store, {"grant_id": grant.id, "title": "Talk", "attended": 0})

    assert fields(store, logged, "attended", "status") == (0, S.DELIVERED)


def test_a_breakdown_is_logged_in_the_same_step_even_if_it_is_short(store):
    grant = make(store, Grant)
    ages = {"16 to 18": 10, "Not collected": 16}

    logged = engagements.log(
        store, {"grant_id": grant.id, "title": "Talk", "attended": 28}, breakdowns={Dimension.AGE: ages}
    )

    assert categories(store, logged) == {("Age band", "16 to 18"): 10, ("Age band", "Not collected"): 16}
    undoing.undo(store)
    assert categories(store, logged) == {}


def test_breaking_down_again_replaces_what_was_said_of_that_dimension_only(store):
    logged = engagements.log(
        store,
        {"grant_id": make(store, Grant).id, "title": "Talk", "attended": 28},
        breakdowns={Dimension.AGE: {"16 to 18": 10, "19 to 24": 18}, Dimension.SEX: {"Female": 28}},
    )

    engagements.break_down(store, logged.id, Dimension.AGE, {"16 to 18": 12, "Not collected": 16})
    assert categories(store, logged) == {
        ("Age band", "16 to 18"): 12, ("Age band", "Not collected"): 16, ("Sex", "Female"): 28,
    }  # fmt: skip
    engagements.break_down(store, logged.id, Dimension.AGE, {})
    assert categories(store, logged) == {("Sex", "Female"): 28}
    with pytest.raises(Refused, match="The category's name is needed"):
        engagements.break_down(store, logged.id, Dimension.AGE, {" ": 2})


def test_a_planned_engagement_is_delivered_by_saying_how_many_came(store):
    planned = make(store, Engagement, held_on=date(2026, 11, 22))

    engagements.deliver(store, planned.id, 17, new=5)

    assert fields(store, planned, "status", "attended", "new") == (S.DELIVERED, 17, 5)
    assert last(store).words == f"Deliver engagement {planned.reference}, 17 attendances"
    with pytest.raises(Refused, match="is delivered, so it cannot be delivered"):
        engagements.deliver(store, planned.id, 18)


def test_what_is_still_to_come_cannot_be_delivered(store):
    planned = make(store, Engagement, held_on=date(2026, 11, 24))

    with pytest.raises(Invalid, match="Held on is in the future"):
        engagements.deliver(store, planned.id, 17)


def test_cancelling_needs_a_reason_and_a_cancelled_one_may_turn_out_to_have_been_held(store):
    planned = make(store, Engagement, held_on=date(2026, 11, 22))

    with pytest.raises(Refused, match="A reason is needed"):
        engagements.cancel(store, planned.id, "")
    engagements.cancel(store, planned.id, "Hall flooded")
    assert (fields(store, planned, "status"), last(store).reason) == ((S.CANCELLED,), "Hall flooded")
    engagements.deliver(store, planned.id, 4)

    assert fields(store, planned, "status", "attended") == (S.DELIVERED, 4)


def test_a_planned_or_cancelled_engagement_is_postponed_and_a_delivered_one_is_not(store):
    planned = make(store, Engagement, held_on=date(2026, 11, 22), status=S.CANCELLED)

    engagements.postpone(store, planned.id, date(2026, 12, 6))
    assert fields(store, planned, "status", "held_on") == (S.PLANNED, date(2026, 12, 6))

    delivered = make(store, Engagement, held_on=date(2026, 11, 22), status=S.DELIVERED, attended=3)
    with pytest.raises(Refused, match="is delivered: change its date instead"):
        engagements.postpone(store, delivered.id, date(2026, 12, 6))


def held(store, engagement):
    with store.reading() as session:
        found = session.get_one(Engagement, engagement.id)
        return found.status, found.attended, found.method


def test_a_planned_engagement_is_delivered_by_its_count(store):
    planned = make(store, Engagement, held_on=date(2026, 11, 20))

    engagements.keep_register_count(store, about=planned.reference, count=24, name="register.pdf")

    assert held(store, planned) == (EngagementStatus.DELIVERED, 24, CountMethod.REGISTER)
    with store.reading() as session:
        assert session.query(Document).count() == 0


def test_a_delivered_one_takes_the_count_as_its_attendance_and_undo_gives_the_old_one_back(store):
    done = make(store, Engagement, held_on=date(2026, 11, 20), status=EngagementStatus.DELIVERED, attended=20)

    engagements.keep_register_count(store, about=done.reference, count=24, name="register.pdf")
    assert held(store, done) == (EngagementStatus.DELIVERED, 24, CountMethod.REGISTER)

    undoing.undo(store)
    assert held(store, done) == (EngagementStatus.DELIVERED, 20, None)


def test_with_any_other_record_the_count_is_noted_without_names(store):
    grant = make(store, Grant)

    engagements.keep_register_count(store, about=grant.reference, count=1, name="register.pdf")

    with store.reading() as session:
        note = session.query(Note).one()
        assert (note.about, note.on, note.text) == (
            grant.reference,
            date(2026, 11, 23),
            "1 person signed “register.pdf”. The sheet was not kept, for it holds names.",
        )


def test_nobody_signs_for_what_was_cancelled_or_has_not_been(store):
    cancelled = make(store, Engagement, held_on=date(2026, 11, 20), status=EngagementStatus.CANCELLED)
    ahead = make(store, Engagement, held_on=date(2026, 12, 20))

    with pytest.raises(Refused, match="was cancelled"):
        engagements.keep_register_count(store, about=cancelled.reference, count=3, name="register.pdf")
    with pytest.raises(Invalid, match="Held on is in the future"):
        engagements.keep_register_count(store, about=ahead.reference, count=3, name="register.pdf")
