"""A list goes out as it is shown: to Excel, to CSV, and to the clipboard as a table."""

import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from threading import Event

import openpyxl
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QMenu
from python_calamine import CalamineWorkbook

from grants_app.records import Grant, Payment
from grants_app.store.listing import Condition
from grants_app.ui import outgoing
from grants_app.ui.dialogs import Sheet
from grants_app.ui.template_sheet import TemplateSheet
from tests.make import make
from tests.ui.conftest import quiet
from tests.ui.pages.access import unnamed
from tests.ui.people import programme

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def grants(open_window, store, qtbot):
    """The window on the page of three grants, the first one present."""
    programme(store)
    window = open_window("grant")
    qtbot.waitUntil(lambda: window.view.detail.record is not None and quiet(window.desk))
    return window


@pytest.fixture
def saving(monkeypatch, tmp_path):
    """Whoever is asked where to save answers with a file of this name, in the test's own folder."""
    asked = []

    def name(answer):
        def ask(_parent, title, proposed, kinds):
            asked.append((title, Path(proposed).name, kinds))
            return tmp_path / answer if answer else None

        monkeypatch.setattr(outgoing, "ask_save_as", ask)
        return asked

    return name


def menu_of(window, words):
    """Open the menu of the button in the bar above; its actions by their words."""
    button = next(made for made in window.top.findChildren(type(window.top.back)) if made.text() == words)
    button.click()
    menu = next(shown for shown in window.findChildren(QMenu) if shown.isVisible())
    menu.hide()
    return {action.text(): action for action in menu.actions() if action.text()}


def copied():
    data = QGuiApplication.clipboard().mimeData()
    return [line.split("\t") for line in data.text().splitlines()], data.html()


def keep_told(window):
    told = []
    window.desk.told.connect(lambda words, refusal: told.append((words, refusal)))
    return told


def test_the_list_goes_out_as_a_workbook_with_its_filters_and_order(grants, saving, tmp_path, qtbot):
    asked, told = saving("live"), keep_told(grants)
    grants.view.bar.put(Condition("awarded", "from", (Decimal("9000.00"),)))
    qtbot.waitUntil(lambda: len(grants.view.table.rows.ids) == 2 and quiet(grants.desk))

    menu_of(grants, "Export")["Excel workbook …"].trigger()

    qtbot.waitUntil(lambda: bool(told))
    assert asked == [("Save the list", "Grants 2026-11-23.xlsx", "Excel workbook (*.xlsx)")]
    assert told == [("Wrote 2 grants to live.xlsx", False)]
    rows = CalamineWorkbook.from_path(tmp_path / "live.xlsx").get_sheet_by_index(0).to_python()
    table = [row for row in rows if str(row[0]).startswith(("Reference", "CVE-"))]
    assert [row[:6] for row in table] == [
        ["Reference", "Organisation", "Status", "RAG", "Current", "Left"],
        ["CVE-0003", "Riverline Sports", "Active", "Green", 12000.0, 12000.0],
        ["CVE-0002", "Kiln Street & Sons", "Active", "Green", 9800.0, 9800.0],
    ]


def test_the_list_goes_out_as_csv_with_columns_where_they_were_moved_to(grants, saving, tmp_path, qtbot):
    saving("list.csv")
    grants.view.table.grid.horizontalHeader().moveSection(1, 0)

    menu_of(grants, "Export")["CSV …"].trigger()

    qtbot.waitUntil(lambda: (tmp_path / "list.csv").exists() and quiet(grants.desk))
    first = (tmp_path / "list.csv").read_text(encoding="utf-8-sig").splitlines()[1]
    assert first == "Riverline Sports,CVE-0003,Active,Green,12000.00,12000.00,0,,"


def test_the_chosen_rows_alone_go_out_in_the_lists_order(grants, saving, tmp_path, qtbot):
    saving("list.csv")
    assert not [words for words in menu_of(grants, "Export") if words.startswith("Only")]
    grid = grants.view.table.grid
    grid.setFocus()
    grid.go_to(1)
    qtbot.keyClick(grid, Qt.Key.Key_Down, SHIFT)

    menu_of(grants, "Export")["Only the 2 grants chosen: CSV …"].trigger()

    qtbot.waitUntil(lambda: (tmp_path / "list.csv").exists() and quiet(grants.desk))
    lines = (tmp_path / "list.csv").read_text(encoding="utf-8-sig").splitlines()
    assert [line.split(",")[0] for line in lines] == ["Reference", "CVE-0002", "CVE-0001"]
    saving("list.xlsx")
    menu_of(grants, "Export")["Only the 2 grants chosen: Excel workbook …"].trigger()
    qtbot.waitUntil(lambda: (tmp_path / "list.xlsx").exists() and quiet(grants.desk))
    sheet = openpyxl.load_workbook(tmp_path / "list.xlsx")["Grants"]
    assert {sheet.cell(row, 1).value for row in range(1, sheet.max_row + 1)} >= {"CVE-0002", "CVE-0001"}
    assert "CVE-0003" not in {sheet.cell(row, 1).value for row in range(1, sheet.max_row + 1)}


def test_who_changes_their_mind_writes_nothing(grants, saving, tmp_path):
    saving("")

    menu_of(grants, "Export")["CSV …"].trigger()

    assert list(tmp_path.glob("*.csv")) == []


def test_what_was_written_last_is_offered_to_be_opened(grants, saving, qtbot):
    saving("list.csv")
    menu_of(grants, "Export")["CSV …"].trigger()
    qtbot.waitUntil(lambda: grants.view.tools.out.file is not None)

    assert list(menu_of(grants, "Export")) == [
        "Excel workbook …", "CSV …", "Copy as table", "Fill my own template …", "Open list.csv",
        "Publish as 360Giving …",
    ]  # fmt: skip


def test_a_file_that_cannot_be_written_is_told_of_in_plain_words(grants, saving, qtbot):
    saving("no such folder/list.csv")
    told = keep_told(grants)

    menu_of(grants, "Export")["CSV …"].trigger()

    qtbot.waitUntil(lambda: bool(told))
    assert [refusal for _words, refusal in told] == [True]


def test_an_export_that_is_cancelled_says_so_and_leaves_no_file(grants, tmp_path, qtbot):
    told = keep_told(grants)

    def endless(target, progress):
        while True:
            progress(1, None)

    grants.desk.errands.began.connect(lambda task: task.cancel())
    grants.view.tools.out.write(tmp_path / "list.csv", endless, ("grant", "grants"))

    qtbot.waitUntil(lambda: bool(told))
    assert (told, (tmp_path / "list.csv").exists()) == ([("Cancelled; nothing was changed.", True)], False)


def test_a_file_that_was_whole_before_cancel_was_heard_is_told_of(grants, tmp_path, qtbot):
    told, target = keep_told(grants), tmp_path / "list.csv"

    def deaf(path, progress):
        cancelled.wait()
        return path.write_text("whole")

    cancelled = Event()
    grants.desk.errands.began.connect(lambda task: (task.cancel(), cancelled.set()))
    grants.view.tools.out.write(target, deaf, ("grant", "grants"))

    qtbot.waitUntil(lambda: bool(told))
    assert told == [("Wrote 5 grants to list.csv", False)]


def test_an_officers_own_template_is_filled_in_once_it_is_said_how(grants, saving, tmp_path, monkeypatch, qtbot):
    book = openpyxl.Workbook()
    book.active.append(["Finance return"])
    book.active.append(["Reference", "Ward", "Amount awarded"])
    book.save(tmp_path / "return.xlsx")
    asked, told = saving("filled"), keep_told(grants)
    monkeypatch.setattr(outgoing, "ask_open", lambda *_given: tmp_path / "return.xlsx")

    menu_of(grants, "Export")["Fill my own template …"].trigger()
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), Sheet))
    sheet = QApplication.activeModalWidget()
    said = [each.text() for each in sheet.findChildren(QLabel)]
    assert ("Sheet “Sheet”, headings in row 2: fills in Reference and Amount awarded.\nLeaves “Ward” as it is.") in said
    qtbot.keyClick(sheet.focusWidget(), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(told))

    assert (told, asked[0][2]) == ([("Wrote 3 grants to filled.xlsx", False)], "Excel workbook (*.xlsx)")
    rows = CalamineWorkbook.from_path(tmp_path / "filled.xlsx").get_sheet_by_index(0).to_python()
    assert rows[2:] == [["CVE-0003", "", 12000.0], ["CVE-0002", "", 9800.0], ["CVE-0001", "", 8000.0]]


def test_a_heading_that_is_not_known_is_sent_to_a_column_and_remembered(grants, saving, tmp_path, monkeypatch, qtbot):
    book = openpyxl.Workbook()
    book.active.append(["Reference", "Grantee body", "Rest", "Amount awarded"])
    book.save(tmp_path / "return.xlsx")
    told = keep_told(grants)
    saving("filled")
    monkeypatch.setattr(outgoing, "ask_open", lambda *_given: tmp_path / "return.xlsx")

    def sheet_of():
        menu_of(grants, "Export")["Fill my own template …"].trigger()
        qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), TemplateSheet))
        return QApplication.activeModalWidget()

    def send(key, words):
        sheet.choices[key].setCurrentText(words)
        sheet.choices[key].textActivated.emit(words)
        assert not sheet.save.isEnabled()
        qtbot.waitUntil(lambda: quiet(grants.desk))

    sheet = sheet_of()
    assert [choice.currentText() for choice in sheet.choices.values()] == [
        "Reference", "Leave as it is", "Leave as it is", "Awarded",
    ]  # fmt: skip
    assert unnamed(sheet) == []
    send("granteebody", "Organisation")
    send("rest", "Awarded")
    assert sheet.told.text().split(".")[0] == (
        "Sheet “Sheet”, headings in row 1: fills in Reference, Grantee body and Rest"
    )
    send("reference", "Leave as it is")
    send("granteebody", "Leave as it is")
    assert sheet.problem.text().startswith("No row of “return.xlsx” has two headings")
    assert not sheet.save.isEnabled()
    send("granteebody", "Organisation")
    qtbot.mouseClick(sheet.save, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(told))
    rows = CalamineWorkbook.from_path(tmp_path / "filled.xlsx").get_sheet_by_index(0).to_python()
    assert rows[1] == ["", "Riverline Sports", 12000.0, ""]

    sheet = sheet_of()
    assert [choice.currentText() for choice in sheet.choices.values()] == [
        "Leave as it is", "Organisation", "Awarded", "Leave as it is",
    ]  # fmt: skip
    sheet.reject()


def test_control_c_copies_the_chosen_rows_as_a_table(grants, qtbot):
    grid, told = grants.view.table.grid, keep_told(grants)
    qtbot.keyClick(grid, Qt.Key.Key_Down, SHIFT)
    qtbot.keyClick(grid, Qt.Key.Key_C, CONTROL)

    qtbot.waitUntil(lambda: bool(told))
    lines, html = copied()
    assert lines == [
        ["Reference", "Organisation", "Status", "RAG", "Current", "Left", *lines[0][6:]],
        ["CVE-0003", "Riverline Sports", "Active", "Green", "12000.00", "12000.00", "0", "", ""],
        ["CVE-0002", "Kiln Street & Sons", "Active", "Green", "9800.00", "9800.00", "0", "", ""],
    ]
    assert (html.count("<tr>"), "Kiln Street &amp; Sons" in html) == (3, True)


def test_one_row_is_copied_alone_and_all_with_control_a(grants, qtbot):
    grid, told = grants.view.table.grid, keep_told(grants)
    qtbot.keyClick(grid, Qt.Key.Key_C, CONTROL)
    qtbot.waitUntil(lambda: len(told) == 1)
    one = copied()[0]
    qtbot.keyClick(grid, Qt.Key.Key_A, CONTROL)
    qtbot.keyClick(grid, Qt.Key.Key_C, CONTROL)
    qtbot.waitUntil(lambda: len(told) == 2)

    assert [row[0] for row in one] == ["Reference", "CVE-0003"]
    assert [row[0] for row in copied()[0]] == ["Reference", "CVE-0003", "CVE-0002", "CVE-0001"]
    assert told[1] == ("Copied 3 grants: paste them into Excel as a table", False)


def test_copy_as_table_takes_the_whole_list_where_one_row_is_chosen(grants, qtbot):
    told = keep_told(grants)
    menu_of(grants, "Export")["Copy as table"].trigger()

    qtbot.waitUntil(lambda: bool(told))
    assert len(copied()[0]) == 4


def test_a_list_beside_a_record_is_copied_too(grants, store, qtbot):
    make(store, Payment, grant_id=3, number=1)
    told = keep_told(grants)
    grants.view.detail.show_tab("Money")
    qtbot.waitUntil(lambda: quiet(grants.desk))
    table = next(made for made in grants.view.detail.findChildren(type(grants.view.table)) if made.kind is Payment)
    qtbot.waitUntil(lambda: len(table.rows.ids) == 1)
    table.grid.go_to(0)
    qtbot.keyClick(table.grid, Qt.Key.Key_C, CONTROL)

    qtbot.waitUntil(lambda: bool(told))
    assert told == [("Copied 1 payment: paste them into Excel as a table", False)]


def test_more_rows_than_the_clipboard_carries_are_refused_with_a_way_out(grants, monkeypatch, qtbot):
    monkeypatch.setattr(outgoing, "MOST_COPIED", 2)
    told = keep_told(grants)
    grants.view.table.grid.choose_all()
    grants.view.table.copy()

    qtbot.waitUntil(lambda: bool(told))
    assert told == [("The clipboard takes 2 rows, and 3 grants are chosen: export them to a file.", True)]


def test_the_menu_of_a_row_opens_by_the_right_button_and_copies(grants, qtbot):
    grid = grants.view.table.grid
    grants.view.tools.chosen.offer(grid.viewport().mapToGlobal(QPoint(5, 5)))
    menu = next(shown for shown in QApplication.topLevelWidgets() if isinstance(shown, QMenu) and shown.isVisible())
    words = [action.text() for action in menu.actions() if action.text()]
    menu.hide()

    assert words == ["Open", "Edit the cell", "Copy", "Paste", "Fill down", "Choose all", "Change a field of 1 grant …"]
    assert Grant.noun == "Grant"


def test_the_program_ends_well_with_a_copied_table_on_the_clipboard():
    lines = (
        "from PySide6.QtWidgets import QApplication",
        "from grants_app.ui import outgoing",
        "app = QApplication([])",
        "outgoing.put(('a', '<b>a</b>'))",
        "print(app.clipboard().mimeData().html())",
    )
    ended = subprocess.run([sys.executable, "-c", "\n".join(lines)], capture_output=True, text=True, check=False)

    assert (ended.returncode, ended.stdout) == (0, "<b>a</b>\n")


def test_a_window_that_begins_on_a_list_has_its_first_row_chosen(grants):
    assert list(grants.view.tools.chosen.ids) == [grants.view.table.grid.present]


def test_what_a_list_offers_is_reached_by_keys_too(grants, qtbot):
    from grants_app.ui.bulk_change import BulkChange
    from grants_app.ui.grouped import GroupChoice

    qtbot.keyClick(grants, Qt.Key.Key_E, CONTROL)
    menu = next(shown for shown in grants.findChildren(QMenu) if shown.isVisible())
    assert [action.text() for action in menu.actions()] == [
        "Excel workbook …", "CSV …", "Copy as table", "Fill my own template …",
        "Publish as 360Giving …",
    ]  # fmt: skip
    menu.hide()
    qtbot.keyClick(grants, Qt.Key.Key_G, CONTROL)
    panel = next(made for made in grants.findChildren(GroupChoice) if made.isVisible())
    panel.close()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is grants)
    qtbot.keyClick(grants, Qt.Key.Key_E, CONTROL | SHIFT)
    sheet = QApplication.activeModalWidget()
    assert isinstance(sheet, BulkChange)
    sheet.reject()


def test_a_page_without_a_list_offers_nothing_of_it(open_window):
    window = open_window("week")

    assert [command.words for command in window.commands.matching("export what")] == []


def test_a_list_of_grants_as_filtered_is_published_from_its_export_menu(grants, qtbot):
    window = grants
    window.view.table.show_list((Condition("title", "contains", ("Kiln",)),), "", ())
    qtbot.waitUntil(lambda: quiet(window.desk))

    qtbot.keyClick(window, Qt.Key.Key_E, CONTROL)
    menu = QApplication.activePopupWidget()
    next(action for action in menu.actions() if action.text() == "Publish as 360Giving …").trigger()
    menu.close()
    qtbot.waitUntil(lambda: quiet(window.desk))

    panel = window.view.publishing
    assert panel.programme.currentText() == "The list of grants, as filtered"
    panel.check.click()
    qtbot.waitUntil(lambda: quiet(window.desk) and panel.found is not None)
    assert {fault.reference for fault in panel.found.faults if fault.kind is Grant} == {"CVE-0002"}
    panel.programme.setCurrentText("All programmes")
    assert panel.listing.where == ()
