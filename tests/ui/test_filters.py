from decimal import Decimal

import pytest
from PySide6.QtCore import Qt

from grants_app.records import Grant
from grants_app.records.grant import Rag, Status
from grants_app.store.listing import Condition, column_named
from grants_app.ui.filters import ConditionPanel, condition_from, condition_to, words_of


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (Condition("status", "is", (Status.ACTIVE,)), "Status: Active"),
        (Condition("rag", "is", (Rag.RED, Rag.AMBER)), "RAG: Red or Amber"),
        (Condition("boroughs", "is", ("Brent", "Camden", "Barnet", "Ealing")), "Boroughs: 4 of them"),
        (Condition("awarded", "from", (Decimal("5000.00"),)), "Awarded is at least £5,000"),
        (Condition("title", "contains", ("talk",)), "Title contains talk"),
        (Condition("ends", "blank"), "Ends is blank"),
        (Condition("organisation_id", "is", (7,)), "Organisation: Kiln Street"),
    ],
)
def test_a_filter_says_in_words_what_it_asks(condition, words):
    assert words_of(Grant, condition, {("organisation_id", 7): "Kiln Street"}) == words


@pytest.mark.parametrize(
    "condition",
    [
        Condition("status", "is", (Status.ACTIVE, Status.CLOSING)),
        Condition("awarded", "from", (Decimal("5000.50"),)),
        Condition("boroughs", "is", ("Brent",)),
        Condition("organisation_id", "is", (7, 8)),
        Condition("paid", "to", (Decimal("10.00"),)),
        Condition("delivered", "from", (3,)),
        Condition("ends", "blank"),
    ],
)
def test_a_saved_view_brings_its_filters_back_as_they_were(condition):
    import json

    saved = json.loads(json.dumps(condition_to(Grant, condition)))

    assert condition_from(Grant, saved) == condition


def panel(desk, qtbot, name, choices=None):
    put = []
    made = ConditionPanel(desk, column_named(Grant, name), choices or {}, None, put.append)
    qtbot.addWidget(made)
    made.show()
    return made, put


def test_words_are_ticked(desk, qtbot):
    made, put = panel(desk, qtbot, "rag", {"Red": Rag.RED, "Amber": Rag.AMBER})
    made._boxes["Amber"].click()
    made.apply()

    assert put == [Condition("rag", "is", (Rag.AMBER,))]


def test_amounts_are_asked_from_and_to(desk, qtbot):
    made, put = panel(desk, qtbot, "awarded")
    qtbot.keyClicks(made._lines["from"], "5,000")
    qtbot.keyClicks(made._lines["to"], "£20,000")
    qtbot.keyClick(made._lines["to"], Qt.Key.Key_Return)

    assert put == [Condition("awarded", "from", (Decimal(5000),)), Condition("awarded", "to", (Decimal(20000),))]


def test_what_cannot_be_read_is_said_and_nothing_is_filtered(desk, qtbot):
    made, put = panel(desk, qtbot, "ends")
    qtbot.keyClicks(made._lines["from"], "someday")
    made.apply()

    assert (put, made.problem.text()) == ([], "“someday” is not a date: write it as 4/3/2026 or 4 March 2026")
    assert made.problem.isVisible()
