"""Bringing a file in: choose or drop it, look at what it would do, then Import."""

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QProgressBar, QStackedWidget, QWidget
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from grants_app import wording
from grants_app.errors import Cancelled, Refused
from grants_app.exchange import importing
from grants_app.records import Grant, Programme
from grants_app.ui.desk import Desk
from grants_app.ui.dialogs import ask_save_as
from grants_app.ui.errands import errand
from grants_app.ui.inputs import Choice
from grants_app.ui.limits import limited
from grants_app.ui.pages.import_found import Found
from grants_app.ui.pages.import_rows import Laid, laid
from grants_app.ui.tasks import Task
from grants_app.ui.widgets import announce, button, column, label, panel, restyle, row, scrolled, sized

_READS = "Spreadsheets and 360Giving files (*.xlsx *.xlsm *.xls *.ods *.csv *.tsv *.json);;Every file (*)"
_MEASURE = 520
_AS_THE_FILE_SAYS = "As the file says"


class ImportPanel(QStackedWidget):
    """Asks for a file, reads it, shows what it would do. `moved`: another thing can be done now."""

    moved = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk, self.theme = desk, desk.theme
        self.file: Path | None = None
        self.laid: Laid | None = None
        self.stored = False
        self._task: Task | None = None
        self._programmes: Mapping[str, str] = {}
        self.setAcceptDrops(True)
        self.found = Found(desk.theme)
        self.start, self.busy = self._start(), self._busy()
        self._held = scrolled(self.found)
        for part in (self.start, self.busy, self._held):
            self.addWidget(part)
        self.found.reporting.connect(self.save_report)
        self.found.another.connect(self.ask_file)
        self.found.opening.connect(self._open_grants)
        desk.errands.moved.connect(self._show_progress)
        desk.writing.moved.connect(self._show_progress)
        desk.writing.ended.connect(self._ended)

    def _start(self) -> QWidget:
        theme, middle = self.theme, Qt.AlignmentFlag.AlignHCenter
        self.problem = label("", "problem", wrap=True)
        self.problem.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.problem.hide()
        self.programme = Choice(theme, [_AS_THE_FILE_SAYS], blank=False)
        self.programme.setAccessibleName("Programme that takes the grants")
        sized(self.programme, theme, width=260)
        name = label("Programme that takes the grants", "heading")
        name.setBuddy(self.programme)
        self.choose = button("Choose a file …", self.ask_file, "primary")
        about = (
            "Grants as 360Giving publishes them: an Excel workbook, an OpenDocument or CSV table, or JSON. You see "
            "first what each row would do; nothing is stored until you press Import."
        )
        words = label(about, "soft", wrap=True)
        words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        limited(words, theme, width=_MEASURE)
        line = row(theme)
        line.addWidget(words)
        inside = column(theme, margins=20, gap=12)
        inside.addStretch(1)
        inside.addWidget(label("Drop a file here, or choose one", "key"), 0, middle)
        inside.addLayout(line)
        inside.addWidget(self.choose, 0, middle)
        inside.addWidget(self.problem)
        inside.addSpacing(theme.px(12))
        inside.addWidget(name, 0, middle)
        inside.addWidget(self.programme, 0, middle)
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

    def begin(self) -> None:
        """Read which programmes there are, and be ready for the keyboard."""
        self.desk.read(_programmes, self._offer_programmes, owner=self, key="import programmes")
        if self.currentWidget() is self.start:
            self.choose.setFocus()

    def _offer_programmes(self, programmes: Mapping[str, str]) -> None:
        self._programmes, chosen = programmes, self.programme.currentText()
        self.programme.clear()
        self.programme.addItems([_AS_THE_FILE_SAYS, *programmes])
        self.programme.setCurrentText(chosen if chosen in programmes else _AS_THE_FILE_SAYS)

    def ask_file(self) -> None:
        """Ask which file, then read it."""
        folder = self.desk.settings.state("imports").get("folder", str(Path.home()))
        chosen, _kind = QFileDialog.getOpenFileName(self, "Which file is to be brought in?", folder, _READS)
        if chosen:
            self.take_file(Path(chosen))

    def take_file(self, file: Path) -> None:
        """Read a file and show what it would do; store nothing."""
        self.file, self.laid, self.stored = file, None, False
        self.desk.settings.keep_state("imports", {"folder": str(file.parent)})
        programme, store = self._programmes.get(self.programme.currentText()), self.desk.store
        words = f"Reading {file.name}"
        self._wait(words)

        def work(task: Task) -> Laid:
            return laid(
                importing.preview(
                    store,
                    file,
                    importing.Plan(programme=programme or ""),
                    progress=lambda done, of: task.progress(done, of or 0),
                )
            )

        self._task = errand(
            self.desk, work, self._show, owner=self, words=words, refused=self._refused, key="import preview"
        )

    def look_again(self) -> None:
        """Read the same file once more."""
        if self.file is not None:
            self.take_file(self.file)

    def _wait(self, words: str) -> None:
        self.doing.setText(f"{words} …")
        self.bar.setRange(0, 0)
        self.bar.setAccessibleName(words)
        self.setCurrentWidget(self.busy)
        self.moved.emit()

    def _show_progress(self, task: Task, done: int, of: int) -> None:
        if task is self._task:
            self.bar.setRange(0, of)
            self.bar.setValue(done)
            rows = f"{done:,} of {of:,} rows" if of else f"{wording.counted(done, 'row')} read"
            self.doing.setText(f"{task.words} … {rows}")

    def _show(self, read: Laid) -> None:
        self._task, self.laid = None, read
        self.found.show_preview(read)
        self.setCurrentWidget(self._held)
        self.moved.emit()
        self.found.tabs.setFocus()

    def _refused(self, error: Refused) -> None:
        self._task, self.laid = None, None
        self.problem.setText("Stopped; nothing was stored." if isinstance(error, Cancelled) else str(error))
        self.problem.show()
        announce(self, self.problem.text())
        self.setCurrentWidget(self.start)
        self.choose.setFocus()
        self.moved.emit()

    def cancel(self) -> None:
        """Stop the reading or the storing; nothing is kept of it."""
        if self._task is not None:
            self._task.cancel()

    @property
    def ready(self) -> bool:
        """Whether there is something to store."""
        return self.laid is not None and not self.stored and self.laid.preview.changes_anything

    def store_it(self) -> None:
        """Store what the preview says, as one step."""
        if not self.ready or self.laid is None:
            return
        found = self.laid.preview
        self._wait(f"Storing {found.source.name}")

        self._task = self.desk.work(
            lambda store, task: importing.bring_in(store, found, lambda done, of: task.progress(done, of or 0)),
            lambda _none: self._stored(),
            owner=self,
            refused=self._not_stored,
            words=f"Storing {found.source.name}",
        )

    def _ended(self, task: Task) -> None:
        """A storing that was cancelled ends without another word: show the preview again."""
        if task is self._task:
            self.setCurrentWidget(self._held)
            if task.cancelled:
                self.found.show_refusal("Stopped; nothing was stored.")

    def _stored(self) -> None:
        self._task, self.stored = None, True
        self.setCurrentWidget(self._held)
        self.found.show_stored("Imported, as one step: Undo (Ctrl+Z) takes it back whole.")
        self.desk.tell("Imported")
        self.moved.emit()

    def _not_stored(self, error: Refused) -> None:
        self._task = None
        self.setCurrentWidget(self._held)
        self.found.show_refusal(str(error))
        self.moved.emit()

    def save_report(self) -> None:
        """Ask where to, then write what becomes of each row as a workbook."""
        if self.laid is None:
            return
        found = self.laid.preview
        name = str(found.source.with_name(f"{found.source.stem} import report.xlsx"))
        target = ask_save_as(self, "Save the report of the import", name, "Excel workbook (*.xlsx)")
        if target is not None:
            self.write_report(target if target.suffix else target.with_suffix(".xlsx"))

    def write_report(self, target: Path) -> None:
        """Write the report to a file, off the window's thread."""
        assert self.laid is not None
        found = self.laid.preview
        done = f"Saved {target.name}"
        errand(
            self.desk, lambda _task: importing.write_report(found, target), lambda _none: self.desk.tell(done),
            owner=self, words=f"Writing {target.name}",
        )  # fmt: skip

    def _open_grants(self) -> None:
        self.desk.read(_newest_grant, self._show_grant, owner=self, key="newest grant")

    def _show_grant(self, grant: int | None) -> None:
        if grant is not None:
            self.desk.open(Grant, grant)

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


def _newest_grant(session: Session) -> int | None:
    return session.scalar(select(func.max(Grant.id)))
