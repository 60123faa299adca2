"""Checks: every open warning by its sort, the record that it is about, and accepting one with a reason."""

import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QDialog, QLayout, QSplitter, QStackedWidget, QWidget
from sqlalchemy.orm import Session

from grants_app import wording
from grants_app.operations import checks, editing
from grants_app.records import Acceptance, Organisation
from grants_app.store import Changes
from grants_app.ui.desk import Desk
from grants_app.ui.flow import TabBar
from grants_app.ui.frame import HeaderAction
from grants_app.ui.lines import Item, Lines
from grants_app.ui.pages.accept_sheet import AcceptAll, AcceptOne
from grants_app.ui.pages.checks_read import ACCEPTED, ALL, WarningLine, accepted, capital, count_accepted, item, listed
from grants_app.ui.pages.merge_sheet import MergeSheet
from grants_app.ui.tasks import Task
from grants_app.ui.view import View
from grants_app.ui.widgets import button, column, label, line, panel, row

T = TypeVar("T")
_NARROW, _TOGETHER = 760, 200
_REFERENCE = re.compile(rf"\b{Organisation.prefix}-\d+\b")
TWINS = "similar organisations"
"""The sort of warning whose sentence names another organisation: the two may be merged."""


class ChecksView(View):
    """Sorts of warning at the left with how many are open, the warnings of one sort at the right."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._started = self._all_read = self._reading = False
        self._sort = ""
        self._ones: list[WarningLine] = []
        self._open, self._counted = 0, dict[str, checks.Sort]()
        self.sorts = Lines(self.theme, "Sorts of warning")
        self.list = Lines(self.theme, "Warnings")
        self._arrange()
        self.sorts.moved.connect(self._choose)
        self.sorts.opened.connect(lambda _key: self._look())
        self.list.moved.connect(lambda _key: self._offer())
        self.list.opened.connect(lambda _key: self.open_record())
        self.list.ending.connect(self._read_more)

    def _foot(self) -> QLayout:
        theme = self.theme
        self.open = button("Open the record", self.open_record, tip="Enter")
        self.accept = button("Accept with a reason …", self.ask_reason, tip="Say why it may stay as it is")
        self.all = button("", self.ask_all, tip="Say once why all of this sort may stay as they are")
        self.merge = button("Merge them …", self.ask_merge, tip="Make one organisation of the two")
        self.again = button("Open it again", self.reopen, tip="List this warning again")
        self.whole = label("", wrap=True)
        foot = column(theme, margins=(16, 8, 16, 8), gap=8)
        foot.addWidget(self.whole)
        buttons = row(theme)
        for widget in (self.open, self.merge, self.accept, self.all, self.again):
            buttons.addWidget(widget)
        buttons.addStretch()
        foot.addLayout(buttons)
        return foot

    def _arrange(self) -> None:
        theme = self.theme
        right = column(theme, gap=0)
        right.addWidget(self.list, 1)
        right.addWidget(line())
        right.addLayout(self._foot())
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setHandleWidth(theme.px(1))
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self.sorts)
        self.right = panel(right, ground="paper")
        self.splitter.addWidget(self.right)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([theme.px(330), theme.px(840)])
        self.stack = QStackedWidget()
        self.stack.addWidget(self.splitter)
        self.stack.addWidget(self._nothing())
        self.tabs = TabBar()
        self.tabs.addTab("Sorts")
        self.tabs.addTab("Warnings")
        self.tabs.setAccessibleName("Sorts of warning or warnings")
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.currentChanged.connect(lambda _at: self._fit())
        self.tabs.hide()
        layout = column(theme, gap=0)
        layout.addWidget(self.tabs)
        layout.addWidget(self.stack)
        self.setLayout(layout)

    def _nothing(self) -> QWidget:
        layout = column(self.theme, margins=20, gap=12)
        layout.addStretch(1)
        title = label("No warning is open", "key")
        words = (
            "What does not add up, looks twice entered, is late or lacks a paper stands here until it is mended, "
            "or accepted with a reason."
        )
        why = label(words, "soft", wrap=True)
        for widget in (title, why):
            widget.setAlignment(Qt.AlignmentFlag.AlignCenter)
            layout.addWidget(widget)
        again = button("Look again", self._read)
        layout.addWidget(again, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(2)
        return panel(layout, ground="paper")

    def heading(self) -> tuple[str, str]:
        """The page's name, and how many warnings are open."""
        return "Checks", f"{wording.counted(self._open, 'warning')} open" if self._started else ""

    def header_actions(self) -> Sequence[HeaderAction]:
        """Nothing: each warning has its own buttons."""
        return ()

    def enter(self, record: int | None, *, whole: bool) -> None:
        """Look at what is open."""
        self._started = True
        self._read()
        self.sorts.setFocus()

    def changed(self, changes: Changes) -> None:
        """What was changed may have mended a warning, or made one: look again."""
        if self._started and self.isVisible():
            self._read()

    def switched(self) -> None:
        """Look at the programme that is chosen now."""
        if self._started:
            self._read()

    def filter(self) -> None:
        """Put the keyboard on the sorts of warning."""
        self.sorts.setFocus()

    def _read(self) -> None:
        programme = self.desk.programme
        self._look_up(
            lambda session: (checks.sorts(session, programme), count_accepted(session)), self._show, key="checks"
        )

    def _look_up(self, read: Callable[[Session], T], show: Callable[[T], None], *, key: str) -> None:
        """Read where it holds up no list: in a very large file some sorts of warning take long to find."""
        store = self.desk.store

        def work(_task: Task) -> T:
            with store.reading() as session:
                return read(session)

        self.desk.errand(work, show, owner=self, words="Looking for warnings", key=key)

    def _show(self, read: tuple[list[checks.Sort], int]) -> None:
        sorts, settled = read
        self._open, self._counted = sum(sort.open for sort in sorts), {sort.name: sort for sort in sorts}
        items = [Item(sort.name, capital(sort.words), sort.kind.plural, f"{sort.open:,}") for sort in sorts]
        if 0 < self._open <= _TOGETHER:
            items.insert(0, Item(ALL, "All", "Every warning that is open", f"{self._open:,}"))
        if settled:
            items.append(Item(ACCEPTED, "Accepted", "Warnings that may stay as they are", f"{settled:,}"))
        self.stack.setCurrentIndex(0 if items else 1)
        self.sorts.show_items(items)
        self._choose(self.sorts.present)
        self.headed.emit()

    def _choose(self, sort: object) -> None:
        if isinstance(sort, str):
            self._sort = sort
            self._look_up(partial(self._page, sort, 0), partial(self._show_ones, sort), key="warnings")

    def _page(self, sort: str, first: int, session: Session) -> list[WarningLine]:
        if sort == ACCEPTED:
            return accepted(session, first)
        if sort != ALL:
            return listed(session, sort, self.desk.programme, first)
        sorts = checks.sorts(session, self.desk.programme) if not first else []
        return [one for each in sorts for one in listed(session, each.name, self.desk.programme, 0)]

    def _show_ones(self, sort: str, found: list[WarningLine]) -> None:
        if sort != self._sort:
            return
        self._ones, self._reading, self._all_read = found, False, sort == ALL or len(found) < checks.PAGE
        self.list.show_items([item(at, one, sort) for at, one in enumerate(found)])
        self._offer()

    def _read_more(self) -> None:
        if self._all_read or self._reading or not self._ones:
            return
        self._reading, sort = True, self._sort
        first = len(self._ones)
        self._look_up(partial(self._page, sort, first), partial(self._add, sort), key="more warnings")

    def _add(self, sort: str, found: list[WarningLine]) -> None:
        self._reading = False
        if sort == self._sort:
            self._all_read = len(found) < checks.PAGE
            first, self._ones = len(self._ones), [*self._ones, *found]
            self.list.add_items([item(first + at, one, sort) for at, one in enumerate(found)])

    @property
    def present(self) -> WarningLine | None:
        """The warning that the keyboard is on."""
        at = self.list.present
        return self._ones[at] if isinstance(at, int) and at < len(self._ones) else None

    def _offer(self) -> None:
        one, sort = self.present, self._counted.get(self._sort)
        self.whole.setText(one.sentence if one else "")
        self.all.setText(f"Accept all {sort.open:,} with a reason …" if sort else "")
        self.all.setAccessibleName(self.all.text() or "Accept all with a reason …")
        for widget, shown in (
            (self.open, one is not None),
            (self.accept, one is not None and one.accepted is None),
            (self.all, one is not None and sort is not None and sort.open > 1),
            (self.again, one is not None and one.accepted is not None),
            (self.merge, bool(self._twin)),
        ):
            widget.setVisible(shown)

    @property
    def _twin(self) -> str:
        """The reference of the organisation that the present one looks like; blank for any other warning."""
        one = self.present
        if one is None or one.accepted is not None or one.sort != TWINS:
            return ""
        found = _REFERENCE.search(one.sentence)
        return found[0] if found else ""

    def ask_merge(self) -> None:
        """Ask which of two organisations that look the same stays, then merge them."""
        one, twin = self.present, self._twin
        if one is not None and twin:
            MergeSheet(self.desk, self.window(), one.id, twin).open()

    def open_record(self) -> None:
        """Show the record that the warning is about."""
        one = self.present
        if one is not None and one.id:
            self.desk.open(one.kind, one.id, whole=True)

    def ask_reason(self) -> None:
        """Ask why the warning may stay as it is, then accept it."""
        one = self.present
        if one is None or one.accepted is not None:
            return
        self._ask(AcceptOne(self.desk, one, self.window()), self.list)

    def ask_all(self) -> None:
        """Ask why all warnings of the sort that is shown may stay as they are, then accept them as one step."""
        if (sort := self._counted.get(self._sort)) is not None:
            self._ask(AcceptAll(self.desk, sort, self.window()), self.sorts)

    def _ask(self, sheet: QDialog, then: QWidget) -> None:
        """Open a sheet; once its work is done the keyboard is there, as the button that it was on may go."""
        sheet.accepted.connect(then.setFocus)
        sheet.open()

    def reopen(self) -> None:
        """List an accepted warning again; the acceptance goes to the bin."""
        one = self.present
        if one is not None and one.accepted is not None:
            self.desk.do(partial(editing.delete, kind=Acceptance, id=one.accepted), owner=self)

    def _look(self) -> None:
        self.tabs.setCurrentIndex(1)
        self.list.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room, sorts and warnings take turns behind tabs."""
        self.tabs.setVisible(self.width() / self.theme.zoom < _NARROW)
        self._fit()

    def _fit(self) -> None:
        slim, warnings = not self.tabs.isHidden(), self.tabs.currentIndex() == 1
        self.sorts.setVisible(not slim or not warnings)
        self.right.setVisible(not slim or warnings)
