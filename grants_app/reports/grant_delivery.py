"""What a grant has done, for its report: against plan, engagements and reach, results, voices, risks."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from grants_app import clock, wording
from grants_app.records import Engagement, Grant, Organisation, Programme, Risk, Testimonial, figures, results
from grants_app.records.control import RiskStatus
from grants_app.records.engagement import EngagementStatus
from grants_app.records.grant import Measure
from grants_app.records.history import Kept
from grants_app.reports import evidence, pieces
from grants_app.reports.document import (
    Beside,
    Bullets,
    Cell,
    ChartKind,
    ChartSpec,
    Column,
    Heading,
    Note,
    Paragraph,
    Part,
    Series,
    Show,
    Table,
)
from grants_app.store import settings

_NARROW = ", attendances"
_MOST_ENGAGEMENTS, _MOST_VOICES, _MOST_LESSONS = 200, 6, 5


@dataclass(frozen=True, slots=True)
class About:
    """The grant, its holder and programme; `totals` has its money, reach and plans by the names below.

    `totals.engagements` and `totals.people` are what is planned in all, with `_today` by today; None without a plan.
    """

    session: Session
    grant: Grant
    holder: Organisation
    programme: Programme
    totals: Any

    @property
    def engagements(self) -> ColumnElement[bool]:
        """Its engagements that were delivered."""
        return and_(Engagement.grant_id == self.grant.id, Engagement.status == EngagementStatus.DELIVERED)

    @property
    def delivered(self) -> int:
        """How many these are."""
        return int(self.totals.delivered or 0)


def about(session: Session, grant_id: int) -> About:
    """Read all that."""
    grant = session.get_one(Grant, grant_id)
    columns: dict[str, ColumnElement[Any]] = {
        "current": figures.current(),
        "paid": figures.paid(),
        "left": figures.left(),
        "lower": figures.reach_lower(),
        "upper": figures.reach_upper(),
        "delivered": Kept.delivered.expression,
        "largest": Kept.largest.expression,
        "new": Kept.new.expression,
        "engagements": figures.planned(Measure.ENGAGEMENTS),
        "engagements_today": figures.planned(Measure.ENGAGEMENTS, by=clock.today()),
        "people": figures.planned(Measure.PEOPLE),
    }
    query = select(*(column.label(name) for name, column in columns.items())).select_from(Grant)
    totals = session.execute(query.outerjoin(Kept, Kept.grant_id == Grant.id).where(Grant.id == grant_id)).one()
    holder = session.get_one(Organisation, grant.organisation_id)
    return About(session, grant, holder, session.get_one(Programme, grant.programme_id), totals)


def against_plan(this: About) -> list[Part]:
    """Each line of the delivery plan as a bullet, with a mark for today."""
    heading = Heading("Delivery")
    rows = this.session.execute(results.against_plan(this.grant.id, clock.today())).all()
    if not rows:
        return [heading, Paragraph("No delivery plan is recorded yet.")]
    names, done = zip(*(_plan_row(row) for row in rows), strict=True)
    threshold = settings.threshold(this.session)
    told = [
        pieces.publishable_count(n, threshold) if name.endswith(_NARROW) else n
        for name, n in zip(names, done, strict=True)
    ]
    series = (
        Series("delivered", tuple(told)),
        Series("planned in all", tuple(round(row.planned, 1) for row in rows)),
        Series("planned by today", tuple(round(row.today, 1) for row in rows)),
    )
    behind = [name for name, value, row in zip(names, done, rows, strict=True) if value < row.today]
    summary = "Everything is up to what was planned by today."
    if behind:
        summary = f"Behind what was planned by today: {wording.listed(behind)}."
    counts = (
        "Engagements delivered, people at least, and attendances by audience, kind or theme, of all that is planned. "
        "The mark is what was planned by today, spread evenly over the plan's dates."
    )
    return [heading, ChartSpec(ChartKind.BULLETS, "Delivered against plan", names, series, summary, counts)]


def _plan_row(row: Any) -> tuple[str, int]:
    """What one line of the plan is called, and how much of it is done; people as a whole are counted at least."""
    narrower = [word for word in (row.audience, row.kind, row.theme, row.borough) if word]
    if row.what is Measure.ENGAGEMENTS:
        return ", ".join(["Engagements", *narrower]), row.done
    if narrower:
        return f"{', '.join(narrower)}{_NARROW}", row.done
    return "People, at least", row.done


def engagements(this: About) -> list[Part]:
    """Reach as a range with its method, every engagement, where and when, for whom, and what was learned."""
    heading = Heading("Engagements and reach")
    if not this.delivered:
        return [heading, Paragraph("No engagement has been delivered yet.")]
    session, which = this.session, this.engagements
    query = select(Engagement.learning).where(which, Engagement.learning.is_not(None))
    learned = session.scalars(query.order_by(Engagement.held_on.desc()).limit(_MOST_LESSONS)).all()
    lessons: list[Part] = [Heading("What was learned", 2), Bullets(tuple(text for text in learned if text))]
    return [
        heading,
        Note(_method(this)),
        _list(this),
        Beside((pieces.places(session, which), pieces.months(session, which))),
        pieces.audiences(session, which),
        *pieces.who_came(session, which),
        *(lessons if learned else []),
    ]


def _method(this: About) -> str:
    totals = this.totals
    return (
        f"People reached: {wording.range_text(totals.lower, totals.upper)}. "
        f"At least {totals.lower:,}: the larger of the largest attendance ({totals.largest:,}) and the people recorded "
        f"as new ({totals.new:,}). At most {totals.upper:,}: all attendances, as if nobody came twice. "
        "Each person is counted once for this grant."
    )


def _list(this: About) -> Table:
    query = (
        select(Engagement.held_on, Engagement.title, Engagement.borough, Engagement.method, Engagement.attended)
        .where(this.engagements)
        .order_by(Engagement.held_on.desc(), Engagement.id.desc())
        .limit(_MOST_ENGAGEMENTS)
    )
    found = this.session.execute(query).all()
    cells, total = pieces.publishable_counts([row.attended for row in found], settings.threshold(this.session))
    rows: list[tuple[Cell, ...]] = [
        (on, title, borough, method.value if method else None, cell)
        for (on, title, borough, method, _), cell in zip(found, cells, strict=True)
    ]
    columns = (
        Column("Held on", Show.DATE, 1.2),
        Column("Engagement", width=3),
        Column("Borough", width=1.6, blank="not recorded"),
        Column("Counted by", width=1.3, blank="not recorded"),
        Column("Attended", Show.NUMBER, blank="not recorded"),
    )
    whole = this.delivered <= len(found)
    cut = "" if whole else f" The newest {len(found)} of {this.delivered:,}."
    counts = f"Engagements delivered, newest first. Attendances, not people.{cut}"
    totals: tuple[Cell, ...] | None = ("Attendances", "", "", "", total) if whole else None
    return Table("engagements", "Engagements delivered", columns, tuple(rows), counts, totals)


def results_of(this: About) -> list[Part]:
    """What this grant's own participants show, against its aims."""
    heading = Heading("Results against aims")
    every = evidence.results_of(this.session, figures.within(this.grant.programme_id), this.grant.id)
    found = [one for one in every if one.after is not None and not one.context]
    if not found:
        return [heading, Paragraph("No approved measurement is recorded for this grant yet.")]
    return [heading, *evidence.parts_of(found, "results")]


def voices(this: About) -> list[Part]:
    """Testimonials whose consent lets them be published today."""
    own = select(Engagement.id).where(Engagement.grant_id == this.grant.id)
    of_grant = or_(Testimonial.grant_id == this.grant.id, Testimonial.engagement_id.in_(own))
    none = Paragraph("There is no testimonial that may be published today.")
    return [Heading("In their words"), *(pieces.voices(this.session, of_grant, _MOST_VOICES) or (none,))]


def risks(this: About) -> list[Part]:
    """Open risks, before and after what is done about them."""
    query = select(Risk).where(Risk.grant_id == this.grant.id, Risk.status == RiskStatus.OPEN)
    rows: list[tuple[Cell, ...]] = [
        (
            one.event,
            _score(one.impact, one.likelihood),
            one.mitigation,
            _score(one.impact_after, one.likelihood_after),
            one.review_on,
        )
        for one in this.session.scalars(query.order_by(Risk.review_on, Risk.id))
    ]
    columns = (
        Column("What might happen", width=2.2),
        Column("Before", Show.NUMBER, 0.8),
        Column("Mitigation", width=2.6),
        Column("After", Show.NUMBER, 0.8),
        Column("Review", Show.DATE, 1.2),
    )
    counts = "Open risks, scored impact times likelihood, each 1 to 5: before and after what is done about them."
    return [Heading("Risks"), Table("risks", "", columns, tuple(rows), counts, empty="No open risk is recorded.")]


def _score(impact: int | None, likelihood: int | None) -> int | None:
    return impact * likelihood if impact and likelihood else None
