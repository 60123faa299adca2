"""What a fresh officer stumbled over in the window, by its symptom: each is done again here by mouse and key."""

from datetime import date

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication, QPushButton, QToolButton, QWidget

from grants_app.operations import editing, file_settings
from grants_app.records import Engagement, Grant, Kind, Organisation
from grants_app.records.grant import Status
from grants_app.store.listing import Condition
from grants_app.ui.cells import PAD, bullet_words, needed
from grants_app.ui.column_panel import ColumnPanel
from grants_app.ui.navigation import keep_window, place_window
from grants_app.ui.widgets import button
from tests.ui.conftest import quiet
from tests.ui.people import programme

LEFT = Qt.MouseButton.LeftButton
CONTROL = Qt.KeyboardModifier.ControlModifier


def at_rest(window, qtbot):
    for _ in range(2):
        qtbot.waitUntil(lambda: quiet(window.desk), timeout=30_000)
        qtbot.wait(20)


def write(qtbot, words):
    for letter in words:
        held = QApplication.focusWidget()
        assert held is not None
        qtbot.keyClicks(held, letter)


def press(qtbot, key, modifier=Qt.KeyboardModifier.NoModifier):
    qtbot.keyClick(QApplication.activePopupWidget() or QApplication.focusWidget(), key, modifier)


def click_cell(window, qtbot, row, name):
    table = window.view.table
    section = [shown.name for shown in table.rows.columns].index(name)
    table.grid.scrollTo(table.rows.index(row, section))
    at = table.grid.visualRect(table.rows.index(row, section)).center()
    qtbot.mouseClick(table.grid.viewport(), LEFT, pos=at)


def sessions(store, fund, *numbers):
    """Engagements in one step, as an import brings them."""
    with store.change("Import sessions") as session:
        for number in numbers:
            session.add(Engagement(programme_id=fund, title=f"Session {number}", held_on=date(2026, 12, number)))


def test_typing_after_an_undone_import_stays_in_the_chosen_row(open_window, store, qtbot):
    fund = programme(store)["programme"]
    window = open_window("week")
    sessions(store, fund, 1, 2, 3, 4, 5)
    window.go("engagement")
    at_rest(window, qtbot)
    click_cell(window, qtbot, 0, "title")
    at_rest(window, qtbot)
    qtbot.keyClick(window, Qt.Key.Key_Z, CONTROL)
    at_rest(window, qtbot)
    sessions(store, fund, 1, 2, 3, 4, 5)
    at_rest(window, qtbot)
    table = window.view.table
    rows = [table.rows.ids[at] for at in range(5)]

    click_cell(window, qtbot, 2, "attended")
    write(qtbot, "23")
    press(qtbot, Qt.Key.Key_Return)
    at_rest(window, qtbot)
    assert (table.grid.present, table.grid.currentIndex().row()) == (rows[3], 3)
    write(qtbot, "19")
    press(qtbot, Qt.Key.Key_Return)
    write(qtbot, "20")
    press(qtbot, Qt.Key.Key_Return)
    at_rest(window, qtbot)

    with store.reading() as session:
        stored = [session.get_one(Engagement, record).attended for record in rows]
    assert stored == [None, None, 23, 19, 20]


def test_rows_stay_chosen_while_the_list_is_read_again(open_window, store, qtbot):
    ids = programme(store)
    window = open_window("grant")
    at_rest(window, qtbot)
    window.view.table.want(9999)  # a record that was deleted meanwhile
    click_cell(window, qtbot, 1, "reference")
    press(qtbot, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    at_rest(window, qtbot)
    editing.save(store, Grant, {"title": "Another"}, id=ids["second"])
    at_rest(window, qtbot)

    assert (window.view.tools.chosen.count, window.view.table.grid.currentIndex().row()) == (2, 2)


def test_a_record_that_goes_from_the_list_leaves_the_keyboard_in_its_row(open_window, store, qtbot):
    programme(store)
    window = open_window("grant")
    at_rest(window, qtbot)
    click_cell(window, qtbot, 1, "organisation_id")
    at_rest(window, qtbot)
    gone = window.view.table.grid.present
    with store.change("Delete it") as session:
        session.delete(session.get_one(Grant, gone))
    at_rest(window, qtbot)

    table = window.view.table
    assert (table.grid.currentIndex().row(), table.grid.present == gone) == (1, False)
    qtbot.waitUntil(lambda: getattr(window.view.detail.record, "id", None) == table.grid.present)


@pytest.fixture
def places(beside):
    """A long list to choose from."""
    words = ["Leave out", *(f"Grant: Field {n}" for n in range(20)), "Organisation: Legal name"]
    return beside(words, "Grant: Field 3", width=400)


def click_into(box, qtbot):
    line = box.lineEdit()
    qtbot.mouseClick(line, LEFT, pos=QPoint(30, line.height() // 2))
    qtbot.wait(10)


def test_letters_typed_after_a_click_take_the_place_of_the_word_and_enter_takes_the_one_that_fits(places, qtbot):
    click_into(places, qtbot)
    write(qtbot, "legal")
    assert places.currentText() == "legal"
    press(qtbot, Qt.Key.Key_Return)

    assert (places.currentText(), places.took) == ("Organisation: Legal name", ["Organisation: Legal name"])
    assert places.currentIndex() == places.count() - 1


def test_half_a_word_gives_way_to_the_old_one_when_a_list_is_left(places, qtbot):
    click_into(places, qtbot)
    write(qtbot, "nowhere")
    press(qtbot, Qt.Key.Key_Return)
    assert (places.took, places.hasFocus()) == ([], True)
    places.other.setFocus()

    assert (places.currentText(), places.took) == ("Grant: Field 3", [])


def test_letters_narrow_a_long_list_that_was_opened(places, qtbot):
    places.setFocus()
    places.showPopup()
    popup = places.completer().popup()
    assert (popup.isVisible(), popup.model().rowCount()) == (True, 22)
    write(qtbot, "legal")
    assert (popup.isVisible(), popup.model().rowCount()) == (True, 1)
    press(qtbot, Qt.Key.Key_Return)

    assert (places.currentText(), popup.isVisible()) == ("Organisation: Legal name", False)


def test_enter_in_a_cell_takes_the_word_that_fits_what_was_typed(open_window, store, qtbot):
    ids = programme(store)
    window = open_window("engagement")
    at_rest(window, qtbot)
    table = window.view.table
    table.show_columns(["reference", "title", "borough"])
    at_rest(window, qtbot)
    row = table.rows.place(ids["planned"])
    click_cell(window, qtbot, row, "borough")
    write(qtbot, "camd")
    press(qtbot, Qt.Key.Key_Return)
    at_rest(window, qtbot)
    with store.reading() as session:
        assert session.get_one(Engagement, ids["planned"]).borough == "Camden"

    window.activateWindow()  # the platform of tests forgets which was active when a list of words goes
    qtbot.waitUntil(window.isActiveWindow)
    click_cell(window, qtbot, row, "borough")
    write(qtbot, "camdne")
    press(qtbot, Qt.Key.Key_Return)
    assert table.grid.said.words.text().endswith("Camden?")


def test_undo_of_the_record_that_fills_the_page_goes_back_to_the_list(open_window, store, qtbot):
    fund = programme(store)["programme"]
    sessions(store, fund, 1)
    window = open_window("engagement")
    at_rest(window, qtbot)
    click_cell(window, qtbot, 0, "title")
    press(qtbot, Qt.Key.Key_Return)
    at_rest(window, qtbot)
    assert window.view.whole
    window.desk.undo()
    at_rest(window, qtbot)

    grid = window.view.table.grid
    assert (window.view.whole, grid.isVisible(), grid.hasFocus(), window.path.here.whole) == (False, True, True, False)


def test_undo_of_all_that_a_list_held_leaves_the_keyboard_on_what_it_offers(open_window, store, qtbot):
    window = open_window("programme")
    with store.change("Begin") as session:
        from grants_app.records import Programme

        session.add(Programme(code="ONE", name="One"))
    at_rest(window, qtbot)
    click_cell(window, qtbot, 0, "reference")
    press(qtbot, Qt.Key.Key_Return)
    at_rest(window, qtbot)
    window.desk.undo()
    at_rest(window, qtbot)

    assert (window.view.whole, window.view.remedy.isVisible(), window.view.remedy.hasFocus()) == (False, True, True)


def test_enter_presses_the_button_that_the_keyboard_is_on(open_window, store, qtbot):
    pressed = []
    alone = button("Check", lambda: pressed.append("Check"))
    qtbot.addWidget(alone)
    alone.show()
    qtbot.keyClick(alone, Qt.Key.Key_Return)
    qtbot.keyClick(alone, Qt.Key.Key_Enter, Qt.KeyboardModifier.KeypadModifier)
    assert pressed == ["Check", "Check"]

    window = open_window("week")
    qtbot.keyClick(window.sidebar.buttons["grant"], Qt.Key.Key_Return)
    assert window.path.here.page == "grant"
    buttons = [each for each in window.findChildren(QPushButton) if type(each) is QPushButton]
    assert [each.text() for each in buttons] == []  # every button is one that Enter presses


def test_a_register_of_closed_grants_is_shown_whole_at_first(open_window, store, qtbot):
    ids = programme(store)
    for status in (Status.CLOSING, Status.COMPLETED):
        with store.change("Close them") as session:
            for grant in session.query(Grant):
                grant.status = status
    window = open_window("grant")
    at_rest(window, qtbot)
    assert (window.view.heading(), window.view.views.text()) == (("Grants", "3"), "View: All grants")

    window.view.narrow("None", Condition("status", "is", (Status.ACTIVE,)))
    at_rest(window, qtbot)
    assert window.view.heading() == ("Grants", "0 of 3")  # what is asked for is not overruled
    assert window.view.remedy.text() == "Show all"
    window.view.remedy.setFocus()
    press(qtbot, Qt.Key.Key_Return)
    at_rest(window, qtbot)
    assert window.view.heading() == ("Grants", "3")
    assert ids["grant"] in window.view.table.rows.ids


def test_no_name_of_the_sample_gives_way_to_bars_and_no_figure_is_cut(open_window, store, qtbot):
    programme(store)
    window = open_window("grant")
    at_rest(window, qtbot)
    table = window.view.table
    theme, names = window.desk.theme, [shown.name for shown in table.rows.columns]
    section = names.index("delivered")
    values = [table.rows.values(row)[section] for row in range(3)]
    assert table.grid.columnWidth(section) >= theme.px(needed(theme, table.rows.columns[section], values))
    assert bullet_words(values[2]) == "3/8"
    assert table.rows.columns[section].right  # head, figures and sum stand at one edge

    name = QFontMetrics(theme.font()).horizontalAdvance("Bridgefoot Mothers’ Circle")
    assert table.grid.columnWidth(names.index("organisation_id")) >= name + 2 * theme.px(PAD)
    assert 740 <= window.view.splitter.sizes()[0] <= 780


def test_the_switcher_ticks_the_programme_that_it_names(open_window, store, qtbot):
    programme(store)
    window = open_window("grant")
    at_rest(window, qtbot)
    press_on(window.sidebar.switcher, qtbot)
    menu = QApplication.activePopupWidget()
    ticked = [action.text() for action in menu.actions() if action.isChecked()]
    assert (window.sidebar.switcher.accessibleName(), ticked) == ("Programme: CVE 2026", ["CVE 2026"])
    assert "All programmes" not in [action.text() for action in menu.actions()]
    menu.close()


def press_on(widget, qtbot):
    qtbot.mouseClick(widget, LEFT)
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is not None)


def test_ctrl_e_opens_its_menu_under_export(open_window, store, qtbot):
    programme(store)
    window = open_window("grant", width=780)
    at_rest(window, qtbot)
    qtbot.keyClick(window, Qt.Key.Key_E, CONTROL)
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is not None)
    menu = QApplication.activePopupWidget()
    export = next(each for each in window.top.made if each.text() == "Export")
    assert abs(menu.pos().x() - export.mapToGlobal(QPoint(0, 0)).x()) < 60
    menu.close()


def test_the_tabs_of_import_and_export_stay_whole_in_another_theme(open_window, store, qtbot):
    programme(store)
    window = open_window("imports")
    at_rest(window, qtbot)
    for scheme, zoom in (("dark", 1.0), ("light", 1.5), ("contrast", 1.0)):
        window.desk.theme.set_scheme(scheme)
        window.desk.theme.set_zoom(zoom)
        at_rest(window, qtbot)
        tabs = window.view.tabs
        assert tabs.width() >= sum(tabs.tabRect(at).width() for at in range(3))
        assert not [each for each in tabs.children() if isinstance(each, QToolButton) and each.isVisible()]


def test_a_narrow_window_keeps_rows_and_the_present_one_in_sight(open_window, store, qtbot):
    programme(store)
    window = open_window("grant")
    at_rest(window, qtbot)
    click_cell(window, qtbot, 2, "reference")
    window.resize(900, 768)
    at_rest(window, qtbot)
    grid = window.view.table.grid
    box = grid.visualRect(grid.currentIndex())
    assert grid.viewport().height() >= 5 * window.desk.theme.row
    assert 0 <= box.top() < box.bottom() <= grid.viewport().height()


def test_the_window_reopens_as_large_as_it_was_left(open_window, store, desk, qtbot):
    from PySide6.QtGui import QGuiApplication

    room = QGuiApplication.primaryScreen().availableGeometry()
    window = open_window("grant", width=room.width() - 4, height=room.height() - 20)
    window.move(2, 18)
    at_rest(window, qtbot)
    left = window.geometry()
    keep_window(window, desk.settings, store.path, "grant", None)
    again = QWidget()
    qtbot.addWidget(again)
    place_window(again, desk.settings)

    assert again.geometry() == left


def test_the_sidebar_shows_every_page_at_768_pixels_less_a_title_bar(open_window, qtbot):
    window = open_window("week", height=700)
    at_rest(window, qtbot)
    shown = {
        key: button.visibleRegion().boundingRect() == button.rect() for key, button in window.sidebar.buttons.items()
    }
    assert [key for key, whole in shown.items() if not whole] == []


def test_several_chosen_rows_are_cleared_by_words_that_say_so(open_window, store, qtbot):
    programme(store)
    window = open_window("grant")
    at_rest(window, qtbot)
    click_cell(window, qtbot, 0, "reference")
    press(qtbot, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    clear = window.view.tools.chosen.let_go
    assert (clear.isVisible(), clear.text()) == (True, "Clear selection")
    qtbot.mouseClick(clear, LEFT)
    assert window.view.tools.chosen.count == 1


def test_columns_are_ticked_one_after_another_in_a_panel_that_stays_open(open_window, store, qtbot):
    programme(store)
    file_settings.add_column(store, Grant, "Ward", Kind.TEXT)
    window = open_window("grant")
    at_rest(window, qtbot)
    table = window.view.table
    qtbot.mouseClick(window.view.columns, LEFT)
    panel = table.findChild(ColumnPanel)
    assert [box.text() for box in panel.boxes.values()][:2] == ["Ward", "Reference"]  # what an import brought is first

    qtbot.keyClicks(panel.finder, "ward")
    qtbot.keyClick(panel.finder, Qt.Key.Key_Return)
    at_rest(window, qtbot)
    qtbot.keyClicks(panel.finder, "purpose")  # in place of the letters before
    assert [box.text() for box in panel.boxes.values()] == ["Purpose"]
    panel.boxes["purpose"].setFocus()
    qtbot.keyClick(panel.boxes["purpose"], Qt.Key.Key_Space)
    at_rest(window, qtbot)
    assert (panel.isVisible(), [shown.label for shown in table.rows.columns][-2:]) == (True, ["Ward", "Purpose"])

    qtbot.keyClick(panel, Qt.Key.Key_Escape)
    assert table.rows.cell_text(0, len(table.rows.columns) - 1) == "Small conversations at home."


def test_undo_stands_at_the_foot_as_soon_as_an_import_is_stored(open_window, store, qtbot, tmp_path):
    window = open_window("imports")
    file = tmp_path / "bodies.csv"
    file.write_text("Organisation,Charity number\nHarbour Lane Youth Trust,\nFairlight Drama,\n", encoding="utf-8")
    window.view.take_file(file)
    at_rest(window, qtbot)
    qtbot.mouseClick(window.top.made[-1], LEFT)
    at_rest(window, qtbot)
    assert (window.foot.step.text(), window.foot.undo.isVisible()) == ("Imported 2 new", True)

    window.foot.undo.setFocus()
    press(qtbot, Qt.Key.Key_Return)
    at_rest(window, qtbot)
    with store.reading() as session:
        assert session.query(Organisation).count() == 0
