"""Which kept records the rows of a table mean by what they call them."""

import pytest

from grants_app.exchange.imports import matching
from grants_app.records import Adviser, Organisation
from grants_app.store import Store
from tests.make import make


def test_a_name_with_an_accent_is_found(store: Store):
    adviser = make(store, Adviser, name="Émile Zola")

    with store.reading() as session:
        found = matching.named(session, Adviser, ["Émile Zola", "ÉMILE ZOLA", "Emile Zola"])

    assert found == {"Émile Zola": (adviser.id,), "ÉMILE ZOLA": (adviser.id,)}


def test_rows_that_write_one_name_in_other_capitals_all_find_it(store: Store):
    adviser = make(store, Adviser, name="Ruth Vale")

    with store.reading() as session:
        found = matching.named(session, Adviser, ["Ruth Vale", "ruth vale", "RUTH VALE"])

    assert found == dict.fromkeys(["Ruth Vale", "ruth vale", "RUTH VALE"], (adviser.id,))


@pytest.mark.parametrize("called", ["reference", "name", "charity_number"])
def test_an_organisation_is_found_by_its_reference_else_number_else_name(store: Store, called: str):
    organisation = make(store, Organisation, name="Larkfield", charity_number="1091456")

    with store.reading() as session:
        said = str(organisation.get(called)).lower()
        assert matching.named(session, Organisation, [said]) == {said: (organisation.id,)}
