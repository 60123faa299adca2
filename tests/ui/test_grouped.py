"""A list by groups stands in the list's place, is sorted, copied and written, and a group opens as a list."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtWidgets import QMenu

from grants_app.operations import editing
from grants_app.records import Grant, Programme
from grants_app.records.grant import Rag
from grants_app.store.grouping import By
from grants_app.ui import outgoing
from grants_app.ui.grouped import GroupChoice
from tests.make import make
from tests.ui.conftest import quiet
from tests.ui.pages.access import unnamed
from tests.ui.people import programme

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def grants(open_window, store, qtbot):
    """The window on the page of three grants, the first one present."""
    programme(store)
    window = open_window("grant")
    qtbot.waitUntil(lambda: window.view.detail.record is not None and quiet(window.desk))
    return window


def group(window, qtbot, *labels):
    """Ask for groups as an officer does."""
    qtbot.mouseClick(window.view.tools.group, Qt.MouseButton.LeftButton)
    panel = next(made for made in window.findChildren(GroupChoice) if made.isVisible())
    for box, words in zip((panel.first, panel.second), (*labels, "")[:2], strict=True):
        box.setCurrentText(words)
    qtbot.keyClick(panel, Qt.Key.Key_Return)
    if panel.isVisible():
        panel.apply()
    qtbot.waitUntil(lambda: quiet(window.desk))
    return panel


def table(window):
    rows = window.view.tools.grouped.rows
    return [[rows.cell_text(row, at) for at in range(len(rows.columns))] for row in range(rows.rowCount())]


def heads(window):
    return [column.label for column in window.view.tools.grouped.rows.columns]


def click_head(window, qtbot, at):
    bar = window.view.tools.grouped.grid.horizontalHeader()
    qtbot.mouseClick(bar.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(bar.sectionViewportPosition(at) + 10, 8))


def test_groups_stand_in_the_lists_place_with_counts_and_sums(grants, qtbot):
    group(grants, qtbot, "RAG")

    assert heads(grants) == ["RAG", "Grants", "Current", "Left", "Delivered"]
    assert table(grants) == [["Amber", "1", "£8,000", "£8,000", "3"], ["Green", "2", "£21,800", "£21,800", "0"]]
    tools = grants.view.tools
    assert (tools.grouped.isVisible(), grants.view.table.isVisible(), grants.view.detail.isVisible()) == (
        True, False, False,
    )  # fmt: skip
    assert (tools.group.text(), tools.grouped.foot.totals.words) == ("Groups: RAG", "2 groups of 3 grants")
    assert tools.grouped.foot.totals.sums == {
        "count": "3", "current": "£29,800", "left": "£29,800", "delivered": "3",
    }  # fmt: skip


def test_two_columns_of_several_words_make_groups_of_their_pairs(grants, store, qtbot):
    editing.save(store, Grant, {"boroughs": ("Barnet", "Brent"), "audiences": ("Mothers", "Parents")}, id=1)
    qtbot.waitUntil(lambda: quiet(grants.desk))

    group(grants, qtbot, "Boroughs", "Audiences")

    assert [row[:3] for row in table(grants)] == [
        ["Barnet", "Parents", "1"],
        ["Barnet", "Mothers", "1"],
        ["Brent", "Parents", "1"],
        ["Brent", "Mothers", "1"],
        ["Not recorded", "Not recorded", "2"],
    ]
    assert grants.view.tools.grouped.foot.totals.words == "5 groups of 3 grants, some in several"


def test_the_same_column_twice_is_not_taken(grants, qtbot):
    panel = group(grants, qtbot, "RAG", "RAG")

    assert (panel.problem.text(), grants.view.tools.on) == ("Choose two different columns.", False)
    panel.close()


def test_no_column_is_not_taken_either(grants, qtbot):
    panel = group(grants, qtbot, "")

    assert (panel.problem.text(), grants.view.tools.on) == ("Choose a column.", False)
    panel.close()


def test_a_click_on_a_head_sorts_the_groups(grants, qtbot):
    group(grants, qtbot, "Organisation")

    def names():
        return [row[0][:5] for row in table(grants)]

    found = [names()]
    for at in (2, 2, 0, 0):
        click_head(grants, qtbot, at)
        found.append(names())

    assert found == [
        ["Bridg", "Kiln ", "River"],
        ["River", "Kiln ", "Bridg"],
        ["Bridg", "Kiln ", "River"],
        ["Bridg", "Kiln ", "River"],
        ["River", "Kiln ", "Bridg"],
    ]


def test_a_group_opens_the_list_of_its_records_and_the_way_back_leads_to_the_groups(grants, qtbot):
    group(grants, qtbot, "Organisation")
    view = grants.view
    before = view.bar.where

    qtbot.keyClick(view.tools.grouped.grid, Qt.Key.Key_Down)
    qtbot.keyClick(view.tools.grouped.grid, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(view.table.rows.ids) == 1 and quiet(grants.desk))

    assert [chip.text() for chip in view.bar.chips_shown] == ["Status: live", "Organisation: Kiln Street && Sons"]
    assert (view.table.isVisible(), view.detail.isVisible(), view.tools.back.text()) == (
        True, True, "Back to the groups",
    )  # fmt: skip
    qtbot.mouseClick(view.tools.back, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: view.tools.grouped.isVisible() and quiet(grants.desk))
    assert (len(table(grants)), view.bar.where) == (3, before)
    qtbot.mouseClick(view.tools.back, Qt.MouseButton.LeftButton)
    assert (view.table.isVisible(), view.tools.back.isVisible(), view.tools.group.text()) == (True, False, "Group by")


def test_the_groups_of_a_month_open_the_records_of_that_month(grants, store, qtbot):
    grants.go("engagement")
    qtbot.waitUntil(lambda: len(grants.view.table.rows.ids) == 4 and quiet(grants.desk))
    group(grants, qtbot, "Held on, by month")
    assert [row[:2] for row in table(grants)] == [["Sep 2026", "1"], ["Oct 2026", "1"], ["Nov 2026", "2"]]

    qtbot.keyClick(grants.view.tools.grouped.grid, Qt.Key.Key_End)
    qtbot.keyClick(grants.view.tools.grouped.grid, Qt.Key.Key_Return)

    qtbot.waitUntil(lambda: len(grants.view.table.rows.ids) == 2 and quiet(grants.desk))


def test_groups_are_of_what_the_filters_leave(grants, qtbot):
    group(grants, qtbot, "RAG")

    grants.view.bar.words.setText("kiln")

    qtbot.waitUntil(lambda: table(grants) == [["Green", "1", "£9,800", "£9,800", "0"]])


def test_groups_follow_what_is_changed_elsewhere(grants, store, qtbot):
    group(grants, qtbot, "RAG")

    editing.save(store, Grant, {"rag": Rag.RED}, id=2)

    qtbot.waitUntil(lambda: [row[:2] for row in table(grants)] == [["Red", "1"], ["Amber", "1"], ["Green", "1"]])


def test_the_last_groups_are_offered_again(grants, settings, qtbot):
    group(grants, qtbot, "RAG", "Organisation")
    grants.view.tools.go_back()

    qtbot.mouseClick(grants.view.tools.group, Qt.MouseButton.LeftButton)

    panel = next(made for made in grants.findChildren(GroupChoice) if made.isVisible())
    assert (panel.first.currentText(), panel.second.currentText()) == ("RAG", "Organisation")
    assert settings.state("list/grant")["groups"] == [["rag", ""], ["organisation_id", ""]]
    panel.close()


def test_control_c_copies_the_groups_with_real_figures(grants, qtbot):
    told = []
    grants.desk.told.connect(lambda words, refusal: told.append(words))
    group(grants, qtbot, "RAG")

    qtbot.keyClick(grants.view.tools.grouped.grid, Qt.Key.Key_C, CONTROL)

    qtbot.waitUntil(lambda: bool(told))
    assert QGuiApplication.clipboard().mimeData().text().splitlines() == [
        "RAG\tGrants\tCurrent\tLeft\tDelivered",
        "Amber\t1\t8000.00\t8000.00\t3",
        "Green\t2\t21800.00\t21800.00\t0",
    ]


def test_the_groups_go_out_as_they_are_sorted(grants, monkeypatch, tmp_path, qtbot):
    monkeypatch.setattr(outgoing, "ask_save_as", lambda *_asked: tmp_path / "groups.csv")
    group(grants, qtbot, "RAG")
    click_head(grants, qtbot, 1)

    button = next(made for made in grants.top.findChildren(type(grants.top.back)) if made.text() == "Export")
    button.click()
    menu = next(shown for shown in grants.findChildren(QMenu) if shown.isVisible())
    menu.hide()
    next(action for action in menu.actions() if action.text() == "CSV …").trigger()

    qtbot.waitUntil(lambda: (tmp_path / "groups.csv").exists() and quiet(grants.desk))
    assert (tmp_path / "groups.csv").read_text(encoding="utf-8-sig").splitlines()[1:] == [
        "Green,2,21800.00,21800.00,0",
        "Amber,1,8000.00,8000.00,3",
    ]


def test_where_nothing_is_left_to_group_the_page_says_so(grants, qtbot):
    group(grants, qtbot, "RAG")

    grants.view.bar.words.setText("nobody is called so")

    qtbot.waitUntil(grants.view.nothing.isVisible)
    qtbot.mouseClick(grants.view.remedy, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: grants.view.tools.grouped.isVisible() and len(table(grants)) == 2)


def test_a_group_reads_as_a_sentence_and_everything_has_a_name(grants, qtbot):
    group(grants, qtbot, "RAG")

    rows = grants.view.tools.grouped.rows
    told = rows.data(rows.index(1, 0), 11)
    assert told == "Green, 2 grants, current £21,800, left £21,800, delivered 0"
    assert unnamed(grants) == []
    assert QAccessible.queryAccessibleInterface(grants.view.tools.grouped.grid).text(QAccessible.Text.Name) == (
        "Grants by groups"
    )


def test_another_programme_has_other_groups(grants, store, qtbot):
    other = make(store, Programme, code="SEF", name="Shared Endeavour Fund")
    group(grants, qtbot, "RAG")

    grants.desk.choose_programme(other.id)

    qtbot.waitUntil(grants.view.nothing.isVisible)
    grants.desk.choose_programme(None)
    qtbot.waitUntil(lambda: len(table(grants)) == 2 and grants.view.tools.grouped.isVisible())
    assert grants.view.tools.by == (By("rag"),)
