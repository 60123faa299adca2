"""What the window asks of every page: its heading, its buttons, and to show a record."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget
from sqlalchemy.orm import Session

from grants_app.records.base import Record
from grants_app.store import Changes
from grants_app.store.listing import Condition, Listing
from grants_app.ui.desk import Desk
from grants_app.ui.frame import HeaderAction

LIST_ACTIONS = {
    "Export what is shown": "Ctrl+E",
    "Group the list": "Ctrl+G",
    "Change a field of what is chosen": "Ctrl+Shift+E",
    "Fill down": "",
    "Paste rows from Excel": "",
    "Add a column": "",
}
"""What a list offers, with its keys."""


class View(QWidget):
    """One page of the window. It reads again when something that it shows has changed.

    `headed`: its title, count or buttons changed. `settled`: another record is chosen on it (id or None, whole page
    or not). `waiting`: so many wait on it; one that `tells_waiting` reads that anyway, whenever it is in sight.
    `asked`: its button of these words above is to be pressed.
    """

    headed = Signal()
    settled = Signal(object, bool)
    waiting = Signal(int)
    asked = Signal(str)
    tells_waiting = False

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk, self.theme = desk, desk.theme

    def heading(self) -> tuple[str, str]:
        """The page's title and the small words beside it."""
        return "", ""

    def header_actions(self) -> Sequence[HeaderAction]:
        """The page's buttons in the bar above, its main one last."""
        return ()

    def enter(self, record: int | None, *, whole: bool) -> None:
        """The window comes to this page, to this record if one is given."""

    def leave(self) -> None:
        """The window goes elsewhere or closes: store what was typed, or keep it until the page is shown again."""

    @property
    def unsaved(self) -> bool:
        """Whether something is typed here that is not stored and would be lost with the window."""
        return False

    def changed(self, changes: Changes) -> None:
        """Something was changed, here or elsewhere: read again what concerns this page."""

    def switched(self) -> None:
        """Another programme is chosen: read everything again."""

    def filter(self) -> None:
        """Put the keyboard where this page's list is narrowed (Ctrl+F)."""

    def show_topic(self, topic: str) -> None:
        """Show what the page says of a topic; only help pages have topics."""

    def take_file(self, file: Path) -> None:
        """A file was chosen or dropped for this page; only the import page takes one."""

    def publish(self, shown: Listing) -> None:
        """A list of grants was chosen for publishing; only the import and export page publishes."""

    def list_actions(self) -> Mapping[str, Callable[[], object]]:
        """What can be done with the list that is shown, by the words of LIST_ACTIONS; nothing where there is none."""
        return {}

    def point_at(self, field: str) -> None:
        """Show the record that was just asked for in its form, at this field."""

    def narrow(self, words: str, condition: Condition) -> None:
        """Show, in this page's list, what meets a condition alone; `words` say it."""

    def clear_filters(self) -> None:
        """Show the whole list, where this page has one that filters narrow."""

    def new(self) -> None:
        """Begin a new record of the kind that this page shows (Ctrl+N)."""


@dataclass(frozen=True)
class PageEntry:
    """A page as the sidebar knows it; `make` builds it when it is first shown, `count` says how many wait on it."""

    key: str
    title: str
    icon: str
    group: str
    make: Callable[[Desk], View]
    kind: type[Record] | None = None
    count: Callable[[Session, int | None, str], int] | None = None
