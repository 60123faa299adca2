"""Import and export: a file is looked at before anything is stored, then one step; what goes out is chosen by kind."""

import csv
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from openpyxl import load_workbook
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox

from grants_app.exchange import exporting
from grants_app.exchange.imports.importing import Clashing
from grants_app.records import Grant, Organisation, Programme
from grants_app.store.listing import Listing
from tests.make import make
from tests.ui.pages.access import unnamed
from tests.ui.test_every_page import clipped

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
    action = next(action for action in page.header_actions() if action.words == words)
    assert action.can
    action.run()


def test_a_file_is_shown_row_for_row_and_nothing_is_stored_before_import(file, open_page, settle, store):
    page = open_page("imports")

    page.take_file(file)
    settle()

    found = page.importing.found
    assert figures(page) == [
        ("Read from the file", "4 rows", "£4,500.50"),
        ("New", "3 rows", "£4,500.50"),
        ("Changed", "0 rows", "£0"),
        ("Unchanged", "0 rows", "£0"),
        ("Faulty", "1 row", "£0"),
    ]
    assert found.totals.text() == (
        "work.grants now holds 0 grants, £0 awarded. After the import: 3 grants, £4,500.50 awarded."
    )
    assert [found.tabs.tabText(at) for at in range(found.tabs.count())] == [
        "Sheets 1", "Columns 7", "Faults 1", "New records 3",
    ]  # fmt: skip
    assert found.tables["Faulty"].rows[0][:3] == ("our grants", "5", "Amount Awarded")
    assert "“lots” is not an amount" in found.tables["Faulty"].rows[0][3]
    assert found.tables["New"].rows[1] == ("our grants", "3", "Grant", "£2,500.50", "Project 2")
    assert grants(store) == []


def test_a_preview_is_reckoned_anew_once_its_import_is_done_again(file, open_page, settle, store, desk):
    page = open_page("imports")
    page.take_file(file)
    settle()
    click(page, "Import 3 new")
    settle()

    for again in (desk.undo, desk.redo):
        again()
        settle()
        settle()

    assert len(grants(store)) == 3
    found = page.importing.laid.preview
    assert (found.before.rows, found.changes_anything) == (3, False)
    assert not any(action.can for action in page.header_actions())


def test_import_stores_it_as_one_step_that_undo_takes_back(file, open_page, settle, store, desk):
    page = open_page("imports")
    page.take_file(file)
    settle()

    click(page, "Import 3 new")
    settle()

    assert [grant.awarded for grant in grants(store)] == [Decimal("1000.00"), Decimal("2500.50"), Decimal("1000.00")]
    assert page.importing.found.note.text() == "✓ Imported 3 new, as one step: Undo (Ctrl+Z) takes it back whole."
    assert page.importing.found.totals.text() == (
        "work.grants held 0 grants, £0 awarded. It now holds 3 grants, £4,500.50 awarded."
    )
    assert page.header_actions() == ()

    QTest.mouseClick(page.importing.found.undo, Qt.MouseButton.LeftButton)
    settle()
    settle()
    assert grants(store) == []
    assert page.importing.found.note.text().endswith("Nothing is stored until you press Import.")
    assert [(action.words, action.can) for action in page.header_actions()] == [("Import 3 new", True)]

    click(page, "Import 3 new")
    settle()
    desk.undo()
    settle()
    settle()
    assert (grants(store), [action.words for action in page.header_actions()]) == ([], ["Import 3 new"])


def test_the_same_file_again_changes_nothing_and_import_rests(file, open_page, settle):
    page = open_page("imports")
    page.take_file(file)
    settle()
    click(page, "Import 3 new")
    settle()

    page.take_file(file)
    settle()

    assert figures(page)[3] == ("Unchanged", "3 rows", "£4,500.50")
    assert [(action.words, action.can) for action in page.header_actions()] == [("Import", False)]


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
    assert page.header_actions() == ()


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

    page.take_file(file)
    settle()
    choose(page.importing.found.programme, "Shared Endeavour · SEF")
    look_again(page, settle)
    click(page, "Import 3 new")
    settle()

    assert {grant.programme_id for grant in grants(store)} == {programme.id}


AWARDS = [
    ["Our awards, summer call"],
    [],
    ["Ref", "Organisation", "Project title", "Amount awarded", "Start", "Match funding", "Ward"],
    ["SUM-01", "Anti Tribalism Movment", "Mothers talk", "£12,500", "1/4/26", "£2,000", "Kilburn"],
    ["SUM-02", "Kestrel Street Arts", "Story circles", 8000, "12/5/26", "", "Beckton"],
    ["SUM-03", "Two Rivers Forum", "Breakfasts", "lots", "1/7/26", "", "Dalston"],
    ["SUM-04", "Anti Tribalism Movment", "Fathers talk", 700, "1/4/26", "", "Kilburn"],
    ["SUM-05", "Tall Oaks", "Walks", 1500, "1/9/26", "", "Deptford"],
    ["SUM-05", "Tall Oaks", "Walks, part two", 500, "1/9/26", "", "Deptford"],
]


@pytest.fixture
def workbook(tmp_path, store) -> Path:
    """An officer's own workbook: titles above, one name misspelt, one row clashing with another, a hidden sheet."""
    make(store, Organisation, name="Anti-Tribalism Movement")
    make(store, Programme, code="SEF")
    book = openpyxl.Workbook()
    book.active.title = "Awards"
    hidden = book.create_sheet("Old list")
    hidden.sheet_state = "hidden"
    for sheet, rows in ((book.active, AWARDS), (hidden, [AWARDS[2], ["OLD-1", "Old Dairy", "Past", 100, "1/4/25"]])):
        for line in rows:
            sheet.append(line)
    book.save(tmp_path / "awards.xlsx")
    return tmp_path / "awards.xlsx"


def choose(box, words):
    """Choose one of a list's words as the keyboard does."""
    box.setCurrentText(words)
    box.textActivated.emit(words)


def look_again(page, settle):
    """Let the file be looked at again, as it is a moment after a decision."""
    page.importing._soon.timeout.emit()
    settle()


def went(page):
    return {row[0].split(" · ")[1]: row[1] for row in page.importing.found.columns.table.rows}


def verdicts(page):
    return [int(each.figure.split()[0]) for each in page.importing.found.strip._figures[1:5]]


def test_an_officers_own_workbook_is_decided_on_question_by_question(workbook, open_page, settle, store):
    page = open_page("imports")
    page.take_file(workbook)
    settle()
    found, decide = page.importing.found, page.importing.found.decide
    assert [item.words for item in decide.list.items] == [
        "“Anti Tribalism Movment” looks like ORG-0001 Anti-Tribalism Movement",
        "SUM-05 stands in 2 rows that differ",
    ]
    assert verdicts(page) == [3, 0, 0, 3]

    QTest.mouseClick(decide.same, Qt.MouseButton.LeftButton)
    assert not page.importing.ready
    QTest.mouseClick(decide.clashing[Clashing.SEPARATE], Qt.MouseButton.LeftButton)
    look_again(page, settle)

    assert [item.badge.words for item in decide.list.items] == ["Same", "Separate"]
    assert found.tabs.tabText(2) == "Decided 2"
    assert verdicts(page) == [5, 0, 0, 1]
    QTest.mouseClick(found.all_or_nothing, Qt.MouseButton.LeftButton)
    look_again(page, settle)
    assert [(action.words, action.can) for action in page.header_actions()] == [("Import 5 new", False)]
    QTest.mouseClick(found.all_or_nothing, Qt.MouseButton.LeftButton)
    look_again(page, settle)
    click(page, "Import 5 new")
    settle()
    assert (grants(store)[0].organisation_id, grants(store)[0].awarded) == (1, Decimal("12500.00"))
    assert [one.identifier for one in grants(store)] == ["SUM-01", "SUM-02", "SUM-04", "SUM-05", "SUM-05-2"]
    with store.reading() as session:
        assert session.get(Organisation, 1).name == "Anti-Tribalism Movement"


def test_spellings_of_one_organisation_are_ticked_named_and_known_the_next_time(tmp_path, open_page, settle, store):
    said = ("Walks & Talks", "Walks and Talks CIC", "W&T (Walks & Talks)", "Old Dairy")
    first, titles = openpyxl.Workbook(), ["Organisation", "Project title", "Amount awarded"]
    for line in (titles, *([name, f"Project {n}", 100 + n] for n, name in enumerate(said)), [said[1], "More", 5]):
        first.active.append(line)
    first.save(tmp_path / "first.xlsx")
    page = open_page("imports")
    page.take_file(tmp_path / "first.xlsx")
    settle()
    found, decide = page.importing.found, page.importing.found.decide
    assert [(item.words, item.soft, item.badge.words) for item in decide.list.items] == [
        (
            "“Walks and Talks CIC”, “Walks & Talks” and “W&T (Walks & Talks)” look alike",
            "Organisation, sheet Sheet: 2 rows, £106 from row 3; 1 row, £100 from row 2; 1 row, £102 from row 4",
            "To decide",
        )
    ]
    assert [tick.text() for tick in decide.ticks.values()] == [
        "“Walks and Talks CIC” (2 rows, £106)",
        "“Walks && Talks” (1 row, £100)",
        "“W&&T (Walks && Talks)” (1 row, £102)",
    ]

    decide.called.setCurrentText("Walks & Talks")
    QTest.mouseClick(decide.one, Qt.MouseButton.LeftButton)
    look_again(page, settle)
    assert ([item.badge.words for item in decide.list.items], found.tabs.tabText(2)) == (["One"], "Decided 1")
    click(page, "Import 5 new")
    settle()
    with store.reading() as session:
        assert [one.name for one in session.query(Organisation)] == ["Walks & Talks", "Old Dairy"]

    first.active.append([said[2], "Later", 7])
    first.save(tmp_path / "second.xlsx")
    page.take_file(tmp_path / "second.xlsx")
    settle()
    assert verdicts(page) == [1, 0, 5, 0]
    assert [item.badge.words for item in decide.list.items] == ["Same, as last time"] * 2
    first.active.append(["The Old Dairy Ltd", "Latest", 8])
    first.save(tmp_path / "third.xlsx")
    page.take_file(tmp_path / "third.xlsx")
    settle()
    assert [item.badge.words for item in decide.list.items if item.key == decide.list.present] == ["To decide"]
    page.take_file(tmp_path / "second.xlsx")
    settle()
    QTest.mouseClick(decide.different, Qt.MouseButton.LeftButton)
    assert [item.badge.words for item in decide.list.items] == ["Different", "Same, as last time"]


def test_columns_go_where_the_officer_sends_them_and_sheets_come_in_by_a_tick(workbook, open_page, settle, desk, qtbot):
    page = open_page("imports")
    page.take_file(workbook)
    settle()
    columns, reached = page.importing.found.columns, []
    for tab, parts in (("Sheets", 3), ("Columns", 2)):
        page.importing.found.show_tab(tab)
        page.importing.found.tabs.setFocus()
        for _ in range(parts):
            QTest.keyClick(page.focusWidget(), Qt.Key.Key_Tab)
            reached.append(page.focusWidget().accessibleName())
    assert reached == [
        "Bring in Awards", "What the rows of Awards are", "Bring in Old list", "Where “Ref” goes",
        "Columns of the file",
    ]  # fmt: skip
    assert (went(page)["Amount awarded"], page.importing.found.sheets.boxes["Old list"].isChecked()) == (
        "Grant: Awarded",
        False,
    )

    columns.table.selectRow(list(went(page)).index("Ward"))
    QTest.keyClick(columns.table, Qt.Key.Key_Return)
    assert "Grant: Purpose" in [columns.place.itemText(at) for at in range(columns.place.count())]
    columns.place.hidePopup()
    choose(columns.place, "Grant: Purpose")
    look_again(page, settle)
    assert (went(page)["Ward"], columns.table.badges[6].words) == ("Grant: Purpose", "You chose")
    page.importing.found.show_tab("Sheets")
    QTest.keyClick(page.importing.found.sheets.boxes["Old list"], Qt.Key.Key_Space)
    look_again(page, settle)

    assert [columns.tabs.tabText(at) for at in range(columns.tabs.count())] == ["Awards", "Old list"]
    QTest.keyClick(page.importing.found.sheets.boxes["Awards"], Qt.Key.Key_Space)
    look_again(page, settle)
    assert verdicts(page) == [1, 0, 0, 0]
    assert unnamed(page) == []
    desk.theme.set_zoom(2.0)
    page.resize(1250, 660)
    for at in range(page.importing.found.tabs.count()):
        page.importing.found.tabs.setCurrentIndex(at)
        qtbot.waitUntil(lambda: clipped(page) == [])


def test_what_no_column_has_is_given_for_every_row_and_points_are_read_as_the_officer_says(
    open_page, settle, store, tmp_path
):
    make(store, Grant, title="Talks", identifier="A/1")
    (tmp_path / "a.csv").write_text("Title,Organisation,Awarded\nWalks,Body,1.000\n", encoding="utf-8")
    months = "Attendances 2026/27\nGrant,Apr,May,Jun\nA/1,3,4,5\nA/1,1,2,\n"
    (tmp_path / "months.csv").write_text(months, encoding="utf-8")
    page = open_page("imports")
    page.take_file(tmp_path / "months.csv")
    settle()
    columns = page.importing.found.columns
    edit = page.importing.found.sheets.same["months", "engagement.title"]
    assert (page.importing.found.sheets.boxes["months"].isChecked(), edit.accessibleName()) == (
        False, "Title of every new engagement of months",
    )  # fmt: skip

    edit.setFocus()
    QTest.keyClicks(edit, "Drop-in")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    look_again(page, settle)
    assert page.window().focusWidget() is page.importing.found.sheets.same["months", "engagement.title"]
    assert (verdicts(page), page.importing.found.sheets.same["months", "engagement.title"].text()) == (
        [5, 0, 0, 0],
        "Drop-in",
    )
    assert unnamed(page) == []

    page.take_file(tmp_path / "a.csv")
    settle()
    assert columns.table.badges[2].words == "Look at its points"
    columns.table.selectRow(0)
    assert not columns.points.isVisible()
    columns.table.selectRow(2)
    assert (columns.points.isVisible(), columns.points.isChecked(), figures(page)[1][2]) == (True, False, "£1")
    QTest.keyClick(columns.points, Qt.Key.Key_Space)
    look_again(page, settle)
    assert (columns.points.isChecked(), figures(page)[1][2]) == (True, "£1,000")


def test_a_list_edited_in_excel_comes_back_with_its_changed_cells_in_sight(open_page, settle, store, tmp_path):
    for number in range(3):
        make(store, Grant, title=f"Talk {number}", awarded=Decimal(1000))
    exporting.write_listing(store, Listing(Grant, ("reference", "title", "awarded")), tmp_path / "list.xlsx")
    book = load_workbook(tmp_path / "list.xlsx")
    cell = next(cell for row in book.active.iter_rows() for cell in row if cell.value == "Talk 1")
    cell.value = "Walks"
    book.save(tmp_path / "list.xlsx")
    page = open_page("imports")

    page.take_file(tmp_path / "list.xlsx")
    settle()
    found = page.importing.found
    assert (found.tabs.tabText(found.tabs.currentIndex()), found.totals.text()) == (
        "Changed values 1", "The import changes 1 value.",
    )  # fmt: skip
    assert found.tables["Changed"].rows[0][3:] == ("Grant: Title", "Talk 1", "Walks")
    click(page, "Import 1 changed")
    settle()
    assert (found.totals.text(), sorted(one.title for one in grants(store))) == (
        "The import changed 1 value.", ["Talk 0", "Talk 2", "Walks"],
    )  # fmt: skip


def test_rows_copied_in_excel_are_pasted_on_the_page(open_page, settle, store):
    QGuiApplication.clipboard().setText("Name of organisation\tCharity number\nKestrel Street Arts\t9000077\n")
    page = open_page("imports")

    QTest.keyClick(page.importing.choose, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    settle()

    assert verdicts(page) == [1, 0, 0, 0]
    click(page, "Import 1 new")
    settle()
    with store.reading() as session:
        assert [(one.name, one.charity_number) for one in session.query(Organisation)] == [
            ("Kestrel Street Arts", "9000077")
        ]


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


def test_faulty_rows_come_back_as_a_workbook_that_goes_in_once_it_is_corrected(workbook, open_page, settle, store):
    page = open_page("imports")
    page.take_file(workbook)
    settle()
    mended = workbook.with_name("awards to correct.xlsx")

    page.importing.write_faulty(mended)
    settle()
    book = load_workbook(mended)
    wrong = next(cell for row in book["Awards"].iter_rows() for cell in row if cell.value == "lots")
    assert "“lots” is not an amount" in wrong.comment.text
    wrong.value = 4800
    book.save(mended)
    page.take_file(mended)
    settle()

    assert verdicts(page) == [4, 0, 0, 2]


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


def test_the_columns_have_the_pages_room_and_are_scrolled_in_one_place(workbook, open_page, settle, qtbot):
    page = open_page("imports")
    page.resize(1170, 650)
    page.take_file(workbook)
    settle()
    found, table = page.importing.found, page.importing.found.columns.table
    found.show_tab("Columns")
    settle()
    qtbot.wait(20)

    outer = page.importing._held.verticalScrollBar()
    assert (outer.isVisible(), table.horizontalScrollBar().isVisible()) == (False, False)
    assert table.viewport().height() >= 6 * table.rowHeight(0)


def test_the_fields_there_are_stand_before_the_new_columns_that_could_be(workbook, open_page, settle):
    page = open_page("imports")
    page.take_file(workbook)
    settle()
    place = page.importing.found.columns.place

    new = ["(a new column:" in place.itemText(at) for at in range(place.count())]
    assert (any(new), new) == (True, sorted(new))


def test_the_place_of_a_new_column_has_one_name_and_typed_letters_find_a_place(workbook, open_page, settle, qtbot):
    page = open_page("imports")
    page.take_file(workbook)
    settle()
    page.activateWindow()
    page.importing.found.show_tab("Columns")
    columns = page.importing.found.columns
    columns.table.selectRow(list(went(page)).index("Ward"))
    assert columns.place.currentText() == went(page)["Ward"] == "Grant: Ward (a new column: text)"

    columns.table.setFocus()
    QTest.keyClick(columns.table, Qt.Key.Key_Return)
    popup = columns.place.completer().popup()
    assert popup.isVisible()
    for letter in "purpo":
        QTest.keyClicks(columns.place.lineEdit(), letter)
    assert [popup.model().index(row, 0).data() for row in range(popup.model().rowCount())] == ["Grant: Purpose"]
    QTest.keyClick(popup, Qt.Key.Key_Return)
    look_again(page, settle)
    assert went(page)["Ward"] == "Grant: Purpose"


def test_what_is_left_out_is_said_in_whole_sentences(workbook, open_page, settle):
    page = open_page("imports")
    page.take_file(workbook)
    settle()
    rows = page.importing.found.tables["Left out"].rows
    assert rows
    assert [why for _sheet, why in rows if not why[0].isupper()] == []
