"""What a workbook is made of, as plain data: columns, sheets and charts; CSV and the clipboard use the same columns."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from grants_app.records.fields import Kind

Progress = Callable[[int, int | None], None]
"""As the store's, but of None while it is not known of how many; may raise Cancelled."""
NUMERIC = {Kind.MONEY, Kind.WHOLE, Kind.NUMBER}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading, what it holds (None: each cell by its own type) and how it looks.

    `width` is in characters and else found from the rows; `help` is for the Read me sheet; `choices` make a drop-down
    list; `total` adds the column up in the totals row (None: money only); `unit` "%" shows 61 as 61%. A `hidden` column
    is for this app alone: what it wrote it knows again by it.
    """

    label: str
    kind: Kind | None = Kind.TEXT
    width: float | None = None
    help: str = ""
    choices: tuple[str, ...] = ()
    wrap: bool = False
    total: bool | None = None
    unit: str = ""
    hidden: bool = False

    @property
    def totalled(self) -> bool:
        """Whether a totals row adds it up."""
        return self.kind is Kind.MONEY if self.total is None else self.total and self.kind in NUMERIC


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula of ours as a cell's value, with what it comes to now; never made of what somebody typed."""

    words: str
    value: Decimal | int


@dataclass(frozen=True, slots=True)
class Chart:
    """A native chart: each series has a name and a number for each category; None is a gap, not a nought.

    `unit` is "£", "%" or nothing; `summary` is the sentence that a screen reader says.
    """

    title: str
    categories: tuple[str, ...]
    series: tuple[tuple[str, tuple[Decimal | float | int | None, ...]], ...]
    kind: Literal["bar", "column", "line"] = "column"
    unit: str = ""
    summary: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: lines of title and notes, then a table of rows, then charts to its right.

    `rows` may be any iterable, each row as long as `columns`; it is read once and never held. `count` is how many are
    expected, for progress. `table` names the Excel table (the sheet's name if blank). A `bare` sheet has its rows
    alone: no headings, and no table.
    """

    name: str
    columns: tuple[Column, ...] = ()
    rows: Iterable[Sequence[object]] = ()
    title: str = ""
    notes: tuple[str, ...] = ()
    table: str = ""
    totals: bool = False
    charts: tuple[Chart, ...] = ()
    count: int = 0
    bare: bool = False
