"""Anonymising: the one act that rewrites history, so that a person is gone from the file; it cannot be undone."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from grants_app.errors import Refused
from grants_app.operations import editing
from grants_app.operations.moving import load, needed
from grants_app.records import Document, Field, Kind, Record
from grants_app.records.base import table_of
from grants_app.records.history import Draft, Edit
from grants_app.store import Change, Store, backup, own, search

BLANK = "Anonymised"
"""What stands where a name must stand."""
_MOST = 50


@dataclass(frozen=True, slots=True)
class Anonymised:
    """What was done, and what the officer has yet to see to.

    `edits`, `drafts`: how many were rewritten or dropped. `mentions`: references of records whose words still hold what
    was blanked. `documents`: references of files kept with the record. `backups`: where the person still stands, and
    the day on which each goes.
    """

    reference: str
    edits: int
    drafts: int
    mentions: tuple[str, ...]
    documents: tuple[str, ...]
    backups: tuple[tuple[Path, date], ...]


def anonymise(store: Store, kind: type[Record], id: int, reason: str) -> Anonymised:
    """Blank a record's personal fields, in it, in every Edit of it, in drafts and in the search index; with a reason.

    Text in columns of the officers' own goes with them, for nobody has said whether it names the person.

    The record, its steps and every total stay. It cannot be undone, and undoing an earlier step brings nothing of the
    person back. Signatures (who decided, who requested) are an officer's acts and stay. Refused for a kind of record
    that holds nothing personal.
    """
    personal = [field for field in kind.fields().values() if field.personal]
    if not personal:
        raise Refused(f"{kind.plural} hold nothing personal.")
    with store.change(f"Anonymise {kind.noun.lower()}", final=True, reason=needed(reason)) as session:
        session.connection().exec_driver_sql("PRAGMA secure_delete = ON")
        record = load(session, kind, id)
        personal += [field for field in own.columns(session, kind) if field.kind in (Kind.TEXT, Kind.LONG)]
        words = _words(record.get(field.name) for field in personal)
        _blank(session, record, personal)
        edits, drafts = _rewrite(session, record, personal), _drop_drafts(session, kind, words)
        documents = session.scalars(select(Document.reference).where(Document.about == record.reference)).all()
        session.words = f"Anonymise {editing.called(record)}"
    _scrub(store)
    with store.reading() as session:
        mentions = tuple(_mentions(session, record, words))
    backups = tuple((each.path, each.goes_on.date()) for each in backup.listed(store.path))
    return Anonymised(record.reference, edits, drafts, mentions, tuple(documents), backups)


def _words(values: Iterable[Any]) -> list[str]:
    return [value for value in values if isinstance(value, str) and value not in ("", BLANK)]


def _blank(session: Change, record: Record, personal: Iterable[Field]) -> None:
    """Blank the fields; the step's own Edit names them and holds neither what was nor what is."""
    for field in personal:
        record.put(field.name, BLANK if field.required else None)
    session.flush()
    trace = session.traces.get((type(record), record.id))
    if trace is not None:
        for field in personal:
            if field.name in trace.after:
                trace.before[field.name], trace.after[field.name] = None, BLANK


def _rewrite(session: Session, record: Record, personal: Iterable[Field]) -> int:
    """Blank the personal fields in the record's Edits; how many held any."""
    names = [field.name for field in personal]
    count = 0
    of = select(Edit.id, Edit.before, Edit.after).where(Edit.kind == record.__tablename__, Edit.record_id == record.id)
    for edit, before, after in session.execute(of).all():
        each = (before, after, (before or {}).get("own"))
        held = [values for values in each if values and any(values.get(name) for name in names)]
        for values in held:
            values.update({name: BLANK for name in names if values.get(name)})
        if held:
            count += 1
            statement = update(table_of(Edit)).where(Edit.id == edit).values(before=before, after=after)
            session.connection().execute(statement)
    return count


def _drop_drafts(session: Session, kind: type[Record], words: list[str]) -> int:
    """Drop half-filled records of that kind that hold any of the words; how many."""
    found = [
        draft
        for draft in session.scalars(select(Draft).where(Draft.kind == kind.__tablename__))
        if any(word.casefold() in json.dumps(draft.typed, ensure_ascii=False).casefold() for word in words)
    ]
    for draft in found:
        session.delete(draft)
    return len(found)


def _mentions(session: Session, record: Record, words: list[str]) -> Iterable[str]:
    """Other records that hold one of the words; those longer than a name or an address are not looked for."""
    seen: set[tuple[type[Record], int]] = {(type(record), record.id)}
    for word in words:
        if len(word) > 80 or len(seen) > _MOST:
            continue
        for key in search.find(session, word, limit=_MOST):
            found = session.get_one(*key)
            if key not in seen and _holds(found, word):
                seen.add(key)
                yield found.reference


def _holds(record: Record, word: str) -> bool:
    texts = [field.name for field in type(record).fields().values() if field.kind in (Kind.TEXT, Kind.LONG)]
    held = [*(getattr(record, name) for name in texts), *(record.own or {}).values()]
    return any(word.casefold() in str(value or "").casefold() for value in held)


def _scrub(store: Store) -> None:
    """Clear what SQLite leaves behind: words in the search index, overwritten pages in the write-ahead log."""
    with store.change("Clear the search index") as session:
        session.connection().execute(text("INSERT INTO search(search) VALUES('optimize')"))
    connection = store.engine.raw_connection()
    try:
        connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()
