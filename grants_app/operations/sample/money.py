"""Payments of the sample: in every status, on time for the named holders, and two reclaims of what was not spent."""

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from grants_app import wording
from grants_app.operations.sample.bidding import money
from grants_app.operations.sample.bids import BIDS, BODIES, Bid
from grants_app.operations.sample.making import FINANCE, HOLDER, LEAD, SECOND, Making
from grants_app.records import Allocation, Grant, Payment
from grants_app.records.grant import AWARDED, Status
from grants_app.records.payment import PaymentKind, PaymentStatus
from grants_app.store import Change

_S = PaymentStatus
_I, _M, _F = PaymentKind.INITIAL, PaymentKind.INTERIM, PaymentKind.FINAL
_ROADS: dict[PaymentStatus, tuple[PaymentStatus, ...]] = {
    _S.PENDING: (_S.PENDING,),
    _S.AUTHORISED: (_S.PENDING, _S.AUTHORISED),
    _S.SENT: (_S.PENDING, _S.AUTHORISED, _S.SENT),
    _S.PAID: (_S.PAID,),
    _S.DECLINED: (_S.PENDING, _S.DECLINED),
    _S.FAILED: (_S.PENDING, _S.AUTHORISED, _S.SENT, _S.FAILED),
    _S.RETURNED: (_S.PAID, _S.RETURNED),
    _S.CANCELLED: (_S.CANCELLED,),
}


class Due(NamedTuple):
    """One payment: its kind, pounds, day due from today, where it stands, why, and when that was, from today."""

    kind: PaymentKind
    pounds: int
    due: int
    status: PaymentStatus
    why: str | None = None
    since: int = 0


_TOLD: dict[str, tuple[Due, ...]] = {
    "mettrack": (
        Due(_I, 20_000, -286, _S.PAID),
        Due(_M, 9_250, 3, _S.PENDING, since=-2),
        Due(_F, 9_250, 149, _S.SCHEDULED),
    ),
    "bridgefoot": (
        Due(_I, 2_000, -186, _S.PAID),
        Due(_M, 2_000, 21, _S.SCHEDULED),
        Due(_M, 2_000, 75, _S.SCHEDULED),
        Due(_F, 2_000, 148, _S.SCHEDULED),
    ),
    "quayside": (
        Due(_I, 13_000, -266, _S.PAID),
        Due(_M, 7_800, 0, _S.PENDING, since=-3),
        Due(_F, 5_200, 92, _S.SCHEDULED),
    ),
    "northgate": (
        Due(_I, 7_750, -226, _S.PAID),
        Due(_M, 4_650, -2, _S.AUTHORISED, since=-5),
        Due(_F, 3_100, 80, _S.SCHEDULED),
    ),
    "common": (
        Due(_I, 11_250, -246, _S.PAID),
        Due(_M, 6_750, -60, _S.DECLINED, "No plan yet to make up the meals that were missed", -52),
        Due(_F, 4_500, 68, _S.SCHEDULED),
    ),
    "riverline": (
        Due(_I, 9_000, -211, _S.PAID),
        Due(_M, 5_400, -12, _S.FAILED, "The bank did not know the account", -8),
        Due(_F, 3_600, 62, _S.SCHEDULED),
    ),
    "ferry": (
        Due(_I, 9_800, -196, _S.PAID),
        Due(_M, 5_900, 5, _S.AUTHORISED, since=-1),
        Due(_F, 3_900, 116, _S.SCHEDULED),
    ),
    "fairlight": (
        Due(_I, 7_000, -181, _S.PAID),
        Due(_M, 4_200, -40, _S.RETURNED, "Account closed; the new one is being verified", -33),
        Due(_M, 4_200, 12, _S.SCHEDULED),
        Due(_F, 2_800, 88, _S.SCHEDULED),
    ),
    "marsh": (
        Due(_I, 6_200, -166, _S.PAID),
        Due(_M, 3_700, -20, _S.SCHEDULED, "Suspended until a safeguarding policy is seen"),
        Due(_F, 2_500, 118, _S.SCHEDULED),
    ),
    "spark": (
        Due(_I, 5_500, -116, _S.PAID),
        Due(_M, 3_300, 2, _S.SENT, since=-4),
        Due(_F, 2_200, 108, _S.SCHEDULED),
    ),
    "lantern": (
        Due(_I, 6_000, -326, _S.PAID),
        Due(_M, 3_600, -205, _S.PAID),
        Due(_F, 2_400, -100, _S.PAID),
    ),
    "dairy": (
        Due(_I, 7_500, -336, _S.PAID),
        Due(_M, 4_500, -235, _S.PAID),
        Due(_F, 3_000, -130, _S.PAID),
        Due(_M, 4_500, -234, _S.CANCELLED, "Scheduled twice", -230),
    ),
    "copper": (
        Due(_I, 8_750, -334, _S.PAID),
        Due(_M, 5_250, -221, _S.PAID),
        Due(_F, 3_500, -67, _S.PAID),
    ),
    "wharfside": (
        Due(_I, 7_000, -321, _S.PAID),
        Due(_M, 4_200, -210, _S.PAID),
        Due(_F, 2_800, -57, _S.PAID),
    ),
}
RECLAIMS = {"lantern": (1_850, -12, 10, False), "dairy": (420, -60, -40, True)}
"""Of which grant's last payment: pounds, day asked, day due, whether it has come back."""


def schedule_of(bid: Bid) -> tuple[Due, ...]:
    """What is told of a grant's payments, else half at the start, a third in the middle, the rest after the end."""
    if bid.key in _TOLD:
        return _TOLD[bid.key]
    initial, interim = bid.awarded // 2, bid.awarded * 3 // 10 // 50 * 50
    parts = ((_I, initial, bid.starts + 14), (_M, interim, (bid.starts + bid.ends) // 2),
             (_F, bid.awarded - initial - interim, bid.ends + 28))  # fmt: skip
    return tuple(Due(kind, pounds, due, _S.PAID if due < -3 else _S.SCHEDULED) for kind, pounds, due in parts)


def plan(making: Making) -> None:
    """Payments are scheduled when an agreement is signed, then go their ways; those paid are recorded once a month."""
    paid: dict[tuple[int, int], list[tuple[str, date]]] = defaultdict(list)
    for bid in BIDS:
        if bid.status not in AWARDED - {Status.APPROVED, Status.AGREEMENT_SENT}:
            continue
        making.join(f"sign {bid.key}", _schedule, bid)
        for place, due in enumerate(schedule_of(bid)):
            key, on = f"{bid.key} payment {place}", making.at_work(making.ago(-due.due))
            if due.status is _S.PAID:
                paid[on.year, on.month].append((key, on))
            elif due.status is not _S.SCHEDULED:
                _plan_fate(making, key, due)
    for group in paid.values():
        group.sort(key=lambda one: one[1])
        making.act(group[-1][1], FINANCE, "Record payments", _pay, group, final=True)
    for key in RECLAIMS:
        making.act(making.ago(-RECLAIMS[key][1]), LEAD, "Reclaim", _reclaim, key)
    making.act(making.ago(40), FINANCE, "Receive", _receive, "dairy", final=True)


def _plan_fate(making: Making, key: str, due: Due) -> None:
    final = due.status is not _S.PENDING
    officer = making.other if due.status is _S.PENDING else FINANCE if due.status is _S.FAILED else HOLDER
    words = {
        _S.PENDING: "Request {}", _S.AUTHORISED: "Approve {}", _S.SENT: "Send {} to finance",
        _S.DECLINED: "Decline {}", _S.FAILED: "Record {} as failed", _S.RETURNED: "Record {} as returned",
        _S.CANCELLED: "Cancel {}",
    }[due.status]  # fmt: skip
    making.act(making.ago(-due.since), officer, words, _go, key, due, words, final=final)


def _schedule(making: Making, session: Change, bid: Bid) -> None:
    other = (
        session.query(Allocation.amount)
        .filter_by(grant_id=making.id(bid.key), funding_line_id=making.id("line other"))
        .scalar()
    )
    main = (
        session.query(Allocation.funding_line_id)
        .filter_by(grant_id=making.id(bid.key))
        .order_by(Allocation.id)
        .limit(1)
        .scalar()
    )
    for place, due in enumerate(schedule_of(bid)):
        amount = money(due.pounds)
        payment = making.put(
            session, f"{bid.key} payment {place}", Payment, grant_id=making.id(bid.key), number=place + 1,
            kind=due.kind, amount=amount, due=making.at_work(making.ago(-due.due)),
            hold_reason=due.why if due.status is _S.SCHEDULED else None,
        )  # fmt: skip
        second = (other * amount / bid.awarded).quantize(Decimal("0.01")) if other else Decimal("0.00")
        for line, part in ((main, amount - second), (making.id("line other"), second)):
            if part:
                values = {"grant_id": payment.grant_id, "payment_id": payment.id, "funding_line_id": line}
                making.put(session, "", Allocation, **values, amount=part)


def _go(making: Making, session: Change, key: str, due: Due, words: str) -> str:
    payment = making.again(session, key, Payment)
    alone = key.startswith("ferry")
    on = making.at_work(making.ago(-due.since))
    payment.requested_by, payment.requested_on = (
        (HOLDER if alone else making.other),
        min(on, making.at_work(making.ago(4 - due.since))),
    )
    if due.status is _S.PENDING:
        payment.requested_on = on
    if due.status in (_S.AUTHORISED, _S.SENT, _S.FAILED, _S.RETURNED):
        payment.approved_by, payment.approved_on, payment.countersign = HOLDER, on, alone
    if due.status is _S.CANCELLED:
        payment.requested_by = payment.requested_on = None
    if due.status is _S.RETURNED:
        payment.paid_on, payment.finance_reference = payment.due, f"SAMPLE-FIN-{7000 + payment.id}"
    payment.outcome_reason = due.why
    for status in _ROADS[due.status]:
        payment.status = status
        session.flush()
    return words.format(f"payment {payment.reference}, {wording.money_text(payment.amount)},").rstrip(",")


def _pay(making: Making, session: Change, group: list[tuple[str, date]]) -> str:
    for place, (key, on) in enumerate(group):
        payment = making.again(session, key, Payment)
        payment.requested_by, payment.requested_on = (LEAD, SECOND)[place % 2], on - (making.today - making.ago(9))
        payment.approved_by, payment.approved_on = HOLDER, on - (making.today - making.ago(5))
        payment.paid_on, payment.finance_reference = on, f"SAMPLE-FIN-{7000 + payment.id}"
        payment.status = _S.PAID
    return f"Record {wording.counted(len(group), 'payment')} as paid"


def _reclaim(making: Making, session: Change, key: str) -> str:
    pounds, _, due, _ = RECLAIMS[key]
    paid = making.again(session, f"{key} payment 2", Payment)
    reclaim = making.put(
        session, f"{key} reclaim", Payment, grant_id=making.id(key), number=len(schedule_of(_bid(key))) + 1,
        kind=PaymentKind.RECLAIM, amount=money(pounds), due=making.at_work(making.ago(-due)), reclaims_id=paid.id,
        invoice=f"SAMPLE-INV-{300 + paid.id}",
    )  # fmt: skip
    return f"Reclaim {wording.money_text(reclaim.amount)} of payment {paid.reference}, not spent by {BODIES[key].name}"


def _receive(making: Making, session: Change, key: str) -> str:
    reclaim = making.again(session, f"{key} reclaim", Payment)
    reclaim.status, reclaim.paid_on = _S.PAID, reclaim.due
    grant = session.get_one(Grant, reclaim.grant_id)
    return (
        f"Record payment {reclaim.reference} as received, {wording.money_text(reclaim.amount)} from {grant.reference}"
    )


def _bid(key: str) -> Bid:
    return next(bid for bid in BIDS if bid.key == key)
