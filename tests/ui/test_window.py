from contextlib import closing

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu

from grants_app.records import Grant, Programme
from grants_app.store import backup, opening
from grants_app.ui import choosing
from grants_app.ui.navigation import Place, last_place
from tests.make import make
from tests.store.test_two_processes import held_by_another
from tests.ui.conftest import quiet
from tests.ui.people import programme


def press(qtbot, widget, key, modifier=Qt.KeyboardModifier.NoModifier):
    qtbot.keyClick(widget, key, modifier)


def test_the_sidebar_leads_to_each_page_and_lights_where_one_is(open_window, qtbot):
    window = open_window()

    for key, button in window.sidebar.buttons.items():
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        assert (window.path.here.page, button.isChecked()) == (key, True)
        assert window.top.title.text() == window.view.heading()[0]
        qtbot.waitUntil(lambda: quiet(window.desk))

    assert sum(button.isChecked() for button in window.sidebar.buttons.values()) == 1


def test_alt_and_the_arrows_go_back_and_forward(open_window, qtbot):
    window = open_window()
    window.go("grant")
    window.go("payment")

    press(qtbot, window, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert window.path.here == Place("grant")
    press(qtbot, window, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert window.path.here == Place("payment")


def test_the_sidebar_shows_icons_alone_where_the_window_is_narrow(open_window, theme):
    window = open_window(width=1200)
    wide = window.sidebar.width()

    window.resize(1000, 700)

    assert (wide, window.sidebar.width()) == (196, 56)
    assert window.sidebar.buttons["grant"].toolTip() == "Grants"


def test_the_foot_tells_what_was_saved_and_undo_takes_it_back(open_window, store, qtbot):
    window = open_window("grant")
    with store.change("Add programme") as session:
        session.add(Programme(code="ABC", name="Another"))

    qtbot.waitUntil(lambda: window.foot.step.text() == "Add programme")
    assert window.foot.saved.text() == "Saved 14:02"
    qtbot.mouseClick(window.foot.undo, Qt.MouseButton.LeftButton)

    qtbot.waitUntil(lambda: window.foot.step.text() == "Undone: Add programme")
    with store.reading() as session:
        assert session.query(Programme).count() == 0


def test_ctrl_z_and_ctrl_y_undo_and_do_again(open_window, store, qtbot):
    window = open_window("grant")
    make(store, Programme, code="ABC", name="Another")
    qtbot.waitUntil(lambda: bool(window.foot.step.text()))

    press(qtbot, window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: window.foot.step.text() == "Undone: Make a programme")
    press(qtbot, window, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)

    qtbot.waitUntil(lambda: window.foot.step.text() == "Done again: Make a programme")
    with store.reading() as session:
        assert session.query(Programme).count() == 1


def test_a_refusal_is_said_at_the_foot_in_its_own_words(open_window, qtbot):
    window = open_window("grant")

    press(qtbot, window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)

    qtbot.waitUntil(lambda: window.foot.step.text() == "There is nothing of yours to undo.")
    assert window.foot.step.property("look") == "problem"


def test_the_switcher_keeps_every_list_to_one_programme(open_window, store, qtbot):
    ids = programme(store)
    make(store, Grant, title="Of another fund")
    window = open_window("grant")
    qtbot.waitUntil(lambda: window.top.note.text() == "3 of 4")

    window.sidebar.programme_chosen.emit(ids["programme"])

    qtbot.waitUntil(lambda: window.top.note.text() == "3")
    assert window.sidebar.switcher.accessibleName() == "Programme: CVE 2026"


def test_the_switcher_of_an_empty_file_leads_to_starting_a_programme(open_window, qtbot):
    window = open_window("grant")

    window.sidebar.switcher.click()
    menu = next(each for each in window.sidebar.findChildren(QMenu) if each.isVisible())
    start = next(each for each in menu.actions() if each.text() == "Start a programme …")
    menu.hide()
    start.trigger()

    qtbot.waitUntil(lambda: window.top.title.text() == "Programmes")


def test_ctrl_plus_enlarges_everything_and_is_remembered(open_window, settings, theme, qtbot):
    window = open_window("grant")
    before = window.top.height()

    press(qtbot, window, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)

    assert (theme.zoom, settings.zoom) == (1.1, 110)
    assert window.top.height() > before
    press(qtbot, window, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    assert (theme.zoom, window.top.height()) == (1.0, before)


def test_the_window_remembers_its_size_page_and_programme(open_window, store, settings):
    ids = programme(store)
    window = open_window("grant", width=1111, height=666)
    window.desk.choose_programme(ids["programme"])

    window.close()

    assert settings.state("window")["box"][2:] == [1111, 666]
    assert last_place(settings, store.path) == ("grant", ids["programme"])
    assert last_place(settings, store.path.with_name("other.grants")) == ("", None)


def test_what_another_program_stores_appears_by_itself(open_window, store, qtbot):
    window = open_window("grant")
    with closing(opening.open_file(store.path, "Bob Other")) as other:
        programme(other)

    for _ in range(3):  # one look must not take the place of another that has seen something
        window.desk.look()

    qtbot.waitUntil(lambda: window.top.note.text() == "3")


def test_the_palette_finds_records_and_commands(open_window, store, qtbot):
    programme(store)
    window = open_window()
    press(qtbot, window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    palette = window._palette

    qtbot.keyClicks(palette.line, "riverline")
    qtbot.waitUntil(lambda: any("Riverline Sports" in hit.words for hit in palette._hits))
    press(qtbot, palette.line, Qt.Key.Key_Return)

    qtbot.waitUntil(lambda: window.path.here.whole)
    assert window.path.here.page in {"grant", "organisation"}
    assert not palette.isVisible()


def test_a_pages_own_name_opens_the_page_and_not_a_record_that_holds_the_word(open_window, store, qtbot):
    make(store, Programme, name="Grants for engagements", code="GFE")
    window = open_window()
    press(qtbot, window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    palette = window._palette

    qtbot.keyClicks(palette.line, "engagements")
    qtbot.waitUntil(lambda: any("Grants for engagements" in hit.words for hit in palette._hits))
    press(qtbot, palette.line, Qt.Key.Key_Return)

    assert window.path.here == Place("engagement")


def test_the_palette_does_what_a_command_says(open_window, qtbot):
    window = open_window()
    press(qtbot, window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)

    qtbot.keyClicks(window._palette.line, "go to payments")
    qtbot.waitUntil(lambda: [hit.words for hit in window._palette._hits] == ["Go to Payments"])
    press(qtbot, window._palette.line, Qt.Key.Key_Return)

    assert window.path.here == Place("payment")


def test_escape_closes_the_palette(open_window, qtbot):
    window = open_window()
    press(qtbot, window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert window._palette.isVisible()

    press(qtbot, window._palette.line, Qt.Key.Key_Escape)

    assert not window._palette.isVisible()


def test_settings_and_help_are_in_sight_however_low_the_window_is(open_window):
    window = open_window(height=600)

    for key in ("settings", "help"):
        button = window.sidebar.buttons[key]
        assert window.rect().contains(button.mapTo(window, button.rect().bottomRight()))
        assert button.visibleRegion().boundingRect() == button.rect()


def test_the_page_that_is_shown_is_in_sight_in_the_sidebar(open_window, qtbot):
    window = open_window(height=600)
    button = window.sidebar.buttons["imports"]

    window.go("imports")

    qtbot.waitUntil(lambda: button.visibleRegion().boundingRect() == button.rect())


def test_the_programme_that_is_chosen_is_opened_from_the_switcher(open_window, store, qtbot):
    ids = programme(store)
    window = open_window("grant")
    window.sidebar.programme_chosen.emit(ids["programme"])
    window.sidebar.switcher.click()
    menu = next(each for each in window.sidebar.findChildren(QMenu) if each.isVisible())
    menu.hide()

    next(each for each in menu.actions() if each.text() == "Open CVE 2026").trigger()

    assert window.path.here == Place("programme", ids["programme"], whole=True)


def test_a_new_file_is_made_from_inside_another_and_opened(open_window, tmp_path, qtbot, monkeypatch):
    window = open_window()
    opened = []
    window.desk.file_asked.connect(opened.append)
    monkeypatch.setattr(choosing, "ask_save_as", lambda *_asked: tmp_path / "second")

    next(each for each in window.commands if each.words == "New file …").run()

    qtbot.waitUntil(lambda: opened == [tmp_path / "second.grants"])
    with closing(opening.open_file(opened[0], "Ann Officer")) as made:
        assert made.news() == []


def test_the_foot_has_the_backup_as_soon_as_it_is_told(open_window, store, qtbot):
    window = open_window()
    qtbot.waitUntil(lambda: window.foot.file.text() == "work.grants · not backed up yet")

    backup.back_up(store)
    window.desk.tell("Backed up")

    qtbot.waitUntil(lambda: "not backed up yet" not in window.foot.file.text())
    assert window.foot.step.text() == "Backed up"


def test_a_change_that_waits_for_another_program_says_so_and_may_be_cancelled(open_window, store, qtbot, monkeypatch):
    make(store, Programme)
    window = open_window()
    monkeypatch.setattr(opening, "PATIENCE", 0.05)
    store.close()  # what is connected anew has less patience
    with held_by_another(store):
        window.desk.do(lambda store: make(store, Programme, code="DEF", name="Second"))
        words = "Another program is writing to this file; waiting for it"
        qtbot.waitUntil(lambda: (window.foot.working.text(), window.foot.cancel.isVisible()) == (words, True))

        qtbot.mouseClick(window.foot.cancel, Qt.MouseButton.LeftButton)

        qtbot.waitUntil(lambda: window.foot.step.text() == "Cancelled; nothing was changed.")
        assert not window.foot.cancel.isVisible()
    with store.reading() as session:
        assert session.query(Programme).count() == 1
