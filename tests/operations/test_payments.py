"""A payment from its schedule to the bank and back, and the funding lines that it falls on."""

from datetime import date
from decimal import Decimal

import pytest

from grants_app.errors import Invalid, Refused
from grants_app.operations import editing, grants, organisations, payments
from grants_app.records import FundingLine, Grant, Payment, Programme
from grants_app.records.grant import Status
from grants_app.records.payment import PaymentKind, PaymentStatus
from grants_app.store import Store, undoing
from tests.make import make
from tests.operations.reading import fields, last, steps

TODAY, DUE = date(2026, 11, 23), date(2026, 12, 1)
TWO = Decimal("2000.00")
S = PaymentStatus


@pytest.fixture
def grant(store: Store) -> Grant:
    return make(
        store, Grant, status=Status.ACTIVE, awarded=Decimal("5000.00"), agreement_signed_on=date(2026, 4, 1)
    )  # fmt: skip


def scheduled(store: Store, grant: Grant, amount: Decimal = TWO) -> Payment:
    return payments.schedule(store, grant.id, amount, DUE)


def authorised(store: Store, ben: Store, grant: Grant, amount: Decimal = TWO) -> Payment:
    payment = scheduled(store, grant, amount)
    payments.request(store, payment.id)
    payments.approve(ben, payment.id)
    return payment


def paid(store: Store, ben: Store, grant: Grant, amount: Decimal = TWO) -> Payment:
    payment = authorised(store, ben, grant, amount)
    payments.send_to_finance(store, payment.id)
    payments.record_paid(store, payment.id, finance_reference="FIN-1")
    return payment


def status(store: Store, payment: Payment) -> PaymentStatus:
    return fields(store, payment, "status")[0]


def test_a_payment_goes_from_schedule_to_bank_each_step_signed(store, ben, grant):
    payment = scheduled(store, grant)
    payments.request(store, payment.id)
    payments.approve(ben, payment.id)
    payments.send_to_finance(ben, payment.id)
    payments.record_paid(ben, payment.id, on=date(2026, 11, 20), finance_reference=" FIN-77 ")

    told = fields(
        store, payment, "status", "number", "requested_by", "requested_on", "approved_by", "approved_on", "paid_on",
        "finance_reference", "countersign",
    )  # fmt: skip
    assert told == (
        S.PAID, 1, "Ann Officer", TODAY, "Ben Officer", TODAY, date(2026, 11, 20), "FIN-77", False,
    )  # fmt: skip
    assert last(store).words == f"Record payment {payment.reference} as paid, £2,000"


def test_payments_of_a_grant_are_numbered(store, grant):
    assert [scheduled(store, grant, Decimal("10.00")).number for _ in range(3)] == [1, 2, 3]


def test_who_requested_a_payment_does_not_approve_it(store, grant):
    payment = scheduled(store, grant)
    payments.request(store, payment.id)
    store.officer = "ANN  officer"

    with pytest.raises(Refused, match="You requested payment PAY-000001, so another officer must approve it"):
        payments.approve(store, payment.id)
    assert status(store, payment) is S.PENDING


def test_what_was_entered_as_requested_and_names_no_requester_is_approved_by_nobody(store, grant):
    payment = make(store, Payment, grant_id=grant.id, amount=Decimal("10.00"), status=PaymentStatus.PENDING)

    for alone in (False, True):
        with pytest.raises(
            Refused, match=r"Nobody is named as having requested payment .*: decline it, and request it"
        ):
            payments.approve(store, payment.id, alone=alone)


def test_a_team_of_one_approves_alone_and_it_stays_flagged_until_another_countersigns(store, ben, grant):
    payment = scheduled(store, grant)
    payments.request(store, payment.id)
    payments.approve(store, payment.id, alone=True)
    assert fields(store, payment, "status", "approved_by", "countersign") == (S.AUTHORISED, "Ann Officer", True)

    with pytest.raises(Refused, match="You approved payment PAY-000001 yourself"):
        payments.countersign(store, payment.id)
    payments.countersign(ben, payment.id)

    told = fields(store, payment, "approved_by", "countersign", "countersigned_by", "countersigned_on")
    assert told == ("Ann Officer", False, "Ben Officer", TODAY)
    with pytest.raises(Refused, match="not waiting for a countersignature"):
        payments.countersign(ben, payment.id)


def test_approving_alone_what_another_requested_needs_no_countersignature(store, ben, grant):
    payment = scheduled(store, grant)
    payments.request(ben, payment.id)
    payments.approve(store, payment.id, alone=True)

    assert fields(store, payment, "countersign") == (False,)


def test_no_payment_is_authorised_while_the_agreement_is_unsigned(store, ben):
    grant = make(store, Grant, status=Status.AGREEMENT_SENT, awarded=TWO)
    payment = scheduled(store, grant)
    payments.request(store, payment.id)

    with pytest.raises(Invalid, match=f"The agreement of {grant.reference} is not signed"):
        payments.approve(ben, payment.id)
    grants.sign_agreement(store, grant.id, "Jo Marsh")
    payments.approve(ben, payment.id)

    assert status(store, payment) is S.AUTHORISED


def test_what_is_requested_never_exceeds_the_award(store, ben, grant):
    paid(store, ben, grant, Decimal("3000.01"))
    second = scheduled(store, grant)

    with pytest.raises(Invalid, match=r"Payments come to £5,000\.01, £0\.01 more than the award of £5,000"):
        payments.request(store, second.id)
    assert status(store, second) is S.SCHEDULED


def test_declining_keeps_the_reason_and_it_may_be_requested_again(store, ben, grant):
    payment = scheduled(store, grant)
    payments.request(store, payment.id)
    payments.decline(ben, payment.id, "No report yet")
    assert fields(store, payment, "status", "outcome_reason") == (S.DECLINED, "No report yet")

    payments.request(store, payment.id)

    assert fields(store, payment, "status", "outcome_reason") == (S.PENDING, None)


@pytest.mark.parametrize("fate", [payments.record_failed, payments.record_returned, payments.decline, payments.cancel])
def test_a_bad_end_needs_its_reason(store, grant, fate):
    payment = scheduled(store, grant)

    with pytest.raises(Refused, match="A reason is needed"):
        fate(store, payment.id, "")


def test_what_failed_or_came_back_is_requested_and_approved_anew(store, ben, grant):
    failed, returned = authorised(store, ben, grant), paid(store, ben, grant)
    payments.send_to_finance(store, failed.id)
    payments.record_failed(store, failed.id, "The bank did not know the account")
    payments.record_returned(store, returned.id, "Account closed")
    assert (status(store, failed), status(store, returned)) == (S.FAILED, S.RETURNED)

    for payment in (failed, returned):
        payments.request(store, payment.id)
        told = fields(store, payment, "status", "approved_by", "approved_on", "paid_on", "outcome_reason")
        assert told == (S.PENDING, None, None, None, None)


def test_a_payment_is_not_recorded_as_paid_before_its_day(store, ben, grant):
    payment = authorised(store, ben, grant)
    payments.send_to_finance(store, payment.id)

    with pytest.raises(Refused, match="Paid on 24 November 2026 is in the future"):
        payments.record_paid(store, payment.id, on=date(2026, 11, 24))
    assert status(store, payment) is S.SENT


@pytest.mark.parametrize(
    ("verb", "wanted"),
    [
        (payments.request, "requested: only one that is scheduled, declined, failed or returned can"),
        (payments.approve, "approved: only one that is pending approval can"),
        (payments.send_to_finance, "sent to finance: only one that is authorised can"),
        (payments.withdraw_request, "have its request withdrawn: only one that is pending approval can"),
    ],
)
def test_a_payment_moves_only_from_where_it_may(store, ben, grant, verb, wanted):
    payment = paid(store, ben, grant)

    with pytest.raises(Refused, match=f"is paid, so it cannot .*{wanted}"):
        verb(ben, payment.id)


def test_a_held_payment_waits_until_it_is_released(store, ben, grant):
    payment = scheduled(store, grant)
    payments.hold(store, payment.id, "Report late")

    with pytest.raises(Refused, match=r"is held \(Report late\): release it first"):
        payments.request(store, payment.id)
    payments.unhold(store, payment.id)
    payments.request(store, payment.id)
    payments.hold(store, payment.id, "Report late")
    with pytest.raises(Refused, match="is held"):
        payments.approve(ben, payment.id)


def test_what_is_with_finance_or_paid_is_not_held_and_what_is_free_is_not_released(store, ben, grant):
    payment = paid(store, ben, grant)

    with pytest.raises(Refused, match="is paid: it is too late to hold it"):
        payments.hold(store, payment.id, "Report late")
    with pytest.raises(Refused, match="is not held"):
        payments.unhold(store, payment.id)


def test_a_bank_change_holds_every_payment_until_another_officer_verifies_it(store, ben, grant):
    requested, approved = scheduled(store, grant), authorised(store, ben, grant)
    payments.request(store, requested.id)
    organisations.report_bank_change(store, grant.organisation_id)

    for verb in (lambda: payments.approve(ben, requested.id), lambda: payments.send_to_finance(store, approved.id)):
        with pytest.raises(Refused, match="new bank details on 23 November 2026: a second officer must verify"):
            verb()
    organisations.verify_bank(ben, grant.organisation_id)
    payments.approve(ben, requested.id)

    assert status(store, requested) is S.AUTHORISED


def test_a_stopped_organisation_is_paid_nothing(store, ben, grant):
    payment = authorised(store, ben, grant)
    organisations.stop(store, grant.organisation_id, "Accounts overdue")

    with pytest.raises(Refused, match=r"is stopped \(Accounts overdue\), so no payment can go to it"):
        payments.send_to_finance(store, payment.id)
    payments.cancel(store, payment.id, "Stopped")

    assert status(store, payment) is S.CANCELLED


def test_what_was_with_finance_before_a_stop_is_still_recorded_as_it_went(store, ben, grant):
    payment = authorised(store, ben, grant)
    payments.send_to_finance(store, payment.id)
    organisations.stop(store, grant.organisation_id, "Accounts overdue")

    payments.record_paid(store, payment.id)

    assert status(store, payment) is S.PAID


@pytest.mark.parametrize("stop", [grants.suspend, grants.terminate])
def test_a_suspended_or_terminated_grant_is_paid_nothing(store, grant, stop):
    payment = scheduled(store, grant)
    stop(store, grant.id, "Work has stopped")

    with pytest.raises(Refused, match="so nothing of it can be paid"):
        payments.request(store, payment.id)


def test_every_decision_on_a_payment_is_reversed_with_a_reason(store, ben, grant):
    payment = paid(store, ben, grant)
    assert fields(store, payment, "status", "paid_on") == (S.PAID, TODAY)

    payments.reverse(store, payment.id, "Another payment's reference")
    assert fields(store, payment, "status", "paid_on", "finance_reference") == (S.SENT, None, None)
    payments.reverse(store, payment.id, "Sent too soon")
    assert fields(store, payment, "status", "approved_by") == (S.AUTHORISED, "Ben Officer")
    payments.reverse(store, payment.id, "Approved in haste")
    assert fields(store, payment, "status", "approved_by", "requested_by") == (S.PENDING, None, "Ann Officer")
    with pytest.raises(Refused, match="is pending approval: there is nothing to reverse"):
        payments.reverse(store, payment.id, "Once more")
    payments.cancel(store, payment.id, "Not needed")
    payments.reverse(store, payment.id, "Needed after all")
    assert fields(store, payment, "status", "requested_by", "outcome_reason") == (S.SCHEDULED, None, None)


def test_deciding_sending_and_paying_cannot_be_undone_but_scheduling_and_requesting_can(store, ben, grant):
    payment = scheduled(store, grant)
    payments.request(store, payment.id)
    assert undoing.undo(store) == f"Request payment {payment.reference}"
    payments.request(store, payment.id)
    payments.approve(ben, payment.id)
    approved = last(store).id
    payments.send_to_finance(ben, payment.id)
    payments.record_paid(ben, payment.id)

    for step in (approved, approved + 1, approved + 2):
        with pytest.raises(Refused, match="it is reversed, with a reason"):
            undoing.undo(ben, step)


def test_a_reclaim_takes_back_a_part_of_what_was_paid(store, ben, grant):
    payment = paid(store, ben, grant)

    reclaim = payments.reclaim(store, payment.id, Decimal("500.00"), DUE, reason="Underspent")
    payments.record_paid(store, reclaim.id, on=TODAY)

    told = fields(store, reclaim, "kind", "status", "reclaims_id", "grant_id", "number", "paid_on")
    assert told == (PaymentKind.RECLAIM, S.PAID, payment.id, grant.id, 2, TODAY)
    assert last(store).words == f"Record payment {reclaim.reference} as received, £500"


def test_reclaims_never_come_to_more_than_was_paid(store, ben, grant):
    payment = paid(store, ben, grant)
    first = payments.reclaim(store, payment.id, Decimal("1500.00"), DUE, reason="Underspent")

    for amount in ("500.01", "0.00", "-1.00"):
        with pytest.raises(Refused, match=f"Of payment {payment.reference}, £500 can be asked back"):
            payments.reclaim(store, payment.id, Decimal(amount), DUE, reason="Underspent")
    payments.cancel(store, first.id, "They had spent it after all")
    payments.reclaim(store, payment.id, TWO, DUE, reason="All of it")


def test_only_what_was_paid_is_reclaimed_and_a_reclaim_is_not_scheduled_requested_or_reclaimed(store, ben, grant):
    waiting = scheduled(store, grant)
    reclaim = payments.reclaim(store, paid(store, ben, grant).id, TWO, DUE, reason="Underspent")

    with pytest.raises(Refused, match="has not been paid, so nothing of it can be asked back"):
        payments.reclaim(store, waiting.id, TWO, DUE, reason="Underspent")
    with pytest.raises(Refused, match="has not been paid"):
        payments.reclaim(store, reclaim.id, TWO, DUE, reason="Underspent")
    with pytest.raises(Refused, match="is a reclaim: it is received, not requested"):
        payments.request(store, reclaim.id)
    with pytest.raises(Refused, match="A reclaim takes back one payment"):
        payments.schedule(store, grant.id, TWO, DUE, kind=PaymentKind.RECLAIM)


def test_a_payment_with_a_standing_reclaim_is_neither_returned_nor_reversed(store, ben, grant):
    payment = paid(store, ben, grant)
    reclaim = payments.reclaim(store, payment.id, TWO, DUE, reason="Underspent")

    for verb in (payments.record_returned, payments.reverse):
        with pytest.raises(Refused, match=f"A reclaim of payment {payment.reference} stands"):
            verb(store, payment.id, "Mistake")
    payments.cancel(store, reclaim.id, "Mistake")
    payments.reverse(store, payment.id, "Mistake")

    assert status(store, payment) is S.SENT


def test_a_received_reclaim_makes_room_within_the_award_again(store, ben, grant):
    payment = paid(store, ben, grant, Decimal("5000.00"))
    reclaim = payments.reclaim(store, payment.id, TWO, DUE, reason="Underspent")
    more = scheduled(store, grant)

    with pytest.raises(Invalid, match="£2,000 more than the award"):
        payments.request(store, more.id)
    payments.record_paid(store, reclaim.id)
    payments.request(store, more.id)

    assert status(store, more) is S.PENDING


@pytest.mark.parametrize("name", ["amount", "grant_id", "kind"])
def test_what_was_approved_stands_until_the_approval_is_reversed(store, ben, grant, name):
    payment = authorised(store, ben, grant)
    values = {"amount": Decimal("1.00"), "grant_id": make(store, Grant).id, "kind": PaymentKind.FINAL}

    with pytest.raises(Invalid, match="stands while the payment is authorised: reverse that first"):
        editing.save(store, Payment, {name: values[name]}, id=payment.id)
    with pytest.raises(Invalid, match="stands while the payment is authorised"):
        editing.change_many(store, Payment, [payment.id], name, values[name])
    editing.save(store, Payment, {"due": date(2026, 12, 9), "amount": TWO}, id=payment.id)
    payments.reverse(ben, payment.id, "Amount was wrong")
    with pytest.raises(Invalid, match="stands while the payment is pending approval: withdraw the request first"):
        editing.save(store, Payment, {name: values[name]}, id=payment.id)
    payments.withdraw_request(store, payment.id)
    editing.save(store, Payment, {"amount": Decimal("1.00")}, id=payment.id)

    assert fields(store, payment, "amount", "due") == (Decimal("1.00"), date(2026, 12, 9))


@pytest.mark.parametrize(
    ("values", "missing"),
    [
        (
            {"status": S.AUTHORISED, "approved_by": "Ben Officer"},
            "Requested by is needed before a payment is authorised",
        ),
        *(
            (
                {"status": end},
                f"Why declined, failed, cancelled or returned is needed once a payment is {end.value.lower()}",
            )
            for end in (S.DECLINED, S.FAILED, S.CANCELLED, S.RETURNED)
        ),
    ],
)
def test_a_payment_that_begins_far_on_names_who_asked_or_why_it_ended(store, grant, values, missing):
    with pytest.raises(Invalid, match=missing):
        make(store, Payment, grant_id=grant.id, amount=TWO, due=DUE, **values)


def test_undo_does_not_reach_behind_an_approval(store, ben, grant):
    payment = scheduled(store, grant, Decimal("3000.00"))
    editing.save(store, Payment, {"amount": TWO}, id=payment.id)
    edited = last(store).id
    payments.request(store, payment.id)
    payments.approve(ben, payment.id)

    with pytest.raises(Refused, match="PAY-000001: Amount stands while the payment is authorised: reverse that first"):
        undoing.undo(store, edited)
    assert fields(store, payment, "amount") == (TWO,)


def test_a_refused_verb_leaves_no_step(store, ben, grant):
    payment = scheduled(store, grant)
    before = steps(store)

    for verb in (payments.approve, payments.send_to_finance, payments.record_paid, payments.countersign):
        with pytest.raises(Refused):
            verb(store, payment.id)

    assert steps(store) == before


def test_each_move_is_one_that_the_status_itself_allows():
    moves = [move for move in vars(payments).values() if isinstance(move, payments.Move)] + list(payments.REVERSALS)

    assert [(move.words, now) for move in moves for now in move.among if move.to not in now.next] == []
    assert len(moves) == 15


@pytest.fixture
def to_split(store: Store) -> Grant:
    return make(store, Grant, status=Status.ACTIVE, awarded=Decimal("100.01"), agreement_signed_on=date(2026, 4, 1))


def line(store: Store, grant: Grant) -> int:
    return make(store, FundingLine, programme_id=grant.programme_id).id


def parts(store: Store, grant: Grant, payment=None) -> dict[int, Decimal]:
    with store.reading() as session:
        return payments.parts_of(session, session.get_one(Grant, grant.id), payment)


def test_an_award_and_its_payments_fall_on_the_programme_s_only_line(store, to_split):
    assert parts(store, to_split) == {}
    only = line(store, to_split)
    payment = payments.schedule(store, to_split.id, Decimal("60.00"), DUE)

    assert parts(store, to_split) == {only: Decimal("100.01")}
    assert parts(store, to_split, payment) == {only: Decimal("60.00")}


def test_with_two_lines_and_no_split_it_is_not_known_where_money_falls(store, to_split):
    line(store, to_split), line(store, to_split)

    assert parts(store, to_split) == {}


def test_a_split_adds_up_to_the_penny_or_is_refused(store, to_split):
    first, second = line(store, to_split), line(store, to_split)

    with pytest.raises(Refused, match=r"The parts come to £100, £0\.01 too little: grant .* is £100\.01"):
        payments.split(store, {first: Decimal("60.00"), second: Decimal("40.00")}, grant_id=to_split.id)
    with pytest.raises(Refused, match=r"£0\.01 too much"):
        payments.split(store, {first: Decimal("60.01"), second: Decimal("40.01")}, grant_id=to_split.id)
    with pytest.raises(Refused, match="Each part of a split is more than nothing"):
        payments.split(store, {first: Decimal("100.01"), second: Decimal("0.00")}, grant_id=to_split.id)
    payments.split(store, {first: Decimal("60.01"), second: Decimal("40.00")}, grant_id=to_split.id)

    assert parts(store, to_split) == {first: Decimal("60.01"), second: Decimal("40.00")}


def test_a_payment_has_a_split_of_its_own(store, to_split):
    first, second = line(store, to_split), line(store, to_split)
    payment = payments.schedule(store, to_split.id, Decimal("60.00"), DUE)

    payments.split(store, {second: Decimal("60.00")}, grant_id=to_split.id, payment_id=payment.id)

    assert (parts(store, to_split), parts(store, to_split, payment)) == ({}, {second: Decimal("60.00")})
    assert first != second


def test_splitting_again_replaces_and_splitting_into_nothing_takes_back(store, to_split):
    first, second = line(store, to_split), line(store, to_split)
    payments.split(store, {first: Decimal("100.01")}, grant_id=to_split.id)
    payments.split(store, {second: Decimal("100.01")}, grant_id=to_split.id)
    assert parts(store, to_split) == {second: Decimal("100.01")}

    undoing.undo(store)
    assert parts(store, to_split) == {first: Decimal("100.01")}
    payments.split(store, {}, grant_id=to_split.id)
    assert parts(store, to_split) == {}


def test_a_split_stays_within_the_programme_the_grant_and_what_is_awarded(store, to_split):
    foreign = make(store, FundingLine, programme_id=make(store, Programme).id).id
    payment = payments.schedule(store, make(store, Grant, awarded=Decimal("9.00")).id, Decimal("9.00"), DUE)
    unawarded = make(store, Grant)

    with pytest.raises(Refused, match="a funding line of another programme"):
        payments.split(store, {foreign: Decimal("100.01")}, grant_id=to_split.id)
    with pytest.raises(Refused, match="is not one of grant"):
        payments.split(store, {foreign: Decimal("9.00")}, grant_id=to_split.id, payment_id=payment.id)
    with pytest.raises(Refused, match="has no award yet"):
        payments.split(store, {foreign: Decimal("9.00")}, grant_id=unawarded.id)
