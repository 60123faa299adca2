"""What is kept beside the records so that lists and search are instant: search rows, links, each grant's totals.

All of it follows from the records, is rewritten by `change()` for what a step touched, and is verified by `check`.
"""

import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, insert, text

from grants_app.records import RECORDS, Engagement, Grant, Kind, Payment, Record, figures
from grants_app.records.base import batches, kind_named
from grants_app.records.fields import OWN
from grants_app.records.history import Kept

SEARCH_TABLES = (
    (
        "CREATE VIRTUAL TABLE search USING fts5(words, content='', contentless_delete=1, "
        "tokenize='unicode61 remove_diacritics 2', prefix='2 3')"
    ),
    "CREATE VIRTUAL TABLE search_vocabulary USING fts5vocab(search, row)",
)
"""The full-text tables, which no model declares."""

_OWN_WORDS = (
    "CASE WHEN t.own IS NULL THEN '' ELSE ("
    "SELECT coalesce(group_concat(j.value, ' ' ORDER BY j.value), '') FROM json_each(t.own) j "
    f"WHERE j.type = 'text' AND j.key NOT LIKE '{OWN}date:%') END"
)
_SPAN = 44


def search_base(kind: type[Record]) -> int:
    """What is added to a record's id to make its search row's: each kind has a span of its own."""
    return (zlib.crc32(kind.__tablename__.encode()) & 0x3FFFF) << _SPAN


def among(ids: Collection[int]) -> Iterator[str]:
    """SQL conditions on `id` that together hold these ids, a batch each."""
    ordered = sorted(ids)
    for batch in batches(ordered):
        yield f"id IN ({','.join(map(str, batch))})"


def refresh(connection: Connection, kind: type[Record], where: str, *, changed: Collection[str] | None = None) -> None:
    """Rewrite search rows and links of the records that `where` (SQL on id) holds, as far as `changed` fields ask."""
    run = connection.exec_driver_sql
    if changed is None or not _searched(kind).isdisjoint(changed) or any(name.startswith(OWN) for name in changed):
        forget_search(connection, kind, where)
        run(_search_insert(kind) + f" WHERE t.{where}")
    for name in _many_fields(kind):
        if changed is None or name in changed:
            run(f"DELETE FROM link WHERE kind = '{kind.__tablename__}' AND field = '{name}' AND record_{where}")
            run(_link_insert(kind, name) + f" WHERE t.{where}")


def refresh_new(connection: Connection, kind: type[Record], where: str) -> None:
    """As `refresh`, for rows that are new, so that nothing of them is there yet."""
    if kind is Engagement:
        shift_months(connection, where)
    connection.exec_driver_sql(_search_insert(kind) + f" WHERE t.{where}")
    for name in _many_fields(kind):
        connection.exec_driver_sql(_link_insert(kind, name) + f" WHERE t.{where}")


def forget_search(connection: Connection, kind: type[Record], where: str) -> None:
    """Take away the search rows of these records, which still stand."""
    connection.exec_driver_sql(
        f'DELETE FROM search WHERE rowid IN (SELECT {search_base(kind)} + id FROM "{kind.__tablename__}" WHERE {where})'
    )


def forget(connection: Connection, kind: type[Record], ids: Iterable[int]) -> None:
    """Take away what is derived from records that are gone."""
    base = search_base(kind)
    for batch in among(list(ids)):
        if kind is Grant:
            _forget_kept(connection, batch)
        numbers = batch.removeprefix("id IN (").removesuffix(")").split(",")
        shifted = ",".join(str(base + int(number)) for number in numbers)
        connection.exec_driver_sql(f"DELETE FROM search WHERE rowid IN ({shifted})")
        for table in ("link", "warned"):
            connection.exec_driver_sql(f"DELETE FROM {table} WHERE kind = '{kind.__tablename__}' AND record_{batch}")


def refresh_renamed(connection: Connection, kind: type[Record], ids: Collection[int]) -> None:
    """Rewrite the search rows that hold the names of these records: a grant's holds its organisation's."""
    for other, name in _found_by_name_of(kind):
        for batch in among(ids):
            linking = f'SELECT id FROM "{other.__tablename__}" WHERE "{name}" {batch.removeprefix("id ")}'
            where = f"id IN ({linking})"
            forget_search(connection, other, where)
            connection.exec_driver_sql(_search_insert(other) + f" WHERE t.{where}")


def refresh_kept(connection: Connection, grant_ids: Collection[int]) -> None:
    """Reckon the kept totals of these grants anew, and of their programmes."""
    for where in among(grant_ids):
        refresh_kept_where(connection, where)


def refresh_kept_of(connection: Connection, grants: Sequence[str]) -> None:
    """Reckon the kept totals of the grants whose ids these SELECTs give anew; millions of ids are gathered but once."""
    connection.exec_driver_sql("CREATE TEMP TABLE of_added(id INTEGER PRIMARY KEY)")
    connection.exec_driver_sql(f"INSERT OR IGNORE INTO of_added {' UNION ALL '.join(grants)}")
    refresh_kept_where(connection, "id IN (SELECT id FROM of_added)")
    connection.exec_driver_sql("DROP TABLE of_added")


def refresh_kept_where(connection: Connection, where: str) -> None:
    """Reckon the kept totals of the grants that `where` (SQL on id) holds anew, and of their programmes."""
    _forget_kept(connection, where)
    connection.execute(insert(Kept).from_select(figures.KEPT, figures.kept(text(f'"grant".{where}'))))  # type: ignore[arg-type]
    _shift_programmes(connection, where)


def _shift_programmes(connection: Connection, where: str, *, sign: str = "") -> None:
    columns = f"programme_id, {', '.join(_SUMMED)}, grants"
    rows = PROGRAMMES.format(sign=sign, where=where)
    connection.exec_driver_sql(f"INSERT INTO kept_programme({columns}) {rows} {_ADD_PROGRAMMES}")


def _forget_kept(connection: Connection, where: str) -> None:
    _shift_programmes(connection, where, sign="-")
    connection.exec_driver_sql(f"DELETE FROM kept WHERE grant_{where}")


_SUMMED = ("awards", "pending", "signed", "paid", "attended", "reach", "delivered")
KEPT_PROGRAMMES = f"SELECT programme_id, {', '.join(_SUMMED)}, grants FROM kept_programme WHERE grants > 0"
KEPT_MONTHS = (
    "SELECT programme_id, month, borough, engagements, counted, attended FROM kept_month WHERE engagements > 0"
)
"""SQL of what is kept of programmes and of months, to be compared with what it follows from."""
PROGRAMMES = (
    f"SELECT programme_id, {', '.join(f'{{sign}}sum({name}) AS {name}' for name in _SUMMED)}, "
    "{sign}count(*) AS grants FROM kept WHERE grant_{where} GROUP BY programme_id"
)
MONTHS = (
    "SELECT programme_id, substr(held_on, 1, 7) AS month, coalesce(borough, '') AS place, "
    "{sign}count(*) AS engagements, {sign}count(attended) AS counted, {sign}coalesce(sum(attended), 0) AS attended "
    "FROM engagement WHERE status = 'Delivered' AND {where} GROUP BY 1, 2, 3"
)
"""SQL of the rows of kept_programme and kept_month that these grants and engagements make."""
_ADD_PROGRAMMES = "ON CONFLICT(programme_id) DO UPDATE SET grants = grants + excluded.grants, " + ", ".join(
    f"{name} = {name} + excluded.{name}" for name in _SUMMED
)
_ADD_MONTHS = (
    "ON CONFLICT(programme_id, month, borough) DO UPDATE SET engagements = engagements + excluded.engagements, "
    "counted = counted + excluded.counted, attended = attended + excluded.attended"
)
MONTHS_FROM = ("programme_id", "status", "held_on", "borough", "attended")
"""The fields of an engagement that kept_month follows from."""


def shift_months(connection: Connection, where: str, *, sign: str = "") -> None:
    """Add the engagements that `where` (SQL on id) holds to the kept totals of months; with "-", take them away."""
    rows = MONTHS.format(sign=sign, where=where)
    connection.exec_driver_sql(f"INSERT INTO kept_month {rows} {_ADD_MONTHS}")


def move_months(connection: Connection, old: Iterable[Mapping[str, Any]], new: Iterable[int]) -> None:
    """Take engagements as they were (by stored values) from the kept totals of months, and add those of these ids."""
    for row in old:
        if row["status"] == "Delivered":
            counted = 0 if row["attended"] is None else 1
            values = (row["programme_id"], row["held_on"][:7], row["borough"] or "", counted, row["attended"] or 0)
            sql = f"INSERT INTO kept_month VALUES (?, ?, ?, -1, -?, -?) {_ADD_MONTHS}"
            connection.exec_driver_sql(sql, values)
    for where in among(list(new)):
        shift_months(connection, where)


def forget_where(connection: Connection, kind: type[Record], where: str) -> None:
    """Take away what is derived from the records that `where` holds, while they still stand."""
    forget_search(connection, kind, where)
    if kind is Grant:
        _forget_kept(connection, where)
    elif kind is Engagement:
        shift_months(connection, where, sign="-")
    for table in ("link", "warned"):
        connection.exec_driver_sql(f"DELETE FROM {table} WHERE kind = '{kind.__tablename__}' AND record_{where}")


KEPT_FROM: dict[str, frozenset[str]] = {
    Grant.__tablename__: frozenset({"programme_id", "status", "asked", "awarded", "agreement_signed_on"}),
    Payment.__tablename__: frozenset({"grant_id", "amount", "status", "kind"}),
    Engagement.__tablename__: frozenset({"grant_id", "attended", "status", "new"}),
}
"""Which fields of which kinds the kept totals follow from."""


@cache
def _searched(kind: type[Record]) -> frozenset[str]:
    return frozenset(name for name, field in kind.fields().items() if field.search)


@cache
def _found_by_name_of(kind: type[Record]) -> tuple[tuple[type[Record], str], ...]:
    return tuple(
        (other, field.name)
        for other in RECORDS
        for field in other.fields().values()
        if field.kind is Kind.LINK and field.search and field.to == kind.__tablename__
    )


@cache
def _many_fields(kind: type[Record]) -> tuple[str, ...]:
    return tuple(name for name, field in kind.fields().items() if field.kind is Kind.MANY)


@cache
def search_text(kind: type[Record]) -> tuple[str, str]:
    """SQL of the words by which a record of this kind is found, and the joins it needs; its own table is t."""
    parts, joins = ["t.reference", _OWN_WORDS], []
    for name, field in kind.fields().items():
        if field.search and field.kind is Kind.LINK:
            target = kind_named(field.to)
            assert target is not None
            joins.append(f' LEFT JOIN "{field.to}" {name} ON {name}.id = t."{name}"')
            parts.append(f"coalesce({name}.\"{target.caption}\", '')")
        elif field.search:
            parts.append(f"coalesce(t.\"{name}\", '')")
    return " || ' ' || ".join(parts), "".join(joins)


@cache
def _search_insert(kind: type[Record]) -> str:
    text, joins = search_text(kind)
    rows = f'SELECT {search_base(kind)} + t.id, {text} FROM "{kind.__tablename__}" t{joins}'
    return f"INSERT INTO search(rowid, words) {rows}"


@cache
def _link_insert(kind: type[Record], name: str) -> str:
    table = kind.__tablename__
    rows = f"SELECT '{table}', t.id, '{name}', j.value FROM \"{table}\" t JOIN json_each(t.\"{name}\") j"
    return f"INSERT INTO link(kind, record_id, field, value) {rows}"
