"""What an officer stumbled over at a list and the record beside it, by its symptom: done again by mouse and key."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from grants_app.operations import organisations
from grants_app.records import Grant, Organisation, Payment, Programme
from grants_app.records.fields import Field
from grants_app.ui.column_panel import ColumnPanel
from grants_app.ui.filters import ConditionPanel
from grants_app.ui.finding import PickPanel
from grants_app.ui.links import LinkEditor
from tests.make import make
from tests.ui.conftest import quiet
from tests.ui.people import programme

LEFT = Qt.MouseButton.LeftButton


def at_rest(window, qtbot):
    for _ in range(2):
        qtbot.waitUntil(lambda: quiet(window.desk), timeout=30_000)
        qtbot.wait(20)


def press(qtbot, key):
    qtbot.keyClick(QApplication.focusWidget(), key)


@pytest.fixture
def grants(open_window, store, qtbot):
    """The window on the page of three grants, the first one present."""
    ids = programme(store)
    window = open_window("grant")
    qtbot.waitUntil(lambda: window.view.detail.record is not None and quiet(window.desk))
    window.ids = ids
    return window


def columns_panel(window, qtbot):
    qtbot.mouseClick(window.view.columns, LEFT)
    panel = next(each for each in window.view.table.findChildren(ColumnPanel) if each.isVisible())
    qtbot.waitUntil(panel.finder.hasFocus)
    return panel


def test_a_ticked_column_leaves_the_chosen_row_the_record_and_the_first_column_where_they_were(grants, qtbot):
    table, detail = grants.view.table, grants.view.detail
    at = table.grid.visualRect(table.rows.index(2, 0)).center()
    qtbot.mouseClick(table.grid.viewport(), LEFT, pos=at)
    qtbot.waitUntil(lambda: detail.record.id == table.rows.ids[2])
    at_rest(grants, qtbot)
    here, seen = table.rows.ids[2], []
    detail.shown.connect(lambda: seen.append(detail.record.id))

    panel = columns_panel(grants, qtbot)
    for name in ("asked", "starts", "ends", "boroughs"):
        if not panel.boxes[name].isChecked():
            panel.boxes[name].click()
            at_rest(grants, qtbot)
    panel.close()
    qtbot.wait(300)
    at_rest(grants, qtbot)

    grid = table.grid
    assert (grid.present, detail.record.id, set(seen) - {here}) == (here, here, set())
    assert list(grid.selection.pick(table.rows.ids)) == [here]
    assert grid.horizontalScrollBar().maximum() > 0
    assert (grid.horizontalScrollBar().value(), grid.columnViewportPosition(0)) == (0, 0)


def test_names_keep_their_width_in_a_list_that_scrolls_anyway(grants, qtbot):
    table = grants.view.table
    for name in ("asked", "starts", "ends", "boroughs", "purpose"):
        table.tick(name, on=True)
        at_rest(grants, qtbot)

    shown = [each.name for each in table.rows.columns]
    assert table.grid.horizontalScrollBar().maximum() > 0
    for name in ("organisation_id", "boroughs"):
        wanted = table.rows.columns[shown.index(name)].width
        assert table.grid.columnWidth(shown.index(name)) >= grants.desk.theme.px(wanted), name


def test_columns_are_ticked_by_arrows_and_space_and_tab_goes_from_the_search_to_boxes_to_buttons(grants, qtbot):
    panel = columns_panel(grants, qtbot)
    boxes = [(name, box) for name, box in panel.boxes.items() if box.isEnabled()]
    press(qtbot, Qt.Key.Key_Down)
    assert QApplication.focusWidget() is boxes[0][1]
    press(qtbot, Qt.Key.Key_Down)
    name, box = boxes[1]
    assert QApplication.focusWidget() is box
    was = box.isChecked()
    press(qtbot, Qt.Key.Key_Space)
    at_rest(grants, qtbot)
    assert (box.isChecked(), name in [each.name for each in grants.view.table.rows.columns]) == (not was, not was)
    press(qtbot, Qt.Key.Key_Up)
    press(qtbot, Qt.Key.Key_Up)
    assert panel.finder.hasFocus()

    qtbot.keyClicks(panel.finder, "start")
    fitting = list(panel.boxes.values())
    qtbot.waitUntil(lambda: all(each.isVisible() for each in fitting))
    press(qtbot, Qt.Key.Key_Tab)
    for each in fitting:
        assert QApplication.focusWidget() is each
        press(qtbot, Qt.Key.Key_Tab)
    assert QApplication.focusWidget().text() == "Add a column …"
    press(qtbot, Qt.Key.Key_Tab)
    assert QApplication.focusWidget().text() == "Done"


def test_the_box_above_a_list_is_emptied_by_escape_and_left_downwards(grants, qtbot):
    words, table = grants.view.bar.words, grants.view.table
    qtbot.mouseClick(words, LEFT)
    qtbot.keyClicks(words, "kiln")
    qtbot.waitUntil(lambda: len(table.rows.ids) == 1)
    press(qtbot, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: len(table.rows.ids) == 3)
    assert (words.text(), words.hasFocus()) == ("", True)
    at_rest(grants, qtbot)

    press(qtbot, Qt.Key.Key_Down)
    assert table.grid.hasFocus()


def test_what_to_filter_by_stands_in_order_and_is_found_by_letters(grants, qtbot):
    bar = grants.view.bar
    qtbot.mouseClick(bar.add, LEFT)
    panel = next(each for each in bar.findChildren(PickPanel) if each.isVisible())
    qtbot.waitUntil(panel.finder.hasFocus)
    names = [panel.list.item(at).text() for at in range(panel.list.count())]
    assert names == sorted(names, key=str.casefold)
    assert panel.height() < grants.height()
    press(qtbot, Qt.Key.Key_Down)
    assert (panel.list.hasFocus(), panel.list.currentRow()) == (True, 1)
    panel.finder.setFocus()

    qtbot.keyClicks(panel.finder, "bor")
    assert panel.list.currentItem().text() == "Boroughs"
    press(qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: any(each.isVisible() for each in bar.findChildren(ConditionPanel)))
    asked = next(each for each in bar.findChildren(ConditionPanel) if each.isVisible())
    assert asked.accessibleName() == "Filter by Boroughs"
    asked.close()


def test_a_long_name_in_a_narrow_field_shows_its_beginning(desk, store, qtbot):
    field = Grant.fields()["programme_id"]
    assert isinstance(field, Field)
    name = "Countering Violent Extremism programme of the whole of the city"
    made = make(store, Programme, name=name)
    editor = LinkEditor(desk, field, {})
    qtbot.addWidget(editor.widget)
    editor.widget.setFixedWidth(120)
    editor.show_named((made.reference, name))
    editor.widget.show()
    assert editor.widget.cursorPosition() == 0

    editor.widget.activateWindow()
    qtbot.waitUntil(editor.widget.isActiveWindow)
    editor.widget.setFocus()
    press(qtbot, Qt.Key.Key_End)
    assert editor.widget.cursorPosition() == len(editor.widget.text())
    editor.widget.clearFocus()
    assert editor.widget.cursorPosition() == 0


def test_what_holds_a_payment_and_a_title_beside_a_long_step_are_not_crushed(open_window, store, qtbot):
    ids = programme(store)
    payment = make(store, Payment, grant_id=ids["grant"]).id
    window = open_window("payment")
    with store.reading() as session:
        body = session.get_one(Grant, ids["grant"]).organisation_id
    store.officer = "Second Officer"
    organisations.report_bank_change(store, body)
    store.officer = "Ann Officer"
    window.open(Payment, payment)
    detail = window.view.detail
    qtbot.waitUntil(lambda: detail.record is not None and detail.leads.count() == 1, timeout=30_000)
    at_rest(window, qtbot)
    line = detail.leads.itemAt(0).widget()
    words = next(each for each in line.findChildren(QLabel) if each.text())
    link = line.findChild(QPushButton)
    assert words.width() > detail.width() / 2
    assert link.geometry().top() >= words.geometry().bottom()

    window.open(Organisation, body)
    detail = window.view.detail
    qtbot.waitUntil(lambda: detail.record is not None and detail.next.isVisible(), timeout=30_000)
    at_rest(window, qtbot)
    assert detail.next.text() == "Verify the new bank details …"
    assert detail.title.width() >= window.desk.theme.px(200)
    assert detail.next.y() >= detail.title.geometry().bottom()
    window.open(Organisation, body, whole=True)
    at_rest(window, qtbot)
    qtbot.waitUntil(lambda: detail.next.y() < detail.title.geometry().bottom())
