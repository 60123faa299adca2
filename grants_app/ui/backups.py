"""Backups in the window: the day's own, made in the background, and bringing one back while the file is closed."""

from datetime import date
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QProgressBar, QWidget

from grants_app import clock
from grants_app.errors import Cancelled, Refused
from grants_app.store import Changes, backup
from grants_app.ui.desk import Desk
from grants_app.ui.tasks import Lane, Task
from grants_app.ui.theme import Theme
from grants_app.ui.widgets import column, label, sized

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
        self.desk.errand(
            lambda task: backup.daily(store, progress=task.progress), self._made, owner=self,
            words="Making the day’s backup", refused=self._refused, key="daily backup",
        )  # fmt: skip

    def _made(self, path: Path | None) -> None:
        if path is not None:
            self.desk.tell("Backed up")

    def _refused(self, error: Refused) -> None:
        if not isinstance(error, Cancelled):
            self.desk.tell(f"Today’s backup was not made. {error}", refusal=True)


class Restoring(QWidget):
    """Puts a backup in a file's place on a lane of its own. `ended`: the file may be opened again; why not, if so."""

    ended = Signal(str)

    def __init__(self, theme: Theme, source: Path, file: Path) -> None:
        super().__init__()
        self.source, self.file = source, file
        self.setWindowTitle("Grants Desk")
        self.setProperty("ground", "wall")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.lane = Lane("restoring", self)
        words = f"Bringing back {source.name} …"
        told, self.bar = label(words, wrap=True), QProgressBar()
        told.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(words)
        sized(self.bar, theme, width=240)
        layout = column(theme, margins=32, gap=14)
        layout.addStretch(1)
        layout.addWidget(told)
        layout.addWidget(self.bar, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(1)
        self.setLayout(layout)
        self.resize(theme.px(520), theme.px(220))
        self.lane.moved.connect(self._move)

    def begin(self) -> None:
        """Bring it back; the file must be closed by now."""

        def work(task: Task) -> None:
            backup.restore(self.source, self.file, progress=task.progress)

        self.lane.do(work, owner=self, done=lambda _none: self.ended.emit(""), failed=self._failed)

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, Refused):
            self.lane.crashed.emit(error)
        self.ended.emit(str(error) if isinstance(error, Refused) else "The backup could not be brought back.")

    def _move(self, _task: Task, done: int, of: int) -> None:
        self.bar.setRange(0, of)
        self.bar.setValue(done)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Wait for the work: half a file is never left."""
        self.lane.stop()
