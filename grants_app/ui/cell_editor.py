"""The editor that opens over a cell of a list: where it stands, how it begins, and the keys that end it."""

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QCheckBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)
from shiboken6 import isValid

from grants_app.records import Field, Kind
from grants_app.records.fields import Value
from grants_app.ui.desk import Desk
from grants_app.ui.editors import Lists
from grants_app.ui.form import Loaded
from grants_app.ui.inputs import Choice
from grants_app.ui.links import LinkEditor, ManyEditor, editor_for

_LEAST = {
    Kind.LINK: 260, Kind.LONG: 360, Kind.DATE: 160, Kind.MONEY: 110, Kind.MANY: 240, Kind.CHOICE: 150, Kind.TEXT: 180,
}  # fmt: skip
"""How wide an editor is at least, however narrow its column."""
_TALL = 120
_AFTER = {Qt.Key.Key_Return: (1, 0), Qt.Key.Key_Enter: (1, 0), Qt.Key.Key_Tab: (0, 1), Qt.Key.Key_Backtab: (0, -1)}
_LINES = {Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0)}
Key = tuple[Qt.Key, Qt.KeyboardModifier, str]
"""A key that was pressed: which, what was held with it, what it types."""


class CellEditor(QObject):
    """A field's own editor over the cells of a list, for one record.

    `ended`: a key ends it, and the present cell goes so many rows down and columns right. `given_up`: Escape.
    `for_all`: Ctrl+Enter. While it is `waiting`, keys go into `early`. `overrules`: whatever is stored, this is saved.
    """

    ended = Signal(int, int)
    given_up = Signal()
    for_all = Signal()
    typing = Signal()

    def __init__(self, desk: Desk, each: Field, lists: Lists, record: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.field, self.record, self._theme, self._view = each, record, desk.theme, parent
        self.editor = editor_for(desk, each, lists)
        self.widget = self.editor.widget
        self.widget.setParent(parent)
        self.seen: Mapping[str, Value] = {}
        self.clean, self.typed, self.waiting, self.overrules = "", False, False, False
        self.early: list[Key] = []
        self.line = self.widget.lineEdit() if isinstance(self.widget, QComboBox) else self.widget
        for listened in {self.widget, self.line or self.widget}:
            listened.installEventFilter(self)
        finder = self.line.completer() if isinstance(self.line, QLineEdit) else None
        if finder is not None and (offered := finder.popup()) is not None:
            offered.installEventFilter(self)
        self.editor.typed.connect(self._typed)

    @property
    def text(self) -> str:
        """What stands in it now."""
        return self.editor.text()

    def fill(self, value: Value) -> None:
        """Show what the list shows; of a link that is its name, and which record it is comes with `load`."""
        if isinstance(self.editor, LinkEditor):
            self.editor.write("" if value is None else str(value))
        else:
            self.editor.show(value)
            self.seen = {self.field.name: value}
        self.clean = self.editor.text()

    def load(self, loaded: Loaded) -> None:
        """Show what the record holds, read anew; what the officer typed meanwhile stays."""
        name, editor = self.field.name, self.editor
        held = loaded.record.get(name) if loaded.record is not None else None
        if isinstance(editor, ManyEditor):
            editor.know(loaded.called)
        if self.typed or self.waiting:
            if not self.seen and not self.overrules:
                self.seen = {name: held}
            return
        if isinstance(editor, LinkEditor):
            editor.show_named(loaded.names.get(name))
        else:
            editor.show(held)
        self.seen, self.clean = {name: held}, editor.text()
        if isinstance(self.line, QLineEdit):
            self.line.selectAll()

    def begin(self, key: Key | None, text: str | None) -> None:
        """Take the keyboard: with a key that was typed on the cell, with text in place of the value, or as it is."""
        self.widget.show()
        self.widget.setFocus()
        if isinstance(self.line, QLineEdit | QPlainTextEdit):
            self.line.selectAll()
        if text is not None:
            self.editor.write(text)
            self._typed()
        elif key is not None and isinstance(self.widget, QCheckBox):
            self.editor.write("Yes" if key[2].lower() in {"y", "1"} else "No")
            self._typed()
        elif key is not None:
            press(self.line or self.widget, key)
        elif isinstance(self.editor, ManyEditor):
            self.editor.open()

    def place(self, cell: QRect) -> None:
        """Stand over this place of the list, wide enough to type in and wholly in sight."""
        wide = min(max(cell.width(), self._theme.px(_LEAST.get(self.field.kind, 90))), self._view.width())
        high = self._theme.px(_TALL) if self.field.kind is Kind.LONG else cell.height()
        left = max(0, min(cell.left(), self._view.width() - wide))
        self.widget.setGeometry(left, cell.top(), wide, high)
        self.widget.raise_()

    def say_wrong(self, words: str) -> None:
        """Look as something is wrong, in these words."""
        self.editor.set_wrong(wrong=True)
        self.widget.setAccessibleDescription(words)

    def holds(self, widget: QObject | None) -> bool:
        """Whether a widget is this editor, or stands in it or in what it has opened."""
        while widget is not None and widget is not self.widget:
            widget = widget.parent()
        return widget is not None

    def close(self) -> None:
        """Go away."""
        if isValid(self.widget):
            self.widget.hide()
            self.widget.deleteLater()
        self.deleteLater()

    def _typed(self) -> None:
        self.typed = True
        self.editor.set_wrong(wrong=False)
        self.typing.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The keys of a cell: Enter and Tab save and go on, Escape gives up, Up and Down leave a line."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        key, held = Qt.Key(event.key()), event.modifiers()
        if self.waiting:
            self.early.append((key, held, event.text()))
            return True
        if isinstance(watched, QAbstractItemView):  # what the letters typed may mean hangs open under the editor
            return self._pick(watched, key)
        if key == Qt.Key.Key_Escape:
            self.given_up.emit()
        elif key in _AFTER:
            self._end(key, held)
        elif key in _LINES and isinstance(watched, QLineEdit) and self._alone(held):
            self.ended.emit(*_LINES[key])
        else:
            return False
        return True

    def _pick(self, offered: QAbstractItemView, key: Qt.Key) -> bool:
        if key not in _AFTER:
            return False
        at = offered.currentIndex()
        if at.isValid():
            self.editor.write(str(at.data()))
            self._typed()
        else:
            self._take_fitting()
        offered.hide()
        self.ended.emit(*_AFTER[key])
        return True

    def _take_fitting(self) -> None:
        """Letters that one word of the list alone holds are that word."""
        if isinstance(self.widget, Choice):
            self.widget.take_fitting()

    def _alone(self, held: Qt.KeyboardModifier) -> bool:
        """Whether Up and Down are free: no list of words hangs on the editor."""
        alone = held & ~Qt.KeyboardModifier.KeypadModifier == Qt.KeyboardModifier.NoModifier
        return alone and self.field.kind not in {Kind.LINK, Kind.CHOICE}

    def _end(self, key: Qt.Key, held: Qt.KeyboardModifier) -> None:
        down, right = _AFTER[key]
        if down and isinstance(self.widget, QPlainTextEdit) and held & Qt.KeyboardModifier.AltModifier:
            self.widget.insertPlainText("\n")
            return
        self._take_fitting()
        if down and held & Qt.KeyboardModifier.ControlModifier:
            self.for_all.emit()
        else:
            self.ended.emit(-down if held & Qt.KeyboardModifier.ShiftModifier else down, right)


def press(widget: QWidget, key: Key) -> None:
    """Let a widget have a key that was pressed before."""
    QApplication.sendEvent(widget, QKeyEvent(QEvent.Type.KeyPress, *key))
