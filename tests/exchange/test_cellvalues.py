"""A cell is read for a field of any kind: what can be repaired is, and said; what cannot is refused in a sentence."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest

from grants_app.exchange.sources import cellvalues, contents, days
from grants_app.exchange.sources.reading import Flaw
from grants_app.records import Contact, Engagement, Grant, Organisation, Payment
from grants_app.records.engagement import Delivery

AWARDED, HELD, ATTENDED = (Grant, "awarded"), (Engagement, "held_on"), (Engagement, "attended")


def reader(kind, name, **more):
    return cellvalues.reader_of(kind.fields()[name], **more)


def refusal(kind, name, cell, **more):
    with pytest.raises(ValueError, match=r"\w") as raised:
        reader(kind, name, **more)(cell)
    return str(raised.value)


@pytest.mark.parametrize(
    ("field", "cell", "value", "note"),
    [
        (AWARDED, "£1,250.50", Decimal("1250.50"), "“£1,250.50” read as £1,250.50"),
        (AWARDED, "(300)", Decimal("-300.00"), "“(300)” read as −£300"),
        (AWARDED, "£(300)", Decimal("-300.00"), "“£(300)” read as −£300"),
        (AWARDED, "250-", Decimal("-250.00"), "“250-” read as −£250"),
        (AWARDED, "\u00a0£2\u00a0000 ", Decimal("2000.00"), "“£2\u00a0000” read as £2,000"),
        (AWARDED, "£5,000.-", Decimal("5000.00"), "“£5,000.-” read as £5,000"),
        (AWARDED, "1,250.--", Decimal("1250.00"), "“1,250.--” read as £1,250"),
        (AWARDED, "£ 1 250 000.50", Decimal("1250000.50"), "“£ 1 250 000.50” read as £1,250,000.50"),
        (AWARDED, "40.25 GBP", Decimal("40.25"), "“40.25 GBP” read as £40.25"),
        (AWARDED, 0.1 + 0.2, Decimal("0.30"), "“0.30000000000000004” read as £0.30"),
        (HELD, "4/3/26", date(2026, 3, 4), "“4/3/26” read as 4 March 2026, day first"),
        (HELD, 46085.0, date(2026, 3, 4), "“46085” read as 4 March 2026: a day as Excel counts them"),
        (HELD, "Mar 2026", date(2026, 3, 1), "“Mar 2026” read as 1 March 2026"),
        ((Grant, "ends"), "March 2026", date(2026, 3, 31), "“March 2026” read as 31 March 2026"),
        ((Grant, "starts"), "Mar-24", date(2024, 3, 1), "“Mar-24” read as 1 March 2024"),
        ((Grant, "ends"), "Mar-24", date(2024, 3, 31), "“Mar-24” read as 31 March 2024"),
        (HELD, "Sept '24", date(2024, 9, 1), "“Sept '24” read as 1 September 2024"),
        (HELD, 20240506, date(2024, 5, 6), "“20240506” read as 6 May 2024: year, month and day run together"),
        (HELD, "2011-12", date(2011, 12, 1), "“2011-12” read as 1 December 2011"),
        (HELD, datetime(2026, 3, 4, 9), date(2026, 3, 4), ""),  # noqa: DTZ001 (as a cell holds it)
        (ATTENDED, 34.0, 34, ""),
        (ATTENDED, "1,200", 1200, "“1,200” read as 1200"),
        ((Engagement, "hours"), timedelta(hours=2, minutes=30), 2.5, "“2:30:00” read as 2.5 hours"),
        ((Engagement, "starts"), 0.604166666666667, time(14, 30), "“0.604166666666667” read as 14:30"),
        ((Engagement, "starts"), "2.30pm", time(14, 30), "“2.30pm” read as 14:30"),
        ((Engagement, "concern"), "Y", True, "“Y” read as Yes"),
        ((Engagement, "concern"), 0.0, False, "“0” read as No"),
        ((Engagement, "delivery"), "in  PERSON", Delivery.IN_PERSON, "“in PERSON” read as In person"),
        (
            (Engagement, "audiences"),
            "parents; Teachers",
            ("Parents", "Teachers"),
            "“parents” read as Parents",
        ),
        (
            (Organisation, "company_number"),
            4512300.0,
            "04512300",
            "“4512300” read as 04512300: a company number has 8 characters",
        ),
        ((Organisation, "charity_number"), "1,100,000", "1100000", "“1,100,000” read as 1100000"),
        (
            (Contact, "phone"),
            2079460000.0,
            "02079460000",
            "“2079460000” read as 02079460000: its first nought was lost",
        ),
        ((Organisation, "postcode"), " E1\u00a00AB ", "E1 0AB", "spaces at its edges were taken off"),
        ((Grant, "identifier"), "A9\nx", "A9 x", "a line break within it was made a space"),
        ((Payment, "grant_id"), "  SCF-0001 ", "SCF-0001", ""),
        ((Engagement, "partners"), "ORG-0001; ORG-0002", ("ORG-0001", "ORG-0002"), ""),
        ((Engagement, "summary"), " one\r\ntwo ", "one\ntwo", ""),
    ],
)
def test_what_can_be_repaired_is_repaired_and_said(field, cell, value, note):
    assert reader(*field)(cell) == (value, note)


@pytest.mark.parametrize(
    ("field", "cell", "sentence"),
    [
        (AWARDED, "£1.5m", "“£1.5m” is short for an amount: write it out, as £12,000"),
        (AWARDED, "1.234,56", "“1.234,56” has a comma where pence begin: write it as £1,234.56"),
        (AWARDED, "€50", "“€50” is not in pounds: this app keeps pounds only"),
        (AWARDED, "tbc", "“tbc” is not an amount: write it as 1000 or £1,000.50"),
        (AWARDED, "1.005", "“1.005” has part of a penny: give at most two decimals"),
        ((Payment, "amount"), "(5)", "Amount must be £0.01 or more"),
        (HELD, "31/02/2026", "“31/02/2026” is not a day of the calendar: day comes first, then month"),
        (HELD, "12/25/2026", "“12/25/2026” has the month first: write it day first, as 25/12/2026"),
        (HELD, "20241306", "“20241306” is not a day of the calendar"),
        (HELD, "2024-25", "“2024-25” is a financial year, not a day: write its first day, 1/4/2024, if meant"),
        (
            (Grant, "ends"),
            "FY 2009/10",
            "“FY 2009/10” is a financial year, not a day: write its last day, 31/3/2010, if meant",
        ),
        (
            HELD,
            "May 24",
            "“May 24” may be a day or a year: write it as May 2024, or with its day and year, as 4 May 2026",
        ),
        (HELD, "soon", "“soon” is not a date: write it as 4/3/2026 or 4 March 2026"),
        (ATTENDED, 12.5, "“12.5” is not a whole number"),
        (ATTENDED, "about 40", "“about 40” is not a whole number: write it as 28"),
        ((Engagement, "concern"), "perhaps", "“perhaps” is neither yes nor no"),
        ((Engagement, "borough"), "Newhm", "“Newhm” is not a word of the list: is it Newham?"),
        ((Engagement, "delivery"), "By post", "“By post” is not one of In person, Online or Hybrid"),
        (AWARDED, Flaw("#REF!"), "the cell holds an error of Excel, #REF!: mend it there, or type the value over it"),
        (HELD, Flaw("#N/A"), "the cell holds an error of Excel, #N/A: mend it there, or type the value over it"),
        (
            (Grant, "title"),
            Flaw("=A1"),
            "the cell holds a formula without its result: open the file in Excel, save it and try again",
        ),
    ],
)
def test_what_cannot_be_read_is_refused_in_a_sentence(field, cell, sentence):
    assert refusal(*field, cell) == sentence


def test_dates_written_month_first_are_known_by_their_column():
    column = ["3/4/2026", "12/25/2026", "", "1/31/2026"]

    assert [days.month_first(values) for values in (column, ["3/4/2026"], ["25/12/2026", "12/25/2026"])] == [
        True,
        False,
        False,
    ]
    assert reader(*HELD, month_first=True)("3/4/2026") == (
        date(2026, 3, 4),
        "“3/4/2026” read as 4 March 2026, month first, as other dates of its column must be",
    )
    assert {contents.Sort.DATE, contents.Sort.MONTH_FIRST} <= contents.looks(column)


def test_points_between_thousands_are_known_by_their_column_and_else_said():
    sure, perhaps = ["1.000", "£12.500", "1.234", "", "950"], ["1.000", "12.500", 7]

    assert [contents.looks(values) & {Sort.POINTED, Sort.PERHAPS_POINTED} for values in (sure, perhaps, ["1.50"])] == [
        {Sort.POINTED},
        {Sort.PERHAPS_POINTED},
        set(),
    ]
    assert contents.looks([*sure, "1.5"]) & {Sort.POINTED, Sort.PERHAPS_POINTED} == set()
    assert reader(*AWARDED)("1.000") == (Decimal(1), "“1.000” read as £1: for a thousand, write 1,000")
    assert contents.unpointed(reader(*AWARDED))("£12.500") == (
        Decimal(12500),
        "“£12.500” read as £12,500: points stand between the thousands of its column",
    )
    assert contents.warned(reader(*AWARDED))("(5)") == (
        Decimal(-5),
        "“(5)” read as −£5, which is below nought: correct it in the file if that is a slip",
    )


Sort = contents.Sort


@pytest.mark.parametrize(
    ("values", "sorts"),
    [
        ([date(2026, 1, 1), "4 May 2026", None, ""], {Sort.DATE}),
        (["£5", "£1,000.50"], {Sort.MONEY}),
        ([5.0, 7, "1,200"], {Sort.WHOLE, Sort.NUMBER}),
        ([5.5, 7], {Sort.NUMBER}),
        (["Y", "no", True], {Sort.YES_NO}),
        (["E1 6AN", "sw1a1aa"], {Sort.POSTCODE}),
        ([1100001.0, "1098765", 220949], {Sort.CHARITY, Sort.WHOLE, Sort.NUMBER}),
        ([250000.0, 300000.0, 215500.0], {Sort.WHOLE, Sort.NUMBER}),
        (["GB-CHC-1100000", "GB-COH-04512300"], {Sort.ORG_ID}),
        (["360G-ABC-1", "360G-ABC-2"], {Sort.GRANT_ID}),
        (["Newham", "tower hamlets"], {Sort.BOROUGH}),
        (["a@example.org"], {Sort.EMAIL}),
        (["020 7946 0000", "+44 7700 900123"], {Sort.PHONE}),
        (["ORG-0001", "CVE-0012"], {Sort.REFERENCE}),
        (["www.example.org"], {Sort.WEBSITE}),
        (["word " * 40], {Sort.LONG}),
        (["word", "other"], set()),
        ([None, " "], set()),
    ],
)
def test_columns_are_known_by_what_they_hold(values, sorts):
    assert contents.looks(values) == sorts


@pytest.mark.parametrize(
    ("values", "title", "sort"),
    [
        ([1, 2.0, "3"], "Score", "whole"),
        ([1.25, 2], "Score", "number"),
        ([1.25, 2], "Volunteer value", "money"),
        ([100, 200], "Cost of venue", "money"),
        (["£5", 7], "Extra", "money"),
        (["00123", "00456"], "Ledger", "text"),
        (["Y", "N"], "Visited", "yes_no"),
        (["0", "1"], "Visits", "whole"),
        (["1/2/2026", date(2026, 1, 1)], "Next call", "date"),
        (["1/31/2026"], "Next call", "date"),
        (["a", 5], "Remark", "text"),
        ([], "Nothing", "text"),
    ],
)
def test_an_own_column_is_of_the_sort_that_holds_its_values_whole(values, title, sort):
    assert contents.own_sort(values, title) == sort


@pytest.mark.parametrize("cell", ["£5000 00", "5 00", "10, 500", "5000 .50"])
def test_a_space_among_digits_is_no_thousand(cell):
    words = f"“{cell}” has a space among its digits: write it as £1,000.50"
    assert refusal(*AWARDED, cell) == words


def test_a_year_long_before_any_grant_is_a_slip():
    assert refusal(*HELD, "1/4/0204") == "“1/4/0204” is in the year 204: correct the year"


def test_pounds_written_out_under_a_title_of_thousands_are_asked_about():
    read = contents.scaled(reader(*AWARDED), 1000)
    assert [read(cell)[0] for cell in ("£15", "15", 15000)] == [Decimal(15000), Decimal(15000), Decimal(15_000_000)]
    with pytest.raises(ValueError, match="may be £15,000 or £15,000,000: its title is of thousands, so write no £"):
        read("£15,000")
