"""What Grants Desk is made of: versions, licences, and where its log lies."""

import platform
import sys

from PySide6 import __version__ as pyside_version
from PySide6.QtCore import QUrl, qVersion
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QWidget

from grants_app import __version__, paths
from grants_app.ui.desk import Desk
from grants_app.ui.dialogs import Sheet
from grants_app.ui.pages.settings_own import card
from grants_app.ui.prose import Prose, plain
from grants_app.ui.widgets import button, label, panel, row

_MADE_WITH = (
    ("Grants Desk", "MIT"), ("Qt and Qt for Python (PySide6)", "LGPL 3"), ("Python", "PSF"),
    ("SQLAlchemy", "MIT"), ("Alembic", "MIT"), ("SQLCipher and SQLite", "BSD; public domain"),
    ("Typst", "Apache 2.0"), ("python-docx and docxtpl", "MIT; LGPL 2.1"), ("openpyxl", "MIT"),
    ("python-calamine", "MIT"), ("lxml", "BSD"), ("RapidFuzz", "MIT"), ("Click and platformdirs", "BSD; MIT"),
)  # fmt: skip
_SHIPPED = (("The font, Noto Sans", "fonts"), ("The icons, Lucide", "icons"))


class AboutCard:
    """Versions to copy, licences to read, the folder of the log."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        self.desk, self._parent = desk, parent
        self.widget = self._made()

    def _made(self) -> QWidget:
        layout = card(self.desk, "About")
        layout.addWidget(label(versions(), "soft", wrap=True))
        line = row(self.desk.theme)
        line.addWidget(button("Copy the versions", lambda: QGuiApplication.clipboard().setText(versions())))
        line.addWidget(button("Licences …", self.show_licences))
        tip = "What the program did, without anybody's data"
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
