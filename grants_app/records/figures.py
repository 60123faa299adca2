"""Figures that follow from records (committed, paid, left, reach …): SQLAlchemy expressions, no session.

Verbs, lists, rules, the window and reports read the same ones, so that no number has two meanings. Money expressions
give Decimal pounds. "Today" is London's, given by the caller or the clock.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, case, cast, func, literal, or_, select, type_coerce

from grants_app import clock
from grants_app.records.base import Record
from grants_app.records.engagement import Engagement, EngagementStatus
from grants_app.records.fields import Kind, Pence
from grants_app.records.grant import AWARDED, PENDING, Grant, Measure, PlanLine
from grants_app.records.history import Kept, KeptMonth, KeptProgramme
from grants_app.records.organisation import Organisation
from grants_app.records.payment import COUNTED, DEAD, Payment, PaymentKind, PaymentStatus
from grants_app.records.programme import Programme

Rows = Select[*tuple[Any, ...]]
"""A Select of whatever columns its docstring names."""

KEPT = (
    "grant_id", "programme_id", "awards", "pending", "signed", "left", "paid", "committed", "delivered", "attended",
    "largest", "new", "reach",
)  # fmt: skip
"""The columns of `kept`, in the order in which `kept()` gives them."""


def paid_pence() -> ColumnElement[Any]:
    """Of one payment row: what it adds to "paid", in pence: a paid reclaim takes away."""
    amount = type_coerce(Payment.amount, Integer)
    return case((Payment.status != PaymentStatus.PAID, 0), (Payment.kind == PaymentKind.RECLAIM, -amount), else_=amount)


def counted_pence() -> ColumnElement[Any]:
    """Of one payment row: what counts against the award, in pence: pending to paid, less paid reclaims."""
    amount = type_coerce(Payment.amount, Integer)
    reclaim = Payment.kind == PaymentKind.RECLAIM
    return case(
        (and_(reclaim, Payment.status == PaymentStatus.PAID), -amount),
        (reclaim, 0),
        (Payment.status.in_(COUNTED), amount),
        else_=0,
    )


def kept(which: ColumnElement[bool]) -> Rows:
    """The kept totals of the grants that `which` (on Grant) holds, in the order of KEPT; money in pence."""

    def payments(value: ColumnElement[Any]) -> Any:
        return select(func.coalesce(func.sum(value), 0)).where(Payment.grant_id == Grant.id).scalar_subquery()

    def delivered(value: ColumnElement[Any]) -> Any:
        done = and_(Engagement.grant_id == Grant.id, Engagement.status == EngagementStatus.DELIVERED)
        return select(func.coalesce(value, 0)).where(done).scalar_subquery()

    awarded = Grant.status.in_(AWARDED)
    own = (
        Grant.id,
        Grant.programme_id,
        case((awarded, _current_pence()), else_=0).label("awards"),
        case((Grant.status.in_(PENDING), func.coalesce(type_coerce(Grant.asked, Integer), 0)), else_=0),
        case((and_(awarded, Grant.agreement_signed_on.is_not(None)), _current_pence()), else_=0),
        type_coerce(Grant.awarded, Integer).label("current"),
    )
    sums = (
        payments(paid_pence()).label("paid"),
        payments(counted_pence()),
        delivered(func.count(Engagement.id)),
        delivered(func.sum(Engagement.attended)),
        delivered(func.max(Engagement.attended)).label("largest"),
        delivered(func.sum(Engagement.new)).label("new"),
    )
    found = select(*own, *sums).where(which).subquery()
    held = list(found.c)
    reach = func.max(found.c.largest, found.c.new)
    return select(*held[:5], found.c.current - found.c.paid, *held[6:], reach)


# --- money of a grant -----------------------------------------------------------------------------


def money(pence: ColumnElement[Any]) -> ColumnElement[Any]:
    """An expression in pence as pounds."""
    return type_coerce(pence, Pence)


def current() -> ColumnElement[Any]:
    """A grant's current amount in pounds: its award; approved variations join it with later work."""
    return type_coerce(Grant.awarded, Pence)


def _current_pence() -> ColumnElement[Any]:
    return func.coalesce(type_coerce(Grant.awarded, Integer), 0)


def paid() -> ColumnElement[Any]:
    """Paid to a grant in pounds, less reclaims received; needs `kept` joined."""
    return money(Kept.paid.expression)


def left() -> ColumnElement[Any]:
    """Left to pay of a grant in pounds: current amount less paid; needs `kept` joined. Blank without an award."""
    return money(Kept.left.expression)


def reach_lower() -> ColumnElement[Any]:
    """At least so many people reached by a grant: the larger of its largest attendance and the sum of new people."""
    return Kept.reach.expression


def reach_upper() -> ColumnElement[Any]:
    """At most so many people reached by a grant: its attendances."""
    return Kept.attended.expression


# --- columns that follow from records, for lists --------------------------------------------------


@dataclass(frozen=True, slots=True)
class Figure:
    """A derived column of a kind of record: its name, label, what sort of value, its expression, how long it takes.

    `kept` ones may be sorted by, and need the totals table joined unless `joins` is False; others are reckoned for the
    rows in view only.
    """

    name: str
    label: str
    kind: Kind
    expression: ColumnElement[Any]
    kept: bool = True
    help: str = ""
    unit: str = ""
    joins: bool = True


def figures_of(kind: type[Record]) -> Mapping[str, Figure]:
    """The derived columns that lists of this kind offer, by name, as at today."""
    return _figures_of(kind, clock.today())


@lru_cache(maxsize=64)
def _figures_of(kind: type[Record], today: date) -> Mapping[str, Figure]:
    if kind is Grant:
        return {figure.name: figure for figure in _grant_figures(today)}
    if kind is Programme:
        return {figure.name: figure for figure in _programme_figures()}
    if kind is Organisation:
        held = select(func.count(Grant.id)).where(Grant.organisation_id == Organisation.id).scalar_subquery()
        return {"grants": Figure("grants", "Grants", Kind.WHOLE, held, kept=False, help="Grants it holds or asked for")}
    return {}


def _grant_figures(today: date) -> tuple[Figure, ...]:
    return (
        Figure("current", "Current", Kind.MONEY, current(), help="The award, with approved variations", joins=False),
        Figure("paid", "Paid", Kind.MONEY, paid(), help="Payments paid, less reclaims received"),
        Figure("left", "Left", Kind.MONEY, left(), help="Current amount less paid"),
        Figure("delivered", "Delivered", Kind.WHOLE, Kept.delivered.expression, help="Engagements delivered"),
        Figure("attended", "Attendances", Kind.WHOLE, Kept.attended.expression, help="Attendances, not people"),
        Figure(
            "reach_lower",
            "People, at least",
            Kind.WHOLE,
            reach_lower(),
            help="The larger of the largest attendance and the new people",
        ),
        Figure("reach_upper", "People, at most", Kind.WHOLE, reach_upper(), help="The attendances"),
        Figure(
            "planned", "Planned", Kind.NUMBER, planned(Measure.ENGAGEMENTS), kept=False, help="Engagements in its plan"
        ),
        Figure("planned_today", "Planned by today", Kind.NUMBER, planned(Measure.ENGAGEMENTS, by=today), kept=False),
    )


def _programme_figures() -> tuple[Figure, ...]:
    return (
        Figure("awards", "Awards", Kind.MONEY, money(_awards()), kept=False, help="Current amounts of grants awarded"),
        Figure(
            "pending", "Pending", Kind.MONEY, money(_pending()), kept=False, help="Asked for by bids not yet decided"
        ),
        Figure(
            "budget_left",
            "Budget left",
            Kind.MONEY,
            budget_left(),
            kept=False,
            help="Budget less awards and pending decisions",
        ),
        Figure(
            "grants",
            "Grants",
            Kind.WHOLE,
            select(func.count(Grant.id)).where(Grant.programme_id == Programme.id).scalar_subquery(),
            kept=False,
        ),
    )


# --- money of a programme -------------------------------------------------------------------------


def _grants_sum(value: ColumnElement[Any], *conditions: ColumnElement[bool]) -> Any:
    return (
        select(func.coalesce(func.sum(value), 0))
        .where(Grant.programme_id == Programme.id, *conditions)
        .scalar_subquery()
    )


def _awards() -> ColumnElement[Any]:
    return cast(_grants_sum(_current_pence(), Grant.status.in_(AWARDED)), Integer)


def _pending() -> ColumnElement[Any]:
    return cast(_grants_sum(func.coalesce(type_coerce(Grant.asked, Integer), 0), Grant.status.in_(PENDING)), Integer)


def budget_left() -> ColumnElement[Any]:
    """Of a programme, in pounds: budget less awards and pending decisions; blank without a budget."""
    return money(type_coerce(Programme.budget, Integer) - _awards() - _pending())


def position(which: ColumnElement[bool]) -> Rows:
    """One row for the programmes that `which` (on Programme) holds: budget to paid in pounds, then attendance.

    Committed: current amounts of grants with a signed agreement. Paid: payments paid less reclaims received.
    """
    names = {"awards": "awarded", "signed": "committed", "reach": "reach_lower"}
    summed = ("awards", "pending", "signed", "paid", "attended", "reach", "delivered")
    sums = [func.coalesce(func.sum(KeptProgramme.__table__.c[n]), 0).label(names.get(n, n)) for n in summed]
    g = select(*sums).where(KeptProgramme.programme_id.in_(select(Programme.id).where(which))).subquery()
    budget = select(func.coalesce(func.sum(type_coerce(Programme.budget, Integer)), 0)).where(which).scalar_subquery()
    return select(
        money(budget).label("budget"), money(g.c.awarded).label("awarded"), money(g.c.pending).label("pending"),
        money(g.c.committed).label("committed"),
        money(g.c.paid).label("paid"), money(g.c.awarded - g.c.paid).label("left"),
        money(budget - g.c.awarded - g.c.pending).label("budget_left"),
        g.c.attended, g.c.reach_lower, g.c.delivered,
    )  # fmt: skip


def within(programme_id: int | None) -> Select[int]:
    """The ids of a programme and of its calls; of all programmes where None."""
    if programme_id is None:
        return select(Programme.id)
    return select(Programme.id).where(or_(Programme.id == programme_id, Programme.parent_id == programme_id))


# --- delivery against plan ------------------------------------------------------------------------


def planned_by(day: date) -> ColumnElement[Any]:
    """Of one plan line: what is planned by the end of that day, the line being spread evenly over its days."""
    length = cast(func.julianday(PlanLine.ends) - func.julianday(PlanLine.starts), Integer) + 1
    gone = cast(func.julianday(literal(day.isoformat())) - func.julianday(PlanLine.starts), Integer) + 1
    return PlanLine.planned * case((gone <= 0, 0.0), (gone >= length, 1.0), else_=gone * 1.0 / length)


def undivided() -> ColumnElement[bool]:
    """Plan lines of a grant as a whole: no audience, kind, theme or borough. A grant's totals are the sum of these."""
    return and_(
        PlanLine.audience.is_(None), PlanLine.kind.is_(None), PlanLine.theme_id.is_(None), PlanLine.borough.is_(None)
    )


def planned(what: Measure, *, by: date | None = None) -> ColumnElement[Any]:
    """Of a grant: what its undivided plan lines come to, in all or by a day; blank without a line."""
    value = func.sum(PlanLine.planned if by is None else planned_by(by))
    return select(value).where(PlanLine.grant_id == Grant.id, PlanLine.what == what, undivided()).scalar_subquery()


# --- what is due ----------------------------------------------------------------------------------


def overdue(due: ColumnElement[Any], today: date | None = None) -> ColumnElement[bool]:
    """Due before today in London."""
    return due < (today or clock.today())


def payment_day() -> ColumnElement[Any]:
    """The day by which a payment's financial year goes: paid, else expected, else due."""
    return func.coalesce(Payment.paid_on, Payment.expected_on, Payment.due)


def financial_year(day: ColumnElement[Any]) -> ColumnElement[Any]:
    """The first year of the financial year (April to March) that holds a date: 2026 for 2026-27."""
    return cast(func.strftime("%Y", day), Integer) - case((cast(func.strftime("%m", day), Integer) < 4, 1), else_=0)


def by_financial_year(programmes: Select[int]) -> Rows:
    """A row for each financial year: its first year, pounds paid, pounds to come (scheduled to sent), less reclaims."""
    year = financial_year(payment_day()).label("year")
    amount = type_coerce(Payment.amount, Integer)
    signed = case((Payment.kind == PaymentKind.RECLAIM, -amount), else_=amount)
    coming = case((or_(Payment.status == PaymentStatus.PAID, Payment.status.in_(DEAD)), 0), else_=signed)
    return (
        select(year, money(func.sum(paid_pence())).label("paid"), money(func.sum(coming)).label("to_come"))
        .join(Grant, Grant.id == Payment.grant_id)
        .where(Grant.programme_id.in_(programmes))
        .group_by(year)
        .order_by(year)
    )


# --- engagements ----------------------------------------------------------------------------------


def delivered_in(programmes: Select[int]) -> ColumnElement[bool]:
    """Engagements of these programmes that were delivered."""
    return and_(Engagement.programme_id.in_(programmes), Engagement.status == EngagementStatus.DELIVERED)


def by_borough(which: ColumnElement[bool]) -> Rows:
    """A row for each borough (None: not recorded) of the engagements that `which` holds: engagements, attendances."""
    return (
        select(
            Engagement.borough,
            func.count(Engagement.id).label("engagements"),
            func.sum(Engagement.attended).label("attended"),
        )
        .where(which)
        .group_by(Engagement.borough)
    )


def by_month(which: ColumnElement[bool]) -> Rows:
    """A row for each month ("2026-04") of the engagements that `which` holds: month, engagements, attendances."""
    month = func.strftime("%Y-%m", Engagement.held_on).label("month")
    return (
        select(
            month,
            func.count(Engagement.id).label("engagements"),
            func.coalesce(func.sum(Engagement.attended), 0).label("attended"),
        )
        .where(which)
        .group_by(month)
        .order_by(month)
    )


def boroughs_of(programmes: Select[int]) -> Rows:
    """As `by_borough`, of all that these programmes delivered, from kept totals: at once, however many."""
    return _months(programmes, func.nullif(KeptMonth.borough, ""))


def months_of(programmes: Select[int]) -> Rows:
    """As `by_month`, of all that these programmes delivered, from kept totals: at once, however many."""
    return _months(programmes, KeptMonth.month.expression)


def _months(programmes: Select[int], by: ColumnElement[Any]) -> Rows:
    counted = func.sum(KeptMonth.counted)
    return (
        select(
            by,
            func.sum(KeptMonth.engagements).label("engagements"),
            case((counted > 0, func.sum(KeptMonth.attended))).label("attended"),
        )
        .where(KeptMonth.programme_id.in_(programmes), KeptMonth.engagements > 0)
        .group_by(by)
        .order_by(by)
    )


def twins() -> Rows:
    """Pairs of engagements likely to be the same (grant, date, venue, title): ids of the first and of a later one.

    What was cancelled is nobody's twin; a venue left blank is the same as another left blank.
    """
    keys = (Engagement.grant_id, Engagement.held_on, Engagement.title, func.coalesce(Engagement.venue, ""))
    first = func.min(Engagement.id).over(partition_by=keys).label("first")
    whole = (Engagement.grant_id.is_not(None), Engagement.status != EngagementStatus.CANCELLED)
    standing = select(Engagement.id.label("later"), first).where(*whole).subquery()
    return select(standing.c.first, standing.c.later).where(standing.c.first < standing.c.later)
