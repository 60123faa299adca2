"""Small windows over the page: Enter presses the button it is on, and what is told does not clip what stood there."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QPushButton, QWidget

from grants_app.ui.desk import Desk
from grants_app.ui.dialogs import Sheet, confirm
from grants_app.ui.widgets import label


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
