"""The figures of My week, each by the one definition that reports use too."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants_app import clock, wording
from grants_app.records import figures
from grants_app.records.evidence import Indicator, Unit
from grants_app.records.history import Step
from grants_app.records.lists import BOROUGHS
from grants_app.records.programme import Programme
from grants_app.reports.document import ChartKind, ChartSpec, Series, Tile

_MONTHS, _RECENT, _INDICATORS = 8, 5, 4


@dataclass(frozen=True)
class Week:
    """What My week shows beside what waits. Money in pounds; reach as a range; the last steps with who and when."""

    budget: Decimal
    budget_left: Decimal
    pending: Decimal
    reach: tuple[int, int]
    attendances: int
    grants: int
    boroughs: ChartSpec
    months: ChartSpec
    changes: ChartSpec | None
    recent: Sequence[tuple[str, str, datetime]]


def week(session: Session, programme: int | None) -> Week:
    """Read them for one programme and its calls, or for all."""
    programmes = figures.within(programme)
    money = session.execute(figures.position(Programme.id.in_(programmes))).one()
    steps = session.scalars(select(Step).order_by(Step.id.desc()).limit(_RECENT))
    return Week(
        money.budget,
        money.budget_left,
        money.pending,
        (money.reach_lower, money.attended),
        money.attended,
        money.delivered,
        _boroughs(
            {name: (count, attended) for name, count, attended in session.execute(figures.boroughs_of(programmes))}
        ),
        _months({month: attended or 0 for month, _count, attended in session.execute(figures.months_of(programmes))}),
        _before_after(session, programme),
        [(step.words, step.officer, step.at) for step in steps],
    )


def _boroughs(found: Mapping[str | None, tuple[int, int | None]]) -> ChartSpec:
    # A borough where something was held but nobody counted is "not recorded"; one where nothing was held is none.
    values = tuple(found[b.name][1] if b.name in found else 0 for b in BOROUGHS)
    reached = sum(1 for value in values if value)
    return ChartSpec(
        ChartKind.TILES,
        "Attendances by borough",
        tuple(b.name for b in BOROUGHS),
        (Series("attendances", values),),
        f"{reached} of {len(BOROUGHS)} boroughs had attendances.",
        counts="Where engagements were held, not where people live",
        unit="attendances",
        tiles=tuple(Tile(b.column, b.row, b.short) for b in BOROUGHS),
    )


def _months(found: Mapping[str, int]) -> ChartSpec:
    today = clock.today()
    months = [_month_before(today, back) for back in reversed(range(_MONTHS))]
    values = tuple(int(found.get(f"{month:%Y-%m}", 0)) for month in months)
    return ChartSpec(
        ChartKind.COLUMNS,
        "Attendances by month",
        tuple(wording.MONTHS[month.month - 1][:3] for month in months),
        (Series("attendances", values),),
        f"{sum(values):,} attendances since {wording.month_text(months[0])}.",
        counts="Attendances of delivered engagements, by the month in which they were held",
        unit="attendances",
    )


def _month_before(day: date, back: int) -> date:
    months = day.year * 12 + day.month - 1 - back
    return date(months // 12, months % 12 + 1, 1)


def _before_after(session: Session, programme: int | None) -> ChartSpec | None:
    if session.scalar(select(Indicator.id).limit(1)) is None:
        return None
    from grants_app.reports import evidence

    found = [
        one
        for one in evidence.results_of(session, figures.within(programme))
        if not one.context and one.unit is Unit.PERCENT and one.before is not None and one.after is not None
    ]
    return evidence.before_and_after(found[:_INDICATORS]) if found else None
