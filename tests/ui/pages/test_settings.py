"""Settings: one's own count at once, the file's are steps, backups are made and brought back, the file is checked."""

import os
import sys

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPlainTextEdit, QPushButton

from grants_app import __version__, paths
from grants_app.app import App
from grants_app.operations import editing
from grants_app.records import Programme, Task
from grants_app.store import backup, settings, undoing
from grants_app.ui.backups import DailyBackup
from grants_app.ui.dialogs import Sheet
from grants_app.ui.pages import page_entries
from grants_app.ui.prose import Prose
from grants_app.ui.window import Window
from tests.make import make
from tests.ui.pages.access import unnamed


def press(widget):
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def press_in(sheet, words):
    press(next(made for made in sheet.findChildren(QPushButton) if made.text() == words))


def write(line, text):
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, text)
    QTest.keyClick(line, Qt.Key.Key_Return)


def test_the_name_signs_the_next_step_and_is_kept(open_page, settle, desk, store, told):
    page = open_page("settings")

    write(page.own.name, "Anna Officer")
    make(store, Task, text="Chase")

    assert told == [("Your steps are signed “Anna Officer” from now on", False)]
    assert desk.settings.officer == "Anna Officer"
    with store.reading() as session:
        assert undoing.last_step(session, "Anna Officer").words == "Make a task"


def test_a_blank_name_is_not_taken(open_page, store):
    page = open_page("settings")

    write(page.own.name, " ")

    assert store.officer == "Ann Officer"
    assert page.own.trouble.text() == "Your name is needed: it signs each step that you take."


def test_colours_size_and_rows_count_at_once_and_are_kept(open_page, desk):
    page = open_page("settings")
    own, theme = page.own, desk.theme

    own.scheme.setFocus()
    QTest.keyClick(own.scheme, Qt.Key.Key_Down)
    QTest.keyClick(own.scheme, Qt.Key.Key_Down)
    own.scheme.textActivated.emit(own.scheme.currentText())
    press(own.larger)
    press(own.larger)
    QTest.keyClick(own.tight, Qt.Key.Key_Space)

    assert (theme.scheme, theme.tokens.dark, theme.zoom, theme.tight) == ("dark", True, 1.2, True)
    assert (desk.settings.theme, desk.settings.zoom) == ("dark", 120)
    assert desk.settings.state("look") == {"tight": True}
    assert own.size.text() == "120 %"

    press(own.usual)
    assert (theme.zoom, desk.settings.zoom) == (1.0, 100)


def test_the_smallest_published_count_is_a_step_that_undo_takes_back(open_page, settle, store, desk):
    page = open_page("settings")
    assert page.file.threshold.text() == "10"

    write(page.file.threshold, "5")
    settle()
    with store.reading() as session:
        assert settings.threshold(session) == 5

    page.setFocus()
    desk.undo()
    settle()
    assert page.file.threshold.text() == "10"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("few", "Smallest count that is published: “few” is not a whole number: write it as 28."),
        ("5000", "The smallest count that is published is between 0 and 1,000."),
    ],
)
def test_a_smallest_count_that_cannot_stand_is_said_below_its_box(open_page, settle, store, typed, sentence):
    page = open_page("settings")

    write(page.file.threshold, typed)
    settle()

    assert page.file.trouble.text() == sentence
    with store.reading() as session:
        assert settings.threshold(session) == 10


def test_leaving_before_the_settings_are_read_says_nothing(desk, qtbot):
    page = next(entry for entry in page_entries() if entry.key == "settings").make(desk)
    qtbot.addWidget(page)

    page.leave()

    assert page.file.trouble.text() == ""


def test_a_list_of_words_is_changed_a_line_each(open_page, settle, store):
    page = open_page("settings")
    assert page.file.counts["audiences"].text() == "11 words"

    page.file.ask_list("audiences")
    sheet = page.findChild(Sheet)
    sheet.findChild(QPlainTextEdit).setPlainText("Parents\nYouth workers\n")
    press_in(sheet, "Save this list")
    settle()

    assert page.file.counts["audiences"].text() == "2 words"
    with store.reading() as session:
        assert settings.lists(session)["audiences"] == ["Parents", "Youth workers"]


def test_a_list_with_a_word_twice_is_refused_in_its_sheet(open_page, settle):
    page = open_page("settings")

    page.file.ask_list("harms")
    sheet = page.findChild(Sheet)
    sheet.findChild(QPlainTextEdit).setPlainText("Hate crime\nhate crime")
    press_in(sheet, "Save this list")
    settle()

    assert sheet.isVisible()
    assert sheet.problem.text() == "“hate crime” stands in the list of harms twice."


def test_a_backup_is_made_and_listed_with_when_it_goes(open_page, settle, store, told):
    page = open_page("settings")
    assert page.safe.told.text() == "None has been made yet."
    assert not page.safe.back.isEnabled()

    press(page.safe.now)
    settle()

    made = backup.listed(store.path)
    assert len(made) == 1
    assert told == [(f"Backed up to {made[0].path.name}", False)]
    assert [(item.words, item.soft) for item in page.safe.list.items] == [
        ("23 November 2026 14:02", "Goes on 23 December 2026")
    ]


def test_bringing_a_backup_back_is_asked_about_first(open_page, settle, desk, store):
    asked = []
    desk.restore_asked.connect(asked.append)
    page = open_page("settings")
    press(page.safe.now)
    settle()

    press(page.safe.back)
    sheet = page.findChild(Sheet)
    press_in(sheet, "Cancel")
    assert asked == []

    press(page.safe.back)
    press_in([each for each in page.findChildren(Sheet) if each.isVisible()][-1], "Bring it back")
    assert asked == [backup.listed(store.path)[0].path]


def test_the_file_becomes_what_it_was_and_opens_again(qapp, qtbot, store, monkeypatch):
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    file = store.path
    make(store, Programme, name="Shared Endeavour", code="SEF")
    saved = backup.back_up(store)
    with store.reading() as session:
        programme = session.query(Programme).one().id
    editing.save(store, Programme, {"name": "Another name"}, id=programme)
    store.close()
    app = App(qapp, "Ann Officer")
    copy = paths.new_copy("sign-in sheet.pdf").parent
    os.utime(copy, (0, 0))
    app.open(file)
    before = app.window
    qtbot.waitUntil(lambda: not copy.exists())  # a document that was opened from the file once does not lie about

    before.desk.restore_asked.emit(saved)
    qtbot.waitUntil(lambda: isinstance(app.window, Window) and app.window is not before, timeout=20_000)

    with app.window.desk.store.reading() as session:
        assert session.query(Programme).one().name == "Shared Endeavour"
    assert file.with_name("work.grants.before-restore").exists()
    app.window.close()
    app.window.deleteLater()
    app.theme.deleteLater()
    app.deleteLater()


def test_a_whole_file_is_told_to_be_well(open_page, settle, store):
    make(store, Programme)
    page = open_page("settings")

    press(page.safe.check)
    settle()

    assert page.safe.outcome.text() == "✓ All is well."


def test_what_is_wrong_with_a_file_is_told_sentence_by_sentence(open_page, settle, store):
    make(store, Programme, name="Shared Endeavour", code="SEF")
    with store.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM edit")
    page = open_page("settings")

    press(page.safe.check)
    settle()

    assert page.safe.outcome.text() not in {"", "✓ All is well."}
    assert page.safe.outcome.property("look") == "problem"
    assert page.safe.check.isEnabled()


def test_the_days_backup_is_made_after_the_first_change_and_once(desk, settle, store, told):
    daily = DailyBackup(desk, waits_ms=0)

    make(store, Task, text="Chase")
    settle()
    daily.look()
    settle()
    make(store, Task, text="Chase again")
    settle()

    assert len(backup.listed(store.path)) == 1
    assert told == [("Backed up", False)]


def test_the_versions_are_copied_and_the_licences_shown(open_page):
    page = open_page("settings")

    press_in(page, "Copy the versions")
    assert QGuiApplication.clipboard().text().startswith(f"Grants Desk {__version__}\nPython ")

    press_in(page, "Licences …")
    text = page.findChild(Sheet).findChild(Prose).toPlainText()
    assert "SIL OPEN FONT LICENSE" in text
    assert "Lucide" in text


def test_every_control_of_the_page_has_a_name(open_page, settle):
    page = open_page("settings")
    press(page.safe.now)
    settle()

    assert unnamed(page) == []
