"""The driver itself, where a session is of no use: exact copies, counts of rows, statements that can be cancelled."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as driver

Progress = Callable[[int, int], None]
_PAGES_AT_ONCE = 2000
_STEPS_BETWEEN = 2_000_000


def counts(run: Callable[[str], Iterable[Any]]) -> dict[str, int]:
    """How many rows each table has, without those that the database keeps for itself; `run` gives the rows of SQL."""
    own = "name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE 'search\\_%' ESCAPE '\\' AND name <> 'search'"
    names = [str(name) for (name,) in run(f"SELECT name FROM main.sqlite_master WHERE type = 'table' AND {own}")]
    return {name: int(next(iter(run(f'SELECT count(*) FROM "{name}"')))[0]) for name in names}


def fill(source: Any, target: Path, progress: Progress) -> None:
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
