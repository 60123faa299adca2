"""Columns of the officers' own: made, renamed, removed, undone; their indexes; what they refuse."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from grants_app.errors import Cancelled, ChangedByOther, Refused
from grants_app.operations import editing, file_settings
from grants_app.records import Contact, Grant, Kind, Organisation
from grants_app.records.history import Edit
from grants_app.records.organisation import OrganisationKind
from grants_app.store import Store, checking, grouping, own, search, undoing
from grants_app.store.listing import Condition, Listing
from tests.make import make


def add(store: Store, label: str, sort: Kind = Kind.TEXT, choices: tuple[str, ...] = (), kind=Organisation) -> str:
    with store.change(f"Add the column “{label}”") as session:
        return own.add(session, kind, label, sort, choices).name


def indexes(store: Store) -> set[str]:
    with store.reading() as session:
        run = session.connection().exec_driver_sql
        return set(run("SELECT sql FROM sqlite_master WHERE name GLOB 'own_*'").scalars())


def held(store: Store, id: int) -> dict[str, object] | None:
    with store.reading() as session:
        return session.get_one(Organisation, id).own


def test_a_column_has_an_index_as_long_as_it_stands(store: Store):
    add(store, "Ward")
    only = {'CREATE INDEX "own_organisation_d2aeebde" ON "organisation" (json_extract(own, \'$."own:text:Ward"\'))'}
    assert indexes(store) == only
    undoing.undo(store)
    assert indexes(store) == set()
    undoing.redo(store)
    assert indexes(store) == only
    assert checking.check(store) == []


def test_lists_sort_and_filter_by_a_column_through_its_index(store: Store):
    name = add(store, "It's due", Kind.DATE)
    sorted_ids = Listing(Organisation, ("name",), sort=((name, True),))
    held_by = Listing(Organisation, ("name",), where=(Condition(name, "is", (date(2026, 3, 4),)),))
    with store.reading() as session:
        for shown in (sorted_ids, held_by):
            sql = str(shown._ids().compile(session.connection(), compile_kwargs={"literal_binds": True}))
            (plan,) = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}").all()
            assert "INDEX own_organisation_" in plan[3], plan


def test_renaming_takes_the_values_along_and_is_undone_with_them(store: Store):
    name = add(store, "Match", Kind.MONEY)
    ids = [make(store, Organisation).id for _ in range(3)]
    editing.change_many(store, Organisation, ids[:2], name, Decimal("12.50"))
    with store.change("Rename") as session:
        new = own.rename(session, Organisation, name, "Match funding").name

    assert [held(store, i) for i in ids] == [{new: 1250}, {new: 1250}, None]
    assert checking.check(store) == []
    undoing.undo(store)
    assert [held(store, i) for i in ids] == [{name: 1250}, {name: 1250}, None]
    undoing.redo(store)
    with store.reading() as session:
        assert [each.label for each in own.columns(session, Organisation)] == ["Match funding"]
        edit = session.scalars(select(Edit).where(Edit.kind == "organisation").order_by(Edit.id.desc())).first()
        assert (edit.before, edit.after) == ({name: 1250, new: None}, {name: None, new: 1250})
    assert checking.check(store) == []


@pytest.mark.parametrize("at", [2, 5])
def test_a_renaming_that_is_cancelled_leaves_values_and_indexes_as_they_were(store: Store, monkeypatch, at: int):
    monkeypatch.setattr(own, "_SPAN", 2)
    name = add(store, "Ward")
    ids = [make(store, Organisation).id for _ in range(5)]
    editing.change_many(store, Organisation, ids, name, "Zebrano")
    before, told = indexes(store), []

    def cancel(done: int, of: int) -> None:
        told.append((done, of))
        if done == at:
            raise Cancelled

    with pytest.raises(Cancelled):
        file_settings.change_column(store, Organisation, name, label="Quarter", progress=cancel)

    assert told == [(2, 5), (4, 5), (5, 5)][: 1 if at == 2 else 3]
    assert ([held(store, i) for i in ids], indexes(store)) == ([{name: "Zebrano"}] * 5, before)
    assert checking.check(store) == []


def test_removing_takes_the_values_away_and_undo_brings_both_back(store: Store):
    name = add(store, "Ward")
    other = add(store, "Agreed", Kind.YES_NO)
    one = make(store, Organisation).id
    editing.save(store, Organisation, {name: "Zebrano", other: True}, id=one)
    with store.change("Remove") as session:
        own.remove(session, Organisation, name)

    assert held(store, one) == {other: True}
    with store.reading() as session:
        assert search.find(session, "zebrano") == []
    with pytest.raises(Refused, match="Organisations have no column “Ward”: it was removed, or renamed"):
        editing.save(store, Organisation, {name: "x"}, id=one)
    undoing.undo(store)
    assert held(store, one) == {name: "Zebrano", other: True}
    with store.reading() as session:
        assert search.find(session, "zebrano") == [(Organisation, one)]
    assert checking.check(store) == []


def test_what_was_changed_since_is_not_undone_over(store: Store):
    name, other = add(store, "Ward"), add(store, "Agreed", Kind.YES_NO)
    one = make(store, Organisation).id
    editing.save(store, Organisation, {name: "North"}, id=one)
    with store.reading() as session:
        step = undoing.last_step(session, store.officer)
    editing.save(store, Organisation, {other: True}, id=one)
    editing.save(store, Organisation, {name: "South"}, id=one)
    assert step is not None
    with pytest.raises(Refused, match="Ward of ORG-0001 was changed since by"):
        undoing.undo(store, step.id)
    undoing.undo(store)
    undoing.undo(store, step.id)
    assert held(store, one) == {other: True}


def test_making_a_column_is_not_undone_while_records_hold_something_in_it(store: Store):
    name = add(store, "Ward")
    with store.reading() as session:
        step = undoing.last_step(session, store.officer)
    add(store, "Another")
    one = make(store, Organisation).id
    editing.save(store, Organisation, {name: "North"}, id=one)
    assert step is not None
    with pytest.raises(Refused, match="1 organisation hold something in the column “Ward”"):
        undoing.undo(store, step.id)
    editing.save(store, Organisation, {name: None}, id=one)
    undoing.undo(store, step.id)
    assert held(store, one) is None


def test_two_officers_may_change_two_columns_of_one_record_but_not_one(store: Store):
    name, other = add(store, "Ward"), add(store, "Agreed", Kind.YES_NO)
    one = make(store, Organisation).id
    loaded = {name: None, other: None}
    editing.save(store, Organisation, {name: "North"}, id=one, loaded=loaded)
    editing.save(store, Organisation, {other: True}, id=one, loaded=loaded)
    with pytest.raises(ChangedByOther) as caught:
        editing.save(store, Organisation, {name: "South"}, id=one, loaded=loaded)
    assert [(c.label, c.theirs, c.ours) for c in caught.value.clashes] == [("Ward", "North", "South")]
    assert held(store, one) == {name: "North", other: True}


def test_many_rows_bring_their_own_values_and_a_column_made_in_the_same_step(store: Store):
    with store.change("Import") as session:
        column = own.add(session, Organisation, "Ward", Kind.CHOICE, ["North", "South"])
        rows = [{"name": f"O{n}", "own": {column.name: "South"} if n else None} for n in range(3)]
        ids = session.add_many(Organisation, [{**make_values(), **row} for row in rows])
    with store.reading() as session:
        listed = Listing(Organisation, (column.name,))
        groups = grouping.groups(session, listed, [grouping.By(column.name)])
        assert [(group.words, group.count) for group in groups] == [(("South",), 2), (("Not recorded",), 1)]
    undoing.undo(store)
    undoing.redo(store)
    assert [held(store, i) for i in ids] == [None, {column.name: "South"}, {column.name: "South"}]
    assert checking.check(store) == []


def make_values() -> dict[str, object]:
    return {"kind": OrganisationKind.CHARITY}


def test_numbers_are_added_up(store: Store):
    whole, number = add(store, "Visits", Kind.WHOLE), add(store, "Hours", Kind.NUMBER)
    pounds = add(store, "Match", Kind.MONEY)
    for n in (1, 2):
        one = make(store, Organisation).id
        editing.save(store, Organisation, {whole: n, number: n / 4, pounds: Decimal("0.10")}, id=one)
    with store.reading() as session:
        totals = Listing(Organisation, (whole, number, pounds)).totals(session)
    assert totals == {whole: (3, 2), number: (0.75, 2), pounds: (Decimal("0.20"), 2)}


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("  ", "A column needs a name"),
        ("!!", "needs a letter or a digit"),
        ('A "b"', "no straight quotation marks"),
        ("x" * 81, "at most 80 letters"),
        ("legal name", "Organisations have “Legal name” already"),
        ("Charity  Number", "Organisations have “Charity number” already"),
        ("WARD", "Organisations have “Ward” already"),
        ("Reference", "Organisations have “Reference” already"),
    ],
)
def test_a_label_is_refused_where_it_cannot_name_a_column(store: Store, label: str, said: str):
    add(store, "Ward")
    with pytest.raises(Refused, match=said):
        add(store, label)
    assert add(store, "Ward", kind=Contact) == "own:text:Ward"


def test_a_list_needs_words_and_may_change_them(store: Store):
    with pytest.raises(Refused, match="The list of Ward needs at least one word"):
        add(store, "Ward", Kind.CHOICE, ("  ",))
    with pytest.raises(Refused, match="“north” stands in the list of Ward twice"):
        add(store, "Ward", Kind.CHOICE, ("North", "north"))
    name = add(store, "Ward", Kind.CHOICE, ("North", "South"))
    with store.change("Change words") as session:
        own.set_choices(session, Organisation, name, ["East"])
    with store.reading() as session:
        assert editing.read_values(session, Organisation, {"ward": "east"}) == {name: "East"}


def test_a_title_of_a_workbook_becomes_a_label():
    assert own.tidied('  The "best"\n of \\ them ' + "x" * 99) == "The ”best” of / them " + "x" * 59


def test_check_finds_what_stands_in_no_column(store: Store):
    with store.change("By hand") as session:
        session.add(Organisation(**make_values(), name="Stray", own={"own:text:Gone": "x"}))
    assert checking.check(store) == ["With something in a column that is not there: organisation ORG-0001."]


def test_bringing_back_a_record_leaves_what_columns_have_gone_since(store: Store):
    name, other = add(store, "Ward"), add(store, "Agreed", Kind.YES_NO)
    one = make(store, Organisation).id
    editing.save(store, Organisation, {name: "North", other: True}, id=one)
    editing.delete(store, Organisation, one)
    with store.reading() as session:
        step = undoing.last_step(session, store.officer)
    with store.change("Remove") as session:
        own.remove(session, Organisation, name)
    assert step is not None
    undoing.undo(store, step.id)
    assert held(store, one) == {other: True}
    assert checking.check(store) == []


def test_a_grant_may_have_what_an_organisation_has(store: Store):
    assert add(store, "Ward", kind=Grant) == add(store, "Ward") == "own:text:Ward"
