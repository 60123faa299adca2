"""The hand-made pages inside the window: reached by key, from records, and back again."""

import csv

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from grants_app.records import Grant
from grants_app.ui.pages.reports import ReportsView
from tests.ui import people


def settled(qtbot, window):
    qtbot.waitUntil(lambda: not any(lane.waiting for lane in window.desk.lanes), timeout=30_000)


def test_the_report_on_a_grant_is_made_from_its_record(open_window, store, qtbot):
    people.programme(store)
    window = open_window("grant")
    qtbot.waitUntil(lambda: window.view.detail.record is not None)
    record = window.view.detail.record

    action = next(action for action in window.view.page.actions if action.words == "Make the grant report")
    action.run(window.desk, record, window)
    settled(qtbot, window)

    assert isinstance(window.view, ReportsView)
    assert window.view.made.answers == {"grant": record.reference}

    QTest.keyClick(window, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert window.path.here.page == "grant"


def test_a_workbook_chosen_at_welcome_is_looked_at_in_the_window(open_window, store, qtbot, tmp_path):
    file = tmp_path / "grants.csv"
    titles = ("Identifier", "Title", "Currency", "Amount Awarded", "Award Date", "Recipient Org:Name")
    with file.open("w", newline="", encoding="utf-8") as opened:
        csv.writer(opened).writerows([titles, ("360G-x-1", "A", "GBP", "100", "2026-03-04", "Riverline")])
    window = open_window()

    window.bring_in(file)
    settled(qtbot, window)

    assert [action.words for action in window.view.header_actions()] == ["Import 1 new"]
    assert window.top.note.text() == "grants.csv"
    with store.reading() as session:
        assert session.query(Grant).count() == 0


def test_a_step_in_the_history_leads_to_its_record_and_back(open_window, store, qtbot):
    people.programme(store)
    window = open_window("history")
    settled(qtbot, window)
    with store.reading() as session:
        grant = session.query(Grant.id).first()[0]

    window.view._follow(f"grant/{grant}")
    settled(qtbot, window)
    assert (window.path.here.page, window.path.here.record) == ("grant", grant)

    window.back()
    assert window.path.here.page == "history"


def test_long_work_shows_at_the_foot_with_its_cancel(open_window, store, qtbot):
    people.programme(store)
    window = open_window("reports")
    began = []
    window.desk.errands.began.connect(lambda task: began.append(task.words))

    window.view.make()
    settled(qtbot, window)

    assert began == ["Making the position"]
    assert not window.foot.progress.isVisible()
