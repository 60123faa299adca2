"""A chart in words: what each figure says, its alternative text, and the table that tells the same."""

import re

from grants_app import wording
from grants_app.reports.cells import measured
from grants_app.reports.document import Cell, ChartKind, ChartSpec, Column, Measure, Show, Table


def said(spec: ChartSpec, at: int) -> str:
    """One category with its figures, as a screen reader should say it."""
    values = [series.values[at] for series in spec.series]
    figures = {ChartKind.BULLETS: _bullet_said, ChartKind.BEFORE_AFTER: _change_said}.get(spec.kind, _plainly_said)
    return f"{spec.categories[at]}: {figures(spec, values)}"


def alternative(spec: ChartSpec) -> str:
    """The chart's alternative text: its title and its summary."""
    return f"{spec.title}. {spec.summary}"


def table_of(spec: ChartSpec) -> Table:
    """The chart's figures as a table, a row for each category."""
    show = {"£": Show.MONEY, "%": Show.PERCENT}.get(spec.unit, Show.NUMBER)
    columns = (
        Column("What", width=2.0),
        *(Column(_capital(series.name), show, blank="not recorded") for series in spec.series),
    )
    rows: list[tuple[Cell, ...]] = [
        (category, *(series.values[at] for series in spec.series)) for at, category in enumerate(spec.categories)
    ]
    return Table(excel_name(spec.title), spec.title, columns, tuple(rows), spec.counts)


def excel_name(title: str) -> str:
    """The title as a name that Excel takes for a table: letters, digits and low lines."""
    return re.sub(r"\W+", "_", title.casefold(), flags=re.ASCII).strip("_") or "table"


def _plainly_said(spec: ChartSpec, values: list[Measure]) -> str:
    if len(values) == 1:
        return _counted(spec, values[0])
    return ", ".join(
        f"{series.name} {measured(value, spec.unit)}" for series, value in zip(spec.series, values, strict=True)
    )


def _counted(spec: ChartSpec, value: Measure) -> str:
    text = measured(value, spec.unit)
    noun = "" if spec.unit in {"£", "%"} or not isinstance(value, int | float) else spec.unit
    return f"{text} {noun}".strip()


def _bullet_said(spec: ChartSpec, values: list[Measure]) -> str:
    done, whole, today = (measured(value, spec.unit) for value in (*values, None, None)[:3])
    if values[1] is None:
        return f"{done}, nothing planned"
    return f"{done} of {whole}" + (
        f", {today} {spec.series[2].name}" if len(values) > 2 and values[2] is not None else ""
    )


def _change_said(spec: ChartSpec, values: list[Measure]) -> str:
    texts = [
        f"{measured(value, spec.unit)} {series.name}" for series, value in zip(spec.series[:2], values, strict=False)
    ]
    aim = values[2] if len(values) > 2 else None
    return wording.listed(texts) + (f", aim {measured(aim, spec.unit)}" if aim is not None else "")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
