"""Small widgets one after another, going on in the next line where there is no room."""

from collections.abc import Sequence

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from grants_app.ui.theme import Theme


class Flow(QWidget):
    """Holds widgets as a line of text holds words."""

    def __init__(self, theme: Theme, *, gap: int = 6) -> None:
        super().__init__()
        self._theme, self._gap = theme, gap
        self._widgets: list[QWidget] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_widgets(self, widgets: Sequence[QWidget]) -> None:
        """Hold these and no others."""
        for old in self._widgets:
            old.hide()
            old.deleteLater()
        self._widgets = list(widgets)
        for widget in widgets:
            widget.setParent(self)
            widget.show()
        self._place()

    def sizeHint(self) -> QSize:
        """As high as its lines."""
        return QSize(self._theme.px(60), self._lines(max(self.width(), 60), place=False))

    minimumSizeHint = sizeHint

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Break the lines anew."""
        self._place()

    def _place(self) -> None:
        self._lines(self.width(), place=True)
        self.updateGeometry()

    def _lines(self, width: int, *, place: bool) -> int:
        gap, x, y, high = self._theme.px(self._gap), 0, 0, 0
        for widget in self._widgets:
            size = widget.sizeHint()
            if x and x + size.width() > width:
                x, y, high = 0, y + high + gap, 0
            if place:
                widget.setGeometry(x, y, min(size.width(), max(width, 1)), size.height())
            x, high = x + size.width() + gap, max(high, size.height())
        return y + high
