"""Cells of a list are typed in with Excel's keys: each save is one step, and what is refused is said at the cell."""

from datetime import date
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication

from grants_app import clock
from grants_app.operations import editing
from grants_app.records import Grant, Kind, Payment
from grants_app.records.grant import Rag
from grants_app.records.payment import PaymentStatus
from grants_app.store import own, undoing
from tests.make import make
from tests.ui.conftest import quiet
from tests.ui.people import programme

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
NAMES = ("reference", "title", "rag", "status", "starts", "ends", "asked", "organisation_id", "delivered")


@pytest.fixture
def grants(open_window, store, qtbot):
    """The window on three grants, in columns of many sorts."""
    programme(store)
    window = open_window("grant")
    qtbot.waitUntil(lambda: window.view.detail.record is not None and quiet(window.desk))
    window.view.table.show_columns(NAMES)
    qtbot.waitUntil(lambda: quiet(window.desk) and window.view.table.rows.values(2) is not None)
    window.view.table.grid.setFocus()
    return window


def at(window, row, name):
    """Put the keyboard on a cell; its grid."""
    grid = window.view.table.grid
    grid.go_to(row, section=NAMES.index(name))
    return grid


def here(window):
    index = window.view.table.grid.currentIndex()
    return index.row(), NAMES[index.column()]


def press(qtbot, key, modifier=Qt.KeyboardModifier.NoModifier):
    qtbot.keyClick(QApplication.activePopupWidget() or QApplication.focusWidget(), key, modifier)


def write(qtbot, words):
    for letter in words:
        qtbot.keyClicks(QApplication.focusWidget(), letter)


def settled(window, qtbot):
    qtbot.waitUntil(lambda: quiet(window.desk) and not window.view.table.edit.saving)


def stored(store, name):
    with store.reading() as session:
        return [getattr(grant, name) for grant in session.query(Grant).order_by(Grant.id.desc())]


def said(window):
    words = window.view.table.grid.said
    return words.words.text() if words.isVisible() else ""


def test_cells_are_reached_typed_in_saved_and_undone_by_keys_alone(grants, store, qtbot):
    grid, edit = at(grants, 0, "reference"), grants.view.table.edit

    press(qtbot, Qt.Key.Key_Right)
    spoken = QAccessible.queryAccessibleInterface(grid).child(0)
    assert (here(grants), spoken is not None) == ((0, "title"), True)
    assert grants.view.table.rows.data(grid.currentIndex(), Qt.ItemDataRole.AccessibleTextRole) == (
        "Title: Talks by Riverline Sports, CVE-0003"
    )

    write(qtbot, "Walks")  # takes the place of what was there, as in Excel
    assert edit.cell.widget.accessibleName() == "Title of CVE-0003"
    press(qtbot, Qt.Key.Key_Return)
    write(qtbot, "Songs")  # while the first is being saved: no letter is lost
    press(qtbot, Qt.Key.Key_Tab)
    settled(grants, qtbot)
    assert (stored(store, "title")[:2], here(grants)) == (["Walks", "Songs"], (1, "rag"))
    assert [grants.view.table.rows.cell_text(row, 1) for row in (0, 1)] == ["Walks", "Songs"]

    press(qtbot, Qt.Key.Key_F2)
    edit.cell.widget.setCurrentText("Red")
    press(qtbot, Qt.Key.Key_Return)
    settled(grants, qtbot)
    assert (stored(store, "rag")[1], here(grants)) == (Rag.RED, (2, "title"))  # under where the Tabs began

    press(qtbot, Qt.Key.Key_F2)
    write(qtbot, "nothing")
    press(qtbot, Qt.Key.Key_Escape)
    assert (edit.cell, grid.hasFocus(), stored(store, "title")[2]) == (
        None,
        True,
        "Talks by Bridgefoot Mothers’ Circle",
    )

    at(grants, 0, "starts")
    press(qtbot, Qt.Key.Key_Semicolon, CONTROL)
    press(qtbot, Qt.Key.Key_Return)
    settled(grants, qtbot)
    assert stored(store, "starts")[0] == clock.today()

    at(grants, 0, "organisation_id")
    write(qtbot, "Kil")
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is not None)
    press(qtbot, Qt.Key.Key_Down)
    press(qtbot, Qt.Key.Key_Return)
    settled(grants, qtbot)
    assert stored(store, "organisation_id")[0] == stored(store, "organisation_id")[1]

    at(grants, 1, "title")
    write(qtbot, "Left behind")
    grants.go("week")  # what was typed is kept
    qtbot.waitUntil(lambda: quiet(grants.desk))
    assert stored(store, "title")[1] == "Left behind"

    for _ in range(6):
        undoing.undo(store)
    assert stored(store, "title") == [f"Talks by {name}" for name in (
        "Riverline Sports", "Kiln Street & Sons", "Bridgefoot Mothers’ Circle",
    )]  # fmt: skip


def test_what_cannot_be_typed_says_why_and_what_is_refused_stays_with_its_reason(grants, store, qtbot):
    edit = grants.view.table.edit
    reasons = {}
    for name in ("reference", "status", "delivered"):
        at(grants, 0, name)
        press(qtbot, Qt.Key.Key_F2)
        reasons[name] = said(grants)
    assert reasons == {
        "reference": "A reference is given once and stays.",
        "status": "Status changes by an action of its own: open the grant and use its buttons.",
        "delivered": "Delivered is worked out from what is recorded: it is not typed.",
    }

    at(grants, 0, "asked")
    write(qtbot, "a lot")
    press(qtbot, Qt.Key.Key_Return)
    assert (edit.cell.text, "a lot" in said(grants)) == ("a lot", True)
    press(qtbot, Qt.Key.Key_Escape)

    at(grants, 0, "ends")
    write(qtbot, "1/4/26")
    press(qtbot, Qt.Key.Key_Return)
    settled(grants, qtbot)
    assert said(grants) == "Ends must be the same as or after 1 May 2026, the start."
    assert (edit.cell.text, edit.cell.widget.hasFocus(), stored(store, "ends")[0]) == (
        "1/4/26", True, date(2027, 2, 28),
    )  # fmt: skip
    press(qtbot, Qt.Key.Key_Escape)

    at(grants, 0, "title")
    write(qtbot, "Mine")
    editing.save(store, Grant, {"title": "Theirs"}, id=3)
    press(qtbot, Qt.Key.Key_Return)
    settled(grants, qtbot)
    assert said(grants).startswith("Now “Theirs”, changed by")
    press(qtbot, Qt.Key.Key_Return)
    settled(grants, qtbot)
    assert (stored(store, "title")[0], here(grants)) == ("Mine", (1, "title"))


def test_columns_of_the_officers_own_are_typed_and_what_is_approved_stands(grants, store, qtbot):
    with store.change("Add a column") as session:
        mood = own.add(session, Grant, "Match", Kind.MONEY).name
    table = grants.view.table
    table.show_columns((*NAMES, mood))
    settled(grants, qtbot)
    qtbot.waitUntil(lambda: table.rows.values(2) is not None)
    table.grid.go_to(0, section=len(NAMES))
    write(qtbot, "£1,200.50")
    press(qtbot, Qt.Key.Key_Return)
    settled(grants, qtbot)
    press(qtbot, Qt.Key.Key_D, CONTROL)
    settled(grants, qtbot)
    with store.reading() as session:
        assert [grant.get(mood) for grant in session.query(Grant).order_by(Grant.id)] == [
            None, Decimal("1200.50"), Decimal("1200.50"),
        ]  # fmt: skip
    assert table.rows.cell_text(0, len(NAMES)) == "£1,200.50"

    signed = {"requested_by": "Ann", "approved_by": "Ben", "status": PaymentStatus.AUTHORISED}
    make(store, Payment, grant_id=1, number=2, amount=Decimal(50), due=date(2027, 12, 1), **signed)
    grants.go("payment")
    qtbot.waitUntil(lambda: quiet(grants.desk) and bool(grants.view.table.rows.ids))
    shown = [column.name for column in grants.view.table.rows.columns]
    grants.view.table.grid.setFocus()
    amounts = [grants.view.table.rows.cell_text(row, shown.index("amount")) for row in (0, 1)]
    grants.view.table.grid.go_to(amounts.index("£50"), section=shown.index("amount"))
    press(qtbot, Qt.Key.Key_F2)
    qtbot.waitUntil(lambda: said(grants) == "Amount stands while the payment is authorised: reverse that first.")
    assert grants.view.table.edit.cell is None


def test_ctrl_d_fills_down_delete_empties_and_ctrl_enter_gives_all_one_text(grants, store, qtbot):
    grid = at(grants, 0, "asked")
    editing.save(store, Grant, {"asked": Decimal(700)}, id=3)
    settled(grants, qtbot)
    press(qtbot, Qt.Key.Key_Down, SHIFT)
    press(qtbot, Qt.Key.Key_Down, SHIFT)

    press(qtbot, Qt.Key.Key_D, CONTROL)
    qtbot.waitUntil(lambda: stored(store, "asked") == [Decimal(700)] * 3)
    settled(grants, qtbot)
    assert grants.foot.step.text() == "Asked of 2 grants changed"
    assert (grants.foot.undo.isVisible(), grid.selection.count(3), here(grants)) == (True, 3, (2, "asked"))
    undoing.undo(store)
    assert stored(store, "asked") == [Decimal(700), Decimal(9500), Decimal(9500)]

    press(qtbot, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: stored(store, "asked") == [None] * 3)
    settled(grants, qtbot)
    write(qtbot, "9")
    press(qtbot, Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: stored(store, "asked") == [Decimal(9)] * 3)
    settled(grants, qtbot)

    press(qtbot, Qt.Key.Key_D, CONTROL)
    qtbot.waitUntil(lambda: said(grants) == "Nothing changes: that is what stands there already.")

    at(grants, 1, "title")
    press(qtbot, Qt.Key.Key_Delete)
    assert said(grants) == "Title is needed: it cannot be emptied."
    press(qtbot, Qt.Key.Key_D, CONTROL)  # one row: what is above it
    qtbot.waitUntil(lambda: stored(store, "title")[1] == "Talks by Riverline Sports")
    settled(grants, qtbot)


def test_what_a_few_rows_refuse_is_shown_before_it_is_filled(grants, store, qtbot):
    editing.save(store, Grant, {"starts": date(2026, 12, 1), "ends": date(2027, 3, 1)}, id=1)
    editing.save(store, Grant, {"ends": date(2026, 11, 30)}, id=3)
    settled(grants, qtbot)
    at(grants, 0, "ends")
    press(qtbot, Qt.Key.Key_A, CONTROL)

    press(qtbot, Qt.Key.Key_D, CONTROL)

    fills = grants.view.tools.chosen.range_edit
    qtbot.waitUntil(lambda: fills.sheet is not None and fills.sheet.found is not None)
    assert fills.sheet.shown.told.text() == "Ends of 1 grant becomes “30 November 2026”. 1 grant cannot take it."
    fills.sheet.reject()


def test_several_words_are_ticked_and_several_lines_written_in_the_cell(grants, store, qtbot):
    table = grants.view.table
    table.show_columns(("reference", "boroughs", "purpose"))
    settled(grants, qtbot)
    qtbot.waitUntil(lambda: table.rows.values(2) is not None)
    table.grid.go_to(0, section=1)
    press(qtbot, Qt.Key.Key_F2)
    panel = QApplication.activePopupWidget()
    qtbot.keyClicks(panel.finder, "Camd")
    qtbot.keyClick(panel.finder, Qt.Key.Key_Return)
    qtbot.keyClick(panel.finder, Qt.Key.Key_Return)  # what is ticked counts
    qtbot.waitUntil(lambda: QApplication.focusWidget() is table.edit.cell.widget)
    press(qtbot, Qt.Key.Key_Tab)
    settled(grants, qtbot)
    grants.activateWindow()  # which no window manager does here once the panel has gone
    qtbot.waitUntil(table.grid.hasFocus)
    assert (stored(store, "boroughs")[0], table.rows.cell_text(0, 1)) == (("Camden",), "Camden")

    press(qtbot, Qt.Key.Key_F2)
    press(qtbot, Qt.Key.Key_End, CONTROL)
    press(qtbot, Qt.Key.Key_Return, Qt.KeyboardModifier.AltModifier)
    write(qtbot, "And more.")
    press(qtbot, Qt.Key.Key_Return)
    settled(grants, qtbot)
    assert stored(store, "purpose")[0] == "Small conversations at home.\nAnd more."
