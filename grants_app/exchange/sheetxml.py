"""One sheet's rows as XML: title and notes, the header, batches of rows, totals, and the numbers that charts read."""

import itertools
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from openpyxl.utils import get_column_letter

from grants_app.exchange import cells
from grants_app.exchange.package import Package, Part
from grants_app.exchange.shapes import Chart, Column, Sheet
from grants_app.records.fields import Kind

_SAMPLE = 300
_WIDTHS = {Kind.MONEY: 14.0, Kind.DATE: 13.0, Kind.INSTANT: 19.0, Kind.TIME: 8.0, Kind.YES_NO: 8.0}
_WIDEST = {Kind.LONG: 60.0, Kind.EXTRA: 60.0}


class SheetXml:
    """A sheet on its way out: its layout in a package, its rows one batch after another, its sums."""

    def __init__(self, sheet: Sheet, package: Package) -> None:
        """Look at the first rows, for the widths; nothing else is read ahead."""
        self.sheet, self.package = sheet, package
        self.columns = _distinct(sheet.columns)
        self.letters = [get_column_letter(number) for number in range(1, len(self.columns) + 1)]
        self.styles = [package.styles(column) for column in self.columns]
        rows = iter(sheet.rows)
        self.sample = list(itertools.islice(rows, _SAMPLE))
        self.source: Iterator[Sequence[object]] = itertools.chain(self.sample, rows)
        values = zip(*self.sample, strict=True) if self.sample else itertools.repeat(())
        self.widths = [_width(column, sample) for column, sample in zip(self.columns, values, strict=False)]
        self.lines = ((sheet.title,) if sheet.title else ()) + sheet.notes
        self.header = len(self.lines) + bool(self.lines) + (not sheet.bare)
        self.beside = self._chart_numbers()
        self.restart()

    def restart(self) -> None:
        """Begin a sheet: no row yet, and all sums nought."""
        self.last = self.header if self.columns else 0
        self.sums: list[Decimal | float] = [Decimal(0)] * len(self.columns)

    def furnish(self, part: Part, *, again: bool = False) -> None:
        """Put all that surrounds the rows into the package; charts only the first time."""
        if self.columns:
            self.package.lay_out(part, self.columns, self.widths, self.styles)
        if self.columns and not self.sheet.bare:
            self.package.freeze(part, self.header, first_column=len(self.columns) > 6)
            self.package.table(
                part, self.sheet.table or self.sheet.name, self.columns, self.header, totals=self.sheet.totals
            )
            for number, column in enumerate(self.columns, 1):
                if column.choices:
                    self.package.choices(part, number, column, self.header + 1)
        if again:
            self.beside = {}
        for chart, row in self._charts():
            if not again:
                self.package.chart(part, chart, len(self.columns) + 2, row)

    def top(self) -> str:
        """Title, notes and the header row."""
        rows = []
        for number, line in enumerate(self.lines, 1):
            style = self.package.title if number == 1 and self.sheet.title else self.package.note
            rows.append(f'<row r="{number}">{cells.text_cell(line, f"A{number}", style)}</row>')
        if self.columns and not self.sheet.bare:
            named = zip(self.columns, self.letters, strict=True)
            headers = "".join(
                cells.text_cell(column.label, f"{letter}{self.header}", self.package.header(column))
                for column, letter in named
            )
            height = f' ht="{15.5 * self._heading_lines():g}" customHeight="1"'
            rows.append(f'<row r="{self.header}"{height}>{headers}{self.beside.pop(self.header, "")}</row>')
        return "".join(rows)

    def batch(self, rows: Sequence[Sequence[object]]) -> str:
        """Some rows, made a column at a time."""
        first = self.last + 1
        numbers = [str(number) for number in range(first, first + len(rows))]
        made = [[f'<row r="{number}">' for number in numbers]]
        values = zip(*rows, strict=True)
        for place, (column, letter, styles, column_values) in enumerate(
            zip(self.columns, self.letters, self.styles, values, strict=True)
        ):
            refs = [letter + number for number in numbers]
            made.append(cells.column_cells(column.kind, styles, column_values, refs))
            if self.sheet.totals and column.totalled:
                self.sums[place] += sum(value for value in column_values if isinstance(value, Decimal | int | float))  # type: ignore[operator]
        if self.beside:
            made.append([self.beside.pop(row, "") for row in range(first, first + len(rows))])
        made.append(["</row>"] * len(rows))
        self.last += len(rows)
        return "".join(itertools.chain.from_iterable(zip(*made, strict=True)))

    def bottom(self, part: Part) -> str:
        """The totals row, and what stands beside the table further down; gives the table its size."""
        text = ""
        if self.columns:
            self.last = max(self.last, self.header + 1)  # a table of Excel has at least one row
            if self.sheet.totals:
                self.last += 1
                text = f'<row r="{self.last}">{self._totals(part)}{self.beside.pop(self.last, "")}</row>'
            self.package.resize(part, self.header, self.last, totals=self.sheet.totals)
        elif self.lines and not self.beside:
            self.last = len(self.lines)
        return text + "".join(f'<row r="{row}">{xml}</row>' for row, xml in sorted(self.beside.items()))

    def _heading_lines(self) -> int:
        """How many lines the longest heading takes in its column: programs do not all find out by themselves."""
        wrapped = (
            textwrap.wrap(column.label, max(int(width) - 2, 4))
            for column, width in zip(self.columns, self.widths, strict=True)
            if not column.hidden
        )
        return min(max(map(len, wrapped), default=1), 4)

    def _totals(self, part: Part) -> str:
        made = []
        for place, (column, letter) in enumerate(zip(self.columns, self.letters, strict=True)):
            ref, style = f"{letter}{self.last}", self.package.totals(column)
            if column.totalled and part.table:
                formula = f"SUBTOTAL(109,{part.table.displayName}[{quoted(column.label)}])"
                made.append(cells.formula_cell(formula, self.sums[place], ref, style))
            else:
                made.append(cells.text_cell("Total" if place == 0 else "", ref, style))
        return "".join(made)

    def _charts(self) -> Iterator[tuple[Chart, int]]:
        """Each chart with the row where its block begins."""
        row = self.header
        for chart in self.sheet.charts:
            yield chart, row
            row += max(len(chart.categories) + 3, 20)

    def _chart_numbers(self) -> dict[int, str]:
        """The blocks of numbers to the right of the table, as cells by row."""
        found: dict[int, str] = {}
        left = len(self.columns) + 2
        for chart, row in self._charts():
            kind = Kind.MONEY if chart.unit == "£" else Kind.NUMBER
            styles = self.package.styles(Column("", kind, unit=chart.unit))
            heads = [("", Kind.TEXT), *((name, kind) for name, _ in chart.series)]
            found[row] = "".join(
                cells.text_cell(name, f"{get_column_letter(left + n)}{row}", self.package.header(Column(name, of)))
                for n, (name, of) in enumerate(heads)
            )
            for down, line in enumerate(
                zip(chart.categories, *(values for _, values in chart.series), strict=True), row + 1
            ):
                found[down] = "".join(
                    cells.one_cell(value, f"{get_column_letter(left + n)}{down}", kind, styles)
                    for n, value in enumerate(line)
                )
        return found


def _distinct(columns: Sequence[Column]) -> list[Column]:
    """The columns with labels that an Excel table accepts: one line, none empty, no two alike."""
    seen: set[str] = set()
    named = []
    for column in columns:
        base = " ".join(cells.clean(column.label).split())[:240] or "Column"
        label = next(
            n for n in itertools.chain([base], (f"{base} {i}" for i in itertools.count(2))) if n.casefold() not in seen
        )
        seen.add(label.casefold())
        named.append(replace(column, label=label))
    return named


def _width(column: Column, sample: Sequence[object]) -> float:
    """A width that shows the heading (on two lines if long) and most values, never absurd."""
    if column.width:
        return column.width
    heading = max((len(word) for word in column.label.split()), default=0) + 4
    if column.kind in _WIDTHS:
        return max(_WIDTHS[column.kind], heading)
    lengths = sorted(len(str(cells.plain(value))) for value in sample if value is not None)
    widest = _WIDEST.get(column.kind or Kind.TEXT, 44.0)
    usual = lengths[-1 if lengths[-1] + 2 <= widest else int(len(lengths) * 0.9)] + 2 if lengths else 0
    return float(min(max(usual, heading, len(column.label) / 2 + 4, 8), widest))


def quoted(label: str) -> str:
    """A column's name as a formula writes it between its brackets."""
    return "".join(f"'{ch}" if ch in "[]#'@" else ch for ch in label)
