"""Taking away and putting back many records at once, for undo: in SQL alone, so that memory stays bounded."""

from functools import cache

from sqlalchemy import select, text

from grants_app.errors import Refused
from grants_app.records import Kind, Record
from grants_app.records.base import table_of
from grants_app.store import derived, own
from grants_app.store.trail import Change
from grants_app.store.verdicts import standing_problems

_BATCH = 5000


def remove(session: Change, kind: type[Record], target: int) -> None:
    """Delete the records of this kind that step `target` created, with their whole rows in the history."""
    table, connection = kind.__tablename__, session.connection()
    where = f"id IN (SELECT record_id FROM edit WHERE step_id = {target} AND kind = '{table}' AND action = 'created')"
    if not connection.execute(text(f'SELECT 1 FROM "{table}" WHERE {where} LIMIT 1')).first():
        return
    connection.exec_driver_sql(
        "INSERT INTO edit(step_id, kind, record_id, action, before) "
        f"SELECT {session.step_id}, '{table}', id, 'deleted', {_as_json(kind)} FROM \"{table}\" WHERE {where}"
    )
    derived.forget_where(connection, kind, where)
    connection.exec_driver_sql(f'DELETE FROM "{table}" WHERE {where}')
    session.removed.add(kind)


def restore(session: Change, kind: type[Record], which: str) -> None:
    """Put back the records of this kind whose deletions `which` (SQL on edit) holds, with their ids and references.

    Refused, if one of them was brought back meanwhile.
    """
    table, connection = kind.__tablename__, session.connection()
    mine = f"FROM edit WHERE {which} AND kind = '{table}' AND action = 'deleted'"
    if not connection.execute(text(f"SELECT 1 {mine} LIMIT 1")).first():
        return
    back = connection.execute(
        text(f'SELECT reference FROM "{table}" WHERE id IN (SELECT record_id {mine}) LIMIT 1')
    ).scalar()
    if back is not None:
        raise Refused(f"{kind.noun} {back} was brought back since, so there is nothing to put back.")
    names = ["reference", *kind.fields(), "own"]
    columns = ", ".join(f'"{name}"' for name in names)
    values = ", ".join(f"json_extract(before, '$.{name}')" for name in names)
    connection.exec_driver_sql(
        f'INSERT INTO "{table}"(id, version, {columns}) '
        f"SELECT record_id, json_extract(before, '$.version') + 1, {values} {mine}"
    )
    where = f"id IN (SELECT record_id {mine})"
    own.strip(session, kind, where)
    session.added.setdefault(kind, []).append(where)
    rows = connection.execute(select(table_of(kind)).where(text(where))).mappings()
    for batch in rows.partitions(_BATCH):
        session.warn_many(kind, {row["id"]: standing_problems(kind, row) for row in batch})


@cache
def _as_json(kind: type[Record]) -> str:
    parts = ["'reference', reference", "'version', version", "'own', json(own)"]
    for name, field in kind.fields().items():
        column = f'"{name}"'
        parts.append(f"'{name}', {f'json({column})' if field.kind in (Kind.MANY, Kind.EXTRA) else column}")
    return f"json_object({', '.join(parts)})"
