"""A column goes where its title says, whatever stands before it or in some of its cells; else it is said."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from grants_app.exchange.imports import importing
from grants_app.records import Contact, Grant, Organisation, Payment, Programme
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


def test_a_name_on_a_list_of_organisations_is_the_contact_where_the_organisation_has_its_own(store, tmp_path):
    rows = zip(NAMES, *PEOPLE[:2], strict=True)
    take(store, book(tmp_path, Organisations=[("Organisation", "Name", "Email"), *rows]))
    assert (kept(store, Organisation, "name"), len(kept(store, Contact, "name"))) == ([(name,) for name in NAMES], 4)


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


def faults(found: importing.Preview) -> list[tuple[int, str, str]]:
    return [(fault.row, fault.column, fault.message) for fault in found.faults]


def notes(found: importing.Preview, column: str) -> list[str]:
    return [note.message for note in found.notes if note.column == column]


@pytest.mark.parametrize("title", ["Status", "Decision", "Outcome", "Stage"])
def test_a_rejected_grant_is_not_active(store, tmp_path, title):
    found = take(store, book(tmp_path, Grants=grants((title, "Live", "Rejected", "Declined", "Closed"))))
    words = ["Active", "Not approved", "Not approved", "Completed"]
    assert [status.value for (status,) in kept(store, Grant, "status")] == words
    assert notes(found, title)[:2] == ["“Live” read as Active", "“Rejected” read as Not approved"]


def test_a_status_in_words_unknown_is_a_fault_even_where_most_are(store, tmp_path):
    found = take(store, book(tmp_path, Grants=grants(("Status", "Flummoxed", "Paused for now", "Activ", "Active"))))
    assert [(row, column) for row, column, _ in faults(found)] == [(2, "Status"), (3, "Status"), (4, "Status")]
    assert faults(found)[2][2] == "“Activ” is not a word of the list: is it Active?"
    assert kept(store, Grant, "identifier") == [("4",)]


def test_an_outcome_in_free_text_stays_beside_the_grant_and_it_is_said(store, tmp_path):
    cells = ("Young people trust more", "Parents met", "A film was made", "Nobody came")
    found = take(store, book(tmp_path, Grants=grants(("Outcome", *cells))))
    assert verdicts(found) == {"New": 4}
    words = "Kept as a column of your own: none of its cells can be read as Status of the grant. "
    assert notes(found, "Outcome") == [f"{words}Send it elsewhere under “Columns”, if need be"]


def test_amounts_of_which_most_are_tbc_are_faults_not_no_award(store, tmp_path):
    rows = [(n, f"Body {n}", f"P{n}", "TBC" if n < 5 else 1000) for n in range(1, 7)]
    found = take(store, book(tmp_path, Grants=[GRANTS, *rows]))
    said = "“TBC” is not an amount: write it as 1000 or £1,000.50"
    assert faults(found) == [(row, "Amount awarded", said) for row in range(2, 6)]
    assert (verdicts(found), found.amount_read) == ({"New": 2, "Faulty": 4}, Decimal("2000.00"))


def test_payments_below_nought_are_faults_of_their_rows_not_of_the_sheet(store, tmp_path):
    rows = [(1, 500, date(2024, 5, 1)), (2, -500, date(2024, 5, 1)), (3, "(200)", date(2024, 5, 2))]
    payments = [("Grant ref", "Amount", "Date paid"), *rows, (4, "£-1", date(2024, 5, 3))]
    found = take(store, book(tmp_path, Grants=grants(), Payments=payments))
    assert verdicts(found) == {"New": 5, "Faulty": 3}
    assert paid_of(store) == [("1", Decimal("500.00"))]


def test_dates_of_which_most_are_none_stay_beside_the_record_with_a_warning(store, tmp_path):
    rows = [(name, seen) for name, seen in zip(NAMES, (date(2024, 1, 1), "Yes", "awaited", "tick"), strict=True)]
    found = take(store, book(tmp_path, Organisations=[("Organisation name", "Safeguarding policy seen"), *rows]))
    assert verdicts(found) == {"New": 4}
    assert kept(store, Organisation, "safeguarding_seen", "extra") == [
        (date(2024, 1, 1), None),
        *((None, {"Safeguarding policy seen": word}) for word in ("Yes", "awaited", "tick")),
    ]
    assert len(notes(found, "Safeguarding policy seen")) == 3


def test_start_dates_of_which_most_are_tbc_stay_beside_the_grant_with_a_warning(store, tmp_path):
    found = take(store, book(tmp_path, Grants=grants(("Start date", "TBC", "Easter", "ongoing", date(2024, 4, 1)))))
    assert verdicts(found) == {"New": 4}
    assert kept(store, Grant, "starts", "extra")[2:] == [(None, {"Start date": "ongoing"}), (date(2024, 4, 1), None)]


def test_the_day_of_an_agreement_is_not_who_signed_it(store, tmp_path):
    days = [date(2024, 4, n) for n in range(1, 5)]
    take(store, book(tmp_path, Grants=grants(("Agreement signed", *days))))
    assert kept(store, Grant, "agreement_signed_on", "agreement_signed_by") == [(day, None) for day in days]


@pytest.mark.parametrize("word", ["Yes", "Y"])
def test_that_an_agreement_is_signed_is_nobodys_name(store, tmp_path, word):
    found = take(store, book(tmp_path, Grants=grants(("Agreement signed", *[word] * 4))))
    assert kept(store, Grant, "agreement_signed_on", "agreement_signed_by") == [(None, None)] * 4
    assert sent(found)["Agreement signed"] == "grant.own:yes_no:Agreement signed"
    assert notes(found, "Agreement signed")[0] == (
        "Kept as a column of your own: none of its cells can be read as Agreement signed on of the grant. "
        "Send it elsewhere under “Columns”, if need be"
    )


def test_boroughs_as_officers_write_them_are_read(store, tmp_path):
    cells = ("Brent and Camden", "Pan-London", "RBKC/LBTH", "Camden & Islington")
    take(store, book(tmp_path, Grants=grants(("Borough(s)", *cells))))
    assert [boroughs for (boroughs,) in kept(store, Grant, "boroughs")] == [
        ("Brent", "Camden"),
        ("London-wide",),
        ("Kensington and Chelsea", "Tower Hamlets"),
        ("Camden", "Islington"),
    ]


@pytest.mark.parametrize(
    "title",
    [
        "Grant", "Grant (£)", "Grant value", "Total grant", "Total award", "Amount approved", "Approved amount",
        "Amount agreed", "Funding awarded", "Grant offered", "Original award", "Final award",
    ],
)  # fmt: skip
def test_the_award_is_known_by_what_officers_call_it(store, tmp_path, title):
    found = take(store, book(tmp_path, Grants=grants(titles=(*GRANTS[:3], title))))
    assert (found.amount_read, kept(store, Grant, "awarded")[3]) == (Decimal("10000.00"), (Decimal("4000.00"),))


def test_grants_with_an_amount_a_year_and_a_total_are_grants(store, tmp_path):
    titles = ("FY", "Ref", "Grantee", "Project", "Grant 2023/24", "Grant 2024/25", "Total grant")
    rows = [("2023/24", f"CF{n}", name, f"Project {n}", 100, 200, 300) for n, name in enumerate(NAMES)]
    found = take(store, book(tmp_path, Grants=[titles, *rows]))
    assert (found.tables[0].kind, found.amount_read) == ("grant", Decimal("1200.00"))
    assert sent(found)["Grant 2023/24"].startswith("grant.own:")


@pytest.mark.parametrize("titles", [("2022/23", "2023/24"), (2022, "Total"), ("Year 1 funding", "Year 2 funding")])
def test_that_no_column_gives_the_award_is_said(store, tmp_path, titles):
    rows = [(n, name, f"Project {n}", 100, 200) for n, name in enumerate(NAMES)]
    found = take(store, book(tmp_path, Grants=[(*GRANTS[:3], *titles), *rows]))
    assert verdicts(found) == {"New": 4}
    said = f"No column gives what was awarded: “{titles[0]}” and “{titles[1]}” are kept as columns of your own, "
    assert notes(found, str(titles[0])) == [
        f"{said}and the awards stay blank. Send one to Awarded under “Columns”, if it is the award"
    ]


def test_grants_called_by_name_under_grant_are_not_taken_for_awards(store, tmp_path):
    rows = [(n, name, f"Project {n}", "Small" if n % 2 else "Large", 1000) for n, name in enumerate(NAMES)]
    found = take(store, book(tmp_path, Grants=[(*GRANTS[:3], "Grant", "Amount awarded"), *rows]))
    assert (found.amount_read, sent(found)["Grant"]) == (Decimal("4000.00"), "grant.own:text:Grant")


def test_a_share_spent_is_a_number_not_pounds(store, tmp_path):
    found = take(
        store, book(tmp_path, Grants=grants(("% spent", 0.5, 0.25, 1, 0.75), ("Percentage of budget", 1, 2, 3, 4)))
    )
    assert [sent(found)[title].split(":")[1] for title in ("% spent", "Percentage of budget")] == ["number", "whole"]


def days(month: int) -> tuple[date, ...]:
    return tuple(date(2024, month, day) for day in range(1, 5))


@pytest.mark.parametrize("titles", [("Payment 1", "Date 1", "Payment 2", "Date 2"), ("Pmt 1", "Date", "Pmt 2", "Date")])
def test_numbered_payments_with_numbered_days_are_payments(store, tmp_path, titles):
    cells = ((500,) * 4, days(4), (250,) * 4, days(9))
    found = take(store, book(tmp_path, Grants=grants(*((t, *c) for t, c in zip(titles, cells, strict=True)))))
    assert [target for target in sent(found).values() if target.startswith("payment")] == [
        "payment:1.amount", "payment:1.due", "payment:2.amount", "payment:2.due",
    ]  # fmt: skip
    assert paid_of(store) == [(str(n), Decimal(pounds)) for n in range(1, 5) for pounds in ("250.00", "500.00")]


def test_a_payment_and_when_it_was_paid_are_a_payment(store, tmp_path):
    take(store, book(tmp_path, Grants=grants(("Payment", *[500] * 4), ("Paid on", *days(5)))))
    assert kept(store, Payment, "amount", "paid_on") == [(Decimal("500.00"), day) for day in days(5)]


def test_payments_without_a_day_stay_beside_the_grant_and_it_is_said(store, tmp_path):
    found = take(store, book(tmp_path, Grants=grants(("1st payment", *[500] * 4), ("2nd payment", *[5] * 4))))
    assert kept(store, Payment, "amount") == []
    assert [len(notes(found, title)) for title in ("1st payment", "2nd payment")] == [1, 1]


def test_themes_that_are_not_here_stay_beside_the_grant_and_it_is_said(store, tmp_path):
    found = take(store, book(tmp_path, Grants=grants(("Theme", "Arts; Sport", "Arts", "Sport", "Food"))))
    assert (verdicts(found), sent(found)["Theme"]) == ({"New": 4}, "grant.own:text:Theme")
    said = "Kept as a column of your own: no theme is called as its cells say, and no sheet of the file holds any"
    assert notes(found, "Theme") == [said]


def test_themes_that_a_sheet_of_the_file_brings_are_linked(store, tmp_path):
    themes = [("Programme", "Theme name"), ("Arts fund", "Arts"), ("Arts fund", "Sport")]
    fund = ("Programme", *["Arts fund"] * 4)
    path = book(tmp_path, Themes=themes, Grants=grants(fund, ("Theme", "Arts; Sport", "Arts", "Sport", "Arts")))
    take(store, path)
    assert [len(themes) for (themes,) in kept(store, Grant, "themes")] == [2, 1, 1, 1]


def test_an_error_of_excel_where_a_grant_can_do_without_leaves_it_blank(store, tmp_path):
    more = ("Postcode", "#N/A", "E1 1AA", "E1 1AB", "#REF!"), ("Ward", "North", "#N/A", "South", "East")
    found = take(store, book(tmp_path, Grants=grants(*more)))
    assert (verdicts(found), kept(store, Organisation, "postcode")[0]) == ({"New": 4}, (None,))
    words = "the cell holds an error of Excel, #N/A: mend it there, or type the value over it; left blank"
    assert [(note.row, note.column) for note in found.notes if note.message == words] == [(2, "Postcode"), (3, "Ward")]


def test_an_error_of_excel_in_an_award_or_a_reference_is_a_fault(store, tmp_path):
    rows = [("#N/A", "Body", "P", 100), ("B", "Body", "Q", "#N/A"), ("C", "Body", "R", 100), ("D", "Body", "S", 100)]
    found = take(store, book(tmp_path, Grants=[GRANTS, *rows]))
    assert [(row, column) for row, column, _ in faults(found)] == [(2, "Ref"), (3, "Amount awarded")]


def test_numbers_that_count_on_under_grant_or_payment_are_no_amounts(store, tmp_path):
    rows = [(2300 + n, NAMES[n], f"Project {n}", n + 1, date(2024, 5, 1)) for n in range(4)]
    found = take(store, book(tmp_path, Register=[("Grant", *GRANTS[1:3], "Payment", "Paid on"), *rows]))
    assert (found.amount_read, kept(store, Payment, "amount")) == (Decimal(0), [])


def test_a_grand_total_is_not_what_was_awarded(store, tmp_path):
    found = take(store, book(tmp_path, Grants=grants(titles=(*GRANTS[:3], "Grand total"))))
    assert found.amount_read == 0
    assert len(notes(found, "Grand total")) == 1


def test_numbers_sent_to_reference_that_are_none_of_ours_are_kept_as_identifiers(store, tmp_path):
    path = book(tmp_path, Grants=[("Ref", *GRANTS[1:]), ("CF23-001", "Alpha Trust", "Talks", 1000)])
    first = importing.preview(store, path)
    plan = first.plan.with_target(first.tables[0].name, 0, "grant.reference")

    found = importing.preview(store, path, plan)
    importing.bring_in(store, found)

    words = "None of these numbers is a Reference of this file, and a new grant gets its own here: they are kept as"
    assert f"{words} Identifier" in [note.message for note in found.notes]
    assert kept(store, Grant, "reference", "identifier") == [("OFFIC-0001", "CF23-001")]


def test_numbers_sent_to_the_reference_of_an_organisation_are_said_to_be_lost(store, tmp_path):
    path = book(tmp_path, Bodies=[("Ref no", "Name of body", "Postcode"), ("B7", "Alpha Trust", "E1 6AN")])
    plan = importing.Plan(kind="organisation").with_target("Bodies", 0, "organisation.reference")

    found = importing.preview(store, path, plan.with_target("Bodies", 1, "organisation.name"))

    words = "None of these numbers is a Reference of this file, and a new organisation gets its own here"
    assert f"{words}: send the column elsewhere to keep them" in [note.message for note in found.notes]


def test_paid_beside_date_paid_is_a_payment_and_the_award_of_a_grant_on_two_rows_counts_once(store, tmp_path):
    titles = ("Ref", "Organisation", "Title", "Award", "Paid", "Date paid")
    rows = [("X1", "Alpha Trust", "Talks", 10000, 5000, day) for day in (date(2025, 5, 1), date(2025, 9, 1))]

    take(store, book(tmp_path, Awards=[titles, *rows]))

    assert kept(store, Grant, "awarded") == [(Decimal(10000),)]
    assert kept(store, Payment, "amount", "paid_on") == [(Decimal(5000), row[5]) for row in rows]


def test_references_of_ours_among_others_numbers_stay_references(store, tmp_path):
    take(store, book(tmp_path, Grants=[GRANTS, ("N0", "Alpha Trust", "Old", 4)]))
    rows = [(f"N{n}", "Alpha Trust", f"New {n}", n) for n in range(1, 5)]
    path = book(tmp_path, Grants=[("Our no", *GRANTS[1:]), *rows, ("OFFIC-0001", "Alpha Trust", "Old", 4)])
    first = importing.preview(store, path)

    found = importing.preview(store, path, first.plan.with_target(first.tables[0].name, 0, "grant.reference"))

    assert (sent(found)["Our no"], verdicts(found)) == ("grant.reference", {"New": 4, "Unchanged": 1})


@pytest.mark.parametrize("title", ["Name of Org", "Lead organisation", "Grant recipient", "Group name"])
@pytest.mark.parametrize("number", ["URN", "Project code", "App no", "Bid ref"])
def test_an_organisation_and_a_number_under_officers_own_titles_are_known(store, tmp_path, title, number):
    sheet = [(number, title, "Project title", "Amount awarded"), ("X1", "A", "P", 100), ("X2", "B", "Q", 200)]
    found = importing.preview(store, book(tmp_path, Grants=sheet))
    targets = [column.target for column in found.tables[0].mapping.columns]
    assert targets == ["grant.identifier", "organisation.name", "grant.title", "grant.awarded"]
