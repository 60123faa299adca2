"""Figures that reports tell of money and standing: by year, the register of grants, ratings, what waits for a decision.

As in figures.py these are SQLAlchemy expressions and Selects without a session; money is in pounds.
"""

from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, case, func, literal, or_, select, type_coerce, union_all
from sqlalchemy.types import String

from grants_app.records import figures
from grants_app.records.grant import AWARDED, LIVE, PENDING, Grant, Rag
from grants_app.records.history import Edit, Kept, Step
from grants_app.records.organisation import Organisation
from grants_app.records.payment import Payment, PaymentStatus
from grants_app.records.programme import FundingLine, Programme

_MONEY = ("budget", "awarded", "committed", "paid", "to_come")


def money_by_year(programmes: Select[int]) -> Select[*tuple[Any, ...]]:
    """A row for each financial year (its first; None: none given): budget, awarded, committed, paid, to come.

    Budget: funding lines of the year. Awarded and committed: current amounts of awards by the day of the decision and
    of the signature. Paid and to come: payments, by figures.payment_day(). Every column adds up to the programme's.
    """
    payments = figures.by_financial_year(programmes).subquery()
    awards = (Grant.programme_id.in_(programmes), is_award())
    amount = type_coerce(figures.current(), Integer)
    line_year = type_coerce(func.substr(FundingLine.year, 1, 4), String).cast(Integer)
    decided, signed = Grant.decided_on.expression, Grant.agreement_signed_on.expression
    parts = union_all(
        _year_part(line_year, budget=type_coerce(FundingLine.amount, Integer)).where(
            FundingLine.programme_id.in_(programmes)
        ),
        _year_part(figures.financial_year(decided), awarded=amount).where(*awards),
        _year_part(figures.financial_year(signed), committed=amount).where(*awards, signed.is_not(None)),
        _year_part(payments.c.year, paid=_pence(payments.c.paid), to_come=_pence(payments.c.to_come)),
    ).subquery()
    sums = [figures.money(func.coalesce(func.sum(parts.c[name]), 0)).label(name) for name in _MONEY]
    return select(parts.c.year, *sums).group_by(parts.c.year).order_by(parts.c.year.is_(None), parts.c.year)


def _year_part(year: ColumnElement[Any], **amounts: ColumnElement[Any]) -> Select[*tuple[Any, ...]]:
    columns = [amounts.get(name, literal(0)).label(name) for name in _MONEY]
    return select(year.label("year"), *columns)


def _pence(pounds: ColumnElement[Any]) -> ColumnElement[Any]:
    return type_coerce(pounds, Integer)


def is_award() -> ColumnElement[bool]:
    """Grants that were awarded, whatever became of them since."""
    return Grant.status.in_(AWARDED)


def register(programmes: Select[int]) -> Select[*tuple[Any, ...]]:
    """A row for each grant and bid, by reference; its money adds up to figures.position() of the same programmes."""
    amount = func.coalesce(type_coerce(figures.current(), Integer), 0)
    asked = func.coalesce(type_coerce(Grant.asked, Integer), 0)
    awarded = case((is_award(), amount), else_=0)
    paid = func.coalesce(Kept.paid, 0)
    money = {
        "pending": case((Grant.status.in_(PENDING), asked), else_=0),
        "awarded": awarded,
        "committed": case((Grant.agreement_signed_on.is_not(None), awarded), else_=0),
        "paid": paid,
        "left": awarded - paid,
    }
    own = (Grant.title, Grant.status, Grant.rag, Grant.rag_reason, Grant.starts, Grant.ends)
    pounds = [figures.money(value).label(name) for name, value in money.items()]
    return (
        select(Grant.reference, Organisation.name.label("organisation"), *own, *pounds)
        .join(Organisation, Organisation.id == Grant.organisation_id)
        .outerjoin(Kept, Kept.grant_id == Grant.id)
        .where(Grant.programme_id.in_(programmes))
        .order_by(Grant.reference)
    )


def by_programme(programmes: Select[int]) -> Select[*tuple[Any, ...]]:
    """A row for each programme: reference, name, how many grant records and awards, pounds awarded and paid."""
    award = case((is_award(), 1), else_=0).label("award")
    each = register(programmes).add_columns(Grant.programme_id, award).order_by(None).subquery()
    sums = [
        figures.money(func.coalesce(func.sum(type_coerce(each.c[name], Integer)), 0)).label(name)
        for name in ("awarded", "paid")
    ]
    counts = (func.count(each.c.reference).label("bids"), func.coalesce(func.sum(each.c.award), 0).label("grants"))
    return (
        select(Programme.reference, Programme.name, *counts, *sums)
        .outerjoin(each, each.c.programme_id == Programme.id)
        .where(Programme.id.in_(programmes))
        .group_by(Programme.id)
        .order_by(Programme.parent_id.is_not(None), Programme.call, Programme.reference)
    )


def rated(programmes: Select[int], since: date) -> Select[*tuple[Any, ...]]:
    """As `register`, the live grants that are rated red, then amber; `was` is the rating as the day `since` began."""
    red_first = case((Grant.rag == Rag.RED, 0), else_=1)
    return (
        register(programmes)
        .add_columns(rating_at(since).label("was"))
        .where(Grant.status.in_(LIVE), Grant.rag.in_((Rag.RED, Rag.AMBER)))
        .order_by(None)
        .order_by(red_first, Grant.reference)
    )


def rating_at(day: date) -> ColumnElement[Any]:
    """Of a grant: its rating's word as that day began, as the history has it; the first one, of a later grant."""
    changed = func.json_extract(Edit.before, "$.rag")
    began = datetime.combine(day, time(), UTC)
    first = (
        select(changed)
        .join(Step, Step.id == Edit.step_id)
        .where(Edit.kind == Grant.__tablename__, Edit.record_id == Grant.id, changed.is_not(None), Step.at >= began)
        .order_by(Edit.id)
        .limit(1)
        .scalar_subquery()
    )
    return func.coalesce(type_coerce(first, String), type_coerce(Grant.rag, String))


def ratings(programmes: Select[int]) -> Select[*tuple[Any, ...]]:
    """A row for each rating of the live grants: rating, grants."""
    return (
        select(Grant.rag, func.count(Grant.id).label("grants"))
        .where(Grant.programme_id.in_(programmes), Grant.status.in_(LIVE))
        .group_by(Grant.rag)
    )


def awaiting_approval(programmes: Select[int]) -> Select[*tuple[Any, ...]]:
    """Payments that wait for a second officer, to approve or to countersign, the first due first."""
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
