"""Rows that are no records: totals, subtotals, counts and averages of the others; examples of how to fill them in."""

import re
from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from grants_app.exchange.sources.headings import Line, filled, make_up

_MOST_MARKS = 200
_TOTAL = re.compile(r"(grand |sub-?|sub |overall )?totals?( |:|$).*|sums?:?", re.IGNORECASE)
PLAIN_TOTAL = re.compile(r"(grand |sub-?|sub |overall )?totals?:?|sums?:?", re.IGNORECASE)
_SUMMED = re.compile(r".* (sub-?)?totals?:?|overall:?|all|\d[\d,]* \w+", re.IGNORECASE)
_AVERAGE = re.compile(r"(average|mean)\b.*", re.IGNORECASE)
_FIGURE = re.compile(r"(average|mean|median|number of|no\.? of|count|minimum|maximum|min|max)\b.*", re.IGNORECASE)
_COUNTED = re.compile(r"(total|number|no\.?|count|average|mean)\b.{0,60}: ?£?\d[\d,.]*%?", re.IGNORECASE)
_EXAMPLE = re.compile(r"e\.g\..*|eg[.:] .*|(an )?examples?( (row|entry|only))?[:.]?", re.IGNORECASE | re.DOTALL)
_UNIT = re.compile(r"£('?000s?|k|m)?|[dmy]{1,4}[/. -][dmy]{1,4}[/. -][dmy]{2,4}|y ?/ ?n|yes ?/ ?no|%", re.IGNORECASE)
_NOT_DIGITS = re.compile(r"[^\d.()−-]")
Sum = Mapping[int, Decimal]


def may_label(text: str) -> bool:
    """Whether a row that begins so, and has nothing where others have a word, may be a figure about them."""
    return bool(_SUMMED.fullmatch(text) or _FIGURE.fullmatch(text))


def is_count(text: str) -> bool:
    """Whether a text that stands alone on a row counts the others: "Total organisations: 4"."""
    return bool(_COUNTED.fullmatch(text))


def is_total(text: str) -> bool:
    """Whether a label begins as that of a total does; one of a single word is no name of anything."""
    return bool(_TOTAL.fullmatch(text))


def about_the_columns(row: Sequence[Any], columns: Sequence[int]) -> str:
    """Why a row straight under headings is no record: an example, the columns' numbers, units; blank if it may be."""
    cells = [row[column] for column in columns if column < len(row) and filled(row[column])]
    if cells and isinstance(cells[0], str) and _EXAMPLE.fullmatch(cells[0].strip()):
        return "it is an example of how to fill the table in"
    texts = [f"{cell:g}" if isinstance(cell, float | int) else str(cell).strip(" ()") for cell in cells]
    if len(cells) == len(columns) > 2 and texts == [str(place) for place in range(1, len(columns) + 1)]:
        return "it numbers the columns"
    if cells and all(isinstance(cell, str) and _UNIT.fullmatch(cell.strip()) for cell in cells):
        return "it says how the columns are filled in"
    return ""


class Sums:
    """The sums of the numbers of a table down to one of its rows, in one pass however often they are asked for."""

    def __init__(self, lines: Callable[[], Iterator[Line]], after: int, skipped: Collection[int]) -> None:
        """`lines` gives the rows anew; those up to `after` are headings, and `skipped`, which grows, are none."""
        self._lines, self._after, self._skipped = lines, after, skipped
        self._columns: set[int] = set()
        self._begin()

    def _begin(self) -> None:
        self._rest = self._lines()
        self._next = next(self._rest, None)
        self._whole = dict.fromkeys(self._columns, Decimal(0))
        self._marks: deque[Sum] = deque(maxlen=_MOST_MARKS)
        self._counts = dict.fromkeys(self._columns, 0)

    def _advance(self, upto: int, columns: Collection[int]) -> None:
        if not self._columns.issuperset(columns):
            self._columns.update(columns)
            self._begin()
        while self._next is not None and self._next[0] < upto:
            number, cells = self._next
            if number in self._skipped:
                self._marks.append(dict(self._whole))
            elif number > self._after:
                for column in self._columns:
                    if column < len(cells) and filled(cells[column]):
                        self._whole[column] += _amount(cells[column])
                        self._counts[column] += 1
            self._next = next(self._rest, None)

    def match(self, upto: int, row: Sequence[Any], columns: Sequence[int], *, any_group: bool) -> bool:
        """Whether each of these numbers of a row is the sum of those above it, or of those since the last total.

        `any_group`: or since any total before, as that of a group of groups is.
        """
        self._advance(upto, columns)
        marks = [*self._marks] if any_group else [*self._marks][-1:]
        given = {column: _amount(row[column]) for column in columns}
        zero: Sum = dict.fromkeys(columns, Decimal(0))
        return any(given.values()) and any(
            all(abs(given[c] - self._whole[c] + mark[c]) < Decimal("0.01") for c in columns) for mark in (zero, *marks)
        )

    def average(self, upto: int, row: Sequence[Any], columns: Sequence[int]) -> bool:
        """Whether each of these numbers is the mean of those above it, rounded as it may be."""
        self._advance(upto, columns)
        return all(
            self._counts[c] and abs(_amount(row[c]) - self._whole[c] / self._counts[c]) <= Decimal("0.5")
            for c in columns
        )

    def why(self, upto: int, row: Sequence[Any], label: str, numbers: Sequence[int]) -> str:
        """Why a row is no record whose only text is this label beside these numbers; blank if it may be one."""
        before = self._skipped.get(upto - 1, "") if isinstance(self._skipped, Mapping) else ""
        if _AVERAGE.fullmatch(label) and self.average(upto, row, numbers):
            return "it is an average of the rows above"
        if _FIGURE.fullmatch(label) and before.startswith(
            ("it is a total", "it is an average", "it counts", "its num")
        ):
            return "it is a figure below the total"
        return "it is a total" if _SUMMED.fullmatch(label) and self.match(upto, row, numbers, any_group=True) else ""


def _amount(cell: Any) -> Decimal:
    """A cell's number, near enough to compare sums; 0 for what is none."""
    if isinstance(cell, str) and make_up(cell) == "n":
        bare = _NOT_DIGITS.sub("", cell).replace("−", "-")
        bare = f"-{bare.strip('()')}" if bare.startswith("(") else bare
        return Decimal(bare) if re.fullmatch(r"-?\d+(\.\d+)?", bare) else Decimal(0)
    return Decimal(str(cell)) if isinstance(cell, int | float | Decimal) and -1e18 < cell < 1e18 else Decimal(0)
