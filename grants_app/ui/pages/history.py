"""History: every step of every officer, what each changed, undoing one's own, and the bin."""

from collections.abc import Sequence
from datetime import date
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLineEdit, QSplitter, QStackedWidget, QWidget

from grants_app import wording
from grants_app.errors import Refused
from grants_app.records import kind_named
from grants_app.store import Changes, undoing
from grants_app.ui import steps
from grants_app.ui.badges import Badge
from grants_app.ui.desk import Desk
from grants_app.ui.dialogs import Sheet
from grants_app.ui.flow import Flow, TabBar
from grants_app.ui.frame import HeaderAction
from grants_app.ui.inputs import Choice, DateLine, Line
from grants_app.ui.lines import Item, Lines
from grants_app.ui.pages.deletions import Bin
from grants_app.ui.prose import Prose
from grants_app.ui.steps import Wanted, step_html
from grants_app.ui.view import View
from grants_app.ui.widgets import button, column, label, line, panel, restyle, row, sized

_NARROW = 900
_STEPS, _STEP, _BIN = range(3)
_EVERYBODY = "Everybody"
_TYPES_MS = 250


class HistoryView(View):
    """The steps as a list, the one chosen beside it, and the bin behind a tab."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.filters = StepFilters(desk)
        self.step: steps.StepDetail | None = None
        self._started = self._all_read = self._reading = self.slim = False
        self.list = Lines(self.theme, "Steps")
        self.told = Prose(self.theme, "What the step did", self._follow)
        self.bin = Bin(desk)
        self._arrange()
        self._connect()

    def _arrange(self) -> None:
        theme = self.theme
        self.tabs, self.stack = TabBar(), QStackedWidget()
        for part in (self._steps(), self.bin):
            self.stack.addWidget(part)
        for title in ("Steps", "The step", "Bin"):
            self.tabs.addTab(title)
        self.tabs.setTabVisible(_STEP, False)
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setElideMode(Qt.TextElideMode.ElideNone)
        self.tabs.setUsesScrollButtons(False)
        self.tabs.setAccessibleName("Steps or bin")
        top = row(theme, margins=(14, 4, 12, 0))
        top.addWidget(self.tabs)
        top.addStretch()
        layout = column(theme, gap=0)
        layout.addLayout(top)
        layout.addWidget(line())
        layout.addWidget(self.stack, 1)
        held = column(theme, gap=0)
        held.addWidget(panel(layout, ground="paper"))
        self.setLayout(held)

    def _steps(self) -> QWidget:
        theme = self.theme
        self.nothing = label("", "soft", wrap=True)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.show_all = button("Show every step", self.filters.clear, "primary")
        empty = column(theme, margins=20, gap=12)
        empty.addStretch(1)
        empty.addWidget(self.nothing)
        empty.addWidget(self.show_all, 0, Qt.AlignmentFlag.AlignHCenter)
        empty.addStretch(2)
        self.lists = QStackedWidget()
        self.lists.addWidget(self.list)
        self.lists.addWidget(panel(empty, ground="paper"))
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setHandleWidth(theme.px(1))
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self.lists)
        self.beside = self._beside()
        self.splitter.addWidget(self.beside)
        self.splitter.setSizes([theme.px(560), theme.px(600)])
        layout = column(theme, gap=0)
        layout.addWidget(self.filters)
        layout.addWidget(self.splitter, 1)
        return panel(layout, ground="paper")

    def _beside(self) -> QWidget:
        theme = self.theme
        self.why_not = label("", "caption", wrap=True)
        self.undo = button("Undo this step", self.undo_step, tip="Put back what it changed, as a new step")
        foot = row(theme, margins=(16, 8, 16, 8), gap=12)
        foot.addWidget(self.undo)
        foot.addWidget(self.why_not, 1)
        layout = column(theme, gap=0)
        layout.addWidget(self.told, 1)
        layout.addWidget(line())
        layout.addLayout(foot)
        return panel(layout, ground="paper")

    def _connect(self) -> None:
        self.filters.changed.connect(self._read)
        self.list.moved.connect(self._show_step)
        self.list.opened.connect(lambda _step: self.tabs.setCurrentIndex(_STEP) if self.slim else self.told.setFocus())
        self.list.ending.connect(self._read_more)
        self.tabs.currentChanged.connect(self._turn)
        self.bin.counted.connect(self.headed)

    def heading(self) -> tuple[str, str]:
        """Where one is: the steps, or the bin with how much lies in it."""
        return "History", self.bin.note if self.tabs.currentIndex() == _BIN else "every step, the latest first"

    def header_actions(self) -> Sequence[HeaderAction]:
        """Nothing: each step and each deletion has its own button."""
        return ()

    def enter(self, record: int | None, *, whole: bool) -> None:
        """Show the steps; a step if one is asked for."""
        if not self._started:
            self._started = True
            self._read()
        if record is not None:
            self.list.go_to_key(record)
        (self.bin.list if self.tabs.currentIndex() == _BIN else self.list).setFocus()

    def changed(self, changes: Changes) -> None:
        """A step was added: read again."""
        if self._started:
            self._read()
            self.bin.changed(changes)

    def filter(self) -> None:
        """Put the keyboard where words narrow the list."""
        self.tabs.setCurrentIndex(_STEPS)
        self.filters.words.setFocus()
        self.filters.words.selectAll()

    def undo_step(self) -> None:
        """Ask why, then take the step back as a new one."""
        if self.step is None:
            return
        told = self.step.line
        sheet = Sheet(self.desk, "Undo this step?", self.window())
        sheet.body.addWidget(
            label(f"“{told.words}” is taken back by a step of its own; the history keeps both.", wrap=True)
        )
        reason = Line(self.theme)
        name = label("Why (may be left blank)", "heading")
        name.setBuddy(reason)
        reason.setAccessibleName("Why")
        sheet.body.addWidget(name)
        sheet.body.addWidget(reason)
        sheet.buttons.addWidget(button("Cancel", sheet.reject))
        sheet.buttons.addWidget(button("Undo", sheet.accept, "primary"))
        sheet.setMinimumWidth(self.theme.px(420))
        sheet.accepted.connect(lambda: self._undo(told.id, reason.text().strip() or None))
        sheet.open()
        reason.setFocus()

    def _undo(self, step_id: int, reason: str | None) -> None:
        self.desk.work(
            lambda store, task: undoing.undo(store, step_id, reason=reason, progress=task.progress),
            lambda words: self.desk.tell(f"Undone: {words}"),
            owner=self,
            words="Undoing",
        )

    def _turn(self, at: int) -> None:
        self.stack.setCurrentIndex(1 if at == _BIN else 0)
        self._fit()
        if at == _BIN:
            self.bin.begin()
        self.headed.emit()

    def _read(self) -> None:
        wanted, self._all_read = self.filters.wanted, False
        self.desk.read(
            lambda session: (steps.steps(session, wanted), steps.officers(session)),
            self._show,
            owner=self,
            refused=self._refused,
            key="history",
        )

    def _refused(self, error: Refused) -> None:
        self.filters.say(str(error))
        self._show(([], []))

    def _show(self, read: tuple[list[steps.StepLine], list[str]]) -> None:
        found, officers = read
        self._reading, self._all_read = False, len(found) < steps.AT_ONCE
        self.filters.offer(officers)
        self.lists.setCurrentIndex(0 if found else 1)
        self.show_all.setVisible(self.filters.wanted.narrows)
        self.nothing.setText(
            "No step is like this." if self.filters.wanted.narrows else "Each thing that an officer does stands here."
        )
        self.list.show_items([_item(told) for told in found])
        if not found:
            self._show_whole(None)

    def _read_more(self) -> None:
        if self._all_read or self._reading or not self.list.items:
            return
        self._reading = True
        wanted, last = self.filters.wanted, self.list.items[-1].key
        assert isinstance(last, int)
        self.desk.read(
            lambda session: steps.steps(session, wanted, last),
            partial(self._add, wanted),
            owner=self,
            key="more history",
        )

    def _add(self, wanted: steps.Wanted, found: list[steps.StepLine]) -> None:
        self._reading = False
        if wanted == self.filters.wanted:
            self._all_read = len(found) < steps.AT_ONCE
            self.list.add_items([_item(told) for told in found])

    def _show_step(self, step_id: object) -> None:
        if isinstance(step_id, int):
            self.desk.read(lambda session: steps.detail(session, step_id), self._show_whole, owner=self, key="step")

    def _show_whole(self, found: steps.StepDetail | None) -> None:
        self.step = found
        self.told.show_html(step_html(found) if found else "")
        why = steps.why_not(found.line, self.desk.store.officer) if found else ""
        self.undo.setEnabled(found is not None and not why)
        self.why_not.setText(why)

    def _follow(self, target: str) -> None:
        table, _, record = target.partition("/")
        kind = kind_named(table)
        if kind is not None and record.isdigit():
            self.desk.open(kind, int(record), whole=True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room, the steps and the one that is chosen take turns behind tabs."""
        narrow = self.width() / self.theme.zoom < _NARROW
        if narrow != self.slim:
            self.slim = narrow
            if not narrow and self.tabs.currentIndex() == _STEP:
                self.tabs.setCurrentIndex(_STEPS)
            self.tabs.setTabVisible(_STEP, narrow)
            self._fit()

    def _fit(self) -> None:
        step = self.slim and self.tabs.currentIndex() == _STEP
        self.filters.setVisible(not step)
        self.lists.setVisible(not step)
        self.beside.setVisible(step or not self.slim)


class StepFilters(QWidget):
    """The boxes above the steps. `changed`: other steps are wanted now."""

    changed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        theme = desk.theme
        self.wanted = Wanted()
        self.words, self.reference = Line(theme), Line(theme)
        self.since, self.until = DateLine(theme), DateLine(theme)
        self.officer = Choice(theme, [_EVERYBODY], blank=False)
        about: tuple[tuple[QWidget, str, int], ...] = (
            (self.words, "Find in steps", 190), (self.officer, "Officer", 170), (self.reference, "Reference", 120),
            (self.since, "From day", 140), (self.until, "Up to day", 140),
        )  # fmt: skip
        for widget, name, width in about:
            widget.setAccessibleName(name)
            sized(widget, theme, width=width)
            if isinstance(widget, QLineEdit):
                widget.setPlaceholderText(name)
        self.problem = label("", "problem", wrap=True)
        self.problem.hide()
        flow = Flow(theme, gap=8)
        flow.show_widgets([widget for widget, _name, _width in about])
        layout = column(theme, margins=(12, 8, 12, 0))
        layout.addWidget(flow)
        layout.addWidget(self.problem)
        layout.addWidget(line())
        self.setLayout(layout)
        self._typing = QTimer(self, singleShot=True, interval=_TYPES_MS)
        self._typing.timeout.connect(self.apply)
        for typed in self._lines():
            typed.textChanged.connect(lambda _text: self._typing.start())
            typed.returnPressed.connect(self.apply)
        self.officer.currentTextChanged.connect(lambda _text: self._typing.start())

    def _lines(self) -> Sequence[QLineEdit]:
        return self.words, self.reference, self.since, self.until

    def clear(self) -> None:
        """Want every step again."""
        for typed in self._lines():
            typed.clear()
        self.officer.setCurrentIndex(0)
        self.apply()

    def apply(self) -> None:
        """Want the steps that are asked for; a day that cannot be read is said below its box."""
        self._typing.stop()
        problems: list[str] = []
        officer = self.officer.currentText() if self.officer.currentIndex() > 0 else ""
        since, until = (_day(box, problems) for box in (self.since, self.until))
        found = Wanted(officer, self.words.text(), self.reference.text(), since, until)
        self.say(" ".join(problems))
        if not problems and found != self.wanted:
            self.wanted = found
            self.changed.emit()

    def say(self, words: str) -> None:
        """Say what cannot be found or read; blank for nothing."""
        self.problem.setText(words)
        self.problem.setVisible(bool(words))

    def offer(self, officers: Sequence[str]) -> None:
        """The officers to choose from."""
        box, chosen = self.officer, self.officer.currentText()
        box.blockSignals(True)
        box.clear()
        box.addItems([_EVERYBODY, *officers])
        box.setCurrentText(chosen if chosen in officers else _EVERYBODY)
        box.blockSignals(False)


def _item(told: steps.StepLine) -> Item:
    touched = wording.counted(told.records, "record") if told.records != 1 else ""
    soft = " · ".join(part for part in (told.officer or "Unknown", touched) if part)
    return Item(told.id, told.words, soft, wording.time_text(told.when), _badge(told))


def _badge(told: steps.StepLine) -> Badge | None:
    if told.undone:
        return Badge("Undone", "dash")
    return Badge("Decision", "tick") if told.final else None


def _day(box: DateLine, problems: list[str]) -> date | None:
    text = box.text().strip()
    restyle(box, "wrong", "")
    try:
        return wording.read_date(text) if text else None
    except ValueError as error:
        problems.append(f"{box.accessibleName()}: {error}.")
        restyle(box, "wrong", "true")
        return None
