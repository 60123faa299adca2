"""One saved edit through the door, and the Grants list (open, sort, jump), against the same SQL by the bare driver."""

import random
import statistics
import tempfile
import time
from array import array
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as driver
from sqlalchemy import event

from grants_app.operations import editing
from grants_app.records import Grant
from grants_app.store import Store, listing, opening
from tests.bench.bench import Row, compared
from tests.bench.large import GRANTS, copy_of, large

COLUMNS = (
    "reference", "organisation_id", "title", "status", "programme_id", "asked", "current", "paid", "left", "delivered",
    "reach_lower", "starts", "ends", "rag",
)  # fmt: skip
SHOWN = listing.Listing(Grant, COLUMNS)
_EDITS, _TURNS, _JUMPS, _PAGE = 300, 5, 60, 50
Statement = tuple[str, Any]


def run() -> list[Row]:
    """One row for the edit, three for the list."""
    with tempfile.TemporaryDirectory() as folder:
        return [_edit(Path(folder)), *_lists(copy_of(large(), Path(folder)))]


def _edit(folder: Path) -> Row:
    """Edits of random grants on three alike files: by the door, noting statements; by the door; by the statements."""
    chance = random.Random(1)  # noqa: S311
    noting, timed, plain = (copy_of(large(), folder, f"{name}.grants") for name in ("noting", "timed", "plain"))
    ours: list[float] = []
    theirs: list[float] = []
    with (
        closing(opening.open_file(noting, "Bench")) as noted,
        closing(opening.open_file(timed, "Bench")) as store,
        closing(_bare(plain)) as bare,
    ):
        for turn in range(_EDITS):
            number = chance.randrange(1, GRANTS + 1)
            with noted.reading() as session:
                title = session.get_one(Grant, number).title
            with _recorded(noted) as statements:
                _save(noted, number, title, turn)
            ours.append(_timed(partial(_save, store, number, title, turn)))
            theirs.append(_timed(partial(_replay, bare, statements)))
    warm = _EDITS // 10  # the first ones fill caches
    by_door, by_driver = statistics.median(ours[warm:]), statistics.median(theirs[warm:])
    detail = f"{by_door * 1000:.2f} ms against {by_driver * 1000:.2f} ms, medians of {_EDITS - warm}"
    against = "the same statements by the bare driver"
    return Row("one saved edit, with history and search", against, 5, by_door / by_driver, detail)


def _save(store: Store, number: int, title: str, turn: int) -> None:
    editing.save(store, Grant, {"title": f"{title} (edit {turn})"}, id=number, loaded={"title": title})


class _recorded:  # noqa: N801 - reads as a verb
    """The statements that a store sends while it lasts."""

    def __init__(self, store: Store) -> None:
        self.engine, self.statements = store.engine, list[Statement]()

    def __enter__(self) -> list[Statement]:
        event.listen(self.engine, "before_cursor_execute", self._note)
        return self.statements

    def __exit__(self, *_: object) -> None:
        event.remove(self.engine, "before_cursor_execute", self._note)

    def _note(self, connection: Any, cursor: Any, sql: str, values: Any, context: Any, many: bool) -> None:  # noqa: FBT001
        self.statements.append((sql, values))


def _replay(connection: Any, statements: list[Statement]) -> None:
    for sql, values in statements:
        cursor = connection.cursor()
        if isinstance(values, list):
            cursor.executemany(sql, values)
        else:
            cursor.execute(sql, values)
            cursor.fetchall()
    connection.commit()


def _lists(path: Path) -> list[Row]:
    with closing(opening.open_file(path, "Bench")) as store, closing(_bare(path)) as bare:
        ours, theirs = _turns(lambda: _open(store), lambda: _open_bare(bare))
        against = "the bare SQL for the same ids and page"
        rows = [compared(f"open Grants on {GRANTS:,} rows", against, 3, ours, theirs)]
        sorts = {
            (column.name, descends): _turns(partial(_sorted, store, sort), partial(_sorted_bare, bare, sort))
            for column in listing.offered(Grant)
            if column.sortable
            for descends in (False, True)
            for sort in [SHOWN.showing(sort=((column.name, descends),))]
        }
        worst = max(sorts, key=lambda key: sorts[key][0] / sorts[key][1])
        slowest = max(sorts, key=lambda key: sorts[key][0])
        more = f"worst of {len(sorts)}: {_named(worst)}; slowest: {_named(slowest)}, {sorts[slowest][0]:.3f} s"
        rows.append(compared("sort it by any column", against, 3, *sorts[worst], more))
        places = random.Random(2).sample(range(GRANTS - _PAGE), _JUMPS)  # noqa: S311
        with store.reading() as session:
            ids = SHOWN.ids(session)
        pages = [ids[place : place + _PAGE] for place in places]
        ours, theirs = _turns(lambda: _jump(store, pages), lambda: _jump_bare(bare, pages))
        rows.append(compared(f"{_JUMPS} jumps in it", against, 3, ours, theirs))
    return rows


def _named(key: tuple[str, bool]) -> str:
    return f"{key[0]}{', descending' if key[1] else ''}"


def _open(store: Store) -> None:
    with store.reading() as session:
        SHOWN.rows(session, SHOWN.first(session, _PAGE))
        SHOWN.ids(session)


def _open_bare(bare: Any) -> None:
    _page_bare(bare, array("q", (row[0] for row in bare.execute(f"{_ids_sql(SHOWN)} LIMIT {_PAGE}"))))
    array("q", (row[0] for row in bare.execute(_ids_sql(SHOWN))))


def _sorted(store: Store, shown: listing.Listing) -> None:
    with store.reading() as session:
        shown.rows(session, shown.ids(session)[:_PAGE])


def _sorted_bare(bare: Any, shown: listing.Listing) -> None:
    _page_bare(bare, array("q", (row[0] for row in bare.execute(_ids_sql(shown))))[:_PAGE])


def _jump(store: Store, pages: list["array[int]"]) -> None:
    with store.reading() as session:
        for page in pages:
            SHOWN.rows(session, page)


def _jump_bare(bare: Any, pages: list["array[int]"]) -> None:
    for page in pages:
        _page_bare(bare, page)


_compiled: dict[listing.Listing, str] = {}


def _ids_sql(shown: listing.Listing) -> str:
    """The SQL of the ids, as somebody would have written it by hand beforehand."""
    if shown not in _compiled:
        _compiled[shown] = _literal(shown._ids())
    return _compiled[shown]


def _literal(statement: Any) -> str:
    from sqlalchemy.dialects import sqlite

    return str(statement.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True}))


_PAGE_SQL = _literal(SHOWN.row_statement())


def _page_bare(bare: Any, ids: "array[int]") -> None:
    """The page's rows, as the database gives them, in the order of the ids."""
    numbers = ",".join(map(str, ids))
    found = {row[0]: row for row in bare.execute(f'{_PAGE_SQL} WHERE "grant".id IN ({numbers})')}
    assert len([found[number] for number in ids]) == len(ids)


def _bare(path: Path) -> Any:
    """A connection with the promises of the store's own."""
    connection = driver.connect(str(path), isolation_level=None)
    for setting in (
        "foreign_keys=ON",
        "journal_mode=WAL",
        "synchronous=FULL",
        "cache_size=-65536",
        "temp_store=MEMORY",
    ):
        connection.execute(f"PRAGMA {setting}")
    return connection


def _turns(ours: Callable[[], None], theirs: Callable[[], None]) -> tuple[float, float]:
    """The best time of each, in turns, the first of each aside."""
    ours()
    theirs()
    pairs = [(_timed(ours), _timed(theirs)) for _ in range(_TURNS)]
    return min(pair[0] for pair in pairs), min(pair[1] for pair in pairs)


def _timed(run: Callable[[], object]) -> float:
    started = time.perf_counter()
    run()
    return time.perf_counter() - started
