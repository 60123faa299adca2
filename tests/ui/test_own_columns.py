"""Columns of the officers' own in the window: added from a list, filled in, filtered, grouped, renamed, removed."""

from contextlib import closing
from decimal import Decimal

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel, QMenu, QPushButton

from grants_app.operations import editing, file_settings
from grants_app.records import RECORDS, Grant, Kind
from grants_app.records.fields import OWN_KINDS
from grants_app.store import opening, own
from grants_app.store.grouping import By
from grants_app.store.listing import Condition
from grants_app.ui.column_panel import OWN_HEAD, ColumnPanel
from grants_app.ui.dialogs import Sheet
from grants_app.ui.form import OWN_SECTION, Form, load
from grants_app.ui.own_columns import ColumnSheet
from tests.make import make, sample_value
from tests.ui.conftest import quiet
from tests.ui.pages.access import unnamed
from tests.ui.people import programme


@pytest.fixture
def grants(open_window, store, qtbot):
    """The window on the page of three grants, the first one present."""
    ids = programme(store)
    window = open_window("grant")
    qtbot.waitUntil(lambda: window.view.detail.record is not None and quiet(window.desk))
    window.ids = ids
    return window


def at_rest(window, qtbot):
    qtbot.waitUntil(lambda: quiet(window.desk), timeout=30_000)
    qtbot.wait(10)
    qtbot.waitUntil(lambda: quiet(window.desk), timeout=30_000)


def panel_of(window, qtbot):
    qtbot.mouseClick(window.view.columns, Qt.MouseButton.LeftButton)
    return next(each for each in window.view.table.findChildren(ColumnPanel) if each.isVisible())


def menu_of(window, name):
    """The menu at a column's head."""
    table = window.view.table
    heads = table.grid.horizontalHeader()
    section = [column.name for column in table.rows.columns].index(name)
    heads.customContextMenuRequested.emit(QPoint(heads.sectionViewportPosition(section) + 4, 8))
    (menu,) = [each for each in window.view.table.findChildren(QMenu) if each.isVisible() and not each.title()]
    return menu


def choose(menu, words):
    action = next(each for each in menu.actions() if each.text().startswith(words))
    menu.close()
    action.trigger()


def sheet_of(window, sort):
    return next(each for each in window.findChildren(sort) if each.isVisible())


def shown(window):
    rows = window.view.table.rows
    labels = [column.label for column in rows.columns]
    return {label: [rows.cell_text(row, at) for row in range(rows.rowCount())] for at, label in enumerate(labels)}


def test_a_column_is_added_filled_in_renamed_and_removed_where_the_officer_works(grants, store, qtbot):
    panel = panel_of(grants, qtbot)
    assert "Add a column …" in [each.text() for each in panel.findChildren(QPushButton)]
    panel.close()
    grants.view.list_actions()["Add a column"]()
    sheet = sheet_of(grants, ColumnSheet)
    assert unnamed(sheet) == []
    qtbot.keyClicks(sheet.name, "Title")
    assert not sheet.words.isVisible()
    qtbot.keyClick(sheet.sort, Qt.Key.Key_Return)
    at_rest(grants, qtbot)
    assert sheet.problem.text() == "Grants have “Title” already: choose another name."
    sheet.sort.setCurrentText("List of words")
    sheet.words.setPlainText("North\n\nSouth & East\n")
    sheet.begin()
    at_rest(grants, qtbot)
    assert sheet.problem.text() == "Grants have “Title” already: choose another name."
    sheet.name.selectAll()
    qtbot.keyClicks(sheet.name, "Ward")
    qtbot.keyClick(sheet.name, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "Ward" in shown(grants))
    at_rest(grants, qtbot)
    assert shown(grants)["Ward"] == ["", "", ""]
    grid, last = grants.view.table.grid, len(grants.view.table.rows.columns) - 1
    assert (grid.section, grid.columnAt(grid.visualRect(grid.currentIndex()).center().x())) == (last, last)  # in sight
    assert grants.foot.step.text() == "Grants have the column “Ward” now, the last in the list"

    grants.view.detail.edit()
    at_rest(grants, qtbot)
    form = grants.view.detail._form
    (name,) = [column.name for column in form.own]
    assert unnamed(form) == []
    assert [each.text() for each in form.findChildren(type(sheet.told)) if each.text() == OWN_SECTION] == [OWN_SECTION]
    editor = form.rows[name].editor
    editor.widget.setCurrentText("South & East")
    editor.typed.emit()
    form.save()
    qtbot.waitUntil(lambda: shown(grants)["Ward"] == ["South & East", "", ""])

    panel = panel_of(grants, qtbot)
    assert (next(iter(panel.boxes)), panel.boxes[name].isChecked(), unnamed(panel)) == (name, True, [])
    assert OWN_HEAD in [each.text() for each in panel.findChildren(QLabel)]
    panel.close()
    choose(menu_of(grants, name), "Rename")
    sheet = sheet_of(grants, ColumnSheet)
    qtbot.waitUntil(lambda: sheet.words.toPlainText() == "North\nSouth & East")
    sheet.name.setText("Area")
    sheet.begin()
    qtbot.waitUntil(lambda: shown(grants).get("Area") == ["South & East", "", ""])
    at_rest(grants, qtbot)
    grants.desk.undo()
    qtbot.waitUntil(lambda: shown(grants).get("Ward") == ["South & East", "", ""])
    at_rest(grants, qtbot)

    choose(menu_of(grants, name), "Remove")
    qtbot.waitUntil(lambda: any(each.isVisible() for each in grants.findChildren(Sheet)))
    sheet_of(grants, Sheet).accept()
    qtbot.waitUntil(lambda: "Ward" not in shown(grants))
    at_rest(grants, qtbot)
    assert grants.view.detail._form.own == ()
    grants.desk.undo()
    at_rest(grants, qtbot)
    with store.reading() as session:
        assert session.get_one(Grant, grants.view.detail.record.id).get(name) == "South & East"


def test_a_column_that_another_program_removes_leaves_the_list_without_harm(grants, store, qtbot):
    ward = file_settings.add_column(store, Grant, "Ward", Kind.CHOICE, ["North", "South"]).name
    table = grants.view.table
    editing.save(store, Grant, {ward: "South"}, id=table.rows.ids[0])
    qtbot.waitUntil(lambda: len(table.own) == 1)
    at_rest(grants, qtbot)
    table.keep_columns(["reference", ward, "title", "asked"])
    at_rest(grants, qtbot)
    assert shown(grants)["Ward"] == ["South", "", ""]
    seen = []
    table.rows.modelReset.connect(lambda: seen.append(shown(grants)["Asked"]))

    with closing(opening.open_file(store.path, "Other Officer")) as other:
        file_settings.remove_column(other, Grant, ward)
    grants.desk.look()
    qtbot.waitUntil(lambda: "Ward" not in shown(grants))
    at_rest(grants, qtbot)

    assert list(shown(grants)) == ["Reference", "Title", "Asked"]
    assert all(each in (["£9,500"] * 3, [""] * 3) for each in seen), seen
    assert seen[-1] == ["£9,500"] * 3


def test_lists_are_filtered_sorted_grouped_and_kept_as_views_by_columns_of_their_own(grants, store, qtbot):
    ward = file_settings.add_column(store, Grant, "Ward", Kind.CHOICE, ["North", "South"]).name
    seen = file_settings.add_column(store, Grant, "Seen", Kind.YES_NO).name
    share = file_settings.add_column(store, Grant, "Partner’s share", Kind.MONEY).name
    first, second = grants.view.table.rows.ids[0], grants.view.table.rows.ids[1]
    editing.save(store, Grant, {ward: "South", share: Decimal(10), seen: False}, id=first)
    editing.save(store, Grant, {ward: "North", share: Decimal(30)}, id=second)
    view, table = grants.view, grants.view.table
    qtbot.waitUntil(lambda: len(table.own) == 3)
    at_rest(grants, qtbot)
    table.keep_columns(["reference", ward, seen, share])
    qtbot.waitUntil(lambda: table.foot.totals.sums.get(share) == "£40")
    assert shown(grants)["Seen"] == ["No", "", ""]

    table._sort_by(3)
    qtbot.waitUntil(lambda: shown(grants)["Ward"] == ["North", "South", ""])
    column = next(each for each in table.listing.kind.fields().values() if each.name == "title")
    assert column.label not in shown(grants)
    view.bar.put(Condition(seen, "is", (False,)))
    at_rest(grants, qtbot)
    assert (shown(grants)["Ward"], view.bar.chips_shown[-1].text()) == (["South"], "Seen: No")
    view.bar.set_conditions(())
    view.tools.show([By(ward)])
    at_rest(grants, qtbot)
    assert [(group.words, group.count) for group in view.tools.grouped.groups][:2] == [(("North",), 1), (("South",), 1)]
    assert view.tools.group.text() == "Groups: Ward"
    view.tools.go_back()
    at_rest(grants, qtbot)

    with store.change("Remove it elsewhere") as session:
        own.remove(session, Grant, share)
    qtbot.waitUntil(lambda: "Partner’s share" not in shown(grants))
    at_rest(grants, qtbot)
    assert (table.listing.sort, [each.label for each in view.bar.own]) == ((), ["Ward", "Seen"])


def test_every_kind_shows_columns_of_every_sort_in_its_form_and_reads_them_from_it(desk, store, qtbot):
    for kind in RECORDS:
        number = make(store, kind).id
        with store.change("Add columns") as session:
            made = [own.add(session, kind, f"Our {sort.value}", sort, ["Low", "High"]) for sort in OWN_KINDS]
        wanted = {field.name: "High" if field.kind is Kind.CHOICE else sample_value(field) for field in made}
        editing.save(store, kind, wanted, id=number)
        with store.reading() as session:
            loaded = load(session, kind, number)
            blank = load(session, kind, None)
        assert loaded is not None
        assert blank is not None
        form, empty = Form(desk, kind, {}, loaded.lists, own=loaded.own), Form(desk, kind, {}, {}, own=blank.own)
        for each in (form, empty):
            qtbot.addWidget(each)
        form.show_record(loaded)
        empty.show_record(blank)

        assert (form.dirty, empty.filled(), list(form.rows)) == (False, {}, list(wanted)), kind
        with store.reading() as session:
            assert editing.read_values(session, kind, form.filled()) == wanted, kind
