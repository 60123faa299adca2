"""Making and opening files: the driver, its promises (DESIGN: full durability, foreign keys), and the version gate."""

import os
import sys
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as driver
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import QueuePool

from grants_app.errors import Refused
from grants_app.records.base import Stored
from grants_app.store import derived
from grants_app.store.driver import explained
from grants_app.store.store import Store

SUFFIX = ".grants"
APPLICATION_ID = 0x47724473
"""“GrDs”, which marks a file as ours."""
FORMAT = 1
"""The file format that this version writes; migrations lead here from older ones."""
OLDEST_SQLITE = (3, 45, 0)
PATIENCE = 5.0
"""Seconds that one statement waits for another program's; a step goes on trying (Store.change)."""
_MAGIC = b"SQLite format 3\x00"
_HEADER = 100
_DESCRIPTORS = Path("/dev/fd")
_RESTS, _WORKS = -8192, -32768
"""Cache of a connection at rest, and while it reads or writes, as SQLite takes it: several are open at once."""


def create(path: Path, officer: str) -> Store:
    """Make a new, empty file; an existing name is refused, and a folder that cannot be written."""
    path = Path(path).absolute()
    if path.exists():
        raise Refused(f"{path} exists already: choose another name, or open it.")
    if not path.parent.is_dir():
        raise Refused(f"There is no folder {path.parent}: make it first, or choose another.")
    fresh = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        with explained():
            _fill(fresh)
        fresh.rename(path)
    except OSError as error:
        raise Refused(f"{path} could not be made: {error.strerror or error}. Choose another folder.") from error
    finally:
        for leftover in (fresh, Path(f"{fresh}-journal"), Path(f"{fresh}-wal"), Path(f"{fresh}-shm")):
            leftover.unlink(missing_ok=True)
    return open_file(path, officer)


def open_file(path: Path, officer: str) -> Store:
    """Open an existing file of ours; never makes one.

    Refused, with a sentence, if it is missing, not ours, damaged, or held by another program. A newer one, and one that
    may not be written, is opened for reading only. An older one is upgraded first; a verified backup of it stays.
    """
    path = Path(path).absolute()
    found = gate(path)
    if found < FORMAT:
        from grants_app.store.upgrade import upgrade  # brings alembic, which only an older file needs

        upgrade(path, found)
    read_only = ""
    if found > FORMAT:
        read_only = (
            "A newer version of Grants Desk made this file, so it can be read here but not changed: update the app."
        )
    elif not writable(path):
        read_only = f"{path.name} or its folder can only be read: to change anything, copy it to a folder of your own."
    engine = make_engine(path, read_only=bool(read_only))
    return Store(engine, path, officer, read_only=read_only)


def writable(path: Path) -> bool:
    """Whether this person may change the file: it, and its folder, where the log of a change is kept."""
    return os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)


def inspect_header(path: Path) -> None:
    """Refuse what is no file, empty, no database at all, or one of another program, which is not even opened."""
    if not path.exists():
        raise Refused(f"There is no file {path}.")
    if path.is_dir():
        raise Refused(f"{path} is a folder: choose a file that ends in {SUFFIX}.")
    try:
        header = _header(path)
    except OSError as error:
        raise Refused(f"{path} cannot be read: {error.strerror or error}.") from error
    if not header.startswith(_MAGIC):
        raise Refused(f"{path.name} is not a Grants Desk file.")
    if int.from_bytes(header[68:72], "big") != APPLICATION_ID:
        raise Refused(f"{path.name} is a database of another program, not a Grants Desk file.")


def connect(path: Path, *, read_only: bool = False) -> Any:
    """A bare connection of the driver to an existing file; for reading, also in a folder that may not be written."""
    mode = "rw"
    if read_only and not writable(path):
        # SQLite begins a log even to read; where it cannot, and nobody else has begun one, none is needed.
        logged = _header(path)[18:19] == b"\x02" and not Path(f"{path}-wal").exists()
        mode = "ro&immutable=1" if logged and not os.access(path.parent, os.W_OK) else "ro"
    connection = driver.connect(
        f"{path.as_uri()}?mode={mode}", uri=True, isolation_level=None, check_same_thread=False, timeout=PATIENCE
    )
    connection.create_function("casefold", 1, _casefold, deterministic=True)
    if read_only and mode == "rw":
        connection.execute("PRAGMA query_only = ON")  # unlike mode=ro, it clears its log away in the end
    return connection


def _casefold(value: Any) -> Any:
    """What the database's own lower() does for the letters of English alone."""
    return value.casefold() if isinstance(value, str) else value


def make_engine(path: Path, *, read_only: bool = False, foreign_keys: bool = True) -> Engine:
    """An engine on that file, each connection with every promise of the store; a migration holds no foreign keys."""

    def creator() -> Any:
        connection = connect(path, read_only=read_only)
        _promise(connection, on_network=_on_network(path), read_only=read_only, foreign_keys=foreign_keys)
        return connection

    engine = create_engine(
        "sqlite://",
        module=driver,
        creator=creator,
        poolclass=QueuePool,
        pool_size=4,
        max_overflow=8,
        pool_use_lifo=True,
    )
    event.listen(engine, "begin", _begin)
    event.listen(engine, "checkin", _rest)
    return engine


def refuse_open_here(path: Path) -> None:
    """Refuse a database that this process has open, which is to be asked before any file is read that may be one."""
    if _opened_here(path) is not None:
        raise Refused(f"{path.name} is the file that is open here, so it cannot be read as anything else.")


def _header(path: Path) -> bytes:
    known = _opened_here(path)
    if known is not None:
        return os.pread(known, _HEADER, 0)
    with path.open("rb") as opened:
        return opened.read(_HEADER)


def _opened_here(path: Path) -> int | None:
    """The descriptor by which this process has a file of ours open; none on Windows, where nothing hangs on it.

    To open a file once more and close that loses all POSIX locks that the process holds on it (fcntl(2)), and with
    them the database's: another process would then take itself for the last one, and delete the log in use.
    """
    if path.suffix != SUFFIX or not _DESCRIPTORS.is_dir():
        return None
    for each in _DESCRIPTORS.iterdir():
        with suppress(OSError):  # it was closed meanwhile, the one of this very listing always
            if os.path.samestat(os.fstat(int(each.name)), path.stat()):
                return int(each.name)
    return None


def _begin(connection: Any) -> None:
    begin = connection.get_execution_options().get("begin", "BEGIN")
    connection.connection.execute(f"PRAGMA cache_size={_WORKS}")
    connection.exec_driver_sql(begin)


def _rest(connection: Any, _record: object) -> None:
    if connection is not None:
        connection.execute(f"PRAGMA cache_size={_RESTS}")


def _promise(connection: DBAPIConnection, *, on_network: bool, read_only: bool, foreign_keys: bool) -> None:
    cursor = connection.cursor()
    settings = [
        f"foreign_keys={'ON' if foreign_keys else 'OFF'}",
        "trusted_schema=OFF",
        "cell_size_check=ON",
        f"cache_size={_RESTS}",
        "synchronous=FULL",
        "temp_store=FILE",  # a sort of millions would fill the memory
    ]
    if not read_only:
        settings.insert(0, f"journal_mode={'DELETE' if on_network else 'WAL'}")
    for setting in settings:
        cursor.execute(f"PRAGMA {setting}")
    cursor.close()


def gate(path: Path) -> int:
    """The format of a file of ours; Refused, with a sentence, for anything else."""
    inspect_header(path)
    if driver.sqlite_version_info < OLDEST_SQLITE:
        raise Refused(
            f"The database engine here is {driver.sqlite_version}; at least 3.45 is needed: install the app again."
        )
    try:
        with closing(connect(path, read_only=True)) as connection:
            version = int(connection.execute("PRAGMA user_version").fetchone()[0])
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except (driver.DatabaseError, UnicodeDecodeError) as error:
        if "locked" in str(error):
            raise Refused(
                f"{path.name} is held by another program that lets nobody else in: close it there, then open it here."
            ) from error
        if "full" in str(error):
            raise Refused(f"The disk of {path.name} is full, so it cannot be opened: make room on it first.") from error
        if "I/O error" in str(error):
            raise Refused(
                f"{path.name} cannot be opened: its disk is full, or the disk or the network folder does not answer."
            ) from error
        if "unable to open" in str(error):
            raise Refused(
                f"{path.name} cannot be opened: its folder may be out of reach or allow no writing."
            ) from error
        raise Refused(f"{path.name} is damaged and cannot be opened: restore its latest backup.") from error
    return version


def _fill(path: Path) -> None:
    path.touch(exist_ok=False)
    engine = make_engine(path)
    try:
        with engine.begin() as connection:
            Stored.metadata.create_all(connection)
            for statement in derived.SEARCH_TABLES:
                connection.exec_driver_sql(statement)
            connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.exec_driver_sql(f"PRAGMA user_version = {FORMAT}")
    finally:
        engine.dispose()


def _on_network(path: Path) -> bool:
    """Whether the file lies on a network share, where a write-ahead log must not be used."""
    if sys.platform == "win32":
        import ctypes

        drive = path.drive + "\\"
        return path.drive.startswith("\\\\") or ctypes.windll.kernel32.GetDriveTypeW(drive) == 4
    mounts = Path("/proc/mounts")
    if not mounts.exists():
        return False
    best, kind = "", ""
    for line in mounts.read_text(encoding="utf-8", errors="replace").splitlines():
        _, folder, sort, *_ = line.split(" ")
        if (str(path) + "/").startswith(folder.rstrip("/") + "/") and len(folder) >= len(best):
            best, kind = folder, sort
    return kind in {"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "afs", "9p"}
