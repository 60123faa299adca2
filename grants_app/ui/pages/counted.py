"""What is recorded of who came to an engagement, and how its counts stand to the attendance, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants_app.records import Breakdown, Engagement
from grants_app.records.engagement import Dimension
from grants_app.store import settings


@dataclass(frozen=True)
class Counted:
    """What is recorded of one engagement: how many attended, and by dimension the count of each category."""

    attended: int | None = None
    by: Mapping[Dimension, Mapping[str, int]] = field(default_factory=dict)
    lists: Mapping[str, Sequence[str]] = field(default_factory=dict)


def read_counted(session: Session, engagement: int) -> Counted:
    """Read it."""
    found: dict[Dimension, dict[str, int]] = {}
    for one in session.scalars(select(Breakdown).where(Breakdown.engagement_id == engagement).order_by(Breakdown.id)):
        found.setdefault(one.dimension, {})[one.category] = one.count
    record = session.get(Engagement, engagement)
    return Counted(record.attended if record is not None else None, found, settings.lists(session))


def gap(dimension: Dimension, attended: int | None, total: int, *, told: bool) -> str:
    """How counts stand to the attendance, in words; blank where none is told."""
    if not told:
        return ""
    if dimension is Dimension.AUDIENCE:
        return f"{total:,} told. Several may apply to one person, so nothing need add up."
    if attended is None:
        return f"{total:,} told. How many attended is not recorded yet."
    if total == attended:
        return f"All {attended:,} who attended are accounted for."
    short = attended - total
    return f"{total:,} of the {attended:,} who attended: {abs(short):,} {'short' if short > 0 else 'too many'}."
