"""What a sheet's name says of its rows: sessions by month, sessions by name, people who came, awards, claims."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from grants_app.errors import Refused
from grants_app.exchange.imports import importing
from grants_app.exchange.imports.plan import Plan
from grants_app.records import Engagement, Grant, Payment
from tests.exchange.test_one_grant_on_several_sheets import GRANTS, book, take, verdicts

REGISTER = [GRANTS, ("CF1", "Alpha Trust", "P", 1000), ("CF2", "Beta Club", "Q", 2000)]
MONTHS = [("Ref", "Organisation", "Apr-23", "May-23", "Jun-23"), ("CF1", "Alpha Trust", 3, 4, 0), ("CF2", "Beta", 1)]


def kinds(found):
    return {table.name: (table.kind, table.lacks) for table in found.tables}


def engagements(store):
    with store.reading() as session:
        found = session.scalars(select(Engagement).order_by(Engagement.id))
        return [(one.title, one.held_on, one.attended, one.grant_id) for one in found]


@pytest.mark.parametrize("name", ["Sessions 2324", "Workshops", "Activities 23-24", "Attendance", "Engagements"])
def test_months_on_a_sheet_of_sessions_make_no_organisations_but_ask_for_a_title(store, tmp_path, name):
    path = book(tmp_path, Grants=REGISTER, **{name: MONTHS})
    found = importing.preview(store, path)
    assert kinds(found)[name] == ("engagement", ("engagement.title",))
    assert found.left_out == [(name, "an engagement needs Title, and no column has it; 4 rows not read")]
    given = importing.preview(store, path, Plan(same={"engagement.title": "Session"}))
    assert verdicts(given) == {"New": (6, Decimal(3000))}


def test_months_under_words_that_say_attendance_are_engagements_of_that_year(store, tmp_path):
    titles = ("Ref", "Apr", "May", "Mar")
    sheet = [("Attendance 2324",), (), titles, ("CF1", 30, None, 12), ("CF2", None, 7, None)]
    plan = Plan(same={"engagement.title": "Session"})
    take(store, book(tmp_path, Grants=REGISTER, Sheet2=sheet), plan)
    assert engagements(store) == [
        ("Session", date(2023, 4, 1), 30, 1),
        ("Session", date(2024, 3, 1), 12, 1),
        ("Session", date(2023, 5, 1), 7, 2),
    ]


def test_the_name_of_a_session_makes_no_contact(store, tmp_path):
    titles = ("Organisation", "Name", "Date", "Attended")
    sheet = [titles, ("Alpha Trust", "Drumming", date(2024, 5, 1), 12), ("Beta Club", "Walk", date(2024, 5, 2), 9)]
    found = take(store, book(tmp_path, Grants=REGISTER, Sessions=sheet))
    assert kinds(found)["Sessions"][0] == "engagement"
    assert [one[:3] for one in engagements(store)] == [
        ("Drumming", date(2024, 5, 1), 12),
        ("Walk", date(2024, 5, 2), 9),
    ]


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        (
            "Sign in",
            [("Workshop at the Hall", "3 June 2024"), ("Name", "Postcode"), ("Ann", "E1 1AA"), ("Bo", "E1 1AB")],
        ),
        ("Sheet1", [("Name", "Signature", "Postcode"), ("Ann Lee", "AL", "E1 1AA"), ("Bo Lee", "BL", "E1 1AB")]),
        ("Sheet1", [("Attendance list",), ("Name", "Email"), ("Ann Lee", "a@b.org"), ("Bo Lee", "b@b.org")]),
    ],
)
def test_people_who_signed_in_become_no_organisations(store, tmp_path, name, rows):
    found = importing.preview(store, book(tmp_path, Grants=REGISTER, **{name: rows}))
    words = "it looks like a list of people who came: say how many under Attended of the session; 2 rows not read"
    assert (found.left_out, verdicts(found)) == ([(name, words)], {"New": (2, Decimal(3000))})


def test_an_award_beside_an_organisation_makes_a_grant_that_lacks_its_title(store, tmp_path):
    sheet = [("Organisation", "Amount awarded"), ("Alpha", 1000), ("Beta", 2000)]
    with pytest.raises(Refused, match="a grant needs Title, and no column has it; 2 rows not read"):
        importing.preview(store, book(tmp_path, Grantees=sheet))
    with_numbers = [("Ref", *sheet[0]), ("1", "Alpha", 1000), ("2", "Beta", 2000)]
    found = importing.preview(store, book(tmp_path, Grantees=with_numbers))
    assert kinds(found) == {"Grantees": ("grant", ("grant.title",))}
    assert found.amount_read == Decimal(3000)


@pytest.mark.parametrize("name", ["Claims", "Instalments 24-25"])
def test_claims_and_instalments_are_payments(store, tmp_path, name):
    sheet = [("Ref", "Amount", "Date paid"), ("CF1", 500, date(2024, 5, 1)), ("CF2", 600, date(2024, 5, 2))]
    take(store, book(tmp_path, Projects=REGISTER, **{name: sheet}))
    with store.reading() as session:
        paid = session.execute(select(Payment.grant_id, Payment.amount).order_by(Payment.id)).all()
        assert session.scalars(select(Grant.title).order_by(Grant.id)).all() == ["P", "Q"]
    assert [tuple(one) for one in paid] == [(1, 500), (2, 600)]


def remarks(found):
    return [(note.sheet, note.row, note.column, note.message) for note in found.notes]


def test_a_payment_or_session_whose_organisation_is_not_its_grants_is_noted(store, tmp_path):
    paid = [
        ("Grant ref", "Organisation", "Amount", "Date paid"),
        ("CF1", "Alpha Trust", 5, date(2024, 5, 1)),
        ("CF2", "Gamma", 6, date(2024, 5, 1)),
    ]
    held = [("Grant ref", "Organisation", "Session", "Date"), ("CF1", "Beta Club", "S", date(2024, 5, 1))]
    path = book(tmp_path, Grants=REGISTER, Payments=paid, Sessions=held)
    wanted = [
        ("Payments", 3, "Organisation", "The row says “Gamma”, and its grant is of “Beta Club”: it goes to that grant"),
        (
            "Sessions",
            2,
            "Organisation",
            "The row says “Beta Club”, and its grant is of “Alpha Trust”: it goes to that grant",
        ),
    ]
    assert [one for one in remarks(take(store, path)) if one[2]] == wanted
    again = importing.preview(store, path)
    assert ([one for one in remarks(again) if one[2]], again.changes_anything) == (wanted, False)


def test_sessions_that_name_organisations_of_the_same_file_do_not_come_in_twice(store, tmp_path):
    held = [
        ("Organisation", "Session", "Date"),
        ("Beta Club", "S", date(2024, 5, 1)),
        ("Alpha Trust", "T", date(2024, 5, 2)),
    ]
    path = book(tmp_path, Sessions=held, Grants=REGISTER)
    take(store, path)
    assert [one[3] for one in engagements(store)] == [2, 1]
    assert not importing.preview(store, path).changes_anything


def test_payments_by_month_make_no_organisations_but_payments(store, tmp_path):
    months = [
        ("Ref", "Organisation", "Apr", "May", "Jun", "Total"),
        ("CF1", "Alpha Trust", 500, 400, None, 900),
        ("CF2", "Beta Club", None, 700, None, 700),
    ]
    take(store, book(tmp_path, Grants=REGISTER, **{"Payments 24-25": months}))
    with store.reading() as session:
        due = session.execute(select(Payment.grant_id, Payment.due, Payment.amount).order_by(Payment.id)).all()
    assert [tuple(one) for one in due] == [
        (1, date(2024, 4, 1), 500),
        (1, date(2024, 5, 1), 400),
        (2, date(2024, 5, 1), 700),
    ]


def test_a_revised_award_counts_rather_than_the_original_where_each_grant_has_one(store, tmp_path):
    titles = ("Ref", "Organisation", "Project title", "Original award", "Revised award")
    both = [titles, ("1", "A", "P", 100, 100), ("2", "B", "Q", 200, 250)]
    found = importing.preview(store, book(tmp_path, Grants=both))
    words = "Kept as a column of your own: “{}” is taken as what was awarded"
    assert (found.amount_read, [note.message for note in found.notes]) == (350, [words.format("Revised award")])
    some = [titles, ("1", "A", "P", 100, None), ("2", "B", "Q", 200, 250)]
    found = importing.preview(store, book(tmp_path, Grants=some))
    assert (found.amount_read, [note.message for note in found.notes]) == (300, [words.format("Original award")])


def test_what_the_panel_decided_is_the_status_not_a_column_beside_applied(store, tmp_path):
    titles = ("App no", "Lead organisation", "Project", "Requested", "Panel decision")
    rows = [("A1", "A", "P", 100, "Fund in part"), ("A2", "B", "Q", 200, "Decline"), ("A3", "C", "R", 300, "Defer")]
    take(store, book(tmp_path, Panel=[titles, *rows]))
    with store.reading() as session:
        kept = session.execute(select(Grant.identifier, Grant.status).order_by(Grant.id)).all()
    assert [(name, status.value) for name, status in kept] == [
        ("A1", "Approved"),
        ("A2", "Not approved"),
        ("A3", "Deferred"),
    ]


def test_people_ticked_for_each_day_are_no_sessions(store, tmp_path):
    days = [("Name", date(2024, 5, 1), date(2024, 5, 8), date(2024, 5, 15)), ("Ann Lee", 1, 1, 0), ("Bo Ray", 1, 0, 1)]
    found = importing.preview(store, book(tmp_path, Grants=REGISTER, Attendance=days))
    words = "it looks like a list of people who came: say how many under Attended of the session; 6 rows not read"
    assert (found.left_out, verdicts(found)) == ([("Attendance", words)], {"New": (2, Decimal(3000))})


def test_a_sheet_of_rejected_bids_without_a_status_says_that_none_is_given(store, tmp_path):
    bids = [("Ref", "Organisation", "Project", "Requested"), ("A2", "Gamma", "R", 2000)]
    found = importing.preview(store, book(tmp_path, Awards=REGISTER, Rejected=bids))
    words = "No column gives the status, and the sheet is called “Rejected”: Not approved is given to none"
    notes = [(note.sheet, note.message) for note in found.notes]
    assert notes == [("Rejected", f"{words}. Give it for every row under “Columns”, if it is theirs")]
    given = importing.preview(store, book(tmp_path, Rejected=bids), Plan(same={"grant.status": "Not approved"}))
    assert [note.message for note in given.notes] == [
        "Status “Not approved” is given to every new grant, as was decided"
    ]


def test_the_title_of_a_workshop_is_the_session_s(store, tmp_path):
    held = [("Group name", "Workshop title", "Date", "Attendance"), ("Beta Club", "Walk", date(2024, 5, 2), 9)]
    take(store, book(tmp_path, Grants=REGISTER, Workshops=held))
    assert engagements(store) == [("Walk", date(2024, 5, 2), 9, 2)]
