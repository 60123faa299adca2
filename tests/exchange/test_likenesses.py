"""Names that look alike are asked about, within the file and beside what is kept, and the answer is remembered."""

import json
from decimal import Decimal
from hashlib import sha256

from sqlalchemy import select

from grants_app.cli import main
from grants_app.exchange.imports import alike, importing
from grants_app.exchange.imports.importing import Plan, likeness_key
from grants_app.operations import organisations
from grants_app.records import Grant, Organisation
from grants_app.store import checking, undoing
from tests.exchange.awkward import save
from tests.exchange.test_any_workbook import rows
from tests.make import make

TITLES = ["Organisation", "Charity number", "Grant title", "Awarded"]
FIRST = [
    TITLES,
    ["Anti Tribalism Movement", None, "Talks", 100],
    ["ATM (Anti-Tribalism Movement)", None, "Walks", 200],
    ["Anti-Tribalism Movement", "1140923", "Plays", 300],
    ["Age UK Barnet", None, "Teas", 400],
    ["Age UK Brent", None, "Lunches", 500],
    ["Harbour Lane Youth Centre", "1000001", "Sport", 600],
    ["Harbour Lane Youth Center", "1000002", "Music", 700],
]
ATM = "Anti-Tribalism Movement"


def key(name):
    return likeness_key("organisation", name)


def bodies(store):
    with store.reading() as session:
        return list(session.scalars(select(Organisation.name).order_by(Organisation.id)))


def test_spellings_within_a_first_workbook_become_one_organisation_when_the_officer_says_so(store, tmp_path):
    path = tmp_path / "first.xlsx"
    save(path, Grants=FIRST)

    found = importing.preview(store, path)

    (asked,) = found.namesakes
    assert [(s.name, s.rows, s.pounds, s.row) for s in asked.spellings] == [
        ("Anti Tribalism Movement", 1, Decimal(100), 2), (ATM, 1, Decimal(300), 4),
        ("ATM (Anti-Tribalism Movement)", 1, Decimal(200), 3),
    ]  # fmt: skip
    assert (asked.called, found.likenesses, found.brings[Organisation]) == (None, [], 6)
    plan = found.plan.with_spellings([one.key for one in asked.spellings], ATM)
    one = importing.preview(store, path, plan)
    assert (one.brings[Organisation], one.rows_read, one.amount_read) == (5, 7, Decimal(2800))
    assert [(a.called, a.spellings, a.apart) for a in one.namesakes] == [(ATM, asked.spellings, frozenset())]
    importing.bring_in(store, one)
    with store.reading() as session:
        kept = session.scalars(select(Organisation).where(Organisation.name == ATM)).one()
        given = session.scalar(select(Grant.organisation_id).where(Grant.title == "Walks"))
        assert (kept.id, kept.charity_number, len(bodies(store))) == (given, "1140923", 5)
    again = importing.preview(store, path)
    assert (rows(again), again.changes_anything, again.namesakes) == ({"Unchanged": 7}, False, [])
    assert [(a.said, a.answer, a.remembered) for a in again.likenesses] == [
        ("ATM (Anti-Tribalism Movement)", kept.reference, True)
    ]
    undoing.undo(store)
    assert (bodies(store), checking.check(store)) == ([], [])
    assert [a.called for a in importing.preview(store, path).namesakes] == [None]


def test_an_officer_may_leave_one_spelling_out_or_say_that_all_are_different(store, tmp_path):
    path = tmp_path / "first.xlsx"
    save(path, Grants=[TITLES, *([name, None, name, 5] for name in ("Walkers Club", "Walker Club", "Walkerz Club"))])
    found = importing.preview(store, path)
    (asked,) = found.namesakes

    some = found.plan.with_spellings([key("Walker Club"), key("Walkers Club")], "Walker Club")
    told = importing.preview(store, path, some.with_spellings([key("Walkerz Club")], ""))
    different = importing.preview(store, path, found.plan.with_spellings([s.key for s in asked.spellings], ""))
    importing.bring_in(store, told)

    assert [(a.called, a.apart) for a in told.namesakes] == [("Walker Club", {key("Walkerz Club")})]
    assert (different.brings[Organisation], different.namesakes[0].called, different.notes) == (3, "", [])
    assert bodies(store) == ["Walker Club", "Walkerz Club"]
    assert rows(importing.preview(store, path)) == {"Unchanged": 3}


def test_spellings_of_a_list_of_organisations_become_one_too(store, tmp_path):
    path = tmp_path / "list.xlsx"
    save(path, Bodies=[["Legal name", "Postcode"], ["Met-Track Ltd", "E1 1AA"], ["Met Track", None], ["Other", None]])

    found = importing.preview(store, path, Plan(spellings={key("Met Track"): "Met-Track Ltd"}))
    importing.bring_in(store, found)

    assert (bodies(store), rows(found)) == (["Met-Track Ltd", "Other"], {"New": 2, "Unchanged": 1})
    assert rows(importing.preview(store, path)) == {"Unchanged": 3}


def test_a_like_name_is_new_until_the_officer_says_that_it_is_the_same_and_that_is_remembered(store, tmp_path):
    kept = make(store, Organisation, name="Harbour Lane Youth Centre")
    path, said = tmp_path / "a.xlsx", "Harbor Lane Youth Center"
    save(path, Organisations=[["Legal name", "Postcode"], [said, "E1 1AA"]])

    found = importing.preview(store, path)

    (like,) = found.likenesses
    assert (rows(found), like.reference, like.said, like.answer) == ({"New": 1}, kept.reference, said, None)
    other = importing.preview(store, path, found.plan.with_likeness(like.key, ""))
    assert (rows(other), [a.answer for a in other.likenesses], other.notes) == ({"New": 1}, [""], [])
    same = importing.preview(store, path, found.plan.with_likeness(like.key, like.reference))
    assert (rows(same), {c.field for c in same.changes}) == ({"Changed": 1}, {"Organisation: Postcode"})
    importing.bring_in(store, same)
    save(path, Organisations=[["Name", "Town"], [said, "London"]])
    later = importing.preview(store, path)
    assert [(a.said, a.reference, a.answer, a.remembered) for a in later.likenesses] == [
        (said, kept.reference, kept.reference, True)
    ]
    assert rows(importing.preview(store, path, later.plan.with_likeness(like.key, ""))) == {"New": 1}


def test_what_was_said_of_a_name_holds_for_another_charity_only_when_it_is_said_again(store, tmp_path):
    make(store, Organisation, name="Harbour Lane Youth", charity_number="1000001")
    path, name = tmp_path / "more.xlsx", "Harbour Lane Youth Club"
    save(path, Grants=[TITLES, [name, None, "Sport", 100]])
    found = importing.preview(store, path)
    importing.bring_in(store, importing.preview(store, path, found.plan.with_likeness(key(name), "ORG-0001")))
    save(path, Grants=[TITLES, [name, "1000002", "Music", 100], [name, "1000002", "Dance", 100]])

    other = importing.preview(store, path)
    same = importing.preview(store, path, other.plan.with_likeness(key(name), "ORG-0001"))

    assert (other.brings, other.likenesses, list(other.changes)) == ({Organisation: 1, Grant: 2}, [], [])
    changes = [(change.reference, change.before, change.after) for change in same.changes]
    assert (same.brings, changes) == ({Grant: 2}, [("ORG-0001", "1000001", "1000002")])
    importing.bring_in(store, other)
    assert bodies(store) == ["Harbour Lane Youth", name]


def test_the_command_line_answers_for_names_too(store, tmp_path, capsys):
    file, kept = str(store.path), make(store, Organisation, name="Age UK Barnett")
    save(tmp_path / "first.xlsx", Grants=FIRST)
    command = ["import", str(tmp_path / "first.xlsx"), "--into", file]
    names = ["--same", "ATM (Anti-Tribalism Movement)=Anti Tribalism Movement"]
    names += ["--same", f"Age UK Barnet={kept.reference}"]

    assert main([*command, "--dry-run"]) == 0
    asked = capsys.readouterr().out
    assert f"“Age UK Barnet” is like {kept.reference}, Age UK Barnett.\n" in asked
    assert "“Anti Tribalism Movement” (1 row, £100), “Anti-Tribalism Movement” (1 row, £300) and" in asked
    assert main([*command, *names, "--different", "No such body"]) == 1
    assert "names an organisation “No such body”" in capsys.readouterr().err
    assert main([*command, "--same", "Age UK Barnet=ORG-0999"]) == 1
    assert main([*command, "--same", "Age UK Barnet"]) == 2
    capsys.readouterr()
    assert main([*command, *names, "--json"]) == 0
    assert [(one["names"], one["answer"]) for one in json.loads(capsys.readouterr().out)["alike"]] == [
        (["Age UK Barnet"], kept.reference),
        (["Anti Tribalism Movement", ATM, "ATM (Anti-Tribalism Movement)"], "Anti Tribalism Movement"),
    ]
    assert bodies(store)[:3] == ["Age UK Barnett", "Anti Tribalism Movement", "Age UK Brent"]


def test_names_are_asked_about_only_where_they_may_be_one(store):
    names = (
        "ATM", "ATM (Anti-Tribalism Movement)", "Met-Track Ltd", "Mettrack", "Age UK Barnet", "Age UK Brent",
        "1st Ilford Scouts", "2nd Ilford Scouts", "North Bow Cares", "South Bow Cares", "St. Mary's Church",
        "St Marys Church", "Tower Hamlets Community Trust", "Tower Hamlets Foundation", "Walks t/a Talks", "Talks",
        "Kestrel Street Arts", "Kestrel St. Arts",
    )  # fmt: skip
    found = {
        (names[pair.one], names[pair.other] if pair.other >= 0 else pair.other)
        for pair in alike.pairs(names, [False] * len(names), [(7, "Met Track", True), (8, "Unheard of", False)])
    }
    assert found == {
        ("ATM", "ATM (Anti-Tribalism Movement)"), ("Met-Track Ltd", "Mettrack"), ("Met-Track Ltd", -7),
        ("Mettrack", -7), ("St. Mary's Church", "St Marys Church"), ("Walks t/a Talks", "Talks"),
        ("Kestrel Street Arts", "Kestrel St. Arts"),
    }  # fmt: skip
    assert list(alike.pairs(names, [True] * len(names), [(7, "Met Track", True)])) == []


def test_very_many_names_alike_are_counted_rather_than_listed(store, tmp_path):
    letters = str.maketrans("0123456789", "klmnoprstw")
    words = [sha256(str(number).encode()).hexdigest()[:12].translate(letters) for number in range(503)]
    names = [name for word in words for name in (f"{word} players", f"{word} playerz")]
    save(tmp_path / "many.xlsx", G=[TITLES, *([name, None, name, 1] for name in names)])

    found = importing.preview(store, tmp_path / "many.xlsx")

    assert (len(found.namesakes), found.more_alike) == (500, 3)


def test_a_file_that_names_an_organisation_that_was_merged_means_the_one_that_stayed(store, tmp_path):
    path = tmp_path / "first.xlsx"
    save(path, Grants=[TITLES, *([name, None, name, 5] for name in ("Walkers Club", "Walker Club", "Quay Singers"))])
    found = importing.preview(store, path)
    one = found.plan.with_spellings([key("Walkers Club"), key("Walker Club")], "Walkers Club")
    importing.bring_in(store, importing.preview(store, path, one))
    walkers, singers = (make(store, Organisation, name=name) for name in ("Strollers", "Chorus"))
    with store.reading() as session:
        old = dict(session.execute(select(Organisation.name, Organisation.id)).all())
    organisations.merge(store, walkers.id, old["Walkers Club"])
    organisations.merge(store, singers.id, old["Quay Singers"])
    organisations.merge(store, walkers.id, singers.id)

    again = importing.preview(store, path)
    assert (rows(again), again.changes_anything, again.namesakes) == ({"Unchanged": 3}, False, [])
    assert {(a.said, a.called, a.remembered) for a in again.likenesses} == {
        (name, "Strollers", True) for name in ("Walkers Club", "Walker Club", "Quay Singers")
    }
    undoing.undo(store)
    apart = importing.preview(store, path)
    assert {(a.said, a.called) for a in apart.likenesses} >= {("Quay Singers", "Chorus"), ("Walker Club", "Strollers")}
    assert (rows(apart), checking.check(store)) == ({"Unchanged": 3}, [])


def listed_organisations(store, folder, *rows):
    path = folder / "bodies.xlsx"
    save(path, Bodies=[("Organisation", "Postcode", "Charity no", "Remark"), *rows])
    found = importing.preview(store, path)
    importing.bring_in(store, found)
    with store.reading() as session:
        return {note.message for note in found.notes}, [
            (one.name, one.postcode) for one in session.scalars(select(Organisation).order_by(Organisation.id))
        ]


def test_an_organisation_that_a_list_repeats_comes_in_once(store, tmp_path):
    rows = [("Brixton Boxing", "SW9 8EQ", None, f"visit {number}") for number in range(3)]

    said, listed = listed_organisations(store, tmp_path, *rows)
    assert ("The same organisation as row 2 of Bodies" in said, listed) == (True, [("Brixton Boxing", "SW9 8EQ")])
    assert listed_organisations(store, tmp_path, *rows)[1] == listed


def test_organisations_of_one_name_in_two_places_or_of_two_numbers_stay_two(store, tmp_path):
    rows = [
        ("St Mary's", "SW9 8EQ", None, None), ("St Mary's", "E1 6AN", None, None),
        ("Hope House", None, "1000001", None), ("Hope House", None, "1000002", None),
    ]  # fmt: skip

    expected = [("St Mary's", "SW9 8EQ"), ("St Mary's", "E1 6AN"), ("Hope House", None), ("Hope House", None)]
    assert listed_organisations(store, tmp_path, *rows)[1] == expected


def test_two_organisations_of_one_name_keep_their_places_when_the_list_comes_back_sorted_otherwise(store, tmp_path):
    rows = [("Acme", "E1 6AN", None, None), ("Acme", "N1 6AN", None, None)]
    listed_organisations(store, tmp_path, *rows)

    _, listed = listed_organisations(store, tmp_path, *reversed(rows))

    assert listed == [("Acme", "E1 6AN"), ("Acme", "N1 6AN")]
