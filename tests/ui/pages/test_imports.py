"""Import and export: a file is looked at before anything is stored, then one step; what goes out is chosen by kind."""

import csv
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox

from grants_app.records import Grant, Organisation, Programme
from tests.make import make
from tests.ui.pages.access import unnamed

TITLES = (
    "Identifier", "Title", "Currency", "Amount Awarded", "Award Date", "Recipient Org:Name", "Funding Org:Name",
)  # fmt: skip


def row(number, *, amount="1000", name="Harbour Lane Youth Trust", **other):
    values = {
        "Identifier": f"360G-x-{number}", "Title": f"Project {number}", "Currency": "GBP", "Amount Awarded": amount,
        "Award Date": "2026-03-04", "Recipient Org:Name": name, "Funding Org:Name": "The Funder", **other,
    }  # fmt: skip
    return [values[title] for title in TITLES]


@pytest.fixture
def file(tmp_path) -> Path:
    """Three good rows, and one whose amount cannot be read."""
    path = tmp_path / "our grants.csv"
    with path.open("w", newline="", encoding="utf-8") as opened:
        csv.writer(opened).writerows([TITLES, row(1), row(2, amount="2500.50"), row(3), row(4, amount="lots")])
    return path


def grants(store):
    with store.reading() as session:
        return session.query(Grant).order_by(Grant.id).all()


def figures(page):
    return [(each.head, each.figure, each.words) for each in page.importing.found.strip._figures]


def click(page, words):
    deed = next(deed for deed in page.deeds() if deed.words == words)
    assert deed.can
    deed.run()


def test_a_file_is_shown_row_for_row_and_nothing_is_stored_before_import(file, open_page, settle, store):
    page = open_page("imports")

    page.take_file(file)
    settle()

    found = page.importing.found
    assert figures(page) == [
        ("Read from the file", "4 rows", "£4,500.50"),
        ("New", "3", "£4,500.50"),
        ("Changed", "0", "£0"),
        ("Unchanged", "0", "£0"),
        ("Faulty", "1", "£0"),
    ]
    assert found.totals.text() == (
        "This file now holds 0 grants, £0 awarded. After the import: 3 grants, £4,500.50 awarded."
    )
    assert [found.tabs.tabText(at) for at in range(found.tabs.count())] == ["Faulty 1", "New 3", "Columns 7"]
    assert found.tables["Faulty"].rows[0][:3] == ("our grants", "5", "Amount Awarded")
    assert "“lots” is not an amount" in found.tables["Faulty"].rows[0][3]
    assert found.tables["New"].rows[1] == ("our grants", "3", "Grant", "Project 2", "£2,500.50")
    assert grants(store) == []


def test_import_stores_it_as_one_step_that_undo_takes_back(file, open_page, settle, store, desk):
    page = open_page("imports")
    page.take_file(file)
    settle()

    click(page, "Import 3 new")
    settle()

    assert [grant.awarded for grant in grants(store)] == [Decimal("1000.00"), Decimal("2500.50"), Decimal("1000.00")]
    assert page.importing.found.note.text() == "✓ Imported, as one step: Undo (Ctrl+Z) takes it back whole."
    assert page.importing.found.totals.text() == (
        "This file held 0 grants, £0 awarded. It now holds: 3 grants, £4,500.50 awarded."
    )
    assert page.deeds() == ()

    desk.undo()
    settle()
    assert grants(store) == []


def test_the_same_file_again_changes_nothing_and_import_rests(file, open_page, settle):
    page = open_page("imports")
    page.take_file(file)
    settle()
    click(page, "Import 3 new")
    settle()

    page.take_file(file)
    settle()

    assert figures(page)[3] == ("Unchanged", "3", "£4,500.50")
    assert [(deed.words, deed.can) for deed in page.deeds()] == [("Import", False)]


def test_a_file_that_is_no_spreadsheet_is_refused_with_a_sentence(tmp_path, open_page, settle):
    wrong = tmp_path / "agreement.pdf"
    wrong.write_bytes(b"%PDF-1.7 nothing")
    page = open_page("imports")

    page.take_file(wrong)
    settle()

    panel = page.importing
    assert panel.currentWidget() is panel.start
    assert panel.problem.text().startswith("“agreement.pdf” is not a spreadsheet.")
    assert panel.choose.isVisible()
    assert page.deeds() == ()


def test_an_import_is_refused_if_the_file_was_changed_since_the_look(file, open_page, settle, store):
    page = open_page("imports")
    page.take_file(file)
    settle()
    make(store, Organisation)

    click(page, "Import 3 new")
    settle()

    assert page.importing.found.note.text() == (
        "This file was changed since the import was looked at: look at it again."
    )
    assert grants(store) == []


def test_grants_go_into_the_programme_that_is_chosen(file, open_page, settle, store):
    programme = make(store, Programme, name="Shared Endeavour", code="SEF")
    page = open_page("imports")

    page.importing.programme.setCurrentText("Shared Endeavour · SEF")
    page.take_file(file)
    settle()
    click(page, "Import 3 new")
    settle()

    assert {grant.programme_id for grant in grants(store)} == {programme.id}


def test_a_file_dropped_on_the_page_is_read(file, open_page, settle):
    page = open_page("imports")
    held = QMimeData()
    held.setUrls([QUrl.fromLocalFile(str(file))])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    entering = QDragEnterEvent(QPointF(50, 50), Qt.DropAction.CopyAction, held, buttons, keys)

    page.importing.dragEnterEvent(entering)
    page.importing.dropEvent(QDropEvent(QPointF(50, 50), Qt.DropAction.CopyAction, held, buttons, keys))
    settle()

    assert entering.isAccepted()
    assert page.heading() == ("Import and export", "our grants.csv")


def test_the_report_of_an_import_holds_every_fault(file, open_page, settle, tmp_path):
    page = open_page("imports")
    page.take_file(file)
    settle()

    page.importing.write_report(tmp_path / "report.xlsx")
    settle()

    sheet = load_workbook(tmp_path / "report.xlsx")["Faults"]
    assert [cell.value for cell in sheet[2]][:3] == ["our grants", 5, "Amount Awarded"]


def test_cancelling_the_reading_stores_nothing_and_says_so(file, open_page, settle, store):
    page = open_page("imports")

    page.take_file(file)
    page.importing.cancel()
    settle()

    assert page.importing.problem.text() == "Stopped; nothing was stored."
    assert grants(store) == []


def test_the_office_copy_is_written_with_a_sheet_for_each_kind_ticked(open_page, settle, store, tmp_path, told):
    make(store, Grant, title="Kitchen-table conversations")
    page = open_page("imports")
    page.tabs.setCurrentIndex(1)
    settle()
    panel = page.exporting
    assert panel.boxes[Grant].text() == "Grants, 1"

    panel.write(tmp_path / "all.xlsx")
    settle()

    assert "Grants" in load_workbook(tmp_path / "all.xlsx").sheetnames
    assert told[-1] == ("Wrote 3 records to all.xlsx", False)
    assert panel.open_file.text() == "Open all.xlsx"


def test_csv_holds_one_kind_so_its_button_waits_for_one_tick(open_page, settle, store, tmp_path):
    make(store, Grant, title="Kitchen-table conversations")
    page = open_page("imports")
    page.tabs.setCurrentIndex(1)
    panel = page.exporting
    assert (panel.csv.isEnabled(), panel.why.text()) == (
        False,
        "A CSV file holds one kind of record: tick that one alone.",
    )

    for box in panel.findChildren(QCheckBox):
        if box is not panel.boxes[Grant]:
            QTest.keyClick(box, Qt.Key.Key_Space)
    panel.write(tmp_path / "grants.csv")
    settle()

    assert panel.csv.isEnabled()
    assert "Kitchen-table conversations" in (tmp_path / "grants.csv").read_text(encoding="utf-8-sig")


def test_an_export_to_a_place_that_cannot_be_written_is_refused_kindly(open_page, settle, tmp_path, told):
    page = open_page("imports")

    page.exporting.write(tmp_path / "nowhere" / "all.xlsx")
    settle()

    words, refusal = told[-1]
    assert refusal
    assert words.startswith("There is no folder")


def test_every_control_of_the_page_has_a_name(file, open_page, settle):
    page = open_page("imports")
    assert unnamed(page) == []

    page.take_file(file)
    settle()
    assert unnamed(page) == []

    page.tabs.setCurrentIndex(1)
    settle()
    assert unnamed(page) == []
