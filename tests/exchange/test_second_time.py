"""What comes a second time, otherwise written or from our own lists, is known again: nothing doubles unsaid."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from grants_app.exchange import exporting
from grants_app.exchange.imports import importing
from grants_app.records import Grant, Organisation, Programme
from grants_app.store import Store
from grants_app.store.listing import Listing
from tests.exchange import test_importing as giving
from tests.make import make


def rows(found: importing.Preview) -> dict[str, int]:
    return {verdict.value: tally.rows for verdict, tally in found.tallies.items() if tally.rows}


def changes(found: importing.Preview) -> list[tuple[str, ...]]:
    return [(one.reference, one.field, one.before, one.after) for one in found.changes]


def test_our_own_csv_of_grants_that_hold_other_columns_comes_back_unchanged(store, tmp_path):
    giving.take(store, giving.file_of(tmp_path, {}, {"Identifier": "360G-GLA-2", "Notes of ours": "seen twice"}))
    for kind in (Grant, Organisation):
        exporting.write_csv(store, kind, tmp_path / "list.csv")
        assert (kind is Organisation) or "seen twice" in (tmp_path / "list.csv").read_text("utf-8-sig")
        found = importing.preview(store, tmp_path / "list.csv")
        assert (set(rows(found)), changes(found), found.changes_anything) == ({"Unchanged"}, [], False)


SHOWN = ("reference", "programme_id", "organisation_id", "title", "asked", "starts", "paid")


@pytest.fixture
def listed(store: Store, tmp_path: Path) -> Path:
    """Six grants, as a list that went out."""
    make(store, Programme, code="CVE", name="Countering")
    with store.change("Fill", lenient=True) as session:
        bodies = session.add_many(Organisation, [{"name": f"Body {n}"} for n in range(4)])
        session.add_many(
            Grant,
            (
                {"programme_id": 1, "organisation_id": bodies[n % 4], "title": f"Talks {n}",
                 "asked": Decimal(1000 + n), "starts": date(2026, 1, 1 + n)}
                for n in range(6)
            ),
        )  # fmt: skip
    exporting.write_listing(store, Listing(Grant, SHOWN, sort=(("reference", False),)), tmp_path / "grants.xlsx")
    return tmp_path / "grants.xlsx"


Edit = Callable[[Any, dict[str, int], int], None]


def edited(path: Path, edit: Edit) -> Path:
    """The list with its sheet changed: `edit` has the sheet, its columns by title, and its first row."""
    book = openpyxl.load_workbook(path)
    sheet = book["Grants"]
    header = next(row for row in sheet.iter_rows() if sum(bool(cell.value) for cell in row) > 2)
    edit(sheet, {str(cell.value): cell.column for cell in header}, header[0].row + 1)
    book.save(path)
    return path


def faults(found: importing.Preview) -> list[tuple[int, str, str]]:
    return [(fault.row, fault.column, fault.message) for fault in found.faults]


def test_rows_sorted_without_their_hidden_ids_are_faulty_and_move_no_title(store, listed):
    def sort(sheet, at, first):
        visible = [place for title, place in at.items() if not title.startswith("grant ")]
        rows = [[sheet.cell(first + n, place).value for place in visible] for n in range(6)]
        for n, row in enumerate(reversed(rows)):
            for place, value in zip(visible, row, strict=True):
                sheet.cell(first + n, place).value = value

    found = importing.preview(store, edited(listed, sort))

    assert (rows(found), changes(found)) == ({"Faulty": 6}, [])
    assert faults(found)[0][1:] == (
        "Reference",
        (
            "Reference is “CVE-0006”, and the hidden columns of this row are those of CVE-0001: write CVE-0001 there "
            "if the row is about it, or delete the two hidden columns, and the references count"
        ),
    )

    def without_hidden(sheet, at, _first):
        sheet.delete_cols(at["grant version"] - 1, 2)

    assert rows(importing.preview(store, edited(listed, without_hidden))) == {"Unchanged": 6}


def test_a_reference_that_was_typed_over_or_blanked_beside_its_hidden_id_is_said(store, listed):
    def edit(sheet, at, first):
        sheet.cell(first, at["Reference"]).value = "CVE-0999"
        sheet.cell(first + 1, at["Reference"]).value = None
        sheet.cell(first + 1, at["Title"]).value = "Another grant, written over this one"
        sheet.cell(first + 2, at["Reference"]).value = " cve-0003"
        sheet.cell(first + 3, at["Title"]).value = "Walks"

    found = importing.preview(store, edited(listed, edit))

    assert rows(found) == {"Faulty": 2, "Changed": 1, "Unchanged": 3}
    assert changes(found) == [("CVE-0004", "Grant: Title", "Talks 3", "Walks")]
    assert faults(found)[1][2] == (
        "Reference is blank, and the hidden columns of this row are those of CVE-0002: write CVE-0002 there again, or, "
        "for a new grant, clear those two cells of this row"
    )


@pytest.mark.parametrize(
    ("heading", "renamed", "value", "shown"),
    [
        ("Title", "Project name", "Walks", ("Grant: Title", "Talks 0", "Walks")),
        ("Title", "What Sara calls it", "Walks", ("Grant: Title", "Talks 0", "Walks")),
        ("Organisation", "Grantee body", "Body 3", ("Grant: Organisation", "Body 0", "Body 3")),
        ("Asked", "Sum in the bid", 77, ("Grant: Asked", "£1,000", "£77")),
    ],
)
def test_an_edit_under_a_heading_of_ours_that_was_renamed_reaches_its_field(
    store, listed, heading, renamed, value, shown
):
    def edit(sheet, at, first):
        sheet.cell(first - 1, at[heading]).value = renamed
        sheet.cell(first, at[heading]).value = value

    found = importing.preview(store, edited(listed, edit))

    assert (rows(found), changes(found)) == ({"Changed": 1, "Unchanged": 5}, [("CVE-0001", *shown)])
    assert f"“{renamed}” is read as {heading}: it holds what stands there here" in [one.message for one in found.notes]


def test_a_renamed_reference_is_still_the_reference(store, listed):
    def edit(sheet, at, first):
        sheet.cell(first - 1, at["Reference"]).value = "Our ref"
        sheet.cell(first, at["Reference"]).value = "CVE-0002"

    found = importing.preview(store, edited(listed, edit))
    assert (rows(found), changes(found)) == ({"Faulty": 1, "Unchanged": 5}, [])


def test_a_column_typed_beside_our_own_is_a_column_of_the_officers_own_and_said(store, listed):
    def edit(sheet, at, first):
        place = max(at.values()) + 1
        sheet.cell(first - 1, place).value = "Seen"
        for n in range(6):
            sheet.cell(first + n, place).value = "Yes"

    found = importing.preview(store, edited(listed, edit))
    assert [one[1:] for one in changes(found)] == [("Grant: Seen", "", "Yes")] * 6
    assert [one.message for one in found.notes][1:] == [
        "“Seen” is no heading of ours: it becomes a column of your own. If one of ours was renamed, write it as it was"
    ]
