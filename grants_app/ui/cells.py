"""How a list's cells and heads are drawn: text, figures, pills, bullets, and a pale bar for what is not yet read."""

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QHeaderView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from grants_app.ui.badges import badge_of, draw_bullet, draw_pill, draw_shape, pill_size
from grants_app.ui.rows import Column, Rows, Selection
from grants_app.ui.theme import CAPTION, Theme

PAD = 6
_BAR, _GAP = 52, 6


def bullet_words(value: tuple[float, float, float]) -> str:
    """What stands beside a bullet: how much is done, and of how much where there is a plan."""
    done, planned, _by_today = value
    return f"{done:,.0f}/{planned:,.0f}" if planned else f"{done:,.0f}"


def needed(theme: Theme, column: Column, values: Iterable[Any]) -> int:
    """How wide a column must be so that none of these is cut; 0 where long words may give way."""
    if column.paint == "bullet":
        seen = list(values)
        words = max((bullet_words(value) for value in seen), key=len, default="")
        bar = theme.px(_BAR + _GAP) if any(value[1] for value in seen) else 0
        wide = QFontMetrics(theme.font()).horizontalAdvance(words) + bar
    elif column.paint == "badge":
        wide = max((pill_size(theme, badge_of(words)).width() for words in {column.text(v) for v in values}), default=0)
    elif column.name == "reference" or column.right:
        wide = QFontMetrics(theme.font()).horizontalAdvance(max((column.text(v) for v in values), key=len, default=""))
    else:
        return 0
    return round(wide / theme.zoom) + 2 * PAD + 2


class Cells(QStyledItemDelegate):
    """Draws one cell; a chosen row stands on the accent's wash."""

    def __init__(self, theme: Theme, rows: Rows, selection: Selection) -> None:
        super().__init__()
        self._theme, self._rows, self._selection = theme, rows, selection

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """The room that a cell wants, when a column is fitted to what it holds."""
        column = self._rows.columns[index.column()]
        words = self._rows.cell_text(index.row(), index.column())
        if column.paint == "badge":
            return pill_size(self._theme, badge_of(words)) + QSize(self._theme.px(PAD * 2), 0)
        if column.paint == "bullet":
            values = self._rows.values(index.row())
            wide = needed(self._theme, column, [values[index.column()]] if values is not None else [])
            return QSize(self._theme.px(wide), self._theme.row)
        width = QFontMetrics(self._theme.font()).horizontalAdvance(words)
        return QSize(width + self._theme.px(PAD * 2 + 2), self._theme.row)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw the cell on its row's ground; a frame stands round the one that the keyboard is on."""
        theme, rows, row = self._theme, self._rows, index.row()
        rect: QRect = option.rect
        chosen = rows.ids[row] in self._selection
        painter.fillRect(rect, theme.color("wash" if chosen else "paper"))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, theme.color("line"))
        if option.state & QStyle.StateFlag.State_HasFocus:
            wide = theme.px(2)
            painter.setPen(QPen(theme.color("accent"), wide, j=Qt.PenJoinStyle.MiterJoin))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(rect.adjusted(wide // 2, wide // 2, -wide + wide // 2, -wide + wide // 2))
        inside = rect.adjusted(theme.px(PAD), 0, -theme.px(PAD), -1)
        values = rows.values(row)
        if values is None:
            self._paint_waiting(painter, inside)
            return
        column, value = rows.columns[index.column()], values[index.column()]
        if value is None or value == "":
            return
        if column.paint == "badge":
            self._paint_mark(painter, inside, column.text(value))
        elif column.paint == "bullet":
            self._paint_bullet(painter, inside, value)
        else:
            self._paint_text(painter, inside, column.text(value), right=column.right)

    def _paint_text(self, painter: QPainter, inside: QRect, words: str, *, right: bool) -> None:
        font = self._theme.font()
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        shown = QFontMetrics(font).elidedText(words.replace("\n", " "), Qt.TextElideMode.ElideRight, inside.width())
        painter.setFont(font)
        painter.setPen(self._theme.color("ink"))
        painter.drawText(inside, side | Qt.AlignmentFlag.AlignVCenter, shown)

    def _paint_mark(self, painter: QPainter, inside: QRect, words: str) -> None:
        badge = badge_of(words)
        size = pill_size(self._theme, badge)
        top = inside.center().y() - size.height() / 2 + 1
        room = inside.width() + self._theme.px(PAD)
        draw_pill(painter, self._theme, QRectF(inside.left(), top, min(size.width(), room), size.height()), badge)

    def _paint_bullet(self, painter: QPainter, inside: QRect, value: tuple[float, float, float]) -> None:
        theme = self._theme
        done, planned, by_today = value
        words = bullet_words(value)
        room = inside.width() - theme.px(_GAP) - QFontMetrics(theme.font()).horizontalAdvance(words)
        wide = min(theme.px(_BAR), room)
        if planned and wide > 0:
            bar = QRectF(inside.left(), inside.center().y() - theme.px(4), wide, theme.px(8))
            draw_bullet(painter, theme, bar, done / planned, by_today / planned)
        self._paint_text(painter, inside, words, right=True)

    def _paint_waiting(self, painter: QPainter, inside: QRect) -> None:
        height = self._theme.px(8)
        bar = QRect(inside.left(), inside.center().y() - height // 2, round(inside.width() * 0.7), height)
        painter.fillRect(bar, self._theme.color("line"))


class Heads(QHeaderView):
    """The heads of a list's columns: drawn to the theme, with an arrow on the one that it is sorted by."""

    def __init__(self, theme: Theme, rows: Rows) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._theme, self._rows = theme, rows
        self.setSectionsClickable(True)
        self.setSectionsMovable(True)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(48)
        self.setAccessibleName("Heads of the columns")

    def sizeHint(self) -> QSize:
        """As high as the design says."""
        return QSize(super().sizeHint().width(), self._theme.px(30))

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:  # noqa: N803 - Qt's own name
        """Draw the label, and the arrow where the list is sorted by it."""
        theme, px = self._theme, self._theme.px
        column = self._rows.columns[logicalIndex]
        painter.save()
        painter.fillRect(rect, theme.color("paper"))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, theme.color("line"))
        inside = rect.adjusted(px(PAD), 0, -px(PAD), 0)
        font = theme.font(CAPTION, bold=True)
        mark = self._rows.sorted_by()
        lit = mark is not None and mark[0] == column.name
        arrow = px(8) if lit else 0
        room = inside.width() - (arrow + px(4) if lit else 0)
        words = QFontMetrics(font).elidedText(column.label, Qt.TextElideMode.ElideRight, room)
        wide = QFontMetrics(font).horizontalAdvance(words)
        left = inside.right() - wide + 1 if column.right else inside.left()
        painter.setFont(font)
        painter.setPen(theme.color("ink" if lit else "soft"))
        painter.drawText(QRect(left, inside.top(), wide + 2, inside.height()), Qt.AlignmentFlag.AlignVCenter, words)
        if mark is not None and lit:
            at = left - arrow - px(4) if column.right else left + wide + px(5)
            box = QRectF(at, inside.center().y() - arrow / 2 + 1, arrow, arrow)
            draw_shape(painter, "down" if mark[1] else "up", box, theme.color("ink"))
        painter.restore()
