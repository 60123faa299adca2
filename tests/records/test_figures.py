"""Derived figures, each against a reckoning of its own."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from sqlalchemy import literal, select

from grants_app import clock
from grants_app.records import Engagement, Grant, Organisation, Payment, PlanLine, Programme, figures
from grants_app.records.engagement import EngagementStatus
from grants_app.records.grant import AWARDED, PENDING, Measure, Status
from grants_app.records.history import Kept
from grants_app.records.payment import PaymentKind, PaymentStatus
from grants_app.store import Store
from tests.make import make, make_in

START = date(2026, 11, 14)
S = PaymentStatus
IN_FLIGHT_OR_PAID = {S.PENDING, S.AUTHORISED, S.SENT, S.PAID}


def of(store: Store, grant: Grant, *expressions: Any) -> tuple[Any, ...]:
    """Figures of one grant."""
    with store.reading() as session:
        joined = select(*expressions).select_from(Grant).outerjoin(Kept, Kept.grant_id == Grant.id)
        return tuple(session.execute(joined.where(Grant.id == grant.id)).one())


def line(store: Store, grant: Grant, planned: float, days: int, **values: Any) -> None:
    dates = {"starts": START, "ends": START + timedelta(days=days - 1)}
    with store.change("Plan") as session:
        whole = {"grant_id": grant.id, "what": Measure.ENGAGEMENTS, "planned": planned, **dates, **values}
        make_in(session, PlanLine, whole)


@pytest.mark.parametrize(
    ("day", "expected"),
    [(-30, 0.0), (-1, 0.0), (0, 1.0), (4, 5.0), (9, 10.0), (10, 10.0), (400, 10.0)],
)
def test_a_plan_line_is_spread_evenly_over_its_days_the_first_and_last_included(store, day, expected):
    grant = make(store, Grant)
    line(store, grant, 10.0, days=10)

    planned = figures.planned(Measure.ENGAGEMENTS, by=START + timedelta(days=day))
    assert of(store, grant, planned) == (expected,)


def test_a_line_of_one_day_is_planned_whole_on_that_day(store):
    grant = make(store, Grant)
    line(store, grant, 3.0, days=1)

    days = (START - timedelta(days=1), START)
    assert [of(store, grant, figures.planned(Measure.ENGAGEMENTS, by=day)) for day in days] == [(0.0,), (3.0,)]


def test_a_line_over_a_leap_day_and_a_year_s_end_counts_calendar_days(store):
    grant = make(store, Grant)
    line(store, grant, 366.0, days=366, starts=date(2027, 12, 31), ends=date(2028, 12, 30))

    by = [date(2027, 12, 31), date(2028, 2, 29), date(2028, 3, 1), date(2028, 12, 30)]
    assert [of(store, grant, figures.planned(Measure.ENGAGEMENTS, by=day))[0] for day in by] == [1.0, 61.0, 62.0, 366.0]


def test_a_grant_s_plan_is_the_sum_of_its_undivided_lines(store):
    grant, other = make(store, Grant), make(store, Grant)
    line(store, grant, 10.0, days=10)
    line(store, grant, 6.0, days=20)
    line(store, grant, 99.0, days=10, audience="Mothers")
    line(store, grant, 99.0, days=10, borough="Brent")
    line(store, grant, 99.0, days=10, kind="Workshop")
    line(store, grant, 80.0, days=10, what=Measure.PEOPLE)
    line(store, other, 7.0, days=10)

    planned = [figures.planned(what) for what in (Measure.ENGAGEMENTS, Measure.PEOPLE, Measure.INDICATOR)]
    assert of(store, grant, *planned) == (16.0, 80.0, None)
    assert of(store, grant, figures.planned(Measure.ENGAGEMENTS, by=START + timedelta(days=4))) == (6.5,)


def held(store: Store, grant: Grant, attended: int | None, new: int | None = None, **values: Any) -> None:
    filled = {"status": EngagementStatus.DELIVERED, "held_on": date(2026, 5, 4), "attended": attended, "new": new}
    make(store, Engagement, grant_id=grant.id, **{**filled, **values})


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([], (0, 0)),
        ([(28, None)], (28, 28)),
        ([(28, 28), (30, 5), (12, 4)], (37, 70)),
        ([(28, 3), (30, None), (12, 4)], (30, 70)),
        ([(0, 0)], (0, 0)),
    ],
)
def test_reach_is_at_least_the_largest_attendance_or_the_new_people_and_at_most_the_attendances(
    store, counts, expected
):
    grant = make(store, Grant)
    for attended, new in counts:
        held(store, grant, attended, new)
    held(store, grant, 500, 500, status=EngagementStatus.CANCELLED)
    held(store, grant, None, status=EngagementStatus.PLANNED, held_on=date(2026, 12, 4))

    assert of(store, grant, figures.reach_lower(), figures.reach_upper()) == expected


def test_reach_of_a_programme_adds_its_grants_up(store):
    programme = make(store, Programme)
    for counts in ([(28, 28), (30, 5)], [(12, None), (9, None)]):
        grant = make(store, Grant, programme_id=programme.id)
        for attended, new in counts:
            held(store, grant, attended, new)
    with store.reading() as session:
        row = session.execute(figures.position(Programme.id == programme.id)).one()

    assert (row.reach_lower, row.attended, row.delivered) == (33 + 12, 58 + 21, 4)


@pytest.fixture
def busy(store: Store) -> Store:
    """Two programmes with grants in every status and payments of every kind and status: history that only warns."""
    fund = make(store, Programme, code="FUND", budget=Decimal("9000000.00"))
    call = make(store, Programme, code="CALL", budget=Decimal("1000000.55"), parent_id=fund.id)
    body = make(store, Organisation)
    with store.change("Bring in", lenient=True) as session:
        grants = [
            {
                "programme_id": programme.id, "organisation_id": body.id, "title": status.value, "status": status,
                "asked": None if place % 4 == 0 else Decimal(1000 + place).scaleb(-2) * 100,
                "awarded": Decimal(7001 * (place + 1)).scaleb(-2) if status in AWARDED else None,
                "agreement_signed_on": date(2026, 4, 1) if place % 3 else None,
            }
            for programme in (fund, call) for place, status in enumerate(Status)
        ]  # fmt: skip
        ids = session.add_many(Grant, grants)
        payments = [
            {
                "grant_id": ids[place % len(ids)], "kind": kind, "status": status,
                "amount": Decimal(333 + 7 * place).scaleb(-2),
                "due": START + timedelta(days=40 * (place % 30 - 15)),
                "expected_on": START if place % 5 == 0 else None,
                "paid_on": START - timedelta(days=31 * (place % 9)) if status in {S.PAID, S.RETURNED} else None,
            }
            for place, (kind, status) in enumerate(product(PaymentKind, PaymentStatus, repeat=1))
        ]  # fmt: skip
        session.add_many(Payment, payments * 3)
    return store


def every(store: Store, kind):
    with store.reading() as session:
        return session.scalars(select(kind)).all()


def worth(payment: Payment) -> Decimal:
    """What a payment adds to what is paid."""
    if payment.status is not S.PAID:
        return Decimal(0)
    return -payment.amount if payment.kind is PaymentKind.RECLAIM else payment.amount


def test_paid_left_and_counted_tie_to_the_payments_of_each_grant(busy):
    paid, counted = defaultdict(Decimal), defaultdict(Decimal)
    for payment in every(busy, Payment):
        paid[payment.grant_id] += worth(payment)
        if payment.kind is PaymentKind.RECLAIM:
            counted[payment.grant_id] += worth(payment)
        elif payment.status in IN_FLIGHT_OR_PAID:
            counted[payment.grant_id] += payment.amount

    for grant in every(busy, Grant):
        left = None if grant.awarded is None else grant.awarded - paid[grant.id]
        told = of(busy, grant, figures.paid(), figures.left(), figures.money(Kept.committed), figures.current())
        assert told == (paid[grant.id], left, counted[grant.id], grant.awarded)


@pytest.mark.parametrize("code", ["FUND", "CALL", None])
def test_the_position_ties_to_the_grants_and_payments_of_the_programmes(busy, code):
    programmes = [one for one in every(busy, Programme) if code in (None, one.code)]
    ids = {one.id for one in programmes}
    grants = [grant for grant in every(busy, Grant) if grant.programme_id in ids]
    mine = {grant.id for grant in grants}
    awarded = sum((grant.awarded for grant in grants if grant.status in AWARDED), Decimal(0))
    pending = sum((grant.asked or Decimal(0) for grant in grants if grant.status in PENDING), Decimal(0))
    committed = sum(
        (grant.awarded for grant in grants if grant.status in AWARDED and grant.agreement_signed_on), Decimal(0)
    )
    paid = sum((worth(payment) for payment in every(busy, Payment) if payment.grant_id in mine), Decimal(0))
    budget = sum((one.budget for one in programmes), Decimal(0))
    with busy.reading() as session:
        row = session.execute(figures.position(Programme.id.in_(ids))).mappings().one()
        left = session.execute(select(figures.budget_left()).where(Programme.id.in_(ids))).scalars().all()

    names = ("budget", "awarded", "pending", "committed", "paid", "left", "budget_left")
    assert {name: row[name] for name in names} == {
        "budget": budget, "awarded": awarded, "pending": pending, "committed": committed, "paid": paid,
        "left": awarded - paid, "budget_left": budget - awarded - pending,
    }  # fmt: skip
    assert sum(left) == row["budget_left"]


def test_a_fund_has_its_calls_within_it(busy):
    fund, call = every(busy, Programme)
    with busy.reading() as session:
        found = [set(session.scalars(figures.within(one))) for one in (fund.id, call.id, None)]

    assert found == [{fund.id, call.id}, {call.id}, {fund.id, call.id}]


def test_budget_left_is_blank_without_a_budget(store):
    programme = make(store, Programme)

    with store.reading() as session:
        assert session.scalar(select(figures.budget_left()).where(Programme.id == programme.id)) is None


def test_money_by_financial_year_goes_by_the_day_paid_else_expected_else_due(busy):
    paid, to_come = Counter(), Counter()
    for payment in every(busy, Payment):
        year = int(clock.financial_year(payment.paid_on or payment.expected_on or payment.due)[:4])
        sign = -1 if payment.kind is PaymentKind.RECLAIM else 1
        paid[year] += worth(payment)
        coming = payment.status in {S.SCHEDULED, S.PENDING, S.AUTHORISED, S.SENT}
        to_come[year] += sign * payment.amount if coming else Decimal(0)
    with busy.reading() as session:
        rows = session.execute(figures.by_financial_year(figures.within(None))).all()

    assert [(row.year, row.paid, row.to_come) for row in rows] == [
        (year, paid[year], to_come[year]) for year in sorted(paid)
    ]


@pytest.mark.parametrize("day", ["2026-03-31", "2026-04-01", "2026-12-31", "2027-01-01", "2028-02-29"])
def test_the_financial_year_of_a_day_is_the_same_in_sql_and_in_python(store, day):
    with store.reading() as session:
        year = session.scalar(select(figures.financial_year(literal(date.fromisoformat(day)))))

    assert f"{year}" == clock.financial_year(date.fromisoformat(day))[:4]


def test_overdue_is_due_before_today(store):
    for days in (-1, 0, 1):
        make(store, Payment, due=clock.today() + timedelta(days=days))

    with store.reading() as session:
        overdue = session.scalars(select(Payment.due).where(figures.overdue(Payment.due))).all()
    assert overdue == [date(2026, 11, 22)]


def test_attendances_by_place_and_month_leave_out_what_was_not_delivered(store):
    grant = make(store, Grant)
    held(store, grant, 28, borough="Brent")
    held(store, grant, 2, borough="Brent", held_on=date(2026, 5, 31))
    held(store, grant, 9, borough=None, held_on=date(2026, 6, 1))
    held(store, grant, 99, borough="Brent", status=EngagementStatus.CANCELLED)
    with store.reading() as session:
        which = figures.delivered_in(figures.within(None))
        places = {tuple(row) for row in session.execute(figures.by_borough(which))}
        months = [tuple(row) for row in session.execute(figures.by_month(which))]

    assert places == {("Brent", 2, 30), (None, 1, 9)}
    assert months == [("2026-05", 2, 30), ("2026-06", 1, 9)]


@pytest.mark.parametrize("kind", [Grant, Programme, Organisation])
def test_every_figure_that_lists_offer_can_be_reckoned(busy, kind):
    found = figures.figures_of(kind)

    with busy.reading() as session:
        query = select(*(figure.expression for figure in found.values())).select_from(kind)
        if kind is Grant:
            query = query.outerjoin(Kept, Kept.grant_id == Grant.id)
        assert len(session.execute(query).all()) == len(every(busy, kind))
    assert [name for name, figure in found.items() if name != figure.name or not figure.label] == []
