"""What is set for a file: the smallest count that is published, and its lists of words."""

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtWidgets import QWidget
from sqlalchemy.orm import Session

from grants_app import wording
from grants_app.operations import file_settings
from grants_app.records.lists import DEFAULT_LISTS
from grants_app.store import settings
from grants_app.ui.desk import Desk
from grants_app.ui.dialogs import Sheet
from grants_app.ui.errands import begin_file
from grants_app.ui.inputs import Line, Words
from grants_app.ui.pages.settings_own import card, named
from grants_app.ui.widgets import announce, button, label, panel, row, sized

_NAMES = {
    "audiences": "Audiences", "engagement kinds": "Kinds of engagement", "harms": "Harms", "age bands": "Age bands",
}  # fmt: skip


class FileCard:
    """The file's own settings, changed by a step that can be undone."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        self.desk, self.theme, self._parent = desk, desk.theme, parent
        self.threshold = Line(desk.theme)
        self.trouble = label("", "problem", wrap=True)
        self.words: dict[str, Sequence[str]] = {}
        self.counts = {name: label("", "soft") for name in file_settings.EDITABLE}
        self._stored = 0
        self.widget = self._made()
        self.threshold.editingFinished.connect(self.keep_threshold)

    def _made(self) -> QWidget:
        theme, file = self.theme, self.desk.store.path
        layout = card(self.desk, "This file")
        where = label(str(file), "soft", wrap=True)
        where.setAccessibleName(f"The file: {file}")
        layout.addWidget(where)
        files = row(theme)
        files.addWidget(button("Open another file …", self.desk.welcome_asked.emit))
        files.addWidget(button("New file …", lambda: begin_file(self.desk, self.widget.window())))
        files.addStretch()
        layout.addLayout(files)
        layout.addWidget(named(self.threshold, "Smallest count that is published"))
        about = "Smaller counts of people are hidden in reports and in everything that leaves the team; 0 hides none."
        layout.addWidget(label(about, "caption", wrap=True))
        self.threshold.setAccessibleDescription(about)
        layout.addWidget(sized(self.threshold, theme, width=80))
        self.trouble.hide()
        layout.addWidget(self.trouble)
        layout.addWidget(label("Lists", "heading"))
        for name in file_settings.EDITABLE:
            line = row(theme)
            line.addWidget(label(_NAMES[name]), 1)
            line.addWidget(self.counts[name])
            line.addWidget(button("Change …", partial(self.ask_list, name), "link", name=f"Change {_NAMES[name]}"))
            layout.addLayout(line)
        return panel(layout, look="card")

    def read(self) -> None:
        """Read what is set."""
        self.desk.read(_read, self._show, owner=self._parent, key="file settings")

    def _show(self, found: tuple[int, Mapping[str, Sequence[str]]]) -> None:
        self._stored, self.words = found[0], dict(found[1])
        if not self.threshold.hasFocus():
            self.threshold.setText(str(self._stored))
        for name, shown in self.counts.items():
            shown.setText(wording.counted(len(self.words[name]), "word"))

    def keep_threshold(self) -> None:
        """Store the smallest count; one that cannot be read is said below it."""
        if not self.words:
            return
        try:
            smallest = wording.read_whole(self.threshold.text())
        except ValueError as error:
            self._say(f"Smallest count that is published: {error}.")
            return
        self._say("")
        if smallest != self._stored:
            self.desk.do(
                lambda store: file_settings.set_threshold(store, smallest), owner=self._parent,
                refused=lambda error: self._say(str(error)),
            )  # fmt: skip

    def _say(self, words: str) -> None:
        self.trouble.setText(words)
        self.trouble.setVisible(bool(words))
        if words:
            announce(self.trouble, words)

    def ask_list(self, name: str) -> None:
        """Show a list to be changed, a word on each line."""
        sheet = Sheet(self.desk, _NAMES[name], self._parent.window())
        about = "One word or phrase on each line, as they are to be offered. Records keep the words they have."
        sheet.body.addWidget(label(about, "soft", wrap=True))
        words = Words(self.theme)
        words.setAccessibleName(_NAMES[name])
        words.setPlainText("\n".join(self.words.get(name, ())))
        sheet.body.addWidget(words)

        def store_it() -> None:
            lines = words.toPlainText().splitlines()
            self.desk.do(
                lambda store: file_settings.set_list(store, name, lines), lambda _none: sheet.accept(), owner=sheet,
                refused=lambda error: sheet.say(str(error)),
            )  # fmt: skip

        usual = button("As at first", lambda: words.setPlainText("\n".join(DEFAULT_LISTS[name])), "link")
        sheet.buttons.insertWidget(0, usual)
        sheet.buttons.addWidget(button("Cancel", sheet.reject))
        sheet.buttons.addWidget(button("Keep this list", store_it, "primary"))
        sheet.setMinimumWidth(self.theme.px(440))
        sheet.open()
        words.setFocus()


def _read(session: Session) -> tuple[int, Mapping[str, Sequence[str]]]:
    return settings.threshold(session), settings.lists(session)
