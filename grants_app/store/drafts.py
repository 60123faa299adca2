"""Half-filled new records, kept through a crash and outside the history: their values as typed."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants_app import clock
from grants_app.records import Record
from grants_app.records.history import Draft
from grants_app.store.store import Store


def save(store: Store, kind: type[Record], typed: Mapping[str, str], *, id: int | None = None) -> int:
    """Keep what this officer has typed so far for a new record, by field name; the draft's id.

    With the id of an earlier save, that draft is replaced; if it was dropped meanwhile, a new one is begun.
    """
    with store.change("Keep a draft") as session:
        draft = session.get(Draft, id) if id is not None else None
        if draft is None:
            draft = Draft(kind=kind.__tablename__, officer=store.officer)
            session.add(draft)
        draft.typed, draft.at = dict(typed), clock.now()
        session.flush()
        return draft.id


def listed(session: Session, officer: str, kind: type[Record] | None = None) -> list[Draft]:
    """This officer's drafts, of one kind or of all, newest first."""
    mine = select(Draft).where(Draft.officer == officer)
    if kind is not None:
        mine = mine.where(Draft.kind == kind.__tablename__)
    return list(session.scalars(mine.order_by(Draft.at.desc(), Draft.id.desc())))


def drop(store: Store, id: int) -> None:
    """Forget a draft, for good: its record was saved, or its officer does not want it."""
    with store.change("Drop a draft") as session:
        draft = session.get(Draft, id)
        if draft is not None:
            session.delete(draft)
