"""Tables that do not lie in rows: forms with their labels down the side, and matrices with a column for each month."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from types import MappingProxyType
from typing import Any, NamedTuple

from grants_app import wording
from grants_app.exchange.sources.contents import is_dash
from grants_app.exchange.sources.headings import Headings, Known, Line, different, filled, make_up, title_text

_FEWEST_LABELS = 3
_FEWEST_MONTHS = 3
_LONGEST_LABEL = 200
_BESIDE = {"notes", "note", "guidance", "comment", "comments", "help", "hint"}
_HEADS = {"question", "field", "item", "label", "detail", "details"}
_TOTALS = {"total", "totals", "sum", "yeartotal", "annualtotal", "grandtotal"}
_FINANCIAL = re.compile(r"\b(20\d\d)\s?[/–-]\s?(\d\d|20\d\d)\b")
_SHORT = re.compile(r"(?<![\d/.-])([12]\d)\s?[/–-]?\s?([12]\d)(?![\d/.-])")  # 2324, 23/24
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_MONTH = re.compile(r"([a-z]{3,9})\.?[ \-/']*((?:20)?\d\d)?", re.IGNORECASE)
_MONTH_NUMBER = re.compile(r"(20\d\d)-(\d\d)|(\d\d)[/-](20\d\d)")


class Spot(NamedTuple):
    """Where a form holds the value of one title for its first record: row, from 1, and column, from 0."""

    row: int
    column: int


@dataclass(frozen=True, slots=True)
class Form:
    """A form: its titles, where each has its value, the records side by side (0 for the first), what was not read."""

    titles: tuple[str, ...]
    spots: tuple[Spot, ...]
    records: tuple[int, ...]
    others: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """A matrix: the columns that say who, each month with the columns of its numbers, and the titles of the rows."""

    who: tuple[int, ...]
    months: tuple[tuple[date | str, tuple[int, ...]], ...]
    titles: tuple[str, ...]
    notes: tuple[str, ...]


# Forms


def form(lines: Sequence[Line], known: Known, best: Headings | None) -> Form | None:
    """The form in these lines, all that the sheet has; None where headings over columns explain them better."""
    across = best.known if best else 0
    if beside := _side_by_side(lines, known, across):
        return beside
    for column in range(3):
        labels = _labels(lines, column, known)
        pairs = [one for one in labels if one[2]]
        count = sum(known(label) for _, label, _ in pairs)
        if len(pairs) < _FEWEST_LABELS or len({label for _, label, _ in pairs}) < len(pairs):
            continue
        asked = sum(title_text(row[column]).endswith((":", "?")) for n, row in lines if any(n == p[0] for p in pairs))
        sure = count >= _FEWEST_LABELS and count > across
        if not sure and best and sum(map(bool, map(_month_title, best.titles))) >= _FEWEST_MONTHS:
            continue  # months over numbers, under the names of those who are counted
        if sure or (across < 2 and (asked >= 0.6 * len(pairs) or _lies_across(lines, pairs, column))):
            return _form(lines, labels, column)
    return None


def _side_by_side(lines: Sequence[Line], known: Known, across: int) -> Form | None:
    """The form whose labels stand in several columns, each with its value right of it; None where it is none."""
    width = max((len(row) for _, row in lines), default=0)
    columns, count = [], 0
    for column in range(width):
        cells = [title_text(row[column]).rstrip(": ") for _, row in lines if column < len(row) and filled(row[column])]
        labels = [text for text in cells if known(text)]
        if len(labels) > 1 and len(set(labels)) == len(labels) >= 0.6 * len(cells):
            columns.append(column)
            count += len(labels)
    apart = all(b > a + 1 for a, b in pairwise(columns))
    if len(columns) < 2 or not apart or columns[-1] + 1 >= width or count < 2 * _FEWEST_LABELS - 1 or count <= across:
        return None
    titles, spots, others = [], [], []
    for number, row in lines:
        read = set()
        for column, until in pairwise([*columns, width]):
            if column < len(row) and isinstance(row[column], str) and filled(row[column]):
                beside = [c for c in range(column + 1, min(until, len(row))) if filled(row[c])]
                titles.append(title_text(row[column]).rstrip(": "))
                spots.append(Spot(number, beside[0] if beside else column + 1))
                read |= {column, spots[-1].column}
        if read and any(filled(cell) and column not in read for column, cell in enumerate(row)):
            others.append(number)
    return Form(different(titles), tuple(spots), (0,), tuple(others))


def _labels(lines: Sequence[Line], column: int, known: Known) -> list[tuple[int, str, bool]]:
    """Rows with a label, the label, and whether a value stands beside it; a label alone must look like a question."""
    found = []
    for number, row in lines:
        cell = row[column] if column < len(row) else ""
        if (
            not isinstance(cell, str)
            or not filled(cell)
            or len(cell) > _LONGEST_LABEL
            or any(map(filled, row[:column]))
        ):
            continue
        text = title_text(cell)
        label = text.rstrip(": ")
        beside = any(map(filled, row[column + 1 :]))
        if (beside or text.endswith((":", "?")) or known(label)) and wording.folded(label) not in _HEADS:
            found.append((number, label, beside))
    return found


def _lies_across(lines: Sequence[Line], pairs: Sequence[tuple[int, str, bool]], column: int) -> bool:
    """Whether each row is of one make and the columns are not: what a table has the other way about."""
    wanted = {number for number, _, _ in pairs}
    rows = [[make_up(cell) for cell in row[column + 1 :]] for number, row in lines if number in wanted]
    if max(sum(map(bool, row)) for row in rows) < 2:
        return False
    kinds = [{kind for kind in row if kind} for row in rows]
    columns = [{row[c] for row in rows if c < len(row) and row[c]} for c in range(max(map(len, rows)))]
    even = all(len(kind) == 1 for kind in kinds)
    return even and len(set().union(*kinds)) > 1 and all(len(kind) != 1 for kind in columns)


def _form(lines: Sequence[Line], labels: Sequence[tuple[int, str, bool]], column: int) -> Form | None:
    rows = dict(lines)
    answers = [[c for c in range(column + 1, len(rows[n])) if filled(rows[n][c])] for n, _, beside in labels if beside]
    first = min(cells[0] for cells in answers)
    heads = {c: wording.folded(title_text(cell)) for _, row in lines[:2] for c, cell in enumerate(row) if filled(cell)}
    often = {c: sum(c in cells for cells in answers) for cells in answers for c in cells}
    columns = sorted(c for c, n in often.items() if n >= 0.3 * len(answers) and heads.get(c) not in _BESIDE)
    if not columns:
        return None
    first = columns[0]
    titles, spots, used = [], [], set()
    following = {number: lines[place + 1][0] for place, (number, _) in enumerate(lines[:-1])}
    labelled = {number for number, _, _ in labels}
    for number, label, beside in labels:
        spot = Spot(number, first)
        below = following.get(number)
        if not beside and below is not None and below not in labelled and _is_alone(rows[below], column):
            spot = Spot(below, column)
        titles.append(label)
        spots.append(spot)
        used |= {number, spot.row}
    records = tuple(c - first for c in columns)
    others = tuple(
        n
        for n, row in lines
        if any(filled(row[c]) and c not in columns for c in range(column + 1, len(row)) if n in used)
    )
    return Form(different(titles), tuple(spots), records, others)


def _is_alone(row: Sequence[Any], column: int) -> bool:
    return [c for c, cell in enumerate(row) if filled(cell)] == [column]


# What stands above a table for all of it


class Fixed(NamedTuple):
    """A value above a table that holds for each of its rows: its title, the value, its row and its column (from 0)."""

    title: str
    value: Any
    row: int
    column: int


def above(lines: Sequence[Line], known: Known, titles: Sequence[str]) -> tuple[Fixed, ...]:
    """The known titles with a value beside them in the lines above a table that has no column for them."""
    taken = {wording.folded(title) for title in titles}
    found: dict[str, Fixed] = {}
    for number, row in lines:
        cells = [(column, cell) for column, cell in enumerate(row) if filled(cell)]
        for (_, label), (column, value) in pairwise(cells):
            title = title_text(label).rstrip(": ")
            alone = len(cells) == 2 or title_text(label).endswith(":")
            if alone and isinstance(label, str) and known(title) and wording.folded(title) not in taken:
                found.setdefault(title, Fixed(title, value, number, column))
    return tuple(found.values())


# Months


def matrix(
    found: Headings,
    lines: Sequence[Line],
    context: Sequence[str],
    known: Known,
    beside: Mapping[int, str] = MappingProxyType({}),
) -> Matrix | None:
    """The matrix under these headings, if three titles or more are months or days over numbers; else None.

    `context`: the sheet's name and the lines above, which may name the year and what is counted. `beside`: columns
    that have no heading, with what they are called.
    """
    said = {column: _month_title(title) for column, title in zip(found.columns, found.titles, strict=True)}
    months = {column: parts for column, parts in said.items() if parts}
    names = dict(zip(found.columns, found.titles, strict=True))
    who = tuple(c for c in found.columns if c not in months and wording.folded(names[c]) not in _TOTALS)
    if len(months) < _FEWEST_MONTHS or not who or not _of_numbers(lines, found, months):
        return None
    dated, notes = _dated(months, context)
    measures = list(dict.fromkeys(measure for _, measure in months.values()))
    by_month: dict[tuple[date | str, int], list[int]] = {}
    again = Counter[tuple[date | str, str]]()
    for column, (_, measure) in months.items():
        which = dated[column], again[dated[column], measure]  # a month that stands twice is two rows
        by_month.setdefault(which, [-1] * len(measures))[measures.index(measure)] = column
        again[dated[column], measure] += 1
    totals = [names[c] for c in found.columns if c not in months and c not in who]
    notes += [f"The column “{name}” adds up the months: it is left out" for name in totals]
    titles = [measure or _counted(context, known) for measure in measures]
    who, names = (*who, *beside), {**names, **beside}
    when = "Date" if known("Date") and not known("Month") else "Month"
    rows = tuple((month, tuple(columns)) for (month, _), columns in by_month.items())
    return Matrix(who, rows, different([*(names[c] for c in who), when, *titles]), tuple(notes))


def _month_title(title: str) -> tuple[tuple[int | None, int, int], str] | None:
    """Year (if it is said), month and day of a title that is one, and what else the title says."""
    parts = title.split(" / ")
    years = [int(part) for part in parts if re.fullmatch(r"20\d\d", part)]
    rest = [part for part in parts if not re.fullmatch(r"20\d\d", part)]
    found = [(part, _month(part)) for part in rest]
    months = [month for _, month in found if month]
    if len(months) != 1:
        return None
    year, month, day = months[0]
    return (year or (years[0] if years else None), month, day), " / ".join(part for part, month in found if not month)


def _month(text: str) -> tuple[int | None, int, int] | None:
    if named := _MONTH.fullmatch(text):
        word = named[1].casefold()
        for number, month in enumerate(wording.MONTHS, 1):
            if month.casefold() == word or month[:3].casefold() == word or (word == "sept" and number == 9):
                year = int(named[2]) if named[2] else None
                return (year + 2000 if year is not None and year < 100 else year), number, 1
        return None
    if numbered := _MONTH_NUMBER.fullmatch(text):
        first, second = (numbered[1], numbered[2]) if numbered[1] else (numbered[4], numbered[3])
        return (int(first), int(second), 1) if 1 <= int(second) <= 12 else None
    try:
        day = wording.read_date(text) if text[:1].isdigit() or text[-2:].isdigit() else None
    except ValueError:
        return None
    return (day.year, day.month, day.day) if day else None


def _of_numbers(lines: Sequence[Line], found: Headings, months: dict[int, Any]) -> bool:
    """Whether what stands under the months is numbers; a dash or n/a says no more than a blank."""
    kinds = [
        make_up(row[column])
        for number, row in lines
        if number > found.rows[-1]
        for column in months
        if column < len(row) and not is_dash(row[column])
    ]
    full = [kind for kind in kinds if kind]
    return bool(full) and full.count("n") >= 0.8 * len(full)


def _dated(months: dict[int, Any], context: Sequence[str]) -> tuple[dict[int, date | str], list[str]]:
    """Each column's first day; where no year is said anywhere, the month's name alone, and a note."""
    year = _year(context)
    dated: dict[int, date | str] = {}
    notes = []
    before: tuple[int, int] | None = None
    ends_next_year = any(_FINANCIAL.search(text) or (year and _short(text) == year) for text in context)
    for column, ((said, month, day), _) in months.items():
        of = said
        if said is None and year is not None:
            last_year, last_month = before or (year + (ends_next_year and month < 4), month)
            backwards = (last_month - month) % 12 == 1  # the newest month first
            of = last_year - (month == 12) if backwards else last_year + (month < last_month)
        dated[column] = date(of, month, day) if of else wording.MONTHS[month - 1]
        before = (of, month) if of else before
    if any(isinstance(day, str) for day in dated.values()):
        notes.append("The months name no year: write it beside one of them, or in the line above, as 2026/27")
    elif any(parts[0] is None for parts, _ in months.values()):
        notes.append(f"The months were read as {_spoken(dated.values())}")
    return dated, notes


def _spoken(days: Any) -> str:
    found = [day for day in days if isinstance(day, date)]
    return f"{wording.month_text(min(found))} to {wording.month_text(max(found))}"


def _year(context: Sequence[str]) -> int | None:
    for pattern in (_FINANCIAL, _YEAR):
        for text in reversed(context):
            if said := pattern.search(text):
                return int(said[1])
    return next(filter(None, map(_short, reversed(context))), None)


def _short(text: str) -> int | None:
    """The first of two years that a text names by two figures each, as "Sessions 2324" does."""
    pairs = ((int(one), int(two)) for one, two in _SHORT.findall(text))
    return next((2000 + one for one, two in pairs if two == one + 1), None)


def _counted(context: Sequence[str], known: Known) -> str:
    """What the numbers count: a known word of the lines above or the sheet's name, else "Number"."""
    for text in reversed(context):
        bare = _SHORT.sub(" ", _YEAR.sub(" ", _FINANCIAL.sub(" ", text)))
        for part in [text, *re.split(r"[:;,()–-]| by | of ", bare)]:
            word = wording.tidy(part)
            if word and known(word):
                return word
    return "Number"
