"""A record's key figures side by side in one frame, two by two where there is no room."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from grants_app.ui.page import KeyFigure
from grants_app.ui.theme import CAPTION, Theme

_LEAST = 84


class FigureStrip(QWidget):
    """Draws each figure under its head and over its words; its name tells them all."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._figures: Sequence[KeyFigure] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_figures(())

    def show_figures(self, figures: Sequence[KeyFigure]) -> None:
        """Show these; none takes no room."""
        self._figures = figures
        told = [f"{each.head} {each.figure}{', ' + each.words if each.words else ''}" for each in figures]
        self.setAccessibleName("; ".join(told) or "Key figures")
        self.setVisible(bool(figures))
        self.updateGeometry()
        self.update()

    @property
    def filled(self) -> bool:
        """Whether there is anything to show."""
        return bool(self._figures)

    @property
    def _across(self) -> int:
        """How many stand side by side so that every head is read whole, in lines of like length."""
        count, metrics = len(self._figures) or 1, QFontMetrics(self._theme.font(CAPTION))
        heads = [metrics.horizontalAdvance(each.head) + self._theme.px(18) for each in self._figures]
        fit = max(1, self.width() // max(self._theme.px(_LEAST), *heads, 1))
        return -(-count // -(-count // fit)) if fit < count else count

    def _line_height(self) -> int:
        metrics = QFontMetrics(self._theme.font(CAPTION))
        room = self.width() / self._across - self._theme.px(18)
        lines = 2 if any(metrics.horizontalAdvance(each.words) > room for each in self._figures) else 1
        return self._theme.px(42) + lines * metrics.lineSpacing()

    def sizeHint(self) -> QSize:
        """As high as its lines of figures."""
        lines = -(-len(self._figures) // self._across) if self._figures else 0
        return QSize(self._theme.px(160), lines * self._line_height() + self._theme.px(10))

    minimumSizeHint = sizeHint

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Break the line anew."""
        self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the frame, the lines between, and the figures."""
        theme, px = self._theme, self._theme.px
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color("line"), px(1)))
        painter.setBrush(theme.color("paper"))
        frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(frame, px(8), px(8))
        across, high = self._across, self._line_height()
        wide = self.width() / across
        for at, each in enumerate(self._figures):
            left, top = wide * (at % across), px(5) + high * (at // across)
            if at % across:
                painter.setPen(QPen(theme.color("line"), px(1)))
                painter.drawLine(round(left), round(top - px(5)), round(left), round(top + high))
            self._draw_figure(painter, QRectF(left + px(11), top + px(4), wide - px(18), high - px(4)), each)
        painter.end()

    def _draw_figure(self, painter: QPainter, box: QRectF, each: KeyFigure) -> None:
        theme, px = self._theme, self._theme.px
        painter.setFont(theme.font(CAPTION))
        painter.setPen(theme.color("soft"))
        painter.drawText(box, Qt.AlignmentFlag.AlignTop, each.head)
        size = 16.0
        while size > 11 and QFontMetrics(theme.font(size, bold=True)).horizontalAdvance(each.figure) > box.width():
            size -= 0.5
        painter.setFont(theme.font(size, bold=True))
        painter.setPen(theme.color("ink"))
        painter.drawText(box.translated(0, px(17)), Qt.AlignmentFlag.AlignTop, each.figure)
        painter.setFont(theme.font(CAPTION))
        painter.setPen(theme.color("soft"))
        words = box.adjusted(0, px(38), 0, 0)
        painter.drawText(words, Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap, each.words)
