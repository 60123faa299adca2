from threading import Event, current_thread, get_ident

import pytest
from PySide6.QtCore import QObject
from shiboken6 import delete

from grants_app.errors import Cancelled, Refused
from grants_app.ui.desk import Desk
from grants_app.ui.tasks import Lane


@pytest.fixture
def lane():
    made = Lane("test")
    yield made
    made.stop()


def test_work_is_done_elsewhere_and_its_result_comes_back_to_the_windows_thread(lane, qtbot):
    owner, seen = QObject(), []

    lane.do(lambda _task: current_thread().name, owner=owner, done=lambda name: seen.append((name, get_ident())))

    qtbot.waitUntil(lambda: bool(seen))
    assert seen == [("test", get_ident())]


def test_work_is_done_in_the_order_in_which_it_was_asked_for(lane, qtbot):
    owner, seen = QObject(), []

    for number in range(20):
        lane.do(lambda _task, number=number: number, owner=owner, done=seen.append)

    qtbot.waitUntil(lambda: len(seen) == 20)
    assert seen == list(range(20))


def test_a_later_reading_takes_the_place_of_an_earlier_one_with_the_same_key(lane, qtbot):
    owner, seen, gate = QObject(), [], Event()
    lane.do(lambda _task: gate.wait(5), owner=owner)

    lane.do(lambda _task: "first", owner=owner, done=seen.append, key="rows")
    lane.do(lambda _task: "second", owner=owner, done=seen.append, key="rows")
    gate.set()

    qtbot.waitUntil(lambda: lane.waiting == 0)
    assert seen == ["second"]


def test_a_failure_reaches_whoever_asked_and_else_counts_as_a_crash(lane, qtbot):
    owner, told, crashed = QObject(), [], []
    lane.crashed.connect(crashed.append)
    refusal, bug = ValueError("no"), KeyError("bug")

    def fail(error):
        raise error

    lane.do(lambda _task: fail(refusal), owner=owner, failed=told.append)
    lane.do(lambda _task: fail(bug), owner=owner)

    qtbot.waitUntil(lambda: lane.waiting == 0)
    assert (told, crashed) == ([refusal], [bug])


def test_nothing_is_delivered_to_a_widget_that_is_gone(lane, qtbot):
    owner, seen, gate = QObject(), [], Event()
    lane.do(lambda _task: gate.wait(5), owner=owner, done=seen.append)

    delete(owner)
    gate.set()

    qtbot.waitUntil(lambda: lane.waiting == 0)
    assert seen == []


def test_long_work_tells_its_progress_and_stops_when_cancelled(lane, qtbot):
    owner, moves, told, begun = QObject(), [], [], Event()
    lane.moved.connect(lambda _task, done, of: moves.append((done, of)))

    def work(task):
        task.progress(1, 1)
        begun.set()
        while True:
            task.progress(1, 2)

    task = lane.do(work, owner=owner, failed=told.append, words="Counting")
    begun.wait(5)
    task.cancel()

    qtbot.waitUntil(lambda: bool(told))
    assert isinstance(told[0], Cancelled)
    assert moves[0] == (1, 1)


def test_work_that_was_cancelled_before_it_began_is_never_done(lane, qtbot):
    owner, gate, done, told = QObject(), Event(), [], []
    lane.do(lambda _task: gate.wait(5), owner=owner)
    task = lane.do(lambda _task: done.append("worked"), owner=owner, failed=told.append)

    task.cancel()
    gate.set()

    qtbot.waitUntil(lambda: lane.waiting == 0)
    assert (done, [type(error) for error in told]) == ([], [Cancelled])


def test_work_that_was_finished_before_it_noticed_the_cancelling_counts_as_done(lane, qtbot):
    owner, begun, gate, seen = QObject(), Event(), Event(), []

    def work(_task):
        begun.set()
        gate.wait(5)
        return "kept"

    task = lane.do(work, owner=owner, done=seen.append)
    begun.wait(5)
    task.cancel()
    gate.set()

    qtbot.waitUntil(lambda: lane.waiting == 0)
    assert seen == ["kept"]


def test_garbage_with_widgets_in_it_is_collected_on_the_windows_thread_alone(qtbot):
    import gc

    lane, owner, seen = Lane("garbage"), QObject(), []
    qtbot.waitUntil(lambda: True)

    class Traced(QObject):
        def __del__(self):
            seen.append(get_ident())

    for _ in range(50):
        traced = Traced()
        traced.cycle = traced
    del traced
    lane.do(lambda _task: [[] for _ in range(200_000)], owner=owner)

    qtbot.waitUntil(lambda: lane.waiting == 0)
    gc.collect()
    lane.stop()
    assert (set(seen), gc.isenabled()) == ({get_ident()}, True)


def test_what_only_a_job_still_knew_is_let_go_of_on_the_windows_thread(qtbot):
    class Known:
        def __del__(self):
            ended.append(get_ident())

    lane, ended, known = Lane("test"), [], Known()
    lane.do(lambda _task, known=known: None, owner=lane, done=lambda _result, known=known: None)
    del known

    qtbot.waitUntil(lambda: lane.waiting == 0)
    lane.stop()

    assert ended == [get_ident()]


def test_a_reading_that_is_refused_is_said_kindly_and_only_a_fault_of_ours_is_a_crash(store, theme, settings, qtbot):
    desk, told, crashed, heard = Desk(store, theme, settings), [], [], []
    desk.told.connect(lambda words, refusal: told.append((words, refusal)))
    for lane in desk.lanes:
        lane.crashed.connect(crashed.append)

    def fail(error):
        raise error

    desk.read(lambda _session: fail(Refused("Grants have no column “Ward”.")), crashed.append, owner=desk)
    desk.read(lambda _session: fail(Refused("Of figures")), crashed.append, owner=desk, figures=True)
    desk.read(lambda _session: fail(Refused("Mine")), crashed.append, owner=desk, refused=heard.append)

    qtbot.waitUntil(lambda: len(told) == 2 and len(heard) == 1 and not any(lane.waiting for lane in desk.lanes))
    assert (sorted(told), str(heard[0]), crashed) == (
        [("Grants have no column “Ward”.", True), ("Of figures", True)], "Mine", [],
    )  # fmt: skip
    bug = KeyError("bug")
    desk.read(lambda _session: fail(bug), told.append, owner=desk)
    qtbot.waitUntil(lambda: crashed == [bug])
    desk.close()


def test_who_asked_hears_of_a_cancelling_alike_whatever_was_cancelled(desk, qtbot):
    heard = []

    def cancelled(*_given):
        raise Cancelled

    desk.read(cancelled, heard.append, owner=desk, refused=lambda error: heard.append(("read", str(error))))
    desk.work(cancelled, heard.append, owner=desk, refused=lambda error: heard.append(("work", str(error))))
    desk.errand(
        cancelled, heard.append, owner=desk, words="", refused=lambda error: heard.append(("errand", str(error)))
    )

    qtbot.waitUntil(lambda: len(heard) == 3)
    words = "Cancelled; nothing was changed."
    assert sorted(heard) == [("errand", words), ("read", words), ("work", words)]


def test_closing_waits_for_what_is_written_and_not_for_what_is_read(store, theme, settings):
    desk = Desk(store, theme, settings)
    begun, written, heard = [Event() for _ in range(3)], [], []

    def for_ever(at, heed):
        begun[at].set()
        while True:
            heed()

    desk.errand(lambda task: for_ever(0, task.heed), heard.append, owner=desk, words="")
    desk.reading.do(lambda task: for_ever(1, task.heed), owner=desk, done=heard.append)
    desk.figuring.do(lambda task: for_ever(2, lambda: task.progress(1, 2)), owner=desk, done=heard.append)
    desk.do(lambda _store: written.append("first"))
    desk.do(lambda _store: written.append("second"))
    assert all(event.wait(30) for event in begun)

    desk.close()

    assert (written, heard) == (["first", "second"], [])
