"""The real window on a file of a million grants: how long each action takes, and how long its thread is ever held.

`python -m tests.proofs.million [--pictures FOLDER] [--grants N]`, best under Xvfb with a display. It drives the window
by mouse and key, prints a table, and ends with 1 where the window's thread was held, or memory, more than may be.
"""

import argparse
import gc
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from grants_app import app, paths
from grants_app.operations import editing
from grants_app.records import Engagement, Grant
from grants_app.records.grant import LIVE, Rag
from grants_app.reports import programme_report
from grants_app.settings import Settings
from grants_app.store import checking
from grants_app.store.grouping import By
from grants_app.store.listing import Condition
from grants_app.ui.theme import Theme
from grants_app.ui.window import Window
from tests.bench.large import MILLION, copy_of, large

HELD, HOLDS = 0.1, 300
"""Seconds that the window's thread may be held at most; megabytes that its process may hold once an action is done."""
_BEATS_MS, _PATIENCE, _TURNS = 4, 120.0, 5


@dataclass
class Times:
    """What an action took in each of its turns, until it was seen and until all was there, and the longest gap."""

    seen: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)
    gap: float = 0.0


class Heart:
    """Beats on the window's thread; the longest time between two beats is how long the window was held."""

    def __init__(self) -> None:
        self.gap, self._last = 0.0, time.perf_counter()
        self._timer = QTimer(interval=_BEATS_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start()

    def _beat(self) -> None:
        now = time.perf_counter()
        self.gap, self._last = max(self.gap, now - self._last), now

    def rest(self) -> None:
        """Begin anew."""
        self.gap, self._last = 0.0, time.perf_counter()


class Proof:
    """One window, driven; `act` times one action."""

    def __init__(self, window: Window, pictures: Path | None) -> None:
        self.window, self.pictures, self.heart = window, pictures, Heart()
        self.table: dict[str, Times] = {}
        self.most = 0

    def act(self, name: str, do: Callable[[], object], seen: Callable[[], bool] | None = None) -> None:
        """Do it, and note when `seen` holds and when nothing is under way any more."""
        times = self.table.setdefault(name, Times())
        self.heart.rest()
        started = time.perf_counter()
        do()
        until(seen or self.quiet)
        times.seen.append(time.perf_counter() - started)
        until(self.quiet)
        times.whole.append(time.perf_counter() - started)
        times.gap = max(times.gap, self.heart.gap)
        self.most = max(self.most, resident())

    def quiet(self) -> bool:
        """Whether no lane has anything to do and the list is whole."""
        if any(lane.waiting for lane in self.window.desk.lanes):
            return False
        view: Any = self.window.view
        waits = [
            getattr(getattr(view, "bar", None), "_typing", None),
            getattr(getattr(view, "table", None), "_think", None),
        ]
        return not any(timer is not None and timer.isActive() for timer in waits)

    def picture(self, name: str) -> None:
        """Keep what the window looks like now."""
        if self.pictures is not None:
            self.pictures.mkdir(parents=True, exist_ok=True)
            self.window.grab().save(str(self.pictures / f"{name}.png"))

    @property
    def list(self) -> Any:
        """The list in sight."""
        return self.window.view.table  # type: ignore[attr-defined]

    def first_row(self) -> bool:
        """Whether the first row in sight has its values, of the list as it is asked for now."""
        return bool(len(self.list.rows.ids)) and self.list.rows.values(self.list.grid.sight()[0]) is not None

    def report(self) -> int:
        """Print the table; how many actions held the window's thread too long."""
        width = max(map(len, self.table))
        say(f"\n{'action':<{width}}  turns  seen p95  whole p95  window held")
        late = 0
        for name, times in self.table.items():
            mark = "" if times.gap <= HELD else "  TOO LONG"
            late += bool(mark)
            seen, whole = p95(times.seen), p95(times.whole)
            say(
                f"{name:<{width}}  {len(times.seen):5}  {seen:7.2f} s  {whole:8.2f} s  {times.gap * 1000:8.0f} ms{mark}"
            )
        return late


def say(words: str) -> None:
    """Print a line at once."""
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


def p95(times: list[float]) -> float:
    """The time that nineteen turns of twenty keep within."""
    return max(times) if len(times) < 20 else statistics.quantiles(times, n=20)[-1]


def until(done: Callable[[], bool]) -> None:
    """Let the window work until that holds; RuntimeError where it never does."""
    ends = time.perf_counter() + _PATIENCE
    while not done():
        QApplication.processEvents()
        time.sleep(0.001)
        if time.perf_counter() > ends:
            raise RuntimeError("nothing came of it")


def resident() -> int:
    """Megabytes of this process in memory now; 0 where the system does not tell."""
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) // 1024 for line in lines if line.startswith("VmRSS")), 0)


def lists(proof: Proof) -> None:
    """Open, sort, narrow, find, jump, choose and group in the two longest lists."""
    for page, kind in (("grant", Grant), ("engagement", Engagement)):
        proof.act(f"{kind.plural}: open", lambda page=page: proof.window.go(page), lambda: in_sight(proof))
        proof.picture(f"{page}-list")
        proof.window.view.bar.set_conditions(())  # type: ignore[attr-defined]
        until(proof.quiet)
        sorts(proof, kind.plural)
        filters(proof, kind.plural, page)
        words(proof, kind.plural)
        ends(proof, kind.plural)
        groups(proof, kind.plural, page)


def in_sight(proof: Proof) -> bool:
    """Whether a list stands in the window with its first row read."""
    return hasattr(proof.window.view, "table") and proof.first_row()


def sorts(proof: Proof, name: str) -> None:
    """Click each head, twice: upwards and downwards."""
    heads = proof.list.grid.horizontalHeader()
    for section, shown in enumerate(proof.list.rows.columns):
        if shown.sorts:
            for _ in range(2):
                at = QPoint(heads.sectionViewportPosition(section) + 20, heads.height() // 2)
                before = proof.list.listing

                def click(at: QPoint = at) -> None:
                    QTest.mouseClick(heads.viewport(), Qt.MouseButton.LeftButton, pos=at)

                proof.act(f"{name}: sort by a head", click, lambda before=before: came(proof, before))
    proof.picture(f"{name.lower()}-sorted")


def came(proof: Proof, before: object) -> bool:
    """Whether the list is another than before and its first rows are there."""
    task = proof.window.desk.reading._latest.get(f"first {id(proof.list)}")
    return proof.list.listing is not before and task is None and proof.first_row()


def filters(proof: Proof, name: str, page: str) -> None:
    """Put each sort of condition, then take it away."""
    bar: Any = proof.window.view.bar  # type: ignore[attr-defined]
    conditions = {
        "grant": (
            Condition("status", "is", tuple(LIVE)), Condition("boroughs", "is", ("Brent", "Camden")),
            Condition("asked", "from", (90_000,)), Condition("title", "contains", ("part 999",)),
            Condition("paid", "from", (5_000,)), Condition("organisation_id", "is", (77,)), Condition("rag", "blank"),
        ),
        "engagement": (
            Condition("borough", "is", ("Brent",)), Condition("attended", "from", (70,)),
            Condition("audiences", "is", ("Parents",)), Condition("title", "contains", ("club",)),
            Condition("programme_id", "is", (3,)), Condition("venue", "blank"),
        ),
    }[page]  # fmt: skip
    for condition in conditions:
        before = proof.list.listing
        proof.act(
            f"{name}: filter", lambda one=condition: bar.set_conditions((one,)), lambda b=before: came_or_none(proof, b)
        )
    bar.set_conditions(())
    until(proof.quiet)


def words(proof: Proof, name: str) -> None:
    """Type words letter by letter, and take them away; rare ones and common ones."""
    bar: Any = proof.window.view.bar  # type: ignore[attr-defined]
    for typed in ("mentoring harbour", "street outreach 9", "zebra"):
        bar.words.setFocus()
        for letter in typed:
            before = proof.list.listing

            def key(letter: str = letter) -> None:
                QTest.keyClicks(bar.words, letter)

            if letter != " ":
                proof.act(f"{name}: search, each letter", key, lambda b=before: came_or_none(proof, b))
            else:
                key()
        proof.picture(f"{name.lower()}-{typed.split()[0]}")
        bar.words.clear()
        until(proof.quiet)


def came_or_none(proof: Proof, before: object) -> bool:
    """As `came`, where nothing may be found."""
    task = proof.window.desk.reading._latest.get(f"first {id(proof.list)}")
    return proof.list.listing is not before and task is None


def ends(proof: Proof, name: str) -> None:
    """Jump to the end and back, choose all, add up what is chosen, copy nothing."""
    grid, rows = proof.list.grid, proof.list.rows
    last = Qt.KeyboardModifier.ControlModifier
    grid.setFocus()
    for _ in range(_TURNS):
        proof.act(
            f"{name}: jump to the end",
            lambda: QTest.keyClick(grid, Qt.Key.Key_End, last),
            lambda: rows.values(len(rows.ids) - 1) is not None,
        )
        proof.picture(f"{name.lower()}-end")
        proof.act(
            f"{name}: jump to the start",
            lambda: QTest.keyClick(grid, Qt.Key.Key_Home, last),
            lambda: rows.values(0) is not None,
        )
        proof.act(f"{name}: choose all", lambda: QTest.keyClick(grid, Qt.Key.Key_A, last))
    QTest.keyClick(grid, Qt.Key.Key_Home, Qt.KeyboardModifier.ControlModifier)
    until(proof.quiet)


def groups(proof: Proof, name: str, page: str) -> None:
    """Group by a status, a date and a link."""
    tools: Any = proof.window.view.tools  # type: ignore[attr-defined]
    choices = {
        "grant": (By("status"), By("starts", "year"), By("programme_id"), By("boroughs")),
        "engagement": (By("borough"), By("held_on", "month"), By("status")),
    }[page]
    for by in choices:
        proof.act(f"{name}: group", lambda by=by: tools.show((by,)))
    proof.picture(f"{page}-groups")
    tools.go_back()
    until(proof.quiet)


def many(proof: Proof) -> None:
    """Change a field of 10,000 grants as one step, undo it; cancel a change of all."""
    desk = proof.window.desk
    proof.window.go("grant")
    until(proof.quiet)
    ids = list(proof.list.rows.ids[:10_000])

    def change() -> None:
        desk.work(lambda store, task: editing.change_many(store, Grant, ids, "rag", Rag.AMBER, progress=task.progress))

    proof.act("change a field of 10,000 grants", change)
    proof.act("undo that", desk.undo)
    every = proof.list.rows.ids

    def change_all() -> Any:
        def work(store: Any, task: Any) -> int:
            return editing.change_many(store, Grant, every, "rag", Rag.AMBER, progress=task.progress)

        return desk.work(work, words="Changing")

    cancelled(proof, "cancel: change all grants", change_all)


def cancelled(proof: Proof, name: str, start: Callable[[], Any]) -> None:
    """Begin long work, cancel it after a second and a half, and time how long it takes to stop."""
    task = start()
    ends_at = time.perf_counter() + 1.5
    until(lambda: time.perf_counter() > ends_at or proof.quiet())
    if not proof.quiet():
        proof.act(name, task.cancel)


def long_work(proof: Proof, folder: Path) -> None:
    """Write what is shown, read My week, make a programme's report, check the file; cancel the long ones."""
    desk, window = proof.window.desk, proof.window
    out: Any = proof.window.view.tools.out  # type: ignore[attr-defined]
    from grants_app.ui.outgoing import writing

    window.view.bar.set_conditions((Condition("programme_id", "is", (3,)),))  # type: ignore[attr-defined]
    until(proof.quiet)
    shown = proof.list.as_shown()
    proof.act(
        "export what is shown (a programme)",
        lambda: out.write(folder / "shown.xlsx", writing(desk, shown), ("grant", "grants")),
    )
    every = shown.showing(where=())
    started: list[Any] = []

    def export() -> Any:
        out.write(folder / "all.xlsx", writing(desk, every), ("grant", "grants"))
        desk.errands.began.connect(started.append)
        until(lambda: bool(started))
        return started[0]

    cancelled(proof, "cancel: export all grants", export)
    window.view.bar.set_conditions(())  # type: ignore[attr-defined]
    until(proof.quiet)
    for _ in range(_TURNS):
        proof.act("My week", lambda: window.go("week"))
        window.view._stale = True  # type: ignore[attr-defined]
        window.go("grant")
        until(proof.quiet)
    proof.picture("week")
    which, made = programme_report.ProgrammeAndPeriod(3), programme_report.programme.make
    for _ in range(_TURNS):
        proof.act("a programme's report", lambda: desk.read(
            lambda session: made(session, which), lambda _made: None, owner=window, figures=True
        ))  # fmt: skip
    store = desk.store
    cancelled(proof, "cancel: check the file", lambda: desk.errand(
        lambda task: checking.check(store, task.progress), lambda _found: None, owner=window, words="Checking",
    ))  # fmt: skip


def drive(file: Path, folder: Path, pictures: Path | None) -> int:
    """Open the window on the file and go through it all."""
    os.environ["GRANTS_USER"] = str(folder / "user")
    app_ = QApplication([])
    sys.setswitchinterval(0.0005)
    settings = Settings(paths.settings_file())
    settings.officer = "Bench"
    before = resident()
    theme = Theme(app_, resources=paths.resources(), scheme="light")
    started = time.perf_counter()
    window = app.open_window(file, theme, settings)
    window.resize(1366, 768)
    window.show()
    proof = Proof(window, pictures)
    proof.act("start: My week", lambda: None, lambda: getattr(window.view, "week", None) is not None)
    say(f"usable {time.perf_counter() - started:.2f} s after opening; {before} MB before, {resident()} MB after start")
    proof.act("start: read ahead", lambda: app.read_ahead(window), lambda: gc.get_freeze_count() > 0)
    lists(proof)
    say(f"{resident()} MB after lists")
    many(proof)
    long_work(proof, folder)
    say(f"{resident()} MB at the end")
    late = proof.report()
    say(f"{proof.most} MB at most between two actions, of {HOLDS} MB")
    window.close()
    return 1 if late or proof.most > HOLDS else 0


def main(words: Sequence[str]) -> int:
    """As the command line says."""
    reading = argparse.ArgumentParser()
    reading.add_argument("--pictures", type=Path)
    reading.add_argument("--grants", type=int, default=MILLION)
    asked = reading.parse_args(words)
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")) and sys.platform == "linux":
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as folder:
        return drive(copy_of(large(asked.grants), Path(folder)), Path(folder), asked.pictures)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
