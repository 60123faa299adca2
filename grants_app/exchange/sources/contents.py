"""What the values of a column look like, whatever its title says: dates, money, postcodes, charity numbers."""

import enum
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, time, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any

from grants_app import wording
from grants_app.exchange.sources import cellvalues
from grants_app.exchange.sources.cellvalues import is_whole, text_of, written_money
from grants_app.exchange.sources.days import month_first
from grants_app.exchange.sources.reading import Flaw
from grants_app.records.fields import Field, Kind, Value
from grants_app.records.lists import PLACES

_MOST = 200
_SHARE = 0.8  # of the filled samples: a column with the odd slip in it is still what it is
_LONG = 120
_POUND = re.compile(r"£|\bGBP\b", re.IGNORECASE)
_POINTED = re.compile(r"[£ -]*[1-9]\d{0,2}(\.\d{3})+")
_NONE = re.compile(r"[-–—]+|£?-?0+(\.0+)?|£ ?-|n/?a|none|nil|not applicable", re.IGNORECASE)
_KEPT_DIGITS = re.compile(r"0\d+|\d{16,}|\+\d+")
_OF_MONEY = re.compile(r"£|\b(amounts?|costs?|budget|fees?|price|spend|spent|funding|pounds|gbp)\b", re.IGNORECASE)
_SHARES = re.compile(r"%|\bper ?cent(age)?\b", re.IGNORECASE)
_A_YEAR = re.compile(r"(FY ?)?(19|20)\d\d( ?[/–-] ?(\d\d)?\d\d)?", re.IGNORECASE)
_PERHAPS_MONEY = re.compile(r"\b(values?|paid|total|grant|award(ed)?|income)\b", re.IGNORECASE)


_SCALES = (
    (1_000_000, re.compile(r"£ ?mn?\b|\bmillions?\b", re.IGNORECASE)),
    (1000, re.compile(r"(?<![\d,.])['’]?000['’]?s?\b|£ ?k\b|\(k\)|\bthousands?\b", re.IGNORECASE)),
)


class Sort(enum.Enum):
    """A sort of value that a column may hold; the word is for programmers, never shown."""

    DATE = "date"
    TIME = "time"
    MONEY = "money"
    WHOLE = "whole"
    NUMBER = "number"
    YES_NO = "yes_no"
    POSTCODE = "postcode"
    CHARITY = "charity number"
    COMPANY = "company number"
    ORG_ID = "org-id"
    GRANT_ID = "360Giving identifier"
    BOROUGH = "borough"
    EMAIL = "e-mail"
    PHONE = "phone"
    WEBSITE = "website"
    REFERENCE = "reference"
    LONG = "long text"
    MONTH_FIRST = "dates, month first"
    SINCE_1904 = "days, counted from 1904"
    POINTED = "amounts, points between thousands"
    PERHAPS_POINTED = "amounts, points between thousands perhaps"


TELLING = frozenset({Sort.DATE, Sort.TIME, Sort.MONEY, Sort.NUMBER, Sort.YES_NO, Sort.EMAIL})
"""The sorts that a column is by intent: one of these is no other sort of field's with slips in it."""


def looks(values: Iterable[Any]) -> frozenset[Sort]:
    """The sorts that at least four in five of the first 200 filled values are of; none for plain text or no values.

    Sorts may go together: a charity number is a whole number too, and whole numbers are numbers.
    """
    samples = _samples(values)
    if not samples:
        return frozenset()
    found = {sort for sort, is_one in _TESTS.items() if _share(samples, is_one) >= _SHARE}
    if _are_charities(samples):
        found.add(Sort.CHARITY)
    if month_first(samples):
        found |= {Sort.DATE, Sort.MONTH_FIRST}
    found |= _pointed(samples)
    return frozenset(found)


def _pointed(samples: Sequence[Any]) -> set[Sort]:
    """Whether points stand between thousands (1.000, 12.500): for sure where one can be nothing else, as 1.234.500."""
    texts = [cell.strip() for cell in samples if isinstance(cell, str)]
    pointed = [text for text in texts if _POINTED.fullmatch(text)]
    if not pointed or any("." in text and text not in pointed for text in texts):
        return set()
    sure = any(text.count(".") > 1 or text[-1] != "0" for text in pointed)
    return {Sort.POINTED if sure else Sort.PERHAPS_POINTED}


def own_sort(values: Iterable[Any], title: str = "") -> str:
    """The sort of an officer's own column that holds these values whole: yes_no, date, money, whole, number or text.

    Numbers are money where some bear a pound sign or the title speaks of it; digits that a number would lose the
    noughts of stay text.
    """
    samples = _samples(values)
    if not samples or any(isinstance(cell, str) and _has_kept_digits(cell) for cell in samples):
        return "text"
    if month_first(samples):
        return "date"
    for sort in (Sort.YES_NO, Sort.DATE):
        if _share(samples, _TESTS[sort]) == 1.0:
            return str(sort.value)
    shares = _SHARES.search(title) and not any(map(_money, samples))
    if not shares and all(_money(cell) or _number(cell) for cell in samples) and all(map(_whole_pence, samples)):
        broken = any(not _whole(cell) for cell in samples)
        if any(map(_money, samples)) or _OF_MONEY.search(title) or (broken and _PERHAPS_MONEY.search(title)):
            return "money"
    return next((str(sort.value) for sort in (Sort.WHOLE, Sort.NUMBER) if _share(samples, _TESTS[sort]) == 1.0), "text")


def perhaps_pounds(values: Iterable[Any], title: str) -> bool:
    """Whether an officer's column may be of pounds: it is by `own_sort`, or numbers stand under a total or a year."""
    sort, bare = own_sort(values, title), title.strip()
    said = _PERHAPS_MONEY.search(bare) or _A_YEAR.fullmatch(bare)
    return sort == "money" or (sort in ("whole", "number") and bool(said) and not _SHARES.search(bare))


def _samples(values: Iterable[Any]) -> list[Any]:
    return list(islice((v for v in values if v is not None and (not isinstance(v, str) or v.strip())), _MOST))


def _share(samples: list[Any], is_one: Callable[[Any], bool]) -> float:
    return sum(map(is_one, samples)) / len(samples)


def _reads(read: Callable[[str], object]) -> Callable[[Any], bool]:
    def is_one(cell: Any) -> bool:
        try:
            read(cell)
        except ValueError:
            return False
        return True

    return is_one


def _pattern(pattern: str) -> Callable[[Any], bool]:
    compiled = re.compile(pattern, re.IGNORECASE)
    return lambda cell: isinstance(cell, str | int | float) and bool(compiled.fullmatch(text_of(cell).strip()))


def _date(cell: Any) -> bool:
    if isinstance(cell, date):
        return True
    return isinstance(cell, str) and any(ch.isdigit() for ch in cell) and _reads(wording.read_date)(cell)


def _time(cell: Any) -> bool:
    if isinstance(cell, str):
        return _reads(wording.read_time)(cell)
    return isinstance(cell, time)


def _number(cell: Any) -> bool:
    if isinstance(cell, bool) or not isinstance(cell, int | float | Decimal | str):
        return False
    return not isinstance(cell, str) or (not _has_kept_digits(cell) and _reads(wording.read_number)(cell))


def _has_kept_digits(text: str) -> bool:
    """Whether these are digits that a number would not keep: noughts before them, a plus, too many."""
    return bool(_KEPT_DIGITS.fullmatch(text.replace(" ", "")))


def _whole(cell: Any) -> bool:
    return _number(cell) and (_reads(wording.read_whole)(cell) if isinstance(cell, str) else is_whole(cell))


def _money(cell: Any) -> bool:
    return isinstance(cell, str) and bool(_POUND.search(cell)) and _reads(written_money)(cell)


def _whole_pence(cell: Any) -> bool:
    return isinstance(cell, str) or is_whole(cell) or (abs(cell) < 1e13 and abs(round(cell, 2) - cell) < 1e-6)


def _yes_no(cell: Any) -> bool:
    if isinstance(cell, bool):
        return True
    return isinstance(cell, str) and not cell.strip().isdigit() and _reads(wording.read_yes_no)(cell)


_is_charity = _pattern(r"(SC0\d{5}|NIC?\d{6}|[2-9]\d{5}|1[0-3]\d{5})(-\d{1,2})?")


def _are_charities(samples: list[Any]) -> bool:
    """Whether these are charity numbers rather than amounts: few are round, and few stand twice."""
    round_ones = sum(1 for cell in samples if text_of(cell).strip().endswith("00"))
    return _share(samples, _is_charity) >= _SHARE and round_ones < 0.3 * len(samples)


_BOROUGHS = frozenset(wording.folded(place) for place in PLACES)
_TESTS: dict[Sort, Callable[[Any], bool]] = {
    Sort.DATE: _date,
    Sort.TIME: _time,
    Sort.MONEY: _money,
    Sort.WHOLE: _whole,
    Sort.NUMBER: _number,
    Sort.YES_NO: _yes_no,
    Sort.POSTCODE: _pattern(r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}"),
    Sort.COMPANY: _pattern(r"([A-Z]{2}\d{6}|\d{7,8})"),
    Sort.ORG_ID: _pattern(r"(GB|XI|US|IE)-[A-Z]{2,10}-[\w./-]+"),
    Sort.GRANT_ID: _pattern(r"360G-\S.*"),
    Sort.BOROUGH: lambda cell: isinstance(cell, str) and wording.folded(cell) in _BOROUGHS,
    Sort.EMAIL: _pattern(r"[^@\s]+@[^@\s]+\.[a-z]{2,}"),
    Sort.PHONE: _pattern(r"((\+44|0)[\d ()-]{8,16}|[127]\d{9})"),
    Sort.WEBSITE: _pattern(r"(https?://|www\.)\S+"),
    Sort.REFERENCE: _pattern(r"[A-Z][A-Z0-9]{1,7}-\d{3,7}"),
    Sort.LONG: lambda cell: isinstance(cell, str) and (len(cell) > _LONG or "\n" in cell.strip()),
}


def readable(field: Field, values: Sequence[Any], lists: Mapping[str, Sequence[str]]) -> float:
    """The share of values that can be read for the field."""
    read = cellvalues.reader_of(field, lists, month_first=month_first(values))
    if field.kind is Kind.MONEY and Sort.POINTED in _pointed(values):
        read = unpointed(read)
    good = 0
    for value in values:
        try:
            read(value)
            good += 1
        except ValueError:
            pass
    return good / len(values) if values else 1.0


def serials(values: Sequence[Any]) -> bool:
    """Whether these are numbers that count on, 1, 2, 3 or 2301, 2302, as references do and amounts do not."""
    texts = list(map(cellvalues.tidied, values))
    if not texts or not all(text.isdecimal() and len(text) < 16 for text in texts):
        return False
    found = {int(text) for text in texts}
    return (
        len(found) == len(texts) and max(found) - min(found) < 2 * len(found) and (len(found) > 1 or max(found) < 100)
    )


def share_of_numbers(values: Sequence[Any]) -> float:
    """The share of values, of which there is at least one, that are numbers."""
    return sum(isinstance(v, int | float) and not isinstance(v, bool) for v in values) / len(values)


def in_pounds(title: str) -> bool:
    """Whether a title of amounts names no other money."""
    return not cellvalues.OTHER_MONEY.search(title)


def of_other_money(values: Iterable[Any]) -> bool:
    """Whether some of these are amounts of other money than pounds, which no pounds are made of."""
    texts = (value for value in values if isinstance(value, str))
    return any(cellvalues.OTHER_MONEY.search(text) and any(map(str.isdigit, text)) for text in texts)


def scale_of(title: str) -> int:
    """How many pounds one of the amounts under a title is: 1,000 under "£000s", a million under "£m", else 1."""
    return next((scale for scale, said in _SCALES if said.search(title)), 1)


def scaled(read: cellvalues.Reader, scale: int) -> cellvalues.Reader:
    """The same reader of money, for a column whose title gives its amounts in thousands or millions."""

    def written_out(cell: Any) -> tuple[Value, str]:
        plain = cellvalues.tidied(cell)
        if not isinstance(cell, bool | date | time | timedelta | Flaw) and cellvalues.PLAIN_NUMBER.fullmatch(plain):
            amount, _ = read(str(Decimal(plain) * scale))
        else:
            amount, _ = read(cell)
            assert isinstance(amount, Decimal)
            if abs(amount) >= scale and _POUND.search(plain):
                told, most = wording.money_text(amount), wording.money_text(amount * scale)
                raise ValueError(f"“{plain}” may be {told} or {most}: its title is of {_called(scale)}, so write no £")
            amount *= scale
        assert isinstance(amount, Decimal)
        return amount, f"“{plain}” read as {wording.money_text(amount)}: its title gives amounts in {_called(scale)}"

    return written_out


def unpointed(read: cellvalues.Reader) -> cellvalues.Reader:
    """The same reader of money, for a column that has points between its thousands."""

    def without(cell: Any) -> tuple[Value, str]:
        if not isinstance(cell, str) or not _POINTED.fullmatch(cell.strip()):
            return read(cell)
        amount, _ = read(cell.replace(".", ""))
        assert isinstance(amount, Decimal)
        told = wording.money_text(amount)
        return amount, f"“{cell.strip()}” read as {told}: points stand between the thousands of its column"

    return without


def says_none(cell: Any) -> bool:
    """Whether a cell says that there is none: a nought, a dash, n/a."""
    return bool(_NONE.fullmatch(cellvalues.tidied(cell)))


def is_dash(cell: Any) -> bool:
    """Whether a cell says that there is nothing to count: a dash, n/a; a nought is a count."""
    return isinstance(cell, str) and says_none(cell) and not any(map(str.isdecimal, cell))


def perhaps(read: cellvalues.Reader) -> cellvalues.Reader:
    """The same reader, for a column of one of several alike: a nought, a dash or n/a says that there is none."""

    def read_or_none(cell: Any) -> tuple[Value, str]:
        return (None, "") if says_none(cell) else read(cell)

    return read_or_none


def warned(read: cellvalues.Reader) -> cellvalues.Reader:
    """The same reader of money, with a note on an amount below nought, which seldom is meant."""

    def told(cell: Any) -> tuple[Value, str]:
        amount, note = read(cell)
        if not isinstance(amount, Decimal) or amount >= 0:
            return amount, note
        said = f"{note}, which" if note else wording.money_text(amount)
        return amount, f"{said} is below nought: correct it in the file if that is a slip"

    return told


def _called(scale: int) -> str:
    return "thousands" if scale == 1000 else "millions"
