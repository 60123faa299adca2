"""Writing what the file holds as a workbook, or one kind of record as CSV."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QCheckBox, QGridLayout, QWidget
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from grants_app import clock, wording
from grants_app.exchange import exporting
from grants_app.records import RECORDS, Record
from grants_app.store import Changes
from grants_app.ui.choosing import ask_save_as
from grants_app.ui.desk import Desk
from grants_app.ui.tasks import Task
from grants_app.ui.widgets import button, column, label, one_card, panel, row

_ACROSS, _WIDE = 3, 720


class ExportPanel(QWidget):
    """Which kinds go out, and how. `moved`: other kinds are chosen."""

    moved = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk, self.theme = desk, desk.theme
        self.boxes: dict[type[Record], QCheckBox] = {}
        self.file: Path | None = None
        self._begun = False
        self.workbook = button("Save as a workbook …", partial(self.save, ".xlsx"), "primary")
        self.csv = button("Save as CSV …", partial(self.save, ".csv"), tip="One kind of record at a time")
        self.open_file = button("", self._open, "link")
        self.open_file.hide()
        self.why = label("", "caption", wrap=True)
        self._arrange()
        self._count()

    def _arrange(self) -> None:
        theme = self.theme
        inside = column(theme, margins=20, gap=12)
        inside.addWidget(label("The office copy", "key"))
        about = (
            "A workbook with a sheet for each kind of record, a Read me that says what each column means, and a "
            "Summary whose rows and pounds tie to the register. References stay the same in every export."
        )
        inside.addWidget(label(about, wrap=True))
        inside.addWidget(label("▲ Internal: it holds personal data. Keep it within the team.", "warning", wrap=True))
        picks = row(theme)
        picks.addWidget(button("All", partial(self._tick, on=True), "chip", name="Tick every kind of record"))
        picks.addWidget(button("None", partial(self._tick, on=False), "chip", name="Tick no kind of record"))
        picks.addStretch()
        inside.addLayout(picks)
        inside.addWidget(self._kinds())
        doing = row(theme)
        for widget in (self.workbook, self.csv, self.open_file):
            doing.addWidget(widget)
        doing.addStretch()
        inside.addLayout(doing)
        inside.addWidget(self.why)
        inside.addStretch(1)
        self.setLayout(one_card(theme, inside, width=_WIDE))

    def _kinds(self) -> QWidget:
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        deep = -(-len(RECORDS) // _ACROSS)
        for at, kind in enumerate(RECORDS):
            box = QCheckBox(kind.plural)
            box.setChecked(True)
            box.toggled.connect(lambda _on: self._count())
            self.boxes[kind] = box
            grid.addWidget(box, at % deep, at // deep)
        return panel(grid)

    def begin(self) -> None:
        """Read how many records of each kind there are."""
        self._begun = True
        self.desk.read(_counts, self._show_counts, owner=self, key="export counts")
        self.workbook.setFocus()

    def changed(self, changes: Changes) -> None:
        """Count again."""
        if self._begun:
            self.desk.read(_counts, self._show_counts, owner=self, key="export counts")

    def _show_counts(self, counts: Mapping[type[Record], int]) -> None:
        for kind, box in self.boxes.items():
            box.setText(f"{kind.plural}, {counts[kind]:,}")

    @property
    def chosen(self) -> list[type[Record]]:
        """The kinds that are ticked."""
        return [kind for kind, box in self.boxes.items() if box.isChecked()]

    def _tick(self, *, on: bool) -> None:
        for box in self.boxes.values():
            box.setChecked(on)

    def _count(self) -> None:
        count = len(self.chosen)
        self.workbook.setEnabled(count > 0)
        self.csv.setEnabled(count == 1)
        words = "A CSV file holds one kind of record: tick that one alone." if count > 1 else ""
        self.why.setText(words if count else "Tick at least one kind of record.")
        self.moved.emit()

    def save(self, ending: str) -> None:
        """Ask where to, then write."""
        chosen = self.chosen
        what = chosen[0].plural if len(chosen) == 1 else self.desk.store.path.stem
        folder = self.desk.settings.state("exports").get("folder", str(self.desk.store.path.parent))
        name = Path(folder) / f"{what} {clock.today().isoformat()}{ending}"
        kinds = "Excel workbook (*.xlsx)" if ending == ".xlsx" else "CSV (*.csv)"
        target = ask_save_as(self, "Save the export", str(name), kinds)
        if target is not None:
            self.write(target if target.suffix.casefold() == ending else target.with_name(target.name + ending))

    def write(self, target: Path) -> None:
        """Write the chosen kinds to a file, off the window's thread."""
        chosen, store = self.chosen, self.desk.store
        self.open_file.hide()

        def work(task: Task) -> int:
            def progress(done: int, of: int | None) -> None:
                task.progress(done, of or 0)

            if target.suffix.casefold() == ".csv":
                return exporting.write_csv(store, chosen[0], target, progress=progress)
            return exporting.write_workbook(store, target, kinds=chosen, progress=progress)

        self.desk.errand(work, partial(self._written, target), owner=self, words=f"Writing {target.name}")

    def _written(self, target: Path, count: int) -> None:
        self.file = target
        self.desk.settings.keep_state("exports", {"folder": str(target.parent)})
        self.open_file.setText(f"Open {target.name}".replace("&", "&&"))
        self.open_file.setAccessibleName(f"Open {target.name}")
        self.open_file.show()
        self.desk.tell(f"Wrote {wording.counted(count, 'record')} to {target.name}")

    def _open(self) -> None:
        if self.file is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.file)))


def _counts(session: Session) -> Mapping[type[Record], int]:
    return {kind: session.scalar(select(func.count()).select_from(kind)) or 0 for kind in RECORDS}
