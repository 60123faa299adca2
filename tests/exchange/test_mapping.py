"""A column finds its field whichever way its title is written, and what has none is kept."""

import csv

import pytest

from grants_app.exchange.giving import standard
from grants_app.exchange.imports import mapping


@pytest.mark.parametrize(
    ("title", "path"),
    [
        ("Identifier", "id"),
        ("IdeNtif      ier", "id"),
        ("Recipient\u00a0Org : Name", "recipientOrganization/0/name"),
        ("recipient_org:postal_code", "recipientOrganization/0/postalCode"),
        ("Recipient Organisation:Name", "recipientOrganization/0/name"),
        ("recipientOrganization/0/id", "recipientOrganization/0/id"),
        ("Beneficiary Location:2:Country Code", "beneficiaryLocation/2/countryCode"),
        ("From an open call?", "fromOpenCall"),
        ("Last modified", "dateModified"),
        ("Planned Dates:Duration (months)", "plannedDates/0/duration"),
        ("Recipient Org:Location:Geographic Code", "recipientOrganization/0/location/0/geoCode"),
        ("commitmentTransaction/1/value", "commitmentTransaction/1/value"),
        ("Recipient Org:Country Code of ours", ""),
        ("Amount Awarded - website format", ""),
        ("Website: Decision Notes", ""),
        ("", ""),
        (":", ""),
    ],
)
def test_titles_of_the_standard_are_known_however_they_are_written(title, path):
    assert standard.path_of(title) == path


@pytest.mark.real_data
def test_every_title_and_path_of_the_standard_is_known(shared_data):
    with (shared_data / "reference" / "360giving-standard" / "titles.csv").open(
        encoding="utf-8-sig", newline=""
    ) as file:
        rows = [row for row in csv.DictReader(file) if row["sheet"] == "grants"]

    assert [(row["title"], standard.path_of(row["title"])) for row in rows if row["title"]] == [
        (row["title"], row["path"]) for row in rows if row["title"]
    ]
    assert [standard.path_of(row["path"]) for row in rows] == [row["path"] for row in rows]


def targets(*headings: str) -> dict[str, str]:
    return {column.title: column.target for column in mapping.suggest(headings).columns}


def test_columns_go_to_the_fields_that_declare_their_path():
    assert targets("Identifier", "Amount Awarded", "Recipient Org:Charity Number", "Funding Org:Name", "Notes") == {
        "Identifier": "grant.identifier",
        "Amount Awarded": "grant.awarded",
        "Recipient Org:Charity Number": "organisation.charity_number",
        "Funding Org:Name": "programme.funder",
        "Notes": "keep",
    }


def test_other_names_are_taken_only_where_the_standard_has_none():
    assert targets("Grant amount", "Summary") == {"Grant amount": "grant.awarded", "Summary": "grant.purpose"}
    assert targets("Amount Awarded", "Grant amount")["Grant amount"] == "keep"


def test_two_columns_of_one_field_do_not_overwrite_each_other():
    first, second = mapping.suggest(("Title", "title ")).columns
    assert (first.target, second.target, second.key) == ("grant.title", "keep", "title ")


def test_columns_that_start_with_a_hash_are_left_out():
    assert targets("# Ours", "Title") == {"Title": "grant.title"}


def test_every_target_reads_as_a_record_and_its_field():
    offered = mapping.targets()

    assert (offered["grant.title"], offered[mapping.LOCATION]) == ("Grant: Title", "Grant: Boroughs")
    assert all(": " in words for words in offered.values())
