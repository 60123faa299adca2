"""Identifiers of one file that differ in nothing but capitals."""

from decimal import Decimal

from grants_app.exchange.imports import importing
from grants_app.exchange.imports.plan import Clashing, Plan
from tests.exchange.test_one_grant_on_several_sheets import GRANTS, book, grants, take, verdicts


def test_two_grants_whose_identifiers_differ_in_capitals_alone_are_noted(store, tmp_path):
    path = book(tmp_path, Grants=[GRANTS, ("CF1", "A", "P", 100), ("CF2", "B", "Q", 200), ("cf1", "C", "R", 300)])
    found = take(store, path)
    words = "“cf1” is that of row 2 but for its capitals: they are two, if that is no slip"
    assert [(note.row, note.message) for note in found.notes] == [(4, words)]
    assert (verdicts(found), found.clashes) == ({"New": (3, Decimal(600))}, [])
    assert grants(store, "identifier", "awarded") == [("CF1", 100), ("CF2", 200), ("cf1", 300)]
    assert not importing.preview(store, path).changes_anything


def test_one_grant_written_twice_in_other_capitals_is_asked_about_and_never_doubled(store, tmp_path):
    path = book(tmp_path, Grants=[GRANTS, ("CF1", "A", "P", 100), ("cf1", "a", "P", 200), ("CF2", "B", "Q", 50)])
    found = importing.preview(store, path)
    assert verdicts(found) == {"New": (1, Decimal(50)), "Faulty": (2, Decimal(300))}
    assert [clash.identifier for clash in found.clashes] == ["CF1"]
    take(store, path, Plan(all_clashes=Clashing.INSTALMENTS))
    assert grants(store, "identifier", "awarded") == [("CF1", 300), ("CF2", 50)]
