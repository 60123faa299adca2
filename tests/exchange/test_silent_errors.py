"""Pounds, organisations and rows that might go in wrong without anyone noticing are set right, or said."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from grants_app.errors import Refused
from grants_app.exchange import exporting, separated
from grants_app.exchange.imports import importing
from grants_app.exchange.imports.plan import Clashing, Plan
from grants_app.exchange.shapes import Column
from grants_app.operations.sample import make_sample
from grants_app.records import Grant, Kind, Organisation, Payment, Programme
from grants_app.store import Store, checking, own, undoing

TITLES = ("Reference no", "Project title", "Organisation", "Amount awarded", "Date awarded")


def file_of(folder: Path, titles: tuple[str, ...], *rows: tuple[str, ...]) -> Path:
    separated.write(folder / "office.csv", [Column(title) for title in titles], rows)
    return folder / "office.csv"


def take(store: Store, path: Path, plan: Plan | None = None) -> importing.Preview:
    found = importing.preview(store, path, plan)
    importing.bring_in(store, found)
    return found


def verdicts(found: importing.Preview) -> dict[str, tuple[int, Decimal]]:
    return {verdict.value: (tally.rows, tally.pounds) for verdict, tally in found.tallies.items() if tally.rows}


def faults(found: importing.Preview) -> list[tuple[int, str]]:
    return [(fault.row, fault.message) for fault in found.faults]


def kept(store: Store, kind: Any, *names: str) -> list[tuple[Any, ...]]:
    with store.reading() as session:
        return [tuple(getattr(one, name) for name in names) for one in session.scalars(select(kind).order_by(kind.id))]


def test_instalments_of_which_one_is_faulty_all_wait_so_that_mending_it_loses_no_pound(store, tmp_path):
    first, second = ("A", "One", "Met-Talk", "10", "1/2/2024"), ("A", "One", "Met-Talk", "30", "32/2/2024")
    plan = Plan(all_clashes=Clashing.INSTALMENTS)
    found = take(store, file_of(tmp_path, TITLES, first, second, ("B", "Two", "Met-Talk", "5", "1/2/2024")), plan)
    assert verdicts(found) == {"New": (1, Decimal("5.00")), "Faulty": (2, Decimal("40.00"))}
    assert faults(found) == [
        (2, "An instalment of the same grant, row 3, is faulty: they go in together"),
        (3, "“32/2/2024” is not a day of the calendar: day comes first, then month"),
    ]

    take(store, file_of(tmp_path, TITLES, first, (*second[:4], "2/2/2024")), plan)
    assert kept(store, Grant, "identifier", "awarded") == [("B", Decimal("5.00")), ("A", Decimal("40.00"))]


def test_an_instalment_of_a_faulty_row_is_named_among_the_faults(store, tmp_path):
    rows = ("A", "", "Met-Talk", "10", "1/2/2024"), ("A", "One", "Met-Talk", "30", "1/2/2024")
    found = importing.preview(store, file_of(tmp_path, TITLES, *rows), Plan(all_clashes=Clashing.INSTALMENTS))
    assert (verdicts(found), faults(found)) == (
        {"Faulty": (2, Decimal("40.00"))},
        [
            (2, "Title of the grant is missing"),
            (3, "The row to which this instalment would be added is faulty"),
        ],
    )


def test_euros_beside_an_amount_are_not_read_as_pounds(store, tmp_path):
    titles = (*TITLES, "Currency")
    rows = [(str(n), f"Project {n}", "Met-Talk", "10", "1/2/2024", word) for n, word in enumerate(["EUR", "GBP", "£"])]
    found = take(store, file_of(tmp_path, titles, *rows))
    assert faults(found) == [(2, "“EUR” is not GBP: this app keeps pounds only")]
    assert kept(store, Grant, "title", "awarded") == [("Project 1", Decimal("10.00")), ("Project 2", Decimal("10.00"))]


@pytest.mark.parametrize(
    ("title", "cell", "awarded"),
    [
        ("Amount awarded (£000s)", "7.5", Decimal("7500.00")),
        ("Amount awarded £k", "12", Decimal("12000.00")),
        ("Amount awarded (£m)", "0.25", Decimal("250000.00")),
        ("Amount awarded (EUR)", "12", None),
        ("Amount awarded", "12", Decimal("12.00")),
    ],
)
def test_a_title_says_in_what_its_amounts_are(store, tmp_path, title, cell, awarded):
    titles = tuple(title if one == "Amount awarded" else one for one in TITLES)
    found = take(store, file_of(tmp_path, titles, ("A", "One", "Met-Talk", cell, "2024-02-01")))
    assert kept(store, Grant, "awarded") == [(awarded,)]
    assert bool([note for note in found.notes if "its title gives amounts" in note.message]) is ("£" in title)


def test_a_name_that_two_organisations_have_is_not_taken_for_the_first_of_them(store, tmp_path):
    titles = (*TITLES, "Charity number")
    rows = [(n, f"Project {n}", "Talk", "10", "1/2/2024", f"12345{n}") for n in ("10", "20")]
    take(store, file_of(tmp_path, titles, *rows))

    again = [row[:5] for row in rows]
    found = take(store, file_of(tmp_path, TITLES, *again, ("30", "New", "Talk", "10", "1/2/2024")))
    assert faults(found) == [(4, "2 organisations are called “Talk”: give its charity number or its reference")]
    assert verdicts(found) == {"Unchanged": (2, Decimal("20.00")), "Faulty": (1, Decimal("10.00"))}
    assert len(kept(store, Organisation, "name")) == 2


def test_a_list_of_ours_as_csv_comes_back_unchanged_whatever_figures_it_shows(store, tmp_path):
    make_sample(store)
    for kind in (Grant, Payment):
        exporting.write_csv(store, kind, tmp_path / "list.csv")
        found = importing.preview(store, tmp_path / "list.csv", Plan())
        assert (list(found.changes), found.faults, found.rows_read) == (
            [],
            [],
            found.tallies[importing.Verdict.UNCHANGED].rows,
        )


def test_an_amount_paid_without_a_day_stays_beside_the_grant(store, tmp_path):
    found = take(store, file_of(tmp_path, (*TITLES, "Amount paid"), ("A", "One", "Met-Talk", "10", "1/2/2024", "8")))
    assert verdicts(found) == {"New": (1, Decimal("10.00"))}
    assert kept(store, Grant, "own") == [({"own:money:Amount paid": 800},)]


def test_documents_are_not_made_by_an_import_and_it_says_so(store, tmp_path):
    with pytest.raises(Refused, match=r"^No document is made by an import: choose what else the rows are\.$"):
        importing.preview(store, file_of(tmp_path, ("Name", "About"), ("plan.pdf", "x")), Plan(kind="document"))


def test_two_titles_alike_but_for_their_spelling_do_not_share_the_column_that_is_there(store, tmp_path):
    with store.change("Add a column") as session:
        own.add(session, Grant, "Straße", Kind.TEXT)
    path = file_of(tmp_path, (*TITLES, "STRASSE", "strasse"), ("A", "One", "Met-Talk", "10", "1/2/2024", "a", "b"))
    take(store, path)
    assert kept(store, Grant, "own") == [({"own:text:Straße": "a", "own:text:strasse (as imported)": "b"},)]


PAID = ("Grant ref", "Organisation", "Title", "Awarded", "Payment date", "Payment amount")


def test_rows_that_say_a_grant_again_beside_its_next_payment_count_its_award_once(store, tmp_path):
    first, second = ("A", "One", "Talks", "900", "1/1/2026", "450"), ("A", "One", "Talks", "900", "1/6/2026", "450")
    path = file_of(tmp_path, PAID, first, second, ("B", "Two", "Walks", "100", "1/6/2026", "100"))
    found = take(store, path, Plan(all_clashes=Clashing.INSTALMENTS))
    assert (verdicts(found), found.clashes, faults(found)) == ({"New": (3, Decimal("1000.00"))}, [], [])
    assert "The same grant as row 2: its amount is counted once" in [note.message for note in found.notes]
    assert kept(store, Grant, "identifier", "awarded") == [("A", Decimal("900.00")), ("B", Decimal("100.00"))]
    assert kept(store, Payment, "grant_id", "amount") == [(1, Decimal("450.00"))] * 2 + [(2, Decimal("100.00"))]
    assert verdicts(importing.preview(store, path)) == {"Unchanged": (3, Decimal("1000.00"))}

    third, soon = (*first[:4], "1/9/2026", "0.50"), (*first[:4], "soon", "0.50")
    beyond = importing.preview(store, file_of(tmp_path, PAID, first, second, third))
    assert (verdicts(beyond), len(beyond.clashes)) == ({"Faulty": (3, Decimal("2700.00"))}, 1)  # paid beyond the award
    first, second = (*first[:5], "440"), (*second[:5], "440")
    later = importing.preview(store, file_of(tmp_path, PAID, first, second, third, third, soon))
    assert verdicts(later) == {"New": (3, Decimal("900.00")), "Faulty": (2, Decimal("900.00"))}
    assert [row for row, words in faults(later) if words.startswith("This row repeats row 4")] == [5]
    importing.bring_in(store, later)
    undoing.undo(store)
    undoing.undo(store)
    assert (kept(store, Grant, "id"), kept(store, Payment, "id"), checking.check(store)) == ([], [], [])


def test_an_instalment_brings_the_payment_of_its_row(store, tmp_path):
    rows = ("A", "One", "Talks", "500", "1/1/2026", "450"), ("A", "One", "Talks", "400", "1/6/2026", "350")
    path, plan = file_of(tmp_path, PAID, *rows), Plan(all_clashes=Clashing.INSTALMENTS)
    take(store, path, plan)
    assert kept(store, Grant, "identifier", "awarded") == [("A", Decimal("900.00"))]
    assert kept(store, Payment, "grant_id", "amount") == [(1, Decimal("450.00")), (1, Decimal("350.00"))]
    assert verdicts(importing.preview(store, path, plan)) == {"Unchanged": (2, Decimal("900.00"))}


def test_a_numbered_payment_of_another_amount_is_put_right_and_not_paid_twice(store, tmp_path):
    titles = (*PAID[:4], "Payment 1", "Payment 1 date", "Payment 2", "Payment 2 date")
    grant = ("A", "One", "Talks", "900")
    take(store, file_of(tmp_path, titles, (*grant, "10", "1/1/2026", "20", "1/3/2026")))
    assert verdicts(importing.preview(store, tmp_path / "office.csv")) == {"Unchanged": (1, Decimal("900.00"))}
    later = file_of(tmp_path, titles, (*grant, "10", "1/1/2027", "20", "1/3/2027"))
    assert not [note for note in importing.preview(store, later).notes if "same amount" in note.message]
    more = take(store, file_of(tmp_path, titles, (*grant, "20", "1/3/2026", "3", "1/1/2026")))
    assert [(one.reference, one.before, one.after) for one in more.changes] == [("PAY-000001", "£10", "£3")]
    undoing.undo(store)
    found = take(store, file_of(tmp_path, titles, (*grant, "11", "1/1/2026", "20", "9/3/2026")))
    assert verdicts(found) == {"Changed": (1, Decimal("900.00"))}
    assert [(one.reference, one.before, one.after) for one in found.changes] == [("PAY-000001", "£10", "£11")]
    assert found.notes[-1].message == (
        "PAY-000002 of the same amount, due 1 March 2026, is not on this row and stays: "
        "if that is the new one, change its date instead"
    )
    assert kept(store, Payment, "amount") == [(Decimal("11.00"),), (Decimal("20.00"),), (Decimal("20.00"),)]


def test_rows_that_say_a_skipped_grant_again_are_skipped_with_it(store, tmp_path):
    grant = ("A", "One", "Talks", "900")
    path = file_of(tmp_path, PAID, (*grant, "1/1/2026", "450"), (*grant, "1/6/2026", "450"), (*grant[:3], "7", "", ""))
    found = importing.preview(store, path, Plan(all_clashes=Clashing.SKIP))
    assert verdicts(found) == {"Skipped": (3, Decimal("907.00"))}


def test_one_identifier_of_two_funders_is_two_grants_also_beside_payments_and_one_in_one_programme(store, tmp_path):
    titles = (*PAID, "Programme", "Funder")
    rows = [
        ("1", "One", "Talks", "100", "1/1/2026", "5", "P one", "City Hall"),
        ("1", "Two", "Walks", "50", "1/1/2026", "6", "P two", "Barnet Council"),
    ]
    path = file_of(tmp_path, titles, *rows)
    assert verdicts(take(store, path)) == {"New": (2, Decimal("150.00"))}
    assert kept(store, Grant, "title", "awarded") == [("Talks", Decimal("100.00")), ("Walks", Decimal("50.00"))]
    assert verdicts(importing.preview(store, path)) == {"Unchanged": (2, Decimal("150.00"))}
    with store.reading() as session:
        first = session.scalars(select(Programme.reference)).first()

    into = importing.preview(store, path, Plan(programme=first))
    assert (verdicts(into), len(into.clashes)) == ({"Faulty": (2, Decimal("150.00"))}, 1)
    undoing.undo(store)
    assert (kept(store, Grant, "id"), checking.check(store)) == ([], [])
