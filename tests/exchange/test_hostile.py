"""Files made to do harm, and a disk without room, end in a sentence before they cost much; the file stays as it was."""

import sys
import zipfile
from contextlib import contextmanager
from datetime import date

import pytest
from sqlalchemy import func, select

from grants_app.errors import Refused
from grants_app.exchange.imports import importing
from grants_app.exchange.sources import reading, tables
from grants_app.exchange.spool import Spool
from grants_app.records import Grant
from grants_app.store import checking
from tests.exchange import awkward

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def book(path, *sheets):
    """A workbook whose sheets hold this XML."""
    numbers = range(len(sheets))
    named = "".join(f'<sheet name="S{n}" sheetId="{n + 1}" r:id="r{n}"/>' for n in numbers)
    linked = "".join(
        f'<Relationship Id="r{n}" Type="{LINKS}/worksheet" Target="worksheets/s{n}.xml"/>' for n in numbers
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("[Content_Types].xml", f'<Types xmlns="{PACKAGE.replace("relationships", "content-types")}"/>')
        root = f'<Relationship Id="r" Type="{LINKS}/officeDocument" Target="xl/workbook.xml"/>'
        zipped.writestr("_rels/.rels", f'<Relationships xmlns="{PACKAGE}">{root}</Relationships>')
        zipped.writestr("xl/workbook.xml", f'<workbook {MAIN} xmlns:r="{LINKS}"><sheets>{named}</sheets></workbook>')
        zipped.writestr("xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{PACKAGE}">{linked}</Relationships>')
        for number, rows in enumerate(sheets):
            xml = f"<worksheet {MAIN}><sheetData>{rows}</sheetData></worksheet>"
            zipped.writestr(f"xl/worksheets/s{number}.xml", xml)
    return path


def row(number, **cells):
    inside = "".join(f'<c r="{c}{number}" t="inlineStr"><is><t>{text}</t></is></c>' for c, text in cells.items())
    return f'<row r="{number}">{inside}</row>'


TABLE = row(1, A="Title", B="Amount") + row(2, A="x", B="5")


def refusal(path):
    with pytest.raises(Refused) as raised:
        read_whole(path)
    return str(raised.value)


def read_whole(path):
    return [list(sheet.rows()) for sheet in reading.open_source(path).sheets]


def test_a_workbook_of_thousands_of_sheets_is_refused_at_once(tmp_path):
    assert "has 800 sheets; at most 500 can be read" in refusal(book(tmp_path / "a.xlsx", *[TABLE] * 800))


@pytest.mark.parametrize(
    "stray",
    [
        row(1048576, A="x"),
        '<row r="3"><c r="B99999999"><v>1</v></c></row>',
        "<row r=\"3\"><c r='ZZZ999999'><v>1</v></c></row>",
        '<row r="3"><c  r = "A9999999"><v>1</v></c></row>',
        '<row r="99999999999"><c><v>1</v></c></row>',
    ],
)
def test_a_cell_far_from_all_others_is_refused_however_it_is_written(tmp_path, stray):
    assert "Delete the empty rows and columns beyond your data" in refusal(book(tmp_path / "a.xlsx", TABLE + stray))


def test_a_sheet_in_an_unusual_place_is_measured_too(tmp_path):
    path = book(tmp_path / "a.xlsx", TABLE + row(1048576, A="x"))
    with zipfile.ZipFile(path) as old:
        parts = {name.replace("worksheets/", "else/"): old.read(name) for name in old.namelist()}
    with zipfile.ZipFile(path, "w") as new:
        for name, content in parts.items():
            new.writestr(name, content.replace(b"worksheets/", b"else/"))

    assert "1,048,576 rows" in refusal(path)


def test_a_million_blank_rows_and_the_last_column_are_survived(tmp_path):
    blank = (
        "".join(f'<row r="{n}" ht="3"><c r="A{n}" s="0"/></row>' for n in range(3, 60_000))
        + '<row r="1048576" ht="3"/>'
    )
    (low,) = reading.open_source(book(tmp_path / "a.xlsx", TABLE + blank)).sheets
    (wide,) = reading.open_source(
        book(tmp_path / "b.xlsx", row(1, A="Title", B="Due") + row(2, A="x", B="y", XFD="z"))
    ).sheets

    assert [list(table.rows()) for table in tables.find(low).tables] == [[(2, ["x", "5"])]]
    assert [list(table.rows()) for table in tables.find(wide).tables] == [[(2, ["x", "y", "z"])]]


def test_the_mark_of_an_open_workbook_is_told_from_the_workbook(tmp_path):
    (tmp_path / "~$grants.xlsx").write_bytes(b"\x05Ann" + b" " * 160)

    assert refusal(tmp_path / "~$grants.xlsx").endswith(
        "only marks that a workbook is open. Choose the workbook itself."
    )


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("Title,Amount\n" + "x," * 30_000 + "\n", "row 2 has 30,001 columns; at most 20,000 can be read."),
        ("Title,Amount\n" + "x" * 1_600_000, "has a line of more than half a million characters"),
    ],
)
def test_text_that_is_no_table_is_refused_before_it_fills_the_memory(tmp_path, content, sentence):
    (tmp_path / "a.csv").write_text(content)

    assert sentence in refusal(tmp_path / "a.csv")


@pytest.mark.skipif(sys.platform == "win32", reason="only here can a process be given less room")
def test_a_full_disk_half_way_leaves_the_file_as_it_was(tmp_path, store):
    rows = [awkward.GRANTS, *awkward.grant_rows(2500)]
    rows = [[cell.isoformat() if isinstance(cell, date) else cell for cell in one] for one in rows]
    (tmp_path / "many.csv").write_text(awkward.delimited(rows, ","))
    found = importing.preview(store, tmp_path / "many.csv")

    with little_room(store.path.stat().st_size + 300_000), pytest.raises(Refused, match="disk"):
        importing.bring_in(store, found)

    with store.reading() as session:
        assert session.scalar(select(func.count(Grant.id))) == 0
    assert checking.check(store) == []
    importing.bring_in(store, importing.preview(store, tmp_path / "many.csv"))
    with store.reading() as session:
        assert session.scalar(select(func.count(Grant.id))) == 2500


@pytest.mark.skipif(sys.platform == "win32", reason="only here can a process be given less room")
def test_rows_that_find_no_room_when_put_aside_are_refused():
    spool = Spool()

    with little_room(100_000), pytest.raises(Refused, match="not enough room on the disk"):
        all(spool.append(("some words", number)) is None for number in range(60_000))


@contextmanager
def little_room(most):
    """Files of this process may not grow beyond so many bytes."""
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_an_error_in_an_opendocument_sheet_is_no_blank(tmp_path):
    cell = "<table:table-cell {}><text:p>{}</text:p></table:table-cell>"
    text, error = (
        'office:value-type="string"',
        'office:value-type="string" office:string-value="" calcext:value-type="error"',
    )
    lines = [("Title", "Amount"), ("x", "#REF!")]
    rows = [[cell.format(error if word[0] == "#" else text, word) for word in line] for line in lines]
    body = "".join(f"<table:table-row>{''.join(row)}</table:table-row>" for row in rows)
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text", "calcext")
    )
    content = f'<office:spreadsheet {spaces}><table:table table:name="S">{body}</table:table></office:spreadsheet>'
    with zipfile.ZipFile(tmp_path / "a.ods", "w") as zipped:
        zipped.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        zipped.writestr("META-INF/manifest.xml", "<manifest/>")
        zipped.writestr("content.xml", content)

    ((_, (_, last)),) = read_whole(tmp_path / "a.ods")

    assert (last, type(last[1])) == (["x", "#REF!"], reading.Flaw)
