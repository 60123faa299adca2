"""The ids of every sort, and the first of what words find, on a million grants, against the same SQL by the driver."""

from array import array
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

from grants_app.records import Engagement, Grant, Record
from grants_app.store import Store, listing, opening, search
from grants_app.store.derived import search_base
from grants_app.store.listing import Listing
from tests.bench.bench import Row, compared, side_by_side
from tests.bench.bench_store import _bare, _ids_sql
from tests.bench.large import MILLION, large

_WORDS = ("m", "men", "mentoring", "mentoring harbour", "peckham 777", "zebra")


def run(grants: int = MILLION) -> list[Row]:
    """Two rows for each of the two longest lists: the worst ratio of all their sorts, and of all words."""
    path = large(grants)
    with closing(opening.open_file(path, "Bench")) as store, closing(_bare(Path(path))) as bare:
        return [row for kind in (Grant, Engagement) for row in (_sorts(store, bare, kind), _words(store, bare, kind))]


def _sorts(store: Store, bare: Any, kind: type[Record]) -> Row:
    found = {}
    for column in listing.offered(kind):
        if column.sortable:
            shown = Listing(kind, ("reference",), sort=((column.name, True),))
            found[column.name] = side_by_side(partial(_ids, store, shown), partial(_ids_bare, bare, shown), times=2)
    worst = max(found, key=lambda name: found[name][0] / found[name][1])
    slowest = max(found, key=lambda name: found[name][0])
    more = f"worst of {len(found)}: {worst}; slowest: {slowest}, {found[slowest][0]:.2f} s"
    return compared(f"ids of any sort of {kind.plural}", "the bare SQL", 1.5, *found[worst], more)


def _words(store: Store, bare: Any, kind: type[Record]) -> Row:
    found = {}
    for words in _WORDS:
        shown, base = Listing(kind, ("reference",), words=words), search_base(kind)
        span = f"rowid BETWEEN {base} AND {base + (1 << 44) - 1}"
        sql = f"SELECT rowid FROM search WHERE search MATCH ? AND {span} ORDER BY rowid DESC LIMIT 50"
        query = search.match(words)
        theirs = partial(_first_bare, bare, sql, query)
        found[words] = side_by_side(partial(_first, store, shown), theirs, times=7)
    worst = max(found, key=lambda words: found[words][0] if found[words][0] > 2 * found[words][1] else 0)
    more = "; ".join(f"{words} {ours * 1000:.1f} ms" for words, (ours, _) in found.items())
    return compared(f"first 50 that words find in {kind.plural}", "the bare FTS5 query", 2, *found[worst], more)


def _ids(store: Store, shown: Listing) -> None:
    with store.reading() as session:
        shown.ids(session)


def _ids_bare(bare: Any, shown: Listing) -> None:
    array("q", (row[0] for row in bare.execute(_ids_sql(shown))))


def _first(store: Store, shown: Listing) -> None:
    with store.reading() as session:
        shown.first(session, 50)


def _first_bare(bare: Any, sql: str, query: str) -> None:
    bare.execute(sql, (query,)).fetchall()
