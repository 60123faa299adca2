import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton

from grants_app.records import Organisation, Programme
from grants_app.records.history import Draft
from grants_app.store import drafts
from tests.make import make
from tests.ui.people import programme

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def ask_new(open_window, qtbot):
    def ask(page="organisation", window=None):
        window = window or open_window(page)
        window.activateWindow()
        qtbot.waitUntil(lambda: QApplication.activeWindow() is window)
        qtbot.keyClick(window, Qt.Key.Key_N, CONTROL)
        sheet = QApplication.activeModalWidget()
        qtbot.waitUntil(lambda: sheet.form is not None)
        return window, sheet

    return ask


def held(store):
    with store.reading() as session:
        return [draft.typed for draft in session.query(Draft)]


def test_what_is_typed_is_kept_as_a_draft_until_the_record_is_added(ask_new, store, qtbot):
    _window, sheet = ask_new()
    qtbot.keyClicks(sheet.form.rows["name"].editor.widget, "Open Door School")

    qtbot.waitUntil(lambda: any(typed.get("name") == "Open Door School" for typed in held(store)))
    qtbot.mouseClick(sheet.save, Qt.MouseButton.LeftButton)

    qtbot.waitUntil(lambda: held(store) == [])
    with store.reading() as session:
        assert session.query(Organisation.name).scalar() == "Open Door School"


def test_a_draft_that_a_crash_left_is_offered_and_taken_up_again(ask_new, store, qtbot):
    drafts.save(store, Organisation, {"name": "Half a name"})
    _window, sheet = ask_new()

    go_on = next(made for made in sheet.findChildren(QPushButton) if made.text() == "Go on with it")
    qtbot.mouseClick(go_on, Qt.MouseButton.LeftButton)

    assert sheet.form.rows["name"].editor.text() == "Half a name"
    qtbot.mouseClick(sheet.save, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: held(store) == [])


def test_a_draft_can_be_forgotten(ask_new, store, qtbot):
    drafts.save(store, Organisation, {"name": "Half a name"})
    _window, sheet = ask_new()

    forget = next(made for made in sheet.findChildren(QPushButton) if made.text() == "Forget it")
    qtbot.mouseClick(forget, Qt.MouseButton.LeftButton)

    qtbot.waitUntil(lambda: held(store) == [])
    assert sheet.form.rows["name"].editor.text() == ""
    sheet.reject()


def test_enter_in_a_field_adds_nothing_and_control_enter_does(ask_new, store, qtbot):
    window, sheet = ask_new()
    line = sheet.form.rows["name"].editor.widget
    qtbot.keyClicks(line, "Open Door School")

    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert sheet.isVisible()
    qtbot.keyClick(line, Qt.Key.Key_Return, CONTROL)

    qtbot.waitUntil(lambda: window.view.detail.title.text() == "Open Door School")


def test_a_record_added_from_another_is_linked_to_it(open_window, store, qtbot):
    programme(store)
    window = open_window("grant")
    qtbot.waitUntil(lambda: window.view.detail.record is not None)
    window.view.detail.show_tab("Money")
    qtbot.waitUntil(lambda: "Money" in window.view.detail._tabs)
    window.view.detail._tabs["Money"].add()
    sheet = QApplication.activeModalWidget()
    qtbot.waitUntil(lambda: sheet.form is not None)

    qtbot.keyClicks(sheet.form.rows["amount"].editor.widget, "1500")
    qtbot.keyClicks(sheet.form.rows["due"].editor.widget, "1/12/2026")
    qtbot.mouseClick(sheet.save, Qt.MouseButton.LeftButton)

    rows = window.view.detail._tabs["Money"].table.rows
    qtbot.waitUntil(lambda: rows.rowCount() == 1)
    qtbot.waitUntil(lambda: "£1,500" in [rows.cell_text(0, at) for at in range(rows.columnCount())])


def test_a_programme_is_begun_with_its_short_name(ask_new, store, qtbot):
    _window, sheet = ask_new("programme")
    qtbot.keyClicks(sheet.form.rows["name"].editor.widget, "Youth fund")
    qtbot.keyClicks(sheet.form.rows["code"].editor.widget, "YF")

    qtbot.mouseClick(sheet.save, Qt.MouseButton.LeftButton)

    def begun():
        with store.reading() as session:
            return [(made.reference, made.name) for made in session.query(Programme)]

    qtbot.waitUntil(lambda: begun() == [("YF", "Youth fund")])


def test_a_new_grant_begins_with_the_only_programme_or_the_one_that_is_chosen(ask_new, store, qtbot):
    programme(store)
    window, sheet = ask_new("grant")
    only = sheet.form.rows["programme_id"].editor.text()
    sheet.reject()

    other = make(store, Programme, code="XYZ", name="Another")
    _window, sheet = ask_new(window=window)
    neither = sheet.form.rows["programme_id"].editor.text()
    sheet.reject()
    window.desk.choose_programme(other.id)
    _window, sheet = ask_new(window=window)

    assert (only, neither, sheet.form.rows["programme_id"].editor.text()) == ("CVE", "", "XYZ")
    sheet.reject()
