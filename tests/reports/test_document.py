from decimal import Decimal

import pytest

from grants_app.reports.document import (
    Beside,
    ChartKind,
    ChartSpec,
    Column,
    Document,
    Heading,
    Series,
    Show,
    Table,
    Tile,
    Withheld,
)

COLUMNS = (Column("Grant"), Column("Awarded", Show.MONEY), Column("People", Show.NUMBER))


def chart(title: str) -> ChartSpec:
    return ChartSpec(ChartKind.BARS, title, ("a", "b"), (Series("n", (1, 2)),), "One sentence.")


def test_a_table_whose_row_lacks_a_cell_is_refused():
    with pytest.raises(ValueError, match="table grants: a row differs in length from the 3 columns"):
        Table("grants", "Grants", COLUMNS, (("CVE-0001", Decimal(1)),))


def test_summing_adds_up_the_named_columns_and_leaves_the_others_blank():
    rows = (("CVE-0001", Decimal("8000.10"), 3), ("CVE-0002", None, 4), ("CVE-0003", Decimal("0.05"), None))

    assert Table("grants", "", COLUMNS, rows).summed("Awarded").totals == ("Total", Decimal("8000.15"), "")


def test_a_sum_over_a_figure_that_may_not_be_told_is_not_told_either():
    rows = (("CVE-0001", Decimal(1), Withheld("under 10")), ("CVE-0002", Decimal(2), 40))

    assert Table("grants", "", COLUMNS, rows).summed("People").totals == ("Total", "", Withheld("hidden"))


def test_a_chart_whose_series_lacks_a_value_is_refused():
    with pytest.raises(ValueError, match="chart By borough: its series differ in length from its categories"):
        ChartSpec(ChartKind.BARS, "By borough", ("a", "b"), (Series("n", (1,)),), "")


def test_a_tile_map_needs_a_tile_for_each_category():
    with pytest.raises(ValueError, match="chart By borough"):
        ChartSpec(ChartKind.TILES, "By borough", ("a", "b"), (Series("n", (1, 2)),), "", tiles=(Tile(0, 0, "A"),))


@pytest.mark.parametrize("headings", [(Heading("A", 2),), (Heading("A"), Heading("B", 3))])
def test_a_document_that_skips_a_level_of_heading_is_refused(headings):
    with pytest.raises(ValueError, match="below level"):
        Document("Title", "", "", headings)


def test_a_document_lists_its_tables_and_charts_in_order_those_side_by_side_too():
    table = Table("grants", "", COLUMNS, ())
    document = Document("T", "", "", (chart("one"), table, Beside((chart("two"), chart("three"))), chart("four")))

    assert document.tables == (table,)
    assert [one.title for one in document.charts] == ["one", "two", "three", "four"]
