"""The grid of a list: moving by key and mouse, choosing rows, and telling what has come into sight."""

from collections.abc import Callable

from PySide6.QtCore import QItemSelectionModel, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QTableView

from grants_app import wording
from grants_app.ui.cells import Cells, Heads
from grants_app.ui.rows import Index, Rows
from grants_app.ui.selection import Selection
from grants_app.ui.theme import Theme
from grants_app.ui.widgets import announce

_MOVES = {
    Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Home, Qt.Key.Key_End,
}  # fmt: skip


class Grid(QTableView):
    """A table that keeps its own selection. `moved`: another row is the present one. `chose`: other rows are chosen."""

    moved = Signal(int)
    chose = Signal()
    opened = Signal(int)
    copied = Signal()
    seen = Signal()

    def __init__(self, theme: Theme, rows: Rows, name: str) -> None:
        super().__init__()
        self._theme, self._rows, self.selection = theme, rows, Selection()
        self._anchor = 0
        self.setModel(rows)
        self.cells = Cells(theme, rows, self.selection)
        self.setItemDelegate(self.cells)
        self.setHorizontalHeader(Heads(theme, rows))
        self.setAccessibleName(name)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(self.verticalHeader().ResizeMode.Fixed)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self.seen)
        self.verticalScrollBar().valueChanged.connect(lambda _value: self._soon.start())
        rows.modelReset.connect(self._soon.start)
        self.resize_rows()

    def resize_rows(self) -> None:
        """Take on the theme's height of a row."""
        self.verticalHeader().setMinimumSectionSize(self._theme.px(20))
        self.verticalHeader().setDefaultSectionSize(self._theme.row)
        self.verticalScrollBar().setSingleStep(self._theme.row)

    def sight(self) -> tuple[int, int]:
        """The first and last row in sight."""
        last = self.rowAt(max(0, self.viewport().height() - 1))
        return max(0, self.rowAt(0)), last if last >= 0 else self._rows.rowCount() - 1

    @property
    def present(self) -> int | None:
        """The id of the row that the keyboard is on."""
        row = self.currentIndex().row()
        return self._rows.ids[row] if 0 <= row < len(self._rows.ids) else None

    def go_to(self, row: int, *, choose: bool = True) -> None:
        """Make a row the present one, in sight."""
        column = max(0, self.currentIndex().column())
        if self.isColumnHidden(column):
            column = 0
        index = self._rows.index(row, column)
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
        self.scrollTo(index)
        if choose:
            self._anchor = row
            self._choose(lambda: self.selection.only([self._rows.ids[row]]))

    def choose_all(self) -> None:
        """Choose every row of the list."""
        self._choose(self.selection.all)

    def currentChanged(self, current: Index, previous: Index) -> None:
        """Tell which record is the present one."""
        super().currentChanged(current, previous)
        if current.isValid() and current.row() != previous.row():
            self.moved.emit(self._rows.ids[current.row()])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys as in mail programs: arrows move, Shift extends, Ctrl+A chooses all, Enter opens, Ctrl+C copies."""
        key, shift = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copied.emit()
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self.choose_all()
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.present is not None:
            self.opened.emit(self.present)
        elif key == Qt.Key.Key_Space and self.present is not None:
            self._toggle(self.currentIndex().row())
        elif key in _MOVES and self._rows.rowCount():
            self._move(Qt.Key(key), extend=shift, only_move=control and key in {Qt.Key.Key_Up, Qt.Key.Key_Down})
        else:
            super().keyPressEvent(event)

    def _move(self, key: Qt.Key, *, extend: bool, only_move: bool) -> None:
        last, row = self._rows.rowCount() - 1, self.currentIndex().row()
        screen = max(1, self.viewport().height() // self._theme.row - 1)
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -screen, Qt.Key.Key_PageDown: screen}
        target = 0 if key == Qt.Key.Key_Home else last if key == Qt.Key.Key_End else row + step[key]
        target = min(last, max(0, target))
        self.go_to(target, choose=not extend and not only_move)
        if extend:
            self._extend(target)

    def keyboardSearch(self, search: str) -> None:
        """Typing letters searches nothing here: Ctrl+F narrows the list, Ctrl+K finds."""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click chooses a row; with Ctrl it is added or let go, with Shift all up to it."""
        row = self.rowAt(round(event.position().y()))
        if row < 0 or event.button() == Qt.MouseButton.MiddleButton:
            return
        column = max(0, self.columnAt(round(event.position().x())))
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        index = self._rows.index(row, column)
        if event.button() == Qt.MouseButton.RightButton and self._rows.ids[row] in self.selection:
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
            self._extend(row)
        elif event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
            self._anchor = row
            self._toggle(row)
        else:
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
            self.go_to(row)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Dragging with the button down chooses from where it began."""
        row = self.rowAt(round(event.position().y()))
        if event.buttons() & Qt.MouseButton.LeftButton and row >= 0 and row != self.currentIndex().row():
            self.go_to(row, choose=False)
            self._extend(row)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open the record in the whole page."""
        row = self.rowAt(round(event.position().y()))
        if row >= 0:
            self.opened.emit(self._rows.ids[row])

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More rows may have come into sight."""
        super().resizeEvent(event)
        self._soon.start()

    def _extend(self, row: int) -> None:
        first, last = sorted((self._anchor, row))
        self._choose(lambda: self.selection.only(self._rows.ids[first : last + 1]))

    def _toggle(self, row: int) -> None:
        self._choose(lambda: self.selection.toggle(self._rows.ids[row]))

    def _choose(self, change: Callable[[], None]) -> None:
        before = self.selection.count(len(self._rows.ids))
        change()
        count = self.selection.count(len(self._rows.ids))
        self.viewport().update()
        self.chose.emit()
        if count not in {before, 1}:
            announce(self, f"{wording.counted(count, 'row')} chosen")
