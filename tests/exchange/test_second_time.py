"""What comes a second time, otherwise written or from our own lists, is known again: nothing doubles unsaid."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import select

from grants_app.exchange import exporting
from grants_app.exchange.imports import importing
from grants_app.records import Grant, Organisation, Programme
from grants_app.store import Store, checking, undoing
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


BARE = ("Organisation", "Project title", "Amount awarded")
WITH_REF = ("Ref", *BARE)


def book(path: Path, **sheets: Sequence[Sequence[Any]]) -> Path:
    """A workbook of these sheets."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, lines in sheets.items():
        sheet = made.create_sheet(name.replace("_", " "))
        for line in lines:
            sheet.append(list(line))
    made.save(path)
    return path


def named(*refs: str, start: int = 0) -> list[tuple[Any, ...]]:
    """Rows of a register with a reference each."""
    return [WITH_REF, *((ref, f"Body {n}", f"Project {n}", 1000 * (n + 1)) for n, ref in enumerate(refs, start))]


def bare(count: int) -> list[tuple[Any, ...]]:
    """The same rows without."""
    return [BARE, *(row[1:] for row in named(*map(str, range(count)))[1:])]


def take(store: Store, path: Path) -> importing.Preview:
    found = importing.preview(store, path)
    importing.bring_in(store, found)
    again = importing.preview(store, path)
    assert (again.changes_anything, set(rows(again)) - {"Unchanged", "Faulty"}) == (False, set())
    assert checking.check(store) == []
    return found


def kept(store: Store, *names: str) -> list[tuple[Any, ...]]:
    with store.reading() as session:
        grants = session.scalars(select(Grant).order_by(Grant.id))
        return [tuple(getattr(grant, name) for name in names) for grant in grants]


def said(found: importing.Preview) -> list[tuple[int, str]]:
    return [(note.row, note.message) for note in found.notes]


def test_grants_that_come_again_with_references_are_not_doubled_and_undo_takes_them_off(store, tmp_path):
    take(store, book(tmp_path / "bare.xlsx", Grants=bare(3)))
    found = take(store, book(tmp_path / "named.xlsx", Grants=named("CF00", "CF01", "CF02")))

    assert (rows(found), found.after.rows, found.after.pounds) == ({"Changed": 3}, 3, Decimal(6000))
    assert said(found)[0] == (
        2,
        "BARE-0001 has the same organisation, title and award and no identifier: it is that grant, and gets this one",
    )
    assert kept(store, "identifier") == [("CF00",), ("CF01",), ("CF02",)]
    assert rows(take(store, tmp_path / "bare.xlsx")) == {"Unchanged": 3}
    undoing.undo(store)
    assert (kept(store, "identifier"), checking.check(store)) == ([(None,)] * 3, [])


def test_a_grant_of_another_award_or_day_is_another_and_the_likeness_is_said(store, tmp_path):
    titles = (*BARE, "Start date")
    lines = [titles, ("Body", "Core", 1000, date(2025, 4, 1)), ("Other", "Walks", 500, date(2025, 4, 1))]
    take(store, book(tmp_path / "bare.xlsx", Grants=lines))
    lines = [
        ("Ref", *titles), ("A", "Body", "Core", 1000, date(2026, 4, 1)), ("B", "Body", "Core", 900, date(2025, 4, 1)),
        ("C", "Other", "Walks", 500, None),
    ]  # fmt: skip
    found = take(store, book(tmp_path / "named.xlsx", Grants=lines))

    words = "BARE-0001 has the same organisation and title and no identifier, but other money, dates or programme"
    assert rows(found) == {"New": 2, "Changed": 1}
    assert said(found)[:2] == [
        (2, f"{words}: this row makes another grant"),
        (3, f"{words}: this row makes another grant"),
    ]
    assert kept(store, "identifier", "awarded") == [
        (None, Decimal(1000)), ("C", Decimal(500)), ("A", Decimal(1000)), ("B", Decimal(900)),
    ]  # fmt: skip


def test_two_kept_grants_that_a_reference_may_mean_are_asked_about_not_guessed(store, tmp_path):
    take(store, book(tmp_path / "bare.xlsx", Grants=[BARE, ("Body", "Core", 1000), ("Body", "Core", 1000)]))
    found = importing.preview(
        store, book(tmp_path / "named.xlsx", Grants=[WITH_REF, ("A", "Body", "Core", 1000), ("B", "New", "Core", 5)])
    )
    assert rows(found) == {"Faulty": 1, "New": 1}
    assert faults(found) == [
        (
            2,
            "",
            (
                "BARE-0001 and BARE-0002 have the same organisation, title and award and no identifier: write “A” on "
                "the one that this row is"
            ),
        )
    ]


def test_two_references_are_two_grants_though_one_is_kept_without(store, tmp_path):
    take(store, book(tmp_path / "bare.xlsx", Grants=[BARE, ("Body", "Core", 1000)]))
    lines = [WITH_REF, ("A", "Body", "Core", 1000), ("B", "Body", "Core", 1000), ("", "Body", "Core", 1000)]
    found = take(store, book(tmp_path / "named.xlsx", Grants=lines))
    assert (rows(found), found.after.rows) == ({"Changed": 1, "New": 2}, 3)
    assert kept(store, "identifier") == [("A",), ("B",), (None,)]


def test_references_in_other_capitals_are_the_same_grants_with_a_note(store, tmp_path):
    take(store, book(tmp_path / "upper.xlsx", Grants=named("CF00", "CF01")))
    lines = [WITH_REF, (" cf00 ", "Body 0", "Project 0", 1000), ("cf01", "Body 1", "Project 1, extended", 2000)]
    found = take(store, book(tmp_path / "lower.xlsx", Grants=lines))
    assert (rows(found), found.after.rows) == ({"Unchanged": 1, "Changed": 1}, 2)
    assert said(found)[-1] == (
        3,
        "“cf01” is “CF01” of UPPER-0002 but for its capitals: it is that grant, whose identifier stays as it is here",
    )
    assert kept(store, "identifier", "title") == [("CF00", "Project 0"), ("CF01", "Project 1, extended")]


def test_identifiers_of_which_capitals_tell_apart_stay_grants_of_their_own(store, tmp_path):
    take(store, book(tmp_path / "one.xlsx", Grants=named("0061rAAa")))
    found = take(store, book(tmp_path / "two.xlsx", Grants=named("0061rAAA", start=1)))
    assert (rows(found), len(kept(store, "id"))) == ({"New": 1}, 2)
    assert said(found) == [
        (
            2,
            (
                "“0061rAAA” is “0061rAAa” of ONE-0001 but for its capitals, and organisation or title are others: this "
                "row makes another grant"
            ),
        )
    ]


@pytest.mark.parametrize("bare_first", [True, False])
@pytest.mark.parametrize("programmes", [0, 2])
def test_one_sheet_with_references_and_one_without_are_about_the_same_grants(store, tmp_path, bare_first, programmes):
    for n in range(programmes):
        make(store, Programme, code=f"P{n}", name=f"Programme {n}")
    by_officer = [("Officer", *BARE), *(("Ann", *row) for row in bare(3)[1:])]
    sheets = {"All grants": named("CF00", "cf01", "CF02"), "By officer": by_officer}
    if bare_first:
        sheets = dict(reversed(sheets.items()))
    found = take(store, book(tmp_path / "both.xlsx", **sheets))
    assert (found.after.rows, found.after.pounds, found.faults) == (3, Decimal(6000), [])
    assert kept(store, "identifier", "officer_id") == [("CF00", 1), ("cf01", 1), ("CF02", 1)]  # Ann
    undoing.undo(store)
    assert kept(store, "id") == []
    take(store, book(tmp_path / "bare.xlsx", Grants=bare(3)))
    again = take(store, tmp_path / "both.xlsx")
    assert (again.after.rows, again.after.pounds, len(kept(store, "id"))) == (3, Decimal(6000), 3)
    assert kept(store, "identifier", "officer_id") == [("CF00", 2), ("cf01", 2), ("CF02", 2)]  # Ann again


def test_the_same_register_under_another_name_doubles_no_grant_where_there_are_several_programmes(store, tmp_path):
    for n in range(2):
        make(store, Programme, code=f"P{n}", name=f"Programme {n}")
    take(store, book(tmp_path / "bare.xlsx", Grants=bare(3)))
    lines = [*bare(3), ("Body 0", "Project 0", 77)]
    found = take(store, book(tmp_path / "bare again.xlsx", Grants=lines))
    assert (rows(found), found.after.rows, found.after.pounds) == ({"Unchanged": 3, "New": 1}, 4, Decimal(6077))
    assert said(found)[0] == (
        2,
        "BARE-0001 has the same organisation, title and award, and the row names no programme: it is that grant",
    )
