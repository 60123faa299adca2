"""Small widgets one after another, going on in the next line where there is no room."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRect, QSize
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from grants_app.ui.theme import Theme


class Flow(QWidget):
    """Holds widgets as a line of text holds words; a hidden one takes no room."""

    def __init__(self, theme: Theme, *, gap: int = 6) -> None:
        super().__init__()
        self._theme, self._gap = theme, gap
        self._widgets: list[QWidget] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_widgets(self, widgets: Sequence[QWidget]) -> None:
        """Hold these and no others; one that it held already stays as it is, hidden too."""
        for old in self._widgets:
            if old not in widgets:
                old.hide()
                old.deleteLater()
        for widget in widgets:
            if widget not in self._widgets:
                widget.setParent(self)
                widget.show()
        self._widgets = list(widgets)
        self._place()

    def sizeHint(self) -> QSize:
        """As high as its lines."""
        return QSize(self._theme.px(60), self._lines(max(self.width(), 60), place=False))

    minimumSizeHint = sizeHint

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Break the lines anew."""
        self._place()

    def showEvent(self, event: QShowEvent) -> None:
        """Break the lines by what the widgets say now."""
        super().showEvent(event)
        self._place()

    def event(self, event: QEvent) -> bool:
        """Break the lines anew when a widget in them is shown, hidden or becomes wider."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._place()
        return super().event(event)

    def _place(self) -> None:
        self._lines(self.width(), place=True)
        self.updateGeometry()

    def _lines(self, width: int, *, place: bool) -> int:
        gap, x, y, high = self._theme.px(self._gap), 0, 0, 0
        line: list[tuple[QWidget, QRect]] = []
        for widget in self._widgets:
            if widget.isHidden():
                continue
            size = widget.sizeHint().expandedTo(widget.minimumSize()).boundedTo(widget.maximumSize())
            if x and x + size.width() > width:
                _set(line, high, place=place)
                line, x, y, high = [], 0, y + high + gap, 0
            line.append((widget, QRect(x, y, min(size.width(), max(width, 1)), size.height())))
            x, high = x + size.width() + gap, max(high, size.height())
        _set(line, high, place=place)
        return y + high


def _set(line: Sequence[tuple[QWidget, QRect]], high: int, *, place: bool) -> None:
    """Put a line's widgets where they belong, the lower ones in its middle."""
    if place:
        for widget, box in line:
            widget.setGeometry(box.translated(0, (high - box.height()) // 2))
