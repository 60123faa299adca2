"""What can be done to a record, kind by kind; each as its operation has it."""

from collections.abc import Mapping, Sequence

from PySide6.QtWidgets import QWidget

from grants_app import wording
from grants_app.operations import engagements, grants, payments
from grants_app.records import Record
from grants_app.records.grant import AWARDED, Grant, Rag, RefusalReason
from grants_app.records.payment import Payment, PaymentKind
from grants_app.ui.ask import REASON, Question, today_text, verb_action
from grants_app.ui.badges import Badge
from grants_app.ui.desk import Desk
from grants_app.ui.page import Action, later

_CONFIRMED = "Approving is your decision and stands in the history; it is reversed with a reason, never undone."
_FINANCE = Question("finance_reference", "Finance reference", needed=False)
_CAME = Question("attended", "How many came", "whole")


def _awarded(record: Record) -> bool:
    return isinstance(record, Grant) and record.status in AWARDED


def _asked(record: Record) -> str:
    assert isinstance(record, Grant)
    return wording.money_text(record.asked).removeprefix("£") if record.asked is not None else ""


def _rag(record: Record) -> str:
    assert isinstance(record, Grant)
    return record.rag.value


_WHY = Question("reason", "Reason", "words", needed=False, help="It stays in the history.")
_SIGNED_BY = Question("signed_by", "Signed by", help="The person who signed for the organisation")
_OVER = Question("over_commitment", "Why over budget", "words", needed=False, help="Only if it goes beyond the budget")
_REFUSALS = Question("why", "Why not approved", "choice", choices={reason.value: reason for reason in RefusalReason})
_RATING = Question("rag", "Rating", "choice", first=_rag, choices={rag.value: rag for rag in Rag})
_RATING_WHY = Question("reason", "Reason", "words", needed=False, help="Needed for red and amber")
_AMOUNT = Question("amount", "Amount", "money", first=_asked)
_SPENT = Question("declared_spend", "Declared final spend", "money", needed=False)


def _day(words: str) -> Question:
    return Question("on", words, "date", first=today_text)


_FINAL = "A decision is reversed with a reason; it cannot be undone."


def _report(desk: Desk, record: Record, _window: QWidget) -> None:
    desk.page_asked.emit("reports", record.id)


GRANT_ACTIONS = (
    Action("Make the grant report", _report),
    verb_action("Record as received", grants.receive, grants.RECEIVE.fits, _day("Received on")),
    verb_action("Begin to assess", grants.assess, grants.ASSESS.fits),
    verb_action("Put forward for decision", grants.submit, grants.SUBMIT.fits),
    verb_action("Award", grants.award, grants.AWARD.fits, _AMOUNT, _WHY, _OVER, tell=_FINAL),
    verb_action("Do not approve", grants.refuse, grants.REFUSE.fits, _REFUSALS, _WHY, tell=_FINAL),
    verb_action("Defer", grants.defer, grants.DEFER.fits, REASON),
    verb_action("Put on the reserve list", grants.reserve, grants.RESERVE.fits, REASON),
    verb_action("Send the agreement", grants.send_agreement, grants.SEND.fits, _day("Sent on")),
    verb_action("Record the signature", grants.sign_agreement, grants.SIGN.fits, _SIGNED_BY, _day("Signed on")),
    Action("Split over funding lines …", later("splitting", "split_award"), _awarded),
    verb_action("Rate", grants.rate, _awarded, _RATING, _RATING_WHY),
    verb_action("Suspend", grants.suspend, grants.SUSPEND.fits, REASON),
    verb_action("Resume", grants.resume, grants.RESUME.fits, REASON),
    verb_action("Begin to close", grants.start_closing, grants.START_CLOSING.fits),
    verb_action("Complete", grants.complete, grants.COMPLETE.fits, _SPENT, _WHY),
    verb_action("Go on with it", grants.go_on, grants.CONTINUE.fits, REASON),
    verb_action("Terminate", grants.terminate, grants.TERMINATE.fits, REASON, tell=_FINAL),
    verb_action("Withdraw", grants.withdraw, grants.WITHDRAW.fits, REASON),
    verb_action("Reinstate", grants.reinstate, grants.REINSTATE.fits, REASON),
    verb_action("Recall the agreement", grants.recall_agreement, grants.RECALL.fits, REASON),
    verb_action("Reverse the decision", grants.reverse_decision, grants.REVERSE_DECISION.fits, REASON),
    verb_action("Reverse the signature", grants.reverse_signature, grants.REVERSE_SIGNATURE.fits, REASON),
    verb_action("Reopen", grants.reopen, grants.REOPEN.fits, REASON),
)


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


def payment_flags(record: Record) -> Sequence[Badge]:
    """That a payment is held, or still wants a second signature."""
    held = (Badge("On hold", "square", "warning"),) if _held(record) else ()
    return (*held, *((Badge("To be countersigned", "half", "warning"),) if _to_countersign(record) else ()))


def payment_told(record: Record, _called: Mapping[str, str]) -> Sequence[str]:
    """Why a payment is held."""
    assert isinstance(record, Payment)
    return (f"On hold: {record.hold_reason}",) if record.hold_reason else ()


def _holdable(record: Record) -> bool:
    return not _held(record) and (payments.REQUEST.fits(record) or payments.APPROVE.fits(record))


def _amount(record: Record) -> str:
    assert isinstance(record, Payment)
    return wording.money_text(record.amount).removeprefix("£")


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


def _merge(desk: Desk, record: Record, parent: QWidget) -> None:
    from grants_app.ui.pages.merge_sheet import MergeSheet

    MergeSheet(desk, parent, record.id).open()


def _anonymise(desk: Desk, record: Record, parent: QWidget) -> None:
    from grants_app.ui.pages.anonymise_sheet import AnonymiseSheet

    AnonymiseSheet(desk, record, parent).open()


MERGE = Action("Merge with another …", _merge)
ANONYMISE = Action("Anonymise …", _anonymise)
