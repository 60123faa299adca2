"""What goes out to Excel comes back: only what was changed there is a change here."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from grants_app.exchange import exporting
from grants_app.exchange.imports import importing
from grants_app.exchange.imports.importing import Verdict
from grants_app.operations import editing
from grants_app.operations.sample import make_sample
from grants_app.records import RECORDS, Document, Grant, Kind, Organisation, Programme, Record
from grants_app.records.fields import OWN_KINDS, own_name
from grants_app.store import Store, checking, own, undoing
from grants_app.store.listing import Listing
from tests.make import make, sample_value

COLUMNS = (
    "reference", "programme_id", "organisation_id", "title", "status", "asked", "awarded", "starts", "ends", "rag",
    "boroughs", "paid", "left", own_name(Kind.MONEY, "Matched"),
)  # fmt: skip


def rows(found: importing.Preview) -> dict[str, int]:
    return {verdict.value: tally.rows for verdict, tally in found.tallies.items() if tally.rows}


def edited(path: Path, edit: Callable[[Any, dict[str, int], int], None], sheet: str = "Grants") -> Path:
    """The workbook with one of its sheets changed: `edit` has the sheet, its columns by title, and its first row."""
    book = openpyxl.load_workbook(path)
    header = next(row for row in book[sheet].iter_rows() if sum(bool(cell.value) for cell in row) > 2)
    edit(book[sheet], {str(cell.value): cell.column for cell in header}, header[0].row + 1)
    book.save(path)
    return path


@pytest.fixture
def listed(store: Store, tmp_path: Path) -> Path:
    """Six grants, with a column of the officers' own, as a list that went out."""
    make(store, Programme, code="CVE", name="Countering")
    make(store, Programme, code="SEF", name="Shared Endeavour")
    with store.change("Fill", lenient=True) as session:
        own.add(session, Grant, "Matched", Kind.MONEY)
        bodies = session.add_many(Organisation, [{"name": f"Body {min(n, 2)}"} for n in range(4)])
        session.add_many(
            Grant,
            (
                {"programme_id": 1, "organisation_id": bodies[n % 3], "title": f"Talks {n}", "asked": Decimal(1000 + n),
                 "starts": date(2026, 1, 1), "boroughs": ("Brent",), "own": {COLUMNS[-1]: 5000 + n}}
                for n in range(6)
            ),
        )  # fmt: skip
    exporting.write_listing(store, Listing(Grant, COLUMNS, sort=(("reference", False),)), tmp_path / "grants.xlsx")
    return tmp_path / "grants.xlsx"


def test_changed_cells_added_rows_and_nothing_else_come_back(store, listed):
    def edit(sheet, at, first):
        sheet.cell(first, at["Title"]).value = "Walks"
        sheet.cell(first + 1, at["Asked"]).value = 1234.5
        sheet.cell(first + 1, at["Starts"]).value = None
        sheet.cell(first + 2, at["Organisation"]).value = "Body 0"
        sheet.cell(first + 3, at["Matched"]).value = 60
        sheet.cell(first + 4, at["Paid"]).value = 999
        sheet.delete_rows(first + 5)
        new = {"Title": "A new one", "Organisation": "Body 1", "Programme": "Shared Endeavour", "Asked": 70}
        sheet.insert_rows(first + 5)
        for title, value in new.items():
            sheet.cell(first + 5, at[title]).value = value

    found = importing.preview(store, edited(listed, edit))

    assert [(change.reference, change.field, change.before, change.after) for change in found.changes] == [
        ("CVE-0001", "Grant: Title", "Talks 0", "Walks"),
        ("CVE-0002", "Grant: Asked", "£1,001", "£1,234.50"),
        ("CVE-0002", "Grant: Starts", "1 January 2026", ""),
        ("CVE-0003", "Grant: Organisation", "Body 2", "Body 0"),
        ("CVE-0004", "Grant: Matched", "£50.03", "£60"),
    ]
    assert (rows(found), found.faults) == ({"New": 1, "Changed": 4, "Unchanged": 1}, [])
    importing.bring_in(store, found)
    assert rows(importing.preview(store, listed)) == {"Unchanged": 6}
    with store.reading() as session:
        assert [grant.reference for grant in session.query(Grant)][-2:] == ["CVE-0006", "SEF-0001"]
    undoing.undo(store)
    assert checking.check(store) == []


def test_what_changed_here_meanwhile_stays_unless_the_file_says_otherwise_too(store, listed):
    def edit(sheet, at, first):
        sheet.cell(first, at["Title"]).value = "Theirs"

    edited(listed, edit)
    editing.save(store, Grant, {"title": "Ours", "asked": Decimal(7)}, id=1)
    editing.save(store, Grant, {"title": "Ours two"}, id=2)

    found = importing.preview(store, listed)

    assert [(c.reference, c.field, c.before, c.after) for c in found.changes] == [
        ("CVE-0001", "Grant: Title", "Ours", "Theirs")
    ]
    assert [note.message for note in found.notes] == [
        "Paid and Left: not read, for it is worked out here or only there to be read",
        (
            "Title was changed here, from “Talks 0” to “Ours”, since the file was written; "
            "the file's “Theirs” takes its place"
        ),
        "Asked was changed here to “£7” since the file was written: that stays",
        "Title was changed here to “Ours two” since the file was written: that stays",
    ]


def test_a_row_that_was_copied_in_excel_is_a_clash_until_somebody_says_what_it_is(store, listed):
    def edit(sheet, at, first):
        for place in at.values():
            sheet.cell(first + 5, place).value = sheet.cell(first, place).value
        sheet.cell(first + 5, at["Title"]).value = "A copy"

    edited(listed, edit)

    assert rows(importing.preview(store, listed)) == {"Unchanged": 4, "Faulty": 2}
    plan = importing.Plan(all_clashes=importing.Clashing.SEPARATE)
    assert rows(importing.preview(store, listed, plan)) == {"New": 1, "Unchanged": 5}


def fill_columns(store: Store, kind: type[Record], number: int) -> None:
    """Columns of the officers' own of every sort, filled in for one record."""
    with store.change("Add columns") as session:
        columns = [own.add(session, kind, f"Our {sort.value}", sort, ["Low", "High"]) for sort in OWN_KINDS]
    values = {f.name: "High" if f.kind is Kind.CHOICE else sample_value(f) for f in columns}
    editing.save(store, kind, values, id=number)


def test_the_whole_office_workbook_comes_back_unchanged_for_every_kind(store, tmp_path):
    make_sample(store)
    for kind in RECORDS:
        fill_columns(store, kind, make(store, kind).id)
    count = exporting.write_workbook(store, tmp_path / "office.xlsx")

    found = importing.preview(store, tmp_path / "office.xlsx")

    assert [(f.sheet, f.row, f.column, f.message) for f in found.faults] == []
    assert [tuple(change) for change in found.changes] == []
    never = sum(found.tallies[verdict].rows for verdict in (Verdict.NEW, Verdict.CHANGED))
    left = [reason for name, reason in found.left_out if name in ("Documents", "Accepted warnings")]
    assert (never, found.tallies[Verdict.UNCHANGED].rows, len(left)) == (0, count, 0)
    assert Document.plural in {table.name for table in found.tables}


def test_an_office_workbook_goes_whole_into_a_new_file(store, tmp_path):
    from grants_app.store import opening

    make_sample(store)
    fill_columns(store, Grant, 1)
    exporting.write_workbook(store, tmp_path / "office.xlsx")
    other = opening.create(tmp_path / "other.grants", "Bea")
    try:
        found = importing.preview(other, tmp_path / "office.xlsx")
        importing.bring_in(other, found)
        never = ("Documents", "Accepted warnings")
        assert [(f.sheet, f.row, f.column, f.message) for f in found.faults if f.sheet not in never] == []
        assert checking.check(other) == []
        with other.reading() as session:
            theirs = {each.label: session.get_one(Grant, 1).get(each.name) for each in own.columns(session, Grant)}
        with store.reading() as session:
            ours = {each.label: session.get_one(Grant, 1).get(each.name) for each in own.columns(session, Grant)}
        assert theirs == ours
        again = importing.preview(other, tmp_path / "office.xlsx")
        assert set(rows(again)) <= {"Unchanged", "Faulty"}
        undoing.undo(other)
        assert checking.check(other) == []
    finally:
        other.close()


def test_an_award_typed_over_in_excel_is_left_to_the_grants_own_page(store, listed):
    def edit(sheet, at, first):
        sheet.cell(first, at["Awarded"]).value = 99_999
        sheet.cell(first + 1, at["Title"]).value = "Walks"

    found = importing.preview(store, edited(listed, edit))

    assert [(change.reference, change.field) for change in found.changes] == [("CVE-0002", "Grant: Title")]
    assert [note.message for note in found.notes] == [
        "Paid and Left: not read, for it is worked out here or only there to be read",
        "Awarded is “blank” here and “£99,999” in the file: left as it is. It changes on the grant's own page",
    ]
    assert found.of_not_taken == "1 change is not taken (Awarded): the notes say which, and where to make it."


def test_a_workbook_of_ours_whose_hidden_columns_are_gone_brings_in_no_read_me(store, tmp_path):
    make_sample(store)
    exporting.write_workbook(store, tmp_path / "all.xlsx", kinds=[Organisation])
    book = openpyxl.load_workbook(tmp_path / "all.xlsx")
    sheet = book["Organisations"]
    sheet.delete_cols(sheet.max_column - 1, 2)
    book.save(tmp_path / "all.xlsx")

    found = importing.preview(store, tmp_path / "all.xlsx")

    assert dict(found.left_out)["Read me"] == "it is about the file, which this app wrote"
    assert set(rows(found)) == {"Unchanged"}
