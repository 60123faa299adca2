"""What can be done with the rows that are chosen in a list: a bar that shows when there are several, and a menu."""

from array import array

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu, QWidget

from grants_app import wording
from grants_app.ui.bulk_change import BulkChange
from grants_app.ui.fills import Fills
from grants_app.ui.table import Table
from grants_app.ui.widgets import button, label, restyle, row


class ChosenBar(QWidget):
    """Says how many rows are chosen and offers what can be done with them all; away while it is one or none."""

    def __init__(self, table: Table) -> None:
        super().__init__()
        self.table, theme = table, table.desk.theme
        self.fills = Fills(table)
        self.noun = (table.kind.noun.lower(), table.kind.plural.lower())
        self._away = False
        self.words = label("", "soft")
        self.change = button("Change a field …", self.ask_change, tip="Set one field of all (Ctrl+Shift+E)")
        self.copy = button("Copy", self.copy_chosen, tip="Copy the rows for Excel (Ctrl+C)")
        self.let_go = button("Let go", self.release, "link", name="Choose one row only")
        layout = row(theme, margins=(12, 6, 12, 6), gap=8)
        layout.addWidget(self.words)
        layout.addStretch(1)
        for widget in (self.copy, self.change, self.let_go):
            layout.addWidget(widget)
        self.setLayout(layout)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        restyle(self, "ground", "wall")
        self.setAccessibleName("What is chosen")
        self.hide()
        grid = table.grid
        grid.chose.connect(self.show_count)
        table.counted.connect(self.show_count)
        grid.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        grid.customContextMenuRequested.connect(lambda at: self.offer(grid.viewport().mapToGlobal(at)))

    @property
    def count(self) -> int:
        """How many rows are chosen."""
        return self.table.grid.selection.count(len(self.table.rows.ids))

    @property
    def ids(self) -> "array[int]":
        """The chosen records, in the list's order."""
        return self.table.grid.selection.pick(self.table.rows.ids)

    def hold(self, *, away: bool) -> None:
        """Stay away while something else stands in the list's place."""
        self._away = away
        self.show_count()

    def show_count(self) -> None:
        """Say how many are chosen, where there are several."""
        count = self.count
        self.setVisible(count > 1 and not self._away)
        self.words.setText(f"With the {wording.counted(count, *self.noun)} chosen:")

    def ask_change(self) -> None:
        """Ask which field of the chosen records is to change to what."""
        ids = self.ids
        if len(ids):
            BulkChange(self.table.desk, self.table.kind, ids, self.window()).open()

    def copy_chosen(self) -> None:
        """Put the chosen rows on the clipboard."""
        self.table.copy()

    def release(self) -> None:
        """Choose the present row alone."""
        grid = self.table.grid
        grid.setFocus()
        grid.go_to(max(0, grid.currentIndex().row()))

    def offer(self, at: QPoint) -> None:
        """Offer what can be done with the chosen rows, or the present one."""
        count, grid = self.count, self.table.grid
        if grid.present is None:
            return
        menu = QMenu(self)
        present = grid.present
        menu.addAction("Open", lambda: self.table.opened.emit(present)).setShortcut("Return")
        menu.addAction("Edit the cell", self.table.edit.begin).setShortcut("F2")
        menu.addAction("Copy", self.copy_chosen).setShortcut("Ctrl+C")
        menu.addAction("Paste", self.fills.paste).setShortcut("Ctrl+V")
        menu.addAction("Fill down", self.fills.fill_down).setShortcut("Ctrl+D")
        menu.addAction("Choose all", grid.choose_all).setShortcut("Ctrl+A")
        menu.addSeparator()
        words = f"Change a field of {wording.counted(count, *self.noun)} …"
        menu.addAction(words, self.ask_change).setEnabled(count > 0)
        menu.popup(at)
