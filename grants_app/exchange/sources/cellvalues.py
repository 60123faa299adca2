"""A cell of a file from outside as the value of a field: what can be repaired is repaired, and said."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from grants_app import wording
from grants_app.exchange.sources import days
from grants_app.exchange.sources.reading import Flaw
from grants_app.exchange.sources.synonyms import synonyms
from grants_app.records import Field, Kind
from grants_app.records.base import LONGEST, field_problem
from grants_app.records.fields import Value, list_called
from grants_app.records.lists import DEFAULT_LISTS

_PENNY = Decimal("0.01")
_BINARY_DUST = Decimal("0.000001")  # what a spreadsheet's binary fractions leave beyond the pence
PLAIN_NUMBER = re.compile(r"[-+]?\d+(\.\d+)?")
_THREE_DECIMALS = re.compile(r"[-+]?[1-9]\d{0,2}\.\d{3}")
_SHORT = re.compile(r"[£-]*\d[\d,.]* ?(k|m|bn|thousand|million)\.?", re.IGNORECASE)
_CONTINENTAL = re.compile(r"[-£ ]*(\d{1,3}(\.\d{3})*|\d+),\d{1,2}")
OTHER_MONEY = re.compile(r"[€$¥]|\b(EUR|USD|euros?|dollars?)\b", re.IGNORECASE)
_NO_PENCE = re.compile(r"(?<=\d)[.,][-–—]+$")  # £5,000.- for £5,000
_PARTED = re.compile(r"[\d.,]\s+[\d.,]")
_BY_THREES = re.compile(r"[^\d.,]*\d{1,3}(\s\d{3})+(\.\d*)?[^\d.,]*")
_POUNDS = re.compile(r"^(GBP|£)\s*|\s*GBP$", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
_OF_COUNCIL = re.compile(
    r"^(the )?((london |royal )?borough of |city of |l\.?b\.? |r\.?b\.? )(?=\w)|( london)?( borough)? council$",
    re.IGNORECASE,
)
_JOINED = re.compile(r"(\s*[/&+,]\s*|\s+and\s+)", re.IGNORECASE)
_CODES = ("identifier", "charity_number", "funder_identifier", "ukprn", "supplier_number", "postcode")
_AN_END = re.compile(r"(the )?end(s|ing)?\b|.* end( date)?$", re.IGNORECASE)
_YES, _NO = {"✓", "✔", "☑", "✅", "x"}, {"✗", "✘", "☐", "❌"}
_NEAR = 80
_FIRST_YEAR = 1800
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
    if is_whole(cell):
        return str(int(cell))
    return repr(cell) if isinstance(cell, float) else str(cell)


def is_whole(cell: Any) -> bool:
    """Whether a number has no decimals, and few enough digits to be meant."""
    if not isinstance(cell, int | float | Decimal) or not -1e18 < cell < 1e18:
        return False
    return bool(cell == int(cell))


def reader_of(
    field: Field,
    lists: Mapping[str, Sequence[str]] = DEFAULT_LISTS,
    *,
    month_first: bool = False,
    since_1904: bool = False,
) -> Reader:
    """What reads a cell for this field of any kind: the value, and a note if it was repaired on the way.

    A blank cell is not for it. `lists` are the file's own; `month_first` where the column's dates are written so,
    `since_1904` where days that stand as numbers are counted from then. A link, and a `many` of links, stay as typed.
    It raises ValueError, in a sentence, for what cannot be read or breaks the field's limits.
    """
    if field.kind is Kind.DATE:
        last = field.name == "ends" or (field.own and bool(_AN_END.match(field.label)))
        read: Reader = partial(_date, last=last, month_first=month_first, since_1904=since_1904)
    elif field.kind in {Kind.CHOICE, Kind.MANY} and not field.to and field.words(lists):
        return (_choice_reader if field.kind is Kind.CHOICE else _many_reader)(field, field.words(lists))
    elif field.kind is Kind.MANY:
        return lambda cell: (wording.read_words(_sound(cell)), "")
    elif field.kind in _READERS:
        read = _READERS[field.kind]
    else:
        return _text_reader(field)
    if field.minimum is None and field.maximum is None:
        return read

    def limited(cell: Any) -> tuple[Value, str]:
        value, note = read(cell)
        problem = field_problem(field, value)
        if problem:
            raise ValueError(problem.sentence)
        return value, note

    return limited


def _sound(cell: Any) -> str:
    """The cell as text; ValueError if it holds no value, only what Excel says in its place."""
    if isinstance(cell, Flaw):
        raise ValueError(cell.why)  # noqa: TRY004 (for officers)
    return text_of(cell)


def _text_reader(field: Field) -> Reader:
    longest = field.maximum or LONGEST.get(field.kind, LONGEST[Kind.TEXT])
    special = _SPECIAL.get(field.name)
    tidy = _lines if field.kind is Kind.LONG else _one_line

    def read(cell: Any) -> tuple[Value, str]:
        raw = cell if cell.__class__ is str and cell.isprintable() else _sound(cell)
        text = tidy(raw)
        if len(text) > longest:
            raise ValueError(f"{field.label} has {len(text):,} characters; at most {longest:,} fit")
        return special(text, raw) if special else (text, "")

    return read


def _choice_reader(field: Field, words: Sequence[str]) -> Reader:
    """Reads a word of the field's: in any case and spacing; one that is only near is offered in the refusal."""
    choices = field.choices
    values = {word: word if isinstance(choices, str) else choices(word) for word in words}
    choose = _chooser(words, list_called(field.choices), synonyms(field.choices))

    def read(cell: Any) -> tuple[Value, str]:
        if cell.__class__ is str and cell in values:
            return values[cell], ""
        text = _one_line(_sound(cell))
        word = choose(text)
        return values[word], "" if word == text else f"“{text}” read as {word}"

    return read


def _many_reader(field: Field, words: Sequence[str]) -> Reader:
    """Reads several words of the field's, separated by ; or line breaks, else by commas, or by /, & and "and"."""
    others = synonyms(field.choices)
    choose = _chooser(words, list_called(field.choices), others)
    known = {wording.folded(word) for word in words} | others.keys()

    def read(cell: Any) -> tuple[Value, str]:
        text = _lines(_sound(cell))
        parts = (text,) if wording.folded(text) in known else tuple(_apart(_parts(text, words), known))
        found = tuple(sorted({choose(part) for part in parts}))
        changed = [part for part in parts if part not in found]
        said = wording.listed([f"“{part}”" for part in changed])
        return found, f"{said} read as {wording.listed([choose(part) for part in changed])}" if changed else ""

    return read


def _parts(text: str, words: Sequence[str]) -> tuple[str, ...]:
    """The words in a cell; commas part them only where no word of the list has that comma in it."""
    if ";" in text or "\n" in text:
        return wording.read_words(text)
    pieces, found = [wording.tidy(piece) for piece in text.split(",")], []
    known = {wording.folded(word) for word in words}
    while pieces:
        count = next((n for n in range(len(pieces), 1, -1) if wording.folded(",".join(pieces[:n])) in known), 1)
        found.append(", ".join(pieces[:count]))
        del pieces[:count]
    return tuple(piece for piece in found if piece)


def _apart(parts: Iterable[str], known: Collection[str]) -> Iterator[str]:
    """The same, those of "Brent and Camden", "Brent/Camden" one by one where each is a known word (folded)."""
    for part in parts:
        pieces = _JOINED.split(part)
        found = list[str]()
        while pieces:  # words and what joins them in turn: the longest that is known is one
            ends = (n for n in range(len(pieces), 0, -2) if _bare("".join(pieces[:n])) in known)
            if (count := next(ends, 0)) == 0:
                break
            found.append("".join(pieces[:count]).strip())
            del pieces[: count + 1]
        yield from [part] if pieces else found


def _bare(text: str) -> str:
    return wording.folded(_OF_COUNCIL.sub("", text.strip()))


def _chooser(words: Sequence[str], called: str, others: Mapping[str, str]) -> Callable[[str], str]:
    """Finds a word of the list by what a cell says; `others` are further names of them, folded."""
    by_folded = {wording.folded(word): word for word in words}
    by_other = {folded: word for folded, word in others.items() if word in words}

    def choose(text: str) -> str:
        for said in (text, _OF_COUNCIL.sub("", text)):
            folded = wording.folded(said)
            if (word := by_folded.get(folded) or by_other.get(folded)) is not None:
                return word
        from rapidfuzz import fuzz, process

        folded = wording.folded(text)
        near = process.extract(folded, list(by_folded), scorer=fuzz.WRatio, score_cutoff=_NEAR, limit=2)
        found = [by_folded[one[0]] for one in near] or [by_other[one] for one in by_other if _begins(folded, one)][:2]
        if found:
            raise ValueError(f"“{text}” is not a word of the list: is it {wording.listed(found, 'or')}?")
        raise ValueError(wording.not_among(text, words, called))

    return choose


def _begins(text: str, word: str) -> bool:
    return len(word) > 3 and text.startswith(word)


def tidied(cell: Any) -> str:
    """The cell as one line of text without needless spaces; blank for None."""
    if isinstance(cell, str) and cell.isprintable():
        return _one_line(cell)
    return "" if cell is None else _one_line(text_of(cell))


def _one_line(raw: str) -> str:
    plain = raw.isprintable() and "  " not in raw and raw[:1] != " " and raw[-1:] != " "
    return raw if plain else wording.tidy(raw)


def _lines(raw: str) -> str:
    return raw.strip().replace("\r\n", "\n")


def _code(text: str, raw: str) -> tuple[Value, str]:
    parted = len(raw.strip().splitlines()) > 1
    said = "a line break within it was made a space" if parted else "spaces at its edges were taken off"
    return text, said if text != raw else ""


def _charity_number(text: str, raw: str) -> tuple[Value, str]:
    bare = text.replace(",", "")
    if bare != text and bare.isdecimal():
        return bare, f"“{text}” read as {bare}"
    return _code(text, raw)


def _company_number(text: str, raw: str) -> tuple[Value, str]:
    if text.isdecimal() and len(text) < 8:
        return text.zfill(8), f"“{text}” read as {text.zfill(8)}: a company number has 8 characters"
    return _code(text, raw)


def _phone(text: str, raw: str) -> tuple[Value, str]:
    if text.isdecimal() and len(text) == 10 and text[0] in "12378":
        return f"0{text}", f"“{text}” read as 0{text}: its first nought was lost"
    if text.isdecimal() and len(text) == 12 and text.startswith("44"):
        return f"+{text}", f"“{text}” read as +{text}"
    return _code(text, raw)


_SPECIAL: Mapping[str, Callable[[str, str], tuple[Value, str]]] = {
    **dict.fromkeys(_CODES, _code),
    "charity_number": _charity_number,
    "company_number": _company_number,
    "phone": _phone,
}


def _money(cell: Any) -> tuple[Value, str]:
    if isinstance(cell, bool | date | time | timedelta):
        raise ValueError(f"“{text_of(cell)}” is not an amount: write it as 1000 or £1,000.50")  # noqa: TRY004 (for officers)
    plain = cell.strip() if cell.__class__ is str else _sound(cell)
    if not PLAIN_NUMBER.fullmatch(plain):
        amount = written_money(wording.tidy(plain))
        return amount, f"“{plain}” read as {wording.money_text(amount)}"
    exact = Decimal(plain)
    amount = exact.quantize(_PENNY) if abs(exact) < Decimal("1e13") else wording.read_money(plain)
    if amount == exact and _THREE_DECIMALS.fullmatch(plain):
        return (
            amount,
            f"“{plain}” read as {wording.money_text(amount)}: for a thousand, write {plain.replace('.', ',')}",
        )
    if amount == exact:
        return amount, ""
    if abs(amount - exact) > _BINARY_DUST:
        raise ValueError(f"“{plain}” has part of a penny: give at most two decimals")
    return amount, f"“{plain}” read as {wording.money_text(amount)}"


def written_money(text: str) -> Decimal:
    """Read an amount as people write it: £ or GBP, brackets or a minus either side; ValueError says what is wrong."""
    if OTHER_MONEY.search(text):
        raise ValueError(f"“{text}” is not in pounds: this app keeps pounds only")
    if _SHORT.fullmatch(text):
        raise ValueError(f"“{text}” is short for an amount: write it out, as £12,000")
    if _CONTINENTAL.fullmatch(text):
        raise ValueError(f"“{text}” has a comma where pence begin: write it as £1,234.56")
    bare = _POUNDS.sub("", text)
    bare = _NO_PENCE.sub("", bare)
    if _PARTED.search(bare) and not _BY_THREES.fullmatch(bare):
        raise ValueError(f"“{text}” has a space among its digits: write it as £1,000.50")
    if bare[-1:] in "-−" and bare[:1].isdigit():
        bare = f"-{bare[:-1]}"
    try:
        return wording.read_money(bare)
    except ValueError as error:
        raise ValueError(str(error).replace(f"“{bare}”", f"“{text}”")) from None


def _number(cell: Any) -> tuple[Value, str]:
    if isinstance(cell, timedelta):
        hours = round(cell / timedelta(hours=1), 4)
        return hours, f"“{text_of(cell)}” read as {wording.number_text(hours)} hours"
    number, note = _decimal(cell, wording.read_number)
    return float(number), note


def _whole(cell: Any) -> tuple[Value, str]:
    number, note = _decimal(cell, wording.read_whole)
    return int(number), note


def _decimal(cell: Any, read: Callable[[str], Decimal | int]) -> tuple[Decimal | int, str]:
    if isinstance(cell, bool | date | time):
        raise ValueError(f"“{text_of(cell)}” is not a number")  # noqa: TRY004 (for officers)
    text = wording.tidy(_sound(cell))
    number = read(text)
    return number, "" if PLAIN_NUMBER.fullmatch(text) or not isinstance(cell, str) else f"“{text}” read as {number}"


def _time(cell: Any) -> tuple[Value, str]:
    if isinstance(cell, datetime | time):
        return (cell.time() if isinstance(cell, datetime) else cell).replace(microsecond=0), ""
    if isinstance(cell, timedelta) or (isinstance(cell, float) and 0 <= cell < 1):
        seconds = round((cell if isinstance(cell, timedelta) else timedelta(days=cell)).total_seconds())
        if 0 <= seconds < 24 * 3600:
            of_day = time(seconds // 3600, seconds // 60 % 60, seconds % 60)
            return of_day, f"“{text_of(cell)}” read as {of_day:%H:%M}"
    text = wording.tidy(_sound(cell))
    of_day = wording.read_time(text)
    return of_day, "" if text == f"{of_day:%H:%M}" else f"“{text}” read as {of_day:%H:%M}"


def _instant(cell: Any) -> tuple[Value, str]:
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=cell.tzinfo or UTC), ""
    day, note = _date(cell)
    return datetime.combine(day, time(), UTC), note


def _yes_no(cell: Any) -> tuple[Value, str]:
    if isinstance(cell, bool):
        return cell, ""
    text = wording.tidy(_sound(cell))
    word = text.casefold().removesuffix(".")
    value = word in _YES if word in _YES | _NO else wording.read_yes_no(text)
    return value, "" if word in {"yes", "no"} else f"“{text}” read as {'Yes' if value else 'No'}"


def _date(cell: Any, *, last: bool = False, month_first: bool = False, since_1904: bool = False) -> tuple[date, str]:
    if isinstance(cell, date):
        day, note = cell.date() if isinstance(cell, datetime) else cell, ""
    else:
        text = wording.tidy(_sound(cell))
        day, note = days.read_day(text, last=last, month_first=month_first, since_1904=since_1904)
    if day.year < _FIRST_YEAR:
        raise ValueError(f"“{text_of(cell)}” is in the year {day.year}: correct the year")
    return day, note


_READERS: Mapping[Kind, Reader] = {
    Kind.MONEY: _money,
    Kind.TIME: _time,
    Kind.INSTANT: _instant,
    Kind.WHOLE: _whole,
    Kind.NUMBER: _number,
    Kind.YES_NO: _yes_no,
}
