"""Keeping a file safe: backups, bringing one back, and checking that the file is whole."""

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from grants_app import wording
from grants_app.errors import Refused
from grants_app.store import backup, checking
from grants_app.store.backup import Backup
from grants_app.ui.desk import Desk
from grants_app.ui.dialogs import confirm
from grants_app.ui.errands import errand
from grants_app.ui.limits import limited
from grants_app.ui.lines import Item, Lines
from grants_app.ui.pages.settings_own import card
from grants_app.ui.widgets import announce, button, label, panel, restyle, row

_SHOWN_HEIGHT = 152


class SafeCards:
    """Two cards: the backups of the file, and the check of it."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        self.desk, self.theme, self._parent = desk, desk.theme, parent
        self.list = Lines(desk.theme, "Backups")
        self.found: list[Backup] = []
        self.told, self.outcome = label("", "soft", wrap=True), label("", wrap=True)
        self.now = button("Back up now", self.back_up, "primary")
        self.back = button("Bring back …", self.ask_restore, tip="Put the chosen backup in the file's place")
        self.check = button("Check the file", self.check_file)
        self.backups, self.checked = self._backups(), self._checked()

    def _backups(self) -> QWidget:
        layout = card(self.desk, "Backups")
        about = (
            f"A backup is a whole copy, read back and compared. One is made at each day's first change, and kept "
            f"{backup.KEPT_DAYS} days. They hold everything that the file held then, people's details too."
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
        layout = card(self.desk, "Is the file whole?")
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
        errand(
            self.desk, lambda task: backup.back_up(store, progress=task.progress), self._made, owner=self._parent,
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
        errand(
            self.desk, lambda task: checking.check(store, task.progress), self._show_faults, owner=self._parent,
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


def _size(bytes_: int) -> str:
    """1.2 MB."""
    return f"{bytes_ / 1e6:,.1f} MB" if bytes_ < 1e9 else f"{bytes_ / 1e9:,.1f} GB"
