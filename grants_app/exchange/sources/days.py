"""Days as people write them in cells: whole, as Excel counts them, or only the month or the year."""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from itertools import islice
from typing import Any

from grants_app import wording

_ISO = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ][0-9:.]+(?:Z|[+-]\d\d:?\d\d)?)?")
_RUN_TOGETHER = re.compile(r"((?:19|20|21)\d\d)(\d\d)(\d\d)")
_PART = re.compile(r"(\d{4})(?:-(\d{2}))?")
_MONTH = re.compile(r"([A-Za-z]{3,9})\.?(?:[ -](\d{4})|[-/ ]?['’]?(\d\d))")
_BARE_PAIR = re.compile(r"[A-Za-z.]+ ?\d\d")  # "May 24": a day of May, or May of a year
_FINANCIAL = re.compile(r"(FY ?|F/Y ?)?(?:20)?(\d\d) ?([/–-]) ?(?:20)?(\d\d)", re.IGNORECASE)
_MONTH_FIRST = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})")
_TIME_AFTER = re.compile(r"[ T]\d{1,2}:\d{2}(:\d{2})?$")
_SERIALS = range(18_000, 80_000)  # 1949 to 2119: a day as Excel counts, written as a number
_MOST_SAMPLES = 500
_FOUR_YEARS = (date(1904, 1, 1) - date(1899, 12, 30)).days


def read_day(text: str, *, last: bool = False, month_first: bool = False, since_1904: bool = False) -> tuple[date, str]:
    """The day that a text means, and a note where it was repaired; ValueError, in a sentence, for what means none.

    A month or a year alone is its first day, or its `last`. `month_first` where the column's dates are written so,
    `since_1904` where days that stand as numbers are counted from then.
    """
    if found := _ISO.fullmatch(text):
        return _calendar(found[1], text), ""
    if text.isdecimal() and int(text) in _SERIALS:
        day = date(1899, 12, 30) + timedelta(days=int(text) + (_FOUR_YEARS if since_1904 else 0))
        how = "in this workbook, from 1904" if since_1904 else "them"
        return day, f"“{text}” read as {wording.date_text(day)}: a day as Excel counts {how}"
    if found := _RUN_TOGETHER.fullmatch(text):
        day = _calendar("-".join(found.groups()), text)
        return day, f"“{text}” read as {wording.date_text(day)}: year, month and day run together"
    if (found := _FINANCIAL.fullmatch(text)) and _is_year(text, found):
        raise ValueError(_of_a_year(text, int(found[2]), last=last))
    if found := _PART.fullmatch(text):
        return _part(int(found[1]), int(found[2] or (12 if last else 1)), text, last=last)
    if (found := _MONTH.fullmatch(text)) and (month := _month_number(found[1])):
        if _BARE_PAIR.fullmatch(text):
            raise ValueError(f"“{text}” may be a day or a year: write it as {_written(month, found[3])}")
        return _part(int(found[2] or f"20{found[3]}"), month, text, last=last)
    if not any(ch.isdigit() for ch in text):
        raise ValueError(f"“{text}” is not a date: write it as 4/3/2026 or 4 March 2026")
    return _day(_TIME_AFTER.sub("", text), text, month_first=month_first)


def month_first(values: Iterable[Any]) -> bool:
    """Whether a column's dates are written month first: some can be nothing else (12/25/2026), and none day first."""
    texts = [v.strip() for v in islice(values, _MOST_SAMPLES) if isinstance(v, str) and v.strip()]
    parts = [_MONTH_FIRST.fullmatch(_TIME_AFTER.sub("", text)) for text in texts]
    found = [(int(part[1]), int(part[3])) for part in parts if part]
    turned = any(12 < second <= 31 for _, second in found) and not any(first > 12 for first, _ in found)
    return turned and len(found) >= 0.8 * len(parts)


def _is_year(text: str, found: re.Match[str]) -> bool:
    """Whether 2024/25 is a financial year: 2011-12 is December as well, and 11/12 a day."""
    sure = int(found[4]) > 12 or bool(found[1]) or (found[3] == "/" and text.startswith("20"))
    return sure and int(found[2]) + 1 == int(found[4])


def _of_a_year(text: str, year: int, *, last: bool) -> str:
    day = date(2001 + year, 3, 31) if last else date(2000 + year, 4, 1)
    which = "last" if last else "first"
    return f"“{text}” is a financial year, not a day: write its {which} day, {day.day}/{day.month}/{day.year}, if meant"


def _written(month: int, pair: str) -> str:
    named = wording.MONTHS[month - 1]
    return f"{named} 20{pair}, or with its day and year, as 4 {named} 2026"


def _day(bare: str, text: str, *, month_first: bool) -> tuple[date, str]:
    turned = _MONTH_FIRST.fullmatch(bare)
    if turned and month_first:
        day = wording.read_date(f"{turned[3]}/{turned[1]}/{turned[4]}")
        return day, f"“{text}” read as {wording.date_text(day)}, month first, as other dates of its column must be"
    if turned and int(turned[1]) <= 12 < int(turned[3]) <= 31:
        raise ValueError(f"“{text}” has the month first: write it day first, as {turned[3]}/{turned[1]}/{turned[4]}")
    day = wording.read_date(bare)
    return day, f"“{text}” read as {wording.date_text(day)}, day first"


def _month_number(word: str) -> int:
    starts = [n for n, month in enumerate(wording.MONTHS, 1) if month.casefold().startswith(word.casefold())]
    return starts[0] if starts else 9 if word.casefold() == "sept" else 0


def _calendar(iso: str, text: str) -> date:
    try:
        return date.fromisoformat(iso)
    except ValueError:
        raise ValueError(f"“{text}” is not a day of the calendar") from None


def _part(year: int, month: int, text: str, *, last: bool) -> tuple[date, str]:
    """A year or a month as its first day, or as its last for an end."""
    if not (1900 <= year <= 2200 and 1 <= month <= 12):
        raise ValueError(f"“{text}” is not a day of the calendar")
    day = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1) if last else date(year, month, 1)
    return day, f"“{text}” read as {wording.date_text(day)}"
