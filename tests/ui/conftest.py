"""A window on a real file for each test, worked by mouse and key; anything that nobody caught fails the test."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from grants_app import paths
from grants_app.settings import Settings
from grants_app.store import Store
from grants_app.ui.desk import Desk
from grants_app.ui.pages import leaves
from grants_app.ui.theme import Theme
from grants_app.ui.window import Window


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    made = Theme(qapp, resources=paths.resources(), scheme="light")
    yield made
    made.setParent(None)
    made.deleteLater()


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
        window = Window(desk, leaves(), store.path)
        opened.append(window)
        window.resize(width, height)
        window.begin()
        window.show()
        window.activateWindow()
        qtbot.waitUntil(lambda: QApplication.activeWindow() is window, timeout=30_000)
        if page != "week":
            window.go(page)
        qtbot.waitUntil(lambda: quiet(desk), timeout=30_000)
        return window

    yield make
    for window in opened:
        window.close()
        window.deleteLater()


def quiet(desk: Desk) -> bool:
    """Whether nothing is being read or written."""
    return not any(lane.waiting for lane in desk.lanes)
