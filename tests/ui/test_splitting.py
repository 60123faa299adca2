"""A payment, and a grant's award, are split over funding lines, with what is left to place shown."""

from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from grants_app.operations import payments
from grants_app.records import Allocation, FundingLine, Programme
from tests.make import make
from tests.ui.conftest import quiet
from tests.ui.pages.access import unnamed
from tests.ui.people import programme


@pytest.fixture
def ids(store):
    """The programme with two funding lines, and a payment of £2,000."""
    found = programme(store)
    for name in ("Core budget", "Contribution"):
        line = make(
            store, FundingLine, programme_id=found["programme"], name=name, year="2026-27", amount=Decimal(50000)
        )  # fmt: skip
        found[name] = line.id
    return found


@pytest.fixture
def tab(ids, open_window, qtbot):
    window = open_window("payment")
    qtbot.waitUntil(lambda: window.view.detail.record is not None and quiet(window.desk))
    window.view.detail.show_tab("Funding")
    qtbot.waitUntil(lambda: quiet(window.desk))
    made = window.view.detail._tabs["Funding"]
    made.shown_in = window
    return made


def parts(store):
    with store.reading() as session:
        return {(row.payment_id, row.funding_line_id): row.amount for row in session.query(Allocation)}


def put(tab, qtbot, line, text):
    box = tab.boxes[line]
    box.setFocus()
    box.clear()
    qtbot.keyClicks(box, text)


def test_what_is_left_to_place_is_told_and_only_a_whole_split_is_stored(tab, ids, store, qtbot):
    assert (tab.told.text(), tab.save.isEnabled()) == ("£2,000 to place on these lines.", False)
    put(tab, qtbot, ids["Core budget"], "1,500")
    assert (tab.told.text(), tab.save.isEnabled()) == ("£500 still to place of £2,000.", False)
    put(tab, qtbot, ids["Contribution"], "700")
    assert (tab.told.text(), tab.save.isEnabled()) == ("£200 too much of £2,000.", False)
    put(tab, qtbot, ids["Contribution"], "500")
    assert (tab.told.text(), tab.save.isEnabled()) == ("All £2,000 is placed.", True)

    qtbot.mouseClick(tab.save, Qt.MouseButton.LeftButton)

    payment = ids["payment"]
    expected = {(payment, ids["Core budget"]): Decimal("1500.00"), (payment, ids["Contribution"]): Decimal("500.00")}
    qtbot.waitUntil(lambda: parts(store) == expected)
    qtbot.waitUntil(lambda: not tab.save.isEnabled() and tab.take_back.isVisible())


def test_the_rest_goes_on_the_line_that_is_asked(tab, ids, qtbot):
    put(tab, qtbot, ids["Core budget"], "1,234.56")

    tab.take_rest(ids["Contribution"])

    assert (tab.boxes[ids["Contribution"]].text(), tab.save.isEnabled()) == ("765.44", True)


def test_a_split_is_taken_back(tab, ids, store, qtbot):
    halves = {ids["Core budget"]: Decimal(1000), ids["Contribution"]: Decimal(1000)}
    payments.split(store, halves, grant_id=ids["grant"], payment_id=ids["payment"])
    qtbot.waitUntil(tab.take_back.isVisible)

    qtbot.mouseClick(tab.take_back, Qt.MouseButton.LeftButton)

    qtbot.waitUntil(lambda: parts(store) == {})
    qtbot.waitUntil(lambda: not tab.take_back.isVisible() and quiet(tab.desk))
    assert [box.text() for box in tab.boxes.values()] == ["", ""]


def test_what_cannot_be_read_is_said(tab, ids, qtbot):
    put(tab, qtbot, ids["Core budget"], "a lot")

    assert tab.wrong.text().startswith("Core budget, 2026-27: ")
    assert not tab.save.isEnabled()


def test_a_refusal_of_the_verb_is_said_on_the_tab(tab, ids, store, qtbot):
    other = make(store, Programme, code="SEF")
    foreign = make(store, FundingLine, programme_id=other.id, name="Other", year="2026-27")

    tab._split({foreign.id: Decimal(2000)})

    qtbot.waitUntil(tab.wrong.isVisible)
    assert tab.wrong.text() == "A part falls on a funding line of another programme than that of grant CVE-0001."


def test_with_one_funding_line_nothing_is_asked(store, open_window, qtbot):
    found = programme(store)
    make(store, FundingLine, programme_id=found["programme"], name="Core budget", year="2026-27")
    window = open_window("payment")
    qtbot.waitUntil(lambda: window.view.detail.record is not None and quiet(window.desk))
    window.view.detail.show_tab("Funding")
    qtbot.waitUntil(lambda: quiet(window.desk))
    tab = window.view.detail._tabs["Funding"]

    assert tab.told.text() == "All £2,000 falls on Core budget, 2026-27, the programme’s only funding line."
    assert (tab.save.isVisible(), tab.boxes) == (False, {})


def test_without_funding_lines_the_way_to_the_programme_is_offered(store, open_window, qtbot):
    programme(store)
    window = open_window("payment")
    qtbot.waitUntil(lambda: window.view.detail.record is not None and quiet(window.desk))
    window.view.detail.show_tab("Funding")
    qtbot.waitUntil(lambda: quiet(window.desk))

    qtbot.mouseClick(window.view.detail._tabs["Funding"].programme, Qt.MouseButton.LeftButton)

    qtbot.waitUntil(lambda: window.path.here.page == "programme")


def test_a_grants_award_is_split_on_a_sheet(ids, open_window, store, qtbot):
    window = open_window("grant")
    window.view.table.want(ids["grant"])
    qtbot.waitUntil(lambda: window.view.detail.record is not None and window.view.detail.record.id == ids["grant"])
    action = next(each for each in window.view.page.actions if each.words.startswith("Split"))
    action.run(window.desk, window.view.detail.record, window)
    sheet = QApplication.activeModalWidget()
    part = next(made for made in sheet.findChildren(object) if hasattr(made, "take_rest"))
    qtbot.waitUntil(lambda: len(part.boxes) == 2)

    part.take_rest(ids["Core budget"])
    assert unnamed(sheet) == []
    qtbot.mouseClick(part.save, Qt.MouseButton.LeftButton)

    qtbot.waitUntil(lambda: parts(store) == {(None, ids["Core budget"]): Decimal("8000.00")})
    sheet.accept()


def test_every_box_has_a_name(tab, ids):
    assert unnamed(tab.shown_in) == []
    assert tab.boxes[ids["Core budget"]].accessibleName() == "Core budget, 2026-27: pounds"
