"""A list by groups in its place: asked for, a line for each with count and sums, sorted, copied, opened."""

from array import array
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QDialog, QWidget
from sqlalchemy.orm import Session

from grants_app import wording
from grants_app.exchange.shapes import Progress
from grants_app.store import grouping, listing
from grants_app.store.grouping import By, Group
from grants_app.store.listing import Listing
from grants_app.ui.columns import NOT_ADDED, shown_columns
from grants_app.ui.desk import Desk
from grants_app.ui.grid import Grid
from grants_app.ui.inputs import Choice
from grants_app.ui.outgoing import Write, put, table
from grants_app.ui.rows import PAGE, Column, Rowed, Rows
from grants_app.ui.tasks import Task
from grants_app.ui.totals import Totals, TotalsRow
from grants_app.ui.widgets import button, column, label, row
from grants_app.ui.widgets import column as column_of

COUNT = "count"


class Grouped(QWidget):
    """The groups of a list. `opened`: the conditions of the group whose records are to be listed, its values' names."""

    opened = Signal(object, object)
    counted = Signal()

    def __init__(self, desk: Desk, name: str) -> None:
        super().__init__()
        self.desk = desk
        self.by: tuple[By, ...] = ()
        self.groups: list[Group] = []
        self._sums: tuple[str, ...] = ()
        self._listing: Listing | None = None
        self._sort: tuple[str, bool] | None = None
        self.rows = Rows([], _sentence)
        self.grid = Grid(desk.theme, self.rows, f"{name} by groups")
        self.foot = TotalsRow(desk.theme, self.rows, self.grid.horizontalHeader())
        layout = column_of(desk.theme, gap=0)
        layout.addWidget(self.grid, 1)
        layout.addWidget(self.foot)
        self.setLayout(layout)
        self.grid.opened.connect(self._open)
        self.grid.copied.connect(self.copy)
        self.grid.horizontalHeader().sectionClicked.connect(self._sort_by)
        desk.theme.changed.connect(self._fit)

    def show_groups(self, shown: Listing, by: Sequence[By]) -> None:
        """Read and show the groups of a list."""
        sums = tuple(name for name in grouping.summed(shown) if name not in NOT_ADDED)
        if (tuple(by), sums) != (self.by, self._sums):
            self._sort = None
        self.by, self._sums, self._listing = tuple(by), sums, shown

        def read(session: Session) -> tuple[list[Group], dict[str, tuple[Any, int]], int]:
            found = grouping.groups(session, shown, by, sums)
            return found, shown.totals(session), shown.count(session)

        self.desk.read(read, self._show, owner=self, key=f"groups {id(self)}", figures=True)

    def _show(self, found: tuple[list[Group], dict[str, tuple[Any, int]], int]) -> None:
        self.groups, totals, count = found
        assert self._listing is not None
        kind = self._listing.kind
        self.rows.show_columns(_columns(self._listing, self.by, self._sums))
        self._put()
        self._fit()
        texts = {shown.name: shown for shown in listing.columns_of(self._listing)}
        sums = {name: texts[name].text(totals[name][0]) for name in self._sums if name in totals}
        groups = wording.counted(len(self.groups), "group")
        words = f"{groups} of {wording.counted(count, kind.noun.lower(), kind.plural.lower())}"
        overlaps = sum(group.count for group in self.groups) > count
        self.foot.show_totals(Totals(words + (", some in several" if overlaps else ""), {COUNT: f"{count:,}", **sums}))
        self.counted.emit()

    def _put(self) -> None:
        """Put the groups in the order asked for; those alike stay as they were."""
        order = list(range(len(self.groups)))
        if self._sort is not None:
            name, down = self._sort
            order.sort(key=lambda at: self._key(self.groups[at], name), reverse=down)
        pages: dict[int, Rowed] = {}
        for place, at in enumerate(order):
            pages.setdefault(place // PAGE, {})[at] = _values(self.groups[at])
        self.rows.reset(array("q", order), pages)
        self.grid.selection.only(())
        if order:
            self.grid.go_to(0)

    def _key(self, group: Group, name: str) -> Any:
        if name == COUNT:
            return group.count
        if name in self._sums:
            return group.sums[self._sums.index(name)]
        return group.order[[_name(each) for each in self.by].index(name)]

    def _sort_by(self, section: int) -> None:
        shown = self.rows.columns[section]
        down = not self._sort[1] if self._sort and self._sort[0] == shown.name else shown.right
        self._sort = (shown.name, down)
        self.rows.mark_sorted(shown.name, down=down)
        self._put()

    def _open(self, at: int) -> None:
        assert self._listing is not None
        group = self.groups[at]
        named = zip(self.by, group.values, group.words, strict=True)
        names = {(by.column, value): words for by, value, words in named if not by.span}
        self.opened.emit(grouping.conditions(self.by, group), names)

    @property
    def ordered(self) -> list[Group]:
        """The groups in the order shown."""
        return [self.groups[at] for at in self.rows.ids]

    def copy(self) -> None:
        """Put the chosen groups on the clipboard, or all where no more than one is chosen."""
        assert self._listing is not None
        chosen = [self.groups[at] for at in self.grid.selection.pick(self.rows.ids)]
        going = chosen if len(chosen) > 1 else self.ordered
        shown, by, sums, store = self._listing, self.by, self._sums, self.desk.store

        def work(_task: Task) -> tuple[str, str]:
            from grants_app.exchange import exporting

            return table(exporting.group_columns(store, shown, by, sums), exporting.group_rows(going))

        def done(made: tuple[str, str]) -> None:
            put(made)
            count = wording.counted(len(going), "group")
            self.desk.tell(f"Copied {count}: paste them into Excel as a table")

        self.desk.errand(work, done, owner=self, words="", key="copy")

    def writing(self) -> Write:
        """How the groups, as shown, are written to a file."""
        assert self._listing is not None
        shown, by, sums, store, going = self._listing, self.by, self._sums, self.desk.store, self.ordered

        def write(target: Path, progress: Progress) -> int:
            from grants_app.exchange import exporting

            return exporting.write_groups(store, shown, by, sums, going, target, progress=progress)

        return write

    def _fit(self) -> None:
        """Give the columns of figures their width, and those of words what is left."""
        self.grid.resize_rows()
        px = self.desk.theme.px
        figures = sum(px(shown.width) for shown in self.rows.columns if shown.right)
        words = [at for at, shown in enumerate(self.rows.columns) if not shown.right]
        room = max(px(120), (self.grid.viewport().width() - figures) // max(1, len(words)))
        for section, shown in enumerate(self.rows.columns):
            self.grid.setColumnWidth(section, px(shown.width) if shown.right else min(room, px(420)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the columns of words take the room."""
        super().resizeEvent(event)
        self._fit()


class GroupChoice(QDialog):
    """Asks for one column or two; `show` is told of them."""

    def __init__(
        self, desk: Desk, offered: Mapping[By, str], present: Sequence[By], show: Callable[[Sequence[By]], object]
    ) -> None:
        super().__init__()
        self._offered, self._show = {words: by for by, words in offered.items()}, show
        self.setAccessibleName("Group by")
        self.setProperty("look", "panel")
        self.first = Choice(desk.theme, list(self._offered), blank=True)
        self.second = Choice(desk.theme, list(self._offered), blank=True)
        self.problem = label("", "problem", wrap=True)
        self.problem.hide()
        layout = column(desk.theme, margins=12, gap=6)
        for words, box in (("Group by", self.first), ("then by", self.second)):
            head = label(words, "heading")
            head.setBuddy(box)
            box.setAccessibleName(words.capitalize())
            layout.addWidget(head)
            layout.addWidget(box)
        for box, by in zip((self.first, self.second), present, strict=False):
            box.setCurrentText(offered.get(by, ""))
        layout.addWidget(self.problem)
        buttons = row(desk.theme)
        buttons.addStretch()
        buttons.addWidget(button("Group", self.apply, "primary"))
        layout.addLayout(buttons)
        self.setLayout(layout)
        self.setMinimumWidth(desk.theme.px(260))

    def begin(self) -> None:
        """Put the keyboard on the first column."""
        self.first.setFocus()

    def apply(self) -> None:
        """Group as asked."""
        chosen = [self._offered[box.currentText()] for box in (self.first, self.second) if box.currentText()]
        if not chosen:
            self._say("Choose a column.")
        elif len({by.column for by in chosen}) < len(chosen):
            self._say("Choose two different columns.")
        else:
            self._show(chosen)
            self.close()

    def _say(self, words: str) -> None:
        self.problem.setText(words)
        self.problem.show()


def _name(by: By) -> str:
    return f"{by.column} {by.span}".strip()


def _columns(shown: Listing, by: Sequence[By], sums: Sequence[str]) -> list[Column]:
    keys = []
    for each in by:
        drawn = shown_columns(shown.kind, [each.column], {})[0]
        keys.append(Column(_name(each), grouping.called(shown.kind, each), width=220, grows=True, paint=drawn.paint))
    count = Column(COUNT, shown.kind.plural, text=_number, width=max(96, 14 + 8 * len(shown.kind.plural)), right=True)
    return [*keys, count, *shown_columns(shown.kind, sums, {})]


def _values(group: Group) -> list[Any]:
    return [*group.words, group.count, *group.sums]


def _number(value: int) -> str:
    return f"{value:,}"


def _sentence(columns: Sequence[Column], values: Sequence[Any]) -> str:
    """A group as a screen reader says it: "Active, 12 grants, current £24,000"."""
    return ", ".join(_told(shown, shown.text(value)) for shown, value in zip(columns, values, strict=True))


def _told(shown: Column, words: str) -> str:
    if shown.name == COUNT:
        return f"{words} {shown.label.lower()}"
    return f"{shown.label.lower()} {words}" if shown.right else words
