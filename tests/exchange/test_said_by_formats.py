"""What a workbook says by its formats alone is said in the preview: other money, days since 1904, hidden rows …"""

from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from grants_app.exchange.imports import importing
from tests.exchange.test_one_grant_on_several_sheets import GRANTS, grants, take, verdicts


@pytest.fixture
def made():
    """A workbook of six grants, and its sheet."""
    found = openpyxl.Workbook()
    found.active.title = "Grants"
    for row in [GRANTS, *((f"G{n}", f"Org {n}", f"Project {n}", 100 * n) for n in range(1, 7))]:
        found.active.append(row)
    return found, found.active


def saved(tmp_path, found):
    found.save(tmp_path / "b.xlsx")
    return tmp_path / "b.xlsx"


def notes(found):
    return [(note.row, note.message) for note in found.notes]


def test_rows_that_a_filter_hides_come_in_and_are_named(store, tmp_path, made):
    book, sheet = made
    for row in (3, 4, 6):
        sheet.row_dimensions[row].hidden = True
    found = importing.preview(store, saved(tmp_path, book))
    words = "Rows 3 to 4 and 6 are hidden in Excel, by a filter perhaps: they come in as others do"
    assert (notes(found), verdicts(found)) == ([(3, words)], {"New": (6, Decimal(2100))})


def test_rows_struck_through_come_in_and_are_named(store, tmp_path, made):
    book, sheet = made
    for cell in sheet[5]:
        cell.font = Font(strike=True)
    sheet["F9"].font = Font(strike=True)  # nothing stands there
    found = importing.preview(store, saved(tmp_path, book))
    assert notes(found) == [(5, "Row 5 is struck through, in a cell or more: they come in as others do")]


def test_comments_on_cells_are_left_out_by_name_but_not_our_own(store, tmp_path, made):
    book, sheet = made
    sheet["D3"].comment = Comment("Finance says 250,\nnot 200", "Ann")
    sheet["D4"].comment = Comment("Amount Awarded is missing", "Grants Desk")
    found = importing.preview(store, saved(tmp_path, book))
    assert found.left_out == [("Grants", "comments on its cells are not read: D3 “Finance says 250, not 200”")]


@pytest.mark.parametrize("code", ["[$€-407] #,##0.00", '#,##0.00\\ "€"', "[$$-409]#,##0", "[$EUR] #,##0"])
def test_an_amount_that_its_format_shows_in_other_money_is_no_pounds(store, tmp_path, made, code):
    book, sheet = made
    sheet["D3"].number_format = code
    found = importing.preview(store, saved(tmp_path, book))
    sign = next(sign for sign in ("€", "$", "EUR ") if sign.strip() in code.replace("[$", "[", 1))
    words = f"“{sign}200” is not in pounds: this app keeps pounds only"
    assert [(fault.row, fault.message) for fault in found.faults] == [(3, words)]
    assert verdicts(found) == {"New": (5, Decimal(1900)), "Faulty": (1, Decimal(0))}


@pytest.mark.parametrize(
    "code", ["[$£-809]#,##0.00", '"£"#,##0;[Red]-"£"#,##0', "[$-809]#,##0", '"$"#,##0_);("$"#,##0)']
)
def test_pounds_and_the_money_of_whoever_looks_stay_amounts(store, tmp_path, made, code):
    book, sheet = made
    for row in range(2, 8):
        sheet.cell(row, 4).number_format = code
    assert verdicts(importing.preview(store, saved(tmp_path, book))) == {"New": (6, Decimal(2100))}


def test_days_that_stand_as_numbers_in_a_workbook_of_1904_are_not_four_years_early(store, tmp_path, made):
    book, sheet = made
    book.epoch = CALENDAR_MAC_1904
    sheet["E1"], sheet["F1"] = "Start", "End"
    for row in range(2, 8):
        sheet.cell(row, 5, date(2024, 4, 1))
        sheet.cell(row, 6, 45747 - 1462)
    found = take(store, saved(tmp_path, book))
    assert set(grants(store, "starts", "ends")) == {(date(2024, 4, 1), date(2025, 3, 31))}
    assert notes(found)[0][1] == ("“44285” read as 31 March 2025: a day as Excel counts in this workbook, from 1904")
