"""A list of two-line entries: words, what stands under them, a badge and a few words at the right."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QItemSelectionModel,
    QModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from grants_app.ui.badges import Badge, draw_pill, pill_size
from grants_app.ui.rows import Index
from grants_app.ui.theme import CAPTION, Theme

_PAD, _TALL, _TALL_TIGHT = 12, 50, 42
_NEAR_END = 20


@dataclass(frozen=True)
class Item:
    """One entry: `key` is what it stands for, `right` a few words at its right, `bold` for its first line."""

    key: object
    words: str
    soft: str = ""
    right: str = ""
    badge: Badge | None = None
    bold: bool = False

    @property
    def sentence(self) -> str:
        """All of it, as a screen reader says it."""
        parts = (self.words, self.soft, self.badge.words if self.badge else "", self.right)
        return ", ".join(part for part in parts if part)


class _Model(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self.items: list[Item] = []

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.items)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        item = self.items[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return item.words
        return item.sentence if role == Qt.ItemDataRole.AccessibleTextRole else None

    def show(self, items: Sequence[Item]) -> None:
        self.beginResetModel()
        self.items = list(items)
        self.endResetModel()

    def extend(self, items: Sequence[Item]) -> None:
        if items:
            self.beginInsertRows(QModelIndex(), len(self.items), len(self.items) + len(items) - 1)
            self.items.extend(items)
            self.endInsertRows()


class _Painter(QStyledItemDelegate):
    def __init__(self, theme: Theme, model: _Model) -> None:
        super().__init__()
        self._theme, self._model = theme, model

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        theme = self._theme
        two = theme.px(_TALL_TIGHT if theme.tight else _TALL)
        return QSize(theme.px(80), two if self._model.items[index.row()].soft else theme.row)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme, px = self._theme, self._theme.px
        item = self._model.items[index.row()]
        rect: QRect = option.rect
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.fillRect(rect, theme.color("wash" if chosen else "paper"))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, theme.color("line"))
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.fillRect(rect.left(), rect.top(), px(3), rect.height(), theme.color("accent"))
        inside = rect.adjusted(px(_PAD), px(6), -px(_PAD), -px(7))
        upper, lower = QRect(inside), QRect(inside)
        if item.soft:
            upper.setHeight(inside.height() // 2)
            lower.setTop(upper.bottom() + 1)
        self._right(painter, item, upper, lower)
        self._text(painter, item.words, upper, "ink", bold=item.bold)
        if item.soft:
            self._text(painter, item.soft, lower, "soft", size=CAPTION)
        painter.restore()

    def _right(self, painter: QPainter, item: Item, upper: QRect, lower: QRect) -> None:
        theme, gap = self._theme, self._theme.px(8)
        if item.right:
            metrics = QFontMetrics(theme.font(CAPTION))
            wide = metrics.horizontalAdvance(item.right)
            box = QRect(upper.right() - wide, upper.top(), wide + 1, upper.height())
            self._text(painter, item.right, box, "soft", size=CAPTION)
            upper.setRight(box.left() - gap)
        if item.badge is not None:
            size = pill_size(theme, item.badge)
            lines = [lower] if item.soft and item.right else [upper, lower]
            box = lines[0].united(lines[-1])
            top = box.center().y() - size.height() / 2 + 1
            draw_pill(painter, theme, QRectF(box.right() - size.width(), top, size.width(), size.height()), item.badge)
            for line in lines:
                line.setRight(line.right() - size.width() - gap)

    def _text(
        self, painter: QPainter, words: str, box: QRect, token: str, *, size: float = 13, bold: bool = False
    ) -> None:
        font = self._theme.font(size, bold=bold)
        painter.setFont(font)
        painter.setPen(self._theme.color(token))
        shown = QFontMetrics(font).elidedText(words.replace("\n", " "), Qt.TextElideMode.ElideRight, box.width() + 1)
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, shown)


class Lines(QListView):
    """The list. `moved`: another entry is the present one (its key, or None); `opened`: Enter or a double click on one.

    `ending`: the end of the list comes into sight, so that more of it can be read. `chose`: other entries are chosen.
    """

    moved = Signal(object)
    opened = Signal(object)
    chose = Signal()
    ending = Signal()

    def __init__(self, theme: Theme, name: str, *, many: bool = False) -> None:
        super().__init__()
        self._theme, self._rows = theme, _Model()
        self.setModel(self._rows)
        self._painter = _Painter(theme, self._rows)
        self.setItemDelegate(self._painter)
        self.setAccessibleName(name)
        mode = QAbstractItemView.SelectionMode
        self.setSelectionMode(mode.ExtendedSelection if many else mode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(False)
        self.doubleClicked.connect(lambda index: self.opened.emit(self._rows.items[index.row()].key))
        self.verticalScrollBar().valueChanged.connect(lambda _value: self._near_end())
        theme.changed.connect(self._resize)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._near_end)

    @property
    def items(self) -> Sequence[Item]:
        """What it holds so far."""
        return self._rows.items

    @property
    def present(self) -> object:
        """The key of the entry that the keyboard is on; None without one."""
        row = self.currentIndex().row()
        return self._rows.items[row].key if 0 <= row < len(self._rows.items) else None

    @property
    def chosen(self) -> list[object]:
        """The keys of the chosen entries, in the list's order."""
        rows = sorted(index.row() for index in self.selectedIndexes())
        return [self._rows.items[row].key for row in rows]

    @property
    def whole_height(self) -> int:
        """How high it is when nothing of it is hidden."""
        option = QStyleOptionViewItem()
        return 2 + sum(self._painter.sizeHint(option, self._rows.index(row)).height() for row in range(len(self.items)))

    def show_items(self, items: Sequence[Item], *, first: bool = True) -> None:
        """Show these; the entry that was the present one stays so if it is among them, else the first if `first`."""
        before, top = self.present, self.verticalScrollBar().value()
        self._rows.show(items)
        at = next((row for row, item in enumerate(items) if item.key == before and before is not None), None)
        if at is not None:
            self.verticalScrollBar().setValue(top)
            self.go_to(at)
        elif items and first:
            self.go_to(0)
        else:
            self.moved.emit(None)
        self._soon.start()

    def add_items(self, items: Sequence[Item]) -> None:
        """Show these below the others."""
        self._rows.extend(items)

    def go_to(self, row: int) -> None:
        """Make an entry the present and only chosen one."""
        flag = QItemSelectionModel.SelectionFlag.ClearAndSelect
        self.selectionModel().setCurrentIndex(self._rows.index(row), flag)
        self.scrollTo(self._rows.index(row))

    def go_to_key(self, key: object) -> bool:
        """Make the entry of that key the present one; false if there is none."""
        at = next((row for row, item in enumerate(self._rows.items) if item.key == key), None)
        if at is not None:
            self.go_to(at)
        return at is not None

    def currentChanged(self, current: Index, previous: Index) -> None:
        """Tell which entry is the present one."""
        super().currentChanged(current, previous)
        if current.isValid():
            self.moved.emit(self._rows.items[current.row()].key)

    def selectionChanged(self, selected: Any, deselected: Any) -> None:
        """Tell that other entries are chosen."""
        super().selectionChanged(selected, deselected)
        self.chose.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens; letters do not jump about, as they begin commands elsewhere."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.present is not None:
            self.opened.emit(self.present)
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Letters typed here do nothing."""

    def _near_end(self) -> None:
        bar = self.verticalScrollBar()
        if bar.value() >= bar.maximum() - _NEAR_END * self._theme.row:
            self.ending.emit()

    def _resize(self) -> None:
        self.scheduleDelayedItemsLayout()
        self.viewport().update()


__all__ = ["Item", "Lines"]
