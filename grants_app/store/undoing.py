"""Undo and redo: a step taken back by a new step, from the history, so that it survives a restart.

Records that were made or deleted are taken away and brought back in SQL alone, so that memory stays bounded.
"""

from collections.abc import Iterator
from functools import cache
from itertools import groupby, islice
from types import SimpleNamespace
from typing import Any

from sqlalchemy import bindparam, func, select, text, update
from sqlalchemy.orm import Session, aliased

from grants_app import wording
from grants_app.errors import Refused
from grants_app.records import RECORDS, Kind, Record
from grants_app.records.base import table_of
from grants_app.records.fields import OWN, own_merged
from grants_app.records.history import Edit, Setting, Step
from grants_app.store import derived, own
from grants_app.store.driver import Progress, no_progress
from grants_app.store.store import Store
from grants_app.store.trail import Change, kind_or_setting
from grants_app.store.validation import settled_said, standing_problems

_BATCH = 500
_MANY = 5000


def last_step(session: Session, officer: str) -> Step | None:
    """What Ctrl+Z takes back: this officer's latest step that is neither an undo nor undone."""
    mine = select(Step).where(Step.officer == officer, Step.undoes.is_(None), Step.undone_by.is_(None))
    return session.scalars(mine.order_by(Step.id.desc()).limit(1)).first()


def last_undo(session: Session, officer: str) -> Step | None:
    """What Ctrl+Y does again: this officer's latest undo, if they have done nothing else since."""
    mine = select(Step).where(Step.officer == officer).order_by(Step.id.desc())
    for step in session.scalars(mine.limit(200)):
        if step.undoes is None:
            return None
        undone = session.get(Step, step.undoes)
        if undone is not None and undone.undoes is None and step.undone_by is None:
            return step
    return None


def undo(
    store: Store, step_id: int | None = None, *, reason: str | None = None, progress: Progress = no_progress
) -> str:
    """Put back what a step changed, as a new step; refuse if anything changed since. Says what was undone.

    Without a step: this officer's latest. A step that decided, approved, sent or paid is refused: it is reversed,
    with a reason, by its own verb.
    """
    with store.reading() as session:
        step = session.get(Step, step_id) if step_id else last_step(session, store.officer)
        if step is None:
            raise Refused("There is nothing of yours to undo." if step_id is None else f"There is no step {step_id}.")
        if step.final:
            raise Refused(f"“{step.words}” cannot be undone: it is reversed, with a reason, by a step of its own.")
        if step.undone_by is not None:
            raise Refused(f"“{step.words}” is undone already.")
        if step.officer != store.officer:
            raise Refused(f"“{step.words}” is a step of {step.officer}: only they can undo it.")
        words, target = step.words, step.id
    return _take_back(store, target, f"Undo: {words}", words, reason, progress)


def redo(store: Store, *, progress: Progress = no_progress) -> str:
    """Do again what this officer undid last, if they have done nothing else since. Says what was done again.

    Where nobody has, the file comes to stand as it stood, so what was accepted then (history that an import brought)
    is held to no rule again.
    """
    with store.reading() as session:
        step = last_undo(session, store.officer)
        if step is None:
            raise Refused("There is nothing to do again.")
        words, target = step.words.removeprefix("Undo: "), step.id
    return _take_back(store, target, f"Redo: {words}", words, None, progress, again=True)


def _take_back(
    store: Store, target: int, title: str, words: str, reason: str | None, progress: Progress, *, again: bool = False
) -> str:
    with store.change(title, reason=reason, undoes=target) as session:
        session.lenient = again and session.scalar(select(func.max(Step.id))) == target
        if session.execute(select(Step.undone_by).where(Step.id == target)).scalar_one() is not None:
            raise Refused(f"“{words}” is undone already.")
        _refuse_if_touched(session, target)
        _refuse_if_referred(session, target)
        # records of one import refer to each other both ways: the links are checked when all is taken back
        session.connection().exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        columns = own.every(session)
        _put_back_settings(session, target)
        kinds = set(session.scalars(select(Edit.kind).where(Edit.step_id == target).distinct()))
        ordered = [kind for kind in RECORDS if kind.__tablename__ in kinds]
        for kind in ordered:
            put_back_rows(session, kind, f"step_id = {target}")
        for kind in ordered:
            _put_back_own(session, kind, target)
        _put_back_changes(session, target, progress)
        for place, kind in enumerate(reversed(ordered)):
            _take_away(session, kind, target)
            progress(place + 1, len(ordered))
        own.refuse_filled(session, columns - own.every(session))
    return words


def _refuse_if_touched(session: Session, target: int) -> None:
    """Refuse to take back a creation that a later step, itself still standing, touched."""
    mine, later, step = aliased(Edit), aliased(Edit), aliased(Step)
    found = session.execute(
        select(step.officer, step.at, step.words, later.kind, later.record_id)
        .join(later, later.step_id == step.id)
        .join(mine, (mine.kind == later.kind) & (mine.record_id == later.record_id))
        .where(
            mine.step_id == target,
            mine.action == "created",
            step.id > target,
            step.undoes.is_(None),
            step.undone_by.is_(None),
        )
        .limit(1)
    ).first()
    if found is not None:
        who, when, words, kind, record_id = found
        name = _name(session, kind, record_id)
        raise Refused(
            f"{name} was changed since by {who}, {wording.instant_text(when)} (“{words}”), "
            "so its creation cannot be taken back: undo that first."
        )


def _refuse_if_referred(session: Session, target: int) -> None:
    """Refuse to take back a creation that a record refers to which this step neither made nor changed, so puts back."""
    created = set(session.scalars(select(Edit.kind).where(Edit.step_id == target, Edit.action == "created").distinct()))
    for kind in RECORDS:
        if kind.__tablename__ not in created:
            continue
        mine = f"SELECT record_id FROM edit WHERE step_id = {target} AND action = 'created' AND kind = "
        named = f"SELECT reference FROM \"{kind.__tablename__}\" WHERE id IN ({mine}'{kind.__tablename__}')"
        for other, condition in referring(kind, f"{mine}'{kind.__tablename__}'", named):
            own = f"SELECT record_id FROM edit WHERE step_id = {target} AND kind = '{other.__tablename__}'"
            outside = f"id NOT IN ({own} AND action <> 'deleted')"
            found = session.execute(
                text(f'SELECT reference FROM "{other.__tablename__}" WHERE {condition} AND {outside} LIMIT 1')
            ).scalar()
            if found is not None:
                raise Refused(
                    f"{other.noun} {found} refers to what this step made, "
                    f"so it cannot be taken back: change {found} first."
                )


def referring(kind: type[Record], ids: str, references: str) -> Iterator[tuple[type[Record], str]]:
    """Where records of any kind may refer to records of this one: the other kind, and its SQL condition.

    `ids` and `references` are SQL (a select, or values) of the records referred to.
    """
    for other in RECORDS:
        for name, field in other.fields().items():
            if field.kind is Kind.LINK and field.to == kind.__tablename__:
                yield other, f'"{name}" IN ({ids})'
            elif field.kind is Kind.ABOUT:
                yield other, f'"{name}" IN ({references})'
            elif field.kind is Kind.MANY and field.to in (kind.__tablename__, "any"):
                link = f"SELECT record_id FROM link WHERE kind = '{other.__tablename__}' AND field = '{name}'"
                yield other, f"id IN ({link} AND value IN ({references}))"


def _put_back_changes(session: Change, target: int, progress: Progress) -> None:
    changed = (Edit.step_id == target, Edit.action == "changed", Edit.kind != Setting.__tablename__)
    these = select(Edit).where(*changed, text(f"NOT ({own.ONLY})"))
    of = session.scalar(select(func.count()).select_from(these.subquery())) or 0
    edits = session.scalars(these.order_by(Edit.kind, Edit.id).execution_options(yield_per=_BATCH))
    done = 0
    for table, group in groupby(edits, key=lambda edit: edit.kind):
        kind = kind_or_setting(table)
        assert issubclass(kind, Record)
        while batch := list(islice(group, _BATCH)):
            _put_back(session, kind, batch)
            done += len(batch)
            progress(done, of)


def _put_back(session: Change, kind: type[Record], edits: list[Edit]) -> None:
    chosen = select(table_of(kind)).where(kind.id.in_([edit.record_id for edit in edits]))
    rows = {row["id"]: row for row in session.execute(chosen).mappings()}
    written: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for edit in edits:
        row = rows.get(edit.record_id)
        if row is None:
            raise Refused(f"{kind.noun} was deleted since, so this cannot be undone: take back the deletion first.")
        values = _values_before(session, kind, edit, row)
        held = {f"new_{name}": value for name, value in values.items()}
        written.setdefault(tuple(values), []).append({"of": edit.record_id, "was": row["version"] + 1, **held})
        session.warnings[kind, edit.record_id] = standing_problems(kind, {**row, **values})
    for names, held_before in written.items():
        put: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names}
        statement = update(table_of(kind)).where(kind.id == bindparam("of")).values(**put, version=bindparam("was"))
        session.connection().execute(statement, held_before)


def _values_before(session: Change, kind: type[Record], edit: Edit, row: Any) -> dict[str, Any]:
    """What a record held before an edit, noted as changed back; Refused where it was changed or settled since."""
    before, after, fields = edit.before or {}, edit.after or {}, kind.fields()
    now = {name: fields[name].stored(row[name]) for name in after if name in fields}
    now |= {name: (row["own"] or {}).get(name) for name in after if name.startswith(OWN)}
    own.refuse_unknown(session, kind, [name for name in now if before.get(name) is not None])
    for name, value in now.items():
        if value != after[name]:
            raise _changed_since(session, edit, kind, name, row["reference"])
    standing = SimpleNamespace(**row)
    for name in now.keys() & set(kind.settled(standing)):
        raise Refused(f"{row['reference']}: {settled_said(kind, name, standing)}.")
    session.trace(kind, edit.record_id, "changed", now, {name: before.get(name) for name in now})
    values: dict[str, Any] = {name: fields[name].restored(before.get(name)) for name in now if name in fields}
    if len(values) < len(now):
        values["own"] = own_merged(row["own"], {n: kind.field_of(n).restored(before.get(n)) for n in now})
    return values


def _put_back_own(session: Change, kind: type[Record], target: int) -> None:
    """Take back what the step did to own columns of records alone: of a million records, if need be."""
    found = own.changed_since(session, kind, target)
    if found is not None:
        edit, name, reference = found
        if reference is None:
            raise Refused(f"{kind.noun} was deleted since, so this cannot be undone: take back the deletion first.")
        raise _changed_since(session, session.get_one(Edit, edit), kind, name, reference)
    own.put_back(session, kind, target)


def _changed_since(session: Session, edit: Edit, kind: type[Record], name: str, reference: str) -> Refused:
    later = (
        select(Edit, Step)
        .join(Step, Step.id == Edit.step_id)
        .where(Edit.kind == edit.kind, Edit.record_id == edit.record_id, Edit.id > edit.id)
    )
    for found, step in session.execute(later.order_by(Edit.id.desc())):
        if name in (found.after or {}):
            who = f"by {step.officer}, {wording.instant_text(step.at)} (“{step.words}”)"
            return Refused(
                f"{kind.field_of(name).label} of {reference} was changed since {who}, "
                "so this cannot be undone: undo that first."
            )
    return Refused(f"{kind.field_of(name).label} of {reference} was changed since, so this cannot be undone.")


def _put_back_settings(session: Change, target: int) -> None:
    for edit in session.scalars(select(Edit).where(Edit.step_id == target, Edit.kind == Setting.__tablename__)).all():
        setting = session.get(Setting, edit.record_id)
        if edit.action == "created" and setting is not None:
            session.delete(setting)
        elif edit.action == "deleted":
            session.add(Setting(id=edit.record_id, **(edit.before or {})))
        elif setting is not None:
            if setting.value != (edit.after or {}).get("value"):
                raise Refused(f"The setting “{setting.name}” was changed since, so this cannot be undone.")
            setting.value = (edit.before or {})["value"]


def _name(session: Session, table: str, record_id: int) -> str:
    kind = kind_or_setting(table)
    if not issubclass(kind, Record):
        return "A setting"
    return f"{kind.noun} {session.scalar(select(kind.reference).where(kind.id == record_id)) or ''}".strip()


def _take_away(session: Change, kind: type[Record], target: int) -> None:
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


def put_back_rows(session: Change, kind: type[Record], which: str) -> None:
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
    for batch in rows.partitions(_MANY):
        session.warn_many(kind, {row["id"]: standing_problems(kind, row) for row in batch})


@cache
def _as_json(kind: type[Record]) -> str:
    parts = ["'reference', reference", "'version', version", "'own', json(own)"]
    for name, field in kind.fields().items():
        column = f'"{name}"'
        parts.append(f"'{name}', {f'json({column})' if field.kind in (Kind.MANY, Kind.EXTRA) else column}")
    return f"json_object({', '.join(parts)})"
