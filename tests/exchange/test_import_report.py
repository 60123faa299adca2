"""Faulty rows come back in the officer's own workbook, of which all else stays as it was."""

import re
import shutil
import subprocess
import zipfile

import openpyxl
import pytest
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from grants_app.exchange.filling import notes
from grants_app.exchange.filling.parts import opened
from grants_app.exchange.imports import importing
from tests.exchange.test_templates import parts_of, with_logo

SPARKLINES = (
    '<extLst><ext uri="{05C60535-1F16-4fd2-B633-F4F36F0B64E0}" '
    'xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"><x14:sparklineGroups '
    'xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"><x14:sparklineGroup><x14:colorSeries '
    'rgb="FF376092"/><x14:sparklines><x14:sparkline><xm:f>Grants!C4:C6</xm:f><xm:sqref>F3</xm:sqref></x14:sparkline>'
    "</x14:sparklines></x14:sparklineGroup></x14:sparklineGroups></ext></extLst>"
)
ROWS = (
    ("Register of grants",), (), ("Title", "Organisation", "Awarded", "Starts", "Ends"),
    ("Talks", "Body", 100, "31/2/2026"), ("Walks", "Body", "lots", None), ("Plays", None, 5, "1/3/2026", "1/2/2026"),
)  # fmt: skip


def edited(path, edits, added=()):
    """Rewrite parts of a package: what each pattern finds becomes that."""
    parts = parts_of(path)
    for name, pattern, words in edits:
        parts[name] = re.sub(pattern.encode(), words.encode(), parts[name], count=1)
    with zipfile.ZipFile(path, "w") as book:
        for name, content in {**parts, **dict(added)}.items():
            book.writestr(name, content)


def register(path):
    """An officer's register with a chart, a picture, a note, a merged title, sparklines and a formula's result."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Grants"
    for row in ROWS:
        sheet.append(row)
    sheet["C5"].comment = Comment("Ask Mo about this", "Jo")
    sheet["C4"].fill = PatternFill("solid", start_color="FFDDEEFF")
    sheet["C5"].number_format = '"£"#,##0'
    sheet["H1"] = "=SUM(C4:C6)"
    sheet.merge_cells("A1:E1")
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=3, min_row=3, max_row=6), titles_from_data=True)
    sheet.add_chart(chart, "H9")
    book.create_sheet("Notes")["A1"] = "Kept by Jo"
    book.save(path)
    sums = (r"(SUM\(C4:C6\)</f>)<v ?(?:/>|></v>)", r"\1<v>105</v>")
    edited(path, [("xl/worksheets/sheet1.xml", *each) for each in (("(</worksheet>)", rf"{SPARKLINES}\1"), sums)])
    return with_logo(path)


def read(path, **options):
    """The sheet of grants as openpyxl reads it, which warns that it would drop the sparklines."""
    with pytest.warns(UserWarning, match="Sparkline"):
        return openpyxl.load_workbook(path, **options)["Grants"]


def test_the_officers_workbook_comes_back_whole_with_its_charts_pictures_sparklines_and_notes(store, tmp_path):
    mine, back = register(tmp_path / "mine.xlsx"), tmp_path / "back.xlsx"

    assert importing.write_faulty(importing.preview(store, mine), back) == 3

    sheet = read(back)
    said = {cell.coordinate: cell.comment.text.split("\n") for row in sheet.iter_rows() for cell in row if cell.comment}
    assert said == {
        "D4": ["“31/2/2026” is not a day of the calendar: day comes first, then month"],
        "C5": ["Ask Mo about this", "“lots” is not an amount: write it as 1000 or £1,000.50"],
        "A6": ["Organisation of the grant is missing"],
    }
    yellow = {cell.coordinate for row in sheet.iter_rows() for cell in row if cell.fill.fgColor.rgb == "FFFFE699"}
    assert (yellow, sheet["C4"].fill.fgColor.rgb, sheet["C5"].number_format) == (set(said), "FFDDEEFF", '"£"#,##0')
    assert read(back, data_only=True)["H1"].value == 105
    before, after = parts_of(mine), parts_of(back)
    assert {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)} == {
        "xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/comments/comment1.xml", "xl/drawings/commentsDrawing1.vml",
    }  # fmt: skip
    assert re.search(rb"<x14:sparkline>.*</x14:sparklines>", after["xl/worksheets/sheet1.xml"])
    assert len(set(re.findall(rb'id="(_x0000_s\d+)"', after["xl/drawings/commentsDrawing1.vml"]))) == 3


def test_libreoffice_shows_the_notes_and_the_chart(store, tmp_path):
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice is not installed")
    mine, back = register(tmp_path / "mine.xlsx"), tmp_path / "back.xlsx"
    importing.write_faulty(importing.preview(store, mine), back)

    command = [program, f"-env:UserInstallation=file://{tmp_path}/office", "--headless", "--convert-to", "fods", back]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=120)

    text = (tmp_path / "back.fods").read_text(encoding="utf-8")
    notes_ = [
        re.sub("<[^>]+>", " ", one)
        for one in re.findall(r"<office:annotation .*?</office:annotation>", text, re.DOTALL)
    ]
    assert len(notes_) == 3
    assert ["Ask Mo about this" in one and "“lots” is not an amount" in one for one in notes_].count(True) == 1
    assert ("<draw:image" in text, "<draw:object" in text, "sparkline" in text) == (True, True, True)


def test_a_talk_on_a_cell_gets_an_answer_and_a_sheet_without_notes_its_first(tmp_path):
    register(tmp_path / "mine.xlsx")
    kinds, space = "http://schemas.microsoft.com/office/2017/10/relationships", "http://schemas.microsoft.com/office"
    names = f'xmlns="{space}/spreadsheetml/2018/threadedcomments"'
    talk = (
        f'<ThreadedComments {names}><threadedComment ref="C5" dT="2026-01-02T03:04:05.00" personId="{{A}}" id="{{B}}">'
        "<text>Ask Mo about this</text></threadedComment></ThreadedComments>"
    )
    person = f'<personList {names}><person displayName="Jo" id="{{A}}" userId="Jo" providerId="None"/></personList>'
    links = [
        (f"xl/{name}.rels", "(</Relationships>)", rf'<Relationship Id="t" Type="{kinds}/{sort}" Target="{target}"/>\1')
        for name, sort, target in (
            ("worksheets/_rels/sheet1.xml", "threadedComment", "/xl/threadedComments/threadedComment1.xml"),
            ("_rels/workbook.xml", "person", "/xl/persons/person.xml"),
        )
    ]
    added = {"xl/threadedComments/threadedComment1.xml": talk.encode(), "xl/persons/person.xml": person.encode()}
    edited(tmp_path / "mine.xlsx", links, added)

    with opened(tmp_path / "mine.xlsx") as book, (tmp_path / "back.xlsx").open("wb") as file:
        (first, part, _), (second, other, _) = book.sheets()
        notes.add(book, part, [notes.Note(1, 3, "Which year?"), notes.Note(5, 3, "No amount")])
        notes.add(book, other, [notes.Note(3, 2, "Blank")])
        book.write(file)

    after = parts_of(tmp_path / "back.xlsx")
    said = re.findall(
        rb'ref="C5"[^>]*?(parentId="{B}")?><text>([^<]*)<', after["xl/threadedComments/threadedComment1.xml"]
    )
    assert said == [(b"", b"Ask Mo about this"), (b'parentId="{B}"', b"No amount")]
    assert re.findall(rb'displayName="([^"]*)"', after["xl/persons/person.xml"]) == [b"Jo", b"Grants Desk"]
    assert read(tmp_path / "back.xlsx")["A1"].comment.text == "Which year?"  # the first cell of a merged block
    with pytest.warns(UserWarning, match="Sparkline"):
        book = openpyxl.load_workbook(tmp_path / "back.xlsx")
    assert (first, second, book["Notes"]["B3"].comment.text) == ("Grants", "Notes", "Blank")


def test_macros_are_left_out_so_that_excel_opens_the_copy_under_its_name(store, tmp_path):
    mine = register(tmp_path / "mine.xlsm")
    plain, sort = "openxmlformats-officedocument.spreadsheetml.sheet.main", "ms-excel.sheet.macroEnabled.main"
    types = ("[Content_Types].xml", plain, sort)
    kind = "http://schemas.microsoft.com/office/2006/relationships/vbaProject"
    link = f'<Relationship Id="v" Type="{kind}" Target="vbaProject.bin"/>'
    edits = [types, ("xl/_rels/workbook.xml.rels", "(</Relationships>)", rf"{link}\1")]
    edited(mine, edits, {"xl/vbaProject.bin": b"macros"})

    importing.write_faulty(importing.preview(store, mine), tmp_path / "back.xlsx")

    after = parts_of(tmp_path / "back.xlsx")
    assert ("xl/vbaProject.bin" in after, b"vbaProject" in after["xl/_rels/workbook.xml.rels"]) == (False, False)
    assert (b"macroEnabled" in after["[Content_Types].xml"], plain.encode() in after["[Content_Types].xml"]) == (
        False,
        True,
    )
