"""Typing into the cells of a list: which can be, each save one step, where the keyboard goes on, what is refused."""

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QWidget
from sqlalchemy.orm import Session

from grants_app import clock, wording
from grants_app.errors import ChangedByOther, Invalid, Refused
from grants_app.operations import editing
from grants_app.records import Kind, Record
from grants_app.records.lists import DEFAULT_LISTS
from grants_app.store import Store, validation
from grants_app.store.listing import Listing
from grants_app.ui.cell_editor import CellEditor, Key, press
from grants_app.ui.columns import read_rows
from grants_app.ui.dialogs import save_typed
from grants_app.ui.editors import Lists
from grants_app.ui.form import Loaded, load
from grants_app.ui.rows import Column

if TYPE_CHECKING:
    from grants_app.ui.table import Table


class CellEdit(QObject):
    """Edits a list's present cell, one at a time. What is refused is said under it, and what was typed stays.

    Keys that come while a cell is being saved wait, and go on from there. `filled`: what was typed is for every chosen
    record (the field's name, the text).
    """

    filled = Signal(str, str)

    def __init__(self, table: "Table") -> None:
        super().__init__(table)
        self.table, self.grid, self.desk, self.kind = table, table.grid, table.desk, table.kind
        self.lists: Lists = DEFAULT_LISTS
        self.cell: CellEditor | None = None
        self._run: tuple[int, int, int] | None = None
        for changes in (self.grid.horizontalScrollBar().valueChanged, self.grid.verticalScrollBar().valueChanged):
            changes.connect(lambda _value: self.place())
        self.grid.horizontalHeader().sectionResized.connect(lambda *_sizes: self.place())
        self.grid.horizontalHeader().sectionMoved.connect(lambda *_places: self.place())
        self.grid.seen.connect(self.place)
        self.grid.went.connect(self._left)
        self.grid.edits = True
        self.grid.typed.connect(self.begin)
        self.grid.today.connect(self.write_today)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._focus_moved)

    @property
    def saving(self) -> bool:
        """Whether what was typed is on its way into the file."""
        return self.cell is not None and self.cell.waiting

    def know(self, lists: Lists) -> None:
        """The file's own lists, from which editors offer words."""
        self.lists = lists

    def begin(self, key: Key | None = None, *, text: str | None = None) -> None:
        """Open the present cell's editor; `key` is what was typed to begin, `text` what takes its value's place."""
        if self.cell is not None:
            self.cell.widget.setFocus()
            return
        index, rows = self.grid.currentIndex(), self.table.rows
        values = rows.values(index.row()) if index.isValid() else None
        if values is None:
            return
        shown = rows.columns[index.column()]
        words = editing.why_not_typed(self.kind, shown.name)
        each = self.kind.field_named(shown.name)
        if words or each is None:
            self.say(words)
            return
        self.cell = CellEditor(self.desk, each, self.lists, rows.ids[index.row()], self.grid.viewport())
        self.cell.widget.setAccessibleName(f"{each.label} of {rows.cell_text(index.row(), 0)}")
        self.cell.fill(values[index.column()])
        self._listen(self.cell)
        self.place()
        self.cell.begin(key, text)

    def _listen(self, cell: CellEditor) -> None:
        cell.ended.connect(self.commit)
        cell.given_up.connect(self.give_up)
        cell.for_all.connect(self._give_all)
        cell.typing.connect(self.grid.said.hide)
        self.grid.held = True
        self.grid.said.hide()
        self.desk.read(partial(_facts, kind=self.kind, record=cell.record), partial(self._know, cell), owner=self)

    def write_today(self) -> None:
        """Begin with today's date, where the present column holds dates."""
        each = self.kind.field_named(self.table.rows.columns[self.grid.section].name)
        if self.grid.present is not None and each is not None and each.kind is Kind.DATE:
            self.begin(text=wording.date_text(clock.today()))

    def _know(self, cell: CellEditor, facts: tuple[Loaded | None, Mapping[str, str]]) -> None:
        """What the record holds, read anew: what is settled is not typed, and a link is known by its id."""
        if self.cell is not cell:
            return
        loaded, settled = facts
        if loaded is None:
            self.say(f"This {self.kind.noun.lower()} was deleted meanwhile.", wrong=True)
        elif cell.field.name in settled:
            self.give_up()
            self.say(settled[cell.field.name])
        else:
            cell.load(loaded)

    def place(self) -> None:
        """Keep the editor over its cell, and what is said under it, wherever the list is scrolled to."""
        if self.cell is None:
            return
        row = self.table.rows.place(self.cell.record)
        names = [shown.name for shown in self.table.rows.columns]
        if row is None or self.cell.field.name not in names:
            if not self.saving:
                self._close()
            return
        self.cell.place(self.grid.visualRect(self.table.rows.index(row, names.index(self.cell.field.name))))
        self.grid.said.place(self.cell.widget.geometry())

    def say(self, words: str, *, wrong: bool = False) -> None:
        """Say at the present cell why it is not typed in, for a while; `wrong`: what is wrong with what was typed."""
        if wrong and self.cell is not None:
            self.cell.say_wrong(words)
            self.grid.say(words, self.cell.widget.geometry(), wrong=True)
        elif self.grid.isVisible():
            self.grid.say(words, self.grid.visualRect(self.grid.currentIndex()))
        else:
            self.desk.tell(words, refusal=True)

    def give_up(self) -> None:
        """Close the editor; the cell stays as it was."""
        self._close()
        self.grid.setFocus()

    def _give_all(self) -> None:
        assert self.cell is not None
        name, text = self.cell.field.name, self.cell.text
        self.give_up()
        self.filled.emit(name, text)

    @property
    def unsaved(self) -> bool:
        """Whether a cell is typed in that holds something else than is stored."""
        return self.cell is not None and self.cell.text != self.cell.clean

    def commit(self, down: int = 0, right: int = 0) -> None:
        """Save what was typed, as one step, then go on; what cannot be read or saved is said at the cell."""
        cell = self.cell
        if cell is None or cell.waiting:
            return
        if cell.text == cell.clean:
            self._close()
            self._go(down, right)
            return
        if cell.field.kind not in {Kind.LINK, Kind.ABOUT} and not cell.field.to:
            try:
                cell.editor.value()
            except ValueError as error:
                self.say(wording.stopped(str(error)), wrong=True)
                return
        cell.waiting = True
        operation = partial(
            save_cell, kind=self.kind, record=cell.record, name=cell.field.name, text=cell.text, loaded=cell.seen,
            read=self.table.listing, columns=self.table.rows.columns,
        )  # fmt: skip
        self.desk.do(operation, partial(self._saved, cell, down, right), owner=self, refused=self._refused)

    def _saved(self, cell: CellEditor, down: int, right: int, values: Any) -> None:
        if values is not None:
            self.table.rows.put(cell.record, values)
        here = cell.holds(self.grid.window().focusWidget())
        self._close()
        if here:
            self._go(down, right)
        for key in cell.early:
            press(QApplication.focusWidget() or self.grid, key)

    def _refused(self, error: Refused) -> None:
        cell = self.cell
        if cell is None:
            self.desk.tell(str(error), refusal=True)
            return
        cell.waiting = False
        cell.early.clear()
        cell.widget.setFocus()
        words = str(error)
        if isinstance(error, ChangedByOther):
            clash, cell.seen, cell.overrules = error.clashes[0], {}, True
            who = error.who or "somebody else"
            words = f"Now “{clash.theirs}”, changed by {who}. Enter saves yours, Esc keeps theirs."
        elif isinstance(error, Invalid):
            start = f"{cell.field.label}: "
            words = " ".join(wording.stopped(problem.sentence.removeprefix(start)) for problem in error.problems)
        self.say(words, wrong=True)

    def _go(self, down: int, right: int) -> None:
        """Go on from the present cell; Enter after a run of Tabs goes under the cell where it began."""
        at = self.grid.currentIndex()
        self.grid.setFocus()
        if not at.isValid() or not (down or right):
            return
        here, run = (at.row(), at.column()), self._run
        begun = run[2] if run is not None and run[:2] == here else at.column()
        self._run = None
        if right:
            self.grid.step_sideways(right, wrap=True)
            self._run = (self.grid.currentIndex().row(), self.grid.currentIndex().column(), begun)
        else:
            self.grid.go_to(min(len(self.table.rows.ids) - 1, max(0, at.row() + down)), section=begun)

    def _left(self) -> None:
        """The present cell is another one: what was said of the last is over."""
        if self.cell is None:
            self.grid.said.hide()

    def _close(self) -> None:
        cell, self.cell = self.cell, None
        self.grid.held = False
        self.grid.said.hide()
        if cell is not None:
            cell.close()

    def _focus_moved(self, old: QWidget | None, new: QWidget | None) -> None:
        """Leaving the editor by mouse saves it where it stands."""
        if self.cell is None or new is None or QApplication.activePopupWidget() is not None:
            return
        if self.cell.holds(old) and not self.cell.holds(new):
            self.commit()


def _facts(session: Session, *, kind: type[Record], record: int) -> tuple[Loaded | None, Mapping[str, str]]:
    """The record as a form reads it, and by field why what is settled stands."""
    loaded = load(session, kind, record)
    if loaded is None or loaded.record is None:
        return None, {}
    names = kind.settled(loaded.record)
    return loaded, {name: validation.settled_said(kind, name, loaded.record) + "." for name in names}


def save_cell(
    store: Store, *, kind: type[Record], record: int, name: str, text: str, loaded: Mapping[str, object], read: Listing,
    columns: tuple[Column, ...],
) -> Any:  # fmt: skip
    """Change one field of a record to what was typed; gives the record's row as the list shows it now."""
    save_typed(store, kind=kind, record=record, typed={name: text}, loaded=loaded)
    with store.reading() as session:
        return read_rows(session, read, columns, [record]).get(record)
