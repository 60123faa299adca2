"""The way down a sheet, once: where each table ends, and which of its lines are totals, repeated headings or notes."""

import re
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

from grants_app.exchange.sources import headings, layouts, totals
from grants_app.exchange.sources.headings import Headings, Known, Line, filled, letters, make_up, title_text
from grants_app.exchange.sources.reading import Flaw, Sheet

HEAD = 120
"""How many lines, blank ones not counted, are looked at together for headings."""

_LOOK = 12
_MOST_TABLES = 50
DITTO = re.compile(r"[\"“”″〃]|\'\'|ditto\.?|- ?do\.? ?-|do\.", re.IGNORECASE)
"""What officers write for the cell above."""
_STARTS = {
    form(word)
    for word in ("to", "gr", "su", "ov", "al", "av", "di", "do")
    for form in (str.lower, str.upper, str.title)
}
_STARTS |= {*'"“”″〃', "''", "-d", "- ", "-D"}
_SUM = re.compile(r"=(?:SUM\(|SUBTOTAL\(\d+,|AGGREGATE\(\d+,\d+,)([A-Z]+)(\d+):([A-Z]+)(\d+)\)", re.IGNORECASE)
_NOTE = re.compile(r"(\*|†|notes?\b|source\b|n\.?b\b).*|.{30,}|.*[a-z]\.", re.IGNORECASE | re.DOTALL)


class LeftOut(NamedTuple):
    """A row of the sheet that is no row of the table, and why: "it is a total"."""

    row: int
    why: str


class Part:
    """The columns of a sheet (from 0) that hold tables, one below the other; all of them where `last` is None."""

    def __init__(self, sheet: Sheet, first: int, last: int | None, known: Known) -> None:
        self.sheet, self.first, self.last, self.known = sheet, first, last, known
        self.merges = [m._replace(left=m.left - first, right=m.right - first) for m in sheet.merged()]
        self.reason = ""
        self._rest = self.lines()
        self._ahead: deque[Line] = deque()

    def lines(self) -> Iterator[Line]:
        """The rows that are not blank between these columns."""
        whole = self.first == 0 and self.last is None
        for number, cells in self.sheet.rows():
            row = cells if whole else cells[self.first : self.last]
            if row and (row[0] or any(map(filled, row))):
                yield number, row

    def drafts(self) -> Iterator["Draft"]:
        """Each table that has rows, from the top; afterwards `reason` says why there is none."""
        for place in range(_MOST_TABLES):
            self._refill(HEAD)
            head = list(self._ahead)
            found = headings.find(head, self.known, self.merges)
            form = layouts.form(head, self.known, found) if len(head) < HEAD and not place else None
            if form or not found:
                self.reason = "" if form else _no_headings(head)
                if form:
                    yield Draft(self, found, head, form)
                return
            draft = Draft(self, found, head)
            while self._ahead and self._ahead[0][0] <= found.rows[-1]:
                self._ahead.popleft()
            self._down(draft)
            self.reason = "" if draft.count else "it has headings and no rows"
            if draft.count:
                yield draft
            if not self._ahead:
                return

    def _refill(self, wanted: int) -> None:
        if len(self._ahead) < wanted:
            self._ahead.extend(islice(self._rest, wanted))

    def _under_headings(self, draft: "Draft", before: int) -> int:
        """Pass over an example, the columns' numbers or units right under the headings; gives the last row so far."""
        self._refill(_LOOK)
        while self._ahead and self._ahead[0][0] == before + 1:
            number, row = self._ahead[0]
            why = totals.about_the_columns(row, draft.headings.columns)
            if not why:
                break
            draft.skipped[number] = why
            self._ahead.popleft()
            before = number
        return before

    def _is_title(self, cell: Any, row: Sequence[Any]) -> bool:
        """Whether a row begins with a known title, and is all text as headings are."""
        if cell.__class__ is not str or len(cell) > 60 or any(map(str.isdigit, cell)):
            return False
        return all(one.__class__ is str for one in row) and self.known(title_text(cell))

    def _down(self, draft: "Draft") -> None:
        """Follow a table to its end: the end of the sheet, or the headings of the next."""
        before, lead, odd, ahead = draft.headings.rows[-1], draft.lead, draft.starts, self._ahead
        second, of_numbers = draft.second, draft.of_numbers
        before = self._under_headings(draft, before)
        while True:
            self._refill(_LOOK)
            if not ahead:
                break
            number, row = line = ahead.popleft()
            gap, width = number > before + 1, len(row)
            cell = row[lead] if lead < width else ""
            number_or = row[of_numbers] if of_numbers < width else ""
            wordy = not number_or or (number_or.__class__ is str and number_or[:1].isalpha())
            if (gap or (wordy and self._is_title(cell, row))) and draft.ends_before(line, ahead, gap=gap):
                ahead.appendleft(line)
                draft.last = before
                break
            bare = second >= width or not row[second]  # as a subtotal has no organisation
            worded = cell.__class__ is str and (cell[:2] in odd or (bare and totals.may_label(cell.strip())))
            if gap or draft.tail or not cell or worded or number in draft.bands:
                draft.weigh(number, row, gap=gap)
            else:
                draft.count += 1
            if (draft.untitled or len(row) > draft.edge) and number not in draft.skipped:
                draft.watch(number, row)
            before = number
        draft.end()


class Draft:
    """A table on the way down: its headings, how many rows it has so far, and what is none of them."""

    def __init__(self, part: Part, found: Headings | None, head: list[Line], form: layouts.Form | None = None) -> None:
        self.part, self.form, self.head = part, form, head
        self.headings = found or Headings((), (), (), 0.0, 0)
        self.count = 0
        self.last: int | None = None
        self.skipped: dict[int, str] = {}
        self.tail: list[int] = []
        columns, rows = self.headings.columns, self.headings.rows
        self.sample = [row for number, row in head if rows and number > rows[-1]]
        self.kinds = {column: _kind(self.sample, column) for column in columns}
        self.lead = self._lead()
        self.repeats = [[title_text(row[c]) if c < len(row) else "" for c in columns] for n, row in head if n in rows]
        leads = [title_text(row[self.lead]) for n, row in head if n in rows and self.lead < len(row)]
        self.starts = frozenset(_STARTS | {text[:2] for text in leads})
        self.untitled = set(range(max(columns, default=-1) + 1)) - set(columns)
        self.edge = max(columns, default=-1) + 1
        self.more: dict[int, int] = {}
        """The columns that hold something under no heading, with the row that has it first."""
        self.width = max([self.edge, *(len(row) for number, row in head if number in rows)])
        self.overlong: set[int] = set()
        self.sums = totals.Sums(part.lines, max(rows, default=0), self.skipped)
        self.bands = frozenset(m.top for m in part.merges if m.top == m.bottom and m.right > m.left + 1)
        """The rows with one cell merged over three columns or more."""
        self.second = self._second()
        self.of_numbers = next(
            (c for c, kind in self.kinds.items() if kind in {"n", "d"} and c != self.lead), self.lead
        )
        self.ditto = next((n for n, row in head if rows and n > rows[-1] and any(map(_is_ditto, row))), 0)
        """The first row that has a ditto mark; 0 where none has."""

    def _full(self) -> Iterator[int]:
        """The columns that nearly every row fills."""
        for column in self.headings.columns:
            full = sum(column < len(row) and filled(row[column]) for row in self.sample)
            if full >= max(1, min(0.8 * len(self.sample), len(self.sample) - 1)):  # of few rows, one may be a total
                yield column

    def _lead(self) -> int:
        """The first column that nearly every row fills: rows without it are looked at twice."""
        return next(self._full(), self.headings.columns[0] if self.headings.columns else 0)

    def _second(self) -> int:
        """The column of words or days, beside the lead, that most rows fill; beyond all where there is none."""
        counts = {
            column: sum(column < len(row) and filled(row[column]) for row in self.sample)
            for column, kind in self.kinds.items()
            if kind in {"t", "d"} and column != self.lead
        }
        return max(counts, key=lambda column: counts[column], default=1 << 30)

    def weigh(self, number: int, row: Sequence[Any], *, gap: bool) -> None:
        """Take in a row that may be none: a total, the headings again, a note below the table."""
        if not self.ditto and self.lead < len(row) and _is_ditto(row[self.lead]):
            self.ditto = number
        if why := self._no_row(number, row):
            self.skipped[number] = why
            return
        self.count += 1
        full = [cell for cell in row if filled(cell)]
        alone = len(full) == 1 and len(self.headings.columns) > 2 and isinstance(full[0], str)
        if alone and (gap or self.tail) and _NOTE.fullmatch(full[0].strip()):
            self.tail.append(number)
        else:
            self.tail.clear()

    def watch(self, number: int, row: Sequence[Any]) -> None:
        """Notice what stands under no heading; in text, what a separator too many has pushed beyond the last one."""
        for column in [c for c in self.untitled if c < len(row) and filled(row[c])]:
            self.untitled.discard(column)
            self.more[column] = number
        beyond = row[self.edge :]
        if beyond and beyond.count("") < len(beyond):
            columns = [self.edge + place for place, cell in enumerate(beyond) if filled(cell)]
            if self.part.sheet.ragged and any(column >= self.width for column in columns):
                self.overlong.add(number)
                return
            for column in columns:
                self.more.setdefault(column, number)

    def end(self) -> None:
        """The table is at its end: what was noted alone below it is no row."""
        for number in self.tail:
            self.skipped[number] = "it is a note below the table"
        self.count -= len(self.tail)

    def ends_before(self, line: Line, ahead: Sequence[Line], *, gap: bool) -> bool:
        """Whether another table's headings stand here, under a title of one cell perhaps; known ones without a gap."""
        lines = [line, *islice(ahead, 8)]
        while len(lines) > 1 and sum(map(filled, lines[0][1])) == 1:
            lines.pop(0)
        if len(lines) < 2:
            return False
        row = lines[0][1]
        columns = [column for column, cell in enumerate(row) if filled(cell)]
        texts = [title_text(row[column]) for column in columns]
        if len(columns) < 2 or not all(headings.can_be_title(row[c]) for c in columns) or self._repeats(row):
            return False
        count = sum(map(self.part.known, texts))
        if 2 * count >= len(texts) and count >= 2:
            return True
        if not gap:
            return False
        below = lines[1:6]
        unlike = [c for c in columns if make_up(row[c]) == "t" and _kind([r for _, r in below], c) in {"n", "d"}]
        return bool(unlike) and any(
            self.kinds.get(c, "") in {"n", "d"} or c >= self.edge for c in columns if make_up(row[c]) == "t"
        )

    def _repeats(self, row: Sequence[Any]) -> bool:
        return [title_text(row[c]) if c < len(row) else "" for c in self.headings.columns] in self.repeats

    def _no_row(self, number: int, row: Sequence[Any]) -> str:
        """Why this row is none of the table's; blank if it is one."""
        if self._repeats(row):
            return "it repeats the headings"
        kinds = {column: make_up(cell) for column, cell in enumerate(row) if filled(cell)}
        summed = {column for column in kinds if _sums_above(row[column], number)}
        texts = [str(row[c]).strip() for c, kind in kinds.items() if kind == "t" and not isinstance(row[c], Flaw)]
        numbers = [column for column, kind in kinds.items() if kind == "n" and column not in summed]
        if "d" in kinds.values() or not (texts or numbers or summed):
            return ""
        if not texts:
            unlabelled = not (self.lead < len(row) and filled(row[self.lead]))
            adds_up = unlabelled and (self.sums.match(number, row, numbers, any_group=False) if numbers else True)
            return "its numbers are the sums of the rows above" if adds_up else ""
        if len(kinds) == 1 and len(self.headings.columns) > 1 and totals.is_count(texts[0]):
            return "it counts the rows above"
        if len(kinds) == 1 and number in self.bands:
            return "it is the heading of a group"
        if not totals.is_total(texts[0]) and len(texts) == 1 and numbers and totals.may_label(texts[0]):
            return self.sums.why(number, row, texts[0], numbers)
        if not totals.is_total(texts[0]) or (len(texts) > 1 and not (summed or numbers)):
            return ""
        words = sum(kind in {"t", "d"} for kind in self.kinds.values())
        named = len(texts) == 1 and bool(totals.PLAIN_TOTAL.fullmatch(texts[0]) or (numbers and words > 2))
        sure = named or bool(summed and not numbers)
        return "it is a total" if sure or (numbers and self.sums.match(number, row, numbers, any_group=True)) else ""

    def beside(self) -> dict[int, str]:
        """The columns under no heading, from the left, and what they are called: after their letters."""
        left = self.part.sheet.left() + self.part.first
        return {column: f"Column {letters(left + column)}" for column in sorted(self.more)}

    def unheaded(self) -> list[str]:
        """What is noted of those columns."""
        return [
            f"What stands under no heading, first in row {self.more[column]:,}, is kept under “{title}”"
            for column, title in self.beside().items()
        ]

    def titled(self) -> tuple[tuple[int, ...], tuple[str, ...]]:
        """The columns of the table and their titles; a column under no heading is called after its letter."""
        named = {**self.beside(), **dict(zip(self.headings.columns, self.headings.titles, strict=True))}
        columns = sorted(named)
        return tuple(columns), headings.different([named[column] for column in columns])


def _is_ditto(cell: Any) -> bool:
    return isinstance(cell, str) and bool(DITTO.fullmatch(cell.strip()))


def _sums_above(cell: Any, number: int) -> bool:
    """Whether a cell is a formula without its result that adds up rows above it."""
    found = _SUM.fullmatch(cell.replace("$", "")) if isinstance(cell, Flaw) else None
    return found is not None and found[1] == found[3] and int(found[2]) <= int(found[4]) < number


def _kind(rows: Sequence[Sequence[Any]], column: int) -> str:
    """What a column is mostly made of, as make_up says; blank if it is empty."""
    found = [kind for kind in (make_up(row[column]) for row in rows if column < len(row)) if kind]
    return max(sorted(set(found)), key=found.count) if found else ""


def _no_headings(head: Sequence[Line]) -> str:
    widest = max(sum(map(filled, row)) for _, row in head)
    return "it holds notes, not a table" if widest < 2 else "no row near its top has column titles"
