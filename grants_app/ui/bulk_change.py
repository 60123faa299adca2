"""Setting one field of many records: which field, which value, what would come of it, then all at once as one step."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import pairwise
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QComboBox, QProgressBar, QWidget
from sqlalchemy.orm import Session

from grants_app import wording
from grants_app.errors import Cancelled, Refused
from grants_app.operations import bulk_preview, editing
from grants_app.operations.bulk_preview import Preview
from grants_app.operations.editing import Words
from grants_app.records import Field, Kind, Record
from grants_app.store import Store, own, settings
from grants_app.ui.desk import Desk
from grants_app.ui.dialogs import Sheet
from grants_app.ui.editors import Editor, Lists
from grants_app.ui.inputs import Choice
from grants_app.ui.links import editor_for
from grants_app.ui.plain_table import Head, PlainTable
from grants_app.ui.tasks import Task
from grants_app.ui.theme import Theme
from grants_app.ui.widgets import announce, button, clear, column, label, panel, row, scrolled, sized

_MOST_DENIED, _MOST_VALUES, _MOST_SEEN = 200, 50, 8
BLANK = "(blank)"
SET, ADD, TAKE = WAYS = ("Hold exactly these", "Add these to what is there", "Take these away")
"""What may be done with a field of several words."""
_TYPES_MS = 250


class PreviewPart(QWidget):
    """The counts in a sentence, a table of values now and after, a table of a few records, and one of refusals."""

    def __init__(self, theme: Theme, kind: type[Record]) -> None:
        super().__init__()
        self._kind = kind
        self.told = label("", "soft", wrap=True)
        self.values = PlainTable(
            theme, "Values before and after", [Head(kind.plural, right=True), Head("Now"), Head("After")]
        )
        self.sample = PlainTable(
            theme, "A sample of the records", [Head("Reference"), Head(kind.noun), Head("Now"), Head("After")]
        )
        self.denied = PlainTable(theme, "What cannot be changed", [Head("Reference"), Head("Why not")])
        self._heads = (
            label("These cannot take it and stay as they are", "heading"),
            label("How many hold what now", "heading"),
            label("The first of them", "heading"),
        )
        layout = column(theme, gap=6)
        layout.addWidget(self.told)
        for head, shown in zip(self._heads, self._tables(), strict=True):
            layout.addWidget(head)
            layout.addWidget(shown)
        layout.addStretch()
        self.setLayout(layout)
        self.setProperty("ground", "paper")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.clear()

    def _tables(self) -> tuple[PlainTable, ...]:
        return self.denied, self.values, self.sample

    def clear(self, why: str = "Choose the field that is to change.") -> None:
        """Show nothing yet, and say why."""
        self.told.setText(why)
        for widget in (*self._heads, *self._tables()):
            widget.hide()

    def show_preview(self, field: Field, found: Preview, way: str = "") -> None:
        """Show what would come of it; `way`: one of WAYS."""
        self.told.setText(_told(self._kind, field, found, way))
        announce(self, self.told.text())
        values = [(f"{count:,}", held or BLANK, _after(found, held)) for held, count in found.before[:_MOST_VALUES]]
        sample = [
            (line.reference, line.caption, line.before or BLANK, _after(found, line.before)) for line in found.sample
        ]
        denied = [(denied.reference, denied.sentence) for denied in found.denied[:_MOST_DENIED]]
        parts: tuple[Sequence[Sequence[str]], ...] = (denied, values, sample)
        for head, table, rows in zip(self._heads, self._tables(), parts, strict=True):
            table.show_rows(rows)
            head.setVisible(bool(rows))
            table.setVisible(bool(rows))
            table.fit_height(_MOST_SEEN)


class DoingSheet(Sheet):
    """A sheet that does long work as one step, with progress and Cancel; while it is under way, Escape stops it.

    `looking`: what reads first what would come of it.
    """

    def __init__(self, desk: Desk, title: str, parent: QWidget, act: str) -> None:
        super().__init__(desk, title, parent)
        self.doing: Task | None = None
        self.looking: Task | None = None
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.hide()
        sized(self.progress, desk.theme, width=160)
        self.cancel = button("Cancel", self.reject)
        self.act = button(act, self.begin, "primary", tip="One step: Undo takes all of it back")
        self.act.setEnabled(False)
        for lane in (desk.writing, desk.errands):
            lane.moved.connect(self._advance)

    def begin(self) -> None:
        """Do what the sheet is for."""

    def do(self, operation: Callable[[Store, Task], Any], done: Callable[[Any], str]) -> None:
        """Do it off the window's thread; `done` says what became of it, and the sheet closes."""
        self.act.setEnabled(False)
        self.say("")

        def succeeded(result: Any) -> None:
            self.end()
            words = done(result)
            announce(self, words)
            self.accept()
            self.desk.tell(words, undo=True)

        self.doing = self.desk.work(operation, succeeded, owner=self, refused=self.refused, words="Changing")

    def end(self) -> None:
        """It is over, done or refused."""
        self.doing = None
        self.progress.hide()

    def refused(self, error: Refused) -> None:
        """Say why not, and stay."""
        if isinstance(error, Cancelled) and self.doing is None:
            return
        self.end()
        self.say(str(error))

    def _advance(self, task: Task, done: int, of: int) -> None:
        if task in {self.doing, self.looking}:
            self.progress.setVisible(done < of or task is self.doing)
            self.progress.setRange(0, of)
            self.progress.setValue(done)
            self.progress.setAccessibleName(f"{'Changed' if self.doing else 'Looked at'} {done:,} of {of:,}")

    def reject(self) -> None:
        """Stop the change if one is under way, so that nothing of it is kept; else leave."""
        if self.doing is not None:
            self.doing.cancel()
            return
        if self.looking is not None:
            self.looking.cancel()
        super().reject()


class BulkChange(DoingSheet):
    """Asks which field of the chosen records to set to what, shows what would come of it, and does it.

    `start`: the field and the text that it begins with.
    """

    def __init__(
        self, desk: Desk, kind: type[Record], ids: Sequence[int], parent: QWidget, *, start: tuple[str, str] = ("", "")
    ) -> None:
        self.noun = (kind.noun.lower(), kind.plural.lower())
        self._most = parent.window().height()
        super().__init__(desk, f"Change {wording.counted(len(ids), *self.noun)}", parent, "Change")
        self.kind, self._ids, self._lists, self._start = kind, ids, {}, start
        self._fields: dict[str, Field] = {each.label: each for each in bulk_preview.changeable(kind).values()}
        self.editor: Editor | None = None
        self.way: Choice | None = None
        self.found: Preview | None = None
        self._value: Any = None
        self.field = Choice(desk.theme, list(self._fields), blank=True)
        self.field.setAccessibleName("Field to change")
        self._holder = column(desk.theme, gap=4)
        self.shown = PreviewPart(desk.theme, kind)
        self._arrange()
        self._soon = QTimer(self, singleShot=True, interval=_TYPES_MS)
        self._soon.timeout.connect(self._look)
        self.field.currentTextChanged.connect(self._choose)
        desk.read(partial(_offered, kind=kind), self._take, owner=self)

    _lists: Lists

    def _arrange(self) -> None:
        head = label("Field", "heading")
        head.setBuddy(self.field)
        self.body.addWidget(head)
        self.body.addWidget(self.field)
        self.body.addWidget(panel(self._holder))
        self.body.addWidget(scrolled(self.shown), 1)
        for widget in (self.progress, self.cancel, self.act):
            self.buttons.addWidget(widget)
        self.act.setEnabled(False)
        self.resize(self.theme.px(660), min(self.theme.px(600), self._most - 20))
        self.field.setFocus()

    def _take(self, found: tuple[Lists, Mapping[str, Field]]) -> None:
        self._lists, fields = found
        self.field.addItems([each.label for each in fields.values() if each.label not in self._fields])
        self._fields = {each.label: each for each in fields.values()}
        name, text = self._start
        label_of = {each.name: words for words, each in self._fields.items()}
        if name not in label_of:
            self._choose(self.field.currentText())
            return
        self.field.blockSignals(True)
        self.field.setCurrentText(label_of[name])
        self.field.blockSignals(False)
        self._choose(label_of[name])
        if self.editor is not None:
            self.editor.write(text)
            self._look()
            self.act.setFocus()

    def _choose(self, words: str) -> None:
        clear(self._holder)
        self.editor, self.found = None, None
        each = self._fields.get(words)
        self.act.setEnabled(False)
        self.say("")
        if each is None:
            self.shown.clear()
            return
        self.editor = editor_for(self.desk, each, self._lists)
        self._offer_ways(each)
        head = label("New value", "heading")
        head.setBuddy(self.editor.widget)
        self._holder.addWidget(head)
        if each.help:
            self._holder.addWidget(label(each.help, "caption", wrap=True))
        line = row(self.theme)
        line.addWidget(self.editor.widget, 1)
        if not each.required and (each.own or each.kind is not Kind.YES_NO):
            line.addWidget(button("Empty it", self._empty, "link", name=f"Empty {each.label}"))
        self._holder.addLayout(line)
        asked = [self.way, *(item.widget() for at in range(line.count()) if (item := line.itemAt(at)))]
        for before, after in pairwise([self.field, *(widget for widget in asked if widget is not None)]):
            self.setTabOrder(before, after)
        self.editor.typed.connect(self._typed)
        if isinstance(self.editor.widget, QComboBox):
            self.editor.widget.setCurrentIndex(-1)
        if self.editor.text().strip():
            self._look()
        else:
            self.shown.clear("Enter the new value to see what would change.")

    def _offer_ways(self, each: Field) -> None:
        """Offer to add words or take them away, where a field holds several."""
        self.way = None
        if each.kind is Kind.MANY:
            self.way = Choice(self.theme, WAYS, blank=False)
            self.way.setAccessibleName(f"What to do with {each.label}")
            self.way.textActivated.connect(lambda _words: self._look())
            self._holder.addWidget(self.way)

    def _typed(self) -> None:
        """What was shown is of another value: it cannot be done any more."""
        self.found = None
        self.act.setEnabled(False)
        self._soon.start()

    def _empty(self) -> None:
        if self.editor is not None:
            self.editor.write("")
            self._look()

    def _look(self) -> None:
        """Read what would come of it."""
        each = self._fields.get(self.field.currentText())
        if each is None or self.editor is None:
            return
        self.act.setEnabled(False)
        self.say("")
        store, kind, ids, name, text = self.desk.store, self.kind, self._ids, each.name, self.editor.text()
        way = self.way.currentText() if self.way is not None else SET

        def work(task: Task) -> tuple[Any, Preview]:
            with store.reading() as session:
                value = _value(session, kind, name, text)
                value = value if way == SET else Words(value, taken_away=way == TAKE)
                return value, bulk_preview.preview(session, kind, ids, name, value, progress=task.progress)

        self.looking = self.desk.errand(
            work, self._show, owner=self, words="", refused=self.refused, key="bulk preview"
        )

    def _show(self, looked: tuple[Any, Preview]) -> None:
        self._value, self.found = looked
        each = self._fields[self.field.currentText()]
        self.shown.show_preview(each, self.found, self.way.currentText() if self.way is not None else SET)
        count = len(self.found.changing)
        self.act.setText(f"Change {wording.counted(count, *self.noun)}")
        self.act.setAccessibleName(self.act.text())
        self.act.setEnabled(count > 0)
        if count and self._start[0] == each.name:
            self.act.setFocus()

    def begin(self) -> None:
        """Set the field of every record that takes the value; Undo takes it all back as one."""
        if self.found is None or self.doing is not None:
            return
        each = self._fields[self.field.currentText()]
        self.field.setEnabled(False)
        operation = partial(_change, kind=self.kind, ids=self.found.changing, name=each.name, value=self._value)
        self.do(operation, lambda count: f"{each.label} of {wording.counted(count, *self.noun)} changed")

    def end(self) -> None:
        """It is over: another field may be chosen."""
        super().end()
        self.field.setEnabled(True)
        self.act.setEnabled(self.found is not None and bool(self.found.changing))


def _after(found: Preview, before: str) -> str:
    after = found.after_of(before)
    return "stays" if after == before else after or BLANK


def _told(kind: type[Record], field: Field, found: Preview, way: str) -> str:
    noun = (kind.noun.lower(), kind.plural.lower())
    value = f"“{found.after}”" if found.after else "blank"
    whose = f"{field.label} of {wording.counted(len(found.changing), *noun)}"
    said = {ADD: f"{value} is added to {whose}.", TAKE: f"{value} is taken from {whose}."}
    parts = [said.get(way, f"{whose} becomes {value}.")]
    if found.unchanged:
        holds = "hold" if found.unchanged > 1 else "holds"
        stays = "stays as it is" if found.unchanged == 1 else "stay as they are"
        words = stays if way == TAKE else f"{holds} it already"
        parts.append(f"{wording.counted(found.unchanged, *noun)} {words}.")
    if found.denied:
        parts.append(f"{wording.counted(len(found.denied), *noun)} cannot take it.")
    return " ".join(parts)


def _offered(session: Session, *, kind: type[Record]) -> tuple[Lists, Mapping[str, Field]]:
    return settings.lists(session), bulk_preview.changeable(kind, own.columns(session, kind))


def _value(session: Session, kind: type[Record], name: str, text: str) -> Any:
    return editing.read_values(session, kind, {name: text})[name]


def _change(store: Store, task: Task, *, kind: type[Record], ids: Sequence[int], name: str, value: Any) -> int:
    return editing.change_many(store, kind, ids, name, value, progress=task.progress)
