"""Small parts that every page uses: labels, buttons, lines, cards, bounds of size; each looks as the theme says."""

from collections.abc import Callable
from typing import Literal, TypeVar

from PySide6.QtCore import QObject, QSize, Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from grants_app.ui.theme import Theme

Margins = int | tuple[int, int, int, int]
Look = Literal["", "title", "figure", "key", "heading", "caption", "soft", "problem", "warning"]


def label(text: str = "", look: Look = "", *, wrap: bool = False) -> QLabel:
    """Plain text (never markup) in one of the looks of the style sheet."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setProperty("look", look)
    made.setWordWrap(wrap)
    if wrap:
        made.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
    return made


class PushButton(QPushButton):
    """A button that Enter presses too, as Space does; Ctrl+Enter is left to the window that it stands in."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses it."""
        if not enter_presses(self, event):
            super().keyPressEvent(event)


def enter_presses(widget: QAbstractButton, event: QKeyEvent) -> bool:
    """Press a button where the key is Enter alone; whether it was."""
    held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and held == Qt.KeyboardModifier.NoModifier
    if enter and not event.isAutoRepeat():
        widget.click()
    return enter


def button(text: str, run: Callable[[], object], look: str = "", *, name: str = "", tip: str = "") -> QPushButton:
    """A button that does one thing; `name` is what a screen reader says where the text alone is not enough."""
    made = PushButton(text.replace("&", "&&"))
    made.setProperty("look", look)
    made.setAccessibleName(name or text)
    made.setToolTip(tip)
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    made.setAutoDefault(False)
    made.clicked.connect(lambda _checked=False: run())
    return made


def open_by_key(widget: QAbstractButton, event: QKeyEvent) -> bool:
    """Enter and the down arrow open a button's list, as Space does; whether the key was one of them."""
    opens = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down}
    if opens:
        widget.click()
    return opens


def restyle(widget: QWidget, name: str, value: object) -> None:
    """Set a property that the style sheet reads, and look accordingly at once."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def give_icon(widget: QPushButton, theme: Theme, name: str, token: str = "soft", size: int = 16) -> None:
    """Put an icon on a button, in a token's colour and a size of the design, at every zoom and in every theme."""
    widget.setProperty("picture", (name, token, size))
    widget.setIcon(theme.icon(name, token, size))
    widget.setIconSize(QSize(theme.px(size), theme.px(size)))


def line(*, upright: bool = False) -> QFrame:
    """A line one pixel thick."""
    made = QFrame()
    made.setProperty("look", "upright" if upright else "line")
    return made


def column(theme: Theme, *, margins: Margins = 0, gap: int = 8) -> QVBoxLayout:
    """A column of things with the design's spaces."""
    return _spaced(QVBoxLayout(), theme, margins, gap)


def row(theme: Theme, *, margins: Margins = 0, gap: int = 8) -> QHBoxLayout:
    """A row of things with the design's spaces."""
    return _spaced(QHBoxLayout(), theme, margins, gap)


def panel(layout: QLayout, *, ground: str = "", look: str = "", parent: QWidget | None = None) -> QWidget:
    """A widget that holds a layout, on a ground of the theme; with look "card", in a frame."""
    made = QFrame(parent) if look else QWidget(parent)
    if look:
        made.setProperty("look", look)
    if ground:
        made.setProperty("ground", ground)
        made.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    made.setLayout(layout)
    return made


def card(theme: Theme, title: str) -> QVBoxLayout:
    """The layout of a card with its title."""
    layout = column(theme, margins=20, gap=8)
    layout.addWidget(label(title, "key"))
    return layout


def one_card(theme: Theme, inside: QLayout, *, width: int) -> QVBoxLayout:
    """The layout of a page that is one card at its top, at most so wide; scrolled where it has no room."""
    held, page = column(theme, margins=20), column(theme, gap=0)
    held.addWidget(limited(panel(inside, look="card"), theme, width=width), 0, Qt.AlignmentFlag.AlignTop)
    page.addWidget(scrolled(panel(held, ground="wall"), ground="wall"))
    return page


def named(widget: QWidget, name: str) -> QLabel:
    """A heading that names the control below it."""
    widget.setAccessibleName(name)
    made = label(name, "heading")
    made.setBuddy(widget)
    return made


def scrolled(widget: QWidget, ground: str = "paper") -> QScrollArea:
    """A widget that is scrolled up and down where it has no room; the area itself takes no focus."""
    area = QScrollArea()
    area.setProperty("ground", ground)
    area.setWidget(widget)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area


def clear(layout: QLayout) -> None:
    """Take everything out of a layout and let it go."""
    while (item := layout.takeAt(0)) is not None:
        if widget := item.widget():
            widget.hide()
            widget.deleteLater()
        elif inner := item.layout():
            clear(inner)


def announce(widget: QWidget, words: str) -> None:
    """Let a screen reader say something that appeared without the focus moving there."""
    if QAccessible.isActive():
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, words))


def sized(widget: QWidget, theme: Theme, *, width: int = 0, height: int = 0) -> QWidget:
    """Fix a widget's width or height (0: leave it) in sizes of the design, at every zoom."""
    widget.setProperty("sized", (width, height))
    if width:
        widget.setFixedWidth(theme.px(width))
    if height:
        widget.setFixedHeight(theme.px(height))
    return widget


def respace(root: QWidget, theme: Theme) -> None:
    """Bring the spaces, fixed sizes and icons of everything in a window to the theme."""
    for layout in root.findChildren(QBoxLayout):
        if (spaces := layout.property("spaces")) is not None:
            _space(layout, theme, *spaces)
    for widget in root.findChildren(QWidget):
        if (sizes := widget.property("sized")) is not None:
            sized(widget, theme, width=sizes[0], height=sizes[1])
    for button_ in root.findChildren(QPushButton):
        if (picture := button_.property("picture")) is not None:
            give_icon(button_, theme, *picture)


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


_Box = TypeVar("_Box", bound=QBoxLayout)


def _spaced(layout: _Box, theme: Theme, margins: Margins, gap: int) -> _Box:
    spaces = (margins,) * 4 if isinstance(margins, int) else margins
    layout.setProperty("spaces", (*spaces, gap))
    _space(layout, theme, *spaces, gap)
    return layout


def _space(layout: QBoxLayout, theme: Theme, left: int, top: int, right: int, bottom: int, gap: int) -> None:
    layout.setContentsMargins(*(theme.px(space) if space else 0 for space in (left, top, right, bottom)))
    layout.setSpacing(theme.px(gap) if gap else 0)
