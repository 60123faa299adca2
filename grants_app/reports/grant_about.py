"""A grant with the figures that its whole report needs, read once."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from grants_app import clock
from grants_app.records import Engagement, Grant, Organisation, Programme, figures
from grants_app.records.engagement import EngagementStatus
from grants_app.records.grant import Measure
from grants_app.records.history import Kept


@dataclass(frozen=True, slots=True)
class About:
    """The grant, its holder and programme; `totals` has its money, reach and plans by the names below.

    `totals.engagements` and `totals.people` are what is planned in all, with `_today` by today; None without a plan.
    """

    session: Session
    grant: Grant
    holder: Organisation
    programme: Programme
    totals: Any

    @property
    def engagements(self) -> ColumnElement[bool]:
        """Its engagements that were delivered."""
        return and_(Engagement.grant_id == self.grant.id, Engagement.status == EngagementStatus.DELIVERED)

    @property
    def delivered(self) -> int:
        """How many these are."""
        return int(self.totals.delivered or 0)


def about(session: Session, grant_id: int) -> About:
    """Read all that."""
    grant = session.get_one(Grant, grant_id)
    columns: dict[str, ColumnElement[Any]] = {
        "current": figures.current(),
        "paid": figures.paid(),
        "left": figures.left(),
        "lower": figures.reach_lower(),
        "upper": figures.reach_upper(),
        "delivered": Kept.delivered.expression,
        "largest": Kept.largest.expression,
        "new": Kept.new.expression,
        "engagements": figures.planned(Measure.ENGAGEMENTS),
        "engagements_today": figures.planned(Measure.ENGAGEMENTS, by=clock.today()),
        "people": figures.planned(Measure.PEOPLE),
    }
    query = select(*(column.label(name) for name, column in columns.items())).select_from(Grant)
    totals = session.execute(query.outerjoin(Kept, Kept.grant_id == Grant.id).where(Grant.id == grant_id)).one()
    holder = session.get_one(Organisation, grant.organisation_id)
    return About(session, grant, holder, session.get_one(Programme, grant.programme_id), totals)
