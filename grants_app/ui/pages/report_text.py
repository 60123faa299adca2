"""A report as plain text to be read in the window: every heading, sentence, figure and table, charts as tables."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from grants_app import wording
from grants_app.reports.document import (
    Beside,
    Bullets,
    ChartSpec,
    Document,
    Facts,
    Heading,
    KeyFigures,
    Note,
    PageBreak,
    Paragraph,
    Quote,
    Table,
)
from grants_app.reports.words import alternative, clean, column_texts, shown, table_of
from grants_app.ui.prose import plain


def text_html(document: Document) -> str:
    """The whole report as simple HTML."""
    made = f", as at {wording.instant_text(document.as_at)}" if document.as_at else ""
    prepared = f"{document.state}, prepared by {document.prepared_by}{made}"
    head = [
        f"<h1>{_p(document.title)}</h1>",
        f"<p class='soft'>{_p(document.subtitle)}<br>{_p(prepared)}</p>",
        f"<p class='warning'>{_p(document.notice)}</p>" if document.notice else "",
        f"<p>{_p(document.summary)}</p>",
    ]
    return "".join(head) + "".join(_PARTS[type(part)](part) for part in document.parts)


def outline(document: Document) -> str:
    """What the report holds, in a sentence or two: its summary and its headings."""
    headings = [part.text for part in document.parts if isinstance(part, Heading)]
    holds = f" It holds {wording.listed(headings)}." if headings else ""
    return f"{document.title}. {document.summary}{holds}"


def _p(text: str) -> str:
    return plain(clean(text))


def _list(items: Sequence[str]) -> str:
    return "<ul>" + "".join(f"<li>{item}</li>" for item in items) + "</ul>"


def _quote(part: Quote) -> str:
    note = f"<br><span class='small'>{_p(part.note)}</span>" if part.note else ""
    return f"<p>“{_p(part.text)}”<br><span class='soft'>{_p(part.said_by)}</span>{note}</p>"


def _figures(part: KeyFigures) -> str:
    return _list([f"{_p(f.label)}: <b>{_p(shown(f.value, f.show))}</b>, {_p(f.counts)}" for f in part.items])


def _facts(part: Facts) -> str:
    return _list([f"{_p(label)}: {_p(value)}" for label, value in part.items])


def _table(part: Table) -> str:
    every = [*part.rows, part.totals] if part.totals is not None else list(part.rows)
    texts = [column_texts(column, [row[at] for row in every]) for at, column in enumerate(part.columns)]
    sides = [" align='right'" if column.at_right else "" for column in part.columns]
    heads = "".join(f"<th{side}>{_p(column.label)}</th>" for side, column in zip(sides, part.columns, strict=True))
    rows = "".join(
        "<tr>" + "".join(f"<td{side}>{_p(cell)}</td>" for side, cell in zip(sides, cells, strict=True)) + "</tr>"
        for cells in zip(*texts, strict=True)
    )
    title = f"<h3>{_p(part.title)}</h3>" if part.title else ""
    counts = f"<p class='small'>{_p(part.counts)}</p>" if part.counts else ""
    body = f"<table width='100%' cellspacing='0'><tr>{heads}</tr>{rows}</table>" if rows else f"<p>{_p(part.empty)}</p>"
    return title + body + counts


def _chart(part: ChartSpec) -> str:
    return f"<p>{_p(alternative(part))}</p>{_table(table_of(part))}"


_PARTS: Mapping[type[Any], Callable[[Any], str]] = {
    Heading: lambda part: f"<h{part.level + 1}>{_p(part.text)}</h{part.level + 1}>",
    Paragraph: lambda part: f"<p>{_p(part.text)}</p>",
    Bullets: lambda part: _list([_p(item) for item in part.items]),
    Quote: _quote,
    Note: lambda part: f"<p class='{'warning' if part.warning else 'soft'}'>{_p(part.text)}</p>",
    Facts: _facts,
    KeyFigures: _figures,
    Table: _table,
    ChartSpec: _chart,
    Beside: lambda part: "".join(_chart(chart) for chart in part.charts),
    PageBreak: lambda part: "",
}
