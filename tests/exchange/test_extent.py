"""Templates as officers have them: hints, parts, side tables, totals that do not follow, their own words."""

from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from grants_app.errors import Refused
from grants_app.exchange.filling import filling, templates
from grants_app.exchange.filling.templates import Fit, Offer
from grants_app.exchange.shapes import Column
from grants_app.records import Grant, Kind
from grants_app.store.listing import Listing

HEADS = ["Reference", "Title", "Awarded", "Asked"]
OFFERS = [Offer(Column("Reference")), Offer(Column("Title")), *(Offer(Column(one, Kind.MONEY)) for one in HEADS[2:])]
ROWS = [(f"CVE-000{number}", f"Talk {number}", Decimal(number), Decimal(number)) for number in range(1, 4)]
FILLED = [list(row) for row in ROWS]
OLD, TOTAL = ["a", "b", 1, 2], ["Total", None, "=SUM(C3:C3)", "=SUM(D3:D3)"]


def template_of(tmp_path: Path, rows: list[list[object]]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(tmp_path / "template.xlsx")
    return tmp_path / "template.xlsx"


def filled(found: Fit) -> list[list[object]]:
    rows = [[row[place] for _, place in found.places] for row in ROWS]
    target = found.template.with_name("filled.xlsx")
    filling.fill(found, OFFERS, iter(rows), len(rows), target)
    return [[cell.value for cell in row] for row in openpyxl.load_workbook(target).active]


@pytest.mark.parametrize("hint", [["e.g. GRANT-1", "as in the bid", "£", "£"], [None, None, "£", "£"], ["All year"]])
def test_a_row_of_hints_under_the_headings_stays_and_the_total_counts_the_first_record(tmp_path, hint):
    found = templates.fit(template_of(tmp_path, [HEADS, hint, OLD, TOTAL]), OFFERS)

    assert "Keeps 1 row under the headings, and begins in row 3." in found.words
    hinted = [*hint, None, None, None][:4]
    assert filled(found) == [HEADS, hinted, *FILLED, ["Total", None, "=SUM(C3:C5)", "=SUM(D3:D5)"]]


def test_a_total_that_forgot_the_first_record_is_told_and_no_old_record_stays(tmp_path):
    found = templates.fit(template_of(tmp_path, [HEADS, OLD, OLD, TOTAL]), OFFERS)

    assert "Row 4 “Total” does not add up all rows: look at it in the copy." in found.words
    assert filled(found)[1:4] == FILLED


def test_parts_with_sub_totals_of_their_own_are_refused(tmp_path):
    rows = [
        HEADS, ["Quarter 1"], OLD, ["Subtotal", None, "=SUM(C3:C3)"],
        ["Quarter 2"], OLD, ["Subtotal", None, "=SUM(C6:C6)"], ["Total", None, "=C4+C7"],
    ]  # fmt: skip

    with pytest.raises(Refused, match="rows 4 and 7 each add up rows of their own"):
        templates.fit(template_of(tmp_path, rows), OFFERS)


def test_another_table_below_with_a_total_of_its_own_is_no_part(tmp_path):
    rows = [
        HEADS, OLD, ["Total", None, "=SUM(C2:C2)"], [], ["Other income"],
        ["Donations", None, 5], ["Total", None, "=SUM(C6:C6)"],
    ]  # fmt: skip
    found = templates.fit(template_of(tmp_path, rows), OFFERS)

    assert len(found.words) == 2
    assert filled(found)[4:] == [
        ["Total", None, "=SUM(C2:C4)", None], [None] * 4, ["Other income", None, None, None],
        ["Donations", None, 5, None], ["Total", None, "=SUM(C8:C8)", None],
    ]  # fmt: skip


def test_a_side_table_on_the_same_sheet_keeps_its_cells(tmp_path):
    rows = [[*HEADS, None, "Reference", "Meaning"], [*OLD, None, "x", "Ex"], [None] * 5 + ["y", "Why"]]
    found = templates.fit(template_of(tmp_path, rows), OFFERS)

    assert found.words[1:] == (
        "Leaves “Reference” and “Meaning” as they are.",
        "What stands beside below row 2 moves down where rows are put in.",
        "What stands there now (1 row) is taken out of the copy.",
    )
    after = filled(found)
    assert [row[:4] for row in after[1:4]] == FILLED
    assert [row[5:] for row in after if row[5]] == [["Reference", "Meaning"], ["x", "Ex"], ["y", "Why"]]


def test_headings_with_an_empty_column_after_each_are_one_table_still(tmp_path):
    found = templates.fit(template_of(tmp_path, [["Reference", None, "Title", None, "Awarded"]]), OFFERS)

    assert [column for column, _ in found.places] == [1, 3, 5]


def test_a_column_without_a_heading_that_holds_something_parts_no_table(tmp_path):
    found = templates.fit(template_of(tmp_path, [["Reference", "Title", None, "Awarded"], ["a", "b", "£", 1]]), OFFERS)

    assert [column for column, _ in found.places] == [1, 2, 4]


def test_what_is_emptied_beside_old_records_is_said(tmp_path):
    found = templates.fit(template_of(tmp_path, [[*HEADS, "Remarks", "Code"], [*OLD, "of last year"]]), OFFERS)

    assert found.words[1:3] == (
        "Leaves “Code” as it is.", "Empties “Remarks” in the rows that stand there now.",
    )  # fmt: skip
    assert [row[4] for row in filled(found)] == ["Remarks", None, None, None]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([OLD, OLD, ["Total", None, "=C2+C3", "=D2+D3"]], "Row 4 “Total”"),
        ([OLD, OLD, [], [None, None, "=C2+C3"]], "Row 5"),
        ([OLD, ["Grand total", None, 3, 4], ["Notes below", "keep me"]], "Row 3 “Grand total”"),
        ([OLD, ["Total", None, "=C2"]], "Row 3 “Total”"),
        ([OLD, ["Total", None, "=SUM(C2)"]], ""),
        ([OLD, OLD, ["Total", None, "=SUM(C2:C3)"], [None, None, "=C4*2"]], ""),
        ([OLD, OLD, [], ["Prepared by", "Ann", "=C2*2"]], ""),
    ],
)
def test_a_total_that_cannot_follow_is_told(tmp_path, rows, said):
    found = templates.fit(template_of(tmp_path, [HEADS, *rows]), OFFERS)

    told = [words for words in found.words if "does not add up" in words]
    assert told == ([f"{said} does not add up all rows: look at it in the copy."] if said else [])


@pytest.mark.parametrize("signed", [["Prepared by", "Officer"], ["Signed:", "Officer"], ["Notes: see", "above"]])
def test_a_row_to_be_signed_right_under_the_records_is_no_record(tmp_path, signed):
    found = templates.fit(template_of(tmp_path, [HEADS, OLD, OLD, signed]), OFFERS)

    assert found.records == 2
    assert filled(found)[1:] == [*FILLED, [*signed, None, None]]


def test_a_record_whose_title_begins_like_a_signature_is_one_still(tmp_path):
    found = templates.fit(template_of(tmp_path, [HEADS, OLD, ["Signed by all", "b", 1, 2]]), OFFERS)

    assert found.records == 2


def test_headings_are_known_by_the_words_that_an_import_knows(store, tmp_path):
    titles = ["No.", "Amount asked", "Grantee", "Remaining", "Award (£)", "Project name"]
    names, offers = templates.offers_of(store, Listing(Grant, ("reference",)))
    found = templates.fit(template_of(tmp_path, [titles]), offers)

    assert [names[place] for _, place in found.places] == [
        "reference", "asked", "organisation_id", "left", "awarded", "title",
    ]  # fmt: skip
    for word in ("Ref", "Ref no", "Reference number", "Grant ref.", "Our ref"):
        found = templates.fit(template_of(tmp_path, [[word, "Title"]]), offers)
        assert names[found.places[0][1]] == "reference", word


def test_a_heading_that_fits_best_is_filled_before_one_that_fits_too(store, tmp_path):
    names, offers = templates.offers_of(store, Listing(Grant, ("reference",)))
    found = templates.fit(template_of(tmp_path, [["No.", "Project", "Reference", "Title"]]), offers)

    assert [(column, names[place]) for column, place in found.places] == [(3, "reference"), (4, "title")]
