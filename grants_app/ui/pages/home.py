"""My week: what waits, each line with its one action; then budget, reach, boroughs, months, results, changes."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QScrollArea, QWidget
from sqlalchemy.orm import Session

from grants_app import clock, wording
from grants_app.operations import editing, engagements
from grants_app.records import Record
from grants_app.records.control import Task
from grants_app.store import Changes
from grants_app.ui.desk import Desk
from grants_app.ui.frame import HeaderAction
from grants_app.ui.pages.todo import Do, Letter, Todo, beginning, letter_for, note_chase, todo
from grants_app.ui.pages.todo_list import TodoLine, TodoList
from grants_app.ui.theme import Theme
from grants_app.ui.view import View
from grants_app.ui.widgets import clear, column, label, panel, row

if TYPE_CHECKING:
    from grants_app.ui.pages.week import Week

_ACROSS, _DRAWN_MS = 900, 30


class HomeView(View):
    """My week."""

    tells_waiting = True

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.items: Sequence[Todo] = ()
        self.first: type[Record] | None = None
        self.week: Week | None = None
        self._stale, self._across = True, 0
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAccessibleName("My week")
        self.setProperty("ground", "wall")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.list = TodoList(self.theme, self.act, lambda kind: desk.new_asked.emit(kind.__tablename__))
        self.figures = column(self.theme, gap=12)
        self._right = panel(self.figures)
        self._grid = QGridLayout()
        self._grid.setSpacing(self.theme.px(12))
        holder = column(self.theme, margins=(20, 14, 20, 14), gap=0)
        holder.addLayout(self._grid)
        self._area = QScrollArea()
        self._area.setWidget(panel(holder, ground="wall"))
        self._area.setProperty("ground", "wall")
        self._area.setWidgetResizable(True)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        layout = column(self.theme, gap=0)
        layout.addWidget(self._area)
        self.setLayout(layout)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._read)
        self.theme.changed.connect(self._show_again)

    def heading(self) -> tuple[str, str]:
        """The page's name and the day."""
        return "My week", wording.weekday_text(clock.today())

    def header_actions(self) -> Sequence[HeaderAction]:
        """To log an engagement."""
        return (HeaderAction("Log an engagement", self.desk.log_asked.emit, main=True, tip="Ctrl+L", short="Log"),)

    def enter(self, record: int | None, *, whole: bool) -> None:
        """Read what waits, if anything changed since."""
        self.setFocus()
        if self._stale:
            self._soon.start()

    def changed(self, changes: Changes) -> None:
        """Read again: everything may bear on what waits; a hidden page waits until it is shown."""
        self._stale = True
        if self.isVisible():
            self._soon.start()

    def switched(self) -> None:
        """Read what waits in the programme that is chosen now."""
        self._stale = True
        if self.isVisible():
            self._soon.start()

    def _read(self) -> None:
        self._stale = False
        desk = self.desk
        programme, officer = desk.programme, desk.store.officer

        def waits(session: Session) -> tuple[list[Todo], type[Record] | None]:
            return todo(session, programme, officer), beginning(session)

        def figures(session: Session) -> "Week":
            from grants_app.ui.pages.week import week

            return week(session, programme)

        desk.read(waits, self.show_items, owner=self, key="todo")
        desk.read(figures, self.show_week, owner=self, key="week", figures=True)
        QTimer.singleShot(_DRAWN_MS, _read_charts)

    def show_items(self, found: "tuple[list[Todo], type[Record] | None]") -> None:
        """Show what waits, or what the file begins with."""
        self.items, self.first = found
        self.waiting.emit(len(self.items))
        self.list.show_items(self.items, self.first)

    def show_week(self, found: "Week") -> None:
        """Show the figures."""
        from grants_app.ui.chart import ChartView

        self.week = found
        clear(self.figures)
        theme = self.theme
        tops = row(theme, gap=12)
        tops.addWidget(_figure(theme, "Budget left", wording.money_text(found.budget_left), _budget_words(found)), 1)
        reach = _figure(theme, "People reached", wording.range_text(*found.reach), _reach_words(found))
        reach.setToolTip(_HOW)
        tops.addWidget(reach, 1)
        self.figures.addLayout(tops)
        charts = row(theme, gap=12)
        charts.addWidget(_card(theme, found.boroughs.title, ChartView(theme, found.boroughs), found.boroughs.counts), 1)
        charts.addWidget(_card(theme, found.months.title, ChartView(theme, found.months), ""), 1)
        self.figures.addLayout(charts)
        self.figures.addWidget(self._last_card(found))
        self.figures.addStretch()

    def _show_again(self) -> None:
        """Show the same in other sizes."""
        self._across = 0
        self.list.show_items(self.items, self.first, anew=True)
        if self.week is not None:
            self.show_week(self.week)

    def _last_card(self, found: "Week") -> QWidget:
        from grants_app.ui.chart import ChartView

        theme = self.theme
        held = column(theme, margins=16, gap=8)
        if found.changes is not None:
            held.addWidget(label(found.changes.title, "heading"))
            held.addWidget(ChartView(theme, found.changes))
        held.addWidget(label("Recent changes", "heading"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.px(16))
        grid.setVerticalSpacing(theme.px(8))
        grid.setColumnStretch(0, 1)
        for at, (words, officer, when) in enumerate(found.recent):
            grid.addWidget(label(words, wrap=True), at, 0)
            grid.addWidget(label(officer, "soft"), at, 1)
            grid.addWidget(label(wording.time_text(when), "soft"), at, 2, Qt.AlignmentFlag.AlignRight)
        held.addLayout(grid)
        if not found.recent:
            held.addWidget(label("Nothing has been changed in this file yet.", "soft"))
        return panel(held, look="card")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What waits at the left and figures at the right; one under the other where the window is narrow."""
        across = 2 if self.width() / self.theme.zoom >= _ACROSS else 1
        if across != self._across:
            self._across = across
            self._grid.addWidget(self.list, 0, 0)
            self._grid.addWidget(self._right, 0 if across == 2 else 1, 1 if across == 2 else 0)
            self._grid.setColumnStretch(0, 2)
            self._grid.setColumnStretch(1, 3 if across == 2 else 0)

    def act(self, item: Todo, line_: TodoLine) -> None:
        """Do the one thing that a line asks for."""
        desk = self.desk
        if item.do is Do.COUNT:
            self._count(item, line_)
        elif item.do is Do.DONE:
            done = partial(editing.save, kind=Task, id=item.record, values={"done": clock.today()})
            desk.do(done, owner=self)
        elif item.do is Do.CHASE:
            kind, record = item.kind, item.record
            desk.read(lambda session: letter_for(session, kind, record), partial(self._chase, item), owner=self)
        else:
            desk.open(item.kind, item.record, whole=True)

    def _count(self, item: Todo, line_: TodoLine) -> None:
        try:
            attended = wording.read_whole(line_.box.text())
        except ValueError as error:
            line_.say(str(error))
            return
        deliver = partial(engagements.deliver, engagement_id=item.record, attended=attended)
        self.desk.do(deliver, owner=self, refused=lambda error: line_.say(str(error)))

    def _chase(self, item: Todo, letter: Letter) -> None:
        QDesktopServices.openUrl(QUrl(letter.link(item.words)))
        self.desk.do(partial(note_chase, item=item, letter=letter), owner=self)


def _read_charts() -> None:
    """Read the module that draws charts while the figures are still being reckoned."""
    import grants_app.ui.chart  # noqa: F401


def _figure(theme: Theme, head: str, figure: str, words: str) -> QWidget:
    held = column(theme, margins=(14, 10, 14, 10), gap=2)
    held.addWidget(label(head, "heading"))
    number = label(figure, "figure")
    number.setAccessibleName(f"{head}: {figure}, {words}")
    held.addWidget(number)
    held.addWidget(label(words, "caption", wrap=True))
    return panel(held, look="card")


def _card(theme: Theme, head: str, chart: QWidget, note: str) -> QWidget:
    held = column(theme, margins=16, gap=8)
    held.addWidget(label(head, "heading"))
    held.addWidget(chart)
    held.addStretch()
    if note:
        held.addWidget(label(note, "caption", wrap=True))
    return panel(held, look="card")


_HOW = (
    "Each person counted once per grant. At most: every attendance was somebody new. At least: for each grant, the "
    "larger of its largest attendance and the sum of its new people."
)


def _budget_words(found: "Week") -> str:
    pending = f" · {wording.money_text(found.pending)} pending" if found.pending else ""
    return f"of {wording.money_text(found.budget)}{pending}"


def _reach_words(found: "Week") -> str:
    return f"a range, from {wording.counted(found.attendances, 'attendance')}"
