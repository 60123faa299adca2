"""The bin: what was deleted and stands deleted, what it held, and bringing it back."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QStackedWidget, QWidget

from grants_app import wording
from grants_app.store import Changes
from grants_app.store.bin import Deletion, bring_back, deletions
from grants_app.ui import steps
from grants_app.ui.desk import Desk
from grants_app.ui.lines import Item, Lines
from grants_app.ui.prose import Prose
from grants_app.ui.steps import deleted_html
from grants_app.ui.widgets import button, column, label, line, panel, row

_AT_ONCE, _STACKS = 200, 900


class Bin(QWidget):
    """Deleted records, the latest first. `counted`: there are more or fewer of them now."""

    counted = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk, self.theme = desk, desk.theme
        self.note = ""
        self._found: list[Deletion] = []
        self._begun = self._all_read = self._reading = False
        self.list = Lines(desk.theme, "Deleted records")
        self.told = Prose(desk.theme, "What the record held")
        self.back = button("Bring back", self.bring_back, "primary", tip="Put it back as it was, with its reference")
        self._arrange()
        self.list.moved.connect(self._show_one)
        self.list.opened.connect(lambda _key: self.bring_back())
        self.list.ending.connect(self._read_more)

    def _arrange(self) -> None:
        theme = self.theme
        empty = column(theme, margins=20)
        empty.addStretch(1)
        words = "What is deleted comes here, and can be brought back. Nothing is in the bin."
        nothing = label(words, "soft", wrap=True)
        nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        empty.addWidget(nothing)
        empty.addStretch(2)
        foot = row(theme, margins=(16, 8, 16, 8))
        foot.addWidget(self.back)
        foot.addStretch()
        beside = column(theme, gap=0)
        beside.addWidget(self.told, 1)
        beside.addWidget(line())
        beside.addLayout(foot)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setHandleWidth(theme.px(1))
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self.list)
        self.splitter.addWidget(panel(beside, ground="paper"))
        self.splitter.setSizes([theme.px(560), theme.px(600)])
        self.stack = QStackedWidget()
        self.stack.addWidget(self.splitter)
        self.stack.addWidget(panel(empty, ground="paper"))
        layout = column(theme, gap=0)
        layout.addWidget(self.stack)
        self.setLayout(layout)

    def begin(self) -> None:
        """Read what lies in it, if that has not been done."""
        if not self._begun:
            self._begun = True
            self._read()
        self.list.setFocus()

    def changed(self, changes: Changes) -> None:
        """Something was deleted or brought back: read again."""
        if self._begun:
            self._read()

    def bring_back(self) -> None:
        """Put the record that is chosen back where it was."""
        one = self._present
        if one is not None:
            self.desk.do(
                lambda store: bring_back(store, one.kind, one.id),
                lambda reference: self.desk.tell(f"Brought back: {one.kind.noun.lower()} {reference}"),
                owner=self,
            )

    @property
    def _present(self) -> Deletion | None:
        key = self.list.present
        return next((one for one in self._found if one.edit_id == key), None)

    def _read(self) -> None:
        self.desk.read(lambda session: deletions(session, limit=_AT_ONCE), self._show, owner=self, key="bin")

    def _show(self, found: list[Deletion]) -> None:
        self._found, self._reading = list(found), False
        self._all_read = len(found) < _AT_ONCE
        self.stack.setCurrentIndex(0 if found else 1)
        self.list.show_items(_items(found))
        if not found:
            self.told.show_html("")
        self.note = wording.counted(len(found), "deleted record") if self._all_read else f"{len(found)} and more"
        self.counted.emit()

    def _read_more(self) -> None:
        if self._all_read or self._reading or not self._found:
            return
        self._reading, last = True, self._found[-1].edit_id
        self.desk.read(
            lambda session: deletions(session, limit=_AT_ONCE, before=last), self._add, owner=self, key="more bin"
        )

    def _add(self, found: list[Deletion]) -> None:
        self._reading, self._all_read = False, len(found) < _AT_ONCE
        self._found += found
        self.list.add_items(_items(found))

    def _show_one(self, edit_id: object) -> None:
        one = self._present
        self.back.setEnabled(one is not None)
        if one is not None:
            step, edit = one.step_id, one.edit_id
            self.desk.read(lambda session: steps.part(session, step, edit), self._tell, owner=self, key="bin one")

    def _tell(self, found: tuple[steps.StepLine, steps.Change] | None) -> None:
        self.told.show_html(deleted_html(*found) if found else "")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stack list and record where there is no room side by side."""
        narrow = self.width() / self.theme.zoom < _STACKS
        self.splitter.setOrientation(Qt.Orientation.Vertical if narrow else Qt.Orientation.Horizontal)


def _items(found: Sequence[Deletion]) -> list[Item]:
    return [
        Item(
            one.edit_id,
            one.name if one.name != one.reference else f"{one.kind.noun} {one.reference}",
            f"{one.kind.noun} {one.reference} · {one.who or 'Unknown'}",
            wording.time_text(one.when),
        )
        for one in found
    ]
