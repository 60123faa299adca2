"""The smallest count that is published, and the lists of words."""

import pytest

from grants_app.errors import Refused
from grants_app.operations import file_settings
from grants_app.records.lists import DEFAULT_LISTS
from grants_app.store import settings, undoing


def read(store):
    with store.reading() as session:
        return settings.threshold(session), list(settings.lists(session)["audiences"])


def test_the_smallest_published_count_is_ten_until_it_is_set_and_undo_takes_it_back(store):
    assert read(store)[0] == 10

    file_settings.set_threshold(store, 5)
    assert read(store)[0] == 5

    assert undoing.undo(store) == "Publish no count under 5"
    assert read(store)[0] == 10


@pytest.mark.parametrize("smallest", [-1, 1001])
def test_a_smallest_count_beyond_reason_is_refused(store, smallest):
    with pytest.raises(Refused, match="between 0 and 1,000"):
        file_settings.set_threshold(store, smallest)


def test_a_list_takes_the_words_given_in_their_order_without_blanks(store):
    file_settings.set_list(store, "audiences", ["Parents", "  ", " Youth   workers "])

    assert read(store)[1] == ["Parents", "Youth workers"]


def test_setting_what_is_set_already_is_no_step(store):
    file_settings.set_list(store, "audiences", DEFAULT_LISTS["audiences"])
    file_settings.set_threshold(store, 10)

    with store.reading() as session:
        assert undoing.last_step(session, "Ann Officer") is None


@pytest.mark.parametrize(
    ("name", "words", "sentence"),
    [
        ("boroughs", ["Brent"], "cannot be changed"),
        ("audiences", ["", " "], "needs at least one word"),
        ("audiences", ["Parents", "parents"], "“parents” stands in the list of audiences twice"),
        ("harms", ["one; two"], "no semicolon"),
        ("age bands", ["x" * 81], "at most 80 letters"),
    ],
)
def test_a_list_that_cannot_stand_is_refused_with_its_reason(store, name, words, sentence):
    with pytest.raises(Refused, match=sentence):
        file_settings.set_list(store, name, words)

    assert read(store)[1] == list(DEFAULT_LISTS["audiences"])
