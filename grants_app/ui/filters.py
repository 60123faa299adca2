"""What narrows a list: a box for words, a chip for each condition, a panel to add one; kept as plain JSON."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import pairwise
from typing import Any

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QDialog, QPushButton, QScrollArea, QWidget
from sqlalchemy import select
from sqlalchemy.orm import Session

from grants_app import wording
from grants_app.records import Field, Kind, Record, kind_named
from grants_app.records.fields import own_field
from grants_app.store import listing
from grants_app.store.listing import OPERATORS, Condition, column_named
from grants_app.ui.desk import Desk
from grants_app.ui.editors import Lists
from grants_app.ui.finding import FindLine, PickPanel
from grants_app.ui.flow import Flow
from grants_app.ui.inputs import DateLine, Line
from grants_app.ui.widgets import button, column, give_icon, label, panel, restyle, row, sized

_RANGES = frozenset({Kind.MONEY, Kind.DATE, Kind.WHOLE, Kind.NUMBER})
_TYPES_MS = 180
_MOST_LINKS = 200


def words_of(kind: type[Record], condition: Condition, names: Mapping[tuple[str, Any], str]) -> str:
    """A condition as its chip says it: "Status: Active or Closing"."""
    shown = listing.column_named(kind, condition.column)
    linked = shown.kind is Kind.LINK
    values = [names.get((shown.name, v)) or ("…" if linked else _text(shown, v)) for v in condition.values]
    if condition.operator in {"blank", "filled"}:
        return f"{shown.label} {OPERATORS[condition.operator]}"
    few = wording.listed(values, "or") if len(values) <= 3 else f"{len(values)} of them"
    return (
        f"{shown.label}: {few}"
        if condition.operator == "is"
        else f"{shown.label} {OPERATORS[condition.operator]} {few}"
    )


def _text(shown: listing.Column, value: Any) -> str:
    return str(getattr(value, "value", "")) or (shown.text(value) if not isinstance(value, str) else value)


class FilterBar(QWidget):
    """The bar above a list. `changed`: the conditions or words are others now; `down`: on from the words to it."""

    changed = Signal()
    down = Signal()

    def __init__(self, desk: Desk, kind: type[Record], lists: Lists) -> None:
        super().__init__()
        self.desk, self.kind, self.lists = desk, kind, lists
        self.where: tuple[Condition, ...] = ()
        self.chips: Mapping[Condition, str] = {}
        self.own: tuple[Field, ...] = ()
        self._names: dict[tuple[str, Any], str] = {}
        self.words = FindLine(f"Find in {kind.plural.lower()}", empties=True)
        self.words.down.connect(self.down)
        self.words.setClearButtonEnabled(True)
        sized(self.words, desk.theme, width=170)
        self.chips_shown: list[QPushButton] = []
        self._extras: tuple[QWidget, ...] = ()
        self._flow = Flow(desk.theme, gap=6)
        self.add = button("Filter", self.offer, "chip", name="Add a filter", tip="Show only some of the list")
        give_icon(self.add, desk.theme, "add", size=12)
        self.right = row(desk.theme, gap=8)
        layout = row(desk.theme, margins=(12, 6, 12, 6), gap=8)
        layout.addWidget(self._flow, 1)
        layout.addLayout(self.right)
        self.setLayout(layout)
        self._show()
        self._typing = QTimer(self, singleShot=True, interval=_TYPES_MS)
        self._typing.timeout.connect(self.changed)
        self.words.textChanged.connect(lambda _text: self._typing.start())

    def take_own(self, columns: tuple[Field, ...]) -> None:
        """These are the officers' own columns now; a list is no longer narrowed by one that is gone."""
        self.own, known = columns, {each.name for each in columns}
        kept = [each for each in self.where if own_field(each.column) is None or each.column in known]
        if len(kept) < len(self.where):
            self.set_conditions(kept)

    def set_conditions(self, where: Sequence[Condition]) -> None:
        """Narrow the list by these conditions and no others."""
        self.where = tuple(where)
        self._show()
        self.changed.emit()

    def put(self, condition: Condition) -> None:
        """Narrow the list by this condition, in place of an earlier one of the same column and sort."""
        kept = [c for c in self.where if (c.column, c.operator) != (condition.column, condition.operator)]
        self.set_conditions([*kept, condition])

    def remove(self, condition: Condition) -> None:
        """Narrow the list by it no longer."""
        self.set_conditions([c for c in self.where if c != condition])
        self.add.setFocus()

    def extend(self, *widgets: QWidget) -> None:
        """Put more buttons behind the one that adds a filter."""
        self._extras = widgets
        self._show()

    def know(self, names: Mapping[tuple[str, Any], str]) -> None:
        """The names of linked records that conditions speak of, by column and id (of several: by reference)."""
        self._names |= names
        self._show()

    def _show(self) -> None:
        self.chips_shown = []
        for condition in self.where:
            words = self.chips.get(condition) or words_of(self.kind, condition, self._names)
            chip = button(
                words,
                partial(self.remove, condition),
                "chip",
                name=f"{words}: remove this filter",
                tip="Remove this filter",
            )
            give_icon(chip, self.desk.theme, "close", "accent", 12)
            chip.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
            restyle(chip, "set", "true")
            self.chips_shown.append(chip)
        along = [self.words, *self.chips_shown, self.add, *self._extras]
        self._flow.show_widgets(along)
        for before, after in pairwise(along):
            QWidget.setTabOrder(before, after)

    def offer(self) -> None:
        """Offer the columns to narrow the list by."""
        offered = [
            (shown.label, partial(self.ask, shown))
            for shown in listing.offered(self.kind, self.own)
            if shown.kind not in {Kind.LONG, Kind.EXTRA, Kind.INSTANT} and shown.sortable
        ]
        panel_ = PickPanel(self.desk.theme, "Find a column to filter by", offered)
        panel_.setParent(self, Qt.WindowType.Popup)
        panel_.move(self.add.mapToGlobal(QPoint(0, self.add.height() + 2)))
        panel_.show()
        panel_.finder.setFocus()

    def ask(self, shown: listing.Column) -> None:
        """Ask what the column must hold."""
        if shown.kind is Kind.LINK and shown.field is not None:
            target = kind_named(shown.field.to)
            assert target is not None
            self.desk.read(_names_of(target), partial(self._ask_links, shown), owner=self, key="links")
        else:
            self._open(shown, {word: self._value(shown, word) for word in self._words(shown)})

    def _ask_links(self, shown: listing.Column, found: list[tuple[int, str]]) -> None:
        self.know({(shown.name, record): name for record, name in found})
        self._open(shown, {name: record for record, name in found})

    def _open(self, shown: listing.Column, choices: Mapping[str, Any]) -> None:
        present = next((c for c in self.where if c.column == shown.name), None)
        dialog = ConditionPanel(self.desk, shown, choices, present, self.put)
        dialog.setParent(self, Qt.WindowType.Popup)
        at = self.add.mapToGlobal(QPoint(0, self.add.height() + 2))
        dialog.move(at)
        dialog.show()
        dialog.begin()

    def _words(self, shown: listing.Column) -> Sequence[str]:
        if shown.kind is Kind.YES_NO:
            return ("Yes", "No")
        return shown.field.words(self.lists) if shown.field is not None else ()

    def _value(self, shown: listing.Column, word: str) -> Any:
        if shown.kind is Kind.MANY:
            return word
        return shown.field.parse(word, self.lists) if shown.field is not None else word


class ConditionPanel(QDialog):
    """A small panel that asks for one condition: words to tick, or from and to, or letters that it holds."""

    def __init__(
        self,
        desk: Desk,
        shown: listing.Column,
        choices: Mapping[str, Any],
        present: Condition | None,
        put: Callable[[Condition], None],
    ) -> None:
        super().__init__()
        self._shown, self._choices, self._put = shown, choices, put
        self._boxes: dict[str, QCheckBox] = {}
        self._lines: dict[str, Line] = {}
        self.problem = label("", "problem", wrap=True)
        self.setAccessibleName(f"Filter by {shown.label}")
        layout = column(desk.theme, margins=12, gap=8)
        layout.addWidget(label(shown.label, "heading"))
        if choices:
            layout.addWidget(self._ticks(desk, present))
        elif shown.kind in _RANGES:
            self._add_lines(desk, layout, {"from": "At least", "to": "At most"})
        else:
            self._add_lines(desk, layout, {"contains": "Holds the letters"})
        layout.addWidget(self.problem)
        self.problem.hide()
        buttons = row(desk.theme)
        buttons.addWidget(button("Is blank", partial(self._finish, "blank"), "link"))
        buttons.addStretch()
        buttons.addWidget(button("Show", self.apply, "primary"))
        layout.addLayout(buttons)
        self.setLayout(layout)
        self.setProperty("look", "panel")
        self.setMinimumWidth(desk.theme.px(240))

    def begin(self) -> None:
        """Put the keyboard on the first thing to fill in."""
        first = next(iter([*self._boxes.values(), *self._lines.values()]), None)
        if first is not None:
            first.setFocus()

    def _ticks(self, desk: Desk, present: Condition | None) -> QWidget:
        holder = column(desk.theme, gap=2)
        for word, value in self._choices.items():
            box = QCheckBox(word.replace("&", "&&"))
            box.setChecked(present is not None and value in present.values)
            self._boxes[word] = box
            holder.addWidget(box)
        area = QScrollArea()
        area.setWidget(panel(holder, ground="paper"))
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setFixedHeight(desk.theme.px(min(300, 28 * len(self._choices) + 4)))
        return area

    def _add_lines(self, desk: Desk, layout: Any, asked: Mapping[str, str]) -> None:
        for operator, words in asked.items():
            line = DateLine(desk.theme) if self._shown.kind is Kind.DATE else Line(desk.theme)
            line.setAccessibleName(f"{self._shown.label}: {words}")
            line.returnPressed.connect(self.apply)
            self._lines[operator] = line
            layout.addWidget(label(words, "caption"))
            layout.addWidget(line)

    def apply(self) -> None:
        """Narrow the list as asked; what cannot be read is said here."""
        ticked = tuple(self._choices[word] for word, box in self._boxes.items() if box.isChecked())
        if ticked:
            self._put(Condition(self._shown.name, "is", ticked))
        try:
            typed = {
                operator: self._parse(line.text()) for operator, line in self._lines.items() if line.text().strip()
            }
        except ValueError as error:
            self.problem.setText(str(error))
            self.problem.show()
            return
        for operator, value in typed.items():
            self._put(Condition(self._shown.name, operator, (value,)))
        self.close()

    def _parse(self, text: str) -> Any:
        readers: dict[Kind, Callable[[str], Any]] = {
            Kind.MONEY: wording.read_money, Kind.DATE: wording.read_date, Kind.WHOLE: wording.read_whole,
            Kind.NUMBER: lambda typed: float(wording.read_number(typed)),
        }  # fmt: skip
        return readers.get(self._shown.kind, wording.tidy)(text)

    def _finish(self, operator: str) -> None:
        self._put(Condition(self._shown.name, operator))
        self.close()


def condition_to(kind: type[Record], condition: Condition) -> dict[str, Any]:
    """A filter as JSON."""
    return {
        "column": condition.column,
        "operator": condition.operator,
        "values": [_stored(kind, condition.column, value) for value in condition.values],
    }


def condition_from(kind: type[Record], saved: Mapping[str, Any]) -> Condition:
    """The filter that was saved."""
    name = str(saved["column"])
    values = tuple(_restored(kind, name, value) for value in saved["values"])
    return Condition(name, str(saved["operator"]), values)


def _names_of(target: type[Record]) -> Callable[[Session], list[tuple[int, str]]]:
    def read(session: Session) -> list[tuple[int, str]]:
        caption = target.column(target.caption)
        found = session.execute(select(target.id, caption).order_by(caption).limit(_MOST_LINKS))
        return [(int(record), str(name)) for record, name in found]

    return read


def _stored(kind: type[Record], name: str, value: Any) -> Any:
    field = column_named(kind, name).field
    if field is None:
        return str(value)
    return value if field.kind in {Kind.MANY, Kind.LINK} else field.stored(value)


def _restored(kind: type[Record], name: str, value: Any) -> Any:
    column = column_named(kind, name)
    if column.field is not None:
        return value if column.field.kind in {Kind.MANY, Kind.LINK} else column.field.restored(value)
    if column.kind is Kind.MONEY:
        from decimal import Decimal

        return Decimal(value)
    return int(value) if column.kind is Kind.WHOLE else value
