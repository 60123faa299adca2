"""The commands of the window: one list for the keys, the palette, the tooltips and the sheet of shortcuts."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

_LIKE = 84
"""How alike, of 100, typed words and a command's words must be."""


def _always() -> bool:
    return True


@dataclass(frozen=True)
class Command:
    """One thing that can be done from anywhere: its words, its keys ("Ctrl+L"; may be none), when it can be done."""

    words: str
    run: Callable[[], object]
    keys: str = ""
    group: str = ""
    when: Callable[[], bool] = _always


class Commands:
    """Every command, in the order added; adding one gives it its keys in the window."""

    def __init__(self, window: QWidget) -> None:
        self._window = window
        self._commands: list[Command] = []

    def add(
        self,
        words: str,
        run: Callable[[], object],
        keys: str = "",
        *,
        group: str = "",
        when: Callable[[], bool] = _always,
    ) -> None:
        """Offer a command; several keys are separated by spaces."""
        command = Command(words, run, keys, group, when)
        self._commands.append(command)
        for key in keys.split():
            shortcut = QShortcut(QKeySequence(key), self._window)
            shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
            shortcut.activated.connect(lambda: command.run() if command.when() else None)

    def matching(self, words: str) -> list[Command]:
        """Those that can be done now and hold all the words, or nearly; those that begin with them first."""
        from rapidfuzz import fuzz

        typed = words.casefold().strip()
        scored: list[tuple[float, int, Command]] = []
        for command in self:
            said = command.words.casefold()
            score = 100.0 if said.startswith(typed) else fuzz.partial_ratio(typed, said) if len(typed) > 1 else 0.0
            if score >= _LIKE and command.when():
                scored.append((-score, len(scored), command))
        return [command for _score, _place, command in sorted(scored, key=lambda one: one[:2])]

    def __iter__(self) -> Iterator[Command]:
        """In the order added."""
        return iter(self._commands)

    def keys(self, words: str) -> str:
        """The first keys of a command, as people write them; blank if it has none."""
        return next((c.keys.split()[0] for c in self._commands if c.words == words and c.keys), "")
