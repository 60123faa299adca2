"""Work off the window's thread: lanes that do one thing after another, and give the result back on it."""

import ctypes
import gc
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from queue import SimpleQueue
from threading import Event, Thread
from threading import enumerate as enumerate_threads
from time import monotonic
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer, Signal
from shiboken6 import isValid

from grants_app.errors import Cancelled

_TIDIES_MS, _SWEEP = 400, "sweep"
_LONG = 0.2
_MMAP_THRESHOLD, _ARENA_MAX = -3, -8  # as glibc numbers them


def ignore(*_values: object) -> None:
    """What happens when nobody asked to be told."""


class Task:
    """One piece of work on its way; whoever started it may cancel it."""

    def __init__(
        self, words: str, owner: QObject, key: str, report: Callable[["Task", int, int], None], stopping: Event
    ) -> None:
        self.words, self.owner, self.key, self._report = words, owner, key, report
        self._cancelled, self._stopping = Event(), stopping
        self._told = 0.0
        self.superseded = self.waits = False

    @property
    def cancelled(self) -> bool:
        """Whether it or its lane was asked to stop; work that was done before it noticed still counts as done."""
        return self._cancelled.is_set() or self._stopping.is_set()

    def cancel(self) -> None:
        """Ask it to stop at its next progress; if it has not begun it never will."""
        self._cancelled.set()

    def heed(self) -> None:
        """Raise `Cancelled` once it was cancelled; for the midst of work that has no progress to tell of."""
        if self.cancelled:
            raise Cancelled

    def progress(self, done: int, of: int) -> None:
        """Say how far the work is, from inside it; raises `Cancelled` once it was cancelled."""
        self.heed()
        if done == of or monotonic() - self._told > 0.05:
            self._told = monotonic()
            self._report(self, done, of)


def _glibc(name: str) -> Callable[..., object] | None:
    """A function of glibc, which alone has to be told how to keep memory; None elsewhere."""
    found: Callable[..., object] | None = getattr(ctypes.CDLL(None), name, None) if sys.platform == "linux" else None
    return found


def _share_heaps() -> None:
    """Let lanes share two heaps, where each would hold on to one, and give back at once whatever is large."""
    if tune := _glibc("mallopt"):
        tune(_ARENA_MAX, 2)
        tune(_MMAP_THRESHOLD, 256 * 1024)


def _give_back() -> None:
    """Hand the memory that long work has let go of back to the system."""
    if trim := _glibc("malloc_trim"):
        trim(0)


class _Worker(Thread):
    """A lane's thread, told from other threads by its class, and whether it works just now."""

    busy = False


def _sweep() -> None:
    """While any lane is there, let one timer of the window's thread collect garbage for all; else Python by itself."""
    app = QCoreApplication.instance()
    assert app is not None
    timer = app.findChild(QTimer, _SWEEP)
    if timer is None:
        timer = QTimer(app, interval=_TIDIES_MS)
        timer.setObjectName(_SWEEP)
        timer.timeout.connect(_tidy)
    if any(isinstance(thread, _Worker) for thread in enumerate_threads()):
        gc.disable()
        timer.start()
    else:
        timer.stop()
        gc.enable()


def _tidy() -> None:
    """Collect garbage as Python would by itself, but here, on the window's thread.

    While any lane works only the youngest: to go through all that the work has made would hold the window up.
    """
    busy = any(thread.busy for thread in enumerate_threads() if isinstance(thread, _Worker))
    counts = list(enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True)))
    for generation, (held, most) in reversed(counts[:1] if busy else counts):
        if held > most:
            gc.collect(generation)
            return


@dataclass
class _Job:
    task: Task
    work: Callable[[Task], Any]
    done: Callable[[Any], None]
    failed: Callable[[Exception], None]
    result: Any = None
    error: Exception | None = None
    ran: bool = False


class Lane(QObject):
    """One worker thread; the lane owns the signals, so that none dies on the worker's thread.

    While lanes run, garbage is collected on the window's thread alone: a widget that a worker's allocation happened to
    collect would be destroyed on the wrong thread, and the program with it.

    `began`, `waits` (for another program), `moved` (task, done, of) and `ended` tell the window's foot; results go to
    the callers' own functions.
    """

    began = Signal(object)
    waits = Signal(object)
    moved = Signal(object, int, int)
    ended = Signal(object)
    crashed = Signal(object)
    _started = Signal(object)
    _waiting = Signal(object)
    _moving = Signal(object, int, int)
    _finished = Signal(object)

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._latest: dict[str, Task] = {}
        self._stopping = Event()
        self.waiting = 0
        self._started.connect(self._begin, Qt.ConnectionType.QueuedConnection)
        self._waiting.connect(self._wait, Qt.ConnectionType.QueuedConnection)
        self._moving.connect(self._move, Qt.ConnectionType.QueuedConnection)
        self._finished.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        _share_heaps()
        self._thread = _Worker(target=self._run, name=name, daemon=True)
        self._thread.start()
        _sweep()

    def do(
        self,
        work: Callable[[Task], Any],
        *,
        owner: QObject,
        done: Callable[[Any], None] = ignore,
        failed: Callable[[Exception], None] | None = None,
        words: str = "",
        key: str = "",
    ) -> Task:
        """Queue work; its result or failure reaches `done` or `failed` on the window's thread while `owner` lives.

        A later task with the same non-empty key cancels an earlier one. Without `failed`, a failure is a crash.
        """
        task = Task(words, owner, key, self._moving.emit, self._stopping)
        if key:
            if earlier := self._latest.get(key):
                earlier.superseded = True
                earlier.cancel()
            self._latest[key] = task
        self.waiting += 1
        self._jobs.put(_Job(task, work, done, failed or self.crashed.emit))
        return task

    def wait(self, task: Task) -> None:
        """Say, from inside a task, that it waits for another program; once, however often it is said."""
        if not task.waits:
            task.waits = True
            self._waiting.emit(task)

    def cancel(self) -> None:
        """Let go of all that is queued, and ask what is being done to stop."""
        self._stopping.set()

    def stop(self) -> None:
        """Finish what is queued, unless it was cancelled, and end the thread."""
        self._jobs.put(None)
        self._thread.join()
        _sweep()

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            began, self._thread.busy = monotonic(), True
            if not job.task.cancelled:
                if job.task.words:
                    self._started.emit(job.task)
                try:
                    job.result = job.work(job.task)
                    job.ran = True
                except Exception as error:  # noqa: BLE001 - whatever it was, the window's thread must hear of it
                    job.error = error
            elif not job.task.superseded:
                job.error = Cancelled()
            self._finished.emit(job)
            if monotonic() - began > _LONG:
                _give_back()
            self._thread.busy = False

    def _begin(self, task: Task) -> None:
        self.began.emit(task)

    def _wait(self, task: Task) -> None:
        self.waits.emit(task)

    def _move(self, task: Task, done: int, of: int) -> None:
        self.moved.emit(task, done, of)

    def _deliver(self, waiting: _Job) -> None:
        job = replace(waiting)
        # The worker may hold the job a moment longer; what it held must be let go of here, or a widget that only the
        # job still knew would be destroyed on the worker's thread, and the program with it.
        waiting.__dict__.clear()
        task = job.task
        self.waiting -= 1
        if task.words or task.waits:
            self.ended.emit(task)
        if self._latest.get(task.key) is task:
            del self._latest[task.key]
        if task.superseded or self._stopping.is_set() or not isValid(task.owner):
            return
        if job.error is not None:
            job.failed(job.error)
        elif job.ran:
            job.done(job.result)
