"""Where each column of pasted rows goes: a head for each, to be changed by the officer."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from grants_app.ui.flow import Flow
from grants_app.ui.frame import Elided
from grants_app.ui.inputs import Choice
from grants_app.ui.theme import Theme
from grants_app.ui.widgets import column, label, panel, sized

if TYPE_CHECKING:
    from grants_app.exchange.imports.pasting import Copied

_MOST_HEADS, _HEAD, _LEFT_OUT = 60, 168, "Leave out"


class Heads(QWidget):
    """The heads of the columns that are pasted: each says what its column is, and lets its place be chosen.

    `sent` carries a column's place among them, and the target that it is sent to; blank leaves it out.
    """

    sent = Signal(int, str)

    def __init__(self, theme: Theme, found: "Copied") -> None:
        super().__init__()
        self.targets: list[str] = []
        self._fields = [("", _LEFT_OUT), *found.fields]
        self.choices = [self._choice(theme, found, place) for place in range(min(found.width, _MOST_HEADS))]
        flow, blocks = Flow(theme, gap=10), list[QWidget]()
        for place, choice in enumerate(self.choices):
            block, words = column(theme, gap=2), Elided(theme)
            first = found.body[0][place] if found.body else ""
            words.setText(" · ".join(filter(None, (_called(found, place), first))))
            block.addWidget(sized(words, theme, width=_HEAD))
            block.addWidget(choice)
            blocks.append(panel(block))
        flow.show_widgets(blocks)
        layout = column(theme, gap=6)
        layout.addWidget(label("Where each column goes", "heading"))
        layout.addWidget(flow)
        if found.width > _MOST_HEADS:
            layout.addWidget(label(f"The columns after the first {_MOST_HEADS} go as they are found.", "caption"))
        self.setLayout(layout)

    def _choice(self, theme: Theme, found: "Copied", place: int) -> Choice:
        made = Choice(theme, [words for _target, words in self._fields], blank=False)
        made.setAccessibleName(f"Where {_called(found, place)} goes")
        made.textActivated.connect(partial(self._chosen, place))
        sized(made, theme, width=_HEAD)
        return made

    def show_targets(self, targets: "Sequence[tuple[str, str]]") -> None:
        """Show where each column goes: its target, and the words for it where it is none of the list's own fields."""
        self.targets = [target for target, _words in targets]
        known = dict(self._fields)
        for choice, (target, words) in zip(self.choices, targets, strict=False):
            choice.blockSignals(True)
            while choice.count() > len(self._fields):
                choice.removeItem(choice.count() - 1)
            if target not in known:
                choice.addItem(words)
            choice.setCurrentText(known.get(target, words))
            choice.show_start()
            choice.blockSignals(False)

    def _chosen(self, place: int, words: str) -> None:
        target = next((target for target, each in self._fields if each == words), None)
        if target is not None and place < len(self.targets) and target != self.targets[place]:
            self.sent.emit(place, target)


def _called(found: "Copied", place: int) -> str:
    """What a column is called: its title, else its place."""
    title = found.rows[0][place] if found.named else ""
    return title or f"column {place + 1}"
