"""Parts that several reports share: attendances by place, month and audience, who came, and what of it may be told."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.orm import Session

from grants_app import clock, wording
from grants_app.records import Engagement, Programme, Testimonial, figures, results
from grants_app.records.lists import BOROUGHS
from grants_app.reports.document import (
    Cell,
    ChartKind,
    ChartSpec,
    Column,
    Measure,
    Quote,
    Series,
    Show,
    Table,
    Tile,
    Withheld,
)
from grants_app.reports.words import NOT_RECORDED, shown
from grants_app.store import settings

HIDDEN = Withheld("hidden")


@dataclass(frozen=True, slots=True)
class Scope:
    """The programmes that a report is about, and how they are called."""

    name: str
    within: Select[int]
    which: ColumnElement[bool]
    programme: Programme | None


def scope(session: Session, programme_id: int | None) -> Scope:
    """One programme with its calls; where none is named, the file's only one, else all of them."""
    if programme_id is None:
        tops = session.scalars(select(Programme.id).where(Programme.parent_id.is_(None)).limit(2)).all()
        programme_id = tops[0] if len(tops) == 1 else None
    programme = session.get(Programme, programme_id) if programme_id is not None else None
    within = figures.within(programme_id)
    return Scope(programme.name if programme else "All programmes", within, Programme.id.in_(within), programme)


def in_period(which: ColumnElement[bool], since: date | None, until: date | None) -> ColumnElement[bool]:
    """Those engagements held from one day to another, either open."""
    return and_(
        which, *([Engagement.held_on >= since] if since else []), *([Engagement.held_on <= until] if until else [])
    )


def places(session: Session, which: ColumnElement[bool]) -> ChartSpec:
    """Attendances by borough on the tile map, small counts hidden; what is in no borough is told below it."""
    rows = {
        borough: (engagements, attended)
        for borough, engagements, attended in session.execute(figures.by_borough(which))
    }
    threshold = settings.threshold(session)
    names = [borough.name for borough in BOROUGHS]
    elsewhere = [name for name in rows if name not in names]
    counts = [rows[name][1] if name in rows else 0 for name in (*names, *elsewhere)]
    cells, total = publishable_counts(counts, threshold)
    reached = sum(1 for name in names if name in rows and rows[name][1])
    beyond = wording.listed(
        [f"{name or 'place not recorded'} {_said(cells[len(names) + at])}" for at, name in enumerate(elsewhere)]
    )
    noted = hiding_note(threshold) if hides(cells) else ""
    return ChartSpec(
        ChartKind.TILES,
        "Attendances by borough",
        tuple(names),
        (Series("attendances", tuple(cells[: len(names)])),),
        f"{_said(total)} attendances; engagements were attended in {reached} of {len(names)} boroughs.",
        " ".join(
            words
            for words in ("Where held, not where people live.", f"Besides: {beyond}." if beyond else "", noted)
            if words
        ),
        "attendances",
        tuple(Tile(borough.column, borough.row, borough.short) for borough in BOROUGHS),
    )


def borough_table(session: Session, which: ColumnElement[bool]) -> Table:
    """Engagements and attendances for each place where there were any, small counts hidden."""
    found = [row for row in session.execute(figures.by_borough(which)) if row.engagements]
    found.sort(key=lambda row: (-(row.attended or 0), row.borough or ""))
    threshold = settings.threshold(session)
    cells, total = publishable_counts([row.attended for row in found], threshold)
    rows: list[tuple[Cell, ...]] = [
        (row.borough or "Place not recorded", row.engagements, cell) for row, cell in zip(found, cells, strict=True)
    ]
    columns = (
        Column("Borough", width=3),
        Column("Engagements", Show.NUMBER),
        Column("Attendances", Show.NUMBER, blank="not recorded"),
    )
    noted = f" {hiding_note(threshold)}" if hides(cells) else ""
    counts = f"Engagements delivered and attendances, where held, not where people live.{noted}"
    totals: tuple[Cell, ...] = ("Total", sum(row.engagements for row in found), total)
    return Table(
        "boroughs", "By borough", columns, tuple(rows), counts, totals, "No engagement has been delivered yet."
    )


def months(session: Session, which: ColumnElement[bool]) -> ChartSpec:
    """Attendances by month, from the first month with an engagement to the last, at most the newest 24."""
    rows = {month: attended for month, _, attended in session.execute(figures.by_month(which))}
    span = _months(min(rows), max(rows))[-24:] if rows else []
    threshold = settings.threshold(session)
    cells, total = publishable_counts([rows.get(month, 0) for month in span], threshold)
    names = [wording.month_text(date.fromisoformat(f"{month}-01")) for month in span]
    period = f"{names[0]} to {names[-1]}" if span else ""
    noted = f" {hiding_note(threshold)}" if hides(cells) else ""
    return ChartSpec(
        ChartKind.COLUMNS,
        "Attendances by month",
        tuple(name[:3] if len(span) > 6 else name for name in names),
        (Series("attendances", tuple(cells)),),
        f"{_said(total)} attendances, {period}; {_most(cells, names)}"
        if span
        else "No engagement has been delivered yet.",
        f"Attendances at engagements delivered, {period}.{noted}" if span else "",
        "attendances",
    )


def audiences(session: Session, which: ColumnElement[bool]) -> Table:
    """Engagements and attendances for each audience; never added up."""
    found = session.execute(results.by_audience(which)).all()
    threshold = settings.threshold(session)
    cells = [publishable_count(row.attended, threshold) for row in found]
    rows: list[tuple[Cell, ...]] = [
        (row.audience, row.engagements, cell) for row, cell in zip(found, cells, strict=True)
    ]
    columns = (Column("Audience", width=3), Column("Engagements", Show.NUMBER), Column("Attendances", Show.NUMBER))
    counts = "Attendances at engagements for each audience. One engagement may be for several, so these do not add up."
    return Table("audiences", "By audience", columns, tuple(rows), counts, empty="No audience is recorded yet.")


def who_came(session: Session, which: ColumnElement[bool]) -> list[Table]:
    """A table for each dimension by which attendance is broken down, small counts hidden."""
    threshold = settings.threshold(session)
    rows = session.execute(results.breakdown(which)).all()
    made = []
    for dimension, group in itertools.groupby(rows, key=lambda row: row.dimension):
        found = list(group)
        cells, total = publishable_counts([row.attended for row in found], threshold)
        made.append(_dimension(dimension.value, [row.category for row in found], cells, total, threshold))
    return made


def voices(session: Session, which: ColumnElement[bool], most: int) -> list[Quote]:
    """Testimonials that `which` holds and that consent lets be published today, at most so many."""
    query = select(Testimonial).where(which, results.publishable(clock.today())).order_by(Testimonial.id).limit(most)
    note = "illustrative" if settings.get(session, settings.SAMPLE) else ""
    return [Quote(one.text, f"{one.described} ({one.said_by.value.lower()})", note) for one in session.scalars(query)]


def _dimension(name: str, categories: list[str], cells: list[Measure], total: Measure, threshold: int) -> Table:
    rows: list[tuple[Cell, ...]] = list(zip(categories, cells, strict=True))
    noted = f" {hiding_note(threshold)}" if hides(cells) else ""
    counts = f"Of those attendances whose {name.lower()} was recorded.{noted}"
    columns = (Column(name, width=3), Column("Attendances", Show.NUMBER))
    title = f"By {name[:1].lower()}{name[1:]}"
    return Table(f"by_{name.lower().replace(' ', '_')}", title, columns, tuple(rows), counts, ("Total", total))


def _months(first: str, last: str) -> list[str]:
    months, (year, month) = [], (int(first[:4]), int(first[5:]))
    while f"{year}-{month:02d}" <= last:
        months.append(f"{year}-{month:02d}")
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return months


def _most(cells: list[Measure], names: list[str]) -> str:
    known = [(cell, name) for cell, name in zip(cells, names, strict=True) if isinstance(cell, int)]
    return f"the most, {max(known)[0]:,}, in {max(known)[1]}." if known else "each too small to tell."


def _said(measure: Measure) -> str:
    return words(measure)


def publishable_counts(counts: Sequence[int | None], threshold: int) -> tuple[list[Measure], Measure]:
    """The counts and their total as they may be published; None, not recorded, stays.

    A count from 1 to under the threshold is hidden. So that no sum gives it away, at least two are then hidden, which
    together come to the threshold: the next smallest; where there are too few, the total is hidden instead.
    """
    small = {at for at, count in enumerate(counts) if count and count < threshold}
    hidden = set(small)
    rest = sorted((count, at) for at, count in enumerate(counts) if count and at not in small)
    while rest and hidden and (len(hidden) == 1 or sum(counts[at] or 0 for at in hidden) < threshold):
        hidden.add(rest.pop(0)[1])
    under = Withheld(f"under {threshold}", f"<{threshold}")
    cells: list[Measure] = [
        under if at in small else HIDDEN if at in hidden else count for at, count in enumerate(counts)
    ]
    known = [count for count in counts if count is not None]
    betrayed = hidden and (len(hidden) == 1 or sum(counts[at] or 0 for at in hidden) < threshold)
    return cells, (HIDDEN if betrayed else sum(known)) if known else None


def hiding_note(threshold: int) -> str:
    """What a table or chart that hides small counts says of it."""
    return f"Counts under {threshold} are hidden, and where needed the next smallest, so that nobody can be made out."


def publishable_count(count: int | None, threshold: int) -> Measure:
    """One count that no total stands by, as it may be published."""
    return Withheld(f"under {threshold}", f"<{threshold}") if count and count < threshold else count


def hides(cells: Sequence[Measure]) -> bool:
    """Whether any of them is hidden."""
    return any(isinstance(cell, Withheld) for cell in cells)


def words(cell: Measure) -> str:
    """One count in a sentence."""
    return shown(cell, Show.NUMBER, NOT_RECORDED)
