"""A window on a real file for each test, worked by mouse and key; anything that nobody caught fails the test."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from grants_app import paths
from grants_app.settings import Settings
from grants_app.store import Store
from grants_app.ui.desk import Desk
from grants_app.ui.inputs import Choice, Line
from grants_app.ui.navigation import keep_place
from grants_app.ui.pages import page_entries
from grants_app.ui.theme import Theme
from grants_app.ui.window import Window


@pytest.fixture(scope="session")
def one_theme(qapp: QApplication) -> Theme:
    """As in the program: one theme as long as it runs."""
    return Theme(qapp, resources=paths.resources(), scheme="light")


@pytest.fixture
def theme(one_theme: Theme) -> Iterator[Theme]:
    """The usual look: whatever a test chose is put back after it."""
    yield one_theme
    bury()
    if (one_theme.scheme, one_theme.zoom, one_theme.tight) != ("light", 1.0, False):
        one_theme.tight = False
        one_theme.set_scheme("light")
        one_theme.set_zoom(1.0)


@pytest.fixture
def beside(theme: Theme, qtbot: Any) -> Callable[..., Choice]:
    """Makes a long list beside another field, in a window; its `took` has the words that were sent."""

    def make(words: list[str], current: str, *, width: int) -> Choice:
        box, other, holder = Choice(theme, words, blank=False), Line(theme), QWidget()
        box.setCurrentText(current)
        layout = QVBoxLayout(holder)
        layout.addWidget(other)
        layout.addWidget(box)
        qtbot.addWidget(holder)
        holder.resize(width, 120)
        holder.show()
        holder.activateWindow()
        qtbot.waitUntil(holder.isActiveWindow)
        other.setFocus()
        box.holder, box.other, box.took = holder, other, []
        box.textActivated.connect(box.took.append)
        return box

    return make


def bury() -> None:
    """Destroy now what was to be destroyed later: else it would die in the midst of the next test."""
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = Settings(tmp_path / "settings.json")
    made.officer = "Ann Officer"
    return made


@pytest.fixture
def desk(store: Store, theme: Theme, settings: Settings) -> Iterator[Desk]:
    made = Desk(store, theme, settings)
    faults: list[BaseException] = []
    for lane in made.lanes:
        lane.crashed.connect(faults.append)
    yield made
    made.close()
    assert faults == []


@pytest.fixture
def open_window(desk: Desk, store: Store, qtbot) -> Iterator[Callable[..., Window]]:
    opened: list[Window] = []

    def make(page: str = "week", *, width: int = 1366, height: int = 768) -> Window:
        keep_place(desk.settings, store.path, page)
        window = Window(desk, page_entries(), store.path)
        opened.append(window)
        window.resize(width, height)
        window.begin()
        window.show()
        window.activateWindow()
        qtbot.waitUntil(lambda: QApplication.activeWindow() is window, timeout=30_000)
        qtbot.waitUntil(lambda: quiet(desk), timeout=30_000)
        return window

    yield make
    for window in opened:
        window.close()
        window.deleteLater()
    bury()


def quiet(desk: Desk) -> bool:
    """Whether nothing is being read or written."""
    return not any(lane.waiting for lane in desk.lanes)
