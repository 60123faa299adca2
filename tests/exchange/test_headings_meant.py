"""A column goes where its title says, whatever stands before it and whatever some of its cells hold; else it is said."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from grants_app.exchange.imports import importing
from grants_app.records import Contact, Engagement, Grant, Organisation, Payment, Programme
from grants_app.store import Store
from tests.exchange.awkward import save

GRANTS = ("Ref", "Organisation", "Project title", "Amount awarded")
NAMES = ("Alpha Trust", "Beta Youth", "Gamma CIC", "Delta Arts")
Row = Sequence[Any]


def grants(*more: Row, titles: Row = GRANTS) -> list[Row]:
    """Four grants, with further columns: a title and four cells each."""
    rows = [(n, NAMES[n - 1], f"Project of {NAMES[n - 1]}", 1000 * n) for n in range(1, 5)]
    return [(*titles, *(one[0] for one in more)), *((*row, *(c[n] for c in more)) for n, row in enumerate(rows, 1))]


def book(folder: Path, **sheets: Sequence[Row]) -> Path:
    save(folder / "office.xlsx", **sheets)
    return folder / "office.xlsx"


def take(store: Store, path: Path) -> importing.Preview:
    """What it would do; it is done, and done again it is nothing."""
    found = importing.preview(store, path)
    importing.bring_in(store, found)
    again = importing.preview(store, path)
    assert list(again.changes) == []
    assert not again.changes_anything
    return found


def sent(found: importing.Preview, table: int = -1) -> dict[str, str]:
    return {column.title: column.target for column in found.tables[table].mapping.columns}


def verdicts(found: importing.Preview) -> dict[str, int]:
    return {verdict.value: tally.rows for verdict, tally in found.tallies.items() if tally.rows}


def kept(store: Store, kind: Any, *names: str) -> list[tuple[Any, ...]]:
    with store.reading() as session:
        return [tuple(getattr(one, name) for name in names) for one in session.scalars(select(kind).order_by(kind.id))]


def paid_of(store: Store) -> list[tuple[str, Decimal]]:
    """The identifier of the grant of each payment, and its amount."""
    with store.reading() as session:
        pairs = select(Grant.identifier, Payment.amount).join(Payment, Payment.grant_id == Grant.id)
        return sorted((identifier, amount) for identifier, amount in session.execute(pairs))


@pytest.mark.parametrize("titles", [("Ref", "Grant ref"), ("ID", "Grant ID"), ("Grant ref", "Ref")])
def test_payments_with_a_number_of_their_own_go_to_the_grant_that_is_named(store, tmp_path, titles):
    own, of = (0, 1) if titles[1].startswith("Grant") else (1, 0)
    rows = [[0, 0, 50 + n, date(2024, 5, n)] for n in range(1, 5)]
    for n, row in enumerate(rows, 1):
        row[own], row[of] = n, 5 - n
    found = take(store, book(tmp_path, Grants=grants(), Payments=[(*titles, "Amount", "Date paid"), *rows]))
    assert paid_of(store) == [(str(5 - n), Decimal(f"{50 + n}.00")) for n in range(4, 0, -1)]
    assert sent(found)[titles[of]] == "payment.grant_id"


@pytest.mark.parametrize("titles", [("Ref", "Grant ref"), ("ID", "Project ref")])
def test_sessions_with_a_number_of_their_own_go_to_the_grant_that_is_named(store, tmp_path, titles):
    rows = [(n, 5 - n, f"Session {n}", date(2024, 5, n), 10) for n in range(1, 5)]
    found = take(store, book(tmp_path, Grants=grants(), Engagements=[(*titles, "Title", "Date", "Attended"), *rows]))
    assert (sent(found)[titles[1]], verdicts(found)) == ("engagement.grant_id", {"New": 8})


@pytest.mark.parametrize("titles", [("ID", "Grant ref"), ("Application ref", "Grant ref"), ("Grant no", "Ref")])
def test_the_title_that_names_the_grant_is_its_identifier(store, tmp_path, titles):
    named = next(title for title in titles if title.startswith("Grant"))
    rows = [(n, 100 + n, NAMES[n], f"Project {n}", 1000) for n in range(4)]
    found = take(store, book(tmp_path, Grants=[(*titles, *GRANTS[1:]), *rows]))
    assert sent(found)[named] == "grant.identifier"


PEOPLE = [("Ann Lee", "Bob Roe", "Cy Poe", "Di Fox"), tuple(f"a{n}@x.org" for n in range(4)), ("020 7946 0001",) * 4]


@pytest.mark.parametrize(
    "titles", [("Name", "Email", "Phone"), ("Contact", "Email", "Tel"), ("Main contact", "E-mail address", "Mobile")]
)
def test_the_name_beside_an_email_is_the_contact_not_the_programme(store, tmp_path, titles):
    take(store, book(tmp_path, Grants=grants(*((t, *cells) for t, cells in zip(titles, PEOPLE, strict=True)))))
    assert kept(store, Contact, "name", "email") == list(zip(*PEOPLE[:2], strict=True))
    assert len(kept(store, Programme, "name")) == 1


def test_a_name_alone_beside_a_grant_stays_beside_it(store, tmp_path):
    found = take(store, book(tmp_path, Grants=grants(("Name", *PEOPLE[0]))))
    assert (sent(found)["Name"], kept(store, Contact, "name")) == ("grant.own:text:Name", [])


def test_the_name_of_a_payment_is_the_organisation_not_a_programme(store, tmp_path):
    payments = [("Ref", "Name", "Amount", "Date paid"), *((n, NAMES[n - 1], 50, date(2024, 5, n)) for n in range(1, 5))]
    take(store, book(tmp_path, Grants=grants(), Payments=payments))
    assert len(kept(store, Programme, "name")) == 1
    assert paid_of(store) == [(str(n), Decimal("50.00")) for n in range(1, 5)]


def test_notes_on_a_grant_stay_with_the_grant(store, tmp_path):
    rows = [("1", "Alpha Trust", "P", 100, "first year fine"), ("2", "Alpha Trust", "Q", 200, "clawed back £500")]
    take(store, book(tmp_path, Grants=[(*GRANTS, "Notes"), *rows]))
    take(store, book(tmp_path, Grants=[(*GRANTS, "Notes"), ("3", "Alpha Trust", "R", 300, "year three")]))
    assert kept(store, Organisation, "notes") == [(None,)]
    assert [own["own:text:Notes"] for (own,) in kept(store, Grant, "own")] == [rows[0][4], rows[1][4], "year three"]
