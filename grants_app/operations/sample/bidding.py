"""Bids of the sample, from receipt to decision, agreement, rating and closure."""

from datetime import date
from decimal import Decimal

from grants_app import clock, wording
from grants_app.operations.sample.bids import BIDS, BODIES, Bid
from grants_app.operations.sample.making import HOLDER, LEAD, SECOND, Making
from grants_app.records import Allocation, Contact, Grant, Organisation
from grants_app.records.grant import AWARDED, Rag, RefusalReason, Route, Status
from grants_app.records.organisation import ContactRole, LawfulBasis, OrganisationKind, OrganisationStatus
from grants_app.store import Change

_COMPANIES = (OrganisationKind.LIMITED, OrganisationKind.CIC)
_RECEIVED = {"willow": 120, "saltmarsh": 40, "beacon": 25, "orchard": 6}
_OFFICERS = ("me", "lead", "second")
_TWO_BUDGETS = {"quayside": 8_000, "harbour": 6_000, "threeways": 4_500}


def plan(making: Making) -> None:
    """Each bid is logged; most are decided on, agreed and rated; some are closed."""
    for place, bid in enumerate(sorted(BIDS, key=lambda bid: -_received(bid))):
        officer = _OFFICERS[place % 3]
        making.act(making.ago(_received(bid)), LEAD, "Log bid", _log, bid, officer)
        _decide(making, bid)
    _rate(making)
    _close(making)
    making.act(making.ago(130), SECOND, "Add organisation", _twin)
    making.act(making.ago(4), SECOND, "Report bank change", _bank_change)


def money(pounds: int) -> Decimal:
    """Whole pounds as the records keep them."""
    return Decimal(pounds).quantize(Decimal("0.01"))


def _received(bid: Bid) -> int:
    return _RECEIVED.get(bid.key, 100 - bid.starts)


def _log(making: Making, session: Change, bid: Bid, officer: str) -> str:
    received = making.at_work(making.ago(_received(bid)))
    organisation = _organisation(making, session, bid, received)
    asked = money(bid.asked)
    tier = "small" if bid.asked <= 15_000 else "medium" if bid.asked <= 30_000 else "large"
    direct, invited = bid.key == "threeways", bid.key == "quayside"
    grant = making.put(
        session, bid.key, Grant, programme_id=making.id("programme"), organisation_id=organisation.id,
        title=bid.title, purpose=bid.purpose, status=Status.APPLIED, audiences=tuple(sorted(bid.audiences)),
        boroughs=tuple(sorted(bid.boroughs)), themes=making.refs(*(f"theme {key}" for key in bid.themes)),
        tier_id=making.id(f"tier {tier}"), asked=asked, total_cost=asked, received=received,
        route=Route.DIRECT if direct else Route.INVITED if invited else Route.OPEN_CALL,
        justification="No other body makes easy-read guides with disabled artists" if direct else None,
        starts=making.ago(-bid.starts), ends=making.ago(-bid.ends), officer_id=making.id(officer),
        second_officer_id=making.id("second" if officer != "second" else "lead"),
    )  # fmt: skip
    return f"Log bid {grant.reference}"


def _organisation(making: Making, session: Change, bid: Bid, received: date) -> Organisation:
    body, live = BODIES[bid.key], bid.status in AWARDED
    status = OrganisationStatus.APPROVED if live else OrganisationStatus.PROSPECTIVE
    stopped = bid.key == "northern"
    number = f"{body.number}" if body.number else None
    organisation = making.put(
        session, f"body {bid.key}", Organisation, name=body.name, kind=body.kind,
        status=OrganisationStatus.REJECTED if stopped else status,
        charity_number=None if body.kind in _COMPANIES else number,
        company_number=f"ZZ{number[-6:]}" if number and body.kind in _COMPANIES else None,
        borough=body.borough, postcode=body.postcode, stopped=stopped,
        stop_reason="Accounts two years overdue" if stopped else None,
        safeguarding_seen=received if live and bid.key != "marsh" else None,
        insurance_expires=making.ago(3 if bid.key == "kiln" else -160) if live else None,
        accounts_year=str(received.year - 1) if live else None,
        bank_verified_on=received if live else None, bank_verified_by=SECOND if live else None,
    )  # fmt: skip
    if body.contact:
        first = wording.folded(body.contact.split()[0])
        making.put(
            session, f"contact {bid.key}", Contact, organisation_id=organisation.id, name=body.contact,
            role=ContactRole.LEAD, email=f"{first}@{wording.folded(body.name)[:18]}.example",
            basis=LawfulBasis.PUBLIC_TASK, notice_given=received,
        )  # fmt: skip
    return organisation


def _decide(making: Making, bid: Bid) -> None:
    if bid.status in AWARDED:
        making.act(making.ago(bid.decided), HOLDER, "Award", _award, bid, final=True)
    if bid.status in AWARDED and bid.status is Status.AGREEMENT_SENT:
        making.act(making.ago(30 - bid.starts), LEAD, "Send agreement", _send, bid, final=True)
    if bid.status in AWARDED - {Status.APPROVED, Status.AGREEMENT_SENT}:
        making.act(making.ago(14 - bid.starts), LEAD, "Sign agreement", _sign, bid, final=True, name=f"sign {bid.key}")
    moves = {
        "northern": (205, HOLDER, Status.NOT_APPROVED), "willow": (70, LEAD, Status.WITHDRAWN),
        "saltmarsh": (9, SECOND, Status.READY), "beacon": (12, LEAD, Status.ASSESSMENT),
    }  # fmt: skip
    if bid.key in moves:
        days, officer, to = moves[bid.key]
        final = to is Status.NOT_APPROVED
        making.act(making.ago(days), officer, "Move bid", _move, bid, to, final=final)


def _award(making: Making, session: Change, bid: Bid) -> str:
    grant = making.again(session, bid.key, Grant)
    grant.status = Status.READY
    session.flush()
    grant.status, grant.awarded = Status.APPROVED, money(bid.awarded)
    grant.decided_by, grant.decided_on = HOLDER, making.at_work(making.ago(bid.decided))
    grant.decision_form = f"SAMPLE-{grant.id:03d}"
    grant.conflicts = "None declared"
    if bid.awarded < bid.asked:
        grant.decision_reason = "Awarded less than asked: the evaluation is done by the programme"
    return f"Award {wording.money_text(grant.awarded)} to grant {grant.reference}"


def _send(making: Making, session: Change, bid: Bid) -> str:
    grant = making.again(session, bid.key, Grant)
    grant.status, grant.agreement_sent_on = Status.AGREEMENT_SENT, making.at_work(making.ago(30 - bid.starts))
    return f"Send the agreement of grant {grant.reference}"


def _sign(making: Making, session: Change, bid: Bid) -> str:
    grant = making.again(session, bid.key, Grant)
    body = BODIES[bid.key]
    grant.agreement_sent_on = making.at_work(making.ago(30 - bid.starts))
    grant.status, grant.agreement_signed_on = Status.ACTIVE, making.at_work(making.ago(14 - bid.starts))
    grant.agreement_signed_by = body.contact or "Authorised signatory"
    grant.purchase_order = f"SAMPLE-PO-{4000 + grant.id}"
    other = money(_TWO_BUDGETS.get(bid.key, 0))
    main = making.id(f"line {clock.financial_year(making.at_work(making.ago(bid.decided)))}")
    making.put(session, "", Allocation, grant_id=grant.id, funding_line_id=main, amount=money(bid.awarded) - other)
    if other:
        making.put(session, "", Allocation, grant_id=grant.id, funding_line_id=making.id("line other"), amount=other)
    return f"Sign the agreement of grant {grant.reference}"


def _move(making: Making, session: Change, bid: Bid, to: Status) -> str:
    grant = making.again(session, bid.key, Grant)
    grant.status = to
    if to is Status.NOT_APPROVED:
        grant.refusal_reason, grant.decided_by = RefusalReason.NOT_ALIGNED, HOLDER
        grant.decided_on = making.at_work(making.ago(205))
        grant.decision_reason = "A subscription report for clients; nobody would be met"
        return f"Refuse grant {grant.reference}"
    if to is Status.WITHDRAWN:
        grant.closed_reason = "The residents found a room of their own"
        return f"Withdraw grant {grant.reference}"
    return f"Move grant {grant.reference} to {to.value.lower()}"


def _rate(making: Making) -> None:
    """Two rounds of ratings: one last quarter and one in this, so that arrows show what changed."""
    this_quarter = date(making.today.year, making.today.month - (making.today.month - 1) % 3, 1)
    rated = [bid for bid in BIDS if bid.held]
    late = {Rag.AMBER: "Late start"}
    then = [(bid, bid.was or Rag.GREEN, late.get(bid.was or Rag.GREEN)) for bid in rated]
    now = [(bid, *bid.rated) for bid in rated]
    last_quarter = min(making.ago(100), this_quarter - clock.days(8))
    for day, ratings in ((last_quarter, then), (max(this_quarter, making.ago(12)), now)):
        making.act(day, LEAD, "Rate grants", _ratings, ratings)


def _ratings(making: Making, session: Change, ratings: list[tuple[Bid, Rag, str | None]]) -> str:
    changed = 0
    for bid, rag, reason in ratings:
        grant = making.again(session, bid.key, Grant)
        if grant.status in AWARDED - {Status.COMPLETED}:
            changed += (grant.rag, grant.rag_reason) != (rag, reason)
            grant.rag, grant.rag_reason = rag, reason
    return f"Rate {wording.counted(changed, 'grant')}"


def _close(making: Making) -> None:
    for key, days in (("harbour", 20), ("kiln", 6), ("lantern", 66), ("dairy", 116), ("copper", 91), ("wharfside", 81)):
        making.act(making.ago(days), LEAD, "Begin to close", _to, key, Status.CLOSING)
    making.act(making.ago(35), HOLDER, "Suspend", _to, "marsh", Status.SUSPENDED, final=True)
    spent = {"lantern": (40, 10_150), "dairy": (70, 14_580), "copper": (62, 17_500), "wharfside": (58, 14_000)}
    for key, (days, pounds) in spent.items():
        making.act(making.ago(days), LEAD, "Record spend", _spent, key, pounds)
    for key, days in (("dairy", 30), ("copper", 50), ("wharfside", 44)):
        making.act(making.ago(days), LEAD, "Complete", _to, key, Status.COMPLETED)


def _to(making: Making, session: Change, key: str, status: Status) -> str:
    grant = making.again(session, key, Grant)
    grant.status = status
    words = {Status.CLOSING: "Begin to close", Status.SUSPENDED: "Suspend", Status.COMPLETED: "Complete"}
    return f"{words[status]} grant {grant.reference}"


def _spent(making: Making, session: Change, key: str, pounds: int) -> str:
    grant = making.again(session, key, Grant)
    grant.declared_spend = money(pounds)
    return f"Record the declared spend of grant {grant.reference}"


def _twin(making: Making, session: Change) -> str:
    body = BODIES["larkfield twin"]
    twin = making.put(
        session, "body twin", Organisation, name=body.name, kind=body.kind, borough=body.borough,
        postcode=body.postcode, charity_number=f"{body.number}",
    )  # fmt: skip
    return f"Add organisation {twin.reference}"


def _bank_change(making: Making, session: Change) -> str:
    riverline = making.again(session, "body riverline", Organisation)
    riverline.bank_change_reported_on, riverline.bank_change_reported_by = making.at_work(making.ago(4)), SECOND
    return f"Report a change of bank details of {riverline.reference}"
