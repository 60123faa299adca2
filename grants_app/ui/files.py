"""The files and notes of one record: dropped or chosen, kept in the database, opened from a safe copy."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget

from grants_app import clock, wording
from grants_app.errors import Refused
from grants_app.operations import documents, editing
from grants_app.records import Record
from grants_app.records.control import Document, Note, NoteKind
from grants_app.store import Changes, Store
from grants_app.store.listing import Condition
from grants_app.ui.attaching import AttachSheet, Paper, ask_files, papers_of
from grants_app.ui.desk import Desk
from grants_app.ui.dialogs import RecordSheet, confirm
from grants_app.ui.form import Loaded
from grants_app.ui.page import Page
from grants_app.ui.table import Table
from grants_app.ui.widgets import button, column, label, line, row

_LEAST = 150
_LARGEST_EMAIL, _LONGEST_NOTE = 20_000_000, 50_000


class FilesTab(QWidget):
    """Documents over notes."""

    def __init__(self, desk: Desk, *, key: str) -> None:
        super().__init__()
        self.desk, self._record = desk, None
        columns = ("title", "kind", "size", "destroy_by")
        self.documents = Table(desk, Document, columns, key=f"{key}-Files", bullets={})
        self.notes = Table(desk, Note, ("on", "kind", "text"), key=f"{key}-Notes", bullets={})
        for table in (self.documents, self.notes):
            table.setMinimumHeight(desk.theme.px(_LEAST))
        self.documents.opened.connect(self.open)
        self.notes.opened.connect(lambda note: desk.open(Note, note, whole=True))
        self.add = button("Add a file …", self.ask, tip="Or drop files on the record, or paste them with Ctrl+V")
        self.hint = label("or drop it on the record", "caption")
        self._arrange()

    _record: Record | None

    def _arrange(self) -> None:
        theme = self.desk.theme
        layout = column(theme, margins=(0, 8, 0, 0), gap=8)
        top = row(theme)
        top.addWidget(self.add)
        top.addWidget(self.hint)
        top.addStretch()
        top.addWidget(button("Open", self._open_present, "link", name="Open the file", tip="Open a copy (Enter)"))
        top.addWidget(button("Remove", self.ask_remove, "link", name="Remove the file", tip="Move it to the bin (Del)"))
        layout.addLayout(top)
        layout.addWidget(self.documents, 1)
        layout.addWidget(line())
        notes = row(theme)
        notes.addWidget(button("Add a note …", self.add_note))
        notes.addStretch()
        layout.addLayout(notes)
        layout.addWidget(self.notes, 1)
        self.setLayout(layout)

    def show_of(self, record: Record, _loaded: Loaded) -> None:
        """Show what is kept about this record."""
        before, self._record = self._record, record
        if before is not None and before.id == record.id:
            self.documents.read(afresh=False)
            self.notes.read(afresh=False)
            return
        about = (Condition("about", "is", (record.reference,)),)
        self.documents.show_list(about, "", (("title", False),))
        self.notes.show_list(about, "", (("on", True),))

    def changed(self, changes: Changes) -> None:
        """Read the lists again where they are concerned."""
        if self._record is not None:
            self.documents.changed(changes)
            self.notes.changed(changes)

    def ask(self) -> None:
        """Ask for files."""
        self.take(ask_files(self, self.desk))

    def take(self, papers: Sequence[Paper]) -> None:
        """Keep files with the record: of each it is asked what it is; an e-mail becomes a note."""
        record = self._record
        if record is None:
            return
        others = [paper for paper in papers if not paper.name.lower().endswith(".eml")]
        for paper in papers:
            if paper not in others and isinstance(paper.source, Path):
                self.desk.do(partial(email_note, file=paper.source, about=record.reference), owner=self)
        if others:
            AttachSheet(self.desk, record, others, self.window()).open()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+V keeps the files, or the picture, that were copied; Delete removes the file that the keyboard is on."""
        if event.matches(QKeySequence.StandardKey.Paste):
            self.take(papers_of(QGuiApplication.clipboard().mimeData()))
        elif event.key() == Qt.Key.Key_Delete and self.documents.grid.hasFocus():
            self.ask_remove()
        else:
            super().keyPressEvent(event)

    def ask_remove(self) -> None:
        """Ask, then move the file to the bin."""
        at = self.documents.grid.currentIndex().row()
        present = self.documents.grid.present
        if present is None:
            return
        name = self.documents.rows.cell_text(at, 0)
        words = f"“{name}” goes to the bin. Undo brings it back."
        remove = partial(documents.remove, id=present)
        confirm(self.desk, self.window(), "Remove this file?", words, "Remove", lambda: self.desk.do(remove))

    def add_note(self) -> None:
        """Write a note about the record, of today."""
        assert self._record is not None
        filled = {"about": self._record.reference, "on": wording.date_text(clock.today())}
        sections = Page(Note, "", "", (), sections={"": ("kind", "on", "text")}).entry_sections()
        RecordSheet(self.desk, Note, {"": sections[""]}, self.window(), filled=filled).open()

    def _open_present(self) -> None:
        if (present := self.documents.grid.present) is not None:
            self.open(present)

    def open(self, document: int) -> None:
        """Open a copy that can only be read, in the program that the system has for it."""
        operation = partial(documents.open_copy, id=document)
        self.desk.do(operation, _show, owner=self)


def _show(path: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


def email_note(store: Store, *, file: Path, about: str) -> Record:
    """Keep an e-mail that was saved as .eml as a note: its day, sender, subject and words. Refused if it is none."""
    from email import message_from_bytes, policy
    from email.utils import parsedate_to_datetime

    message = message_from_bytes(file.read_bytes()[:_LARGEST_EMAIL], policy=policy.default)
    body = message.get_body(preferencelist=("plain",))
    if not message["From"]:
        raise Refused(f"{file.name} is not an e-mail: add it as a file instead.")
    words = body.get_content().strip() if body is not None else "(only pictures or a web page)"
    sent = message["Date"]
    day = clock.local(parsedate_to_datetime(sent)).date() if sent else clock.today()
    text = f"From {message['From']}: {message['Subject'] or 'no subject'}\n\n{words}"
    values = {"kind": NoteKind.EMAIL, "on": min(day, clock.today()), "text": text[:_LONGEST_NOTE], "about": about}
    return editing.add(store, Note, values)
