"""Cells of a sheet as XML: a column of values at a time, since a call for each cell would be most of the time."""

import enum
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, cast

from grants_app import clock
from grants_app.exchange.shapes import Formula
from grants_app.records.fields import Kind

LONGEST_TEXT = 32_767  # what one cell of Excel holds
_RISKY = ("=", "+", "-", "@", "\t", "\r")
_RISKY_START = re.compile("(?:^|\0)[=+@\t\r-]")
_NOT_PLAIN = re.compile("[\x01-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_EXCEL_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_FIRST_SERIAL_DAY = date(1900, 3, 1)  # Excel believes in 29 February 1900: before it, dates are written as words
_DAY_ZERO = date(1899, 12, 30).toordinal()
_NUMERIC = {Kind.MONEY, Kind.WHOLE, Kind.NUMBER}
_EXACT = 10**15  # Excel keeps fifteen digits: a longer number is written as text, whole


@dataclass(frozen=True, slots=True)
class Styles:
    """Style numbers of one column's cells: for its own kind, for plain text, and for text that Excel might run."""

    own: int
    text: int
    quoted: int
    by_kind: dict[Kind, int]


def plain(value: object) -> object:
    """What a cell shows for a value: words of an enumeration, several joined by "; ", Yes or No, London time."""
    if isinstance(value, enum.Enum | bool):
        return value.value if isinstance(value, enum.Enum) else "Yes" if value else "No"
    if isinstance(value, Formula):
        return value.value
    if isinstance(value, tuple | list):
        return "; ".join(str(plain(part)) for part in value)
    if isinstance(value, dict):
        return "; ".join(f"{key}: {plain(part)}" for key, part in value.items())
    if isinstance(value, datetime) and value.tzinfo:
        return clock.local(value)
    return value


def clean(text: str) -> str:
    """The text without the characters that XML cannot hold."""
    return _NOT_XML.sub("", text)


def column_cells(kind: Kind | None, styles: Styles, values: Sequence[object], refs: Sequence[str]) -> list[str]:
    """The cells of one column as XML, in order; blank where there is no value."""
    types = set(map(type, values))
    types.discard(type(None))
    if not types:
        return [""] * len(values)
    fast = _FAST.get(types.pop()) if len(types) == 1 else None
    if fast and kind in fast[0]:
        return fast[1](values, refs, styles)
    return [one_cell(value, ref, kind, styles) for value, ref in zip(values, refs, strict=True)]


def one_cell(value: object, ref: str, kind: Kind | None, styles: Styles) -> str:
    """One cell as XML, whatever the value: as text where Excel has no number or date for it."""
    if isinstance(value, Formula):
        return formula_cell(value.words, value.value, ref, styles.own)
    value = plain(value)
    if value is None or value == "":
        return ""
    serial, found = _serial(value)
    if serial is None:
        return _texts([value if isinstance(value, str) else str(value)], [ref], styles)[0]
    alike = kind is found or {kind, found} <= _NUMERIC
    style = styles.own if alike else styles.by_kind[found]
    return f'<c r="{ref}" s="{style}"><v>{serial}</v></c>'


def text_cell(text: str, ref: str, style: int) -> str:
    """One cell of text in a given style: titles, headers, notes."""
    return f'<c r="{ref}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{_escaped(_fit(text))}</t></is></c>'


def formula_cell(formula: str, value: Decimal | float, ref: str, style: int) -> str:
    """A formula of our own making, with the value that it has now."""
    return f'<c r="{ref}" s="{style}"><f>{_escaped(formula)}</f><v>{value}</v></c>'


def _serial(value: Any) -> tuple[str | None, Kind]:
    """The number in Excel's terms and what kind it is; None where it can only be text."""
    if isinstance(value, datetime):
        day = value.date()
        part = (value.hour * 3600 + value.minute * 60 + value.second) / 86400
        return (repr(day.toordinal() - _DAY_ZERO + part) if day >= _FIRST_SERIAL_DAY else None), Kind.INSTANT
    if isinstance(value, date):
        return (str(value.toordinal() - _DAY_ZERO) if value >= _FIRST_SERIAL_DAY else None), Kind.DATE
    if isinstance(value, time):
        return repr((value.hour * 3600 + value.minute * 60 + value.second) / 86400), Kind.TIME
    if isinstance(value, Decimal | int | float):
        kind = Kind.MONEY if isinstance(value, Decimal) else Kind.WHOLE if isinstance(value, int) else Kind.NUMBER
        return (str(value) if math.isfinite(value) and -_EXACT < value < _EXACT else None), kind
    return None, Kind.TEXT


def _texts(values: Sequence[object], refs: Sequence[str], styles: Styles) -> list[str]:
    texts = cast("Sequence[str | None]", values)
    joined = "\0".join([text or "" for text in texts])
    if joined.count("\0") != len(texts) - 1 or _NOT_PLAIN.search(joined) or "_x" in joined:
        parts = [_escaped(_fit(text or "")) for text in texts]
    else:
        parts = joined.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").split("\0")
        if len(joined) > LONGEST_TEXT // 2 and max(map(len, parts)) > LONGEST_TEXT // 2:
            parts = [_escaped(_fit(text or "")) for text in texts]
    if _RISKY_START.search(joined):
        return [
            f'<c r="{ref}" s="{styles.quoted if part[0] in _RISKY or part[:2] == "&#" else styles.text}" t="inlineStr">'
            f'<is><t xml:space="preserve">{part}</t></is></c>'
            if part
            else ""
            for part, ref in zip(parts, refs, strict=True)
        ]
    opening = f'" s="{styles.text}" t="inlineStr"><is><t xml:space="preserve">'
    return [f'<c r="{ref}{opening}{part}</t></is></c>' if part else "" for part, ref in zip(parts, refs, strict=True)]


def _dates(values: Sequence[object], refs: Sequence[str], styles: Styles) -> list[str]:
    days = cast("Sequence[date | None]", values)
    if min(day for day in days if day) < _FIRST_SERIAL_DAY:
        return [one_cell(day, ref, Kind.DATE, styles) for day, ref in zip(days, refs, strict=True)]
    opening = f'" s="{styles.own}"><v>'
    return [
        f'<c r="{ref}{opening}{day.toordinal() - _DAY_ZERO}</v></c>' if day else ""
        for day, ref in zip(days, refs, strict=True)
    ]


def _numbers(values: Sequence[object], refs: Sequence[str], styles: Styles) -> list[str]:
    numbers = cast("Sequence[Decimal | int | float | None]", values)
    known = [number for number in numbers if number is not None]
    if not all(map(math.isfinite, known)) or max(known) >= _EXACT or min(known) <= -_EXACT:
        kind = Kind.WHOLE if isinstance(known[0], int) else Kind.NUMBER
        return [one_cell(number, ref, kind, styles) for number, ref in zip(numbers, refs, strict=True)]
    opening = f'" s="{styles.own}"><v>'
    return [
        f'<c r="{ref}{opening}{number!s}</v></c>' if number is not None else ""
        for number, ref in zip(numbers, refs, strict=True)
    ]


def _fit(text: str) -> str:
    units = len(text) + sum(ch > "\uffff" for ch in text) if len(text) > LONGEST_TEXT // 2 else 0
    if units <= LONGEST_TEXT:
        return text
    note = f"… [cut: {len(text):,} characters, and a cell of Excel holds {LONGEST_TEXT:,}]"
    return text[: LONGEST_TEXT - len(note) - (units - len(text))] + note


def _escaped(text: str) -> str:
    """XML for the text: characters that XML cannot hold are left out, and the rest is kept, carriage returns too."""
    kept = _EXCEL_ESCAPE.sub("_x005F_", clean(text))
    return kept.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")


_TEXT_KINDS = frozenset({Kind.TEXT, Kind.LONG, Kind.CHOICE, Kind.LINK, Kind.MANY, Kind.YES_NO, Kind.EXTRA, None})
_Writer = Callable[[Sequence[object], Sequence[str], Styles], list[str]]
_FAST: dict[type, tuple[frozenset[Kind | None], _Writer]] = {
    str: (_TEXT_KINDS, _texts),
    date: (frozenset({Kind.DATE}), _dates),
    Decimal: (frozenset({Kind.MONEY, Kind.NUMBER}), _numbers),
    int: (frozenset({Kind.WHOLE, Kind.NUMBER}), _numbers),
    float: (frozenset({Kind.NUMBER}), _numbers),
}
