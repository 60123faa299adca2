"""An officer's own template: rows go in under its headings, and everything else of it stays as it was.

openpyxl would lose charts, pictures and more: the package itself is edited, and only where it must be.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from grants_app import wording
from grants_app.errors import Refused
from grants_app.exchange import exporting
from grants_app.exchange.filling import links
from grants_app.exchange.filling.formulas import number_of
from grants_app.exchange.filling.parts import Block, Book, Grid, ending, opened
from grants_app.exchange.giving.standard import path_of
from grants_app.exchange.shapes import Column
from grants_app.store import Store
from grants_app.store.listing import Listing

_HEADINGS_WITHIN = 200
_TOTAL = re.compile(r"(grand |sub-?)?totals?\b", re.IGNORECASE)
_ADDS = re.compile(
    r"(?:SUM|SUBTOTAL|AGGREGATE|AVERAGE|COUNTA?|MIN|MAX)\((?:\d+,)*\$?([A-Z]+)\$?(\d+):\$?([A-Z]+)\$?(\d+)"
)


@dataclass(frozen=True, slots=True)
class Offer:
    """A column that rows can fill, and the names that a heading may have for it."""

    column: Column
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fit:
    """Where rows go in a template: the sheet, its row of headings, and which column takes which offer.

    `places` pairs a column's number (A is 1) with an offer's place; `unknown` are headings that nothing offered has,
    `formulas` those whose cells hold a formula, which stays. `first` to `last` are the rows that stand under the
    headings now, `records` of them filled in; `last` is before `first` where there is none.
    """

    template: Path
    sheet: str
    header: int
    places: tuple[tuple[int, int], ...]
    titles: Mapping[int, str]
    unknown: tuple[str, ...]
    formulas: tuple[str, ...]
    first: int
    last: int
    records: int

    @property
    def ending(self) -> str:
        """How the filled copy's name ends: .xlsx, or .xlsm for a template with macros."""
        return ending(self.template)

    @property
    def words(self) -> tuple[str, ...]:
        """What will be done, in sentences."""
        filled, other = [self.titles[column] for column, _ in self.places], [f"“{title}”" for title in self.unknown]
        said = [f"Sheet “{self.sheet}”, headings in row {self.header}: fills in {wording.listed(filled)}."]
        if self.formulas:
            said.append(f"Keeps the formulas under {wording.listed(self.formulas)}.")
        if other:
            said.append(f"Leaves {wording.listed(other)} as {'they are' if len(other) > 1 else 'it is'}.")
        if self.records:
            said.append(f"What stands there now ({wording.counted(self.records, 'row')}) is taken out of the copy.")
        return tuple(said)


def fit(template: Path, offers: Sequence[Offer]) -> Fit:
    """Find the headings of a template, the row that holds the most names of what is offered, two at least.

    Refused: what is no workbook of Excel's, one without such headings, one with a merged block where rows are to go.
    """
    with opened(template) as book:
        known = {_folded(name): place for place, offer in reversed(list(enumerate(offers))) for name in _names(offer)}
        texts = book.texts()
        best: tuple[int, bool, str, Grid, int] | None = None
        for name, part, visible in book.sheets():
            grid = Grid(book.xml(part), texts)
            row, score = _headings(grid, known)
            if score >= 2 and (best is None or (visible, score) > (best[1], best[0])):
                best = score, visible, name, grid, row
        if best is None:
            some = wording.listed([f"“{offer.column.label}”" for offer in offers[:3]], "or")
            raise Refused(
                f"No row of “{template.name}” has two headings that Grants Desk knows. Give its columns headings such "
                f"as {some}, save it, and try again."
            )
        return _fitted(book, best[2], best[3], best[4], known)


def offers_of(store: Store, shown: Listing) -> tuple[tuple[str, ...], list[Offer]]:
    """What a list offers to a template: all that its kind of record has, by name; what is shown comes first."""
    with store.reading() as session:
        found = exporting.offers(session, shown)
    return tuple(name for name, _, _ in found), [Offer(column, names) for _, column, names in found]


def _fitted(book: Book, name: str, grid: Grid, row: int, known: Mapping[str, int]) -> Fit:
    """What is found about the sheet whose headings stand in this row."""
    grid.share_nothing()
    merged = grid.merged()
    titles = {column: title for column, title in _titles(grid, row, merged).items() if title}
    places = _places(titles, known)
    left, right = min(titles), max(titles)
    bottom = max([row, *(b.bottom for b in _across(merged, row) if b.left <= right and b.right >= left)])
    first = bottom + 1
    last = links.last_of_table(book, next(p for n, p, _ in book.sheets() if n == name), row, left, right)
    if last is None:
        last = _last(grid, first, titles)
    for block in merged:
        if block.left <= right and block.right >= left and block.bottom >= first and block.top <= max(first, last):
            raise Refused(
                f"On the sheet “{name}” of “{book.path.name}”, {block.words} is one merged cell where rows are to go. "
                "Unmerge it, save the template, and try again."
            )
    formulas = [column for column in titles if first <= last and grid.formula(first, column)]
    filled = tuple((column, place) for column, place in places.items() if column not in formulas)
    if not filled:
        raise Refused(f"All known columns of the sheet “{name}” hold formulas: there is nothing to fill in.")
    unknown = tuple(title for column, title in titles.items() if column not in places and column not in formulas)
    standing = (number for number in grid.rows if first <= number <= last)
    records = sum(any(grid.constant(number, column) for column, _ in filled) for number in standing)
    kept = tuple(titles[column] for column in formulas)
    return Fit(book.path, name, row, filled, titles, unknown, kept, first, last, records)


def _last(grid: Grid, first: int, titles: Mapping[int, str]) -> int:
    """The last row under the headings that rows go into: as far as a total adds up, or as rows look alike."""
    for number in sorted(grid.cells):
        if number <= first - 1:
            continue
        for column in titles:
            for found in _ADDS.finditer(grid.formula(number, column).upper()):
                start, end = int(found[2]), int(found[4])
                if (
                    number_of(found[1]) <= column <= number_of(found[3])
                    and first - 1 <= start <= first + 1
                    and end < number
                ):
                    return max(end, first - 1)
        if any(_TOTAL.match(grid.text(number, column).strip()) for column in titles) and number == first:
            return first - 1
    styles = [grid.style(first, column) for column in titles]
    formulas = any(grid.formula(first, column) for column in titles)
    last = first
    while last + 1 in grid.cells:
        filled = sum(grid.constant(last + 1, column) for column in titles)
        total = any(_TOTAL.match(grid.text(last + 1, column).strip()) for column in titles)
        alike = (any(styles) or formulas) and [grid.style(last + 1, column) for column in titles] == styles
        if total or not (filled >= min(2, len(titles)) or (alike and not filled)):
            break
        last += 1
    return last


def _headings(grid: Grid, known: Mapping[str, int]) -> tuple[int, int]:
    """The row with the most headings that are known, the first of them, and how many."""
    merged, best = grid.merged(), (0, 0)
    for number in list(grid.cells)[:_HEADINGS_WITHIN]:
        score = len(_places(_titles(grid, number, merged), known))
        if score > best[1]:
            best = number, score
    return best


def _across(merged: Sequence[Block], row: int) -> Iterator[Block]:
    return (block for block in merged if block.top <= row <= block.bottom)


def _titles(grid: Grid, row: int, merged: Sequence[Block]) -> dict[int, str]:
    """The headings in a row, by column; one merged with cells above is read from there."""
    said = {column: " ".join(grid.text(row, column).split()) for column in grid.cells.get(row, {})}
    for block in _across(merged, row):
        if block.top < row and not said.get(block.left):
            said[block.left] = " ".join(grid.text(block.top, block.left).split())
    return {column: said[column] for column in sorted(said)}


def _places(titles: Mapping[int, str], known: Mapping[str, int]) -> dict[int, int]:
    """Which column takes which offer; each offer goes to one column, the first."""
    found: dict[int, int] = {}
    for column, title in titles.items():
        place = known.get(_folded(title), known.get(_bare(title)))
        if place is not None and place not in found.values():
            found[column] = place
    return found


def _names(offer: Offer) -> Iterator[str]:
    return (name for name in (offer.column.label, *offer.names) if _folded(name))


def _folded(title: str) -> str:
    return path_of(title) or wording.folded(title)


def _bare(title: str) -> str:
    """A heading without what stands in brackets: “Awarded (£)” is Awarded."""
    return _folded(re.sub(r"\([^)]*\)|\[[^\]]*\]", "", title))
