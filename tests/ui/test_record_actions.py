"""Verbs of organisations, measurements and testimonials are done from their pages, and say what they refuse."""

from datetime import date
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QPushButton

from grants_app import records
from grants_app.operations import organisations, outcomes
from grants_app.records import Indicator, Measurement, Organisation, Payment
from grants_app.records.evidence import Consent, MeasurementStatus
from grants_app.records.payment import PaymentKind
from grants_app.store import Store
from grants_app.ui.ask_sheet import AskSheet
from tests.make import make
from tests.ui.conftest import quiet
from tests.ui.pages.access import unnamed
from tests.ui.people import programme

YEAR = {"starts": date(2025, 10, 1), "ends": date(2026, 9, 30)}


@pytest.fixture
def made(store: Store) -> dict[str, int]:
    return programme(store)


def settled(window, qtbot):
    qtbot.waitUntil(lambda: quiet(window.desk), timeout=30_000)


def at(window, qtbot, key, record):
    """The record in the whole page."""
    window.go(key, record)
    settled(window, qtbot)
    detail = window.view.detail
    qtbot.waitUntil(lambda: detail.record is not None and detail.record.id == record)
    return detail


def click(widget, qtbot):
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)


def offered(detail, qtbot):
    """The menu of what can be done with the record, open."""
    click(detail.more, qtbot)
    return next(each for each in detail.findChildren(QMenu) if each.isVisible())


def words_of(detail, qtbot):
    menu = offered(detail, qtbot)
    words = [action.text() for action in menu.actions() if action.text()]
    menu.close()
    menu.deleteLater()
    return words


def choose(detail, qtbot, words):
    """Choose an action of the record; the sheet that it opens."""
    menu = offered(detail, qtbot)
    action = next(each for each in menu.actions() if each.text() == words)
    qtbot.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(action).center())
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), AskSheet))
    sheet = QApplication.activeModalWidget()
    assert unnamed(sheet) == []
    return sheet


def answer(sheet, window, qtbot, **typed):
    """Type these answers, and send them."""
    for name, text in typed.items():
        editor = sheet.editors[name]
        editor.setFocus()
        getattr(editor, "selectAll", lambda: None)()
        qtbot.keyClicks(editor, text)
    click(sheet.act, qtbot)
    settled(window, qtbot)


def test_a_payment_says_that_new_bank_details_hold_it_and_leads_to_where_they_are_verified(
    made, open_window, store, qtbot
):
    window = open_window("payment")
    with store.reading() as session:
        body = session.query(Organisation).filter_by(name="Bridgefoot Mothers’ Circle").one().id
    detail = at(window, qtbot, "payment", made["payment"])
    assert detail.leads.count() == 0

    store.officer = "Second Officer"
    organisations.report_bank_change(store, body)
    store.officer = "Ann Officer"
    qtbot.waitUntil(lambda: detail.leads.count() == 1, timeout=30_000)
    line = detail.leads.itemAt(0).widget()
    words = "Bridgefoot Mothers’ Circle reported new bank details on 23 November 2026: "
    words += "a second officer must verify them first."
    assert [each.text() for each in line.findChildren(QLabel)] == [words]
    click(line.findChild(QPushButton), qtbot)
    qtbot.waitUntil(lambda: window.view.page.kind is Organisation and window.view.detail.record is not None)
    settled(window, qtbot)

    detail = window.view.detail
    assert (detail.record.id, detail.next.text()) == (body, "Verify the new bank details …")
    assert detail.told.text() == (
        "New bank details reported on 23 November 2026 by Second Officer: "
        "every payment is held until another officer verifies them"
    )
    click(detail.next, qtbot)
    answer(QApplication.activeModalWidget(), window, qtbot)

    assert (detail.told.text(), detail.next.isVisible()) == ("", False)
    assert window.foot.step.text() == "Verify the bank details of organisation ORG-0001"
    detail = at(window, qtbot, "payment", made["payment"])
    assert detail.leads.count() == 0


def test_who_reported_new_bank_details_neither_verifies_nor_retracts_them(made, open_window, store, qtbot):
    window = open_window("organisation")
    detail = at(window, qtbot, "organisation", 1)

    answer(choose(detail, qtbot, "Report new bank details …"), window, qtbot)
    assert window.foot.step.text() == "Report a change of bank details of organisation ORG-0001"
    click(detail.next, qtbot)
    sheet = QApplication.activeModalWidget()
    answer(sheet, window, qtbot)
    assert sheet.problem.text().endswith("so another officer must verify it.")
    sheet.reject()
    sheet = choose(detail, qtbot, "Retract the report …")
    answer(sheet, window, qtbot, reason="A hoax")
    assert sheet.problem.text().endswith("so another officer must retract it.")
    sheet.reject()


def test_an_organisation_is_stopped_with_a_reason_and_the_stop_is_lifted(made, open_window, store, qtbot):
    window = open_window("organisation")
    detail = at(window, qtbot, "organisation", 1)
    assert "Lift the stop …" not in words_of(detail, qtbot)

    sheet = choose(detail, qtbot, "Stop …")
    click(sheet.act, qtbot)
    assert sheet.problem.text() == "Reason: this is needed"
    answer(sheet, window, qtbot, reason="Accounts overdue")

    assert detail.told.text() == "Stopped: Accounts overdue"
    assert "Stop …" not in words_of(detail, qtbot)
    answer(choose(detail, qtbot, "Lift the stop …"), window, qtbot, reason="They came")
    assert (detail.told.text(), window.foot.step.text()) == ("", "Lift the stop of organisation ORG-0001")
    with store.reading() as session:
        assert session.get_one(Organisation, 1).stopped is False


def test_a_measurement_is_approved_corrected_and_its_approval_reversed_by_actions(open_window, store, qtbot):
    indicator = make(store, Indicator)
    old = outcomes.measure(store, {"indicator_id": indicator.id, "numerator": 40, "denominator": 60, **YEAR})
    window = open_window("organisation")
    detail = at(window, qtbot, "measurement", old.id)

    click(detail.next, qtbot)
    answer(QApplication.activeModalWidget(), window, qtbot)
    assert window.foot.step.text() == f"Approve measurement {old.reference}"
    assert [each for each in words_of(detail, qtbot) if "pprov" in each or "orrect" in each] == [
        "Correct …", "Reverse the approval …",
    ]  # fmt: skip

    sheet = choose(detail, qtbot, "Correct …")
    answer(sheet, window, qtbot, reason="Four answered twice")
    assert sheet.problem.text() == "Nothing is corrected yet: give the value, or its parts, as it should be."
    answer(sheet, window, qtbot, numerator="36")
    with store.reading() as session:
        held = [(m.status, m.numerator, m.value) for m in session.query(Measurement).order_by(Measurement.id)]
    assert held == [(MeasurementStatus.DRAFT, 40, 66.7), (MeasurementStatus.DRAFT, 36, 60.0)]
    click(detail.next, qtbot)
    answer(QApplication.activeModalWidget(), window, qtbot)
    answer(choose(detail, qtbot, "Reverse the approval …"), window, qtbot, reason="Counted twice")
    assert window.foot.step.text() == f"Reverse the approval of measurement {old.reference}"


def test_consent_for_a_testimonial_is_renewed_and_withdrawn_by_actions(open_window, store, qtbot):
    said = make(store, records.Testimonial, consent=Consent.ANONYMOUS, consented_on=date(2026, 1, 5))
    window = open_window("testimonial")
    detail = at(window, qtbot, "testimonial", said.id)

    answer(choose(detail, qtbot, "Renew the consent …"), window, qtbot, until="1/2/27")
    assert window.foot.step.text() == f"Renew consent for testimonial {said.reference} until 1 February 2027"
    answer(choose(detail, qtbot, "Withdraw the consent …"), window, qtbot)
    assert [each for each in words_of(detail, qtbot) if "consent" in each] == []
    with store.reading() as session:
        kept = session.get_one(records.Testimonial, said.id)
        assert (kept.expires, kept.withdrawn_on) == (date(2027, 2, 1), date(2026, 11, 23))


def test_a_payment_is_scheduled_from_its_grant(made, open_window, store, qtbot):
    window = open_window("grant")
    detail = at(window, qtbot, "grant", made["grant"])

    answer(choose(detail, qtbot, "Schedule a payment …"), window, qtbot, amount="1,500", due="1/2/27")

    with store.reading() as session:
        made_last = session.query(Payment).order_by(Payment.id.desc()).first()
        told = (made_last.number, made_last.amount, made_last.due, made_last.kind)
    assert told == (2, Decimal("1500.00"), date(2027, 2, 1), PaymentKind.INTERIM)
    assert window.foot.step.text().startswith("Schedule payment PAY-000002, £1,500, of grant CVE-0001")
