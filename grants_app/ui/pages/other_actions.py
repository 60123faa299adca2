"""What can be done to a payment and to an engagement; each as its operation has it."""

from collections.abc import Mapping, Sequence

from grants_app import wording
from grants_app.operations import engagements, payments
from grants_app.records import Record
from grants_app.records.payment import Payment, PaymentKind
from grants_app.ui.ask import REASON, Question, today_text, verb_action
from grants_app.ui.marks import Mark

_CONFIRMED = "Approving is your decision and stands in the history; it is reversed with a reason, never undone."
_FINANCE = Question("finance_reference", "Finance reference", needed=False)
_CAME = Question("attended", "How many came", "whole")


def _reclaim(record: Record) -> bool:
    return isinstance(record, Payment) and record.kind is PaymentKind.RECLAIM


def _to_pay(record: Record) -> bool:
    return not _reclaim(record) and payments.RECORD_PAID.fits(record)


def _to_receive(record: Record) -> bool:
    return _reclaim(record) and payments.RECORD_RECEIVED.fits(record)


def _to_reclaim(record: Record) -> bool:
    return not _reclaim(record) and payments.RECORD_RETURNED.fits(record)


def _to_countersign(record: Record) -> bool:
    return isinstance(record, Payment) and record.countersign


def _reversible(record: Record) -> bool:
    return any(move.fits(record) for move in payments.REVERSALS)


def _held(record: Record) -> bool:
    return isinstance(record, Payment) and record.hold_reason is not None


def payment_flags(record: Record) -> Sequence[Mark]:
    """That a payment is held, or still wants a second signature."""
    held = (Mark("On hold", "square", "warning"),) if _held(record) else ()
    return (*held, *((Mark("To be countersigned", "half", "warning"),) if _to_countersign(record) else ()))


def payment_told(record: Record, _called: Mapping[str, str]) -> Sequence[str]:
    """Why a payment is held."""
    assert isinstance(record, Payment)
    return (f"On hold: {record.hold_reason}",) if record.hold_reason else ()


def _holdable(record: Record) -> bool:
    return not _held(record) and (payments.REQUEST.fits(record) or payments.APPROVE.fits(record))


def _amount(record: Record) -> str:
    assert isinstance(record, Payment)
    return wording.money_text(record.amount).removeprefix("£")


def _day(words: str) -> Question:
    return Question("on", words, "date", first=today_text)


PAYMENT_ACTIONS = (
    verb_action("Let it go on", payments.unhold, _held, next=True),
    verb_action("Request approval", payments.request, payments.REQUEST.fits, next=True),
    verb_action("Approve", payments.approve, payments.APPROVE.fits, confirm=True, tell=_CONFIRMED, next=True),
    verb_action("Countersign", payments.countersign, _to_countersign, confirm=True, tell=_CONFIRMED, next=True),
    verb_action("Decline", payments.decline, payments.DECLINE.fits, REASON),
    verb_action("Send to finance", payments.send_to_finance, payments.SEND.fits, confirm=True, next=True),
    verb_action("Record as paid", payments.record_paid, _to_pay, _day("Paid on"), _FINANCE, next=True),
    verb_action("Record as received", payments.record_paid, _to_receive, _day("Received on"), _FINANCE, next=True),
    verb_action("Record as failed", payments.record_failed, payments.RECORD_FAILED.fits, REASON),
    verb_action("Record as returned", payments.record_returned, _to_reclaim, REASON),
    verb_action(
        "Ask for money back",
        payments.reclaim,
        _to_reclaim,
        Question("amount", "Amount", "money", first=_amount),
        Question("due", "Due", "date"),
        REASON,
    ),
    verb_action("Hold", payments.hold, _holdable, REASON),
    verb_action("Withdraw the request", payments.withdraw_request, payments.WITHDRAW_REQUEST.fits),
    verb_action("Cancel the payment", payments.cancel, payments.CANCEL.fits, REASON),
    verb_action("Reverse the last step", payments.reverse, _reversible, REASON),
)
ENGAGEMENT_ACTIONS = (
    verb_action("Mark as delivered", engagements.deliver, engagements.DELIVER.fits, _CAME),
    verb_action("Postpone", engagements.postpone, engagements.DELIVER.fits, Question("to", "To", "date")),
    verb_action("Cancel the engagement", engagements.cancel, engagements.CANCEL.fits, REASON),
)
