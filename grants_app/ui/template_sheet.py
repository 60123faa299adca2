"""Says what will go where in an officer's own template, and lets each of its headings be sent elsewhere."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from grants_app import wording
from grants_app.errors import Refused
from grants_app.exchange.shapes import Progress
from grants_app.ui.desk import Desk
from grants_app.ui.dialogs import Sheet
from grants_app.ui.flow import Flow
from grants_app.ui.frame import Elided
from grants_app.ui.inputs import Choice
from grants_app.ui.widgets import announce, button, column, label, panel, scrolled, sized

if TYPE_CHECKING:
    from grants_app.exchange.filling.templates import Fit

_STATE, _MOST = "template headings", 500
_HEAD, _WIDE, _HIGH, _LEFT = 172, 620, 560, "Leave as it is"

Write = Callable[[Path, Progress], int]
Found = tuple["Fit", Write]


def said_before(desk: Desk, noun: tuple[str, str]) -> Mapping[str, str]:
    """What this officer said of headings, by folded heading, where rows of that noun were filled in before."""
    return dict(desk.settings.state(_STATE).get(noun[0], {}))


class TemplateSheet(Sheet):
    """Shows what goes where; accepted, `write` fills in the copy, and what was chosen is remembered."""

    def __init__(
        self,
        desk: Desk,
        found: Found,
        match: Callable[[Path, Mapping[str, str]], Found],
        noun: tuple[str, str],
        parent: QWidget,
    ) -> None:
        self.fit, self.write = found
        super().__init__(desk, f"Fill in {self.fit.template.name}", parent)
        self._match, self._noun = match, noun
        self.sent: dict[str, str] = {}
        self.choices: dict[str, Choice] = {}
        self.told = label("", wrap=True)
        self.save = button("Save the filled copy …", self.accept, "primary")
        self._arrange()
        self._show(found)
        self.accepted.connect(self._remember)
        self.save.setFocus()

    def _arrange(self) -> None:
        theme, blocks = self.theme, list[QWidget]()
        for title, _label in self.fit.filled:
            if (key := wording.folded(title)) and key not in self.choices:
                choice = self.choices[key] = Choice(theme, [_LEFT, *dict.fromkeys(self.fit.offered)], blank=False)
                choice.setAccessibleName(f"What fills in {title}")
                choice.textActivated.connect(partial(self._choose, key))
                held, words = column(theme, gap=2), Elided(theme)
                words.setText(title)
                held.addWidget(sized(words, theme, width=_HEAD))
                held.addWidget(sized(choice, theme, width=_HEAD))
                blocks.append(panel(held))
        heads, held = Flow(theme, gap=10), column(theme, gap=12)
        heads.show_widgets(blocks)
        held.addWidget(self.told)
        held.addWidget(label("What fills in each column", "heading"))
        held.addWidget(heads)
        note = "Everything else stays as it is. The template itself is not changed."
        held.addWidget(label(note, "soft", wrap=True))
        held.addStretch()
        self.body.addWidget(scrolled(panel(held, ground="paper")), 1)
        self.buttons.addWidget(button("Cancel", self.reject))
        self.buttons.addWidget(self.save)
        lines = -(-len(blocks) // 3)
        self.resize(theme.px(_WIDE), min(theme.px(_HIGH), theme.px(300 + 62 * lines)))

    def _choose(self, key: str, words: str) -> None:
        """Send a heading to this column, or leave it; a heading that had it before is left."""
        chosen = "" if words == _LEFT else words
        if words not in (_LEFT, *self.fit.offered):
            return
        for title, there in self.fit.filled:
            if chosen and there == chosen and wording.folded(title) != key:
                self.sent[wording.folded(title)] = ""
        self.sent[key] = chosen
        self.say("")
        self.save.setEnabled(False)
        look = partial(self._match, self.fit.template, {**said_before(self.desk, self._noun), **self.sent})
        self.desk.errand(
            lambda _task: look(), self._show, owner=self, words="", refused=self._cannot, key="template headings"
        )

    def _show(self, found: Found) -> None:
        self.fit, self.write = found
        self.told.setText("\n".join(self.fit.words))
        for title, there in self.fit.filled:
            if (choice := self.choices.get(wording.folded(title))) is not None:
                choice.setCurrentText(there or _LEFT)
                choice.show_start()
        announce(self, self.told.text())
        self.save.setEnabled(True)

    def _cannot(self, error: Refused) -> None:
        self.say(str(error))

    def _remember(self) -> None:
        if self.sent:
            kept = {**said_before(self.desk, self._noun), **self.sent}
            every = {**self.desk.settings.state(_STATE), self._noun[0]: dict(list(kept.items())[-_MOST:])}
            self.desk.settings.keep_state(_STATE, every)
