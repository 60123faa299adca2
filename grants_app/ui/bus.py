"""The one signal that says what changed: pages listen, ask whether it concerns them, and read again."""

from PySide6.QtCore import QObject, Qt, Signal

from grants_app.store import Changes


class Bus(QObject):
    """Carries what any thread changed to the window's thread; pages never talk to each other."""

    changed = Signal(object)
    _came = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._came.connect(self._pass_on, Qt.ConnectionType.QueuedConnection)

    def tell(self, changes: Changes) -> None:
        """Say what changed, from whatever thread; `changed` follows on the window's thread."""
        self._came.emit(changes)

    def _pass_on(self, changes: Changes) -> None:
        self.changed.emit(changes)
