"""On which funding lines money falls."""

from datetime import date
from decimal import Decimal

import pytest

from grants_app.errors import Refused
from grants_app.operations import funding, payments
from grants_app.records import FundingLine, Grant, Programme
from grants_app.records.grant import Status
from grants_app.store import Store, undoing
from tests.make import make

DUE = date(2026, 12, 1)


@pytest.fixture
def grant(store: Store) -> Grant:
    return make(store, Grant, status=Status.ACTIVE, awarded=Decimal("100.01"), agreement_signed_on=date(2026, 4, 1))


def line(store: Store, grant: Grant) -> int:
    return make(store, FundingLine, programme_id=grant.programme_id).id


def parts(store: Store, grant: Grant, payment=None) -> dict[int, Decimal]:
    with store.reading() as session:
        return funding.parts_of(session, session.get_one(Grant, grant.id), payment)


def test_an_award_and_its_payments_fall_on_the_programme_s_only_line(store, grant):
    assert parts(store, grant) == {}
    only = line(store, grant)
    payment = payments.schedule(store, grant.id, Decimal("60.00"), DUE)

    assert parts(store, grant) == {only: Decimal("100.01")}
    assert parts(store, grant, payment) == {only: Decimal("60.00")}


def test_with_two_lines_and_no_split_it_is_not_known_where_money_falls(store, grant):
    line(store, grant), line(store, grant)

    assert parts(store, grant) == {}


def test_a_split_adds_up_to_the_penny_or_is_refused(store, grant):
    first, second = line(store, grant), line(store, grant)

    with pytest.raises(Refused, match=r"The parts come to £100, £0\.01 too little: grant .* is £100\.01"):
        funding.split(store, {first: Decimal("60.00"), second: Decimal("40.00")}, grant_id=grant.id)
    with pytest.raises(Refused, match=r"£0\.01 too much"):
        funding.split(store, {first: Decimal("60.01"), second: Decimal("40.01")}, grant_id=grant.id)
    with pytest.raises(Refused, match="Each part of a split is more than nothing"):
        funding.split(store, {first: Decimal("100.01"), second: Decimal("0.00")}, grant_id=grant.id)
    funding.split(store, {first: Decimal("60.01"), second: Decimal("40.00")}, grant_id=grant.id)

    assert parts(store, grant) == {first: Decimal("60.01"), second: Decimal("40.00")}


def test_a_payment_has_a_split_of_its_own(store, grant):
    first, second = line(store, grant), line(store, grant)
    payment = payments.schedule(store, grant.id, Decimal("60.00"), DUE)

    funding.split(store, {second: Decimal("60.00")}, grant_id=grant.id, payment_id=payment.id)

    assert (parts(store, grant), parts(store, grant, payment)) == ({}, {second: Decimal("60.00")})
    assert first != second


def test_splitting_again_replaces_and_splitting_into_nothing_takes_back(store, grant):
    first, second = line(store, grant), line(store, grant)
    funding.split(store, {first: Decimal("100.01")}, grant_id=grant.id)
    funding.split(store, {second: Decimal("100.01")}, grant_id=grant.id)
    assert parts(store, grant) == {second: Decimal("100.01")}

    undoing.undo(store)
    assert parts(store, grant) == {first: Decimal("100.01")}
    funding.split(store, {}, grant_id=grant.id)
    assert parts(store, grant) == {}


def test_a_split_stays_within_the_programme_the_grant_and_what_is_awarded(store, grant):
    foreign = make(store, FundingLine, programme_id=make(store, Programme).id).id
    payment = payments.schedule(store, make(store, Grant, awarded=Decimal("9.00")).id, Decimal("9.00"), DUE)
    unawarded = make(store, Grant)

    with pytest.raises(Refused, match="a funding line of another programme"):
        funding.split(store, {foreign: Decimal("100.01")}, grant_id=grant.id)
    with pytest.raises(Refused, match="is not one of grant"):
        funding.split(store, {foreign: Decimal("9.00")}, grant_id=grant.id, payment_id=payment.id)
    with pytest.raises(Refused, match="has no award yet"):
        funding.split(store, {foreign: Decimal("9.00")}, grant_id=unawarded.id)
