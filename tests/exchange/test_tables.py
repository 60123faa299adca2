"""Tables are found however a sheet lays them out, and what is no row of theirs is said."""

from datetime import date, datetime
from decimal import Decimal

import openpyxl
import pytest

from grants_app import wording
from grants_app.exchange.sources import cellvalues, reading, tables
from grants_app.exchange.sources.reading import Sheet
from grants_app.records import RECORDS, Grant
from tests.exchange import awkward

KNOWN = frozenset(
    wording.folded(word)
    for kind in RECORDS
    for field in kind.fields().values()
    for word in (field.label, field.key, *field.aliases, kind.noun)
)


def known(title: str) -> bool:
    return wording.folded(title) in KNOWN


def sheet(*rows, name="Sheet", **more) -> Sheet:
    return Sheet(name, lambda: iter(list(enumerate(rows, 1))), **more)


def found_in(path, *, hidden=False):
    return [(s.name, tables.find(s, known=known, hidden=hidden)) for s in reading.open_source(path).sheets]


@pytest.mark.parametrize("name", awkward.BUILDERS)
def test_every_awkward_workbook_comes_out_whole(name, tmp_path):
    made = awkward.BUILDERS[name](tmp_path)

    found = found_in(made.path)

    got = [table for _, (tables_, _) in found for table in tables_]
    rows = [list(table.rows()) for table in got]
    assert [(t.name, t.titles, len(r), t.layout.value) for t, r in zip(got, rows, strict=True)] == [
        (e.name, e.titles, e.rows, e.layout) for e in made.tables
    ]
    assert tuple(name for name, (tables_, reasons) in found if not tables_ and reasons) == made.sheets_left_out
    for table, lines, expected in zip(got, rows, made.tables, strict=True):
        assert tuple(left.row for left in table.left_out) == expected.left_out
        if expected.first:
            assert tuple(c.date() if isinstance(c, datetime) else c for c in lines[0][1]) == expected.first
        if expected.pounds is not None:
            read = cellvalues.reader_of(Grant.fields()["awarded"])
            places = [table.titles.index(title) for title in expected.money]
            amounts = [read(row[place])[0] for _, row in lines for place in places if tables.filled(row[place])]
            assert sum(amounts, Decimal(0)) == expected.pounds


def test_a_number_too_large_to_be_meant_is_no_bar():
    rows = [["Title", "Amount"], ["x", float("inf")], ["y", 1e300], ["z", 5], [None, 1e300]]

    (table,) = tables.find(sheet(*rows), known=known).tables

    assert [cellvalues.text_of(row[1]) for _, row in table.rows()] == ["inf", "1e+300", "5", "1e+300"]


def test_cells_are_named_as_in_the_file_in_every_layout(tmp_path):
    form = found_in(awkward.forms_side_by_side(tmp_path).path)[0][1].tables[0]
    months = found_in(awkward.month_matrix(tmp_path).path)[0][1].tables[0]
    right = found_in(awkward.two_tables_beside(tmp_path).path)[0][1].tables[1]

    assert [(number, form.cell(number, row, 3)) for number, row in form.rows()] == [
        (2, (5, 2)),
        (3, (5, 3)),
        (4, (5, 4)),
    ]
    number, row = list(months.rows())[1]
    assert (number, row[2:], months.cell(number, row, 1), months.cell(number, row, 3)) == (
        4,
        [date(2026, 5, 1), 10],
        (4, 2),
        (4, 4),
    )
    assert ([right.letter(place) for place in range(3)], right.cell(5, [], 1)) == (["F", "G", "H"], (5, 7))


def test_what_is_no_row_is_left_out_and_said():
    rows = [
        ["Title", "Organisation", "Amount"], ["a", "A", 5], ["b", "B", 7], [None, None, 12], ["Total", None, 12], [],
        ["* provisional until the audit"], ["Source: finance system, 3 May"],
    ]  # fmt: skip

    (table,) = tables.find(sheet(*rows), known=known).tables

    assert [number for number, _ in table.rows()] == [2, 3]
    assert table.left_out == (
        (4, "its numbers are the sums of the rows above"),
        (5, "it is a total"),
        (7, "it is a note below the table"),
        (8, "it is a note below the table"),
    )


def test_a_record_that_is_called_total_stays():
    rows = [["Organisation", "Amount"], ["Total Wellbeing CIC", 500], ["Sum of Us", 20], ["Summit", 30], ["x", 4]]

    (table,) = tables.find(sheet(*rows), known=known).tables

    assert (len(list(table.rows())), table.left_out) == (4, ())


def test_blank_rows_between_records_part_nothing():
    rows = [["Title", "Venue"], ["a", "Hall"], [], ["b", "School"], [], [], ["c", None], ["d", "Library"]]

    (table,) = tables.find(sheet(*rows), known=known).tables

    assert [row for _, row in table.rows()] == [["a", "Hall"], ["b", "School"], ["c", None], ["d", "Library"]]


def test_headings_of_no_known_word_are_found_by_what_stands_below():
    rows = [
        ["Zork report", None, None],
        ["made by", "Ann"],
        [],
        ["Zork", "Blah", "Foo"],
        ["p", 3, date(2026, 1, 1)],
        ["q", 4, None],
    ]

    (table,) = tables.find(sheet(*rows)).tables

    assert (table.headers, table.titles, len(list(table.rows()))) == ((4,), ("Zork", "Blah", "Foo"), 2)


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (sheet(), "it is empty"),
        (sheet(["Read this first"], ["Then that"]), "it holds notes, not a table"),
        (sheet(["Title", "Amount"]), "it has headings and no rows"),
        (sheet(["Title"], ["x"], hidden=True), "it is hidden: show it in Excel to bring it in"),
        (sheet(["Title", "Amount"], ["x", 1], name="#notes"), "its name starts with #, which marks notes"),
        (sheet(["Title", "Amount"], ["x", 1], name="Meta"), "it describes the file, not what is in it"),
        (sheet(note="it is a chart or a macro, not cells"), "it is a chart or a macro, not cells"),
    ],
)
def test_a_sheet_without_a_table_is_named_with_its_reason(given, reason):
    assert tables.find(given, known=known) == ((), (reason,))


def test_a_hidden_sheet_can_be_asked_for():
    assert len(tables.find(sheet(["Title", "Amount"], ["x", 1], hidden=True), known=known, hidden=True).tables) == 1


def test_months_without_a_year_say_so_and_a_year_is_taken_from_any_place():
    head, body = ["Title", "Jan", "Feb", "Mar"], ["x", 1, None, 3]
    (bare,) = tables.find(sheet(head, body), known=known).tables
    (named,) = tables.find(sheet(head, body, name="2025"), known=known).tables
    (dated,) = tables.find(sheet(["Title", date(2024, 1, 1), "Feb-24", "03/2024"], body), known=known).tables

    assert [row for _, row in bare.rows()] == [["x", "January", 1], ["x", "March", 3]]
    assert bare.notes == ("The months name no year: write it beside one of them, or in the line above, as 2026/27",)
    assert [row[1] for _, row in named.rows()] == [date(2025, 1, 1), date(2025, 3, 1)]
    assert [row[1] for _, row in dated.rows()] == [date(2024, 1, 1), date(2024, 3, 1)]


def test_no_month_that_stands_twice_hides_another_and_the_newest_may_come_first():
    def read(*heads, name="S"):
        (table,) = tables.find(sheet(["Title", *heads], ["x", *range(len(heads))], name=name), known=known).tables
        return [tuple(row[1:]) for _, row in table.rows()]

    bare = read("Nov", "Dec", "Jan", "Nov", "Dec", "Jan")
    assert bare == [(month, n) for n, month in enumerate(["November", "December", "January"] * 2)]
    assert read("Apr 2024", "May 2024", "Apr-24") == [
        (date(2024, 4, 1), 0),
        (date(2024, 5, 1), 1),
        (date(2024, 4, 1), 2),
    ]
    newest = [(date(2025, 2, 1), 0), (date(2025, 1, 1), 1), (date(2024, 12, 1), 2)]
    assert read("Feb", "Jan", "Dec", name="2024-25") == newest


def test_merged_words_are_filled_down_and_merged_amounts_are_not(tmp_path):
    made = awkward.merged_down(tmp_path)
    book = openpyxl.load_workbook(made.path)
    book["Grants"].merge_cells("C3:C4")
    book.save(made.path)

    ((_, found),) = found_in(made.path)

    assert [row[0] for _, row in found.tables[0].rows()] == [awkward.NAMES[n // 2] for n in (1, 2, 3, 4, 5, 6)]
    assert [row[2] for _, row in found.tables[0].rows()] == [100, 200, "", 400, 500, 600]
    assert found.tables[0].notes == (
        "Merged cells of “Organisation” were filled down (an amount once only)",
        "Merged cells of “Awarded” were filled down (an amount once only)",
    )


def test_months_of_several_measures_make_one_row_a_month():
    rows = [
        ["Title", "Apr 2026", None, "May 2026", None, "Jun 2026", None],
        [None, "Attended", "New", "Attended", "New", "Attended", "New"],
    ]
    rows += [["x", 5, 1, 6, 2, None, None], ["y", 7, None, 8, 3, 9, 4]]

    (table,) = tables.find(sheet(*rows), known=known).tables

    assert table.titles == ("Title", "Date", "Attended", "New")
    assert [row for _, row in table.rows()] == [
        ["x", date(2026, 4, 1), 5, 1],
        ["x", date(2026, 5, 1), 6, 2],
        ["y", date(2026, 4, 1), 7, None],
        ["y", date(2026, 5, 1), 8, 3],
        ["y", date(2026, 6, 1), 9, 4],
    ]


def test_known_words_above_a_table_hold_for_all_its_rows():
    rows = [["Sessions of the quarter"], ["Grant:", "SCF-0003", None, "Venue:", "Library"], ["Prepared by", "Ann"], []]
    rows += [["Title", "Held on", "Attended"], ["a", date(2026, 1, 1), 5], ["b", date(2026, 1, 2), 6]]

    (table,) = tables.find(sheet(*rows), known=known).tables

    assert table.titles == ("Title", "Held on", "Attended", "Grant", "Venue")
    assert [row[3:] for _, row in table.rows()] == [["SCF-0003", "Library"]] * 2
    assert (table.letter(2), table.letter(3), table.cell(6, [], 4)) == ("C", "", (2, 5))
    assert table.notes[0] == "“Grant” from row 2, above the headings, was given to every row"
