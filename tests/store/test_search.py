"""What the search box finds, and in which order."""

from grants_app.records import Engagement, Organisation
from grants_app.store import Store, search
from tests.make import make


def test_a_common_word_of_one_kind_crowds_out_no_other(store: Store):
    with store.change("Bring in") as change:
        ids = change.add_many(Organisation, ({"name": f"Larkfield {number}"} for number in range(25)))
    engagement = make(store, Engagement, title="Larkfield walk")

    with store.reading() as session:
        found = search.find(session, "larkfield", limit=20)

    assert found == [*((Organisation, id_) for id_ in reversed(ids[6:])), (Engagement, engagement.id)]


def test_what_was_opened_lately_comes_before_what_is_newer(store: Store):
    first, second = make(store, Organisation, name="Larkfield"), make(store, Organisation, name="Larkfield East")

    with store.reading() as session:
        found = search.find(session, "larkfield", recent=[("organisation", first.id)])

    assert found == [(Organisation, first.id), (Organisation, second.id)]


def test_what_was_opened_lately_is_found_however_many_others_have_the_word(store: Store):
    with store.change("Bring in") as change:
        ids = change.add_many(Organisation, ({"name": f"Larkfield {number}"} for number in range(15)))
    for number in range(15):
        make(store, Engagement, title=f"Larkfield walk {number}")

    with store.reading() as session:
        found = search.find(session, "larkfield", recent=[("organisation", ids[2])], limit=16)

    assert (found[0], len(found)) == ((Organisation, ids[2]), 16)
