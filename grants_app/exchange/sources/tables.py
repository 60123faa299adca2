"""Finding the tables in a sheet as officers keep them: what is a row of which table, and what is none.

`find` reads a sheet once: its first rows decide where headings stand (headings.py) and how a table lies (layouts.py);
the pass down the sheet finds totals, repeated headings, notes below and further tables.
"""

import enum
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice, pairwise
from typing import Any, NamedTuple

from grants_app import wording
from grants_app.exchange.sources import contents, headings, layouts
from grants_app.exchange.sources.drafts import DITTO, HEAD, Draft, LeftOut, Part
from grants_app.exchange.sources.headings import Headings, Known, Line, filled, letters, title_text
from grants_app.exchange.sources.reading import Merge, Sheet

_LEFT_SHOWN = 10_000

__all__ = ["Found", "Layout", "LeftOut", "Months", "Table", "find"]


class Layout(enum.Enum):
    """How a table lies in its sheet."""

    ROWS = "rows"
    FORM = "form"
    MONTHS = "months"


@dataclass(frozen=True, slots=True)
class Months:
    """How a matrix is turned into rows: the columns that say who, and for each month the columns of its numbers."""

    who: int
    months: tuple[tuple[Any, tuple[int, ...]], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table found in a sheet: its name (the sheet's; with its row or column where a sheet has several), its headings.

    `headers` are the rows that the headings stand in (one, two or three; none for a form or a JSON file); `titles`
    differ from each other, and a blank one is called after its column. `layout`: ROWS, one record a row; FORM, one
    record a column, labels down the side; MONTHS, one record for each month of a row that has a number (no dash),
    its month and its numbers in the next titles. Last come titles from above the headings ("Grant: CVE-0012"), one
    value for all rows.
    `left_out`: totals, repeated headings and the like, each with its reason; `notes`: what else was done. `overlong`
    are the rows of a text file that have more cells than there are headings. `dittos`: a ditto mark is the cell above.
    `context`: the sheet's name and the words above the headings.
    """

    sheet: Sheet
    name: str
    headers: tuple[int, ...]
    titles: tuple[str, ...]
    layout: Layout = Layout.ROWS
    columns: tuple[int, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    notes: tuple[str, ...] = ()
    last: int | None = None
    skipped: frozenset[int] = field(default=frozenset(), repr=False)
    down: tuple[Merge, ...] = ()
    spots: tuple[layouts.Spot, ...] = ()
    records: tuple[int, ...] = ()
    matrix: Months | None = None
    fixed: tuple[layouts.Fixed, ...] = ()
    dittos: bool = False
    overlong: frozenset[int] = field(default=frozenset(), repr=False)
    context: tuple[str, ...] = ()
    unturned: "Table | None" = field(default=None, repr=False, compare=False)
    """Of a matrix, the same with one record a row and each month a column, for records that do not come by month."""

    @property
    def header(self) -> int:
        """The lowest row of the headings; 0 if they have none of their own."""
        return max(self.headers, default=0)

    def rows(self) -> Iterator[tuple[int, list[Any]]]:
        """Each record as a row as long as the titles, with its number in the file: its row; its column for a form."""
        if self.layout is Layout.FORM:
            return self._form_rows()
        rows = self._picked_rows() if self.columns else self._plain_rows()
        if self.skipped or self.last is not None:
            rows = self._kept(rows)
        if self.down:
            rows = _filled_down(rows, self.down, self.columns or range(self._width))
        if self.dittos:
            rows = _without_dittos(rows)
        if self.matrix:
            rows = self._month_rows(rows)
        if not self.fixed:
            return rows
        values = [one.value for one in self.fixed]
        return ((number, [*row, *values]) for number, row in rows)

    def holds(self, number: int) -> bool:
        """Whether a row of the sheet is one that it reads."""
        if self.layout is Layout.FORM:
            return any(spot.row == number for spot in self.spots)
        return self.header < number <= (self.last or number) and number not in self.skipped

    @property
    def _width(self) -> int:
        return len(self.titles) - len(self.fixed)

    def _plain_rows(self) -> Iterator[tuple[int, list[Any]]]:
        width, header = self._width, self.header
        for number, cells in self.sheet.rows():
            if number <= header or not (cells and (cells[0] or any(map(filled, cells)))):
                continue
            row = list(cells)
            yield number, row if len(row) == width else row[:width] + [""] * (width - len(row))

    def _picked_rows(self) -> Iterator[tuple[int, list[Any]]]:
        columns, header = self.columns, self.header
        for number, cells in self.sheet.rows():
            if number <= header:
                continue
            width = len(cells)
            row = [cells[column] if column < width else "" for column in columns]
            if any(map(filled, row)):
                yield number, row

    def _kept(self, rows: Iterator[tuple[int, list[Any]]]) -> Iterator[tuple[int, list[Any]]]:
        for number, row in rows:
            if self.last is not None and number > self.last:
                return
            if number not in self.skipped:
                yield number, row

    def _form_rows(self) -> Iterator[tuple[int, list[Any]]]:
        wanted = {spot.row for spot in self.spots}
        lines = {number: cells for number, cells in self.sheet.rows() if number in wanted}
        for offset in self.records:
            places = [(spot.row, spot.column + offset) for spot in self.spots]
            row = [lines[y][x] if y in lines and x < len(lines[y]) else "" for y, x in places]
            if any(map(filled, row)):
                yield self.sheet.left() + self.spots[0].column + offset, row

    def _month_rows(self, rows: Iterator[tuple[int, list[Any]]]) -> Iterator[tuple[int, list[Any]]]:
        assert self.matrix is not None
        who = self.matrix.who
        for number, row in rows:
            for month, places in self.matrix.months:
                numbers = [row[place] if place >= 0 else "" for place in places]
                if any(map(_counts, numbers)):
                    yield number, [*row[:who], month, *numbers]

    def silent(self) -> tuple[LeftOut, ...]:
        """The rows of a matrix that have no number in any month, so that nothing of them comes in."""
        assert self.matrix is not None
        places = [place for _, of_month in self.matrix.months for place in of_month if place >= 0]
        rows = replace(self, matrix=None, fixed=()).rows()
        why = "it has no number in any month"
        return tuple(LeftOut(number, why) for number, row in rows if not any(_counts(row[place]) for place in places))

    def letter(self, place: int) -> str:
        """The column that a title (from 0) stands in, as Excel calls it; "" where it has no column of its own."""
        if place >= self._width:
            return ""
        if self.layout is Layout.FORM or (self.matrix and place >= self.matrix.who):
            return ""
        return letters(self.sheet.left() + (self.columns[place] if self.columns else place))

    def cell(self, number: int, cells: Sequence[Any], place: int) -> tuple[int, int]:
        """Row and column, from 1, of the cell that `rows()` gave at that place of the row with that number."""
        left = self.sheet.left()
        if place >= self._width:
            one = self.fixed[place - self._width]
            return one.row, left + one.column
        if self.layout is Layout.FORM:
            spot = self.spots[place]
            return spot.row, spot.column + number - self.spots[0].column
        if self.matrix and place >= self.matrix.who:
            places = next((at for month, at in self.matrix.months if month == cells[self.matrix.who]), (0,))
            place = max(places[max(place - self.matrix.who - 1, 0)], 0)
        return number, left + (self.columns[place] if self.columns else place)


def _counts(cell: Any) -> bool:
    """Whether a cell of a matrix says a number, or what is to be mended into one."""
    return filled(cell) and not contents.is_dash(cell)


class Found(NamedTuple):
    """What `find` found in a sheet: its tables from the top, and why the sheet or a part of it holds none."""

    tables: tuple[Table, ...]
    reasons: tuple[str, ...]


def find(sheet: Sheet, *, known: Known = lambda title: False, hidden: bool = False) -> Found:
    """The tables of a sheet. `known` says whether a title is a known one: a strong hint, never a need.

    A hidden sheet, or one marked as notes, has no tables unless `hidden` asks for it. Refused: a damaged file.
    """
    if reason := _set_aside(sheet, hidden=hidden):
        return Found((), (reason,))
    head = list(islice(Part(sheet, 0, None, known).lines(), HEAD))
    if not head:
        return Found((), ("it is empty",))
    if head[0][0] == 0:  # a JSON file: its paths are its headings, and each row is one
        return Found((Table(sheet, sheet.name, (0,), tuple(map(str, head[0][1]))),), ())
    parts = [Part(sheet, first, last, known) for first, last in _side_by_side(head, known)]
    found = [_table(draft) for part in parts for draft in part.drafts()]
    return Found(_named(found), () if found else tuple(part.reason for part in parts))


def _set_aside(sheet: Sheet, *, hidden: bool) -> str:
    """Why a sheet is not looked into; blank if it is."""
    if sheet.note:
        return sheet.note
    if hidden:
        return ""
    if sheet.name.startswith("#"):
        return "its name starts with #, which marks notes"
    if sheet.hidden:
        return "it is hidden: show it in Excel to bring it in"
    return "it describes the file, not what is in it" if wording.folded(sheet.name) == "meta" else ""


def _side_by_side(head: Sequence[Line], known: Known) -> list[tuple[int, int | None]]:
    """First and last column (from 0) of each table that stands beside others; one pair for the whole sheet else."""
    whole: list[tuple[int, int | None]] = [(0, None)]
    used = sorted({column for _, row in head if sum(map(filled, row)) > 1 for column, c in enumerate(row) if filled(c)})
    breaks = [(a, b) for a, b in pairwise(used) if b > a + 1]
    if not breaks or len(breaks) > 10:
        return whole
    edges = [(0, breaks[0][1]), *((a[1], b[1]) for a, b in pairwise(breaks))]  # a note in the gap is of the left one
    pairs: list[tuple[int, int | None]] = [*edges, (breaks[-1][1], None)]
    sides = []
    for first, last in pairs:
        lines = [(n, row[first:last]) for n, row in head if any(map(filled, row[first:last]))]
        found = headings.find(lines, known)
        if not found or len(found.titles) < 2:
            return whole
        sides.append((found, [n for n, row in lines if n > found.rows[-1]]))
    return pairs if all(_apart(one, two) for one, two in pairwise(sides)) else whole


def _apart(one: tuple[Headings, list[int]], two: tuple[Headings, list[int]]) -> bool:
    """Whether two groups of columns are tables of their own: other heading rows, the same titles, or other lengths."""
    if one[0].rows != two[0].rows:
        return True
    titles, others = ({wording.folded(title) for title in side[0].titles} for side in (one, two))
    if 2 * len(titles & others) >= min(len(titles), len(others)):
        return True
    shorter, longer = sorted((one[1], two[1]), key=len)
    return len(shorter) < len(longer) and longer[: len(shorter)] == shorter


def _table(draft: Draft) -> Table:
    """What a draft came to."""
    if draft.form:
        return _form(draft, draft.form)
    sheet, rows = draft.part.sheet, draft.headings.rows
    columns, titles = draft.titled()
    notes = [f"The headings were joined from rows {rows[0]} to {rows[-1]}"] if len(rows) > 1 else []
    upper = [line for line in draft.head if line[0] < rows[0]]
    context = [sheet.name, *(title_text(cell) for _, row in upper for cell in row if filled(cell))]
    table = replace(_in_rows(draft, columns, titles, notes, upper), context=tuple(context))
    matrix = layouts.matrix(draft.headings, draft.head, context, draft.part.known, draft.beside())
    if matrix is None:
        return table
    months, columns = _months(matrix)
    turned = _in_rows(draft, columns, matrix.titles, [*notes, *matrix.notes], upper, months)
    left_out = (*turned.left_out, *turned.silent())[:_LEFT_SHOWN]
    return replace(turned, unturned=table, context=table.context, left_out=left_out)


def _in_rows(
    draft: Draft,
    columns: Sequence[int],
    titles: Sequence[str],
    said: Sequence[str],
    upper: Sequence[Line],
    months: Months | None = None,
) -> Table:
    """The table of these columns under these titles; `upper` are the lines above its headings."""
    sheet, part, skipped = draft.part.sheet, draft.part, draft.skipped
    rows, notes = draft.headings.rows, [*said, *draft.unheaded()]
    placed = tuple(part.first + column for column in columns)
    named = placed[: months.who] if months else placed
    down = tuple(m for m in sheet.merged() if m.bottom > m.top > rows[-1] and m.left - 1 in named)
    filled_down = [titles[placed.index(column)] for column in sorted({m.left - 1 for m in down})]
    fixed = tuple(one._replace(column=part.first + one.column) for one in layouts.above(upper, part.known, titles))
    notes += [f"Merged cells of “{title}” were filled down (an amount once only)" for title in filled_down]
    notes += [f"“{one.title}” from row {one.row}, above the headings, was given to every row" for one in fixed]
    notes += [f"Ditto marks, first in row {draft.ditto:,}, were read as the cell above"] if draft.ditto else []
    return Table(
        sheet,
        sheet.name,
        rows,
        headings.different([*titles, *(one.title for one in fixed)]),
        Layout.MONTHS if months else Layout.ROWS,
        () if part.last is None and not months and placed == tuple(range(len(placed))) else placed,
        tuple(LeftOut(row, skipped[row]) for row in islice(skipped, _LEFT_SHOWN)),
        tuple(notes),
        draft.last,
        frozenset(skipped),
        down,
        matrix=months,
        fixed=fixed,
        dittos=bool(draft.ditto),
        overlong=frozenset(draft.overlong),
    )


def _form(draft: Draft, form: layouts.Form) -> Table:
    sheet = draft.part.sheet
    spots = tuple(layouts.Spot(row, draft.part.first + column) for row, column in form.spots)
    others = tuple(LeftOut(row, "cells beside the form are not read") for row in form.others)
    return Table(sheet, sheet.name, (), form.titles, Layout.FORM, (), others, spots=spots, records=form.records)


def _months(matrix: layouts.Matrix) -> tuple[Months, tuple[int, ...]]:
    """How rows are turned into months, by places, and the columns that those places are."""
    columns = (*matrix.who, *(c for _, columns in matrix.months for c in columns if c >= 0))
    at = {column: place for place, column in enumerate(columns)} | {-1: -1}
    months = tuple((month, tuple(at[column] for column in columns)) for month, columns in matrix.months)
    return Months(len(matrix.who), months), columns


def _named(tables: Sequence[Table]) -> tuple[Table, ...]:
    """The tables, each with a name of its own: where a sheet has several, with its column or its row."""
    if len(tables) < 2:
        return tuple(tables)
    beside = len({table.columns[:1] for table in tables}) > 1
    below = len({table.columns[:1] for table in tables}) < len(tables) or not beside
    found = []
    for table in tables:
        row = table.headers[0] if table.headers else table.spots[0].row
        where = [f"column {table.letter(0)}"] * beside + [f"row {row}"] * below
        found.append(replace(table, name=f"{table.name}, {', '.join(where)}"))
    return tuple(found)


def _filled_down(
    rows: Iterator[tuple[int, list[Any]]], merges: Sequence[Merge], columns: Sequence[int]
) -> Iterator[tuple[int, list[Any]]]:
    """The rows with each merged cell's text in every row that it covers; an amount stands once, not to count twice."""
    waiting = deque(sorted(merges))
    open_: list[tuple[int, int, Any]] = []
    for number, row in rows:
        while waiting and waiting[0].top <= number:
            merge = waiting.popleft()
            place = columns.index(merge.left - 1)
            if merge.top == number and (isinstance(row[place], str | date)):
                open_.append((merge.bottom, place, row[place]))
        open_ = [one for one in open_ if one[0] >= number]
        for _, place, value in open_:
            row[place] = value
        yield number, row


def _without_dittos(rows: Iterator[tuple[int, list[Any]]]) -> Iterator[tuple[int, list[Any]]]:
    """The rows with what stands above in place of each ditto mark."""
    above: list[Any] = []
    for number, row in rows:
        for place, cell in enumerate(row):
            if cell.__class__ is str and len(cell) < 10 and above and DITTO.fullmatch(cell.strip()):
                row[place] = above[place]
        yield number, row
        above = list(row)
