"""A small window that brings a backup back while the file is closed."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QProgressBar, QWidget

from grants_app.errors import Refused
from grants_app.store import backup
from grants_app.ui.tasks import Lane, Task
from grants_app.ui.theme import Theme
from grants_app.ui.widgets import column, label, sized


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
