"""Every kind of record, by existing: its words, its values in and out, its history, undo and redo, search and lists."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy.orm import Session

from grants_app import wording
from grants_app.operations import editing
from grants_app.records import RECORDS, Document, Field, Grant, Kind, Measurement, Payment, Record, kind_named
from grants_app.records.fields import OWN_KINDS, own_field
from grants_app.store import Store, checking, listing, own, search, settings, undoing
from grants_app.store.listing import Listing
from tests.make import make, make_in, sample_value

KINDS = pytest.mark.parametrize("kind", RECORDS, ids=lambda kind: kind.__name__)


def values(store: Store, kind: type[Record], number: int) -> dict[str, Any] | None:
    """Reference and values of a record, or None if it is not there."""
    with store.reading() as session:
        record = session.get(kind, number)
        return None if record is None else {"reference": record.reference, **record.copy_values()}


def other_value(session: Session, field: Field) -> Any:
    """A value for any field, links and references included."""
    if field.kind is Kind.LINK:
        target = kind_named(field.to)
        assert target is not None
        return make_in(session, target, {}).id
    if field.kind is Kind.ABOUT:
        return make_in(session, Grant, {}).reference
    if field.kind is Kind.MANY and field.to:
        target = kind_named(field.to) or Grant
        return tuple(sorted(make_in(session, target, {}).reference for _ in range(2)))
    if field.kind is Kind.EXTRA:
        return {"Column of theirs": "“x” = 1", "b": ""}
    return sample_value(field, session)


def changeable(kind: type[Record]) -> Iterator[Field]:
    """Its fields, without those that bind: a document's bytes, the payment that a reclaim takes back, an approval."""
    bound = {Document: {"sha256", "size"}, Payment: {"reclaims_id"}, Measurement: {"status"}}.get(kind, set())
    return (field for name, field in kind.fields().items() if name not in bound)


@KINDS
def test_it_has_its_words(kind: type[Record]):
    fields = list(kind.fields().values())

    assert kind_named(kind.noun) is kind_named(kind.plural) is kind_named(kind.__tablename__) is kind
    assert kind.caption == "reference" or kind.caption in kind.fields()
    assert [field.name for field in fields if not field.label or field.label != wording.tidy(field.label)] == []
    assert len({wording.folded(field.label) for field in fields}) == len(fields), "two fields have one label"
    assert len({field.key for field in fields}) == len(fields), "two fields have one key"
    assert [f.name for f in fields for n in (f.name, f.key, f.label) if kind.field_named(n) is not f] == []
    assert [field.name for field in fields if field.help.endswith(".") or field.help != wording.tidy(field.help)] == []


def test_no_two_kinds_are_called_alike():
    for words in ("noun", "plural", "prefix"):
        assert len({getattr(kind, words) for kind in RECORDS}) == len(RECORDS)
    assert len({kind.slug() for kind in RECORDS}) == len(RECORDS)


@KINDS
def test_what_it_shows_it_can_read_and_what_it_stores_it_gives_back(store: Store, kind: type[Record]):
    for field in kind.fields().values():
        with store.change("Make others") as session:
            value = other_value(session, field)
        assert field.restored(json.loads(json.dumps(field.stored(value)))) == value, field.name
        assert field.restored(field.stored(None)) is None
        if field.kind not in (Kind.LINK, Kind.EXTRA):
            assert field.parse(field.text(value)) == value, field.name
        assert field.parse("  ") == (() if field.kind is Kind.MANY else None)


@KINDS
def test_every_field_can_change_and_the_change_be_undone_and_done_again(store: Store, kind: type[Record]):
    number = make(store, kind).id
    before = values(store, kind, number)
    with store.change("Make others") as session:
        wanted = {field.name: other_value(session, field) for field in changeable(kind)}
    with store.change("Change all", lenient=True) as session:
        record = session.get_one(kind, number)
        for name, value in wanted.items():
            setattr(record, name, value)
    after = values(store, kind, number)

    assert before is not None
    assert after == {**before, **wanted}
    undoing.undo(store)
    assert values(store, kind, number) == before
    undoing.redo(store)
    assert values(store, kind, number) == after
    assert checking.check(store) == []


@KINDS
def test_it_can_be_deleted_whole_and_brought_back_whole(store: Store, kind: type[Record]):
    number = make(store, kind).id
    with store.change("Fill in", lenient=True) as session:
        record = session.get_one(kind, number)
        for field in changeable(kind):
            setattr(record, field.name, other_value(session, field))
    before = values(store, kind, number)

    editing.delete(store, kind, number)
    assert values(store, kind, number) is None
    assert checking.check(store) == []
    undoing.undo(store)
    assert values(store, kind, number) == before
    undoing.redo(store)
    assert values(store, kind, number) is None
    undoing.undo(store)
    assert checking.check(store) == []


@KINDS
def test_its_making_can_be_undone_and_done_again(store: Store, kind: type[Record]):
    made = make(store, kind)
    before = values(store, kind, made.id)

    undoing.undo(store)
    assert values(store, kind, made.id) is None
    undoing.redo(store)
    assert values(store, kind, made.id) == before
    assert checking.check(store) == []


@KINDS
def test_many_at_once_are_as_one_by_one(store: Store, kind: type[Record]):
    one = make(store, kind)
    given = {name: value for name, value in one.copy_values().items() if value is not None}
    if "code" in given:
        given["code"] = "ALIKE"
    with store.change("Add at once") as session:
        (number,) = session.add_many(kind, [given])

    alike, first = values(store, kind, number), values(store, kind, one.id)
    assert alike is not None
    assert first is not None
    assert {name for name in alike if alike[name] != first[name]} <= {"reference", "code"}
    assert checking.check(store) == []
    undoing.undo(store)
    undoing.redo(store)
    assert values(store, kind, number) == alike


@KINDS
def test_it_is_found_by_its_reference_and_by_each_word_it_is_searched_by(store: Store, kind: type[Record]):
    with store.change("Make") as session:
        texts = {
            field.name: f"Zebra{place}x"
            for place, field in enumerate(kind.fields().values())
            if field.search and field.kind in (Kind.TEXT, Kind.LONG) and not field.maximum
        }
        record = make_in(session, kind, texts)

    with store.reading() as session:
        assert search.find(session, record.reference.lower())[0] == (kind, record.id)
        for word in texts.values():
            assert search.find(session, word.lower()[:6]) == [(kind, record.id)]
            assert search.ids(session, kind, word) == [record.id]


@KINDS
def test_lists_can_show_and_sort_by_every_column_they_offer(store: Store, kind: type[Record]):
    numbers = [make(store, kind).id, make(store, kind).id]
    columns = listing.offered(kind)
    names = tuple(column.name for column in columns)

    with store.reading() as session:
        shown = Listing(kind, names)
        (row, _) = shown.rows(session, numbers)
        assert len(row) == 1 + len(columns)
        texts = [column.text(value) for column, value in zip(columns, row[1:], strict=True)]
        assert texts[0] == row[1]
        for column in columns:
            if column.sortable:
                for descends in (False, True):
                    ids = Listing(kind, names, sort=((column.name, descends),)).ids(session)
                    assert set(numbers) <= set(ids)
                assert Listing(kind, names, sort=((column.name, False),)).count(session) == len(ids)


@KINDS
def test_it_takes_columns_of_the_officers_own_of_every_sort(store: Store, kind: type[Record]):
    first, second = make(store, kind).id, make(store, kind).id
    with store.change("Add columns") as session:
        made = [own.add(session, kind, f"Our {sort.value}: 'x'", sort, ["Low", "High"]) for sort in OWN_KINDS]
    names = tuple(field.name for field in made)
    with store.reading() as session:
        assert own.columns(session, kind) == tuple(made) == tuple(own_field(n, kind.__tablename__) for n in names)
        lists = settings.lists(session)
        wanted = {f.name: f.parse("High", lists) if f.kind is Kind.CHOICE else sample_value(f) for f in made}
    before = values(store, kind, first)
    editing.save(store, kind, wanted, id=first, loaded=dict.fromkeys(names))

    with store.reading() as session:
        assert {name: session.get_one(kind, first).get(name) for name in names} == wanted
        assert Listing(kind, names).rows(session, [first]) == [(first, *wanted.values())]
        for name in names:
            assert list(Listing(kind, names, sort=((name, False),)).ids(session)) == [second, first], name
            where = (listing.Condition(name, "is", (wanted[name],)),)
            assert list(Listing(kind, names, where=where).ids(session)) == [first], name
        assert search.find(session, str(wanted[names[0]]))[0] == (kind, first)
    assert checking.check(store) == []
    after = values(store, kind, first)
    undoing.undo(store)
    assert values(store, kind, first) == before
    undoing.redo(store)
    assert values(store, kind, first) == after
    editing.delete(store, kind, first)
    undoing.undo(store)
    assert values(store, kind, first) == after
    assert checking.check(store) == []
