"""Rows for the clipboard and from it: as tab-separated text and as an HTML table, as Excel, Word and e-mail do."""

import csv
import html
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from grants_app.errors import Refused
from grants_app.exchange import separated
from grants_app.exchange.cells import plain
from grants_app.exchange.reading import Sheet, Source
from grants_app.exchange.shapes import NUMERIC, Column
from grants_app.records.fields import Kind

_PASTED = "Pasted rows"
_LINE_BREAK = '<br style="mso-data-placement:same-cell">'


def as_text(columns: Sequence[Column], rows: Iterable[Sequence[object]], *, headings: bool = True) -> str:
    """Tab-separated lines that Excel pastes into cells; several lines stay one cell, and no text runs as a formula."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter="\t", lineterminator="\r\n")
    if headings:
        writer.writerow([separated.guarded(column.label) for column in columns])
    for row in rows:
        writer.writerow([separated.shown(value) for value in row])
    return text.getvalue()


def as_html(columns: Sequence[Column], rows: Iterable[Sequence[object]], *, headings: bool = True) -> str:
    """A table with the types that Excel keeps: text as text, dates and money as what they are."""
    parts = ['<html><head><meta charset="utf-8"></head><body><table>']
    if headings:
        parts.append("<tr>" + "".join(f"<th>{html.escape(column.label)}</th>" for column in columns) + "</tr>")
    parts += (
        "<tr>" + "".join(_cell(column, value) for column, value in zip(columns, row, strict=True)) + "</tr>"
        for row in rows
    )
    return "".join(parts) + "</table></body></html>"


def source(text: str, html: str = "") -> Source:
    """Rows that were copied elsewhere, as an opened file of one sheet, every cell as text; Refused: nothing in them."""
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter="\t"))
    if not any(map(any, rows)):
        raise Refused("The clipboard holds no rows. Copy the cells in Excel, then paste them here.")
    sheet = Sheet(_PASTED, lambda: enumerate(rows, 1))
    return Source(Path(_PASTED), (sheet,), "pasted rows", {})


def _cell(column: Column, value: object) -> str:
    value = plain(value)
    if value is None:
        return "<td></td>"
    if isinstance(value, Decimal) and column.kind is Kind.MONEY:
        return f'<td style="mso-number-format:\'£\\#,\\#\\#0.00\'" align="right">{value}</td>'
    if isinstance(value, int | float | Decimal) and column.kind in NUMERIC:
        return f'<td align="right">{value}</td>'
    if isinstance(value, date) and not isinstance(value, datetime):
        return f"<td style=\"mso-number-format:'d mmm yyyy'\">{value.isoformat()}</td>"
    shown = value.isoformat(" ", "minutes") if isinstance(value, datetime) else str(value)
    return f"<td style=\"mso-number-format:'\\@'\">{html.escape(shown).replace(chr(10), _LINE_BREAK)}</td>"
