"""What the sample holds, and whatever could be held against those in it who exist."""

from pathlib import Path

import pytest
from sqlalchemy import select

from grants_app import clock, records
from grants_app.operations import checks
from grants_app.operations.sample import make_sample
from grants_app.operations.sample.bids import BODIES, NAMED
from grants_app.records import (
    Engagement,
    Grant,
    Organisation,
    Payment,
    results,
)  # fmt: skip
from grants_app.records.engagement import EngagementStatus
from grants_app.records.grant import Rag, Status
from grants_app.records.history import Edit
from grants_app.records.lists import BOROUGHS
from grants_app.records.payment import DEAD
from grants_app.store import Store, opening

HOLDERS = tuple(BODIES[key].name for key in NAMED)
DAYS = ("2028-02-29", "2027-01-01", "2026-04-01", "2026-12-31", "2027-08-29", "2026-09-30")


def made(folder: Path, day: str, officer: str = "Ann Officer") -> Store:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRANTS_TODAY", day)
        store = opening.create(folder / f"{day} {officer}.grants", officer)
        make_sample(store)
        return store


def every(store: Store, kind):
    with store.reading() as session:
        return session.scalars(select(kind).order_by(kind.id)).all()


def of_holder(store: Store, name: str) -> tuple[Organisation, list[Grant]]:
    with store.reading() as session:
        body = session.scalars(select(Organisation).where(Organisation.name == name)).one()
        return body, list(session.scalars(select(Grant).where(Grant.organisation_id == body.id)))


def of_key(store: Store, key: str) -> Grant:
    (grant,) = of_holder(store, BODIES[key].name)[1]
    return grant


STORIES = {
    "breakdown does not add up", "likely duplicate engagement", "similar organisations", "to be countersigned",
    "attendance missing", "consent ends", "safeguarding policy not seen", "insurance expired", "payment late",
}  # fmt: skip
"""The sorts of warning that the sample tells of."""


def unreached(store: Store) -> set[str]:
    delivered = {one.borough for one in every(store, Engagement) if one.status is EngagementStatus.DELIVERED}
    return {borough.name for borough in BOROUGHS} - delivered


def blemishes(store: Store) -> list[str]:
    """Whatever could be held against a grant holder that exists; there must be nothing."""
    found: list[str] = []
    for name in HOLDERS:
        body, grants = of_holder(store, name)
        ids = {grant.id for grant in grants}
        with store.reading() as session:
            warned = [one.sentence for one in checks.of_record(session, Organisation, body.id)]
            for kind in (Grant, Payment, Engagement):
                of = kind.id if kind is Grant else kind.grant_id
                for id_ in session.scalars(select(kind.id).where(of.in_(ids))):
                    warned += [one.sentence for one in checks.of_record(session, kind, id_)]
            ratings = session.scalars(select(Edit.after).where(Edit.kind == "grant", Edit.record_id.in_(ids))).all()
        found += [f"{name}: {sentence}" for sentence in warned]
        found += [
            f"{name}: rated {after['rag']}" for after in ratings if after and after.get("rag", "Green") != "Green"
        ]
        found += [f"{name}: {grant.status.value}" for grant in grants if grant.status is not Status.ACTIVE]
        found += [f"{name}: {grant.rag_reason}" for grant in grants if grant.rag is not Rag.GREEN or grant.rag_reason]
        found += [f"{name}: stopped or held" for _ in grants if body.stopped or body.bank_change_reported_on]
        found += [f"{name}: less than asked" for grant in grants if grant.awarded != grant.asked]
        found += [
            f"{name}: payment {one.status.value}" for one in every(store, Payment)
            if one.grant_id in ids and (one.status in DEAD or one.hold_reason or one.countersign
                                        or (one.paid_on and one.paid_on > one.due))
        ]  # fmt: skip
        found += [
            f"{name}: engagement {one.reference}" for one in every(store, Engagement)
            if one.grant_id in ids and (one.concern or one.barriers or one.status is EngagementStatus.CANCELLED)
        ]  # fmt: skip
        found += [f"{name}: quoted" for one in every(store, records.Testimonial) if one.grant_id in ids]
        found += [f"{name}: risk" for one in every(store, records.Risk) if one.grant_id in ids]
        found += behind(store, name, grants)
    return found


def behind(store: Store, name: str, grants: list[Grant]) -> list[str]:
    with store.reading() as session:
        return [
            f"{name}: behind plan of {row.what.value} {row.audience or ''}"
            for grant in grants
            for row in session.execute(results.against_plan(grant.id, clock.today()))
            if row.done < row.today
        ]
