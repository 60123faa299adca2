"""Excel's keys over the cells of a list: fill down, empty, and one text for every chosen row."""

from array import array
from functools import partial

from PySide6.QtCore import QObject
from sqlalchemy.orm import Session

from grants_app import wording
from grants_app.errors import Cancelled, Refused
from grants_app.operations import editing
from grants_app.records import Kind, Record
from grants_app.store import Store
from grants_app.ui.bulk_change import BulkChange
from grants_app.ui.errands import fetch
from grants_app.ui.table import Table
from grants_app.ui.tasks import Task

AT_ONCE = 10
"""So many records are filled at once, as Undo takes them back; more are shown before and after first."""


class Fills(QObject):
    """Fills the present column of a list's chosen rows. What a few rows refuse is shown as for many."""

    def __init__(self, table: Table) -> None:
        super().__init__(table)
        self.table, self.grid, self.desk, self.kind = table, table.grid, table.desk, table.kind
        self.noun = (table.kind.noun.lower(), table.kind.plural.lower())
        self.sheet: BulkChange | None = None
        self.grid.fills = True
        self.grid.fell.connect(self.fill_down)
        self.grid.emptied.connect(self.empty)
        table.edit.filled.connect(self.fill)

    @property
    def chosen(self) -> "array[int]":
        """The chosen records, in the list's order; the present one, where none is."""
        ids = array("q", self.grid.selection.pick(self.table.rows.ids))
        present = self.grid.present
        return ids or array("q", [] if present is None else [present])

    def _name(self) -> str:
        """The present column's name, if it can be typed in; else its reason is said."""
        name = self.table.rows.columns[self.grid.section].name
        words = editing.why_not_typed(self.kind, name)
        if words:
            self.table.edit.say(words)
        return "" if words else name

    def fill_down(self) -> None:
        """Give the other chosen rows what the first holds in the present column; a single row, what is above it."""
        ids, name = self.chosen, self._name()
        if len(ids) == 1:
            row = self.grid.currentIndex().row()
            if row < 1:
                self.table.edit.say("There is no row above to fill from: choose several rows.")
                return
            ids = array("q", [self.table.rows.ids[row - 1], ids[0]])
        if not name:
            return
        read, source, others = partial(_as_text, kind=self.kind, record=ids[0], name=name), ids[0], ids[1:]
        if source not in others:
            fetch(self.desk, read, partial(self._fill, others, name), owner=self, refused=self._say, key="fill")

    def fill(self, name: str, text: str) -> None:
        """Give every chosen row this text in this column."""
        self._fill(self.chosen, name, text)

    def empty(self) -> None:
        """Empty the present column of the chosen rows."""
        name = self._name()
        each = self.kind.field_named(name) if name else None
        if each is None:
            return
        if each.required or each.kind is Kind.YES_NO:
            self.table.edit.say(f"{each.label} is needed: it cannot be emptied.")
        else:
            self._fill(self.chosen, name, "")

    def _fill(self, ids: "array[int]", name: str, text: str) -> None:
        if len(ids) > AT_ONCE:
            self._ask(ids, name, text)
            return
        operation = partial(fill_typed, kind=self.kind, ids=ids, name=name, text=text)
        self.desk.work(
            operation, partial(self._filled, name), owner=self, refused=partial(self._denied, ids, name, text)
        )

    def _filled(self, name: str, count: int) -> None:
        each = self.kind.field_named(name)
        assert each is not None
        self.desk.tell(f"{each.label} of {wording.counted(count, *self.noun)} changed", undo=count > 0)

    def _denied(self, ids: "array[int]", name: str, text: str, error: Refused) -> None:
        if isinstance(error, Cancelled):
            return
        if len(ids) == 1:
            self._say(error)
        else:
            self._ask(ids, name, text)

    def _ask(self, ids: "array[int]", name: str, text: str) -> None:
        self.sheet = BulkChange(self.desk, self.kind, ids, self.table.window(), start=(name, text))
        self.sheet.open()

    def _say(self, error: Refused) -> None:
        self.table.edit.say(str(error))


def _as_text(session: Session, *, kind: type[Record], record: int, name: str) -> str:
    """What a record holds in a field, as it would be typed: a link by its reference."""
    held = editing.load(session, kind, record)
    return editing.as_typed(session, held, name)


def fill_typed(store: Store, task: Task, *, kind: type[Record], ids: "array[int]", name: str, text: str) -> int:
    """Set a field of these records to what was typed, as one step; says how many changed."""
    with store.reading() as session:
        value = editing.read_values(session, kind, {name: text})[name]
    return editing.change_many(store, kind, ids, name, value, progress=task.progress)
