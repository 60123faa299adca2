"""Awarded grants as 360Giving: valid by the official rules, whole to the penny, and nobody's private matter."""

import csv
import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from grants_app.errors import Cancelled, Refused
from grants_app.exchange.giving import findings, giving_out
from grants_app.exchange.giving.findings import Found
from grants_app.exchange.imports import importing
from grants_app.operations import editing, file_settings
from grants_app.records import Grant, Organisation, Programme, Theme
from grants_app.records.grant import Route, Status
from grants_app.records.organisation import OrganisationKind
from grants_app.store import Store
from grants_app.store.listing import Condition, Listing
from grants_app.store.settings import Publisher
from tests.exchange import official
from tests.make import make

ALL = Listing(Grant, ("reference",))
OGL = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"


@pytest.fixture
def programme(store) -> Programme:
    """A programme of the Greater London Authority, which publishes."""
    file_settings.set_publisher(store, Publisher("Greater London Authority", "GB-LAE-GLA", "360G-GLA", "", OGL))
    found = make(
        store, Programme, code="CVE", name="Safer Talk", funder="Greater London Authority",
        funder_identifier="GB-LAE-GLA",
    )  # fmt: skip
    assert isinstance(found, Programme)
    return found


def grant_of(store: Store, programme: Programme, **values: Any) -> Any:
    """An awarded grant of which nothing can be said against."""
    holder = values.pop("holder", {})
    body = holder.pop("body", OrganisationKind.OTHER)
    organisation = make(
        store, Organisation, **{"name": "Met-Talk", "charity_number": "1234567", "postcode": "SE1 2AA", **holder}
    )
    with store.change("Say what it is") as session:
        session.get_one(Organisation, organisation.id).kind = body
    sound = {
        "title": "Talks", "purpose": "Ten talks in schools", "status": Status.ACTIVE, "awarded": Decimal("1000.50"),
        "decided_on": date(2026, 3, 1), "starts": date(2026, 4, 1), "ends": date(2027, 3, 31), "boroughs": ("Brent",),
        "programme_id": programme.id, "organisation_id": organisation.id,
    }  # fmt: skip
    return make(store, Grant, **{**sound, **values})


def written(store: Store, tmp_path: Path, shown: Listing = ALL, **options: Any) -> list[dict[str, Any]]:
    target = tmp_path / "out.json"
    giving_out.write(store, shown, target, **options)
    return json.loads(target.read_text(encoding="utf-8"))["grants"]


def faults(found: Found) -> list[tuple[str, str, str, bool]]:
    return [(one.reference, one.column, one.sentence, one.stops) for one in found.faults]


def test_a_grant_says_all_that_its_record_and_its_organisation_hold(store, programme, tmp_path):
    theme = make(store, Theme, programme_id=programme.id, name="Raise awareness")
    grant_of(
        store, programme, asked=Decimal("2000.00"), route=Route.OPEN_CALL, themes=(theme.reference,),
        boroughs=("Brent", "London-wide", "Online"),
        holder={"known_as": "MT", "website": "www.met-talk.example", "address": "1 High Street\nLondon",
                "borough": "Camden", "body": OrganisationKind.CHARITY},
    )  # fmt: skip

    assert giving_out.look(store, ALL).faults == []
    assert written(store, tmp_path) == [
        {
            "id": "360G-GLA-CVE-0001", "title": "Talks", "description": "Ten talks in schools", "currency": "GBP",
            "amountAppliedFor": 2000, "amountAwarded": 1000.5, "awardDate": "2026-03-01",
            "plannedDates": [{"startDate": "2026-04-01", "endDate": "2027-03-31"}], "fromOpenCall": "Yes",
            "dateModified": "2026-11-23T14:02:00Z",
            "recipientOrganization": [
                {"id": "GB-CHC-1234567", "name": "Met-Talk", "alternateName": "MT", "charityNumber": "1234567",
                 "streetAddress": "1 High Street\nLondon", "postalCode": "SE1 2AA",
                 "url": "http://www.met-talk.example", "organisationType": "Registered charity",
                 "location": [
                     {"name": "Camden", "countryCode": "GB", "geoCode": "E09000007", "geoCodeType": "LONB"}
                 ]}
            ],
            "beneficiaryLocation": [
                {"name": "Brent", "countryCode": "GB", "geoCode": "E09000005", "geoCodeType": "LONB"},
                {"name": "London", "countryCode": "GB", "geoCode": "E12000007", "geoCodeType": "RGN/GOR"},
            ],
            "fundingOrganization": [{"id": "GB-LAE-GLA", "name": "Greater London Authority"}],
            "grantProgramme": [{"title": "Safer Talk", "code": "CVE"}],
            "classifications": [
                {"vocabulary": "Safer Talk: themes", "code": "THM-0001", "title": "Raise awareness"}
            ],
        }
    ]  # fmt: skip


def test_only_awarded_grants_of_the_list_go_out_and_no_number_gets_one_of_ours(store, programme, tmp_path):
    grant_of(store, programme, holder={"charity_number": None})
    grant_of(store, programme, status=Status.APPLIED, awarded=None)
    grant_of(store, programme, title="Other")

    found = giving_out.look(store, ALL)
    assert (found.grants, found.others, found.sound) == (2, 1, 2)
    shown = ALL.showing(where=(Condition("title", "is", ("Talks",)),), programme=programme.id)
    (grant,) = written(store, tmp_path, shown)
    assert (grant["id"], grant["recipientOrganization"][0]["id"]) == ("360G-GLA-CVE-0001", "360G-GLA-ORG-0001")


def test_what_an_import_kept_goes_out_again_put_right_and_the_record_wins(store, programme, tmp_path):
    extra = {
        "Notes of ours": "=1+1", "dateModified": "2015-09-06", "plannedDates/0/duration": "37.97", "title": "Old title",
        "beneficiaryLocation/0/name": "London Borough of Brent", "beneficiaryLocation/2/countryCode": "UK",
        "relatedActivity": "360G-a; 360G-b", "dataSource": "www.x.org/a b", "fromOpenCall": "yes",
        "additional/region": "North", "locationScope": "gls050", "classifications/1/title": "Youth",
    }  # fmt: skip
    grant_of(store, programme, extra=extra, holder={"extra": {"recipientOrganization/0/department": "Arts"}})

    (grant,) = written(store, tmp_path)

    assert {name: grant[name] for name in grant if name not in {"id", "currency", "description", "awardDate"}} == {
        "title": "Talks", "amountAwarded": 1000.5, "dateModified": "2015-09-06T00:00:00Z", "fromOpenCall": "Yes",
        "plannedDates": [{"startDate": "2026-04-01", "endDate": "2027-03-31", "duration": 37.97}],
        "recipientOrganization": [
            {"id": "GB-CHC-1234567", "name": "Met-Talk", "charityNumber": "1234567", "postalCode": "SE1 2AA",
             "department": "Arts"}
        ],
        "beneficiaryLocation": [{"name": "London Borough of Brent"}, {"countryCode": "GB"}],
        "relatedActivity": ["360G-a", "360G-b"], "dataSource": "http://www.x.org/a%20b", "locationScope": "GLS050",
        "classifications": [{"title": "Youth"}], "Notes of ours": "=1+1", "additional": {"region": "North"},
        "fundingOrganization": [{"id": "GB-LAE-GLA", "name": "Greater London Authority"}],
        "grantProgramme": [{"title": "Safer Talk", "code": "CVE"}],
    }  # fmt: skip


def test_kept_values_that_the_standard_cannot_take_are_held_back_and_told(store, programme, tmp_path):
    extra = {
        "amountDisbursed": "tbc", "beneficiaryLocation/0/geoCode": "E09000005",
        "beneficiaryLocation/0/latitude": "north", "regrantType": "FRG999",
        "plannedDates/0/duration": "-3", "actualDates/0/startDate": "2024-02-31", "url": "see our site",
        "Contact": "ann@example.org", "deiDetails/leadership/askedStatus": "AS100",
    }  # fmt: skip
    grant_of(store, programme, extra=extra)

    found = giving_out.look(store, ALL)

    assert [(one[1], one[2], one[3]) for one in faults(found)] == [
        ("Amount Disbursed", "“tbc” is not a number: left out of the file", False),
        ("Beneficiary Location:Latitude", "“north” is not a number: left out of the file", False),
        ("For Regrant Type",
         "“FRG999” is not one of the codes that the standard has for this: left out of the file", False),
        ("Planned Dates:Duration (months)",
         "“-3” is not a number of months: it is below nought: left out of the file", False),
        ("Actual Dates:Start Date", "“2024-02-31” is not a day of the calendar: left out of the file", False),
        ("URL", "“see our site” is not a web address: write it as https://www.example.org: left out of the file",
         False),
        ("Contact", "It holds an e-mail address: left out of the file", False),
        ("deiDetails",
         "It needs an asked status for leadership, mission and project: left out of the file", False),
    ]  # fmt: skip
    (grant,) = written(store, tmp_path)
    assert grant.keys().isdisjoint({"amountDisbursed", "regrantType", "actualDates", "url", "Contact", "deiDetails"})


@pytest.mark.parametrize(
    ("values", "holder", "column", "sentence"),
    [
        ({"purpose": None}, {}, "Description", "Purpose is missing: the standard needs a description"),
        ({"decided_on": None}, {}, "Award Date", "The date of the award is missing"),
        ({"title": "Ring 020 7946 0123"}, {}, "Title", "Title holds a telephone number: take it out"),
        ({"purpose": "Write to a.b@c.org"}, {}, "Description", "Description holds an e-mail address: take it out"),
        ({"purpose": "QQ 12 34 56 C, AB123456C"}, {}, "Description",
         "Description holds a National Insurance number: take it out"),
        ({"identifier": "360G-a\n1"}, {}, "Identifier",
         "The identifier holds a line break: a grant so called is lost to readers"),
        ({}, {"website": "our page"}, "Recipient Org:Web Address",
         "“our page” is not a web address: write it as https://www.example.org"),
    ],
)  # fmt: skip
def test_a_grant_that_cannot_be_valid_stops_the_file_unless_it_is_left_out(
    store, programme, tmp_path, values, holder, column, sentence
):
    bad = grant_of(store, programme, **values, holder=holder)
    grant_of(store, programme, title="Sound")

    found = giving_out.look(store, ALL)

    assert [(one[1], one[2]) for one in faults(found) if one[3]] == [(column, sentence)]
    assert found.stopped.tolist() == [bad.id]
    with pytest.raises(Refused, match=f"1 grant cannot be valid as 360Giving: {bad.reference}. First:"):
        written(store, tmp_path)
    assert not (tmp_path / "out.json").exists()
    assert [grant["title"] for grant in written(store, tmp_path, leave_out=True)] == ["Sound"]


def test_one_identifier_of_two_grants_and_what_lacks_a_prefix_stop_it(store, tmp_path):
    own = make(store, Programme, funder="A fund", funder_identifier="GB-CHC-1")
    grant_of(store, own, identifier="A-1")
    twice = grant_of(store, own, identifier="A-1")
    bare = grant_of(store, own, holder={"charity_number": None})

    assert [one[:3] for one in faults(giving_out.look(store, ALL)) if one[3]] == [
        (twice.reference, "Identifier", "Another grant of this list has the identifier “A-1” too"),
        (bare.reference, "Identifier",
         "It has no identifier, and its programme has no 360Giving prefix to make one with"),
        ("ORG-0003", "Recipient Org:Identifier",
         "It has no identifier, and there is no 360Giving prefix to make one with"),
    ]  # fmt: skip


def test_alike_faults_stand_in_one_line_and_each_keeps_its_record(store, programme, monkeypatch):
    monkeypatch.setattr(findings, "MOST", 2)
    monkeypatch.setattr(findings, "FEW", 1)
    for number in range(4):
        grant_of(store, programme, title=f"Talk {number}", purpose=None, boroughs=() if number else ("Brent",))
    grant_of(store, programme, title="Sound", decided_on=None, extra={"url": "our site"})

    found = giving_out.look(store, ALL)

    assert [(one.stops, one.sentence, one.named(2)) for one in found.groups] == [
        (True, "4 grants have no description", "CVE-0001, CVE-0002 and 2 more"),
        (True, "1 grant has no date of the award", "CVE-0005"),
        (False, "3 grants name no place that benefits", "CVE-0002 and 2 more"),
        (False, "1 grant has something in URL that is left out of the file", "CVE-0005"),
    ]
    assert [[fault.field for fault in one.faults] for one in found.groups] == [
        ["purpose", "purpose"], ["decided_on"], ["boroughs"], ["extra"],
    ]  # fmt: skip
    assert (found.notes, len(found.stopped)) == (4, 5)


def test_a_funder_that_one_grant_brought_is_not_taken_for_its_programmes_other_grants(store, tmp_path):
    file_settings.set_publisher(store, Publisher("", "", "360G-X"))
    bare = make(store, Programme, funder="A fund")
    sound = grant_of(store, bare, extra={"fundingOrganization/0/id": "GB-CHC-1"})
    grant_of(store, bare)

    assert [one.sentence for one in giving_out.look(store, ALL).groups if one.stops] == [
        "1 programme has no funder identifier"
    ]
    (grant,) = written(store, tmp_path, leave_out=True)
    assert (grant["title"], grant["fundingOrganization"]) == (sound.title, [{"name": "A fund", "id": "GB-CHC-1"}])


def test_what_would_make_the_data_less_useful_is_noted_and_stops_nothing(store, programme):
    grant_of(
        store, programme, title="Long " * 30, purpose="Long " * 30, decided_on=date(2026, 12, 24),
        awarded=Decimal("0.00"), starts=None, ends=None, boroughs=(), identifier="a b",
        holder={"charity_number": None, "postcode": None, "identifier": "XX-1"},
    )  # fmt: skip

    assert faults(giving_out.look(store, ALL)) == [
        ("CVE-0001", "Identifier", "The identifier holds a space or a slash: others may misread it", False),
        (
            "CVE-0001",
            "Identifier",
            "The identifier “a b” begins with no 360Giving prefix: others may have the same",
            False,
        ),
        ("CVE-0001", "Title", "Title has 150 characters: up to 140 are read well", False),
        ("CVE-0001", "Description", "The description says the same as the title", False),
        ("CVE-0001", "Amount Awarded", "The amount awarded is £0", False),
        ("CVE-0001", "Award Date", "The date of the award is in the future: 24 December 2026", False),
        ("CVE-0001", "Planned Dates:Start Date", "It has no planned dates", False),
        ("CVE-0001", "Beneficiary Location:Name", "It names no place that benefits", False),
        ("ORG-0001", "Recipient Org:Charity Number", "It has no charity or company number", False),
        ("ORG-0001", "Recipient Org:Identifier", "Identifier “XX-1” is of no list that org-id.guide has", False),
        ("ORG-0001", "Recipient Org:Postal Code", "It has no postcode", False),
    ]


@pytest.mark.parametrize(
    ("borough", "kept", "said"),
    [
        ("Brent", {}, "Brent"),
        ("Brent", {"name": "London Borough of Brent"}, "London Borough of Brent"),
        ("Brent", {"name": "Camden"}, "Brent"),
        ("Brent", {"name": "Kiln Street Hall"}, "Kiln Street Hall"),
        (None, {"name": "Camden"}, "Camden"),
        ("London-wide", {}, None),
    ],
)
def test_a_recipients_own_borough_goes_out_unless_a_finer_place_was_kept(
    store, programme, tmp_path, borough, kept, said
):
    extra = {f"recipientOrganization/0/location/0/{name}": value for name, value in kept.items()}
    grant_of(store, programme, holder={"borough": borough, "postcode": None, "extra": extra})

    (grant,) = written(store, tmp_path)

    assert [place["name"] for place in grant["recipientOrganization"][0].get("location", ())] == (
        [said] if said else []
    )
    told = [one.sentence for one in giving_out.look(store, ALL).groups]
    assert told == ([] if said == "Brent" else ["1 organisation has no postcode"])


def test_an_individual_goes_out_without_name_number_or_address(store, programme, tmp_path):
    person = {
        "name": "Jo Bloggs", "body": OrganisationKind.INDIVIDUAL, "identifier": "GB-CHC-1", "address": "1 High Street",
        "borough": "Camden", "extra": {"recipientOrganization/0/location/0/name": "Home"},
    }  # fmt: skip
    extra = {
        "beneficiaryLocation/0/geoCode": "SE1 2AA", "toIndividualsDetails/primaryGrantReason": "GTIR010",
        "toIndividualsDetails/grantPurpose": "GTIP010;GTIP020", "recipientOrganization/0/addressLocality": "London",
    }  # fmt: skip
    grant_of(store, programme, holder=person, extra=extra, boroughs=())

    (grant,) = written(store, tmp_path)

    assert (grant["recipientIndividual"], grant["toIndividualsDetails"]) == (
        {"name": "Individual recipient", "id": "360G-GLA-ORG-0001"},
        {"primaryGrantReason": "GTIR010", "grantPurpose": ["GTIP010", "GTIP020"]},
    )
    assert "recipientOrganization" not in grant
    assert not any(word in json.dumps(grant) for word in ("Bloggs", "SE1", "High Street", "Home", "Camden", "GB-CHC-1"))


PERSON = {"name": "Jane Q Smithson", "known_as": "Will", "body": OrganisationKind.INDIVIDUAL, "postcode": None}


@pytest.mark.parametrize(
    ("values", "column"),
    [
        ({"title": "Bursary for Jane Q Smithson"}, "Title"),
        ({"purpose": "JANE SMITHSON’s common room"}, "Description"),
        ({"purpose": "A room that Smithson, Jane Q. runs"}, "Description"),
        ({"purpose": "Ms. Smithson and J. Smithson"}, "Description"),
        ({"title": "A bursary for Will"}, "Title"),
        ({"extra": {"Notes for us": "jane q\nsmithson asked"}}, "Notes for us"),
        ({"identifier": "360G-GLA-jane-smithson"}, "Identifier"),
    ],
)
def test_the_name_of_an_individual_in_what_is_published_stops_the_grant(store, programme, tmp_path, values, column):
    grant_of(store, programme, holder={**PERSON}, **values)

    stopping = [(one[1], one[2]) for one in faults(giving_out.look(store, ALL)) if one[3]]
    assert stopping == [(column, f"{column} holds the name of the person who gets the grant: take it out")]
    with pytest.raises(Refused, match="1 grant cannot be valid"):
        written(store, tmp_path)


def test_a_programme_called_by_the_individual_whom_it_pays_stops_the_grant(store, programme, tmp_path):
    editing.save(store, Programme, {"name": "The Jane Smithson Fund"}, id=programme.id)
    grant_of(store, programme, holder={**PERSON})
    other = grant_of(store, programme)

    assert [one[:2] for one in faults(giving_out.look(store, ALL)) if one[3]] == [("CVE", "Grant Programme:Title")]
    assert [grant["id"] for grant in written(store, tmp_path, leave_out=True)] == [f"360G-GLA-{other.reference}"]


@pytest.mark.parametrize("name", ["Jane Q Smithson", "Individual recipient", "Individual 12", "Young, Ann"])
def test_words_that_only_look_like_a_name_stop_no_individual(store, programme, name):
    person = {**PERSON, "name": name}
    grant_of(store, programme, holder=person, title="Individual recipient", purpose="It will run for a young may be")

    assert [one for one in faults(giving_out.look(store, ALL)) if one[3]] == []


@pytest.mark.parametrize(
    ("holder", "sentence"),
    [
        ({"known_as": "Ring 020 7946 0123"}, "Its other name holds a telephone number: take it out"),
        ({"website": "mailto:jane@smithson.example"}, "Its website holds an e-mail address: take it out"),
        ({"address": "1 High Street\njane@smithson.example"}, "Its address holds an e-mail address: take it out"),
    ],
)
def test_contact_details_in_an_organisations_own_fields_stop_its_grants(store, programme, holder, sentence):
    grant_of(store, programme, holder=holder)

    found = giving_out.look(store, ALL)

    assert [one[2] for one in faults(found) if one[3]] == [sentence]
    assert [one.field for one in found.faults] == list(holder)


def test_contact_details_in_the_name_of_a_theme_stop_its_grants_and_are_told_once(store, programme, tmp_path):
    theme = make(store, Theme, programme_id=programme.id, name="Ask jane@smithson.example")
    grant_of(store, programme, themes=(theme.reference,))
    grant_of(store, programme, themes=(theme.reference,), extra={"dataSource": "https://x.example"})
    sound = grant_of(store, programme)

    found = giving_out.look(store, ALL)

    assert [(one.sentence, one.faults[0].kind) for one in found.groups] == [
        ("1 theme has an e-mail address in the name", Theme)
    ]
    assert [grant["id"] for grant in written(store, tmp_path, leave_out=True)] == [f"360G-GLA-{sound.reference}"]


def test_what_goes_out_beside_the_standard_is_named(store, programme):
    grant_of(store, programme, extra={"Notes for us": "a", "Status": "b", "dataSource": "https://x.example"})
    grant_of(store, programme, extra={"Notes for us": "c"})

    (group,) = giving_out.look(store, ALL).groups

    assert (group.sentence, group.stops) == (
        "Also publishes: “Notes for us” and “Status”, which are outside the standard", False,
    )  # fmt: skip
    assert not group.faults[0].mended_by_publisher


@pytest.mark.parametrize(
    ("holder", "sentence"),
    [
        ({"identifier": "GB-COH-1234567"},
         "Identifier “GB-COH-1234567”: a company number has 8 characters, its leading zero too"),
        ({"identifier": "GB-CHC-1 234 568"},
         "Identifier “GB-CHC-1 234 568”: a charity number has 6 or 7 digits"),
        ({"postcode": "not a postcode"}, "“not a postcode” is unlike any postcode"),
    ],
)  # fmt: skip
def test_a_number_or_a_postcode_that_is_written_wrong_is_noted(store, programme, holder, sentence):
    grant_of(store, programme, holder=holder)

    assert faults(giving_out.look(store, ALL)) == [
        ("ORG-0001", faults(giving_out.look(store, ALL))[0][1], sentence, False)
    ]


def test_a_postcode_of_another_country_is_not_noted(store, programme):
    kept = {"recipientOrganization/0/addressCountry": "Ireland"}
    grant_of(store, programme, holder={"postcode": "D02 AF30", "extra": kept})

    assert faults(giving_out.look(store, ALL)) == []


def test_contact_details_that_came_with_an_import_stay_here(store, programme, tmp_path):
    kept = {f"recipientOrganization/0/{name}": "a" for name in ("contactName", "email", "telephone")}
    grant_of(store, programme, holder={"extra": kept}, extra={"fundingOrganization/0/email": "b"})

    (grant,) = written(store, tmp_path)

    assert grant["recipientOrganization"] == [
        {"id": "GB-CHC-1234567", "name": "Met-Talk", "charityNumber": "1234567", "postalCode": "SE1 2AA"}
    ]
    assert grant["fundingOrganization"] == [{"id": "GB-LAE-GLA", "name": "Greater London Authority"}]


def test_the_workbook_has_official_titles_in_its_first_row_and_a_meta_sheet(store, programme, tmp_path):
    extra = {"Notes": "=1+1", "dateModified": "2015-09-06", "Title ": "again"}
    grant_of(store, programme, boroughs=("Brent", "Camden"), extra=extra, holder={"company_number": "01234567"})
    giving_out.write(store, ALL, tmp_path / "out.xlsx")

    book = openpyxl.load_workbook(tmp_path / "out.xlsx")

    assert book.sheetnames == ["grants", "Meta"]
    titles, values = book["grants"].iter_rows()
    row = {title.value: cell for title, cell in zip(titles, values, strict=True)}
    assert {title: cell.value for title, cell in row.items()} == {
        "Identifier": "360G-GLA-CVE-0001", "Title": "Talks", "Description": "Ten talks in schools", "Currency": "GBP",
        "Amount Awarded": 1000.5, "Award Date": row["Award Date"].value,
        "Planned Dates:Start Date": row["Planned Dates:Start Date"].value,
        "Planned Dates:End Date": row["Planned Dates:End Date"].value,
        "Recipient Org:Identifier": "GB-CHC-1234567", "Recipient Org:Name": "Met-Talk",
        "Recipient Org:Charity Number": "1234567", "Recipient Org:Company Number": "01234567",
        "Recipient Org:Postal Code": "SE1 2AA",
        "Beneficiary Location:0:Name": "Brent", "Beneficiary Location:0:Country Code": "GB",
        "Beneficiary Location:0:Geographic Code": "E09000005", "Beneficiary Location:0:Geographic Code Type": "LONB",
        "Beneficiary Location:1:Name": "Camden", "Beneficiary Location:1:Country Code": "GB",
        "Beneficiary Location:1:Geographic Code": "E09000007", "Beneficiary Location:1:Geographic Code Type": "LONB",
        "Funding Org:Identifier": "GB-LAE-GLA", "Funding Org:Name": "Greater London Authority",
        "Grant Programme:Title": "Safer Talk", "Grant Programme:Code": "CVE",
        "Last Modified": "2015-09-06T00:00:00Z", "Notes": "=1+1", "#Title": "again",
    }  # fmt: skip
    assert [row[title].data_type for title in ("Award Date", "Notes", "Amount Awarded")] == ["d", "s", "n"]
    assert row["Award Date"].value.date() == date(2026, 3, 1)
    assert list(book["Meta"].values) == [
        ("Version", "1.4"), ("Title", "Grants of Greater London Authority"), ("Issued", "2026-11-23"),
        ("Modified", "2026-11-23T14:02:00Z"), ("Publisher:Identifier", "GB-LAE-GLA"),
        ("Publisher:Name", "Greater London Authority"), ("License", OGL),
    ]  # fmt: skip
    assert book["Meta"].tables == {}


def test_csv_is_comma_crlf_and_marked_and_holds_no_formula(store, programme, tmp_path):
    grant_of(store, programme, title="=cmd()|1", purpose="two\nlines", extra={"Notes": "-1 day"})
    giving_out.write(store, ALL, tmp_path / "out.csv")

    whole = (tmp_path / "out.csv").read_bytes()
    titles, row = csv.reader(whole.decode("utf-8-sig").splitlines(keepends=True))
    said = dict(zip(titles, row, strict=True))
    assert whole.startswith(b"\xef\xbb\xbfIdentifier,Title,")
    assert whole.count(b"\r\n") == 2
    assert (said["Title"], said["Notes"], said["Description"], said["Amount Awarded"], said["Award Date"]) == (
        "'=cmd()|1", "'-1 day", "two\nlines", "1000.5", "2026-03-01",
    )  # fmt: skip


def test_a_text_longer_than_a_cell_of_excel_goes_out_whole_or_not_at_all(store, programme, tmp_path):
    grant_of(store, programme, purpose="x" * 40_000)

    with pytest.raises(Refused, match="“Description” of a grant has 40,000 characters"):
        giving_out.write(store, ALL, tmp_path / "out.xlsx")

    assert not (tmp_path / "out.xlsx").exists()
    assert len(written(store, tmp_path)[0]["description"]) == 40_000


def test_a_diversity_record_told_in_full_goes_out_with_its_extension(store, programme, tmp_path):
    areas = ("leadership", "mission", "project")
    grant_of(
        store, programme,
        extra={
            **{f"deiDetails/{area}/askedStatus": "AS200" for area in areas},
            "deiDetails/mission/response/taxonomyCodes/0": "DEI010000",
        },
    )  # fmt: skip

    (grant,) = written(store, tmp_path)

    assert grant["deiDetails"]["mission"] == {"askedStatus": "AS200", "response": {"taxonomyCodes": ["DEI010000"]}}
    assert json.loads((tmp_path / "out.json").read_text())["extensions"] == ["dei"]


def test_nothing_to_publish_another_ending_and_cancelling_write_nothing(store, programme, tmp_path):
    with pytest.raises(Refused, match="There is no awarded grant in this list"):
        written(store, tmp_path)
    grant_of(store, programme)
    with pytest.raises(Refused, match="360Giving is written as"):
        giving_out.write(store, ALL, tmp_path / "out.ods")

    def stop(_done: int, _of: int | None) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        written(store, tmp_path, progress=stop)
    assert list(tmp_path.glob("out*")) == []


@pytest.mark.parametrize("ending", giving_out.ENDINGS)
def test_our_own_file_brought_back_changes_nothing(store, programme, tmp_path, ending):
    theme = make(store, Theme, programme_id=programme.id, name="Raise awareness")
    grant_of(
        store, programme, title="=cmd()|1", boroughs=("Brent", "London-wide", "Online"), route=Route.OPEN_CALL,
        themes=(theme.reference,), extra={"Notes": "-1 day", "relatedActivity": "a; b", "dateModified": "06/09/2015"},
        holder={"website": "www.met-talk.example", "charity_number": None, "body": OrganisationKind.CIC,
                "address": "1 High Street\nLondon", "extra": {"recipientOrganization/0/addressLocality": "London"}},
    )  # fmt: skip
    grant_of(store, programme, identifier="A-1", holder={"name": "By number", "borough": "Brent"})
    grant_of(store, programme, holder={"name": "Jo Bloggs", "body": OrganisationKind.INDIVIDUAL})
    target = tmp_path / f"out{ending}"
    giving_out.write(store, ALL, target)

    found = importing.preview(store, target)

    assert {verdict.value: tally.rows for verdict, tally in found.tallies.items() if tally.rows} == {"Unchanged": 3}
    assert (list(found.changes), found.faults) == ([], [])


@pytest.mark.real_data
@pytest.mark.parametrize("ending", giving_out.ENDINGS)
def test_a_published_file_goes_out_again_valid_and_comes_back_unchanged(store, shared_data, tmp_path, ending):
    standard = shared_data / "reference" / "360giving-standard"
    importing.bring_in(store, importing.preview(store, shared_data / "360giving" / "blagrave-trust-2016.xlsx"))
    editing.save(store, Organisation, {"borough": "Camden"}, id=1)
    target = tmp_path / f"out{ending}"
    giving_out.write(store, ALL, target)

    again = importing.preview(store, target)
    assert {verdict.value: tally.rows for verdict, tally in again.tallies.items() if tally.rows} == {"Unchanged": 68}
    if ending == ".json":
        assert official.faults_of(json.loads(target.read_text(encoding="utf-8")), standard) == []
    elif official.FLATTEN:
        package, warned = official.converted(target, standard, tmp_path)
        assert (official.faults_of(package, standard), warned, len(package["grants"])) == ([], [], 68)
        assert {"E09000007"} == {
            place["geoCode"]
            for grant in package["grants"]
            for place in grant["recipientOrganization"][0].get("location", ())
        }


@pytest.mark.real_data
def test_the_official_rules_find_what_is_wrong(shared_data):
    standard = shared_data / "reference" / "360giving-standard"
    grant = {
        "id": "a", "title": "t", "description": "d", "currency": "GBP", "amountAwarded": "5", "awardDate": "2024",
        "fundingOrganization": [{"id": "f", "name": "f"}], "regrantType": "FRG01", "url": "www.x.org",
        "beneficiaryLocation": [{"countryCode": "UK"}], "dateModified": "2024-01-01T00:00:00",
    }  # fmt: skip

    found = official.faults_of({"grants": [grant, grant]}, standard)

    assert {one.partition(":")[0] for one in found if "grants/1" not in one} == {
        "grants/0", "grants/0/amountAwarded", "grants/0/awardDate", "grants/0/url", "grants/0/dateModified",
        "grants/0/beneficiaryLocation/0/countryCode", "grants/0//regrantType", "a",
        "grants/0//beneficiaryLocation/countryCode",
    }  # fmt: skip
