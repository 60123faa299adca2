"""Rows copied in Excel are pasted into a list by Ctrl+V: one cell at once, more after a look; one step, one undo."""

from datetime import date
from decimal import Decimal
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from grants_app.exchange.imports import importing
from grants_app.exchange.imports.plan import Plan, TablePlan
from grants_app.exchange.sources.reading import Sheet, Source
from grants_app.records import Engagement, Grant, Organisation, Payment
from grants_app.store import undoing
from grants_app.ui import outgoing
from grants_app.ui.related import RelatedTab
from tests.ui.conftest import quiet
from tests.ui.pages.access import unnamed
from tests.ui.test_cell_edit import at, grants, press, said, settled, stored

__all__ = ["grants"]
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def paste(window, qtbot, text):
    """Ctrl+V of this; the sheet that looks at it, once it has."""
    outgoing.put((text, ""))
    press(qtbot, Qt.Key.Key_V, CONTROL)
    qtbot.waitUntil(lambda: quiet(window.desk))
    sheet = window.view.tools.chosen.range_edit.sheet
    if QApplication.activeModalWidget() is None:
        return None
    qtbot.waitUntil(lambda: quiet(window.desk) and sheet.told.text() != sheet.LOOKS)
    return sheet


def send(sheet, qtbot, place, words):
    """Choose this of a column's head, as a mouse does, and wait for what comes of it."""
    choice = sheet.heads.choices[place]
    choice.setFocus()
    choice.setCurrentText(words)
    choice.textActivated.emit(words)
    qtbot.waitUntil(lambda: quiet(sheet.desk) and sheet.told.text() != sheet.LOOKS)


def heads(sheet):
    return [choice.currentText() for choice in sheet.heads.choices]


def test_one_cell_is_pasted_as_it_would_be_typed_and_over_several_rows_into_each(grants, store, qtbot):
    at(grants, 0, "title")
    assert paste(grants, qtbot, "Walks\r\n") is None
    settled(grants, qtbot)
    assert stored(store, "title")[0] == "Walks"

    at(grants, 0, "asked")
    paste(grants, qtbot, "a lot")
    settled(grants, qtbot)
    assert ("a lot" in said(grants), grants.view.table.edit.cell.text) == (True, "a lot")
    press(qtbot, Qt.Key.Key_Escape)

    press(qtbot, Qt.Key.Key_A, CONTROL)
    assert paste(grants, qtbot, "£70") is None
    qtbot.waitUntil(lambda: stored(store, "asked") == [Decimal(70)] * 3)
    settled(grants, qtbot)

    paste(grants, qtbot, " ")
    assert said(grants) == "The clipboard holds no rows. Copy the cells in Excel, then paste them here."


def test_a_block_goes_over_the_cells_from_the_present_one_after_a_look_and_is_undone_as_one(grants, store, qtbot):
    at(grants, 1, "starts")
    press(qtbot, Qt.Key.Key_Down, SHIFT)
    at(grants, 1, "starts")
    press(qtbot, Qt.Key.Key_Down, SHIFT)

    sheet = paste(grants, qtbot, "1/6/26\t1/2/27\t1,000\r\n31/2/26\t\tmuch\r\n")

    assert (sheet.over, sheet.way.currentText()) == (True, "Change 2 grants, from CVE-0002 to CVE-0001")
    assert sheet.told.text() == "4 cells of 2 grants would change. 2 cells cannot be taken."
    rows = {name: [list(row) for row in table.rows] for name, (_head, table) in sheet._parts.items()}
    assert rows["changes"] == [
        ["CVE-0002", "Starts", "1 May 2026", "1 June 2026"],
        ["CVE-0002", "Ends", "28 February 2027", "1 February 2027"],
        ["CVE-0002", "Asked", "£9,500", "£1,000"],
        ["CVE-0001", "Ends", "28 February 2027", "(blank)"],
    ]
    assert [row[:3] for row in rows["faults"]] == [["CVE-0001", "Starts", "31/2/26"], ["CVE-0001", "Asked", "much"]]
    assert (sheet.act.text(), unnamed(sheet)) == ("Change 4 cells", [])

    press(qtbot, Qt.Key.Key_Return)  # the keyboard is on the button
    qtbot.waitUntil(lambda: stored(store, "starts") == [date(2026, 5, 1), date(2026, 6, 1), date(2026, 5, 1)])
    settled(grants, qtbot)
    assert (grants.foot.step.text(), grants.foot.undo.isVisible()) == ("4 cells of 2 grants changed", True)
    assert stored(store, "ends") == [date(2027, 2, 28), date(2027, 2, 1), None]
    undoing.undo(store)
    assert stored(store, "ends") == [date(2027, 2, 28)] * 3


def test_titled_columns_go_by_their_titles_over_the_rows_that_are_chosen(grants, store, qtbot):
    at(grants, 0, "reference")
    press(qtbot, Qt.Key.Key_A, CONTROL)

    sheet = paste(grants, qtbot, "Asked\tStatus\tTitle\n1\tx\tA\n2\tx\tB\n3\tx\tC\n")

    assert "Status changes by an action of its own" in sheet.told.text()
    qtbot.mouseClick(sheet.act, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: stored(store, "title") == ["A", "B", "C"])
    settled(grants, qtbot)
    assert stored(store, "asked") == [Decimal(1), Decimal(2), Decimal(3)]


def test_rows_are_added_by_the_one_importer_with_their_faults_named_and_undone_as_one(grants, store, qtbot):
    grants.go("engagement")
    qtbot.waitUntil(lambda: quiet(grants.desk) and bool(grants.view.table.rows.ids))
    grants.view.table.grid.setFocus()

    sheet = paste(
        grants, qtbot,
        "Title\tHeld on\tAttended\tCodes\tGrant\nWalk\t1/9/26\t12\t007\tCVE-0002\nTea\t31/2/26\t5\t\tCVE-0002\n",
    )  # fmt: skip

    assert (sheet.over, sheet.told.text()) == (
        False, "1 row would be added. 1 row cannot be taken and would be left out.",
    )  # fmt: skip
    rows = {name: [list(row) for row in table.rows] for name, (_head, table) in sheet._parts.items()}
    assert [row[:3] for row in rows["faults"]] == [["Row 3", "Held on", "31/2/26"]]
    assert heads(sheet) == ["Title", "Held on", "Attended", "Engagement: Codes (a column of your own)", "Grant"]
    send(sheet, qtbot, 3, "Venue")
    assert heads(sheet) == ["Title", "Held on", "Attended", "Venue", "Grant"]
    assert (sheet.act.text(), unnamed(sheet)) == ("Add 1 engagement", [])
    qtbot.mouseClick(sheet.act, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: grants.foot.step.text() == "1 row added")
    qtbot.waitUntil(lambda: quiet(grants.desk) and len(grants.view.table.rows.ids) == 5)
    with store.reading() as session:
        added = session.query(Engagement).filter_by(title="Walk").one()
        assert (added.held_on, added.attended, added.venue, added.grant_id) == (date(2026, 9, 1), 12, "007", 2)
    assert grants.foot.undo.isVisible()
    undoing.undo(store)
    with store.reading() as session:
        assert session.query(Engagement).filter_by(title="Walk").count() == 0


def test_a_column_that_was_taken_for_another_is_sent_where_it_belongs_or_left_out(grants, store, qtbot):
    at(grants, 0, "reference")
    press(qtbot, Qt.Key.Key_A, CONTROL)
    sheet = paste(grants, qtbot, "Title\tSum\tEnds\nA\t1\t1/12/26\nB\t2\t1/12/26\nC\t3\t1/12/26\n")
    assert (heads(sheet), unnamed(sheet)) == (["Title", "Leave out", "Ends"], [])
    assert sheet.told.text() == "6 cells of 3 grants would change."

    send(sheet, qtbot, 1, "Asked")
    assert (heads(sheet), sheet.told.text()) == (["Title", "Asked", "Ends"], "9 cells of 3 grants would change.")
    send(sheet, qtbot, 2, "Starts")
    send(sheet, qtbot, 1, "Title")  # the two change places
    assert heads(sheet) == ["Asked", "Title", "Starts"]
    assert sheet.told.text() == "6 cells of 3 grants would change. 3 cells cannot be taken."
    send(sheet, qtbot, 0, "Leave out")
    qtbot.mouseClick(sheet.act, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: stored(store, "title") == ["1", "2", "3"])
    settled(grants, qtbot)
    assert (stored(store, "starts"), stored(store, "ends")) == ([date(2026, 12, 1)] * 3, [date(2027, 2, 28)] * 3)


def test_rows_pasted_into_a_records_own_tab_belong_to_it(grants, store, qtbot):
    grants.view.enter(1, whole=True)
    qtbot.waitUntil(lambda: quiet(grants.desk))
    grants.view.detail.show_tab("Money")
    qtbot.waitUntil(lambda: quiet(grants.desk))
    tab = next(each for each in grants.view.detail.findChildren(RelatedTab) if each.related.kind is Payment)
    tab.table.grid.setFocus()
    section = [shown.name for shown in tab.table.rows.columns].index("amount")
    tab.table.grid.go_to(0, section=section)
    outgoing.put(("£100\t1/1/27\n£200\t1/2/27\n", ""))
    names = [shown.name for shown in tab.table.rows.columns][section : section + 2]

    press(qtbot, Qt.Key.Key_V, CONTROL)

    qtbot.waitUntil(
        lambda: tab.range_edit.sheet is not None and tab.range_edit.sheet.told.text() != tab.range_edit.sheet.LOOKS
    )
    sheet = tab.range_edit.sheet
    assert (names, sheet.told.text()) == (["amount", "due"], "2 rows would be added.")
    qtbot.mouseClick(sheet.act, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: grants.foot.step.text() == "2 rows added")
    with store.reading() as session:
        held = [(p.grant_id, p.amount, p.due) for p in session.query(Payment).order_by(Payment.id)][1:]
    assert held == [(1, Decimal(100), date(2027, 1, 1)), (1, Decimal(200), date(2027, 2, 1))]


def test_an_empty_list_takes_rows_by_their_places_after_its_references(grants, store, qtbot):
    grants.go("risk")
    qtbot.waitUntil(lambda: quiet(grants.desk) and grants.view.paste.isVisible())
    view = grants.view
    names = [shown.name for shown in view.table.rows.columns]
    outgoing.put(("x\ty\r\nz\tw\r\n", ""))

    qtbot.mouseClick(view.paste, Qt.MouseButton.LeftButton)

    qtbot.waitUntil(lambda: view.tools.chosen.range_edit.sheet is not None)
    sheet = view.tools.chosen.range_edit.sheet
    assert (names[0], list(sheet.onto.names), sheet._ways) == ("reference", names[1:3], ("Add 2 risks",))
    qtbot.waitUntil(lambda: sheet.told.text() != sheet.LOOKS)
    sheet.reject()


def test_a_pasted_grant_of_a_new_organisation_makes_it_once_the_officer_says_so(grants, store, qtbot):
    sheet = paste(
        grants, qtbot,
        "Organisation\tTitle\tAsked\nNew Org Ltd\tBoxing clinic\t£3,000\nORG-0001\tTea\t£10\n",
    )  # fmt: skip
    sheet.way.setCurrentText(sheet._ways[-1])
    qtbot.waitUntil(lambda: quiet(sheet.desk) and sheet.told.text() != sheet.LOOKS)
    assert sheet.told.text() == "1 row would be added. 1 row cannot be taken and would be left out."
    faults = sheet._parts["faults"][1]
    words = "There is no organisation “New Org Ltd”, here or in the rows: "
    assert [row[3] for row in faults.rows] == [words + "correct the cell, or bring the organisation in first."]
    assert (
        faults.horizontalScrollBar().maximum(),
        faults.rowHeight(0) > faults.verticalHeader().defaultSectionSize(),
    ) == (0, True)
    assert (sheet.make.accessibleName(), unnamed(sheet)) == ("Make the organisation “New Org Ltd”", [])

    qtbot.mouseClick(sheet.make, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: quiet(sheet.desk) and sheet.told.text() != sheet.LOOKS)
    assert heads(sheet)[0] == "Organisation: Legal name"
    assert sheet.told.text() == "2 rows would be added. With them 1 organisation would be added."
    assert not sheet.make.isVisible()
    qtbot.mouseClick(sheet.act, Qt.MouseButton.LeftButton)

    qtbot.waitUntil(lambda: grants.foot.step.text() == "2 rows added")
    with store.reading() as session:
        added = session.query(Grant).order_by(Grant.id.desc()).limit(2).all()
        names = [session.get_one(Organisation, grant.organisation_id).name for grant in added]
    assert names == ["Bridgefoot Mothers’ Circle", "New Org Ltd"]


def test_a_paste_remembers_where_an_import_sent_a_column_of_that_title(grants, store, qtbot):
    rows = [["Body", "Project", "Sum"], ["Riverline Sports", "Boxing", 10]]
    source = Source(Path("r"), (Sheet("S", lambda: iter(enumerate(rows, 1))),), "S", {})
    sent = {0: "organisation.name", 1: "grant.title", 2: "grant.asked"}
    importing.bring_in(
        store, importing.preview(store, source, Plan(tables={"S": TablePlan(kind="grant", targets=sent)}))
    )

    sheet = paste(grants, qtbot, "Body\tProject\tSum\tEnds\nRiverline Sports\tTea\t£10\t1/2/27\n")
    sheet.way.setCurrentText(sheet._ways[-1])
    qtbot.waitUntil(lambda: quiet(sheet.desk) and sheet.told.text() != sheet.LOOKS)

    assert heads(sheet) == ["Organisation: Legal name", "Title", "Asked", "Ends"]
    assert sheet.told.text() == "1 row would be added."
    sheet.reject()
