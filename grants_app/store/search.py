"""Finding records by words: all words as beginnings of declared fields; an exact reference first, then the newest."""

import re
import unicodedata
from collections.abc import Collection, Sequence
from itertools import chain, islice, zip_longest

from sqlalchemy import BigInteger, ColumnElement, TableClause, column, false, select, table, text, union
from sqlalchemy.orm import Session

from grants_app import wording
from grants_app.records import RECORDS, Record
from grants_app.store.derived import search_base

ROWS: TableClause = table("search", column("rowid", BigInteger))
"""The full-text table: a row for each record, at `derived.search_base` of its kind and its id."""
_MASK = (1 << 44) - 1
_FEW = 5


def match(words: str) -> str:
    """The full-text query for what an officer typed: every word as a beginning; blank where there is no word."""
    return " ".join(f'"{word}"*' for word in _words(wording.writable(words)))


def reference_in(words: str) -> str:
    """What was typed, as a reference would be written."""
    return wording.writable(words).strip().upper()


def ids(session: Session, kind: type[Record], words: str, *, limit: int = -1, before: int | None = None) -> list[int]:
    """Ids of the records of a kind that hold all the words, newest first; `before` an id for the next page."""
    query = match(words)
    if not query:
        return []
    base = search_base(kind)
    top = base + (before - 1 if before else _MASK)
    rows = session.execute(
        text(
            "SELECT rowid FROM search WHERE search MATCH :query AND rowid BETWEEN :low AND :top "
            "ORDER BY rowid DESC LIMIT :limit"
        ),
        {"query": query, "low": base, "top": top, "limit": limit},
    )
    return [int(row[0]) & _MASK for row in rows]


def found(kind: type[Record], words: str) -> ColumnElement[bool]:
    """Which rows of the full-text table are records of this kind that hold all the words."""
    query, base = match(words), search_base(kind)
    if not query:
        return false()
    span = f"search.rowid BETWEEN {base} AND {base + _MASK}"
    return text(f"search MATCH :matching AND {span}").bindparams(matching=query)  # type: ignore[return-value]


def among_found(kind: type[Record], words: str) -> ColumnElement[bool]:
    """Which records of this kind hold all the words, or have them for their reference."""
    if not match(words):
        return false()
    rows = select(ROWS.c.rowid - search_base(kind)).where(found(kind, words))
    exact = select(kind.id).where(kind.reference == reference_in(words))
    return kind.id.in_(union(rows, exact))


def find(
    session: Session,
    words: str,
    *,
    recent: Sequence[tuple[str, int]] = (),
    kinds: Collection[type[Record]] = RECORDS,
    limit: int = 20,
) -> list[tuple[type[Record], int]]:
    """Records for the search box: exact reference first, then those opened lately, then kind by kind the newest.

    Where there are more than `limit`, each kind keeps as many as any other that has them: a common word of one kind
    crowds out no other. With under five hits, words that differ in one letter are tried too.
    """
    exact = [(kind, i) for kind in kinds for i in _exact(session, kind, words)]
    order = {key: place for place, key in enumerate(recent)}
    hits = _hits(session, words, kinds, limit, order)
    if len(hits) < _FEW and not exact:
        for near in _nearly(session, words):
            hits += [hit for hit in _hits(session, near, kinds, limit, order) if hit not in hits]
    hits.sort(key=lambda hit: order.get((hit[0].__tablename__, hit[1]), len(order)))
    return (exact + [hit for hit in hits if hit not in exact])[:limit]


def _hits(
    session: Session, words: str, kinds: Collection[type[Record]], limit: int, recent: Collection[tuple[str, int]]
) -> list[tuple[type[Record], int]]:
    """The newest of each kind, as many in turn as make up the limit, and those of them that were opened lately."""
    found = [[(kind, i) for i in ids(session, kind, words, limit=limit)] for kind in kinds]
    in_turn = filter(None, chain.from_iterable(zip_longest(*found)))
    kept = set(islice(in_turn, limit))
    kept |= {hit for each in found for hit in each if (hit[0].__tablename__, hit[1]) in recent}
    return [hit for each in found for hit in each if hit in kept]


def _exact(session: Session, kind: type[Record], words: str) -> list[int]:
    wanted = reference_in(words)
    return list(session.scalars(select(kind.id).where(kind.reference == wanted))) if wanted else []


def _nearly(session: Session, words: str) -> list[str]:
    """The words with each unknown one replaced by known words one letter off; at most eight tries."""
    tries = [""]
    for word in _words(words):
        folded = unicodedata.normalize("NFKD", word.casefold())
        folded = "".join(ch for ch in folded if not unicodedata.combining(ch))
        near = [word]
        if len(folded) >= 4:
            near += _neighbours(session, folded)
        tries = [f"{start} {each}".strip() for start in tries for each in near][:8]
    return [each for each in tries if each != " ".join(_words(words))]


def _neighbours(session: Session, word: str) -> list[str]:
    from rapidfuzz.distance import DamerauLevenshtein

    rows = session.execute(
        text(
            "SELECT term FROM search_vocabulary WHERE term >= :low AND term < :high "
            "AND length(term) BETWEEN :least AND :most LIMIT 20000"
        ),
        {"low": word[0], "high": word[0] + "\U0010ffff", "least": len(word) - 1, "most": len(word) + 1},
    )
    return [term for (term,) in rows if term != word and DamerauLevenshtein.distance(term, word, score_cutoff=1) <= 1][
        :4
    ]


def _words(text_: str) -> list[str]:
    return re.findall(r"\w+", text_, re.UNICODE)[:12]
