"""Bringing a file in: choose, drop or paste it, look at what it would do, decide, then Import."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QProgressBar, QStackedWidget, QWidget
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from grants_app import wording
from grants_app.errors import Cancelled, Refused
from grants_app.exchange.imports import importing
from grants_app.exchange.imports.importing import Plan
from grants_app.records import Programme
from grants_app.records.history import Step
from grants_app.store import Changes, Store, undoing
from grants_app.ui.choosing import ask_open, ask_save_as
from grants_app.ui.desk import Desk
from grants_app.ui.pages.import_found import Found, Laid, button_words, laid
from grants_app.ui.tasks import Task
from grants_app.ui.widgets import announce, button, column, label, limited, panel, restyle, row, scrolled, sized

if TYPE_CHECKING:
    from grants_app.exchange.sources.reading import Source

_READS = "Spreadsheets and 360Giving files (*.xlsx *.xlsm *.xls *.ods *.csv *.tsv *.json);;Every file (*)"
_MEASURE, _SETTLES_MS = 520, 350
_STOPPED = "Stopped; nothing was stored."
_ABOUT = (
    "Any workbook or table of grants, organisations, payments, engagements or other records: Excel, OpenDocument, CSV, "
    "360Giving, or rows copied in Excel and pasted here (Ctrl+V). You see first what each row would do; nothing is "
    "stored until you press Import."
)


class ImportPanel(QStackedWidget):
    """Asks for a file, reads it, shows what it would do. `moved`: another thing can be done now."""

    moved = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk, self.theme = desk, desk.theme
        self.file: Path | None = None
        self.source: Path | Source | None = None
        self.laid: Laid | None = None
        self.plan = Plan()
        self.step: int | None = None
        self._task: Task | None = None
        self._first = self._again = False
        self.setAcceptDrops(True)
        self.found = Found(desk.theme)
        self.start, self.busy = self._start(), self._busy()
        self._held = scrolled(self.found)
        for part in (self.start, self.busy, self._held):
            self.addWidget(part)
        self._soon = QTimer(self, singleShot=True, interval=_SETTLES_MS)
        self._soon.timeout.connect(self._look)
        self._connect()

    def _connect(self) -> None:
        found, desk = self.found, self.desk
        found.decided.connect(self.decide)
        found.reporting.connect(self.save_report)
        found.mending.connect(self.save_faulty)
        found.another.connect(self.ask_file)
        found.opening.connect(self._open)
        found.undoing.connect(self.undo)
        found.cancelled.connect(self.cancel)
        desk.errands.moved.connect(self._show_progress)
        desk.writing.moved.connect(self._show_progress)

    def _start(self) -> QWidget:
        theme, middle = self.theme, Qt.AlignmentFlag.AlignHCenter
        self.problem = label("", "problem", wrap=True)
        self.problem.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.problem.hide()
        self.choose = button("Choose a file …", self.ask_file, "primary")
        paste = button("Paste rows", self.paste, tip="Rows copied in Excel (Ctrl+V)")
        words = label(_ABOUT, "soft", wrap=True)
        words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        limited(words, theme, width=_MEASURE)
        line, buttons = row(theme), row(theme)
        line.addWidget(words)
        buttons.addStretch()
        buttons.addWidget(self.choose)
        buttons.addWidget(paste)
        buttons.addStretch()
        inside = column(theme, margins=20, gap=12)
        inside.addStretch(1)
        inside.addWidget(label("Drop any workbook here, or choose one", "key"), 0, middle)
        inside.addLayout(line)
        inside.addLayout(buttons)
        inside.addWidget(self.problem)
        inside.addStretch(2)
        self.zone = panel(inside, look="drop")
        held = column(theme, margins=20)
        held.addWidget(self.zone)
        return scrolled(panel(held, ground="wall"), ground="wall")

    def _busy(self) -> QWidget:
        theme, middle = self.theme, Qt.AlignmentFlag.AlignHCenter
        self.doing, self.bar = label("", "soft", wrap=True), QProgressBar()
        self.doing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.bar.setTextVisible(False)
        sized(self.bar, theme, width=240)
        layout = column(theme, margins=20, gap=12)
        layout.addStretch(1)
        layout.addWidget(self.doing)
        layout.addWidget(self.bar, 0, middle)
        layout.addWidget(button("Cancel", self.cancel), 0, middle)
        layout.addStretch(2)
        return panel(layout, ground="wall")

    @property
    def stored(self) -> bool:
        """Whether what is shown was stored, and stands."""
        return self.step is not None

    @property
    def ready(self) -> bool:
        """Whether there is something to store."""
        quiet = self._task is None and not self._soon.isActive()
        return quiet and self.laid is not None and not self.stored and self.laid.preview.may_be_stored

    def begin(self) -> None:
        """Read which programmes there are, and be ready for the keyboard."""
        self.desk.read(_programmes, self.found.offer_programmes, owner=self, key="import programmes")
        if self.currentWidget() is self.start:
            self.choose.setFocus()
        elif self._again:
            self.look_again()

    def ask_file(self) -> None:
        """Ask which file, then read it."""
        folder = self.desk.settings.state("imports").get("folder", str(Path.home()))
        chosen = ask_open(self, "Which file is to be brought in?", folder, _READS)
        if chosen is not None:
            self.take_file(chosen)

    def take_file(self, file: Path) -> None:
        """Read a file and show what it would do; store nothing."""
        self.desk.settings.keep_state("imports", {"folder": str(file.parent)})
        self._take(file, file)

    def paste(self) -> None:
        """Read the rows on the clipboard and show what they would do; store nothing."""
        from grants_app.exchange import clipboard

        data = QGuiApplication.clipboard().mimeData()
        urls = data.urls()
        if len(urls) == 1 and urls[0].isLocalFile():
            self.take_file(Path(urls[0].toLocalFile()))
            return
        try:
            source = clipboard.source(data.text(), data.html())
        except Refused as error:
            self._say(error)
        else:
            self._take(source, source.path)

    def _take(self, source: "Path | Source", name: Path) -> None:
        self.file, self.source, self.laid, self.plan, self.step = name, source, None, Plan(), None
        self._first = True
        self._wait(f"Reading {name.name}")
        self._look()

    def decide(self, plan: Plan) -> None:
        """The officer decided something: look at the file again, off the window's thread, once they pause."""
        if not self.stored:
            self.plan = plan
            self.found.show_working("Looking again …")
            self._soon.start()
            self.moved.emit()

    def look_again(self) -> None:
        """Read the same file once more, as it was decided."""
        if self.source is not None:
            self.step, self._again = None, False
            self._wait(f"Reading {self.file.name if self.file else ''}")
            self._look()

    def _look(self) -> None:
        self._soon.stop()
        source, plan, store = self.source, self.plan, self.desk.store
        if source is None:
            return
        words = f"Reading {self.file.name if self.file else ''}"

        def work(task: Task) -> Laid:
            found = importing.preview(
                store, source, plan, asking=True, progress=lambda done, of: task.progress(done, of or 0)
            )
            with store.reading() as session:
                return laid(found, session, store.path.name)

        self._task = self.desk.errand(
            work, self._show, owner=self, words=words, refused=self._refused, key="import preview"
        )
        self.moved.emit()

    def _wait(self, words: str) -> None:
        self.doing.setText(f"{words} …")
        self.bar.setRange(0, 0)
        self.bar.setAccessibleName(words)
        self.setCurrentWidget(self.busy)
        self.moved.emit()

    def _show_progress(self, task: Task, done: int, of: int) -> None:
        if task is self._task:
            rows = f"{done:,} of {of:,} rows" if of else f"{wording.counted(done, 'row')} read"
            self.bar.setRange(0, of)
            self.bar.setValue(done)
            self.doing.setText(f"{task.words} … {rows}")
            if self.currentWidget() is self._held:
                self.found.show_working(f"Looking again … {rows}", done, of)

    def _show(self, read: Laid) -> None:
        waited = self.currentWidget() is self.busy
        self._task, self.laid, self.plan = None, read, read.preview.plan
        self.found.show_preview(read, first=self._first)
        self._first = False
        self.setCurrentWidget(self._held)
        self.moved.emit()
        if waited:
            self.found.tabs.setFocus()

    def _refused(self, error: Refused) -> None:
        self._task = None
        if self.laid is not None and not self._first:
            self.plan = self.laid.preview.plan
            told = "Stopped. What stands here is as it was before." if isinstance(error, Cancelled) else str(error)
            self.found.show_preview(self.laid, first=False)
            self.found.show_refusal(told)
            self.setCurrentWidget(self._held)
        else:
            self.laid = self.source = None
            self._say(error)
        self.moved.emit()

    def _say(self, error: Refused) -> None:
        self.problem.setText(_STOPPED if isinstance(error, Cancelled) else str(error))
        self.problem.show()
        announce(self, self.problem.text())
        self.setCurrentWidget(self.start)
        self.choose.setFocus()

    def cancel(self) -> None:
        """Stop the reading or the storing; nothing is kept of it."""
        if self._task is not None:
            self._task.cancel()
        elif self._soon.isActive():
            self._soon.stop()
            self._refused(Cancelled())

    def store_it(self) -> None:
        """Store what the preview says, as one step."""
        if not self.ready or self.laid is None:
            return
        found = self.laid.preview
        words = f"Storing {found.source.name}"
        self._wait(words)

        def work(store: Store, task: Task) -> int | None:
            importing.bring_in(store, found, lambda done, of: task.progress(done, of or 0))
            with store.reading() as session:
                return session.scalar(select(func.max(Step.id)))

        self._task = self.desk.work(work, self._stored, owner=self, refused=self._not_stored, words=words)

    def _stored(self, step: int | None) -> None:
        self._task, self.step = None, step
        self.setCurrentWidget(self._held)
        done = button_words(self.laid.preview).replace("Import", "Imported", 1) if self.laid else "Imported"
        self.found.show_stored(f"{done}, as one step: Undo (Ctrl+Z) takes it back whole.")
        self.desk.tell(done, undo=True)
        self.moved.emit()
        self.found.look.setFocus()
        self._held.verticalScrollBar().setValue(0)

    def _not_stored(self, error: Refused) -> None:
        self._task = None
        self.setCurrentWidget(self._held)
        self.found.show_refusal(_STOPPED if isinstance(error, Cancelled) else str(error))
        self.moved.emit()

    def undo(self) -> None:
        """Take the import back, as one step."""
        step = self.step
        if step is not None:
            self.desk.work(
                lambda store, task: undoing.undo(store, step, progress=task.progress),
                lambda words: self.desk.tell(f"Undone: {words}"),
                owner=self,
                words="Undoing",
            )

    def changed(self, changes: Changes) -> None:
        """Something was stored or undone: what was imported may be taken back, what is previewed may be there now."""
        step = self.step
        if step is not None and changes.step_id != step:
            self.desk.read(lambda session: _stands(session, step), self._check, owner=self, key="import stands")
        elif step is None and self.laid is not None and self._task is None:
            self._outdated()

    def _check(self, stands: bool) -> None:  # noqa: FBT001 (a result)
        if not stands and self.step is not None:
            self.step = None
            self._outdated()

    def _outdated(self) -> None:
        """What is shown was true of the file as it stood: look again, once somebody sees it."""
        self._again = True
        if self.isVisible():
            self.look_again()

    def save_report(self) -> None:
        """Ask where to, then write what becomes of each row as a workbook."""
        self._save("import report", "Save the report of the import", self.write_report)

    def write_report(self, target: Path) -> None:
        """Write the report to a file, off the window's thread."""
        assert self.laid is not None
        found = self.laid.preview
        self._write(target, lambda: importing.write_report(found, target))

    def save_faulty(self) -> None:
        """Ask where to, then write the faulty rows as a workbook to be corrected and brought in again."""
        self._save("to correct", "Save the faulty rows", self.write_faulty)

    def write_faulty(self, target: Path) -> None:
        """Write the faulty rows to a file, off the window's thread."""
        assert self.laid is not None
        found = self.laid.preview
        self._write(target, lambda: importing.write_faulty(found, target))

    def _save(self, what: str, title: str, write: Callable[[Path], None]) -> None:
        if self.laid is None:
            return
        found = self.laid.preview
        folder = found.source.parent if found.source.parent.is_dir() else Path.home()
        name = str(folder / f"{found.source.stem} {what}.xlsx")
        target = ask_save_as(self, title, name, "Excel workbook (*.xlsx)")
        if target is not None:
            write(target if target.suffix else target.with_suffix(".xlsx"))

    def _write(self, target: Path, write: Callable[[], object]) -> None:
        done = f"Saved {target.name}"
        self.desk.errand(
            lambda _task: write(), lambda _none: self.desk.tell(done), owner=self,
            words=f"Writing {target.name}", late=True,
        )  # fmt: skip

    def _open(self) -> None:
        kinds = [table.kind for table in self.laid.preview.tables if not table.left_out] if self.laid else []
        self.desk.all_asked.emit(kinds[0] if kinds else "grant")

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take one file that is held over the page."""
        urls = event.mimeData().urls()
        if len(urls) == 1 and urls[0].isLocalFile() and self.currentWidget() is not self.busy:
            event.acceptProposedAction()
            restyle(self.zone, "held", "true")

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """It was taken away again."""
        restyle(self.zone, "held", "")

    def dropEvent(self, event: QDropEvent) -> None:
        """Read the file that was dropped."""
        restyle(self.zone, "held", "")
        event.acceptProposedAction()
        self.take_file(Path(event.mimeData().urls()[0].toLocalFile()))


def _programmes(session: Session) -> Mapping[str, str]:
    found = session.execute(select(Programme.name, Programme.reference).order_by(Programme.name))
    return {f"{name} · {reference}": reference for name, reference in found}


def _stands(session: Session, step: int) -> bool:
    """Whether what a step did is there: not undone, or done again."""
    stands, at = True, session.get(Step, step)
    while at is not None and at.undone_by is not None:
        stands, at = not stands, session.get(Step, at.undone_by)
    return stands
