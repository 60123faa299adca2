"""The bin: what was deleted and stands deleted, and bringing one back. It is the history read in another way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, case, false, select, text
from sqlalchemy.orm import Session, aliased

from grants_app import wording
from grants_app.errors import Refused
from grants_app.records import RECORDS, Kind, Record, kind_named
from grants_app.records.history import Edit, Step
from grants_app.store import references, undoing
from grants_app.store.store import Store
from grants_app.store.trail import Change


@dataclass(frozen=True, slots=True)
class Deletion:
    """One deleted record: its kind, id, reference and name; who deleted it, when (UTC), in which step and entry."""

    kind: type[Record]
    id: int
    reference: str
    name: str
    who: str
    when: datetime
    words: str
    step_id: int
    edit_id: int


def deletions(
    session: Session, kind: type[Record] | None = None, *, limit: int = 200, before: int | None = None
) -> list[Deletion]:
    """What stands deleted, newest first, of one kind or of all; `before` is the `edit_id` where the last page ended.

    Creations that were undone are among them: whoever looks for what is gone does not ask how it went.
    """
    statement = _standing(RECORDS if kind is None else (kind,))
    if before is not None:
        statement = statement.where(Edit.id < before)
    rows = session.execute(statement.order_by(Edit.id.desc()).limit(limit))
    return [_deletion(edit, step) for edit, step in rows]


def bring_back(store: Store, kind: type[Record], id: int) -> str:
    """Put a deleted record back as it was, with its id and reference, as a step of its own; its reference.

    Refused, if it is not deleted, or refers to a record that is deleted too.
    """
    noun = kind.noun.lower()
    with store.change(f"Bring back {noun}") as session:
        found = session.execute(_deletion_of(kind, id)).first()
        if found is None:
            raise Refused(f"This {noun} is not in the bin: it was brought back already.")
        edit = found[0]
        reference = str((edit.before or {})["reference"])
        _refuse_without(session, kind, edit, reference)
        undoing.put_back_rows(session, kind, f"id = {edit.id}")
        session.words = f"Bring back {noun} {reference}"
    return reference


def _standing(kinds: Sequence[type[Record]]) -> Select[Edit, Step]:
    """The last deletion of each record of these kinds that is not there."""
    later = aliased(Edit)
    again = select(later.id).where(
        later.kind == Edit.kind, later.record_id == Edit.record_id, later.id > Edit.id, later.action == "deleted"
    )
    # A case and not an or, and the action written out and not bound: so the index of deletions is used.
    gone = case(
        *(
            (Edit.kind == kind.__tablename__, ~select(kind.id).where(kind.id == Edit.record_id).exists())
            for kind in kinds
        ),
        else_=false(),
    )
    deleted = text("edit.action = 'deleted'")
    return select(Edit, Step).join(Step, Step.id == Edit.step_id).where(deleted, gone, ~again.exists())


def _deletion_of(kind: type[Record], id: int) -> Select[Edit, Step]:
    return _standing((kind,)).where(Edit.kind == kind.__tablename__, Edit.record_id == id)


def _deletion(edit: Edit, step: Step) -> Deletion:
    kind = kind_named(edit.kind)
    assert kind is not None
    before = edit.before or {}
    reference = str(before.get("reference", ""))
    name = str(before.get(kind.caption) or reference)
    return Deletion(kind, edit.record_id, reference, name, step.officer, step.at, step.words, step.id, edit.id)


def _refuse_without(session: Change, kind: type[Record], edit: Edit, reference: str) -> None:
    """Refuse to bring back a record that refers to one that is not there."""
    before = edit.before or {}
    missing: list[str] = []
    for name, field in kind.fields().items():
        value = before.get(name)
        if field.kind is Kind.LINK and value is not None:
            missing += _gone_link(session, kind_named(field.to), int(value))
        elif value and (field.kind is Kind.ABOUT or (field.kind is Kind.MANY and field.to)):
            missing += [each for each in ([value] if isinstance(value, str) else value) if _gone(session, each)]
    if missing:
        raise Refused(
            f"{kind.noun} {reference} refers to {wording.listed(missing)}, deleted too: bring that back first."
        )


def _gone_link(session: Change, to: type[Record] | None, id: int) -> list[str]:
    assert to is not None
    if session.scalar(select(to.id).where(to.id == id)) is not None:
        return []
    found = session.execute(_deletion_of(to, id)).first()
    return [str((found[0].before or {}).get("reference"))] if found else [f"a {to.noun.lower()}"]


def _gone(session: Change, reference: str) -> bool:
    kind = references.kind_of(reference)
    return session.scalar(select(kind.id).where(kind.reference == reference)) is None
