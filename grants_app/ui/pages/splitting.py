"""On which funding lines an award or a payment falls: shown, and split in pounds with what is left to place."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget
from sqlalchemy import select
from sqlalchemy.orm import Session

from grants_app import wording
from grants_app.errors import Refused
from grants_app.operations import payments
from grants_app.records import Allocation, FundingLine, Grant, Payment, Programme, Record
from grants_app.store import Changes
from grants_app.ui.desk import Desk
from grants_app.ui.dialogs import Sheet
from grants_app.ui.inputs import Line
from grants_app.ui.widgets import announce, button, column, label, panel, restyle, row, sized

_NAME = 170


@dataclass(frozen=True)
class Split:
    """What is to be split: its grant, the amount, the programme's funding lines by id, and what falls on each."""

    grant: int
    payment: int | None
    programme: int
    amount: Decimal | None
    lines: Mapping[int, str] = field(default_factory=dict)
    parts: Mapping[int, Decimal] = field(default_factory=dict)
    given: bool = False


def read_split(session: Session, kind: type[Record], record: int) -> Split | None:
    """Read how a grant's award, or a payment, falls on its programme's funding lines; None if it is gone."""
    whole = session.get(kind, record)
    payment = whole if isinstance(whole, Payment) else None
    grant = session.get(Grant, payment.grant_id) if payment is not None else whole
    if not isinstance(grant, Grant):
        return None
    found = session.scalars(select(FundingLine).where(FundingLine.programme_id == grant.programme_id))
    lines = {line.id: f"{line.name}, {line.year}" for line in found}
    which = Allocation.payment_id.is_(None) if payment is None else Allocation.payment_id == payment.id
    given = session.scalar(select(Allocation.id).where(Allocation.grant_id == grant.id, which).limit(1)) is not None
    parts = payments.parts_of(session, grant, payment)
    amount = payment.amount if payment is not None else grant.awarded
    return Split(grant.id, payment.id if payment else None, grant.programme_id, amount, lines, parts, given)


class SplitPart(QWidget):
    """A box in pounds for each funding line, what is still to place, and a button that stores it once it is all."""

    def __init__(self, desk: Desk, kind: type[Record]) -> None:
        super().__init__()
        self.desk, self.kind = desk, kind
        self.split: Split | None = None
        self.boxes: dict[int, Line] = {}
        self._record: int | None = None
        self._refusal = ""
        self._cells: list[QWidget] = []
        self._grid = QGridLayout()
        self.told, self.wrong = label("", "soft", wrap=True), label("", "problem", wrap=True)
        self.wrong.hide()
        self.save = button("Save the split", self.store, "primary")
        self.take_back = button("Take the split back", self.forget, "link")
        self.programme = button("Open the programme", self._open_programme, "link")
        layout = column(desk.theme, margins=(0, 8, 0, 12), gap=10)
        layout.addWidget(panel(self._grid))
        layout.addWidget(self.told)
        layout.addWidget(self.wrong)
        buttons = row(desk.theme)
        for widget in (self.save, self.take_back, self.programme):
            buttons.addWidget(widget)
        buttons.addStretch()
        layout.addLayout(buttons)
        layout.addStretch(1)
        self.setLayout(layout)

    def show_of(self, record: Record, _loaded: object) -> None:
        """Show how this record is split."""
        if record.id != self._record:
            self._record, self.split, self._refusal = record.id, None, ""
        self._read()

    def changed(self, changes: Changes) -> None:
        """Read again; what is being typed stays."""
        if changes.involve(Allocation, FundingLine, Payment, Grant):
            self._read()

    def _read(self) -> None:
        kind, record = self.kind, self._record
        if record is None:
            return

        def show(found: Split | None) -> None:
            if record == self._record:
                self._show(found)

        self.desk.read(lambda session: read_split(session, kind, record), show, owner=self, key=f"split {id(self)}")

    def _show(self, found: Split | None) -> None:
        before, self.split = self.split, found
        same = before is not None and found is not None and before.lines == found.lines
        typed = {line: box.text() for line, box in self.boxes.items()} if same else {}
        self._build()
        for line, text in typed.items():
            if before is not None and text != _text(before.parts.get(line)):
                self.boxes[line].setText(text)
        self._tell()

    def _build(self) -> None:
        for cell in self._cells:
            cell.hide()
            cell.deleteLater()
        self._cells, self.boxes = [], {}
        split = self.split
        if split is None or (len(split.lines) < 2 and not split.given):
            return
        px = self.desk.theme.px
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(px(10))
        self._grid.setVerticalSpacing(px(6))
        for at, (line, name) in enumerate(split.lines.items()):
            box = Line(self.desk.theme, "£")
            box.setAlignment(Qt.AlignmentFlag.AlignRight)
            box.setText(_text(split.parts.get(line)))
            box.setAccessibleName(f"{name}: pounds")
            box.textEdited.connect(lambda _text: self._typed())
            box.returnPressed.connect(self.focusNextChild)
            box.column = lambda: {self.split.lines[at]: each for at, each in self.boxes.items()} if self.split else {}
            sized(box, self.desk.theme, width=120)
            words = label(name, wrap=True)
            words.setMinimumWidth(px(_NAME))
            words.setBuddy(box)
            rest = button("the rest", partial(self.take_rest, line), "link", name=f"The rest on {name}")
            self.boxes[line] = box
            for place, widget in enumerate((words, box, rest)):
                self._grid.addWidget(widget, at, place)
                self._cells.append(widget)
        self._grid.setColumnStretch(3, 1)

    def values(self) -> dict[int, Decimal]:
        """The parts as typed; blank ones are left out. ValueError names the line that cannot be read."""
        found = {}
        for line, box in self.boxes.items():
            if box.text().strip():
                try:
                    amount = wording.read_money(box.text())
                except ValueError as error:
                    name = self.split.lines[line] if self.split is not None else ""
                    raise ValueError(f"{name}: {error}") from error
                if amount:
                    found[line] = amount
        return found

    def take_rest(self, line: int) -> None:
        """Put on this line what no other bears."""
        if self.split is None or self.split.amount is None:
            return
        try:
            others = sum((part for other, part in self.values().items() if other != line), Decimal(0))
        except ValueError as error:
            self._say(str(error))
            return
        self.boxes[line].setText(_text(max(Decimal(0), self.split.amount - others)))
        self.boxes[line].setFocus()
        self._tell()

    def _typed(self) -> None:
        self._refusal = ""
        self._tell()

    def _tell(self) -> None:
        split = self.split
        parts: dict[int, Decimal] = {}
        self._say(self._refusal)
        try:
            parts = self.values()
        except ValueError as error:
            self._say(str(error))
        left = (
            split.amount - sum(parts.values(), Decimal(0)) if split is not None and split.amount is not None else None
        )
        self.told.setText(_told(split, left, asked=bool(self.boxes)))
        restyle(self.told, "look", "warning" if parts and left else "soft")
        self.save.setVisible(bool(self.boxes))
        whole = bool(parts) and left == 0 and not self.wrong.text()
        self.save.setEnabled(whole and split is not None and (not split.given or parts != dict(split.parts)))
        self.take_back.setVisible(split is not None and split.given)
        self.programme.setVisible(split is not None and not split.lines)

    def _say(self, words: str) -> None:
        self.wrong.setText(words)
        self.wrong.setVisible(bool(words))
        if words:
            announce(self, words)

    def store(self) -> None:
        """Store the split."""
        self._split(self.values())

    def forget(self) -> None:
        """Take the split back: it falls on the programme's only line again, or nobody knows on which."""
        self._split({})

    def _split(self, parts: Mapping[int, Decimal]) -> None:
        if self.split is None:
            return
        self._refusal = ""
        next(iter(self.boxes.values()), self.programme).setFocus()
        self.save.setEnabled(False)
        if not parts:
            for box in self.boxes.values():
                box.clear()
        operation = partial(payments.split, parts=parts, grant_id=self.split.grant, payment_id=self.split.payment)
        self.desk.do(operation, owner=self, refused=self._refused)

    def _refused(self, error: Refused) -> None:
        self._refusal = str(error)
        self._tell()

    def _open_programme(self) -> None:
        if self.split is not None:
            self.desk.open(Programme, self.split.programme, whole=True)


def _told(split: Split | None, left: Decimal | None, *, asked: bool) -> str:
    """What is split, and what is still to place."""
    if split is None:
        return ""
    if not split.lines:
        return "The programme has no funding lines yet: add them on its page, and this can be split over them."
    if split.amount is None:
        return "Nothing is awarded yet, so there is nothing to split."
    amount = wording.money_text(split.amount)
    if not asked:
        return f"All {amount} falls on {next(iter(split.lines.values()))}, the programme’s only funding line."
    if left is None or left == split.amount:
        return f"{amount} to place on these lines."
    if left == 0:
        return f"All {amount} is placed."
    return f"{wording.money_text(abs(left))} {'still to place' if left > 0 else 'too much'} of {amount}."


def _text(amount: Decimal | None) -> str:
    return "" if not amount else wording.money_text(amount).removeprefix("£")


def payment_split(desk: Desk) -> SplitPart:
    """The tab of a payment's page."""
    return SplitPart(desk, Payment)


def split_award(desk: Desk, record: Record, parent: QWidget) -> None:
    """Split a grant's award over funding lines, on a sheet."""
    sheet = Sheet(desk, "Split over funding lines", parent)
    part = SplitPart(desk, Grant)
    sheet.body.addWidget(label(f"{record.reference}, {getattr(record, record.caption)}", "soft", wrap=True))
    sheet.body.addWidget(part)
    sheet.buttons.addWidget(button("Done", sheet.accept))
    desk.bus.changed.connect(part.changed)
    part.show_of(record, None)
    sheet.setMinimumWidth(desk.theme.px(440))
    sheet.open()
