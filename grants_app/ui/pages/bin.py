"""The bin: what was deleted, and bringing it back."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from grants_app.store import Changes
from grants_app.ui.desk import Desk
from grants_app.ui.lines import Lines


class Bin(QWidget):
    """Deleted records, the latest first."""

    counted = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.note = ""
        self.list = Lines(desk.theme, "Bin")

    def begin(self) -> None:
        """Read."""

    def changed(self, changes: Changes) -> None:
        """Read again."""
