"""A fault of the program's own: it is caught where nobody caught it, logged, and shown with details to copy."""

import logging
import platform
import sys
from collections.abc import Callable
from types import TracebackType

from PySide6 import __version__ as pyside_version
from PySide6.QtCore import qVersion
from PySide6.QtWidgets import QApplication, QDialog, QPlainTextEdit, QWidget

from grants_app import log
from grants_app.ui.theme import Theme
from grants_app.ui.widgets import button, column, label, row

_log = logging.getLogger(__name__)


def show_crashes(show: Callable[[BaseException], None]) -> None:
    """From now on, give every failure that nobody caught on the window's thread to `show`."""

    def caught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        show(error)

    sys.excepthook = caught


def log_fault(error: BaseException) -> None:
    """Write down what failed and where, without anybody's data."""
    _log.error("fault", exc_info=error)


def details(error: BaseException) -> str:
    """Versions and where it happened, without anybody's data: what whoever mends it needs."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        ours = version("grants-app")
    except PackageNotFoundError:
        ours = "from a checkout"
    versions = (
        f"Grants Desk {ours}",
        f"Python {sys.version.split()[0]}",
        f"Qt {qVersion()}, PySide {pyside_version}",
        platform.platform(),
    )
    return "\n".join(versions) + "\n\n" + log.trace(error)


class CrashWindow(QDialog):
    """Says that the program failed, and offers the details to copy; work can go on behind it."""

    def __init__(self, theme: Theme, error: BaseException, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Grants Desk: a fault in the program")
        self.details = details(error)
        words = QPlainTextEdit(self.details)
        words.setReadOnly(True)
        words.setTabChangesFocus(True)
        words.setAccessibleName("Details of the fault")
        layout = column(theme, margins=20, gap=12)
        layout.addWidget(label("The program met a fault that it did not expect", "title"))
        saved = "What was saved is safe. The step that failed was not kept; everything else can go on."
        layout.addWidget(label(saved, wrap=True))
        layout.addWidget(
            label("The details hold no one’s data. Copy them to whoever looks after Grants Desk.", "soft", wrap=True)
        )
        layout.addWidget(words, 1)
        buttons = row(theme)
        buttons.addStretch()
        buttons.addWidget(button("Copy details", self._copy))
        buttons.addWidget(button("Go on", self.accept, "primary"))
        layout.addLayout(buttons)
        self.setLayout(layout)
        self.resize(theme.px(620), theme.px(420))

    def _copy(self) -> None:
        QApplication.clipboard().setText(self.details)
