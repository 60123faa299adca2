from datetime import date

import pytest

from grants_app.errors import Invalid, Refused
from grants_app.operations import sign_in
from grants_app.records import Document, Engagement, Grant, Note
from grants_app.records.engagement import CountMethod, EngagementStatus
from grants_app.store import undoing
from tests.make import make


def held(store, engagement):
    with store.reading() as session:
        found = session.get_one(Engagement, engagement.id)
        return found.status, found.attended, found.method


def test_a_planned_engagement_is_delivered_by_its_count(store):
    planned = make(store, Engagement, held_on=date(2026, 11, 20))

    sign_in.keep_count(store, about=planned.reference, count=24, name="register.pdf")

    assert held(store, planned) == (EngagementStatus.DELIVERED, 24, CountMethod.REGISTER)
    with store.reading() as session:
        assert session.query(Document).count() == 0


def test_a_delivered_one_takes_the_count_as_its_attendance_and_undo_gives_the_old_one_back(store):
    done = make(store, Engagement, held_on=date(2026, 11, 20), status=EngagementStatus.DELIVERED, attended=20)

    sign_in.keep_count(store, about=done.reference, count=24, name="register.pdf")
    assert held(store, done) == (EngagementStatus.DELIVERED, 24, CountMethod.REGISTER)

    undoing.undo(store)
    assert held(store, done) == (EngagementStatus.DELIVERED, 20, None)


def test_with_any_other_record_the_count_is_noted_without_names(store):
    grant = make(store, Grant)

    sign_in.keep_count(store, about=grant.reference, count=1, name="register.pdf")

    with store.reading() as session:
        note = session.query(Note).one()
        assert (note.about, note.on, note.text) == (
            grant.reference,
            date(2026, 11, 23),
            "1 person signed “register.pdf”. The sheet was not kept, for it holds names.",
        )


def test_nobody_signs_for_what_was_cancelled_or_has_not_been(store):
    cancelled = make(store, Engagement, held_on=date(2026, 11, 20), status=EngagementStatus.CANCELLED)
    ahead = make(store, Engagement, held_on=date(2026, 12, 20))

    with pytest.raises(Refused, match="was cancelled"):
        sign_in.keep_count(store, about=cancelled.reference, count=3, name="register.pdf")
    with pytest.raises(Invalid, match="Held on is in the future"):
        sign_in.keep_count(store, about=ahead.reference, count=3, name="register.pdf")
