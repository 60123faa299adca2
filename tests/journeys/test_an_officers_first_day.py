"""From Welcome to the second morning, as one officer lives it: by mouse and key, on one file, in one program."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from grants_app.app import App
from grants_app.records import Engagement, Grant
from grants_app.store import opening
from grants_app.ui.welcome import Welcome
from grants_app.ui.window import Window

CONTROL = Qt.KeyboardModifier.ControlModifier
PATIENCE = 30_000


@pytest.fixture
def start(qapp, qtbot):
    """Starts the program as an officer does; what is open at the end is closed."""
    running: list[App] = []

    def begin(file: Path | None = None) -> App:
        app = App(qapp)
        running.append(app)
        app.start(file)
        activate(app.window, qtbot)
        return app

    yield begin
    for app in running:
        if app.window is not None:
            app.window.close()
            app.window.deleteLater()
        app.theme.deleteLater()
        app.setParent(None)


def activate(window, qtbot):
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window, timeout=PATIENCE)


def quiet(window):
    return not any(lane.waiting for lane in window.desk.lanes)


def settle(window, qtbot):
    qtbot.waitUntil(lambda: quiet(window), timeout=PATIENCE)


def type_keys(qtbot, words):
    qtbot.keyClicks(QApplication.focusWidget(), words)


def press(qtbot, key, modifier=Qt.KeyboardModifier.NoModifier):
    qtbot.keyClick(QApplication.focusWidget(), key, modifier)


def logged(file):
    store = opening.open_file(file, "Reader")
    try:
        with store.reading() as session:
            found = session.query(Engagement).filter(Engagement.title == "Workshop on rumours").all()
            return [(each.attended, each.grant_id) for each in found]
    finally:
        store.close()


def test_an_officer_looks_round_logs_an_engagement_undoes_it_and_finds_it_the_next_morning(start, qtbot, tmp_path):
    file = tmp_path / "Sample.grants"

    # Welcome: a name, and the sample.
    app = start()
    welcome = app.window
    assert isinstance(welcome, Welcome)
    welcome.name.selectAll()
    qtbot.keyClicks(welcome.name, "Priya Shah")
    welcome.make(file, sample=True)
    qtbot.waitUntil(lambda: isinstance(app.window, Window), timeout=60_000)
    window = app.window
    activate(window, qtbot)
    qtbot.waitUntil(lambda: window.view.week is not None, timeout=PATIENCE)
    attendances = window.view.week.attendances
    qtbot.waitUntil(lambda: "Sample data: figures are illustrative" in window.foot.file.text(), timeout=PATIENCE)

    # An engagement is logged by keys alone: Ctrl+L, a title, five times Tab, a number, Ctrl+Enter.
    press(qtbot, Qt.Key.Key_L, CONTROL)
    qtbot.waitUntil(lambda: bool(window._entry.rows) and window._entry.isVisible(), timeout=PATIENCE)
    grant = window._entry.rows["grant_id"].editor.text()
    type_keys(qtbot, "Workshop on rumours")
    for _ in range(5):
        press(qtbot, Qt.Key.Key_Tab)
    type_keys(qtbot, "18")
    press(qtbot, Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: "18 attendances" in window._entry.told.text(), timeout=PATIENCE)
    press(qtbot, Qt.Key.Key_Escape)

    # It shows in My week, and on the grant: its list of engagements and its timeline.
    qtbot.waitUntil(lambda: window.view.week.attendances == attendances + 18, timeout=PATIENCE)
    with window.desk.store.reading() as session:
        grant_id = session.query(Grant.id).filter(Grant.reference == grant).scalar()
    window.open(Grant, grant_id, whole=True)
    settle(window, qtbot)
    window.view.detail.show_tab("Engagements")
    settle(window, qtbot)
    rows = window.view.detail._tabs["Engagements"].table.rows
    qtbot.waitUntil(
        lambda: "Workshop on rumours" in [rows.cell_text(row, 1) for row in range(rows.rowCount())], timeout=PATIENCE
    )

    # Ctrl+Z takes it back, Ctrl+Y does it again.
    window.view.setFocus()
    qtbot.keyClick(window, Qt.Key.Key_Z, CONTROL)
    qtbot.waitUntil(lambda: logged(file) == [], timeout=PATIENCE)
    qtbot.keyClick(window, Qt.Key.Key_Y, CONTROL)
    qtbot.waitUntil(lambda: logged(file) == [(18, grant_id)], timeout=PATIENCE)

    # The next morning the file opens by itself, on the same page, and undo still works.
    settle(window, qtbot)
    window.close()
    morning = start()
    again = morning.window
    assert isinstance(again, Window)
    assert (again.file, again.path.here.page, again.desk.store.officer) == (file, "grant", "Priya Shah")
    settle(again, qtbot)
    qtbot.keyClick(again, Qt.Key.Key_Z, CONTROL)
    qtbot.waitUntil(lambda: "Undone" in again.foot.step.text(), timeout=PATIENCE)


def test_a_file_that_is_not_ours_brings_back_welcome_with_the_reason(start, tmp_path, qtbot):
    other = tmp_path / "letter.grants"
    other.write_text("Dear officer")
    app = start()
    welcome = app.window
    qtbot.keyClicks(welcome.name, "Ann")

    welcome.open(other)

    assert isinstance(app.window, Welcome)
    assert app.window.problem.text() == "letter.grants is not a Grants Desk file."


def test_a_name_is_asked_for_before_anything_is_opened(start, tmp_path, qtbot):
    app = start()
    app.window.name.clear()

    app.window.make(tmp_path / "new.grants", sample=False)

    assert app.window.problem.text() == "Your name is needed: it signs each step that you take."
    assert not (tmp_path / "new.grants").exists()


def test_an_existing_name_is_refused_and_nothing_is_lost(start, tmp_path, qtbot):
    taken = tmp_path / "taken.grants"
    taken.write_text("mine")
    app = start()
    app.window.name.setText("Ann")

    app.window.make(taken, sample=False)

    qtbot.waitUntil(lambda: "exists already" in app.window.problem.text(), timeout=PATIENCE)
    assert taken.read_text() == "mine"
