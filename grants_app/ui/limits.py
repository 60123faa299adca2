"""Bounds of a widget's size in sizes of the design, kept at every zoom."""

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from grants_app.ui.theme import Theme


class _Limits(QObject):
    """Goes with its widget: it is gone when that is, so that the theme calls nobody who has left."""

    def __init__(self, widget: QWidget, theme: Theme, *, width: int, least_height: int, height: int) -> None:
        super().__init__(widget)
        self._widget, self._theme = widget, theme
        self._width, self._least_height, self._height = width, least_height, height
        theme.changed.connect(self._set)
        self._set()

    def _set(self) -> None:
        px = self._theme.px
        if self._width:
            self._widget.setMaximumWidth(px(self._width))
        if self._least_height:
            self._widget.setMinimumHeight(px(self._least_height))
        if self._height:
            self._widget.setFixedHeight(px(self._height))


def grow(window: QWidget) -> None:
    """Let a small window be as high as what it holds now, where it is lower."""
    layout = window.layout()
    if layout is not None:
        layout.activate()
        wide = layout.hasHeightForWidth()
        needed = layout.totalHeightForWidth(window.width()) if wide else layout.sizeHint().height()
        window.resize(window.width(), max(window.height(), needed))


def limited(widget: QWidget, theme: Theme, *, width: int = 0, least_height: int = 0, height: int = 0) -> QWidget:
    """Let a widget be at most so wide, at least so high, or just so high (0: leave it)."""
    _Limits(widget, theme, width=width, least_height=least_height, height=height)
    return widget
