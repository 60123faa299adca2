"""An officer's own template is filled in under its headings; the rest of it stays, to the byte where nothing moved."""

import random
import re
import struct
import zipfile
import zlib
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Border, Font, PatternFill, Side
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table, TableStyleInfo

from grants_app.errors import Refused
from grants_app.exchange.filling import filling, templates
from grants_app.exchange.filling.formulas import Shift, at_row, pieces
from grants_app.exchange.filling.templates import Offer
from grants_app.exchange.shapes import Column
from grants_app.operations import file_settings
from grants_app.records import Grant, Kind, Organisation, Programme
from grants_app.records.grant import Status
from grants_app.store.listing import Condition, Listing
from tests.make import make

OFFERS = [
    Offer(Column("Reference")),
    Offer(Column("Organisation"), ("organisation",)),
    Offer(Column("Awarded", Kind.MONEY), ("amountAwarded",)),
    Offer(Column("Paid", Kind.MONEY)),
    Offer(Column("Starts", Kind.DATE), ("start date",)),
]
ROWS = [
    ("CVE-0001", "Harbour Lane", Decimal("12000.50"), Decimal("3000.00"), date(2026, 4, 1)),
    ("CVE-0002", '=HYPERLINK("https://example.org")', Decimal("8000.00"), None, None),
    ("CVE-0003", "Kiln Street & Sons", Decimal("500.00"), Decimal("500.00"), date(2026, 9, 30)),
    ("CVE-0004", "Tall Oaks <CIC>", Decimal("22000.00"), Decimal("0.00"), date(2027, 1, 2)),
]


def png() -> bytes:
    """A small blue square."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    lines = b"".join(b"\0" + b"\x0b\x5c\xad" * 48 for _ in range(48))
    head = struct.pack(">IIBBBBB", 48, 48, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b"")


@pytest.fixture
def template(tmp_path: Path) -> Path:
    """A finance return: logo, total above and below, formulas, formats, a chart, a list of choices, two more sheets."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Q3 return"
    sheet["B1"], sheet["B2"], sheet["D2"] = "Finance return", "In all:", "=SUM(D6:D6)"
    sheet["B1"].font = Font(bold=True, size=16)
    thin = Border(bottom=Side("thin", color="9DB4CC"))
    for column, title in enumerate(
        ("Ref. no.", "Reference", "Organisation", "Awarded (£)", "Paid", "Left", "Cost code", "Start date"), 1
    ):
        cell = sheet.cell(5, column, title)
        cell.font, cell.fill = Font(bold=True, color="FFFFFF"), PatternFill("solid", fgColor="0B5CAD")
        sheet.cell(6, column).border = thin
        sheet.cell(6, column).fill = PatternFill("solid", fgColor="E7F0FA")
    sheet["A6"], sheet["F6"], sheet["D6"].number_format = "=ROW()-5", "=D6-E6", '"£"#,##0'
    sheet["F6"].number_format = '"£"#,##0;[Red]-"£"#,##0'
    sheet["B7"], sheet["D7"], sheet["E7"], sheet["F7"] = "Total", "=SUM(D6:D6)", "=SUM(E6:E6)", "=SUM(F6:F6)"
    sheet["B9"] = "Signed:"
    sheet["C9"] = '=IF(D7=D2,"adds up: D7","does not")'
    sheet["B9"].comment = Comment("By the head of finance", "Finance")
    sheet.merge_cells("C9:D9")
    sheet.conditional_formatting.add("F6:F6", CellIsRule(operator="lessThan", formula=["0"], font=Font(color="FF0000")))
    check = DataValidation("list", formula1='"N100,N200"')
    check.add("G6")
    sheet.add_data_validation(check)
    sheet.print_area = "A1:H30"
    sheet.print_title_rows = "5:5"
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=4, min_row=5, max_row=6), titles_from_data=True)
    chart.set_categories(Reference(sheet, min_col=3, min_row=6, max_row=6))
    sheet.add_chart(chart, "B11")
    other = book.create_sheet("Cover")
    other["A1"], other["A2"], other["A3"] = "Awarded in all", "='Q3 return'!D7", "=SUM('Q3 return'!E6:E6)"
    plain = book.create_sheet("Notes")
    plain["A1"], plain["A2"] = "Nothing of this is touched", "=1+1"
    book.defined_names["AllPaid"] = DefinedName("AllPaid", attr_text="'Q3 return'!$E$6:$E$6")
    path = tmp_path / "return.xlsx"
    book.save(path)
    return with_logo(path)


def with_logo(path: Path) -> Path:
    """The same workbook with a picture at its top and a list of what to reckon first, as Excel keeps them."""
    parts = parts_of(path)
    place = (
        '<xdr:oneCellAnchor xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><xdr:from><xdr:col>0</xdr:col><xdr:colOff>0'
        '</xdr:colOff><xdr:row>0</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from><xdr:ext cx="457200" cy="457200"/>'
        '<xdr:pic><xdr:nvPicPr><xdr:cNvPr id="9" name="Logo"/><xdr:cNvPicPr/></xdr:nvPicPr><xdr:blipFill><a:blip '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:embed="rId9"/><a:stretch>'
        '<a:fillRect/></a:stretch></xdr:blipFill><xdr:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="457200" cy="457200"/>'
        '</a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></xdr:spPr></xdr:pic><xdr:clientData/>'
        "</xdr:oneCellAnchor>"
    )
    sorts = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    link = f'<Relationship Id="rId9" Type="{sorts}/image" Target="/xl/media/logo.png"/>'
    chain = f'<Relationship Id="rId99" Type="{sorts}/calcChain" Target="calcChain.xml"/>'
    kinds = (
        '<Default Extension="png" ContentType="image/png"/><Override PartName="/xl/calcChain.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.calcChain+xml"/>'
    )
    put = {
        "xl/drawings/drawing1.xml": (rb"</(xdr:)?wsDr>", place),
        "xl/drawings/_rels/drawing1.xml.rels": (rb"</Relationships>", link),
        "xl/_rels/workbook.xml.rels": (rb"</Relationships>", chain),
        "[Content_Types].xml": (rb"</Types>", kinds),
    }
    for name, (before, words) in put.items():
        parts[name] = re.sub(before, lambda found, words=words: words.encode() + found[0], parts[name])
    parts["xl/media/logo.png"] = png()
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    parts["xl/calcChain.xml"] = f'<calcChain xmlns="{main}"><c r="F6" i="1"/></calcChain>'.encode()
    with zipfile.ZipFile(path, "w") as zipped:
        for name, content in parts.items():
            zipped.writestr(name, content)
    return path


def parts_of(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as zipped:
        return {name: zipped.read(name) for name in zipped.namelist()}


def filled(template: Path, rows=ROWS, offers=OFFERS) -> Path:
    found = templates.fit(template, offers)
    target = template.with_name(f"filled{found.ending}")
    chosen = [[row[place] for _, place in found.places] for row in rows]
    assert filling.fill(found, offers, iter(chosen), len(chosen), target) == len(rows)
    return target


def test_what_will_be_done_is_said_before_anything_is_written(template):
    assert templates.fit(template, OFFERS).words == (
        "Sheet “Q3 return”, headings in row 5: fills in Reference, Organisation, Awarded (£), Paid and Start date.",
        "Keeps the formulas under Ref. no. and Left.",
        "Leaves “Cost code” as it is.",
    )


def test_rows_go_in_under_the_headings_and_everything_follows_them(template):
    sheet = openpyxl.load_workbook(filled(template))["Q3 return"]

    rows = [[cell.value for cell in row] for row in sheet["A6:H9"]]
    assert rows[0] == ["=ROW()-5", "CVE-0001", "Harbour Lane", 12000.5, 3000, "=D6-E6", None, rows[0][7]]
    assert (rows[0][7].date(), rows[3]) == (
        date(2026, 4, 1),
        ["=ROW()-5", "CVE-0004", "Tall Oaks <CIC>", 22000, 0, "=D9-E9", None, rows[3][7]],
    )
    assert (sheet["C7"].value, sheet["C7"].data_type, sheet["C7"].quotePrefix) == (ROWS[1][1], "s", True)
    assert {cell.number_format for cell in sheet["D"][5:9]} == {'"£"#,##0'}
    assert {(cell.fill.fgColor.rgb, cell.border.bottom.style) for row in sheet["A6:H9"] for cell in row} == {
        ("00E7F0FA", "thin")
    }
    assert [cell.value for cell in sheet[10]][1:6] == ["Total", None, "=SUM(D6:D9)", "=SUM(E6:E9)", "=SUM(F6:F9)"]
    assert (sheet["D2"].value, sheet["C12"].value) == ("=SUM(D6:D9)", '=IF(D10=D2,"adds up: D7","does not")')
    assert (sheet["B12"].comment.text, str(sheet.merged_cells)) == ("By the head of finance", "C12:D12")
    assert [str(each.sqref) for each in sheet.conditional_formatting] == ["F6:F9"]
    assert [str(each.sqref) for each in sheet.data_validations.dataValidation] == ["G6:G9"]
    assert (sheet.print_area, sheet.print_title_rows) == ("'Q3 return'!$A$1:$H$33", "$5:$5")


def test_charts_names_and_other_sheets_read_where_the_rows_are_and_the_rest_stays_to_the_byte(template):
    before, after = parts_of(template), parts_of(filled(template))

    assert re.findall(rb"<(?:c:)?f>([^<]*)</", after["xl/charts/chart1.xml"]) == [
        b"'Q3 return'!D5", b"'Q3 return'!$C$6:$C$9", b"'Q3 return'!$D$6:$D$9",
    ]  # fmt: skip
    assert re.findall(rb"<f>([^<]*)</f>", after["xl/worksheets/sheet2.xml"]) == [
        b"'Q3 return'!D10", b"SUM('Q3 return'!E6:E9)",
    ]  # fmt: skip
    assert re.findall(rb">([^<]*)</definedName>", after["xl/workbook.xml"])[0] == b"'Q3 return'!$E$6:$E$9"
    assert re.findall(rb"row>(\d+)<", after["xl/drawings/drawing1.xml"]) == [b"13", b"0"]
    assert re.findall(rb"Row>(\d+)<", after["xl/drawings/commentsDrawing1.vml"]) == [b"11"]
    moved = {
        "[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml",
        "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml", "xl/charts/chart1.xml", "xl/drawings/drawing1.xml",
        "xl/comments/comment1.xml",
    }  # fmt: skip
    assert set(before) - set(after) == {"xl/calcChain.xml"}
    same = {name for name in after if after[name] == before[name]}
    assert {"xl/worksheets/sheet3.xml", "xl/media/logo.png", "xl/theme/theme1.xml", "docProps/core.xml"} <= same
    assert set(after) - same == moved | {"xl/drawings/commentsDrawing1.vml"}


def last_years(tmp_path: Path, *, totals: bool) -> Path:
    """Five rows of an Excel table that are filled in already, with a column of its own reckoning."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Reference", "Awarded", "Half", "Remarks"])
    for number in range(5):
        sheet.append([f"OLD-{number}", 100, "=Grants[[#This Row],[Awarded]]/2", "of last year"])
    if totals:
        sheet.append(["Total", "=SUBTOTAL(109,Grants[Awarded])"])
    table = Table(displayName="Grants", ref=f"A1:D{6 + totals}")
    table.tableStyleInfo = TableStyleInfo("TableStyleMedium2", showRowStripes=True)
    table.totalsRowCount = 1 if totals else None
    sheet.add_table(table)
    book.save(tmp_path / "last year.xlsx")
    return tmp_path / "last year.xlsx"


def values(path: Path) -> list[list[object]]:
    return [[cell.value for cell in row] for row in openpyxl.load_workbook(path).active]


def test_an_excel_table_ends_with_its_rows_and_those_of_last_year_are_gone(tmp_path):
    half = "=Grants[[#This Row],[Awarded]]/2"
    template = last_years(tmp_path, totals=False)

    assert templates.fit(template, OFFERS).words[-1] == "What stands there now (5 rows) is taken out of the copy."
    fewer = openpyxl.load_workbook(filled(template, ROWS[:2]))
    assert fewer.active.tables["Grants"].ref == "A1:D3"
    assert values(tmp_path / "filled.xlsx")[1:4] == [
        ["CVE-0001", 12000.5, half, None],
        ["CVE-0002", 8000, half, None],
        [None] * 4,
    ]
    more = openpyxl.load_workbook(filled(last_years(tmp_path, totals=True), ROWS * 2))
    assert more.active.tables["Grants"].ref == "A1:D10"
    assert values(tmp_path / "filled.xlsx")[7:] == [
        ["CVE-0003", 500, half, None],
        ["CVE-0004", 22000, half, None],
        ["Total", "=SUBTOTAL(109,Grants[Awarded])", None, None],
    ]


def test_formulas_read_where_things_are_after_rows_were_put_in():
    shift = Shift("Our grants", 6, 10, 95, 1, 8)
    said = {
        "SUM(E6:E10)+SUM('Our grants'!$E$6:$E$10)": "SUM(E6:E105)+SUM('Our grants'!$E$6:$E$105)",
        "E6/E$12+SUM(6:10)": "E6/E$107+SUM(6:105)",
        'IF(A1="E12",LOG10(E12),Other!E12)': 'IF(A1="E12",LOG10(E107),Other!E12)',
        "Table1[[#This Row],[E12]]+[1]Grants!E12+'It''s'!E12+E:E+J6:J10": (
            "Table1[[#This Row],[E12]]+[1]Grants!E12+'It''s'!E12+E:E+J6:J10"
        ),
    }

    assert {words: shift.formula(words, "Our grants") for words in said} == said
    assert (shift.formula("SUM(E$6:E10)", "Our grants", own=10), shift.areas("E6 A1 C12 D6:D10")) == (
        "SUM(E$6:E10)", "E6:E105 A1 C107 D6:D105",
    )  # fmt: skip
    assert at_row(pieces("SUM(E$6:E6)-Rates!$B$2+LOG10(D6)", 6), 9) == "SUM(E$6:E9)-Rates!$B$2+LOG10(D9)"


def test_a_workbook_with_macros_keeps_them_and_its_kind(template, tmp_path):
    parts = parts_of(template)
    plain, macro = b"openxmlformats-officedocument.spreadsheetml.sheet.main", b"ms-excel.template.macroEnabled.main"
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(plain, macro)
    parts["xl/vbaProject.bin"] = b"\xd0\xcf macros"
    with zipfile.ZipFile(tmp_path / "return.xltm", "w") as zipped:
        for name, content in parts.items():
            zipped.writestr(name, content)

    target = filled(tmp_path / "return.xltm")
    assert (target.suffix, parts_of(target)["xl/vbaProject.bin"]) == (".xlsm", b"\xd0\xcf macros")
    assert b"ms-excel.sheet.macroEnabled.main" in parts_of(target)["[Content_Types].xml"]


@pytest.mark.parametrize(
    ("cells", "merged", "sentence"),
    [
        ({"A1": "Name of project", "B1": "Ward"}, "", "two headings that Grants Desk knows"),
        ({"A1": "Reference", "B1": "Awarded"}, "A2:B2", "A2:B2 is one merged cell where rows are to go"),
        ({"A1": "Reference", "B1": "Awarded", "A2": "=1", "B2": "=2"}, "", "there is nothing to fill in"),
    ],
)
def test_what_cannot_be_filled_in_is_refused_in_a_sentence(tmp_path, cells, merged, sentence):
    book = openpyxl.Workbook()
    for place, value in cells.items():
        book.active[place] = value
    if merged:
        book.active.merge_cells(merged)
    book.save(tmp_path / "wrong.xlsx")

    with pytest.raises(Refused, match=sentence):
        templates.fit(tmp_path / "wrong.xlsx", OFFERS)


def test_the_template_itself_and_files_that_are_no_workbook_are_left_alone(template, tmp_path):
    found = templates.fit(template, OFFERS)
    before = template.read_bytes()
    with pytest.raises(Refused, match="That is the template itself"):
        filling.fill(found, OFFERS, [], 0, template)
    assert template.read_bytes() == before
    (tmp_path / "list.csv").write_text("Reference,Awarded\n")
    with pytest.raises(Refused, match=r"save it in Excel as \.xlsx"):
        templates.fit(tmp_path / "list.csv", OFFERS)


def test_a_list_fills_a_template_as_it_is_filtered_and_sorted(store, template, tmp_path):
    programme, organisation = make(store, Programme, code="CVE"), make(store, Organisation, name="Met-Talk & Sons")
    common = {"programme_id": programme.id, "organisation_id": organisation.id, "status": Status.ACTIVE}
    for number, awarded in enumerate(("900", "2000.50", "7000"), 1):
        make(store, Grant, **common, title=f"Talk {number}", awarded=Decimal(awarded), starts=date(2026, 4, number))
    shown = Listing(
        Grant, ("title",), (Condition("awarded", "from", (Decimal("1000.00"),)),), sort=(("awarded", True),)
    )
    ward = file_settings.add_column(store, Grant, "Ward", Kind.TEXT).name
    names, offers = templates.offers_of(store, shown)

    assert offers[names.index(ward)].column.label == "Ward"
    assert {"Grant reference", "Grant ref"} <= set(offers[names.index("reference")].names)
    found = templates.fit(template, offers)
    assert filling.fill_listing(store, shown, found, tmp_path / "out.xlsx") == 2
    assert [row[1:4] for row in values(tmp_path / "out.xlsx")[5:7]] == [
        ["CVE-0003", "Met-Talk & Sons", 7000],
        ["CVE-0002", "Met-Talk & Sons", 2000.5],
    ]


def test_a_damaged_template_is_filled_or_refused_and_never_breaks_anything(template, tmp_path):
    whole, chance, refusals = template.read_bytes(), random.Random(5), set()  # noqa: S311
    for _ in range(40):
        broken = bytearray(whole)
        for _ in range(chance.randint(1, 12)):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        (tmp_path / "broken.xlsx").write_bytes(broken)
        try:
            filled(tmp_path / "broken.xlsx")
        except Refused as refusal:
            refusals.add(str(refusal))

    assert refusals
    assert all(each.startswith("“broken.xlsx”") and each.endswith(".") for each in refusals)
    assert not list(tmp_path.glob("*.part"))


def test_a_part_that_is_spoken_of_and_not_there_is_done_without(template):
    parts = parts_of(template)
    name = "xl/worksheets/_rels/sheet1.xml.rels"
    sort = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/table"
    gone = f'<Relationship Id="gone" Type="{sort}" Target="/xl/tables/table9.xml"/></Relationships>'
    parts[name] = parts[name].replace(b"</Relationships>", gone.encode())
    with zipfile.ZipFile(template, "w") as zipped:
        for part, content in parts.items():
            zipped.writestr(part, content)

    sheet = openpyxl.load_workbook(filled(template))["Q3 return"]

    assert sheet["B9"].value == "CVE-0004"


def test_a_heading_sent_elsewhere_takes_no_neighbour_that_is_called_alike_with_it(tmp_path):
    path = tmp_path / "years.xlsx"
    book = openpyxl.Workbook()
    book.active.append(["Reference", "Awarded (last year)", "Awarded"])
    book.save(path)

    found = templates.fit(path, OFFERS, {"awarded": "Paid"})

    assert dict(found.places)[3] == 3
    assert dict(found.places).get(2) != 3
