"""The small panel that asks what a list is to be grouped by."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtWidgets import QDialog

from grants_app.store.grouping import By
from grants_app.ui.desk import Desk
from grants_app.ui.inputs import Choice
from grants_app.ui.widgets import button, column, label, row


class GroupChoice(QDialog):
    """Asks for one column or two; `show` is told of them."""

    def __init__(
        self, desk: Desk, offered: Mapping[By, str], present: Sequence[By], show: Callable[[Sequence[By]], object]
    ) -> None:
        super().__init__()
        self._offered, self._show = {words: by for by, words in offered.items()}, show
        self.setAccessibleName("Group by")
        self.setProperty("look", "panel")
        self.first = Choice(desk.theme, list(self._offered), blank=True)
        self.second = Choice(desk.theme, list(self._offered), blank=True)
        self.problem = label("", "problem", wrap=True)
        self.problem.hide()
        layout = column(desk.theme, margins=12, gap=6)
        for words, box in (("Group by", self.first), ("then by", self.second)):
            head = label(words, "heading")
            head.setBuddy(box)
            box.setAccessibleName(words.capitalize())
            layout.addWidget(head)
            layout.addWidget(box)
        for box, by in zip((self.first, self.second), present, strict=False):
            box.setCurrentText(offered.get(by, ""))
        layout.addWidget(self.problem)
        buttons = row(desk.theme)
        buttons.addStretch()
        buttons.addWidget(button("Group", self.apply, "primary"))
        layout.addLayout(buttons)
        self.setLayout(layout)
        self.setMinimumWidth(desk.theme.px(260))

    def begin(self) -> None:
        """Put the keyboard on the first column."""
        self.first.setFocus()

    def apply(self) -> None:
        """Group as asked."""
        chosen = [self._offered[box.currentText()] for box in (self.first, self.second) if box.currentText()]
        if not chosen:
            self._say("Choose a column.")
        elif len({by.column for by in chosen}) < len(chosen):
            self._say("Choose two different columns.")
        else:
            self._show(chosen)
            self.close()

    def _say(self, words: str) -> None:
        self.problem.setText(words)
        self.problem.show()
