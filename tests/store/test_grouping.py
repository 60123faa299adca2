from datetime import date
from decimal import Decimal

import pytest

from grants_app.errors import Refused
from grants_app.records import Engagement, Grant, Organisation
from grants_app.records.grant import Rag, Status
from grants_app.store import grouping
from grants_app.store.grouping import By, Group
from grants_app.store.listing import Condition, Listing
from tests.make import make


@pytest.fixture
def grants(store):
    """Three grants: two ready for decision, one of them with two boroughs and two audiences."""
    riverline, kiln = make(store, Organisation, name="Riverline"), make(store, Organisation, name="Kiln Street")
    first = make(
        store, Grant, title="Talks", organisation_id=riverline.id, status=Status.READY, asked=Decimal("1000.50"),
        boroughs=("Barnet", "Brent"), audiences=("Mothers", "Parents"), rag=Rag.GREEN,
    )  # fmt: skip
    same = {"programme_id": first.programme_id, "organisation_id": kiln.id}
    make(store, Grant, **same, title="Walks", status=Status.READY, asked=Decimal("2000.25"), boroughs=("Brent",))
    make(store, Grant, **same, title="Votes", status=Status.APPLIED, asked=None)
    return {"riverline": riverline.id, "kiln": kiln.id}


def read(store, *by, kind=Grant, where=(), sums=()):
    with store.reading() as session:
        return grouping.groups(session, Listing(kind, ("reference",), where=where), by, sums)


def test_groups_count_and_add_up_in_the_order_of_the_statuses(store, grants):
    assert read(store, By("status"), sums=("asked",)) == [
        Group((Status.APPLIED,), ("Applied",), 1, (Decimal("0.00"),)),
        Group((Status.READY,), ("Ready for decision",), 2, (Decimal("3000.75"),)),
    ]


def test_a_linked_record_is_a_group_by_its_name_and_two_of_one_name_stay_apart(store, grants):
    twin = make(store, Organisation, name="Kiln Street")
    make(store, Grant, organisation_id=twin.id, title="Songs")

    assert [(group.values, group.words, group.count) for group in read(store, By("organisation_id"))] == [
        ((grants["kiln"],), ("Kiln Street · ORG-0002",), 2),
        ((twin.id,), ("Kiln Street · ORG-0003",), 1),
        ((grants["riverline"],), ("Riverline",), 1),
    ]


def test_a_record_with_several_words_stands_in_the_group_of_each_and_one_without_any_comes_last(store, grants):
    assert [(group.words, group.count, group.sums) for group in read(store, By("boroughs"), sums=("asked",))] == [
        (("Barnet",), 1, (Decimal("1000.50"),)),
        (("Brent",), 2, (Decimal("3000.75"),)),
        (("Not recorded",), 1, (Decimal("0.00"),)),
    ]


def test_two_columns_of_several_words_each_make_groups_of_their_pairs(store, grants):
    assert [(group.words, group.count) for group in read(store, By("boroughs"), By("audiences"))] == [
        (("Barnet", "Parents"), 1),
        (("Barnet", "Mothers"), 1),
        (("Brent", "Parents"), 1),
        (("Brent", "Mothers"), 1),
        (("Brent", "Not recorded"), 1),
        (("Not recorded", "Not recorded"), 1),
    ]


def test_only_what_the_list_shows_is_grouped(store, grants):
    ready = (Condition("status", "is", (Status.READY,)),)

    assert [(group.words, group.count) for group in read(store, By("organisation_id"), where=ready)] == [
        (("Kiln Street",), 1),
        (("Riverline",), 1),
    ]


@pytest.mark.parametrize(
    ("span", "told"),
    [
        ("month", [("Mar 2026", 1), ("Apr 2026", 2)]),
        ("year", [("2025-26", 1), ("2026-27", 2)]),
    ],
)
def test_days_are_grouped_by_month_or_financial_year(store, span, told):
    for day in (date(2026, 3, 31), date(2026, 4, 1), date(2026, 4, 30)):
        make(store, Engagement, held_on=day)

    assert [(group.words[0], group.count) for group in read(store, By("held_on", span), kind=Engagement)] == told


@pytest.mark.parametrize("by", [(By("boroughs"), By("rag")), (By("organisation_id"),), (By("received", "month"),)])
def test_a_group_narrows_the_list_to_as_many_records_as_it_counts(store, grants, by):
    for group in read(store, *by):
        narrowed = Listing(Grant, ("reference",), where=grouping.conditions(by, group))
        with store.reading() as session:
            assert (group.words, narrowed.count(session)) == (group.words, group.count)


def test_a_month_ends_with_its_last_day_and_a_financial_year_with_march(store):
    group = Group((date(2028, 2, 1),), ("February 2028",), 1, ())
    year = Group((date(2026, 4, 1),), ("2026-27",), 1, ())

    assert grouping.conditions((By("held_on", "month"),), group)[1].values == (date(2028, 2, 29),)
    assert grouping.conditions((By("held_on", "year"),), year)[1].values == (date(2027, 3, 31),)


@pytest.mark.parametrize("by", [(), (By("status"), By("rag"), By("tier_id")), (By("status"), By("status"))])
def test_a_list_is_grouped_by_one_or_two_columns(store, by):
    with pytest.raises(Refused, match=r"^A list is grouped by one column, or by two different ones\.$"):
        read(store, *by)


def test_a_list_is_not_grouped_by_what_tells_no_groups(store):
    with pytest.raises(Refused, match=r"^Lists are not grouped by Asked: choose another column\.$"):
        read(store, By("asked"))
