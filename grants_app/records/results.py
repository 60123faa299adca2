"""Figures that reports tell of results: delivery against plan, who came, what indicators show.

As in figures.py these are SQLAlchemy expressions and Selects without a session.
"""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, true
from sqlalchemy.orm import aliased

from grants_app.records import figures
from grants_app.records.engagement import Breakdown, Engagement, EngagementStatus
from grants_app.records.evidence import Consent, Indicator, Measurement, MeasurementStatus, Outcome, Testimonial
from grants_app.records.grant import AWARDED, Grant, Measure, PlanLine
from grants_app.records.history import Kept, Link
from grants_app.records.organisation import Organisation
from grants_app.records.programme import Theme


def grants_against_plan(programmes: Select[int], today: date) -> Select[*tuple[Any, ...]]:
    """A row for each award that has a plan: engagements and people planned in all, by today, and done.

    People are counted at least (figures.reach_lower). What is not planned is None.
    """
    columns = {
        "organisation": Organisation.name.expression,
        "engagements": figures.planned(Measure.ENGAGEMENTS),
        "engagements_today": figures.planned(Measure.ENGAGEMENTS, by=today),
        "delivered": func.coalesce(Kept.delivered, 0),
        "people": figures.planned(Measure.PEOPLE),
        "people_today": figures.planned(Measure.PEOPLE, by=today),
        "reached": figures.reach_lower(),
        "attended": figures.reach_upper(),
    }
    planned = select(PlanLine.grant_id).where(figures.undivided(), PlanLine.what != Measure.INDICATOR)
    return (
        select(Grant.reference, *(column.label(name) for name, column in columns.items()))
        .join(Organisation, Organisation.id == Grant.organisation_id)
        .outerjoin(Kept, Kept.grant_id == Grant.id)
        .where(Grant.programme_id.in_(programmes), Grant.status.in_(AWARDED), Grant.id.in_(planned))
        .order_by(Grant.reference)
    )


def totals_against_plan(programmes: Select[int], today: date) -> Select[*tuple[Any, ...]]:
    """One row: the sums of `grants_against_plan`, done only where it was planned, and how many grants have a plan."""
    each = grants_against_plan(programmes, today).order_by(None).subquery()
    sums: dict[str, ColumnElement[Any]] = {
        name: each.c[name] for name in ("engagements", "engagements_today", "people", "people_today")
    }
    sums["delivered"] = case((each.c.engagements.is_not(None), each.c.delivered), else_=0)
    sums["reached"] = case((each.c.people.is_not(None), each.c.reached), else_=0)
    return select(*(func.sum(value).label(name) for name, value in sums.items()), func.count().label("grants"))


def against_plan(grant_id: int, today: date) -> Select[*tuple[Any, ...]]:
    """A row for each thing planned of a grant: what, audience, kind, theme, borough; planned, by today, done.

    Done is the engagements delivered that match; of people as a whole, those reached at least; of people divided by
    audience, kind, theme or borough, the attendances that match, since who came twice is not known.
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
    narrowed = (lines.c.audience, lines.c.kind, lines.c.theme_id, lines.c.borough)
    people = select(figures.reach_lower()).where(Kept.grant_id == grant_id).scalar_subquery()
    done = case(
        (and_(lines.c.what == Measure.PEOPLE, *(column.is_(None) for column in narrowed)), func.coalesce(people, 0)),
        else_=select(counted).where(*matching).correlate(lines, Theme).scalar_subquery(),
    )
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


def by_audience(which: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """A row for each audience of the engagements that `which` holds: engagements, attendances; never to be summed."""
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
    """Testimonials that may leave the app that day: public consent, given, not expired, not withdrawn."""
    return and_(
        Testimonial.consent != Consent.INTERNAL,
        Testimonial.consented_on.is_not(None),
        Testimonial.withdrawn_on.is_(None),
        or_(Testimonial.expires.is_(None), Testimonial.expires >= on),
    )


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
