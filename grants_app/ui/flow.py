"""What stands along a line: small widgets that go on in the next one, tabs of which the last wait behind a button."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QResizeEvent, QShowEvent, QWheelEvent
from PySide6.QtWidgets import QMenu, QSizePolicy, QTabBar, QWidget

from grants_app.ui.theme import Theme
from grants_app.ui.widgets import button, give_icon


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


class TabBar(QTabBar):
    """Tabs that the wheel passes over: it scrolls the page beneath."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave it to the page."""
        event.ignore()

    def changeEvent(self, event: QEvent) -> None:
        """Ask for the room that the words need now."""
        super().changeEvent(event)
        if event.type() in {QEvent.Type.FontChange, QEvent.Type.StyleChange}:
            self.updateGeometry()


class Tabs(TabBar):
    """Tabs in one line. Those that have no room stand behind a button at its end; never the present one."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setElideMode(Qt.TextElideMode.ElideNone)
        self.setUsesScrollButtons(False)
        self.more = button("", self.offer, "link", name="More tabs", tip="The tabs that have no room here")
        give_icon(self.more, theme, "more", "soft")
        self.more.setParent(self)
        self.more.hide()
        self.currentChanged.connect(lambda _at: self._fit())

    def minimumSizeHint(self) -> QSize:
        """As narrow as one tab and the button."""
        return QSize(self._theme.px(120), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as many as there is room for."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Fit them anew when sizes change."""
        super().changeEvent(event)
        if event.type() in {QEvent.Type.FontChange, QEvent.Type.StyleChange}:
            self._fit()

    def offer(self) -> None:
        """Offer the tabs that have no room."""
        menu = QMenu(self)
        for at in range(self.count()):
            if not self.isTabVisible(at):
                menu.addAction(self.tabText(at).replace("&", "&&"), partial(self.setCurrentIndex, at))
        menu.popup(self.more.mapToGlobal(QPoint(0, self.more.height() + 2)))

    def _fit(self) -> None:
        wide = [self.tabSizeHint(at).width() for at in range(self.count())]
        tight = sum(wide) > self.width()
        aside = self._theme.px(32)
        left = self.width() - (aside if tight else 0) - (wide[self.currentIndex()] if wide else 0)
        for at, width in enumerate(wide):
            present = at == self.currentIndex()
            left -= 0 if present else width
            if self.isTabVisible(at) != (present or left >= 0):
                self.setTabVisible(at, present or left >= 0)
        self.more.setVisible(tight)
        shown = sum(width for at, width in enumerate(wide) if self.isTabVisible(at))
        self.more.setGeometry(min(shown, self.width() - aside), 0, aside, self.height())


def _set(line: Sequence[tuple[QWidget, QRect]], high: int, *, place: bool) -> None:
    """Put a line's widgets where they belong, the lower ones in its middle."""
    if place:
        for widget, box in line:
            widget.setGeometry(box.translated(0, (high - box.height()) // 2))
