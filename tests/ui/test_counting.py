"""Who came to an engagement is counted by category, with what is missing to all shown while it is typed."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from grants_app.operations import editing, engagements
from grants_app.records import Breakdown, Engagement
from grants_app.records.engagement import Dimension
from grants_app.ui.pages.counting import gap
from tests.ui.conftest import quiet
from tests.ui.pages.access import unnamed
from tests.ui.people import programme


@pytest.fixture
def window(open_window, store, qtbot):
    """The tab of the engagement to which 20 came."""
    programme(store)
    window = open_window("engagement")
    qtbot.waitUntil(lambda: window.view.detail.record is not None and quiet(window.desk))
    with store.reading() as session:
        window.came = session.query(Engagement).filter(Engagement.attended == 20).one().id
    window.view.table.want(window.came)
    qtbot.waitUntil(lambda: window.view.detail.record.id == window.came and quiet(window.desk))
    window.view.detail.show_tab("Who came")
    qtbot.waitUntil(lambda: quiet(window.desk))
    window.tab = window.view.detail._tabs["Who came"]
    return window


def put(window, qtbot, category, text):
    box = window.tab.boxes[category]
    box.setFocus()
    box.selectAll()
    qtbot.keyClick(box, Qt.Key.Key_Delete)
    qtbot.keyClicks(box, text)
    return box


def leave(window, qtbot):
    window.view.bar.words.setFocus()
    qtbot.waitUntil(lambda: quiet(window.desk))


def stored(store, engagement):
    with store.reading() as session:
        rows = session.query(Breakdown).filter(Breakdown.engagement_id == engagement)
        return {(row.dimension, row.category): row.count for row in rows}


def test_the_gap_to_all_who_attended_is_told_with_each_key(window, qtbot):
    put(window, qtbot, "16 to 18", "12")
    assert window.tab.told.text() == "12 of the 20 who attended: 8 short."
    put(window, qtbot, "Not collected", "8")
    assert window.tab.told.text() == "All 20 who attended are accounted for."
    put(window, qtbot, "19 to 24", "3")

    assert window.tab.told.text() == "23 of the 20 who attended: 3 too many."
    assert window.tab._chips[Dimension.AGE].text() == "Age band: 23 of 20"


def test_counts_are_stored_together_when_they_are_left_as_one_step(window, store, qtbot):
    put(window, qtbot, "16 to 18", "12")
    put(window, qtbot, "Not collected", "8")
    assert stored(store, window.came) == {}

    leave(window, qtbot)

    assert stored(store, window.came) == {(Dimension.AGE, "16 to 18"): 12, (Dimension.AGE, "Not collected"): 8}
    window.desk.undo()
    qtbot.waitUntil(lambda: quiet(window.desk) and window.tab.boxes["16 to 18"].text() == "")
    assert stored(store, window.came) == {}


def test_nought_is_stored_and_blank_is_taken_away(window, store, qtbot):
    engagements.break_down(store, window.came, Dimension.AGE, {"16 to 18": 12, "19 to 24": 8})
    qtbot.waitUntil(lambda: window.tab.boxes["16 to 18"].text() == "12")

    put(window, qtbot, "16 to 18", "0")
    put(window, qtbot, "19 to 24", "")
    leave(window, qtbot)

    assert stored(store, window.came) == {(Dimension.AGE, "16 to 18"): 0}


def test_another_dimension_stores_what_was_typed_under_its_own(window, store, qtbot):
    put(window, qtbot, "16 to 18", "20")

    qtbot.mouseClick(window.tab._chips[Dimension.SEX], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: quiet(window.desk))

    assert stored(store, window.came) == {(Dimension.AGE, "16 to 18"): 20}
    assert list(window.tab.boxes) == ["Female", "Male", "Prefer not to say", "Not collected"]


def test_what_cannot_be_read_is_said_and_holds_the_dimension(window, store, qtbot):
    put(window, qtbot, "16 to 18", "many")
    assert window.tab.wrong.isVisible()
    assert window.tab.wrong.text().startswith("16 to 18: ")

    qtbot.mouseClick(window.tab._chips[Dimension.SEX], Qt.MouseButton.LeftButton)

    assert (window.tab.dimension, window.tab.boxes["16 to 18"].text()) == (Dimension.AGE, "many")
    assert stored(store, window.came) == {}


def test_a_category_of_ones_own_is_counted_too(window, store, qtbot):
    window.tab.choose(Dimension.ROLE)
    window.tab.other.setFocus()
    qtbot.keyClicks(window.tab.other.lineEdit(), "Imam")
    qtbot.mouseClick(window.tab.add, Qt.MouseButton.LeftButton)

    put(window, qtbot, "Imam", "2")
    leave(window, qtbot)

    assert stored(store, window.came) == {(Dimension.ROLE, "Imam"): 2}


def test_a_long_list_of_categories_is_offered_and_not_spread_out(window, qtbot):
    window.tab.choose(Dimension.RESIDENCE)

    assert list(window.tab.boxes) == []
    assert "Brent" in [window.tab.other.itemText(at) for at in range(window.tab.other.count())]


def test_what_is_being_typed_stays_when_the_record_is_changed_elsewhere(window, store, qtbot):
    box = put(window, qtbot, "16 to 18", "12")

    editing.save(store, Engagement, {"attended": 14}, id=window.came)

    qtbot.waitUntil(lambda: window.tab.told.text() == "12 of the 14 who attended: 2 short.")
    assert (window.tab.boxes["16 to 18"] is box, box.hasFocus(), box.text()) == (True, True, "12")


def test_another_engagement_gets_none_of_what_was_typed(window, store, qtbot):
    put(window, qtbot, "16 to 18", "12")
    with store.reading() as session:
        other = session.query(Engagement).filter(Engagement.attended == 21).one().id

    window.view.table.want(other)

    qtbot.waitUntil(lambda: window.view.detail.record.id == other and quiet(window.desk))
    assert (stored(store, other), window.tab.boxes["16 to 18"].text()) == ({}, "")
    assert stored(store, window.came) == {(Dimension.AGE, "16 to 18"): 12}


def test_every_box_and_chip_has_a_name(window):
    assert unnamed(window) == []
    assert window.tab.boxes["16 to 18"].accessibleName() == "Age band: 16 to 18"
    assert window.tab._chips[Dimension.ROLE].accessibleName() == "Role: not recorded"


@pytest.mark.parametrize(
    ("dimension", "attended", "total", "words"),
    [
        (Dimension.AUDIENCE, 20, 31, "31 told. Several may apply to one person, so nothing need add up."),
        (Dimension.SEX, None, 7, "7 told. How many attended is not recorded yet."),
        (Dimension.SEX, 7, 7, "All 7 who attended are accounted for."),
    ],
)
def test_the_gap_in_words(dimension, attended, total, words):
    assert gap(dimension, attended, total, told=True) == words
    assert gap(dimension, attended, 0, told=False) == ""


def test_a_column_copied_in_excel_fills_the_boxes_by_name_or_from_the_one_it_is_pasted_in(window, qtbot):
    names = list(window.tab.boxes)
    box = window.tab.boxes[names[1]]
    box.setFocus()
    QApplication.clipboard().setText("3\r\n4\r\n")
    qtbot.keyClick(box, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert [window.tab.boxes[name].text() for name in names[:4]] == ["", "3", "4", ""]

    QApplication.clipboard().setText(f"{names[3].upper()}\t7\n{names[0]}\t6\nElsewhere\t9\n")
    qtbot.keyClick(box, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)

    assert [window.tab.boxes[name].text() for name in names[:4]] == ["6", "3", "4", "7"]
    assert window.tab.told.text() == "All 20 who attended are accounted for."
