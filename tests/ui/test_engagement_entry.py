from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

from grants_app.records import Engagement
from grants_app.records.engagement import EngagementStatus
from tests.ui.conftest import quiet
from tests.ui.people import programme

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def panel(open_window, store, qtbot):
    programme(store)
    window = open_window("organisation")
    qtbot.keyClick(window, Qt.Key.Key_L, CONTROL)
    qtbot.waitUntil(lambda: bool(window._entry.rows) and window._entry.isVisible())
    return window._entry


def text(panel, name):
    return panel.rows[name].editor.text()


def type_into(qtbot, panel, name, words):
    line = panel.rows[name].editor.widget
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, words)


def engagements(store):
    with store.reading() as session:
        return [
            (each.reference, each.title, each.held_on, each.attended, each.status, each.borough, each.venue)
            for each in session.query(Engagement).filter(Engagement.id > 4)
        ]


def test_the_panel_remembers_grant_venue_and_borough_of_the_last_one(panel):
    assert (text(panel, "grant_id"), text(panel, "venue"), text(panel, "borough")) == ("CVE-0001", "Town hall", "Brent")
    assert text(panel, "held_on") == "23 November 2026"
    assert QApplication.focusWidget() is panel.rows["title"].editor.widget


def test_an_engagement_is_logged_by_keys_alone_and_the_panel_is_ready_for_the_next(panel, store, qtbot):
    qtbot.keyClicks(QApplication.focusWidget(), "Workshop on rumours")
    type_into(qtbot, panel, "held_on", "20/11/26")
    type_into(qtbot, panel, "attended", "18")
    qtbot.keyClick(panel.rows["attended"].editor.widget, Qt.Key.Key_Return, CONTROL)

    qtbot.waitUntil(lambda: panel.told.text() == "Saved ENG-000005, Workshop on rumours, 18 attendances.")
    assert engagements(store) == [
        ("ENG-000005", "Workshop on rumours", date(2026, 11, 20), 18, EngagementStatus.DELIVERED, "Brent", "Town hall")
    ]
    assert (text(panel, "title"), text(panel, "attended"), text(panel, "held_on")) == ("", "", "20 November 2026")
    assert QApplication.focusWidget() is panel.rows["title"].editor.widget


def test_what_is_missing_is_said_under_its_field_and_nothing_is_lost(panel, store, qtbot):
    type_into(qtbot, panel, "title", "Workshop")
    qtbot.mouseClick(panel.save, Qt.MouseButton.LeftButton)

    assert panel.rows["attended"].wrong.text() == "Attended is needed"
    assert (text(panel, "title"), engagements(store)) == ("Workshop", [])
    assert QApplication.focusWidget() is panel.rows["attended"].editor.widget


def test_a_day_in_the_future_is_refused_under_its_field(panel, store, qtbot):
    type_into(qtbot, panel, "title", "Workshop")
    type_into(qtbot, panel, "held_on", "1/12/2026")
    type_into(qtbot, panel, "attended", "18")
    qtbot.mouseClick(panel.save, Qt.MouseButton.LeftButton)

    wrong = panel.rows["held_on"].wrong
    qtbot.waitUntil(wrong.isVisible)
    assert wrong.text() == "An engagement cannot be delivered before it is held: Held on is in the future"


def test_enter_goes_from_field_to_field_and_escape_closes(panel, qtbot):
    seen = []
    for _ in range(3):
        seen.append(QApplication.focusWidget().accessibleName().split(":")[0])
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)

    assert seen == ["Title", "Venue", "Borough"]
    qtbot.keyClick(panel, Qt.Key.Key_Escape)
    assert not panel.isVisible()


def test_city_halls_own_engagement_goes_to_the_only_programme(panel, store, qtbot):
    panel.rows["grant_id"].editor.show_named(None)
    type_into(qtbot, panel, "title", "Stakeholder meeting")
    type_into(qtbot, panel, "attended", "9")
    qtbot.keyClick(panel.rows["attended"].editor.widget, Qt.Key.Key_Return, CONTROL)

    qtbot.waitUntil(lambda: len(engagements(store)) == 1 and quiet(panel.desk))
    with store.reading() as session:
        engagement = session.get_one(Engagement, 5)
        assert (engagement.grant_id, engagement.programme_id) == (None, 1)


def test_what_must_be_filled_in_has_its_star(panel):
    starred = [made.findChild(QLabel).text() for made in panel.rows.values()]

    assert [words for words in starred if words.endswith(" *")] == ["Held on *", "Title *", "Attended *"]
