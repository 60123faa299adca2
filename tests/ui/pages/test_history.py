"""The history page: reading steps, narrowing them, undoing one's own, and the bin."""

from datetime import date
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from grants_app.operations import editing
from grants_app.records import Grant, Note, Programme, Task
from grants_app.records.grant import Rag
from grants_app.store import undoing
from grants_app.ui.dialogs import Sheet
from tests.make import make
from tests.ui.pages.access import unnamed


@pytest.fixture
def worked(store):
    """A grant that two officers changed; a deleted note; all by named steps."""
    grant = make(store, Grant, title="Kitchen-table conversations", asked=Decimal(8000))
    store.officer = "Ben Second"
    editing.save(store, Grant, {"rag": Rag.AMBER, "rag_reason": "Two behind"}, id=grant.id)
    store.officer = "Ann Officer"
    editing.save(store, Grant, {"purpose": "Talks at home"}, id=grant.id)
    note = make(store, Note, text="Called the lead", on=date(2026, 11, 20), about=grant.reference)
    editing.delete(store, Note, note.id)
    return grant


def words(page):
    return [item.words for item in page.list.items]


def press_enter(widget):
    QTest.keyClick(widget, Qt.Key.Key_Return)


def test_every_step_is_listed_the_latest_first_with_who_and_when(worked, open_page):
    page = open_page("history")

    assert words(page) == [
        "Delete note NOT-0001",
        "Make a note",
        f"Edit grant {worked.reference}",
        f"Edit grant {worked.reference}",
        "Make a grant",
    ]
    assert page.list.items[3].sentence == f"Edit grant {worked.reference}, Ben Second, 14:02"


def test_arrow_keys_show_what_each_step_changed_by_the_fields_labels(worked, open_page, settle):
    page = open_page("history")

    for _ in range(3):
        QTest.keyClick(page.list, Qt.Key.Key_Down)
    settle()

    text = page.told.toPlainText()
    assert "Changed: Grant " + worked.reference in text
    assert [line for line in text.splitlines() if line][-9:] == [
        "Field", "Before", "After", "RAG", "No rating", "Amber", "Reason for the rating", "blank", "Two behind",
    ]  # fmt: skip


def test_an_added_record_is_told_as_it_was_added_not_as_it_is_now(worked, open_page, settle):
    page = open_page("history")

    page.list.go_to(4)
    settle()

    text = page.told.toPlainText()
    assert "Added: Programme" in text
    assert "Added: Grant" in text
    assert "Amber" not in text
    assert "Talks at home" not in text
    assert "£8,000" in text


def test_steps_are_narrowed_by_words_officer_and_record(worked, open_page, settle):
    page = open_page("history")

    page.filters.officer.setCurrentText("Ben Second")
    press_enter(page.filters.words)
    settle()
    assert words(page) == [f"Edit grant {worked.reference}"]

    page.filters.clear()
    page.filters.words.setText("note delete")
    press_enter(page.filters.words)
    settle()
    assert words(page) == ["Delete note NOT-0001"]

    page.filters.clear()
    page.filters.reference.setText("not-0001")
    press_enter(page.filters.reference)
    settle()
    assert words(page) == ["Delete note NOT-0001", "Make a note"]


def test_steps_are_narrowed_by_day_and_a_day_that_cannot_be_read_is_said(worked, open_page, settle):
    page = open_page("history")

    page.filters.until.setText("22/11/2026")
    press_enter(page.filters.until)
    settle()
    assert (words(page), page.nothing.text(), page.show_all.isVisible()) == ([], "No step is like this.", True)

    QTest.mouseClick(page.show_all, Qt.MouseButton.LeftButton)
    settle()
    assert len(words(page)) == 5

    page.filters.since.setText("soon")
    press_enter(page.filters.since)
    settle()
    assert page.filters.problem.text() == "From day: “soon” is not a date: write it as 4/3/2026 or 4 March 2026."
    assert len(words(page)) == 5


def test_an_unknown_reference_is_said_and_nothing_is_listed(worked, open_page, settle):
    page = open_page("history")

    page.filters.reference.setText("ORG-9999")
    press_enter(page.filters.reference)
    settle()

    assert page.filters.problem.text() == "There is no organisation “ORG-9999” in this file."
    assert words(page) == []


def test_a_step_of_ones_own_is_undone_with_a_reason(worked, open_page, settle, store):
    page = open_page("history")
    page.list.go_to(2)
    settle()

    QTest.mouseClick(page.undo, Qt.MouseButton.LeftButton)
    sheet = page.findChild(Sheet)
    QTest.keyClicks(sheet.focusWidget(), "Typed into the wrong grant")
    sheet.accept()
    settle()

    assert words(page)[0] == f"Undo: Edit grant {worked.reference}"
    with store.reading() as session:
        assert session.get_one(Grant, worked.id).purpose is None
    page.list.go_to(0)
    settle()
    assert "Reason: Typed into the wrong grant" in page.told.toPlainText()


def test_a_step_of_another_officer_cannot_be_undone_and_it_is_said_why(worked, open_page, settle):
    page = open_page("history")

    page.list.go_to(3)
    settle()

    assert not page.undo.isEnabled()
    assert page.why_not.text() == "This is a step of Ben Second: only they can undo it."


def test_what_was_undone_is_marked_so(worked, open_page, store):
    make(store, Task, text="Chase")
    undoing.undo(store)
    page = open_page("history")

    assert [(item.words, item.badge and item.badge.words) for item in page.list.items[:2]] == [
        ("Undo: Make a task", None),
        ("Make a task", "Undone"),
    ]


def test_a_new_step_appears_at_once_and_the_one_looked_at_stays(worked, open_page, settle, store):
    page = open_page("history")
    page.list.go_to(1)
    looked_at = page.list.present

    make(store, Task, text="Chase the return")
    settle()

    assert words(page)[0] == "Make a task"
    assert page.list.present == looked_at


def test_hundreds_of_steps_come_as_one_scrolls(open_page, settle, store):
    programme = make(store, Programme)
    for number in range(130):
        editing.save(store, Programme, {"aims": f"Aim {number}"}, id=programme.id)
    page = open_page("history")
    assert len(page.list.items) == 100

    QTest.keyClick(page.list, Qt.Key.Key_End)
    settle()

    assert len(page.list.items) == 131


def test_the_link_in_a_step_opens_its_record(worked, open_page, settle, desk):
    opened = []
    desk.opened.connect(lambda kind, record, whole: opened.append((kind, record, whole)))
    page = open_page("history")
    page.list.go_to(2)
    settle()

    page._follow(f"grant/{worked.id}")

    assert f'href="grant/{worked.id}"' in page.told.toHtml()
    assert opened == [(Grant, worked.id, True)]


def test_a_deleted_record_lies_in_the_bin_and_comes_back_by_its_button(worked, open_page, settle, store, told):
    page = open_page("history")
    page.tabs.setCurrentIndex(2)
    settle()
    assert [item.sentence for item in page.bin.list.items] == ["Note NOT-0001, Note NOT-0001 · Ann Officer, 14:02"]
    assert "Called the lead" in page.bin.told.toPlainText()
    assert page.heading() == ("History", "1 deleted record")

    QTest.mouseClick(page.bin.back, Qt.MouseButton.LeftButton)
    settle()

    assert told[-1] == ("Brought back: note NOT-0001", False)
    assert (page.bin.list.items, page.bin.stack.currentIndex()) == ([], 1)
    with store.reading() as session:
        assert session.query(Note).one().reference == "NOT-0001"


def test_where_there_is_little_room_the_steps_and_the_one_chosen_take_turns(worked, open_page, settle):
    page = open_page("history")
    page.resize(620, 300)
    assert (page.list.isVisible(), page.told.isVisible()) == (True, False)

    QTest.keyClick(page.list, Qt.Key.Key_Return)

    assert (page.list.isVisible(), page.told.isVisible()) == (False, True)


def test_an_empty_file_says_what_will_stand_here(open_page):
    page = open_page("history")

    assert page.nothing.text() == "Each thing that an officer does stands here."
    assert not page.undo.isEnabled()


def test_every_control_of_the_page_and_of_the_bin_has_a_name(worked, open_page, settle):
    page = open_page("history")
    assert unnamed(page) == []

    page.tabs.setCurrentIndex(2)
    settle()
    assert unnamed(page) == []
