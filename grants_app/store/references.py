"""References: the next number of each prefix, given once and never again."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from grants_app import wording
from grants_app.errors import Refused
from grants_app.records import RECORDS, Grant, Programme, Record
from grants_app.records.history import Counter


def reserve(session: Session, prefix: str, count: int = 1) -> int:
    """The first of `count` numbers that from now on are taken for that prefix."""
    connection = session.connection()
    statement = insert(Counter).values(prefix=prefix, last=count)
    statement = statement.on_conflict_do_update(index_elements=["prefix"], set_={"last": Counter.last + count})
    last = connection.execute(statement.returning(Counter.last)).scalar_one()
    return int(last) - count + 1


def give(session: Session, record: Record) -> None:
    """Give a new record its reference; a programme's is its short name, which no other may have."""
    if record.reference:
        return
    if isinstance(record, Programme):
        record.reference = _own_code(session, record.code)
        return
    prefix, digits = _prefix(session, type(record), record.__dict__.get("programme_id"))
    record.reference = f"{prefix}-{reserve(session, prefix):0{digits}d}"


def give_many(session: Session, kind: type[Record], rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """References for many new rows, in their order; for a programme, its short name."""
    listed = list(rows)
    if kind is Programme:
        return [_own_code(session, row["code"]) for row in listed]
    wanted: dict[int | None, list[int]] = {}
    for place, row in enumerate(listed):
        wanted.setdefault(row["programme_id"] if kind is Grant else None, []).append(place)
    references = [""] * len(listed)
    for programme_id, places in wanted.items():
        prefix, digits = _prefix(session, kind, programme_id)
        first = reserve(session, prefix, len(places))
        for offset, place in enumerate(places):
            references[place] = f"{prefix}-{first + offset:0{digits}d}"
    return references


def kind_of(reference: str) -> type[Record]:
    """The kind of record that a reference names: by its prefix, else a grant, or a programme by its short name."""
    prefix, hyphen, _ = reference.rpartition("-")
    if not hyphen:
        return Programme
    return next((kind for kind in RECORDS if kind.prefix == prefix and kind not in (Grant, Programme)), Grant)


def find(session: Session, reference: str, kind: type[Record] | None = None) -> Record:
    """The record of that reference, in any case of letters; Refused if there is none, or it is of another kind."""
    wanted = wording.writable(reference).strip().upper()
    named = kind_of(wanted)
    if kind is not None and kind is not named:
        named = kind
    found = session.scalars(select(named).where(named.reference == wanted)).one_or_none()
    if found is None:
        raise Refused(f"There is no {named.noun.lower()} “{reference}” in this file.")
    return found


def _prefix(session: Session, kind: type[Record], programme_id: int | None) -> tuple[str, int]:
    if kind is not Grant:
        return kind.prefix, kind.digits
    programme = session.get(Programme, programme_id) if programme_id else None
    if programme is None:
        raise Refused("Programme is needed: a grant's reference begins with its programme's short name.")
    return programme.reference, kind.digits


def _own_code(session: Session, code: str | None) -> str:
    taken = {kind.prefix for kind in RECORDS}
    if not code:
        raise Refused("Short name is needed: two to eight capital letters and digits, such as CVE.")
    if code in taken:
        raise Refused(f"“{code}” begins other references already: choose another short name.")
    last = session.connection().execute(select(Counter.last).where(Counter.prefix == f"programme {code}")).scalar()
    if last:
        raise Refused(f"The short name “{code}” has been used already: choose another.")
    reserve(session, f"programme {code}")
    return code
