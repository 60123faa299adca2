"""What is typed in words: links by name, however they are written."""

import pytest

from grants_app.errors import Refused
from grants_app.operations import editing
from grants_app.records import Adviser, AdviserReview
from grants_app.store import Store
from tests.make import make


@pytest.mark.parametrize("typed", ["Émile Zola", "émile zola", "ÉMILE ZOLA "])
def test_a_name_with_an_accent_is_known_whether_it_is_written_in_capitals_or_not(store: Store, typed: str):
    adviser = make(store, Adviser, name="Émile Zola")

    with store.reading() as session:
        assert editing.read_values(session, AdviserReview, {"adviser": typed}) == {"adviser_id": adviser.id}


def test_a_name_that_two_have_in_other_capitals_is_asked_for_by_reference(store: Store):
    make(store, Adviser, name="Ruth Vale")
    make(store, Adviser, name="ruth vale")

    with store.reading() as session, pytest.raises(Refused, match="More than one adviser is called “Ruth Vale”"):
        editing.read_values(session, AdviserReview, {"adviser": "Ruth Vale"})
