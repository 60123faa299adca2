"""Drafts of half-filled new records."""

from sqlalchemy import func, select

from grants_app.records import Engagement, Note
from grants_app.records.history import Draft, Step
from grants_app.store import Store, checking, drafts, opening


def kept(store: Store, officer: str = "Ann Officer") -> list[tuple[int, str, dict[str, str] | None]]:
    with store.reading() as session:
        return [(draft.id, draft.kind, draft.typed) for draft in drafts.listed(session, officer)]


def test_a_draft_keeps_what_was_typed_even_what_cannot_be_read_and_outlives_a_restart(store: Store):
    typed = {"title": "Talk at", "attended": "about forty", "held_on": ""}

    first = drafts.save(store, Engagement, typed)
    second = drafts.save(store, Note, {"text": "Half a"})
    store.close()
    reopened = opening.open_file(store.path, "Ann Officer")

    assert kept(reopened) == [(second, "note", {"text": "Half a"}), (first, "engagement", typed)]
    with reopened.reading() as session:
        assert [draft.id for draft in drafts.listed(session, "Ann Officer", Engagement)] == [first]
    reopened.close()


def test_saving_again_replaces_the_draft_and_begins_another_if_it_was_dropped(store: Store):
    first = drafts.save(store, Note, {"text": "Half"})

    assert drafts.save(store, Note, {"text": "Half a"}, id=first) == first
    assert kept(store) == [(first, "note", {"text": "Half a"})]
    drafts.drop(store, first)
    drafts.drop(store, first)
    assert kept(store) == []
    drafts.save(store, Note, {"text": "Half a note"}, id=first)
    assert [typed for _, _, typed in kept(store)] == [{"text": "Half a note"}]


def test_drafts_are_an_officer_s_own(store: Store):
    drafts.save(store, Note, {"text": "Ann's"})

    assert kept(store, "Ben Officer") == []


def test_drafts_are_no_part_of_the_history(store: Store):
    drafts.drop(store, drafts.save(store, Note, {"text": "Half"}))
    drafts.save(store, Note, {})

    with store.reading() as session:
        assert session.scalar(select(func.count(Step.id))) == 0
        assert session.scalars(select(Draft.typed)).all() == [None]
    assert checking.check(store) == []
