"""Any workbook goes in whole, is known again the second time, and comes out clean; what is faulty comes back."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import func, select

from grants_app.errors import Refused
from grants_app.exchange import exporting
from grants_app.exchange.imports import importing, judging, matching
from grants_app.exchange.imports.importing import Clashing, Plan
from grants_app.operations import editing
from grants_app.records import Contact, Engagement, Grant, Organisation, Payment, Programme, Record
from grants_app.records.grant import Status
from grants_app.records.payment import PaymentStatus
from grants_app.store import Store, checking, undoing
from grants_app.store.listing import Listing
from tests.exchange.awkward import BUILDERS, save
from tests.make import make

NO_COLUMN = "no column has it: send one there under “Columns”, or give it for every row under “Sheets”"
FAULTY = {"text_dates": 1, "amounts_as_written": 4, "formulas_and_errors": 3}
"""Rows that cannot be read as they stand: a day that is none, a payment of less than nothing, an error of Excel."""


def rows(found: importing.Preview) -> dict[str, int]:
    return {verdict.value: tally.rows for verdict, tally in found.tallies.items() if tally.rows}


def count(store: Store, kind: type[Record]) -> int:
    with store.reading() as session:
        return session.scalar(select(func.count()).select_from(kind)) or 0


def held(store: Store) -> Programme:
    """One programme, and the grants that the payments and sessions of the workbooks are of."""
    programme = make(store, Programme, code="SCF", name="Shared Communities Fund")
    body = make(store, Organisation, name="Kept before")
    with store.change("Fill", lenient=True) as session:
        common = {"programme_id": programme.id, "organisation_id": body.id}
        grants = ({**common, "title": f"Kept {n}", "identifier": f"SCF/{n:03}"} for n in range(1, 15))
        session.add_many(Grant, grants)
    assert isinstance(programme, Programme)
    return programme


@pytest.mark.parametrize("name", BUILDERS)
def test_every_awkward_workbook_goes_in_twice_and_comes_out_clean(store, tmp_path, name):
    made = BUILDERS[name](tmp_path)
    if all("grant" not in table.kinds for table in made.tables):
        held(store)
    before = {kind: count(store, kind) for kind in (Grant, Organisation, Payment, Engagement, Programme)}

    found = importing.preview(store, made.path)
    importing.bring_in(store, found)

    assert {(t.name, t.rows) for t in found.tables} == {(table.name, table.rows) for table in made.tables}
    assert {t.name: t.kind for t in found.tables if t.kind not in _of(made.tables, t.name).kinds} == {}
    assert rows(found).get("Faulty", 0) == FAULTY.get(name, 0)
    assert found.rows_read == sum(table.rows for table in made.tables)
    assert checking.check(store) == []
    again = importing.preview(store, made.path)
    assert list(again.changes) == []
    assert rows(again).get("Unchanged", 0) == found.rows_read - FAULTY.get(name, 0)
    assert not again.changes_anything
    undoing.undo(store)
    assert {kind: count(store, kind) for kind in before} == before
    assert checking.check(store) == []


def _of(tables, name):
    return next(table for table in tables if table.name == name)


def test_one_row_feeds_an_organisation_its_grant_its_payment_and_its_contact(store, tmp_path):
    titles = ["Group", "Contact", "E-mail", "Grant title", "Award", "Payment amount", "Paid on", "Ward"]
    save(
        tmp_path / "all.xlsx",
        All=[
            titles,
            ["Body", "Ann", "ann@body.org", "Talks", 5000, 2000, "1/5/2026", "Roundshaw"],
            ["Body", "Ann", "ann@body.org", "Talks", 5000, 3000, None, "Roundshaw"],
        ],
    )
    held(store)

    found = importing.preview(store, tmp_path / "all.xlsx")
    importing.bring_in(store, found)

    assert (rows(found), [f.message for f in found.faults]) == (
        {"New": 1, "Faulty": 1},
        ["Due of the payment is missing"],
    )
    with store.reading() as session:
        payment, contact = session.scalars(select(Payment)).one(), session.scalars(select(Contact)).one()
        grant, body = session.get_one(Grant, payment.grant_id), session.get_one(Organisation, contact.organisation_id)
        assert (payment.status, payment.due, payment.own) == (
            PaymentStatus.PAID, payment.paid_on, {"own:text:Ward": "Roundshaw"},
        )  # fmt: skip
        assert (grant.status, grant.awarded, grant.organisation_id, body.name, contact.name) == (
            Status.ACTIVE, Decimal(5000), body.id, "Body", "Ann",
        )  # fmt: skip


def test_a_clash_is_the_officers_to_settle(store, tmp_path):
    titles = ["Identifier", "Organisation", "Title", "Awarded"]
    body = ["A/1", "Body", "Talks"]
    save(tmp_path / "a.xlsx", Grants=[titles, [*body, 100], [*body, 250.5], ["A/2", "Body", "Walks", 7]])
    path = tmp_path / "a.xlsx"

    found = importing.preview(store, path)

    (clash,) = found.clashes
    assert (clash.identifier, clash.columns, clash.rows, clash.pounds) == (
        "A/1", ("Awarded",), (("Grants", 2), ("Grants", 3)), (Decimal(100), Decimal("250.50")),
    )  # fmt: skip
    assert rows(found) == {"New": 1, "Faulty": 2}
    assert rows(importing.preview(store, path, found.plan.with_clash(clash.key, Clashing.SKIP))) == {
        "New": 1,
        "Skipped": 2,
    }
    instalments = importing.preview(store, path, found.plan.with_clash(clash.key, Clashing.INSTALMENTS))
    assert (rows(instalments), instalments.after.rows, instalments.after.pounds) == ({"New": 3}, 2, Decimal("357.50"))
    separate = importing.preview(store, path, Plan(all_clashes=Clashing.SEPARATE))
    importing.bring_in(store, separate)
    with store.reading() as session:
        kept = session.execute(select(Grant.identifier, Grant.awarded).order_by(Grant.id)).all()
    assert [tuple(row) for row in kept] == [("A/1", Decimal(100)), ("A/1-2", Decimal("250.50")), ("A/2", Decimal(7))]
    assert rows(importing.preview(store, path, Plan(all_clashes=Clashing.SEPARATE))) == {"Unchanged": 3}


def test_faulty_rows_come_back_as_the_officers_own_workbook_and_go_in_when_corrected(store, tmp_path):
    titles = ["Title", "Organisation", "Awarded", "Starts"]
    rows_ = [["Register of grants"], [], titles, ["Talks", "Body", 100, "31/2/2026"], ["Walks", "Body", "lots", None]]
    save(tmp_path / "mine.xlsx", Grants=[*rows_, ["Plays", "Body", 5, None]])
    found = importing.preview(store, tmp_path / "mine.xlsx")
    importing.bring_in(store, found)

    assert importing.write_faulty(found, tmp_path / "back.xlsx") == 2

    book = openpyxl.load_workbook(tmp_path / "back.xlsx")
    notes = {cell.coordinate: cell.comment.text for row in book["Grants"].iter_rows() for cell in row if cell.comment}
    assert notes == {
        "D4": "“31/2/2026” is not a day of the calendar: day comes first, then month",
        "C5": "“lots” is not an amount: write it as 1000 or £1,000.50",
    }
    book["Grants"]["D4"], book["Grants"]["C5"] = "28/2/2026", 70
    book.save(tmp_path / "back.xlsx")
    assert rows(importing.preview(store, tmp_path / "back.xlsx")) == {"New": 2, "Unchanged": 1}


def test_faulty_rows_of_other_files_come_back_under_their_headings(store, tmp_path):
    (tmp_path / "a.csv").write_text("Title,Organisation,Awarded\nTalks,Body,lots\nWalks,Body,5\n", encoding="utf-8")
    found = importing.preview(store, tmp_path / "a.csv")

    importing.write_faulty(found, tmp_path / "back.xlsx")

    book = openpyxl.load_workbook(tmp_path / "back.xlsx")
    sheet = book.worksheets[0]
    assert [cell.value for cell in sheet[2]][:3] == ["Talks", "Body", "lots"]
    assert sheet["C2"].comment is not None
    sheet["C2"] = 12
    book.save(tmp_path / "back.xlsx")
    again = importing.preview(store, tmp_path / "back.xlsx")
    assert (rows(again), again.tables[0].mapping.own_targets) == ({"New": 1}, ())


def test_all_or_nothing_stores_nothing_while_a_row_is_faulty(store, tmp_path):
    (tmp_path / "a.csv").write_text("Title,Organisation,Awarded\nTalks,Body,lots\nWalks,Body,5\n", encoding="utf-8")
    found = importing.preview(store, tmp_path / "a.csv", Plan(all_or_nothing=True))

    with pytest.raises(Refused, match="1 row is faulty"):
        importing.bring_in(store, found)

    assert count(store, Grant) == 0


def test_where_an_officer_sent_a_column_is_remembered_for_the_next_file_of_those_titles(store, tmp_path):
    for name in ("a", "b"):
        text = f"Title,Organisation,Panel\nTalks {name},Body,seen\n"
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    found = importing.preview(store, tmp_path / "a.csv")
    assert found.tables[0].mapping.targets[2] == "grant.own:text:Panel"

    plan = found.plan.with_target("a", 2, "grant.decision_reason").with_target("a", 0, "grant.title")
    importing.bring_in(store, importing.preview(store, tmp_path / "a.csv", plan))

    assert importing.preview(store, tmp_path / "b.csv").tables[0].mapping.targets[2] == "grant.decision_reason"


def test_decisions_and_payments_of_kept_records_are_not_made_by_a_file(store, tmp_path):
    held(store)
    with store.change("Fill", lenient=True) as session:
        (grant,) = session.scalars(select(Grant.id).limit(1)).all()
        session.add_many(Payment, [{"grant_id": grant, "due": date(2026, 5, 1), "amount": Decimal(10), "number": 1}])
    save(tmp_path / "p.xlsx", Payments=[["Grant", "Amount", "Due", "Status", "Approved by"],
                                        ["SCF/001", 10, "1/5/2026", "Paid", "Ann"]])  # fmt: skip

    found = importing.preview(store, tmp_path / "p.xlsx")

    assert (rows(found), list(found.changes)) == ({"Unchanged": 1}, [])
    why = "left as it is. Requests, approvals and payments are made on the payment's own page"
    assert [(note.column, note.message) for note in found.notes if why in note.message] == [
        ("Status", f"Status is “Scheduled” here and “Paid” in the file: {why}"),
        ("Approved by", f"Approved by is “blank” here and “Ann” in the file: {why}"),
    ]


def test_a_link_that_leads_nowhere_names_its_cell_and_what_to_do(store, tmp_path):
    held(store)
    make(store, Grant, title="Twice")
    make(store, Grant, title="Twice")
    save(tmp_path / "p.xlsx", Payments=[["Grant", "Amount", "Due"], ["SCF/999", 1, "1/5/2026"],
                                        ["twice", 2, "1/5/2026"], ["Kept 3", 3, "1/5/2026"]])  # fmt: skip

    found = importing.preview(store, tmp_path / "p.xlsx")

    assert [(fault.row, fault.column, fault.message) for fault in found.faults] == [
        (2, "Grant", "There is no grant “SCF/999”, here or in the file: correct the cell, or bring the grant in first"),
        (3, "Grant", "More than one grant is called “twice”: give its reference"),
    ]
    assert rows(found) == {"New": 1, "Faulty": 2}


def test_an_edited_title_of_a_kept_organisation_stays_with_the_officer(store, tmp_path: Path):
    save(tmp_path / "a.xlsx", Organisations=[["Legal name", "Charity number"], ["Body", 1100001]])
    importing.bring_in(store, importing.preview(store, tmp_path / "a.xlsx"))
    editing.save(store, Organisation, {"name": "Body and Soul"}, id=1)

    found = importing.preview(store, tmp_path / "a.xlsx")

    assert [(c.before, c.after) for c in found.changes] == [("Body and Soul", "Body")]


def test_a_heading_over_several_columns_does_not_hide_what_they_are(store, tmp_path):
    titles = ["Ref no", "Organisation", "Project title", "Amount awarded", "Borough", "Ward"]
    groups = ["Grant", None, None, "Money", "Other", None]
    rows = [[f"CG/25/{n:03}", f"Body {n}", f"Project {n}", f"£{n},000", "Brent", "North"] for n in range(1, 5)]
    path = tmp_path / "grouped.xlsx"
    book = save(path, Awards=[["Register of awards"], [], groups, titles, *rows])
    for cells in ("A1:F1", "A3:C3", "E3:F3"):
        book["Awards"].merge_cells(cells)
    book.save(path)

    found = importing.preview(store, path)

    assert [column.target for column in found.tables[0].mapping.columns] == [
        "grant.identifier", "organisation.name", "grant.title", "grant.awarded", "grant.boroughs",
        "grant.own:text:Ward",
    ]  # fmt: skip
    assert found.amount_read == Decimal("10000.00")


def test_a_register_is_known_by_its_lower_headings_and_its_payments_are_too(store, tmp_path):
    titles = ["Ref", "Organisation", "Project", "Awarded", "Payment 1 date", "Payment 1 amount", "Ward"]
    rows_ = [[f"BW-{n:03}", f"Body {n}", f"Project {n}", 900, date(2026, 5, n), 450, "Bow"] for n in range(1, 4)]
    path = tmp_path / "register.xlsx"
    book = save(path, Sheet1=[["Who", None, "Award", None, "Payments", None, "Other"], titles, *rows_])
    for cells in ("A1:B1", "C1:D1", "E1:F1"):
        book["Sheet1"].merge_cells(cells)
    book.save(path)

    found = importing.preview(store, path)

    assert ([*found.tables[0].mapping.targets.values()], rows(found)) == (
        [
            "grant.identifier", "organisation.name", "grant.title", "grant.awarded", "payment:1.due",
            "payment:1.amount", "grant.own:text:Ward",
        ],
        {"New": 3},
    )  # fmt: skip


def test_a_table_that_is_not_known_has_a_place_for_each_column_once_it_is_ticked(store, tmp_path):
    save(
        tmp_path / "a.xlsx",
        Sheet1=[["Scheme", "Sum"], ["Walks", 5], ["Talks", 6]],
        Other=[["Organisation", "Grant title", "Awarded"], ["Body", "Plays", 7]],
    )

    found = importing.preview(store, tmp_path / "a.xlsx")

    assert [table.left_out for table in found.tables] == [True, False]
    assert [*found.tables[0].mapping.targets.values()] == ["grant.own:text:Scheme", "grant.own:whole:Sum"]


@pytest.mark.parametrize(
    ("title", "target"),
    [
        ("Grant number", "grant.identifier"),
        ("Grant No.", "grant.identifier"),
        ("Ref no", "grant.identifier"),
        ("Project ID", "grant.identifier"),
        ("Charity number", "organisation.charity_number"),
        ("Company no", "organisation.company_number"),
        ("Number of grants", "grant.own:text:Number of grants"),
        ("Phone number", "grant.own:text:Phone number"),
    ],
)
def test_a_number_is_an_identifier_only_where_the_title_says_that_it_numbers_grants(store, tmp_path, title, target):
    (tmp_path / "a.csv").write_text(f"{title},Organisation,Title\nA/1,Body,Talks\nA/2,Body,Walks\n", encoding="utf-8")

    assert importing.preview(store, tmp_path / "a.csv").tables[0].mapping.targets[0] == target


@pytest.mark.parametrize("title", ["How many people came?", "No. of participants", "How many attended", "People came"])
def test_a_form_may_ask_in_many_words_how_many_came(store, tmp_path, title):
    (tmp_path / "a.csv").write_text(f"Session title,Held on,{title}\nTalk,1/5/2026,20\n", encoding="utf-8")

    assert importing.preview(store, tmp_path / "a.csv").tables[0].mapping.targets[2] == "engagement.attended"


def test_an_award_below_nought_and_points_between_thousands_go_in_with_a_note(store, tmp_path):
    text = "Title,Organisation,Awarded\nTalks,Body,1.250\nWalks,Body,1.000.000\nPlays,Body,-300\n"
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")

    found = importing.preview(store, tmp_path / "a.csv")

    assert (rows(found), found.amount_read) == ({"New": 3}, Decimal("1000950.00"))
    assert [(note.row, note.message) for note in found.notes if note.column == "Awarded"] == [
        (2, "“1.250” read as £1,250: points stand between the thousands of its column"),
        (3, "“1.000.000” read as £1,000,000: points stand between the thousands of its column"),
        (4, "−£300 is below nought: correct it in the file if that is a slip"),
    ]


def test_more_columns_of_their_own_than_a_kind_may_have_are_said_before_import(store, tmp_path):
    homeless = [f"Remark number {a}{b}" for a in "abcdefghij" for b in "abcdefghij"] + ["Zig", "Zag", "Zog"]
    rows_ = [["Organisation", "Grant title", "Awarded", *homeless], ["Body", "Talks", 5, *homeless]]
    save(tmp_path / "a.xlsx", Grants=rows_)

    found = importing.preview(store, tmp_path / "a.xlsx")

    assert (found.changes_anything, found.may_be_stored) == (True, False)
    assert found.hindrance.startswith("Grants may have 100 columns of your own, and would have 103: “Remark number aa”")
    assert found.hindrance.endswith("98 more are new. Leave out 3 of them under Columns, or send them elsewhere.")
    with pytest.raises(Refused, match="may have 100 columns"):
        importing.bring_in(store, found)
    plan = found.plan
    for place in (3, 4, 5):
        plan = plan.with_target("Grants", place, "")
    assert importing.preview(store, tmp_path / "a.xlsx", plan).may_be_stored


def test_rows_of_no_programme_say_where_they_go(store, tmp_path):
    titles = ["Organisation", "Grant title", "Awarded", "Programme"]
    save(tmp_path / "our_awards.xlsx", Grants=[titles, ["Body", "Talks", 5, None], ["Body", "Walks", 6, None]])

    found = importing.preview(store, tmp_path / "our_awards.xlsx")

    assert found.of_no_programme == "No programme named: these grants go into a new programme called “Our awards”."
    importing.bring_in(store, found)
    assert rows(importing.preview(store, tmp_path / "our_awards.xlsx")) == {"Unchanged": 2}
    save(tmp_path / "b.xlsx", Grants=[titles, ["Body", "Talks", 5, "Our awards"], ["Body", "Plays", 6, None]])
    assert importing.preview(store, tmp_path / "b.xlsx").of_no_programme == (
        "No programme named: 1 row goes into “Our awards”, the only programme here."
    )


def test_months_across_under_organisations_become_engagements_once_a_title_is_given(store, tmp_path):
    grants = [["Organisation", "Title", "Awarded"], ["Body A", "Talks", 100], ["Body B", "Walks", 50]]
    months = ["Organisation", "Apr", "May", "Jun", "Jul", "Total"]
    save(
        tmp_path / "a.xlsx",
        Grants=grants,
        Attendances=[["Attendances 2026/27"], months, ["Body A", 3, 4, "-", 5, 12], ["Body B", 1, 2, 3, 4, 10]],
    )
    found = importing.preview(store, tmp_path / "a.xlsx")
    why = "an engagement needs Title, and no column has it; 7 rows not read"
    assert (("Attendances", why) in found.left_out, found.tables[1].lacks) == (True, ("engagement.title",))

    found = importing.preview(
        store, tmp_path / "a.xlsx", found.plan.with_same("Attendances", "engagement.title", "Drop-in")
    )
    importing.bring_in(store, found)

    assert (rows(found), found.faults, found.tables[1].same) == ({"New": 9}, [], {"engagement.title": "Drop-in"})
    with store.reading() as session:
        statement = select(Engagement.title, Engagement.held_on, Engagement.attended, Grant.title).join_from(
            Engagement, Grant, Engagement.grant_id == Grant.id
        )
        assert [tuple(row) for row in session.execute(statement.order_by(Engagement.id))][:3] == [
            ("Drop-in", date(2026, 4, 1), 3, "Talks"),
            ("Drop-in", date(2026, 5, 1), 4, "Talks"),
            ("Drop-in", date(2026, 7, 1), 5, "Talks"),
        ]
    again = importing.preview(store, tmp_path / "a.xlsx")
    assert (rows(again), again.changes_anything, again.left_out) == ({"Unchanged": 9}, False, [])
    undoing.undo(store)
    assert (count(store, Engagement), checking.check(store)) == (0, [])


def test_an_organisation_leads_to_its_kept_grant_however_its_name_is_punctuated(store, tmp_path):
    body = make(store, Organisation, name="St Mary's Food Hub")
    make(store, Grant, title="Warm meals", organisation_id=body.id)
    titles = ["Organisation", "Title", "Held on"]
    save(tmp_path / "a.xlsx", Engagements=[titles, ["St Marys food hub", "Lunch", date(2026, 5, 1)]])

    plan = Plan().with_target("Engagements", 0, "engagement.grant_id")
    found = importing.preview(store, tmp_path / "a.xlsx", plan)

    assert (rows(found), [note.message for note in found.notes]) == (
        {"New": 1},
        ["“St Marys food hub” read as its only grant"],
    )


def across(store: Store, path: Path, *titles: str, row=(500, "1/5/2026", 300, "1/9/2026")) -> list[str]:
    """Where columns beside a grant go."""
    save(path, Grants=[["Ref", "Organisation", "Title", *titles], ["A/1", "Body", "Talks", *row]])
    return [column.words for column in importing.preview(store, path).tables[0].mapping.columns[3:]]


def test_columns_of_numbered_payments_are_payments_of_the_rows_grant(store, tmp_path):
    path = tmp_path / "a.xlsx"
    plain = ["Payment 1: Amount", "Payment 1: Due", "Payment 2: Amount", "Payment 2: Due"]
    paid = [words.replace("Due", "Paid on") for words in plain]
    assert across(store, path, "Payment 1 amount", "Payment 1 date", "Payment 2 amount", "Payment 2 date") == plain
    assert across(store, path, "1st payment", "1st payment due", "2nd payment", "2nd payment due") == plain
    assert across(store, path, "Instalment 1", "Date paid", "Instalment 2", "Date paid") == paid
    assert across(store, path, "Q1 payment", "Q1 payment made", "Payment Q2", "Payment Q2 made") == paid
    made = BUILDERS["payments_across"](tmp_path)
    assert [column.words for column in importing.preview(store, made.path).tables[0].mapping.columns[4:]] == [
        *paid[:2], *plain[2:], "Payment 3: Amount", "Payment 3: Invoice reference", "Payment 3: Due",
    ]  # fmt: skip
    own = "Grant: Payment {} (a column of your own)"
    assert across(store, path, "Payment 1", "Payment 2", row=(1, 2)) == [own.format(1), own.format(2)]
    assert across(store, path, "Payment 1 due", "Payment 1", "Payment 1 paid", row=("1/5/2026", 5, "Yes"))[2] == (
        "Grant: Payment 1 paid (a column of your own)"
    )


def test_each_payment_beside_a_grant_needs_its_day_and_one_without_an_amount_is_none(store, tmp_path):
    save(
        tmp_path / "a.xlsx",
        Grants=[
            ["Ref", "Organisation", "Title", "Payment 1", "Payment 1 paid on", "Payment 2", "Payment 2 due"],
            ["A/1", "Body", "Talks", 500, "1/5/2026", None, date(2026, 9, 1)],
            ["A/2", "Body", "Walks", 500, "1/5/2026", 300, None],
            ["A/3", "Body", "Plays", 500, "1/5/2026", 500, date(2026, 5, 1)],
        ],
    )

    found = importing.preview(store, tmp_path / "a.xlsx")
    importing.bring_in(store, found)

    assert (rows(found), [(f.row, f.column, f.message) for f in found.faults]) == (
        {"New": 2, "Faulty": 1},
        [(3, "Payment 2 due", "Due of payment 2 is missing")],
    )
    assert (2, "Payment 2 due", "Payment 2 has no amount: none is made") in [
        (note.row, note.column, note.message) for note in found.notes
    ]
    with store.reading() as session:
        columns = (Payment.number, Payment.amount, Payment.due, Payment.status, Payment.paid_on)
        kept = session.execute(select(*columns)).all()
    day = date(2026, 5, 1)
    assert [tuple(row) for row in kept] == [
        (1, Decimal(500), day, PaymentStatus.PAID, day),
        (1, Decimal(500), day, PaymentStatus.PAID, day),
        (2, Decimal(500), day, PaymentStatus.SCHEDULED, None),
    ]
    assert rows(importing.preview(store, tmp_path / "a.xlsx")) == {"Unchanged": 2, "Faulty": 1}
    titles = ["Ref", "Organisation", "Title", "Payment 1", "Payment 1 due"]
    save(tmp_path / "b.xlsx", Grants=[titles, ["A/1", "Body", "Talks", 7, date(2026, 8, 1)]])
    more = importing.preview(store, tmp_path / "b.xlsx")
    assert (rows(more), [(one.kind, one.pounds) for one in more.added()]) == ({"Changed": 1}, [("payment", Decimal(7))])


def test_a_schedule_of_payments_across_finds_its_grants(store, tmp_path):
    held(store)
    for title, grant in (("Grant", "SCF/003"), ("Grant reference", "SCF-0004")):
        titles = [title, "Payment 1", "Payment 1 date", "Payment 2", "Payment 2 date"]
        save(tmp_path / "a.xlsx", Schedule=[titles, [grant, 5, date(2026, 5, 1), 6, date(2026, 6, 1)]])
        found = importing.preview(store, tmp_path / "a.xlsx")
        importing.bring_in(store, found)
        assert (rows(found), found.brings, list(found.changes)) == ({"Changed": 1}, {Payment: 2}, [])
    with store.reading() as session:
        assert session.scalars(select(Payment.grant_id).order_by(Payment.id)).all() == [3, 3, 4, 4]


def test_payments_that_only_say_when_they_were_paid_are_known_again(store, tmp_path):
    held(store)
    sheet = [["Grant", "Amount", "Paid on"], ["SCF/001", 1, "1/5/2026"], ["SCF/001", 1, "1/5/2026"]]
    save(tmp_path / "p.xlsx", Payments=sheet)
    importing.bring_in(store, importing.preview(store, tmp_path / "p.xlsx"))

    assert rows(importing.preview(store, tmp_path / "p.xlsx")) == {"Unchanged": 2}


def test_months_without_a_year_stay_out_and_say_where_to_write_it(store, tmp_path):
    save(tmp_path / "a.xlsx", Attendance=[["Grant", "Apr", "May", "Jun"], ["SCF/001", 1, 2, 3]])

    found = importing.preview(store, tmp_path / "a.xlsx", asking=True)

    why = "its months name no year: write it in the line above them, as 2026/27; 3 rows not read"
    assert (found.left_out, found.tables[0].lacks) == ([("Attendance", why)], ())


def test_an_organisation_stands_for_its_grant_only_while_it_has_one(store, tmp_path):
    held(store)
    make(store, Grant, title="Alone", organisation_id=make(store, Organisation, name="Solo").id)
    sheet = [["Organisation", "Amount", "Due"], ["Solo", 1, "1/5/2026"], ["Kept before", 2, "1/5/2026"]]
    save(tmp_path / "p.xlsx", Payments=sheet)

    found = importing.preview(store, tmp_path / "p.xlsx")

    assert (rows(found), [(note.row, note.message) for note in found.notes if note.column == "Organisation"]) == (
        {"New": 1, "Faulty": 1},
        [(2, "“Solo” read as its only grant")],
    )
    assert [fault.message for fault in found.faults] == [
        "“Kept before” has more than one grant: give the reference of the one that is meant"
    ]


def test_a_row_added_to_a_list_without_titles_takes_the_one_that_is_given_and_kept_records_keep_theirs(store, tmp_path):
    make(store, Grant, title="Kept", organisation_id=make(store, Organisation, name="Body").id)
    path = tmp_path / "list.xlsx"
    exporting.write_listing(store, Listing(Grant, ("reference", "organisation_id", "awarded")), path)
    book = openpyxl.load_workbook(path)
    sheet = book.active
    head = next(row[0].row for row in sheet.iter_rows() if row[0].value == "Reference")
    sheet.insert_rows(head + 2)
    sheet.cell(head + 2, 2, "Body")
    sheet.cell(head + 2, 3, 70)
    book.save(path)

    found = importing.preview(store, path)

    assert (rows(found), [fault.message for fault in found.faults], found.tables[0].lacks) == (
        {"Unchanged": 1, "Faulty": 1},
        [f"Title of the grant is missing, and {NO_COLUMN}"],
        ("grant.title",),
    )
    given = importing.preview(store, path, Plan(same={"grant.title": "To be named"}))
    assert (rows(given), list(given.changes)) == ({"Unchanged": 1, "New": 1}, [])
    with pytest.raises(Refused, match="Title for every row"):
        importing.preview(store, path, Plan(same={"grant.title": "x" * 9000}))


def test_records_that_were_put_away_meanwhile_are_spoken_of_again_and_stored_whole(store, tmp_path, monkeypatch):
    monkeypatch.setattr(matching, "_MOST_HELD", 0)
    monkeypatch.setattr(judging, "_BATCH", 1)
    titles = ["Organisation", "Charity number", "Postcode", "Grant title", "Awarded"]
    first = [
        ["Body", None, None, "Talks", 1],
        ["Other", None, "E1 1AA", "Walks", 2],
        ["Body", "1000001", None, "Plays", 3],
    ]
    save(tmp_path / "a.xlsx", Grants=[titles, *first, ["Body", None, "N1 1AA", "Teas", 4], *first[1:]])
    path = tmp_path / "a.xlsx"

    importing.bring_in(store, importing.preview(store, path))

    def kept():
        with store.reading() as session:
            held = session.execute(select(Organisation.name, Organisation.charity_number, Organisation.postcode))
            return [tuple(row) for row in held]

    assert kept() == [("Body", "1000001", "N1 1AA"), ("Other", None, "E1 1AA")]
    assert set(rows(importing.preview(store, path))) <= {"Unchanged", "Faulty"}
    save(path, Grants=[titles, ["Body", None, "N2 2BB", "Talks", 1], *first[1:], ["Body", None, "N2 2BB", "Teas", 4]])
    again = importing.preview(store, path)
    assert [(c.before, c.after) for c in again.changes] == [("N1 1AA", "N2 2BB")]
    importing.bring_in(store, again)
    assert kept() == [("Body", "1000001", "N2 2BB"), ("Other", None, "E1 1AA")]
    assert checking.check(store) == []


def test_a_payment_of_a_grant_that_is_faulty_says_so_and_not_that_there_is_none(store, tmp_path):
    path = tmp_path / "register.xlsx"
    save(
        path,
        Grants=[["Grant ref", "Organisation", "Title", "Awarded"], ["C1", "Open Door", "Talks", "to follow"]],
        Payments=[["Grant ref", "Amount", "Due"], ["C1", 500, "1/5/2026"], ["C9", 500, "1/5/2026"]],
    )

    said = [(fault.sheet, fault.row, fault.message) for fault in importing.preview(store, path).faults]

    assert said[1:] == [
        ("Payments", 2, "The grant “C1” does not come in, for row 2 of Grants stays out: mend that row first"),
        ("Payments", 3, "There is no grant “C9”, here or in the file: correct the cell, or bring the grant in first"),
    ]
