"""The driver itself, and what it says in words for officers: exact copies, counts, statements that can be cancelled."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as driver
from sqlalchemy.exc import DBAPIError, IntegrityError

from grants_app.errors import Refused

_SENTENCES = (
    ("database or disk is full", "The disk is full, so nothing was saved. Make room on it, then save again."),
    (
        "readonly database",
        "This file can only be read, so nothing was saved. Make a copy in a folder of your own.",
    ),
    (
        "disk image is malformed",
        "This file is damaged, so nothing was saved. Restore its latest backup.",
    ),
    ("file is not a database", "This is not a Grants Desk file, or it is damaged."),
    ("database is locked", "Another program is writing to this file. Nothing was saved: try again in a moment."),
    (
        "disk I/O error",
        "The disk or the network folder does not answer, so nothing was saved. Look whether it can be opened.",
    ),
    (
        "unable to open database file",
        "The file cannot be opened: it may have been moved, or its folder is out of reach.",
    ),
)
Progress = Callable[[int, int], None]
"""Told how many of how many are done; may raise Cancelled."""
_PAGES_AT_ONCE = 2000
_STEPS_BETWEEN = 2_000_000


class Busy(Refused):
    """Another program is writing to this file. Nothing was saved: try again in a moment."""


def in_words(error: DBAPIError | driver.Error) -> Refused | None:
    """The officer's sentence for a database error that is not a programmer's slip; None for one that is."""
    said = str(error.orig if isinstance(error, DBAPIError) else error)
    if "database is locked" in said or "database table is locked" in said:
        return Busy()
    if isinstance(error, IntegrityError) and "FOREIGN KEY" in said:
        return Refused("Another record refers to this one, or to what was taken away, so nothing was changed.")
    return next((Refused(sentence) for part, sentence in _SENTENCES if part in said), None)


@contextmanager
def explained() -> Iterator[None]:
    """Turn database errors that an officer can do something about into Refused."""
    try:
        yield
    except (DBAPIError, driver.Error) as error:
        sentence = in_words(error)
        if sentence is None:
            raise
        raise sentence from error


def no_progress(done: int, of: int | None) -> None:
    """For a caller who does not want to know."""


def count_rows(run: Callable[[str], Iterable[Any]]) -> dict[str, int]:
    """How many rows each table has, without those that the database keeps for itself; `run` gives the rows of SQL."""
    own = "name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE 'search\\_%' ESCAPE '\\' AND name <> 'search'"
    names = [str(name) for (name,) in run(f"SELECT name FROM main.sqlite_master WHERE type = 'table' AND {own}")]
    return {name: int(next(iter(run(f'SELECT count(*) FROM "{name}"')))[0]) for name in names}


def copy_pages(source: Any, target: Path, progress: Progress) -> None:
    """Copy what the connection `source` sees into a new file; `progress` counts pages and may raise Cancelled."""
    with closing(driver.connect(str(target), isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous=OFF")  # the caller sees to the disk once, at the end
        source.backup(connection, pages=_PAGES_AT_ONCE, progress=lambda _, left, of: progress(of - left, of))
        connection.execute("PRAGMA journal_mode=DELETE")


@contextmanager
def interruptible(connection: Any, tick: Callable[[], None] | None) -> Iterator[None]:
    """Call `tick` now and then while statements run on the bare connection; what it raises ends them and is raised."""
    if tick is None:
        yield
        return
    raised: list[BaseException] = []

    def look() -> int:
        try:
            tick()
        except BaseException as error:  # noqa: BLE001 - it goes on its way once the statement has ended
            raised.append(error)
        return len(raised)

    connection.set_progress_handler(look, _STEPS_BETWEEN)
    try:
        yield
    except Exception:
        if raised:
            raise raised[0] from None
        raise
    finally:
        connection.set_progress_handler(None, 0)
