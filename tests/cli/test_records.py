"""The command line on records: what it prints, what it refuses, and that nothing is half done."""

import json
from pathlib import Path

import pytest

from grants_app.cli import main
from grants_app.store import opening


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A new file with a programme, an organisation and a grant."""
    monkeypatch.setenv("GRANTS_OFFICER", "Ann Officer")
    path = tmp_path / "work.grants"
    opening.create(path, "Ann Officer").close()
    assert main(["add", str(path), "programmes", "code=CVE", "name=Countering extremism", "budget=£650,000"]) == 0
    assert main(["add", str(path), "organisations", "name=Anti-Tribalism Movement"]) == 0
    assert (
        main(["add", str(path), "grants", "programme=CVE", "organisation=ORG-0001", "title=Talks", "asked=5,000.50"])
        == 0
    )
    return str(path)


def listed(file: str, type_: str, capsys: pytest.CaptureFixture[str], *more: str) -> list[dict[str, object]]:
    capsys.readouterr()
    assert main(["list", file, type_, "--json", *more]) == 0
    found: list[dict[str, object]] = json.loads(capsys.readouterr().out)
    return found


def test_adding_prints_the_reference(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["add", file, "engagements", "grant=cve-0001", "title=Workshop", "held_on=12/3/26"]) == 0
    assert capsys.readouterr().out == "ENG-000001\n"


def test_a_list_as_json_has_field_names_decimal_strings_and_iso_dates(
    file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["change", file, "grants", "CVE-0001", "starts=1 April 2026", "boroughs=brent; Barnet"])

    (grant,) = listed(file, "grants", capsys)

    wanted = ("reference", "programme", "organisation", "title", "asked", "awarded", "starts", "boroughs", "status")
    assert {name: grant[name] for name in wanted} == {
        "reference": "CVE-0001",
        "programme": "CVE",
        "organisation": "ORG-0001",
        "title": "Talks",
        "asked": "5000.50",
        "awarded": None,
        "starts": "2026-04-01",
        "boroughs": ["Barnet", "Brent"],
        "status": "Applied",
    }


def test_lists_are_narrowed_by_words_and_by_fields(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    main(["add", file, "grants", "programme=CVE", "organisation=ORG-0001", "title=Walks", "asked=900"])

    assert [g["title"] for g in listed(file, "grants", capsys, "--search", "tribal tal")] == ["Talks"]
    assert [g["title"] for g in listed(file, "grants", capsys, "--where", "asked<=1000")] == ["Walks"]
    assert [g["title"] for g in listed(file, "grants", capsys, "--where", "organisation=ORG-0001")] == [
        "Talks",
        "Walks",
    ]
    assert [g["title"] for g in listed(file, "grants", capsys, "--sort", "asked", "--limit", "1")] == ["Walks"]
    assert listed(file, "grants", capsys, "--where", "purpose!=") == []


def test_a_short_list_is_a_table_to_read(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    main(["list", file, "programmes"])
    assert capsys.readouterr().out.splitlines() == [
        "Reference  Name                  Short name  Status   Part of",
        "CVE        Countering extremism  CVE         Planned",
    ]


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (
            ["add", "grants", "programme=CVE", "organisation=ORG-9", "title=x"],
            "There is no organisation “ORG-9” in this file",
        ),
        (
            ["add", "grants", "programme=CVE", "organisation=ORG-0001", "title=x", "asked=5OO"],
            "Asked: “5OO” is not an amount",
        ),
        (
            ["add", "grants", "programme=CVE", "organisation=ORG-0001", "title=x", "starts=31/2/26"],
            "“31/2/26” is not a day",
        ),
        (["add", "grants", "programme=CVE", "organisation=ORG-0001"], "Title is needed"),
        (["add", "engagements", "grant=CVE-0001", "title=x", "held_on=today", "borough=Brnt"], "“Brnt” is not one of"),
        (["add", "gadgets", "name=x"], "There is no type “gadgets”"),
        (["add", "grants", "colour=red"], "Grants have no field “colour”"),
        (["change", "grants", "CVE-0009", "title=x"], "There is no grant “CVE-0009” in this file"),
        (["change", "grants", "CVE-0001", "status=Approved"], "Status of a grant is not typed in"),
        (
            ["change", "grants", "CVE-0001", "starts=2/2/26", "ends=1/2/26"],
            "Ends must be the same as or after 2 February 2026",
        ),
    ],
)
def test_what_cannot_be_done_is_said_plainly_and_changes_nothing(
    file: str, command: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = Path(file).read_bytes()
    capsys.readouterr()

    assert main([command[0], file, *command[1:]]) == 1

    printed = capsys.readouterr()
    assert (printed.out, said in printed.err) == ("", True)
    assert listed(file, "grants", capsys)[0]["title"] == "Talks"
    assert Path(file).read_bytes() == before


@pytest.mark.parametrize("command", [["list"], ["frobnicate"], ["add", "x.grants", "grants", "title"], ["new"]])
def test_wrong_usage_exits_with_2(command: list[str], file: str) -> None:
    assert main([file if word == "x.grants" else word for word in command]) == 2


@pytest.mark.parametrize("words", [["--officer", ""], ["--officer="], ["--officer", "\u200b"], ["--officer"]])
def test_an_officer_without_a_name_is_refused_in_words(file: str, words, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", file, "grants", *words]) == 2
    assert "--officer needs a name, which signs what is done" in capsys.readouterr().err


def test_a_name_that_shows_nothing_is_no_name(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["add", file, "organisations", "name=\u200b\u2060"]) == 1
    assert "Legal name is needed" in capsys.readouterr().err


def test_the_officer_is_named_anywhere_on_the_line(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    main(["--officer", "Ben Second", "change", file, "grants", "CVE-0001", "title=One"])
    main(["change", file, "grants", "CVE-0001", "title=Two", "--officer=Cy Third"])
    capsys.readouterr()
    main(["history", file, "--json", "--limit", "3"])

    steps = json.loads(capsys.readouterr().out)

    assert [step["officer"] for step in steps] == ["Cy Third", "Ben Second", "Ann Officer"]
    assert steps[0]["edits"] == [
        {"kind": "grant", "record_id": 1, "action": "changed", "before": {"title": "One"}, "after": {"title": "Two"}}
    ]


def test_undo_takes_back_ones_own_latest_step_with_a_reason(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    main(["change", file, "grants", "CVE-0001", "title=Walks"])
    capsys.readouterr()

    assert main(["undo", file, "--reason", "a slip"]) == 0

    assert capsys.readouterr().out == "Undone: Edit grant CVE-0001.\n"
    assert listed(file, "grants", capsys)[0]["title"] == "Talks"
    main(["history", file, "--json", "--limit", "1"])
    assert json.loads(capsys.readouterr().out)[0]["reason"] == "a slip"


def test_undo_with_nothing_of_ones_own_is_refused(file: str) -> None:
    assert main(["undo", file, "--officer", "Somebody Else"]) == 1


def test_no_command_makes_a_file_by_naming_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    missing = tmp_path / "none.grants"
    assert main(["list", str(missing), "grants"]) == 1
    assert not missing.exists()
    assert capsys.readouterr().err == f"There is no file {missing}.\n"


def test_bytes_that_are_no_text_are_left_out_of_values_filters_and_words(
    file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["change", file, "organisations", "ORG-0001", "name=Caf\udce9 \x00Royal", "notes=a\x01b\nc"])

    (organisation,) = listed(file, "organisations", capsys, "--where", "name~caf\udce9 \x00r", "--search", "ca\x00f")

    assert (organisation["name"], organisation["notes"]) == ("Caf Royal", "ab\nc")


def test_a_count_beyond_any_list_is_wrong_usage(file: str) -> None:
    assert main(["list", file, "grants", "--limit", "9" * 23]) == 2
    assert main(["history", file, "--limit", "9" * 23]) == 2


def test_what_is_saved_and_looks_wrong_is_said_on_standard_error(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()

    assert main(["change", file, "organisations", "ORG-0001", "charity_number=12"]) == 0

    said = capsys.readouterr()
    assert said.out == "Changed organisation ORG-0001.\n"
    assert said.err == (
        "Saved, with a warning: Charity number “12” is unlike any: 6 or 7 digits, or SC or NIC and 6.\n"
    )


def test_columns_of_their_own_are_made_filled_filtered_and_removed_by_their_labels(
    file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["columns", file, "grants", "--add", "Partner money", "--as", "money"]) == 0
    assert main(["columns", file, "grants", "--add", "Ward", "--as", "choice", "--words", "North; South"]) == 0
    assert capsys.readouterr().out.endswith("Partner money: pounds\nWard: list of words\n")
    assert main(["change", file, "grants", "CVE-0001", "partner money=£500", "Ward=south"]) == 0
    more = ["add", file, "grants", "programme=CVE", "organisation=ORG-0001", "title=Walks", "asked=1", "Ward=North"]
    assert main(more) == 0

    found = listed(file, "grants", capsys, "--where", "Partner money=500")
    assert [(grant["title"], grant["Partner money"], grant["Ward"]) for grant in found] == [
        ("Talks", "500.00", "South")
    ]
    assert [grant["title"] for grant in listed(file, "grants", capsys, "--sort", "-ward")] == ["Talks", "Walks"]
    assert main(["change", file, "grants", "CVE-0001", "Ward=East"]) == 1
    assert "Ward: “East” is not one of North or South" in capsys.readouterr().err
    assert main(["columns", file, "grants", "--rename", "Ward=Area"]) == 0
    assert main(["columns", file, "grants", "--remove", "title"]) == 1
    assert "Grants have no column of your own called “title”" in capsys.readouterr().err
    assert main(["columns", file, "grants", "--remove", "partner money"]) == 0
    assert capsys.readouterr().out == "Area: list of words\n"
    assert main(["undo", file]) == 0
    assert listed(file, "grants", capsys, "--where", "partner money=500")[0]["Area"] == "South"
    assert main(["check", file]) == 0
