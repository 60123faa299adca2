"""The stories that the sample tells."""

from collections import Counter
from datetime import date, timedelta
from statistics import median

from sqlalchemy import select

from grants_app import clock, records
from grants_app.operations import checks
from grants_app.records import (
    Breakdown,
    Engagement,
    Grant,
    Payment,
    Task,
    figures,
    registers,
)  # fmt: skip
from grants_app.records.engagement import Dimension, EngagementStatus
from grants_app.records.evidence import Consent
from grants_app.records.grant import Measure, Rag, Status
from grants_app.records.history import Kept
from grants_app.records.payment import PaymentKind, PaymentStatus
from tests.operations.sample.reading import STORIES, every, of_key, unreached


def test_the_stories_show_as_warnings_and_as_nothing_else(sample):
    with sample.reading() as session:
        told = {sort.name: sort.open for sort in checks.sorts(session)}

    assert told == {**dict.fromkeys(STORIES, 1), "payment late": 2}


def test_two_boroughs_are_unreached(sample):
    assert unreached(sample) == {"Havering", "Kingston upon Thames"}


def test_one_grant_is_behind_its_plan_and_one_is_red(sample):
    behind, red = of_key(sample, "bridgefoot"), of_key(sample, "common")

    assert (behind.rag, behind.rag_reason) == (Rag.AMBER, "Two behind plan: three of five by now")
    assert (red.rag, red.status) == (Rag.RED, Status.ACTIVE)
    with sample.reading() as session:
        today = figures.planned(Measure.ENGAGEMENTS, by=clock.today())
        reckoned = select(today, Kept.delivered).select_from(Grant).join(Kept, Kept.grant_id == Grant.id)
        row = session.execute(reckoned.where(Grant.id == behind.id))
        planned, delivered = row.one()
    assert (round(planned), delivered) == (5, 3)


def test_a_rating_that_changed_has_its_former_one_in_the_history(sample):
    grants = {key: of_key(sample, key).id for key in ("bridgefoot", "common", "ferry", "quayside")}
    with sample.reading() as session:
        was = select(registers.rating_at(date(2026, 10, 1)))
        then = {key: session.scalar(was.where(Grant.id == id_)) for key, id_ in grants.items()}

    assert then == {"bridgefoot": "Green", "common": "Amber", "ferry": "Amber", "quayside": "Green"}


def test_an_underspend_has_its_reclaim(sample):
    grant = of_key(sample, "lantern")
    (reclaim,) = [one for one in every(sample, Payment) if one.grant_id == grant.id and one.kind is PaymentKind.RECLAIM]

    assert (reclaim.amount, reclaim.status) == (grant.awarded - grant.declared_spend, PaymentStatus.SCHEDULED)


def test_a_breakdown_is_two_people_short(sample):
    with sample.reading() as session:
        (warning,) = checks.listed(session, "breakdown does not add up")
    summed = sum(
        row.count
        for row in every(sample, Breakdown)
        if row.engagement_id == warning.id and row.dimension is Dimension.AGE
    )
    (engagement,) = [one for one in every(sample, Engagement) if one.id == warning.id]
    assert engagement.attended - summed == 2


def test_a_bid_is_refused_with_an_adviser_s_reason_and_another_withdrawn(sample):
    refused, withdrawn = of_key(sample, "northern"), of_key(sample, "willow")

    assert (refused.status, refused.refusal_reason.value) == (Status.NOT_APPROVED, "Not aligned")
    assert (withdrawn.status, withdrawn.awarded) == (Status.WITHDRAWN, None)


def test_a_payment_waits_for_a_second_officer_who_is_not_the_one_who_asked(sample):
    (waiting,) = [one for one in every(sample, Payment) if one.status is PaymentStatus.PENDING]

    assert (waiting.due, waiting.requested_by) == (clock.today(), "Priya Nair")


def test_school_holidays_show_in_the_attendance(sample):
    months: Counter[str] = Counter()
    for one in every(sample, Engagement):
        if one.status is EngagementStatus.DELIVERED:
            months[f"{one.held_on:%Y-%m}"] += one.attended

    assert months["2026-08"] < median(months.values()) / 4
    assert max(months.values()) < 3 * median(months.values())


def test_each_level_of_consent_is_there_one_ends_this_week_and_one_is_withdrawn(sample):
    said = every(sample, records.Testimonial)

    assert {one.consent for one in said} == set(Consent)
    week = (clock.today(), clock.today() + timedelta(days=7))
    assert [one.described for one in said if one.expires and week[0] <= one.expires <= week[1]] == [
        "mother of two, Hounslow"
    ]
    assert [one.withdrawn_on for one in said if one.withdrawn_on] == [date(2026, 11, 8)]
    assert {one.source for one in said} == {"Illustrative: invented for the sample"}


def test_tasks_are_due_this_week_and_one_warning_was_accepted_with_a_reason(sample):
    mine = [task for task in every(sample, Task) if task.who == "Ann Officer" and not task.done]
    (accepted,) = every(sample, records.Acceptance)

    assert sum(abs((task.due - clock.today()).days) <= 7 for task in mine) == 6
    assert (accepted.rule, bool(accepted.reason)) == ("outside the grant's dates", True)
