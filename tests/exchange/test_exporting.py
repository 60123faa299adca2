"""What goes out as a workbook and as CSV: all of the file, a list as it is shown, a list by groups."""

import csv
import shutil
import subprocess
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from grants_app.exchange import clipboard, exporting, separated
from grants_app.exchange.imports import importing
from grants_app.exchange.shapes import Column
from grants_app.operations import editing, file_settings
from grants_app.records import RECORDS, Grant, Kind, Organisation, Payment, Programme
from grants_app.records.grant import Status
from grants_app.store import grouping, settings
from grants_app.store.grouping import By
from grants_app.store.listing import Condition, Listing
from tests.make import make


@pytest.fixture
def filled(store):
    """A programme with two grants of one organisation, one of them awarded."""
    programme = make(store, Programme, code="CVE", name="Countering Violent Extremism")
    organisation = make(store, Organisation, name="Met-Talk & Sons")
    common = {"programme_id": programme.id, "organisation_id": organisation.id}
    make(
        store,
        Grant,
        **common,
        title="=Talks",
        awarded=Decimal("24000.50"),
        status=Status.ACTIVE,
        starts=date(2026, 4, 1),
    )
    make(store, Grant, **common, title="Walks", boroughs=("Brent", "Camden"), extra={"Notes": "seen"})
    return store


def read(path: Path, sheet: str) -> list[list[object]]:
    return list(CalamineWorkbook.from_path(path).get_sheet_by_name(sheet).to_python(skip_empty_area=False))


def as_dicts(path: Path, sheet: str) -> list[dict[object, object]]:
    headings, *rows = read(path, sheet)
    return [dict(zip(headings, row, strict=True)) for row in rows]


def test_the_workbook_has_a_sheet_for_every_kind_of_record(filled, tmp_path):
    written = exporting.write_workbook(filled, tmp_path / "all.xlsx")

    names = CalamineWorkbook.from_path(tmp_path / "all.xlsx").sheet_names
    assert (written, names) == (4, ["Read me", "Summary", *(kind.plural for kind in RECORDS), "Lists"])


def test_records_are_linked_by_reference_and_named_beside(filled, tmp_path):
    exporting.write_workbook(filled, tmp_path / "all.xlsx")

    first, second = as_dicts(tmp_path / "all.xlsx", "Grants")
    shown = (
        "Reference",
        "Programme",
        "Organisation",
        "Organisation name",
        "Title",
        "Status",
        "Awarded",
        "Starts",
        "Left",
    )
    assert [first[name] for name in shown] == [
        "CVE-0001", "CVE", "ORG-0001", "Met-Talk & Sons", "=Talks", "Active", 24000.5, date(2026, 4, 1), 24000.5,
    ]  # fmt: skip
    assert (second["Boroughs"], second["Other columns"]) == ("Brent; Camden", "Notes: seen")


def test_the_read_me_says_whose_file_and_what_each_column_means(filled, tmp_path):
    exporting.write_workbook(filled, tmp_path / "all.xlsx", kinds=[Grant], words="talks")

    lines = [row[:4] for row in read(tmp_path / "all.xlsx", "Read me")]
    assert [line[0] for line in lines[:6]] == [
        "Read me",
        "Internal: holds personal data. Do not pass it on outside the team.",
        "File: work.grants",
        "Made by Ann Officer as at 23 November 2026 14:02",
        "Only holding “talks”",
        "",
    ]
    meanings = {line[1]: line[2:] for line in lines[7:]}
    assert meanings["Left"] == ["Pounds", "Current amount less paid (worked out)"]
    assert len(read(tmp_path / "all.xlsx", "Grants")) == 2


def test_the_summary_ties_each_sheet_to_the_register(filled, tmp_path):
    exporting.write_workbook(filled, tmp_path / "all.xlsx")

    rows = [row for row in read(tmp_path / "all.xlsx", "Summary")[7:] if row[0] == "Grants"]
    assert rows[0][1:] == [2.0, 2.0, "Asked", 0.0, 0.0]
    assert ["Awarded", 24000.5, 24000.5] in [row[3:] for row in rows]
    formulas = [
        cell.value for row in openpyxl.load_workbook(tmp_path / "all.xlsx")["Summary"].iter_rows() for cell in row
    ]
    assert {"=COUNTA(Grants[Reference])", "=SUM(Grants[Awarded])", "=SUM(Payments[Amount])"} <= set(formulas)


def test_an_empty_file_makes_a_workbook_too(store, tmp_path):
    assert exporting.write_workbook(store, tmp_path / "all.xlsx") == 0
    assert openpyxl.load_workbook(tmp_path / "all.xlsx")["Payments"].tables["Payments"].ref.startswith("A1:")


def test_sample_data_says_so(store, tmp_path):
    with store.change("Mark as sample") as session:
        settings.put(session, settings.SAMPLE, value=True)

    exporting.write_workbook(store, tmp_path / "all.xlsx", kinds=[Payment])

    assert read(tmp_path / "all.xlsx", "Summary")[2][0] == "Sample data: figures are illustrative."


def test_csv_has_the_columns_of_the_sheet(filled, tmp_path):
    where = (Condition("status", "is", (Status.ACTIVE,)),)

    assert exporting.write_csv(filled, Grant, tmp_path / "grants.csv", where=where) == 1

    with (tmp_path / "grants.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = list(csv.DictReader(file))
    assert (row["Reference"], row["Title"], row["Awarded"], row["Starts"]) == (
        "CVE-0001",
        "'=Talks",
        "24000.50",
        "2026-04-01",
    )


def test_a_list_goes_out_exactly_as_it_is_shown(filled, tmp_path):
    shown = Listing(
        Grant, ("title", "organisation_id", "awarded"), sort=(("title", True),), where=(Condition("awarded", "filled"),)
    )

    assert exporting.write_listing(filled, shown, tmp_path / "list.xlsx") == 1
    assert exporting.write_listing(filled, shown.showing(where=()), tmp_path / "list.csv") == 2

    assert [row[:3] for row in read(tmp_path / "list.xlsx", "Grants")[-3:]] == [
        ["Title", "Organisation", "Awarded"], ["=Talks", "Met-Talk & Sons", 24000.5], ["Total", "", 24000.5],
    ]  # fmt: skip
    assert (tmp_path / "list.csv").read_text(encoding="utf-8-sig").splitlines() == [
        "Title,Organisation,Awarded", "Walks,Met-Talk & Sons,", "'=Talks,Met-Talk & Sons,24000.50",
    ]  # fmt: skip
    assert "Only Awarded is filled in" in [row[0] for row in read(tmp_path / "list.xlsx", "Grants")]


def test_columns_of_their_own_go_out_with_the_rest_and_the_read_me_tells_of_them(filled, tmp_path):
    money = file_settings.add_column(filled, Grant, "Partner money", Kind.MONEY).name
    ward = file_settings.add_column(filled, Grant, "Ward", Kind.CHOICE, ["North", "South"]).name
    editing.save(filled, Grant, {money: Decimal("12.50"), ward: "South"}, id=1)

    exporting.write_workbook(filled, tmp_path / "all.xlsx")
    exporting.write_csv(filled, Grant, tmp_path / "grants.csv")
    shown = Listing(Grant, ("title", money, ward), where=(Condition(money, "filled"),))
    exporting.write_listing(filled, shown, tmp_path / "shown.csv")

    grants = as_dicts(tmp_path / "all.xlsx", "Grants")
    assert [(row["Partner money"], row["Ward"]) for row in grants] == [(12.5, "South"), ("", "")]
    told = {row[1]: row[2:] for row in read(tmp_path / "all.xlsx", "Read me") if row[0] == "Grants"}
    assert told["Partner money"] == ["Pounds", "A column of the team's own"]
    assert told["Ward"] == ["One of a list", "A column of the team's own. One of: North or South"]
    assert ["Partner money", 12.5] in [row[3:5] for row in read(tmp_path / "all.xlsx", "Summary")]
    with (tmp_path / "grants.csv").open(encoding="utf-8-sig", newline="") as opened:
        assert [(row["Partner money"], row["Ward"]) for row in csv.DictReader(opened)] == [("12.50", "South"), ("", "")]
    assert (tmp_path / "shown.csv").read_text("utf-8-sig").splitlines() == [
        "Title,Partner money,Ward",
        "'=Talks,12.50,South",
    ]


def test_rows_for_the_clipboard_paste_as_cells():
    columns = (Column("Title"), Column("Awarded", Kind.MONEY), Column("Starts", Kind.DATE), Column("No.", Kind.WHOLE))
    rows = [("=a\nb <c>", Decimal("1.50"), date(2026, 4, 1), 3), (None, None, None, None)]

    assert clipboard.as_text(columns, rows) == (
        'Title\tAwarded\tStarts\tNo.\r\n"\'=a\nb <c>"\t1.50\t2026-04-01\t3\r\n\t\t\t\r\n'
    )
    made = clipboard.as_html(columns, rows, headings=False)
    assert '=a<br style="mso-data-placement:same-cell">b &lt;c&gt;</td>' in made
    assert "mso-number-format:'\\@'" in made
    assert made.count("<tr>") == 2


@pytest.mark.slow
def test_libreoffice_reads_the_workbook_and_agrees_with_its_sums(filled, tmp_path):
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice is not installed")
    exporting.write_workbook(filled, tmp_path / "all.xlsx")
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    sheets = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,true,false,false,-1"
    command = [
        program,
        profile,
        "--headless",
        "--convert-to",
        sheets,
        "--outdir",
        str(tmp_path),
        str(tmp_path / "all.xlsx"),
    ]

    subprocess.run(command, check=True, capture_output=True, timeout=120)

    with (tmp_path / "all-Grants.csv").open(encoding="utf-8", newline="") as file:
        first = next(csv.DictReader(file))
    assert (first["Title"], first["Awarded"], first["Starts"]) == ("=Talks", "£24,000.50", "1 Apr 2026")
    with (tmp_path / "all-Summary.csv").open(encoding="utf-8", newline="") as file:
        summed = [row for row in csv.reader(file) if row[0] == "Grants" and row[3] == "Awarded"]
    assert [row[4:6] for row in summed] == [["£24,000.50", "£24,000.50"]]


@pytest.mark.real_data
def test_what_came_in_goes_out_again(store, shared_data, tmp_path):
    found = importing.preview(store, shared_data / "360giving" / "comic-relief-international.xlsx")
    importing.bring_in(store, found)

    exporting.write_workbook(store, tmp_path / "all.xlsx")

    grants = as_dicts(tmp_path / "all.xlsx", "Grants")
    assert (len(grants), sum(Decimal(str(row["Awarded"])) for row in grants)) == (384, found.amount_read)
    exporting.write_csv(store, Organisation, tmp_path / "o.csv")
    with (tmp_path / "o.csv").open(encoding="utf-8-sig", newline="") as file:
        names = [separated.unguarded(row["Legal name"]) for row in csv.DictReader(file)]
    assert names == [row["Legal name"] for row in as_dicts(tmp_path / "all.xlsx", "Organisations")]


@pytest.fixture
def asking(store):
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


def test_groups_go_out_as_a_workbook_with_real_numbers(store, asking, tmp_path):
    shown = Listing(Grant, ("reference", "asked"))

    assert exporting.write_groups(store, shown, BY, SUMS, groups(store, shown), tmp_path / "groups.xlsx") == 2

    found = cells(tmp_path / "groups.xlsx")
    assert found[0][0] == "Grants by Organisation and Status"
    assert [row for row in found if row[0] in {"Organisation", "=Riverline"}] == [
        ["Organisation", "Status", "Grants", "Asked"],
        ["=Riverline", "Applied", 1, 1000.5],
        ["=Riverline", "Ready for decision", 1, 2000],
    ]


def test_groups_go_out_as_csv(store, asking, tmp_path):
    shown = Listing(Grant, ("reference", "asked"))

    exporting.write_groups(store, shown, BY, SUMS, groups(store, shown), tmp_path / "groups.csv")

    assert (tmp_path / "groups.csv").read_text(encoding="utf-8-sig").splitlines() == [
        "Organisation,Status,Grants,Asked",
        "'=Riverline,Applied,1,1000.50",
        "'=Riverline,Ready for decision,1,2000.00",
    ]


def test_groups_go_to_the_clipboard_under_their_columns(store, asking):
    shown = Listing(Grant, ("reference", "asked"))
    heads = exporting.group_columns(store, shown, BY, SUMS)

    assert clipboard.as_text(heads, exporting.group_rows(groups(store, shown))).splitlines()[1] == (
        "'=Riverline\tApplied\t1\t1000.50"
    )


def test_a_file_names_the_linked_record_and_the_programme_that_narrow_its_list(store, asking, tmp_path):
    where = (Condition("organisation_id", "is", (asking["organisation"],)),)
    shown = Listing(Grant, ("reference",), where=where, programme=asking["programme"])

    exporting.write_listing(store, shown, tmp_path / "list.xlsx")

    told = [row[0] for row in cells(tmp_path / "list.xlsx")]
    assert {"Programme: CVE 2026", "Only Organisation is =Riverline"} <= set(told)
