"""Where a table's headings stand and what they say: under titles and notes, in one to three lines, merged or not."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from grants_app import wording
from grants_app.exchange.sources.reading import Merge

Known = Callable[[str], bool]
Line = tuple[int, Sequence[Any]]
"""A row of a sheet with its number; cells from the region's left edge."""

HEADER_WITHIN = 40
_BELOW = 12
_FAR = 1.5  # what a row must be better by, to be taken before the rows above it that have rows of their own
_LONGEST_TITLE = 200
_NUMBER = re.compile(r"[(£€$+−-]*\s*[\d,. \u00a0]*\d[\d,. \u00a0]*[%)kKmM-]*")
_DATE_LIKE = re.compile(
    r"\d{1,4}[/.-]\d{1,2}[/.-]\d{2,4}([ T][\d:.]+)?|(\w{3,9},? )?\d{1,2}(st|nd|rd|th)? \w{3,9},? \d{2,4}", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Headings:
    """Headings that were found: their rows, and each column (from 0) that has one, with it."""

    rows: tuple[int, ...]
    columns: tuple[int, ...]
    titles: tuple[str, ...]
    score: float
    known: int


def filled(cell: Any) -> bool:
    """Whether a cell holds more than space."""
    return cell is not None and cell != "" and not (isinstance(cell, str) and cell.isspace())


def make_up(cell: Any) -> str:
    """What a cell is made of: "t" text, "n" number, "d" date or time, "" blank; text that reads so counts as such."""
    if isinstance(cell, str):
        text = cell.strip()
        if not text:
            return ""
        if _NUMBER.fullmatch(text):
            return "n"
        return "d" if len(text) < 32 and _DATE_LIKE.fullmatch(text) else "t"
    if cell is None:
        return ""
    return "d" if isinstance(cell, date | time | timedelta) else "n"


def can_be_title(cell: Any) -> bool:
    """Whether a cell may head a column: text, a month or a day, a year; no amount, no long text."""
    if isinstance(cell, str):
        text = cell.strip()
        return len(text) <= _LONGEST_TITLE and (make_up(text) != "n" or _is_year(text))
    if isinstance(cell, date):
        return True
    return isinstance(cell, int | float | Decimal) and not isinstance(cell, bool) and _is_year(f"{cell:g}")


def _is_year(text: str) -> bool:
    return bool(re.fullmatch(r"(19|20)\d\d", text))


def title_text(cell: Any) -> str:
    """A heading as one line of text; a day as ISO."""
    if isinstance(cell, datetime | date):
        return f"{cell:%Y-%m-%d}"
    if isinstance(cell, float) and cell.is_integer():
        return f"{cell:.0f}"
    return "" if cell is None else wording.tidy(str(cell))


def find(lines: Sequence[Line], known: Known, merges: Sequence[Merge] = ()) -> Headings | None:
    """The headings among the first rows: the row that most known titles, or the rows below, speak for; None: none."""
    best: tuple[float, int, int] | None = None
    for place in range(min(len(lines), HEADER_WITHIN)):
        found = _score(lines, place, known)
        if found and (best is None or found[0] > best[0] + (_FAR if place > best[2] + 2 else 0)):
            best = (found[0], found[1], place)
            if _sure(lines, place, found[1]):
                break
    if best is None:
        return None
    score, count, place = best
    upper, lower = _lines_of(lines, place, merges)
    block = lines[upper : lower + 1]
    titles = _joined(block, merges)
    columns = [column for column, title in enumerate(titles) if title]
    return Headings(tuple(n for n, _ in block), tuple(columns), tuple(titles[c] for c in columns), score, count)


def _sure(lines: Sequence[Line], place: int, count: int) -> bool:
    """Whether a row must be the headings of what is next: half its titles are known, and they reach as far as it."""
    width = sum(map(filled, lines[place][1]))
    return count >= 2 and 2 * count >= width >= 0.6 * max(sum(map(filled, row)) for _, row in lines[place : place + 5])


def _score(lines: Sequence[Line], place: int, known: Known) -> tuple[float, int] | None:
    """How well a row would do as headings, and how many of its titles are known; None if it cannot be any."""
    cells = lines[place][1]
    columns = [column for column, cell in enumerate(cells) if filled(cell)]
    if not columns or not all(can_be_title(cells[column]) for column in columns):
        return None
    texts = [title_text(cells[column]) for column in columns]
    labels = sum(text.endswith(":") for text in texts)
    if len(texts) > labels >= 0.5 * len(texts):  # labels with their values beside them
        return None
    count = sum(map(known, texts))
    if len(columns) < 2 and not (count and max(len(row) for _, row in lines) == 1):
        return None
    if len(set(texts)) < 0.6 * len(texts) and not count:
        return None
    below = lines[place + 1 : place + 1 + _BELOW]
    if not below:
        return (10.0 * count, count) if count >= 2 else None
    width = max(sum(map(filled, row)) for _, row in below)
    wide = min(len(columns) / max(width, 1), 1.0)
    if wide < 0.5 and count < 2:
        return None
    return 10.0 * (count if count >= 2 else 0) + count + 4 * _unlike(columns, below) + 3 * wide - 0.15 * place, count


def _unlike(columns: Sequence[int], below: Sequence[Line]) -> float:
    """The share of the columns that hold numbers or dates below their heading."""
    unlike = 0
    for column in columns:
        kinds = [make_up(row[column]) for _, row in below if column < len(row)]
        found = [kind for kind in kinds if kind]
        unlike += bool(found) and sum(kind != "t" for kind in found) >= 0.6 * len(found)
    return unlike / len(columns)


def _lines_of(lines: Sequence[Line], place: int, merges: Sequence[Merge]) -> tuple[int, int]:
    """The first and last line of the headings, three at most, of which this is one."""
    upper = lower = place
    while upper > 0 and lower - upper < 2 and _groups(lines, upper - 1, upper, merges):
        upper -= 1
    while lower + 1 < len(lines) and lower - upper < 2 and _groups(lines, lower, lower + 1, merges):
        lower += 1
    return upper, lower


def _groups(lines: Sequence[Line], upper: int, lower: int, merges: Sequence[Merge]) -> bool:
    """Whether the upper line groups the titles of the lower one: by its merged cells, or by the blanks in both."""
    (top, above), (bottom, under) = lines[upper], lines[lower]
    if bottom != top + 1 or not all(can_be_title(cell) for row in (above, under) for cell in row if filled(cell)):
        return False
    over = {column for column, cell in enumerate(above) if filled(cell)}
    texts = {column for column, cell in enumerate(under) if filled(cell)}
    if not texts or not over:
        return False
    spans = [m for m in merges if m.top <= top <= m.bottom < bottom and m.right > m.left]
    if spans:
        within = {column for m in spans for column in range(m.left - 1, m.right)}
        banner = len(over) == 1 and texts <= within
        return bool(texts & within) and not banner
    if merges or len(over) < 2 or len(over) >= len(texts | over):
        return False
    blanks = {column for column in texts if column not in over and column > min(over)}
    names = [title_text(under[column]) for column in sorted(texts)]
    alone = over - texts
    return bool(blanks) and (len(set(names)) < len(names) or bool(alone)) and _numeric_below(lines, lower, texts)


def _numeric_below(lines: Sequence[Line], lower: int, columns: set[int]) -> bool:
    below = lines[lower + 1 : lower + 4]
    return any(make_up(row[column]) in {"n", "d"} for _, row in below for column in columns if column < len(row))


def _joined(block: Sequence[Line], merges: Sequence[Merge]) -> list[str]:
    """The titles of each column from all lines: "2026 Q1 / Attended"; an upper one holds as far as it is merged."""
    width = max(len(row) for _, row in block)
    parts: list[list[str]] = [[] for _ in range(width)]
    lowest = block[-1][0]
    for number, row in block:
        texts = [title_text(cell) for cell in row] + [""] * (width - len(row))
        if number != lowest:
            _spread(texts, number, block, merges)
        for column, text in enumerate(texts):
            if text and text not in parts[column]:
                parts[column].append(text)
    return [" / ".join(part) for part in parts]


def _spread(texts: list[str], number: int, block: Sequence[Line], merges: Sequence[Merge]) -> None:
    """Write an upper title over every column that it is merged over; without merges, up to the next one."""
    if merges:
        for m in merges:
            if m.top <= number <= m.bottom and m.left <= len(texts):
                text = texts[m.left - 1]
                texts[m.left - 1 : m.right] = [text] * (min(m.right, len(texts)) - m.left + 1)
        return
    under = block[-1][1]
    last = ""
    for column, text in enumerate(texts):
        last = text or (last if column < len(under) and filled(under[column]) else "")
        texts[column] = last


def different(titles: Sequence[str]) -> tuple[str, ...]:
    """The titles, each different: the second Date is "Date (2)"."""
    taken: set[str] = set()
    found = []
    for title in titles:
        name, number = title, 1
        while name in taken:
            number += 1
            name = f"{title} ({number})"
        taken.add(name)
        found.append(name)
    return tuple(found)


def letters(number: int) -> str:
    """A column's letters, A for 1; "" for 0."""
    found = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        found = chr(65 + rest) + found
    return found
