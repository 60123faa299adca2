"""How values are written for officers and read from what they type: dates, money, numbers, lists of words."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from unicodedata import category

from grants_app import clock

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_FEW = 12  # words of a list that a sentence can name
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_UNWRITABLE = re.compile("[\x00-\x08\x0e-\x1b\x7f\ud800-\udfff\ufffe\uffff]")
_SPACES = re.compile(r"[\s\u00a0\u2007\u202f]+")
_INKLESS = "\u115f\u1160\u2800\u3164\uffa0"
_NUMERIC_DATE = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4}|\d{2})")
_WORDY_DATE = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ \-/]+([a-z]{3,9})\.?,?[ \-/]+(\d{4}|\d{2})")
_ISO_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00)?)?")
_TRUE, _FALSE = {"yes", "y", "true", "1", "✓"}, {"no", "n", "false", "0"}


def tidy(text: str) -> str:
    """The text with edge spaces gone and each run of spaces, no-break ones included, as one space."""
    return _SPACES.sub(" ", text).strip()


def writable(text: str) -> str:
    """The text without what no file can hold: control characters and halves of characters."""
    return text if text.isprintable() else _UNWRITABLE.sub("", text)


def blank(text: str) -> bool:
    """Whether nothing of the text can be seen: spaces, and characters that have no width or no ink."""
    if text.isascii():
        return not text.strip()
    return all(ch.isspace() or ch in _INKLESS or category(ch) == "Cf" for ch in text)


def folded(text: str) -> str:
    """The text for comparing names and titles: case, spaces and punctuation do not count, "&" is "and"."""
    return "".join(ch for ch in text.casefold().replace("&", "and") if ch.isalnum())


def date_text(day: date) -> str:
    """4 March 2026."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def short_date(day: date) -> str:
    """4 Mar 2026, for lists."""
    return f"{day.day} {MONTHS[day.month - 1][:3]} {day.year}"


def weekday_text(day: date) -> str:
    """Wednesday 4 March."""
    return f"{_DAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]}"


def month_text(day: date) -> str:
    """Mar 2026."""
    return f"{MONTHS[day.month - 1][:3]} {day.year}"


def time_text(instant: datetime) -> str:
    """When that was, in London: 14:02 if today, Fri if within the week, else the date."""
    local, today = clock.local(instant), clock.today()
    if local.date() == today:
        return f"{local:%H:%M}"
    if today - timedelta(days=6) <= local.date() < today:
        return _DAYS[local.weekday()][:3]
    return short_date(local.date())


def instant_text(instant: datetime) -> str:
    """4 March 2026 14:02, London time."""
    local = clock.local(instant)
    return f"{date_text(local.date())} {local:%H:%M}"


def due_text(day: date) -> str:
    """How far off a due date is: Overdue 3 days, Yesterday is Overdue 1 day, Due today, Due Thu, Due 14 Dec."""
    days = (day - clock.today()).days
    if days < 0:
        return f"Overdue {counted(-days, 'day')}"
    if days == 0:
        return "Due today"
    if days < 7:
        return f"Due {_DAYS[day.weekday()][:3]}"
    return f"Due {day.day} {MONTHS[day.month - 1][:3]}"


def money_text(amount: Decimal) -> str:
    """£1,234.50, whole pounds without pence: £24,000, and −£500 below zero."""
    digits = f"{abs(amount):,.2f}"
    return f"{'−' if amount < 0 else ''}£{digits.removesuffix('.00')}"


def number_text(number: Decimal | float) -> str:
    """1,234 or 2.5: no more decimals than there are."""
    text = f"{number:,.4f}" if not isinstance(number, int) else f"{number:,}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def counted(number: int, one: str, many: str | None = None) -> str:
    """1 grant, 2 grants, 1,000 grants; `many` where adding an s is wrong."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def called_by(noun: str, number: int | None) -> str:
    """Payment 2; Payment where it has no number."""
    return noun if number is None else f"{noun} {number}"


def listed(words: Sequence[str], last: str = "and") -> str:
    """a, b and c."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}" if words else ""


def not_among(typed: str, words: Sequence[str], called: str = "words of the list") -> str:
    """That something is none of these words, all of which are named where they are few, else the likeliest."""
    if len(words) <= _FEW:
        return f"“{typed}” is not one of {listed(words, 'or')}"
    from difflib import get_close_matches

    by_folded = {folded(word): word for word in words}
    near = [by_folded[found] for found in get_close_matches(folded(typed), list(by_folded), n=2, cutoff=0.7)]
    more = f": is it {listed(near, 'or')}?" if near else f", such as {listed(words[:3])}"
    return f"“{typed}” is not one of the {called}{more}"


def size_text(size: int) -> str:
    """The size of a file as a desktop shows it: "850 KB", "1.4 GB"; under a kilobyte, its bytes."""
    if size < 1000:
        return counted(size, "byte")
    amount, unit = next((size / 1000**n, unit) for n, unit in ((3, "GB"), (2, "MB"), (1, "KB")) if size >= 1000**n)
    return f"{amount:.1f} {unit}" if amount < 9.95 else f"{amount:,.0f} {unit}"


def range_text(low: int, high: int) -> str:
    """1,700–2,150, or one number where both are the same."""
    return f"{low:,}" if low == high else f"{low:,}–{high:,}"


def read_date(text: str) -> date:
    """Read a date, always day first (4/3/26, 04-03-2026, 4 Mar 2026) or ISO; ValueError says what is wrong."""
    tidied = tidy(text).casefold()
    if tidied in ("today", "yesterday", "tomorrow"):
        return clock.today() + timedelta(days={"yesterday": -1, "today": 0, "tomorrow": 1}[tidied])
    tidied = re.sub(r"^(mon|tues?|wed(nes)?|thu(rs)?|fri|sat(ur)?|sun)(day)?,? ", "", tidied)
    if found := _NUMERIC_DATE.fullmatch(tidied):
        day, month, year = (int(part) for part in found.groups())
    elif found := _WORDY_DATE.fullmatch(tidied):
        day, month, year = int(found[1]), _month(found[2], text), int(found[3])
    elif found := _ISO_DATE.fullmatch(tidied.upper()):
        year, month, day = (int(part) for part in found.groups())
    else:
        raise ValueError(f"“{text}” is not a date: write it as 4/3/2026 or 4 March 2026")
    year += 2000 if year < 70 else 1900 if year < 100 else 0
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError(f"“{text}” is not a day of the calendar: day comes first, then month") from None


def read_time(text: str) -> time:
    """Read a time of day: 14:30, 14.30, 2pm, 2:30 pm; ValueError says what is wrong."""
    found = re.fullmatch(r"(\d{1,2})(?:[:.](\d{2}))?(?::00)? ?(am|pm)?", tidy(text).casefold())
    if found and (found[2] or found[3]):
        hour = int(found[1]) % 12 + (12 if found[3] == "pm" else 0) if found[3] else int(found[1])
        if hour < 24 and int(found[2] or 0) < 60 and not (found[3] and int(found[1]) > 12):
            return time(hour, int(found[2] or 0))
    raise ValueError(f"“{text}” is not a time: write it as 14:30 or 2.30pm")


def read_money(text: str) -> Decimal:
    """Read pounds and pence: £1,000.50, 1000, (500) for minus 500; ValueError says what is wrong."""
    amount = _decimal(text, "an amount: write it as 1000 or £1,000.50", "£")
    if abs(amount) >= Decimal("1e13"):
        raise ValueError(f"“{text}” is more than this app can hold")
    if amount != amount.quantize(Decimal("0.01")):
        raise ValueError(f"“{text}” has part of a penny: give at most two decimals")
    return amount.quantize(Decimal("0.01"))


def read_whole(text: str) -> int:
    """Read a whole number: 28 or 1,200; ValueError says what is wrong."""
    number = _decimal(text, "a whole number: write it as 28")
    if number != number.to_integral_value() or abs(number) >= 10**15:
        raise ValueError(f"“{text}” is not a whole number")
    return int(number)


def read_number(text: str) -> Decimal:
    """Read a number that may have decimals, a per cent sign or commas; ValueError says what is wrong."""
    return _decimal(text, "a number: write it as 2.5", "%")


def read_yes_no(text: str) -> bool:
    """Read yes or no in the ways people write them; ValueError says what is wrong."""
    word = tidy(text).casefold()
    if word in _TRUE or word in _FALSE:
        return word in _TRUE
    raise ValueError(f"“{text}” is neither yes nor no")


def read_words(text: str) -> tuple[str, ...]:
    """Read several values from one cell or line, separated by ; or line breaks (else by commas)."""
    parts: Iterable[str] = re.split(r"[;\n]", text) if re.search(r"[;\n]", text) else text.split(",")
    return tuple(sorted({tidy(part) for part in parts if tidy(part)}))


def _month(word: str, text: str) -> int:
    for number, month in enumerate(MONTHS, 1):
        if month.casefold().startswith(word) or (word == "sept" and number == 9):
            return number
    raise ValueError(f"“{text}” is not a date: “{word}” is no month")


def _decimal(text: str, wanted: str, signs: str = "") -> Decimal:
    bare = _SPACES.sub("", text).strip("'").replace("−", "-")
    if re.fullmatch(r"\(.*\)", bare):
        bare = "-" + bare[1:-1]
    for sign in signs:
        bare = bare.replace(sign, "", 1)
    if not re.fullmatch(r"[-+]?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?(e[-+]?\d{1,2})?", bare.casefold()) or not re.search(
        r"\d", bare
    ):
        raise ValueError(f"“{text}” is not {wanted}")
    try:
        return Decimal(bare.replace(",", ""))
    except InvalidOperation:
        raise ValueError(f"“{text}” is not {wanted}") from None


def stopped(sentence: str) -> str:
    """A sentence with its full stop; a question keeps its own mark."""
    return sentence if sentence.endswith("?") else sentence.rstrip(".") + "."
