from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from grants_app.reports import to_excel
from grants_app.reports.catalogue import write
from grants_app.reports.document import ChartKind, ChartSpec, Column, Document, Series, Show, Table, Withheld
from tests.reports.hostile import DOCUMENT, SEEN


def book_of(document: Document, folder: Path) -> Workbook:
    write(document, folder / "r.xlsx")
    return openpyxl.load_workbook(folder / "r.xlsx")


@pytest.fixture
def book(tmp_path: Path) -> Workbook:
    return book_of(DOCUMENT, tmp_path)


def cells(sheet) -> list[list[object]]:
    return [[cell for cell in row if cell is not None] for row in sheet.iter_rows(values_only=True)]


def test_the_first_sheet_says_what_is_neither_table_nor_chart(book):
    said = cells(book.worksheets[0])

    assert said[0] == [SEEN]
    top = " ".join(str(row[0]) for row in said[:10] if row)
    assert f"Prepared by {SEEN} · as at 23 November 2026 14:02 · Draft" in top
    assert ["Reach: ", "41–52"] in said
    assert ["Status", "Active\nsecond line"] in said


def test_words_that_look_like_formulas_stay_words(book):
    values = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value == SEEN]

    assert values
    assert {cell.data_type for cell in values} == {"s"}


def test_each_table_is_a_real_one_with_numbers(tmp_path):
    columns = (Column("Grant"), Column("Paid", Show.MONEY), Column("Share", Show.PERCENT))
    rows = (("CVE-0001", Decimal("8000.50"), 12.5), ("CVE-0002", None, 3.0))
    table = Table("register", "Grants register", columns, rows, "Every grant.").summed("Paid")

    sheet = book_of(Document("Title", "", "", (table,)), tmp_path)["Grants register"]

    assert list(sheet.tables) == ["register"]
    assert cells(sheet)[:2] == [["Grants register"], ["Every grant."]]
    assert cells(sheet)[3:6] == [["Grant", "Paid", "Share"], ["CVE-0001", 8000.5, 12.5], ["CVE-0002", 3]]
    assert sheet["B5"].number_format == "£#,##0.00"
    assert sheet.cell(7, 2).value == "=SUBTOTAL(109,register[Paid])"


def test_a_total_over_hidden_figures_is_said_and_not_reckoned(tmp_path):
    columns = (Column("Borough"), Column("Attendances", Show.NUMBER))
    table = Table(
        "boroughs", "By borough", columns, (("Brent", 40), ("Ealing", Withheld("under 10"))), "", ("Total", 46)
    )

    sheet = book_of(Document("Title", "", "", (table,)), tmp_path)["By borough"]

    assert cells(sheet)[1] == ["Total: Attendances 46"]
    assert not [cell.value for row in sheet.iter_rows() for cell in row if str(cell.value).startswith("=")]


def test_each_chart_is_a_native_one_beside_its_numbers(tmp_path):
    chart = ChartSpec(
        ChartKind.COLUMNS, "By month", ("Apr", "May"), (Series("attendances", (180, None)),), "It fell.", "Not people."
    )

    sheet = book_of(Document("Title", "", "", (chart,)), tmp_path)["By month"]

    assert len(sheet._charts) == 1
    assert cells(sheet)[:3] == [["By month"], ["It fell."], ["Not people."]]
    assert ["Apr", 180] in cells(sheet)
    assert ["May"] in cells(sheet)


def test_the_numbers_of_a_chart_stand_in_columns_wide_enough_for_them(tmp_path):
    series = (Series("pounds", (Decimal("304180.00"),)),)
    chart = ChartSpec(ChartKind.PARTS, "Budget", ("Committed, not yet paid",), series, "", unit="£")

    sheet = book_of(Document("Title", "", "", (chart,)), tmp_path)["Budget"]
    block = next(cell for row in sheet.iter_rows() for cell in row if cell.value == "Committed, not yet paid")

    assert sheet.column_dimensions[block.column_letter].width >= len("Committed, not yet paid")


def test_sheets_are_in_the_reports_own_order(book):
    assert book.sheetnames[-3:] == ["One chart", "Left chart", "Right chart"]


def test_hidden_figures_of_a_chart_are_told_as_hidden(tmp_path):
    chart = ChartSpec(
        ChartKind.BARS, "By borough", ("Brent", "Ealing"), (Series("attendances", (40, Withheld("under 10"))),), ""
    )

    sheet = book_of(Document("Title", "", "", (chart,)), tmp_path)["By borough"]

    assert [row[:2] for row in cells(sheet) if row and row[0] == "Ealing"] == [["Ealing", "under 10"]]


def test_the_table_that_fits_a_template_best_is_filled_in(tmp_path):
    paid = Table("paid", "Paid", (Column("Borough"), Column("Paid", Show.MONEY)), (("Brent", Decimal("900.00")),))
    awards = Table(
        "awards",
        "Awards",
        (Column("Borough"), Column("Grants", Show.NUMBER), Column("Awarded", Show.MONEY)),
        (("Brent", 2, Decimal("9000.00")), ("Camden", 1, Withheld("under 10"))),
    )
    book = openpyxl.Workbook()
    for line in (
        ["Return to finance"],
        ["Borough", "Awarded", "Cost code"],
        [None, None, "N100"],
        ["Total", "=SUM(B3:B3)"],
    ):
        book.active.append(line)
    book.save(tmp_path / "return.xlsx")

    table, fit = to_excel.fit_template(Document("Awards", "", "", (paid, awards)), tmp_path / "return.xlsx")
    to_excel.fill_template(table, fit, tmp_path / "filled.xlsx")

    assert cells(openpyxl.load_workbook(tmp_path / "filled.xlsx").active)[2:] == [
        ["Brent", 9000, "N100"],
        ["Camden", "under 10"],
        ["Total", "=SUM(B3:B4)"],
    ]
