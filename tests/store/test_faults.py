"""Files that cannot be opened or written: each ends in a sentence, and the file is as it was."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as driver
from sqlalchemy import event, func, select

from grants_app.errors import Refused
from grants_app.operations import documents, editing
from grants_app.records import Organisation
from grants_app.records.history import Blob
from grants_app.store import Store, backup, checking, opening
from grants_app.store.listing import Listing
from tests.make import make

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file of ours, closed, with three thousand organisations."""
    with closing(opening.create(tmp_path / "work.grants", "Ann Officer")) as store, store.change("Bring in") as session:
        session.add_many(Organisation, ({"name": f"Club {number}"} for number in range(3000)))
    return tmp_path / "work.grants"


def counted(store: Store) -> int:
    with store.reading() as session:
        return session.scalar(select(func.count(Organisation.id))) or 0


def papers(store: Store) -> int:
    """How many files of 100,000 bytes are kept."""
    with store.reading() as session:
        return session.scalar(select(func.count(Blob.sha256)).where(func.length(Blob.bytes) == 100_000)) or 0


# --- opening --------------------------------------------------------------------------------------------------------


def text_file(path: Path) -> None:
    path.write_text("Name,Amount\nA,1\n" * 100, encoding="utf-8")


def spreadsheet(path: Path) -> None:
    path.write_bytes(b"PK\x03\x04" + bytes(5000))


def foreign(path: Path) -> None:
    path.unlink()
    with closing(driver.connect(str(path))) as connection:
        connection.execute("CREATE TABLE t (x)")


def empty(path: Path) -> None:
    path.write_bytes(b"")


def header_only(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:100])


def truncated(path: Path) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])


def cut_within_a_page(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1000])


def scrambled(path: Path) -> None:
    whole = bytearray(path.read_bytes())
    for place in range(100, len(whole), 37):
        whole[place] ^= 0xFF
    path.write_bytes(whole)


NOT_OURS = [
    (text_file, r"work\.grants is not a Grants Desk file\."),
    (spreadsheet, r"work\.grants is not a Grants Desk file\."),
    (empty, r"work\.grants is not a Grants Desk file\."),
    (foreign, r"work\.grants is a database of another program, not a Grants Desk file\."),
    (header_only, r"work\.grants is damaged and cannot be opened: restore its latest backup\."),
    (truncated, r"work\.grants is damaged and cannot be opened: restore its latest backup\."),
    (scrambled, r"work\.grants is damaged and cannot be opened: restore its latest backup\."),
]


@pytest.mark.parametrize(("spoil", "sentence"), NOT_OURS, ids=lambda value: getattr(value, "__name__", ""))
def test_what_is_not_ours_or_not_whole_is_refused_and_left_as_it_is(
    file: Path, spoil: Callable[[Path], None], sentence: str
):
    spoil(file)
    before = file.read_bytes()

    with pytest.raises(Refused, match=f"^{sentence}$"):
        opening.open_file(file, "Ann Officer")

    assert file.read_bytes() == before
    assert [path.name for path in file.parent.iterdir()] == ["work.grants"]


def test_opening_never_makes_a_file(tmp_path: Path):
    for path, sentence in ((tmp_path / "none.grants", "There is no file "), (tmp_path, "is a folder: choose a file")):
        with pytest.raises(Refused, match=sentence):
            opening.open_file(path, "Ann Officer")
    assert list(tmp_path.iterdir()) == []


def test_making_never_replaces_a_file(file: Path, tmp_path: Path):
    before = file.read_bytes()

    with pytest.raises(Refused, match="exists already: choose another name, or open it"):
        opening.create(file, "Ann Officer")
    with pytest.raises(Refused, match=r"There is no folder .*nowhere: make it first, or choose another"):
        opening.create(tmp_path / "nowhere" / "new.grants", "Ann Officer")

    assert file.read_bytes() == before


def test_a_file_of_a_newer_version_is_read_and_takes_no_change(file: Path):
    with closing(driver.connect(str(file), isolation_level=None)) as connection:
        connection.execute(f"PRAGMA user_version = {opening.FORMAT + 1}")
    before = file.read_bytes()

    with closing(opening.open_file(file, "Ann Officer")) as store:
        assert counted(store) == 3000
        with pytest.raises(Refused, match="A newer version of Grants Desk made this file, so it can be read here"):
            make(store, Organisation)

    assert file.read_bytes() == before


def test_a_page_that_is_damaged_is_refused_where_it_is_met(file: Path):
    whole = bytearray(file.read_bytes())
    for page in range(4096, len(whole), 4096):
        if b"Club 1500" in whole[page : page + 4096]:
            whole[page : page + 100] = bytes(100)
    file.write_bytes(whole)

    with closing(opening.open_file(file, "Ann Officer")) as store:
        with pytest.raises(Refused, match="This file is damaged"), store.reading() as session:
            session.scalars(select(Organisation.notes)).all()
        with pytest.raises(Refused, match="This file is damaged"), store.reading() as session:
            list(Listing(Organisation, ("name", "notes")).pages(session))
        with pytest.raises(Refused, match="This file is damaged"):
            editing.change_many(store, Organisation, range(1, 3001), "notes", "Seen")

    assert file.read_bytes() == whole


def test_a_file_that_another_program_keeps_to_itself_is_refused(file: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(opening, "PATIENCE", 0.05)
    hold = (
        "import sys, sqlcipher3.dbapi2 as driver\n"
        "connection = driver.connect(sys.argv[1], isolation_level=None)\n"
        "connection.execute('PRAGMA locking_mode=EXCLUSIVE'); connection.execute('BEGIN EXCLUSIVE')\n"
        "print('held', flush=True); sys.stdin.readline()\n"
    )
    command = [sys.executable, "-c", hold, str(file)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(Refused, match=r"work\.grants is held by another program that lets nobody else in"):
            opening.open_file(file, "Ann Officer")
        other.communicate("go\n")

    with closing(opening.open_file(file, "Ann Officer")) as store:
        assert counted(store) == 3000


# --- what may only be read ------------------------------------------------------------------------------------------


@contextmanager
def as_nobody() -> Iterator[None]:
    """Without the rights of the administrator, if the tests have them."""
    if os.name == "nt" or os.getuid() != 0:
        yield
        return
    os.setresuid(65534, 65534, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)


@pytest.fixture
def nobodys(file: Path) -> Iterator[Path]:
    """The file in a folder that anybody may enter."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(shutil.copy(file, folder))
        Path(folder).chmod(0o755)


@pytest.mark.skipif(os.name == "nt", reason="rights are another matter there")
@pytest.mark.parametrize(("file_mode", "folder_mode"), [(0o444, 0o777), (0o666, 0o555), (0o444, 0o555)])
def test_a_file_or_folder_that_may_only_be_read_is_read_and_takes_no_change(
    nobodys: Path, file_mode: int, folder_mode: int
):
    nobodys.chmod(file_mode)
    nobodys.parent.chmod(folder_mode)
    before = nobodys.read_bytes()

    with as_nobody(), closing(opening.open_file(nobodys, "Ann Officer")) as store:
        assert counted(store) == 3000
        with pytest.raises(Refused, match=r"work\.grants or its folder can only be read: to change anything, copy it"):
            make(store, Organisation)
        assert checking.check(store) == []
        with tempfile.TemporaryDirectory() as elsewhere:
            assert backup.back_up(store, Path(elsewhere)).stat().st_size > 0

    assert nobodys.read_bytes() == before


@pytest.mark.skipif(os.name == "nt", reason="rights are another matter there")
def test_a_file_that_may_not_even_be_read_is_refused(nobodys: Path):
    nobodys.chmod(0)

    with as_nobody(), pytest.raises(Refused, match=r"work\.grants cannot be read: Permission denied"):
        opening.open_file(nobodys, "Ann Officer")


@pytest.mark.skipif(os.name == "nt", reason="rights are another matter there")
def test_nothing_is_made_in_a_folder_that_may_only_be_read(nobodys: Path):
    nobodys.parent.chmod(0o555)

    with as_nobody(), closing(opening.open_file(nobodys, "Ann Officer")) as store:
        with pytest.raises(Refused, match=r"new\.grants could not be made: Permission denied\. Choose another folder"):
            opening.create(nobodys.with_name("new.grants"), "Ann Officer")
        with pytest.raises(Refused, match=r"There is no folder .*, and it cannot be made: Permission denied"):
            backup.back_up(store)
        with pytest.raises(Refused, match=r"No copy was made in .*: nothing can be written there"):
            backup.back_up(store, nobodys.parent)
    assert [path.name for path in nobodys.parent.iterdir()] == ["work.grants"]


# --- a full disk ----------------------------------------------------------------------------------------------------


def test_on_a_full_disk_a_step_is_refused_whole(file: Path):
    with closing(opening.open_file(file, "Ann Officer")) as store:

        @event.listens_for(store.engine, "connect")
        def leave_little_room(connection: object, record: object) -> None:
            cursor = connection.cursor()  # type: ignore[attr-defined]
            pages = cursor.execute("PRAGMA page_count").fetchone()[0]
            cursor.execute(f"PRAGMA max_page_count = {pages + 5}")

        store.engine.dispose()  # what it has been opened with has room
        with pytest.raises(Refused, match=r"^The disk is full, so nothing was saved\. Make room on it"):
            documents.attach(store, bytes(100_000), name="scan.pdf")
        assert counted(store) == 3000
        assert checking.check(store) == []


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of four megabytes, where the tests may mount one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(disk)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("no small disk can be mounted here")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)  # noqa: S607 - as mount was


def test_a_disk_that_fills_up_loses_nothing_and_work_goes_on_when_there_is_room(small_disk: Path):
    ballast = small_disk / "ballast"
    with closing(opening.create(small_disk / "work.grants", "Ann Officer")) as store:
        ballast.write_bytes(bytes(800_000))
        attached: list[int] = []

        def attach_on() -> None:
            attached.extend(documents.attach(store, os.urandom(100_000), name=f"{n}.pdf").id for n in range(100))

        with pytest.raises(Refused, match=r"^The disk is full, so nothing was saved\."):
            attach_on()
        kept = papers(store)
        assert 0 < kept == len(attached)
        assert checking.check(store) == []
        with pytest.raises(Refused, match=r"The copy needs \d+ KB, and the disk of .* has .* left: make room on it"):
            backup.back_up(store)
        with pytest.raises(Refused, match=r"disk is full|disk or the network folder does not answer"):
            opening.create(small_disk / "second.grants", "Ann Officer")
        ballast.unlink()
        documents.attach(store, os.urandom(100_000), name="last.pdf")
    assert list((small_disk / "work backups").iterdir()) == []
    assert {path.name for path in small_disk.iterdir()} - {"work.grants-wal", "work.grants-shm"} == {
        "work backups",
        "work.grants",
    }
    with closing(opening.open_file(small_disk / "work.grants", "Ann Officer")) as store:
        assert papers(store) == kept + 1
        assert checking.check(store) == []


def test_a_backup_for_which_the_disk_is_too_small_after_all_leaves_nothing(small_disk: Path, file: Path):
    with closing(opening.open_file(file, "Ann Officer")) as store:

        def fill(done: int, of: int) -> None:
            with (small_disk / "ballast").open("ab", buffering=0) as opened:
                try:
                    opened.write(bytes(3_900_000))
                except OSError:
                    return

        with pytest.raises(Refused, match=r"No copy was made in .*disk: the disk is full, so make room on it"):
            backup.back_up(store, small_disk, progress=fill)
    assert [path.name for path in small_disk.iterdir()] == ["ballast"]


def test_a_file_on_a_full_disk_is_not_called_damaged(small_disk: Path):
    path = small_disk / "work.grants"
    opening.create(path, "Ann Officer").close()
    with suppress(OSError):
        (small_disk / "ballast").write_bytes(bytes(5_000_000))

    with pytest.raises(Refused, match=r"work\.grants.* disk.* full") as refused:
        opening.open_file(path, "Ann Officer").close()

    assert "damaged" not in str(refused.value)
