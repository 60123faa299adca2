"""Tables of one workbook that are about the same records: each comes in once, and none is lost."""

from datetime import date
from decimal import Decimal

from sqlalchemy import func, select

from grants_app.exchange.imports import importing, storing
from grants_app.records import Contact, Grant, Organisation, Payment
from grants_app.records.grant import Status
from grants_app.records.payment import PaymentStatus
from grants_app.store import checking, undoing
from tests.exchange.awkward import save
from tests.exchange.test_any_workbook import count, held, rows

DAY, LATER = date(2026, 5, 1), date(2026, 9, 1)


def paid(store):
    with store.reading() as session:
        reference = select(Grant.reference).where(Grant.id == Payment.grant_id).scalar_subquery()
        columns = (reference, Payment.amount, Payment.due, Payment.paid_on, Payment.status)
        return [tuple(row) for row in session.execute(select(*columns).order_by(Payment.grant_id, Payment.id))]


def test_payments_on_the_rows_of_grants_and_on_a_sheet_of_their_own_come_in_once(store, tmp_path):
    path = tmp_path / "register.xlsx"
    across = [f"Payment {n} {what}" for n in (1, 2) for what in ("amount", "date")]
    save(
        path,
        Grants=[
            ["Identifier", "Organisation", "Title", "Awarded", *across],
            ["G/1", "Harbour Lane", "Talks", 3000, 1000, DAY, 2000, LATER],
            ["G/2", "Open Door", "Walks", 3000, 1500, DAY, 1500, DAY],
        ],
        Payments=[
            ["Grant", "Amount", "Due", "Paid on"],
            ["G/1", 1000, DAY, date(2026, 5, 3)],
            ["G/2", 1500, DAY, None],
            ["G/2", 1500, DAY, None],
            ["G/2", 1500, DAY, None],
        ],
    )

    found = importing.preview(store, path)
    importing.bring_in(store, found)

    assert (rows(found), found.amount_read) == ({"New": 3, "Unchanged": 3}, Decimal(11500))
    planned = (None, PaymentStatus.SCHEDULED)
    once, twice = paid(store)[0][0], paid(store)[-1][0]
    assert paid(store) == [
        (once, Decimal(1000), DAY, date(2026, 5, 3), PaymentStatus.PAID), (once, Decimal(2000), LATER, *planned),
        *[(twice, Decimal(1500), DAY, *planned)] * 3,
    ]  # fmt: skip
    again = importing.preview(store, path)
    assert (rows(again), again.changes_anything) == ({"Unchanged": 6}, False)
    undoing.undo(store)
    assert (count(store, Payment), count(store, Grant), checking.check(store)) == (0, 0, [])


def test_payments_alike_on_one_sheet_are_two_whatever_another_sheet_holds(store, tmp_path):
    held(store)
    path = tmp_path / "payments.xlsx"
    save(
        path,
        Y1=[["Grant", "Amount", "Due"], ["SCF/001", 1000, DAY], ["SCF/001", 1000, DAY]],
        Y2=[
            ["Grant", "Amount", "Due", "Invoice reference"],
            ["SCF/002", 1000, DAY, "a"], ["SCF/002", 1000, DAY, "b"], ["SCF/001", 1000, DAY, "c"],
        ],
    )  # fmt: skip

    found = importing.preview(store, path)
    importing.bring_in(store, found)

    assert (rows(found), [(note.sheet, note.row, note.message) for note in found.notes]) == (
        {"New": 4, "Unchanged": 1}, [("Y2", 4, "The same payment as row 2 of sheet “Y1”: it comes in once")],
    )  # fmt: skip
    with store.reading() as session:
        invoices = session.scalars(select(Payment.invoice).order_by(Payment.id)).all()
        assert (invoices, session.scalar(select(func.sum(Payment.amount)))) == (["c", None, "a", "b"], 4000)
    again = importing.preview(store, path)
    assert (rows(again), again.changes_anything) == ({"Unchanged": 5}, False)


def test_a_contact_beside_several_grants_of_an_organisation_is_one_person(store, tmp_path):
    path = tmp_path / "grants.xlsx"
    titles = ["Identifier", "Organisation", "Contact name", "Contact email", "Title", "Awarded"]
    bodies = ["Harbour Lane", "Harbour Lane", "Open Door"]
    grants = [[f"G/{n}", body, "A Name", "a@b.org", "Talks", 5] for n, body in enumerate(bodies)]
    save(path, Grants=[titles, *grants])

    importing.bring_in(store, importing.preview(store, path))

    assert (count(store, Grant), count(store, Contact), count(store, Organisation)) == (3, 2, 2)
    assert rows(importing.preview(store, path)) == {"Unchanged": 3}


def test_two_lists_of_organisations_with_other_columns_are_about_the_same_ones(store, tmp_path, monkeypatch):
    monkeypatch.setattr(storing, "_BATCH", 2)
    path = tmp_path / "organisations.xlsx"
    names = ["Harbour Lane", "Open Door", "Peckham Listens"]
    save(
        path,
        Kinds=[["Name", "Kind"], *([name, "Other"] for name in [*names, names[0]])],
        Sites=[["Name", "Website"], *([name, f"https://{at}.org"] for at, name in enumerate(names))],
    )

    found = importing.preview(store, path)
    importing.bring_in(store, found)

    assert rows(found) == {"New": 3, "Unchanged": 4}
    save(path, Sites=[["Name", "Website"], *([name, f"https://{at}.net"] for at, name in enumerate(names))])
    importing.bring_in(store, importing.preview(store, path))
    with store.reading() as session:
        kept = session.execute(select(Organisation.name, Organisation.website).order_by(Organisation.id)).all()
    sites = [(name, f"https://{at}.net") for at, name in enumerate(names)]
    assert [tuple(row) for row in kept] == sites


def test_two_columns_of_titles_that_read_alike_go_where_each_was_sent_the_next_time_too(store, tmp_path):
    path = tmp_path / "grants.xlsx"
    save(path, Grants=[["Organisation", "Grant title", "Awarded", "Sum (£)", "Sum"], ["Open Door", "Talks", 9, 5, 7]])
    found = importing.preview(store, path)

    importing.bring_in(store, importing.preview(store, path, found.plan.with_target("Grants", 3, "grant.asked")))

    again = importing.preview(store, path)
    targets = [column.target for column in again.tables[0].mapping.columns]
    assert (targets[3], targets[4].partition(":")[0]) == ("grant.asked", "grant.own")
    assert (rows(again), again.changes_anything) == ({"Unchanged": 1}, False)


def kept(store):
    with store.reading() as session:
        columns = (Grant.title, Grant.asked, Grant.awarded, Grant.status)
        return [tuple(row) for row in session.execute(select(*columns).order_by(Grant.id))]


def test_what_one_list_asks_and_another_awards_is_one_grant_that_is_active(store, tmp_path):
    path = tmp_path / "grants.xlsx"
    save(
        path,
        Bids=[["Organisation", "Grant title", "Asked"], ["Open Door", "Talks", 10], ["Open Door", "Walks", 20]],
        Awards=[["Organisation", "Grant title", "Awarded", "Starts"], ["Open Door", "Talks", 8, DAY]],
    )

    found = importing.preview(store, path)
    importing.bring_in(store, found)

    assert (rows(found), found.after.rows, found.after.pounds) == ({"New": 2, "Unchanged": 1}, 2, Decimal(8))
    assert kept(store) == [
        ("Talks", Decimal(10), Decimal(8), Status.ACTIVE), ("Walks", Decimal(20), None, Status.APPLIED),
    ]  # fmt: skip
    assert rows(importing.preview(store, path)) == {"Unchanged": 3}


def test_rows_that_are_called_alike_are_grants_of_their_own_where_payments_stand_across(store, tmp_path):
    path = tmp_path / "grants.xlsx"
    titles = ["Organisation", "Grant title", "Awarded", "Payment 1 amount", "Payment 1 paid on"]
    three = [["Open Door", "Core costs", pounds, pounds, DAY] for pounds in (5, 5, 7)]
    save(path, Grants=[titles, *three])

    found = importing.preview(store, path)
    importing.bring_in(store, found)

    assert (rows(found), found.after.pounds) == ({"New": 3}, Decimal(17))
    assert [awarded for _, _, awarded, _ in kept(store)] == [5, 5, 7]
    assert [(amount, status) for _, amount, _, _, status in paid(store)] == [
        (pounds, PaymentStatus.PAID) for pounds in (5, 5, 7)
    ]
    again = importing.preview(store, path)
    assert (rows(again), again.changes_anything) == ({"Unchanged": 3}, False)
    save(path, Grants=[titles, *three[:2], [*three[2][:2], 8, 7, DAY]])
    more = importing.preview(store, path)
    assert (rows(more), more.brings, more.after.pounds) == ({"Changed": 1, "Unchanged": 2}, {}, Decimal(18))


def test_grants_of_two_years_are_two_whatever_columns_their_sheets_have(store, tmp_path):
    path = tmp_path / "grants.xlsx"
    titles, year = ["Organisation", "Grant title", "Awarded", "Starts"], date(2027, 5, 1)
    save(
        path,
        Y26=[titles, ["Open Door", "Core costs", 5, DAY], ["Peckham Listens", "Core costs", 6, DAY]],
        Y27=[
            [*titles, "Purpose"],
            ["Open Door", "Core costs", 5, year, "Rent"], ["Peckham Listens", "Core costs", 7, None, "Heat"],
        ],
    )  # fmt: skip

    found = importing.preview(store, path)
    importing.bring_in(store, found)

    assert (rows(found), found.after.pounds, found.notes) == ({"New": 4}, Decimal(23), [])
    assert [awarded for _, _, awarded, _ in kept(store)] == [5, 6, 5, 7]
    again = importing.preview(store, path)
    assert (rows(again), again.changes_anything) == ({"Unchanged": 4}, False)
