"""From schedule to bank and back: the moves of a payment, each one step; approving, sending and paying are reversed.

An award or a payment falls on funding lines: all on a programme's only line, unless it was split.
"""

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Integer, Select, func, select, type_coerce
from sqlalchemy.orm import Session

from grants_app import clock, wording
from grants_app.errors import Refused
from grants_app.operations import editing
from grants_app.operations.moving import Move, day, load, moving, needed, same_person
from grants_app.records import Allocation, FundingLine, Grant, Organisation, Payment, figures
from grants_app.records.grant import Status
from grants_app.records.payment import DEAD, PaymentKind, PaymentStatus
from grants_app.store import Store

_S = PaymentStatus
_STOPPED = (Status.SUSPENDED, Status.TERMINATED)

REQUEST = Move("Request {}", "be requested", (_S.SCHEDULED, _S.DECLINED, _S.FAILED, _S.RETURNED), _S.PENDING)
APPROVE = Move("Approve {}", "be approved", (_S.PENDING,), _S.AUTHORISED, final=True)
DECLINE = Move("Decline {}", "be declined", (_S.PENDING,), _S.DECLINED, final=True, reasoned=True)
SEND = Move("Send {} to finance", "be sent to finance", (_S.AUTHORISED,), _S.SENT, final=True)
RECORD_PAID = Move("Record {} as paid", "be recorded as paid", (_S.SENT,), _S.PAID, final=True)
RECORD_RECEIVED = Move("Record {} as received", "be received", (_S.SCHEDULED, _S.SENT), _S.PAID, final=True)
RECORD_FAILED = Move("Record {} as failed", "be recorded as failed", (_S.SENT,), _S.FAILED, final=True, reasoned=True)
RECORD_RETURNED = Move("Record {} as returned", "be returned", (_S.PAID,), _S.RETURNED, final=True, reasoned=True)
CANCEL = Move(
    "Cancel {}", "be cancelled", (_S.SCHEDULED, _S.PENDING, _S.AUTHORISED, _S.FAILED, _S.RETURNED), _S.CANCELLED,
    final=True, reasoned=True,
)  # fmt: skip
WITHDRAW_REQUEST = Move("Withdraw the request of {}", "have its request withdrawn", (_S.PENDING,), _S.SCHEDULED)
REVERSALS = tuple(
    Move(words, "be reversed", (now,), to, final=True, reasoned=True)
    for words, now, to in (
        ("Reverse the approval of {}", _S.AUTHORISED, _S.PENDING),
        ("Reverse the decline of {}", _S.DECLINED, _S.PENDING),
        ("Call {} back from finance", _S.SENT, _S.AUTHORISED),
        ("Reverse the payment of {}", _S.PAID, _S.SENT),
        ("Reverse the cancellation of {}", _S.CANCELLED, _S.SCHEDULED),
    )
)
"""What `reverse` does, by where a payment is."""


def schedule(
    store: Store,
    grant_id: int,
    amount: Decimal,
    due: date,
    *,
    kind: PaymentKind = PaymentKind.INTERIM,
    expected_on: date | None = None,
    invoice: str | None = None,
) -> Payment:
    """Plan a payment with the grant's next number; refused for a reclaim, which takes back one payment (`reclaim`)."""
    if kind is PaymentKind.RECLAIM:
        raise Refused("A reclaim takes back one payment: start it from that payment.")
    values = {"grant_id": grant_id, "amount": amount, "due": due, "kind": kind}
    with store.change("Schedule payment") as session:
        grant = load(session, Grant, grant_id)
        payment = _planned(session, {**values, "expected_on": expected_on, "invoice": invoice})
        session.words = (
            f"Schedule payment {payment.reference}, {wording.money_text(amount)}, of grant {grant.reference}"
        )
    return payment


def request(store: Store, payment_id: int) -> None:
    """Ask for approval, by this officer, today; one that was declined, failed or returned may be asked for again.

    Refused while it, its organisation or its grant is held or stopped; Invalid, if it would overspend the award.
    """
    with moving(store, Payment, payment_id, REQUEST) as (session, payment):
        _refuse_reclaim(payment, "requested")
        _refuse_held(session, payment)
        payment.requested_by, payment.requested_on = store.officer, clock.today()
        payment.outcome_reason = payment.paid_on = payment.finance_reference = None
        _forget_approval(payment)


def approve(store: Store, payment_id: int, *, alone: bool = False) -> None:
    """Approve what another officer requested; with `alone`, a team of one approves its own, to be countersigned.

    Refused for one's own request otherwise, for what nobody requested, and while anything holds it; Invalid while the
    agreement is unsigned.
    """
    with moving(store, Payment, payment_id, APPROVE) as (session, payment):
        _refuse_held(session, payment)
        if not payment.requested_by:
            raise Refused(
                f"Nobody is named as having requested payment {payment.reference}: decline it, and request it again."
            )
        own = same_person(payment.requested_by, store.officer)
        if own and not alone:
            raise Refused(f"You requested payment {payment.reference}, so another officer must approve it.")
        payment.approved_by, payment.approved_on, payment.countersign = store.officer, clock.today(), own
        session.words = f"Approve payment {payment.reference}, {wording.money_text(payment.amount)}"


def countersign(store: Store, payment_id: int) -> None:
    """Approve as the second officer what somebody approved alone; refused for that officer."""
    with store.change("Countersign payment", final=True) as session:
        payment = load(session, Payment, payment_id)
        if not payment.countersign:
            raise Refused(f"Payment {payment.reference} is not waiting for a countersignature.")
        if same_person(payment.approved_by, store.officer) or same_person(payment.requested_by, store.officer):
            raise Refused(f"You approved payment {payment.reference} yourself, so another officer must countersign it.")
        payment.countersign, payment.countersigned_by = False, store.officer
        payment.countersigned_on = clock.today()
        session.words = f"Countersign {editing.called(payment)}"


def decline(store: Store, payment_id: int, reason: str) -> None:
    """Decide not to pay what was requested; it may be requested again."""
    with moving(store, Payment, payment_id, DECLINE, reason=reason) as (_, payment):
        payment.outcome_reason = reason.strip()


def send_to_finance(store: Store, payment_id: int) -> None:
    """Hand an approved payment to finance; refused while anything holds it."""
    with moving(store, Payment, payment_id, SEND) as (session, payment):
        _refuse_held(session, payment)


def record_paid(store: Store, payment_id: int, *, on: date | None = None, finance_reference: str | None = None) -> None:
    """Finance paid it that day; a reclaim was received that day, whether or not it went through finance."""
    with store.reading() as session:
        reclaim = load(session, Payment, payment_id).kind is PaymentKind.RECLAIM
    with moving(store, Payment, payment_id, RECORD_RECEIVED if reclaim else RECORD_PAID) as (session, payment):
        payment.paid_on = day(on, "Paid on")
        payment.finance_reference = (finance_reference or "").strip() or payment.finance_reference
        session.words += f", {wording.money_text(payment.amount)}"


def record_failed(store: Store, payment_id: int, reason: str) -> None:
    """Finance could not pay it; it may be requested again."""
    with moving(store, Payment, payment_id, RECORD_FAILED, reason=reason) as (_, payment):
        payment.outcome_reason = reason.strip()


def record_returned(store: Store, payment_id: int, reason: str) -> None:
    """What was paid came back from the bank; refused while a reclaim of it stands. It may be requested again."""
    with moving(store, Payment, payment_id, RECORD_RETURNED, reason=reason) as (session, payment):
        _refuse_reclaim(payment, "returned")
        _refuse_reclaimed(session, payment)
        payment.outcome_reason = reason.strip()


def cancel(store: Store, payment_id: int, reason: str) -> None:
    """Give up a payment that is not with finance and not paid."""
    with moving(store, Payment, payment_id, CANCEL, reason=reason) as (_, payment):
        payment.outcome_reason = reason.strip()
        _forget_approval(payment)


def withdraw_request(store: Store, payment_id: int) -> None:
    """Take back a request that nobody has decided on: the payment is scheduled, as before."""
    with moving(store, Payment, payment_id, WITHDRAW_REQUEST) as (_, payment):
        payment.requested_by = payment.requested_on = None


def reverse(store: Store, payment_id: int, reason: str) -> None:
    """Take back the last decision on a payment, as a new step: un-pay, call back, un-approve, un-decline, un-cancel.

    Refused where there is nothing to reverse, and while a reclaim of it stands.
    """
    with store.reading() as session:
        payment = load(session, Payment, payment_id)
    undoing = next((move for move in REVERSALS if move.fits(payment)), None)
    if undoing is None:
        raise Refused(f"Payment {payment.reference} is {payment.status.value.lower()}: there is nothing to reverse.")
    with moving(store, Payment, payment_id, undoing, reason=reason) as (session, payment):
        _refuse_reclaimed(session, payment)
        payment.outcome_reason = None
        if undoing.to is _S.SENT:
            payment.paid_on = payment.finance_reference = None
        if undoing.to in (_S.PENDING, _S.SCHEDULED):
            _forget_approval(payment)
        if undoing.to is _S.SCHEDULED:
            payment.requested_by = payment.requested_on = None


def hold(store: Store, payment_id: int, reason: str) -> None:
    """Hold a payment, which nobody requests, approves or sends meanwhile; refused once it is with finance or paid."""
    said = needed(reason)
    with store.change("Hold payment", reason=said) as session:
        payment = load(session, Payment, payment_id)
        if payment.status in DEAD | {_S.SENT, _S.PAID}:
            raise Refused(f"Payment {payment.reference} is {payment.status.value.lower()}: it is too late to hold it.")
        payment.hold_reason = said
        session.words = f"Hold {editing.called(payment)}"


def unhold(store: Store, payment_id: int) -> None:
    """Let a held payment go on."""
    with store.change("Release payment") as session:
        payment = load(session, Payment, payment_id)
        if not payment.hold_reason:
            raise Refused(f"Payment {payment.reference} is not held.")
        payment.hold_reason = None
        session.words = f"Release {editing.called(payment)}"


def reclaim(store: Store, payment_id: int, amount: Decimal, due: date, *, reason: str) -> Payment:
    """Ask back a part of a paid payment, at most what is not asked back yet; it is received by `record_paid`."""
    said = needed(reason)
    with store.change("Reclaim", reason=said) as session:
        paid = load(session, Payment, payment_id)
        if paid.kind is PaymentKind.RECLAIM or paid.status is not _S.PAID:
            raise Refused(f"Payment {paid.reference} has not been paid, so nothing of it can be asked back.")
        left = paid.amount - _reclaimed(session, paid)
        if not Decimal(0) < amount <= left:
            raise Refused(
                f"Of payment {paid.reference}, {wording.money_text(left)} can be asked back: give such an amount."
            )
        values = {"grant_id": paid.grant_id, "amount": amount, "due": due, "kind": PaymentKind.RECLAIM}
        made = _planned(session, {**values, "reclaims_id": paid.id})
        session.words = f"Reclaim {wording.money_text(amount)} of payment {paid.reference}"
    return made


def _planned(session: Session, values: dict[str, Any]) -> Payment:
    payment = editing.build(session, Payment, values)
    assert isinstance(payment, Payment)
    session.add(payment)
    session.flush()
    return payment


def held(session: Session, payment: Payment) -> tuple[str, Payment | Organisation | Grant] | None:
    """Why a payment cannot go on now, in a sentence, and the record that holds it; None if nothing does."""
    grant = session.get_one(Grant, payment.grant_id)
    organisation = session.get_one(Organisation, grant.organisation_id)
    if payment.hold_reason:
        return f"Payment {payment.reference} is held ({payment.hold_reason}): release it first.", payment
    if organisation.stopped:
        said = f"{organisation.name} is stopped ({organisation.stop_reason}), so no payment can go to it."
        return said, organisation
    if organisation.bank_change_reported_on:
        reported = wording.date_text(organisation.bank_change_reported_on)
        said = f"{organisation.name} reported new bank details on {reported}: a second officer must verify them first."
        return said, organisation
    if grant.status in _STOPPED:
        return f"Grant {grant.reference} is {grant.status.value.lower()}, so nothing of it can be paid.", grant
    return None


def _refuse_held(session: Session, payment: Payment) -> None:
    if (found := held(session, payment)) is not None:
        raise Refused(found[0])


def _refuse_reclaim(payment: Payment, done: str) -> None:
    if payment.kind is PaymentKind.RECLAIM:
        raise Refused(f"{payment.reference} is a reclaim: it is received, not {done}.")


def _refuse_reclaimed(session: Session, payment: Payment) -> None:
    if _reclaimed(session, payment):
        raise Refused(f"A reclaim of payment {payment.reference} stands: cancel it, or reverse it, first.")


def _reclaimed(session: Session, payment: Payment, but: Collection[PaymentStatus] = DEAD) -> Decimal:
    """What reclaims of this payment that still stand come to."""
    total = figures.money(func.coalesce(func.sum(type_coerce(Payment.amount, Integer)), 0))
    standing = (Payment.reclaims_id == payment.id, Payment.status.not_in(but))
    return Decimal(session.scalar(select(total).where(*standing)) or 0)


def _forget_approval(payment: Payment) -> None:
    payment.approved_by = payment.approved_on = payment.countersigned_by = payment.countersigned_on = None
    payment.countersign = False


def split(store: Store, parts: Mapping[int, Decimal], *, grant_id: int, payment_id: int | None = None) -> None:
    """Split a grant's award, or one payment of it, over funding lines (ids) in pounds; no parts takes a split back.

    Refused unless the parts are more than nothing, on lines of the grant's programme, and add up to the penny.
    """
    with store.change("Split over funding lines") as session:
        grant = load(session, Grant, grant_id)
        whole: Grant | Payment = load(session, Payment, payment_id) if payment_id else grant
        if isinstance(whole, Payment) and whole.grant_id != grant.id:
            raise Refused(f"Payment {whole.reference} is not one of grant {grant.reference}.")
        amount = whole.amount if isinstance(whole, Payment) else whole.awarded
        if parts:
            _refuse_unequal(parts, amount, editing.called(whole))
            _refuse_foreign(session, grant, parts)
        for old in session.scalars(_own(grant_id, payment_id)).all():
            session.delete(old)
        session.flush()
        for line, part in parts.items():
            session.add(Allocation(grant_id=grant_id, payment_id=payment_id, funding_line_id=line, amount=part))
        session.words = f"Split {editing.called(whole)} over funding lines"


def parts_of(session: Session, grant: Grant, payment: Payment | None = None) -> dict[int, Decimal]:
    """What falls on each funding line (id), in pounds; not split, all on the programme's only line, else unknown."""
    given = session.scalars(_own(grant.id, payment.id if payment else None)).all()
    if given:
        return {part.funding_line_id: part.amount for part in given}
    amount = payment.amount if payment else grant.awarded
    lines = session.scalars(select(FundingLine.id).where(FundingLine.programme_id == grant.programme_id).limit(2)).all()
    return {lines[0]: amount} if len(lines) == 1 and amount is not None else {}


def _own(grant_id: int, payment_id: int | None) -> Select[Allocation]:
    which = Allocation.payment_id.is_(None) if payment_id is None else Allocation.payment_id == payment_id
    return select(Allocation).where(Allocation.grant_id == grant_id, which).order_by(Allocation.id)


def _refuse_unequal(parts: Mapping[int, Decimal], amount: Decimal | None, called: str) -> None:
    if amount is None:
        raise Refused(f"There is nothing to split: {called} has no award yet.")
    if min(parts.values()) <= 0:
        raise Refused("Each part of a split is more than nothing: leave out the lines that bear none of it.")
    total = sum(parts.values(), Decimal(0))
    if total != amount:
        gap = f"{wording.money_text(abs(amount - total))} too {'much' if total > amount else 'little'}"
        raise Refused(
            f"The parts come to {wording.money_text(total)}, {gap}: {called} is {wording.money_text(amount)}."
        )


def _refuse_foreign(session: Session, grant: Grant, parts: Mapping[int, Decimal]) -> None:
    own = set(session.scalars(select(FundingLine.id).where(FundingLine.programme_id == grant.programme_id)))
    if not own.issuperset(parts):
        raise Refused(f"A part falls on a funding line of another programme than that of grant {grant.reference}.")
