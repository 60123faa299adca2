from datetime import date
from decimal import Decimal
from threading import Event

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton

from grants_app.operations import editing
from grants_app.records import Grant, Organisation, Programme, Theme
from grants_app.records.grant import Status
from grants_app.store.listing import Condition
from grants_app.ui.badges import badge_of, pill_size
from grants_app.ui.cells import PAD
from grants_app.ui.dialogs import Sheet
from tests.make import make
from tests.ui.conftest import quiet
from tests.ui.people import programme

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def grants(open_window, store, qtbot):
    """The window on the page of three grants, the first one present."""
    ids = programme(store)
    window = open_window("grant")
    qtbot.waitUntil(lambda: window.view.detail.record is not None and bool(window.view.table.foot.totals.sums))
    window.ids = ids
    return window


def sheet_shown(window):
    return next((sheet for sheet in window.findChildren(Sheet) if sheet.isVisible()), None)


def press_in(qtbot, sheet, words):
    made = next(each for each in sheet.findChildren(QPushButton) if each.text() == words)
    qtbot.mouseClick(made, Qt.MouseButton.LeftButton)


def column(window, name):
    rows = window.view.table.rows
    at = [shown.name for shown in rows.columns].index(name)
    return [rows.cell_text(row, at) for row in range(rows.rowCount())]


def test_a_grants_head_tells_why_it_is_rated_so_and_names_its_themes(grants, store, qtbot):
    theme = make(store, Theme, programme_id=grants.ids["programme"], name="Safe places")
    editing.save(store, Grant, {"themes": (theme.reference,)}, id=grants.ids["grant"])
    grants.open(Grant, grants.ids["grant"], whole=True)

    told = grants.view.detail.told
    qtbot.waitUntil(lambda: told.text() == "Amber: two behind plan\nThemes: Safe places")


def show_details(window, qtbot):
    window.view.detail.edit()
    qtbot.waitUntil(lambda: window.view.detail._form is not None and quiet(window.desk))
    return window.view.detail._form


def type_into(qtbot, form, name, text):
    line = form.rows[name].editor.widget
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, text)
    return line


def test_the_list_shows_each_grant_with_figures_and_marks(grants):
    assert column(grants, "reference") == ["CVE-0003", "CVE-0002", "CVE-0001"]
    assert column(grants, "organisation_id") == ["Riverline Sports", "Kiln Street & Sons", "Bridgefoot Mothers’ Circle"]
    assert column(grants, "current") == ["£12,000", "£9,800", "£8,000"]
    assert column(grants, "delivered") == ["0", "0", "3 of 8"]


def test_the_foot_of_the_list_adds_up_what_is_shown(grants):
    totals = grants.view.table.foot.totals

    assert totals.words == "3 grants shown"
    assert (totals.sums["current"], totals.averages["current"]) == ("£29,800", "£9,933")


def test_the_foot_adds_up_what_is_chosen_where_more_than_one_is(grants, qtbot):
    grid = grants.view.table.grid
    grid.setFocus()
    qtbot.keyClick(grid, Qt.Key.Key_Down, SHIFT)

    qtbot.waitUntil(lambda: grants.view.table.foot.totals.words == "2 grants chosen")
    assert grants.view.table.foot.totals.sums["current"] == "£21,800"


def test_a_row_reads_as_a_sentence(grants):
    from PySide6.QtGui import QAccessible

    grid = grants.view.table.grid
    told = QAccessible.queryAccessibleInterface(grid).child(grid.model().columnCount() * 3 + 3)
    texts = {
        QAccessible.queryAccessibleInterface(grid).child(at).text(QAccessible.Text.Name)
        for at in range(QAccessible.queryAccessibleInterface(grid).childCount())
        if QAccessible.queryAccessibleInterface(grid).child(at) is not None
    }

    assert told is not None
    sentence = "CVE-0001, Bridgefoot Mothers’ Circle, active, amber, current £8,000, left £8,000, delivered 3 of 8"
    assert sentence in texts


def test_arrow_keys_move_and_the_record_beside_follows(grants, qtbot):
    qtbot.keyClick(grants.view.table.grid, Qt.Key.Key_Down)

    qtbot.waitUntil(lambda: grants.view.detail.record.reference == "CVE-0002")
    assert grants.view.detail.title.text() == "Talks by Kiln Street & Sons"
    assert grants.view.detail.line.text() == "CVE-0002 · Kiln Street & Sons"


def test_enter_opens_the_record_in_the_whole_page_and_back_returns(grants, qtbot):
    grid = grants.view.table.grid
    qtbot.keyClick(grid, Qt.Key.Key_Return)

    assert (grants.view.left.isVisible(), grants.path.here.whole) == (False, True)
    qtbot.mouseClick(grants.top.back, Qt.MouseButton.LeftButton)
    assert (grants.view.left.isVisible(), grants.path.here.whole) == (True, False)


def test_a_click_chooses_control_adds_and_shift_extends(grants, qtbot):
    grid = grants.view.table.grid

    def click(row, modifier=Qt.KeyboardModifier.NoModifier):
        at = QPoint(20, grid.rowViewportPosition(row) + 5)
        qtbot.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, modifier, at)
        return list(grid.selection.pick(grants.view.table.rows.ids))

    assert [click(0), click(2, CONTROL), click(2, CONTROL), click(0), click(2, SHIFT)] == [
        [3], [3, 1], [3], [3], [3, 2, 1],
    ]  # fmt: skip


def test_choosing_all_chooses_rows_that_were_never_read(grants, qtbot):
    grid = grants.view.table.grid
    qtbot.keyClick(grid, Qt.Key.Key_A, CONTROL)

    assert (grid.selection.everything, grid.selection.count(1_000_000)) == (True, 1_000_000)


def test_clicking_a_head_sorts_by_it_and_again_the_other_way(grants, qtbot):
    heads = grants.view.table.grid.horizontalHeader()
    at = [shown.name for shown in grants.view.table.rows.columns].index("organisation_id")

    def click():
        place = QPoint(heads.sectionViewportPosition(at) + 20, 10)
        qtbot.mouseClick(heads.viewport(), Qt.MouseButton.LeftButton, pos=place)
        qtbot.waitUntil(lambda: quiet(grants.desk))
        return [name[:5] for name in column(grants, "organisation_id")]

    assert [click(), click()] == [["Bridg", "Kiln ", "River"], ["River", "Kiln ", "Bridg"]]


def test_pills_and_references_have_the_room_that_they_need_however_narrow_the_list(grants, qtbot):
    table = grants.view.table
    grants.resize(900, 700)
    qtbot.waitUntil(lambda: quiet(grants.desk))
    rows = table.rows
    for at, shown in enumerate(rows.columns):
        words = [rows.cell_text(row, at) for row in range(rows.rowCount())]
        room = table.grid.columnWidth(at) - 2 * PAD
        if shown.paint == "badge":
            assert max(pill_size(grants.desk.theme, badge_of(word)).width() for word in words) <= room
        elif shown.name == "reference":
            assert max(map(QFontMetrics(table.grid.font()).horizontalAdvance, words)) <= room


def test_words_narrow_the_list_and_its_count_says_of_how_many(grants, qtbot):
    qtbot.keyClick(grants, Qt.Key.Key_F, CONTROL)
    qtbot.keyClicks(QApplication.focusWidget() or grants.view.bar.words, "kiln")

    qtbot.waitUntil(lambda: column(grants, "reference") == ["CVE-0002"])
    qtbot.waitUntil(lambda: grants.top.note.text() == "1 of 3")


def test_a_filter_stands_as_a_chip_that_takes_itself_away(grants, qtbot):
    grants.view.bar.put(Condition("awarded", "from", (Decimal("9000.00"),)))
    qtbot.waitUntil(lambda: column(grants, "reference") == ["CVE-0003", "CVE-0002"])
    chips = grants.view.bar.chips_shown
    assert [chip.text() for chip in chips] == ["Status: live", "Awarded is at least £9,000"]

    views = grants.view.views
    assert (views.text(), views.accessibleName()) == ("View: Live grants, changed", "View: Live grants, changed")

    qtbot.mouseClick(chips[1], Qt.MouseButton.LeftButton)

    qtbot.waitUntil(lambda: len(column(grants, "reference")) == 3)
    assert views.text() == "View: Live grants"


def test_where_nothing_meets_the_filters_the_page_says_so_and_offers_all(grants, qtbot):
    grants.view.bar.put(Condition("awarded", "from", (Decimal("900000.00"),)))
    qtbot.waitUntil(lambda: grants.view.lists.currentWidget() is grants.view.nothing)
    assert (grants.view.why.text(), grants.view.remedy.text()) == ("Nothing meets these filters.", "Show all")

    qtbot.mouseClick(grants.view.remedy, Qt.MouseButton.LeftButton)

    qtbot.waitUntil(lambda: grants.view.lists.currentWidget() is grants.view.table)
    assert grants.view.views.text() == "View: All grants"


def test_what_came_in_is_shown_whatever_the_filters_were(grants, qtbot):
    grants.view.bar.put(Condition("awarded", "from", (Decimal("900000.00"),)))
    qtbot.waitUntil(lambda: grants.view.lists.currentWidget() is grants.view.nothing)
    grants.go("imports")

    grants.desk.all_asked.emit("grant")

    qtbot.waitUntil(lambda: len(column(grants, "reference")) == 3)
    assert (grants.path.here.page, grants.view.bar.where) == ("grant", ())


def test_an_empty_page_says_what_belongs_there_and_offers_to_begin(open_window, qtbot):
    window = open_window("organisation")

    qtbot.waitUntil(lambda: window.view.lists.currentWidget() is window.view.nothing)
    assert window.view.remedy.text() == "New organisation"


def test_rows_that_come_after_a_column_was_ticked_are_read_anew_with_it(grants, qtbot):
    table, go = grants.view.table, Event()
    grants.desk.reading.do(lambda _task: go.wait(30), owner=table)
    table.rows.reset(table.rows.ids)
    table._read_seen()

    table.tick("asked", on=True)
    go.set()

    qtbot.waitUntil(lambda: quiet(grants.desk) and column(grants, "asked") == ["£9,500"] * 3)
    assert len(set(column(grants, "reference"))) == 3


def test_each_field_is_saved_when_it_is_left(grants, store, qtbot):
    form = show_details(grants, qtbot)

    type_into(qtbot, form, "title", "Kitchen tables")
    form.rows["organisation_id"].editor.widget.setFocus()

    qtbot.waitUntil(lambda: grants.view.detail.title.text() == "Kitchen tables")
    with store.reading() as session:
        assert session.get_one(Grant, 3).title == "Kitchen tables"
    assert not form.dirty


def test_fields_tied_by_one_rule_are_saved_together(grants, store, qtbot):
    form = show_details(grants, qtbot)

    type_into(qtbot, form, "starts", "1/4/2027")
    form.rows["ends"].editor.widget.setFocus()
    qtbot.wait(30)
    with store.reading() as session:
        assert session.get_one(Grant, 3).starts == date(2026, 5, 1)
    type_into(qtbot, form, "ends", "1/9/2027")
    form.rows["title"].editor.widget.setFocus()

    def stored():
        with store.reading() as session:
            grant = session.get_one(Grant, 3)
            return grant.starts, grant.ends

    qtbot.waitUntil(lambda: stored() == (date(2027, 4, 1), date(2027, 9, 1)))


def test_what_is_wrong_is_said_under_its_field_and_what_was_typed_stays(grants, store, qtbot):
    form = show_details(grants, qtbot)

    line = type_into(qtbot, form, "ends", "31/2/2027")
    form.rows["title"].editor.widget.setFocus()

    wrong = form.rows["ends"].wrong
    qtbot.waitUntil(wrong.isVisible)
    assert wrong.text() == "“31/2/2027” is not a day of the calendar: day comes first, then month"
    assert (line.text(), line.property("wrong")) == ("31/2/2027", "true")


def test_a_rule_of_the_record_speaks_under_its_field_too(grants, qtbot):
    form = show_details(grants, qtbot)

    type_into(qtbot, form, "ends", "1/1/2020")
    form.rows["title"].editor.widget.setFocus()

    wrong = form.rows["ends"].wrong
    qtbot.waitUntil(wrong.isVisible)
    assert wrong.text() == "Ends must be the same as or after 1 May 2026, the start"


def test_closing_over_an_edit_that_cannot_be_saved_asks_before_it_is_lost(grants, store, qtbot):
    form = show_details(grants, qtbot)
    line = type_into(qtbot, form, "ends", "1/1/2020")

    assert not grants.close()
    qtbot.waitUntil(lambda: sheet_shown(grants) is not None)
    assert not grants.close()
    qtbot.keyClick(sheet_shown(grants), Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: sheet_shown(grants) is None)
    assert (grants.isVisible(), line.text()) == (True, "1/1/2020")
    assert form.rows["ends"].wrong.text() == "Ends must be the same as or after 1 May 2026, the start"

    grants.close()
    qtbot.waitUntil(lambda: sheet_shown(grants) is not None)
    press_in(qtbot, sheet_shown(grants), "Close without saving")
    qtbot.waitUntil(lambda: not grants.isVisible())


def test_enter_at_the_question_before_closing_loses_nothing_and_the_foot_says_what_is_not_saved(grants, qtbot):
    form = show_details(grants, qtbot)
    line = type_into(qtbot, form, "ends", "1/1/2020")

    assert not grants.close()
    qtbot.waitUntil(lambda: sheet_shown(grants) is not None and sheet_shown(grants).focusWidget() is not None)
    sheet = sheet_shown(grants)
    assert sheet.focusWidget().text() == "Cancel"
    qtbot.keyClick(sheet.focusWidget(), Qt.Key.Key_Return)

    qtbot.waitUntil(lambda: sheet_shown(grants) is None)
    assert (grants.isVisible(), line.text()) == (True, "1/1/2020")
    assert grants.foot.step.text() == "Not saved yet: something typed on the page “Grants”"


def test_closing_asks_for_what_another_page_holds_unsaved_and_shows_it(grants, qtbot):
    form = show_details(grants, qtbot)
    type_into(qtbot, form, "ends", "31/2/2027")
    grants.go("payment")

    grants.close()

    qtbot.waitUntil(lambda: sheet_shown(grants) is not None)
    assert grants.path.here.page == "grant"
    press_in(qtbot, sheet_shown(grants), "Close without saving")
    qtbot.waitUntil(lambda: not grants.isVisible())


def test_closing_stores_what_was_typed_first(grants, store, qtbot):
    form = show_details(grants, qtbot)
    type_into(qtbot, form, "title", "Kitchen tables")

    grants.close()

    qtbot.waitUntil(lambda: not grants.isVisible())
    with store.reading() as session:
        assert session.get_one(Grant, 3).title == "Kitchen tables"


def test_when_another_officer_changed_the_field_both_values_are_shown(grants, store, qtbot):
    form = show_details(grants, qtbot)
    line = type_into(qtbot, form, "title", "Ours")

    editing.save(store, Grant, {"title": "Theirs"}, id=3)
    qtbot.waitUntil(lambda: grants.view.detail.title.text() == "Theirs" and quiet(grants.desk))
    assert line.text() == "Ours"
    form.rows["organisation_id"].editor.widget.setFocus()

    wrong = form.rows["title"].wrong
    qtbot.waitUntil(wrong.isVisible)
    assert wrong.text() == "Now “Theirs”, changed by Ann Officer, 14:02. You entered “Ours”."
    offers = form.rows["title"].offers
    qtbot.mouseClick(offers.itemAt(1).widget(), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: grants.view.detail.title.text() == "Ours")


def test_a_link_is_chosen_by_typing_a_part_of_its_name(grants, store, qtbot):
    make(store, Organisation, name="Spark Coding Club")
    form = show_details(grants, qtbot)

    line = type_into(qtbot, form, "organisation_id", "Spark")
    editor = form.rows["organisation_id"].editor
    qtbot.waitUntil(lambda: editor._model.stringList() == ["Spark Coding Club · ORG-0004"])
    line.completer().popup().hide()
    editor.write("Spark Coding Club · ORG-0004")
    form.rows["title"].editor.widget.setFocus()

    qtbot.waitUntil(lambda: grants.view.detail.line.text() == "CVE-0003 · Spark Coding Club")


def test_a_new_record_is_added_from_a_sheet_and_shown(open_window, store, qtbot):
    window = open_window("organisation")
    qtbot.keyClick(window, Qt.Key.Key_N, CONTROL)
    sheet = QApplication.activeModalWidget()
    qtbot.waitUntil(lambda: sheet.form is not None)

    qtbot.keyClicks(sheet.form.rows["name"].editor.widget, "Open Door School")
    qtbot.mouseClick(sheet.save, Qt.MouseButton.LeftButton)

    qtbot.waitUntil(lambda: window.view.detail.title.text() == "Open Door School")
    qtbot.waitUntil(lambda: column(window, "name") == ["Open Door School"])


def test_a_new_record_that_is_not_complete_says_what_is_missing(open_window, store, qtbot):
    window = open_window("organisation")
    qtbot.keyClick(window, Qt.Key.Key_N, CONTROL)
    sheet = QApplication.activeModalWidget()
    qtbot.waitUntil(lambda: sheet.form is not None)

    qtbot.mouseClick(sheet.save, Qt.MouseButton.LeftButton)

    wrong = sheet.form.rows["name"].wrong
    qtbot.waitUntil(wrong.isVisible)
    assert wrong.text() == "Legal name is needed"
    sheet.reject()


def test_a_record_is_deleted_after_a_question_and_undo_brings_it_back(open_window, store, qtbot):
    make(store, Organisation, name="Twice Entered")
    window = open_window("organisation")
    qtbot.waitUntil(lambda: window.view.detail.record is not None)

    window.view.detail._ask_delete()
    sheet = QApplication.activeModalWidget()
    does = next(made for made in sheet.findChildren(QPushButton) if made.text() == "Delete")
    qtbot.mouseClick(does, Qt.MouseButton.LeftButton)

    qtbot.waitUntil(lambda: window.view.lists.currentWidget() is window.view.nothing)
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window)
    qtbot.keyClick(window, Qt.Key.Key_Z, CONTROL)
    qtbot.waitUntil(lambda: column(window, "name") == ["Twice Entered"])


def test_an_action_asks_what_its_verb_needs_and_tells_what_it_refuses(open_window, store, qtbot):
    make(store, Grant, title="A bid", status=Status.READY, asked=Decimal("5000.00"))
    window = open_window("grant")
    window.view.bar.set_conditions(())
    qtbot.waitUntil(lambda: window.view.detail.record is not None)
    action = next(a for a in window.view.page.actions if a.words.startswith("Award"))
    action.run(window.desk, window.view.detail.record, window)
    sheet = QApplication.activeModalWidget()
    amount = sheet.editors["amount"]
    assert amount.text() == "5,000"

    amount.setText("0")
    qtbot.mouseClick(sheet.act, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: sheet.problem.text() == "An award is more than nothing: give its amount.")
    amount.setText("4,500")
    sheet.editors["over_commitment"].setPlainText("No budget is set yet")
    qtbot.mouseClick(sheet.act, Qt.MouseButton.LeftButton)

    qtbot.waitUntil(lambda: column(window, "current") == ["£4,500"])


def test_key_figures_stand_in_a_grants_head(grants, qtbot):
    grants.view.table.want(1)

    strip = grants.view.detail.figures
    told = (
        "Current £8,000, £9,500 asked; Paid £0, £8,000 left; Delivered 3, 5 by today, 8 in all; People 21–52, a range"
    )
    qtbot.waitUntil(lambda: strip.accessibleName() == told)


def test_columns_are_chosen_and_remembered(grants, settings, qtbot):
    grants.view.table.tick("ends", on=True)

    qtbot.waitUntil(lambda: "ends" in [shown.name for shown in grants.view.table.rows.columns])
    assert settings.state("list/grant")["columns"][-1] == "ends"
    qtbot.waitUntil(lambda: column(grants, "ends") == ["28 Feb 2027"] * 3)


def test_the_timeline_tells_what_was_changed_with_both_values(grants, store, qtbot):
    editing.save(store, Grant, {"purpose": "Talks."}, id=3)
    grants.view.detail.show_tab("Timeline")

    def words():
        labels = grants.view.detail.findChildren(QLabel)
        return [made.text() for made in labels if made.isVisible()]

    qtbot.waitUntil(lambda: "Purpose: Small conversations at home., now Talks." in words())


def test_a_million_rows_are_held_by_their_ids_alone(theme):
    from array import array

    from grants_app.ui.columns import sentence
    from grants_app.ui.rows import Column, Rows

    rows = Rows([Column("reference", "Reference")], sentence)
    rows.reset(array("q", range(1_000_000)))

    assert (rows.rowCount(), rows.values(999_999), rows.missing(999_950, 999_999)) == (1_000_000, None, [9999])
    rows.fill(9999, {999_999: ["CVE-1"]})
    assert rows.cell_text(999_999, 0) == "CVE-1"


def test_the_first_field_that_is_asked_for_has_the_keyboard(open_window, qtbot):
    window = open_window("payment")
    qtbot.keyClick(window, Qt.Key.Key_N, CONTROL)
    sheet = QApplication.activeModalWidget()

    qtbot.waitUntil(lambda: sheet.form is not None)
    first = next(made for made in sheet.form.rows.values() if made.editor)
    assert isinstance(first.editor.widget, QLineEdit)
    assert first.field.name == "grant_id"
    sheet.reject()
    assert Programme.noun == "Programme"


def test_no_amount_of_a_list_is_cut_short_and_large_sums_do_not_run_into_each_other(open_window, store, qtbot):
    ids = programme(store)
    with store.change("Award more", lenient=True) as session:
        session.get_one(Grant, ids["grant"]).awarded = Decimal("123456789.55")
    window = open_window("grant")
    table = window.view.table
    qtbot.waitUntil(lambda: quiet(window.desk) and bool(table.foot.totals.sums))

    measure = QFontMetrics(window.desk.theme.font())
    at = next(place for place, shown in enumerate(table.rows.columns) if shown.name == "current")
    assert table.grid.columnWidth(at) >= measure.horizontalAdvance("£123,456,789.55") + window.desk.theme.px(2 * PAD)
    assert table.foot.totals.sums["current"] == "£123,478,589.55"
    assert table.foot.totals.briefs["current"] == "£123m"
