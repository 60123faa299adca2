"""Whether what is kept beside the records (links, totals, search index, warnings) still follows from them."""

import re
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as driver
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from grants_app import wording
from grants_app.records import RECORDS, Grant, Kind, Record, figures
from grants_app.records.fields import OWN
from grants_app.records.history import Kept
from grants_app.store import derived

EXAMPLES = 5
"""How many records a sentence names."""
_MOST = (1 << 44) - 1


def holders(kind: type[Record], rows: Iterable[str]) -> str:
    """How many records of a kind, and which, as a sentence ends: "2 grants (CVE-0001 and CVE-0002)"; blank for none."""
    iterator = iter(rows)
    first = list(islice(iterator, EXAMPLES))
    if not first:
        return ""
    more = sum(1 for _ in iterator)
    if len(first) == 1:
        return f"{kind.noun.lower()} {first[0]}"
    shown = f"{', '.join(first)} and others" if more else wording.listed(first)
    return f"{wording.counted(len(first) + more, kind.noun.lower(), kind.plural.lower())} ({shown})"


def number(session: Session, sql: str) -> int:
    """The one number that the statement gives."""
    return int(session.connection().exec_driver_sql(sql).scalar_one())


def column(session: Session, sql: str, *values: str) -> Iterator[str]:
    """The first column of the statement's rows, as they come."""
    return iter(session.connection().exec_driver_sql(sql, values).scalars())


def links(session: Session, *, kind: type[Record]) -> Iterator[str]:
    """What is wrong with the rows by which lists are filtered by fields of several words."""
    table = kind.__tablename__
    for field in kind.fields().values():
        if field.kind is not Kind.MANY:
            continue
        mine = f"l.kind = '{table}' AND l.field = '{field.name}'"
        values = f'"{table}" t JOIN json_each(t."{field.name}") j'
        there = f"SELECT 1 FROM link l WHERE {mine} AND l.record_id = t.id AND l.value = j.value"
        missing = number(session, f"SELECT count(*) FROM {values} WHERE NOT EXISTS ({there})")
        wanted = number(session, f'SELECT coalesce(sum(json_array_length("{field.name}")), 0) FROM "{table}"')
        surplus = number(session, f"SELECT count(*) FROM link l WHERE {mine}") - (wanted - missing)
        if missing or surplus:
            would = f"would miss {missing:,} and find {surplus:,} too many"
            yield f"Filtering {kind.plural.lower()} by {field.label} {would}."


def totals(session: Session) -> Iterator[str]:
    """Which grants' kept totals differ from what their payments and engagements come to."""
    expected = figures.kept(Grant.id > 0).subquery()
    differing = [Kept.__table__.c[name] != expected.c[place] for place, name in enumerate(figures.KEPT) if place]
    statement = (
        select(Grant.reference)
        .join(expected, expected.c[0] == Grant.id)
        .outerjoin(Kept, Kept.grant_id == Grant.id)
        .where(or_(Kept.grant_id.is_(None), *differing))
    )
    named = holders(Grant, session.scalars(statement))
    if named:
        yield f"Totals differ from payments and engagements: {named}."
    stray = (session.scalar(select(func.count()).select_from(Kept)) or 0) - (
        session.scalar(select(func.count(Grant.id))) or 0
    )
    if stray > 0:
        yield f"Totals are kept of grants that are not there: {stray:,}."
    for what, kept, added in (
        ("programmes", derived.KEPT_PROGRAMMES, derived.PROGRAMMES.format(sign="", where="id > 0")),
        ("months", derived.KEPT_MONTHS, derived.MONTHS.format(sign="", where="id > 0")),
    ):
        both = f"SELECT * FROM ({kept} EXCEPT {added}) UNION ALL SELECT * FROM ({added} EXCEPT {kept})"
        if number(session, f"SELECT count(*) FROM ({both})"):
            yield f"Totals of {what} differ from what they are added up from."


def warnings(session: Session, *, kind: type[Record]) -> Iterator[str]:
    """Whether each kept warning speaks of a record and a field that are there."""
    names = ", ".join(f"'{name}'" for name in ("", *kind.fields()))
    gone_from = f"w.field NOT IN ({names}) AND w.field NOT LIKE '{OWN}%'"
    gone = f'NOT EXISTS (SELECT 1 FROM "{kind.__tablename__}" t WHERE t.id = w.record_id)'
    stray = f"w.kind = '{kind.__tablename__}' AND ({gone} OR ({gone_from}))"
    if wrong := number(session, f"SELECT count(*) FROM warned w WHERE {stray}"):
        yield f"Warnings are kept of {kind.plural.lower()} or fields that are not there: {wrong:,}."


def search_rows(session: Session) -> Iterator[str]:
    """Whether each record has its row in the search index, and nothing else has one."""
    known = 0
    for kind in RECORDS:
        table, base = kind.__tablename__, derived.search_base(kind)
        row = f"SELECT 1 FROM search_docsize WHERE id = {base} + t.id"
        named = holders(kind, column(session, f'SELECT t.reference FROM "{table}" t WHERE NOT EXISTS ({row})'))
        if named:
            yield f"Search does not find {named}."
        here = number(session, f"SELECT count(*) FROM search_docsize WHERE id BETWEEN {base} AND {base + _MOST}")
        there = f'SELECT 1 FROM "{table}" t WHERE t.id = d.id - {base}'
        span = f"d.id BETWEEN {base} AND {base + _MOST}"
        stray = number(session, f"SELECT count(*) FROM search_docsize d WHERE {span} AND NOT EXISTS ({there})")
        if stray:
            yield f"Search finds {kind.plural.lower()} that are not there: {stray:,}."
        known += here
    unknown = number(session, "SELECT count(*) FROM search_docsize") - known
    if unknown:
        yield f"Search finds what is no record: {unknown:,}."


def search_words(session: Session) -> Iterator[str]:
    """Whether the search index holds just the words of the records: a second index is made of them and compared.

    The index cannot be asked for the words of one record, so this says only that some differ.
    """
    connection: Any = session.connection().connection.driver_connection
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(driver.connect(str(Path(folder) / "words"), isolation_level=None)) as second,
    ):
        for setting in ("journal_mode=OFF", "synchronous=OFF", "locking_mode=EXCLUSIVE"):
            second.execute(f"PRAGMA {setting}")
        second.execute(re.sub(r",\s*prefix='[^']*'", "", derived.SEARCH_TABLES[0]))
        second.execute("BEGIN")
        for kind in RECORDS:
            words, joins = derived.search_text(kind)
            rows = f'SELECT {derived.search_base(kind)} + t.id, {words} FROM "{kind.__tablename__}" t{joins}'
            second.executemany("INSERT INTO search(rowid, words) VALUES (?, ?)", connection.execute(rows))
        same = _fingerprint(second) == _fingerprint(connection)
    if not same:
        yield "Search finds some records by words that they do not hold, or misses words that they hold."


def _fingerprint(connection: Any) -> tuple[int, int]:
    """The number of words in the index, and a sum over each word, whose it is and its place there."""
    connection.create_function("hashed", 1, hash, deterministic=True)
    connection.execute("CREATE VIRTUAL TABLE temp.each_word USING fts5vocab('main', 'search', 'instance')")
    place = "((doc % 1000003) * 31 + doc / 1000003 + offset * 7919 + 1) % 2147483647"
    each = f"(hashed(term) & 0x7FFFFFFF) * ({place}) % 2147483647"
    found = connection.execute(f"SELECT count(*), sum({each}) FROM each_word").fetchone()
    connection.execute("DROP TABLE temp.each_word")
    return found  # type: ignore[no-any-return]
