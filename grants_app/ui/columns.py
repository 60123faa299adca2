"""How each column of a kind's list looks, from its field or figure, and a row told as a sentence."""

import enum
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from grants_app import wording
from grants_app.records import Grant, Kind, Record
from grants_app.store import listing
from grants_app.store.listing import Listing
from grants_app.ui.badges import badge_of
from grants_app.ui.rows import Column, Rowed
from grants_app.ui.theme import BODY, CAPTION

_WIDTHS = {
    Kind.MONEY: 88, Kind.DATE: 100, Kind.INSTANT: 150, Kind.TIME: 70, Kind.WHOLE: 64, Kind.NUMBER: 70,
    Kind.YES_NO: 70, Kind.CHOICE: 140, Kind.LINK: 190, Kind.LONG: 260, Kind.MANY: 200,
}  # fmt: skip
_FIGURES = frozenset({Kind.MONEY, Kind.WHOLE, Kind.NUMBER})

NOT_ADDED = frozenset({"number", "call", "impact", "likelihood", "impact_after", "likelihood_after", "size"})
"""Whole numbers that no foot of a list adds up: they are places in an order, or marks out of five."""
_GIVING = frozenset({Kind.TEXT, Kind.LINK, Kind.LONG, Kind.MANY})

Bullets = Mapping[str, tuple[str, str]]
"""By column: the columns of what was planned, and of what was planned by today, that it is drawn against."""


def shown_columns(kind: type[Record], names: Sequence[str], bullets: Bullets) -> list[Column]:
    """The columns of these names as a list shows them."""
    return [_shown(kind, listing.column_named(kind, name), bullets.get(name, ())) for name in names]


def source_names(columns: Sequence[Column]) -> tuple[str, ...]:
    """What a Listing must read for these columns."""
    return tuple(dict.fromkeys(name for column in columns for name in (column.name, *column.beside)))


def read_rows(session: Session, read: Listing, columns: Sequence[Column], ids: Sequence[int]) -> Rowed:
    """The values of these records by id, a value for each column shown."""
    at = {name: place for place, name in enumerate(read.columns, 1)}
    takes = [(at[column.name], tuple(at[name] for name in column.beside)) for column in columns]
    return {row[0]: [_value(row, own, beside) for own, beside in takes] for row in read.rows(session, ids)}


def sentence(columns: Sequence[Column], values: Sequence[Any]) -> str:
    """A row as a screen reader says it: "CVE-0012, Anti-Tribalism Movement, active, green, £24,000"."""
    parts = []
    for column, value in zip(columns, values, strict=True):
        words = "" if value is None else column.text(value)
        if words:
            parts.append(words.lower() if column.paint == "badge" else _told(column, words))
    return ", ".join(parts) or "an empty row"


def _told(column: Column, words: str) -> str:
    return f"{column.label.lower()} {words}" if column.paint == "bullet" or column.right else words


def _value(row: Sequence[Any], own: int, beside: tuple[int, ...]) -> Any:
    return row[own] if not beside else (row[own] or 0, *(row[place] or 0 for place in beside))


def _shown(kind: type[Record], column: listing.Column, beside: tuple[str, ...]) -> Column:
    if beside:
        least = 24 + 7 * len(column.label)
        return Column(
            column.name, column.label, beside, text=_bullet_text, width=118, least=least, right=True, paint="bullet"
        )
    from grants_app.reports.drawing import text_width

    is_badge = (
        column.kind is Kind.CHOICE and not isinstance(getattr(column.field, "choices", ""), str) and _marked(column)
    )
    wide = _WIDTHS.get(column.kind, 180)
    if column.name == "reference":
        prefix = "WIDER" if kind is Grant else kind.prefix  # a grant's is its programme's: two to eight characters
        wide = round(text_width(f"{prefix}-{'0' * kind.digits}", BODY)) + 16
    elif column.name == kind.caption:
        wide = 230
    elif column.kind in _FIGURES:
        wide = max(wide, 24 + 7 * len(column.label))
    elif column.kind is Kind.CHOICE and column.field is not None and column.field.words():
        longest = max(len(word) for word in column.field.words())
        wide = min(39 + 7 * longest, 84 + 37 * longest // 10) if is_badge else min(180, 24 + 7 * longest)
    grows = column.kind in _GIVING and column.name != "reference"
    return Column(
        column.name,
        column.label,
        text=_text_of(column),
        width=wide,
        least=min(wide, 22 + 7 * len(column.label))
        if column.name == "reference" or is_badge  # measured as they are seen
        else max(_least(column.kind, wide), round(1.1 * text_width(column.label, CAPTION)) + 14)
        if column.kind in _FIGURES
        else _least(column.kind, wide),
        grows=grows,
        right=column.kind in _FIGURES,
        paint="badge" if is_badge else "text",
        sorts=column.sortable,
    )


def _least(kind: Kind, wide: int) -> int:
    """How narrow a column may become where there is no room for all: long words give way, figures hardly."""
    if kind is Kind.DATE:
        return wide
    return min(wide, 96) if kind in _GIVING or kind is Kind.CHOICE else round(wide * 0.8)


def _marked(column: listing.Column) -> bool:
    """Whether any of the words that the column may hold has a shape of its own."""
    words = column.field.words() if column.field else ()
    return any(badge_of(word).shape for word in words)


def _text_of(column: listing.Column) -> Any:
    def text(value: Any) -> str:
        if isinstance(value, enum.Enum):
            return str(value.value)
        if isinstance(value, date) and not isinstance(value, datetime):
            return wording.short_date(value)
        if column.unit == "bytes":
            return wording.size_text(value)
        return column.text(value)

    return text


def _bullet_text(value: tuple[float, float, float]) -> str:
    done, planned, _by_today = value
    return f"{done:,.0f} of {planned:,.0f}" if planned else f"{done:,.0f}"
