"""What narrows the history: words, an officer, a record by its reference, and days."""

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from grants_app import wording
from grants_app.ui.desk import Desk
from grants_app.ui.flow import Flow
from grants_app.ui.inputs import Choice, DateLine, Line
from grants_app.ui.steps import Wanted
from grants_app.ui.widgets import column, label, line, restyle, sized

_EVERYBODY = "Everybody"
_TYPES_MS = 250


class StepFilters(QWidget):
    """The boxes above the steps. `changed`: other steps are wanted now."""

    changed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        theme = desk.theme
        self.wanted = Wanted()
        self.words, self.reference = Line(theme), Line(theme)
        self.since, self.until = DateLine(theme), DateLine(theme)
        self.officer = Choice(theme, [_EVERYBODY], blank=False)
        about: tuple[tuple[QWidget, str, int], ...] = (
            (self.words, "Find in steps", 190), (self.officer, "Officer", 170), (self.reference, "Reference", 120),
            (self.since, "From day", 140), (self.until, "Up to day", 140),
        )  # fmt: skip
        for widget, name, width in about:
            widget.setAccessibleName(name)
            sized(widget, theme, width=width)
            if isinstance(widget, QLineEdit):
                widget.setPlaceholderText(name)
        self.problem = label("", "problem", wrap=True)
        self.problem.hide()
        flow = Flow(theme, gap=8)
        flow.show_widgets([widget for widget, _name, _width in about])
        layout = column(theme, margins=(12, 8, 12, 0))
        layout.addWidget(flow)
        layout.addWidget(self.problem)
        layout.addWidget(line())
        self.setLayout(layout)
        self._typing = QTimer(self, singleShot=True, interval=_TYPES_MS)
        self._typing.timeout.connect(self.apply)
        for typed in self._lines():
            typed.textChanged.connect(lambda _text: self._typing.start())
            typed.returnPressed.connect(self.apply)
        self.officer.currentTextChanged.connect(lambda _text: self._typing.start())

    def _lines(self) -> Sequence[QLineEdit]:
        return self.words, self.reference, self.since, self.until

    def clear(self) -> None:
        """Want every step again."""
        for typed in self._lines():
            typed.clear()
        self.officer.setCurrentIndex(0)
        self.apply()

    def apply(self) -> None:
        """Want the steps that are asked for; a day that cannot be read is said below its box."""
        self._typing.stop()
        problems: list[str] = []
        officer = self.officer.currentText() if self.officer.currentIndex() > 0 else ""
        since, until = (_day(box, problems) for box in (self.since, self.until))
        found = Wanted(officer, self.words.text(), self.reference.text(), since, until)
        self.say(" ".join(problems))
        if not problems and found != self.wanted:
            self.wanted = found
            self.changed.emit()

    def say(self, words: str) -> None:
        """Say what cannot be found or read; blank for nothing."""
        self.problem.setText(words)
        self.problem.setVisible(bool(words))

    def offer(self, officers: Sequence[str]) -> None:
        """The officers to choose from."""
        box, chosen = self.officer, self.officer.currentText()
        box.blockSignals(True)
        box.clear()
        box.addItems([_EVERYBODY, *officers])
        box.setCurrentText(chosen if chosen in officers else _EVERYBODY)
        box.blockSignals(False)


def _day(box: DateLine, problems: list[str]) -> date | None:
    text = box.text().strip()
    restyle(box, "wrong", "")
    try:
        return wording.read_date(text) if text else None
    except ValueError as error:
        problems.append(f"{box.accessibleName()}: {error}.")
        restyle(box, "wrong", "true")
        return None
