"""Two processes on one file."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from sqlalchemy import func, select

from grants_app.errors import Cancelled, Refused
from grants_app.exchange.files import check_target
from grants_app.exchange.sources.reading import open_source
from grants_app.operations import documents
from grants_app.records import Programme
from grants_app.records.history import Step
from grants_app.store import Store, checking, opening
from grants_app.store import store as store_module
from tests.make import make
from tests.proofs.counter import count

ROOT = Path(__file__).resolve().parents[2]


LOCKS = Path("/proc/locks")


def locks(path: Path) -> list[str]:
    return [each.split(":", 1)[1] for each in LOCKS.read_text().splitlines() if f":{path.stat().st_ino} " in each]


def as_paper(path: Path) -> None:
    documents.attach(None, path)  # type: ignore[arg-type] - it comes to no store


def counter(store: Store, how: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "tests.proofs.counter", str(store.path), how]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=pipe, text=True)


@contextmanager
def held_by_another(store: Store) -> Iterator["subprocess.Popen[str]"]:
    """Another process is in the middle of a step until it reads a line."""
    with counter(store, "hold") as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "in\n"
        yield other
        _, said = other.communicate("go on\n")
        assert (other.returncode, said) == (0, "")


def counted(store: Store) -> int | None:
    with store.reading() as session:
        return session.scalars(select(Programme.call)).one()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A statement waits for a twentieth of a second, and a step for three of those."""
    monkeypatch.setattr(opening, "PATIENCE", 0.05)
    monkeypatch.setattr(store_module, "PATIENCE", 0.15)


def test_three_processes_that_count_at_once_lose_no_count_and_hear_of_no_lock(store: Store):
    make(store, Programme)
    others = [counter(store, "40") for _ in range(2)]
    for _ in range(40):
        with store.change("Count") as session:
            count(session)
    for other in others:
        with other:
            out, said = other.communicate()
            assert (other.returncode, out, said) == (0, "", "")

    assert counted(store) == 120
    with store.reading() as session:
        by_officer = select(Step.officer, func.count()).where(Step.words == "Count").group_by(Step.officer)
        assert dict(session.execute(by_officer.order_by(Step.officer)).all()) == {
            "Ann Officer": 40,
            "Other Officer": 80,
        }
    assert checking.check(store) == []


@pytest.mark.usefixtures("impatient")
def test_a_step_waits_for_another_program_s_says_so_and_then_goes_through(store: Store):
    make(store, Programme)
    store.close()
    patient = opening.open_file(store.path, "Ann Officer")
    waited: list[float] = []

    with held_by_another(patient) as other:

        def waiting(seconds: float) -> None:
            waited.append(seconds)
            if len(waited) == 5:
                assert other.stdin is not None
                other.stdin.write("go on\n")
                other.stdin.flush()

        patient.waiting = waiting
        with patient.change("Count") as session:
            count(session)

    assert counted(patient) == 2
    assert len(waited) >= 5
    assert waited == sorted(waited)
    patient.close()


@pytest.mark.usefixtures("impatient")
def test_whoever_waits_may_give_up(store: Store):
    make(store, Programme)
    store.close()
    waiter = opening.open_file(store.path, "Ann Officer")

    def give_up(seconds: float) -> None:
        raise Cancelled

    waiter.waiting = give_up
    with held_by_another(waiter), pytest.raises(Cancelled), waiter.change("Count") as session:
        count(session)
    assert counted(waiter) == 1
    waiter.close()


@pytest.mark.usefixtures("impatient")
def test_a_step_that_is_cancelled_while_it_waits_for_another_program_ends(store: Store):
    make(store, Programme)
    store.close()
    waiter = opening.open_file(store.path, "Ann Officer")

    def cancel() -> None:
        raise Cancelled

    waiter.heed = cancel
    with held_by_another(waiter), pytest.raises(Cancelled), waiter.change("Count") as session:
        count(session)
    assert counted(waiter) == 1
    waiter.close()


@pytest.mark.usefixtures("impatient")
def test_where_nobody_is_asked_a_step_gives_up_after_a_while_in_words(store: Store):
    make(store, Programme)
    store.close()
    waiter = opening.open_file(store.path, "Ann Officer")

    with (
        held_by_another(waiter),
        pytest.raises(Refused, match=r"^Another program is writing to this file\. Nothing was saved"),
        waiter.change("Count") as session,
    ):
        count(session)
    assert counted(waiter) == 1
    waiter.close()


def test_reading_never_waits_and_sees_what_stood_when_it_began(store: Store):
    make(store, Programme)
    with held_by_another(store):
        assert counted(store) is None
    with store.reading() as session:
        before = session.scalars(select(Programme.call)).one()
        with counter(store, "1") as other:
            other.communicate()
        assert (before, session.scalars(select(Programme.call)).one()) == (1, 1)
    assert counted(store) == 2


@pytest.mark.usefixtures("impatient")
def test_on_a_network_share_there_is_no_log_beside_the_file_and_steps_still_wait_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(opening, "_on_network", lambda path: True)
    ann = opening.create(tmp_path / "shared.grants", "Ann Officer")
    make(ann, Programme)
    ben = opening.open_file(ann.path, "Ben Officer")

    with ann.change("Count") as session:
        count(session)
        session.flush()
        assert counted(ben) is None
        with pytest.raises(Refused, match="Another program is writing to this file"), ben.change("Count") as other:
            count(other)
    with ben.change("Count") as session:
        count(session)

    assert counted(ann) == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["shared.grants"]
    assert checking.check(ann) == []
    ann.close()
    ben.close()


@pytest.mark.skipif(not LOCKS.exists(), reason="only Linux tells the locks of a process")
@pytest.mark.parametrize("look", [opening.inspect_header, open_source, check_target, as_paper])
def test_looking_at_the_file_that_is_open_loses_no_lock_on_it(store: Store, look: Callable[[Path], object]):
    """Without them, another process takes itself for the last one, and deletes the log in use."""
    make(store, Programme)
    before = locks(store.path)

    with suppress(Refused):
        look(store.path)

    assert (locks(store.path), len(before)) == (before, 1)
