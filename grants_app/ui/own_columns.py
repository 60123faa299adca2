"""A list's columns of the officers' own: added, changed and removed where the list is."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QMenu, QPlainTextEdit, QWidget
from sqlalchemy.orm import Session

from grants_app import wording
from grants_app.operations import file_settings
from grants_app.records import Field, Kind, Record
from grants_app.store import Store, own, settings
from grants_app.ui.bulk_change import DoingSheet
from grants_app.ui.desk import Desk
from grants_app.ui.dialogs import confirm
from grants_app.ui.inputs import Choice, Line, Words
from grants_app.ui.tasks import Task
from grants_app.ui.widgets import label

if TYPE_CHECKING:
    from grants_app.ui.table import Table


def offer_column(table: "Table", at: QPoint, present: str) -> QMenu:
    """Offer what can be done at a column's head: hide it, rename or remove one's own, add one, choose others."""
    menu = QMenu(table)
    here = next((each for each in table.own if each.name == present), None)
    shown = next((each for each in table.rows.columns if each.name == present), None)
    menu.addAction("Choose columns …", partial(table.choose_columns, at))
    if shown is not None and present != "reference":
        menu.addAction(_plain(f"Hide “{shown.label}”"), lambda: table.tick(present, on=False))
    menu.addSeparator()
    menu.addAction("Add a column …", partial(add_column, table))
    if here is not None:
        offer_deeds(menu, table, here, f" “{here.label}”")
    menu.popup(at)
    return menu


def add_column(table: "Table") -> None:
    """Ask for a column of the officers' own; the list shows it once it is made."""

    def then(column: Field) -> None:
        table.tick(column.name, on=True)
        _go_to_last(table)

    ColumnSheet(table.desk, table.kind, None, table.window(), then=then).open()


class ColumnSheet(DoingSheet):
    """Asks what a column of the officers' own is called and holds, and says what will come of it.

    With a `column` it is about that one: its name and the words of its list may change, what it holds does not.
    """

    def __init__(
        self,
        desk: Desk,
        kind: type[Record],
        column: Field | None,
        parent: QWidget,
        *,
        then: Callable[[Field], object] = lambda column: None,
    ) -> None:
        plural = kind.plural.lower()
        title = f"The column “{column.label}”" if column else f"Add a column to {plural}"
        super().__init__(desk, title, parent, "Save" if column else "Add column")
        self.kind, self.column, self._then = kind, column, then
        self.name = Line(desk.theme)
        self.sort = Choice(desk.theme, list(own.SORTS.values()), blank=False)
        self.words = Words(desk.theme)
        self.words_head = label("Words of the list, one on each line", "heading")
        self.told = label("", "soft", wrap=True)
        self._arrange()
        self.sort.currentTextChanged.connect(lambda _text: self._show())
        self.name.textEdited.connect(lambda _text: self._show())
        if column is not None:
            self.name.setText(column.label)
            self.sort.setCurrentText(own.SORTS[column.kind])
            desk.read(partial(_words, field=column), self._take_words, owner=self)
        self._show()
        self.name.setFocus()

    def _arrange(self) -> None:
        self._add("Name", self.name, "It stands over the column: Ward, or Partner’s share")
        if self.column is None:
            self._add("It holds", self.sort, "")
        else:
            held = f"It holds: {own.SORTS[self.column.kind].lower()}. To hold something else, add another column."
            self.body.addWidget(label(held, "caption", wrap=True))
        self.words_head.setBuddy(self.words)
        self.words.setAccessibleName("Words of the list")
        self.body.addWidget(self.words_head)
        self.body.addWidget(self.words)
        self.body.addWidget(self.told)
        self.body.addStretch()
        for widget in (self.progress, self.cancel, self.act):
            self.buttons.addWidget(widget)
        self.act.setEnabled(True)
        self.setMinimumWidth(self.theme.px(460))

    def _add(self, words: str, editor: QWidget, help_: str) -> None:
        head = label(words, "heading")
        head.setBuddy(editor)
        editor.setAccessibleName(words)
        editor.setAccessibleDescription(help_)
        self.body.addWidget(head)
        if help_:
            self.body.addWidget(label(help_, "caption", wrap=True))
        self.body.addWidget(editor)

    @property
    def chosen(self) -> Kind:
        """What the column is to hold."""
        return next(kind for kind, words in own.SORTS.items() if words == self.sort.currentText())

    def _show(self) -> None:
        """Ask for words where it holds words of a list, and say what will come of it."""
        for widget in (self.words_head, self.words):
            widget.setVisible(self.chosen is Kind.CHOICE)
        each = f"Every {self.kind.noun.lower()}"
        adds = " Lists add it up." if self.chosen in {Kind.MONEY, Kind.WHOLE, Kind.NUMBER} else ""
        finds = " Search finds what stands in it." if self.chosen in {Kind.TEXT, Kind.LONG, Kind.CHOICE} else ""
        self.told.setText(
            f"{each} keeps what it holds; a word that the list no longer offers stays where it is."
            if self.column is not None and self.chosen is Kind.CHOICE
            else f"{each} keeps what it holds."
            if self.column is not None
            else f"{each} gets it: in the form, in lists and filters, and in exports.{adds}{finds} Undo takes it back."
        )
        self._grow()

    def _take_words(self, words: tuple[str, ...]) -> None:
        self.words.setPlainText("\n".join(words))
        self._grow()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter does it, from whichever part but the words of a list, where it begins a new line."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.focusWidget() in {self.name, self.sort}:
            self.begin()
        else:
            super().keyPressEvent(event)

    def begin(self) -> None:
        """Make or change the column; a refusal is said here, and the sheet stays."""
        if self.doing is not None:
            return
        words = _lines(self.words) if self.chosen is Kind.CHOICE else ()
        label_, kind, column, sort = self.name.text(), self.kind, self.column, self.chosen

        def operation(store: Store, task: Task) -> Field:
            if column is None:
                return file_settings.add_column(store, kind, label_, sort, words)
            choices = words if column.kind is Kind.CHOICE else None
            return file_settings.change_column(
                store, kind, column.name, label=label_, choices=choices, progress=task.progress
            )

        self.do(operation, self._done)

    def _done(self, made: Field) -> str:
        self._then(made)
        last = ", the last in the list" if self.column is None else ""
        return f"{self.kind.plural} have the column “{made.label}” now{last}"

    def end(self) -> None:
        """It is over: it may be tried otherwise."""
        super().end()
        self.act.setEnabled(True)


def _go_to_last(table: "Table") -> None:
    """Bring the last column into sight, and the keyboard to it."""
    grid, last = table.grid, len(table.rows.columns) - 1
    if len(table.rows.ids):
        grid.go_to(max(0, grid.currentIndex().row()), choose=False, section=last)
    else:
        grid.horizontalScrollBar().setValue(grid.horizontalScrollBar().maximum())


def offer_deeds(menu: QMenu, table: "Table", column: Field, called: str) -> None:
    """Offer to rename or remove a column of the officers' own; `called`: its name, where the menu does not say it."""
    sheet = partial(ColumnSheet, table.desk, table.kind, column, table.window())
    words = "Rename or change the words of" if column.kind is Kind.CHOICE else "Rename"
    menu.addAction(_plain(f"{words}{called} …"), lambda: sheet().open())
    menu.addAction(_plain(f"Remove{called} …"), partial(_ask_remove, table, column))


def _ask_remove(table: "Table", column: Field) -> None:
    desk, kind = table.desk, table.kind

    def act(store: Store, task: Task) -> None:
        file_settings.remove_column(store, kind, column.name, progress=task.progress)

    def ask(count: int) -> None:
        holding = wording.counted(count, kind.noun.lower(), kind.plural.lower())
        holds = f"{holding} {'holds' if count == 1 else 'hold'} something in it." if count else "Nothing stands in it."
        words = f"{holds} The column goes from forms, lists and exports{', with all of that' if count else ''}. "
        told = f"{words}Undo brings {'both' if count else 'it'} back."
        title = f"Remove the column “{column.label}”?"
        confirm(desk, table.window(), title, told, "Remove", lambda: desk.work(act, owner=table, words="Removing"))

    desk.read(lambda session: own.filled(session, kind, column.name), ask, owner=table)


def _words(session: Session, *, field: Field) -> tuple[str, ...]:
    return field.words(settings.lists(session))


def _lines(editor: QPlainTextEdit) -> tuple[str, ...]:
    return tuple(line for line in editor.toPlainText().splitlines() if line.strip())


def _plain(words: str) -> str:
    return words.replace("&", "&&")
