"""How far a table of a template reaches: its headings, the rows that are its records, and what adds them up."""

import re
from collections.abc import Iterable, Iterator, Mapping

from grants_app.errors import Refused
from grants_app.exchange.filling.formulas import areas_read, number_of
from grants_app.exchange.filling.parts import Grid

_MOST_HINTS = 2
_TOTAL = re.compile(r"(?:grand |over-?all )?(?:sub-?)?totals?\b", re.IGNORECASE)
_SUB_TOTAL = re.compile(r"sub-?totals?\b", re.IGNORECASE)
_FUNCTIONS = "SUM|SUBTOTAL|AGGREGATE|AVERAGE|COUNTA?|MIN|MAX"
_ADDING = re.compile(rf"\b(?:{_FUNCTIONS})\(", re.IGNORECASE)
_ADDS = re.compile(rf"(?:{_FUNCTIONS})\((?:\d+,)*\$?([A-Z]+)\$?(\d+):\$?([A-Z]+)\$?(\d+)")
_SIGNED = re.compile(
    r"(?:prepared|completed|compiled|checked|reviewed|signed|countersigned|approved|authori[sz]ed|certified|submitted)"
    r"(?: off)? by\b|sign(?:ed|ature)\b|notes?\s*:|[^:]{1,30}:\s*$",
    re.IGNORECASE,
)


def runs(grid: Grid, titles: Mapping[int, str], first: int, covered: Iterable[int] = ()) -> Iterator[dict[int, str]]:
    """The headings of a row table by table, parted by columns that have neither heading nor anything in row `first`.

    `covered`: columns that a merged heading reaches over.
    """
    taken = {*covered, *(column for column in grid.cells.get(first, {}) if _says(grid, first, column))}
    found: list[int] = []
    for column in sorted(column for column, title in titles.items() if title):
        if found and not all(between in taken for between in range(found[-1] + 1, column)):
            yield {one: titles[one] for one in found}
            found = []
        found.append(column)
    if found:
        yield {one: titles[one] for one in found}


def records_of(grid: Grid, first: int, titles: Mapping[int, str], sheet: str) -> tuple[int, int]:
    """The first and the last row under the headings that rows go into: what a total adds up, or rows that look alike.

    Where the total starts below a row of hints, so do they. Refused: several parts, each with a sub-total of its own.
    """
    for number in sorted(number for number in grid.cells if number >= first):
        for column, start, end in _added(grid, number, titles):
            if first - 1 <= start <= first + _MOST_HINTS and end < number:
                hints = range(first, start)
                begin = first if any(_counts(grid, row, column) for row in hints) else max(start, first)
                _refuse_parts(grid, number, column, titles, sheet, band=begin > first)
                return begin, max(end, begin - 1)
        if number == first and _label(grid, number, titles):
            return first, first - 1
    return first, _last_alike(grid, first, titles)


def not_added(grid: Grid, first: int, last: int, titles: Mapping[int, str], sheet: str) -> tuple[str, ...]:
    """The rows that look like totals of the records and do not follow them: typed, or adding cells one by one."""
    found: list[str] = []
    for number in sorted(grid.cells):
        if first <= number <= last or first > last:
            continue
        label = _label(grid, number, titles) if number > last else ""
        cells = [column for column in titles if _says(grid, number, column)]
        typed = bool(label) and any(_counts(grid, number, column, formulas=False) for column in cells)
        stuck = [c for c in cells if _stuck(grid.formula(number, c), first, last, titles, sheet, labelled=bool(label))]
        if typed or stuck:
            found.append(f"Row {number}{f' “{label}”' if label else ''}")
        if label:
            break
    return tuple(found)


def split_beside(grid: Grid, last: int, titles: Mapping[int, str]) -> bool:
    """Whether cells beside the table stand together above and below its last row, and would be parted by new rows."""

    def beside(number: int) -> set[int]:
        left, right = min(titles), max(titles)
        return {c for c in grid.cells.get(number, {}) if not left <= c <= right and _says(grid, number, c)}

    return bool(beside(last) & beside(last + 1))


def _last_alike(grid: Grid, first: int, titles: Mapping[int, str]) -> int:
    styles = [grid.style(first, column) for column in titles]
    formulas = any(grid.formula(first, column) for column in titles)
    last = first
    while last + 1 in grid.cells:
        filled = sum(grid.constant(last + 1, column) for column in titles)
        alike = (any(styles) or formulas) and [grid.style(last + 1, column) for column in titles] == styles
        ended = bool(_label(grid, last + 1, titles)) or _signs(grid, last + 1, titles)
        if ended or not (filled >= min(2, len(titles)) or (alike and not filled)):
            break
        last += 1
    return last


def _signs(grid: Grid, number: int, titles: Mapping[int, str]) -> bool:
    """Whether a row is where somebody signs, or a note, rather than a record."""
    said = [grid.text(number, column).strip() for column in titles]
    named = next((text for text in said if text), "")
    return bool(_SIGNED.match(named)) and not any(_counts(grid, number, column) for column in titles)


def _refuse_parts(grid: Grid, total: int, column: int, titles: Mapping[int, str], sheet: str, *, band: bool) -> None:
    """Refuse a table in parts, quarters say, each with its own sub-total."""
    if not band and not _SUB_TOTAL.match(_label(grid, total, titles)):
        return
    for number in sorted(number for number in grid.cells if number > total):
        for _, start, end in _added(grid, number, {column: ""}):
            if total < start <= end < number and not _headed(grid, total, start, titles):
                raise Refused(
                    f"On the sheet “{sheet}”, rows {total} and {number} each add up rows of their own: which rows "
                    "belong where is not to be known. Leave one such part under the headings, save the template, and "
                    "try again."
                )


def _headed(grid: Grid, total: int, start: int, titles: Mapping[int, str]) -> bool:
    """Whether a row between has headings, so that what follows is another table."""
    between = range(total + 1, start)
    return any(sum(grid.constant(row, column) for column in titles) >= 2 for row in between)


def _added(grid: Grid, number: int, titles: Iterable[int]) -> Iterator[tuple[int, int, int]]:
    """The columns that cells of a row add up, each with the first and the last row that it adds."""
    for column in titles:
        for found in _ADDS.finditer(grid.formula(number, column).upper()):
            if number_of(found[1]) <= column <= number_of(found[3]):
                yield column, int(found[2]), int(found[4])


def _stuck(words: str, first: int, last: int, titles: Mapping[int, str], sheet: str, *, labelled: bool) -> bool:
    """Whether a formula reads some of the records, and would not read those that come."""
    if not words:
        return False
    read = [
        (top, low)
        for left, top, right, low in areas_read(words, sheet)
        if top <= last and low >= first and left <= max(titles) and right >= min(titles)
    ]
    ranges, adds = any(top < low for top, low in read), bool(_ADDING.search(words))
    if first == last:
        return labelled and bool(read) and not ranges and not adds
    if any(top <= first and low >= last for top, low in read):
        return False
    cells = {top for top, low in read if top == low}
    return (ranges and adds) or len(cells) >= 2 or (labelled and bool(cells))


def _label(grid: Grid, number: int, titles: Iterable[int]) -> str:
    """What a row of totals is called; blank for any other row."""
    said = (" ".join(grid.text(number, column).split()) for column in titles)
    return next((text for text in said if _TOTAL.match(text)), "")


def _says(grid: Grid, number: int, column: int) -> bool:
    return grid.constant(number, column) or bool(grid.formula(number, column))


def _counts(grid: Grid, number: int, column: int, *, formulas: bool = True) -> bool:
    """Whether a cell holds a number, or a formula."""
    cell = grid.cells.get(number, {}).get(column)
    if cell is None or not _says(grid, number, column):
        return False
    return formulas if grid.formula(number, column) else cell.get("t", "n") == "n"
