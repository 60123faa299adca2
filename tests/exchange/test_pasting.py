"""Rows copied from Excel over the cells of a list: titles or places, what each cell becomes, what cannot be taken."""

from datetime import date
from decimal import Decimal

import pytest

from grants_app.errors import Cancelled, Refused
from grants_app.exchange.imports import pasting
from grants_app.exchange.imports.pasting import CellSeen
from grants_app.operations import editing
from grants_app.records import Grant, Organisation
from grants_app.records.grant import Rag
from grants_app.store import undoing
from tests.make import make


def copied(store, text, kind=Grant, html=""):
    with store.reading() as session:
        return pasting.copied(session, kind, text, html)


def cover(store, kind, ids, names, text, **more):
    rows = [line.split("\t") for line in text.splitlines()]
    with store.reading() as session:
        return pasting.cover(session, kind, ids, names, rows, **more)


@pytest.fixture
def grants(store):
    first = make(store, Grant, title="Talks", rag=Rag.GREEN, asked=Decimal(900), starts=date(2026, 5, 1))
    more = [make(store, Grant, title=title, programme_id=first.programme_id) for title in ("Walks", "Votes")]
    return [first, *more]


def test_the_first_row_is_titles_where_it_names_columns_and_rows_are_made_even(store):
    titled = copied(store, "Title\tAsked\tMood\r\nTalks\t007\tgood\r\nWalks\r\n\r\n")
    assert (titled.named, titled.body) == (("title", "asked", ""), (("Talks", "007", "good"), ("Walks", "", "")))

    twice = copied(store, "Title\tAsked\tTitle\r\nTalks\t7\tWalks\r\n")
    assert twice.named == ("title", "asked", "")

    plain = copied(store, "Talks\t100\t\r\nWalks\t200\t\r\n")
    assert (plain.named, plain.rows) == ((), (("Talks", "100"), ("Walks", "200")))

    with pytest.raises(Refused, match="The clipboard holds no rows"):
        copied(store, " \t \r\n")


def test_each_cell_is_read_for_its_field_and_what_cannot_be_is_named_and_stays(store, grants):
    ids, names = [grant.id for grant in grants], ["asked", "", "rag", "current", "starts"]

    found = cover(
        store,
        Grant,
        ids,
        names,
        "£1,200.50\tx\tgreen\t9\t1/6/26\na lot\t\tamber\t9\t\n\t\tpurple\t9\t2026-07-01\nover\t\t\t\t",
    )

    first, second, third = (grant.reference for grant in grants)
    assert found.values == {
        ids[0]: {"asked": Decimal("1200.50"), "starts": date(2026, 6, 1)},
        ids[1]: {"rag": Rag.AMBER},
        ids[2]: {"starts": date(2026, 7, 1)},
    }
    assert found.changes == [
        CellSeen(first, "Asked", "£900", "£1,200.50"),
        CellSeen(first, "Starts", "1 May 2026", "1 June 2026"),
        CellSeen(second, "RAG", "No rating", "Amber"),
        CellSeen(third, "Starts", "", "1 July 2026"),
    ]
    assert [(seen.reference, seen.label, seen.after) for seen in found.faults] == [
        (second, "Asked", "a lot"), (third, "RAG", "purple"),
    ]  # fmt: skip
    assert (found.changing, found.unchanged, found.faulty, found.beyond) == (4, 3, 2, 1)
    assert found.left_out == [("Current", "Current is worked out from what is recorded: it is not typed.")]


def test_ids_stay_text_and_links_are_found_by_reference_or_name(store, grants):
    kiln = make(store, Organisation, name="Kiln Street")
    ids = [grant.id for grant in grants]

    found = cover(
        store, Grant, ids, ["identifier", "organisation_id"], f"007\tKiln Street\n0042\t{kiln.reference}\n1\tNobody"
    )

    assert found.values[ids[0]] == {"identifier": "007", "organisation_id": kiln.id}
    assert found.values[ids[1]] == {"identifier": "0042", "organisation_id": kiln.id}
    assert found.faults[0].wrong == "There is no organisation “Nobody” in this file."
    assert found.changes[1].after == "Kiln Street"


def test_a_record_that_would_break_its_own_rule_stays_as_it_is(store, grants):
    found = cover(store, Grant, [grants[0].id], ["title", "ends"], "Songs\t1/4/26")

    sentence = "Ends must be the same as or after 1 May 2026, the start."
    assert (found.values, found.changing, found.faulty) == ({}, 0, 2)
    assert [seen.wrong for seen in found.faults] == [sentence, sentence]


def test_many_cells_change_as_one_step_and_only_where_nobody_changed_them_meanwhile(store, grants):
    ids = [grant.id for grant in grants]
    found = cover(store, Grant, ids, ["title", "asked"], "A\t1\nB\t2\nC\t3")

    with pytest.raises(Cancelled):
        editing.change_cells(store, Grant, found.values, versions=found.versions, progress=_stop)
    assert editing.change_cells(store, Grant, found.values, versions=found.versions) == 6
    assert _held(store) == [("A", 1), ("B", 2), ("C", 3)]
    assert undoing.undo(store) == "Paste into 3 grants"
    assert _held(store)[1:] == [("Walks", None), ("Votes", None)]
    with pytest.raises(Refused, match=f"Somebody changed grant {grants[0].reference} meanwhile: paste again"):
        editing.change_cells(store, Grant, found.values, versions=found.versions)


def test_ten_thousand_rows_are_looked_at_in_batches_that_can_be_cancelled(store, grants):
    seen = []
    rows = [["x"]] * 1200
    with store.reading() as session:
        pasting.cover(session, Grant, [grants[0].id] * 1200, ["title"], rows, progress=lambda *at: seen.append(at))
    assert seen == [(500, 1200), (1000, 1200), (1200, 1200)]


def _stop(done, of):
    raise Cancelled


def _held(store):
    with store.reading() as session:
        return [(grant.title, grant.asked) for grant in session.query(Grant).order_by(Grant.id)]
