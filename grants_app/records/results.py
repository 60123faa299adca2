"""Figures that reports tell: money by year, the register, delivery against plan, breakdowns, what indicators show.

As in figures.py these are SQLAlchemy expressions and Selects without a session; money is in pounds.
"""

from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    and_,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    true,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import aliased

from grants_app.records import figures
from grants_app.records.engagement import Breakdown, Engagement, EngagementStatus
from grants_app.records.evidence import Consent, Indicator, Measurement, MeasurementStatus, Outcome, Testimonial
from grants_app.records.grant import AWARDED, LIVE, PENDING, Grant, Measure, PlanLine, Rag
from grants_app.records.history import Kept, Link
from grants_app.records.organisation import Organisation
from grants_app.records.payment import Payment, PaymentStatus
from grants_app.records.programme import FundingLine, Theme


def money_by_year(programmes: Select[int]) -> Select[*tuple[Any, ...]]:
    """A row for each financial year (its first year; None: no date or year given): budget, awarded, committed, paid, to come.

    Budget: funding lines of the year. Awarded and committed: current amounts of awards by the day of the decision and
    of the signature. Paid and to come: payments, by figures.payment_day(). Every column adds up to the programme's.
    """
    payments = figures.by_financial_year(programmes).subquery()
    mine, awarded = Grant.programme_id.in_(programmes), Grant.status.in_(AWARDED)
    amount = type_coerce(figures.current(), Integer)
    line_year = cast(func.substr(FundingLine.year, 1, 4), Integer)
    zero = literal(0)
    parts = union_all(
        select(line_year.label("year"), type_coerce(FundingLine.amount, Integer).label("budget"), zero.label("awarded"),
               zero.label("committed"), zero.label("paid"), zero.label("to_come"))
        .where(FundingLine.programme_id.in_(programmes)),
        select(figures.financial_year(Grant.decided_on.expression), zero, amount, zero, zero, zero).where(mine, awarded),
        select(figures.financial_year(Grant.agreement_signed_on.expression), zero, zero, amount, zero, zero)
        .where(mine, awarded, Grant.agreement_signed_on.is_not(None)),
        select(payments.c.year, zero, zero, zero, type_coerce(payments.c.paid, Integer), type_coerce(payments.c.to_come, Integer)),
    ).subquery()  # fmt: skip
    names = ("budget", "awarded", "committed", "paid", "to_come")
    sums = [figures.money(func.coalesce(func.sum(parts.c[name]), 0)).label(name) for name in names]
    return select(parts.c.year, *sums).group_by(parts.c.year).order_by(parts.c.year.is_(None), parts.c.year)


def register(programmes: Select[int]) -> Select[*tuple[Any, ...]]:
    """A row for each grant and bid, by reference; the money columns add up to figures.position() of the same programmes."""
    amount = func.coalesce(type_coerce(figures.current(), Integer), 0)
    awarded = case((Grant.status.in_(AWARDED), amount), else_=0)
    committed = case((Grant.agreement_signed_on.is_not(None), awarded), else_=0)
    pending = case((Grant.status.in_(PENDING), func.coalesce(type_coerce(Grant.asked, Integer), 0)), else_=0)
    paid = func.coalesce(Kept.paid, 0)
    money = {"pending": pending, "awarded": awarded, "committed": committed, "paid": paid, "left": awarded - paid}
    return (
        select(
            Grant.reference, Organisation.name.label("organisation"), Grant.title, Grant.status, Grant.rag, Grant.rag_reason, Grant.starts, Grant.ends,
            *(figures.money(value).label(name) for name, value in money.items()),
        )
        .join(Organisation, Organisation.id == Grant.organisation_id)
        .outerjoin(Kept, Kept.grant_id == Grant.id)
        .where(Grant.programme_id.in_(programmes))
        .order_by(Grant.reference)
    )  # fmt: skip


def rated(programmes: Select[int]) -> Select[*tuple[Any, ...]]:
    """As `register`, the live grants that are rated red, then amber."""
    red_first = case((Grant.rag == Rag.RED, 0), else_=1)
    return (
        register(programmes)
        .where(Grant.status.in_(LIVE), Grant.rag.in_((Rag.RED, Rag.AMBER)))
        .order_by(None)
        .order_by(red_first, Grant.reference)
    )


def ratings(programmes: Select[int]) -> Select[*tuple[Any, ...]]:
    """A row for each rating of the live grants: rating, grants."""
    return (
        select(Grant.rag, func.count(Grant.id))
        .where(Grant.programme_id.in_(programmes), Grant.status.in_(LIVE))
        .group_by(Grant.rag)
    )


# --- delivery against plan ------------------------------------------------------------------------------------------------


def grants_against_plan(programmes: Select[int], today: date) -> Select[*tuple[Any, ...]]:
    """A row for each award that has a plan: reference, organisation; of engagements and people: planned, by today, done.

    People are counted at least (figures.reach_lower). What is not planned is None.
    """
    return (
        select(
            Grant.reference, Organisation.name.label("organisation"),
            figures.planned(Measure.ENGAGEMENTS).label("engagements"), figures.planned(Measure.ENGAGEMENTS, by=today).label("engagements_today"),
            func.coalesce(Kept.delivered, 0).label("delivered"),
            figures.planned(Measure.PEOPLE).label("people"), figures.planned(Measure.PEOPLE, by=today).label("people_today"),
            figures.reach_lower().label("reached"), figures.reach_upper().label("attended"),
        )
        .join(Organisation, Organisation.id == Grant.organisation_id)
        .outerjoin(Kept, Kept.grant_id == Grant.id)
        .where(Grant.programme_id.in_(programmes), Grant.status.in_(AWARDED))
        .where(Grant.id.in_(select(PlanLine.grant_id).where(figures.undivided(), PlanLine.what != Measure.INDICATOR)))
        .order_by(Grant.reference)
    )  # fmt: skip


def totals_against_plan(programmes: Select[int], today: date) -> Select[*tuple[Any, ...]]:
    """One row: the sums of `grants_against_plan`, done only where it was planned, and how many grants have a plan."""
    each = grants_against_plan(programmes, today).order_by(None).subquery()
    done = case((each.c.engagements.is_not(None), each.c.delivered), else_=0)
    reached = case((each.c.people.is_not(None), each.c.reached), else_=0)
    sums = {
        "engagements": each.c.engagements, "engagements_today": each.c.engagements_today, "delivered": done,
        "people": each.c.people, "people_today": each.c.people_today, "reached": reached,
    }  # fmt: skip
    return select(*(func.sum(value).label(name) for name, value in sums.items()), func.count().label("grants"))


def against_plan(grant_id: int, today: date) -> Select[*tuple[Any, ...]]:
    """A row for each thing planned of a grant: what, audience, kind, theme, borough; planned, by today, done.

    Done is engagements delivered or, for people, their attendances, where they match; of the undivided lines too.
    """
    key = (PlanLine.what, PlanLine.audience, PlanLine.kind, PlanLine.theme_id, PlanLine.borough)
    lines = (
        select(*key, func.sum(PlanLine.planned).label("planned"), func.sum(figures.planned_by(today)).label("today"))
        .where(PlanLine.grant_id == grant_id, PlanLine.what != Measure.INDICATOR)
        .group_by(*key)
        .subquery()
    )
    matching = (
        Engagement.grant_id == grant_id,
        Engagement.status == EngagementStatus.DELIVERED,
        or_(lines.c.kind.is_(None), Engagement.kind == lines.c.kind),
        or_(lines.c.borough.is_(None), Engagement.borough == lines.c.borough),
        or_(lines.c.audience.is_(None), _has("audiences", lines.c.audience)),
        or_(lines.c.theme_id.is_(None), _has("themes", Theme.__table__.c.reference)),
    )
    counted = case(
        (lines.c.what == Measure.ENGAGEMENTS, func.count(Engagement.id)),
        else_=func.coalesce(func.sum(Engagement.attended), 0),
    )
    done = select(counted).where(*matching).correlate(lines, Theme).scalar_subquery()
    return (
        select(
            lines.c.what,
            lines.c.audience,
            lines.c.kind,
            Theme.name.label("theme"),
            lines.c.borough,
            lines.c.planned,
            lines.c.today,
            done.label("done"),
        )
        .outerjoin(Theme, Theme.id == lines.c.theme_id)
        .order_by(lines.c.what, lines.c.audience, lines.c.kind, Theme.name, lines.c.borough)
    )


def _has(field: str, value: ColumnElement[Any]) -> ColumnElement[bool]:
    links = and_(
        Link.kind == Engagement.__tablename__, Link.record_id == Engagement.id, Link.field == field, Link.value == value
    )
    return select(Link.record_id).where(links).correlate_except(Link).exists()


# --- who came -------------------------------------------------------------------------------------------------------------


def by_audience(which: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """A row for each audience of the engagements that `which` holds: audience, engagements, attendances; never to be summed."""
    audience = and_(Link.kind == Engagement.__tablename__, Link.record_id == Engagement.id, Link.field == "audiences")
    attended = func.coalesce(func.sum(Engagement.attended), 0)
    return (
        select(Link.value.label("audience"), func.count(Engagement.id).label("engagements"), attended.label("attended"))
        .join(Link, audience)
        .where(which)
        .group_by(Link.value)
        .order_by(attended.desc(), Link.value)
    )


def breakdown(which: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """A row for each dimension and category of the engagements that `which` holds: dimension, category, attendances."""
    total = func.sum(Breakdown.count)
    return (
        select(Breakdown.dimension, Breakdown.category, total.label("attended"))
        .join(Engagement, Engagement.id == Breakdown.engagement_id)
        .where(which)
        .group_by(Breakdown.dimension, Breakdown.category)
        .order_by(Breakdown.dimension, total.desc(), Breakdown.category)
    )


def publishable(on: date) -> ColumnElement[bool]:
    """Testimonials that may leave the app that day, as Testimonial.may_be_published has it."""
    return and_(
        Testimonial.consent != Consent.INTERNAL, Testimonial.consented_on.is_not(None), Testimonial.withdrawn_on.is_(None),
        or_(Testimonial.expires.is_(None), Testimonial.expires >= on),
    )  # fmt: skip


# --- what changed -----------------------------------------------------------------------------------------------------------


def measured(programmes: Select[int], grant_id: int | None = None) -> Select[*tuple[Any, ...]]:
    """A row for each indicator and who measured it: Indicator, Outcome, and its newest approved Measurement.

    `summed` is the sum of all approved values, for cumulative ones. With a grant: its own measurements only, else all.
    An indicator that nobody has measured has one row, without a Measurement.
    """
    mine = and_(
        Measurement.status == MeasurementStatus.APPROVED,
        Measurement.grant_id == grant_id if grant_id is not None else true(),
    )
    who = (Measurement.indicator_id, Measurement.grant_id)
    newest_first = func.row_number().over(partition_by=who, order_by=(Measurement.ends.desc(), Measurement.id.desc()))
    summed = func.sum(Measurement.value).over(partition_by=who)
    ranked = (
        select(Measurement.id, Measurement.indicator_id, newest_first.label("place"), summed.label("summed"))
        .where(mine)
        .subquery()
    )
    newest = aliased(Measurement)
    return (
        select(Indicator, Outcome, newest, ranked.c.summed)
        .join(Outcome, Outcome.id == Indicator.outcome_id)
        .outerjoin(ranked, and_(ranked.c.indicator_id == Indicator.id, ranked.c.place == 1))
        .outerjoin(newest, newest.id == ranked.c.id)
        .where(Outcome.programme_id.in_(programmes))
        .order_by(Outcome.id, Indicator.id, newest.grant_id)
    )


# --- what waits -------------------------------------------------------------------------------------------------------------


def awaiting_approval(programmes: Select[int]) -> Select[*tuple[Any, ...]]:
    """Payments that wait for a second officer, to approve or to countersign: reference, organisation, amount, due, countersign."""
    waiting = or_(Payment.status == PaymentStatus.PENDING, Payment.countersign)
    return (
        select(
            Payment.reference, Organisation.name.label("organisation"), Payment.amount, Payment.due, Payment.countersign
        )
        .join(Grant, Grant.id == Payment.grant_id)
        .join(Organisation, Organisation.id == Grant.organisation_id)
        .where(Grant.programme_id.in_(programmes), waiting)
        .order_by(Payment.due)
    )
