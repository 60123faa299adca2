"""A grant from bid to closure."""

from datetime import date
from decimal import Decimal

import pytest

from grants_app.errors import Invalid, Refused
from grants_app.operations import grants, payments
from grants_app.records import Grant, Organisation, Programme
from grants_app.records.grant import Rag, RefusalReason, Status
from grants_app.records.payment import PaymentStatus
from grants_app.records.programme import ProgrammeStatus
from grants_app.store import Store, undoing
from tests.make import make
from tests.operations.reading import fields, last, now, steps

TODAY = date(2026, 11, 23)
FIVE = Decimal("5000.00")


def programme_with(store: Store, budget: str) -> Programme:
    live = {"status": ProgrammeStatus.OPEN, "starts": date(2026, 4, 1), "ends": date(2027, 3, 31)}
    return make(store, Programme, code="CVE", budget=Decimal(budget), **live)


def bid(store: Store, status: Status = Status.READY, **values: object) -> Grant:
    return make(store, Grant, status=status, asked=FIVE, **values)


def active(store: Store, **values: object) -> Grant:
    return make(store, Grant, status=Status.ACTIVE, awarded=FIVE, agreement_signed_on=date(2026, 4, 1), **values)


def test_a_bid_goes_from_enquiry_to_closure_each_move_a_step_of_its_own(store):
    grant = bid(store, Status.ENQUIRY)
    before = steps(store)

    grants.receive(store, grant.id, on=date(2026, 9, 1))
    grants.assess(store, grant.id)
    grants.submit(store, grant.id)
    grants.award(store, grant.id, Decimal("4500.00"), reason="Less for travel", decided_by="Grace Whitfield")
    grants.send_agreement(store, grant.id)
    grants.sign_agreement(store, grant.id, "Jo Marsh")
    grants.suspend(store, grant.id, "Policy out of date")
    grants.resume(store, grant.id, "Policy seen")
    grants.start_closing(store, grant.id)
    grants.complete(store, grant.id, declared_spend=Decimal("4400.00"))

    told = fields(
        store, grant, "status", "received", "awarded", "decided_by", "decided_on", "decision_reason",
        "agreement_sent_on", "agreement_signed_by", "agreement_signed_on", "declared_spend",
    )  # fmt: skip
    assert told == (
        Status.COMPLETED, date(2026, 9, 1), Decimal("4500.00"), "Grace Whitfield", TODAY, "Less for travel",
        TODAY, "Jo Marsh", TODAY, Decimal("4400.00"),
    )  # fmt: skip
    assert steps(store) == before + 10


@pytest.mark.parametrize("status", [status for status in Status if status not in {Status.READY, Status.RESERVE}])
def test_only_a_bid_that_is_ready_or_in_reserve_is_awarded(store, status):
    grant = make(store, Grant, status=status, awarded=Decimal("1.00"))

    with pytest.raises(Refused, match="so it cannot be awarded: only one that is ready for decision or reserve list"):
        grants.award(store, grant.id, FIVE)
    assert fields(store, grant, "status", "awarded") == (status, Decimal("1.00"))


def test_an_award_says_its_amount_in_the_history_and_cannot_be_undone(store):
    grant = bid(store)
    grants.award(store, grant.id, FIVE, reason="Best of the round")

    step = last(store)
    assert (step.words, step.reason, step.final, step.officer) == (
        f"Award £5,000 to grant {grant.reference}", "Best of the round", True, "Ann Officer",
    )  # fmt: skip
    with pytest.raises(Refused, match="it is reversed, with a reason"):
        undoing.undo(store, step.id)


def test_an_award_is_more_than_nothing_and_not_decided_in_the_future(store):
    grant = bid(store)

    with pytest.raises(Refused, match="more than nothing"):
        grants.award(store, grant.id, Decimal("0.00"))
    with pytest.raises(Refused, match="24 November 2026 is in the future"):
        grants.award(store, grant.id, FIVE, on=date(2026, 11, 24))
    assert fields(store, grant, "status", "awarded") == (Status.READY, None)


def test_a_stopped_organisation_gets_no_award_and_no_agreement(store):
    stopped = make(store, Organisation, stopped=True, stop_reason="Accounts overdue")
    ready = bid(store, organisation_id=stopped.id)
    approved = make(store, Grant, organisation_id=stopped.id, status=Status.APPROVED, awarded=FIVE)

    for verb in (
        lambda: grants.award(store, ready.id, FIVE),
        lambda: grants.send_agreement(store, approved.id),
        lambda: grants.sign_agreement(store, approved.id, "Jo Marsh"),
    ):
        with pytest.raises(Refused, match=r"is stopped \(Accounts overdue\): lift the stop first"):
            verb()


def test_an_award_beyond_the_budget_needs_a_reason_which_the_programme_keeps(store):
    programme = programme_with(store, "8000.00")
    bid(store, programme_id=programme.id)
    second = bid(store, programme_id=programme.id)

    with pytest.raises(Refused, match="awards and bids not yet decided come to £2,000 more than the budget of CVE"):
        grants.award(store, second.id, FIVE)
    grants.award(store, second.id, FIVE, over_commitment="Two bids will be withdrawn")

    assert fields(store, programme, "over_commitment") == ("Two bids will be withdrawn",)


def test_with_a_reason_kept_undecided_bids_may_exceed_the_budget_but_awards_alone_may_not(store):
    programme = programme_with(store, "8000.00")
    first, second = (bid(store, programme_id=programme.id) for _ in range(2))
    grants.award(store, first.id, FIVE, over_commitment="One of them will be refused")

    with pytest.raises(Refused, match="With this, awards come to £2,000 more than the budget of CVE, £8,000"):
        grants.award(store, second.id, FIVE)
    grants.award(store, second.id, FIVE, over_commitment="The Mayor has agreed to add £2,000")

    assert fields(store, programme, "over_commitment") == ("The Mayor has agreed to add £2,000",)


def test_an_award_to_the_last_pound_of_the_budget_needs_no_reason(store):
    programme = programme_with(store, "5000.00")
    grant = bid(store, programme_id=programme.id)

    grants.award(store, grant.id, FIVE)

    assert fields(store, grant, "status") == (Status.APPROVED,)


def test_a_refusal_keeps_its_reason_and_other_needs_words(store):
    grant, other = bid(store), bid(store)
    grants.refuse(store, grant.id, RefusalReason.OVERSUBSCRIBED)

    assert fields(store, grant, "status", "refusal_reason", "decided_by", "decided_on") == (
        Status.NOT_APPROVED, RefusalReason.OVERSUBSCRIBED, "Ann Officer", TODAY,
    )  # fmt: skip
    with pytest.raises(Refused, match="A reason in words is needed"):
        grants.refuse(store, other.id, RefusalReason.OTHER, reason="  ")


@pytest.mark.parametrize("decide", [grants.defer, grants.reserve])
def test_what_is_put_off_may_be_put_forward_again(store, decide):
    grant = bid(store)
    decide(store, grant.id, "Wait for the accounts")
    assert fields(store, grant, "decision_reason") == ("Wait for the accounts",)

    grants.submit(store, grant.id)

    assert fields(store, grant, "status") == (Status.READY,)


@pytest.mark.parametrize(
    "verb",
    [
        grants.defer, grants.reserve, grants.withdraw, grants.reinstate, grants.reverse_decision,
        grants.recall_agreement, grants.reverse_signature, grants.suspend, grants.resume, grants.terminate,
        grants.go_on, grants.reopen,
    ],
)  # fmt: skip
def test_what_needs_a_reason_is_refused_without_one(store, verb):
    grant = bid(store)

    with pytest.raises(Refused, match="A reason is needed: it stays in the history"):
        verb(store, grant.id, " ")


@pytest.mark.parametrize("decided", [Status.APPROVED, Status.NOT_APPROVED, Status.DEFERRED, Status.RESERVE])
def test_a_decision_is_reversed_by_a_step_of_its_own(store, decided):
    values = {"awarded": FIVE} if decided is Status.APPROVED else {}
    grant = make(store, Grant, status=decided, decided_by="Ann Officer", decided_on=TODAY, **values)

    grants.reverse_decision(store, grant.id, "The panel had not been complete")

    assert fields(store, grant, "status", "awarded", "decided_by", "decided_on") == (Status.READY, None, None, None)
    assert (last(store).reason, last(store).final) == ("The panel had not been complete", True)


def test_a_decision_stands_while_payments_of_it_are_planned(store):
    grant = make(store, Grant, status=Status.APPROVED, awarded=FIVE)
    payment = payments.schedule(store, grant.id, FIVE, date(2026, 12, 1))

    with pytest.raises(Refused, match=f"Payment {payment.reference} is scheduled, so its decision cannot be reversed"):
        grants.reverse_decision(store, grant.id, "Mistake")
    with pytest.raises(Refused, match="so it cannot be withdrawn"):
        grants.withdraw(store, grant.id, "They gave up")
    payments.cancel(store, payment.id, "Mistake")
    grants.reverse_decision(store, grant.id, "Mistake")

    assert fields(store, grant, "status") == (Status.READY,)


def test_an_award_lapses_when_the_applicant_withdraws_and_a_withdrawn_bid_can_come_back(store):
    grant = make(store, Grant, status=Status.AGREEMENT_SENT, awarded=FIVE, agreement_sent_on=TODAY)

    grants.withdraw(store, grant.id, "The trustees said no")
    assert fields(store, grant, "status", "awarded", "closed_reason") == (
        Status.WITHDRAWN, None, "The trustees said no",
    )  # fmt: skip
    grants.reinstate(store, grant.id, "They changed their minds")
    assert fields(store, grant, "status", "closed_reason", "agreement_sent_on") == (Status.APPLIED, None, None)


def test_an_agreement_may_be_recalled_until_it_is_signed(store):
    grant = make(store, Grant, status=Status.APPROVED, awarded=FIVE)
    grants.send_agreement(store, grant.id, on=date(2026, 11, 2))

    grants.recall_agreement(store, grant.id, "Wrong dates")

    assert fields(store, grant, "status", "agreement_sent_on") == (Status.APPROVED, None)


def test_an_agreement_is_signed_by_somebody_and_not_before_it_was_sent(store):
    grant = make(store, Grant, status=Status.APPROVED, awarded=FIVE)
    grants.send_agreement(store, grant.id, on=date(2026, 11, 9))

    with pytest.raises(Refused, match="The name of who signed is needed"):
        grants.sign_agreement(store, grant.id, "")
    with pytest.raises(Invalid, match="must be the same as or after 9 November 2026, the day it was sent"):
        grants.sign_agreement(store, grant.id, "Jo Marsh", on=date(2026, 11, 8))
    grants.sign_agreement(store, grant.id, "Jo Marsh", on=date(2026, 11, 9))

    assert fields(store, grant, "status") == (Status.ACTIVE,)


def test_a_signature_is_reversed_until_something_is_authorised(store, ben):
    grant = active(store, agreement_sent_on=date(2026, 4, 1))
    payment = payments.schedule(store, grant.id, FIVE, date(2026, 12, 1))
    payments.request(store, payment.id)
    payments.approve(ben, payment.id)

    with pytest.raises(Refused, match="is authorised, so the signature cannot be reversed"):
        grants.reverse_signature(store, grant.id, "Signed by nobody with the right to")
    payments.reverse(ben, payment.id, "Signature in doubt")
    grants.reverse_signature(store, grant.id, "Signed by nobody with the right to")

    assert fields(store, grant, "status", "agreement_signed_on") == (Status.AGREEMENT_SENT, None)


def test_a_grant_is_not_completed_while_money_is_still_to_come_or_go(store):
    grant = active(store)
    scheduled = payments.schedule(store, grant.id, FIVE, date(2026, 12, 1))
    grants.start_closing(store, grant.id)

    with pytest.raises(Refused, match="is scheduled, so the grant cannot be completed"):
        grants.complete(store, grant.id)
    payments.cancel(store, scheduled.id, "Not needed")
    grants.complete(store, grant.id, reason="All reports in")

    assert fields(store, grant, "status", "closed_reason") == (Status.COMPLETED, "All reports in")


def test_a_grant_is_terminated_with_what_is_scheduled_but_not_with_what_is_under_way(store):
    grant = active(store)
    payment = payments.schedule(store, grant.id, FIVE, date(2026, 12, 1))
    payments.request(store, payment.id)

    with pytest.raises(Refused, match="is pending approval, so the grant cannot be terminated"):
        grants.terminate(store, grant.id, "No work for a year")
    payments.withdraw_request(store, payment.id)
    grants.terminate(store, grant.id, "No work for a year")

    assert fields(store, grant, "status", "closed_reason") == (Status.TERMINATED, "No work for a year")
    assert fields(store, payment, "status") == (PaymentStatus.SCHEDULED,)


@pytest.mark.parametrize("over", [Status.COMPLETED, Status.TERMINATED])
def test_what_is_over_may_be_reopened_and_then_go_on(store, over):
    grant = make(store, Grant, status=over, awarded=FIVE, closed_reason="Done")

    grants.reopen(store, grant.id, "A late invoice")
    assert fields(store, grant, "status", "closed_reason") == (Status.CLOSING, None)
    grants.go_on(store, grant.id, "And another term")
    assert fields(store, grant, "status") == (Status.ACTIVE,)


def test_a_rating_of_red_or_amber_needs_its_reason_and_only_awards_are_rated(store):
    grant, applied = active(store), bid(store, Status.APPLIED)

    with pytest.raises(Refused, match="A reason for the rating is needed"):
        grants.rate(store, grant.id, Rag.AMBER)
    with pytest.raises(Refused, match="is applied: only an award is rated"):
        grants.rate(store, applied.id, Rag.GREEN)
    grants.rate(store, grant.id, Rag.AMBER, "Two behind plan")
    assert fields(store, grant, "rag", "rag_reason") == (Rag.AMBER, "Two behind plan")
    grants.rate(store, grant.id, Rag.GREEN)
    assert fields(store, grant, "rag", "rag_reason") == (Rag.GREEN, None)
    assert last(store).words == f"Rate grant {grant.reference} green"


def test_each_move_is_one_that_the_status_itself_allows():
    moves = [move for move in vars(grants).values() if isinstance(move, grants.Move)]

    assert [(move.words, status) for move in moves for status in move.among if move.to not in status.next] == []
    assert len(moves) == 21


def test_each_final_move_leads_to_where_another_leads_back(store):
    moves = [move for move in vars(grants).values() if isinstance(move, grants.Move)]
    decided = [move for move in moves if move.final and not move.reasoned]

    for move in decided:
        assert [back for back in moves if move.to in back.among and back.reasoned and back.final], move.words


def test_a_grant_deleted_meanwhile_is_said_to_be(store):
    with pytest.raises(Refused, match="This grant was deleted meanwhile"):
        grants.assess(store, 99)


def test_a_move_that_is_refused_leaves_no_step(store):
    grant = bid(store, Status.APPLIED)
    before = steps(store)

    with pytest.raises(Refused):
        grants.award(store, grant.id, FIVE)

    assert (steps(store), now(store, grant).status) == (before, Status.APPLIED)
