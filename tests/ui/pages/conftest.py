"""A desk without its window, pages shown on it, and waiting for the lanes."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from grants_app import paths
from grants_app.settings import Settings
from grants_app.store import Store
from grants_app.ui.desk import Desk
from grants_app.ui.pages import page_entries
from grants_app.ui.theme import Theme
from grants_app.ui.view import View


@pytest.fixture
def desk(theme: Theme, store: Store) -> Iterator[Desk]:
    """A desk at which Ann Officer works; whatever crashes on a lane fails the test."""
    desk = Desk(store, theme, Settings(paths.settings_file()))
    crashes: list[BaseException] = []
    for lane in desk.lanes:
        lane.crashed.connect(crashes.append)
    yield desk
    for lane in desk.lanes:
        lane.stop()
    if crashes:
        raise crashes[0]


@pytest.fixture
def told(desk: Desk) -> list[tuple[str, bool]]:
    """What the officer was told, and whether it was a refusal."""
    found: list[tuple[str, bool]] = []
    desk.told.connect(lambda words, refusal: found.append((words, refusal)))
    return found


@pytest.fixture
def settle(qapp: QApplication, qtbot: QtBot, desk: Desk) -> Callable[[], None]:
    """Wait until the lanes have nothing to do and what they brought is shown."""

    def wait() -> None:
        qapp.processEvents()
        qtbot.waitUntil(lambda: not any(lane.waiting for lane in desk.lanes), timeout=30_000)

    return wait


@pytest.fixture
def open_page(qtbot: QtBot, desk: Desk, settle: Callable[[], None]) -> Callable[..., View]:
    """Shows a page as the window does: made, entered, told of every change."""

    def open_(key: str, record: int | None = None) -> View:
        view = next(entry for entry in page_entries() if entry.key == key).make(desk)
        qtbot.addWidget(view)
        view.resize(1170, 690)
        view.show()
        desk.bus.changed.connect(view.changed)
        view.enter(record, whole=False)
        settle()
        return view

    return open_
