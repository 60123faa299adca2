"""A million grants: start, pages, the ids of every sort and filter, and words, against the same by the bare driver."""

import random
import statistics
import tempfile
from array import array
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from grants_app.operations.sample import make_sample
from grants_app.records import Engagement, Grant, Organisation, Record
from grants_app.records.grant import LIVE
from grants_app.store import listing, opening, search
from grants_app.store.derived import search_base
from grants_app.store.listing import Condition, Listing
from tests.bench.bench import Row, compared, memory, side_by_side
from tests.bench.bench_start import OURS, painted
from tests.bench.bench_store import _bare, _ids_sql, _literal
from tests.bench.large import MILLION, large

_WORDS = ("m", "men", "mentoring", "mentoring harbour", "peckham 777", "zebra")
_STARTS, _PAGES, _PAGE = 7, 100, 50
_LEAST = 0.002
"""Seconds: what the bare SQL does faster is told by its time, since a ratio would measure the call alone."""
_FILTERS = {
    Grant: (
        Condition("status", "is", tuple(LIVE)), Condition("boroughs", "is", ("Brent", "Camden")),
        Condition("asked", "from", (90_000,)), Condition("title", "contains", ("part 999",)),
        Condition("paid", "from", (300,)), Condition("organisation_id", "is", (77,)), Condition("rag", "blank"),
        Condition("starts", "blank"), Condition("identifier", "contains", ("0077",)),
    ),
    Engagement: (
        Condition("borough", "is", ("Brent",)), Condition("attended", "from", (70,)),
        Condition("audiences", "is", ("Parents",)), Condition("title", "contains", ("club",)),
        Condition("programme_id", "is", (3,)), Condition("venue", "blank"),
    ),
}  # fmt: skip
_MEMORY = """
from grants_app.records import Engagement, Grant
from grants_app.store import opening
from grants_app.store.listing import Listing, offered
store = opening.open_file(Path({file!r}), "Bench")
with store.reading() as session:
    for kind in (Grant, Engagement):
        for column in offered(kind):
            if column.sortable:
                ids = Listing(kind, ("reference",), sort=((column.name, True),)).ids(session)
        Listing(kind, ("reference",), words="mentoring").ids(session)
print(peak())
"""


def run(grants: int = MILLION) -> Iterator[Row]:
    """The rows as they are measured: the start; pages, sorts, filters and words of long lists; memory."""
    path = large(grants)
    yield _start(path)
    with (
        closing(opening.open_file(path, "Bench")) as store,
        closing(_bare(path)) as bare,
        store.reading() as session,  # one for all: beginning it is no part of a list
    ):
        for kind in (Grant, Engagement, Organisation):
            yield _pages(session, bare, kind)
        for kind in (Grant, Engagement):
            sorts = {
                column.name: Listing(kind, ("reference",), sort=((column.name, True),))
                for column in listing.offered(kind)
                if column.sortable
            }
            yield _worst(session, bare, f"ids of any sort of {kind.plural}", sorts)
            filters = {f"{one.column} {one.operator}": Listing(kind, ("reference",), (one,)) for one in _FILTERS[kind]}
            yield _worst(session, bare, f"ids of any filter of {kind.plural}", filters)
            yield _words(session, bare, kind)
    yield from memory("every sort of both, the whole process", 300, _MEMORY, file=path)


def _start(path: Path) -> Row:
    with tempfile.TemporaryDirectory() as folder:
        sample = Path(folder) / "sample.grants"
        with closing(opening.create(sample, "Bench")) as store:
            make_sample(store)
        times = [[painted(OURS, file, Path(folder)) for file in (path, sample)] for _ in range(_STARTS)]
    ours, theirs = (statistics.median(taken) for taken in zip(*times, strict=True))
    return compared("start to a usable window", "the same on the sample", 1.15, ours, theirs)


def _pages(session: Session, bare: Any, kind: type[Record]) -> Row:
    """Pages anywhere in the list: the 95th of a hundred."""
    shown = Listing(kind, tuple(column.name for column in listing.offered(kind))[:14])
    ids = shown.ids(session)
    sql = _literal(shown.row_statement())
    chance = random.Random(3)  # noqa: S311
    pages = [ids[at : at + _PAGE] for at in (chance.randrange(len(ids)) for _ in range(_PAGES))]

    def whole(page: "array[int]") -> None:
        numbers = ",".join(map(str, page))
        found = {row[0]: row for row in bare.execute(f'{sql} WHERE "{kind.__tablename__}".id IN ({numbers})')}
        assert len([found[number] for number in page]) == len(page)

    times = [side_by_side(partial(shown.rows, session, page), partial(whole, page), times=3) for page in pages]
    return _p95(f"a page of {kind.plural}, anywhere, p95", "the bare SQL for the same page", times)


def _p95(what: str, against: str, times: list[tuple[float, float]], more: str = "") -> Row:
    ours, theirs = (statistics.quantiles(taken, n=20)[-1] for taken in zip(*times, strict=True))
    detail = f"{ours * 1000:.2f} ms against {theirs * 1000:.2f} ms{more}"
    return Row(what, against, 2, ours / theirs, detail)


def _worst(session: Session, bare: Any, what: str, lists: dict[str, Listing]) -> Row:
    found = {
        name: side_by_side(partial(shown.ids, session), partial(_ids_bare, bare, shown), times=2)
        for name, shown in lists.items()
    }
    long = [name for name in found if found[name][1] > _LEAST] or list(found)
    worst = max(long, key=lambda name: found[name][0] / found[name][1])
    slowest = max(found, key=lambda name: found[name][0])
    short = [found[name][0] for name in found if name not in long]
    more = f"worst of {len(long)}: {worst}; slowest: {slowest}, {found[slowest][0]:.2f} s"
    more += f"; {len(short)} of under {_LEAST * 1000:.0f} ms took {max(short) * 1000:.1f} ms at most" if short else ""
    return compared(what, "the bare SQL", 1.5, *found[worst], more)


def _words(session: Session, bare: Any, kind: type[Record]) -> Row:
    """The first 50 of each words, rare and common: the 95th of all looks."""
    looks: dict[str, list[tuple[float, float]]] = {}
    for words in _WORDS:
        shown, base = Listing(kind, ("reference",), words=words), search_base(kind)
        span = f"rowid BETWEEN {base} AND {base + (1 << 44) - 1}"
        sql = f"SELECT rowid FROM search WHERE search MATCH ? AND {span} ORDER BY rowid DESC LIMIT 50"
        theirs: Callable[[], None] = partial(_first_bare, bare, sql, search.match(words))
        looks[words] = [side_by_side(partial(shown.first, session, 50), theirs, times=1) for _ in range(10)]
    told = "; ".join(f"{words} {min(look)[0] * 1000:.1f} ms" for words, look in looks.items())
    every = [pair for look in looks.values() for pair in look[1:]]
    return _p95(f"first 50 that words find in {kind.plural}, p95", "the bare FTS5 query", every, f"; {told}")


def _ids_bare(bare: Any, shown: Listing) -> None:
    array("q", (row[0] for row in bare.execute(_ids_sql(shown))))


def _first_bare(bare: Any, sql: str, query: str) -> None:
    bare.execute(sql, (query,)).fetchall()
