"""Where the window is and has been, for Back and Forward, and what it remembers of that until next time."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from grants_app.settings import Settings

_GRIP = 40
"""How much of a window must be on a screen, so that it can be taken hold of."""


@dataclass(frozen=True)
class Place:
    """A page, the record chosen on it if any, and whether that record fills the page."""

    page: str
    record: int | None = None
    whole: bool = False


class Visited:
    """The places visited, as a browser keeps them: going somewhere new forgets what was ahead."""

    def __init__(self, start: Place) -> None:
        self._places, self._at = [start], 0

    @property
    def here(self) -> Place:
        """The present place."""
        return self._places[self._at]

    @property
    def can_go_back(self) -> bool:
        """Whether there is a place before this one."""
        return self._at > 0

    @property
    def can_go_forward(self) -> bool:
        """Whether Back has left a place ahead."""
        return self._at < len(self._places) - 1

    def go(self, place: Place) -> None:
        """Be somewhere new; being there already changes nothing."""
        if place != self.here:
            self._places[self._at + 1 :] = [place]
            self._at += 1

    def settle(self, place: Place) -> None:
        """Correct the present place, when the choice in a list moved: no step of its own for Back."""
        self._places[self._at] = place

    def back(self) -> Place:
        """The place before, now the present one; stays where there is none."""
        self._at = max(0, self._at - 1)
        return self.here

    def forward(self) -> Place:
        """The place ahead, now the present one; stays where there is none."""
        self._at = min(len(self._places) - 1, self._at + 1)
        return self.here


def keep_window(window: QWidget, settings: Settings, file: Path, page: str, programme: int | None) -> None:
    """Keep how a window is left."""
    box = window.normalGeometry()
    settings.keep_state("window", {"box": [box.x(), box.y(), box.width(), box.height()], "wide": window.isMaximized()})
    keep_place(settings, file, page, programme)


def keep_place(settings: Settings, file: Path, page: str, programme: int | None = None) -> None:
    """Keep the page and the programme that a window on the file is to begin with."""
    settings.keep_state(f"place/{file.resolve()}", {"page": page, "programme": programme})


def place_window(window: QWidget, settings: Settings) -> None:
    """Put a window where it was left; where that is on no screen any more, where it can be seen."""
    state = settings.state("window")
    x, y, width, height = state.get("box", (_GRIP, _GRIP, 1366, 768))
    room = QGuiApplication.primaryScreen().availableGeometry()
    screens = [screen.availableGeometry() for screen in QGuiApplication.screens()]
    held = next((screen for screen in screens if screen.contains(x + _GRIP, y + _GRIP)), None)
    if "box" in state and held is not None and width <= held.width() and height <= held.height():
        window.setGeometry(x, y, width, height)  # not moved: its frame would creep down each time
    else:
        window.resize(min(width, room.width() - 16), min(height, room.height() - 48))
    if state.get("wide"):
        window.showMaximized()


def last_place(settings: Settings, file: Path) -> tuple[str, int | None]:
    """The page and the programme that were shown of a file; blank and None if it is new to this person."""
    state = settings.state(f"place/{file.resolve()}")
    return str(state.get("page", "")), state.get("programme")
