"""What a page offers beside its list: export, groups in its place, and what can be done with the chosen rows."""

from array import array
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import QMenu, QStackedWidget, QWidget

from grants_app import wording
from grants_app.records import Grant
from grants_app.store import grouping
from grants_app.store.grouping import By
from grants_app.store.listing import Condition
from grants_app.ui.bulk_change import BulkChange
from grants_app.ui.filters import FilterBar
from grants_app.ui.frame import HeaderAction
from grants_app.ui.grouped import GroupChoice, Grouped
from grants_app.ui.outgoing import FileOut, matching, writing
from grants_app.ui.range_edit import RangeEdit
from grants_app.ui.table import Table
from grants_app.ui.widgets import button, give_icon, label, restyle, row

EXPORT = "Export"
"""The button above the page that offers what can go out."""


class ListTools(QObject):
    """Puts a "Group by" chip into the filter bar, groups among the list's faces, and a bar of the chosen under it.

    `turned`: the groups took the list's place, or gave it back.
    """

    turned = Signal()

    def __init__(self, table: Table, bar: FilterBar, faces: QStackedWidget, parent: QWidget) -> None:
        super().__init__(parent)
        self.desk, self.table, self._bar, self._faces, self._parent = table.desk, table, bar, faces, parent
        self._outer: tuple[Condition, ...] | None = None
        theme = self.desk.theme
        self.chosen = SelectionBar(table)
        self.out = FileOut(self.desk, parent)
        self.grouped = Grouped(self.desk, table.kind.plural)
        faces.addWidget(self.grouped)
        self.by: tuple[By, ...] = ()
        self.group = button("Group by", self.ask, "chip", tip="Count and add up by one column or two (Ctrl+G)")
        self.back = button("", self.go_back, "link")
        give_icon(self.back, theme, "back", "accent", 14)
        bar.extend(self.group, self.back)
        self.back.hide()
        self.grouped.opened.connect(self._open_group)
        self.grouped.counted.connect(self.turned)

    @property
    def on(self) -> bool:
        """Whether groups stand in the list's place."""
        return bool(self.by) and self._outer is None

    @property
    def face(self) -> QWidget:
        """What stands in the list's place: its groups or itself."""
        return self.grouped if self.on else self.table

    @property
    def grid(self) -> QWidget:
        """What takes the keyboard there."""
        return self.grouped.grid if self.on else self.table.grid

    def export(self) -> HeaderAction:
        """The button that offers what can go out."""
        return HeaderAction(EXPORT, lambda: None, tip="Write or copy what is shown (Ctrl+E)", opens=self.offer)

    def offer(self, at: QPoint) -> None:
        """Offer what can be made of the list, or of its groups."""
        menu, kind = QMenu(self._parent), self.table.kind
        if self.on:
            name, nouns = f"{kind.plural} by groups", ("group", "groups")
            self.out.offer(menu, name, self.grouped.writing(), nouns, self.grouped.copy)
        else:
            noun = (kind.noun.lower(), kind.plural.lower())
            copy = partial(self.table.copy, all_if_one=True)
            shown = self.table.as_shown()
            write, match = writing(self.desk, shown), matching(self.desk, shown)
            self.out.offer(menu, kind.plural, write, noun, copy, match)
            if kind is Grant:
                menu.addAction("Publish as 360Giving …", partial(self.desk.publish_asked.emit, shown))
            self._offer_chosen(menu, noun)
        menu.popup(at)

    def _offer_chosen(self, menu: QMenu, noun: tuple[str, str]) -> None:
        """Offer a file of the chosen rows alone, where some of several are chosen."""
        if not 1 < self.chosen.count < len(self.table.rows.ids):
            return
        write, ask = writing(self.desk, self.table.as_shown(), self.chosen.ids), self.out.ask
        words = f"Only the {wording.counted(self.chosen.count, *noun)} chosen"
        menu.addSeparator()
        for ending, sort in ((".xlsx", "Excel workbook"), (".csv", "CSV")):
            menu.addAction(f"{words}: {sort} …", partial(ask, ending, self.table.kind.plural, write, noun))

    def ask(self) -> None:
        """Ask what to group by; as it was grouped last is offered."""
        kind = self.table.kind
        offered = grouping.offered(kind, self.table.own)
        kept = [By(*each) for each in self.desk.settings.state(f"list/{self.table.key}").get("groups", [])]
        panel = GroupChoice(self.desk, offered, self.by or [by for by in kept if by in offered], self.show)
        panel.setParent(self._parent, Qt.WindowType.Popup)
        panel.move(self.group.mapToGlobal(QPoint(0, self.group.height() + 2)))
        panel.show()
        panel.begin()

    def show(self, by: Sequence[By]) -> None:
        """Show groups in the list's place."""
        self.by, self._outer = tuple(by), None
        name = f"list/{self.table.key}"
        kept = {**self.desk.settings.state(name), "groups": [[each.column, each.span] for each in by]}
        self.desk.settings.keep_state(name, kept)
        self._turn()

    def go_back(self) -> None:
        """From the groups to the list; from one group's records to the groups."""
        if self._outer is not None:
            outer, self._outer = self._outer, None
            self._turn()
            self._bar.set_conditions(outer)
        else:
            self.by = ()
            self._turn()

    def narrowed(self) -> None:
        """The list is narrowed otherwise: its groups are others too."""
        if self.on:
            self.grouped.show_groups(self.table.as_shown(), self.by)

    def _open_group(self, conditions: Sequence[Condition], names: Mapping[tuple[str, Any], str]) -> None:
        outer = tuple(self._bar.where)
        replaced = {condition.column for condition in conditions if condition.operator in {"is", "blank"}}
        kept = [c for c in outer if c.column not in replaced or c.operator not in {"is", "blank"}]
        self._outer = outer
        self._bar.know(names)
        self._faces.setCurrentWidget(self.table)
        self._bar.set_conditions([*kept, *conditions])
        self._label()
        self.turned.emit()
        self.table.grid.setFocus()

    def _turn(self) -> None:
        self._faces.setCurrentWidget(self.face)
        self._label()
        if self.on:
            self.grouped.show_groups(self.table.as_shown(), self.by)
            self.grouped.grid.setFocus()
        else:
            self.table.grid.setFocus()
        self.turned.emit()

    def _label(self) -> None:
        told = wording.listed([grouping.called(self.table.kind, by) for by in self.by]) if self.by else ""
        self.group.setText(f"Groups: {told}".replace("&", "&&") if told else "Group by")
        self.group.setVisible(self._outer is None)
        self.group.setAccessibleName(f"Grouped by {told}" if told else "Group by")
        restyle(self.group, "set", "true" if self.on else "")
        self.back.setVisible(self.on or self._outer is not None)
        self.chosen.hold(away=self.on)
        words = "Back to the list" if self.on else "Back to the groups"
        self.back.setText(words)
        self.back.setAccessibleName(words)


class SelectionBar(QWidget):
    """Says how many rows are chosen and offers what can be done with them all; away while it is one or none."""

    def __init__(self, table: Table) -> None:
        super().__init__()
        self.table, theme = table, table.desk.theme
        self.range_edit = RangeEdit(table)
        self.noun = (table.kind.noun.lower(), table.kind.plural.lower())
        self._away = False
        self.words = label("", "soft")
        self.change = button("Change a field …", self.ask_change, tip="Set one field of all (Ctrl+Shift+E)")
        self.copy = button("Copy", self.copy_chosen, tip="Copy the rows for Excel (Ctrl+C)")
        self.let_go = button("Clear selection", self.release, "link", name="Choose one row only")
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
        menu.addAction("Paste", self.range_edit.paste).setShortcut("Ctrl+V")
        menu.addAction("Fill down", self.range_edit.fill_down).setShortcut("Ctrl+D")
        menu.addAction("Choose all", grid.choose_all).setShortcut("Ctrl+A")
        menu.addSeparator()
        words = f"Change a field of {wording.counted(count, *self.noun)} …"
        menu.addAction(words, self.ask_change).setEnabled(count > 0)
        menu.popup(at)
