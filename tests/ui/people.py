"""A small programme to look at: three organisations with a grant each, as tests of the window need them."""

from datetime import date
from decimal import Decimal

from grants_app.records import Engagement, Grant, Organisation, Payment, PlanLine, Programme
from grants_app.records.engagement import EngagementStatus
from grants_app.records.grant import Measure, Rag, Status
from grants_app.records.programme import ProgrammeStatus
from grants_app.store import Store


def programme(store: Store) -> dict[str, int]:
    """Store it; the ids of what the tests speak of, by name."""
    with store.change("Set the programme up") as session:
        fund = Programme(
            code="CVE", name="CVE 2026", status=ProgrammeStatus.IN_PROGRESS, starts=date(2026, 4, 1),
            ends=date(2027, 3, 31), budget=Decimal("100000.00"),
        )  # fmt: skip
        session.add(fund)
        session.flush()
        grants = []
        for name, awarded, rag in (
            ("Bridgefoot Mothers’ Circle", "8000.00", Rag.AMBER),
            ("Kiln Street & Sons", "9800.00", Rag.GREEN),
            ("Riverline Sports", "12000.00", Rag.GREEN),
        ):
            organisation = Organisation(name=name)
            session.add(organisation)
            session.flush()
            grant = Grant(
                programme_id=fund.id, organisation_id=organisation.id, title=f"Talks by {name}", status=Status.ACTIVE,
                asked=Decimal("9500.00"), awarded=Decimal(awarded), rag=rag, rag_reason="two behind plan",
                starts=date(2026, 5, 1), ends=date(2027, 2, 28), agreement_signed_on=date(2026, 4, 20),
                purpose="Small conversations at home.",
            )  # fmt: skip
            session.add(grant)
            grants.append(grant)
        session.flush()
        first = grants[0].id
        plan = {"what": Measure.ENGAGEMENTS, "starts": date(2026, 5, 1), "ends": date(2027, 2, 28), "planned": 8.0}
        session.add(PlanLine(grant_id=first, **plan))
        for day, came in ((date(2026, 9, 1), 20), (date(2026, 10, 5), 21), (date(2026, 11, 2), 11)):
            held = {
                "title": "Coffee morning",
                "held_on": day,
                "attended": came,
                "borough": "Brent",
                "venue": "Town hall",
            }
            session.add(Engagement(programme_id=fund.id, grant_id=first, status=EngagementStatus.DELIVERED, **held))
        planned = Engagement(programme_id=fund.id, grant_id=first, title="Debate night", held_on=date(2026, 11, 22))
        payment = Payment(grant_id=first, number=1, amount=Decimal("2000.00"), due=date(2026, 11, 25))
        session.add_all([planned, payment])
        session.flush()
    return {"programme": fund.id, "grant": first, "second": grants[1].id, "planned": planned.id, "payment": payment.id}
