"""What can be done to a grant, from bid to closure; each as `operations.grants` has it."""

from PySide6.QtWidgets import QWidget

from grants_app import wording
from grants_app.operations import grants
from grants_app.records import Record
from grants_app.records.grant import AWARDED, Grant, Rag, RefusalReason
from grants_app.ui.ask import REASON, Question, today_text, verb_action
from grants_app.ui.desk import Desk
from grants_app.ui.page import Action, later


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
