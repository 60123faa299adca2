"""A grant that several sheets tell of under one reference is one grant, and what they say otherwise is asked about."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
from sqlalchemy import select

from grants_app.exchange.imports import importing
from grants_app.exchange.imports.plan import Clashing, Plan
from grants_app.records import Grant, Payment

GRANTS = ("Ref", "Organisation", "Project title", "Amount awarded")


def book(tmp_path: Path, **sheets) -> Path:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    made.save(tmp_path / "b.xlsx")
    return tmp_path / "b.xlsx"


def take(store, path, plan=None):
    found = importing.preview(store, path, plan)
    importing.bring_in(store, found)
    return found


def verdicts(found):
    return {verdict.value: (tally.rows, tally.pounds) for verdict, tally in found.tallies.items() if tally.rows}


def grants(store, *names):
    with store.reading() as session:
        return [tuple(grant.get(name) for name in names) for grant in session.scalars(select(Grant).order_by(Grant.id))]


def test_bids_and_awards_of_equal_amounts_are_no_repeats(store, tmp_path):
    bids = [("Ref", "Organisation", "Project title", "Amount requested"), ("1", "A", "P", 100), ("2", "B", "Q", 300)]
    path = book(tmp_path, Bids=bids, Awards=[GRANTS, ("1", "A", "P", 100), ("2", "B", "Q", 200)])
    found = take(store, path)
    assert (found.faults, found.clashes) == ([], [])
    assert grants(store, "asked", "awarded") == [(100, 100), (300, 200)]
    assert not importing.preview(store, path).changes_anything


def test_the_same_columns_in_another_order_are_the_same_rows(store, tmp_path):
    rows = [("1", "A", "P", 100), ("2", "B", "Q", 200)]
    path = book(tmp_path, One=[GRANTS, *rows], Two=[GRANTS[::-1], *(row[::-1] for row in rows)])
    found = take(store, path)
    assert verdicts(found) == {"New": (2, Decimal(300)), "Unchanged": (2, Decimal(0))}  # counted once
    assert grants(store, "identifier", "awarded") == [("1", 100), ("2", 200)]


def test_what_a_monitoring_sheet_says_goes_to_the_grant_of_its_reference(store, tmp_path):
    monitoring = [("Grant ref", "Organisation", "Project title", "RAG", "Remarks"), ("1", "a", "P", "Green", "ok")]
    path = book(tmp_path, All=[GRANTS, ("1", "A", "P", 100)], Monitoring=monitoring)
    found = take(store, path)
    assert (verdicts(found), found.faults) == ({"New": (1, Decimal(100)), "Unchanged": (1, Decimal(0))}, [])
    assert [(title, rag.value) for title, rag in grants(store, "title", "rag")] == [("P", "Green")]


def test_sheets_that_differ_in_a_field_that_both_have_clash_and_the_field_is_named(store, tmp_path):
    second = [(*GRANTS, "Ward"), ("1", "A", "P", 60, "North"), ("1", "A", "P", 40, "South")]
    path = book(tmp_path, All=[GRANTS, ("1", "A", "P", 100)], Wards=second)
    found = importing.preview(store, path)
    (clash,) = found.clashes
    assert (clash.columns, len(clash.rows), len(found.faults)) == (("Amount awarded", "Ward"), 3, 3)

    take(store, path, Plan(all_clashes=Clashing.INSTALMENTS))
    assert grants(store, "awarded") == [(100,)]  # the wards come to what the register has: it is counted once


def test_two_visits_of_one_grant_that_say_different_things_are_asked_about(store, tmp_path):
    visits = [("Ref", "Organisation", "Project title", "RAG"), ("1", "A", "P", "Red"), ("1", "A", "P", "Green")]
    path = book(tmp_path, All=[GRANTS, ("1", "A", "P", 100)], Visits=visits)
    found = importing.preview(store, path)
    assert [(one.columns, one.rows) for one in found.clashes] == [
        (("RAG",), (("All", 2), ("Visits", 2), ("Visits", 3)))
    ]

    found = take(store, path, Plan(all_clashes=Clashing.INSTALMENTS))
    assert [(awarded, rag.value) for awarded, rag in grants(store, "awarded", "rag")] == [(100, "Red")]
    assert any("Green" in note.message for note in found.notes)  # the first decides, and what is left is said


def test_separate_grants_keep_the_row_of_the_other_sheet_that_agrees(store, tmp_path):
    second = [(*GRANTS, "Remarks"), ("1", "A", "P", 100, "first"), ("1", "B", "Q", 50, "other")]
    path = book(tmp_path, All=[GRANTS, ("1", "A", "P", 100)], More=second)
    found = take(store, path, Plan(all_clashes=Clashing.SEPARATE))
    assert verdicts(found) == {"New": (2, Decimal(150)), "Unchanged": (1, Decimal(0))}
    assert grants(store, "identifier", "awarded") == [("1", 100), ("1-2", 50)]


def test_an_instalment_whose_identifier_is_in_other_capitals_brings_its_payment(store, tmp_path):
    titles = ("Ref", "Organisation", "Title", "Awarded", "Payment 1", "Payment 1 date")
    rows = [("CF1", "A", "P", 100, 100, date(2024, 1, 1)), ("cf1", "A", "P", 200, 200, date(2024, 2, 1))]

    take(store, book(tmp_path, Grants=[titles, *rows]), Plan(all_clashes=Clashing.INSTALMENTS))

    with store.reading() as session:
        paid = list(session.scalars(select(Payment.amount).order_by(Payment.id)))
    assert (grants(store, "identifier", "awarded"), paid) == ([("CF1", 300)], [100, 200])
