"""A list by groups: how many records share a value of one or two columns, and what their figures add up to."""

import enum
from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants_app import wording
from grants_app.errors import Refused
from grants_app.records import Field, Kind, Record, kind_named
from grants_app.records.base import batches
from grants_app.records.fields import own_field
from grants_app.store import listing, settings
from grants_app.store.listing import Condition, Listing

BLANK = "Not recorded"
"""What stands for a group whose records hold nothing there."""
_WORDS = frozenset({Kind.TEXT, Kind.CHOICE, Kind.YES_NO, Kind.LINK, Kind.MANY, Kind.DATE, Kind.ABOUT, Kind.WHOLE})
_SPANS = {"month": "month", "year": "financial year"}


@dataclass(frozen=True, slots=True)
class By:
    """What a list is grouped by: a column; for one of dates, by `span` "month" or (financial) "year"."""

    column: str
    span: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """One group: its values (a link's id, a day's first of the span), those in words, its count, and its sums.

    `order` holds what each of its values is sorted by.
    """

    values: tuple[Any, ...]
    words: tuple[str, ...]
    count: int
    sums: tuple[Any, ...]
    order: tuple[Any, ...] = field(default=(), compare=False, repr=False)


def offered(kind: type[Record], own: Sequence[Field] = ()) -> dict[By, str]:
    """What lists of this kind may be grouped by, and how each is called; `own` as for `listing.offered`."""
    found: dict[By, str] = {}
    for column in listing.offered(kind, own):
        if column.name == "reference" or column.kind not in _WORDS or column.figure is not None:
            continue
        spans = _SPANS if column.kind is Kind.DATE else ("",)
        found |= {by: called(kind, by) for by in (By(column.name, span) for span in spans)}
    return found


def called(kind: type[Record], by: By) -> str:
    """How what a list is grouped by is called: "Borough", "Starts, by month"."""
    label = listing.column_named(kind, by.column).label
    return f"{label}, by {_SPANS[by.span]}" if by.span else label


def summed(shown: Listing) -> list[str]:
    """The columns of a list that its groups add up: money and whole numbers."""
    columns = listing.columns_of(shown)
    return [column.name for column in columns if column.totalled]


def groups(session: Session, shown: Listing, by: Sequence[By], sums: Sequence[str] = ()) -> list[Group]:
    """The groups of a list by one or two columns, in the order of their values, those without one last.

    A record that holds several words of a column stands in the group of each. Refused: no column, three or more, the
    same one twice, and what `offered` does not offer.
    """
    _refuse(shown.kind, by)
    found: dict[tuple[Any, ...], tuple[int, list[Any]]] = {}
    for row in shown.groups(session, [each.column for each in by], sums):
        values = tuple(_start(each, value) for each, value in zip(by, row, strict=False))
        count, totals = found.get(values, (0, [0] * len(sums)))
        added = [total + more for total, more in zip(totals, row[len(by) + 1 :], strict=True)]
        found[values] = (count + row[len(by)], added)
    naming = [_Naming(session, shown.kind, each, {values[at] for values in found}) for at, each in enumerate(by)]
    made = []
    for values, (count, totals) in found.items():
        words = tuple(one.words(value) for one, value in zip(naming, values, strict=True))
        order = tuple(one.place(value) for one, value in zip(naming, values, strict=True))
        made.append(Group(values, words, count, tuple(totals), order))
    return sorted(made, key=lambda group: group.order)


def conditions(by: Sequence[By], group: Group) -> tuple[Condition, ...]:
    """What narrows a list to the records of one group."""
    found: list[Condition] = []
    for each, value in zip(by, group.values, strict=True):
        if value is None:
            found.append(Condition(each.column, "blank"))
        elif each.span:
            found += [Condition(each.column, "from", (value,)), Condition(each.column, "to", (_end(each, value),))]
        else:
            found.append(Condition(each.column, "is", (value,)))
    return tuple(found)


class _Naming:
    """How the values of one column are told and put in order."""

    def __init__(self, session: Session, kind: type[Record], by: By, values: Iterable[Any]) -> None:
        self._by, self._column = by, listing.column_named(kind, by.column)
        field = self._column.field
        held = [value for value in values if value is not None]
        target = kind_named(field.to) if field is not None and field.to else None
        self._names = _names(session, target, self._column.kind, held) if target is not None else {}
        self._places = {
            word: at for at, word in enumerate(field.words(settings.lists(session)) if field is not None else ())
        }

    def words(self, value: Any) -> str:
        """A value as officers read it."""
        if value is None:
            return BLANK
        if self._by.span == "month":
            return wording.month_text(value)
        if self._by.span == "year":
            return f"{value.year}-{(value.year + 1) % 100:02d}"
        if isinstance(value, bool):
            return "Yes" if value else "No"
        return self._names.get(value) or (str(value.value) if isinstance(value, enum.Enum) else str(value))

    def place(self, value: Any) -> tuple[Any, ...]:
        """Where a value stands among the others."""
        if value is None:
            return (1,)
        if isinstance(value, date | int):
            return (0, 0, self._names[value].casefold()) if value in self._names else (0, 0, value)
        words = self.words(value)
        return (0, self._places.get(words, len(self._places)), words.casefold())


def _names(session: Session, target: type[Record], kind: Kind, values: Sequence[Any]) -> Mapping[Any, str]:
    """What the records that values refer to are called, by id or reference; two of one name by their reference too."""
    key = target.id if kind is Kind.LINK else target.reference
    caption = target.column(target.caption)
    found: dict[Any, tuple[str, str]] = {}
    for batch in batches(values):
        rows = session.execute(select(key, caption, target.reference).where(key.in_(batch)))
        found |= {row[0]: (str(row[1]), row[2]) for row in rows}
    seen: dict[str, int] = {}
    for name, _reference in found.values():
        seen[name] = seen.get(name, 0) + 1
    return {value: f"{name} · {ref}" if seen[name] > 1 else name for value, (name, ref) in found.items()}


def _start(by: By, value: Any) -> Any:
    if not by.span or value is None:
        return value
    if by.span == "month":
        return value.replace(day=1)
    return date(value.year - (value.month < 4), 4, 1)


def _end(by: By, first: date) -> date:
    if by.span == "month":
        return first.replace(day=monthrange(first.year, first.month)[1])
    return date(first.year + 1, 3, 31)


def _refuse(kind: type[Record], by: Sequence[By]) -> None:
    if not 1 <= len(by) <= 2 or len({each.column for each in by}) != len(by):
        raise Refused("A list is grouped by one column, or by two different ones.")
    choices = offered(kind, [field for name in {one.column for one in by} if (field := own_field(name)) is not None])
    for each in by:
        if each not in choices:
            label = listing.column_named(kind, each.column).label
            raise Refused(f"Lists are not grouped by {label}: choose another column.")
