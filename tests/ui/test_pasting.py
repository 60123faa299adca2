"""Rows copied in Excel are pasted into a list by Ctrl+V: one cell at once, more after a look; one step, one undo."""

from datetime import date
from decimal import Decimal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from grants_app.store import undoing
from grants_app.ui import outgoing
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
    sheet = window.view.tools.chosen.fills.sheet
    if QApplication.activeModalWidget() is None:
        return None
    qtbot.waitUntil(lambda: quiet(window.desk) and sheet.told.text() != sheet.LOOKS)
    return sheet


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
