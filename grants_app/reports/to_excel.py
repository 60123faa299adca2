"""A report as a workbook: its words on the first sheet, then each table as a real table and each chart as a chart."""

import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from grants_app.errors import Refused
from grants_app.exchange import exporting, workbook
from grants_app.exchange.filling import filling, templates
from grants_app.exchange.filling.templates import Fit
from grants_app.exchange.shapes import Chart, Column, Sheet
from grants_app.records import Grant
from grants_app.records.fields import Kind
from grants_app.reports.document import (
    Beside,
    Bullets,
    Cell,
    ChartKind,
    ChartSpec,
    Document,
    Facts,
    Heading,
    KeyFigures,
    Measure,
    Note,
    Paragraph,
    Part,
    Quote,
    Show,
    Table,
    Withheld,
    foot,
)
from grants_app.reports.document import Column as ReportColumn
from grants_app.reports.words import cleaned, shown, table_of

_KINDS = {Show.TEXT: Kind.TEXT, Show.RATING: Kind.TEXT, Show.DATE: Kind.DATE, Show.MONEY: Kind.MONEY}
_FIELDS = {"Grant": "reference", "Left to pay": "left", "Paid": "paid"}
_LINE = 100  # letters of a note
_FIRST = (Column("Part", width=26, wrap=True), Column("What it says", None, width=90, wrap=True))


def excel(document: Document, path: Path) -> None:
    """Write the report to an .xlsx file, whole or not at all."""
    document = cleaned(document)
    about = _notes(document.subtitle, document.notice, document.summary, foot(document))
    first = Sheet("Report", _FIRST, list(_said(document)), document.title, about, "report")
    workbook.write(path, [first, *_sheets(document)])


def fit_template(
    document: Document, template: Path, sent: Mapping[str, str] = MappingProxyType({})
) -> tuple[Table, Fit]:
    """The table of a report that a template's headings fit best, and where it goes; refused as templates.fit is.

    `sent` is what an officer said of headings, as templates.fit takes it.
    """
    found: list[tuple[Table, Fit]] = []
    refusal = Refused("This report has no table: a template has nothing to be filled in with.")
    for table in cleaned(document).tables:
        try:
            found.append((table, templates.fit(template, _offers(table), sent)))
        except Refused as error:
            refusal = error
    if not found:
        raise refusal
    return max(found, key=lambda pair: len(pair[1].places))


def fill_template(table: Table, fit: Fit, target: Path) -> int:
    """Write a copy of a template with the rows of a report's table in it; returns how many."""
    places = [place for _, place in fit.places]
    rows = [[_value(row[place]) for place in places] for row in table.rows]
    return filling.fill(fit, _offers(table), rows, len(rows), target)


def _offers(table: Table) -> list[templates.Offer]:
    return [templates.Offer(_column(column), *_names(column.label)) for column in table.columns]


def _names(label: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What else a heading may call a report's column: the names that the register's field of that label has."""
    name = _FIELDS.get(label) or next((name for name, one in Grant.fields().items() if one.label == label), "")
    return (Grant.fields()[name].aliases if name in Grant.fields() else (), exporting.calls(name, Grant))


def _sheets(document: Document) -> Iterator[Sheet]:
    """A sheet for each table and chart, in the report's order."""
    for part in document.parts:
        if isinstance(part, Table):
            yield _table_sheet(part)
        elif isinstance(part, ChartSpec):
            yield _chart_sheet(part)
        elif isinstance(part, Beside):
            yield from (_chart_sheet(spec) for spec in part.charts)


def _notes(*lines: str) -> tuple[str, ...]:
    """The lines that say something, in lengths that fit a page."""
    return tuple(short for line in lines for short in textwrap.wrap(line, _LINE))


def _said(document: Document) -> Iterator[tuple[object, object]]:
    """Everything of the report that is neither table nor chart, line by line."""
    heading = ""
    for part in document.parts:
        if isinstance(part, Heading):
            heading = part.text
        else:
            yield from ((label or heading, value) for label, value in _lines(part))


def _lines(part: Part) -> Iterator[tuple[str, object]]:
    if isinstance(part, Paragraph | Note):
        yield "", part.text
    elif isinstance(part, Bullets):
        yield from (("", item) for item in part.items)
    elif isinstance(part, Quote):
        yield "", f"“{part.text}” {part.said_by}" + (f" · {part.note}" if part.note else "")
    elif isinstance(part, Facts):
        yield from ((label, value) for label, value in part.items)
    elif isinstance(part, KeyFigures):
        yield from ((f"{item.label}: {item.counts}", _value(item.value)) for item in part.items)
    elif isinstance(part, Table | ChartSpec | Beside):
        for one in part.charts if isinstance(part, Beside) else (part,):
            yield "", f"See the sheet “{_sheet_name(one)}”."


def _table_sheet(table: Table) -> Sheet:
    columns = [_column(column) for column in table.columns]
    rows = [[_value(cell) for cell in row] for row in table.rows]
    notes = [table.counts] if table.counts else []
    adds_up = bool(table.rows) and _adds_up(table)
    if adds_up and table.totals:
        columns = [replace(column, total=_is_figure(cell)) for column, cell in zip(columns, table.totals, strict=True)]
    elif table.totals and table.rows:  # a sum over hidden or missing rows would be another figure: it is said instead
        notes.append(_totals_said(table))
    return Sheet(
        _sheet_name(table),
        tuple(columns),
        rows,
        _title(table),
        _notes(*notes),
        table.name,
        totals=adds_up,
        count=len(rows),
    )


def _adds_up(table: Table) -> bool:
    """Whether every total is the sum of the figures above it, so that Excel may reckon it."""
    if table.totals is None or any(isinstance(total, Withheld) for total in table.totals):
        return False
    for at, total in enumerate(table.totals):
        cells = [row[at] for row in table.rows]
        if _is_figure(total) and sum(Decimal(str(cell)) for cell in cells if _is_figure(cell)) != Decimal(str(total)):
            return False
    return True


def _totals_said(table: Table) -> str:
    texts = [shown(cell, column.show, "") for cell, column in zip(table.totals or (), table.columns, strict=True)]
    figures = [f"{column.label} {text}" for column, text in zip(table.columns[1:], texts[1:], strict=True) if text]
    return f"{texts[0]}: {', '.join(figures)}"


def _column(column: ReportColumn) -> Column:
    kind = _KINDS.get(column.show, Kind.NUMBER)
    unit = "%" if column.show is Show.PERCENT else ""
    return Column(column.label, kind, wrap=column.show is Show.TEXT, unit=unit, total=False)


def _chart_sheet(spec: ChartSpec) -> Sheet:
    table = table_of(spec)
    withheld = any(isinstance(value, Withheld) for series in spec.series for value in series.values)
    notes = _notes(spec.summary, spec.counts)
    sheet = Sheet(_sheet_name(spec), title=spec.title, notes=notes, charts=(_chart(spec),))
    if not withheld:  # the chart's own numbers stand beside it
        return sheet
    told = _table_sheet(table)
    return replace(sheet, columns=told.columns, rows=told.rows, table=f"{table.name}_chart", count=told.count)


def _chart(spec: ChartSpec) -> Chart:
    series = tuple((s.name, tuple(_number(value) for value in s.values)) for s in spec.series)
    kind: Literal["bar", "column"] = "column" if spec.kind is ChartKind.COLUMNS else "bar"
    unit = spec.unit if spec.unit in {"£", "%"} else ""
    return Chart(spec.title, tuple(c for c in spec.categories), series, kind, unit, spec.summary)


def _number(value: Measure) -> Decimal | float | None:
    return None if isinstance(value, Withheld) else value


def _value(cell: Cell) -> object:
    return cell.words if isinstance(cell, Withheld) else cell


def _is_figure(cell: Cell) -> bool:
    return isinstance(cell, int | float | Decimal)


def _title(part: Table | ChartSpec) -> str:
    named = part.name.replace("_", " ").capitalize() if isinstance(part, Table) else "Chart"
    return part.title or named


def _sheet_name(part: Table | ChartSpec) -> str:
    return _title(part).replace("\n", " ")[:31]
