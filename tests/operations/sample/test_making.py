"""The sample is whole, on any day; its history and its money."""

from collections import Counter
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from grants_app import clock, records
from grants_app.errors import Refused
from grants_app.operations import checks
from grants_app.operations.sample import make_sample
from grants_app.operations.sample.sessions import holiday
from grants_app.records import (
    RECORDS,
    Engagement,
    FundingLine,
    Grant,
    Payment,
    Programme,
    figures,
    rules,
)  # fmt: skip
from grants_app.records.engagement import EngagementStatus
from grants_app.records.grant import AWARDED, PENDING
from grants_app.records.history import Step
from grants_app.records.payment import PaymentKind, PaymentStatus
from grants_app.store import Store, checking, settings, undoing
from tests.make import make
from tests.operations.sample.reading import DAYS, STORIES, blemishes, every, made, unreached


def test_the_file_is_marked_as_a_sample_and_all_is_well_with_it(sample):
    assert sample.setting(settings.SAMPLE) is True
    assert checking.check(sample) == []
    with sample.reading() as session:
        broken = [rule.name for rule in rules.stopping() if session.execute(rule.offending()).first()]
    assert broken == []


def test_there_is_something_of_every_kind(sample):
    assert [kind.plural for kind in RECORDS if not every(sample, kind)] == []


def test_its_size_is_that_of_a_real_programme(sample):
    awards = [grant for grant in every(sample, Grant) if grant.status in AWARDED]
    delivered = [one for one in every(sample, Engagement) if one.status is EngagementStatus.DELIVERED]

    assert (len(awards), len(delivered)) == (23, 150)
    assert min(one.held_on for one in delivered) > clock.today() - timedelta(days=366)
    assert every(sample, Programme)[0].budget == Decimal("650000.00")
    assert sum(line.amount for line in every(sample, FundingLine)) == Decimal("650000.00")


@pytest.mark.parametrize("day", [*DAYS[:2], *(pytest.param(day, marks=pytest.mark.slow) for day in DAYS[2:])])
def test_it_is_whole_on_any_day_of_the_year(tmp_path, monkeypatch, day):
    monkeypatch.setenv("GRANTS_TODAY", day)
    store = made(tmp_path, day)

    with store.reading() as session:
        broken = [rule.name for rule in rules.stopping() if session.execute(rule.offending()).first()]
        open_warnings = Counter({sort.name: sort.open for sort in checks.sorts(session)})
    delivered = [one for one in every(store, Engagement) if one.status is EngagementStatus.DELIVERED]
    statuses = {payment.status for payment in every(store, Payment)}
    assert (broken, len(delivered), statuses) == ([], 150, set(PaymentStatus))
    assert set(open_warnings) == STORIES
    assert blemishes(store) == []
    assert unreached(store) == {"Havering", "Kingston upon Thames"}
    assert [one.reference for one in delivered if one.kind == "Lesson" and holiday(one.held_on)] == []
    assert [step.words for step in every(store, Step) if step.at > clock.now()] == []
    store.close()


def test_it_is_the_same_each_time_on_the_same_day(sample, tmp_path):
    again = made(tmp_path, "2026-11-23")

    def all_of(store: Store) -> list[tuple[str, dict]]:
        return [(one.reference, one.copy_values()) for kind in RECORDS for one in every(store, kind)]

    assert all_of(again) == all_of(sample)
    again.close()


def test_it_goes_into_an_empty_file_only(store):
    make(store, Programme)

    with pytest.raises(Refused, match="goes into an empty file: this one holds a programme already"):
        make_sample(store)


@pytest.mark.parametrize("officer", ["Priya Nair", pytest.param("Grace Whitfield", marks=pytest.mark.slow)])
def test_an_officer_may_have_the_name_of_one_in_the_sample(tmp_path, officer):
    store = made(tmp_path, "2026-11-23", officer)

    names = [one.name for one in every(store, records.Officer)]
    assert (store.officer, sorted(names)) == (officer, sorted({*names}))
    assert checking.check(store) == []
    store.close()


def test_its_history_is_a_year_long_in_order_and_by_several_officers(sample):
    steps = every(sample, Step)

    assert [step.at for step in steps] == sorted(step.at for step in steps)
    assert (steps[-1].at - steps[0].at).days > 365
    assert steps[-1].at <= clock.now()
    assert {step.officer for step in steps} == {
        "Ann Officer", "Priya Nair", "Tom Adeyemi", "Grace Whitfield", "Joel Osei",
    }  # fmt: skip
    assert [step.words for step in steps if "{" in step.words] == []
    assert not any(step.at.date() < clock.today() and step.at.weekday() > 4 for step in steps)


def test_what_the_officer_did_last_can_be_undone_and_what_was_decided_cannot(tmp_path):
    store = made(tmp_path, "2026-11-23")
    with store.reading() as session:
        last = undoing.last_step(session, "Ann Officer")
        decided = session.scalars(select(Step).where(Step.words.like("Award %"))).all()
    assert (last.words, {step.final for step in decided}) == ("Log engagement ENG-000162, 28 attendances", {True})

    undoing.undo(store)

    assert len(every(store, Engagement)) == 161
    store.close()


def test_the_position_ties_to_a_reckoning_by_hand(sample):
    grants, payments = every(sample, Grant), every(sample, Payment)
    paid = sum(
        -payment.amount if payment.kind is PaymentKind.RECLAIM else payment.amount
        for payment in payments
        if payment.status is PaymentStatus.PAID
    )
    awarded = sum(grant.awarded for grant in grants if grant.status in AWARDED)
    committed = sum(grant.awarded for grant in grants if grant.status in AWARDED and grant.agreement_signed_on)
    pending = sum(grant.asked for grant in grants if grant.status in PENDING)
    with sample.reading() as session:
        row = session.execute(figures.position(Programme.id > 0)).mappings().one()

    told = {name: row[name] for name in ("awarded", "committed", "pending", "paid", "left", "budget_left")}
    assert told == {
        "awarded": awarded, "committed": committed, "pending": pending, "paid": paid, "left": awarded - paid,
        "budget_left": Decimal("650000.00") - awarded - pending,
    }  # fmt: skip
    assert (awarded, pending, told["budget_left"]) == (Decimal(499300), Decimal(38000), Decimal(112700))


def test_every_payment_status_is_there_and_each_approved_one_has_its_two_officers(sample):
    payments = every(sample, Payment)

    assert {payment.status for payment in payments} == set(PaymentStatus)
    alone = [payment for payment in payments if payment.approved_by and payment.approved_by == payment.requested_by]
    assert [payment.countersign for payment in alone] == [True]
    assert not any(payment.paid_on and payment.paid_on > clock.today() for payment in payments)


def test_each_award_and_each_payment_is_split_over_funding_lines_to_the_penny(sample):
    parts: Counter[tuple[int, int | None]] = Counter()
    for part in every(sample, records.Allocation):
        parts[part.grant_id, part.payment_id] += part.amount
    signed = {grant.id: grant.awarded for grant in every(sample, Grant) if grant.agreement_signed_on}
    whole = {(grant, None): amount for grant, amount in signed.items()}
    planned = [payment for payment in every(sample, Payment) if payment.kind is not PaymentKind.RECLAIM]
    whole |= {(payment.grant_id, payment.id): payment.amount for payment in planned}

    assert dict(parts) == whole
