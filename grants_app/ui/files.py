"""The files and notes of one record: dropped or chosen, kept in the database, opened from a safe copy."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QWidget

from grants_app import clock, wording
from grants_app.errors import Refused
from grants_app.operations import documents, editing
from grants_app.records import Record
from grants_app.records.control import Document, DocumentKind, Note, NoteKind
from grants_app.store import Changes, Store
from grants_app.store.listing import Condition
from grants_app.ui.ask import Question
from grants_app.ui.ask_sheet import AskSheet
from grants_app.ui.desk import Desk
from grants_app.ui.dialogs import RecordSheet
from grants_app.ui.form import Loaded
from grants_app.ui.page import Page
from grants_app.ui.table import Table
from grants_app.ui.widgets import button, column, label, line, restyle, row

_LEAST = 150
_LARGEST_EMAIL, _LONGEST_NOTE = 20_000_000, 50_000


class FilesTab(QWidget):
    """Documents over notes. Files can be dropped anywhere on it."""

    def __init__(self, desk: Desk, *, key: str) -> None:
        super().__init__()
        self.desk, self._record = desk, None
        self.setAcceptDrops(True)
        self.documents = Table(desk, Document, ("title", "kind", "file_name", "size"), key=f"{key}-Files", bullets={})
        self.notes = Table(desk, Note, ("on", "kind", "text"), key=f"{key}-Notes", bullets={})
        for table in (self.documents, self.notes):
            table.setMinimumHeight(desk.theme.px(_LEAST))
        self.documents.opened.connect(self.open)
        self.notes.opened.connect(lambda note: desk.open(Note, note, whole=True))
        self.add = button("Add a file …", self.ask, tip="Or drop files here")
        self.hint = label("Drop files here", "caption")
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

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files."""
        if event.mimeData().hasUrls():
            restyle(self.hint, "look", "heading")
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Keep what was dropped."""
        restyle(self.hint, "look", "caption")
        self.take([Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()])
        event.acceptProposedAction()

    def ask(self) -> None:
        """Ask for files."""
        found, _kind = QFileDialog.getOpenFileNames(self, "Add files", str(Path.home()))
        self.take([Path(name) for name in found])

    def take(self, files: Sequence[Path]) -> None:
        """Keep files with the record: of each it is asked what it is; an e-mail becomes a note."""
        for file in files:
            if self._record is None:
                return
            if file.suffix.lower() == ".eml":
                about = self._record.reference
                self.desk.do(partial(email_note, file=file, about=about), owner=self)
            else:
                self._ask_kind(file, self._record)

    def _ask_kind(self, file: Path, record: Record) -> None:
        kinds = {kind.value: kind for kind in DocumentKind}
        asked = (
            Question("title", "Title", first=lambda _record: file.stem),
            Question("kind", "Kind", "choice", first=lambda _record: _guess(file).value, choices=kinds),
        )
        tell = f"{file.name}. A sign-in sheet holds names: log the count, and let the sheet go by the day offered."
        keep = partial(_keep, about=record.reference, file=file)
        AskSheet(self.desk, record, self.window(), "Keep this file", keep, asked, tell).open()

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


def _guess(file: Path) -> DocumentKind:
    name = file.stem.casefold()
    words = {
        "sign": DocumentKind.SIGN_IN, "register": DocumentKind.SIGN_IN, "consent": DocumentKind.CONSENT,
        "agreement": DocumentKind.AGREEMENT, "invoice": DocumentKind.INVOICE, "policy": DocumentKind.POLICY,
        "report": DocumentKind.REPORT,
    }  # fmt: skip
    if file.suffix.lower() in {".jpg", ".jpeg", ".png", ".heic"}:
        return DocumentKind.PHOTO
    return next((kind for word, kind in words.items() if word in name), DocumentKind.OTHER)


def _keep(store: Store, _record: int, *, about: str, file: Path, title: str, kind: DocumentKind) -> Record:
    return documents.attach(store, file, about=about, title=title, kind=kind)


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
