"""What a window remembers: its place on the screen, and for each file the page and programme that were shown."""

from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from grants_app.settings import Settings

_GRIP = 40
"""How much of a window must be on a screen, so that it can be taken hold of."""


def keep(window: QWidget, settings: Settings, file: Path, page: str, programme: int | None) -> None:
    """Keep how a window is left."""
    box = window.normalGeometry()
    settings.keep_state("window", {"box": [box.x(), box.y(), box.width(), box.height()], "wide": window.isMaximized()})
    keep_place(settings, file, page, programme)


def keep_place(settings: Settings, file: Path, page: str, programme: int | None = None) -> None:
    """Keep the page and the programme that a window on the file is to begin with."""
    settings.keep_state(f"place/{file.resolve()}", {"page": page, "programme": programme})


def place(window: QWidget, settings: Settings) -> None:
    """Put a window where it was left; where that is on no screen any more, where it can be seen."""
    state = settings.state("window")
    x, y, width, height = state.get("box", (_GRIP, _GRIP, 1366, 768))
    room = QGuiApplication.primaryScreen().availableSize()
    window.resize(min(width, room.width() - 16), min(height, room.height() - 48))
    screens = [screen.availableGeometry() for screen in QGuiApplication.screens()]
    if "box" in state and any(screen.contains(x + _GRIP, y + _GRIP) for screen in screens):
        window.move(x, y)
    if state.get("wide"):
        window.showMaximized()


def last_place(settings: Settings, file: Path) -> tuple[str, int | None]:
    """The page and the programme that were shown of a file; blank and None if it is new to this person."""
    state = settings.state(f"place/{file.resolve()}")
    return str(state.get("page", "")), state.get("programme")
