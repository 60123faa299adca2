"""What can be done to a record, kind by kind; each as its operation has it."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtWidgets import QWidget
from sqlalchemy.orm import Session

from grants_app import wording
from grants_app.errors import Refused
from grants_app.operations import engagements, grants, organisations, outcomes, payments
from grants_app.records import Grant, Measurement, Organisation, Payment, Record, Testimonial
from grants_app.records.evidence import MeasurementStatus
from grants_app.records.grant import AWARDED, Rag, RefusalReason
from grants_app.records.payment import DEAD, PaymentKind, PaymentStatus
from grants_app.store import Store
from grants_app.ui.ask import REASON, Question, today_text, verb_action
from grants_app.ui.badges import Badge
from grants_app.ui.desk import Desk
from grants_app.ui.page import Action, Lead, Leads, later

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
_PAYMENT, _DUE = Question("amount", "Amount", "money"), Question("due", "Due", "date")
_PAID_AS = Question(
    "kind", "Kind", "choice", first=lambda _grant: PaymentKind.INTERIM.value,
    choices={kind.value: kind for kind in PaymentKind if kind is not PaymentKind.RECLAIM},
)  # fmt: skip
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
    verb_action("Schedule a payment", payments.schedule, _awarded, _PAYMENT, _DUE, _PAID_AS),
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


def _held_elsewhere(session: Session, id: int) -> Sequence[Lead]:
    payment = session.get_one(Payment, id)
    over = payment.status in {*DEAD, PaymentStatus.SENT, PaymentStatus.PAID}
    found = None if over or _reclaim(payment) else payments.held(session, payment)
    if found is None or found[1] is payment:
        return ()
    words, by = found
    called = by.name if isinstance(by, Organisation) else by.reference
    return (Lead(words, type(by), by.id, called, Badge("Held", "square", "warning")),)


HELD_ELSEWHERE = Leads(_held_elsewhere, (Organisation, Grant))
"""What holds a payment without being said of it: its organisation is stopped, or has new bank details; its grant."""


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
        _DUE,
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


def _reported(record: Record) -> bool:
    return isinstance(record, Organisation) and record.bank_change_reported_on is not None


def _unreported(record: Record) -> bool:
    return not _reported(record)


def _stopped(record: Record) -> bool:
    return isinstance(record, Organisation) and record.stopped


def _going(record: Record) -> bool:
    return not _stopped(record)


def organisation_flags(record: Record) -> Sequence[Badge]:
    """That an organisation is stopped, or has bank details to verify."""
    stopped = (Badge("Stopped", "square", "bad"),) if _stopped(record) else ()
    return (*stopped, *((Badge("Bank details to verify", "half", "warning"),) if _reported(record) else ()))


def organisation_told(record: Record, _called: Mapping[str, str]) -> Sequence[str]:
    """Why an organisation is stopped, and who reported new bank details."""
    assert isinstance(record, Organisation)
    said = [f"Stopped: {record.stop_reason}"] if record.stopped else []
    if record.bank_change_reported_on is not None:
        by = f" by {record.bank_change_reported_by}" if record.bank_change_reported_by else ""
        on = wording.date_text(record.bank_change_reported_on)
        said.append(f"New bank details reported on {on}{by}: every payment is held until another officer verifies them")
    return said


_STOPS = "No award and no payment goes to it until the stop is lifted, with a reason."
_REPORTS = (
    "Every payment to it is held until another officer has verified the new details. Grants Desk never keeps the "
    "details themselves."
)
_VERIFIES = (
    "You have checked the details with somebody you know there, on a number that you held before. Your name and today "
    "stand on the record, and what was held goes on."
)
_RETRACTS = "The report was mistaken: the details that were verified before hold, and what was held goes on."


def _merge(desk: Desk, record: Record, parent: QWidget) -> None:
    from grants_app.ui.pages.merge_sheet import MergeSheet

    MergeSheet(desk, parent, record.id).open()


def _anonymise(desk: Desk, record: Record, parent: QWidget) -> None:
    from grants_app.ui.pages.anonymise_sheet import AnonymiseSheet

    AnonymiseSheet(desk, record, parent).open()


MERGE = Action("Merge with another …", _merge)
ORGANISATION_ACTIONS = (
    verb_action(
        "Verify the new bank details", organisations.verify_bank, _reported, confirm=True, tell=_VERIFIES, next=True
    ),
    verb_action("Retract the report", organisations.retract_bank_change, _reported, REASON, tell=_RETRACTS),
    verb_action("Report new bank details", organisations.report_bank_change, _unreported, confirm=True, tell=_REPORTS),
    verb_action(
        "Record the bank details as verified", organisations.verify_bank, _unreported, confirm=True, tell=_VERIFIES
    ),
    verb_action("Stop", organisations.stop, _going, REASON, tell=_STOPS),
    verb_action("Lift the stop", organisations.lift_stop, _stopped, REASON),
    MERGE,
)


def _approved(record: Record) -> bool:
    return isinstance(record, Measurement) and record.status is MeasurementStatus.APPROVED


def _standing(record: Record) -> bool:
    return isinstance(record, Testimonial) and record.withdrawn_on is None


def _correct(store: Store, id: int, reason: str, **values: Any) -> Measurement:
    if not values:
        raise Refused("Nothing is corrected yet: give the value, or its parts, as it should be.")
    if "value" in values:
        values["value"] = float(values["value"])
    return outcomes.correct(store, id, values, reason)


_APPROVES = "From now on it stands in reports. Approving is reversed with a reason, never undone."
_CORRECTS = (
    "A new draft stands beside this one and says what it corrects; this one is a draft again, and stays as it was. "
    "What is left blank is taken over. A per cent follows from numerator and denominator."
)
MEASUREMENT_ACTIONS = (
    verb_action(
        "Approve", outcomes.approve_measurement, outcomes.APPROVE.fits, confirm=True, tell=_APPROVES, next=True
    ),
    verb_action(
        "Correct",
        _correct,
        _approved,
        Question("value", "Value", "number", needed=False),
        Question("numerator", "Numerator", "whole", needed=False),
        Question("denominator", "Denominator", "whole", needed=False),
        REASON,
        tell=_CORRECTS,
    ),
    verb_action("Reverse the approval", outcomes.reverse_approval, _approved, REASON),
)
_WITHDRAWS = "From now on it leaves Grants Desk in no report and no file."
TESTIMONIAL_ACTIONS = (
    verb_action("Withdraw the consent", outcomes.withdraw_consent, _standing, _day("Withdrawn on"), tell=_WITHDRAWS),
    verb_action(
        "Renew the consent",
        outcomes.renew_consent,
        _standing,
        Question("until", "Consent ends", "date"),
        Question("given", "Given on", "date", first=today_text),
    ),
)
ANONYMISE = Action("Anonymise …", _anonymise)
