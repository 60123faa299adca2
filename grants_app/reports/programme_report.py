"""The programme report: what a whole programme did, where, for whom, what changed, and what follows from it."""

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from grants_app import clock, wording
from grants_app.records import (
    Engagement,
    Finding,
    Grant,
    Kind,
    Recommendation,
    Testimonial,
    figures,
    registers,
    results,
)
from grants_app.records.evidence import RecommendationStatus
from grants_app.reports import evidence, money, pieces, position
from grants_app.reports.document import (
    Beside,
    Cell,
    Column,
    Document,
    Facts,
    Heading,
    KeyFigure,
    KeyFigures,
    Note,
    Paragraph,
    Part,
    Show,
    Table,
)
from grants_app.reports.pieces import Scope
from grants_app.reports.registry import asked, report

_MOST_GRANTS, _MOST_VOICES = 500, 10


@dataclass(frozen=True, slots=True)
class ProgrammeAndPeriod:
    """Which programme, and the engagements of which days; money, plans and results are always as of now."""

    programme: int | None = field(
        default=None, metadata=asked("Programme", to="programme", help="the short name of a programme, such as CVE")
    )
    since: date | None = field(
        default=None,
        metadata=asked("Engagements from", Kind.DATE, option="--from", help="a date, such as 1 April 2026"),
    )
    until: date | None = field(
        default=None,
        metadata=asked("Engagements to", Kind.DATE, option="--to-date", help="a date, such as 31 March 2027"),
    )


@report("Programme report")
def programme(session: Session, one: ProgrammeAndPeriod) -> Document:
    """A programme: money, boroughs, audiences, planned and delivered, results, voices, findings and recommendations."""
    scope = pieces.scope(session, one.programme)
    which = pieces.in_period(figures.delivered_in(scope.within), one.since, one.until)
    pounds = money.money_of(session, scope)
    totals = _totals(session, scope, which)
    parts: list[Part] = [
        _key_figures(totals, pounds, scope, session),
        *_purpose(scope, one),
        *_money(session, scope, pounds),
        *_reach(session, which, one),
        *_delivery(session, scope),
        *_results(session, scope),
        *_voices(session, scope),
        *_findings(session, scope),
        *_recommendations(session, scope),
    ]
    return Document(scope.name, "Programme report", _summary(totals, pounds), tuple(parts))


@dataclass(frozen=True, slots=True)
class _Totals:
    """Engagements and attendances of the period; the reach of all grants as of now, at least and at most."""

    engagements: int
    attended: int
    lower: int
    upper: int


def _totals(session: Session, scope: Scope, which: ColumnElement[bool]) -> _Totals:
    query = select(func.count(Engagement.id), func.coalesce(func.sum(Engagement.attended), 0)).where(which)
    engagements, attended = session.execute(query).one()
    reach = session.execute(figures.position(scope.which)).one()
    return _Totals(engagements, attended or 0, reach.reach_lower, reach.attended)


def _summary(totals: _Totals, pounds: money.Money) -> str:
    reach = wording.range_text(totals.lower, totals.upper)
    return (
        f"{wording.counted(totals.engagements, 'engagement')} with {totals.attended:,} attendances; grants reached "
        f"{reach} people. {wording.money_text(pounds.awarded)} is awarded and {wording.money_text(pounds.paid)} paid."
    )


def _key_figures(totals: _Totals, pounds: money.Money, scope: Scope, session: Session) -> KeyFigures:
    held = select(func.count(Grant.id), func.count(Grant.organisation_id.distinct()))
    grants, holders = session.execute(held.where(Grant.programme_id.in_(scope.within), registers.is_award())).one()
    reach = wording.range_text(totals.lower, totals.upper) if totals.upper else None
    return KeyFigures(
        (
            KeyFigure("Awarded", pounds.awarded, f"{wording.money_text(pounds.paid)} of it paid", Show.MONEY),
            KeyFigure("Grants awarded", grants, f"held by {wording.counted(holders, 'organisation')}"),
            KeyFigure("Engagements", totals.engagements, "delivered, by grants and by City Hall"),
            KeyFigure("People reached", reach, f"a range over grants, from {totals.upper:,} attendances", Show.TEXT),
        )
    )


def _purpose(scope: Scope, one: ProgrammeAndPeriod) -> list[Part]:
    programme = scope.programme
    parts: list[Part] = []
    if programme and (programme.starts or programme.funder or programme.lead):
        dates = _span(programme.starts, programme.ends)
        facts = {
            "Funder": programme.funder or "",
            "Dates": dates,
            "Status": programme.status.value,
            "Senior responsible officer": programme.lead or "",
        }
        parts.append(Facts(tuple((label, value) for label, value in facts.items() if value)))
    if one.since or one.until:
        parts.append(
            Note(
                f"Engagements in this report: held {_span(one.since, one.until)}. Money, plans and results: as of now."
            )
        )
    if programme and (programme.aims or programme.description):
        parts += [Heading("Aims"), Paragraph(programme.aims or programme.description or "")]
    return parts


def _span(starts: date | None, ends: date | None) -> str:
    if starts and ends:
        return f"{wording.date_text(starts)} to {wording.date_text(ends)}"
    said = [f"from {wording.date_text(starts)}" if starts else "", f"to {wording.date_text(ends)}" if ends else ""]
    return " ".join(words for words in said if words)


def _money(session: Session, scope: Scope, pounds: money.Money) -> list[Part]:
    return [
        Heading("Money"),
        money.parts_of_budget(pounds),
        money.by_year(session, scope, pounds),
        *_calls(session, scope),
    ]


def _calls(session: Session, scope: Scope) -> list[Table]:
    """The programmes in the scope, where there are several: the calls of one fund, or all of the file."""
    found = session.execute(registers.by_programme(scope.within)).all()
    if len(found) < 2:
        return []
    rows: list[tuple[Cell, ...]] = [
        (row.reference, row.name, row.bids, row.grants, row.awarded, row.paid, row.awarded - row.paid) for row in found
    ]
    columns = (
        Column("Short name", width=1.1),
        Column("Programme", width=3),
        Column("Bids", Show.NUMBER),
        Column("Awards", Show.NUMBER),
        Column("Awarded", Show.MONEY, 1.4),
        Column("Paid", Show.MONEY, 1.4),
        Column("Left to pay", Show.MONEY, 1.4),
    )
    counts = "Each call or programme. Bids are all grant records, awards those that were approved."
    table = Table("calls", "Calls and programmes", columns, tuple(rows), counts)
    return [table.summed("Bids", "Awards", "Awarded", "Paid", "Left to pay")]


def _reach(session: Session, which: ColumnElement[bool], one: ProgrammeAndPeriod) -> list[Part]:
    own = "" if not (one.since or one.until) else " It is of all days, not of this period alone."
    method = (
        "People reached is a range: at least, for each grant, the larger of its largest attendance and its people "
        f"recorded as new; at most, its attendances. Each person is counted once for each grant.{own}"
    )
    return [
        Heading("Where, when and for whom"),
        Note(method),
        pieces.audiences(session, which),
        Beside((pieces.places(session, which), pieces.months(session, which))),
        pieces.borough_table(session, which),
        *pieces.who_came(session, which),
    ]


def _delivery(session: Session, scope: Scope) -> list[Part]:
    totals = session.execute(results.totals_against_plan(scope.within, clock.today())).one()
    if not totals.grants:
        return [Heading("Delivery"), Paragraph("No award has a delivery plan yet.")]
    found = session.execute(results.grants_against_plan(scope.within, clock.today()).limit(_MOST_GRANTS + 1)).all()
    rows: list[tuple[Cell, ...]] = [
        (
            row.reference,
            row.organisation,
            _rounded(row.engagements),
            _rounded(row.engagements_today),
            row.delivered,
            _rounded(row.people),
            wording.range_text(row.reached, row.attended) if row.attended else "0",
        )
        for row in found[:_MOST_GRANTS]
    ]
    columns = (
        Column("Grant", width=1.2),
        Column("Organisation", width=2.6),
        Column("Planned", Show.NUMBER),
        Column("By today", Show.NUMBER),
        Column("Delivered", Show.NUMBER, 1.15),
        Column("People planned", Show.NUMBER, 1.2),
        Column("People reached", width=1.3, right=True),
    )
    cut = f" The first {_MOST_GRANTS} of {totals.grants:,}." if len(found) > _MOST_GRANTS else ""
    counts = (
        f"Awards that have a delivery plan: engagements planned in all, by today and delivered; people as a range.{cut}"
    )
    table = Table("planned_and_delivered", "Grant by grant", columns, tuple(rows), counts)
    return [Heading("Delivery"), position.against_plan(totals), table]


def _results(session: Session, scope: Scope) -> list[Part]:
    found = evidence.results_of(session, scope.within)
    context = evidence.context_table(found)
    own = [one for one in found if not one.context]
    parts = evidence.parts_of(own, "results") if own else [Paragraph("No indicator is recorded yet.")]
    return [Heading("Results"), *parts, *([context] if context else [])]


def _voices(session: Session, scope: Scope) -> list[Part]:
    grants = select(Grant.id).where(Grant.programme_id.in_(scope.within))
    engagements = select(Engagement.id).where(Engagement.programme_id.in_(scope.within))
    its = or_(Testimonial.grant_id.in_(grants), Testimonial.engagement_id.in_(engagements))
    found = pieces.voices(session, its, _MOST_VOICES)
    none = Paragraph("There is no testimonial that may be published today.")
    return [Heading("In their words"), *(found or (none,))]


def _findings(session: Session, scope: Scope) -> list[Part]:
    found = session.scalars(select(Finding).where(Finding.programme_id.in_(scope.within)).order_by(Finding.id)).all()
    rows: list[tuple[Cell, ...]] = [
        (one.reference, one.statement, one.strength.value, len(one.evidence_for), len(one.evidence_against))
        for one in found
    ]
    columns = (
        Column("Finding", width=1.2),
        Column("What was found", width=4.5),
        Column("Strength", width=1.5),
        Column("For", Show.NUMBER, 0.7),
        Column("Against", Show.NUMBER, 0.9),
    )
    counts = "For and against count the pieces of evidence that are linked to the finding."
    return [
        Heading("Findings"),
        Table("findings", "", columns, tuple(rows), counts, empty="No finding is recorded yet."),
    ]


def _recommendations(session: Session, scope: Scope) -> list[Part]:
    its = Recommendation.programme_id.in_(scope.within)
    draft = Recommendation.status == RecommendationStatus.DRAFT
    found = session.scalars(
        select(Recommendation).where(its, ~draft).order_by(Recommendation.programme_id, Recommendation.number)
    )
    rows: list[tuple[Cell, ...]] = [
        (one.number, one.text, one.addressed_to, wording.listed(one.findings), one.status.value, one.response.value)
        for one in found
    ]
    drafts = session.scalar(select(func.count(Recommendation.id)).where(its, draft)) or 0
    columns = (
        Column("No.", Show.NUMBER, 0.6),
        Column("Recommendation", width=4),
        Column("To", width=1.4),
        Column("From findings", width=1.4),
        Column("Status", width=1.2),
        Column("Response", width=1.2),
    )
    kept = f"{wording.counted(drafts, 'draft is', 'drafts are')} not shown." if drafts else ""
    empty = f"No recommendation is published yet. {kept}".strip()
    table = Table(
        "recommendations", "", columns, tuple(rows), f"Published recommendations. {kept}".strip(), empty=empty
    )
    return [Heading("Recommendations"), table]


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(number, 1)
