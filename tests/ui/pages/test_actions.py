"""Merging two organisations that are one, and anonymising a person, from their records and from Checks."""

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from grants_app.records import Contact, Grant, Note, Organisation
from grants_app.store import backup, undoing
from grants_app.ui.pages import control, people, results
from grants_app.ui.pages.actions import ANONYMISE, MERGE
from grants_app.ui.pages.anonymise_sheet import AnonymiseSheet
from grants_app.ui.pages.merge_sheet import MergeSheet
from grants_app.ui.pages.people import ORGANISATIONS
from tests.make import make
from tests.ui.pages.access import unnamed


@pytest.fixture
def twins(store):
    """The same organisation under two spellings; the second holds the grant."""
    first = make(store, Organisation, name="Larkfield Women’s Co-operative", charity_number="9000001")
    second = make(store, Organisation, name="Larkfield Womens Cooperative", charity_number="9000001")
    make(store, Grant, title="Riverline", organisation_id=second.id)
    return first, second


@pytest.fixture
def over(qtbot):
    """A page for sheets to stand over."""
    page = QWidget()
    qtbot.addWidget(page)
    page.show()
    return page


def press(widget):
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def names(store):
    with store.reading() as session:
        return [name for (name,) in session.query(Organisation.name).order_by(Organisation.id)]


def test_the_other_organisation_is_found_and_the_one_with_grants_is_proposed_to_stay(twins, desk, over, settle, store):
    first, second = twins
    sheet = MergeSheet(desk, over, first.id)
    sheet.open()
    assert not sheet.stays[0].isVisible()

    QTest.keyClicks(sheet.finder.widget, second.reference)
    press(sheet.act)
    settle()
    assert [choice.text() for choice in sheet.stays] == [
        "ORG-0002, Larkfield Womens Cooperative: 1 grant",
        "ORG-0001, Larkfield Women’s Co-operative: 0 grants",
    ]

    press(sheet.stays[1])
    press(sheet.act)
    settle()

    assert names(store) == ["Larkfield Women’s Co-operative"]
    with store.reading() as session:
        assert session.query(Grant).one().organisation_id == first.id

    undoing.undo(store)
    assert len(names(store)) == 2


def test_an_organisation_is_not_merged_with_itself_and_nothing_is_asked_of_a_blank(twins, desk, over, settle):
    first, _second = twins
    sheet = MergeSheet(desk, over, first.id)
    sheet.open()

    press(sheet.act)
    assert sheet.problem.text() == "The other organisation is needed."

    QTest.keyClicks(sheet.finder.widget, first.reference)
    press(sheet.act)
    settle()
    assert sheet.problem.text() == "That is the same organisation: choose another."


def test_twins_are_merged_from_checks(twins, open_page, settle, store):
    page = open_page("checks")
    page.sorts.go_to_key("similar organisations")
    settle()
    assert page.merge.isVisible()

    press(page.merge)
    settle()
    sheet = page.findChild(MergeSheet)
    assert unnamed(sheet) == []
    press(sheet.act)
    settle()

    assert names(store) == ["Larkfield Womens Cooperative"]
    assert "similar organisations" not in [item.key for item in page.sorts.items]


def test_only_twins_are_offered_to_be_merged(twins, open_page, settle):
    page = open_page("checks")
    others = [item.key for item in page.sorts.items if item.key not in {"all", "similar organisations"}]

    for key in others:
        page.sorts.go_to_key(key)
        settle()
        assert not page.merge.isVisible(), key


def test_a_person_is_anonymised_with_a_reason_and_it_is_told_what_is_left_to_see_to(desk, over, settle, store, told):
    contact = make(store, Contact, name="Amina Yusuf", email="amina@example.org")
    make(store, Note, text="Amina Yusuf will send the sheet", on=date(2026, 11, 20), about=None)
    backup.back_up(store)
    sheet = AnonymiseSheet(desk, contact, over)
    sheet.open()
    assert sheet.told.text().startswith(f"Name, E-mail and Phone of {contact.reference} are blanked")
    assert unnamed(sheet) == []

    QTest.keyClicks(sheet.reason, "She asked us to")
    press(sheet.act)
    settle()

    with store.reading() as session:
        kept = session.get_one(Contact, contact.id)
        assert (kept.name, kept.email) == ("Anonymised", None)
    assert told[-1] == (f"Anonymised {contact.reference}", False)
    paragraphs = sheet.told.text().split("\n\n")
    assert paragraphs[1:] == [
        "These still mention what was blanked; read them and change them: NOT-0001.",
        "1 backup still holds the person. The last goes on 23 December 2026.",
    ]
    assert sheet.cancel.text() == "Close"
    assert not sheet.act.isVisible()


def test_nobody_is_anonymised_without_a_reason(desk, over, settle, store):
    contact = make(store, Contact, name="Amina Yusuf")
    sheet = AnonymiseSheet(desk, contact, over)
    sheet.open()

    press(sheet.act)
    settle()

    assert sheet.problem.isVisible()
    assert sheet.act.isEnabled()
    with store.reading() as session:
        assert session.get_one(Contact, contact.id).name == "Amina Yusuf"


def test_the_actions_open_their_sheets_from_a_record(twins, desk, over, store):
    contact = make(store, Contact, name="Amina Yusuf")

    MERGE.run(desk, twins[0], over)
    ANONYMISE.run(desk, contact, over)

    assert over.findChild(MergeSheet) is not None
    assert over.findChild(AnonymiseSheet) is not None
    assert MERGE in ORGANISATIONS.actions
    assert ANONYMISE in people.CONTACTS.actions


def test_every_kind_that_is_all_about_people_can_be_anonymised():
    pages = [*people.PEOPLE, *people.ASIDE, *results.RESULTS, *results.ASIDE, *control.CONTROL, *control.ASIDE]
    personal = [page for page in pages if any(each.personal for each in page.kind.fields().values())]

    assert {page.kind for page in personal} >= {Contact, Note}
    assert [page.name for page in personal if ANONYMISE not in page.actions] == []
