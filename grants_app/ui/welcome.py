"""Welcome, the first thing seen: who you are, and where to begin: the sample, a workbook, a file, or a new one."""

import getpass
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QGridLayout, QLineEdit, QProgressBar, QPushButton, QScrollArea, QWidget

from grants_app.errors import Refused
from grants_app.settings import Settings
from grants_app.store import opening
from grants_app.ui.choosing import ask_open, ask_save_as
from grants_app.ui.tasks import Lane, Task
from grants_app.ui.theme import Theme
from grants_app.ui.widgets import announce, button, column, give_icon, label, panel, row

_FILES = "Grants Desk files (*.grants)"
_SHEETS = "Spreadsheets and 360Giving files (*.xlsx *.xlsm *.xls *.ods *.csv *.tsv *.json);;Every file (*)"
_SHOWN = 4


class Welcome(QWidget):
    """Asks who the officer is and what to open. `chosen`: a file that is there, and a workbook to bring in, or None."""

    chosen = Signal(object, object)

    def __init__(self, theme: Theme, settings: Settings, officer: str = "", trouble: str = "") -> None:
        super().__init__()
        self.theme, self.settings = theme, settings
        self.setWindowTitle("Grants Desk")
        self.setProperty("ground", "wall")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.lane = Lane("welcome", self)
        self.name = QLineEdit(officer or settings.officer or _login())
        self.name.setAccessibleName("Your name")
        self.problem = label(trouble, "problem", wrap=True)
        self.problem.setVisible(bool(trouble))
        self.progress = QProgressBar()
        self.progress.setRange(0, 0)
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName("Making the file")
        self.progress.hide()
        self.choices: dict[str, QPushButton] = {}
        self._arrange()
        self.resize(theme.px(900), theme.px(640))

    def _arrange(self) -> None:
        theme = self.theme
        body = column(theme, margins=(32, 28, 32, 28), gap=14)
        body.addWidget(label("Welcome to Grants Desk", "figure"))
        words = "Everything of a programme in one file on this computer: grants, engagements, payments, results."
        body.addWidget(label(words, "soft", wrap=True))
        head = label("Your name", "heading")
        head.setBuddy(self.name)
        body.addWidget(head)
        body.addWidget(label("It signs each step that you take.", "caption"))
        self.name.setMaximumWidth(theme.px(320))
        body.addWidget(self.name)
        grid = QGridLayout()
        grid.setSpacing(theme.px(12))
        for at, (title, told, icon, run) in enumerate(self._offers()):
            grid.addWidget(self._choice(title, told, icon, run), at // 2, at % 2)
        body.addLayout(grid)
        body.addWidget(self.progress)
        body.addWidget(self.problem)
        self._add_recent(body)
        body.addStretch()
        area = QScrollArea()
        area.setProperty("ground", "wall")
        area.setWidget(panel(body, ground="wall"))
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        layout = column(theme, gap=0)
        layout.addWidget(area)
        self.setLayout(layout)

    def _offers(self) -> list[tuple[str, str, str, Callable[[], None]]]:
        return [
            ("Look round the sample", "A programme made up for trying things out", "sample", self.make_sample),
            ("Bring in my workbook", "Excel, CSV or 360Giving into a new file", "import", self.ask_workbook),
            ("Start a new file", "An empty file for a programme of your own", "new", self.ask_new),
            ("Open a file", "One that you or a colleague made before", "folder", self.ask_open),
        ]

    def _choice(self, title: str, told: str, icon: str, run: Callable[[], None]) -> QWidget:
        held = column(self.theme, margins=14, gap=6)
        does = button(title, run, "primary" if icon == "sample" else "")
        give_icon(does, self.theme, icon, "on_accent" if icon == "sample" else "accent", 18)
        does.setAccessibleDescription(told)
        self.choices[title] = does
        held.addWidget(does)
        held.addWidget(label(told, "caption", wrap=True))
        return panel(held, look="card")

    def _add_recent(self, body: object) -> None:
        recent = [file for file in self.settings.recent_files if file.exists()][:_SHOWN]
        if recent:
            body.addWidget(label("Opened before", "heading"))  # type: ignore[attr-defined]
        for file in recent:
            one = row(self.theme)
            one.addWidget(button(file.name, partial(self.open, file), "link", tip=str(file)))
            one.addWidget(label(str(file.parent), "caption"), 1)
            body.addLayout(one)  # type: ignore[attr-defined]

    def say(self, words: str) -> None:
        """Say why it cannot be done; blank for nothing."""
        self.problem.setText(words)
        self.problem.setVisible(bool(words))
        if words:
            announce(self, words)

    def sign(self) -> bool:
        """Keep the officer's name; without one, ask for it."""
        name = self.name.text().strip()
        if not name:
            self.say("Your name is needed: it signs each step that you take.")
            self.name.setFocus()
            return False
        self.settings.officer = name
        return True

    def open(self, file: Path) -> None:
        """Choose a file that is there."""
        if self.sign():
            self.chosen.emit(file, None)

    def ask_open(self) -> None:
        """Ask for a file."""
        found = ask_open(self, "Open a file", Path.home(), _FILES)
        if found is not None:
            self.open(found)

    def ask_new(self) -> None:
        """Ask where a new file goes, and make it."""
        self._ask_new("Start a new file", Path.home() / "Grants.grants", sample=False)

    def make_sample(self) -> None:
        """Ask where the sample goes, and make it."""
        self._ask_new("Where to put the sample", Path.home() / "Sample.grants", sample=True)

    def ask_workbook(self) -> None:
        """Ask for a workbook and for the new file that it goes into."""
        if not self.sign():
            return
        found = ask_open(self, "Bring in my workbook", Path.home(), _SHEETS)
        if found is not None:
            beside = found.with_suffix(opening.SUFFIX)
            self._ask_new("Which new file it goes into", beside, sample=False, workbook=found)

    def _ask_new(self, title: str, proposed: Path, *, sample: bool, workbook: Path | None = None) -> None:
        if not self.sign():
            return
        chosen = ask_save_as(self, title, proposed, _FILES)
        if chosen is not None:
            path = chosen if chosen.suffix == opening.SUFFIX else chosen.with_name(f"{chosen.name}{opening.SUFFIX}")
            self.make(path, sample=sample, workbook=workbook)

    def make(self, path: Path, *, sample: bool, workbook: Path | None = None) -> None:
        """Make a file there, with the sample programme if asked, and choose it."""
        if not self.sign():
            return
        self.say("")
        self.progress.show()
        officer = self.settings.officer

        def work(_task: Task) -> None:
            store = opening.create(path, officer)
            try:
                if sample:
                    from grants_app.operations.sample import make_sample

                    make_sample(store)
            finally:
                store.close()

        self.lane.do(work, owner=self, done=lambda _none: self._made(path, workbook), failed=self._failed)

    def _made(self, path: Path, workbook: Path | None) -> None:
        self.progress.hide()
        self.chosen.emit(path, workbook)

    def _failed(self, error: Exception) -> None:
        self.progress.hide()
        if not isinstance(error, Refused):
            self.lane.crashed.emit(error)
            return
        self.say(str(error))

    def sizeHint(self) -> QSize:
        """Room for four choices."""
        return QSize(self.theme.px(900), self.theme.px(640))

    def closeEvent(self, event: QCloseEvent) -> None:
        """Let the lane end."""
        self.lane.stop()


def _login() -> str:
    try:
        return getpass.getuser().replace(".", " ").title()
    except (OSError, KeyError, ImportError):
        return ""
