"""Open warnings, and accepting them."""

from datetime import date
from decimal import Decimal

import pytest

from grants_app.errors import Refused
from grants_app.operations import checks, editing, engagements
from grants_app.operations.checks import OpenWarning, Sort
from grants_app.records import Acceptance, Engagement, Grant, Organisation, Payment
from grants_app.records.engagement import Dimension
from grants_app.records.payment import PaymentKind, PaymentStatus
from grants_app.store import Store, undoing
from tests.make import make
from tests.operations.reading import fields, last

SHORT = "breakdown does not add up"


def short(store: Store, grant: Grant | None = None, title: str = "Talk") -> Engagement:
    values = {
        "grant_id": (grant or make(store, Grant)).id,
        "title": title,
        "attended": 28,
        "held_on": date(2026, 5, 4),
    }
    return engagements.log(store, values, breakdowns={Dimension.AGE: {"16 to 18": 26}})


def sorts(store: Store, programme: int | None = None) -> list[Sort]:
    with store.reading() as session:
        return checks.sorts(session, programme)


def listed(store: Store, sort: str, **page: int) -> list[OpenWarning]:
    with store.reading() as session:
        return checks.listed(session, sort, **page)


def test_a_file_with_nothing_wrong_has_no_open_warning(store):
    make(store, Grant)

    assert sorts(store) == []


def test_what_a_rule_warns_of_is_counted_and_told_by_record(store):
    engagement = short(store)

    assert sorts(store) == [Sort(SHORT, Engagement, 1)]
    assert listed(store, SHORT) == [
        OpenWarning(SHORT, Engagement, engagement.id, engagement.reference, "Age band comes to 26, and 28 attended")
    ]


def test_what_a_field_warns_of_is_listed_until_it_is_mended(store):
    body = make(store, Organisation, charity_number="12", postcode="N90 4LR")

    assert sorts(store) == [Sort("Organisation: Charity number", Organisation, 1)]
    assert [one.sentence for one in listed(store, "Organisation: Charity number")] == [
        "Charity number “12” is unlike any: 6 or 7 digits, or SC or NIC and 6"
    ]
    editing.save(store, Organisation, {"charity_number": "9000001"}, id=body.id)
    assert sorts(store) == []


def test_an_accepted_warning_is_open_no_more_and_says_who_accepted_it_and_why(store):
    engagement, other = short(store), short(store)

    accepted = checks.accept(store, SHORT, engagement.reference, " Two left before the form came ")

    told = fields(store, accepted, "rule", "about", "reason", "by", "on")
    assert told == (SHORT, engagement.reference, "Two left before the form came", "Ann Officer", date(2026, 11, 23))
    assert [one.reference for one in listed(store, SHORT)] == [other.reference]
    assert last(store).words == f"Accept “{SHORT}” of engagement {engagement.reference}"
    editing.delete(store, Acceptance, accepted.id)
    assert [one.reference for one in listed(store, SHORT)] == [engagement.reference, other.reference]


def test_a_field_s_warning_is_accepted_too(store):
    body = make(store, Organisation, charity_number="12")

    checks.accept(store, "Organisation: Charity number", body.reference, "Registered on Jersey")

    assert sorts(store) == []


def test_only_an_open_warning_is_accepted_and_only_with_a_reason(store):
    engagement = short(store)

    with pytest.raises(Refused, match="A reason is needed"):
        checks.accept(store, SHORT, engagement.reference, "")
    with pytest.raises(Refused, match="has no open warning “likely duplicate engagement”"):
        checks.accept(store, "likely duplicate engagement", engagement.reference, "It is not")
    checks.accept(store, SHORT, engagement.reference, "Two left early")
    with pytest.raises(Refused, match="has no open warning"):
        checks.accept(store, SHORT, engagement.reference, "Two left early")


def test_every_warning_of_a_sort_is_accepted_with_one_reason_as_one_step_that_undo_takes_back(store):
    mine, other = make(store, Grant), make(store, Grant)
    short(store, mine), short(store, mine, "Walk"), short(store, other)
    told = []

    count = checks.accept_all(
        store, SHORT, " Forms came late ", mine.programme_id, progress=lambda *done: told.append(done)
    )

    assert (count, told[-1], [sort.open for sort in sorts(store)]) == (2, (2, 2), [1])
    assert (last(store).words, last(store).reason) == (f"Accept “{SHORT}” of 2 engagements", "Forms came late")
    assert checks.accept_all(store, SHORT, "So be it") == 1
    assert sorts(store) == []
    undoing.undo(store)
    undoing.undo(store)
    assert [sort.open for sort in sorts(store)] == [3]


def test_warnings_are_accepted_together_only_where_some_are_open_and_with_a_reason(store):
    short(store)

    with pytest.raises(Refused, match="A reason is needed"):
        checks.accept_all(store, SHORT, " ")
    for sort in ("overspent", "weather"):
        with pytest.raises(Refused, match=f"No warning “{sort}” is open"):
            checks.accept_all(store, sort, "They may stay")


def test_what_fields_warn_of_is_named_in_words(store):
    make(store, Organisation, charity_number="12")
    grant = make(store, Grant)
    with store.change("Bring in payments", lenient=True) as session:
        values = {"grant_id": grant.id, "due": date(2026, 5, 4), "amount": Decimal("1.00")}
        alone = {"approved_by": "Ann Officer", "requested_by": "Ann Officer"}
        paid = {"kind": PaymentKind.FINAL, "status": PaymentStatus.PAID, "paid_on": date(2026, 5, 4)}
        session.add_many(Payment, [{**values, **paid}, {**values, **paid, **alone}])

    told = {sort.name: sort.words for sort in sorts(store)}
    assert {name: words for name, words in told.items() if ":" in name} == {
        "Organisation: Charity number": "Charity number looks wrong",
        "Payment: Approved by": "Approved by is missing or looks wrong",
        "Payment: Requested by": "Requested by is missing",
    }
    assert told["overspent"] == "overspent"


def test_warnings_come_by_the_page_in_the_order_of_their_records(store):
    grant = make(store, Grant)
    references = [short(store, grant, title).reference for title in "ABCDE"]

    pages = [listed(store, SHORT, first=first, size=2) for first in (0, 2, 4, 6)]

    assert [[one.reference for one in page] for page in pages] == [references[:2], references[2:4], references[4:], []]
    assert sorts(store) == [Sort(SHORT, Engagement, 5)]


def test_a_programme_has_its_own_warnings(store):
    mine, other = make(store, Grant), make(store, Grant)
    short(store, mine), short(store, other), short(store, other, "Walk")

    assert sorts(store, mine.programme_id) == [Sort(SHORT, Engagement, 1)]
    assert sorts(store, other.programme_id) == [Sort(SHORT, Engagement, 2)]
    assert sorts(store, 99) == []


def test_one_record_tells_its_own_warnings(store):
    engagement = short(store)
    short(store)

    with store.reading() as session:
        told = checks.of_record(session, Engagement, engagement.id)
    assert [(one.sort, one.reference) for one in told] == [(SHORT, engagement.reference)]


def test_history_brought_in_that_breaks_a_stopping_rule_is_listed(store):
    grant = make(store, Grant, awarded=Decimal("10.00"), agreement_signed_on=date(2026, 4, 1))
    paid = {
        "kind": PaymentKind.FINAL,
        "status": PaymentStatus.PAID,
        "due": date(2026, 5, 4),
        "amount": Decimal("12.00"),
    }
    with store.change("Bring in payments", lenient=True) as session:
        session.add_many(Payment, [{"grant_id": grant.id, **paid}])

    assert [(sort.name, sort.kind, sort.open) for sort in sorts(store)] == [
        ("overspent", Grant, 1), ("Payment: Approved by", Payment, 1), ("Payment: Paid on", Payment, 1),
        ("Payment: Requested by", Payment, 1),
    ]  # fmt: skip
    assert listed(store, "overspent")[0].sentence == (
        "Payments come to £12, £2 more than the award of £10: lower a payment or raise the award first"
    )


def test_there_is_no_warning_by_another_name(store):
    with pytest.raises(Refused, match="There is no warning called “weather”"):
        listed(store, "weather")


def test_more_warnings_than_the_officer_saw_are_not_accepted_unseen(store):
    short(store), short(store)

    with pytest.raises(Refused, match="2 warnings are open now"):
        checks.accept_all(store, SHORT, "An old register", seen=1)
    assert checks.accept_all(store, SHORT, "An old register", seen=2) == 2
