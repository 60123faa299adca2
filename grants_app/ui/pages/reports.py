"""Reports: the list, what each asks, a preview that is the PDF's own pages, saving and printing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QResizeEvent
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QSplitter
from sqlalchemy.orm import Session

from grants_app import clock, paths, wording
from grants_app.errors import Cancelled, Refused
from grants_app.reports import catalogue
from grants_app.reports.catalogue import REPORTS
from grants_app.reports.document import Document
from grants_app.reports.registry import Report
from grants_app.store import Changes
from grants_app.ui import preview
from grants_app.ui.choosing import ask_save_as
from grants_app.ui.desk import Desk
from grants_app.ui.frame import HeaderAction
from grants_app.ui.lines import Item, Lines
from grants_app.ui.links import Named
from grants_app.ui.outgoing import FileOut, Write
from grants_app.ui.pages.report_form import ReportForm, suggestion
from grants_app.ui.pages.report_shown import Shown
from grants_app.ui.tasks import Task
from grants_app.ui.view import View
from grants_app.ui.widgets import announce, button, column, line, panel, scrolled

if TYPE_CHECKING:
    from grants_app.exchange.filling.templates import Fit

_STACKS, _ANSWERS_MS = 900, 500
_ENDINGS = {".pdf": "PDF (*.pdf)", ".docx": "Word (*.docx)", ".xlsx": "Excel (*.xlsx)", ".html": "Web page (*.html)"}


@dataclass(frozen=True)
class Made:
    """A report that was made: the answers that it was made from, the document, its pages as pictures."""

    report: Report
    answers: Mapping[str, str]
    document: Document
    pages: Sequence[bytes]


class ReportsView(View):
    """Reports and their questions at the left, what they make at the right."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.made: Made | None = None
        self.file: Path | None = None
        self._task: Task | None = None
        self._started = False
        self._grant: int | None = None
        self.list = Lines(self.theme, "Reports")
        self.form = ReportForm(desk)
        self.shown, self.out = Shown(self.theme), FileOut(desk, self)
        self.make_now = button("Make the preview", partial(self.make, say=True))
        self._arrange()
        self._connect()

    def _arrange(self) -> None:
        theme = self.theme
        left = column(theme, gap=0)
        left.addWidget(self.list)
        below = column(theme, margins=(14, 14, 14, 14), gap=14)
        below.addWidget(self.form)
        below.addWidget(self.make_now)
        below.addStretch()
        left.addLayout(below, 1)
        self.left = scrolled(panel(left, ground="paper"))
        self.splitter = QSplitter()
        self.splitter.setHandleWidth(theme.px(1))
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self.left)
        self.splitter.addWidget(self.shown)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([theme.px(310), theme.px(860)])
        layout = column(theme, gap=0)
        layout.addWidget(self.shown.bar)
        layout.addWidget(line())
        layout.addWidget(self.splitter, 1)
        self.setLayout(layout)

    def _connect(self) -> None:
        self.list.moved.connect(self._choose)
        self.list.opened.connect(lambda _name: self.form.focus_first())
        self._soon = QTimer(self, singleShot=True, interval=_ANSWERS_MS)
        self._soon.timeout.connect(partial(self.make, say=False))
        self.form.answered.connect(self._soon.start)
        self.shown.cancelled.connect(self.cancel)
        self.shown.again.connect(partial(self.make, say=True))
        self.shown.saving.connect(self.save)
        self.shown.printing.connect(self.print)
        self.shown.filling.connect(self.fill)
        self.shown.opening.connect(self._open_file)
        self.shown.turned.connect(self._fit)
        self.theme.changed.connect(self._fit_list)

    def heading(self) -> tuple[str, str]:
        """The page's name, and what was made."""
        return "Reports", self.made.document.title if self.made is not None else ""

    def header_actions(self) -> Sequence[HeaderAction]:
        """To save what is shown as PDF."""
        save = partial(self.save, ".pdf")
        return (HeaderAction("Save as PDF", save, main=True, tip="Ctrl+S", can=self.made is not None),)

    def enter(self, record: int | None, *, whole: bool) -> None:
        """Show the reports; with a grant's id, the report on that grant."""
        if not self._started:
            self._started = True
            self.list.show_items([Item(each.name, each.title, each.about) for each in REPORTS])
            self._fit_list()
            free = (each.name for each in REPORTS if not any(one.required for one in each.parameters))
            self.list.go_to_key(next(free, REPORTS[0].name))
        if record is not None:
            self._grant = record
            self.list.go_to_key("grant")
            self._choose("grant")
        self.list.setFocus()

    def changed(self, changes: Changes) -> None:
        """What is shown was made before this change: say so."""
        if self.made is not None:
            self.shown.grow_old()

    def switched(self) -> None:
        """Ask again with the programme that is chosen now."""
        if self._started:
            self._choose(self.list.present)

    def filter(self) -> None:
        """Put the keyboard on the list of reports."""
        self.list.setFocus()

    def _choose(self, name: object) -> None:
        report = next((each for each in REPORTS if each.name == name), None)
        if report is None:
            return
        self.form.ask(report)
        programme, grant, asked = self.desk.programme, self._grant, report.parameters

        def read(session: Session) -> dict[str, Named | None]:
            return {one.name: suggestion(session, one, {"programme": programme, "grant": grant}) for one in asked}

        self.desk.read(read, partial(self._suggest, report), owner=self, key="suggest report")

    def _suggest(self, report: Report, found: Mapping[str, Named | None]) -> None:
        for name, one in found.items():
            if one is not None:
                self.form.put(name, one)
        self._grant = None
        if self.made is None or self.made.report is not report or self.made.answers != self.form.answers(say=False):
            self._forget()
            self.make(say=False)

    def _forget(self) -> None:
        self.made = self.file = None
        self.shown.ask(self.form.report.title if self.form.report else "")
        self.headed.emit()

    def make(self, *, say: bool = True) -> None:
        """Make the report from the answers; where one is missing, `say` so below it."""
        self._soon.stop()
        report, answers, final = self.form.report, self.form.answers(say=say), self.form.final.isChecked()
        if report is None or answers is None:
            if not say:
                self._forget()
            return
        store = self.desk.store

        def work(task: Task) -> Made:
            with store.reading() as session:
                asked = report.read(session, answers)
                document = report.document(session, asked, prepared_by=store.officer, final=final)
            task.progress(1, 2)
            return Made(report, answers, document, catalogue.pages(document, preview.PPI))

        words = f"Making the {report.title.lower()}"
        self.shown.wait(words)
        self._task = self.desk.errand(
            work, self._show, owner=self, words=words, refused=self._refused, key="make report"
        )

    def cancel(self) -> None:
        """Stop making the report; what was shown before stays."""
        if self._task is not None:
            self._task.cancel()
            self._refused(Cancelled("Cancelled: no report was made."))

    def _show(self, made: Made) -> None:
        self.made, self.file = made, None
        self.shown.show_made(made.document, made.pages)
        self.headed.emit()

    def _refused(self, error: Refused) -> None:
        self._task = None
        if self.made is not None and isinstance(error, Cancelled):
            self.shown.show_made(self.made.document, self.made.pages)
            return
        self.made = None
        self.shown.refuse(str(error))
        announce(self, str(error))
        self.headed.emit()

    def save(self, ending: str) -> None:
        """Ask where to, then write what is shown in that format."""
        if self.made is None:
            return
        document = self.made.document
        folder = self.desk.settings.state("reports").get("folder", str(self.desk.store.path.parent))
        name = paths.safe_name(f"{document.title} {wording.date_text(clock.today())}{ending}")
        title = f"Save the report as {catalogue.FORMATS[ending]}"
        target = ask_save_as(self, title, str(Path(folder) / name), _ENDINGS[ending])
        if target is not None:
            ended = target.suffix.casefold() == ending
            self.write(document, target if ended else target.with_name(target.name + ending))

    def fill(self) -> None:
        """Ask for a template of the officer's own, and fill it in from the table that fits it best."""
        if self.made is not None:
            self.out.ask_template(partial(_match, self.made.document), ("row", "rows"))

    def write(self, document: Document, target: Path) -> None:
        """Write a report to a file, off the window's thread."""
        self.desk.errand(
            lambda _task: catalogue.write(document, target), lambda _none: self._written(target), owner=self,
            words=f"Writing {target.name}",
        )  # fmt: skip

    def _written(self, target: Path) -> None:
        self.file = target
        self.desk.settings.keep_state("reports", {"folder": str(target.parent)})
        self.shown.offer_file(target.name)
        self.desk.tell(f"Saved {target.name}")

    def _open_file(self) -> None:
        if self.file is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.file)))

    def print(self) -> None:
        """Ask which printer and which pages, then print what is shown."""
        if self.made is None:
            return
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setDocName(self.made.document.title)
        dialog = QPrintDialog(printer, self)
        dialog.setMinMax(1, len(self.made.pages))
        if dialog.exec() == QPrintDialog.DialogCode.Accepted:
            self.print_on(printer, self.made.document)

    def print_on(self, printer: QPrinter, document: Document) -> None:
        """Print a report on a printer that was chosen, off the window's thread."""

        def work(task: Task) -> int:
            pages = catalogue.pages(document, preview.PRINT_PPI)
            return preview.print_pages(printer, pages, task)

        def done(count: int) -> None:
            self.desk.tell(f"Sent {wording.counted(count, 'page')} to the printer")

        self.desk.errand(work, done, owner=self, words="Printing")

    def _fit_list(self) -> None:
        self.list.setFixedHeight(self.list.whole_height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room, questions and pages take turns behind tabs."""
        self.shown.set_narrow(narrow=self.width() / self.theme.zoom < _STACKS)
        self._fit()

    def _fit(self) -> None:
        asking = self.shown.tab == "Questions"
        self.left.setVisible(not self.shown.narrow or asking)
        self.shown.setVisible(not self.shown.narrow or not asking)


def _match(document: Document, template: Path, sent: Mapping[str, str]) -> tuple["Fit", Write]:
    from grants_app.reports import to_excel

    table, fit = to_excel.fit_template(document, template, sent)
    return fit, lambda target, _progress: to_excel.fill_template(table, fit, target)
