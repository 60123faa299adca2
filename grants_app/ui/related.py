"""A tab with the records of another kind that belong to a record, and a button to add one."""

from PySide6.QtWidgets import QWidget

from grants_app.records import Kind, Record, kind_named
from grants_app.store import Changes
from grants_app.store.listing import Condition
from grants_app.ui.desk import Desk
from grants_app.ui.dialogs import RecordSheet
from grants_app.ui.form import Loaded
from grants_app.ui.page import Page, Related
from grants_app.ui.range_edit import RangeEdit
from grants_app.ui.table import Table
from grants_app.ui.widgets import button, column, row

LEAST = 240
"""How high such a list is at least, in pixels of the design: where there is less room, the record scrolls."""


class RelatedTab(QWidget):
    """The list; Enter or double click opens a record of it in the whole page."""

    def __init__(self, desk: Desk, related: Related, *, key: str) -> None:
        super().__init__()
        self.desk, self.related = desk, related
        self._loaded: Loaded | None = None
        self.table = Table(desk, related.kind, related.columns, key=f"{key}-{related.title}", bullets={})
        self.table.setMinimumHeight(desk.theme.px(LEAST))
        self.table.opened.connect(self._open)
        self.range_edit = RangeEdit(self.table, pastes=related.adds)
        layout = column(desk.theme, margins=(0, 8, 0, 0), gap=8)
        if related.adds:
            bar = row(desk.theme)
            bar.addWidget(button(f"Add {related.kind.noun.lower()}", self.add))
            bar.addStretch()
            layout.addLayout(bar)
        layout.addWidget(self.table, 1)
        self.setLayout(layout)

    def show_of(self, record: Record, loaded: Loaded) -> None:
        """Show what belongs to this record."""
        before = self._loaded.record.id if self._loaded is not None and self._loaded.record is not None else None
        self._loaded = loaded
        self.table.fixed = self._filled(record)
        if before == record.id:
            self.table.read(afresh=False)
            return
        field = self.related.kind.fields()[self.related.field]
        value = record.reference if field.kind in {Kind.ABOUT, Kind.MANY} else record.id
        self.table.show_list((Condition(self.related.field, "is", (value,)),), "", self.related.sort)

    def changed(self, changes: Changes) -> None:
        """Read the list again where it is concerned."""
        if self._loaded is not None:
            self.table.changed(changes)

    def add(self) -> None:
        """Enter a new one: its link to this record is filled in, and other links that both have."""
        assert self._loaded is not None
        assert self._loaded.record is not None
        kind, filled = self.related.kind, self._filled(self._loaded.record)
        RecordSheet(self.desk, kind, Page(kind, "", "", ()).entry_sections(), self.window(), filled=filled).open()

    def _filled(self, record: Record) -> dict[str, str]:
        assert self._loaded is not None
        filled = {self.related.field: record.reference}
        for name, field in self.related.kind.fields().items():
            if field.kind is Kind.LINK and name != self.related.field and name in self._loaded.names:
                filled[name] = self._loaded.names[name][0]
            elif field.kind is Kind.LINK and kind_named(field.to) is type(record):
                filled.setdefault(name, record.reference)
        return filled

    def _open(self, record: int) -> None:
        self.desk.open(self.related.kind, record, whole=True)
