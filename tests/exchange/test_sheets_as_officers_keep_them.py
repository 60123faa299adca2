"""Sheets as officers keep them: nothing of them is lost, and no number is wrong, without a word."""

import json
from datetime import date
from decimal import Decimal

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select

from grants_app.exchange.imports import importing
from grants_app.records import Engagement, Grant
from tests.exchange.test_one_grant_on_several_sheets import GRANTS, book, grants, take, verdicts


def own(store):
    with store.reading() as session:
        return [grant.own or {} for grant in session.scalars(select(Grant).order_by(Grant.id))]


def left_out(found):
    return [why for _, why in found.left_out]


def test_months_beside_awards_multiply_no_grant_and_lose_none(store, tmp_path):
    titles = ("Organisation", "Project title", "Amount awarded", "Jan 25", "Feb 25", "Mar 25", date(2025, 4, 1))
    rows = [("A", "P", 1000, 100, None, 50, 0), ("B", "Q", 2000), ("C", "R", 3000, 5, 5, 5, 5)]
    path = book(tmp_path, Grants=[titles, *rows])
    found = take(store, path)
    assert verdicts(found) == {"New": (3, Decimal(6000))}
    assert grants(store, "title", "awarded") == [("P", 1000), ("Q", 2000), ("R", 3000)]
    assert own(store)[0] == {"own:whole:Jan 25": 100, "own:whole:Mar 25": 50, "own:whole:2025-04-01": 0}
    assert not importing.preview(store, path).changes_anything


def test_months_beside_a_reference_and_an_award_do_not_clash_with_themselves(store, tmp_path):
    path = book(tmp_path, Grants=[(*GRANTS, "Apr-24", "May-24", "Jun-24"), ("1", "A", "P", 100, 1, 2, 3)])
    found = importing.preview(store, path)
    assert (found.faults, found.clashes, found.amount_read) == ([], [], Decimal(100))


def test_a_matrix_of_dashes_is_one_and_a_row_of_dashes_is_said(store, tmp_path):
    months = [
        ("Grant", "Title", "Apr", "May", "Jun", "Jul"),
        ("1", "Club", 10, "-", "-", 4),
        ("2", "Walk", "-", "n/a", "–"),
    ]
    path = book(
        tmp_path, Grants=[GRANTS, ("1", "A", "P", 100), ("2", "B", "Q", 200)], **{"People attended 2024-25": months}
    )
    found = take(store, path)
    with store.reading() as session:
        attended = session.execute(select(func.count(), func.sum(Engagement.attended))).one()
    assert (tuple(attended), left_out(found)) == ((2, 14), ["row 3: it has no number in any month"])


def test_what_stands_right_of_the_last_heading_is_kept_and_noted(store, tmp_path):
    path = book(
        tmp_path,
        Grants=[GRANTS, ("1", "A", "P", 100), ("2", "B", "Q", 200, None, "clawed back £50"), ("3", "C", "R", 0)],
    )
    found = take(store, path)
    assert own(store) == [{}, {"own:text:Column F": "clawed back £50"}, {}]
    notes = [note.message for note in found.notes]
    assert notes == ["What stands under no heading, first in row 3, is kept under “Column F”"]
    assert not importing.preview(store, path).changes_anything


def test_a_note_between_two_tables_side_by_side_is_kept(store, tmp_path):
    people = ("Organisation", "Contact name", "Email")
    rows = [(*GRANTS, None, None, *people), ("G1", "A", "P", 1, None, None, "A", "Ann", "ann@b.org")]
    rows += [("G2", "B", "Q", 2, "late")]
    found = take(store, book(tmp_path, Register=rows))
    assert (found.faults, own(store)) == ([], [{}, {"own:text:Column E": "late"}])


def test_an_amount_that_a_comma_cuts_in_two_is_no_award_of_one_pound(store, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("Ref,Organisation,Project title,Amount awarded\nG1,A,P,1,000\nG2,B,Q,200,,\nG3,C,R,£12,500\n")
    found = take(store, path)
    assert verdicts(found) == {"New": (1, Decimal(200)), "Faulty": (2, Decimal(0))}
    assert [(fault.row, fault.message[:58]) for fault in found.faults] == [
        (row, "This row has more cells than there are headings: a separat") for row in (2, 4)
    ]


def test_a_blank_heading_at_the_end_of_a_csv_is_a_column_not_a_comma_too_many(store, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("Ref,Organisation,Project title,Amount awarded,\nG1,A,P,1000,phoned\nG2,B,Q,200,\n")
    found = take(store, path)
    assert (verdicts(found), own(store)) == ({"New": (2, Decimal(1200))}, [{"own:text:Column E": "phoned"}, {}])


def test_subtotals_of_groups_and_the_sum_overall_are_no_grants(store, tmp_path):
    titles = ("Programme", *GRANTS, "Start date")
    day = date(2025, 4, 1)
    rows = [("Youth Fund", f"G{n}", f"Org {n}", f"P{n}", 1000 * n, day) for n in (1, 2, 3)]
    rows += [("Youth Fund total", None, None, None, 6000)]
    rows += [("Arts Fund", f"G{n}", f"Org {n}", f"P{n}", 1000 * n, day) for n in (4, 5)]
    rows += [("Arts Fund Total", None, None, None, 9000), ("Overall", None, None, None, 15000)]
    found = take(store, book(tmp_path, Grants=[titles, *rows]))
    assert verdicts(found) == {"New": (5, Decimal(15000))}
    assert left_out(found) == [f"row {n}: it is a total" for n in (5, 8, 9)]


def test_an_organisation_called_total_whose_amount_is_no_sum_is_a_grant(store, tmp_path):
    path = book(tmp_path, Grants=[GRANTS[1:], ("A", "P", 100), ("Brent Total", None, 70), ("C", "Q", 300)])
    found = importing.preview(store, path)
    assert (found.rows_read, left_out(found)) == (3, [])


def test_a_hundred_subtotals_are_all_known(store, tmp_path):
    rows = [
        row for n in range(100) for row in ((f"Org {n}", "P", 10), (f"Org {n}", "Q", 5), (f"Org {n} Total", None, 15))
    ]
    found = importing.preview(store, book(tmp_path, Grants=[GRANTS[1:], *rows, ("Grand Total", None, 1500)]))
    assert (found.rows_read, found.amount_read, len(found.left_out)) == (200, Decimal(1500), 101)


def test_counts_and_averages_below_a_list_are_no_organisations(store, tmp_path):
    rows = [(f"Org {n}", 1100000 + n, 100 + n) for n in range(4)]
    below = [("Total organisations: 4",), ("Average income", None, 101.5), ("Highest",)]
    titles = ("Name", "Charity number", "Income")
    found = take(store, book(tmp_path, Organisations=[titles, *rows, *below[:2]]))
    assert left_out(found) == ["row 6: it counts the rows above", "row 7: it is an average of the rows above"]
    assert verdicts(found)["New"][0] == 4


def test_ditto_marks_are_the_cell_above_and_said(store, tmp_path):
    rows = [("A", "P", 1), ('"', "Q", 2), ("ditto", "R", 3), ("B", "S", 4), ("”", "T", 5), ("Dogs", "do.", 6)]
    found = take(store, book(tmp_path, Grants=[GRANTS[1:], *rows]))
    assert verdicts(found) == {"New": (6, Decimal(21))}
    assert "Ditto marks, first in row 3, were read as the cell above" in [note.message for note in found.notes]
    assert [name for (name,) in grants(store, "title")] == ["P", "Q", "R", "S", "T", "T"]


def test_an_example_the_columns_numbers_and_units_under_headings_are_no_grants(store, tmp_path):
    above = [(1, 2, 3, 4), ("e.g. CF99", "Example Org", "Example project", 5000), (None, None, None, "£")]
    found = take(store, book(tmp_path, Grants=[GRANTS, *above, ("1", "A", "P", 100)]))
    assert verdicts(found) == {"New": (1, Decimal(100))}
    assert left_out(found) == [
        "row 2: it numbers the columns",
        "row 3: it is an example of how to fill the table in",
        "row 4: it says how the columns are filled in",
    ]


def test_second_headings_straight_under_a_table_begin_another(store, tmp_path):
    payments = [
        ("Grant ref", "Payment amount", "Payment date"),
        ("1", 50, date(2024, 1, 1)),
        ("2", 60, date(2024, 1, 2)),
    ]
    path = book(tmp_path, S=[GRANTS, ("1", "A", "P", 100), ("2", "B", "Q", "TBC"), *payments])
    found = importing.preview(store, path)
    assert [(table.name, table.kind, table.rows) for table in found.tables] == [
        ("S, row 1", "grant", 2),
        ("S, row 4", "payment", 2),
    ]


def test_a_form_with_two_labels_on_a_row_is_one_grant(store, tmp_path):
    rows = [("Organisation", "Alpha", "Ref", "G1"), ("Project title", "Voices", "Amount awarded", 5000)]
    rows += [("Start date", None, "End date", date(2025, 3, 31))]
    found = take(store, book(tmp_path, Form=rows))
    assert verdicts(found) == {"New": (1, Decimal(5000))}
    assert grants(store, "identifier", "title", "starts", "ends") == [("G1", "Voices", None, date(2025, 3, 31))]


OBJECT = {"Organisation": "A", "Project title": "P", "Amount awarded": 100}
NESTED = {
    "ref": "G1", "organisation": {"name": "A", "charity_number": "1100001"}, "title": "P", "awarded": 100,
    "payments": [{"amount": 40, "due": "2024-01-01"}, {"amount": 60, "due": "2024-02-01"}],
}  # fmt: skip


@pytest.mark.parametrize(
    "content",
    [
        json.dumps({"G1": OBJECT}),
        json.dumps([{"Ref": "G1", **OBJECT}]),
        json.dumps({"meta": {"a": 1}, "data": {"grants": [NESTED]}}),
        json.dumps({"Ref": "G1", **OBJECT}) + "\n" + json.dumps({"Ref": "G1", **OBJECT}) + "\n",
    ],
)
def test_any_list_of_objects_in_a_json_file_is_a_table(store, tmp_path, content):
    (tmp_path / "a.json").write_text(content)
    take(store, tmp_path / "a.json")
    assert grants(store, "identifier", "title", "awarded") == [("G1", "P", 100)]


def test_payments_within_an_object_are_payments_and_a_list_beside_the_grants_is_read(store, tmp_path):
    path = tmp_path / "a.json"
    path.write_text(
        json.dumps({"grants": [NESTED], "contacts": [{"organisation": "A", "name": "Ann", "email": "a@b.org"}]})
    )
    found = take(store, path)
    assert {kind.__tablename__: count for kind, count in found.brings.items()} == {
        "programme": 1, "organisation": 1, "grant": 1, "payment": 2, "contact": 1,
    }  # fmt: skip


def test_a_merged_line_over_a_group_of_rows_is_its_heading_and_no_grant(store, tmp_path):
    path = book(tmp_path, Grants=[GRANTS, ("ROUND 1",), ("1", "A", "P", 100), ("ROUND 2",), ("2", "B", "Q", 200)])
    made = load_workbook(path)
    for row in (2, 4):
        made["Grants"].merge_cells(start_row=row, end_row=row, start_column=1, end_column=4)
    made.save(path)

    found = take(store, path)

    assert (found.faults, left_out(found)) == ([], [f"row {row}: it is the heading of a group" for row in (2, 4)])
