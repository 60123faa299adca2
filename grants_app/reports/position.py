"""The position: a director's page that stands alone, then the register, one row a grant, that ties to it."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from grants_app import clock, wording
from grants_app.records import Grant, Organisation, Programme, Recommendation, figures, registers, results
from grants_app.records.evidence import RecommendationStatus, Response
from grants_app.records.grant import AWARDED, LIVE, Rag, Status
from grants_app.reports import evidence, money, pieces
from grants_app.reports.document import (
    Bullets,
    Cell,
    ChartKind,
    ChartSpec,
    Column,
    Document,
    Heading,
    PageBreak,
    Paragraph,
    Part,
    Series,
    Show,
    Table,
)
from grants_app.reports.pieces import Scope
from grants_app.reports.registry import asked, report

MOST_IN_REGISTER = 2000
_MOST_RATED, _MOST_DECISIONS, _LONGEST_REASON = 5, 2, 75  # so that all fits on one page


@dataclass(frozen=True, slots=True)
class OneProgramme:
    """Which programme the report is about; none: the only one of the file, else all together."""

    programme: int | None = field(
        default=None, metadata=asked("Programme", to="programme", help="the short name of a programme, such as CVE")
    )


@report("Position")
def position(session: Session, one: OneProgramme) -> Document:
    """The director's page: money, ratings, planned against delivered, results, decisions; then the grants register."""
    scope = pieces.scope(session, one.programme)
    pounds = money.money_of(session, scope)
    delivered = session.execute(results.totals_against_plan(scope.within, clock.today())).one()
    parts: list[Part] = [
        money.key_figures(pounds),
        money.by_year(session, scope, pounds),
        _ratings(session, scope),
        against_plan(delivered),
        *_three_results(session, scope),
        *_decisions(session, scope),
        PageBreak(landscape=True),
        Heading("Grants register"),
        _register(session, scope, pounds),
    ]
    return Document(scope.name, "Position", _summary(session, scope, pounds, delivered), tuple(parts))


def _summary(session: Session, scope: Scope, pounds: money.Money, delivered: Any) -> str:
    counts = {row.rag: row.grants for row in session.execute(registers.ratings(scope.within))}
    live = sum(counts.values())
    awarded, budget, paid = (wording.money_text(amount) for amount in (pounds.awarded, pounds.budget, pounds.paid))
    said = [
        f"{awarded} of {budget} is awarded and {paid} paid.",
        f"{wording.counted(live, 'grant is', 'grants are')} live: {_rating_counts(counts)}."
        if live
        else "No grant is live.",
    ]
    if delivered.engagements:
        said.append(
            f"{delivered.delivered:,} of {_whole(delivered.engagements)} planned engagements delivered; "
            f"{_whole(delivered.engagements_today)} were planned by today."
        )
    return " ".join(said)


def _rating_counts(counts: dict[Rag, int]) -> str:
    order = (Rag.RED, Rag.AMBER, Rag.GREEN, Rag.NONE)
    names = {Rag.NONE: "without a rating"}
    return wording.listed([f"{counts[rag]:,} {names.get(rag, rag.value.lower())}" for rag in order if rag in counts])


def _ratings(session: Session, scope: Scope) -> Table:
    found = session.execute(registers.rated(scope.within, _quarter(clock.today())).limit(_MOST_RATED)).all()
    number = sum(
        row.grants for row in session.execute(registers.ratings(scope.within)) if row.rag in {Rag.RED, Rag.AMBER}
    )
    rows: list[tuple[Cell, ...]] = [
        (
            row.reference,
            row.organisation,
            row.rag.value,
            row.was,
            _short(row.rag_reason or "No reason is recorded"),
            row.left,
        )
        for row in found
    ]
    more = f" The first {len(found)} of {number:,}; the register has all." if number > len(found) else ""
    columns = (
        Column("Grant", width=1.0),
        Column("Organisation", width=2.0),
        Column("Rating", Show.RATING, 0.95),
        Column("Last quarter", Show.RATING, 1.2),
        Column("Reason", width=3.3),
        Column("Left to pay", Show.MONEY, 1.1),
    )
    empty = "No live grant is rated red or amber."
    return Table(
        "ratings",
        "Red and amber",
        columns,
        tuple(rows),
        f"Live grants rated red or amber, and their rating at the end of last quarter.{more}",
        empty=empty,
    )


def _short(reason: str) -> str:
    cut = wording.tidy(reason)
    return cut if len(cut) <= _LONGEST_REASON else f"{cut[:_LONGEST_REASON].rstrip()}…"


def _quarter(day: date) -> date:
    """The first day of the quarter that holds the day."""
    return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)


def against_plan(row: Any) -> ChartSpec:
    """Planned against delivered over all grants with a delivery plan, from one row of results.totals_against_plan."""
    lines = []
    if row.engagements:
        lines.append(("Engagements", row.delivered, row.engagements, row.engagements_today))
    if row.people:
        lines.append(("People, at least", row.reached, row.people, row.people_today))
    behind = [name.lower() for name, done, _, today in lines if done < round(today, 1)]
    summary = (
        f"Behind what was planned by today: {wording.listed(behind)}." if behind else "Up to what was planned by today."
    )
    names = tuple(name for name, *_ in lines)
    series = (
        Series("delivered", tuple(done for _, done, _, _ in lines)),
        Series("planned in all", tuple(round(planned, 1) for _, _, planned, _ in lines)),
        Series("planned by today", tuple(round(today, 1) for *_, today in lines)),
    )
    grants = wording.counted(row.grants, "award that has a delivery plan", "awards that have a delivery plan")
    counts = f"Over {grants}. Delivered of what is planned in all; the mark is what was planned by today."
    return ChartSpec(
        ChartKind.BULLETS, "Planned and delivered", names, series, summary if lines else "No plan.", counts
    )


def _three_results(session: Session, scope: Scope) -> list[Part]:
    every = [one for one in evidence.results_of(session, scope.within) if not one.context and one.after is not None]
    newest = sorted(every, key=lambda one: (one.after_on is None, one.after_on), reverse=True)
    chosen = [one for one in newest if one.before is not None][:3]
    if not chosen:
        return [Heading("Three results"), Paragraph("No result is measured and approved yet.")]
    said = tuple(_result_said(one) for one in chosen)
    title = "Three results" if len(said) == 3 else "Results"
    return [Heading(title), Bullets(said)]


def _result_said(one: evidence.Result) -> str:
    aim = f", aim {one.shown(one.aim)}" if one.aim is not None else ""
    rests = ", ".join(words for words in (one.base, one.sure.lower()) if words)
    return f"{one.name}: {one.shown(one.before)} before, {one.shown(one.after)} after{aim}" + (
        f" ({rests})." if rests else "."
    )


def _decisions(session: Session, scope: Scope) -> list[Part]:
    waiting = [
        *_bids(session, scope),
        *_payments(session, scope),
        *_over_budget(session, scope),
        *_recommendations(session, scope),
    ]
    return [Heading("Decisions needed"), Bullets(tuple(waiting)) if waiting else Paragraph("No decision is waiting.")]


def _bids(session: Session, scope: Scope) -> list[str]:
    query = (
        select(Grant.reference, Organisation.name, Grant.asked)
        .join(Organisation, Organisation.id == Grant.organisation_id)
        .where(Grant.programme_id.in_(scope.within), Grant.status == Status.READY)
        .order_by(Grant.reference)
    )
    rows, more = _first(session, query)
    said = [
        f"{reference}, {name}: decide on the bid" + (f" for {wording.money_text(asked)}." if asked is not None else ".")
        for reference, name, asked in rows
    ]
    return said + (
        [f"{wording.counted(more, 'further bid is', 'further bids are')} ready for decision."] if more else []
    )


def _payments(session: Session, scope: Scope) -> list[str]:
    rows, more = _first(session, registers.awaiting_approval(scope.within))
    said = [
        f"{row.reference}, {row.organisation}: {'countersign' if row.countersign else 'approve or decline'} "
        f"{wording.money_text(row.amount)}, due {wording.date_text(row.due)}."
        for row in rows
    ]
    return said + (
        [f"{wording.counted(more, 'further payment waits', 'further payments wait')} for a second officer."]
        if more
        else []
    )


def _over_budget(session: Session, scope: Scope) -> list[str]:
    left = figures.budget_left()
    query = select(Programme.name, left.label("left")).where(
        scope.which, Programme.budget.is_not(None), Programme.over_commitment.is_(None)
    )
    return [
        f"{name}: awards and pending decisions are {wording.money_text(-short)} over budget; raise it or record why."
        for name, short in session.execute(query)
        if short < 0
    ]


def _recommendations(session: Session, scope: Scope) -> list[str]:
    waiting = (RecommendationStatus.PUBLISHED, RecommendationStatus.IN_PROGRESS)
    number = session.scalar(
        select(func.count(Recommendation.id)).where(
            Recommendation.programme_id.in_(scope.within),
            Recommendation.response == Response.AWAITED,
            Recommendation.status.in_(waiting),
        )
    )
    return (
        [f"{wording.counted(number, 'published recommendation awaits', 'published recommendations await')} a response."]
        if number
        else []
    )


def _first(session: Session, query: Select[*tuple[Any, ...]]) -> tuple[list[Any], int]:
    """The first few rows, and how many more there are."""
    rows = list(session.execute(query.limit(_MOST_DECISIONS)).all())
    every = session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    return rows, every - len(rows)


def _register(session: Session, scope: Scope, pounds: money.Money) -> Table:
    found = session.execute(registers.register(scope.within).limit(MOST_IN_REGISTER + 1)).all()
    rows = tuple(_register_row(row) for row in found[:MOST_IN_REGISTER])
    amounts = [Column(label, Show.MONEY, 1.3) for label in ("Pending", "Awarded", "Committed", "Paid", "Left to pay")]
    columns = (
        Column("Grant", width=1.2),
        Column("Organisation", width=2.0),
        Column("Title", width=2.2),
        Column("Status", width=1.2),
        Column("Rating", Show.RATING, 1.3),
        Column("Starts", Show.DATE, 1.2),
        Column("Ends", Show.DATE, 1.2),
        *amounts,
    )
    sums = (pounds.pending, pounds.awarded, pounds.committed, pounds.paid, pounds.left)
    totals: tuple[Cell, ...] = ("Total", *[""] * (len(columns) - len(sums) - 1), *sums)
    counts = "Every grant and bid, one row each. The totals are those of the first page."
    if len(found) > MOST_IN_REGISTER:
        counts += (
            f" The first {MOST_IN_REGISTER:,} are listed; the totals are of all. Export the grants for the whole list."
        )
    return Table("register", "", columns, rows, counts, totals, "There is no grant or bid yet.")


def _register_row(row: Any) -> tuple[Cell, ...]:
    """One grant; its money is blank, not nought, where there is no award and nothing was paid."""
    rating = row.rag.value if row.status in LIVE else ""
    money_cells = (row.awarded, row.committed, row.paid, row.left)
    shown = money_cells if row.status in AWARDED or any(money_cells) else (None,) * len(money_cells)
    about = (row.reference, row.organisation, row.title, row.status.value, rating, row.starts, row.ends)
    return (*about, row.pending or None, *shown)


def _whole(number: float) -> str:
    return wording.number_text(round(number))
