"""Settings: one's own, the file's, its backups and its check, and what the program is made of."""

import platform
import sys
from collections.abc import Sequence
from typing import cast

from PySide6 import __version__ as pyside_version
from PySide6.QtCore import QObject, Qt, QUrl, qVersion
from PySide6.QtGui import QDesktopServices, QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QCheckBox, QGridLayout, QWidget

from grants_app import __version__, paths
from grants_app.records.history import Setting
from grants_app.store import Changes
from grants_app.ui.desk import Desk
from grants_app.ui.dialogs import Sheet
from grants_app.ui.frame import HeaderAction
from grants_app.ui.inputs import Choice, Line
from grants_app.ui.pages.settings_file import FileCard, SafeCards
from grants_app.ui.prose import Prose, plain
from grants_app.ui.theme import Scheme
from grants_app.ui.view import View
from grants_app.ui.widgets import button, card, column, label, limited, named, panel, row, scrolled

_TWO, _WIDEST = 820, 620
SCHEMES: dict[str, str] = {
    "As the computer has it": "system",
    "Light": "light",
    "Dark": "dark",
    "High contrast": "contrast",
}
_STEP = 0.1
_MADE_WITH = (
    ("Grants Desk", "MIT"), ("Qt and Qt for Python (PySide6)", "LGPL 3"), ("Python", "PSF"),
    ("SQLAlchemy", "MIT"), ("Alembic", "MIT"), ("SQLCipher and SQLite", "BSD; public domain"),
    ("Typst", "Apache 2.0"), ("python-docx and docxtpl", "MIT; LGPL 2.1"), ("openpyxl", "MIT"),
    ("python-calamine", "MIT"), ("lxml", "BSD"), ("RapidFuzz", "MIT"), ("Click and platformdirs", "BSD; MIT"),
)  # fmt: skip
_SHIPPED = (("The font, Noto Sans", "fonts"), ("The icons, Lucide", "icons"))


class SettingsView(View):
    """Cards side by side, or one under the other where there is no room."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.own, self.file = OwnCards(desk, self), FileCard(desk, self)
        self.safe, self.about = SafeCards(desk, self), AboutCard(desk, self)
        self._across = 0
        self._grid = QGridLayout()
        self._columns = (
            (self.own.you, self.own.look, self.file.widget),
            (self.safe.backups, self.safe.checked, self.about.widget),
        )
        self._sides = [self._side(cards) for cards in self._columns]
        layout = column(self.theme, gap=0)
        layout.addWidget(scrolled(panel(self._grid, ground="wall"), ground="wall"))
        self.setLayout(layout)
        self._arrange(2)

    def _side(self, cards: Sequence[QWidget]) -> QWidget:
        layout = column(self.theme, gap=14)
        for each in cards:
            layout.addWidget(each)
        layout.addStretch(1)
        return limited(panel(layout), self.theme, width=_WIDEST)

    def heading(self) -> tuple[str, str]:
        """The page's name."""
        return "Settings", ""

    def header_actions(self) -> Sequence[HeaderAction]:
        """Nothing: what is set counts at once."""
        return ()

    def enter(self, record: int | None, *, whole: bool) -> None:
        """Show what is set now."""
        self.own.show_present()
        self.file.read()
        self.safe.read()

    def leave(self) -> None:
        """Keep what was typed and not yet left."""
        self.own.keep_name()
        self.file.keep_threshold()

    def changed(self, changes: Changes) -> None:
        """A setting of the file was changed, here or elsewhere: show it."""
        if Setting.__tablename__ in changes.touched:
            self.file.read()

    def _arrange(self, across: int) -> None:
        if across == self._across:
            return
        self._across, px = across, self.theme.px
        self._grid.setContentsMargins(px(20), px(20), px(20), px(20))
        self._grid.setSpacing(px(14))
        for at, side in enumerate(self._sides):
            self._grid.addWidget(side, at // across, at % across)
        for number in range(2):
            self._grid.setColumnStretch(number, 1 if number < across else 0)
        self._grid.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Two columns of cards, or one."""
        self._arrange(2 if self.width() / self.theme.zoom >= _TWO else 1)


class OwnCards(QObject):
    """Two cards: you, and how Grants Desk looks. What is set counts at once and is kept for next time."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self.desk, self.theme = desk, desk.theme
        self.name = Line(desk.theme)
        self.scheme = Choice(desk.theme, list(SCHEMES), blank=False)
        self.size = label("")
        self.tight = QCheckBox("Compact rows in lists")
        self.you, self.look = self._you(), self._look()
        self.show_present()
        self.name.editingFinished.connect(self.keep_name)
        self.scheme.textActivated.connect(self._choose_scheme)
        self.tight.toggled.connect(self._choose_rows)
        desk.theme.changed.connect(self.show_present)

    def _you(self) -> QWidget:
        layout = card(self.desk.theme, "You")
        self.trouble = label("", "problem", wrap=True)
        self.trouble.hide()
        layout.addWidget(named(self.name, "Your name"))
        layout.addWidget(label("It signs each step that you take, and each report.", "caption", wrap=True))
        layout.addWidget(self.name)
        layout.addWidget(self.trouble)
        return panel(layout, look="card")

    def _look(self) -> QWidget:
        theme = self.theme
        layout = card(self.desk.theme, "How it looks")
        layout.addWidget(named(self.scheme, "Colours"))
        layout.addWidget(self.scheme)
        layout.addWidget(label("Size", "heading"))
        sizes = row(theme)
        self.smaller = button("−", lambda: self._zoom(-_STEP), "chip", name="Smaller", tip="Ctrl+−")
        self.larger = button("+", lambda: self._zoom(_STEP), "chip", name="Larger", tip="Ctrl++")
        self.usual = button("Usual size", self._usual, "chip", tip="Ctrl+0")
        for widget in (self.smaller, self.size, self.larger, self.usual):
            sizes.addWidget(widget)
        sizes.addStretch()
        layout.addLayout(sizes)
        layout.addWidget(self.tight)
        return panel(layout, look="card")

    def show_present(self) -> None:
        """Show what is set now."""
        settings, theme = self.desk.settings, self.theme
        if not self.name.hasFocus():
            self.name.setText(self.desk.store.officer)
        self.scheme.setCurrentText(next(words for words, name in SCHEMES.items() if name == settings.theme))
        self.size.setText(f"{round(theme.zoom * 100)} %")
        self.tight.blockSignals(True)
        self.tight.setChecked(theme.tight)
        self.tight.blockSignals(False)

    def keep_name(self) -> None:
        """Sign steps with the name typed; without one, say that it is needed."""
        name = self.name.text().strip()
        self.trouble.setText("" if name else "Your name is needed: it signs each step that you take.")
        self.trouble.setVisible(not name)
        if name and name != self.desk.store.officer:
            self.desk.settings.officer = name
            self.desk.store.officer = name
            self.desk.tell(f"Your steps are signed “{name}” from now on")

    def _choose_scheme(self, words: str) -> None:
        self.desk.settings.theme = SCHEMES[words]
        self.theme.set_scheme(cast("Scheme", SCHEMES[words]))

    def _choose_rows(self, on: bool) -> None:  # noqa: FBT001 - a slot
        self.desk.settings.keep_state("look", {"tight": on})
        self.theme.set_tight(tight=on)

    def _zoom(self, by: float) -> None:
        self.theme.set_zoom(self.theme.zoom + by)
        self.desk.settings.zoom = round(self.theme.zoom * 100)

    def _usual(self) -> None:
        self._zoom(1.0 - self.theme.zoom)


class AboutCard:
    """Versions to copy, licences to read, the folder of the log."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        self.desk, self._parent = desk, parent
        self.widget = self._made()

    def _made(self) -> QWidget:
        layout = card(self.desk.theme, "About")
        layout.addWidget(label(versions(), "soft", wrap=True))
        line = row(self.desk.theme)
        line.addWidget(button("Copy the versions", lambda: QGuiApplication.clipboard().setText(versions())))
        line.addWidget(button("Licences …", self.show_licences))
        tip = "What the program did, without anybody’s data"
        line.addWidget(button("Folder of the log", _show_log, "link", tip=tip))
        line.addStretch()
        layout.addLayout(line)
        return panel(layout, look="card")

    def show_licences(self) -> None:
        """Show what it is made with, and the licences of what is shipped beside the code."""
        sheet = Sheet(self.desk, "Licences", self._parent.window())
        text = Prose(self.desk.theme, "Licences")
        text.show_html(_licences())
        sheet.body.addWidget(text)
        sheet.buttons.addWidget(button("Close", sheet.accept, "primary"))
        sheet.resize(self.desk.theme.px(640), self.desk.theme.px(520))
        sheet.open()
        text.setFocus()


def versions() -> str:
    """Which versions run here, in lines."""
    lines = (
        f"Grants Desk {__version__}",
        f"Python {sys.version.split()[0]}, Qt {qVersion()}, PySide {pyside_version}",
        platform.platform(),
    )
    return "\n".join(lines)


def _licences() -> str:
    rows = "".join(f"<tr><td>{plain(name)}</td><td>{plain(licence)}</td></tr>" for name, licence in _MADE_WITH)
    texts = "".join(
        f"<h2>{plain(name)}</h2><p class='small'>"
        + plain((paths.resources() / folder / "LICENSE").read_text(encoding="utf-8"))
        + "</p>"
        for name, folder in _SHIPPED
    )
    return f"<table width='100%'><tr><th>Part</th><th>Licence</th></tr>{rows}</table>{texts}"


def _show_log() -> None:
    folder = paths.log_folder()
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder if folder.exists() else folder.parent)))
