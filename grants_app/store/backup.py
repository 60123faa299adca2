"""Backups: copies that are read back and compared before they count, and putting one in a file's place."""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, count
from pathlib import Path

import sqlcipher3.dbapi2 as driver
from sqlalchemy import select

from grants_app import clock, wording
from grants_app.errors import Refused
from grants_app.records.history import Step
from grants_app.store import opening
from grants_app.store.driver import Progress, copy_pages, count_rows, interruptible, no_progress
from grants_app.store.store import Store

KEPT_DAYS = 30
"""How long `prune` keeps a backup."""
_STAMP = r" (\d{4}-\d\d-\d\d \d\d\.\d\d\.\d\d)( \(\d+\))?"
_WHY = (
    ("full", "the disk is full, so make room on it or choose another folder"),
    ("readonly", "nothing can be written there, so choose another folder"),
    ("unable to open", "nothing can be written there, so choose another folder"),
    ("locked", "another program holds the file, so try again in a moment"),
    ("I/O error", "the disk or the network folder does not answer"),
)
_NEXT_TO_NOTHING = 1_000_000
_PARTS = ("", "-wal", "-shm", "-journal")


@dataclass(frozen=True, slots=True)
class Backup:
    """One backup: where it lies, when it was made (London time), its size in bytes."""

    path: Path
    made: datetime
    size: int

    @property
    def goes_on(self) -> datetime:
        """When `prune` takes it away."""
        return self.made + timedelta(days=KEPT_DAYS)


def folder_of(path: Path) -> Path:
    """Where the backups of a file lie unless another folder is named; it may not be there yet."""
    return path.with_name(f"{path.stem} backups")


def back_up(store: Store, folder: Path | None = None, *, progress: Progress = no_progress) -> Path:
    """Make a verified backup, named by date and time; where it lies.

    Officers may go on working: it holds what was stored when it began. `progress` may raise Cancelled. Refused, if the
    folder cannot be written or its disk is full.
    """
    folder = Path(folder).absolute() if folder else folder_of(store.path)
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise Refused(f"There is no folder {folder}, and it cannot be made: {error.strerror}.") from error
    return copy(store.path, free_name(folder, store.path.stem), progress=progress)


def due(store: Store) -> bool:
    """Whether something was stored since the last backup and none was made today: the day's first change asks this."""
    newest = next(iter(listed(store.path)), None)
    if newest is not None and newest.made.date() == clock.today():
        return False
    with store.reading() as session:
        last = session.scalar(select(Step.at).order_by(Step.id.desc()).limit(1))
    return last is not None and (newest is None or clock.local(last) >= newest.made)


def daily(store: Store, *, progress: Progress = no_progress) -> Path | None:
    """Make the day's backup if it is due, and then let old ones go; where it lies, None if it was not due."""
    if not due(store):
        return None
    made = back_up(store, progress=progress)
    prune(store.path)
    return made


def listed(path: Path, folder: Path | None = None) -> list[Backup]:
    """The backups of a file, newest first."""
    named = re.compile(re.escape(path.stem) + _STAMP + re.escape(opening.SUFFIX))
    found: list[Backup] = []
    for each in (folder or folder_of(path)).glob(f"*{opening.SUFFIX}"):
        match = named.fullmatch(each.name)
        if match:
            found.append(Backup(each, datetime.fromisoformat(match[1].replace(".", ":")), each.stat().st_size))
    return sorted(found, key=lambda backup: (backup.made, backup.path.name), reverse=True)


def prune(path: Path, folder: Path | None = None) -> list[Path]:
    """Delete this file's backups that are older than KEPT_DAYS, never the newest; which they were."""
    limit = clock.local(clock.now()) - timedelta(days=KEPT_DAYS)
    old = [backup.path for backup in listed(path, folder)[1:] if backup.made < limit]
    for each in old:
        with _explained(f"{each} could not be deleted"):
            each.unlink()
    return old


def restore(backup: Path, to: Path, *, progress: Progress = no_progress) -> Path | None:
    """Put a verified copy of a backup in the place of `to`, which is kept as FILE.before-restore; where that lies.

    None, if there was no such file. Refused, with nothing changed, if the backup is damaged or not ours, or `to` is
    open anywhere.
    """
    backup, to = Path(backup).absolute(), Path(to).absolute()
    opening.gate(backup)
    if to.exists() and backup.samefile(to):
        raise Refused(f"{to.name} is the backup itself: choose the file that it is to replace.")
    if to.is_dir():
        raise Refused(f"{to} is a folder: name the file that the backup is to replace.")
    if not to.parent.is_dir():
        raise Refused(f"There is no folder {to.parent}: make it first, or choose another.")
    fresh = copy(backup, to.with_name(f".{to.name}.{os.getpid()}.restored"), progress=progress)
    try:
        with _explained(f"{to} could not be replaced"):
            _close_elsewhere(to)
            return _swap(fresh, to)
    finally:
        fresh.unlink(missing_ok=True)


def copy(path: Path, target: Path, *, progress: Progress = no_progress) -> Path:
    """A verified copy of a file of ours as `target`, which must not be there; nothing is left there if it fails.

    It holds the file as it stood at one moment, whoever writes meanwhile: read back, checked, and its rows compared.
    """
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    _refuse_full(path, target.parent)
    try:
        with _explained(f"No copy was made in {target.parent}", source=path, folder=target.parent):
            with closing(opening.connect(path, read_only=True)) as source:
                source.execute("BEGIN")
                counts = count_rows(source.execute)
                copy_pages(source, part, lambda done, of: progress(done, 2 * of))
            _verify(part, counts, progress)
            _flush(part)
            part.rename(target)
            _flush(target.parent)
    finally:
        for ending in _PARTS:
            Path(f"{part}{ending}").unlink(missing_ok=True)
    return target


def free_name(folder: Path, stem: str) -> Path:
    """A name with this moment's date and time that nothing in the folder has."""
    stamp = f"{clock.local(clock.now()):%Y-%m-%d %H.%M.%S}"
    endings = (f" ({number})" for number in count(2))
    return next(
        path
        for ending in chain([""], endings)
        if not (path := folder / f"{stem} {stamp}{ending}{opening.SUFFIX}").exists()
    )


def _verify(part: Path, counts: dict[str, int], progress: Progress) -> None:
    with closing(opening.connect(part, read_only=True)) as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        with interruptible(connection, lambda: progress(pages, 2 * pages)):
            answer = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if answer != "ok" or count_rows(connection.execute) != counts:
            raise driver.DatabaseError(f"disk image is malformed: {answer}")
    progress(2 * pages, 2 * pages)


def _close_elsewhere(to: Path) -> None:
    """Fold the log of the file that is to be replaced into it; Refused, if it is open anywhere."""
    if not to.exists():
        return
    try:
        with closing(opening.connect(to)) as connection:
            connection.execute("PRAGMA busy_timeout = 0")
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")  # is given only where nobody else has it open
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("COMMIT")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except driver.OperationalError as error:
        if "locked" in str(error):
            raise Refused(f"{to.name} is open, here or in another program: close it there, then restore.") from error
        raise
    except driver.DatabaseError:
        return  # it is damaged, or none of ours: that is no reason to keep it in its place


def _swap(fresh: Path, to: Path) -> Path | None:
    """The whole set changes places, log and all: an old log would be played back into the new file."""
    kept = to.with_name(f"{to.name}.before-restore")
    kept = next(name for name in chain([kept], (Path(f"{kept}-{n}") for n in count(2))) if not name.exists())
    moved: list[tuple[Path, Path]] = []
    try:
        for ending in _PARTS:
            old, new = Path(f"{to}{ending}"), Path(f"{kept}{ending}")
            if old.exists():
                old.rename(new)
                moved.append((new, old))
        fresh.rename(to)
    except OSError:
        for new, old in reversed(moved):
            new.rename(old)
        raise
    _flush(to.parent)
    return kept if kept.exists() else None


def _refuse_full(path: Path, folder: Path) -> None:
    try:
        needed, free = path.stat().st_size, shutil.disk_usage(folder).free
    except OSError:
        return  # what is wrong is said when it is opened
    if free < needed:
        raise Refused(
            f"The copy needs {wording.size_text(needed)}, and the disk of {folder} has {wording.size_text(free)} left: "
            "make room on it, or choose another folder."
        )


def _flush(path: Path) -> None:
    """Wait until the disk has it; a folder too, where the system can."""
    if path.is_dir() and os.name == "nt":
        return
    opened = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


@contextmanager
def _explained(what: str, *, source: Path | None = None, folder: Path | None = None) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Refused(f"{what}: {error.strerror or error}.") from error
    except driver.Error as error:
        said = str(error)
        if source is not None and ("malformed" in said or "not a database" in said):
            raise Refused(f"{source.name} is damaged, so no copy of it was made: use an earlier backup.") from error
        if folder is not None and shutil.disk_usage(folder).free < _NEXT_TO_NOTHING:
            said = "full"  # which the database cannot always tell from a disk that fails
        why = next((why for part, why in _WHY if part in said), None)
        if why is None:
            raise
        raise Refused(f"{what}: {why}.") from error
