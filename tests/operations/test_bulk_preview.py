from datetime import date

import pytest

from grants_app.errors import Refused
from grants_app.operations import bulk_preview, editing
from grants_app.operations.bulk_preview import Denied, Line, Preview
from grants_app.operations.editing import Words
from grants_app.records import Engagement, Grant, Organisation, Payment
from grants_app.records.grant import Rag
from tests.make import make


def look(store, kind, ids, name, value):
    with store.reading() as session:
        return bulk_preview.preview(session, kind, ids, name, value)


def test_a_preview_counts_the_values_before_and_samples_what_changes(store):
    first = make(store, Grant, title="Talks", rag=Rag.GREEN)
    second = make(store, Grant, title="Walks", programme_id=first.programme_id, rag=Rag.AMBER)
    third = make(store, Grant, title="Votes", programme_id=first.programme_id, rag=Rag.GREEN)

    assert look(store, Grant, [first.id, second.id, third.id], "rag", Rag.AMBER) == Preview(
        after="Amber",
        changing=(first.id, third.id),
        unchanged=1,
        before=(("Green", 2), ("Amber", 1)),
        sample=(Line(first.reference, "Talks", "Green"), Line(third.reference, "Votes", "Green")),
    )


def test_a_record_whose_rules_the_value_would_break_is_denied_with_its_reason(store):
    early = make(store, Grant, title="Talks", starts=date(2026, 5, 1), ends=date(2027, 1, 31))
    late = make(store, Grant, title="Walks", programme_id=early.programme_id, starts=date(2027, 1, 1))

    found = look(store, Grant, [early.id, late.id], "ends", date(2026, 12, 31))

    assert found.changing == (early.id,)
    sentence = "Ends must be the same as or after 1 January 2027, the start"
    assert found.denied == (Denied(late.id, late.reference, sentence),)


def test_a_link_is_told_by_name(store):
    riverline, kiln = make(store, Organisation, name="Riverline"), make(store, Organisation, name="Kiln Street")
    grant = make(store, Grant, title="Talks", organisation_id=riverline.id)

    found = look(store, Grant, [grant.id], "organisation_id", kiln.id)

    assert (found.before, found.after, found.sample) == (
        (("Riverline", 1),), "Kiln Street", (Line(grant.reference, "Talks", "Riverline"),),
    )  # fmt: skip


def test_emptying_a_field_that_is_needed_is_denied_for_each_record(store):
    grant = make(store, Grant, title="Talks")

    assert look(store, Grant, [grant.id], "title", None).denied == (
        Denied(grant.id, grant.reference, "Title is needed"),
    )


def test_a_preview_changes_nothing(store):
    engagement = make(store, Engagement, title="Debate", held_on=date(2026, 12, 1), venue="Town hall")

    look(store, Engagement, [engagement.id], "venue", "Library")

    with store.reading() as session:
        assert session.get_one(Engagement, engagement.id).venue == "Town hall"


def test_what_is_previewed_is_what_is_done(store):
    ids = [make(store, Engagement, title=f"Debate {number}").id for number in range(3)]
    found = look(store, Engagement, ids, "venue", "Library")

    assert editing.change_many(store, Engagement, found.changing, "venue", "Library") == 3


def test_a_field_that_changes_by_a_verb_is_refused(store):
    with pytest.raises(Refused, match=r"^Status of a payment is not typed in"):
        look(store, Payment, [1], "status", None)


def test_fields_of_verbs_are_not_offered():
    assert {"status", "paid_on", "approved_by"}.isdisjoint(bulk_preview.changeable(Payment))
    assert "due" in bulk_preview.changeable(Payment)


def test_words_are_added_to_what_each_holds_or_taken_away_and_the_others_stay(store):
    first = make(store, Grant, title="Talks", boroughs=("Brent", "Camden"))
    second = make(store, Grant, title="Walks", programme_id=first.programme_id, boroughs=("Camden",))
    third = make(store, Grant, title="Votes", programme_id=first.programme_id)
    ids = [first.id, second.id, third.id]

    found = look(store, Grant, ids, "boroughs", Words(("Brent",)))
    assert (found.after, found.changing, found.unchanged) == ("Brent", (second.id, third.id), 1)
    assert [(before, found.after_of(before)) for before, _count in found.before] == [
        ("Brent; Camden", "Brent; Camden"), ("Camden", "Brent; Camden"), ("", "Brent"),
    ]  # fmt: skip

    assert editing.change_many(store, Grant, ids, "boroughs", Words(("Brent",))) == 2
    assert editing.change_many(store, Grant, ids, "boroughs", Words(("Camden", "Ealing"), taken_away=True)) == 2
    with store.reading() as session:
        assert [session.get_one(Grant, each).boroughs for each in ids] == [("Brent",)] * 3
