"""A cell of a file from outside as the value of a field: what can be repaired is repaired, and said."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from grants_app import wording
from grants_app.records import Field, Kind
from grants_app.records.base import LONGEST, field_problem
from grants_app.records.fields import Value
from grants_app.records.lists import DEFAULT_LISTS

_PENNY = Decimal("0.01")
_BINARY_DUST = Decimal("0.000001")  # what a spreadsheet's binary fractions leave beyond the pence
_PLAIN_NUMBER = re.compile(r"[-+]?\d+(\.\d+)?")
_ISO = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ][0-9:.]+(?:Z|[+-]\d\d:?\d\d)?)?")
_PART_DATE = re.compile(r"(\d{4})(?:-(\d{2}))?")
_TIME_AFTER = re.compile(r"[ T]\d{1,2}:\d{2}(:\d{2})?$")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
_SERIALS = range(18_000, 80_000)  # 1949 to 2119: a day as Excel counts, written as a number
_CODES = ("identifier", "charity_number", "funder_identifier")
_LAST_DAY = {"ends"}
_AS_TEXT = {Kind.TEXT, Kind.LONG, Kind.LINK, Kind.ABOUT}
Reader = Callable[[Any], tuple[Value, str]]


def text_of(cell: Any) -> str:
    """The cell as text, whole numbers without a point, dates as ISO; control characters are left out."""
    if isinstance(cell, str):
        return cell if cell.isprintable() else _CONTROL.sub("", cell)
    if isinstance(cell, bool):
        return "Yes" if cell else "No"
    if isinstance(cell, datetime):
        return (cell.date() if cell.time() == time() else cell).isoformat()
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, float | Decimal) and cell == int(cell):
        return str(int(cell))
    return repr(cell) if isinstance(cell, float) else str(cell)


def reader_of(field: Field, lists: Mapping[str, Sequence[str]] = DEFAULT_LISTS) -> Reader:
    """What reads a cell for this field of any kind: the value, and a note if it was repaired on the way.

    A blank cell is not for it. `lists` are the file's own. A link, and a `many` of links, stay as typed.

    It raises ValueError, in a sentence, for what cannot be read or breaks the field's limits.
    """
    read = {Kind.MONEY: _money, Kind.DATE: _last_date if field.name in _LAST_DAY else _date}.get(field.kind)
    if read is None:
        return _text_reader(field) if field.kind in _AS_TEXT else lambda cell: (field.parse(text_of(cell), lists), "")
    if field.minimum is None and field.maximum is None:
        return read

    def limited(cell: Any) -> tuple[Value, str]:
        value, note = read(cell)
        problem = field_problem(field, value)
        if problem:
            raise ValueError(problem.sentence)
        return value, note

    return limited


def _text_reader(field: Field) -> Reader:
    longest = field.maximum or LONGEST.get(field.kind, LONGEST[Kind.TEXT])
    special = {"company_number": _company_number, **dict.fromkeys(_CODES, _code)}.get(field.name)
    tidy = _lines if field.kind is Kind.LONG else _one_line

    def read(cell: Any) -> tuple[Value, str]:
        raw = text_of(cell)
        text = tidy(raw)
        if len(text) > longest:
            raise ValueError(f"{field.label} has {len(text):,} characters; at most {longest:,} fit")
        return special(text, raw) if special else (text, "")

    return read


def tidied(cell: Any) -> str:
    """The cell as one line of text without needless spaces; blank for None."""
    return "" if cell is None else _one_line(text_of(cell))


def _one_line(raw: str) -> str:
    plain = raw.isprintable() and "  " not in raw and raw[:1] != " " and raw[-1:] != " "
    return raw if plain else wording.tidy(raw)


def _lines(raw: str) -> str:
    return raw.strip().replace("\r\n", "\n")


def _code(text: str, raw: str) -> tuple[Value, str]:
    return text, "spaces at its edges were taken off" if text != raw else ""


def _company_number(text: str, raw: str) -> tuple[Value, str]:
    if text.isdecimal() and len(text) < 8:
        return text.zfill(8), f"“{text}” read as {text.zfill(8)}: a company number has 8 characters"
    return _code(text, raw)


def _money(cell: Any) -> tuple[Value, str]:
    if isinstance(cell, bool | date | time | timedelta):
        raise ValueError(f"“{text_of(cell)}” is not an amount: write it as 1000 or £1,000.50")  # noqa: TRY004 (for officers)
    plain = cell.strip() if isinstance(cell, str) else text_of(cell)
    if not _PLAIN_NUMBER.fullmatch(plain):
        amount = wording.read_money(plain)
        return amount, f"“{plain}” read as {wording.money_text(amount)}"
    exact = Decimal(plain)
    amount = exact.quantize(_PENNY) if abs(exact) < Decimal("1e13") else wording.read_money(plain)
    if amount == exact:
        return amount, ""
    if abs(amount - exact) > _BINARY_DUST:
        raise ValueError(f"“{plain}” has part of a penny: give at most two decimals")
    return amount, f"“{plain}” read as {wording.money_text(amount)}"


def _last_date(cell: Any) -> tuple[Value, str]:
    return _date(cell, last=True)


def _date(cell: Any, *, last: bool = False) -> tuple[Value, str]:
    if isinstance(cell, datetime):
        return cell.date(), ""
    if isinstance(cell, date):
        return cell, ""
    text = wording.tidy(text_of(cell))
    found = _ISO.fullmatch(text)
    if found:
        return _calendar(found[1], text), ""
    if text.isdecimal() and int(text) in _SERIALS:
        day = date(1899, 12, 30) + timedelta(days=int(text))
        return day, f"“{text}” read as {wording.date_text(day)}: a day as Excel counts them"
    if part := _PART_DATE.fullmatch(text):
        return _part_date(part, text, last=last)
    if not any(ch.isdigit() for ch in text):
        raise ValueError(f"“{text}” is not a date: write it as 4/3/2026 or 4 March 2026")
    day = wording.read_date(_TIME_AFTER.sub("", text))
    return day, f"“{text}” read as {wording.date_text(day)}, day first"


def _calendar(iso: str, text: str) -> date:
    try:
        return date.fromisoformat(iso)
    except ValueError:
        raise ValueError(f"“{text}” is not a day of the calendar") from None


def _part_date(found: re.Match[str], text: str, *, last: bool) -> tuple[Value, str]:
    """A year or a month as its first day, or as its last for an end."""
    year, month = int(found[1]), int(found[2] or (12 if last else 1))
    if not (1900 <= year <= 2200 and 1 <= month <= 12):
        raise ValueError(f"“{text}” is not a day of the calendar")
    day = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1) if last else date(year, month, 1)
    return day, f"“{text}” read as {wording.date_text(day)}"
