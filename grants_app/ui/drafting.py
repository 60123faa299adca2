"""Keeping a half-filled new record as a draft while it is typed, and offering it again when another is begun."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget
from sqlalchemy.orm import Session

from grants_app import wording
from grants_app.records import Record
from grants_app.records.history import Draft
from grants_app.store import Store, drafts
from grants_app.ui.desk import Desk
from grants_app.ui.widgets import button, label, panel, row

_KEEPS_MS = 900
"""How long after the last key what is typed is kept."""


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
