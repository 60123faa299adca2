"""The desk that every page works at: the store, the lanes, what changed, and how the officer is told."""

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QObject, Qt, Signal
from sqlalchemy.orm import Session

from grants_app.errors import Cancelled, Refused
from grants_app.records.base import Record
from grants_app.settings import Settings
from grants_app.store import Changes, Store, undoing
from grants_app.ui.tasks import Lane, Task, ignore
from grants_app.ui.theme import Theme

T = TypeVar("T")


class Desk(QObject):
    """What app.py hands to every page: it owns the lanes, so that nothing slow is done on the window's thread.

    `told` carries a sentence and whether it is a refusal, `undoable` one of a step just done; `saved` says that a verb
    is done, `programme_changed` that another one is shown, `read_again` that another officer's value is to be kept.
    `opened` asks the window to show a record, `log_asked` to log an engagement, `file_asked` to open another file,
    `welcome_asked` to choose one, `restore_asked` to bring a backup back, `page_asked` to show a page by its key, at a
    record if one is given, `field_asked` to go to a field of the record just opened, `list_asked` to narrow a kind's
    list to a condition, said in words, `all_asked` to show it whole, `new_asked` to ask for a new record there,
    `publish_asked` to publish a list of grants.
    """

    told = Signal(str, bool)
    undoable = Signal(str)
    opened = Signal(object, int, bool)
    field_asked = Signal(str)
    list_asked = Signal(object, str, object)
    saved = Signal()
    read_again = Signal()
    programme_changed = Signal()
    log_asked = Signal()
    file_asked = Signal(object)
    welcome_asked = Signal()
    restore_asked = Signal(object)
    page_asked = Signal(str, object)
    all_asked = Signal(str)
    new_asked = Signal(str)
    publish_asked = Signal(object)

    def __init__(self, store: Store, theme: Theme, settings: Settings) -> None:
        super().__init__()
        self.store, self.theme, self.settings = store, theme, settings
        self.bus = Bus(self)
        self.writing, self.reading = Lane("writing", self), Lane("reading", self)
        self.figuring, self.errands = Lane("figuring", self), Lane("errands", self)
        self.programme: int | None = None
        self._looking = False
        store.announce = self.bus.tell

    @property
    def lanes(self) -> tuple[Lane, ...]:
        """What writes, what reads lists, what reckons figures, what takes long (reports, previews, exports)."""
        return self.writing, self.reading, self.figuring, self.errands

    def read(
        self,
        work: Callable[[Session], T],
        done: Callable[[T], None],
        *,
        owner: QObject,
        key: str = "",
        figures: bool = False,
        refused: Callable[[Refused], None] | None = None,
    ) -> Task:
        """Read off the window's thread; a later reading with the same key takes the place of an earlier one at once.

        `figures`: sums over the whole file, which take longer than a list and must not hold one up. A refusal goes to
        `refused`, a cancelling too, here as below; without it they are told in their own words.
        """
        lane = self.figuring if figures else self.reading

        def reading(task: Task) -> T:
            with self.store.reading(heed=task.heed) as session:
                return work(session)

        return lane.do(reading, owner=owner, done=done, failed=partial(self._failed, lane, refused), key=key)

    def do(
        self,
        operation: Callable[[Store], T],
        done: Callable[[T], None] = ignore,
        *,
        owner: QObject | None = None,
        refused: Callable[[Refused], None] | None = None,
        words: str = "",
    ) -> Task:
        """Do one verb on the writing lane."""
        return self.work(lambda store, _task: operation(store), done, owner=owner, refused=refused, words=words)

    def work(
        self,
        operation: Callable[[Store, Task], T],
        done: Callable[[T], None] = ignore,
        *,
        owner: QObject | None = None,
        refused: Callable[[Refused], None] | None = None,
        words: str = "",
    ) -> Task:
        """Do long work that reports its progress to the task; with `words` the foot shows it and offers Cancel.

        While another program is writing, it waits, and the foot says so and offers Cancel, with or without words.
        """

        def succeeded(result: T) -> None:
            self.saved.emit()
            done(result)

        def working(task: Task) -> T:
            def waiting(_seconds: float) -> None:
                task.heed()
                self.writing.wait(task)

            self.store.heed, self.store.waiting = task.heed, waiting
            try:
                return operation(self.store, task)
            finally:
                self.store.heed = self.store.waiting = None

        failed = partial(self._failed, self.writing, refused)
        return self.writing.do(working, owner=owner or self, done=succeeded, failed=failed, words=words)

    def errand(
        self,
        work: Callable[[Task], T],
        done: Callable[[T], None],
        *,
        owner: QObject,
        words: str,
        refused: Callable[[Refused], None] | None = None,
        key: str = "",
        late: bool = False,
    ) -> Task:
        """Do long work that changes nothing in the file; with `words` the foot shows it and offers Cancel.

        A result that comes after Cancel is dropped; with `late` it is shown: it is there, a file that was written say.
        """

        def working(task: Task) -> T:
            made = work(task)
            if task.cancelled and not late:
                raise Cancelled
            return made

        failed = partial(self._failed, self.errands, refused)
        return self.errands.do(working, owner=owner, done=done, failed=failed, words=words, key=key)

    def undo(self) -> None:
        """Take back this officer's latest step, and say which."""
        self.work(lambda store, task: undoing.undo(store, progress=task.progress), self._undone, words="Undoing")

    def redo(self) -> None:
        """Do again what was undone last, and say which."""
        self.work(lambda store, task: undoing.redo(store, progress=task.progress), self._redone, words="Doing it again")

    def look(self) -> None:
        """Look for what another window or program has stored meanwhile; pages hear of it as of our own changes."""
        if not self._looking:  # a second look would take the place of the first, and what that one saw be lost
            self._looking = True
            self.reading.do(lambda _task: self.store.news(), owner=self, done=self._pass_on, failed=self._look_failed)

    def _failed(self, lane: Lane, refused: Callable[[Refused], None] | None, error: Exception) -> None:
        if not isinstance(error, Refused):
            lane.crashed.emit(error)
        elif refused is not None:
            refused(error)
        else:
            self.tell(str(error), refusal=True)

    def _undone(self, words: str) -> None:
        self.tell(f"Undone: {words}")

    def _redone(self, words: str) -> None:
        self.tell(f"Done again: {words}")

    def _look_failed(self, error: Exception) -> None:
        self._looking = False
        if not isinstance(error, Refused):  # a disk that does not answer is asked again in two seconds
            self.reading.crashed.emit(error)

    def _pass_on(self, news: list[Changes]) -> None:
        self._looking = False
        for changes in news:
            self.bus.tell(changes)

    def tell(self, words: str, *, refusal: bool = False, undo: bool = False) -> None:
        """Say something to the officer: at the foot of the window, with `undo` beside Undo, and to a screen reader."""
        self.told.emit(words, refusal)
        if undo:
            self.undoable.emit(words)

    def open(self, kind: type[Record], record: int, *, whole: bool = False, field: str = "") -> None:
        """Ask the window to show a record, beside its list or filling the page; in its form, at a field if named."""
        self.opened.emit(kind, record, whole)
        if field:
            self.field_asked.emit(field)

    def choose_programme(self, programme: int | None) -> None:
        """Show one programme only, or all; every open page reads again."""
        if programme != self.programme:
            self.programme = programme
            self.programme_changed.emit()

    def close(self) -> None:
        """Finish the writing that is queued and leave everything else, then let go of the lanes and the store."""
        for lane in self.lanes:
            if lane is not self.writing:
                lane.cancel()
        for lane in self.lanes:
            lane.stop()
        self.store.close()


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
