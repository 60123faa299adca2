"""What the check of open data found: alike faults in one line, the records of the chosen line, and the way to them."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from grants_app.store.listing import Condition
from grants_app.ui.desk import Desk
from grants_app.ui.plain_table import Head, PlainTable
from grants_app.ui.widgets import button, column, row

if TYPE_CHECKING:
    from grants_app.exchange.giving.findings import Found, Group

_MOST_GROUPS, _MOST_RECORDS = 5, 8
_GROUP_HEADS = (Head(""), Head("What was found"))
_HEADS = (Head("Record"), Head("Column"), Head("What was found"))


class Findings(QWidget):
    """Lines of what was found, and under them the records of one. `ask_publisher` mends what is of no record."""

    def __init__(self, desk: Desk, ask_publisher: Callable[[], object]) -> None:
        super().__init__()
        self.desk, self._ask_publisher = desk, ask_publisher
        self.groups: list[Group] = []
        self.list = PlainTable(desk.theme, "What the check found", _GROUP_HEADS)
        self.table = PlainTable(desk.theme, "Records of which that was found", _HEADS)
        self.open_one = button("Open the record", self.open_record, tip="Enter, or a double click")
        self.show_all = button("", self.show_them, "link", tip="These alone, to be changed one by one or together")
        layout = column(desk.theme, gap=12)
        doing = row(desk.theme)
        doing.addWidget(self.open_one)
        doing.addWidget(self.show_all)
        doing.addStretch()
        layout.addWidget(self.list)
        layout.addLayout(doing)
        layout.addWidget(self.table)
        self.setLayout(layout)
        self.table.activated.connect(lambda _at: self.open_record())
        self.list.activated.connect(lambda _at: self._go_in())
        self.list.selectionModel().currentRowChanged.connect(lambda _now, _before: self._show_group())

    def show_found(self, found: "Found") -> None:
        """Show it, what stops grants first; nothing where nothing was found."""
        self.groups = found.groups
        self.list.show_rows([("Stops" if each.stops else "Note", f"{each.sentence}.") for each in self.groups])
        self.list.fit_height(_MOST_GROUPS)
        self.setVisible(bool(self.groups))
        self.setFocusProxy(self.list)

    @property
    def group(self) -> "Group | None":
        """The chosen line."""
        at = self.list.currentIndex().row()
        return self.groups[at] if 0 <= at < len(self.groups) else None

    def _show_group(self) -> None:
        group = self.group
        kind = group.kind if group is not None else None
        self.table.setVisible(kind is not None)
        self.show_all.setVisible(kind is not None)
        self.open_one.setVisible(kind is not None or (group is not None and group.faults[0].mended_by_publisher))
        self.open_one.setText("Open the record" if kind is not None else "Change who publishes …")
        self.open_one.setAccessibleName(self.open_one.text())
        if group is None or kind is None:
            return
        shown = len(group.faults)
        self.table.show_rows([(each.reference, each.column, f"{each.sentence}.") for each in group.faults])
        self.table.fit_height(_MOST_RECORDS)
        many = f"{'' if shown == group.count else 'the first '}{shown:,}"
        self.show_all.setText(f"Show {many if group.count > 1 else 'it'} in the list of {kind.plural.lower()}")
        self.show_all.setAccessibleName(self.show_all.text())

    def _go_in(self) -> None:
        if self.group is not None and self.group.kind is None:
            self.open_record()
        else:
            self.table.setFocus()

    def open_record(self) -> None:
        """Show the record that the chosen finding is about, at the field that is at fault."""
        group, at = self.group, self.table.currentIndex().row()
        if group is not None and group.kind is None:
            if group.faults[0].mended_by_publisher:
                self._ask_publisher()
        elif group is not None and group.kind is not None and 0 <= at < len(group.faults):
            fault = group.faults[at]
            self.desk.open(group.kind, fault.id, whole=True, field=fault.field)

    def show_them(self) -> None:
        """Show the list of the records of the chosen line, and of no others."""
        group = self.group
        if group is not None and group.kind is not None:
            self.desk.choose_programme(None)
            those = Condition("reference", "is", tuple(fault.reference for fault in group.faults))
            self.desk.list_asked.emit(group.kind, group.sentence, those)
