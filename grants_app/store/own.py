"""Columns of the officers' own: which ones a kind of record has, made, renamed and removed inside a step.

They stand among the file's settings, their values in `Record.own`; an index makes each one quick to sort by.
"""

import json
import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from grants_app import wording
from grants_app.errors import Refused
from grants_app.records import RECORDS, Field, Kind, Record
from grants_app.records.base import own_path
from grants_app.records.fields import OWN, OWN_KINDS, own_field, own_name
from grants_app.records.figures import figures_of
from grants_app.records.history import Setting
from grants_app.store import derived, settings
from grants_app.store.driver import Progress, no_progress
from grants_app.store.trail import Change

SORTS = {
    Kind.TEXT: "Text", Kind.LONG: "Text of several lines", Kind.WHOLE: "Whole number", Kind.NUMBER: "Number",
    Kind.MONEY: "Pounds", Kind.DATE: "Date", Kind.YES_NO: "Yes or no", Kind.CHOICE: "List of words",
}  # fmt: skip
"""What a column of their own may hold, as officers choose it."""
_SPAN = 20_000
LONGEST_LABEL, LONGEST_WORD, MOST = 80, 80, 100
"""Letters of a label, and of a word of a list; columns of a kind."""


def columns(session: Session, kind: type[Record]) -> tuple[Field, ...]:
    """The columns of their own that records of this kind have, in the order of their making."""
    return _fields(kind, settings.own_columns(session))


def named(session: Session, kind: type[Record], name: str) -> Field | None:
    """A field of this kind, its own columns included, by its name, key or label; None if there is none."""
    found = None if name.startswith(OWN) else kind.field_named(name)
    wanted = wording.folded(name)
    return found or next(
        (one for one in columns(session, kind) if one.name == name or wording.folded(one.label) == wanted), None
    )


def refuse_unknown(session: Session, kind: type[Record], names: Collection[str]) -> None:
    """Refuse names of own columns that this file has not, or no longer."""
    wanted = [name for name in names if name.startswith(OWN)]
    known = {one.name for one in columns(session, kind)} if wanted else set()
    for name in wanted:
        if name not in known:
            label = field.label if (field := own_field(name)) is not None else name
            raise Refused(f"{kind.plural} have no column “{label}”: it was removed, or renamed.")


def tidied(label: str) -> str:
    """A title as a label may be: on one line, without what a file cannot name a column by, not too long."""
    plain = wording.tidy(wording.writable(label)).replace('"', "”").replace("\\", "/")
    return plain[:LONGEST_LABEL].strip()


def add(session: Change, kind: type[Record], label: str, sort: Kind, choices: Sequence[str] = ()) -> Field:
    """Give records of this kind a column, in this step; the field it makes.

    Refused: a label that is blank, too long, or what a field, figure or column of the kind is called already; a list
    without words, or words that a list cannot hold; more than MOST columns.
    """
    if sort not in OWN_KINDS:
        raise ValueError(sort)
    wanted = _label(session, kind, label)
    if len(columns(session, kind)) >= MOST:
        raise Refused(f"{kind.plural} have {MOST} columns of your own already: remove one first.")
    entry: dict[str, Any] = {"name": own_name(sort, wanted)}
    if sort is Kind.CHOICE:
        entry["choices"] = words_of_list(wanted, choices)
    number = session.scalar(text("SELECT seq FROM sqlite_sequence WHERE name = 'setting'")) or 0
    settings.put(session, f"{settings.OWN_COLUMN}{_table(kind)} {number + 1}", entry)
    session.flush()
    return kind.field_of(entry["name"])


def set_choices(session: Change, kind: type[Record], name: str, choices: Sequence[str]) -> None:
    """Offer these words in a list of their own; records keep the words that they have. Refused as in `add`."""
    refuse_unknown(session, kind, [name])
    words = words_of_list(kind.field_of(name).label, choices)
    _setting(session, kind, name).value = settings.as_json({"name": name, "choices": words})


def rename(session: Change, kind: type[Record], name: str, label: str, progress: Progress = no_progress) -> Field:
    """Call a column otherwise; its values go along, in this step. Refused as in `add`."""
    refuse_unknown(session, kind, [name])
    old = kind.field_of(name)
    wanted = _label(session, kind, label, but=name)
    if wanted == old.label:
        return old
    new = own_name(old.kind, wanted)
    setting = _setting(session, kind, name)
    setting.value = settings.as_json(json.loads(setting.value) | {"name": new})
    value = f"own -> {own_path(name)}"
    before = f"json_object({_quoted(name)}, {value}, {_quoted(new)}, NULL)"
    after = f"json_object({_quoted(name)}, NULL, {_quoted(new)}, {value})"
    left = f"json_set(json_remove(own, {own_path(name)}), {own_path(new)}, {value})"
    _rewrite(session, kind, name, before=before, after=after, left=left, progress=progress)
    return kind.field_of(new)


def remove(session: Change, kind: type[Record], name: str, progress: Progress = no_progress) -> None:
    """Take a column away with all that records hold in it, in this step; undoing it brings both back."""
    refuse_unknown(session, kind, [name])
    session.delete(_setting(session, kind, name))
    before = f"json_object({_quoted(name)}, own -> {own_path(name)})"
    after = f"json_object({_quoted(name)}, NULL)"
    left = f"json_remove(own, {own_path(name)})"
    _rewrite(session, kind, name, before=before, after=after, left=left, progress=progress)
    _refresh_search(session, kind, [name])


def every(session: Session) -> frozenset[tuple[type[Record], str]]:
    """Every column of the file: its kind of record and its name."""
    held = settings.own_columns(session)
    return frozenset((kind, each.name) for kind in RECORDS for each in _fields(kind, held))


def refuse_filled(session: Session, gone: Collection[tuple[type[Record], str]]) -> None:
    """Refuse to take back the making of columns in which records hold something."""
    for kind, name in gone:
        if holding := filled(session, kind, name):
            raise Refused(
                f"{wording.counted(holding, kind.noun.lower(), kind.plural.lower())} hold something in the column "
                f"“{kind.field_of(name).label}”, so its making cannot be undone: remove the column instead."
            )


def filled(session: Session, kind: type[Record], name: str) -> int:
    """How many records hold something in a column."""
    return int(
        session.connection()
        .exec_driver_sql(f'SELECT count(*) FROM "{_table(kind)}" WHERE {_value(name)} IS NOT NULL')
        .scalar_one()
    )


def words_of_list(label: str, choices: Sequence[str]) -> list[str]:
    """The words of a list, tidied; Refused where it has none, one twice, or one that no list can hold."""
    words = [wording.tidy(wording.writable(word)) for word in choices if word.strip()]
    if not words:
        raise Refused(f"The list of {label} needs at least one word.")
    seen: set[str] = set()
    for word in words:
        if len(word) > LONGEST_WORD or ";" in word:
            raise Refused(
                f"“{word[:LONGEST_WORD]}” cannot stand in a list: at most {LONGEST_WORD} letters, no semicolon."
            )
        if wording.folded(word) in seen:
            raise Refused(f"“{word}” stands in the list of {label} twice.")
        seen.add(wording.folded(word))
    return words


ONLY = f"edit.action = 'changed' AND NOT EXISTS (SELECT 1 FROM json_each(edit.after) j WHERE j.key NOT LIKE '{OWN}%')"
"""SQL of an Edit that changed own columns of a record and nothing else of it."""


def changed_since(session: Session, kind: type[Record], target: int) -> tuple[int, str, str | None] | None:
    """Of what step `target` did to own columns alone, one value that was changed since; None where all stand.

    The id of its Edit, the column's name, and the record's reference, None if it is gone.
    """
    now = "(SELECT n.value FROM json_each(t.own) n WHERE n.key = j.key)"
    row = (
        session.connection()
        .exec_driver_sql(
            "SELECT edit.id, j.key, t.reference FROM edit JOIN json_each(edit.after) j "
            f'LEFT JOIN "{_table(kind)}" t ON t.id = edit.record_id '
            f"WHERE {_edits_of(kind, target)} AND (t.id IS NULL OR {now} IS NOT j.value) LIMIT 1"
        )
        .first()
    )
    return None if row is None else (int(row[0]), str(row[1]), row[2])


def put_back(session: Change, kind: type[Record], target: int) -> None:
    """Take back what step `target` did to own columns alone, in SQL, so that memory stays bounded.

    Refused, if a column is gone that was emptied. `changed_since` is asked first.
    """
    run, mine = session.connection().exec_driver_sql, f"FROM edit WHERE {_edits_of(kind, target)}"
    count, first, last = run(f"SELECT count(*), min(edit.record_id), max(edit.record_id) {mine}").one()
    if not count:
        return
    keys = f"SELECT DISTINCT j.key FROM edit, json_each(edit.before) j WHERE {_edits_of(kind, target)}"
    refuse_unknown(session, kind, list(run(f"{keys} AND j.value IS NOT NULL").scalars()))
    run(
        "INSERT INTO edit(step_id, kind, record_id, action, before, after) "
        f"SELECT {session.step_id}, kind, record_id, 'changed', after, before {mine}"
    )
    with _quick(session, kind, count):
        for start in range(first, last + 1, _SPAN):
            span = f"edit.record_id BETWEEN {start} AND {start + _SPAN - 1} AND {_edits_of(kind, session.step_id)}"
            said = f"SELECT edit.record_id, edit.after FROM edit INDEXED BY ix_edit_record WHERE {span}"
            own = "nullif(json_patch(coalesce(own, '{}'), said.after), '{}')"
            run(
                f'UPDATE "{_table(kind)}" SET version = version + 1, own = {own} FROM ({said}) said '
                f'WHERE "{_table(kind)}".id = said.record_id'
            )
    _refresh_search(session, kind, list(run(keys).scalars()))


def indexes(session: Session) -> dict[str, str]:
    """By the name of its index, the SQL of what own columns of this file are sorted by."""
    held = settings.own_columns(session)
    return {
        f"own_{_table(kind)}_{zlib.crc32(each.name.encode()):08x}": f'"{_table(kind)}" ({_value(each.name)})'
        for kind in RECORDS
        for each in _fields(kind, held)
        if each.kind is not Kind.LONG
    }


def keep_indexes(session: Session) -> None:
    """Make and drop indexes, so that each column of the file has its own and none is left of others."""
    run, wanted = session.connection().exec_driver_sql, indexes(session)
    there = set(run("SELECT name FROM sqlite_master WHERE type = 'index' AND name GLOB 'own_*'").scalars())
    for name in sorted(there - wanted.keys()):
        run(f'DROP INDEX "{name}"')
    for name in sorted(wanted.keys() - there):
        run(f'CREATE INDEX "{name}" ON {wanted[name]}')


def strip(session: Session, kind: type[Record], where: str) -> None:
    """Let go of what records that `where` (SQL on id) holds have in columns that are no longer there."""
    kept = f"SELECT json_group_object(j.key, own -> j.fullkey) FROM json_each(own) j WHERE {_known(session, kind)}"
    session.connection().exec_driver_sql(
        f"UPDATE \"{_table(kind)}\" SET own = nullif(({kept}), '{{}}') WHERE {where} AND {_stray(session, kind)}"
    )


def misfits(session: Session, kind: type[Record]) -> Iterator[str]:
    """References of records that hold something in a column that is not there."""
    found = f'SELECT reference FROM "{_table(kind)}" WHERE {_stray(session, kind)}'
    return iter(session.connection().exec_driver_sql(found).scalars())


def _fields(kind: type[Record], held: Mapping[str, Sequence[Mapping[str, Any]]]) -> tuple[Field, ...]:
    found = (own_field(each["name"], _table(kind)) for each in held.get(_table(kind), ()))
    return tuple(field for field in found if field is not None)


def _stray(session: Session, kind: type[Record]) -> str:
    return f"own IS NOT NULL AND EXISTS (SELECT 1 FROM json_each(own) j WHERE NOT ({_known(session, kind)}))"


def _known(session: Session, kind: type[Record]) -> str:
    return f"j.key IN ({', '.join(_quoted(one.name) for one in columns(session, kind))})"


def _label(session: Session, kind: type[Record], label: str, *, but: str = "") -> str:
    wanted = wording.tidy(wording.writable(label))
    if not wanted:
        raise Refused("A column needs a name.")
    if len(wanted) > LONGEST_LABEL or tidied(wanted) != wanted:
        raise Refused(
            f"“{wanted[:LONGEST_LABEL]}” cannot name a column: at most {LONGEST_LABEL} letters, "
            'no straight quotation marks (") and no backslashes.'
        )
    folded = wording.folded(wanted)
    if not folded:
        raise Refused(f"“{wanted}” cannot name a column: it needs a letter or a digit.")
    taken = {"reference": "Reference", "id": "Id", "version": "Version"}
    taken |= {wording.folded(each.label): each.label for each in figures_of(kind).values()}
    for each in kind.fields().values():
        taken |= {wording.folded(word): each.label for word in (each.key, each.name, each.label)}
        if each.kind is Kind.LINK:  # workbooks have a column of that name
            taken[wording.folded(f"{each.label} name")] = f"{each.label} name"
    taken |= {wording.folded(each.label): each.label for each in columns(session, kind) if each.name != but}
    if folded in taken:
        raise Refused(f"{kind.plural} have “{taken[folded]}” already: choose another name.")
    return wanted


def _setting(session: Change, kind: type[Record], name: str) -> Setting:
    mine = select(Setting).where(Setting.name.startswith(f"{settings.OWN_COLUMN}{_table(kind)} "))
    return next(each for each in session.scalars(mine) if json.loads(each.value)["name"] == name)


def _rewrite(
    session: Change, kind: type[Record], name: str, *, before: str, after: str, left: str, progress: Progress
) -> None:
    """Change `own` of every record that holds something in a column to what is `left`, with its Edit; all are SQL."""
    session.flush()
    run, holding = session.connection().exec_driver_sql, f'"{_table(kind)}" WHERE {_value(name)} IS NOT NULL'
    count = run(
        "INSERT INTO edit(step_id, kind, record_id, action, before, after) "
        f"SELECT {session.step_id}, '{_table(kind)}', id, 'changed', {before}, {after} FROM {holding}"
    ).rowcount
    first, last = run(f"SELECT min(id), max(id) FROM {holding}").one() if count else (1, 0)
    with _quick(session, kind, count):
        for start in range(first, last + 1, _SPAN):  # one statement keeps the pages it changes in memory
            among = f"id BETWEEN {start} AND {start + _SPAN - 1} AND {_value(name)} IS NOT NULL"
            run(f"UPDATE \"{_table(kind)}\" SET version = version + 1, own = nullif({left}, '{{}}') WHERE {among}")
            progress(min(start + _SPAN, last + 1) - first, last - first + 1)


@contextmanager
def _quick(session: Change, kind: type[Record], count: int) -> Iterator[None]:
    """Change `own` of so many records: where they are many, its indexes are made anew afterwards."""
    run = session.connection().exec_driver_sql
    if count > _SPAN:
        mine = f"type = 'index' AND tbl_name = '{_table(kind)}' AND name GLOB 'own_*'"
        for index in run(f"SELECT name FROM sqlite_master WHERE {mine}").scalars().all():
            run(f'DROP INDEX "{index}"')
    yield
    keep_indexes(session)
    session.expire_all()
    session.removed.add(kind)


def _refresh_search(session: Change, kind: type[Record], names: Collection[str]) -> None:
    """Let search know what this step did to columns of these names, if any of them hold words; not of a rename."""
    if any(kind.field_of(name).search for name in names):
        before, after = (
            f"(SELECT group_concat(j.value, char(10) ORDER BY j.value) FROM json_each(edit.{side}) j)"
            for side in ("before", "after")
        )
        mine = f"{_edits_of(kind, session.step_id)} AND {before} IS NOT {after}"
        changed = f"id IN (SELECT edit.record_id FROM edit WHERE {mine})"
        derived.refresh(session.connection(), kind, changed, changed={OWN})


def _edits_of(kind: type[Record], target: int) -> str:
    return f"edit.step_id = {target} AND edit.kind = '{_table(kind)}' AND {ONLY}"


def _value(name: str) -> str:
    return f"json_extract(own, {own_path(name)})"


def _table(kind: type[Record]) -> str:
    return str(kind.__tablename__)


def _quoted(words: str) -> str:
    doubled = words.replace("'", "''")
    return f"'{doubled}'"
