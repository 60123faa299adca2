"""The day's backup: made in the background soon after the day's first change, never in anybody's way."""

from datetime import date
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from grants_app import clock
from grants_app.errors import Cancelled, Refused
from grants_app.store import Changes, Store, backup
from grants_app.ui.desk import Desk
from grants_app.ui.errands import errand
from grants_app.ui.tasks import Task

_WAITS_MS = 5000


class DailyBackup(QObject):
    """Looks after each change whether today's backup is still to be made, and makes it."""

    def __init__(self, desk: Desk, *, waits_ms: int = _WAITS_MS) -> None:
        super().__init__(desk)
        self.desk = desk
        self._seen: date | None = None
        self._soon = QTimer(self, singleShot=True, interval=waits_ms)
        self._soon.timeout.connect(self.look)
        desk.bus.changed.connect(self._hear)

    def _hear(self, _changes: Changes) -> None:
        if self._seen != clock.today() and not self.desk.store.read_only:
            self._soon.start()

    def look(self) -> None:
        """Make today's backup if there is none, and take away those that are too old."""
        self._seen = clock.today()
        store = self.desk.store
        errand(
            self.desk, lambda task: _make(store, task), self._made, owner=self, words="Making the day's backup",
            refused=self._refused, key="daily backup",
        )  # fmt: skip

    def _made(self, path: Path | None) -> None:
        if path is not None:
            self.desk.tell("Backed up")

    def _refused(self, error: Refused) -> None:
        if not isinstance(error, Cancelled):
            self.desk.tell(f"Today's backup was not made. {error}", refusal=True)


def _make(store: Store, task: Task) -> Path | None:
    if not backup.due(store):
        return None
    made = backup.back_up(store, progress=task.progress)
    backup.prune(store.path)
    return made
