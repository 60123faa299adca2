"""The sidebar: the programme switcher, and a way to every page with a count where something waits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QEnterEvent, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QMenu, QSizePolicy, QWidget

from grants_app.ui.theme import BODY, CAPTION, Theme
from grants_app.ui.widgets import column, enter_presses, line, open_by_key, panel, scrolled

WIDE, NARROW = 196, 56
_HEIGHTS = (32, 28)


@dataclass(frozen=True)
class Entry:
    """One page in the sidebar: its key, its name, its icon, and the group that it stands in."""

    key: str
    title: str
    icon: str
    group: str


class _Painted(QAbstractButton):
    """A button of the sidebar that draws itself: quicker to start than a styled one."""

    def __init__(self, theme: Theme, height: int) -> None:
        super().__init__()
        self._theme, self._height, self.narrow = theme, height, False
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_height(self, height: int) -> None:
        """Be so high, in pixels of the design."""
        if height != self._height:
            self._height = height
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        """The design's height; the width is the sidebar's."""
        return QSize(self._theme.px(36), self._theme.px(self._height))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses it, as Space does."""
        if not enter_presses(self, event):
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show that it can be pressed."""
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Stop showing that."""
        self.update()

    def _ground(self, painter: QPainter, colour: str | None, edge: str | None = None) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        px = self._theme.px
        inside = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        focused = self.hasFocus()
        if colour or edge or focused:
            edge_colour = "accent" if focused else edge
            painter.setPen(
                QPen(self._theme.color(edge_colour), px(2 if focused else 1)) if edge_colour else Qt.PenStyle.NoPen
            )
            painter.setBrush(self._theme.color(colour) if colour else Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(inside, px(6), px(6))


class NavButton(_Painted):
    """A page's name with its icon; lit while the page is shown; a count where something waits."""

    def __init__(self, theme: Theme, entry: Entry) -> None:
        super().__init__(theme, _HEIGHTS[0])
        self.entry, self.count = entry, 0
        self.setCheckable(True)
        self.set_count(0)

    def set_count(self, count: int) -> None:
        """Show how many wait; none shows nothing."""
        self.count = count
        self.setAccessibleName(f"{self.entry.title}, {count} waiting" if count else self.entry.title)
        self.setToolTip(self.entry.title if self.narrow else "")
        self.update()

    def nextCheckState(self) -> None:
        """Pressing it goes to the page; the window lights it when the page is shown."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw ground, icon, name and count."""
        theme, px = self._theme, self._theme.px
        painter = QPainter(self)
        lit = self.isChecked()
        self._ground(painter, "wash" if lit else "line" if self.underMouse() else None)
        token = "accent" if lit else "soft"
        left = (self.width() - px(18)) // 2 if self.narrow else px(10)
        theme.icon(self.entry.icon, token).paint(painter, left, (self.height() - px(18)) // 2, px(18), px(18))
        if not self.narrow:
            painter.setPen(theme.color("accent" if lit else "ink"))
            painter.setFont(theme.font(BODY, bold=lit))
            painter.drawText(
                self.rect().adjusted(px(36), 0, -px(8), 0), Qt.AlignmentFlag.AlignVCenter, self.entry.title
            )
        if self.count:
            self._draw_count(painter)
        painter.end()

    def _draw_count(self, painter: QPainter) -> None:
        theme, px = self._theme, self._theme.px
        words = f"{self.count:,}" if self.count < 1000 else "999+"
        font = theme.font(10 if self.narrow else CAPTION, bold=True)
        height = px(14 if self.narrow else 20)
        width = max(height, QFontMetrics(font).horizontalAdvance(words) + px(6 if self.narrow else 10))
        top = px(1) if self.narrow else (self.height() - height) // 2
        badge = QRectF(self.width() - width - px(1 if self.narrow else 8), top, width, height)
        painter.setPen(
            QPen(theme.color("bad")) if theme.color("bad_wash") == theme.color("paper") else Qt.PenStyle.NoPen
        )
        painter.setBrush(theme.color("bad_wash"))
        painter.drawRoundedRect(badge, height / 2, height / 2)
        painter.setPen(theme.color("bad"))
        painter.setFont(font)
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, words)


class Switcher(_Painted):
    """The programme that everything shown belongs to, or all; pressing it offers the others."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, 54)
        self.set_name("All programmes")

    def set_name(self, name: str) -> None:
        """Show which programme is chosen."""
        self._name = name
        self.setAccessibleName(f"Programme: {name}")
        self.setToolTip(f"Programme: {name}")
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and the down arrow open the list."""
        if not open_by_key(self, event):
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the box, its caption and the name."""
        theme, px = self._theme, self._theme.px
        painter = QPainter(self)
        self._ground(painter, "wall" if self.underMouse() else "paper", "line")
        if self.narrow:
            left, top = (self.width() - px(18)) // 2, (self.height() - px(18)) // 2
            theme.icon("programme").paint(painter, left, top, px(18), px(18))
        else:
            inside = self.rect().adjusted(px(11), px(8), -px(28), -px(8))
            painter.setPen(theme.color("soft"))
            painter.setFont(theme.font(11))
            painter.drawText(inside, Qt.AlignmentFlag.AlignTop, "Programme")
            font = theme.font(BODY, bold=True)
            painter.setPen(theme.color("ink"))
            painter.setFont(font)
            name = QFontMetrics(font).elidedText(self._name, Qt.TextElideMode.ElideRight, inside.width())
            painter.drawText(inside, Qt.AlignmentFlag.AlignBottom, name)
            icon = theme.icon("down", size=14)
            icon.paint(painter, self.width() - px(24), self.height() - px(8) - px(17), px(14), px(14))
        painter.end()


class Sidebar(QWidget):
    """The switcher and the pages in their groups; icons alone where the window is narrow.

    Where there is no room for all, what stands between the switcher and the last group is scrolled.
    """

    chosen = Signal(str)
    programme_chosen = Signal(object)
    programme_opened = Signal(int)

    def __init__(self, theme: Theme, entries: Sequence[Entry]) -> None:
        super().__init__()
        self._theme, self._programmes, self._programme = theme, {}, None
        self.buttons: dict[str, NavButton] = {}
        self.switcher = Switcher(theme)
        self.switcher.clicked.connect(self._offer)
        self.setProperty("ground", "wall")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("Pages")
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._fit)
        self._arrange([list(members) for _group, members in groupby(entries, lambda entry: entry.group)])
        self.pages.verticalScrollBar().rangeChanged.connect(lambda _least, most: self._soon.start() if most else None)
        self.set_narrow(narrow=False)

    _programmes: Mapping[int, str]
    _programme: int | None

    def _arrange(self, groups: Sequence[Sequence[Entry]]) -> None:
        theme = self._theme
        pages = column(theme, margins=(10, 0, 10, 2), gap=2)
        for number, members in enumerate(groups[:-1]):
            if number:
                holder = column(theme, margins=(4, 4, 4, 4), gap=0)
                holder.addWidget(line())
                pages.addLayout(holder)
            for entry in members:
                pages.addWidget(self._button(entry))
        pages.addStretch()
        self.pages = scrolled(panel(pages, ground="wall"), "wall")
        self.pages.verticalScrollBar().setProperty("look", "thin")
        above, below = column(theme, margins=(10, 12, 10, 8)), column(theme, margins=(10, 4, 10, 8), gap=2)
        above.addWidget(self.switcher)
        for entry in groups[-1] if groups else ():
            below.addWidget(self._button(entry))
        layout = column(theme, gap=0)
        layout.addLayout(above)
        layout.addWidget(self.pages, 1)
        layout.addWidget(line())
        layout.addLayout(below)
        self.setLayout(layout)

    def _button(self, entry: Entry) -> QWidget:
        made = NavButton(self._theme, entry)
        made.clicked.connect(lambda: self.chosen.emit(entry.key))
        self.buttons[entry.key] = made
        return made

    def set_narrow(self, *, narrow: bool) -> None:
        """Show icons alone, or icons with names."""
        for button in (self.switcher, *self.buttons.values()):
            button.narrow = narrow
            button.update()
        for nav in self.buttons.values():
            nav.set_count(nav.count)
        self.setFixedWidth(self._theme.px(NARROW if narrow else WIDE))
        self._soon.start()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the pages stand a little closer where they would be cut off."""
        super().resizeEvent(event)
        self._soon.start()  # once its parts have their room

    def _fit(self) -> None:
        inside, room = self.pages.widget(), self.pages.height()
        layout = inside.layout() if inside is not None else None
        if inside is None or layout is None:
            return
        for height in _HEIGHTS:
            for button in self.buttons.values():
                button.set_height(height)
            if layout.sizeHint().height() <= room:
                break

    def light(self, key: str) -> None:
        """Light the page that is shown."""
        for name, button in self.buttons.items():
            button.setChecked(name == key)
            if name == key and self.pages.isAncestorOf(button):
                self.pages.ensureWidgetVisible(button)

    def set_programmes(self, programmes: Mapping[int, str], chosen: int | None) -> None:
        """The programmes to choose from, by id, and which one is chosen (None: all)."""
        self._programmes, self._programme = programmes, chosen
        only = next(iter(programmes.values())) if len(programmes) == 1 else "All programmes"
        self.switcher.set_name(programmes.get(chosen, only) if chosen else only)

    def _offer(self) -> None:
        menu = QMenu(self)
        alone = len(self._programmes) == 1  # then it is all that there is, chosen or not
        if opened := self._programme or (next(iter(self._programmes)) if alone else None):
            menu.addAction(f"Open {self._programmes[opened]}", partial(self.programme_opened.emit, opened))
            menu.addSeparator()
        for chosen, name in (*(() if alone else ((None, "All programmes"),)), *self._programmes.items()):
            action = menu.addAction(
                name.replace("&", "&&"), partial(self.programme_chosen.emit, None if alone else chosen)
            )
            action.setCheckable(True)
            action.setChecked(alone or chosen == self._programme)
        menu.addSeparator()
        words = "Programmes and their budgets …" if self._programmes else "Start a programme …"
        menu.addAction(words, lambda: self.chosen.emit("programme"))
        menu.popup(self.switcher.mapToGlobal(QPoint(0, self.switcher.height())))
