"""A 360Giving file goes in row for row and penny for penny, or says where and why it does not."""

import gc
import json
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import func, select

from grants_app.errors import Cancelled, Refused
from grants_app.exchange import separated
from grants_app.exchange.imports import importing
from grants_app.exchange.imports.importing import Verdict
from grants_app.exchange.shapes import Column
from grants_app.operations import editing
from grants_app.records import Grant, Organisation, Programme
from grants_app.records.grant import Route, Status
from grants_app.records.history import Edit, Step
from grants_app.records.organisation import OrganisationKind
from grants_app.store import Store, undoing
from tests.make import make

TITLES = (
    "Identifier", "Title", "Description", "Currency", "Amount Awarded", "Award Date", "Planned Dates:End Date",
    "Recipient Org:Identifier", "Recipient Org:Name", "Recipient Org:Postal Code", "Funding Org:Identifier",
    "Funding Org:Name", "Grant Programme:Title", "Beneficiary Location:Name", "From an open call?", "Notes of ours",
)  # fmt: skip
ROW = {
    "Identifier": "360G-GLA-1", "Title": "Talks in schools", "Description": "Ten talks", "Currency": "GBP",
    "Amount Awarded": "1000.50", "Award Date": "2024-03-01", "Planned Dates:End Date": "2030-01-31",
    "Recipient Org:Identifier": "GB-CHC-1234567", "Recipient Org:Name": "Met-Talk",
    "Recipient Org:Postal Code": "SE1 2AA", "Funding Org:Identifier": "GB-LAE-GLA",
    "Funding Org:Name": "Greater London Authority", "Grant Programme:Title": "Small Grants",
    "Beneficiary Location:Name": "London Borough of Brent; Camden", "From an open call?": "Yes",
    "Notes of ours": "seen",
}  # fmt: skip


NOT_POUNDS = "“EUR” is not GBP: this app keeps pounds only"


def file_of(tmp_path: Path, *changes: dict[str, str], titles: Sequence[str] = TITLES, name: str = "grants.csv") -> Path:
    """A CSV file with a row for each set of changes to ROW."""
    rows = [[{**ROW, **change}.get(title, "") for title in titles] for change in changes]
    separated.write(tmp_path / name, [Column(title) for title in titles], rows)
    return tmp_path / name


def take(store: Store, path: Path, **options: Any) -> importing.Preview:
    found = importing.preview(store, path, **options)
    importing.bring_in(store, found)
    return found


def rows(found: importing.Preview) -> dict[str, int]:
    return {verdict.value: tally.rows for verdict, tally in found.tallies.items() if tally.rows}


def only(store: Store, kind: Any) -> Any:
    with store.reading() as session:
        return session.scalars(select(kind)).one()


def faults(found: importing.Preview) -> list[tuple[int, str, str]]:
    return [(fault.row, fault.column, fault.message) for fault in found.faults]


def test_a_row_becomes_a_grant_an_organisation_and_a_programme(store, tmp_path):
    found = take(store, file_of(tmp_path, {}))

    grant, organisation, programme = only(store, Grant), only(store, Organisation), only(store, Programme)
    assert {k: v for k, v in grant.copy_values().items() if v} == {
        "programme_id": programme.id, "organisation_id": organisation.id, "title": "Talks in schools",
        "purpose": "Ten talks", "status": Status.ACTIVE, "awarded": Decimal("1000.50"),
        "decided_on": date(2024, 3, 1), "ends": date(2030, 1, 31),
        "boroughs": ("Brent", "Camden"), "route": Route.OPEN_CALL, "identifier": "360G-GLA-1", "rag": grant.rag,
        "extra": {"beneficiaryLocation/0/name": "London Borough of Brent; Camden", "Notes of ours": "seen"},
    }  # fmt: skip
    assert (organisation.name, organisation.identifier, organisation.kind, organisation.postcode) == (
        "Met-Talk", "GB-CHC-1234567", OrganisationKind.CHARITY, "SE1 2AA",
    )  # fmt: skip
    assert (programme.name, programme.funder, programme.funder_identifier, grant.reference) == (
        "Small Grants", "Greater London Authority", "GB-LAE-GLA", "SG-0001",
    )  # fmt: skip
    assert (rows(found), found.amount_read) == ({"New": 1}, Decimal("1000.50"))


def test_a_preview_stores_nothing(store, tmp_path):
    found = importing.preview(store, file_of(tmp_path, {}))

    with store.reading() as session:
        assert session.scalar(select(func.count()).select_from(Step)) == 0
    assert (found.before.rows, found.after.rows, found.after.pounds) == (0, 1, Decimal("1000.50"))


def test_the_same_file_again_changes_nothing_and_is_no_step(store, tmp_path):
    path = file_of(
        tmp_path,
        {},
        {"Identifier": "360G-GLA-2", "Recipient Org:Name": "Met Talk Ltd", "Recipient Org:Postal Code": ""},
    )
    take(store, path)

    again = take(store, path)

    assert (rows(again), list(again.changes)) == ({"Unchanged": 2}, [])
    with store.reading() as session:
        assert [step.words for step in session.scalars(select(Step))] == ["Import grants.csv: 2 new grants"]


def test_changed_cells_are_told_one_by_one_and_stored(store, tmp_path):
    take(store, file_of(tmp_path, {}))

    found = take(
        store,
        file_of(tmp_path, {"Amount Awarded": "£2,000", "Notes of ours": "", "Recipient Org:Postal Code": "SE1 2AB"}),
    )

    assert [(c.reference, c.field, c.before, c.after) for c in found.changes] == [
        ("Met-Talk", "Organisation: Postcode", "SE1 2AA", "SE1 2AB"),
        ("SG-0001", "Grant: Awarded", "£1,000.50", "£2,000"),
    ]
    assert (rows(found), found.before.pounds, found.after.pounds) == ({"Changed": 1}, Decimal("1000.50"), Decimal(2000))
    assert (only(store, Grant).awarded, only(store, Grant).extra["Notes of ours"]) == (Decimal("2000.00"), "seen")
    assert only(store, Organisation).postcode == "SE1 2AB"


def test_an_import_is_one_step_that_can_be_undone(store, tmp_path):
    take(store, file_of(tmp_path, {}))
    take(store, file_of(tmp_path, {"Title": "Talks"}, {"Identifier": "360G-GLA-2"}))

    undoing.undo(store)

    assert only(store, Grant).title == "Talks in schools"
    undoing.undo(store)
    with store.reading() as session:
        kept = [session.scalar(select(func.count()).select_from(kind)) for kind in (Grant, Organisation, Programme)]
    assert kept == [0, 0, 0]


@pytest.mark.parametrize(
    ("change", "column", "sentence"),
    [
        ({"Identifier": ""}, "Identifier", "Identifier is missing"),
        ({"Title": " "}, "Title", "Title is missing"),
        ({"Recipient Org:Name": ""}, "Recipient Org:Name", "Recipient Org:Name is missing"),
        ({"Amount Awarded": ""}, "Amount Awarded", "Amount Awarded is missing"),
        ({"Currency": ""}, "Currency", "Currency is missing"),
        ({"Currency": "EUR"}, "Currency", "“EUR” is not GBP: this app keeps pounds only"),
        ({"Amount Awarded": "tbc"}, "Amount Awarded", "“tbc” is not an amount: write it as 1000 or £1,000.50"),
        ({"Amount Awarded": "1.005"}, "Amount Awarded", "“1.005” has part of a penny: give at most two decimals"),
        ({"Award Date": "2024-02-31"}, "Award Date", "“2024-02-31” is not a day of the calendar"),
        (
            {"Award Date": "31/02/2024"},
            "Award Date",
            "“31/02/2024” is not a day of the calendar: day comes first, then month",
        ),
        ({"Award Date": "today"}, "Award Date", "“today” is not a date: write it as 4/3/2026 or 4 March 2026"),
        ({"Title": "x" * 1001}, "Title", "Title has 1,001 characters; at most 1,000 fit"),
    ],
)
def test_a_row_that_cannot_be_kept_is_faulty_and_says_why(store, tmp_path, change, column, sentence):
    found = take(store, file_of(tmp_path, {"Identifier": "360G-GLA-0"}, change))

    assert faults(found) == [(3, column, sentence)]
    assert rows(found) == {"New": 1, "Faulty": 1}
    assert found.amount_read == sum(tally.pounds for tally in found.tallies.values())


@pytest.mark.parametrize(
    ("title", "cell", "field", "value", "note"),
    [
        ("Amount Awarded", "£1,000.50", "awarded", Decimal("1000.50"), "“£1,000.50” read as £1,000.50"),
        (
            "Amount Awarded",
            "(500)",
            "awarded",
            Decimal("-500.00"),
            "“(500)” read as −£500, which is below nought: correct it in the file if that is a slip",
        ),
        ("Amount Awarded", "41133.770000000004", "awarded",
         Decimal("41133.77"), "“41133.770000000004” read as £41,133.77"),
        ("Award Date", "5/6/2014", "decided_on", date(2014, 6, 5), "“5/6/2014” read as 5 June 2014, day first"),
        ("Award Date", "17/08/2015 00:00", "decided_on", date(2015, 8, 17),
         "“17/08/2015 00:00” read as 17 August 2015, day first"),
        ("Award Date", "45382", "decided_on", date(2024, 3, 31),
         "“45382” read as 31 March 2024: a day as Excel counts them"),
        ("Planned Dates:End Date", "2026-02", "ends", date(2026, 2, 28), "“2026-02” read as 28 February 2026"),
        ("Planned Dates:End Date", "2026", "ends", date(2026, 12, 31), "“2026” read as 31 December 2026"),
        ("Identifier", " 360G-GLA-1 ", "identifier", "360G-GLA-1", "spaces at its edges were taken off"),
        ("Currency", "gbp ", "status", Status.ACTIVE, "“gbp ” read as GBP"),
        ("Award Date", "2024-03-01T10:00:00Z", "decided_on", date(2024, 3, 1), None),
    ],
)  # fmt: skip
def test_what_can_be_repaired_is_repaired_and_noted(store, tmp_path, title, cell, field, value, note):
    found = take(store, file_of(tmp_path, {"Planned Dates:End Date": "2030-01-31", title: cell}))

    grant = only(store, Grant)
    if field != "status":
        assert getattr(grant, field) == value
    assert [(n.row, n.column, n.message) for n in found.notes] == ([(2, title, note)] if note else [])


def test_a_company_number_gets_its_leading_noughts_back(store, tmp_path):
    titles = (*TITLES, "Recipient Org:Company Number")
    found = take(store, file_of(tmp_path, {"Recipient Org:Company Number": "668396"}, titles=titles))

    assert only(store, Organisation).company_number == "00668396"
    assert [note.message for note in found.notes] == ["“668396” read as 00668396: a company number has 8 characters"]


def test_an_optional_cell_that_cannot_be_read_is_kept_beside_the_grant(store, tmp_path):
    found = take(store, file_of(tmp_path, {"Planned Dates:End Date": "next spring"}))

    assert (only(store, Grant).ends, only(store, Grant).extra["plannedDates/0/endDate"]) == (None, "next spring")
    assert [note.column for note in found.notes] == ["Planned Dates:End Date"]


def test_a_grant_whose_end_is_past_is_completed(store, tmp_path):
    take(store, file_of(tmp_path, {"Planned Dates:End Date": "2026-11-22"}))

    assert only(store, Grant).status is Status.COMPLETED


def test_identical_rows_are_kept_once_and_clashing_rows_not_at_all(store, tmp_path):
    clash = {"Identifier": "360G-GLA-2"}
    found = take(store, file_of(tmp_path, {}, clash, {}, {**clash, "Amount Awarded": "5"}, clash))

    assert faults(found) == [
        (3, "", "This row clashes with row 5: they share an identifier and differ"),
        (4, "", "This row repeats row 2: they agree in every cell"),
        (5, "", "This row clashes with row 3: they share an identifier and differ"),
        (6, "", "This row clashes with row 5: they share an identifier and differ"),
    ]
    assert (rows(found), only(store, Grant).identifier) == ({"New": 1, "Faulty": 4}, "360G-GLA-1")


def test_one_identifier_of_two_funders_is_two_grants(store, tmp_path):
    found = take(store, file_of(tmp_path, {}, {"Funding Org:Identifier": "GB-CHC-1", "Funding Org:Name": "Other"}))

    assert rows(found) == {"New": 2}
    with store.reading() as session:
        assert session.scalars(select(Programme.code).order_by(Programme.id)).all() == ["SG", "SG2"]


def test_organisations_are_found_by_identifier_else_by_name(store, tmp_path):
    kept = make(store, Organisation, name="Met-Talk", charity_number="1234567")
    found = take(
        store,
        file_of(
            tmp_path,
            {"Identifier": "1"},
            {"Identifier": "2", "Recipient Org:Identifier": "", "Recipient Org:Name": "MET TALK"},
            {"Identifier": "3", "Recipient Org:Identifier": "GB-COH-00000001"},
        ),
    )

    with store.reading() as session:
        owners = session.scalars(select(Grant.organisation_id).order_by(Grant.id)).all()
    assert (owners[:2], owners[2] != kept.id, rows(found)) == ([kept.id, kept.id], True, {"New": 3})


def test_what_later_rows_say_otherwise_of_an_organisation_stays_with_their_grant(store, tmp_path):
    take(store, file_of(tmp_path, {}, {"Identifier": "2", "Recipient Org:Postal Code": "E1 1AA"}))

    with store.reading() as session:
        extras = session.scalars(select(Grant.extra).order_by(Grant.id)).all()
    assert (only(store, Organisation).postcode, [e.get("recipientOrganization/0/postalCode") for e in extras]) == (
        "SE1 2AA", [None, "E1 1AA"],
    )  # fmt: skip


def test_rows_that_name_no_programme_go_to_one_named_after_the_file(store, tmp_path):
    take(store, file_of(tmp_path, {"Grant Programme:Title": ""}, name="city-hall_grants.csv"))

    assert (only(store, Programme).name, only(store, Programme).code) == ("City hall grants", "CHG")


def test_a_given_programme_takes_every_row(store, tmp_path):
    programme = make(store, Programme, code="CVE", name="Countering Violent Extremism")

    found = take(store, file_of(tmp_path, {}), plan=importing.Plan(programme="CVE"))
    again = take(store, file_of(tmp_path, {}), plan=importing.Plan(programme="cve"))

    assert (rows(found), rows(again), only(store, Grant).reference) == ({"New": 1}, {"Unchanged": 1}, "CVE-0001")
    assert only(store, Programme).id == programme.id
    assert only(store, Grant).extra["grantProgramme/0/title"] == "Small Grants"


def test_individuals_are_recipients_too(store, tmp_path):
    titles = (
        "Recipient Ind:Identifier",
        "Recipient Ind:Name",
        *(t for t in TITLES if not t.startswith("Recipient Org")),
    )
    people = {"Recipient Ind:Identifier": "360G-GLA-IND-1", "Recipient Ind:Name": "Individual recipient"}
    found = take(store, file_of(tmp_path, people, titles=titles))

    assert (rows(found), only(store, Organisation).name) == ({"New": 1}, "Individual recipient")


def test_a_change_by_somebody_since_the_preview_is_not_overwritten(store, tmp_path):
    found = importing.preview(store, file_of(tmp_path, {}))
    make(store, Organisation, name="Meanwhile")

    with pytest.raises(Refused, match="This file was changed since the import was looked at"):
        importing.bring_in(store, found)

    with store.reading() as session:
        assert session.scalar(select(func.count()).select_from(Grant)) == 0


def test_cancelling_stores_nothing(store, tmp_path):
    path = file_of(tmp_path, *({"Identifier": f"360G-GLA-{number}"} for number in range(1500)))

    def stop(_done: int, _of: int | None) -> None:
        raise Cancelled

    found = importing.preview(store, path)
    with pytest.raises(Cancelled):
        importing.bring_in(store, found, stop)
    with pytest.raises(Cancelled):
        importing.preview(store, path, progress=stop)
    with store.reading() as session:
        assert session.scalar(select(func.count()).select_from(Edit)) == 0


def test_a_sheet_that_is_hidden_or_holds_no_grants_is_left_out_and_named(store, tmp_path):
    book = openpyxl.Workbook()
    grants, old, notes, locations = (
        book.active,
        *(book.create_sheet(n) for n in ("old", "# notes", "Beneficiary Location")),
    )
    grants.title = "grants"
    for sheet in (grants, old):
        sheet.append(["Grants of 2024"])
        sheet.append([])
        sheet.append(list(ROW))
        sheet.append(list(ROW.values()))
    notes.append(["Identifier", "Title"])
    locations.append(["Identifier", "Beneficiary Location:0:Name"])
    locations.append(["360G-GLA-1", "Brent"])
    old.sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")

    found = take(store, tmp_path / "a.xlsx")

    assert (rows(found), found.left_out) == (
        {"New": 1},
        [
            ("old", "it is hidden: show it in Excel to bring it in"),
            ("# notes", "its name starts with #, which marks notes"),
            ("Beneficiary Location", "it has no column Amount Awarded; 1 row not read"),
        ],
    )


def test_a_file_without_grants_is_refused_with_the_reason(store, tmp_path):
    (tmp_path / "a.csv").write_text("Name,Telephone\nAnn,1\n", encoding="utf-8")

    with pytest.raises(
        Refused, match="holds no table to bring in: sheet “a”: its column titles are not those of any record; 1 row"
    ):
        importing.preview(store, tmp_path / "a.csv")


def test_the_outcome_as_json_adds_up(store, tmp_path):
    found = importing.preview(
        store, file_of(tmp_path, {}, {"Identifier": "2", "Amount Awarded": "7", "Currency": "EUR"})
    )

    outcome = json.loads(json.dumps(found.as_json()))

    keys = ("rows_read", "amount_read", "new", "changed", "unchanged", "faulty", "faults")
    assert {key: outcome[key] for key in keys} == {
        "rows_read": 2, "amount_read": "1007.50", "new": 1, "changed": 0, "unchanged": 0, "faulty": 1,
        "faults": [{"sheet": "grants", "row": 3, "column": "Currency", "message": NOT_POUNDS}],
    }  # fmt: skip
    assert outcome["amounts"] == {"new": "1000.50", "changed": "0.00", "unchanged": "0.00", "faulty": "7.00"}


def test_the_summary_says_it_for_a_person(store, tmp_path):
    found = importing.preview(
        store, file_of(tmp_path, {}, {"Identifier": "2", "Amount Awarded": "£7", "Currency": "EUR"})
    )

    assert found.summary(stored=False) == [
        "grants.csv (UTF-8 text separated by commas): 2 rows, £1,007.50.",
        "  New:               1  £1,000.50",
        "  Changed:           0  £0",
        "  Unchanged:         0  £0",
        "  Faulty:            1  £7",
        "Nothing was stored. Grants kept would be: 0 (£0) before, 1 (£1,000.50) after.",
        "Beside them: 1 new programme and 1 new organisation.",
        "Sheet “grants”, row 3, Currency: “EUR” is not GBP: this app keeps pounds only.",
        "1 cell was repaired or kept as written: see the report.",
    ]


def test_the_report_is_a_workbook_that_accounts_for_every_row(store, tmp_path):
    found = importing.preview(store, file_of(tmp_path, {}, {"Identifier": "2", "Currency": "EUR"}))
    importing.write_report(found, tmp_path / "report.xlsx")

    book = openpyxl.load_workbook(tmp_path / "report.xlsx")
    assert book.sheetnames == ["Summary", "Faults", "Changes", "Notes", "Columns", "Left out"]
    totals = {row[0].value: (row[1].value, row[2].value) for row in book["Summary"].iter_rows(min_row=7)}
    assert totals == {
        "New": (1, 1000.5), "Changed": (0, 0), "Unchanged": (0, 0), "Faulty": (1, 1000.5),
        "Read from the file": (2, 2001), "Grants kept before": (0, 0), "Grants kept after": (1, 1000.5),
    }  # fmt: skip
    assert [cell.value for cell in book["Faults"][2]] == [
        "grants",
        3,
        "Currency",
        "“EUR” is not GBP: this app keeps pounds only",
    ]
    went = {row[1].value: row[2].value for row in book["Columns"].iter_rows(min_row=2)}
    assert (went["Title"], went["Notes of ours"], went["Currency"]) == (
        "Grant: Title",
        "Kept with the grant",
        "Checked: pounds only",
    )


def test_an_officers_edit_after_an_import_is_shown_as_a_change_back(store, tmp_path):
    path = file_of(tmp_path, {})
    take(store, path)
    editing.save(store, Grant, {"title": "Edited"}, id=only(store, Grant).id)

    found = importing.preview(store, path)

    assert [(c.before, c.after) for c in found.changes] == [("Edited", "Talks in schools")]


REAL = {
    "trafford-council.csv": ({"New": 555}, "1291436.54", "1291436.54"),
    "trafford-council.json": ({"New": 555}, "1291436.54", "1291436.54"),
    "cabinet-office-awards-2016-17.xlsx": ({"New": 3351}, "3920986733.00", "3920986733.00"),
    "blagrave-trust-2016.xlsx": ({"New": 68, "Faulty": 1}, "4529664.00", "4495164.00"),
    "comic-relief-international.xlsx": ({"New": 384}, "223467171.00", "223467171.00"),
    "arts-council-england-2013-14.xlsx": ({"New": 2162}, "43057543.00", "43057543.00"),
    "arts-council-england-2013-14.csv": ({"New": 2162}, "43057543.00", "43057543.00"),
    "arts-council-of-wales.csv": ({"New": 3561, "Faulty": 459}, "242022953.49", "181958912.84"),
    "ab-charitable-trust.xlsx": ({"New": 783}, "12785625.00", "12785625.00"),
    "wolfson-foundation-2014.json": ({"New": 379}, "31178456.00", "31178456.00"),
}
"""Rows by verdict, and pounds read and stored, as a spreadsheet adds up the files' own amount columns."""
LONG = {"trafford-council.json", "arts-council-england-2013-14.csv", "cabinet-office-awards-2016-17.xlsx"}
"""Those that take long, two of which another test reads beside their publisher's other format."""


@pytest.mark.real_data
@pytest.mark.parametrize("name", [pytest.param(one, marks=pytest.mark.slow) if one in LONG else one for one in REAL])
def test_published_files_go_in_to_the_penny_and_come_out_again(store, shared_data, name):
    verdicts, read, kept = REAL[name]
    path = shared_data / "360giving" / name

    found = take(store, path)

    with store.reading() as session:
        stored = session.execute(select(func.count(), func.sum(Grant.awarded)).select_from(Grant)).one()
    assert (rows(found), str(found.amount_read), str(found.after.pounds)) == (verdicts, read, kept)
    assert tuple(stored) == (verdicts["New"], Decimal(kept))
    assert len({fault.row for fault in found.faults}) == verdicts.get("Faulty", 0)
    again = importing.preview(store, path)
    assert rows(again) == {
        "Unchanged": verdicts["New"],
        **({"Faulty": verdicts["Faulty"]} if "Faulty" in verdicts else {}),
    }
    undoing.undo(store)
    with store.reading() as session:
        assert [
            session.scalar(select(func.count()).select_from(kind)) for kind in (Grant, Organisation, Programme)
        ] == [0, 0, 0]


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("trafford-council.csv", "trafford-council.json"),
        ("arts-council-england-2013-14.csv", "arts-council-england-2013-14.xlsx"),
        ("fixtures/two-grants.xlsx", "fixtures/two-grants.ods"),
    ],
)
def test_one_publishers_two_formats_say_the_same(store, shared_data, first, second):
    take(store, shared_data / "360giving" / first)

    found = importing.preview(store, shared_data / "360giving" / second)

    assert (set(rows(found)), list(found.changes)) == ({Verdict.UNCHANGED.value}, [])


def test_an_officer_may_send_a_column_elsewhere(store, tmp_path):
    path = file_of(tmp_path, {})
    suggested = importing.preview(store, path).mappings["grants"]

    places = {column.title: column.place for column in suggested.columns}
    plan = importing.Plan().with_target("grants", places["Notes of ours"], "grant.purpose")
    plan = plan.with_target("grants", places["Description"], "keep").with_target("grants", places["Title"], "")
    plan = plan.with_target("grants", places["Title"], "grant.title")
    importing.bring_in(store, importing.preview(store, path, plan))

    assert (only(store, Grant).purpose, only(store, Grant).extra["description"]) == ("seen", "Ten talks")


def test_the_sweeping_of_memory_is_as_before_after_an_import_that_is_refused_and_one_that_is_not(store, tmp_path):
    (tmp_path / "empty.csv").write_text("")
    usual, seen = gc.get_threshold(), []

    with pytest.raises(Refused):
        importing.preview(store, tmp_path / "empty.csv")
    after_refusal = gc.get_threshold()
    take(store, file_of(tmp_path, {}), progress=lambda done, of: seen.append(gc.get_threshold()[0]))

    assert (after_refusal, gc.get_threshold(), set(seen)) == (usual, usual, {100_000})


def test_a_cell_that_comes_again_in_another_type_is_read_anew(store, tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["Grant title", "Organisation", "Awarded", "Starts"])
    for number, (amount, starts) in enumerate([(1, "2026-04-01"), (True, 46113), ("1", date(2026, 4, 1)), (1.0, "")]):
        book.active.append([f"Talks {number}", "Met-Talk", amount, starts])
    book.save(tmp_path / "grants.xlsx")

    found = take(store, tmp_path / "grants.xlsx")

    with store.reading() as session:
        kept = session.execute(select(Grant.title, Grant.awarded, Grant.starts).order_by(Grant.id)).all()
    first = date(2026, 4, 1)
    assert (kept, faults(found)) == (
        [("Talks 0", Decimal(1), first), ("Talks 2", Decimal(1), first), ("Talks 3", Decimal(1), None)],
        [(3, "Awarded", "“Yes” is not an amount: write it as 1000 or £1,000.50")],
    )
