"""What indicators show, for every report alike: before, after and aim, who measured it, and on how many people."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from grants_app import wording
from grants_app.records import Indicator, Measurement, Outcome, PlanLine, results
from grants_app.records.evidence import Direction, Sureness, Unit
from grants_app.records.grant import Measure as PlanMeasure
from grants_app.reports.document import Cell, ChartKind, ChartSpec, Column, Part, Series, Show, Table

_WEAKEST = (Sureness.ESTIMATED, Sureness.REPORTED, Sureness.VERIFIED)


@dataclass(frozen=True, slots=True)
class Result:
    """One indicator: `after` is None until somebody has measured it; `base` says on whom it rests."""

    name: str
    outcome: str
    unit: Unit
    context: bool
    before: float | None
    before_on: date | None
    source: str
    after: float | None
    after_on: date | None
    aim: float | None
    base: str
    sure: str

    def shown(self, value: float | None) -> str:
        """A value with its unit."""
        if value is None:
            return "not measured"
        text = wording.number_text(round(value, 1))
        return f"{text}%" if self.unit is Unit.PERCENT else f"{text} {self.unit.value}"


def results_of(session: Session, programmes: Select[int], grant_id: int | None = None) -> list[Result]:
    """Every indicator of the programmes; with a grant, what that grant measured, against its own aims."""
    aims = _aims(session, grant_id)
    rows = session.execute(results.measured(programmes, grant_id)).all()
    made = []
    for _, group in itertools.groupby(rows, key=lambda row: row[0].id):
        measured = list(group)
        indicator, outcome = measured[0][0], measured[0][1]
        made.append(
            _result(indicator, outcome, [(row[2], row[3]) for row in measured if row[2]], aims.get(indicator.id))
        )
    return made


def _aims(session: Session, grant_id: int | None) -> dict[int, float]:
    if grant_id is None:
        return {}
    lines = select(PlanLine.indicator_id, PlanLine.planned).where(
        PlanLine.grant_id == grant_id, PlanLine.what == PlanMeasure.INDICATOR, PlanLine.indicator_id.is_not(None)
    )
    return {int(indicator): planned for indicator, planned in session.execute(lines) if indicator is not None}


def _result(
    indicator: Indicator, outcome: Outcome, rows: Sequence[tuple[Measurement, float]], aim: float | None
) -> Result:
    whole = [(one, summed) for one, summed in rows if one.grant_id is None] or list(rows)
    after, base = _pooled(indicator, whole)
    return Result(
        name=indicator.name,
        outcome=outcome.statement,
        unit=indicator.unit,
        context=indicator.direction is Direction.CONTEXT,
        before=indicator.baseline,
        before_on=indicator.baseline_on,
        source=indicator.baseline_source or "",
        after=after,
        after_on=max((one.ends for one, _ in whole), default=None),
        aim=aim if aim is not None else indicator.target,
        base=base,
        sure=next((sure.value for sure in _WEAKEST if any(one.sure is sure for one, _ in whole)), ""),
    )


def _pooled(indicator: Indicator, rows: Sequence[tuple[Measurement, float]]) -> tuple[float | None, str]:
    """One value from those of several grants, where that can be had honestly, and on whom it rests."""
    if not rows:
        return None, ""
    values = [summed if indicator.cumulative else one.value for one, summed in rows]
    numerators = [one.numerator for one, _ in rows if one.numerator is not None]
    denominators = [one.denominator for one, _ in rows if one.denominator]
    told = len(denominators) == len(rows)
    by = f", {wording.counted(len(rows), 'grant')}" if rows[0][0].grant_id is not None and len(rows) > 1 else ""
    base = f"{sum(denominators):,} people{by}" if told else by.removeprefix(", ")
    if told and len(numerators) == len(rows) and indicator.unit is Unit.PERCENT:
        return sum(numerators) / sum(denominators) * 100, f"{sum(numerators):,} of {sum(denominators):,} people{by}"
    if len(rows) == 1:
        return values[0], base
    if indicator.unit in {Unit.PEOPLE, Unit.ENGAGEMENTS}:
        return sum(values), base
    if told:
        weighed = sum(value * weight for value, weight in zip(values, denominators, strict=True))
        return weighed / sum(denominators), base
    return None, f"measured by {wording.counted(len(rows), 'grant')}, which cannot be added up"


def parts_of(found: Sequence[Result], name: str) -> list[Part]:
    """A chart of those in per cent that have a before and an after, and a table of all; context stands apart."""
    own = [result for result in found if not result.context]
    charted = [one for one in own if one.unit is Unit.PERCENT and one.before is not None and one.after is not None]
    parts: list[Part] = [before_and_after(charted)] if charted else []
    parts.append(_table(own, name))
    return parts


def before_and_after(found: Sequence[Result]) -> ChartSpec:
    """Participants before and after, each indicator a row; all in per cent, none of them context."""
    better = sum(1 for one in found if one.aim is not None and one.after is not None and _reached(one))
    aimed = sum(1 for one in found if one.aim is not None)
    series = (
        Series("before", tuple(one.before for one in found)),
        Series("after", tuple(one.after for one in found)),
        Series("aim", tuple(one.aim for one in found)),
    )
    measured = f"{wording.counted(len(found), 'indicator')} measured before and after"
    summary = f"{measured}; {better} of {aimed} with an aim reached it."
    counts = "Per cent of participants who answered, before taking part and in the newest approved measurement."
    return ChartSpec(
        ChartKind.BEFORE_AFTER,
        "Participants, before and after",
        tuple(one.name for one in found),
        series,
        summary,
        counts,
        "%",
    )


def context_table(found: Sequence[Result]) -> Table | None:
    """Research about Londoners at large, which has no aim and is nobody's result; None where there is none."""
    context = [one for one in found if one.context]
    sources = {one.source for one in context}
    shared = sources.pop().rstrip(".") if len(sources) == 1 else ""
    told: dict[Column, list[Cell]] = {
        Column("Indicator", width=3.2): [one.name for one in context],
        Column("Found", right=True): [one.shown(one.before) for one in context],
    }
    if any(one.before_on for one in context):
        told[Column("When", Show.DATE, 1.2)] = [one.before_on for one in context]
    if sources:
        told[Column("Source", width=2.6)] = [one.source or None for one in context]
    again = [one.shown(one.after) if one.after is not None else "not repeated" for one in context]
    told[Column("Measured again", width=1.3)] = [*again]
    counts = "Context only: about people at large, not participants. No aim is set, and no change is claimed."
    counts += f" Source: {shared}." if shared else ""
    rows = tuple(zip(*told.values(), strict=True))
    return Table("context", "Context: what research found", tuple(told), rows, counts) if rows else None


def _table(found: Sequence[Result], name: str) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (
            one.name,
            one.shown(one.before) if one.before is not None else None,
            one.shown(one.after),
            one.shown(one.aim) if one.aim is not None else None,
            ", ".join(words for words in (one.base, one.sure.lower()) if words) or None,
            one.after_on,
        )
        for one in found
    ]
    columns = (
        Column("Indicator", width=2.3),
        Column("Before", right=True, width=1.1),
        Column("After", right=True, width=1.4),
        Column("Aim", right=True, width=1.3),
        Column("Rests on", width=2.1),
        Column("Measured to", Show.DATE, 1.3),
    )
    counts = "Newest approved measurements. Before is the indicator's baseline."
    return Table(name, "Results against aims", columns, tuple(rows), counts, empty="No indicator is recorded yet.")


def _reached(one: Result) -> bool:
    down = one.before is not None and one.aim is not None and one.aim < one.before
    assert one.after is not None
    assert one.aim is not None
    return one.after <= one.aim if down else one.after >= one.aim
