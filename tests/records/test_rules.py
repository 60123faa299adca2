"""Every rule across records: what offends it, what it says, and how it is mended."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from grants_app import records
from grants_app.errors import Invalid
from grants_app.records import (
    Adviser,
    AdviserReview,
    Breakdown,
    Engagement,
    Grant,
    Indicator,
    Measurement,
    Organisation,
    Payment,
    Programme,
    Record,
    rules,
)
from grants_app.records.engagement import Dimension, EngagementStatus
from grants_app.records.evidence import Consent, Direction
from grants_app.records.grant import Status
from grants_app.records.payment import PaymentKind, PaymentStatus
from grants_app.records.people import ReviewKind
from grants_app.records.programme import ProgrammeStatus
from grants_app.store import Store
from tests.make import make

SIGNED = date(2026, 4, 1)
PAID = {
    "status": PaymentStatus.PAID, "paid_on": date(2026, 5, 4), "requested_by": "Ann Officer",
    "approved_by": "Ben Officer",
}  # fmt: skip


@dataclass
class Case:
    """What makes a record offend; what is then said of it; and the change that mends it."""

    offend: Callable[[Store], Record]
    said: str
    mend: dict[str, Any] | Callable[[Store], dict[str, Any]]


def ten(**values: Any) -> dict[str, Any]:
    return {"amount": Decimal("10.00"), "due": date(2026, 12, 1), **values}


def signed(store: Store, **values: Any) -> Grant:
    filled = {"status": Status.ACTIVE, "awarded": Decimal("9.00"), "agreement_signed_on": SIGNED, **values}
    return make(store, Grant, **filled)


def brought_in(store: Store, made: type[Record], /, **values: Any) -> Record:
    """A record that came with an import, which only warns."""
    with store.change("Bring in", lenient=True) as session:
        record = made(**values)
        session.add(record)
    return record


def overspent(store: Store) -> Record:
    grant = signed(store)
    brought_in(store, Payment, grant_id=grant.id, **ten(**PAID))
    return grant


def unsigned(store: Store) -> Record:
    grant = signed(store, agreement_signed_on=None, status=Status.APPROVED, awarded=Decimal("99.00"))
    return brought_in(store, Payment, grant_id=grant.id, **ten(**PAID))


def to_a_stopped_one(store: Store) -> Record:
    body = make(store, Organisation, name="Kiln Street", stopped=True, stop_reason="Accounts overdue")
    grant = signed(store, organisation_id=body.id, awarded=Decimal("99.00"))
    return brought_in(store, Payment, grant_id=grant.id, **ten(status=PaymentStatus.PENDING))


def reclaimed_too_much(store: Store) -> Record:
    grant = signed(store, awarded=Decimal("99.00"))
    payment = make(store, Payment, grant_id=grant.id, **ten(**PAID))
    reclaim = {"kind": PaymentKind.RECLAIM, "reclaims_id": payment.id, "amount": Decimal("10.01")}
    brought_in(store, Payment, **{**ten(grant_id=grant.id), **reclaim})
    return payment


def reclaim_of_another(store: Store) -> Record:
    one, other = signed(store, awarded=Decimal("99.00")), signed(store, awarded=Decimal("99.00"))
    payment = make(store, Payment, grant_id=one.id, **ten(**PAID))
    return brought_in(store, Payment, **ten(grant_id=other.id, kind=PaymentKind.RECLAIM, reclaims_id=payment.id))


def own_review(store: Store) -> Record:
    grant = make(store, Grant, organisation_id=make(store, Organisation, name="Harbour Lane").id)
    adviser = make(store, Adviser, name="Jo Marsh", organisation="harbour lane")
    return brought_in(store, AdviserReview, adviser_id=adviser.id, kind=ReviewKind.BID, about=grant.reference)


def context_of_a_grant(store: Store) -> Record:
    context = make(store, Indicator, name="Fear of crime", direction=Direction.CONTEXT)
    values = {"starts": SIGNED, "ends": SIGNED, "value": 60.0, "grant_id": make(store, Grant).id}
    return brought_in(store, Measurement, indicator_id=context.id, **values)


def over_budget(store: Store) -> Record:
    live = {"status": ProgrammeStatus.OPEN, "starts": SIGNED, "ends": date(2027, 3, 31), "budget": Decimal("12.00")}
    programme = make(store, Programme, code="CVE", **live)
    signed(store, programme_id=programme.id)
    make(store, Grant, programme_id=programme.id, status=Status.APPLIED, asked=Decimal("3.01"))
    return programme


def outside(store: Store) -> Record:
    grant = make(store, Grant, starts=SIGNED, ends=date(2026, 9, 30))
    return make(store, Engagement, grant_id=grant.id, held_on=date(2026, 10, 1))


def gap(store: Store) -> Record:
    held = {"held_on": date(2026, 5, 4), "status": EngagementStatus.DELIVERED, "attended": 28}
    engagement = make(store, Engagement, **held)
    make(store, Breakdown, engagement_id=engagement.id, dimension=Dimension.SEX, category="Female", count=26)
    make(store, Breakdown, engagement_id=engagement.id, dimension=Dimension.AUDIENCE, category="Mothers", count=40)
    return engagement


def twin_engagements(store: Store) -> Record:
    same = {"grant_id": make(store, Grant).id, "held_on": date(2026, 12, 4), "title": "Open day", "venue": "Hall"}
    make(store, Engagement, **same)
    return make(store, Engagement, **same)


def twin_organisations(store: Store) -> Record:
    make(store, Organisation, name="Larkfield Women", charity_number="9000014")
    return make(store, Organisation, name="Larkfield", charity_number="9000014")


def alone(store: Store) -> Record:
    grant = signed(store, awarded=Decimal("99.00"))
    both = {"requested_by": "Ann Officer", "approved_by": "Ann Officer", "countersign": True}
    return make(store, Payment, grant_id=grant.id, **ten(status=PaymentStatus.AUTHORISED, **both))


def late(store: Store) -> Record:
    return make(store, Payment, amount=Decimal("10.00"), due=date(2026, 11, 22))


def without_policy(store: Store) -> Record:
    body = make(store, Organisation)
    signed(store, organisation_id=body.id)
    return body


def without_insurance(store: Store) -> Record:
    body = make(store, Organisation, insurance_expires=date(2026, 11, 22), safeguarding_seen=SIGNED)
    signed(store, organisation_id=body.id)
    return body


CASES: dict[str, Case] = {
    "overspent": Case(overspent, "Payments come to £10, £1 more than the award of £9", {"awarded": Decimal("10.00")}),
    "agreement unsigned": Case(
        unsigned,
        "is not signed, so no payment of it can be authorised",
        lambda s: {"grant_id": signed(s, awarded=Decimal("99.00")).id},
    ),
    "organisation stopped": Case(
        to_a_stopped_one, "Kiln Street is stopped, so no payment can go to it", {"status": PaymentStatus.DECLINED}
    ),
    "reclaimed too much": Case(
        reclaimed_too_much,
        "Reclaims of this payment come to £10.01, and £10 of it was paid",
        {"amount": Decimal("10.01")},
    ),
    "reclaim of another grant": Case(
        reclaim_of_another,
        "PAY-000001 was a payment of another grant",
        lambda s: {"grant_id": s_grant_of(s, "PAY-000001")},
    ),
    "own review": Case(
        own_review, "Jo Marsh belongs to the organisation that asks", lambda s: {"adviser_id": make(s, Adviser).id}
    ),
    "context measured by a grant": Case(
        context_of_a_grant, "“Fear of crime” is context: only a repeat of the same research", {"grant_id": None}
    ),
    "over budget": Case(
        over_budget,
        "Awards and pending decisions go beyond the budget of £12",
        {"over_commitment": "One will withdraw"},
    ),
    "outside the grant's dates": Case(
        outside, "Held on 1 October 2026, outside the dates of", {"held_on": date(2026, 9, 30)}
    ),
    "breakdown does not add up": Case(gap, "Sex comes to 26, and 28 attended", {"attended": 26}),
    "likely duplicate engagement": Case(
        twin_engagements, "Same grant, date, venue and title as ENG-000002", {"status": EngagementStatus.CANCELLED}
    ),
    "similar organisations": Case(
        twin_organisations,
        "Looks like the same organisation as ORG-0001, Larkfield Women",
        {"charity_number": "9000015"},
    ),
    "to be countersigned": Case(
        alone, "Ann Officer approved what they had requested", {"countersign": False, "countersigned_by": "Ben Officer"}
    ),
    "attendance missing": Case(
        lambda s: make(s, Engagement, held_on=date(2026, 11, 22)),
        "Planned for 22 November 2026: how many came?",
        {"status": EngagementStatus.DELIVERED, "attended": 3},
    ),
    "consent ends": Case(
        lambda s: make(
            s, records.Testimonial, consent=Consent.ANONYMOUS, consented_on=SIGNED, expires=date(2026, 11, 30)
        ),
        "Consent ends on 30 November 2026",
        {"expires": date(2026, 12, 1)},
    ),
    "safeguarding policy not seen": Case(
        without_policy, "Holds a live grant, and no safeguarding policy has been seen", {"safeguarding_seen": SIGNED}
    ),
    "insurance expired": Case(
        without_insurance, "its insurance expired on 22 November 2026", {"insurance_expires": date(2026, 11, 23)}
    ),
    "payment late": Case(late, "Was due on 22 November 2026", {"due": date(2026, 11, 23)}),
    "past its end": Case(
        lambda s: signed(s, ends=date(2026, 11, 22), starts=SIGNED),
        "Still active, and it ended on 22 November 2026",
        {"ends": date(2026, 11, 23)},
    ),
}


def s_grant_of(store: Store, reference: str) -> int:
    with store.reading() as session:
        return session.query(Payment.grant_id).filter_by(reference=reference).scalar()


def told(store: Store, name: str) -> dict[int, str]:
    """Sentences by the id of the offending record."""
    (rule,) = [rule for rule in rules.rules() if rule.name == name]
    with store.reading() as session:
        rows = session.execute(rule.offending()).mappings().all()
    return {next(iter(row.values())): rule.say({str(key): value for key, value in row.items()}) for row in rows}


def test_every_rule_has_its_case_here():
    assert list(CASES) == [rule.name for rule in rules.rules()]
    assert [rule.name for rule in rules.stopping()] == list(CASES)[:7]


@pytest.mark.parametrize("name", CASES)
def test_a_rule_finds_what_offends_says_why_and_falls_silent_once_it_is_mended(store, name):
    case = CASES[name]
    make(store, Engagement, held_on=date(2026, 12, 24))  # offends nothing
    assert told(store, name) == {}

    record = case.offend(store)
    assert {record.id: True} == {id_: case.said in sentence for id_, sentence in told(store, name).items()}
    values = case.mend(store) if callable(case.mend) else case.mend
    with store.change("Mend", lenient=True) as session:
        loaded = session.get_one(type(record), record.id)
        for field, value in values.items():
            setattr(loaded, field, value)

    assert told(store, name) == {}


@pytest.mark.parametrize("rule", rules.stopping(), ids=lambda rule: rule.name)
def test_a_rule_that_stops_says_which_changes_it_is_to_look_at(rule):
    assert rule.reads
    for kind, (path, names) in rule.reads.items():
        assert path == "id" or path in kind.fields()
        assert names <= set(kind.fields())


def test_a_stopping_rule_stops_whoever_touches_what_it_reads(store):
    grant = signed(store)
    payment = make(store, Payment, grant_id=grant.id, amount=Decimal("9.00"), due=date(2026, 12, 1))

    def save(kind: type[Record], id_: int, **values: Any) -> None:
        with store.change("Save") as session:
            loaded = session.get_one(kind, id_)
            for field, value in values.items():
                setattr(loaded, field, value)

    save(Payment, payment.id, amount=Decimal("12000.01"))
    with pytest.raises(Invalid, match=r"Payments come to £12,000\.01"):
        save(Payment, payment.id, status=PaymentStatus.PENDING)
    save(Payment, payment.id, amount=Decimal("9.00"))
    save(Payment, payment.id, status=PaymentStatus.PENDING)
    with pytest.raises(Invalid, match="more than the award of £8"):
        save(Grant, grant.id, awarded=Decimal("8.00"))
    save(Grant, grant.id, title="Another title")


def test_a_step_that_leaves_an_old_offence_alone_is_not_stopped(store):
    grant = overspent(store)

    with store.change("Rename") as session:
        session.get_one(Grant, grant.id).title = "Another title"

    assert list(told(store, "overspent")) == [grant.id]


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ({"charity_number": "9000001"}, {"charity_number": "9000001"}, True),
        ({"company_number": "ZZ000001"}, {"company_number": "ZZ000001"}, True),
        ({"name": "Kiln Street", "postcode": "N90 4LR"}, {"name": "KILN street", "postcode": "N90 4LR"}, True),
        ({"name": "Kiln Street", "postcode": "N90 4LR"}, {"name": "Kiln Street", "postcode": "N90 4LS"}, False),
        ({"name": "Kiln Street"}, {"name": "Kiln Street"}, True),
        ({"name": "École Zola"}, {"name": "ÉCOLE ZOLA"}, True),
        ({}, {}, False),
    ],
)
def test_organisations_are_alike_by_number_or_by_name_and_place(store, one, other, alike):
    first, second = make(store, Organisation, **one), make(store, Organisation, **other)

    found = told(store, "similar organisations")
    assert found == ({second.id: f"Looks like the same organisation as ORG-0001, {first.name}"} if alike else {})


def test_a_venue_left_blank_twice_is_the_same_venue(store):
    same = {"grant_id": make(store, Grant).id, "held_on": date(2026, 12, 4), "title": "Open day"}
    make(store, Engagement, **same)
    second, elsewhere = make(store, Engagement, **same), make(store, Engagement, venue="Hall", **same)

    assert list(told(store, "likely duplicate engagement")) == [second.id]
    assert elsewhere.id == 3
