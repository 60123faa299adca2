"""Fields: what is typed, shown, stored and restored, for every declared one and for values without number."""

import enum
import json
import re
from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some
from sqlalchemy.dialects import sqlite

from grants_app import wording
from grants_app.records import RECORDS, Engagement, Field, Grant, Kind, Organisation, Payment, Record, kind_named
from grants_app.records.base import field_problem, record_problems
from grants_app.records.fields import Instant, Many, Pence, pence
from grants_app.records.grant import Status
from tests.make import make

EVERY = [(kind, field) for kind in RECORDS for field in kind.fields().values()]
DIALECT = sqlite.dialect()


def of(kind: Kind) -> Field:
    """Some declared field of this kind of value."""
    return next(field for _, field in EVERY if field.kind is kind and not field.options.choices)


def named(pair: object) -> str:
    return f"{pair[0].__name__}.{pair[1].name}"


def shows(text: str) -> bool:
    return not wording.blank(text)


VALUES = {
    Kind.TEXT: some.text(min_size=1, max_size=40).map(wording.writable).map(wording.tidy).filter(shows),
    Kind.MONEY: some.decimals(Decimal("-1e12"), Decimal("1e12"), places=2),
    Kind.DATE: some.dates(date(1900, 1, 1), date(2199, 12, 31)),
    Kind.TIME: some.times().map(lambda moment: moment.replace(second=0, microsecond=0)),
    Kind.WHOLE: some.integers(-(10**14), 10**14),
    Kind.NUMBER: some.floats(-1e6, 1e6).map(lambda number: round(number, 3)),
    Kind.YES_NO: some.booleans(),
    Kind.INSTANT: some.integers(0, 4_000_000_000).map(lambda second: datetime.fromtimestamp(second, UTC)),
    Kind.MANY: some.sets(some.sampled_from(["Mothers", "Pupils", "Teachers"])).map(lambda words: tuple(sorted(words))),
}  # fmt: skip


@pytest.mark.parametrize("kind", VALUES, ids=lambda kind: kind.name)
def test_history_gives_back_what_it_was_given(kind):
    field = Field("any", kind, next(field.options for _, field in EVERY))

    @given(VALUES[kind])
    def round_trip(value):
        assert field.restored(json.loads(json.dumps(field.stored(value)))) == value

    round_trip()
    assert field.restored(field.stored(None)) in (None, ())


@pytest.mark.parametrize(
    "kind", [kind for kind in VALUES if kind not in {Kind.INSTANT, Kind.MANY}], ids=lambda kind: kind.name
)
def test_what_is_shown_can_be_typed_in_again(kind):
    field = of(kind)

    @given(VALUES[kind])
    def round_trip(value):
        shown = field.text(value)
        if shown:
            assert field.parse(shown) == value

    round_trip()


@pytest.mark.parametrize("pair", [pair for pair in EVERY if pair[1].words()], ids=named)
def test_each_word_of_a_choice_is_read_in_any_case_and_without_its_punctuation(pair):
    field = pair[1]

    for word in field.words():
        for typed in (word, word.upper(), f"  {word} ", word.replace("-", " ").replace("and", "&")):
            read = field.parse(typed)
            assert field.text(read) == word


@pytest.mark.parametrize("pair", [pair for pair in EVERY if pair[1].words()], ids=named)
def test_another_word_is_refused_with_those_that_it_may_be(pair):
    field = pair[1]

    with pytest.raises(ValueError, match="“Zebra crossing” is not one of ") as refused:
        field.parse("Zebra crossing")
    assert field.words()[0] in str(refused.value)


def test_blank_is_nothing_and_nothing_is_shown_as_blank():
    read = {named(pair): pair[1].parse("  ") for pair in EVERY}

    assert {name: value for name, value in read.items() if value is not None} == {
        named(pair): () for pair in EVERY if pair[1].kind is Kind.MANY
    }
    assert {field.text(nothing) for _, field in EVERY for nothing in (None, ())} == {""}


def test_every_field_is_declared_so_that_people_can_read_it_and_name_it():
    untidy = [
        named((kind, field))
        for kind, field in EVERY
        if not re.fullmatch(r"([A-Z]|360).*[^ .]", field.label) or field.help.endswith(".")
    ]
    unnamed = [
        named((kind, field))
        for kind, field in EVERY
        if kind.field_named(field.label) is not field or kind.field_named(field.key) is not field
    ]
    astray = [
        named((kind, field)) for kind, field in EVERY if field.to not in (None, "any") and not kind_named(field.to)
    ]

    assert (untidy, unnamed, astray) == ([], [], [])


@pytest.mark.parametrize("kind", RECORDS, ids=lambda kind: kind.__name__)
def test_every_kind_is_called_by_names_that_no_other_has(kind):
    names = {"noun": kind.noun, "plural": kind.plural, "slug": kind.slug(), "table": kind.__tablename__}

    assert [kind_named(name) for name in (kind.noun, kind.plural, kind.__tablename__, kind.__name__)] == [kind] * 4
    assert [one for one in RECORDS if one is not kind and one.slug() == names["slug"]] == []
    assert [one for one in RECORDS if one is not kind and one.prefix == kind.prefix] == []
    assert kind.caption == "reference" or kind.caption in kind.fields()
    assert len({field.label for field in kind.fields().values()}) == len(kind.fields())


@given(some.decimals(Decimal("-1e12"), Decimal("1e12"), places=2))
def test_money_is_whole_pence_in_the_file_and_pounds_with_two_places_here(amount):
    stored = Pence().process_bind_param(amount, DIALECT)

    assert isinstance(stored, int)
    back = Pence().process_result_value(stored, DIALECT)
    assert (back, back.as_tuple().exponent) == (amount, -2)


def test_a_part_of_a_penny_is_a_slip_of_the_program():
    with pytest.raises(ValueError, match=r"0\.005 has part of a penny"):
        pence(Decimal("0.005"))


@given(VALUES[Kind.INSTANT])
def test_an_instant_is_utc_text_that_sorts(at):
    stored = Instant().process_bind_param(at, DIALECT)

    assert stored.endswith("Z")
    assert Instant().process_result_value(stored, DIALECT) == at


def test_several_words_are_one_sorted_value():
    stored = Many().process_bind_param(("Teachers", "Mothers", "Mothers"), DIALECT)

    assert stored == '["Mothers","Teachers"]'
    assert Many().process_result_value(stored, DIALECT) == ("Mothers", "Teachers")
    assert Many().process_bind_param(None, DIALECT) == "[]"


@pytest.mark.parametrize(
    ("kind", "name", "value", "said"),
    [
        (Organisation, "name", None, "Legal name is needed"),
        (Organisation, "name", "", "Legal name is needed"),
        (Grant, "asked", Decimal("-0.01"), "Asked must be £0 or more"),
        (Payment, "amount", Decimal("0.00"), "Amount must be £0.01 or more"),
        (Engagement, "hours", 1000.5, "Hours must be 1,000 or less"),
        (Engagement, "attended", -1, "Attended must be 0 or more"),
        (Organisation, "name", "x" * 501, "Legal name has 501 characters; at most 500 fit"),
        (Grant, "title", "x" * 1001, "Title has 1,001 characters; at most 1,000 fit"),
        (Organisation, "notes", "x" * 100_001, "Notes has 100,001 characters; at most 100,000 fit"),
        (Organisation, "ukprn", None, None),
        (Engagement, "attended", 0, None),
        (Organisation, "name", "x" * 500, None),
    ],
)  # fmt: skip
def test_a_field_refuses_what_is_missing_too_long_or_beyond_its_limits(kind, name, value, said):
    problem = field_problem(kind.fields()[name], value)

    assert (problem and problem.sentence) == said


def test_a_record_tells_what_is_wrong_by_its_fields_then_across_them():
    grant = Grant(
        title="Talks", status=Status.ACTIVE, starts=date(2026, 4, 1), ends=date(2026, 3, 31), received=date(2026, 12, 1)
    )
    told = [(problem.field, problem.stops) for problem in grant.problems()]

    assert told == [
        ("programme_id", True), ("organisation_id", True), ("rag", True), ("ends", True), ("received", False),
        ("awarded", True),
    ]  # fmt: skip


def test_history_brought_in_stops_only_for_what_is_missing():
    grant = Grant(title="Talks", status=Status.ACTIVE, starts=date(2026, 4, 1), ends=date(2026, 3, 31))

    told = [(problem.field, problem.stops) for problem in record_problems(Grant, grant, lenient=True)]
    assert [name for name, stops in told if stops] == ["programme_id", "organisation_id", "rag"]
    assert [name for name, stops in told if not stops] == ["ends", "awarded"]


@pytest.mark.parametrize("kind", RECORDS, ids=lambda kind: kind.__name__)
def test_a_record_of_every_kind_can_be_made_and_read_back_the_same(store, kind):
    made = make(store, kind)

    with store.reading() as session:
        assert session.get_one(kind, made.id).copy_values() == made.copy_values()


@pytest.mark.parametrize(
    "status",
    [field.options.choices for _, field in EVERY if field.name == "status"],
    ids=lambda status: status.__name__,
)
def test_no_status_leads_to_itself_and_every_one_can_be_reached_or_begun_with(status):
    members = list(status)
    if not hasattr(members[0], "next"):
        pytest.skip("its moves are free")

    assert [member for member in members if member in member.next] == []
    assert all(isinstance(after, enum.Enum) and after in members for member in members for after in member.next)
    reached = {after for member in members for after in member.next}
    assert [member for member in members[1:] if member not in reached] == []


def test_a_time_is_shown_and_read_to_the_minute():
    assert of(Kind.TIME).text(time(9, 5)) == "09:05"


def test_per_cent_is_shown_with_its_sign_and_read_with_it():
    field = next(field for _, field in EVERY if field.unit == "%")

    assert (field.text(12.5), field.parse("12.5 %")) == ("12.5%", 12.5)


def test_every_record_has_a_reference_and_a_version_that_no_field_declares():
    assert [kind.__name__ for kind in RECORDS if {"id", "reference", "version"} & set(kind.fields())] == []
    assert all(issubclass(kind, Record) for kind in RECORDS)
