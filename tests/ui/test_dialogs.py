"""Small windows over the page: Enter presses the button it is on; a half-filled new record is kept, offered again."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QPushButton, QWidget

from grants_app.records import Organisation
from grants_app.store import drafts
from grants_app.ui.desk import Desk
from grants_app.ui.dialogs import Sheet, confirm
from grants_app.ui.widgets import label
from tests.ui.conftest import quiet
from tests.ui.pages.access import unnamed

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def window(open_window):
    return open_window("organisation")


def begin(window, qtbot):
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window)
    qtbot.keyClick(window, Qt.Key.Key_N, CONTROL)
    sheet = QApplication.activeModalWidget()
    qtbot.waitUntil(lambda: sheet.form is not None)
    return sheet


def name_line(sheet):
    return sheet.form.rows["name"].editor.widget


def typed(store):
    with store.reading() as session:
        return [draft.typed["name"] for draft in drafts.listed(session, "Ann Officer", Organisation)]


def press(sheet, words, qtbot):
    qtbot.mouseClick(
        next(made for made in sheet.findChildren(QPushButton) if made.text() == words), Qt.MouseButton.LeftButton
    )


def test_what_is_typed_is_kept_while_it_is_typed_as_one_draft(window, store, qtbot):
    sheet = begin(window, qtbot)
    qtbot.keyClicks(name_line(sheet), "Open")
    qtbot.waitUntil(lambda: typed(store) == ["Open"])

    qtbot.keyClicks(name_line(sheet), " Door")

    qtbot.waitUntil(lambda: typed(store) == ["Open Door"])
    sheet.reject()


def test_a_draft_is_offered_again_after_the_sheet_was_left_and_taken_up(window, store, qtbot):
    sheet = begin(window, qtbot)
    qtbot.keyClicks(name_line(sheet), "Open Door")
    qtbot.keyClick(sheet, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: typed(store) == ["Open Door"])

    sheet = begin(window, qtbot)
    assert name_line(sheet).text() == ""
    assert unnamed(sheet) == []
    press(sheet, "Go on with it", qtbot)

    assert name_line(sheet).text() == "Open Door"
    qtbot.keyClicks(name_line(sheet), " School")
    sheet.reject()
    qtbot.waitUntil(lambda: typed(store) == ["Open Door School"])


def test_a_draft_goes_when_its_record_is_stored(window, store, qtbot):
    sheet = begin(window, qtbot)
    qtbot.keyClicks(name_line(sheet), "Open Door School")
    qtbot.waitUntil(lambda: typed(store) == ["Open Door School"])

    qtbot.mouseClick(sheet.save, Qt.MouseButton.LeftButton)

    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None and quiet(window.desk))
    assert typed(store) == []


def test_no_draft_stays_behind_where_the_record_was_stored_before_the_draft_was(window, store, qtbot):
    sheet = begin(window, qtbot)
    qtbot.keyClicks(name_line(sheet), "Open Door School")
    sheet.draft._keep()
    sheet.add()

    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None and quiet(window.desk))
    assert typed(store) == []


def test_a_draft_that_is_not_wanted_is_forgotten(window, store, qtbot):
    drafts.save(store, Organisation, {"name": "Open Door"})
    sheet = begin(window, qtbot)

    press(sheet, "Forget it", qtbot)

    qtbot.waitUntil(lambda: typed(store) == [])
    sheet.reject()


def test_a_sheet_that_nothing_was_typed_in_leaves_no_draft(window, store, qtbot):
    told = []
    window.desk.told.connect(lambda words, refusal: told.append(words))

    begin(window, qtbot).reject()

    qtbot.waitUntil(lambda: quiet(window.desk))
    assert (typed(store), told) == ([], [])


def test_a_draft_is_no_step_of_the_history(window, store, qtbot):
    from grants_app.records.history import Step

    sheet = begin(window, qtbot)
    qtbot.keyClicks(name_line(sheet), "Open Door")
    qtbot.waitUntil(lambda: typed(store) == ["Open Door"])

    with store.reading() as session:
        assert session.query(Step).count() == 0
    sheet.reject()


def test_the_keyboard_is_in_the_first_field_of_a_new_record(window, qtbot):
    sheet = begin(window, qtbot)

    qtbot.waitUntil(lambda: sheet.focusWidget() is name_line(sheet), timeout=1000)
    sheet.reject()


def test_enter_presses_the_button_that_the_keyboard_is_on(desk: Desk, qtbot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    page.show()
    done: list[bool] = []
    sheet = confirm(desk, page, "Close the grant?", "It is closed.", "Close it", lambda: done.append(True))
    qtbot.waitUntil(lambda: QApplication.activeWindow() is sheet)
    act = next(each for each in sheet.findChildren(QPushButton) if each.text() == "Close it")
    act.setFocus()

    qtbot.keyClick(act, Qt.Key.Key_Return)

    assert done == [True]


def test_ctrl_enter_does_what_the_sheet_is_for_from_a_box_of_words(desk: Desk, qtbot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    page.show()
    done: list[bool] = []
    sheet = confirm(desk, page, "Decline", "Say why.", "Decline it", lambda: done.append(True))
    box = QPlainTextEdit()
    sheet.body.addWidget(box)
    qtbot.waitUntil(lambda: QApplication.activeWindow() is sheet)
    box.setFocus()

    qtbot.keyClick(box, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)

    assert done == [True]


def test_a_sheet_grows_to_hold_what_it_tells(desk: Desk, qtbot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    page.show()
    sheet = Sheet(desk, "Approve", page)
    words = label("Approving is your decision and stands in the history; it is reversed with a reason. " * 2, wrap=True)
    sheet.body.addWidget(words)
    sheet.setFixedWidth(desk.theme.px(440))
    sheet.show()
    qtbot.waitUntil(sheet.isVisible)

    sheet.say("You requested payment PAY-000052, so another officer must approve it. " * 2)
    QApplication.processEvents()

    for shown in (words, sheet.problem):
        assert shown.height() >= shown.heightForWidth(shown.width())
    sheet.close()
