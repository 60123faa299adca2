"""Rows are chosen by mouse and key; one field of all of them is changed after a preview, and undone as one."""

from datetime import date
from decimal import Decimal

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication

from grants_app.operations import editing
from grants_app.records import Grant, Payment
from grants_app.records.grant import Rag
from grants_app.records.payment import PaymentKind, PaymentStatus
from grants_app.store import undoing
from grants_app.store.listing import Condition
from tests.make import make, make_in
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


def choose(window, qtbot, rows):
    grid = window.view.table.grid
    grid.setFocus()
    grid.go_to(0)
    for _ in range(rows - 1):
        qtbot.keyClick(grid, Qt.Key.Key_Down, SHIFT)


def ask(window, qtbot):
    qtbot.mouseClick(window.view.tools.chosen.change, Qt.MouseButton.LeftButton)
    sheet = QApplication.activeModalWidget()
    qtbot.waitUntil(lambda: bool(sheet._lists))
    return sheet


def set_field(sheet, qtbot, label, text):
    """Choose the field, give the value as the officer would, and wait for the preview."""
    sheet.field.setFocus()
    sheet.field.setCurrentText(label)
    widget = sheet.editor.widget
    if hasattr(widget, "lineEdit"):
        widget.setFocus()
        widget.setCurrentText(text)
        widget.textActivated.emit(text)
    else:
        qtbot.keyClicks(widget, text)
    qtbot.waitUntil(lambda: sheet.found is not None)


def rags(store):
    with store.reading() as session:
        return [grant.rag for grant in session.query(Grant).order_by(Grant.id)]


def test_the_bar_of_the_chosen_shows_with_the_second_row_and_goes_with_it(grants, qtbot):
    bar, grid = grants.view.tools.chosen, grants.view.table.grid
    assert not bar.isVisible()

    choose(grants, qtbot, 2)
    assert (bar.isVisible(), bar.words.text()) == (True, "With the 2 grants chosen:")
    qtbot.mouseClick(bar.let_go, Qt.MouseButton.LeftButton)

    assert (bar.isVisible(), list(grid.selection.pick(grants.view.table.rows.ids))) == (False, [2])


def test_tab_goes_from_the_field_to_its_new_value_and_on(grants, qtbot):
    choose(grants, qtbot, 2)
    sheet = ask(grants, qtbot)
    for label in ("Purpose", "Themes"):
        sheet.field.setFocus()
        sheet.field.setCurrentText(label)
        qtbot.waitUntil(sheet.editor.widget.isVisible)
        reached = []
        for _ in range(3):
            qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
            reached.append(QApplication.focusWidget())
        asked = [*([] if sheet.way is None else [sheet.way]), sheet.editor.widget]
        assert [part is at or part.isAncestorOf(at) for part, at in zip(asked, reached, strict=False)] == [True] * len(
            asked
        )
    sheet.reject()


def test_the_foot_says_how_many_are_chosen_when_all_are(grants, qtbot):
    grid = grants.view.table.grid
    qtbot.keyClick(grid, Qt.Key.Key_A, CONTROL)

    qtbot.waitUntil(lambda: grants.view.table.foot.totals.words == "3 grants chosen")
    assert grants.view.table.foot.totals.sums["current"] == "£29,800"


def test_letting_one_of_all_go_counts_and_adds_up_the_others(grants, qtbot):
    grid = grants.view.table.grid
    qtbot.keyClick(grid, Qt.Key.Key_A, CONTROL)
    at = QPoint(20, grid.rowViewportPosition(2) + 5)
    qtbot.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, CONTROL, at)

    qtbot.waitUntil(lambda: grants.view.table.foot.totals.words == "2 grants chosen")
    assert grants.view.table.foot.totals.sums["current"] == "£21,800"


def test_dragging_over_rows_chooses_them(grants, qtbot):
    grid = grants.view.table.grid
    first, last = (QPoint(20, grid.rowViewportPosition(row) + 5) for row in (0, 2))
    qtbot.mousePress(grid.viewport(), Qt.MouseButton.LeftButton, pos=first)
    qtbot.mouseMove(grid.viewport(), last)
    qtbot.mouseRelease(grid.viewport(), Qt.MouseButton.LeftButton, pos=last)

    assert list(grid.selection.pick(grants.view.table.rows.ids)) == [3, 2, 1]


def test_a_change_shows_what_would_come_of_it_before_it_is_made(grants, qtbot):
    choose(grants, qtbot, 3)
    sheet = ask(grants, qtbot)

    set_field(sheet, qtbot, "RAG", "Amber")

    assert sheet.shown.told.text() == "RAG of 2 grants becomes “Amber”. 1 grant holds it already."
    assert [list(row) for row in sheet.shown.values.rows] == [["2", "Green", "Amber"], ["1", "Amber", "stays"]]
    assert [list(row) for row in sheet.shown.sample.rows] == [
        ["CVE-0002", "Talks by Kiln Street & Sons", "Green", "Amber"],
        ["CVE-0003", "Talks by Riverline Sports", "Green", "Amber"],
    ]
    assert (sheet.act.text(), sheet.act.isEnabled(), sheet.shown.denied.isVisible()) == ("Change 2 grants", True, False)
    sheet.reject()


def test_a_change_is_one_step_that_undo_takes_back(grants, store, qtbot):
    choose(grants, qtbot, 3)
    sheet = ask(grants, qtbot)
    set_field(sheet, qtbot, "RAG", "Red")

    qtbot.mouseClick(sheet.act, Qt.MouseButton.LeftButton)

    qtbot.waitUntil(lambda: rags(store) == [Rag.RED] * 3)
    qtbot.waitUntil(lambda: quiet(grants.desk))
    at = [shown.name for shown in grants.view.table.rows.columns].index("rag")
    qtbot.waitUntil(lambda: [grants.view.table.rows.cell_text(row, at) for row in range(3)] == ["Red"] * 3)
    undoing.undo(store)
    assert rags(store) == [Rag.AMBER, Rag.GREEN, Rag.GREEN]


def test_what_cannot_take_the_value_is_named_and_left_out(grants, store, qtbot):
    editing.save(store, Grant, {"starts": date(2026, 12, 1)}, id=3)
    qtbot.waitUntil(lambda: quiet(grants.desk))
    choose(grants, qtbot, 3)
    sheet = ask(grants, qtbot)

    set_field(sheet, qtbot, "Ends", "30/11/2026")

    assert sheet.shown.told.text() == "Ends of 2 grants becomes “30 November 2026”. 1 grant cannot take it."
    assert [list(row) for row in sheet.shown.denied.rows] == [
        ["CVE-0003", "Ends must be the same as or after 1 December 2026, the start"]
    ]
    qtbot.mouseClick(sheet.act, Qt.MouseButton.LeftButton)

    def ends():
        with store.reading() as session:
            return [grant.ends for grant in session.query(Grant).order_by(Grant.id)]

    qtbot.waitUntil(lambda: ends() == [date(2026, 11, 30), date(2026, 11, 30), date(2027, 2, 28)])


def test_a_value_that_nobody_gave_is_not_offered_to_be_set(grants, qtbot):
    choose(grants, qtbot, 3)
    sheet = ask(grants, qtbot)

    sheet.field.setCurrentText("RAG")

    assert (sheet.editor.text(), sheet.found, sheet.act.isEnabled()) == ("", None, False)
    sheet.reject()


def test_while_another_value_is_typed_the_last_one_cannot_be_set(grants, qtbot):
    choose(grants, qtbot, 2)
    sheet = ask(grants, qtbot)
    set_field(sheet, qtbot, "Purpose", "Talks")
    assert sheet.act.isEnabled()

    qtbot.keyClicks(sheet.editor.widget, " and walks")

    assert not sheet.act.isEnabled()
    qtbot.waitUntil(lambda: sheet.found is not None and sheet.found.after == "Talks and walks")
    sheet.reject()


def test_a_rule_across_records_speaks_on_the_sheet_and_nothing_is_changed(grants, store, qtbot):
    signed = {"requested_by": "Ann", "approved_by": "Ben", "paid_on": date(2026, 11, 2)}
    source = make(
        store, Payment, grant_id=1, status=PaymentStatus.PAID, amount=Decimal(4000), **signed
    )  # stands with its grant, while what takes it back would go
    with store.change("Ask for money back") as session:
        back = {"kind": PaymentKind.RECLAIM, "reclaims_id": source.id, "amount": Decimal(3000)}
        make_in(session, Payment, {"grant_id": 1, **back})
    grants.go("payment")
    qtbot.waitUntil(lambda: len(grants.view.table.rows.ids) == 2 and quiet(grants.desk))
    choose(grants, qtbot, 2)
    sheet = ask(grants, qtbot)
    set_field(sheet, qtbot, "Grant", "CVE-0002")

    qtbot.mouseClick(sheet.act, Qt.MouseButton.LeftButton)

    qtbot.waitUntil(sheet.problem.isVisible)
    assert "a reclaim takes back one of its own grant" in sheet.problem.text()
    with store.reading() as session:
        assert [payment.grant_id for payment in session.query(Payment)] == [1, 1, 1]
    sheet.reject()


def test_what_cannot_be_read_is_said_and_nothing_can_be_changed(grants, qtbot):
    choose(grants, qtbot, 2)
    sheet = ask(grants, qtbot)
    sheet.field.setCurrentText("Ends")
    qtbot.keyClicks(sheet.editor.widget, "31/2/2027")

    qtbot.waitUntil(sheet.problem.isVisible)
    assert sheet.problem.text() == "Ends: “31/2/2027” is not a day of the calendar: day comes first, then month."
    assert not sheet.act.isEnabled()
    sheet.reject()


def test_a_field_is_emptied_only_when_asked_to(grants, store, qtbot):
    choose(grants, qtbot, 2)
    sheet = ask(grants, qtbot)
    sheet.field.setCurrentText("Purpose")
    assert (sheet.found, sheet.act.isEnabled()) == (None, False)

    sheet._empty()
    qtbot.waitUntil(lambda: sheet.found is not None)
    assert sheet.shown.told.text() == "Purpose of 2 grants becomes blank."
    sheet.reject()


def test_fields_that_only_an_action_changes_are_not_offered(grants, store, open_window, qtbot):
    make(store, Payment, grant_id=1, number=2)
    grants.go("payment")
    qtbot.waitUntil(lambda: len(grants.view.table.rows.ids) == 2 and quiet(grants.desk))
    choose(grants, qtbot, 2)
    sheet = ask(grants, qtbot)

    offered = [sheet.field.itemText(at) for at in range(sheet.field.count())]
    assert "Due" in offered
    assert {"Status", "Approved by", "Paid on"}.isdisjoint(offered)
    sheet.reject()


def test_nothing_can_be_done_where_no_record_can_take_the_value(grants, store, qtbot):
    make(store, Payment, grant_id=1, number=2)
    grants.go("payment")
    qtbot.waitUntil(lambda: len(grants.view.table.rows.ids) == 2 and quiet(grants.desk))
    grants.view.bar.put(Condition("grant_id", "is", (1,)))
    qtbot.waitUntil(lambda: quiet(grants.desk))
    choose(grants, qtbot, 2)
    sheet = ask(grants, qtbot)
    set_field(sheet, qtbot, "Kind", "Reclaim")

    assert sheet.shown.told.text() == "Kind of 0 payments becomes “Reclaim”. 2 payments cannot take it."
    assert not sheet.act.isEnabled()
    sheet.reject()


def test_everything_on_the_sheet_and_the_bar_has_a_name(grants, qtbot):
    choose(grants, qtbot, 3)
    sheet = ask(grants, qtbot)
    set_field(sheet, qtbot, "RAG", "Red")

    assert unnamed(sheet) + unnamed(grants) == []
    sheet.reject()


def test_leaving_the_sheet_changes_nothing(grants, store, qtbot):
    choose(grants, qtbot, 3)
    sheet = ask(grants, qtbot)
    set_field(sheet, qtbot, "RAG", "Red")

    qtbot.keyClick(sheet, Qt.Key.Key_Escape)

    assert (sheet.isVisible(), rags(store)) == (False, [Rag.AMBER, Rag.GREEN, Rag.GREEN])


def test_words_are_added_to_a_field_that_holds_several(grants, store, qtbot):
    editing.save(store, Grant, {"boroughs": ("Camden",)}, id=1)
    qtbot.waitUntil(lambda: quiet(grants.desk))
    choose(grants, qtbot, 3)
    sheet = ask(grants, qtbot)
    sheet.field.setCurrentText("Boroughs")
    sheet.way.setCurrentText("Add these to what is there")
    sheet.editor.write("Brent")

    sheet.editor.typed.emit()

    qtbot.waitUntil(lambda: sheet.found is not None)
    assert sheet.shown.told.text() == "“Brent” is added to Boroughs of 3 grants."
    assert [list(row) for row in sheet.shown.values.rows] == [
        ["2", "(blank)", "Brent"], ["1", "Camden", "Brent; Camden"],
    ]  # fmt: skip
    assert unnamed(sheet) == []
    qtbot.mouseClick(sheet.act, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(sheet.accepted):
        pass
    with store.reading() as session:
        held = [grant.boroughs for grant in session.query(Grant).order_by(Grant.id)]
    assert held == [("Brent", "Camden"), ("Brent",), ("Brent",)]
