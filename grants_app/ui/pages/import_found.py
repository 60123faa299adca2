"""The preview of an import: rows and pounds, before and after, and every row in its table."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QTabBar, QWidget

from grants_app.ui.figure_strip import FigureStrip
from grants_app.ui.flow import Flow
from grants_app.ui.limits import limited
from grants_app.ui.pages import import_rows
from grants_app.ui.pages.import_rows import HEADS, Laid
from grants_app.ui.plain_table import PlainTable
from grants_app.ui.theme import Theme
from grants_app.ui.widgets import announce, button, column, label, line, restyle

_LEAST = 200
_ABOUT = {
    import_rows.FAULTS: "These rows stay out until they are mended in the file; the others can go in meanwhile.",
    import_rows.NEW: "Each row becomes a grant.",
    import_rows.CHANGES: "Values that differ from what is kept, and what they become.",
    import_rows.NOTES: "Cells that were repaired, or are kept as they are beside the record.",
    import_rows.COLUMNS: "Which column goes to which field; what has no field is kept with the record.",
    import_rows.LEFT_OUT: "Sheets of the file that hold no grants.",
}


class Found(QWidget):
    """A preview, before or after it is stored."""

    reporting = Signal()
    another = Signal()
    opening = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.laid: Laid | None = None
        self.tables: dict[str, PlainTable] = {}
        self.title, self.note = label("", "title", wrap=True), label("", "soft", wrap=True)
        self.strip, self.totals, self.about = FigureStrip(theme), label("", wrap=True), label("", "caption", wrap=True)
        self.tabs, self.stack = QTabBar(), QStackedWidget()
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setElideMode(Qt.TextElideMode.ElideNone)
        self.tabs.setAccessibleName("What becomes of the rows")
        self.tabs.currentChanged.connect(self._turn)
        self.look = button("Look at the grants", self.opening.emit)
        self.report = button("Save the report …", self.reporting.emit, tip="What becomes of every row, in Excel")
        self.other = button("Another file …", self.another.emit)
        limited(self.stack, theme, least_height=_LEAST)
        self._arrange()

    def _arrange(self) -> None:
        flow = Flow(self.theme, gap=8)
        flow.show_widgets([self.look, self.report, self.other])
        layout = column(self.theme, margins=(20, 14, 20, 0), gap=10)
        for widget in (self.title, self.note, self.strip, self.totals, flow, self.tabs):
            layout.addWidget(widget)
        layout.addWidget(line())
        layout.addWidget(self.about)
        layout.addWidget(self.stack, 1)
        self.setLayout(layout)

    def show_preview(self, laid: Laid) -> None:
        """Show what an import would do."""
        found, self.laid = laid.preview, laid
        self.title.setText(found.source.name)
        self._say(f"{found.description}. Nothing is stored until you press Import.", "soft")
        self.strip.show_figures(import_rows.figures(found))
        self.totals.setText(import_rows.before_and_after(found))
        self.look.hide()
        self._show_tables(laid)

    def show_stored(self, words: str) -> None:
        """It is stored: say so."""
        self._say(f"✓ {words}", "")
        self.totals.setText(self.totals.text().replace("now holds", "held").replace("After the import", "It now holds"))
        self.look.show()

    def show_refusal(self, words: str) -> None:
        """It could not be stored: say why."""
        self._say(words, "problem")

    def _say(self, words: str, look: str) -> None:
        self.note.setText(words)
        restyle(self.note, "look", look)
        announce(self, words)

    def _show_tables(self, laid: Laid) -> None:
        self.tabs.blockSignals(True)
        while self.tabs.count():
            self.tabs.removeTab(0)
        for table in self.tables.values():
            self.stack.removeWidget(table)
            table.deleteLater()
        self.tables = {name: PlainTable(self.theme, name, HEADS[name]) for name in laid.rows}
        for name, table in self.tables.items():
            table.show_rows(laid.rows[name])
            self.stack.addWidget(table)
            self.tabs.setTabData(self.tabs.addTab(f"{name} {laid.counts[name]:,}"), name)
        self.tabs.blockSignals(False)
        self._turn(self.tabs.currentIndex())

    def show_tab(self, name: str) -> None:
        """Turn to the table of that name."""
        for at in range(self.tabs.count()):
            if self.tabs.tabData(at) == name:
                self.tabs.setCurrentIndex(at)

    def _turn(self, at: int) -> None:
        name = self.tabs.tabData(at)
        if self.laid is None or name not in self.tables:
            return
        count, shown = self.laid.counts[name], len(self.laid.rows[name])
        more = f" The first {shown:,} of {count:,}; the report holds them all." if count > shown else ""
        self.about.setText(_ABOUT[name] + more)
        self.stack.setCurrentWidget(self.tables[name])
