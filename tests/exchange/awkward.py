"""Workbooks as officers really keep them, made on the spot, each with what must come out of it."""

import csv
import io
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
from openpyxl.chart import BarChart, Reference
from openpyxl.styles import Font

Rows = Sequence[Sequence[Any]]


class Expected(NamedTuple):
    """One table that must come out: where from, its rows, the pounds of its amounts, how many rows must be faulty."""

    name: str
    titles: tuple[str, ...]
    rows: int
    kinds: tuple[str, ...]
    pounds: Decimal | None = None
    money: tuple[str, ...] = ()
    layout: str = "rows"
    left_out: tuple[int, ...] = ()
    first: tuple[Any, ...] | None = None
    faulty: int = 0


class Made(NamedTuple):
    """A file, the tables in it, and the sheets that must be left out and said."""

    path: Path
    tables: tuple[Expected, ...]
    sheets_left_out: tuple[str, ...] = ()


BUILDERS: dict[str, Callable[[Path], Made]] = {}


def awkward(build: Callable[[Path], Made]) -> Callable[[Path], Made]:
    BUILDERS[build.__name__] = build
    return build


def put(sheet: Any, rows: Rows, top: int = 1, left: int = 1) -> None:
    for y, row in enumerate(rows, top):
        for x, value in enumerate(row, left):
            if value is not None:
                sheet.cell(y, x, value)


def save(path: Path, **sheets: Rows) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    for name, rows in sheets.items():
        put(book.create_sheet(name.replace("_", " ")), rows)
    book.remove(book.worksheets[0])
    book.save(path)
    return book


NAMES = (
    "Lea Valley Youth Trust",
    "Harbour Lane Mosque",
    "Open Door Newham",
    "Bridge Theatre Company",
    "Peckham Listens",
)
GRANTS = ("Identifier", "Organisation", "Title", "Awarded", "Starts", "Ends")


def grant_rows(count: int = 5, first: int = 1) -> list[list[Any]]:
    return [
        [
            f"SCF/{n:03}",
            NAMES[n % len(NAMES)],
            f"Project {n}",
            1000.0 * n + 0.5,
            date(2026, 4, 1) + timedelta(days=n),
            date(2027, 3, n % 28 + 1),
        ]
        for n in range(first, first + count)
    ]


def pounds(count: int, first: int = 1) -> Decimal:
    return sum((Decimal(1000 * n) + Decimal("0.50") for n in range(first, first + count)), Decimal("0.00"))


GRANT_FIRST = ("SCF/001", NAMES[1], "Project 1", 1000.5, date(2026, 4, 2), date(2027, 3, 2))


@awkward
def header_in_row_seven(folder: Path) -> Made:
    """A logo's blank rows, a title, a date and a note stand above the headings."""
    path = folder / "grants register.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Register"
    put(sheet, [["Shared Communities Fund: register of grants"], ["As at", date(2026, 9, 30)]], 3)
    put(sheet, [["Amounts are in pounds. Ask Finance before changing them."]], 5, 2)
    put(sheet, [GRANTS, *grant_rows(6)], 7, 2)
    for cell in sheet[7]:
        cell.font = Font(bold=True)
    book.save(path)
    return Made(
        path, (Expected("Register", GRANTS, 6, ("grant", "organisation"), pounds(6), ("Awarded",), first=GRANT_FIRST),)
    )


@awkward
def merged_headers(folder: Path) -> Made:
    """Two lines of headings, the upper merged over the lower."""
    path = folder / "merged headers.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Attendance"
    put(sheet, [["Organisation", "Title", "Awarded", "2026 Q1", None, "2026 Q2", None]])
    put(sheet, [[None, None, None, "Attended", "New", "Attended", "New"]], 2)
    put(sheet, [[NAMES[0], "Youth forum", 4000.0, 40, 12, 55, 9], [NAMES[1], "Open mosque", 500.5, 120, 80, 90, 30]], 3)
    for merged in ("A1:A2", "B1:B2", "C1:C2", "D1:E1", "F1:G1"):
        sheet.merge_cells(merged)
    book.save(path)
    quarters = ("2026 Q1 / Attended", "2026 Q1 / New", "2026 Q2 / Attended", "2026 Q2 / New")
    titles = ("Organisation", "Title", "Awarded", *quarters)
    first = (NAMES[0], "Youth forum", 4000, 40, 12, 55, 9)
    kinds = ("grant", "organisation")
    return Made(path, (Expected("Attendance", titles, 2, kinds, Decimal("4500.50"), ("Awarded",), first=first),))


ORGANISATIONS = ("Legal name", "Charity number", "Postcode", "Borough")


def organisation_rows() -> list[list[Any]]:
    places = ("Newham", "Tower Hamlets", "Newham", "Southwark", "Southwark")
    return [[name, 1100000 + n, f"E{n + 1} {n}AB", places[n]] for n, name in enumerate(NAMES)]


@awkward
def two_tables_below(folder: Path) -> Made:
    """The organisations stand above, their grants below, each under a heading of its own."""
    path = folder / "two tables.xlsx"
    rows = [
        ["Organisations"], ORGANISATIONS, *organisation_rows(), [], [], ["Grants made to them"], GRANTS, *grant_rows(7),
    ]  # fmt: skip
    save(path, Fund=rows)
    return Made(
        path,
        (
            Expected("Fund, row 2", ORGANISATIONS, 5, ("organisation",), first=(NAMES[0], 1100000, "E1 0AB", "Newham")),
            Expected("Fund, row 11", GRANTS, 7, ("grant", "organisation"), pounds(7), ("Awarded",), first=GRANT_FIRST),
        ),
    )


@awkward
def two_tables_beside(folder: Path) -> Made:
    """Organisations on the left, payments on the right, of different lengths."""
    path = folder / "side by side.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Both"
    put(sheet, [ORGANISATIONS, *organisation_rows()], 2)
    payments = [["Grant", "Amount", "Due"]] + [[f"SCF/{n:03}", 250.25 * n, date(2026, n, 1)] for n in range(1, 12)]
    put(sheet, payments, 2, 6)
    book.save(path)
    first = ("SCF/001", 250.25, date(2026, 1, 1))
    return Made(
        path,
        (
            Expected("Both, column A", ORGANISATIONS, 5, ("organisation",)),
            Expected(
                "Both, column F",
                ("Grant", "Amount", "Due"),
                11,
                ("payment",),
                Decimal("16516.50"),
                ("Amount",),
                first=first,
            ),
        ),
    )


@awkward
def totals(folder: Path) -> Made:
    """Subtotals by borough and a grand total, and one total that no word marks."""
    path = folder / "totals.xlsx"
    titles = ("Title", "Organisation", "Borough", "Awarded", "Asked")
    rows: list[Sequence[Any]] = [titles]
    for borough, first in (("Newham", 1), ("Southwark", 4)):
        part = [[f"Project {n}", NAMES[n % 5], borough, 1000.0 * n, 1500.0 * n] for n in range(first, first + 3)]
        rows += [*part, [f"Total {borough}", None, None, sum(r[3] for r in part), sum(r[4] for r in part)], []]
    rows += [[f"Project {n}", NAMES[n % 5], "Barnet", 1000.0 * n, 1500.0 * n] for n in (7, 8)]
    rows += [[None, None, None, 15000.0, 22500.0], ["GRAND TOTAL:", None, None, 36000.0, 54000.0]]
    save(path, Grants=rows)
    return Made(
        path,
        (
            Expected(
                "Grants",
                titles,
                8,
                ("grant", "organisation"),
                Decimal("36000.00"),
                ("Awarded",),
                left_out=(5, 10, 14, 15),
            ),
        ),
    )


@awkward
def totals_without_results(folder: Path) -> Made:
    """Totals that no program has reckoned, one without a label, over tables with few rows; and one under dates."""
    path = folder / "totals without results.xlsx"
    titles = ("Title", "Organisation", "Awarded", "Asked")
    rows: list[Sequence[Any]] = [titles, *([f"Project {n}", NAMES[n], 100.0 * n, 200.0 * n] for n in (1, 2))]
    payments: list[Sequence[Any]] = [("Due", "Grant", "Amount")]
    payments += [(date(2026, n, 1), f"Project {n}", 50.5 * n) for n in (1, 2)]
    save(
        path,
        Grants=[*rows, ["Total 2026", None, "=SUM(C2:C3)", "#REF!"], [None, None, "=SUBTOTAL(9,C2:C3)", "=SUM(D2:D3)"]],
        Payments=[*payments, [None, None, 151.5]],
    )
    grants, money = ("grant", "organisation"), Decimal("300.00")
    return Made(
        path,
        (
            Expected("Grants", titles, 2, grants, money, ("Awarded",), left_out=(4, 5)),
            Expected("Payments", tuple(payments[0]), 2, ("payment",), Decimal("151.50"), ("Amount",), left_out=(4,)),
        ),
    )


@awkward
def text_dates(folder: Path) -> Made:
    """Dates as text, day first, with month names, as serials, as ISO, and one that is no date."""
    path = folder / "text dates.xlsx"
    when = [
        "4/3/2026",
        "04-03-26",
        "4 March 2026",
        "4th Mar 2026",
        "Wed 4 March 2026",
        46085,
        "2026-03-04",
        datetime(2026, 3, 4, 9),  # noqa: DTZ001 (as a cell holds it)
    ]
    rows = [["Title", "Held on", "Attended"], *([f"Session {n}", day, 10 + n] for n, day in enumerate(when))]
    save(path, Sessions=[*rows, ["Session 8", "31/02/2026", 9]])
    return Made(path, (Expected("Sessions", ("Title", "Held on", "Attended"), 9, ("engagement",), faulty=1),))


@awkward
def three_sheets(folder: Path) -> Made:
    """One programme: organisations, grants and payments, a sheet each, tied by name and identifier."""
    path = folder / "one programme.xlsx"
    payments = [["Grant", "Amount", "Due", "Paid on"]]
    payments += [[f"SCF/{n:03}", 500.0 * n, date(2026, 5, n), date(2026, 5, n + 3)] for n in range(1, 6)]
    save(path, Organisations=[ORGANISATIONS, *organisation_rows()], Grants=[GRANTS, *grant_rows(5)], Payments=payments)
    return Made(
        path,
        (
            Expected("Organisations", ORGANISATIONS, 5, ("organisation",)),
            Expected("Grants", GRANTS, 5, ("grant", "organisation"), pounds(5), ("Awarded",), first=GRANT_FIRST),
            Expected("Payments", tuple(payments[0]), 5, ("payment",), Decimal("7500.00"), ("Amount",)),
        ),
    )


@awkward
def month_matrix(folder: Path) -> Made:
    """Attendance by month, April to March, a row for each project, with a total at the end of row and column."""
    path = folder / "matrix of months.xlsx"
    months = ["Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Jan", "Feb", "Mar"]
    rows: list[list[Any]] = [["Engagements 2026/27: people attended"], [], ["Grant", "Title", *months, "Total"]]
    sums = [0] * 12
    for n in range(1, 5):
        counts = [(n * 7 + m * 3) % 40 if (m + n) % 3 else None for m in range(12)]
        sums = [old + (new or 0) for old, new in zip(sums, counts, strict=True)]
        rows.append([f"SCF/{n:03}", f"Workshop {n}", *counts, sum(c or 0 for c in counts)])
    rows.append(["Total", None, *sums, sum(sums)])
    save(path, Attended=rows)
    first = ("SCF/001", "Workshop 1", date(2026, 4, 1), 7)
    return Made(
        path,
        (
            Expected(
                "Attended",
                ("Grant", "Title", "Date", "people attended"),
                32,
                ("engagement",),
                layout="months",
                left_out=(8,),
                first=first,
            ),
        ),
    )


FORM = (
    ("Organisation:", NAMES[2]),
    ("Grant:", "SCF/003"),
    ("Session title:", "Listening circle"),
    ("Date:", date(2026, 6, 11)),
    ("Venue:", "Stratford Library"),
    ("Number attended:", 34),
    ("Of whom new:", 12),
    ("Safeguarding concern:", "No"),
)


@awkward
def vertical_form(folder: Path) -> Made:
    """A monitoring form: labels down column A under section titles, the answers beside them."""
    path = folder / "monitoring form.xlsx"
    rows: list[Sequence[Any]] = [
        ["Quarterly monitoring form"],
        [],
        ["About the grant"],
        *FORM[:2],
        [],
        ["The session"],
        *FORM[2:],
    ]
    rows += [["What went well?", "Young people led the talk.\nTwo joined the board."]]
    save(path, Form=rows)
    titles = (*(label.rstrip(":") for label, _ in FORM), "What went well?")
    first = (*(value for _, value in FORM), "Young people led the talk.\nTwo joined the board.")
    return Made(path, (Expected("Form", titles, 1, ("engagement",), layout="form", first=first),))


@awkward
def forms_side_by_side(folder: Path) -> Made:
    """The same form with a column for each of three sessions."""
    path = folder / "three sessions.xlsx"
    rows = [["", "Session 1", "Session 2", "Session 3"]]
    rows += [["Title", "Circle", "Debate", "Play"], ["Held on", *(date(2026, 6, n) for n in (1, 2, 3))]]
    rows += [
        ["Venue", "Library", "School", "Theatre"],
        ["Attended", 10, 20, 30],
        ["Borough", "Newham", "Barnet", "Camden"],
    ]
    save(path, Sessions=rows)
    titles = ("Title", "Held on", "Venue", "Attended", "Borough")
    first = ("Circle", date(2026, 6, 1), "Library", 10, "Newham")
    return Made(path, (Expected("Sessions", titles, 3, ("engagement",), layout="form", first=first),))


@awkward
def three_kinds_a_row(folder: Path) -> Made:
    """Organisation, grant and payment on one row; a grant with two payments has two rows."""
    path = folder / "everything in one.xlsx"
    titles = (
        "Organisation",
        "Charity number",
        "Grant title",
        "Amount awarded",
        "Payment amount",
        "Payment due",
        "Paid on",
    )
    rows = [
        [NAMES[n % 5], f"11000{n % 5:02}", f"Project {n}", 2000.0 * n, 1000.0 * n, date(2026, part * 6, 1), None]
        for n in range(1, 6)
        for part in (1, 2)
    ]
    save(path, All=[titles, *rows])
    return Made(
        path,
        (Expected("All", titles, 10, ("organisation", "grant", "payment"), Decimal("30000.00"), ("Payment amount",)),),
    )


@awkward
def payments_across(folder: Path) -> Made:
    """A grant a row, with three payments in columns beside it: some unused, a nought and a dash among them."""
    path = folder / "payments across.xlsx"
    third = ("Final instalment", "Final instalment invoice", "Final instalment date")
    titles = (*GRANTS[:4], "1st payment (£)", "Date paid", "Payment 2 amount", "Payment 2 due", *third)
    rows: list[Sequence[Any]] = [titles]
    for n in range(1, 6):
        second = [500.0, date(2026, 6, n)] if n % 2 else [0, "n/a"]
        last = [100.0, f"INV{n}", date(2026, 9, 1)] if n < 3 else ["-", None, None]
        rows.append([*grant_rows(1, n)[0][:4], 250.25, date(2026, 3, n), *second, *last])
    save(path, Grants=rows)
    kinds = ("grant", "organisation", "payment")
    return Made(path, (Expected("Grants", titles, 5, kinds, pounds(5), ("Awarded",)),))


@awkward
def hidden_and_notes(folder: Path) -> Made:
    """One table among a chart's sheet, notes, an empty sheet, a hidden and a very hidden one."""
    path = folder / "many sheets.xlsx"
    notes = [["How to fill this in"], ["One row for each grant."], ["Ask the budget holder before changing an amount."]]
    book = save(
        path,
        Read_me=notes,
        Grants=[GRANTS, *grant_rows(4)],
        Empty=[],
        Old=[GRANTS, *grant_rows(2)],
        Lists=[["Newham"], ["Barnet"]],
    )
    book["Old"].sheet_state = "hidden"
    book["Lists"].sheet_state = "veryHidden"
    chart = BarChart()
    chart.add_data(Reference(book["Grants"], min_col=4, min_row=1, max_row=5), titles_from_data=True)
    book.create_chartsheet("Chart").add_chart(chart)
    book.save(path)
    left_out = ("Read me", "Empty", "Old", "Lists", "Chart")
    return Made(
        path,
        (Expected("Grants", GRANTS, 4, ("grant", "organisation"), pounds(4), ("Awarded",), first=GRANT_FIRST),),
        left_out,
    )


@awkward
def yes_and_no(folder: Path) -> Made:
    """Yes and no in all the ways that people write them."""
    path = folder / "yes and no.xlsx"
    answers = ["Y", "yes", "TRUE", 1, True, "✓", "x", "N", "no", "FALSE", 0, False]
    titles = ("Title", "Held on", "Attended", "Safeguarding concern", "Consent forms seen?")
    rows = [[f"Session {n}", date(2026, 2, n + 1), n, a, "Y" if n % 2 else "N"] for n, a in enumerate(answers)]
    save(path, Sessions=[titles, *rows])
    return Made(path, (Expected("Sessions", titles, 12, ("engagement",)),))


@awkward
def amounts_as_written(folder: Path) -> Made:
    """Pounds signs, commas, brackets and trailing minus for less than nothing, edge and no-break spaces."""
    path = folder / "amounts.xlsx"
    amounts = ["£1,250.50", "1,000", "(300.00)", "250-", " £ 75 ", "£2\u00a0000", "GBP 40.25", 19.99, "−5"]
    titles = ("Grant", "Kind", "Amount", "Due")
    rows = [
        [f"SCF/{n:03}", "Reclaim" if n in {2, 3, 8} else "Interim", a, date(2026, 7, n + 1)]
        for n, a in enumerate(amounts)
    ]
    save(path, Payments=[titles, *rows])
    return Made(path, (Expected("Payments", titles, 9, ("payment",), Decimal("3830.74"), ("Amount",), faulty=3),))


@awkward
def lost_zeros(folder: Path) -> Made:
    """Company numbers and telephone numbers that Excel has taken for numbers."""
    path = folder / "lost zeros.xlsx"
    titles = ("Legal name", "Company number", "Charity number", "Phone", "Postcode")
    rows = [[NAMES[n], 4512300 + n, 1100000.0 + n, 2079460000 + n, f" E{n + 1}\u00a00AB "] for n in range(5)]
    save(path, Organisations=[titles, *rows])
    return Made(path, (Expected("Organisations", titles, 5, ("organisation",)),))


def delimited(rows: Rows, separator: str) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=separator, lineterminator="\r\n").writerows(rows)
    return text.getvalue()


TEXT_TITLES = ("Title", "Organisation", "Amount awarded", "Starts")


@awkward
def semicolons_in_cp1252(folder: Path) -> Made:
    """A CSV as a Windows desktop writes it: semicolons, no mark of its encoding, pounds signs and an accent."""
    path = folder / "windows.csv"
    rows = [
        TEXT_TITLES,
        ["Café talks", NAMES[0], "£1,000", "1/4/2026"],
        ["Fête; and more", NAMES[1], "£2,500.50", "2/4/2026"],
    ]
    path.write_bytes(delimited(rows, ";").encode("cp1252"))
    first = ("Café talks", NAMES[0], "£1,000", "1/4/2026")
    return Made(
        path,
        (
            Expected(
                "windows",
                TEXT_TITLES,
                2,
                ("grant", "organisation"),
                Decimal("3500.50"),
                ("Amount awarded",),
                first=first,
            ),
        ),
    )


@awkward
def utf_16_tabs(folder: Path) -> Made:
    """Excel's “Unicode text”: UTF-16 with tabs."""
    path = folder / "unicode.txt"
    rows = [TEXT_TITLES, ["Łódź and us", NAMES[0], "1000", "1/4/2026"], ["Two\nlines", NAMES[1], "2500.5", "2/4/2026"]]
    path.write_bytes(delimited(rows, "\t").encode("utf-16"))
    return Made(
        path, (Expected("unicode", TEXT_TITLES, 2, ("grant", "organisation"), Decimal("3500.50"), ("Amount awarded",)),)
    )


@awkward
def own_columns(folder: Path) -> Made:
    """Columns that no record has: an amount, a yes or no, a number, a date, a word of a few, and free text."""
    path = folder / "own columns.xlsx"
    more = ("Ward", "Volunteer value", "Site visit done", "Score", "Next call", "Priority", "Remarks of the panel")
    extra = [
        [
            f"Ward {n}",
            100.25 * n,
            n % 2 == 0,
            n,
            date(2026, 10, n),
            ("High", "Low")[n % 2],
            f"The panel was pleased with {n}.",
        ]
        for n in range(1, 9)
    ]
    save(path, Grants=[(*GRANTS, *more), *(a + b for a, b in zip(grant_rows(8), extra, strict=True))])
    return Made(path, (Expected("Grants", (*GRANTS, *more), 8, ("grant", "organisation"), pounds(8), ("Awarded",)),))


@awkward
def duplicated_headings(folder: Path) -> Made:
    """Two columns called Date and three called Notes."""
    path = folder / "twice.xlsx"
    titles = ("Title", "Date", "Notes", "Attended", "Date", "Notes", "Notes")
    rows = [[f"Session {n}", date(2026, 1, n), f"a{n}", n, date(2026, 2, n), f"b{n}", f"c{n}"] for n in range(1, 4)]
    save(path, Sessions=[titles, *rows])
    told = ("Title", "Date", "Notes", "Attended", "Date (2)", "Notes (2)", "Notes (3)")
    return Made(path, (Expected("Sessions", told, 3, ("engagement",)),))


@awkward
def blank_headings(folder: Path) -> Made:
    """A column of figures under no heading, one under a space, and a heading with nothing below it."""
    path = folder / "blank headings.xlsx"
    rows = [[f"SCF/{n:03}", None, 100.0 * n, f"x{n}", date(2026, 3, n), None] for n in range(1, 5)]
    save(path, Payments=[["Grant", None, "Amount", " ", "Due", "Invoice"], *rows])
    titles = ("Grant", "Amount", "Column D", "Due", "Invoice")
    first = ("SCF/001", 100, "x1", date(2026, 3, 1), "")
    return Made(path, (Expected("Payments", titles, 4, ("payment",), Decimal("1000.00"), ("Amount",), first=first),))


@awkward
def merged_down(folder: Path) -> Made:
    """An organisation's name merged down over its grants."""
    path = folder / "merged down.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Grants"
    put(sheet, [("Organisation", "Title", "Awarded")])
    put(sheet, [[NAMES[n // 2] if n % 2 == 0 else None, f"Project {n}", 100.0 * n] for n in range(1, 7)], 2)
    sheet["A2"] = NAMES[0]
    for merged in ("A3:A4", "A5:A6"):
        sheet.merge_cells(merged)
    book.save(path)
    return Made(
        path,
        (
            Expected(
                "Grants",
                ("Organisation", "Title", "Awarded"),
                6,
                ("grant", "organisation"),
                Decimal("2100.00"),
                ("Awarded",),
            ),
        ),
    )


@awkward
def printed_pages(folder: Path) -> Made:
    """The headings again at the top of each printed page, with blank rows and a page number between."""
    path = folder / "printed.xlsx"
    rows = [GRANTS, *grant_rows(4), [], GRANTS, *grant_rows(4, 5), [], [], GRANTS, *grant_rows(2, 9)]
    save(path, Register=rows)
    return Made(
        path, (Expected("Register", GRANTS, 10, ("grant", "organisation"), pounds(10), ("Awarded",), left_out=(7, 14)),)
    )


@awkward
def formulas_and_errors(folder: Path) -> Made:
    """A total by formula that no program has reckoned, and cells that hold an error of Excel."""
    path = folder / "formulas.xlsx"
    rows: list[Sequence[Any]] = [
        ("Grant", "Amount", "Due"),
        ("SCF/001", 100.0, date(2026, 1, 1)),
        ("SCF/002", "=B2*2", date(2026, 1, 2)),
    ]
    save(path, Payments=[*rows, ("SCF/003", "#REF!", date(2026, 1, 3)), ("SCF/004", 50.0, "#N/A")])
    return Made(path, (Expected("Payments", ("Grant", "Amount", "Due"), 4, ("payment",), faulty=3),))


@awkward
def times_and_lists(folder: Path) -> Made:
    """Times of day, several words in a cell, words in another case."""
    path = folder / "sessions.xlsx"
    titles = ("Title", "Held on", "Start time", "Audiences", "Delivery", "Borough")
    rows = [
        ["Talk", date(2026, 5, 1), time(14, 30), "Young people; Parents", "in PERSON", "newham"],
        ["Walk", date(2026, 5, 2), "2.30pm", "parents, teachers", "Online", "City of Westminster"],
        ["Play", date(2026, 5, 3), "09:15", "Young people\nPupils", "hybrid ", "Barnet"],
    ]
    save(path, Sessions=[titles, *rows])
    return Made(path, (Expected("Sessions", titles, 3, ("engagement",)),))
