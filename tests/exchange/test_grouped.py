"""Groups go out as they are shown, and a file says what narrowed its list."""

from datetime import date
from decimal import Decimal

import pytest
from python_calamine import CalamineWorkbook

from grants_app.exchange import clipboard, exporting, grouped
from grants_app.records import Grant, Organisation, Programme
from grants_app.records.grant import Status
from grants_app.store import grouping
from grants_app.store.grouping import By
from grants_app.store.listing import Condition, Listing
from tests.make import make


@pytest.fixture
def filled(store):
    """Two grants of one organisation, asking for money."""
    organisation = make(store, Organisation, name="=Riverline")
    programme = make(store, Programme, code="CVE", name="CVE 2026")
    common = {"programme_id": programme.id, "organisation_id": organisation.id, "received": date(2026, 4, 1)}
    make(store, Grant, **common, title="Talks", status=Status.APPLIED, asked=Decimal("1000.50"))
    make(store, Grant, **common, title="Walks", status=Status.READY, asked=Decimal("2000.00"))
    return {"organisation": organisation.id, "programme": programme.id}


BY, SUMS = (By("organisation_id"), By("status")), ("asked",)


def groups(store, shown):
    with store.reading() as session:
        return grouping.groups(session, shown, BY, SUMS)


def cells(path):
    return CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()


def test_groups_go_out_as_a_workbook_with_real_numbers(store, filled, tmp_path):
    shown = Listing(Grant, ("reference", "asked"))

    assert grouped.write(store, shown, BY, SUMS, groups(store, shown), tmp_path / "groups.xlsx") == 2

    found = cells(tmp_path / "groups.xlsx")
    assert found[0][0] == "Grants by Organisation and Status"
    assert [row for row in found if row[0] in {"Organisation", "=Riverline"}] == [
        ["Organisation", "Status", "Grants", "Asked"],
        ["=Riverline", "Applied", 1, 1000.5],
        ["=Riverline", "Ready for decision", 1, 2000],
    ]


def test_groups_go_out_as_csv(store, filled, tmp_path):
    shown = Listing(Grant, ("reference", "asked"))

    grouped.write(store, shown, BY, SUMS, groups(store, shown), tmp_path / "groups.csv")

    assert (tmp_path / "groups.csv").read_text(encoding="utf-8-sig").splitlines() == [
        "Organisation,Status,Grants,Asked",
        "'=Riverline,Applied,1,1000.50",
        "'=Riverline,Ready for decision,1,2000.00",
    ]


def test_groups_go_to_the_clipboard_under_their_columns(store, filled):
    shown = Listing(Grant, ("reference", "asked"))
    heads = grouped.columns(store, shown, BY, SUMS)

    assert clipboard.as_text(heads, grouped.rows(groups(store, shown))).splitlines()[1] == (
        "'=Riverline\tApplied\t1\t1000.50"
    )


def test_a_file_names_the_linked_record_and_the_programme_that_narrow_its_list(store, filled, tmp_path):
    where = (Condition("organisation_id", "is", (filled["organisation"],)),)
    shown = Listing(Grant, ("reference",), where=where, programme=filled["programme"])

    exporting.write_listing(store, shown, tmp_path / "list.xlsx")

    told = [row[0] for row in cells(tmp_path / "list.xlsx")]
    assert {"Programme: CVE 2026", "Only Organisation is =Riverline"} <= set(told)
