"""Excel's keys over the cells of a list: fill down, empty, paste, and one text for every chosen row."""

import re
from array import array
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication
from sqlalchemy.orm import Session

from grants_app import wording
from grants_app.errors import Cancelled, Refused
from grants_app.operations import editing
from grants_app.records import Kind, Record
from grants_app.store import Store
from grants_app.ui.bulk_change import BulkChange
from grants_app.ui.pasting import Onto, PasteSheet, clipboard_rows, on_clipboard
from grants_app.ui.table import Table
from grants_app.ui.tasks import Task

if TYPE_CHECKING:
    from grants_app.exchange.imports.pasting import Copied

AT_ONCE = 10
"""So many records are filled at once, as Undo takes them back; more are shown before and after first."""

_REFERENCE = re.compile(r"[A-Z0-9]{2,12}-\d+")
"""What a reference looks like: where the first column pasted holds none, it is not the list's column of them."""


class RangeEdit(QObject):
    """Fills the present column of a list's chosen rows. What a few rows refuse is shown as for many.

    `pastes`: rows may be pasted into the list.
    """

    def __init__(self, table: Table, *, pastes: bool = True) -> None:
        super().__init__(table)
        self.table, self.grid, self.desk, self.kind = table, table.grid, table.desk, table.kind
        self.noun = (table.kind.noun.lower(), table.kind.plural.lower())
        self.sheet: BulkChange | PasteSheet | None = None
        self.grid.fills, self.grid.pastes = True, pastes
        self.grid.pasted.connect(self.paste)
        self.grid.fell.connect(self.fill_down)
        self.grid.emptied.connect(self.empty)
        table.edit.filled.connect(self.fill)

    @property
    def chosen(self) -> "array[int]":
        """The chosen records, in the list's order; the present one, where none is."""
        ids = self.grid.selection.pick(self.table.rows.ids)
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
            self.desk.read(read, partial(self._fill, others, name), owner=self, refused=self._say, key="fill")

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

    def paste(self) -> None:
        """Paste what was copied elsewhere: one cell as it would be typed, more after a look at what they would do."""
        text, html = on_clipboard()
        read = partial(clipboard_rows, kind=self.kind, text=text, html=html)
        self.desk.read(read, self._paste, owner=self, refused=self._say, key="paste")

    def _paste(self, found: "Copied") -> None:
        if self._busy():
            return
        chosen, one = self.chosen, len(found.rows) == found.width == 1
        if one and len(chosen) == 1:
            self.table.edit.begin(text=found.rows[0][0])
            self.table.edit.commit()
        elif one and chosen:
            name = self._name()
            if name:
                self._fill(chosen, name, found.rows[0][0])
        else:
            self.sheet = PasteSheet(self.desk, found, self._onto(found, chosen), self.table.window())
            self.sheet.open()

    def _onto(self, found: "Copied", chosen: "array[int]") -> Onto:
        ids, rows, heads = self.table.rows.ids, len(found.body), self.grid.horizontalHeader()
        row = max(0, self.grid.currentIndex().row())
        covered = chosen[:rows] if len(chosen) > 1 else ids[row : row + rows]
        ends = [self.table.rows.place(record) or 0 for record in (covered[0], covered[-1])] if covered else []
        references = tuple(self.table.rows.cell_text(end, 0) for end in ends) or ("", "")
        first, last = max(0, heads.visualIndex(self.grid.section)), self.table.rows.columnCount()
        named = self.table.rows.columns[heads.logicalIndex(first)].name
        first += named == "reference" and not _REFERENCE.fullmatch(found.rows[0][0].strip())
        places = range(first, first + found.width)
        names = [self.table.rows.columns[heads.logicalIndex(at)].name if at < last else "" for at in places]
        return Onto(
            self.kind, covered, (references[0], references[1]), tuple(names), len(chosen), dict(self.table.fixed)
        )

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
        if count:
            self.desk.tell(f"{each.label} of {wording.counted(count, *self.noun)} changed", undo=True)
        else:
            self.table.edit.say("Nothing changes: that is what stands there already.")

    def _denied(self, ids: "array[int]", name: str, text: str, error: Refused) -> None:
        if len(ids) == 1 or isinstance(error, Cancelled):
            self._say(error)
        else:
            self._ask(ids, name, text)

    def _ask(self, ids: "array[int]", name: str, text: str) -> None:
        if self._busy():
            return
        self.sheet = BulkChange(self.desk, self.kind, ids, self.table.window(), start=(name, text))
        self.sheet.open()

    def _busy(self) -> bool:
        """Whether something else was begun meanwhile: a sheet stands over the list, or a cell is typed in."""
        return QApplication.activeModalWidget() is not None or self.table.edit.cell is not None

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
