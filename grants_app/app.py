"""Puts the parts together: settings, store, theme and window; the only place that does."""

import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication

from grants_app import log, paths
from grants_app.settings import Settings
from grants_app.store import opening
from grants_app.ui.crash import CrashWindow, show_crashes
from grants_app.ui.desk import Desk
from grants_app.ui.pages import leaves
from grants_app.ui.theme import Theme
from grants_app.ui.window import Window


def run(file: Path | None = None, officer: str = "") -> int:
    """Show the window on a file until it is closed; without one, on the file used last. 0 when all went well."""
    sys.setswitchinterval(0.0005)
    log.configure(paths.log_folder())
    app = QApplication.instance() or QApplication(["grants-app"])
    assert isinstance(app, QApplication)
    app.setApplicationName("Grants Desk")
    settings = Settings(paths.settings_file())
    theme = Theme(app, resources=paths.resources(), scheme=settings.theme, zoom=settings.zoom / 100)  # type: ignore[arg-type]
    chosen = file or settings.last_file
    assert chosen is not None
    window = open_window(chosen, theme, settings, officer)
    show_crashes(lambda error: CrashWindow(theme, error, window).open())
    window.show()
    return app.exec()


def open_window(file: Path, theme: Theme, settings: Settings, officer: str = "") -> Window:
    """A window on a file that exists; Refused says why it cannot be opened."""
    store = opening.open_file(file, officer or settings.officer)
    settings.used_file(file)
    window = Window(Desk(store, theme, settings), leaves(), file)
    window.begin()
    return window
