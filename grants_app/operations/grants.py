"""From bid to closure: the moves of a grant, each one step; a decision is reversed, with a reason, by its own step."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from grants_app import wording
from grants_app.errors import Refused
from grants_app.operations.moving import Move, day, load, moving, needed
from grants_app.records import Grant, Organisation, Payment, Programme, figures
from grants_app.records.grant import AWARDED, Rag, RefusalReason, Status
from grants_app.records.payment import DEAD, PaymentStatus
from grants_app.store import Store

_S = Status
_BIDS = (_S.APPLIED, _S.ASSESSMENT, _S.READY, _S.DEFERRED, _S.RESERVE)
_UNSIGNED = tuple(status for status in _S if _S.WITHDRAWN in status.next)

RECEIVE = Move("Receive {}", "be received", (_S.ENQUIRY,), _S.APPLIED)
ASSESS = Move("Begin to assess {}", "be assessed", (_S.APPLIED,), _S.ASSESSMENT)
SUBMIT = Move(
    "Put {} forward for decision", "be put forward", (_S.APPLIED, _S.ASSESSMENT, _S.DEFERRED, _S.RESERVE), _S.READY
)
AWARD = Move("Award {}", "be awarded", (_S.READY, _S.RESERVE), _S.APPROVED, final=True)
REFUSE = Move("Refuse {}", "be refused", _BIDS, _S.NOT_APPROVED, final=True)
DEFER = Move("Defer {}", "be deferred", (_S.READY,), _S.DEFERRED, final=True, reasoned=True)
RESERVE = Move("Put {} on the reserve list", "be put there", (_S.READY,), _S.RESERVE, final=True, reasoned=True)
REVERSE_DECISION = Move(
    "Reverse the decision on {}", "have its decision reversed",
    (_S.APPROVED, _S.NOT_APPROVED, _S.DEFERRED, _S.RESERVE), _S.READY, final=True, reasoned=True,
)  # fmt: skip
WITHDRAW = Move("Withdraw {}", "be withdrawn", _UNSIGNED, _S.WITHDRAWN, reasoned=True)
REINSTATE = Move("Reinstate {}", "be reinstated", (_S.WITHDRAWN,), _S.APPLIED, reasoned=True)
SEND = Move("Send the agreement of {}", "have its agreement sent", (_S.APPROVED,), _S.AGREEMENT_SENT, final=True)
RECALL = Move(
    "Recall the agreement of {}", "have its agreement recalled",
    (_S.AGREEMENT_SENT,), _S.APPROVED, final=True, reasoned=True,
)  # fmt: skip
SIGN = Move(
    "Sign the agreement of {}", "have its agreement signed", (_S.APPROVED, _S.AGREEMENT_SENT), _S.ACTIVE, final=True
)
REVERSE_SIGNATURE = Move(
    "Reverse the signature of {}", "have its signature reversed",
    (_S.ACTIVE,), _S.AGREEMENT_SENT, final=True, reasoned=True,
)  # fmt: skip
SUSPEND = Move("Suspend {}", "be suspended", (_S.ACTIVE,), _S.SUSPENDED, final=True, reasoned=True)
RESUME = Move("Resume {}", "be resumed", (_S.SUSPENDED,), _S.ACTIVE, final=True, reasoned=True)
START_CLOSING = Move("Begin to close {}", "begin to close", (_S.ACTIVE, _S.SUSPENDED), _S.CLOSING)
COMPLETE = Move("Complete {}", "be completed", (_S.CLOSING,), _S.COMPLETED)
TERMINATE = Move(
    "Terminate {}", "be terminated", (_S.ACTIVE, _S.SUSPENDED, _S.CLOSING), _S.TERMINATED, final=True, reasoned=True
)
CONTINUE = Move("Go on with {}", "go on", (_S.CLOSING,), _S.ACTIVE, final=True, reasoned=True)
REOPEN = Move("Reopen {}", "be reopened", (_S.COMPLETED, _S.TERMINATED), _S.CLOSING, final=True, reasoned=True)


def receive(store: Store, grant_id: int, *, on: date | None = None) -> None:
    """An enquiry becomes an application, received that day."""
    with moving(store, Grant, grant_id, RECEIVE) as (_, grant):
        grant.received = day(on, "Received")


def assess(store: Store, grant_id: int) -> None:
    """Begin to assess an application."""
    with moving(store, Grant, grant_id, ASSESS):
        pass


def submit(store: Store, grant_id: int) -> None:
    """Put a bid forward for decision; one that was deferred or put on the reserve list may come again."""
    with moving(store, Grant, grant_id, SUBMIT):
        pass


def award(
    store: Store,
    grant_id: int,
    amount: Decimal,
    *,
    reason: str | None = None,
    decided_by: str | None = None,
    on: date | None = None,
    over_commitment: str | None = None,
) -> None:
    """Award a bid that is ready for decision or on the reserve list; decided by this officer unless named, today.

    Refused for a stopped organisation, and beyond the programme's budget (awards and bids not yet decided) unless
    `over_commitment` says why, which the programme keeps. While it keeps one, undecided bids may stay beyond the
    budget; an award that takes the awards themselves beyond it needs a reason of its own.
    """
    with moving(store, Grant, grant_id, AWARD, reason=reason) as (session, grant):
        if amount <= 0:
            raise Refused("An award is more than nothing: give its amount.")
        _refuse_stopped(session, grant)
        grant.awarded = amount
        _decide(grant, decided_by or store.officer, on, reason)
        session.flush()
        _keep_within_budget(session, grant, (over_commitment or "").strip())
        session.words = f"Award {wording.money_text(amount)} to grant {grant.reference}"


def refuse(
    store: Store,
    grant_id: int,
    why: RefusalReason,
    *,
    reason: str | None = None,
    decided_by: str | None = None,
    on: date | None = None,
) -> None:
    """Decide not to approve a bid; “Other” needs its reason in words."""
    said = needed(reason, "A reason in words") if why is RefusalReason.OTHER else reason
    with moving(store, Grant, grant_id, REFUSE, reason=said) as (_, grant):
        grant.refusal_reason = why
        _decide(grant, decided_by or store.officer, on, said)


def defer(store: Store, grant_id: int, reason: str) -> None:
    """Decide a bid later; it comes back by `submit`."""
    with moving(store, Grant, grant_id, DEFER, reason=reason) as (_, grant):
        grant.decision_reason = reason.strip()


def reserve(store: Store, grant_id: int, reason: str) -> None:
    """Put a bid on the reserve list, from which it may be awarded."""
    with moving(store, Grant, grant_id, RESERVE, reason=reason) as (_, grant):
        grant.decision_reason = reason.strip()


def reverse_decision(store: Store, grant_id: int, reason: str) -> None:
    """Take back an award, refusal, deferral or reserve place: the bid is ready for decision again.

    Refused once the agreement was sent (recall it first), and while payments are planned.
    """
    with moving(store, Grant, grant_id, REVERSE_DECISION, reason=reason) as (session, grant):
        _refuse_payments(session, grant, "its decision cannot be reversed")
        grant.awarded = grant.decided_on = grant.decided_by = grant.refusal_reason = grant.decision_reason = None


def withdraw(store: Store, grant_id: int, reason: str) -> None:
    """The applicant withdraws, at the latest before the agreement is signed; an award lapses. Refused with payments."""
    with moving(store, Grant, grant_id, WITHDRAW, reason=reason) as (session, grant):
        _refuse_payments(session, grant, "it cannot be withdrawn")
        grant.awarded, grant.closed_reason = None, reason.strip()


def reinstate(store: Store, grant_id: int, reason: str) -> None:
    """A withdrawn bid is an application again, with no decision."""
    with moving(store, Grant, grant_id, REINSTATE, reason=reason) as (_, grant):
        grant.decided_on = grant.decided_by = grant.decision_reason = None
        grant.agreement_sent_on = grant.closed_reason = None


def send_agreement(store: Store, grant_id: int, *, on: date | None = None) -> None:
    """The agreement went to the organisation that day; refused for one that is stopped."""
    with moving(store, Grant, grant_id, SEND) as (session, grant):
        _refuse_stopped(session, grant)
        grant.agreement_sent_on = day(on, "Sent on")


def recall_agreement(store: Store, grant_id: int, reason: str) -> None:
    """Take back an agreement that was sent and not signed: the grant is approved, as before."""
    with moving(store, Grant, grant_id, RECALL, reason=reason) as (_, grant):
        grant.agreement_sent_on = None


def sign_agreement(store: Store, grant_id: int, signed_by: str, *, on: date | None = None) -> None:
    """A person there signed the agreement that day: the grant is active and its award committed.

    Refused for a stopped organisation, and before the day on which it was sent.
    """
    with moving(store, Grant, grant_id, SIGN) as (session, grant):
        _refuse_stopped(session, grant)
        grant.agreement_signed_by = needed(signed_by, "The name of who signed")
        grant.agreement_signed_on = day(on, "Signed on")


def reverse_signature(store: Store, grant_id: int, reason: str) -> None:
    """Take back a signature recorded wrongly; refused while a payment of the grant is authorised, sent or paid."""
    with moving(store, Grant, grant_id, REVERSE_SIGNATURE, reason=reason) as (session, grant):
        waiting = DEAD | {PaymentStatus.SCHEDULED, PaymentStatus.PENDING}
        _refuse_payments(session, grant, "the signature cannot be reversed", but=waiting)
        grant.agreement_signed_by = grant.agreement_signed_on = None


def suspend(store: Store, grant_id: int, reason: str) -> None:
    """Suspend an active grant: nothing of it is paid until it is resumed."""
    with moving(store, Grant, grant_id, SUSPEND, reason=reason):
        pass


def resume(store: Store, grant_id: int, reason: str) -> None:
    """Let a suspended grant go on."""
    with moving(store, Grant, grant_id, RESUME, reason=reason):
        pass


def start_closing(store: Store, grant_id: int) -> None:
    """Begin to close a grant: the work is over, the last papers and payments are not."""
    with moving(store, Grant, grant_id, START_CLOSING):
        pass


def complete(store: Store, grant_id: int, *, declared_spend: Decimal | None = None, reason: str | None = None) -> None:
    """Close a grant for good; refused while a payment or reclaim of it is still to come."""
    with moving(store, Grant, grant_id, COMPLETE, reason=reason) as (session, grant):
        _refuse_payments(session, grant, "the grant cannot be completed", but=DEAD | {PaymentStatus.PAID})
        if declared_spend is not None:
            grant.declared_spend = declared_spend
        grant.closed_reason = (reason or "").strip() or None


def terminate(store: Store, grant_id: int, reason: str) -> None:
    """Decide to end a grant before its time; refused while a payment is under way. What is scheduled is never paid."""
    with moving(store, Grant, grant_id, TERMINATE, reason=reason) as (session, grant):
        idle = DEAD | {PaymentStatus.PAID, PaymentStatus.SCHEDULED}
        _refuse_payments(session, grant, "the grant cannot be terminated", but=idle)
        grant.closed_reason = reason.strip()


def go_on(store: Store, grant_id: int, reason: str) -> None:
    """A grant that had begun to close is active again."""
    with moving(store, Grant, grant_id, CONTINUE, reason=reason):
        pass


def reopen(store: Store, grant_id: int, reason: str) -> None:
    """Take back a completion or a termination: the grant is closing again."""
    with moving(store, Grant, grant_id, REOPEN, reason=reason) as (_, grant):
        grant.closed_reason = None


def rate(store: Store, grant_id: int, rag: Rag, reason: str | None = None) -> None:
    """Rate how a grant goes; red and amber need a reason. Refused for what is not awarded."""
    said = needed(reason, "A reason for the rating") if rag in (Rag.RED, Rag.AMBER) else (reason or "").strip()
    with store.change("Rate grant") as session:
        grant = load(session, Grant, grant_id)
        if grant.status not in AWARDED:
            raise Refused(f"Grant {grant.reference} is {grant.status.value.lower()}: only an award is rated.")
        grant.rag, grant.rag_reason = rag, said or None
        session.words = f"Rate grant {grant.reference} {rag.value.lower()}"


def _decide(grant: Grant, decided_by: str, on: date | None, reason: str | None) -> None:
    grant.decided_by, grant.decided_on = decided_by, day(on, "Decided on")
    grant.decision_reason = (reason or "").strip() or None


def _refuse_stopped(session: Session, grant: Grant) -> None:
    organisation = session.get_one(Organisation, grant.organisation_id)
    if organisation.stopped:
        raise Refused(f"{organisation.name} is stopped ({organisation.stop_reason}): lift the stop first.")


def _refuse_payments(session: Session, grant: Grant, so: str, *, but: Collection[PaymentStatus] = DEAD) -> None:
    """Refused if the grant has a payment of another status than `but`."""
    standing = select(Payment).where(Payment.grant_id == grant.id, Payment.status.not_in(but)).order_by(Payment.id)
    found = session.scalars(standing.limit(1)).first()
    if found is not None:
        now = found.status.value.lower()
        raise Refused(f"Payment {found.reference} is {now}, so {so}: see to that payment first.")


def _keep_within_budget(session: Session, grant: Grant, over_commitment: str) -> None:
    """Refused if awards, with bids not yet decided, go beyond the budget and nobody has said why."""
    programme = session.get_one(Programme, grant.programme_id)
    awarded = select(func.sum(Grant.awarded)).where(Grant.programme_id == programme.id, Grant.status.in_(AWARDED))
    left = session.scalar(select(figures.budget_left()).where(Programme.id == programme.id))
    if programme.budget is None or left is None or left >= 0:
        return
    beyond = (session.scalar(awarded) or Decimal(0)) - programme.budget
    if over_commitment:
        programme.over_commitment = over_commitment
    elif programme.over_commitment is None or beyond > 0:
        counted, over = ("awards", beyond) if beyond > 0 else ("awards and bids not yet decided", -left)
        raise Refused(
            f"With this, {counted} come to {wording.money_text(over)} more than the budget of {programme.reference}, "
            f"{wording.money_text(programme.budget)}: award less, or say why it may be over-committed."
        )
