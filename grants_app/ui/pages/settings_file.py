"""What is set for a file, and keeping it safe: published counts, lists of words, backups and the check."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget
from sqlalchemy.orm import Session

from grants_app import wording
from grants_app.errors import Refused
from grants_app.operations import file_settings
from grants_app.records.lists import DEFAULT_LISTS
from grants_app.store import backup, checking, settings
from grants_app.store.backup import Backup
from grants_app.ui.choosing import begin_file
from grants_app.ui.desk import Desk
from grants_app.ui.dialogs import Sheet, confirm
from grants_app.ui.inputs import Line, Words
from grants_app.ui.lines import Item, Lines
from grants_app.ui.widgets import announce, button, card, label, limited, named, panel, restyle, row, sized

_NAMES = {
    "audiences": "Audiences", "engagement kinds": "Kinds of engagement", "harms": "Harms", "age bands": "Age bands",
}  # fmt: skip
_SHOWN_HEIGHT = 152


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
        layout = card(self.desk.theme, "This file")
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
        sheet.buttons.addWidget(button("Save this list", store_it, "primary"))
        sheet.setMinimumWidth(self.theme.px(440))
        sheet.open()
        words.setFocus()


class SafeCards:
    """Two cards: the backups of the file, and the check of it."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        self.desk, self.theme, self._parent = desk, desk.theme, parent
        self.list = Lines(desk.theme, "Backups")
        self.found: list[Backup] = []
        self.told, self.outcome = label("", "soft", wrap=True), label("", wrap=True)
        self.now = button("Back up now", self.back_up, "primary")
        self.back = button("Bring back …", self.ask_restore, tip="Put the chosen backup in the file’s place")
        self.check = button("Check the file", self.check_file)
        self.backups, self.checked = self._backups(), self._checked()

    def _backups(self) -> QWidget:
        layout = card(self.desk.theme, "Backups")
        about = (
            f"A backup is a whole copy, read back and compared. One is made at each day’s first change, and kept "
            f"{backup.KEPT_DAYS} days. They hold everything that the file held then, people’s details too."
        )
        layout.addWidget(label(about, "caption", wrap=True))
        layout.addWidget(self.told)
        limited(self.list, self.theme, height=_SHOWN_HEIGHT)
        layout.addWidget(self.list)
        line = row(self.theme)
        for widget in (self.now, self.back, button("Show the folder", self._show_folder, "link")):
            line.addWidget(widget)
        line.addStretch()
        layout.addLayout(line)
        return panel(layout, look="card")

    def _checked(self) -> QWidget:
        layout = card(self.desk.theme, "Is the file whole?")
        about = "Looks through its structure, history, links, totals, search index and documents; changes nothing."
        layout.addWidget(label(about, "caption", wrap=True))
        layout.addWidget(self.outcome)
        self.outcome.hide()
        line = row(self.theme)
        line.addWidget(self.check)
        line.addStretch()
        layout.addLayout(line)
        return panel(layout, look="card")

    def read(self) -> None:
        """See which backups there are."""
        path = self.desk.store.path
        self.desk.reading.do(lambda _task: backup.listed(path), owner=self._parent, done=self._show, key="backups")

    def _show(self, found: list[Backup]) -> None:
        self.found = found
        self.list.setVisible(bool(found))
        self.back.setEnabled(bool(found))
        folder = backup.folder_of(self.desk.store.path)
        self.told.setText(f"They lie in {folder}." if found else "None has been made yet.")
        self.list.show_items(
            [
                Item(
                    each.path,
                    f"{wording.date_text(each.made.date())} {each.made:%H:%M}",
                    f"Goes on {wording.date_text(each.goes_on.date())}",
                    _size(each.size),
                )
                for each in found
            ]
        )

    def back_up(self) -> None:
        """Make a backup now, off the window's thread."""
        store = self.desk.store
        self.now.setEnabled(False)
        self.desk.errand(
            lambda task: backup.back_up(store, progress=task.progress), self._made, owner=self._parent,
            words="Backing up", refused=self._not_made,
        )  # fmt: skip

    def _made(self, path: Path) -> None:
        self.now.setEnabled(True)
        self.desk.tell(f"Backed up to {path.name}")
        self.read()

    def _not_made(self, error: Refused) -> None:
        self.now.setEnabled(True)
        self.desk.tell(str(error), refusal=True)

    def ask_restore(self) -> None:
        """Say what bringing a backup back means, then do it."""
        chosen = self.list.present
        one = next((each for each in self.found if each.path == chosen), None)
        if one is None:
            return
        file = self.desk.store.path.name
        when = f"{wording.date_text(one.made.date())}, {one.made:%H:%M}"
        words = (
            f"{file} becomes what it was on {when}. What was done since stays beside it, as a file whose name ends in "
            ".before-restore. The window closes and opens again meanwhile."
        )
        path = one.path
        confirm(
            self.desk, self._parent.window(), "Bring this backup back?", words, "Bring it back",
            lambda: self.desk.restore_asked.emit(path),
        )  # fmt: skip

    def _show_folder(self) -> None:
        folder = backup.folder_of(self.desk.store.path)
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder if folder.exists() else folder.parent)))

    def check_file(self) -> None:
        """Check the file whole, off the window's thread."""
        store = self.desk.store
        self.check.setEnabled(False)
        self._say("Checking …", "soft")
        self.desk.errand(
            lambda task: checking.check(store, task.progress), self._show_faults, owner=self._parent,
            words="Checking the file", refused=lambda error: self._finish(str(error), "problem"),
        )  # fmt: skip

    def _show_faults(self, faults: list[str]) -> None:
        if faults:
            self._finish("\n".join(faults), "problem")
        else:
            self._finish("✓ All is well.", "")

    def _finish(self, words: str, look: str) -> None:
        self.check.setEnabled(True)
        self._say(words, look)
        announce(self.outcome, words)

    def _say(self, words: str, look: str) -> None:
        restyle(self.outcome, "look", look)
        self.outcome.setText(words)
        self.outcome.show()


def _read(session: Session) -> tuple[int, Mapping[str, Sequence[str]]]:
    return settings.threshold(session), settings.lists(session)


def _size(bytes_: int) -> str:
    """1.2 MB."""
    return f"{bytes_ / 1e6:,.1f} MB" if bytes_ < 1e9 else f"{bytes_ / 1e9:,.1f} GB"
