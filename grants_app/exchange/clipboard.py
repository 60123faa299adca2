"""Rows for the clipboard and from it: as tab-separated text and as an HTML table, as Excel, Word and e-mail do."""

import csv
import html
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from grants_app import wording
from grants_app.errors import Refused
from grants_app.exchange import separated
from grants_app.exchange.cells import plain
from grants_app.exchange.shapes import NUMERIC, Column
from grants_app.exchange.sources.reading import Merge, Sheet, Source
from grants_app.records.fields import Kind

MOST_CELLS = 2_000_000
_PASTED = "Pasted rows"
_MOST_HTML = 30_000_000
_MOST_SPAN = 1000
_SILENT = {"style", "script", "title", "template"}
_SPACES = re.compile(r"\s+")
_QUOTED = re.compile(r'"((?:[^"]|"")*+)"(?=[\t\r\n]|\Z)')
_NEEDS_QUOTES = re.compile(r'[\t\r\n]|""')
_BARE = re.compile(r"[^\t\r\n]*")
_BREAK = re.compile(r"\t|\r?\n|\r")
_EXACT = re.compile(r"-?\d{1,15}(\.\d{1,12})?")
_AMOUNT = re.compile(r"[(−-]?£?\s?-?[\d,]+(\.\d+)?\)?")
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
    """Rows that were copied in Excel, LibreOffice, Word or a web page, as an opened file of one sheet.

    Cells are text as they were shown, so that identifiers keep their noughts; a number whose exact value came along is
    a number. The table in `html` is taken where there is one: it tells cells apart surely, and which are merged. Only
    its text is read: nothing in it is shown, run or fetched. Refused: no rows, or more than should be pasted.
    """
    table = _Table.read(html) if html else None
    if table is None or not any(map(any, table.rows)):
        table = _Table()
        table.rows = _text_rows(text)
    rows, merges = table.rows, tuple(table.merges)
    while rows and not any(cell.strip() if isinstance(cell, str) else True for cell in rows[-1]):
        rows.pop()
    if not rows:
        raise Refused("The clipboard holds no rows. Copy the cells in Excel, then paste them here.")
    sheet = Sheet(_PASTED, lambda: enumerate(rows, 1), merged=lambda: merges)
    return Source(Path(_PASTED), (sheet,), "rows from the clipboard", {})


def _text_rows(text: str) -> list[list[Any]]:
    """Lines of cells between tabs; quotation marks are taken off only where Excel puts them, round a tab or a break."""
    rows: list[list[Any]] = [[]]
    place, count = 0, 0
    while place < len(text):
        found = _QUOTED.match(text, place) if text[place] == '"' else None
        if found and not _NEEDS_QUOTES.search(found[1]):
            found = None
        cell = found[1].replace('""', '"') if found else _BARE.match(text, place)[0]  # type: ignore[index]
        rows[-1].append(separated.unguarded(cell.replace("\r\n", "\n")))
        place = found.end() if found else place + len(cell)
        count += 1
        if count > MOST_CELLS:
            raise _too_many()
        end = _BREAK.match(text, place)
        if not end:
            break
        place = end.end()
        if end[0] != "\t":
            rows.append([])
        elif place == len(text):
            rows[-1].append("")
    return rows


class _Table(HTMLParser):
    """The table with the most cells in a piece of HTML, as rows of text and numbers, and its merged cells."""

    @classmethod
    def read(cls, html: str) -> "_Table | None":
        """The table, None if there is none that can be made out."""
        if len(html) > _MOST_HTML or "<t" not in html.casefold():
            return None
        table = cls()
        try:
            table.feed(html)
            table.close()
        except (AssertionError, ValueError, RecursionError):  # what the parser does to markup that is none
            return None
        table._end_table()
        return table

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[Any]] = []
        self.merges: list[Merge] = []
        self._best: tuple[int, list[list[Any]], list[Merge]] = (0, [], [])
        self._depth = self._silent = self._count = 0
        self._words: list[str] | None = None
        self._cell: dict[str, str] = {}
        self._covered: dict[int, int] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A table, row or cell begins; a break or a paragraph parts the lines of a cell."""
        if tag in _SILENT:
            self._silent += 1
        elif tag == "table":
            self._depth += 1
            if self._depth == 1:
                self._begin_table()
        elif self._depth == 1 and tag == "tr":
            self._end_cell()
            self.rows.append([])
            self._covered = {column: rows - 1 for column, rows in self._covered.items() if rows > 1}
            self._take(len(self._covered))
        elif self._depth == 1 and tag in {"td", "th"}:
            self._end_cell()
            self._words, self._cell = [], {name: value or "" for name, value in attrs}
        elif tag in {"br", "p", "div", "li"} and self._words is not None:
            self._words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """A table or a cell ends."""
        if tag in _SILENT:
            self._silent = max(self._silent - 1, 0)
        elif tag == "table" and self._depth:
            self._depth -= 1
            if self._depth == 0:
                self._end_table()
        elif tag in {"td", "th", "tr"} and self._depth == 1:
            self._end_cell()

    def handle_data(self, data: str) -> None:
        """Words of a cell: line ends in the source are spaces."""
        if self._words is not None and not self._silent:
            self._words.append(_SPACES.sub(" ", data))

    def _begin_table(self) -> None:
        self.rows, self.merges, self._covered, self._words = [], [], {}, None

    def _end_table(self) -> None:
        self._end_cell()
        size = sum(map(len, self.rows))
        if size > self._best[0]:
            self._best = (size, self.rows, self.merges)
        _, self.rows, self.merges = self._best

    def _end_cell(self) -> None:
        if self._words is None:
            return
        if not self.rows:
            self.rows.append([])
        row, words = self.rows[-1], "".join(self._words)
        self._words = None
        while len(row) in self._covered:
            row.append("")
        across, down = (_span(self._cell.get(name, "")) for name in ("colspan", "rowspan"))
        self._take(across)
        top, left = len(self.rows), len(row) + 1
        row.append(_shown("\n".join(map(wording.tidy, words.split("\n"))).strip(), self._cell))
        row.extend([""] * (across - 1))
        if across > 1 or down > 1:
            self.merges.append(Merge(top, left, top + down - 1, left + across - 1))
        if down > 1:
            self._covered |= dict.fromkeys(range(left - 1, left + across - 1), down)

    def _take(self, cells: int) -> None:
        self._count += cells
        if self._count > MOST_CELLS:
            raise _too_many()


def _span(text: str) -> int:
    return min(int(text), _MOST_SPAN) if text.isdecimal() and 0 < len(text) < 6 and int(text) else 1


def _shown(text: str, cell: Mapping[str, str]) -> str | float:
    """The text of a cell; the number behind it if that came along, unless the text has noughts that it would lose."""
    exact = cell.get("sdval") or cell.get("x:num") or ""
    if not _EXACT.fullmatch(exact) or not _AMOUNT.fullmatch(text) or re.match(r"0\d", text):
        return text
    return float(exact)


def _too_many() -> Refused:
    return Refused(f"More than {MOST_CELLS:,} cells are too many to paste. Save them as a workbook and import that.")


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
