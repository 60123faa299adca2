"""Files and notes kept with a record: dropped, pasted or chosen, told what each is, opened from a safe copy."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QBuffer, QEvent, QIODevice, QMimeData, QObject, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QDropEvent, QGuiApplication, QImage, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QRadioButton, QWidget

from grants_app import clock, wording
from grants_app.errors import Refused
from grants_app.operations import documents, editing, engagements
from grants_app.records import Record
from grants_app.records.control import Document, DocumentKind, Note, NoteKind
from grants_app.store import Changes, Store
from grants_app.store.listing import Condition
from grants_app.ui.choosing import ask_open_many
from grants_app.ui.desk import Desk
from grants_app.ui.dialogs import RecordSheet, Sheet, confirm
from grants_app.ui.form import Loaded
from grants_app.ui.inputs import Choice, DateLine, Line
from grants_app.ui.page import Page
from grants_app.ui.table import Table
from grants_app.ui.widgets import button, column, label, line, panel, row, scrolled

_LEAST = 150
_LARGEST_EMAIL, _LONGEST_NOTE = 20_000_000, 50_000


@dataclass(frozen=True)
class Paper:
    """A file that is to be kept: its name, and where it is or what it holds."""

    name: str
    source: Path | bytes


def papers_of(data: QMimeData) -> list[Paper]:
    """The files that are dragged or were copied; a copied picture is one too."""
    paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()] if data.hasUrls() else []
    if paths:
        return [Paper(path.name, path) for path in paths]
    picture = data.imageData() if data.hasImage() else None
    if not isinstance(picture, QImage):
        return []
    bytes_ = QBuffer()
    bytes_.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(bytes_, "PNG")  # type: ignore[call-overload]
    return [Paper(f"Picture {clock.today().isoformat()}.png", bytes(bytes_.data().data()))]


def ask_files(parent: QWidget, desk: Desk) -> list[Paper]:
    """Ask for files, beginning where the last ones came from."""
    folder = desk.settings.state("files").get("folder", str(Path.home()))
    found = ask_open_many(parent, "Add files", folder)
    if found:
        desk.settings.keep_state("files", {"folder": str(found[0].parent)})
    return [Paper(path.name, path) for path in found]


class FileDrop(QObject):
    """Lets files be dropped anywhere on a widget; `held` says what would become of them."""

    def __init__(self, widget: QWidget, held: Callable[[], str], take: Callable[[Sequence[Paper]], object]) -> None:
        super().__init__(widget)
        self._held, self._take = held, take
        widget.setAcceptDrops(True)
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take files, and nothing else."""
        if not isinstance(event, QDropEvent) or not papers_of(event.mimeData()) or not self._held():
            return False
        if event.type() == QEvent.Type.Drop:
            self._take(papers_of(event.mimeData()))
        event.acceptProposedAction()
        return True


class AttachSheet(Sheet):
    """Asks of one file after another what it is. A sheet of names may leave its count and go, or stay until a day."""

    def __init__(self, desk: Desk, record: Record, papers: Sequence[Paper], parent: QWidget) -> None:
        super().__init__(desk, "Keep this file" if len(papers) == 1 else "Keep these files", parent)
        self.record, self._left, self._most = record, list(papers), parent.window().height()
        self._count = len(papers)
        caption = str(getattr(record, record.caption))
        named = record.reference if caption == record.reference else f"{record.reference}, {caption}"
        self.with_ = label(named, "soft", wrap=True)
        self.name = label("", wrap=True)
        self.title = Line(desk.theme)
        self.kind = Choice(desk.theme, [kind.value for kind in DocumentKind], blank=False)
        self.counts = QRadioButton("Keep the count, not the sheet")
        self.keeps = QRadioButton("Keep the sheet until")
        self.came, self.until = Line(desk.theme), DateLine(desk.theme)
        self.skip = button("Leave this one out", self._next, "link")
        self.act = button("Save", self.keep, "primary")
        self._arrange()
        self._begin()

    def _arrange(self) -> None:
        self.came.setAccessibleName("How many signed")
        self.until.setAccessibleName("Keep the sheet until")
        names = column(self.theme, gap=6)
        why = "It holds names. Its count says all that is counted here; the names are safest where they are."
        names.addWidget(label(why, "warning", wrap=True))
        for widget in (self.counts, self.came, self.keeps, self.until):
            names.addWidget(widget)
        self.names = panel(names)
        asked = column(self.theme, margins=(0, 0, 8, 0), gap=8)
        asked.addWidget(self.with_)
        asked.addWidget(self.name)
        for editor, words in ((self.title, "Title"), (self.kind, "Kind")):
            head = label(words, "heading")
            head.setBuddy(editor)
            editor.setAccessibleName(words)
            asked.addWidget(head)
            asked.addWidget(editor)
        asked.addWidget(self.names)
        asked.addStretch()
        self.body.addWidget(scrolled(panel(asked, ground="paper")), 1)
        self.buttons.insertWidget(0, self.skip)
        self.buttons.addWidget(button("Cancel", self.reject))
        self.buttons.addWidget(self.act)
        self.skip.setVisible(self._count > 1)
        self.resize(self.theme.px(460), min(self.theme.px(500), self._most - 20))
        self.kind.currentTextChanged.connect(lambda _words: self._fit())
        self.counts.toggled.connect(lambda _on: self._fit())
        for typed in (self.title, self.came, self.until):
            typed.returnPressed.connect(self.keep)

    @property
    def paper(self) -> Paper:
        """The file that is asked about."""
        return self._left[0]

    def _begin(self) -> None:
        """Ask about the next file."""
        self.say("")
        paper = self.paper
        size = len(paper.source) if isinstance(paper.source, bytes) else _size(paper.source)
        of = f" · {self._count - len(self._left) + 1} of {self._count}" if self._count > 1 else ""
        self.name.setText(f"{paper.name}, {wording.size_text(size)}{of}")
        self.title.setText(Path(paper.name).stem)
        self.came.clear()
        day = documents.destroyed_by(DocumentKind.SIGN_IN)
        self.until.setText(wording.date_text(day) if day is not None else "")
        self.counts.setChecked(True)
        self.kind.setCurrentText(guess(paper.name).value)
        self._fit()
        self.title.setFocus()
        self.title.selectAll()

    @property
    def _chosen(self) -> DocumentKind:
        return DocumentKind(self.kind.currentText())

    @property
    def _counting(self) -> bool:
        return self._chosen is DocumentKind.SIGN_IN and self.counts.isChecked()

    def _fit(self) -> None:
        """Show what the kind of paper asks for."""
        self.names.setVisible(self._chosen is DocumentKind.SIGN_IN)
        self.came.setEnabled(self._counting)
        self.until.setEnabled(not self._counting)
        words = "Keep the count" if self._counting else "Save"
        self.act.setText(words)
        self.act.setAccessibleName(words)

    def keep(self) -> None:
        """Keep the file, or its count; what cannot be done is said here, and the sheet stays."""
        self.say("")
        about, paper = self.record.reference, self.paper
        operation: Callable[[Store], object]
        try:
            if self._counting:
                count = wording.read_whole(self.came.text())
                operation = partial(engagements.keep_register_count, about=about, count=count, name=paper.name)
                told = f"Kept the count of {paper.name}, and not the sheet"
            else:
                until = wording.read_date(self.until.text()) if self._chosen is DocumentKind.SIGN_IN else None
                operation = partial(
                    documents.attach, source=paper.source, about=about, name=paper.name,
                    title=self.title.text().strip(), kind=self._chosen, destroy_by=until,
                )  # fmt: skip
                told = f"Kept {paper.name} with {about}"
        except ValueError as error:
            self.say(f"{'How many signed' if self._counting else 'Keep the sheet until'}: {error}")
            (self.came if self._counting else self.until).setFocus()
            return
        self.act.setEnabled(False)
        done = partial(self._kept, told)
        self.desk.do(operation, done, owner=self, refused=self._refused, words=f"Keeping {paper.name}")

    def _kept(self, told: str, _made: object) -> None:
        self.desk.tell(told)
        self._next()

    def _refused(self, error: Refused) -> None:
        self.act.setEnabled(True)
        self.say(str(error))

    def _next(self) -> None:
        del self._left[0]
        self.act.setEnabled(True)
        if self._left:
            self._begin()
        else:
            self.accept()


def guess(name: str) -> DocumentKind:
    """What a file probably is, by its name."""
    stem, ending = Path(name).stem.casefold(), Path(name).suffix.lower()
    words = {
        "sign": DocumentKind.SIGN_IN, "register": DocumentKind.SIGN_IN, "attendance": DocumentKind.SIGN_IN,
        "consent": DocumentKind.CONSENT, "agreement": DocumentKind.AGREEMENT, "invoice": DocumentKind.INVOICE,
        "policy": DocumentKind.POLICY, "report": DocumentKind.REPORT,
    }  # fmt: skip
    found = next((kind for word, kind in words.items() if word in stem), DocumentKind.OTHER)
    pictures = {".jpg", ".jpeg", ".png", ".heic"}
    return DocumentKind.PHOTO if found is DocumentKind.OTHER and ending in pictures else found


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


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
