"""How a report's figures are written, the same in every format, and how a chart is said in words."""

import dataclasses
import enum
import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import TypeVar, cast

from grants_app import wording
from grants_app.reports.document import Cell, ChartKind, ChartSpec, Column, Measure, Show, Table, Withheld

T = TypeVar("T")
NOT_RECORDED = "not recorded"
RATING_SIGNS = {"Green": "●", "Amber": "▲", "Red": "■"}
"""The shape that stands with each rating's colour, so that nobody needs to see colours."""
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")


def clean(text: str) -> str:
    """The text without control characters, which no format can hold; line ends all as line feeds."""
    return _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def cleaned(thing: T) -> T:
    """A document, or any part of one, with every word of it clean."""
    if isinstance(thing, str) and not isinstance(thing, enum.Enum):
        return cast("T", clean(thing))
    if isinstance(thing, tuple):
        return cast("T", tuple(cleaned(one) for one in thing))
    if dataclasses.is_dataclass(thing) and not isinstance(thing, type):
        values = {field.name: cleaned(getattr(thing, field.name)) for field in dataclasses.fields(thing)}
        return cast("T", dataclasses.replace(thing, **values))
    return thing


def shown(value: Cell, show: Show = Show.TEXT, blank: str = "–", *, pence: bool = False) -> str:
    """The cell as an officer reads it; `blank` where there is none, `pence` always with pence."""
    if value is None:
        return blank
    if isinstance(value, Withheld):
        return value.words
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, date):
        return wording.short_date(value)
    return _figure(value, show, pence=pence)


def column_texts(column: Column, cells: Sequence[Cell]) -> list[str]:
    """The column's cells as text; amounts all with pence where any has some, so that the figures line up."""
    pence = column.show is Show.MONEY and any(_has_pence(cell) for cell in cells)
    return [shown(cell, column.show, column.blank, pence=pence) for cell in cells]


def spanned(texts: Sequence[str]) -> int:
    """How many columns the first cell of a totals row takes: its own and the empty ones after it."""
    return next((at for at, text in enumerate(texts) if at and text), len(texts))


def measured(value: Cell, unit: str) -> str:
    """A chart's figure with its unit: £1,200, 41%, 12; a unit that is a noun stands in the title, not here."""
    show = {"£": Show.MONEY, "%": Show.PERCENT}.get(unit, Show.NUMBER)
    return shown(value, show, NOT_RECORDED)


def brief(value: float | Decimal, unit: str) -> str:
    """The figure in few letters, where there is no room for it all: £12k, 1.2k, 3.4m."""
    for letter, size in {"m": 1_000_000, "k": 1_000}.items():
        if abs(float(value)) >= size:
            digits = f"{float(value) / size:.3g}" if abs(float(value)) < 1000 * size else f"{float(value) / size:,.0f}"
            return f"{'£' if unit == '£' else ''}{digits}{letter}{'%' if unit == '%' else ''}"
    return measured(value, unit)


def _figure(value: float | Decimal, show: Show, *, pence: bool) -> str:
    if show is Show.MONEY:
        text = wording.money_text(Decimal(str(value)))
        return text if "." in text or not pence else f"{text}.00"
    if show is Show.PERCENT:
        return f"{wording.number_text(round(float(value), 1))}%"
    return wording.number_text(value)


def _has_pence(cell: Cell) -> bool:
    return isinstance(cell, Decimal) and cell != cell.to_integral_value()


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
