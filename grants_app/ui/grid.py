"""The grid of a list: a present cell, moving by key and mouse, choosing rows, and telling what has come into sight."""

from collections.abc import Callable

from PySide6.QtCore import QItemSelectionModel, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QTableView, QWidget

from grants_app import wording
from grants_app.ui.cells import Cells, Heads
from grants_app.ui.rows import Index, Rows, Selection
from grants_app.ui.theme import Theme
from grants_app.ui.widgets import announce, column, label, restyle

_SAYS, _SAYS_MS = 340, 7000
_MOVES = {
    Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Home, Qt.Key.Key_End,
}  # fmt: skip


class Said(QFrame):
    """A few words at a cell, under it or above: what is wrong with what was typed, or why it cannot be typed in."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._within, self.words = theme, parent, label("", "problem", wrap=True)
        self.setProperty("look", "said")
        layout = column(theme, margins=(10, 6, 10, 7))
        layout.addWidget(self.words)
        self.setLayout(layout)
        self._hush = QTimer(self, singleShot=True, interval=_SAYS_MS)
        self._hush.timeout.connect(self.hide)
        self.hide()

    def say(self, words: str, at: QRect, *, wrong: bool) -> None:
        """Show the words at this place, until something else is typed if `wrong`, else for a while."""
        self.words.setText(words)
        restyle(self.words, "look", "problem" if wrong else "caption")
        self.place(at)
        self.show()
        self.raise_()
        self._hush.stop() if wrong else self._hush.start()

    def place(self, at: QRect) -> None:
        """Stand by this place, wholly in sight."""
        room = self._within.size()
        wide = min(self._theme.px(_SAYS), room.width())
        layout = self.layout()
        assert layout is not None
        high = layout.totalHeightForWidth(wide)
        top = at.bottom() + 2 if at.bottom() + 2 + high <= room.height() else max(0, at.top() - high - 2)
        self.setGeometry(max(0, min(at.left(), room.width() - wide)), top, wide, high)


class Grid(QTableView):
    """A table that keeps its own selection. `moved`: another row is the present one; `went`: another cell.

    `chose`: other rows are chosen. `typed`: the present cell is to be edited, begun by this key (None for F2).
    `today`, `emptied`, `fell`, `pasted`: Ctrl+;, Delete, Ctrl+D and Ctrl+V. While it is `held`, keys are the editor's.

    What `edits`, `fills` and `pastes` do not turn on, its keys leave to whoever holds the list.
    """

    moved = Signal(int)
    chose = Signal()
    opened = Signal(int)
    copied = Signal()
    seen = Signal()
    went = Signal()
    typed = Signal(object)
    today = Signal()
    emptied = Signal()
    fell = Signal()
    pasted = Signal()
    focused = Signal()

    def __init__(self, theme: Theme, rows: Rows, name: str) -> None:
        super().__init__()
        self._theme, self._rows, self.selection = theme, rows, Selection()
        self._anchor, self._section, self.held = 0, 0, False
        self.edits, self.fills, self.pastes = False, False, False
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
        self.said = Said(theme, self.viewport())
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

    @property
    def section(self) -> int:
        """The column that the keyboard is on; it stays where it was while the list is read anew."""
        return min(self._section, max(0, self._rows.columnCount() - 1))

    def go_to(self, row: int, *, choose: bool = True, section: int | None = None) -> None:
        """Make a row the present one, in sight, and a column if one is given."""
        index = self._rows.index(row, self.section if section is None else section)
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
        self.scrollTo(index)
        if choose:
            self._anchor = row
            self._choose(lambda: self.selection.only([self._rows.ids[row]]))

    def say(self, words: str, at: QRect, *, wrong: bool = False) -> None:
        """Say something at a place among the cells, aloud too."""
        self.said.say(words, at, wrong=wrong)
        announce(self, words)

    def choose_all(self) -> None:
        """Choose every row of the list."""
        self._choose(self.selection.all)

    def currentChanged(self, current: Index, previous: Index) -> None:
        """Tell which record is the present one."""
        super().currentChanged(current, previous)
        if current.isValid():
            self._section = current.column()
            self.went.emit()
        if current.isValid() and current.row() != previous.row():
            self.moved.emit(self._rows.ids[current.row()])

    def step_sideways(self, right: int, *, wrap: bool = False) -> None:
        """Go so many columns to the right as they stand (left: below 0); past the end, with `wrap`, to the next row."""
        heads, row = self.horizontalHeader(), max(0, self.currentIndex().row())
        last, place = self._rows.columnCount() - 1, heads.visualIndex(self.section) + right
        if wrap and 0 <= row + right < self._rows.rowCount() and not 0 <= place <= last:
            row, place = row + right, 0 if right > 0 else last
            self._choose(lambda: self.selection.only([self._rows.ids[row]]))
        self.go_to(row, choose=False, section=heads.logicalIndex(min(last, max(0, place))))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys as in mail programs and Excel: arrows move, Shift extends, Enter opens, typing and F2 edit the cell."""
        if self.held:
            event.accept()
        elif not (self._excel_key(event) or self._list_key(event)):
            super().keyPressEvent(event)

    def _list_key(self, event: QKeyEvent) -> bool:
        """A key that moves, chooses, opens or copies; false for any other."""
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
        elif key in {Qt.Key.Key_Left, Qt.Key.Key_Right} and not event.modifiers() & Qt.KeyboardModifier.AltModifier:
            side = -1 if key == Qt.Key.Key_Left else 1
            self.step_sideways(side * (self._rows.columnCount() if control else 1))
        else:
            return False
        return True

    def _excel_key(self, event: QKeyEvent) -> bool:
        """A key that changes what cells hold; false for any other."""
        if self.present is None and not event.matches(QKeySequence.StandardKey.Paste):
            return False
        key, held, text = Qt.Key(event.key()), event.modifiers(), event.text()
        control = bool(held & Qt.KeyboardModifier.ControlModifier)
        alone = not held & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
        altgr = control and bool(held & Qt.KeyboardModifier.AltModifier)
        if self.pastes and event.matches(QKeySequence.StandardKey.Paste):
            self.pasted.emit()
        elif self.fills and control and not altgr and key == Qt.Key.Key_D:
            self.fell.emit()
        elif self.fills and key == Qt.Key.Key_Delete and alone:
            self.emptied.emit()
        elif not self.edits:
            return False
        elif control and not altgr and key == Qt.Key.Key_Semicolon:
            self.today.emit()
        elif key == Qt.Key.Key_F2 and alone:
            self.typed.emit(None)
        elif (alone or altgr) and ((text.isprintable() and text.strip()) or key == Qt.Key.Key_Backspace):
            self.typed.emit((key, held, text))
        else:
            return False
        return True

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The present cell is marked, and may be typed in; where there is none, the first row is chosen too."""
        if not self.currentIndex().isValid() and self._rows.rowCount():
            self.go_to(0)  # Qt would move to it alone
        super().focusInEvent(event)
        self.focused.emit()

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
        """Typing letters edits the present cell: Ctrl+F narrows the list, Ctrl+K finds."""

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
        """More rows may have come into sight; the present one stays in it."""
        super().resizeEvent(event)
        present = self.currentIndex()
        if present.isValid() and 0 <= self.visualRect(present).top() < event.oldSize().height():
            self.scrollTo(present)
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
