"""The checks page: open warnings by sort, opening their records, accepting one with a reason."""

from datetime import date
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from grants_app.operations import editing
from grants_app.records import Acceptance, Engagement, Grant, Organisation, Payment, Programme
from grants_app.records.engagement import EngagementStatus
from grants_app.records.grant import Status
from grants_app.records.payment import PaymentKind, PaymentStatus
from grants_app.store import undoing
from grants_app.ui.dialogs import Sheet
from grants_app.ui.pages.accept_sheet import AcceptAll
from grants_app.ui.pages.checks_read import waiting
from tests.make import make
from tests.ui.pages.access import unnamed


@pytest.fixture
def grant(store):
    """An active grant that ended, with an engagement held after its end."""
    programme = make(store, Programme, name="Shared Endeavour", code="SEF")
    holder = make(store, Organisation, name="Riverline Sports", safeguarding_seen=date(2026, 1, 5))
    grant = make(
        store, Grant, title="Riverline", programme_id=programme.id, organisation_id=holder.id,
        awarded=Decimal(5000), status=Status.ACTIVE,
        starts=date(2026, 1, 1), ends=date(2026, 6, 30),
    )  # fmt: skip
    make(
        store, Engagement, title="Late workshop", grant_id=grant.id, programme_id=programme.id, attended=12,
        held_on=date(2026, 7, 4), status=EngagementStatus.DELIVERED,
    )  # fmt: skip
    return grant


def sorts(page):
    return [(item.words, item.right) for item in page.sorts.items]


def lines(page):
    return [(item.words, item.soft) for item in page.list.items]


def answer(page, reason):
    sheet = page.findChild(Sheet)
    QTest.keyClicks(sheet.focusWidget(), reason)
    does = next(made for made in sheet.findChildren(QPushButton) if made.text() == "Accept the warning")
    QTest.mouseClick(does, Qt.MouseButton.LeftButton)
    return sheet


def test_open_warnings_stand_by_sort_with_their_count(grant, open_page, settle):
    page = open_page("checks")

    assert sorts(page) == [("All", "2"), ("Outside the grant's dates", "1"), ("Past its end", "1")]
    assert page.heading() == ("Checks", "2 warnings open")
    assert lines(page) == [
        (
            "Held on 4 July 2026, outside the dates of SEF-0001 (1 January 2026 to 30 June 2026)",
            "Outside the grant's dates · Engagement ENG-000001 · Late workshop",
        ),
        ("Still active, and it ended on 30 June 2026", "Past its end · Grant SEF-0001 · Riverline"),
    ]

    QTest.keyClick(page.sorts, Qt.Key.Key_End)
    settle()
    assert lines(page) == [("Still active, and it ended on 30 June 2026", "Grant SEF-0001 · Riverline")]


def test_enter_opens_the_record_of_a_warning(grant, open_page, settle, desk):
    opened = []
    desk.opened.connect(lambda kind, record, whole: opened.append((kind, record, whole)))
    page = open_page("checks")
    page.list.go_to(1)

    QTest.keyClick(page.list, Qt.Key.Key_Return)

    assert opened == [(Grant, grant.id, True)]


def test_a_warning_is_accepted_with_a_reason_and_opened_again(grant, open_page, settle, store):
    page = open_page("checks")
    page.list.go_to(1)

    QTest.mouseClick(page.accept, Qt.MouseButton.LeftButton)
    answer(page, "The final report is awaited")
    settle()

    assert sorts(page) == [("All", "1"), ("Outside the grant's dates", "1"), ("Accepted", "1")]
    with store.reading() as session:
        accepted = session.query(Acceptance).one()
        assert (accepted.about, accepted.reason, accepted.by) == (
            grant.reference,
            "The final report is awaited",
            "Ann Officer",
        )

    page.sorts.go_to_key("accepted")
    settle()
    assert lines(page) == [
        (
            "Past its end. Accepted by Ann Officer, 23 November 2026: The final report is awaited",
            f"Grant {grant.reference} · Riverline",
        )
    ]
    QTest.mouseClick(page.again, Qt.MouseButton.LeftButton)
    settle()
    assert sorts(page)[-1] == ("Past its end", "1")


def test_a_warning_is_not_accepted_without_a_reason(grant, open_page, settle, store):
    page = open_page("checks")

    page.ask_reason()
    sheet = answer(page, "  ")
    settle()

    assert sheet.problem.isVisible()
    assert sheet.problem.text() != ""
    with store.reading() as session:
        assert session.query(Acceptance).count() == 0


@pytest.fixture
def history(store):
    """Twelve paid payments of a grant that came with an import: of each, two fields are missing."""
    grant = make(store, Grant, awarded=Decimal(5000), agreement_signed_on=date(2026, 4, 1))
    values = {"grant_id": grant.id, "due": date(2026, 5, 4), "status": PaymentStatus.PAID, "paid_on": date(2026, 5, 4)}
    with store.change("Bring in payments", lenient=True) as session:
        session.add_many(
            Payment, [{**values, "kind": PaymentKind.INTERIM, "amount": Decimal(at)} for at in range(1, 13)]
        )


def test_all_warnings_of_one_sort_are_accepted_with_one_reason_and_undone_as_one(history, open_page, settle, store):
    page = open_page("checks")
    assert sorts(page) == [("All", "24"), ("Approved by is missing", "12"), ("Requested by is missing", "12")]
    assert not page.all.isVisible()

    page.sorts.go_to(1)
    settle()
    assert (page.all.text(), page.all.isVisible()) == ("Accept all 12 with a reason …", True)
    QTest.mouseClick(page.all, Qt.MouseButton.LeftButton)
    sheet = page.findChild(AcceptAll)
    assert unnamed(sheet) == []
    QTest.mouseClick(sheet.act, Qt.MouseButton.LeftButton)
    settle()
    assert sheet.problem.text() == "A reason is needed: it stays in the history."
    QTest.keyClicks(sheet.reason, "Approved in the old register")
    QTest.mouseClick(sheet.act, Qt.MouseButton.LeftButton)
    settle()

    assert sorts(page) == [("All", "12"), ("Requested by is missing", "12"), ("Accepted", "12")]
    assert page.focusWidget() is page.sorts
    page.sorts.go_to(2)
    settle()
    assert lines(page)[0][0] == (
        "Approved by is missing or looks wrong. Accepted by Ann Officer, 23 November 2026: Approved in the old register"
    )
    undoing.undo(store)
    settle()
    assert sorts(page) == [("All", "24"), ("Approved by is missing", "12"), ("Requested by is missing", "12")]


def test_a_mended_record_leaves_the_list_by_itself(grant, open_page, settle, store):
    page = open_page("checks")

    editing.save(store, Grant, {"ends": date(2026, 12, 31)}, id=grant.id)
    settle()

    assert sorts(page) == []
    assert page.stack.currentIndex() == 1


def test_only_the_chosen_programme_is_looked_at(grant, open_page, settle, desk, store):
    other = make(store, Programme, name="Another", code="OTH")
    page = open_page("checks")

    desk.programme = other.id
    page.switched()
    settle()
    assert sorts(page) == []

    desk.programme = grant.programme_id
    page.switched()
    settle()
    assert sorts(page)[0] == ("All", "2")


def test_the_sidebar_counts_what_is_open(grant, store):
    with store.reading() as session:
        assert waiting(session, None, "Ann Officer") == 2


def test_where_there_is_little_room_sorts_and_warnings_take_turns(grant, open_page):
    page = open_page("checks")
    page.resize(600, 300)
    assert (page.sorts.isVisible(), page.list.isVisible()) == (True, False)

    QTest.keyClick(page.sorts, Qt.Key.Key_Return)

    assert (page.sorts.isVisible(), page.list.isVisible()) == (False, True)
    assert page.focusWidget() is page.list


def test_without_warnings_the_page_says_what_would_stand_here(open_page):
    page = open_page("checks")

    assert (page.heading()[1], page.stack.currentIndex()) == ("0 warnings open", 1)


def test_every_control_of_the_page_has_a_name(grant, open_page):
    assert unnamed(open_page("checks")) == []
