"""Small windows over the page: to ask one thing, to confirm, and to enter a new record, kept as a draft meanwhile."""

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QPushButton, QScrollArea, QWidget
from sqlalchemy.orm import Session

from grants_app import wording
from grants_app.errors import Refused
from grants_app.operations import editing
from grants_app.records import Grant, Programme, Record
from grants_app.records.history import Draft
from grants_app.store import Store, drafts
from grants_app.ui.desk import Desk
from grants_app.ui.form import Form, Loaded, load
from grants_app.ui.page import Sections
from grants_app.ui.widgets import announce, button, column, label, panel, row

_KEEPS_MS = 900
"""How long after the last key what is typed is kept."""


class Sheet(QDialog):
    """A titled window over the page, with what it holds and a row of buttons; Escape leaves it."""

    def __init__(self, desk: Desk, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.desk, self.theme = desk, desk.theme
        self.setWindowTitle(title)
        self.setProperty("ground", "paper")
        self.setModal(True)
        self.body = column(desk.theme, gap=12)
        self.problem = label("", "problem", wrap=True)
        self.problem.hide()
        self.buttons = row(desk.theme)
        self.buttons.addStretch()
        layout = column(desk.theme, margins=20, gap=12)
        layout.addWidget(label(title, "title"))
        layout.addLayout(self.body, 1)
        layout.addWidget(self.problem)
        layout.addLayout(self.buttons)
        self.setLayout(layout)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the button that the keyboard is on, Ctrl+Enter the one that does what the sheet is for."""
        at = self.focusWidget()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            at = next((each for each in self.findChildren(QPushButton) if each.property("look") == "primary"), at)
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and isinstance(at, QPushButton):
            at.click()
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Have room for every line of what it says."""
        super().showEvent(event)
        self._grow()

    def say(self, words: str) -> None:
        """Say why it cannot be done; blank for nothing."""
        self.problem.setText(words)
        self.problem.setVisible(bool(words))
        if words:
            announce(self, words)
            self._grow()

    def _grow(self) -> None:
        layout = self.layout()
        assert layout is not None
        layout.activate()
        self.resize(self.width(), max(self.height(), layout.totalHeightForWidth(self.width())))


def confirm(
    desk: Desk, parent: QWidget, title: str, words: str, act: str, then: Callable[[], object], *, loses: bool = False
) -> Sheet:
    """Ask before something that cannot simply be taken back; `act` is what the button says that does it.

    With `loses`, where something is lost for good, the keyboard is on Cancel.
    """
    sheet = Sheet(desk, title, parent)
    sheet.body.addWidget(label(words, wrap=True))
    stays = button("Cancel", sheet.reject)
    sheet.buttons.addWidget(stays)
    does = button(act, sheet.accept, "primary")
    sheet.buttons.addWidget(does)
    sheet.accepted.connect(then)
    sheet.setMinimumWidth(desk.theme.px(420))
    sheet.open()
    (stays if loses else does).setFocus()
    return sheet


# what only an action may change later, but is typed when the record begins
_FREE: Mapping[type[Record], tuple[str, ...]] = {Programme: ("code",), Grant: ("status", "awarded", "decided_on")}


class RecordSheet(Sheet):
    """Enters a new record: its form, and what is wrong under each field; `filled` gives values known already."""

    def __init__(
        self,
        desk: Desk,
        kind: type[Record],
        sections: Sections,
        parent: QWidget,
        *,
        filled: Mapping[str, str] | None = None,
        then: Callable[[Record], object] = lambda record: None,
    ) -> None:
        super().__init__(desk, f"New {kind.noun.lower()}", parent)
        self.kind, self._sections, self._filled, self._then = kind, sections, dict(filled or {}), then
        self.form: Form | None = None
        self.save = button(f"Add {kind.noun.lower()}", self.add, "primary", tip="Ctrl+Enter")
        self.buttons.addWidget(button("Cancel", self.reject))
        self.buttons.addWidget(self.save)
        self.resize(desk.theme.px(720), desk.theme.px(560))
        self.draft = Drafting(desk, kind, self, lambda: self.form.filled() if self.form is not None else {})
        self.rejected.connect(self.draft.leave)
        officer, programme = desk.store.officer, desk.programme

        def read(session: Session) -> tuple[Loaded | None, Draft | None]:
            return load(session, kind, None, programme=programme), newest(session, officer, kind)

        desk.read(read, self._show, owner=self)

    def _show(self, found: tuple[Loaded | None, Draft | None]) -> None:
        loaded, draft = found
        assert loaded is not None
        free = _FREE.get(self.kind, ())
        self.form = Form(self.desk, self.kind, self._sections, loaded.lists, free=free, own=loaded.own)
        self.form.show_record(loaded)
        self._take(self._filled)
        area = QScrollArea()
        holder = column(self.desk.theme, margins=(0, 0, 12, 0), gap=0)
        holder.addWidget(self.form)
        area.setWidget(panel(holder, ground="paper"))
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.form.typed.connect(self.draft.typed)
        if draft is not None:
            self.body.addWidget(self.draft.offer(draft, self._take))
        self.body.addWidget(area, 1)
        area.show()  # at once, so that the keyboard can be put into it
        self.form.focus_first()

    def _take(self, typed: Mapping[str, str]) -> None:
        assert self.form is not None
        for name, text in typed.items():
            if name in self.form.rows and (editor := self.form.rows[name].editor) is not None:
                editor.write(text)

    def add(self) -> None:
        """Store the record; what is wrong with it stands under its fields, and the sheet stays."""
        if self.form is None:
            return
        self.say("")
        typed = self._filled | self.form.filled()
        self.save.setEnabled(False)
        self.desk.do(partial(add_typed, kind=self.kind, typed=typed), self._added, owner=self, refused=self._refused)

    def _added(self, record: Record) -> None:
        self.draft.done()
        self.accept()
        self._then(record)

    def _refused(self, error: Refused) -> None:
        self.save.setEnabled(True)
        assert self.form is not None
        if not self.form.show_problems(error, lambda _name: None):
            self.say(str(error))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter stores it."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.add()
            return
        super().keyPressEvent(event)


def add_typed(store: Store, *, kind: type[Record], typed: Mapping[str, str]) -> Record:
    """Add a record from what was typed by field name."""
    with store.reading() as session:
        values = editing.read_values(session, kind, typed)
    return editing.add(store, kind, values)


def save_typed(
    store: Store, *, kind: type[Record], record: int, typed: Mapping[str, str], loaded: Mapping[str, object]
) -> None:
    """Change a record's fields to what was typed; blank empties a field."""
    with store.reading() as session:
        values = editing.read_values(session, kind, typed)
    editing.save(store, kind, values, id=record, loaded=loaded)


def newest(session: Session, officer: str, kind: type[Record]) -> Draft | None:
    """The draft that this officer left last of this kind."""
    return next(iter(drafts.listed(session, officer, kind)), None)


class Drafting:
    """One draft of a new record. The writing lane does its saving and dropping in order, so that none is left behind.

    `filled` says what stands in the form; `typed` is called with each key, `leave` when the officer goes without adding
    the record, `done` when it is added.
    """

    def __init__(self, desk: Desk, kind: type[Record], sheet: QWidget, filled: Callable[[], Mapping[str, str]]) -> None:
        self._desk, self._kind, self._filled = desk, kind, filled
        self._id: int | None = None
        self._soon = QTimer(sheet, singleShot=True, interval=_KEEPS_MS)
        self._soon.timeout.connect(self._keep)
        self._begun = False

    def typed(self) -> None:
        """The officer typed: it is kept in a moment."""
        self._begun = True
        self._soon.start()

    def leave(self) -> None:
        """The officer goes: what was typed is kept, to be offered again."""
        if self._soon.isActive():
            self._soon.stop()
            self._keep()
        if self._begun and self._filled():
            self._desk.tell(f"Kept as a draft: it is offered when you begin a new {self._kind.noun.lower()}")

    def done(self) -> None:
        """The record is stored: its draft goes."""
        self._soon.stop()
        self._desk.do(self._drop)

    def take_up(self, draft: Draft) -> None:
        """Go on with an earlier draft: it is this one from now on."""
        self._id = draft.id

    def offer(self, draft: Draft, take: Callable[[Mapping[str, str]], object]) -> QWidget:
        """A line that offers an earlier draft; `take` is given what it holds if the officer goes on with it."""
        typed: Mapping[str, str] = draft.typed or {}
        caption = typed.get(self._kind.caption, "")
        called = f": “{caption}”" if caption else ""
        when = wording.time_text(draft.at)
        line = row(self._desk.theme)
        bar = panel(line)

        def go_on() -> None:
            bar.hide()
            self.take_up(draft)
            take(typed)

        def forget() -> None:
            bar.hide()
            self._desk.do(lambda store: drafts.drop(store, draft.id))

        line.addWidget(label(f"You left a draft at {when}{called}", "soft", wrap=True), 1)
        line.addWidget(button("Go on with it", go_on, "link", name=f"Go on with the draft of {when}{called}"))
        line.addWidget(button("Forget it", forget, "link", name=f"Forget the draft of {when}{called}"))
        return bar

    def _keep(self) -> None:
        typed = dict(self._filled())
        if typed:
            self._desk.do(lambda store: self._save(store, typed), refused=lambda _error: None)

    def _save(self, store: Store, typed: Mapping[str, str]) -> None:
        self._id = drafts.save(store, self._kind, typed, id=self._id)

    def _drop(self, store: Store) -> None:
        if self._id is not None:
            drafts.drop(store, self._id)
            self._id = None
