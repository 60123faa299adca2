"""Finding the tables in a sheet as officers keep them: where the headings stand, and which rows are not rows."""

import enum
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from grants_app.exchange.reading import Sheet

_HEADER_WITHIN = 40
Known = Callable[[str], bool]


class Layout(enum.Enum):
    """How a table lies in its sheet."""

    ROWS = "rows"
    FORM = "form"
    MONTHS = "months"


class LeftOut(NamedTuple):
    """A row of the sheet that is no row of the table, and why, in words that follow "row 12: "."""

    row: int
    why: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table found in a sheet: its name (the sheet's, or with its rows where a sheet has several) and its headings.

    `headers` are the rows that the headings stand in (one, two or three; none for a form or a JSON file); `titles`
    differ from each other, and a blank one is called after its column. `layout`: ROWS, one record a row; FORM, one
    record a column, labels down the side; MONTHS, one record for each filled month of a row, its month and its
    numbers in the last titles. `left_out`: totals, repeated headings and the like, each with its reason.
    """

    sheet: Sheet
    name: str
    headers: tuple[int, ...]
    titles: tuple[str, ...]
    layout: Layout = Layout.ROWS
    left: int = 1
    left_out: tuple[LeftOut, ...] = ()
    last: int | None = None
    _skip: frozenset[int] = field(default=frozenset(), repr=False)

    @property
    def header(self) -> int:
        """The lowest row of the headings; 0 if they have none of their own."""
        return max(self.headers, default=0)

    def rows(self) -> Iterator[tuple[int, list[Any]]]:
        """Each record as a row as long as the titles, with its number in the file: its row; its column for a form."""
        width, header = len(self.titles), self.header
        for number, cells in self.sheet.rows():
            if number <= header or not (cells and (cells[0] or any(map(filled, cells)))):
                continue
            row = list(cells)
            yield number, row if len(row) == width else row[:width] + [""] * (width - len(row))

    def letter(self, place: int) -> str:
        """The column that a title (from 0) stands in, as Excel calls it; "" where it has no column of its own."""
        return letters(self.left + place)

    def cell(self, number: int, cells: Sequence[Any], place: int) -> tuple[int, int]:
        """Row and column, from 1, of the cell that `rows()` gave at that place of the row with that number."""
        return number, self.left + place


class Found(NamedTuple):
    """What `find` found in a sheet: its tables from the top, and why the sheet or a part of it holds none."""

    tables: tuple[Table, ...]
    reasons: tuple[str, ...]


def find(sheet: Sheet, *, known: Known = lambda title: False, hidden: bool = False) -> Found:
    """The tables of a sheet. `known` says whether a title is a known one: a strong hint, never a need.

    A hidden sheet, or one marked as notes, has no tables unless `hidden` asks for it. Refused: a damaged file.
    """
    if sheet.name.startswith("#") and not hidden:
        return Found((), ("its name starts with #, which marks notes",))
    if sheet.hidden and not hidden:
        return Found((), ("it is hidden: show it in Excel to bring it in",))
    best: tuple[int, int, Sequence[Any]] | None = None
    for seen, (number, cells) in enumerate(sheet.rows()):
        if seen >= _HEADER_WITHIN:
            break
        texts = [cell for cell in cells if isinstance(cell, str) and not cell.isspace() and cell]
        score = 100 * sum(map(known, texts)) + len(texts)
        if len(texts) >= 2 and (best is None or score > best[0]):
            best = (score, number, cells)
    if best is None:
        return Found((), ("no row near its top has column titles",))
    return Found((Table(sheet, sheet.name, (best[1],), titles_of(best[2])),), ())


def titles_of(cells: Sequence[Any]) -> tuple[str, ...]:
    """The headings as text, each different; a blank one is called after its column, so that nothing below is lost."""
    texts = [str(cell).strip() if cell is not None else "" for cell in cells]
    while texts and not texts[-1]:
        texts.pop()
    return tuple(text or f"Column {letters(place)}" for place, text in enumerate(texts, 1))


def filled(cell: Any) -> bool:
    """Whether a cell holds more than space."""
    return cell is not None and cell != "" and not (isinstance(cell, str) and cell.isspace())


def letters(number: int) -> str:
    """A column's letters, A for 1; "" for 0."""
    found = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        found = chr(65 + rest) + found
    return found
