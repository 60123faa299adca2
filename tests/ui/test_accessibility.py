import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QWidget

from tests.ui.conftest import quiet
from tests.ui.pages.access import unnamed
from tests.ui.people import programme


@pytest.fixture
def window(open_window, store):
    programme(store)
    return open_window()


def visit(window, page, qtbot):
    window.go(page)
    qtbot.waitUntil(lambda: quiet(window.desk))
    qtbot.wait(30)


def test_every_part_of_a_record_names_what_can_be_used(window, qtbot):
    visit(window, "grant", qtbot)
    found = {}
    for tab in ("Overview", "Money", "Engagements", "Outcomes", "Files", "Timeline", "Details"):
        window.view.detail.show_tab(tab)
        qtbot.waitUntil(lambda: quiet(window.desk))
        found[tab] = unnamed(window)

    assert {tab: missing for tab, missing in found.items() if missing} == {}


@pytest.mark.parametrize("page", ["week", "grant", "history", "reports", "settings"])
def test_tab_goes_round_the_whole_window_and_is_trapped_nowhere(page, window, qtbot):
    visit(window, page, qtbot)
    window.sidebar.switcher.setFocus()
    seen: list[QWidget] = []

    for _ in range(400):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        focused = QApplication.focusWidget()
        if focused is window.sidebar.switcher:
            break
        seen.append(focused)

    assert QApplication.focusWidget() is window.sidebar.switcher
    assert set(window.sidebar.buttons.values()) <= set(seen)
    assert window.top.search in seen


def test_the_forms_of_new_records_name_every_field(open_window, store, qtbot):
    programme(store)
    window = open_window("grant")
    qtbot.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    sheet = QApplication.activeModalWidget()
    qtbot.waitUntil(lambda: sheet.form is not None)

    assert unnamed(sheet) == []
    sheet.reject()


def test_the_panel_that_logs_an_engagement_names_every_field(open_window, store, qtbot):
    programme(store)
    window = open_window()
    qtbot.keyClick(window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: bool(window._entry.rows))

    assert unnamed(window._entry) == []


def test_a_chart_tells_its_figures_one_by_one(open_window, store, qtbot):
    from grants_app.ui.chart import ChartView

    programme(store)
    window = open_window()
    qtbot.waitUntil(lambda: window.view.week is not None and quiet(window.desk))
    chart = next(made for made in window.view.findChildren(ChartView) if "month" in made.spec.title)
    chart.setFocus()

    qtbot.keyClick(chart, Qt.Key.Key_End)
    last = chart.told
    qtbot.keyClick(chart, Qt.Key.Key_Left)

    assert (chart.told, last) == ("Oct: 21 attendances", "Nov: 11 attendances")
    told = QAccessible.queryAccessibleInterface(chart).text(QAccessible.Text.Description)
    assert told == "Oct: 21 attendances"


def test_a_chart_is_shown_as_a_table_by_enter(open_window, store, qtbot):
    from grants_app.ui.chart import ChartTable, ChartView

    programme(store)
    window = open_window()
    qtbot.waitUntil(lambda: window.view.week is not None and quiet(window.desk))
    chart = next(made for made in window.view.findChildren(ChartView) if "month" in made.spec.title)

    qtbot.keyClick(chart, Qt.Key.Key_Return)

    table = window.findChild(ChartTable)
    assert table.windowTitle() == "Attendances by month"
    assert unnamed(table) == []
    table.close()
