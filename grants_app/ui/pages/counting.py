"""Who came to an engagement: how many of those who attended fall in each category, and what is missing to all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QGridLayout, QPushButton, QWidget
from sqlalchemy import select
from sqlalchemy.orm import Session

from grants_app import wording
from grants_app.errors import Refused
from grants_app.operations import engagements
from grants_app.records import Breakdown, Engagement, Record
from grants_app.records.engagement import Dimension, usual_categories
from grants_app.store import Changes, settings
from grants_app.ui.desk import Desk
from grants_app.ui.flow import Flow
from grants_app.ui.inputs import Choice, Line
from grants_app.ui.widgets import announce, button, column, label, panel, restyle, row, sized

_LONG, _WIDE, _NAME = 20, 620, 190


@dataclass(frozen=True)
class Counted:
    """What is recorded of one engagement: how many attended, and by dimension the count of each category."""

    attended: int | None = None
    by: Mapping[Dimension, Mapping[str, int]] = field(default_factory=dict)
    lists: Mapping[str, Sequence[str]] = field(default_factory=dict)


def read_counted(session: Session, engagement: int) -> Counted:
    """Read it."""
    found: dict[Dimension, dict[str, int]] = {}
    for one in session.scalars(select(Breakdown).where(Breakdown.engagement_id == engagement).order_by(Breakdown.id)):
        found.setdefault(one.dimension, {})[one.category] = one.count
    record = session.get(Engagement, engagement)
    return Counted(record.attended if record is not None else None, found, settings.lists(session))


def gap(dimension: Dimension, attended: int | None, total: int, *, told: bool) -> str:
    """How counts stand to the attendance, in words; blank where none is told."""
    if not told:
        return ""
    if dimension is Dimension.AUDIENCE:
        return f"{total:,} told. Several may apply to one person, so nothing need add up."
    if attended is None:
        return f"{total:,} told. How many attended is not recorded yet."
    if total == attended:
        return f"All {attended:,} who attended are accounted for."
    short = attended - total
    return f"{total:,} of the {attended:,} who attended: {abs(short):,} {'short' if short > 0 else 'too many'}."


class CountingTab(QWidget):
    """A chip for each dimension, and a box for each category of the one that is chosen; saved when they are left."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk, theme = desk, desk.theme
        self.dimension = Dimension.AGE
        self.counted = Counted()
        self.boxes: dict[str, Line] = {}
        self._engagement: int | None = None
        self._built: Dimension | None = None
        self._across = 0
        self._more: tuple[str, ...] = ()
        self.chips = Flow(theme, gap=6)
        self._chips = {each: button("", partial(self.choose, each), "chip") for each in Dimension}
        self.chips.show_widgets(list(self._chips.values()))
        self._grid = QGridLayout()
        self._cells: list[QWidget] = []
        self.told, self.wrong = label("", "soft", wrap=True), label("", "problem", wrap=True)
        self.wrong.hide()
        self.other = Choice(theme, (), blank=True, keeps=True)
        self.other.setEditable(True)
        self.other.setAccessibleName("Another category")
        self.add = button("Add", self.add_category, name="Add this category")
        layout = column(theme, margins=(0, 8, 0, 12), gap=10)
        layout.addWidget(self.chips)
        layout.addWidget(panel(self._grid))
        more = row(theme)
        more.addWidget(self.other, 1)
        more.addWidget(self.add)
        layout.addWidget(label("Another category", "heading"))
        layout.addLayout(more)
        layout.addWidget(self.told)
        layout.addWidget(self.wrong)
        layout.addStretch(1)
        self.setLayout(layout)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._focus_moved)

    def show_of(self, record: Record, _loaded: object) -> None:
        """Show what is recorded of this engagement; what was typed for the one before is saved first."""
        if record.id != self._engagement:
            if not self.save():
                self.desk.tell(f"Who came was not saved: {self.wrong.text()}", refusal=True)
            self._engagement, self._more, self._built = record.id, (), None
            self.counted = Counted()
            self._build()
        self._read()

    def changed(self, changes: Changes) -> None:
        """Read again; what is being typed stays."""
        if changes.involve(Breakdown, Engagement):
            self._read()

    def _read(self) -> None:
        engagement = self._engagement
        if engagement is None:
            return

        def show(found: Counted) -> None:
            if engagement == self._engagement:
                self._show(found)

        self.desk.read(lambda session: read_counted(session, engagement), show, owner=self, key=f"counted {id(self)}")

    def _show(self, found: Counted) -> None:
        before = dict(self.stored)
        self.counted = found
        if list(self.boxes) != self._categories():
            self._build()
        for category, box in self.boxes.items():
            if box.text().strip() == _text(before.get(category)):
                box.setText(_text(self.stored.get(category)))
        self._tell()

    @property
    def stored(self) -> Mapping[str, int]:
        """What is recorded of the dimension that is chosen."""
        return self.counted.by.get(self.dimension, {})

    @property
    def dirty(self) -> bool:
        """Whether something is typed that is not stored."""
        return any(box.text().strip() != _text(self.stored.get(word)) for word, box in self.boxes.items())

    def choose(self, dimension: Dimension) -> None:
        """Count by this dimension."""
        if self.save():
            self.dimension, self._more = dimension, ()
            self._build()
            self._tell()
            first = next(iter(self.boxes.values()), None)
            if first is not None:
                first.setFocus()

    def _categories(self) -> list[str]:
        usual = usual_categories(self.dimension, self.counted.lists)
        shown = usual if len(usual) <= _LONG else ()
        return list(dict.fromkeys([*shown, *self.stored, *self._more]))

    def _build(self) -> None:
        """A box for each category, with its label; what is being typed stays, and the keyboard where it is."""
        typed = {category: box.text() for category, box in self.boxes.items()} if self._built is self.dimension else {}
        self._built = self.dimension
        lit = next((category for category, box in self.boxes.items() if box.hasFocus()), "")
        old, self._cells, self.boxes = self._cells, [], {}
        for cell in old:  # the keyboard leaves them now: nothing of theirs may be taken for the new ones
            cell.hide()
            cell.deleteLater()
        for category in self._categories():
            box = sized_line(self.desk)
            box.setText(typed.get(category, _text(self.stored.get(category))))
            box.setAccessibleName(f"{self.dimension.value}: {category}")
            box.textEdited.connect(lambda _text: self._tell())
            box.column = lambda: self.boxes
            name = label(category, wrap=True)
            name.setMinimumWidth(self.desk.theme.px(_NAME))
            name.setBuddy(box)
            self.boxes[category] = box
            self._cells += [name, box]
        left = [each for each in usual_categories(self.dimension, self.counted.lists) if each not in self.boxes]
        self.other.clear()
        self.other.addItems(["", *left])
        self._across = 0
        self._place()
        if lit in self.boxes:
            self.boxes[lit].setFocus()

    def _place(self) -> None:
        across = 2 if self.width() >= self.desk.theme.px(_WIDE) else 1
        if across == self._across:
            return
        self._across = across
        px = self.desk.theme.px
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(px(10))
        self._grid.setVerticalSpacing(px(6))
        deep = -(-len(self.boxes) // across)
        for at in range(len(self.boxes)):
            for part in range(2):
                self._grid.addWidget(self._cells[at * 2 + part], at % deep, at // deep * 2 + part)
                self._cells[at * 2 + part].show()  # at once, so that the keyboard can be put there
        self._grid.setColumnStretch(4, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Two columns where there is room."""
        self._place()

    def add_category(self) -> None:
        """Count another category too."""
        word = wording.tidy(self.other.currentText())
        if not word:
            return
        if word not in self.boxes:
            self._more = (*self._more, word)
            self._build()
        self.boxes[word].setFocus()
        self._tell()

    def values(self) -> dict[str, int]:
        """The counts as typed; blank ones are left out. ValueError names the category that cannot be read."""
        found = {}
        for category, box in self.boxes.items():
            text = box.text().strip()
            if text:
                try:
                    found[category] = wording.read_whole(text)
                except ValueError as error:
                    raise ValueError(f"{category}: {error}") from error
                if found[category] < 0:
                    raise ValueError(f"{category}: a count is nought or more")
        return found

    def _tell(self) -> None:
        """Say how the counts stand to the attendance, here and on the chips."""
        try:
            counts = self.values()
        except ValueError as error:
            self._say(str(error))
            counts = dict(self.stored)
        else:
            self._say("")
            words = gap(self.dimension, self.counted.attended, sum(counts.values()), told=bool(counts))
            self.told.setText(words or "Blank is not recorded; nought is none.")
            off = bool(counts) and words.endswith(("short.", "too many."))
            restyle(self.told, "look", "warning" if off else "soft")
        for dimension, chip in self._chips.items():
            held = counts if dimension is self.dimension else self.counted.by.get(dimension, {})
            self._name_chip(chip, dimension, held)

    def _name_chip(self, chip: QPushButton, dimension: Dimension, held: Mapping[str, int]) -> None:
        total, attended = sum(held.values()), self.counted.attended
        of = f" of {attended:,}" if attended is not None and dimension is not Dimension.AUDIENCE else ""
        chip.setText(f"{dimension.value}: {total:,}{of}" if held else dimension.value)
        chip.setAccessibleName(chip.text() if held else f"{dimension.value}: not recorded")
        restyle(chip, "set", "true" if dimension is self.dimension else "")

    def _say(self, words: str) -> None:
        self.wrong.setText(words)
        self.wrong.setVisible(bool(words))
        if words:
            announce(self, words)

    def save(self) -> bool:
        """Store what was typed; false where it cannot be read."""
        if self._engagement is None or not self.dirty:
            return True
        try:
            counts = self.values()
        except ValueError as error:
            self._say(str(error))
            return False
        operation = partial(
            engagements.break_down, engagement_id=self._engagement, dimension=self.dimension, counts=counts
        )
        by = {**self.counted.by, self.dimension: counts}
        self.counted = Counted(self.counted.attended, by, self.counted.lists)
        self.desk.do(operation, owner=self, refused=self._refused)
        return True

    def _refused(self, error: Refused) -> None:
        self.desk.tell(str(error), refusal=True)
        self._read()

    def _focus_moved(self, old: QWidget | None, new: QWidget | None) -> None:
        if self._holds(old) and not self._holds(new):
            self.save()

    def _holds(self, widget: QObject | None) -> bool:
        return isinstance(widget, Line) and widget in self.boxes.values()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes to the next box."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            if QApplication.focusWidget() is self.other or self.other.isAncestorOf(QApplication.focusWidget() or self):
                self.add_category()
            else:
                self.focusNextChild()
        else:
            super().keyPressEvent(event)


def sized_line(desk: Desk) -> Line:
    """A box for a number."""
    box = Line(desk.theme)
    box.setAlignment(Qt.AlignmentFlag.AlignRight)
    sized(box, desk.theme, width=84)
    return box


def _text(count: int | None) -> str:
    return "" if count is None else str(count)
