"""The frame around every page: the bar above with its title and main action, its foot, and what is told of the file."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton, QSizePolicy, QWidget
from sqlalchemy import select
from sqlalchemy.orm import Session

from grants_app import clock, wording
from grants_app.records.history import Step
from grants_app.records.programme import Programme
from grants_app.store import settings, undoing
from grants_app.ui.badges import draw_shape
from grants_app.ui.tasks import Task
from grants_app.ui.theme import Theme
from grants_app.ui.widgets import PushButton, announce, button, clear, give_icon, label, row, sized

SLOW_MS = 300
"""Work that takes longer shows its progress."""
_NARROW = 720
"""Under this width of the bar, in pixels of the design, buttons show their short words."""
_WAITS = "Another program is writing to this file; waiting for it"
SAMPLE_NOTICE = "Sample data: figures are illustrative"


@dataclass(frozen=True)
class HeaderAction:
    """A button of a page in the bar above it: `main` for its one main action, `tip` with its keys.

    One that `opens` a menu is told where to. `short` words take their place where the bar is narrow.
    """

    words: str
    run: Callable[[], object]
    main: bool = False
    tip: str = ""
    can: bool = True
    opens: Callable[[QPoint], object] | None = None
    short: str = ""


class Elided(QLabel):
    """A line of text that ends with an ellipsis where it has no room; its whole text is its tooltip."""

    def __init__(self, theme: Theme, look: str = "caption") -> None:
        super().__init__()
        self._theme = theme
        self.setProperty("look", look)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

    def minimumSizeHint(self) -> QSize:
        """Room for a word."""
        return QSize(self._theme.px(24), super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw what fits."""
        shown = QFontMetrics(self.font()).elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        self.setToolTip(self.text() if shown != self.text() else "")
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.rect(), self.alignment() | Qt.AlignmentFlag.AlignVCenter, shown)
        painter.end()


class Tick(QWidget):
    """The tick before "Saved"; it says nothing that the words do not."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setAccessibleName("Saved")
        sized(self, theme, width=10, height=10)
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        painter = QPainter(self)
        draw_shape(painter, "tick", QRectF(self.rect()), self._theme.color("good"))
        painter.end()


class SearchBox(PushButton):
    """Looks like a search box and opens the palette, where the typing happens."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setProperty("look", "field")
        self.setAccessibleName("Search or type a command, Ctrl+K")
        self.setCursor(Qt.CursorShape.IBeamCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """The design's width where there is room."""
        return QSize(self._theme.px(330), self._theme.px(32))

    def minimumSizeHint(self) -> QSize:
        """Room for the picture of a lens."""
        return QSize(self._theme.px(40), self._theme.px(32))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the lens, the words that fit, and the keys."""
        super().paintEvent(event)
        theme, px = self._theme, self._theme.px
        painter = QPainter(self)
        theme.icon("search", size=16).paint(painter, px(10), (self.height() - px(16)) // 2, px(16), px(16))
        inside = self.rect().adjusted(px(34), 0, -px(10), 0)
        painter.setPen(theme.color("soft"))
        keys_font = theme.font(11)
        room = inside.width() - QFontMetrics(keys_font).horizontalAdvance("Ctrl K") - px(12)
        words = "Search or type a command"
        if QFontMetrics(theme.font()).horizontalAdvance(words) > room:
            words = "Search"
        if room > px(40):
            painter.setFont(theme.font())
            painter.drawText(inside, Qt.AlignmentFlag.AlignVCenter, words)
            painter.setFont(keys_font)
            painter.drawText(inside, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, "Ctrl K")
        painter.end()


class TopBar(QWidget):
    """The page's title and count, the way back, the search box, and the page's buttons with its main one last."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._actions: Sequence[HeaderAction] = ()
        self.made: list[QPushButton] = []
        self._narrow = False
        self.setProperty("ground", "paper")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.back = button("", lambda: None, "link", name="Back", tip="Back (Alt+←)")
        self.title, self.note, self.search = Elided(theme, "title"), Elided(theme, "soft"), SearchBox(theme)
        give_icon(self.back, theme, "back", "accent", 18)
        self._buttons = row(theme)
        layout = row(theme, margins=(20, 0, 20, 0), gap=12)
        for widget in (self.back, self.title, self.note):
            layout.addWidget(widget)
        layout.addStretch(1)
        layout.addWidget(self.search, 1)
        layout.addLayout(self._buttons)
        self.setLayout(layout)
        self.search.setMaximumWidth(theme.px(330))
        sized(self, theme, height=51)
        self.colour()

    def colour(self) -> None:
        """Take on the theme's sizes."""
        self.search.setMaximumWidth(self._theme.px(330))

    def _is_narrow(self) -> bool:
        return self.width() / self._theme.zoom < _NARROW

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Short words on the buttons where there is no room for long ones."""
        super().resizeEvent(event)
        if self._is_narrow() != self._narrow:
            self.head(self.title.text(), self.note.text(), self._actions)

    def head(self, title: str, note: str, actions: Sequence[HeaderAction]) -> None:
        """Show a page's title, the small words beside it, and its buttons."""
        self.title.setText(title)
        self.note.setText(note)
        self._actions, self._narrow = actions, self._is_narrow()
        clear(self._buttons)
        self.made = []
        for action in actions:
            made = button(action.words, action.run, "primary" if action.main else "", tip=action.tip)
            if self._narrow and action.short:
                made.setText(action.short)
            made.setEnabled(action.can)
            if action.opens is not None:
                give_icon(made, self._theme, "down", "ink", 12)
                made.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
                made.clicked.connect(partial(_open_under, made, action.opens))
            self._buttons.addWidget(made)
            self.made.append(made)

    def press(self, words: str) -> None:
        """Press the button of an action by its words, where it is there and can be pressed."""
        for action, made in zip(self._actions, self.made, strict=True):
            if action.words == words and made.isEnabled():
                made.click()


def _open_under(made: QPushButton, opens: Callable[[QPoint], object]) -> None:
    opens(made.mapToGlobal(QPoint(0, made.height() + 2)))


class Foot(QWidget):
    """What is saved, the last step with Undo, the progress of long work with Cancel, the file and its backup."""

    undo_asked = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme, self._task = theme, None
        self.setProperty("ground", "paper")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.saved, self.step, self.file = label("", "caption"), Elided(theme), Elided(theme)
        self.tick = Tick(theme)
        self.undo = button("Undo", self.undo_asked.emit, "link", tip="Undo (Ctrl+Z)")
        self.working, self.progress = Elided(theme), QProgressBar()
        self.progress.setTextVisible(False)
        self.cancel = button("Cancel", self._cancel, "link", tip="Stop this work; nothing of it is kept")
        self.file.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.file.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        layout = row(theme, margins=(20, 0, 20, 0), gap=8)
        for widget in (self.tick, self.saved, self.step, self.undo, self.working, self.progress, self.cancel):
            layout.addWidget(widget)
        layout.addWidget(self.file, 1)
        self.setLayout(layout)
        sized(self, theme, height=28)
        sized(self.progress, theme, width=120)
        self.undo.hide()
        self._wait = QTimer(self, singleShot=True, interval=SLOW_MS)
        self._wait.timeout.connect(lambda: self._show_work(shown=True))
        self._show_work(shown=False)

    _task: Task | None

    def show_saved(self, when: str) -> None:
        """Say when the last change was kept ("14:02"); it is kept on the disk when this is shown."""
        self.saved.setText(f"Saved {when}" if when else "")
        self.tick.setVisible(bool(when))

    def show_step(self, words: str, *, can_undo: bool) -> None:
        """Show the last step, and whether it can be taken back."""
        self.step.setText(words)
        self.undo.setVisible(bool(words) and can_undo)
        self.undo.setAccessibleName(f"Undo {words}")

    def show_file(self, parts: Sequence[str]) -> None:
        """Show the file's name and what else holds for it: when it was backed up, that it is sample data."""
        self.file.setText(" · ".join(part for part in parts if part))

    def begin(self, task: Task) -> None:
        """Work has begun; it is shown if it lasts."""
        self._task = task
        self.working.setText(task.words)
        self.progress.setRange(0, 0)
        self._wait.start()

    def wait(self, task: Task) -> None:
        """Another program is writing to the file, and the work waits for it: that is shown at once, with Cancel."""
        self._task = task
        self.working.setText(_WAITS)
        self.progress.setRange(0, 0)
        self._wait.stop()
        self._show_work(shown=True)

    def advance(self, task: Task, done: int, of: int) -> None:
        """Show how far it is."""
        if task is self._task:
            if task.waits and not task.cancelled:
                self.working.setText(task.words or "Saving")
            self.progress.setRange(0, of)
            self.progress.setValue(done)
            self.progress.setAccessibleName(f"{task.words}: {wording.number_text(done)} of {wording.number_text(of)}")

    def end(self, task: Task) -> None:
        """The work is over."""
        if task is self._task:
            self._task = None
            self._wait.stop()
            self._show_work(shown=False)

    def _show_work(self, *, shown: bool) -> None:
        for widget in (self.working, self.progress, self.cancel):
            widget.setVisible(shown)
        self.step.setVisible(not shown)
        if shown and self._task:
            announce(self, self.working.text())

    def _cancel(self) -> None:
        if self._task:
            self._task.cancel()
            self.working.setText("Stopping …")


@dataclass(frozen=True)
class FrameStatus:
    """Programmes by id; how many wait on each page; the last step's words; when saved and backed up; a notice."""

    programmes: Mapping[int, str]
    counts: Mapping[str, int]
    step: str = ""
    can_undo: bool = False
    saved: str = ""
    backed_up: str = ""
    notice: str = ""


def frame_status(
    counts: Mapping[str, Callable[[Session, int | None, str], int]], officer: str, programme: int | None, file: Path
) -> Callable[[Session], FrameStatus]:
    """A reading of what the frame shows; `counts` say for each page how many wait on it."""

    def read(session: Session) -> FrameStatus:
        newest = session.scalars(select(Step).order_by(Step.id.desc()).limit(1)).first()
        mine = undoing.last_step(session, officer)
        found = session.execute(select(Programme.id, Programme.name).order_by(Programme.name))
        return FrameStatus(
            programmes={int(record): str(name) for record, name in found},
            counts={key: count(session, programme, officer) for key, count in counts.items()},
            step=mine.words if mine is not None else "",
            can_undo=mine is not None and not mine.final,
            saved=wording.time_text(newest.at) if newest is not None else "",
            backed_up=_backed_up(file),
            notice=SAMPLE_NOTICE if settings.get(session, settings.SAMPLE) else "",
        )

    return read


def _backed_up(file: Path) -> str:
    from grants_app.store import backup

    newest = next(iter(backup.listed(file)), None)
    if newest is None:
        return "not backed up yet"
    today = clock.local(clock.now()).date()
    return (
        f"backed up {newest.made:%H:%M}"
        if newest.made.date() == today
        else f"backed up {wording.short_date(newest.made.date())}"
    )
