"""The foot of a list: how many rows, and the sum and average of each column of figures, under its column."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QHeaderView, QSizePolicy, QWidget

from grants_app.ui.cells import PAD
from grants_app.ui.rows import Rows
from grants_app.ui.theme import BODY, CAPTION, Theme


@dataclass(frozen=True)
class Totals:
    """What stands at the foot: the words of what is counted, and by column its sum and average as shown.

    `briefs`: the sums in few letters, for where two of them have no room beside each other.
    """

    words: str = ""
    sums: Mapping[str, str] = field(default_factory=dict)
    briefs: Mapping[str, str] = field(default_factory=dict)
    averages: Mapping[str, str] = field(default_factory=dict)


class TotalsRow(QWidget):
    """Draws the totals under their columns, and follows the heads when they are moved or widened."""

    def __init__(self, theme: Theme, rows: Rows, heads: QHeaderView) -> None:
        super().__init__()
        self._theme, self._rows, self._heads, self.totals = theme, rows, heads, Totals()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        for signal in (heads.sectionResized, heads.sectionMoved, heads.geometriesChanged):
            signal.connect(self.update)
        self.show_totals(self.totals)

    def show_totals(self, totals: Totals) -> None:
        """Show these totals."""
        self.totals = totals
        labels = {column.name: column.label for column in self._rows.columns}
        told = [f"{labels[name]} {words}" for name, words in totals.sums.items() if name in labels]
        self.setAccessibleName(". ".join([totals.words or "Totals", *told]))
        self.update()

    def sizeHint(self) -> QSize:
        """Two lines."""
        return QSize(self._theme.px(100), self._theme.px(44))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the words at the left, and each column's sum over its average."""
        theme, px = self._theme, self._theme.px
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("paper"))
        painter.fillRect(0, 0, self.width(), px(1), theme.color("line"))
        edge = self.width()
        for section, column in enumerate(self._rows.columns):
            if column.name in self.totals.sums and not self._heads.isSectionHidden(section):
                edge = min(edge, self._draw_figures(painter, section, column.name))
        painter.setFont(theme.font(BODY, bold=True))
        painter.setPen(theme.color("ink"))
        room = max(px(40), edge - px(PAD) * 2)
        words = QFontMetrics(painter.font()).elidedText(self.totals.words, Qt.TextElideMode.ElideRight, room)
        painter.drawText(px(PAD), px(6), room + 2, px(18), Qt.AlignmentFlag.AlignVCenter, words)
        painter.setFont(theme.font(CAPTION))
        painter.setPen(theme.color("soft"))
        if self.totals.averages:
            painter.drawText(px(PAD), px(23), room, px(16), Qt.AlignmentFlag.AlignVCenter, "average")
        painter.end()

    def _draw_figures(self, painter: QPainter, section: int, name: str) -> int:
        theme, px = self._theme, self._theme.px
        left, wide = self._heads.sectionViewportPosition(section), self._heads.sectionSize(section)
        total = self.totals.sums[name]
        painter.setFont(theme.font(BODY, bold=True))
        painter.setPen(theme.color("ink"))
        measure = QFontMetrics(painter.font())
        if measure.horizontalAdvance(total) > wide - px(PAD) and self._summed_before(left):
            total = self.totals.briefs.get(name, total)
        needed = measure.horizontalAdvance(total)
        box = QRect(left, px(6), wide - px(PAD), px(18))
        side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(box.adjusted(min(0, wide - needed - px(PAD) * 2), 0, 0, 0), side, total)
        painter.setFont(theme.font(CAPTION))
        painter.setPen(theme.color("soft"))
        painter.drawText(box.translated(0, px(17)), side, self.totals.averages.get(name, ""))
        return box.right() - needed

    def _summed_before(self, left: int) -> bool:
        """Whether the column that ends there has a sum too, so that none may reach into it."""
        before = self._heads.logicalIndexAt(left - 1) if left > 0 else -1
        return before >= 0 and self._rows.columns[before].name in self.totals.sums
