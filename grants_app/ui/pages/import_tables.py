"""The tables of a file: which come in, what a row of each is, and what is the same for every row of one."""

import re
from dataclasses import replace
from functools import partial
from itertools import pairwise

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLabel, QLineEdit, QWidget

from grants_app import wording
from grants_app.exchange.imports.importing import Preview, TableFound, TablePlan
from grants_app.exchange.imports.mapping import field_of, split
from grants_app.exchange.imports.vocabulary import KINDS
from grants_app.records import RECORDS, kind_named
from grants_app.ui.flow import Flow
from grants_app.ui.inputs import Choice
from grants_app.ui.theme import Theme
from grants_app.ui.widgets import announce, clear, column, label, sized

MOST_TABLES = 30
_OF_A_ROW = re.compile(r"(row|column) [\w,]+: ")


class Tables(QWidget):
    """The tables of a file, one below the other. `decided` carries the plan as the officer changed it."""

    decided = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.found: Preview | None = None
        self.boxes: dict[str, QCheckBox] = {}
        self.kinds: dict[str, Choice] = {}
        self.same: dict[tuple[str, str], QWidget] = {}
        self._grid = QGridLayout()
        layout = column(theme, gap=0)
        layout.addLayout(self._grid)
        layout.addStretch()
        self.setLayout(layout)

    @property
    def parts(self) -> list[QWidget]:
        """What Tab goes through, in its order."""
        found: list[QWidget] = []
        for name, box in self.boxes.items():
            found += [box, *([self.kinds[name]] if name in self.kinds else [])]
            found += [widget for (table, _), widget in self.same.items() if table == name]
        return found

    def follow(self, before: QWidget) -> None:
        """Let Tab come here from a widget, and go on as the tables stand."""
        for one, following in pairwise([before, *self.parts]):
            QWidget.setTabOrder(one, following)

    def show_found(self, found: Preview) -> None:
        """Show the tables that a preview found, and the sheets that hold none."""
        self.found = found
        self._show_tables(found)

    @property
    def _reasons(self) -> list[tuple[str, str]]:
        """Why sheets and whole tables are left out."""
        return [(name, why) for name, why in self.found.left_out if not _OF_A_ROW.match(why)] if self.found else []

    @property
    def _keyed(self) -> dict[tuple[str, ...], QWidget]:
        """What an officer decides with, by what it decides."""
        found: dict[tuple[str, ...], QWidget] = {("in", name): box for name, box in self.boxes.items()}
        found |= {("kind", name): choice for name, choice in self.kinds.items()}
        return found | {(table, target): edit for (table, target), edit in self.same.items()}

    def _show_tables(self, found: Preview) -> None:
        before = next((key for key, part in self._keyed.items() if part.hasFocus()), None)
        self._lay_out(found)
        if before in self._keyed:
            self._keyed[before].setFocus()

    def _lay_out(self, found: Preview) -> None:
        clear(self._grid)
        self.boxes, self.kinds, self.same = {}, {}, {}
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(self.theme.px(12))
        self._grid.setVerticalSpacing(self.theme.px(4))
        self._grid.setColumnStretch(2, 1)
        for table in found.tables[:MOST_TABLES]:
            self._show_table(self._grid.rowCount(), table)
            for target in table.lacks:
                self._grid.addWidget(self._same(table, target), self._grid.rowCount(), 1, 1, 2)
        if len(found.tables) > MOST_TABLES:
            words = f"{len(found.tables) - MOST_TABLES:,} more tables are not shown here; they come in as suggested."
            self._grid.addWidget(label(words, "soft", wrap=True), self._grid.rowCount(), 0, 1, 3)
        start = self._grid.rowCount()
        known = {table.name for table in found.tables}
        others = [(name, why) for name, why in self._reasons if name not in known]
        for at, (name, why) in enumerate(others[:MOST_TABLES], start):
            self._box(at, name, on=False)
            self._grid.addWidget(label(f"Left out: {why}", "soft", wrap=True), at, 1, 1, 2)
        if len(others) > MOST_TABLES:
            words = f"{len(others) - MOST_TABLES:,} more sheets are left out; “Left out” names them."
            self._grid.addWidget(label(words, "soft", wrap=True), self._grid.rowCount(), 0, 1, 3)

    def _show_table(self, at: int, table: TableFound) -> None:
        self._box(at, table.name, on=not table.left_out)
        if table.left_out:
            why = next((f"Left out: {why}" for name, why in self._reasons if name == table.name), "You left it out.")
            self._grid.addWidget(label(why, "soft", wrap=True), at, 1, 1, 2)
            return
        main = kind_named(table.kind)
        nouns = {kind.plural: kind.__tablename__ for kind in RECORDS if kind in KINDS or kind is main}
        kinds = Choice(self.theme, list(nouns), blank=False)
        kinds.setCurrentText(main.plural if main else "")
        kinds.setAccessibleName(f"What the rows of {table.name} are")
        kinds.textActivated.connect(partial(self._set_kind, table, nouns))
        sized(kinds, self.theme, width=190)
        self.kinds[table.name] = kinds
        self._grid.addWidget(kinds, at, 1)
        self._grid.addWidget(label(_about(table), "soft", wrap=True), at, 2)

    def _same(self, table: TableFound, target: str) -> QWidget:
        """One value for every new record, of what no column has."""
        field, held = field_of(*split(target)), Flow(self.theme, gap=8)
        noun = kind_named(split(target)[0]).noun.lower()  # type: ignore[union-attr]
        edit, wrong = QLineEdit(table.same.get(target, "")), label("", "problem", wrap=True)
        edit.setPlaceholderText("Reference or name" if field.to else "The same for every row")
        edit.setAccessibleName(f"{field.label} of every new {noun} of {table.name}")
        sized(edit, self.theme, width=240)
        edit.editingFinished.connect(partial(self._give, table, target, edit, wrong))
        said = label(f"{field.label} of every new {noun}: no column has it", "heading" if not edit.text() else "")
        said.setBuddy(edit)
        wrong.hide()
        held.show_widgets([said, edit, wrong])
        self.same[table.name, target] = edit
        return held

    def _give(self, table: TableFound, target: str, edit: QLineEdit, wrong: QLabel) -> None:
        field, typed = field_of(*split(target)), edit.text().strip()
        if self.found is None or not edit.isModified() or typed == table.same.get(target, ""):
            return
        edit.setModified(False)
        try:
            if not isinstance(field.choices, str):  # the words of the file's own lists the importer knows
                field.parse(typed)
        except ValueError as error:
            wrong.setText(wording.stopped(str(error)))
            wrong.show()
            announce(self, wrong.text())
            return
        wrong.hide()
        self.decided.emit(self.found.plan.with_same(table.name, target, typed))

    def _box(self, at: int, name: str, *, on: bool) -> None:
        box = QCheckBox(name.replace("&", "&&"))
        box.setAccessibleName(f"Bring in {name}")
        box.setChecked(on)
        box.toggled.connect(partial(self._tick, name))
        self.boxes[name] = box
        self._grid.addWidget(box, at, 0)

    def _tick(self, name: str, on: bool) -> None:  # noqa: FBT001 (a signal's own)
        if self.found is not None:
            plan = self.found.plan
            self.decided.emit(plan.with_table(name, replace(plan.of(name), left_out=not on)))

    def _set_kind(self, table: TableFound, nouns: dict[str, str], words: str) -> None:
        kind = nouns.get(words, "")
        if self.found is not None and kind and kind != table.kind:
            self.decided.emit(self.found.plan.with_table(table.name, TablePlan(kind=kind)))


def _about(table: TableFound) -> str:
    parts = [f"headings in row {table.header}"] if table.header else []
    parts += [f"sheet “{table.sheet}”"] if table.sheet != table.name else []
    if table.rows:
        parts.append(wording.counted(table.rows, "row"))
    if table.pounds:
        parts.append(wording.money_text(table.pounds))
    others = [kind.noun.lower() for name in table.kinds if name != table.kind and (kind := kind_named(name))]
    parts += [f"each with its {wording.listed(others)}"] if others else []
    return ", ".join(parts)
