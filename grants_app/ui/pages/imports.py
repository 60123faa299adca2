"""Import and export: what comes in is looked at before it is stored; what goes out is an office copy or open data."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget

from grants_app.store import Changes
from grants_app.store.listing import Listing
from grants_app.ui.desk import Desk
from grants_app.ui.flow import TabBar
from grants_app.ui.frame import HeaderAction
from grants_app.ui.pages.export_panel import ExportPanel
from grants_app.ui.pages.import_found import button_words
from grants_app.ui.pages.import_panel import ImportPanel
from grants_app.ui.pages.publish_panel import PublishPanel
from grants_app.ui.view import View
from grants_app.ui.widgets import column, line, panel, row


class ImportsView(View):
    """Import behind one tab, the office copy behind the next, open data behind the last."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.importing, self.exporting = ImportPanel(desk), ExportPanel(desk)
        self.tabs, self.stack = TabBar(), QStackedWidget()
        self.publishing = PublishPanel(desk)
        self.parts = (self.importing, self.exporting, self.publishing)
        for title, part in zip(("Import", "Export", "360Giving"), self.parts, strict=True):
            self.tabs.addTab(title)
            self.stack.addWidget(part)
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setUsesScrollButtons(False)
        self.tabs.setAccessibleName("Import, export or publish")
        self.tabs.currentChanged.connect(self._turn)
        self.importing.moved.connect(self.headed)
        paste = QShortcut(QKeySequence.StandardKey.Paste, self)
        paste.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        paste.activated.connect(self._paste)
        top = row(self.theme, margins=(14, 4, 12, 0))
        top.addWidget(self.tabs)
        top.addStretch()
        layout = column(self.theme, gap=0)
        layout.addLayout(top)
        layout.addWidget(line())
        layout.addWidget(self.stack, 1)
        held = column(self.theme, gap=0)
        held.addWidget(panel(layout, ground="paper"))
        self.setLayout(held)

    def heading(self) -> tuple[str, str]:
        """The page's name, and the file that is looked at."""
        file = self.importing.file if self.importing.laid is not None else None
        return "Import and export", file.name if file is not None and not self.tabs.currentIndex() else ""

    def header_actions(self) -> Sequence[HeaderAction]:
        """To store what was looked at."""
        if self.tabs.currentIndex() or self.importing.laid is None or self.importing.stored:
            return ()
        words = button_words(self.importing.laid.preview)
        tip = "Store it, as one step that can be undone"
        return (HeaderAction(words, self.importing.store_it, main=True, tip=tip, can=self.importing.ready),)

    def enter(self, record: int | None, *, whole: bool) -> None:
        """Be ready to choose a file."""
        self._turn(self.tabs.currentIndex())

    def take_file(self, file: Path) -> None:
        """Show what a file would bring in; store nothing."""
        self.tabs.setCurrentIndex(0)
        self.importing.take_file(file)

    def publish(self, shown: Listing) -> None:
        """Offer a list of grants for publishing."""
        self.publishing.take(shown)
        self.tabs.setCurrentIndex(2)
        self._turn(2)

    def changed(self, changes: Changes) -> None:
        """Count what an export would hold; what was imported may be undone."""
        self.exporting.changed(changes)
        self.publishing.changed(changes)
        self.importing.changed(changes)

    def _paste(self) -> None:
        if not self.tabs.currentIndex():
            self.importing.paste()

    def _turn(self, at: int) -> None:
        self.stack.setCurrentIndex(at)
        self.parts[at].begin()
        self.headed.emit()
