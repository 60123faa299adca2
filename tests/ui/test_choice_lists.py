"""Lists that are typed into or opened, by what went wrong in them: done again here by mouse and key."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from grants_app.ui.figure_strip import FigureStrip
from grants_app.ui.inputs import Choice
from grants_app.ui.page import KeyFigure

LEFT = Qt.MouseButton.LeftButton
_LONG = "Grant: What the panel said about it, in a few more words than fit (a new column: text)"


@pytest.fixture
def places(beside):
    """A list in a window wider than it."""
    words = ["Leave out", *(f"Grant: Field {n}" for n in range(20)), "Grant: Why a direct award", "Grant: Awarded"]
    box = beside([*words, _LONG], "Grant: Awarded", width=900)
    box.setMaximumWidth(200)
    return box


def click_into(box, qtbot):
    line = box.lineEdit()
    qtbot.mouseClick(line, LEFT, pos=QPoint(30, line.height() // 2))
    qtbot.wait(20)


def press(qtbot, key):
    qtbot.keyClick(QApplication.activePopupWidget() or QApplication.focusWidget(), key)
    qtbot.wait(10)


def write(qtbot, words):
    for letter in words:
        qtbot.keyClicks(QApplication.activePopupWidget() or QApplication.focusWidget(), letter)
    qtbot.wait(10)


def marked(box):
    popup = box.completer().popup()
    chosen = popup.selectionModel().selectedIndexes()
    return [index.data() for index in chosen if popup.viewport().rect().contains(popup.visualRect(index))]


def test_escape_leaves_no_half_word_where_the_old_one_still_counts(places, qtbot):
    click_into(places, qtbot)
    write(qtbot, "ward")
    press(qtbot, Qt.Key.Key_Escape)
    press(qtbot, Qt.Key.Key_Escape)

    assert (places.currentText(), places.took) == ("Grant: Awarded", [])


def test_escape_after_an_arrow_leaves_the_old_word_too(places, qtbot):
    click_into(places, qtbot)
    write(qtbot, "field")
    press(qtbot, Qt.Key.Key_Down)
    press(qtbot, Qt.Key.Key_Escape)

    assert (places.currentText(), places.took) == ("Grant: Awarded", [])


def test_tab_out_of_half_a_word_takes_nothing_that_was_only_marked(places, qtbot):
    click_into(places, qtbot)
    write(qtbot, "field")
    press(qtbot, Qt.Key.Key_Tab)

    assert (places.currentText(), places.took) == ("Grant: Awarded", [])


def test_the_first_click_on_the_words_opens_the_whole_list_at_the_present_word(places, qtbot):
    click_into(places, qtbot)

    popup = places.completer().popup()
    assert popup.isVisible()
    assert (popup.model().rowCount(), marked(places)) == (places.count(), ["Grant: Awarded"])


def test_what_enter_takes_is_marked_while_letters_narrow_the_list(places, qtbot):
    click_into(places, qtbot)
    write(qtbot, "ward")
    popup = places.completer().popup()
    assert places.currentText() == "ward"
    assert (marked(places), popup.verticalScrollBar().value()) == (["Grant: Why a direct award"], 0)
    assert popup.verticalScrollBar().maximum() == 0

    press(qtbot, Qt.Key.Key_Return)

    assert (places.currentText(), places.took[-1]) == ("Grant: Why a direct award", "Grant: Why a direct award")


def test_the_list_is_as_wide_as_its_words(places, qtbot):
    click_into(places, qtbot)

    popup = places.completer().popup()
    assert popup.viewport().width() >= popup.sizeHintForColumn(0)
    assert popup.width() <= places.holder.width()


@pytest.mark.parametrize("zoom", [1.0, 1.5, 2.0])
def test_the_last_of_four_colours_is_not_cut_off(theme, qtbot, zoom):
    theme.set_zoom(zoom)
    box = Choice(theme, ["As the computer has it", "Light", "Dark", "High contrast"], blank=False)
    qtbot.addWidget(box)
    box.show()
    box.showPopup()
    qtbot.wait(20)

    view = box.view()
    last = view.visualRect(view.model().index(3, 0))
    assert view.viewport().rect().contains(last)


@pytest.mark.parametrize("zoom", [1.0, 1.25, 1.5, 2.0, 3.0])
def test_a_chip_is_round_at_every_size(theme, qtbot, zoom):
    theme.set_zoom(zoom)
    holder = QWidget()
    chip = QPushButton("Status: live", holder)
    chip.setProperty("look", "chip")
    qtbot.addWidget(holder)
    holder.resize(600, 200)
    holder.show()
    qtbot.wait(10)
    chip.setMinimumHeight(0)
    chip.resize(300, theme.px(18))  # as low as a bar makes it
    qtbot.wait(10)

    picture = chip.grab().toImage()
    middle = picture.height() // 2
    assert picture.pixelColor(0, 0) != picture.pixelColor(0, middle)


def test_every_head_of_the_figures_of_an_import_is_read_whole_at_twice_the_size(theme, qtbot):
    from PySide6.QtGui import QFontMetrics

    from grants_app.ui.theme import CAPTION

    theme.set_zoom(2.0)
    strip = FigureStrip(theme)
    qtbot.addWidget(strip)
    heads = ("Read from the file", "New", "Changed", "Unchanged", "Faulty")
    strip.show_figures([KeyFigure(head, "90 rows", "£0") for head in heads])
    for width in (1100, 900, 500):
        strip.resize(width, 300)
        room = strip.width() / strip._across - theme.px(18)
        assert QFontMetrics(theme.font(CAPTION)).horizontalAdvance(heads[0]) <= room
