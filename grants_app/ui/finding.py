"""Lines that find: the down arrow leads from one into what stands below it; and names of which one is picked."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QLineEdit, QListWidget, QListWidgetItem

from grants_app.ui.theme import Theme
from grants_app.ui.widgets import column

_WIDE, _HIGH = 260, 340
_NONE = Qt.KeyboardModifier.NoModifier


class FindLine(QLineEdit):
    """A line that narrows what stands below it. `down`: the down arrow was pressed.

    Escape empties it where something is typed; in an empty one the key is left to whoever holds it.
    """

    down = Signal()

    def __init__(self, name: str, *, empties: bool = False) -> None:
        super().__init__()
        self._empties = empties
        self.setPlaceholderText(name)
        self.setAccessibleName(name)

    def event(self, event: QEvent) -> bool:
        """Take Escape before any shortcut does, where it has something to empty."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._empties_by(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The down arrow leads on, Escape empties."""
        if event.key() == Qt.Key.Key_Down and event.modifiers() in {_NONE, Qt.KeyboardModifier.KeypadModifier}:
            self.down.emit()
        elif self._empties_by(event):
            self.clear()
        else:
            super().keyPressEvent(event)

    def _empties_by(self, event: QKeyEvent) -> bool:
        return self._empties and event.key() == Qt.Key.Key_Escape and bool(self.text())


class PickPanel(QDialog):
    """Names in the order of the alphabet, found by letters; the one that Enter or a click picks is what it is for."""

    def __init__(self, theme: Theme, name: str, choices: Sequence[tuple[str, Callable[[], object]]]) -> None:
        super().__init__()
        self._choices = sorted(choices, key=lambda each: each[0].casefold())
        self._offered: list[Callable[[], object]] = []
        self.setAccessibleName(name)
        self.setProperty("look", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.finder, self.list = FindLine(name), QListWidget()
        self.list.setAccessibleName(name)
        self.list.setSpacing(theme.px(3))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        layout = column(theme, margins=10, gap=8)
        layout.addWidget(self.finder)
        layout.addWidget(self.list, 1)
        self.setLayout(layout)
        self.finder.textChanged.connect(self._show)
        self.finder.returnPressed.connect(self._pick)
        self.finder.down.connect(self._go_down)
        self.list.itemClicked.connect(self._pick)
        self.resize(theme.px(_WIDE), theme.px(_HIGH))
        self._show("")

    def _show(self, words: str) -> None:
        """Offer what holds the letters, first what begins with them."""
        typed = words.strip().casefold()
        fitting = [each for each in self._choices if typed in each[0].casefold()]
        fitting.sort(key=lambda each: not each[0].casefold().startswith(typed))
        self._offered = [run for _name, run in fitting]
        self.list.clear()
        self.list.addItems([name for name, _run in fitting])
        self.list.setCurrentRow(0)

    def _go_down(self) -> None:
        self.list.setFocus()
        self.list.setCurrentRow(min(1, self.list.count() - 1))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter in the list picks too."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.list.hasFocus():
            self._pick()
        else:
            super().keyPressEvent(event)

    def _pick(self, _item: QListWidgetItem | None = None) -> None:
        at = self.list.currentRow()
        if 0 <= at < len(self._offered):
            run = self._offered[at]
            self.close()
            run()
