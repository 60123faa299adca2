"""Workbooks are written whole, open as they were meant, and hold text as text."""

import errno
import os
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from grants_app.errors import Cancelled, Refused
from grants_app.exchange import package, workbook
from grants_app.exchange.shapes import Chart, Column, Sheet
from grants_app.records.fields import Kind
from grants_app.records.grant import Status

COLUMNS = (
    Column("Reference"),
    Column("Status", Kind.CHOICE, choices=tuple(status.value for status in Status)),
    Column("Awarded", Kind.MONEY),
    Column("Starts", Kind.DATE),
    Column("Attended", Kind.WHOLE),
    Column("Boroughs", Kind.MANY),
)
ROWS = [
    ("CVE-0001", Status.ACTIVE, Decimal("24000.00"), date(2026, 4, 1), 18, ("Brent", "Camden")),
    ("CVE-0002", Status.COMPLETED, Decimal("1000.50"), None, None, ()),
]


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "out.xlsx"


def by_calamine(path: Path, name: str) -> list[list[object]]:
    return list(CalamineWorkbook.from_path(path).get_sheet_by_name(name).to_python(skip_empty_area=False))


def text_round_trip(path: Path, texts: list[str]) -> list[object]:
    workbook.write(path, [Sheet("Words", (Column("Word"),), [(text,) for text in texts])])
    return [row[0] for row in by_calamine(path, "Words")[1:]]


def test_rows_come_back_as_text_numbers_and_dates(target):
    written = workbook.write(target, [Sheet("Grants", COLUMNS, iter(ROWS))])

    assert written == [2]
    assert by_calamine(target, "Grants") == [
        ["Reference", "Status", "Awarded", "Starts", "Attended", "Boroughs"],
        ["CVE-0001", "Active", 24000.0, date(2026, 4, 1), 18.0, "Brent; Camden"],
        ["CVE-0002", "Completed", 1000.5, "", "", ""],
    ]
    sheet = openpyxl.load_workbook(target)["Grants"]
    assert [cell.number_format for cell in sheet[2]] == [
        "General",
        "General",
        "£#,##0.00",
        "d mmm yyyy",
        "#,##0",
        "General",
    ]
    assert sheet.freeze_panes == "A2"
    assert sheet.tables.items() == [("Grants", "A1:F3")]


def test_a_field_with_choices_has_a_drop_down_list(target):
    workbook.write(target, [Sheet("Grants", COLUMNS, ROWS)])

    book = openpyxl.load_workbook(target)
    (rule,) = book["Grants"].data_validations.dataValidation
    assert (str(rule.sqref), rule.type, rule.formula1) == ("B2:B1048576", "list", "Lists!$A$2:$A$16")
    assert [cell.value for cell in book["Lists"]["A"]] == ["List 1", *(status.value for status in Status)]
    assert book["Lists"].sheet_state == "hidden"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_text_that_looks_like_a_formula_stays_text_and_unchanged(target, start):
    text = f"{start}SUM(1,2)"

    assert text_round_trip(target, ["plain", text]) == ["plain", text]
    cell = openpyxl.load_workbook(target)["Words"]["A3"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)


def test_odd_characters_come_back(target):
    texts = ["<b>&amp;</b>", "line\nbreak", "carriage\rreturn", " edges ", "_x0041_", "naïve £ 日本 😀", "x\ty"]

    assert text_round_trip(target, texts) == texts


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")), min_size=1))
def test_any_text_comes_back_as_it_was(tmp_path, texts):
    workbook.write(tmp_path / "any.xlsx", [Sheet("Words", (Column("Word"), Column("End")), [(t, "x") for t in texts])])

    assert [row[0] for row in by_calamine(tmp_path / "any.xlsx", "Words")[1:]] == texts


def test_characters_that_no_workbook_holds_are_left_out_and_the_rest_is_kept(target):
    assert text_round_trip(target, ["a\x00b", "\x0bvertical", "lone\ud800", "\uffff!"]) == [
        "ab",
        "vertical",
        "lone",
        "!",
    ]


def test_names_and_headings_lose_such_characters_too(target):
    chart = Chart("A\x00wards", ("a",), (("P\x01aid", (1,)),), summary="Sum\x02mary")
    workbook.write(
        target, [Sheet("Na\x03me", (Column("Head\x04ing\nof two"),), [("x",)], "Ti\x05tle", charts=(chart,))]
    )

    sheet = openpyxl.load_workbook(target)["Name"]
    assert (sheet["A1"].value, sheet["A3"].value, sheet["D3"].value) == ("Title", "Heading of two", "Paid")


def test_text_longer_than_a_cell_is_cut_and_says_so(target):
    (long, emoji) = text_round_trip(target, ["é" * 40_000, "😀" * 20_000])

    assert long.endswith("… [cut: 40,000 characters, and a cell of Excel holds 32,767]")
    assert (len(long), len(emoji.encode("utf-16-le")) // 2 <= 32_767) == (32_767, True)


def test_values_that_excel_cannot_hold_as_numbers_are_written_as_words(target):
    values = [date(1850, 1, 1), Decimal("NaN"), 10**15, float("inf"), datetime.fromisoformat("1899-01-01T12:00")]
    workbook.write(target, [Sheet("Odd", (Column("Any", None),), [(value,) for value in values])])

    assert [row[0] for row in by_calamine(target, "Odd")[1:]] == [
        "1850-01-01",
        "NaN",
        "1000000000000000",
        "inf",
        "1899-01-01 12:00:00",
    ]


def test_a_column_of_one_kind_still_takes_whatever_comes(target):
    rows = [
        (Decimal("1.50"), date(2026, 1, 2)),
        ("not known", datetime(2026, 7, 1, 9, 30, tzinfo=UTC)),
        (3, time(14, 30)),
    ]
    workbook.write(target, [Sheet("Mixed", (Column("Amount", Kind.MONEY), Column("When", Kind.DATE)), rows)])

    sheet = openpyxl.load_workbook(target)["Mixed"]
    assert [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)] == [
        [1.5, datetime.fromisoformat("2026-01-02")],
        ["not known", datetime.fromisoformat("2026-07-01T10:30")],  # London time
        [3, time(14, 30)],
    ]


def test_a_totals_row_adds_up_the_money(target):
    workbook.write(target, [Sheet("Grants", COLUMNS, ROWS, totals=True)])

    assert by_calamine(target, "Grants")[-1] == ["Total", "", 25000.5, "", "", ""]
    table = openpyxl.load_workbook(target)["Grants"].tables["Grants"]
    assert (table.ref, table.totalsRowCount, table.autoFilter.ref) == ("A1:F4", 1, "A1:F3")
    assert openpyxl.load_workbook(target)["Grants"]["C4"].value == "=SUBTOTAL(109,Grants[Awarded])"


def test_a_sheet_without_rows_is_still_a_table(target):
    assert workbook.write(target, [Sheet("Grants", COLUMNS, [])]) == [0]
    assert openpyxl.load_workbook(target)["Grants"].tables["Grants"].ref == "A1:F2"


def test_title_and_notes_stand_above_the_table(target):
    workbook.write(target, [Sheet("Grants", COLUMNS[:2], ROWS_OF_TWO, title="Register", notes=("As at today",))])

    assert by_calamine(target, "Grants") == [
        ["Register", ""], ["As at today", ""], ["", ""], ["Reference", "Status"], ["CVE-0001", "Active"],
        ["CVE-0002", "Completed"],
    ]  # fmt: skip
    assert openpyxl.load_workbook(target)["Grants"].freeze_panes == "A5"


ROWS_OF_TWO = [row[:2] for row in ROWS]


def test_names_that_excel_refuses_or_keeps_for_itself_are_mended(target):
    three = (Column("One"), Column("one"), Column(""))
    wanted = ["History", "a/b:c", "x" * 40, "x" * 40, "Lists", "", "A1"]
    workbook.write(target, [Sheet(name, three, [("1", "2", "3")]) for name in wanted])

    book = openpyxl.load_workbook(target)
    assert book.sheetnames == ["History of changes", "a b c", "x" * 31, f"{'x' * 27} (2)", "Lists (2)", "Sheet", "A1"]
    assert [cell.value for cell in book["A1"][1]] == ["One", "one 2", "Column"]
    assert list(book["A1"].tables) == ["Table_A1"]


def test_more_rows_than_a_sheet_holds_go_on_in_the_next(target, monkeypatch):
    monkeypatch.setattr(workbook, "LAST_ROW", 2000)
    rows = ((f"CVE-{number:04d}",) for number in range(4500))

    assert workbook.write(target, [Sheet("Grants", COLUMNS[:1], rows), Sheet("End", COLUMNS[:1], [("last",)])]) == [
        4500,
        1,
    ]

    book = openpyxl.load_workbook(target)
    found = [row[0] for name in book.sheetnames[:-1] for row in by_calamine(target, name)[1:]]
    assert book.sheetnames == ["Grants", "Grants (2)", "Grants (3)", "Grants (4)", "End"]
    assert found == [f"CVE-{number:04d}" for number in range(4500)]
    assert [table for name in book.sheetnames for table in book[name].tables] == [
        "Grants", "Grants_2", "Grants_3", "Grants_4", "End",
    ]  # fmt: skip


def test_charts_are_native_and_say_what_they_show(target):
    chart = Chart(
        "Awards",
        ("Brent", "Camden"),
        (("Awarded", (Decimal(10), None)), ("Paid", (5, 4))),
        unit="£",
        summary='"Two" boroughs',
    )
    workbook.write(target, [Sheet("Chart", COLUMNS[:1], [("x",)], charts=(chart, chart))])

    assert by_calamine(target, "Chart")[:3] == [
        ["Reference", "", "", "Awarded", "Paid"], ["x", "", "Brent", 10.0, 5.0], ["", "", "Camden", "", 4.0],
    ]  # fmt: skip
    with zipfile.ZipFile(target) as zipped:
        assert zipped.read("xl/drawings/drawing1.xml").count(b"descr='\"Two\" boroughs'") == 2
        assert b"'Chart'!$D$2:$D$3" in zipped.read("xl/charts/chart1.xml")


def test_progress_is_told_and_cancelling_leaves_the_old_file(target):
    target.write_bytes(b"old")
    told = []

    def progress(done: int, of: int) -> None:
        told.append((done, of))
        if done >= 2000:
            raise Cancelled

    with pytest.raises(Cancelled):
        workbook.write(target, [Sheet("Grants", COLUMNS[:1], (("x",) for _ in range(5000)), count=5000)], progress)

    assert (told, target.read_bytes(), sorted(target.parent.iterdir())) == (
        [(1000, 5000), (2000, 5000)],
        b"old",
        [target],
    )


def full_disk() -> Iterator[tuple[str]]:
    yield ("x",)
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize(
    ("prepare", "rows", "sentence"),
    [
        (lambda path: path.with_name("~$out.xlsx").touch(), [], "“out.xlsx” is open in another program."),
        (lambda path: path.with_name(".~lock.out.xlsx#").touch(), [], "“out.xlsx” is open in another program."),
        (Path.mkdir, [], "“out.xlsx” is a folder. Give the file another name."),
        (lambda _: None, full_disk(), "There is not enough room on the disk for “out.xlsx”. Nothing was written."),
    ],
)
def test_a_place_that_cannot_be_written_is_refused_in_a_sentence(target, prepare, rows, sentence):
    prepare(target)
    before = sorted(target.parent.iterdir())

    with pytest.raises(Refused, match="^" + sentence.replace(".", r"\.")):
        workbook.write(target, [Sheet("Grants", COLUMNS[:1], rows)])

    assert sorted(target.parent.iterdir()) == before


def test_a_missing_folder_is_refused(target):
    with pytest.raises(Refused, match="There is no folder"):
        workbook.write(target.parent / "none" / "out.xlsx", [])


def test_what_a_killed_export_left_behind_goes_after_a_day(target):
    old, fresh, other = (
        target.with_name(name) for name in (".out-12345678.part", ".out-87654321.part", ".in-12345678.part")
    )
    for left in (old, fresh, other):
        left.touch()
    for left in (old, other):
        os.utime(left, (0, 0))

    workbook.write(target, [Sheet("Grants", COLUMNS, ROWS)])

    assert sorted(target.parent.iterdir()) == sorted([fresh, other, target])


def test_the_same_styles_are_not_made_again_for_each_sheet(target):
    workbook.write(target, [Sheet(f"S{number}", COLUMNS, ROWS) for number in range(30)])

    assert len(openpyxl.load_workbook(target)._cell_styles) < 40


def test_the_last_row_is_that_of_excel():
    assert package.LAST_ROW == 2**20
