from datetime import date
from decimal import Decimal

import pytest

from grants_app.reports.document import Column, Show, Withheld
from grants_app.reports.words import brief, clean, column_texts, measured, shown, spanned


@pytest.mark.parametrize(
    ("value", "show", "text"),
    [
        (Decimal("8000.00"), Show.MONEY, "£8,000"),
        (Decimal("-1500.50"), Show.MONEY, "−£1,500.50"),
        (1234, Show.NUMBER, "1,234"),
        (66.6667, Show.PERCENT, "66.7%"),
        (41, Show.PERCENT, "41%"),
        (date(2026, 3, 4), Show.DATE, "4 Mar 2026"),
        (True, Show.TEXT, "Yes"),
        (Withheld("under 10"), Show.NUMBER, "under 10"),
        (0, Show.NUMBER, "0"),
        (None, Show.NUMBER, "–"),
    ],
)
def test_a_cell_is_written_by_its_kind(value, show, text):
    assert shown(value, show) == text


def test_amounts_of_a_column_all_show_pence_where_one_has_some():
    cells = [Decimal("8000.00"), None, Decimal("0.50")]

    assert column_texts(Column("Paid", Show.MONEY), cells) == ["£8,000.00", "–", "£0.50"]


def test_what_is_not_recorded_is_not_nought():
    assert [measured(None, "£"), measured(0, "£")] == ["not recorded", "£0"]


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (950, "", "950"),
        (1234, "", "1.23k"),
        (250_000, "£", "£250k"),
        (3_400_000, "£", "£3.4m"),
        (2_345_000_000, "", "2,345m"),
    ],
)
def test_a_figure_can_be_written_in_few_letters(value, unit, text):
    assert brief(value, unit) == text


def test_characters_that_no_format_can_hold_are_left_out():
    assert clean("a\x00b\r\nc\x0bd\ufeff\ud800é") == "ab\ncdé"


def test_the_first_cell_of_a_totals_row_takes_the_empty_ones_after_it():
    assert [spanned(["Total", "", "", "£5"]), spanned(["Total", "3", ""]), spanned(["Total", ""])] == [3, 1, 2]
