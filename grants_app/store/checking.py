"""Whether a file is whole: its structure, history, links, references, totals, search index and documents."""

import hashlib
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from grants_app import wording
from grants_app.errors import Refused
from grants_app.records import RECORDS, Document, Kind, Programme, Record
from grants_app.records.base import Stored
from grants_app.records.history import Setting
from grants_app.store import checking_derived, opening, own, references
from grants_app.store.checking_derived import EXAMPLES, column, holders, number
from grants_app.store.driver import Progress, interruptible, no_progress
from grants_app.store.store import Store

Part = Callable[[Session], Iterator[str]]


def check(store: Store, progress: Progress = no_progress) -> list[str]:
    """What is wrong with the file, a sentence each; empty when all is well.

    It reads one unchanging view, changes nothing, and holds few rows at a time, however large the file. `progress`
    counts parts and may raise Cancelled. Refused for a file of a newer version. A file that is damaged in its structure
    is not looked at further.
    """
    parts = _parts()
    found: list[str] = []
    with store.reading() as session:
        bare_connection = session.connection().connection.driver_connection
        if session.connection().exec_driver_sql("PRAGMA user_version").scalar_one() > opening.FORMAT:
            raise Refused(store.read_only)
        for place, part in enumerate(parts):
            progress(place, len(parts))
            with interruptible(bare_connection, partial(progress, place, len(parts))):
                broken = _looked(session, part)
            found += broken
            if broken and part is _structure:
                break
        progress(len(parts), len(parts))
    return found


def _parts() -> list[Part]:
    each = [partial(_records, kind=kind) for kind in RECORDS]
    links = [partial(checking_derived.links, kind=kind) for kind in RECORDS]
    warned = [partial(checking_derived.warnings, kind=kind) for kind in RECORDS]
    return [
        _structure,
        _history,
        *each,
        *links,
        *warned,
        checking_derived.totals,
        checking_derived.search_rows,
        checking_derived.search_words,
        _documents,
    ]


def _looked(session: Session, part: Part) -> list[str]:
    try:
        return list(part(session))
    except (DBAPIError, UnicodeDecodeError) as error:
        said = str(getattr(error, "orig", error))
        if isinstance(error, DBAPIError) and "malformed" not in said:
            raise
        return [f"The file is damaged ({said}): restore the latest backup."]


def _structure(session: Session) -> Iterator[str]:
    run = session.connection().exec_driver_sql
    for (said,) in run("PRAGMA integrity_check(20)"):
        if said != "ok":
            yield f"The file is damaged ({said}): restore the latest backup."
    present = {name for (name,) in run("SELECT name FROM sqlite_master WHERE type IN ('table', 'index')")}
    tables = Stored.metadata.sorted_tables
    wanted = {table.name for table in tables} | {str(index.name) for table in tables for index in table.indexes}
    wanted |= own.indexes(session).keys()
    if wanted - present:
        yield f"The file lacks {wording.listed(sorted(wanted - present))}: restore the latest backup."


def _records(session: Session, *, kind: type[Record]) -> Iterator[str]:
    """Of one kind: versions, references, creations in the history, links, references in fields."""
    table = f'"{kind.__tablename__}"'
    last = "SELECT 1 FROM counter c WHERE c.prefix = rtrim(rtrim(t.reference, '0123456789'), '-') AND c.last >= "
    known = f"{last} CAST(substr(t.reference, length(rtrim(t.reference, '0123456789')) + 1) AS INTEGER)"
    if kind is Programme:
        known = "SELECT 1 FROM counter c WHERE c.prefix = 'programme ' || t.reference"
    mine = f"e.kind = '{kind.__tablename__}' AND e.record_id = t.id"
    for what, condition in (
        ("Without a version", "t.version < 1"),
        ("With a reference that was never given out", f"NOT EXISTS ({known})"),
        (
            "Not made by any step of the history",
            f"NOT EXISTS (SELECT 1 FROM edit e WHERE {mine} AND action = 'created')",
        ),
        (
            "With an id that may be given again",
            f"t.id > (SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = '{kind.__tablename__}')",
        ),
    ):
        named = holders(kind, column(session, f"SELECT t.reference FROM {table} t WHERE {condition}"))
        if named:
            yield f"{what}: {named}."
    if stray := holders(kind, own.misfits(session, kind)):
        yield f"With something in a column that is not there: {stray}."
    for field in kind.fields().values():
        if field.kind is Kind.LINK:
            yield from _links_stand(session, kind, field.name, field.label, field.to)
        elif field.kind is Kind.ABOUT or (field.kind is Kind.MANY and field.to):
            yield from _references_stand(session, kind, field.name, field.label, several=field.kind is Kind.MANY)


def _links_stand(session: Session, kind: type[Record], name: str, label: str, to: str) -> Iterator[str]:
    gone = f't."{name}" IS NOT NULL AND NOT EXISTS (SELECT 1 FROM "{to}" o WHERE o.id = t."{name}")'
    named = holders(kind, column(session, f'SELECT t.reference FROM "{kind.__tablename__}" t WHERE {gone}'))
    if named:
        yield f"{label} leads to a record that is not there: {named}."


def _references_stand(session: Session, kind: type[Record], name: str, label: str, *, several: bool) -> Iterator[str]:
    table = kind.__tablename__
    if several:
        values = f"SELECT DISTINCT value FROM link WHERE kind = '{table}' AND field = '{name}'"
        holding = f"id IN (SELECT record_id FROM link WHERE kind = '{table}' AND field = '{name}' AND value = ?)"
    else:
        values = f'SELECT DISTINCT "{name}" FROM "{table}" WHERE "{name}" IS NOT NULL'
        holding = f'"{name}" = ?'
    for missing in islice(_missing(session, column(session, values)), EXAMPLES):
        found = column(session, f'SELECT reference FROM "{table}" WHERE {holding}', missing)
        yield f"{label} names {missing}, which is not there: {holders(kind, found)}."


def _missing(session: Session, values: Iterator[str]) -> Iterator[str]:
    while batch := list(islice(values, 500)):
        by_kind: dict[type[Record], list[str]] = {}
        for value in batch:
            by_kind.setdefault(references.kind_of(value), []).append(value)
        for kind, wanted in by_kind.items():
            marks = ",".join("?" * len(wanted))
            found = f'SELECT reference FROM "{kind.__tablename__}" WHERE reference IN ({marks})'
            there = set(column(session, found, *wanted))
            yield from (value for value in wanted if value not in there)


def _history(session: Session) -> Iterator[str]:
    nouns = {kind.__tablename__: kind.plural for kind in RECORDS} | {Setting.__tablename__: "Settings"}
    for table, noun in nouns.items():
        later = "SELECT 1 FROM edit d WHERE d.kind = e.kind AND d.record_id = e.record_id AND d.id > e.id"
        there = f'SELECT 1 FROM "{table}" t WHERE t.id = e.record_id'
        gone = f"NOT EXISTS ({there}) AND NOT EXISTS ({later} AND d.action = 'deleted')"
        lost = f"SELECT count(*) FROM edit e WHERE e.kind = '{table}' AND e.action = 'created' AND {gone}"
        if lost_ones := number(session, lost):
            yield f"{noun} that the history tells of are gone, and no step deleted them: {lost_ones:,}."
    words = ", ".join(f"'{table}'" for table in nouns)
    taken_back = "SELECT 1 FROM step u WHERE u.id = s.undone_by AND u.undoes = s.id"
    for what, number_of in (
        ("Entries of the history for an unknown kind of record", f"edit WHERE kind NOT IN ({words})"),
        (
            "Entries of the history that belong to no step",
            "edit e WHERE NOT EXISTS (SELECT 1 FROM step WHERE id = e.step_id)",
        ),
        (
            "Steps of the history that changed nothing",
            "step s WHERE NOT EXISTS (SELECT 1 FROM edit WHERE step_id = s.id)",
        ),
        (
            "Steps marked as undone that no step undid",
            f"step s WHERE undone_by IS NOT NULL AND NOT EXISTS ({taken_back})",
        ),
    ):
        if wrong := number(session, f"SELECT count(*) FROM {number_of}"):
            yield f"{what}: {wrong:,}."


def _documents(session: Session) -> Iterator[str]:
    bytes_of = "SELECT 1 FROM blob b WHERE b.sha256 = "
    named = holders(
        Document, column(session, f"SELECT reference FROM document d WHERE NOT EXISTS ({bytes_of} d.sha256)")
    )
    if named:
        yield f"The file itself is missing: {named}."
    wrong = "SELECT reference FROM document d JOIN blob b ON b.sha256 = d.sha256 WHERE d.size <> length(b.bytes)"
    named = holders(Document, column(session, wrong))
    if named:
        yield f"The file is of another size than noted: {named}."
    undoable = "kind = 'document' AND action = 'deleted' AND json_extract(before, '$.sha256') IS NOT NULL"
    lost = f"SELECT count(*) FROM edit WHERE {undoable} AND NOT EXISTS ({bytes_of} json_extract(before, '$.sha256'))"
    if lost_files := number(session, lost):
        yield f"Deleted documents that could not be brought back, their files being gone: {lost_files:,}."
    for sha256, whole in session.connection().exec_driver_sql("SELECT sha256, bytes FROM blob"):
        if hashlib.sha256(whole).hexdigest() != sha256:
            found = column(session, "SELECT reference FROM document WHERE sha256 = ?", sha256)
            yield f"The file has changed since it was attached: {holders(Document, found) or 'a deleted document'}."
