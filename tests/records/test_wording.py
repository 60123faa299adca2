"""How values are written, and read back in every way that officers write them."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from grants_app import wording

DAYS = some.dates(date(1900, 1, 1), date(2199, 12, 31))
POUNDS = some.decimals(Decimal("-9999999999.99"), Decimal("9999999999.99"), places=2)


def refusal(read: Callable[[str], object], text: str) -> str | None:
    """What the reader says of a text that it does not take; None if it takes it. Anything but ValueError is raised."""
    try:
        read(text)
    except ValueError as error:
        return str(error)
    return None


@given(DAYS)
def test_a_date_is_read_back_from_every_way_it_is_written(day):
    month = wording.MONTHS[day.month - 1]
    written = [
        wording.date_text(day), wording.short_date(day), day.isoformat(), f"{day.isoformat()}T00:00:00",
        f"{day.day}/{day.month}/{day.year}", f"{day:%d-%m-%Y}", f"{day.day}.{day.month}.{day.year}",
        f"{day.day:02} {month[:3].upper()} {day.year}", f"  {day.day}th {month}, {day.year} ",
        f"{day.day}-{month[:3]}-{day.year}",
        f"{day:%A}, {wording.date_text(day)}", f"{day:%a} {day.day}/{day.month}/{day.year}",
    ]  # fmt: skip

    assert {wording.read_date(text) for text in written} == {day}


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("4/3/26", date(2026, 3, 4)),
        ("4/3/70", date(1970, 3, 4)),
        ("4/3/69", date(2069, 3, 4)),
        ("13/12/2026", date(2026, 12, 13)),
        ("1 sept 2026", date(2026, 9, 1)),
        ("29/2/2028", date(2028, 2, 29)),
        ("Today", date(2026, 11, 23)),
        ("yesterday", date(2026, 11, 22)),
        ("tomorrow", date(2026, 11, 24)),
        ("4\u00a0March\u00a02026", date(2026, 3, 4)),
    ],
)
def test_the_day_comes_first(typed, day):
    assert wording.read_date(typed) == day


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("12/13/2026", "“12/13/2026” is not a day of the calendar: day comes first, then month"),
        ("29/2/2026", "“29/2/2026” is not a day of the calendar: day comes first, then month"),
        ("4 Mart 2026", "“4 Mart 2026” is not a date: “mart” is no month"),
        ("soon", "“soon” is not a date: write it as 4/3/2026 or 4 March 2026"),
        ("4/3", "“4/3” is not a date: write it as 4/3/2026 or 4 March 2026"),
        ("46000", "“46000” is not a date: write it as 4/3/2026 or 4 March 2026"),
        ("4/3/26; 5/3/26", "“4/3/26; 5/3/26” is not a date: write it as 4/3/2026 or 4 March 2026"),
    ],
)
def test_what_is_no_date_is_said_to_be_none(typed, said):
    with pytest.raises(ValueError) as refused:  # noqa: PT011 - the whole sentence is compared
        wording.read_date(typed)
    assert str(refused.value) == said


@given(some.text(max_size=30))
def test_no_text_whatever_breaks_a_reader(text):
    readers = (
        wording.read_date, wording.read_time, wording.read_money, wording.read_whole, wording.read_number,
        wording.read_yes_no,
    )  # fmt: skip
    assert all(words is None or text in words for words in (refusal(read, text) for read in readers))


@given(some.from_regex(r"[-(]?£?[0-9]{1,40}(\.[0-9]{0,4})?(e[0-9]{1,2})?\)?", fullmatch=True))
def test_no_number_however_long_breaks_a_reader(text):
    readers = (wording.read_money, wording.read_whole, wording.read_number)
    assert all(words is None or text in words for words in (refusal(read, text) for read in readers))


@given(POUNDS)
def test_money_is_read_back_as_it_is_written(amount):
    assert wording.read_money(wording.money_text(amount)) == amount
    assert wording.read_money(f"{amount}") == amount
    assert wording.read_money(f"{amount:,}") == amount
    assert wording.read_money(wording.money_text(amount)).as_tuple().exponent == -2


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("£1,000.50", "1000.50"), ("1000", "1000.00"), ("(500)", "-500.00"), ("£ 12 000", "12000.00"), ("−£7", "-7.00"),
        (".5", "0.50"), ("'250", "250.00"), ("1e3", "1000.00"), ("-0", "0.00"), ("£1\u202f250", "1250.00"),
    ],
)  # fmt: skip
def test_pounds_are_read_as_people_write_them(typed, amount):
    assert wording.read_money(typed) == Decimal(amount)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("12.345", "has part of a penny: give at most two decimals"),
        ("1,00", "is not an amount: write it as 1000 or £1,000.50"),
        ("€5", "is not an amount: write it as 1000 or £1,000.50"),
        ("£", "is not an amount: write it as 1000 or £1,000.50"),
        ("12k", "is not an amount: write it as 1000 or £1,000.50"),
        ("10000000000000", "is more than this app can hold"),
        ("1e30", "is more than this app can hold"),
        ("9" * 40, "is more than this app can hold"),
    ],
)
def test_what_is_no_amount_is_said_to_be_none(typed, said):
    with pytest.raises(ValueError) as refused:  # noqa: PT011 - the whole sentence is compared
        wording.read_money(typed)
    assert str(refused.value) == f"“{typed}” {said}"


@given(some.integers(-(10**14), 10**14))
def test_a_whole_number_is_read_back_as_it_is_written(number):
    assert wording.read_whole(wording.number_text(number)) == number


@given(some.decimals(-(10**9), 10**9, places=4))
def test_a_number_is_read_back_as_it_is_written(number):
    assert wording.read_number(wording.number_text(number)) == number


@given(some.times().map(lambda moment: moment.replace(second=0, microsecond=0)))
def test_a_time_is_read_back_from_every_way_it_is_written(moment):
    twelve = moment.hour % 12 or 12
    half = "pm" if moment.hour >= 12 else "am"
    written = [f"{moment:%H:%M}", f"{moment:%H.%M}", f"{moment:%H:%M:00}", f"{twelve}:{moment.minute:02}{half}", f"{twelve}.{moment.minute:02} {half.upper()}"]  # fmt: skip  # noqa: E501

    assert {wording.read_time(text) for text in written} == {moment}


@pytest.mark.parametrize("typed", ["25:00", "14:60", "13pm", "14", "2:3pm pm", "noon", ""])
def test_what_is_no_time_is_said_to_be_none(typed):
    with pytest.raises(ValueError, match=r"is not a time: write it as 14:30 or 2\.30pm"):
        wording.read_time(typed)


def test_noon_and_midnight_are_told_apart():
    assert [wording.read_time(text) for text in ("12pm", "12am", "12:30 am")] == [time(12), time(0), time(0, 30)]


@pytest.mark.parametrize(("typed", "said"), [("Yes", True), (" y ", True), ("✓", True), ("NO", False), ("0", False)])
def test_yes_and_no_are_read_as_people_write_them(typed, said):
    assert wording.read_yes_no(typed) is said


def test_what_is_neither_yes_nor_no_is_said_to_be_neither():
    with pytest.raises(ValueError, match="“maybe” is neither yes nor no"):
        wording.read_yes_no("maybe")


def test_several_words_are_parted_by_semicolons_or_lines_else_by_commas():
    assert wording.read_words("Mothers; Young people;; Mothers") == ("Mothers", "Young people")
    assert wording.read_words("Mothers, Young people") == ("Mothers", "Young people")
    assert wording.read_words("Kensington, Chelsea\nBrent") == ("Brent", "Kensington, Chelsea")
    assert wording.read_words(" ; ") == ()


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (-3, "Overdue 3 days"),
        (-1, "Overdue 1 day"),
        (0, "Due today"),
        (1, "Due Tue"),
        (6, "Due Sun"),
        (7, "Due 30 Nov"),
    ],
)
def test_how_far_off_a_day_is(days, said):
    assert wording.due_text(date.fromordinal(date(2026, 11, 23).toordinal() + days)) == said


@pytest.mark.parametrize(
    ("instant", "said"),
    [
        ("2026-11-23T09:05", "09:05"),
        ("2026-11-22T23:59", "Sun"),
        ("2026-11-17T00:00", "Tue"),
        ("2026-11-16T12:00", "16 Nov 2026"),
        ("2026-06-30T23:30", "1 Jul 2026"),
    ],
)
def test_when_something_was_is_said_as_briefly_as_is_clear(instant, said):
    assert wording.time_text(datetime.fromisoformat(instant).replace(tzinfo=UTC)) == said


def test_numbers_lists_and_ranges_are_written_as_people_read_them():
    said = [
        wording.money_text(Decimal(24000)), wording.money_text(Decimal("-500.50")),
        wording.money_text(Decimal(0)),
        wording.number_text(2.5), wording.number_text(1234), wording.counted(1, "grant"),
        wording.counted(1000, "grant"),
        wording.counted(2, "person", "people"), wording.listed(["a"]), wording.listed(["a", "b", "c"], "or"),
        wording.listed([]), wording.range_text(1700, 2150), wording.range_text(7, 7), wording.size_text(850_000),
        wording.size_text(1), wording.size_text(1_440_000_000),
    ]  # fmt: skip

    assert said == [
        "£24,000", "−£500.50", "£0", "2.5", "1,234", "1 grant", "1,000 grants", "2 people", "a", "a, b or c", "",
        "1,700–2,150", "7", "850 KB", "1 byte", "1.4 GB",
    ]  # fmt: skip


@given(some.text(max_size=40))
def test_folding_a_name_twice_changes_nothing_more(text):
    assert wording.folded(wording.folded(text)) == wording.folded(text)


def test_names_that_differ_in_spelling_only_fold_together():
    assert wording.folded("Kiln St. & Sons") == wording.folded("kiln  st and sons")


@pytest.mark.parametrize("text", ["", " \n", "\u200b\u2060", "\ufeff", "\u00a0\u3164", "\u00ad"])
def test_what_shows_nothing_is_blank(text):
    assert wording.blank(text)


def test_what_shows_anything_is_not_blank():
    assert [text for text in ("a", "–", "\u200bé", "日本", "👩\u200d🏫") if wording.blank(text)] == []


def test_tidying_joins_every_run_of_spaces():
    assert wording.tidy("  Kiln\u00a0\u202f Street\t\n") == "Kiln Street"


def test_a_sentence_ends_once():
    said = ("It is blank", "It is blank.", "Is it Brent?")
    assert [wording.stopped(words) for words in said] == ["It is blank.", "It is blank.", "Is it Brent?"]
