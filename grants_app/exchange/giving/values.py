"""One value as the 360Giving Data Standard writes it: read from what was kept, put right where that is safe."""

import math
import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from urllib.parse import quote, urlsplit

from grants_app import wording
from grants_app.exchange.giving.standard import CLOSED, LISTS

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_PART = re.compile(r"\d{4}(-(0[1-9]|1[012]))?")
_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}(?::\d{2})?)(?:\.\d+)?(Z|z|[+-]\d{2}:?\d{2})?")
_UTC = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_TIME_AFTER = re.compile(r"[ T]\d{1,2}:\d{2}(:\d{2})?$")
_BARE_HOST = re.compile(r"[\w-]+(\.[\w-]+)+([/?#:].*)?", re.ASCII)
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(//[^\s/?#]+|[^\s/])[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]*")
_KEPT_IN_URI = "/?#[]@!$&'()*+,;=:%-._~"
_DEI_VERSION = re.compile(r"[1-9]+\.[1-9]\d*")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
_TELEPHONE = re.compile(r"(?<![\w.-])(\+44[\s-]?|0)(\(0\)[\s-]?)?(7\d{9}|\d{2,5}\)?[\s-]\d{3,4}[\s-]?\d{3,4})(?![\w-])")
_SIX_DIGITS = re.compile(r"\d\d\s?\d\d\s?\d\d")
_INSURANCE = re.compile(r"\b[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\s?\d{2}\s?\d{2}\s?\d{2}\s?[A-D]\b")


def number(amount: Decimal | float) -> int | float:
    """The amount as a JSON number: whole without a point, else with its pence intact."""
    whole = int(amount)
    return whole if amount == whole else float(amount)


def instant(moment: datetime) -> str:
    """A moment as the standard writes it: in UTC, with Z."""
    return f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat('T', 'seconds')}Z"


def personal(text: str) -> str:
    """What of a person's the text holds (an e-mail address, say); "" if nothing that we know by its look."""
    if "@" in text and _EMAIL.search(text):
        return "an e-mail address"
    if ("0" in text or "+44" in text) and _TELEPHONE.search(text):
        return "a telephone number"
    return "a National Insurance number" if _SIX_DIGITS.search(text) and _INSURANCE.search(text) else ""


@lru_cache(maxsize=20_000)
def read(sort: str, text: str) -> tuple[Any, str]:
    """What was kept as text, as a value of that sort; None and the reason, in a sentence, where it is none."""
    try:
        if sort in LISTS:
            return _words(sort, text), ""
        if sort in CLOSED:
            return _code(sort, text), ""
        return _READERS[sort](text), ""
    except ValueError as error:
        return None, str(error)


def is_uri(text: str) -> bool:
    """Whether it is an absolute address in plain characters."""
    if not _URI.fullmatch(text) or re.search(r"%(?![0-9A-Fa-f]{2})", text):
        return False
    try:
        return "[" not in text.removeprefix(urlsplit(text).scheme) or bool(urlsplit(text).hostname)
    except ValueError:
        return False


@lru_cache(maxsize=20_000)
def uri(text: str) -> str:
    """The address, absolute and plain where that is safe: www.x.org gets http://, spaces and accents their codes."""
    address = text.strip()
    if _BARE_HOST.fullmatch(address) and "://" not in address:
        address = f"http://{address}"
    address = quote(re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", address), safe=_KEPT_IN_URI)
    if is_uri(address):
        return address
    raise ValueError(f"“{text}” is not a web address: write it as https://www.example.org")


def words_in(sort: str, texts: Sequence[str]) -> tuple[list[str], str]:
    """Several kept words as one list, and why one of them was left out."""
    found: list[str] = []
    why = ""
    for text in texts:
        value, reason = read(sort, text)
        why = why or reason
        found += value or []
    return list(dict.fromkeys(found)), why


def _words(sort: str, text: str) -> list[str]:
    parts = [part.strip() for part in text.split(";") if part.strip()]
    return [_code(sort, part) for part in parts] if sort in CLOSED else parts


def _code(sort: str, text: str) -> str:
    codes, plain = CLOSED[sort], text.strip()
    if sort == "yes no":
        return "Yes" if wording.read_yes_no(plain) else "No"
    wanted = {"UK": "GB"}.get(plain.upper(), plain.upper()) if sort == "country" else plain.upper()
    if plain in codes or wanted in codes:
        return plain if plain in codes else wanted
    raise ValueError(f"“{plain}” is not one of the codes that the standard has for this")


def _number(text: str) -> int | float:
    plain = text.strip()
    if _NUMBER.fullmatch(plain):
        return number(Decimal(plain) if "." not in plain else float(plain))
    try:
        return number(wording.read_money(plain))
    except ValueError:
        raise ValueError(f"“{text}” is not a number") from None


def _duration(text: str) -> int | float:
    months = _number(text)
    if months < 0:
        raise ValueError(f"“{text}” is not a number of months: it is below nought")
    return months


def _date(text: str) -> date | str:
    plain = text.strip()
    try:
        if _DAY.fullmatch(plain):
            return date.fromisoformat(plain)
        if found := _MOMENT.fullmatch(plain):
            day = date.fromisoformat(found[1])
            return day if not found[3] or not found[2].strip("0:") else _moment(plain)
        return wording.read_date(_TIME_AFTER.sub("", plain))
    except ValueError:
        raise ValueError(f"“{text}” is not a day of the calendar") from None


def _part_date(text: str) -> date | str:
    plain = text.strip()
    return plain if _PART.fullmatch(plain) else _date(plain)


def _moment(text: str) -> str:
    plain = text.strip()
    try:
        if found := _MOMENT.fullmatch(plain):
            zone = (found[3] or "Z").upper().replace("Z", "+00:00")
            return instant(datetime.fromisoformat(f"{found[1]}T{found[2]}{zone}"))
        day = date.fromisoformat(plain) if _DAY.fullmatch(plain) else wording.read_date(_TIME_AFTER.sub("", plain))
    except ValueError:
        raise ValueError(f"“{text}” is not a day of the calendar") from None
    return f"{day.isoformat()}T00:00:00Z"


def _dei_version(text: str) -> str:
    if _DEI_VERSION.fullmatch(text.strip()):
        return text.strip()
    raise ValueError(f"“{text}” is not a version: write it as 1.1")


_READERS: dict[str, Callable[[str], Any]] = {
    "": str, "text": str, "number": _number, "duration": _duration, "date": _date, "part date": _part_date,
    "instant": _moment, "uri": uri, "dei version": _dei_version,
}  # fmt: skip


def _fits_number(value: Any) -> str:
    sound = type(value) in (int, float) and math.isfinite(value)
    return "" if sound else f"“{value}” is not a number"


def _fits_duration(value: Any) -> str:
    return _fits_number(value) or ("" if value >= 0 else f"“{value}” months are below nought")


def _fits_day(value: Any) -> str:
    return "" if type(value) is date or (type(value) is str and _UTC.fullmatch(value)) else f"“{value}” is not a day"


def _fits_part_day(value: Any) -> str:
    return "" if type(value) is str and _PART.fullmatch(value) else _fits_day(value)


def _fits_moment(value: Any) -> str:
    return "" if type(value) is str and _UTC.fullmatch(value) else f"“{value}” is not a moment with its time zone"


def _fits_uri(value: Any) -> str:
    if type(value) is str and is_uri(value):
        return ""
    return f"“{value}” is not a web address: write it as https://www.example.org"


def _fits_dei_version(value: Any) -> str:
    return "" if _DEI_VERSION.fullmatch(value) else f"“{value}” is not a version: write it as 1.1"


def _fits_text(value: Any) -> str:
    return "" if type(value) is str and value else "It is not text"


def _coded(codes: frozenset[str]) -> Callable[[Any], str]:
    return lambda value: "" if value in codes else f"“{value}” is not one of the codes of the standard"


def _several(codes: frozenset[str] | None) -> Callable[[Any], str]:
    def check(value: Any) -> str:
        sound = type(value) is list and all(type(part) is str and (not codes or part in codes) for part in value)
        return "" if sound else f"“{value}” is not a list of codes of the standard"

    return check


FITS_AT_ONCE: dict[str, type] = {"text": str, "number": int, "date": date, "part date": date}
"""The type by which, unless it is blank, a value of a sort is known to fit."""
FITS: dict[str, Callable[[Any], str]] = {
    "text": _fits_text,
    "number": _fits_number,
    "duration": _fits_duration,
    "date": _fits_day,
    "part date": _fits_part_day,
    "instant": _fits_moment,
    "uri": _fits_uri,
    "dei version": _fits_dei_version,
    **{sort: _coded(codes) for sort, codes in CLOSED.items() if sort not in LISTS},
    **{sort: _several(CLOSED.get(sort)) for sort in LISTS},
}
"""What says, by sort of value, why a value does not fit; "" where it does. What is outside the standard has none."""
