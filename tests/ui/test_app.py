"""The running program: going from one file to another, and what it shows of a fault."""

import logging
import sys

import pytest
from PySide6.QtWidgets import QApplication, QPushButton

from grants_app.app import App
from grants_app.records import Programme
from grants_app.store import opening
from grants_app.ui.crash import CrashWindow
from grants_app.ui.dialogs import Sheet
from grants_app.ui.window import Window
from tests.make import make
from tests.ui.conftest import bury, quiet


@pytest.fixture
def app(qapp, store, qtbot, monkeypatch):
    """The program on a file with a programme, at its page."""
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    make(store, Programme, name="Shared Endeavour", code="SEF")
    store.close()
    made = App(qapp, "Ann Officer")
    made.open(store.path)
    made.window.go("programme")
    qtbot.waitUntil(lambda: made.window.view.detail.record is not None and quiet(made.window.desk), timeout=30_000)
    yield made
    made.window.close()
    made.window.deleteLater()
    made.theme.deleteLater()
    made.deleteLater()
    bury()


def faults(app):
    return [each for each in QApplication.topLevelWidgets() if isinstance(each, CrashWindow) and each.isVisible()]


def test_faults_one_after_the_other_show_one_window_and_are_all_logged(app, caplog, qtbot):
    with caplog.at_level(logging.ERROR, logger="grants_app"):
        for words in ("first", "second", "third"):
            app.window.desk.reading.crashed.emit(KeyError(words))

    (shown,) = faults(app)
    assert [str(record.exc_info[1]) for record in caplog.records] == ["'first'", "'second'", "'third'"]
    shown.accept()
    qtbot.waitUntil(lambda: faults(app) == [])

    app.meet_fault(KeyError("fourth"))

    assert len(faults(app)) == 1
    faults(app)[0].accept()


def test_another_file_is_opened_once_what_was_typed_is_stored_or_let_go(app, tmp_path, qtbot):
    opening.create(tmp_path / "other.grants", "Ann Officer").close()
    before = app.window
    before.view.detail.edit()
    qtbot.waitUntil(lambda: before.view.detail._form is not None and quiet(before.desk))
    row = before.view.detail._form.rows["ends"]
    row.editor.write("31/2/2027")
    row.editor.typed.emit()

    before.desk.file_asked.emit(tmp_path / "other.grants")

    qtbot.waitUntil(lambda: any(sheet.isVisible() for sheet in before.findChildren(Sheet)))
    sheet = next(sheet for sheet in before.findChildren(Sheet) if sheet.isVisible())
    assert (app.window, before.isVisible()) == (before, True)
    next(each for each in sheet.findChildren(QPushButton) if each.text() == "Close without saving").click()
    qtbot.waitUntil(lambda: app.window is not before)
    assert isinstance(app.window, Window)
    assert app.window.file == tmp_path / "other.grants"
