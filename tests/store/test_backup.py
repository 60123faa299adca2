"""Backups and putting them back."""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as driver

from grants_app.errors import Cancelled, Refused
from grants_app.operations import editing
from grants_app.records import Organisation
from grants_app.store import Store, backup, opening
from tests.make import make


def names(path: Path) -> list[str]:
    with closing(driver.connect(str(path))) as connection:
        return [name for (name,) in connection.execute("SELECT name FROM organisation ORDER BY id")]


def beside(path: Path) -> list[str]:
    return sorted(each.name for each in path.parent.iterdir())


@contextmanager
def on_day(monkeypatch: pytest.MonkeyPatch, day: str) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setenv("GRANTS_TODAY", day)
        yield


def test_a_backup_is_one_whole_file_in_a_folder_beside_named_by_date_and_time(store: Store):
    make(store, Organisation, name="Kiln Street Boxing Club")

    first, second = backup.back_up(store), backup.back_up(store)

    assert first == store.path.parent / "work backups" / "work 2026-11-23 14.02.00.grants"
    assert second.name == "work 2026-11-23 14.02.00 (2).grants"
    assert beside(first) == [second.name, first.name]
    assert names(first) == ["Kiln Street Boxing Club"]
    opened = opening.open_file(first, "Ann Officer")
    assert opened.read_only == ""
    opened.close()


def test_a_backup_may_go_to_another_folder(store: Store, tmp_path: Path):
    elsewhere = tmp_path / "safe place"

    assert backup.back_up(store, elsewhere).parent == elsewhere


def test_officers_may_work_while_a_backup_is_made_and_it_holds_what_stood_when_it_began(store: Store):
    with store.change("Bring in") as session:
        session.add_many(Organisation, ({"name": f"Club {number}"} for number in range(3000)))
    added: list[str] = []

    def progress(done: int, of: int) -> None:
        if not added:
            added.append("x")
            make(store, Organisation, name="Later")

    made = backup.back_up(store, progress=progress)

    assert names(made) == [f"Club {number}" for number in range(3000)]
    assert names(store.path)[-1] == "Later"


@pytest.mark.parametrize("share", [0.0, 0.5])
def test_a_cancelled_backup_leaves_nothing(store: Store, share: float):
    with store.change("Bring in") as session:
        session.add_many(Organisation, ({"name": f"Club {number}"} for number in range(3000)))

    def progress(done: int, of: int) -> None:
        if done >= share * of:
            raise Cancelled

    with pytest.raises(Cancelled):
        backup.back_up(store, progress=progress)
    assert beside(store.path.parent / "work backups" / "any") == []


def test_a_damaged_file_is_not_backed_up_as_if_it_were_whole(store: Store, tmp_path: Path):
    with store.change("Bring in") as session:
        session.add_many(Organisation, ({"name": f"Club {number}"} for number in range(3000)))
    store.close()
    damage(store.path)
    reopened = opening.open_file(store.path, "Ann Officer")

    with pytest.raises(Refused, match=r"work\.grants is damaged, so no copy of it was made"):
        backup.back_up(reopened)
    assert backup.listed(store.path) == []
    reopened.close()


def damage(path: Path) -> None:
    """Spoil the page that holds one of the clubs."""
    whole = bytearray(path.read_bytes())
    start = whole.index(b"Club 1500") // 4096 * 4096
    for place in range(start, start + 100):
        whole[place] ^= 0xFF
    path.write_bytes(whole)


def test_a_backup_needs_a_folder_that_can_be_written(store: Store, tmp_path: Path):
    (tmp_path / "taken").write_text("a file")

    with pytest.raises(Refused, match=r"There is no folder .*taken, and it cannot be made"):
        backup.back_up(store, tmp_path / "taken")
    with pytest.raises(Refused, match=r"There is no folder .*below, and it cannot be made"):
        backup.back_up(store, tmp_path / "nothing" / "below")


def test_a_backup_is_due_at_the_first_change_of_a_day(store: Store, monkeypatch: pytest.MonkeyPatch):
    assert not backup.due(store)
    make(store, Organisation)
    assert backup.due(store)
    backup.back_up(store)
    editing.save(store, Organisation, {"name": "Later that day"}, id=1)
    assert not backup.due(store)
    with on_day(monkeypatch, "2026-11-24"):
        assert backup.due(store)
        backup.back_up(store)
        assert not backup.due(store)
    with on_day(monkeypatch, "2026-11-25"):
        assert not backup.due(store), "nothing was stored since"
        editing.save(store, Organisation, {"name": "The next day"}, id=1)
        assert backup.due(store)


def test_old_backups_are_listed_with_the_day_they_go_and_the_newest_always_stays(
    store: Store, monkeypatch: pytest.MonkeyPatch
):
    for day in ("2026-09-01", "2026-10-23", "2026-10-25"):
        with on_day(monkeypatch, day):
            backup.back_up(store)
    folder = backup.folder_of(store.path)
    (folder / "work of others 2026-01-01 10.00.00.grants").write_bytes(b"")

    assert [f"{each.made} {each.goes_on}" for each in backup.listed(store.path)] == [
        "2026-10-25 14:02:00 2026-11-24 14:02:00",
        "2026-10-23 15:02:00 2026-11-22 15:02:00",
        "2026-09-01 15:02:00 2026-10-01 15:02:00",
    ]
    assert [path.name for path in backup.prune(store.path)] == [
        "work 2026-10-23 15.02.00.grants",
        "work 2026-09-01 15.02.00.grants",
    ]
    with on_day(monkeypatch, "2027-11-25"):
        assert backup.prune(store.path) == []
    assert beside(folder / "any") == ["work 2026-10-25 14.02.00.grants", "work of others 2026-01-01 10.00.00.grants"]


def test_the_day_s_backup_is_made_once_and_lets_the_oldest_go(store: Store, monkeypatch: pytest.MonkeyPatch):
    with on_day(monkeypatch, "2026-09-01"):
        make(store, Organisation)
        old = backup.daily(store)
    make(store, Organisation)

    made = backup.daily(store)

    assert backup.daily(store) is None
    assert old is not None
    assert not old.exists()
    assert [each.path for each in backup.listed(store.path)] == [made]


def test_restoring_keeps_the_file_that_was_there_with_its_log(store: Store):
    make(store, Organisation, name="Before")
    made = backup.back_up(store)
    make(store, Organisation, name="After")
    store.close()

    kept = backup.restore(made, store.path)
    second = backup.restore(made, store.path)

    assert (kept, second) == tuple(store.path.with_name(f"work.grants.before-restore{n}") for n in ("", "-2"))
    assert [names(each) for each in (store.path, kept, second, made)] == [
        ["Before"],
        ["Before", "After"],
        ["Before"],
        ["Before"],
    ]


def test_a_log_that_was_left_behind_is_never_played_back_into_the_restored_file(store: Store, tmp_path: Path):
    make(store, Organisation, name="Before")
    made = backup.back_up(store)
    make(store, Organisation, name="After")
    log = store.path.with_name("work.grants-wal").read_bytes()
    store.close()
    store.path.unlink()
    store.path.with_name("work.grants-wal").write_bytes(log)

    assert backup.restore(made, store.path) is None

    assert names(store.path) == ["Before"]
    assert beside(store.path) == ["work backups", "work.grants", "work.grants.before-restore-wal"]


def test_a_damaged_file_can_be_replaced(store: Store):
    make(store, Organisation, name="Before")
    made = backup.back_up(store)
    store.close()
    store.path.write_bytes(b"SQLite format 3\x00" + os.urandom(5000))

    backup.restore(made, store.path)

    assert names(store.path) == ["Before"]


def test_a_file_whose_log_cannot_be_opened_is_not_replaced(store: Store):
    make(store, Organisation, name="Before")
    made = backup.back_up(store)
    store.close()
    Path(f"{store.path}-wal").mkdir()

    with pytest.raises(Refused, match=r"work\.grants could not be replaced: nothing can be written there"):
        backup.restore(made, store.path)

    assert [name for name in beside(store.path) if "restore" in name] == []


def test_a_file_that_is_open_is_not_replaced(store: Store):
    make(store, Organisation, name="Before")
    made = backup.back_up(store)
    make(store, Organisation, name="After")

    with pytest.raises(Refused, match=r"work\.grants is open, here or in another program"):
        backup.restore(made, store.path)

    assert names(store.path) == ["Before", "After"]
    assert [name for name in beside(store.path) if "restore" in name] == []


def test_only_a_whole_backup_of_ours_is_restored(store: Store, tmp_path: Path):
    with store.change("Bring in") as session:
        session.add_many(Organisation, ({"name": f"Club {number}"} for number in range(3000)))
    damaged, foreign = backup.back_up(store), tmp_path / "foreign.grants"
    damage(damaged)
    with closing(driver.connect(str(foreign))) as connection:
        connection.execute("CREATE TABLE t (x)")
    store.close()
    before = store.path.read_bytes()

    for path, sentence in (
        (damaged, "damaged"),
        (foreign, r"foreign\.grants is a database of another program"),
        (tmp_path / "none.grants", "There is no file"),
        (tmp_path, "is a folder"),
        (store.path, "is the backup itself"),
    ):
        with pytest.raises(Refused, match=sentence):
            backup.restore(path, store.path)
    with pytest.raises(Refused, match="There is no folder"):
        backup.restore(store.path, tmp_path / "nowhere" / "new.grants")

    assert store.path.read_bytes() == before
    assert [name for name in beside(store.path) if "restore" in name] == []
