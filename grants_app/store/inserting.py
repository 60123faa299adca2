"""Many new rows of one kind as the driver takes them: read by their fields' own types, with no model in between."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Enum
from sqlalchemy.dialects import sqlite

from grants_app.records import Record
from grants_app.records.base import table_of

Bind = Callable[[Any], Any] | None


def insertion(
    kind: type[Record], rows: Sequence[Mapping[str, Any]], ids: range, references: Sequence[str]
) -> tuple[str, list[tuple[Any, ...]]]:
    """The statement and its values for rows of field values, defaults filled in; KeyError for a word of no choice."""
    defaults, binds = _defaults(kind), _binds(kind)
    given = set(defaults).union(*rows)
    names = [name for name in binds if name in given]
    columns: list[Sequence[Any]] = [ids, references, [1] * len(rows)]
    for name in names:
        bind, usual = binds[name], defaults.get(name)
        values = [row.get(name, usual) for row in rows]
        columns.append(values if bind is None else [None if value is None else bind(value) for value in values])
    listed = ", ".join(f'"{name}"' for name in ("id", "reference", "version", *names))
    marks = ", ".join("?" * len(columns))
    sql = f'INSERT INTO "{kind.__tablename__}"({listed}) VALUES ({marks})'
    return sql, list(zip(*columns, strict=True))


def as_records(kind: type[Record], rows: Sequence[Mapping[str, Any]]) -> Iterator[Any]:
    """Each row as something with all the attributes of the kind, which its rules can be asked about."""
    blank = _blank(kind)
    for row in rows:
        made = blank()
        made.__dict__.update(row)
        yield made


def holds_only(connection: Connection, kind: type[Record], ids: range) -> bool:
    """Whether the kind has no records but these, which are its latest."""
    return connection.exec_driver_sql(f'SELECT min(id) FROM "{kind.__tablename__}"').scalar() == ids.start


def put_indexes_off(connection: Connection, kind: type[Record]) -> list[str]:
    """Drop the indexes of a kind until its many rows are in; the statements that make them again.

    To sort each once takes a fraction of what it takes to put millions of entries in their places.
    """
    mine = f"type = 'index' AND tbl_name = '{kind.__tablename__}' AND sql IS NOT NULL"
    found = connection.exec_driver_sql(f"SELECT name, sql FROM sqlite_master WHERE {mine}").all()
    for name, _ in found:
        connection.exec_driver_sql(f'DROP INDEX "{name}"')
    return [str(sql) for _, sql in found]


@cache
def _defaults(kind: type[Record]) -> Mapping[str, Any]:
    return {name: field.default for name, field in kind.fields().items() if field.default is not None}


@cache
def _blank(kind: type[Record]) -> Callable[[], Any]:
    """Makes a thing that has every attribute of the kind, each as where nothing was given."""
    return type(kind.__name__, (), {"own": None} | {name: field.default for name, field in kind.fields().items()})


@cache
def _binds(kind: type[Record]) -> Mapping[str, Bind]:
    """How the value of each column goes to the driver; None: as it is."""
    dialect = sqlite.dialect()
    found: dict[str, Bind] = {}
    for column in table_of(kind).columns:
        if column.key in ("id", "reference", "version"):
            continue
        if isinstance(column.type, Enum) and column.type.enum_class is not None:
            found[column.key] = {member: member.value for member in column.type.enum_class}.__getitem__
        else:
            found[column.key] = column.type.dialect_impl(dialect).bind_processor(dialect)
    return found
