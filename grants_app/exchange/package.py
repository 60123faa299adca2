"""What of an xlsx file is not rows, made by openpyxl: styles, tables, drop-down lists, widths, printing, charts."""

import io
import itertools
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import quoteattr

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.chart import BarChart, LineChart, Reference
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.table import Table, TableColumn, TableStyleInfo

from grants_app import clock
from grants_app.exchange.cells import Styles, clean
from grants_app.exchange.shapes import NUMERIC, Chart, Column
from grants_app.records.fields import Kind

LAST_ROW = 1_048_576
_PAGE_WIDTH = 190  # characters on a landscape page of A4 that can still be read
_FORMATS = {
    Kind.MONEY: "£#,##0.00",
    Kind.DATE: "d mmm yyyy",
    Kind.INSTANT: "d mmm yyyy hh:mm",
    Kind.TIME: "hh:mm",
    Kind.WHOLE: "#,##0",
    Kind.NUMBER: "#,##0.######",
}
_ACCENT, _WASH, _LINE, _SOFT = "0B5CAD", "E7F0FA", "9DB4CC", "5B6675"
_SERIES = (_ACCENT, "8A5A00", "1D7A46", "B3261E", "5B6675", "6B4FA0")
_SHEET_DATA = re.compile(rb"<sheetData\s*/>|<sheetData>.*</sheetData>", re.DOTALL)
_DIMENSION = re.compile(rb"<dimension [^>]*/>")


def _font(**properties: Any) -> Font:
    """A font with the workbook's own name: openpyxl's bare Font has none, and programs then choose one with serifs."""
    return Font(**{"name": "Calibri", "size": 11, **properties})


def _lay(kind: Kind | None, vertical: str = "top", **more: Any) -> Alignment:
    """Numbers to the right, a little off the text of the next column; dates and words to the left."""
    right = kind in NUMERIC
    return Alignment(horizontal="right" if right else "left", indent=int(right), vertical=vertical, **more)


@dataclass(slots=True)
class Part:
    """One sheet's XML before and after its rows, and the openpyxl sheet that both come from."""

    sheet: Any
    table: Table | None
    head: bytes = b""
    tail: bytes = b""
    charts: list[Chart] = field(default_factory=list)


class Package:
    """The workbook around the rows; sheets are added in their order, and rendered twice: before and after the rows."""

    def __init__(self) -> None:
        """An empty one, by Grants Desk."""
        self.book = Workbook()
        self.book.remove(self.book.active)
        self.book.properties.creator = "Grants Desk"
        self.book.properties.created = clock.now().replace(tzinfo=None)
        self.book.calculation.fullCalcOnLoad = True
        self.parts: list[Part] = []
        self._lists: dict[tuple[str, ...], str] = {}
        self._tables: set[str] = set()
        self._scratch = self.book.create_sheet("scratch")
        self.title = self._style(font=_font(bold=True, size=14))
        self.note = self._style(font=_font(color=_SOFT))
        self.book.remove(self._scratch)

    def styles(self, column: Column) -> Styles:
        """The style numbers for one column's cells."""
        lay = Alignment(horizontal="left", vertical="top", wrap_text=column.wrap or None)
        by_kind = {kind: self._style(number_format=form, alignment=_lay(kind)) for kind, form in _FORMATS.items()}
        text = self._style(alignment=lay)
        own = by_kind.get(column.kind or Kind.TEXT, text)
        if column.unit == "%":
            own = self._style(number_format='#,##0.##"%"', alignment=_lay(Kind.NUMBER))
        return Styles(own, text, self._style(alignment=lay, quotePrefix=True), by_kind)

    def header(self, column: Column) -> int:
        """The style number of a column's heading, which stands over its values: right over numbers."""
        return self._style(
            font=_font(bold=True),
            fill=PatternFill("solid", fgColor=_WASH),
            border=Border(bottom=Side("thin", color=_LINE)),
            alignment=_lay(column.kind, vertical="center", wrap_text=True),
        )

    def totals(self, column: Column) -> int:
        """The style number of a column's cell in the totals row."""
        form = _FORMATS.get(column.kind or Kind.TEXT, "General")
        line = Border(top=Side("thin", color=_LINE))
        return self._style(number_format=form, font=_font(bold=True), border=line, alignment=_lay(column.kind))

    def add(self, name: str, at: int, *, hidden: bool = False) -> Part:
        """A further sheet at a place in the order."""
        sheet = self.book.create_sheet(name, at)
        sheet.sheet_state = "hidden" if hidden else "visible"
        sheet.sheet_view.showGridLines = True
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
        sheet.page_setup.fitToHeight = 0
        sheet.oddFooter.left.text, sheet.oddFooter.right.text = "&A", "Page &P of &N"
        part = Part(sheet, None)
        self.parts.insert(at, part)
        return part

    def lay_out(self, part: Part, columns: Sequence[Column], widths: Sequence[float], styles: Sequence[Styles]) -> None:
        """Widths, and the format that a new row's cells will have."""
        for number, (width, style) in enumerate(zip(widths, styles, strict=True), 1):
            dimension = part.sheet.column_dimensions[get_column_letter(number)]
            dimension.width, dimension.hidden = width, columns[number - 1].hidden
            dimension._style = self.book._cell_styles[style.own]  # noqa: SLF001 (no public way to reuse a style)

        pages = max(1, round(sum(widths) / _PAGE_WIDTH))
        part.sheet.page_setup.fitToWidth = pages
        part.sheet.print_title_cols = "A:A" if pages > 1 else None

    def freeze(self, part: Part, header: int, *, first_column: bool) -> None:
        """Keep the header row (and the first column) in sight and on each printed page."""
        part.sheet.freeze_panes = f"{'B' if first_column else 'A'}{header + 1}"
        part.sheet.print_title_rows = f"{header}:{header}"

    def choices(self, part: Part, number: int, column: Column, first: int) -> None:
        """A drop-down list on a column, from its first row to the sheet's end."""
        source = self._lists.setdefault(column.choices, f"Lists!${get_column_letter(len(self._lists) + 1)}")
        letter, count = source.removeprefix("Lists!$"), len(column.choices) + 1
        rule = DataValidation("list", formula1=f"Lists!${letter}$2:${letter}${count}", allow_blank=True)
        rule.showErrorMessage, rule.errorStyle, rule.errorTitle = True, "warning", column.label[:32]
        rule.error = "That is not in the list. Keep it all the same?"
        rule.add(f"{get_column_letter(number)}{first}:{get_column_letter(number)}{LAST_ROW}")
        part.sheet.add_data_validation(rule)

    def lists(self) -> list[tuple[str, ...]]:
        """The columns of the hidden sheet that the drop-down lists read, in order."""
        return list(self._lists)

    def table(self, part: Part, name: str, columns: Sequence[Column], header: int, *, totals: bool) -> str:
        """An Excel table; its size is set when the rows are known. Returns the name that it got."""
        table = Table(
            displayName=self._table_name(name), ref=f"A{header}:{get_column_letter(len(columns))}{header + 1}"
        )
        table.tableColumns = [TableColumn(id=number, name=column.label) for number, column in enumerate(columns, 1)]
        table.tableStyleInfo = TableStyleInfo("TableStyleLight1", showRowStripes=True)
        if totals:
            table.totalsRowCount = 1
            for column, spec in zip(columns, table.tableColumns, strict=True):
                spec.totalsRowFunction = "sum" if column.totalled else None
            if not columns[0].totalled:
                table.tableColumns[0].totalsRowLabel = "Total"
        part.sheet.add_table(table)
        part.table = table
        return str(table.displayName)

    def resize(self, part: Part, header: int, last: int, *, totals: bool) -> None:
        """Give the table its true size: from its header to its last row, a totals row included."""
        if part.table:
            right = re.sub(r"\d", "", part.table.ref.split(":")[1])
            part.table.ref = f"A{header}:{right}{last}"
            part.table.autoFilter = AutoFilter(ref=f"A{header}:{right}{last - totals}")

    def chart(self, part: Part, chart: Chart, column: int, row: int) -> None:
        """A native chart that reads its numbers from the block at (row, column) and stands below them."""
        shape = LineChart() if chart.kind == "line" else BarChart()
        if chart.kind == "bar":
            shape.type = "bar"
            shape.y_axis.crosses = "max"
            shape.x_axis.scaling.orientation = "maxMin"
        shape.title, shape.style = clean(chart.title), 10
        last = row + len(chart.categories)
        shape.add_data(
            Reference(part.sheet, min_col=column + 1, max_col=column + len(chart.series), min_row=row, max_row=last),
            titles_from_data=True,
        )
        shape.set_categories(Reference(part.sheet, min_col=column, min_row=row + 1, max_row=last))
        for series, colour in zip(shape.series, _SERIES * 3, strict=False):
            series.graphicalProperties = GraphicalProperties(solidFill=colour)
            series.graphicalProperties.line.solidFill = colour
        shape.legend = shape.legend if len(chart.series) > 1 else None
        if shape.legend:
            shape.legend.position = "b"
        shape.x_axis.delete = shape.y_axis.delete = False
        shape.y_axis.numFmt = {"£": "£#,##0", "%": '0"%"'}.get(chart.unit, "#,##0")
        shape.width, shape.height = 18, max(8, 0.6 * len(chart.categories) + 3) if chart.kind == "bar" else 9
        widest = max(map(len, chart.categories), default=0)
        for number, wanted in enumerate((widest, *[14] * len(chart.series)), column):
            dimension = part.sheet.column_dimensions[get_column_letter(number)]
            dimension.width = max(dimension.width, min(wanted + 2, 40))
        part.sheet.add_chart(shape, f"{get_column_letter(column + len(chart.series) + 2)}{row}")
        part.charts.append(chart)

    def render(self) -> dict[str, bytes]:
        """Every part of the package by its name in the zip, sheets without rows; fills each sheet's head and tail."""
        self.book.active = next((n for n, part in enumerate(self.parts) if part.sheet.sheet_state == "visible"), 0)
        buffer = io.BytesIO()
        self.book.save(buffer)
        with zipfile.ZipFile(buffer) as zipped:
            parts = {name: zipped.read(name) for name in zipped.namelist()}
        for number, part in enumerate(self.parts, 1):
            xml = parts[f"xl/worksheets/sheet{number}.xml"]
            head, tail = _SHEET_DATA.split(xml, 1)
            part.head, part.tail = _DIMENSION.sub(b"", head) + b"<sheetData>", b"</sheetData>" + tail
        self._describe_charts(parts)
        return parts

    def _describe_charts(self, parts: dict[str, bytes]) -> None:
        """Give each chart its summary sentence as alternative text, which openpyxl has no place for."""
        with_charts = [part for part in self.parts if part.charts]
        for number, part in enumerate(with_charts, 1):
            name = f"xl/drawings/drawing{number}.xml"
            for place, chart in enumerate(part.charts, 1):
                words = quoteattr(clean(chart.summary or chart.title)).encode("ascii", "xmlcharrefreplace")
                opening = f'name="Chart {place}"'.encode()
                parts[name] = parts[name].replace(opening, opening + b" descr=" + words)

    def _style(self, **properties: Any) -> int:
        cell = WriteOnlyCell(self._scratch)
        quoted = properties.pop("quotePrefix", False)
        for name, value in properties.items():
            setattr(cell, name, value)
        if quoted:
            cell.style_id  # noqa: B018 (makes the style's own copy before it is marked)
            cell._style.quotePrefix = 1  # noqa: SLF001 (openpyxl only offers a read-only property)
        return int(cell.style_id)

    def _table_name(self, name: str) -> str:
        base = table_name(name)
        names = itertools.chain([base], (f"{base}_{number}" for number in itertools.count(2)))
        free = next(name for name in names if name.casefold() not in self._tables)
        self._tables.add(free.casefold())
        return free


def table_name(name: str) -> str:
    """The name that a table called so gets, if no other has it: one that Excel accepts and does not take for a cell."""
    base = re.sub(r"\W", "_", name)[:240] or "Table"
    cell_like = re.fullmatch(r"[A-Za-z]{1,3}\d+|[RrCc]\d*([Cc]\d*)?", base)
    return f"Table_{base}" if cell_like or not base[0].isalpha() else base
