"""The command line on whole files: where they go, and what is never written over."""

import json
from pathlib import Path

import openpyxl
import pytest

from grants_app.cli import main
from grants_app.store import opening

SOURCE = "Identifier,Title,Currency,Amount Awarded,Recipient Org:Name\n360G-a-1,Talks,GBP,100,Met-Talk\n"


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """An empty file, in the folder that commands run in."""
    monkeypatch.setenv("GRANTS_OFFICER", "Ann Officer")
    monkeypatch.chdir(tmp_path)
    opening.create(tmp_path / "work.grants", "Ann Officer").close()
    (tmp_path / "source.csv").write_text(SOURCE, encoding="utf-8")
    return "work.grants"


@pytest.mark.parametrize(
    ("report", "sentence"),
    [
        ("source.csv", "The report of an import ends in .xlsx, and “source.csv” does not."),
        ("work.grants", "The report of an import ends in .xlsx, and “work.grants” does not."),
        ("linked.xlsx", "“linked.xlsx” is what is brought in itself: write the report under another name."),
        ("nowhere/report.xlsx", "There is no folder “nowhere”. Make it first, or choose another place."),
    ],
)
def test_an_import_whose_report_cannot_go_there_stores_nothing_and_overwrites_nothing(
    file: str, report: str, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("linked.xlsx").hardlink_to("source.csv")

    assert main(["import", "source.csv", "--into", file, "--report", report]) == 1

    assert capsys.readouterr().err == f"{sentence}\n"
    assert Path("source.csv").read_text(encoding="utf-8") == SOURCE
    main(["history", file])
    assert capsys.readouterr().out == ""


def test_an_import_takes_any_type_says_what_is_faulty_and_gives_it_back(
    file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("s.csv").write_text("Title,Date,People\nTalk,1/5/2026,12\nWalk,1/6/2026,12.5\n", encoding="utf-8")
    command = ["import", "s.csv", "--into", file, "--as", "engagements", "--json", "--faulty", "back.xlsx"]

    assert main([*command, "--all-or-nothing"]) == 1
    assert capsys.readouterr().err.startswith("1 row is faulty, and all were to go in or none")
    assert main(command) == 0
    outcome = json.loads(capsys.readouterr().out)
    assert {key: outcome[key] for key in ("rows_read", "new", "faulty")} == {"rows_read": 2, "new": 1, "faulty": 1}
    assert openpyxl.load_workbook("back.xlsx").worksheets[0]["C2"].comment is not None
    assert main(["import", "s.csv", "--into", file, "--clashes", "merge"]) == 2
    Path("d.csv").write_text("Date,People,Venue\n1/7/2026,9,Hall\n", encoding="utf-8")
    assert main(["import", "d.csv", "--into", file, "--every", "engagement.tilte=Talk"]) == 1
    assert "“engagement.tilte” is no field of a record" in capsys.readouterr().err
    for target in ("grant.title=Talk", "engagement.venue=Shed", "engagement.own:text:Room=2"):
        assert main(["import", "d.csv", "--into", file, "--every", target, "--every", "engagement.title=Talk"]) == 1
        assert "cannot be given to every row here" in capsys.readouterr().err
    given = ["--every", "engagement.title=Talk", "--every", "engagement.summary=Wet"]
    assert main(["import", "d.csv", "--into", file, *given, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["new"] == 1
    assert main(["list", file, "engagements", "--where", "summary=Wet", "--json"]) == 0
    assert [one["venue"] for one in json.loads(capsys.readouterr().out)] == ["Hall"]


def test_a_backup_goes_to_a_folder_named_from_where_one_stands(file: str) -> None:
    assert main(["backup", file, "--to", "safe"]) == 0
    (made,) = Path("safe").iterdir()
    assert main(["check", str(made)]) == 0


def test_a_template_is_filled_in_with_one_type(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Legal name", "Website", "Seen by"])
    book.save("list.xlsx")
    assert main(["add", file, "organisations", "name=Kestrel Street Arts", "kind=other"]) == 0
    capsys.readouterr()
    command = ["export", file, "--template", "list.xlsx", "--what", "organisations", "--to"]

    assert main([*command, "filled.xlsm"]) == 1
    assert main([*command, "filled.xlsx"]) == 0

    told = capsys.readouterr()
    assert told.err == "A filled copy of “list.xlsx” ends in .xlsx, and “filled.xlsm” does not.\n"
    assert told.out.splitlines()[-3:] == [
        "Sheet “Sheet”, headings in row 1: fills in Legal name and Website.",
        "Leaves “Seen by” as it is.",
        "Wrote 1 record to filled.xlsx.",
    ]
    rows = [[cell.value for cell in row] for row in openpyxl.load_workbook("filled.xlsx").active]
    assert rows == [["Legal name", "Website", "Seen by"], ["Kestrel Street Arts", None, None]]


def test_who_publishes_is_said_shown_and_undone_from_the_command_line(
    file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["--name", "Greater London Authority", "--identifier", "GB-LAE-GLA", "--prefix", "360G-GLA"]
    assert main(["publisher", file, *given, "--website", "www.london.gov.uk", "--licence", "OGL"]) == 0
    said = (
        "Name: Greater London Authority\nIdentifier: GB-LAE-GLA\n360Giving prefix: 360G-GLA\n"
        "Website: https://www.london.gov.uk\n"
        "Licence: https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/\n"
    )
    assert capsys.readouterr().out == said
    assert main(["publisher", file, "--prefix", "no prefix"]) == 1
    assert capsys.readouterr().err == "“no prefix” is unlike a 360Giving prefix: write it as 360G-GLA.\n"
    assert main(["publisher", file, "--licence", "cc0", "--website", ""]) == 0
    assert capsys.readouterr().out.splitlines()[3:] == [
        "Website: not said yet", "Licence: https://creativecommons.org/publicdomain/zero/1.0/",
    ]  # fmt: skip
    assert main(["undo", file]) == 0
    capsys.readouterr()
    assert main(["publisher", file]) == 0
    assert capsys.readouterr().out == said


def test_a_report_fills_in_a_template_whose_headings_a_list_of_grants_would_know(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["new", "sample.grants", "--sample"]) == 0
    book = openpyxl.Workbook()
    book.active.append(["Project", "Award (£)", "Paid", "Ref no", "Remaining"])
    book.save("return.xlsx")
    command = ["report", "sample.grants", "position", "--template", "return.xlsx", "--to"]

    assert main([*command, "out.pdf"]) == 1
    assert capsys.readouterr().err == "A filled copy of “return.xlsx” ends in .xlsx, and “out.pdf” does not.\n"
    assert main([*command, "out.xlsx"]) == 0
    assert "fills in Project, Award (£), Paid, Ref no and Remaining." in capsys.readouterr().out
    rows = list(openpyxl.load_workbook("out.xlsx").active.values)
    paid = [row for row in rows[1:] if row[2]]
    assert paid
    assert all(row[1] - row[2] == row[4] for row in paid)
    assert rows[1][3].startswith("CVE-")


def test_grants_go_out_as_360giving_once_nothing_stops_them_or_those_are_left_out(
    file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    titles = (
        "Identifier,Title,Description,Currency,Amount Awarded,Award Date,Recipient Org:Identifier,Recipient Org:Name"
    )
    rows = [
        "a-1,Talks,Ten talks,GBP,100.50,2024-03-01,GB-CHC-1,Met-Talk",
        "a-2,Walks,,GBP,5,2024-03-01,GB-CHC-1,Met-Talk",
    ]
    funder = ",Funding Org:Identifier,Funding Org:Name"
    whole = [titles + funder, *(f"{row},GB-CHC-2,The Fund" for row in rows)]
    Path("source.csv").write_text("\n".join(whole), encoding="utf-8")
    assert main(["import", "source.csv", "--into", file]) == 0
    capsys.readouterr()

    assert main(["export", file, "--to", "out.json"]) == 1
    assert "1 grant cannot be valid as 360Giving" in capsys.readouterr().err
    assert not Path("out.json").exists()

    assert main(["export", file, "--to", "out.json", "--leave-out-faulty"]) == 0
    assert capsys.readouterr().out.startswith("Wrote 1 grant to out.json as 360Giving, left out 1 grant.\n")
    (grant,) = json.loads(Path("out.json").read_text(encoding="utf-8"))["grants"]
    assert (grant["id"], grant["amountAwarded"]) == ("a-1", 100.5)
    assert main(["export", file, "--to", "out.csv", "--as", "360giving", "--where", "title=Talks"]) == 0
    assert main(["export", file, "--to", "out.csv", "--as", "360giving", "--what", "payments"]) == 2
