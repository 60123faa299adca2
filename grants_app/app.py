"""Puts the parts together: settings, store, theme and window; the only place that does."""

import gc
import sys
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import cast

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from grants_app import log, paths
from grants_app.errors import Refused
from grants_app.settings import Settings
from grants_app.store import opening
from grants_app.ui.crash import CrashWindow, log_fault, show_crashes
from grants_app.ui.desk import Desk
from grants_app.ui.pages import page_entries
from grants_app.ui.theme import Scheme, Theme
from grants_app.ui.window import Window

_SETTLES_MS = 700
_AHEAD = ("form", "cells", "bulk_change", "table", "documents", "detail", "list_tools", "records")
"""Modules of `ui` that the first list needs, in the order in which they need each other."""


def run(file: Path | None = None, officer: str = "") -> int:
    """Show the window on a file until it is closed; without one, on the file used last, else Welcome."""
    # A busy worker would otherwise keep the window from painting for 5 ms at a time, ten times over.
    sys.setswitchinterval(0.0005)
    log.configure(paths.log_folder())
    app = QApplication.instance() or QApplication(["grants-app"])
    assert isinstance(app, QApplication)
    app.setApplicationName("Grants Desk")
    app.setQuitOnLastWindowClosed(True)
    parts = App(app, officer)
    parts.start(file)
    return app.exec()


class App(QObject):
    """The running program: the window that is open, and going from one file to another."""

    def __init__(self, app: QApplication, officer: str = "") -> None:
        super().__init__(app)
        self.settings = Settings(paths.settings_file())
        scheme = cast("Scheme", self.settings.theme)
        tight = bool(self.settings.state("look").get("tight"))
        zoom = self.settings.zoom / 100
        self.theme = Theme(app, resources=paths.resources(), scheme=scheme, zoom=zoom, tight=tight)
        self.officer = officer
        self.window: QWidget | None = None
        self.fault: CrashWindow | None = None
        show_crashes(self.meet_fault)

    def start(self, file: Path | None) -> None:
        """Open the file, or the one used last if it is still there; else welcome whoever starts."""
        last = self.settings.last_file
        chosen = file or (last if last is not None and last.exists() else None)
        if chosen is None or not (self.officer or self.settings.officer):
            self.welcome()
        else:
            self.open(chosen)

    def welcome(self, trouble: str = "") -> None:
        """Show Welcome; `trouble` says why a file could not be opened."""
        from grants_app.ui.welcome import Welcome

        welcome = Welcome(self.theme, self.settings, self.officer, trouble)
        welcome.chosen.connect(self.open)
        welcome.lane.crashed.connect(self.meet_fault)
        self._put(welcome)

    def open(self, file: Path, workbook: Path | None = None) -> None:
        """Show the window on a file; where it cannot be opened, Welcome says why."""
        try:
            window = open_window(file, self.theme, self.settings, self.officer)
        except Refused as refusal:
            self.welcome(str(refusal))
            return
        desk = window.desk
        for lane in desk.lanes:
            lane.crashed.connect(self.meet_fault)
        # each closes this window: what is typed in it is stored first
        desk.file_asked.connect(lambda other: window.settle(partial(self.open, other)))
        desk.welcome_asked.connect(lambda: window.settle(self.welcome))
        desk.restore_asked.connect(lambda source: window.settle(partial(self.restore, file, source)))
        self._put(window)
        QTimer.singleShot(_SETTLES_MS, window, partial(self._settle, window))
        if workbook is not None:
            window.bring_in(workbook)

    def _settle(self, window: Window) -> None:
        """What can wait until the first page is drawn: the day's backup, old copies of documents, reading ahead."""
        from grants_app.ui.backups import DailyBackup

        DailyBackup(window.desk)
        window.desk.errands.do(lambda _task: paths.forget_copies(), owner=window)
        read_ahead(window)

    def restore(self, file: Path, source: Path) -> None:
        """Close the file, put a backup in its place, and open it again; where it cannot be done, say why."""
        from grants_app.ui.backups import Restoring

        restoring = Restoring(self.theme, source, file)
        restoring.lane.crashed.connect(self.meet_fault)
        restoring.ended.connect(partial(self._restored, file))
        self._put(restoring)
        restoring.begin()

    def _restored(self, file: Path, trouble: str) -> None:
        self.open(file)
        if isinstance(self.window, Window):
            self.window.desk.tell(trouble or "The backup is back in its place", refusal=bool(trouble))

    def meet_fault(self, error: BaseException) -> None:
        """Log what failed and show it, where no other fault is shown just now; the rest goes on."""
        log_fault(error)
        if self.fault is None or not isValid(self.fault) or not self.fault.isVisible():
            self.fault = CrashWindow(self.theme, error, self.window)
            self.fault.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            self.fault.open()

    def _put(self, window: QWidget) -> None:
        before, self.window = self.window, window
        window.show()
        if before is not None:
            before.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            before.close()


def open_window(file: Path, theme: Theme, settings: Settings, officer: str = "") -> Window:
    """A window on a file that exists; Refused says why it cannot be opened."""
    store = opening.open_file(file, officer or settings.officer)
    settings.used_file(file)
    window = Window(Desk(store, theme, settings), page_entries(), file)
    window.begin()
    return window


def read_ahead(window: Window, step: int = 0) -> None:
    """Read the parts that a first list will need, one at a time, so that neither this nor the list holds it up."""
    if step < len(_AHEAD):
        import_module(f"grants_app.ui.{_AHEAD[step]}")
        QTimer.singleShot(0, window, partial(read_ahead, window, step + 1))
    elif not gc.get_freeze_count():
        gc.freeze()  # what starting has made stays: sweeping it again and again would only hold the window up
