"""A report as PDF pages, and the same pages as pictures for the preview."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from grants_app.reports import charts
from grants_app.reports.document import (
    Beside,
    Bullets,
    Cell,
    ChartSpec,
    Column,
    Document,
    Facts,
    Heading,
    KeyFigures,
    Note,
    Paragraph,
    Part,
    Quote,
    Show,
    Table,
    foot,
    sections,
)
from grants_app.reports.typesetting import as_pdf, as_pictures
from grants_app.reports.words import alternative, cleaned, column_texts, shown, spanned

_TEMPLATE = "report.typ"


def pdf(document: Document) -> bytes:
    """The report as one PDF, tagged for screen readers (PDF/UA-1)."""
    return as_pdf(_TEMPLATE, _data(cleaned(document)))


def pages(document: Document, ppi: float = 192.0) -> list[bytes]:
    """The PDF's own pages, each as a PNG of so many dots to the inch."""
    return as_pictures(_TEMPLATE, _data(cleaned(document)), ppi)


def _data(document: Document) -> dict[str, Any]:
    return {
        "title": document.title or "Report",
        "subtitle": document.subtitle,
        "summary": document.summary,
        "author": document.prepared_by,
        "state": str(document.state),
        "notice": document.notice,
        "foot": foot(document),
        "colours": charts.PRINT_COLOURS,
        "sections": [
            {"landscape": section.landscape, "parts": [_part(part) for part in section.parts]}
            for section in sections(document)
        ],
    }


def _part(part: Part) -> dict[str, Any]:
    return _PARTS[type(part)](part)


def _quote(part: Quote) -> dict[str, Any]:
    return {"kind": "quote", "text": part.text, "said_by": part.said_by, "note": part.note}


def _facts(part: Facts) -> dict[str, Any]:
    return {"kind": "facts", "items": [[label, value] for label, value in part.items]}


def _key_figures(part: KeyFigures) -> dict[str, Any]:
    items = [{"label": item.label, "value": shown(item.value, item.show), "counts": item.counts} for item in part.items]
    return {"kind": "figures", "items": items}


def _table(part: Table) -> dict[str, Any]:
    every = [*part.rows, part.totals] if part.totals is not None else list(part.rows)
    columns = [_column(column, [row[at] for row in every]) for at, column in enumerate(part.columns)]
    rows = [list(row) for row in zip(*columns, strict=True)]
    return {
        "kind": "table",
        "title": part.title,
        "counts": part.counts,
        "empty": part.empty,
        "columns": [{"label": c.label, "right": c.at_right, "width": c.width} for c in part.columns],
        "rows": rows[: len(part.rows)],
        "totals": rows[-1] if part.totals is not None and part.rows else None,
        "spanned": spanned([cell["text"] for cell in rows[-1]]) if rows else 1,
    }


def _column(column: Column, cells: Sequence[Cell]) -> list[dict[str, Any]]:
    return [{"text": text, "rating": column.show is Show.RATING} for text in column_texts(column, cells)]


def _chart(spec: ChartSpec, width: float) -> dict[str, Any]:
    return {
        "kind": "chart",
        "title": spec.title,
        "counts": spec.counts,
        "svg": charts.svg(spec, width),
        "alt": alternative(spec),
        "width": width,
    }


_PARTS: Mapping[type[Any], Callable[[Any], dict[str, Any]]] = {
    Heading: lambda part: {"kind": "heading", "text": part.text, "level": part.level},
    Paragraph: lambda part: {"kind": "paragraph", "text": part.text},
    Bullets: lambda part: {"kind": "bullets", "items": list(part.items)},
    Quote: _quote,
    Note: lambda part: {"kind": "note", "text": part.text, "warning": part.warning},
    Facts: _facts,
    KeyFigures: _key_figures,
    Table: _table,
    ChartSpec: lambda part: _chart(part, charts.FULL_WIDTH),
    Beside: lambda part: {"kind": "beside", "charts": [_chart(chart, charts.HALF_WIDTH) for chart in part.charts]},
}
