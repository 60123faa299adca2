from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from grants_app.operations import payments
from grants_app.records import Contact, Engagement, Grant, Note, Organisation, Programme, Task
from grants_app.records.engagement import EngagementStatus
from grants_app.records.payment import Payment, PaymentStatus
from grants_app.ui.badges import Pill
from grants_app.ui.pages.grant_overview import badge, glance
from grants_app.ui.pages.todo import Do, Letter, todo
from grants_app.ui.pages.todo_list import TodoLine
from tests.make import make, make_in
from tests.ui.people import programme

FIRST = {Grant: {"programme_id": 1, "organisation_id": 1}}
"""What would otherwise be made beside the record."""


@pytest.fixture
def home(open_window, store, qtbot):
    """My week, three days before the payment is due and a day after a debate was held."""
    ids = programme(store)
    make(store, Task, text="Position report for the director", due=date(2026, 11, 27))
    window = open_window()
    qtbot.waitUntil(lambda: len(window.view.items) == 3 and window.view.week is not None)
    window.ids = ids
    return window


def lines(window):
    return [(line.item.do, line.item.words, line.item.whose) for line in window.view.list.lines]


def test_what_waits_stands_first_with_its_one_action(home):
    assert lines(home) == [
        (Do.COUNT, "Debate night: how many came?", "Bridgefoot Mothers’ Circle"),
        (Do.REQUEST, "Payment 1, £2,000, is due", "Bridgefoot Mothers’ Circle"),
        (Do.DONE, "Position report for the director", "Task"),
    ]
    assert home.sidebar.buttons["week"].accessibleName() == "My week, 3 waiting"
    assert home.top.note.text() == "Monday 23 November"


def test_what_an_import_brought_from_years_ago_is_not_asked_about_here(store):
    make(store, Engagement, status=EngagementStatus.PLANNED, held_on=date(2023, 6, 1), attended=None)
    lately = make(store, Engagement, status=EngagementStatus.PLANNED, held_on=date(2026, 11, 2))

    with store.reading() as session:
        assert [item.record for item in todo(session, None, store.officer) if item.do is Do.COUNT] == [lately.id]


def test_a_payment_without_a_number_is_called_a_payment(store):
    ids = programme(store)
    make(store, Payment, grant_id=ids["grant"], number=None, amount=Decimal(70), due=date(2025, 11, 24))

    with store.reading() as session:
        words = {item.words for item in todo(session, None, "")}
        shown = [(item.words, badge(item).words) for item in glance(session, ids["grant"]).coming]

    assert "Payment, £70, is due" in words
    assert ("Payment, £70, scheduled", "24 Nov 2025") in shown


def test_another_programme_is_counted_in_the_sidebar_whichever_page_is_in_sight(home, store, qtbot):
    other, badge = make(store, Programme).id, home.sidebar.buttons["week"]
    home.desk.choose_programme(other)
    qtbot.waitUntil(lambda: badge.accessibleName() == "My week, 1 waiting")

    home.go("grant")
    home.desk.choose_programme(home.ids["programme"])
    qtbot.waitUntil(lambda: badge.accessibleName() == "My week, 3 waiting")


def test_of_many_that_wait_those_in_sight_come_first_and_the_others_behind_them(home, qtbot):
    shown, many = home.view.list, [replace(home.view.items[-1], record=number) for number in range(100, 145)]
    shown.show_items(many)
    assert len(shown.lines) == 14

    qtbot.waitUntil(lambda: "5 more stand on their own pages." in [each.text() for each in shown.findChildren(QLabel)])
    assert [line.item for line in shown.lines] == many[:40]

    fewer = [*(replace(item, record=item.record + 100) for item in many[:20]), *many[:20]]
    shown.show_items(fewer)
    shown.show_items(fewer)  # while the lines below the screen are still to come
    qtbot.waitUntil(lambda: len(shown.lines) == 40 and shown.lines[-1].isVisibleTo(shown))
    assert [
        line.item for line in shown.findChildren(TodoLine) if line.isVisibleTo(shown) and line not in shown.lines
    ] == []


def test_a_number_that_is_being_typed_stays_while_other_lines_come_and_go(home, store, qtbot):
    box = home.view.list.lines[0].box
    box.setFocus()
    qtbot.keyClicks(box, "2")
    make(store, Task, text="A call to make", due=date(2026, 11, 20))
    qtbot.waitUntil(lambda: [line.item.words for line in home.view.list.lines][:1] == ["A call to make"])

    qtbot.keyClicks(QApplication.focusWidget(), "8")
    assert (home.view.list.lines[1].box.text(), QApplication.focusWidget()) == ("28", box)


def test_a_number_and_enter_mark_an_engagement_as_delivered(home, store, qtbot):
    box = home.view.list.lines[0].box
    qtbot.keyClicks(box, "28")
    qtbot.keyClick(box, Qt.Key.Key_Return)

    qtbot.waitUntil(lambda: len(home.view.items) == 2)
    with store.reading() as session:
        engagement = session.get_one(Engagement, home.ids["planned"])
        assert (engagement.status, engagement.attended) == (EngagementStatus.DELIVERED, 28)
    qtbot.waitUntil(lambda: home.view.week.attendances == 80)


def test_what_is_no_number_is_said_beside_the_box(home, qtbot):
    line = home.view.list.lines[0]
    qtbot.keyClicks(line.box, "many")
    qtbot.keyClick(line.box, Qt.Key.Key_Return)

    assert (line.problem.text(), line.box.text()) == ("“many” is not a whole number: write it as 28", "many")


def test_a_task_is_done_with_one_click(home, store, qtbot):
    qtbot.mouseClick(home.view.list.lines[2].act, Qt.MouseButton.LeftButton)

    qtbot.waitUntil(lambda: len(home.view.items) == 2)
    with store.reading() as session:
        assert session.get_one(Task, 1).done == date(2026, 11, 23)


def test_a_payment_that_is_due_opens_in_the_whole_page_with_its_next_step_as_a_button(home, store, qtbot):
    qtbot.mouseClick(home.view.list.lines[1].act, Qt.MouseButton.LeftButton)

    assert (home.path.here.page, home.path.here.record, home.path.here.whole) == ("payment", home.ids["payment"], True)
    qtbot.waitUntil(lambda: home.view.detail.record is not None)
    detail = home.view.detail
    assert (detail.next.text(), detail.next.isVisible()) == ("Request approval", True)
    qtbot.mouseClick(detail.next, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: detail.next.text() == "Approve …")
    with store.reading() as session:
        assert session.get_one(Payment, home.ids["payment"]).status is PaymentStatus.PENDING


def test_a_payment_on_hold_says_so_and_why_and_its_next_step_is_to_let_it_go_on(home, store, qtbot):
    payments.hold(store, home.ids["payment"], reason="Papers are missing")
    home.open(Payment, home.ids["payment"], whole=True)
    detail = home.view.detail

    qtbot.waitUntil(lambda: detail.next.text() == "Let it go on")
    assert [made.accessibleName() for made in detail.pills.findChildren(Pill) if made.isVisible()] == [
        "Scheduled",
        "On hold",
    ]
    assert detail.told.text() == "On hold: Papers are missing"


def test_reach_is_a_range_that_is_never_above_the_attendances(home):
    week = home.view.week

    assert (week.reach, week.attendances) == ((21, 52), 52)
    assert week.budget_left == 70_200


def test_the_month_and_borough_charts_add_up_to_the_attendances(home):
    week = home.view.week

    assert sum(week.months.series[0].values) == 52
    assert sum(value or 0 for value in week.boroughs.series[0].values) == 52
    assert dict(zip(week.boroughs.categories, week.boroughs.series[0].values, strict=True))["Brent"] == 52


def test_a_borough_where_nobody_counted_is_not_recorded_and_others_have_none(home, store, qtbot):
    held = {"programme_id": home.ids["programme"], "status": EngagementStatus.DELIVERED, "attended": 0}
    make(store, Engagement, borough="Camden", **held)

    def told():
        found = home.view.week.boroughs
        return dict(zip(found.categories, found.series[0].values, strict=True))

    qtbot.waitUntil(lambda: (told()["Camden"], told()["Brent"], told()["Sutton"]) == (0, 52, 0))
    with store.change("Bring in what nobody counted", lenient=True) as session:
        session.get_one(Engagement, 5).attended = None
    qtbot.waitUntil(lambda: told()["Camden"] is None)


def test_chasing_opens_a_ready_letter_and_notes_that_it_was_sent_for(home, store, qtbot, monkeypatch):
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(bytes(url.toEncoded()).decode()))
    make(store, Contact, organisation_id=1, name="Jo Lee", email="jo@bridgefoot.example")
    with store.change("Note the insurance") as session:
        session.get_one(Organisation, 1).insurance_expires = date(2026, 11, 20)
    qtbot.waitUntil(lambda: len(home.view.items) == 4)
    line = home.view.list.lines[0]
    assert (line.item.do, line.item.words) == (Do.CHASE, "Insurance certificate")

    qtbot.mouseClick(line.act, Qt.MouseButton.LeftButton)

    def noted():
        with store.reading() as session:
            return [(note.text, note.about) for note in session.query(Note)]

    qtbot.waitUntil(lambda: noted() == [("Chased Jo Lee: Insurance certificate", "ORG-0001")])
    assert opened == [Letter("jo@bridgefoot.example", "Jo Lee").link("Insurance certificate")]
    assert opened[0].startswith("mailto:jo@bridgefoot.example?subject=Reminder%3A%20insurance%20certificate")


def test_where_nothing_waits_the_page_says_so(open_window, qtbot):
    window = open_window()

    qtbot.waitUntil(lambda: window.view.week is not None)
    assert window.view.list.head.text() == "To do · 0"


def test_an_empty_file_says_what_it_begins_with_and_offers_it(open_window, store, qtbot):
    window = open_window()

    def offered():
        return [made.text() for made in window.view.list.findChildren(QPushButton) if made.isVisible()]

    seen = []
    for kind in (Programme, Organisation, Grant):
        qtbot.waitUntil(lambda kind=kind: window.view.first is kind)
        qtbot.waitUntil(lambda: len(offered()) == 1)
        seen += offered()
        with store.change("Add the next") as session:
            make_in(session, kind, FIRST.get(kind, {}))
    assert seen == ["New programme", "New organisation", "New grant"]
    qtbot.waitUntil(lambda: window.view.first is None and offered() == [])


def test_what_an_empty_file_begins_with_is_asked_for_on_its_own_page(open_window, qtbot):
    window = open_window()
    qtbot.waitUntil(lambda: window.view.first is Programme)

    next(made for made in window.view.list.findChildren(QPushButton) if made.text() == "New programme").click()

    assert window.path.here.page == "programme"
    sheet = QApplication.activeModalWidget()
    assert sheet.windowTitle() == "New programme"
    sheet.reject()
