"""The smallest count that is published, and the lists of words."""

import pytest

from grants_app.errors import Refused
from grants_app.operations import file_settings
from grants_app.records import Programme
from grants_app.records.lists import DEFAULT_LISTS
from grants_app.store import settings, undoing
from grants_app.store.settings import Publisher
from tests.make import make


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


def test_who_publishes_is_kept_as_it_is_said_and_undone(store):
    said = Publisher("Greater London Authority", "GB-LAE-GLA", "360G-GLA", "https://www.london.gov.uk", "")

    file_settings.set_publisher(store, said._replace(name="  Greater  London Authority "))
    file_settings.set_publisher(store, said)

    with store.reading() as session:
        assert settings.publisher(session) == said
    assert undoing.undo(store) == "Say who publishes as 360Giving"
    with store.reading() as session:
        assert settings.publisher(session) == Publisher()


def test_who_publishes_follows_from_the_programmes_where_they_agree(store):
    make(store, Programme, code="ONE", funder="The Fund", funder_identifier="GB-CHC-1", giving_prefix="360G-ONE")
    make(store, Programme, code="TWO")

    with store.reading() as session:
        assert settings.publisher(session) == Publisher("The Fund", "GB-CHC-1", "360G-ONE")


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (Publisher(prefix="360G GLA"), "“360G GLA” is unlike a 360Giving prefix: write it as 360G-GLA."),
        (Publisher(website="x.org"), "The website “x.org” is not a web address"),
        (Publisher(licence="OGL"), "The licence “OGL” is not a web address"),
    ],
)
def test_a_publisher_that_no_file_could_name_is_refused(store, said, sentence):
    with pytest.raises(Refused, match=sentence):
        file_settings.set_publisher(store, said)


def test_a_website_without_https_is_taken_as_it_is_typed_into_a_browser(store):
    file_settings.set_publisher(store, Publisher("Greater London Authority", website="www.london.gov.uk"))

    with store.reading() as session:
        assert settings.publisher(session).website == "https://www.london.gov.uk"
