"""Logging engagements: at once as delivered, or a planned one once people have come; who came, and how many signed."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants_app import clock, wording
from grants_app.errors import Refused
from grants_app.operations import editing
from grants_app.operations.moving import Move, load, moving, needed
from grants_app.records import Breakdown, Engagement, Note
from grants_app.records.control import NoteKind
from grants_app.records.engagement import CountMethod, Dimension, EngagementStatus
from grants_app.store import Store, references

_S = EngagementStatus
Categories = Mapping[str, int]

DELIVER = Move("Deliver {}", "be delivered", (_S.PLANNED, _S.CANCELLED), _S.DELIVERED)
CANCEL = Move("Cancel {}", "be cancelled", (_S.PLANNED, _S.DELIVERED), _S.CANCELLED, reasoned=True)


def log(
    store: Store, values: Mapping[str, Any], *, breakdowns: Mapping[Dimension, Categories] | None = None
) -> Engagement:
    """Log an engagement that has taken place, from field values: delivered, today unless a day is given.

    Its programme follows from its grant. Invalid without a number of people, and for a day in the future. A breakdown
    that does not add up is kept, and warned of on the Checks page.
    """
    filled = {"held_on": clock.today(), **values, "status": _S.DELIVERED}
    with store.change("Log engagement") as session:
        engagement = editing.build(session, Engagement, filled)
        assert isinstance(engagement, Engagement)
        session.add(engagement)
        session.flush()
        for dimension, counts in (breakdowns or {}).items():
            _write(session, engagement, dimension, counts)
        came = wording.counted(engagement.attended or 0, "attendance")
        session.words = f"Log {editing.called(engagement)}, {came}"
    return engagement


def deliver(store: Store, engagement_id: int, attended: int, **values: Any) -> None:
    """A planned engagement has taken place, and so many came; other fields may be given with it.

    One that had been cancelled by mistake is delivered too. Invalid for a day in the future.
    """
    with moving(store, Engagement, engagement_id, DELIVER) as (session, engagement):
        for name, value in {**values, "attended": attended}.items():
            setattr(engagement, name, value)
        came = wording.counted(attended, "attendance")
        session.words = f"Deliver {editing.called(engagement)}, {came}"


def cancel(store: Store, engagement_id: int, reason: str) -> None:
    """An engagement does not take place, or was logged by mistake; its numbers no longer count."""
    with moving(store, Engagement, engagement_id, CANCEL, reason=reason):
        pass


def postpone(store: Store, engagement_id: int, to: date) -> None:
    """Plan an engagement for another day; refused once it is delivered."""
    with store.change("Postpone engagement") as session:
        engagement = load(session, Engagement, engagement_id)
        if engagement.status is _S.DELIVERED:
            raise Refused(f"Engagement {engagement.reference} is delivered: change its date instead.")
        engagement.status, engagement.held_on = _S.PLANNED, to
        session.words = f"Postpone {editing.called(engagement)} to {wording.date_text(to)}"


def break_down(store: Store, engagement_id: int, dimension: Dimension, counts: Categories) -> None:
    """Say how many of those who came fall in each category, in place of what was said before; none takes it away."""
    with store.change("Break attendance down") as session:
        engagement = load(session, Engagement, engagement_id)
        of = (Breakdown.engagement_id == engagement_id, Breakdown.dimension == dimension)
        for row in session.scalars(select(Breakdown).where(*of)).all():
            if row.category not in counts:
                session.delete(row)
        _write(session, engagement, dimension, counts)
        session.words = f"Break {editing.called(engagement)} down by {dimension.value.lower()}"


def _write(session: Session, engagement: Engagement, dimension: Dimension, counts: Categories) -> None:
    of = (Breakdown.engagement_id == engagement.id, Breakdown.dimension == dimension)
    known = {row.category: row for row in session.scalars(select(Breakdown).where(*of))}
    for category, count in counts.items():
        needed(category, "The category's name")
        if category in known:
            known[category].count = count
        else:
            session.add(Breakdown(engagement_id=engagement.id, dimension=dimension, category=category, count=count))


def keep_register_count(store: Store, *, about: str, count: int, name: str) -> None:
    """Keep how many signed, with the record of that reference, and nothing of the sheet itself but its name.

    An engagement takes it as its attendance, counted by register; a planned one is delivered by it. With any other
    record it stands as a note. Refused for a cancelled engagement; Invalid for one that lies in the future.
    """
    came = wording.counted(count, "person", "people")
    with store.change("Keep the count of a sign-in sheet") as session:
        record = references.find(session, about)
        if isinstance(record, Engagement):
            if record.status is EngagementStatus.CANCELLED:
                raise Refused(f"Engagement {record.reference} was cancelled, so nobody can have signed for it.")
            record.status, record.attended, record.method = EngagementStatus.DELIVERED, count, CountMethod.REGISTER
        else:
            text = f"{came} signed “{name}”. The sheet was not kept, for it holds names."
            note = {"kind": NoteKind.NOTE, "on": clock.today(), "text": text, "about": record.reference}
            session.add(editing.build(session, Note, note))
        session.words = f"Keep the count of a sign-in sheet of {editing.called(record)}, {came}"
