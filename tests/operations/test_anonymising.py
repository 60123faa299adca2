"""Anonymising: the person is gone from the file, the record and the totals stay."""

from datetime import date

import pytest
from sqlalchemy import select

from grants_app import records
from grants_app.errors import Refused
from grants_app.operations import anonymising, documents, editing, file_settings
from grants_app.records import Adviser, Contact, Engagement, Grant, Kind, Note
from grants_app.records.history import Draft, Edit
from grants_app.store import backup, drafts, search, undoing
from tests.make import make
from tests.operations.reading import fields, last

NAME, MAIL = "Zephyrine Quillfeather", "zephyrine@quill.example"


@pytest.fixture
def contact(store):
    made = make(store, Contact, name="Zephyrine Old-Name", email=MAIL, phone="020 7946 0999")
    editing.save(store, Contact, {"name": NAME}, id=made.id)
    return made


def test_personal_fields_are_blanked_and_the_rest_stays(store, contact):
    anonymising.anonymise(store, Contact, contact.id, "Asked to be forgotten")

    told = fields(store, contact, "name", "email", "phone", "organisation_id", "reference")
    assert told == ("Anonymised", None, None, contact.organisation_id, contact.reference)
    assert (last(store).final, last(store).reason) == (True, "Asked to be forgotten")


def test_nothing_of_the_person_is_left_in_the_file(store, contact, tmp_path):
    number = file_settings.add_column(store, Contact, "Quiet number", Kind.TEXT).name
    editing.save(store, Contact, {number: "Call Quillfeather"}, id=contact.id)
    drafts.save(store, Contact, {"name": NAME, "email": MAIL})
    drafts.save(store, Contact, {"name": "Somebody else"})

    done = anonymising.anonymise(store, Contact, contact.id, "Asked to be forgotten")

    with store.reading() as session:
        assert search.find(session, "Quillfeather") == []
        assert [draft.typed for draft in session.scalars(select(Draft))] == [{"name": "Somebody else"}]
        edits = session.execute(select(Edit.before, Edit.after).where(Edit.kind == "contact")).all()
    assert "quill" not in str(edits).casefold()
    assert "Old-Name" not in str(edits)
    assert (done.reference, done.edits, done.drafts) == (contact.reference, 2, 1)
    store.close()
    left = b"".join(path.read_bytes() for path in tmp_path.glob("work.grants*") if path.is_file()).lower()
    assert [word for word in (b"quillfeather", b"quill.example", b"old-name", b"7946 0999") if word in left] == []


def test_it_cannot_be_undone_and_undoing_what_was_done_before_brings_nobody_back(store, contact):
    named = last(store).id
    anonymising.anonymise(store, Contact, contact.id, "Asked to be forgotten")

    with pytest.raises(Refused, match="it is reversed, with a reason"):
        undoing.undo(store, last(store).id)
    undoing.undo(store, named)
    assert fields(store, contact, "name", "email") == ("Anonymised", None)


def test_totals_stay_when_a_testimonial_is_anonymised(store):
    grant = make(store, Grant)
    make(store, Engagement, grant_id=grant.id, attended=12)
    said = make(store, records.Testimonial, text="I told them about my street", described="mother of two, Brent")

    anonymising.anonymise(store, records.Testimonial, said.id, "Withdrawn for good")

    assert fields(store, said, "text", "described") == ("Anonymised", "Anonymised")
    with store.reading() as session:
        assert session.query(Engagement).count() == 1


def test_a_record_deleted_later_is_blank_in_the_bin_too(store, contact):
    anonymising.anonymise(store, Contact, contact.id, "Asked to be forgotten")
    editing.delete(store, Contact, contact.id)

    with store.reading() as session:
        whole = session.scalars(select(Edit.before).where(Edit.action == "deleted")).one()
    assert (whole["name"], whole["email"], whole["phone"]) == ("Anonymised", None, None)


def test_it_says_where_the_person_still_stands(store, contact, tmp_path):
    note = make(store, Note, on=date(2026, 11, 3), text=f"{NAME} rang about the accounts")
    make(store, Note, on=date(2026, 11, 3), text="Somebody rang about Quillfeather Road")
    paper = documents.attach(store, b"privacy notice", name="notice.txt", about=contact.reference)
    copy = backup.back_up(store)

    done = anonymising.anonymise(store, Contact, contact.id, "Asked to be forgotten")

    assert (done.mentions, done.documents) == ((note.reference,), (paper.reference,))
    assert done.backups == ((copy, date(2026, 12, 23)),)


@pytest.mark.parametrize("kind", [Adviser, Note, records.Officer])
def test_every_kind_that_holds_a_person_can_be_anonymised(store, kind):
    made = make(store, kind)
    personal = [field.name for field in kind.fields().values() if field.personal]

    anonymising.anonymise(store, kind, made.id, "Left")

    assert {*fields(store, made, *personal)} <= {"Anonymised", None}


def test_what_holds_nothing_personal_is_refused_and_a_reason_is_needed(store, contact):
    engagement = make(store, Engagement)

    with pytest.raises(Refused, match="Engagements hold nothing personal"):
        anonymising.anonymise(store, Engagement, engagement.id, "Why not")
    with pytest.raises(Refused, match="A reason is needed"):
        anonymising.anonymise(store, Contact, contact.id, "")
    assert fields(store, contact, "name") == (NAME,)
