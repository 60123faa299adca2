"""What goes out of a list as it is shown: a workbook, a CSV file, the officer's own template, a table for Excel."""

from array import array
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QStringListModel, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from grants_app import clock, wording
from grants_app.errors import Refused
from grants_app.exchange.shapes import Column, Progress
from grants_app.store import settings
from grants_app.store.listing import Listing
from grants_app.ui.choosing import ask_open, ask_save_as
from grants_app.ui.desk import Desk
from grants_app.ui.tasks import Task
from grants_app.ui.template_sheet import TemplateSheet, said_before

if TYPE_CHECKING:
    from grants_app.exchange.filling.templates import Fit

MOST_COPIED = 100_000
"""More rows than the clipboard of an office computer carries well; a file does."""
_PAGE = 2000
_KINDS = {
    ".xlsx": "Excel workbook (*.xlsx)", ".csv": "CSV (*.csv)", ".xlsm": "Excel workbook with macros (*.xlsm)",
}  # fmt: skip

_TEMPLATES = "Excel workbooks (*.xlsx *.xlsm *.xltx *.xltm)"

Write = Callable[[Path, Progress], int]
Match = Callable[[Path, Mapping[str, str]], "tuple[Fit, Write]"]
"""Finds where rows go in a template, given what was said of its headings, and says how they are written there."""


class FileOut(QObject):
    """Asks where to, writes there off the window's thread with progress and Cancel, and offers to open what it wrote.

    `write` gets the path, whose ending says workbook or CSV, and a progress; it says how many rows it wrote.
    """

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self.desk, self._parent = desk, parent
        self.file: Path | None = None

    def offer(
        self,
        menu: QMenu,
        name: str,
        write: Write,
        noun: tuple[str, str],
        copy: Callable[[], object],
        match: Match | None = None,
    ) -> None:
        """Add the two sorts of file to a menu, a table to copy, a template to fill in, and the file written last."""
        ask = self.ask
        menu.addAction("Excel workbook …", partial(ask, ".xlsx", name, write, noun))
        menu.addAction("CSV …", partial(ask, ".csv", name, write, noun))
        menu.addAction("Copy as table", copy)
        if match is not None:
            menu.addAction("Fill my own template …", partial(self.ask_template, match, noun))
        if self.file is not None and self.file.exists():
            menu.addSeparator()
            menu.addAction(f"Open {self.file.name}".replace("&", "&&"), self.open)

    def ask(self, ending: str, name: str, write: Write, noun: tuple[str, str]) -> None:
        """Ask where to, then write."""
        folder = self.desk.settings.state("exports").get("folder", str(self.desk.store.path.parent))
        proposed = Path(folder) / f"{name} {clock.today().isoformat()}{ending}"
        target = ask_save_as(self._parent, "Save the list", str(proposed), _KINDS[ending])
        if target is not None:
            named = target if target.suffix.casefold() == ending else target.with_name(target.name + ending)
            self.write(named, write, noun)

    def ask_template(self, match: Match, noun: tuple[str, str]) -> None:
        """Ask which workbook is to be filled in, then say what will go where in it."""
        folder = self.desk.settings.state("templates").get("folder", str(self.desk.store.path.parent))
        chosen = ask_open(self._parent, "Which workbook is to be filled in?", folder, _TEMPLATES)
        if chosen is not None:
            self.fit_template(chosen, match, noun)

    def fit_template(self, template: Path, match: Match, noun: tuple[str, str]) -> None:
        """Look where rows go in a template, off the window's thread, and show it before anything is written."""
        self.desk.settings.keep_state("templates", {"folder": str(template.parent)})
        found = partial(self._fitted, match, noun)
        look = partial(match, template, said_before(self.desk, noun))
        self.desk.errand(lambda _task: look(), found, owner=self, words=f"Looking at {template.name}")

    def _fitted(self, match: Match, noun: tuple[str, str], found: "tuple[Fit, Write]") -> None:
        sheet = TemplateSheet(self.desk, found, match, noun, self._parent)
        sheet.accepted.connect(lambda: self.ask(sheet.fit.ending, sheet.fit.template.stem, sheet.write, noun))
        sheet.open()

    def write(self, target: Path, write: Write, noun: tuple[str, str]) -> None:
        """Write to that file."""

        def work(task: Task) -> int:
            return write(target, lambda done, of: task.progress(done, of or 0))

        done = partial(self._written, target, noun)
        self.desk.errand(work, done, owner=self, words=f"Writing {target.name}", late=True)

    def _written(self, target: Path, noun: tuple[str, str], count: int) -> None:
        self.file = target
        self.desk.settings.keep_state("exports", {"folder": str(target.parent)})
        self.desk.tell(f"Wrote {wording.counted(count, *noun)} to {target.name}")

    def open(self) -> None:
        """Open the file written last with the computer's own program."""
        if self.file is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.file)))


def writing(desk: Desk, shown: Listing, ids: Sequence[int] | None = None) -> Write:
    """How a list as it is shown is written, or of it only these records."""

    def write(target: Path, progress: Progress) -> int:
        from grants_app.exchange import exporting

        return exporting.write_listing(desk.store, shown, target, ids=ids, progress=progress)

    return write


def matching(desk: Desk, shown: Listing) -> Match:
    """How a list as it is shown goes into an officer's own template."""

    def match(template: Path, sent: Mapping[str, str]) -> "tuple[Fit, Write]":
        from grants_app.exchange.filling import filling, templates

        _, offers = templates.offers_of(desk.store, shown)
        fit = templates.fit(template, offers, sent)
        return fit, lambda target, progress: filling.fill_listing(desk.store, shown, fit, target, progress)

    return match


def copy_rows(desk: Desk, shown: Listing, ids: Sequence[int], owner: QObject) -> None:
    """Put these records' rows on the clipboard, under the list's columns, so that Excel pastes a table."""
    noun = (shown.kind.noun.lower(), shown.kind.plural.lower())
    chosen = array("q", ids)

    def work(task: Task) -> tuple[str, str]:
        from grants_app.exchange import exporting

        if len(chosen) > MOST_COPIED:
            count = wording.counted(len(chosen), *noun)
            raise Refused(f"The clipboard takes {MOST_COPIED:,} rows, and {count} are chosen: export them to a file.")
        with desk.store.reading() as session:
            columns = tuple(exporting.listing_columns(shown, settings.lists(session)))
            rows: list[Sequence[object]] = []
            for start in range(0, len(chosen), _PAGE):
                rows += [row[1:] for row in shown.rows(session, chosen[start : start + _PAGE])]
                task.progress(len(rows), len(chosen))
        return table(columns, rows)

    def done(made: tuple[str, str]) -> None:
        put(made)
        desk.tell(f"Copied {wording.counted(len(chosen), *noun)}: paste them into Excel as a table")

    desk.errand(work, done, owner=owner, words="Copying", key="copy")


def table(columns: Sequence[Column], rows: Sequence[Sequence[object]]) -> tuple[str, str]:
    """Rows as the clipboard carries them: as tab-separated text and as HTML."""
    from grants_app.exchange import clipboard

    return clipboard.as_text(columns, rows), clipboard.as_html(columns, rows)


def put(made: tuple[str, str]) -> None:
    """Put a table, as text and HTML, on the clipboard."""
    # Qt lets the clipboard's data go after Python has ended: data that Python made would take the program down with it.
    maker = QStringListModel([""])
    data = maker.mimeData([maker.index(0)])
    data.clear()
    data.setText(made[0])
    data.setHtml(made[1])
    QGuiApplication.clipboard().setMimeData(data)
