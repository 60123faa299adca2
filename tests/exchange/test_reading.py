"""Files from outside are opened by what they hold, and refused in a sentence where they cannot be."""

import io
import json
import re
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from grants_app.errors import Refused
from grants_app.exchange import workbook
from grants_app.exchange.shapes import Column, Sheet
from grants_app.exchange.sources import hostile, reading


def save(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def excel(path: Path, cells: dict[str, object], **more: dict[str, object]) -> Path:
    book = openpyxl.Workbook()
    for name, values in {"grants": cells, **more}.items():
        sheet = book.create_sheet(name)
        for place, value in values.items():
            sheet[place] = value
    book.remove(book.worksheets[0])
    book.save(path)
    return path


def all_rows(path: Path) -> list[tuple[int, list[object]]]:
    return [(number, list(row)) for number, row in reading.open_source(path).sheets[0].rows()]


def refusal(path: Path) -> str:
    with pytest.raises(Refused) as raised:
        _read_whole(path)
    return str(raised.value)


def _read_whole(path: Path) -> None:
    for sheet in reading.open_source(path).sheets:
        list(sheet.rows())


@pytest.mark.parametrize(
    ("encoding", "description"),
    [
        ("utf-8", "UTF-8 text separated by semicolons"),
        ("utf-8-sig", "UTF-8 text separated by semicolons"),
        ("utf-16", "UTF-16 text separated by semicolons"),
        ("utf-16-le", "UTF-16-LE text separated by semicolons"),
        ("utf-16-be", "UTF-16-BE text separated by semicolons"),
        ("cp1252", "Windows-1252 text separated by semicolons"),
    ],
)
def test_text_is_read_in_whatever_encoding_it_has(tmp_path, encoding, description):
    path = save(tmp_path / "a.csv", "Title;Amount\r\nCafé – naïve £;5\r\n".encode(encoding))

    assert reading.open_source(path).description == description
    assert all_rows(path) == [(1, ["Title", "Amount"]), (2, ["Café – naïve £", "5"])]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_found(tmp_path, separator):
    path = save(tmp_path / "a.txt", f'A{separator}B{separator}C\n"1, 2; 3"{separator}{separator}x\n')

    assert all_rows(path) == [(1, ["A", "B", "C"]), (2, ["1, 2; 3", "", "x"])]


def test_rows_are_numbered_as_a_spreadsheet_shows_them(tmp_path):
    path = save(tmp_path / "a.csv", 'A,B\n\n"two\nlines",x\nlast,y\n')

    assert all_rows(path) == [(1, ["A", "B"]), (2, []), (3, ["two\nlines", "x"]), (4, ["last", "y"])]


def test_a_guard_before_a_formula_is_taken_off(tmp_path):
    assert all_rows(save(tmp_path / "a.csv", "A,B\n'=1+1,'tis\n"))[1] == (2, ["=1+1", "'tis"])


def test_a_quotation_mark_never_closed_is_refused_with_its_row(tmp_path):
    path = save(tmp_path / "a.csv", 'A,B\n1,2\n3,"open\n4,5\n6,7\n')

    assert refusal(path).startswith("“a.csv”, row 3: a quotation mark is opened and never closed")


def test_a_quotation_mark_inside_a_cell_does_no_harm(tmp_path):
    assert all_rows(save(tmp_path / "a.csv", 'A,B\n"say "hi" now",2\n3,4\n'))[2] == (3, ["3", "4"])


def test_a_workbook_gives_each_cell_its_own_type_and_place(tmp_path):
    day = date(2024, 3, 31)
    path = excel(tmp_path / "a.xlsx", {"B3": "Title", "C3": "When", "B5": "x", "C5": day, "D5": 1.5, "E5": True})

    assert [(n, row) for n, row in all_rows(path) if any(row)] == [
        (3, ["Title", "When", "", ""]),
        (5, ["x", day, 1.5, True]),
    ]


def test_hidden_sheets_are_told_apart(tmp_path):
    path = excel(tmp_path / "a.xlsx", {"A1": "x"}, old={"A1": "y"})
    book = openpyxl.load_workbook(path)
    book["old"].sheet_state = "veryHidden"
    book.save(path)

    assert [(sheet.name, sheet.hidden) for sheet in reading.open_source(path).sheets] == [
        ("grants", False),
        ("old", True),
    ]


def test_our_own_workbook_is_read_back(tmp_path):
    workbook.write(tmp_path / "a.xlsx", [Sheet("Words", (Column("A"), Column("B")), [("=1", "\ttab"), ("é", None)])])

    assert all_rows(tmp_path / "a.xlsx") == [(1, ["A", "B"]), (2, ["=1", "\ttab"]), (3, ["é", ""])]


def test_a_package_is_read_by_the_paths_of_its_fields(tmp_path):
    grants = [
        {"id": "1", "amountAwarded": 3028.63, "plannedDates": [{"duration": 12}]},
        {"id": "2", "note": None, "b c": ""},
    ]
    path = save(tmp_path / "a.json", b"\xef\xbb\xbf" + json.dumps({"version": "1.4", "grants": grants}).encode())

    source = reading.open_source(path)

    assert (source.description, source.meta) == ("360Giving JSON", {"version": "1.4"})
    assert all_rows(path) == [
        (0, ["id", "amountAwarded", "plannedDates/0/duration"]),
        (1, ["1", Decimal("3028.63"), 12]),
        (2, ["2", "", ""]),
    ]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ('{"grants": [\n {"id": 1},,]}', "line 2, column 12: a value is missing"),
        ('{"grants": [{"id" 1}]}', "line 1, column 19: a colon is missing"),
        ('{"other": []}', "has no list of “grants”"),
        ('{"grants": [1]}', "grant 1 is not an object"),
        ('{"grants": [{"amountAwarded": NaN}]}', "NaN is not a number that JSON allows"),
        ("[" * 100_000, "cannot be read as JSON"),
        ('{"grants": [' + '{"a":' * 30 + "1" + "}" * 30 + "]}", "nested more than 20 deep"),
    ],
)
def test_json_that_cannot_be_read_is_refused_with_its_place(tmp_path, content, sentence):
    assert sentence in refusal(save(tmp_path / "a.json", content))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"),
        (b"PK\x03\x04 junk", "is damaged: it cannot be unpacked"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "is a web page or XML under another name"),
        (b"%PDF-1.7 ...", "is not a spreadsheet"),
        (bytes(range(256)) * 9, "is neither a spreadsheet nor text"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "is damaged and cannot be read"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "is locked with a password"),
    ],
)
def test_what_is_no_spreadsheet_is_refused_in_a_sentence(tmp_path, content, sentence):
    assert sentence in refusal(save(tmp_path / "a.xls", content))


@pytest.mark.parametrize(
    "content", [b"\xff\xfe\x00", b"\xef\xbb\xbfTitle;Caf\xe9", "Title;5".encode("utf-16-le") + b"\0"]
)
def test_text_that_is_not_in_the_encoding_it_begins_with_is_refused(tmp_path, content):
    assert "and is damaged further on. Ask for it again." in refusal(save(tmp_path / "a.csv", content))


def test_a_folder_is_no_file_to_read(tmp_path):
    assert refusal(tmp_path) == f"“{tmp_path}” is a folder: choose a file."


def test_a_file_that_is_not_there_is_refused(tmp_path):
    assert refusal(tmp_path / "none.csv") == f"There is no file “{tmp_path / 'none.csv'}”."


def altered(path: Path, part: str, change) -> Path:
    """The workbook with one part changed."""
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    parts[part] = change(parts[part])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in parts.items():
            new.writestr(name, content)
    return path


SHEET = "xl/worksheets/sheet1.xml"


def test_a_workbook_of_few_cells_far_apart_does_not_fill_the_memory(tmp_path):
    assert "1,048,576 rows by 16,384 columns" in refusal(excel(tmp_path / "a.xlsx", {"A1": 1, "XFD1048576": 2}))


def test_cells_without_places_far_down_do_not_either(tmp_path):
    path = excel(tmp_path / "a.xlsx", {"A1": 1, "ZZ1": 2})
    more = b'<row r="1048576"><c><v>2</v></c></row></sheetData>'

    assert "1,048,576 rows" in refusal(altered(path, SHEET, lambda xml: xml.replace(b"</sheetData>", more)))


def test_formatted_blank_rows_to_the_end_of_the_sheet_are_no_bar(tmp_path):
    path = excel(tmp_path / "a.xlsx", {"A1": "x"})
    blank = b'<row r="1048576" ht="3"><c r="AL1048576" s="0"/></row></sheetData>'

    assert all_rows(altered(path, SHEET, lambda xml: xml.replace(b"</sheetData>", blank))) == [(1, ["x"])]


def test_a_document_type_definition_is_refused(tmp_path):
    path = excel(tmp_path / "a.xlsx", {"A1": "x"})

    assert "document type definition" in refusal(
        altered(path, SHEET, lambda xml: b'<!DOCTYPE a [<!ENTITY b "c">]>' + xml)
    )


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path):
    path = excel(tmp_path / "a.xlsx", {"A1": "x"})

    assert "unpacks to far more" in refusal(altered(path, "xl/styles.xml", lambda xml: xml + b" " * 30_000_000))


def test_a_part_that_lies_about_its_size_is_measured_as_it_is(tmp_path, monkeypatch):
    path = altered(excel(tmp_path / "a.xlsx", {"A1": "x"}), "xl/styles.xml", lambda xml: xml + b" " * 3_000_000)
    with zipfile.ZipFile(path) as zipped:
        size = zipped.getinfo("xl/styles.xml").file_size
    lying = path.read_bytes().replace(size.to_bytes(4, "little"), (10).to_bytes(4, "little"))
    path.write_bytes(lying)
    monkeypatch.setattr(hostile, "MOST_UNZIPPED", 1_000_000)

    assert "unpacks to far more" in refusal(path)


def test_an_opendocument_sheet_of_many_repeated_cells_is_refused(tmp_path):
    cell = '<table:table-cell office:value-type="float" table:number-columns-repeated="9000"/>'
    row = f'<table:table-row table:number-rows-repeated="9000">{cell}</table:table-row>'
    spaces = 'xmlns:office="o" xmlns:table="t"'
    content = f'<office:document {spaces}><table:table table:name="a">{row}</table:table></office:document>'
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as zipped:
        zipped.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        zipped.writestr("content.xml", content)

    assert "9,000 rows by 9,000 columns" in refusal(save(tmp_path / "a.ods", buffer.getvalue()))


REAL = {
    "trafford-council.csv": (555, "UTF-8 text separated by commas"),
    "trafford-council.json": (555, "360Giving JSON"),
    "cabinet-office-awards-2016-17.xlsx": (3351, "Excel workbook"),
    "blagrave-trust-2016.xlsx": (69, "Excel workbook"),
    "comic-relief-international.xlsx": (384, "Excel workbook"),
    "arts-council-england-2013-14.xlsx": (2162, "Excel workbook"),
    "arts-council-england-2013-14.csv": (2162, "UTF-8 text separated by commas"),
    "arts-council-of-wales.csv": (4020, "UTF-8 text separated by commas"),
    "ab-charitable-trust.xlsx": (783, "Excel workbook"),
    "wolfson-foundation-2014.json": (379, "360Giving JSON"),
    "fixtures/two-grants-cp1252.csv": (2, "Windows-1252 text separated by commas"),
    "fixtures/two-grants.ods": (2, "OpenDocument spreadsheet"),
    "fixtures/old-style.txt": (9, "UTF-8 text separated by commas"),
}


@pytest.mark.real_data
@pytest.mark.parametrize("name", REAL)
def test_published_files_are_read_row_for_row(shared_data, name):
    source = reading.open_source(shared_data / "360giving" / name)

    assert (sum(1 for _ in source.sheets[0].rows()) - 1, source.description) == REAL[name]


@pytest.mark.real_data
def test_a_published_file_that_is_not_json_is_refused_with_its_line(shared_data):
    found = refusal(shared_data / "360giving" / "fixtures" / "malformed.json")

    assert re.match(r"“malformed.json” is not well-formed JSON: line 10, column 15: ", found)
