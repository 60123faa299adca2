"""An officer's own template: rows go in under its headings, and everything else of it stays as it was.

openpyxl would lose charts, pictures and more: the package itself is edited, and only where it must be.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from grants_app import wording
from grants_app.errors import Refused
from grants_app.exchange import exporting
from grants_app.exchange.filling import extent, links
from grants_app.exchange.filling.parts import Block, Book, Grid, ending, opened
from grants_app.exchange.giving.standard import path_of
from grants_app.exchange.imports.vocabulary import stem
from grants_app.exchange.shapes import Column
from grants_app.store import Store
from grants_app.store.listing import Listing

_HEADINGS_WITHIN, _LEFT = 200, -1


@dataclass(frozen=True, slots=True)
class Offer:
    """A column that rows can fill, and the names that a heading may have for it; `others` count where no name fits."""

    column: Column
    names: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fit:
    """Where rows go in a template: the sheet, its row of headings, and which column takes which offer.

    `places` pairs a column's number (A is 1) with an offer's place; `unknown` are headings that nothing offered has,
    `formulas` those whose cells hold a formula, which stays. `first` to `last` are the rows that stand under the
    headings now, `records` of them filled in; `last` is before `first` where there is none. `emptied`: headings that
    nothing fills, where what is told of those records goes too; `hints`: how many rows of hints stand above `first`;
    `odd`: totals that do not follow, in words; `parted`: whether new rows part cells beside; `offered`: the labels of
    what is offered, by place.
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
    emptied: tuple[str, ...] = ()
    hints: int = 0
    odd: tuple[str, ...] = ()
    parted: bool = False
    offered: tuple[str, ...] = ()

    @property
    def filled(self) -> tuple[tuple[str, str], ...]:
        """Each heading whose column may be filled in, and the label of what fills it; blank where nothing does."""
        there = {column: self.offered[place] for column, place in self.places}
        titles = ((column, title) for column, title in self.titles.items() if title not in self.formulas)
        return tuple((title, there.get(column, "")) for column, title in titles)

    @property
    def ending(self) -> str:
        """How the filled copy's name ends: .xlsx, or .xlsm for a template with macros."""
        return ending(self.template)

    @property
    def words(self) -> tuple[str, ...]:
        """What will be done, in sentences."""
        filled = [self.titles[column] for column, _ in self.places]
        other, emptied = ([f"“{title}”" for title in some] for some in (self.unknown, self.emptied))
        said = [f"Sheet “{self.sheet}”, headings in row {self.header}: fills in {wording.listed(filled)}."]
        if self.formulas:
            said.append(f"Keeps the formulas under {wording.listed(self.formulas)}.")
        if other:
            said.append(f"Leaves {wording.listed(other)} as {'they are' if len(other) > 1 else 'it is'}.")
        if self.hints:
            said.append(
                f"Keeps {wording.counted(self.hints, 'row')} under the headings, and begins in row {self.first}."
            )
        if self.parted:
            said.append(f"What stands beside below row {self.last} moves down where rows are put in.")
        said += [f"{row} does not add up all rows: look at it in the copy." for row in self.odd]
        if emptied:
            said.append(f"Empties {wording.listed(emptied)} in the rows that stand there now.")
        if self.records:
            said.append(f"What stands there now ({wording.counted(self.records, 'row')}) is taken out of the copy.")
        return tuple(said)


def fit(template: Path, offers: Sequence[Offer], sent: Mapping[str, str] = MappingProxyType({})) -> Fit:
    """Find the headings of a template, the row that holds the most names of what is offered, two at least.

    `sent`: by folded heading, the label of what an officer said that it takes; blank to leave the column as it is.
    Refused: what is no workbook of Excel's, one without such headings, one with a merged block where rows are to go.
    """
    with opened(template) as book:
        known = _known(offers, sent)
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
        found = _fitted(book, best[2], best[3], best[4], known)
        return replace(found, offered=tuple(str(offer.column.label) for offer in offers))


def offers_of(store: Store, shown: Listing) -> tuple[tuple[str, ...], list[Offer]]:
    """What a list offers to a template: all that its kind of record has, by name; what is shown comes first."""
    with store.reading() as session:
        found = exporting.offers(session, shown)
    return tuple(name for name, *_ in found), [Offer(column, names, more) for _, column, names, more in found]


def _fitted(book: Book, name: str, grid: Grid, row: int, known: "_Known") -> Fit:
    """What is found about the sheet whose headings stand in this row."""
    grid.share_nothing()
    merged = grid.merged()
    every = {column: title for column, title in _titles(grid, row, merged).items() if title}
    titles = _table(grid, row, every, merged, known)
    places = _places(titles, known)
    left, right = min(titles), max(titles)
    bottom = max([row, *(b.bottom for b in _across(merged, row) if b.left <= right and b.right >= left)])
    first = bottom + 1
    last = links.last_of_table(book, next(p for n, p, _ in book.sheets() if n == name), row, left, right)
    hints = first
    if last is None:
        first, last = extent.records_of(grid, first, titles, name)
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
    standing = [number for number in grid.rows if first <= number <= last]
    held = [number for number in standing if any(grid.constant(number, column) for column, _ in filled)]
    others = [column for column in titles if column not in places and column not in formulas]
    goes = [column for column in others if any(grid.constant(number, column) for number in held)]
    stays = (column for column in every if column not in titles or (column in others and column not in goes))
    unknown, emptied, kept = (tuple(every[column] for column in some) for some in (stays, goes, formulas))
    return Fit(
        book.path, name, row, filled, titles, unknown, kept, first, last, len(held), emptied, first - hints,
        extent.not_added(grid, first, last, titles, name), extent.split_beside(grid, last, titles),
    )  # fmt: skip


def _table(grid: Grid, row: int, titles: Mapping[int, str], merged: Sequence[Block], known: "_Known") -> dict[int, str]:
    """The headings of one table of a row: the one with the most that are known; all, where none has two."""
    blocks = [block for block in _across(merged, row) if block.left in titles]
    first = max([row, *(block.bottom for block in blocks)]) + 1
    covered = {column for block in blocks for column in range(block.left, block.right + 1)}
    best = max(extent.runs(grid, titles, first, covered), key=lambda one: len(_places(one, known)), default={})
    return best if len(_places(best, known)) >= 2 else dict(titles)


def _headings(grid: Grid, known: "_Known") -> tuple[int, int]:
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


def _places(titles: Mapping[int, str], known: "_Known") -> dict[int, int]:
    """Which column takes which offer; each offer goes to one column, the first of those that fit it best."""
    found: dict[int, int] = {}
    for tier, (fold, names) in enumerate(known):
        for column, title in titles.items():
            place = names.get(fold(title), names.get(fold(_bare(title))) if tier else None)  # what was sent: it alone
            if place is not None and column not in found and (place == _LEFT or place not in found.values()):
                found[column] = place
    return {column: place for column, place in sorted(found.items()) if place != _LEFT}


_Known = Sequence[tuple[Callable[[str], str], Mapping[str, int]]]


def _known(offers: Sequence[Offer], sent: Mapping[str, str]) -> _Known:
    """The places of what is offered by the names that a heading may have, those that fit best first."""
    labels = {str(offer.column.label): place for place, offer in reversed(list(enumerate(offers)))}
    said = {heading: labels.get(label) if label else _LEFT for heading, label in sent.items() if heading}

    def by(fold: Callable[[str], str], names: Callable[[Offer], Iterable[str]]) -> dict[str, int]:
        every = reversed(list(enumerate(offers)))
        return {fold(name): place for place, offer in every for name in names(offer) if fold(name)}

    return (
        (wording.folded, {heading: place for heading, place in said.items() if place is not None}),
        (_folded, by(_folded, lambda offer: (offer.column.label,))),
        (_folded, by(_folded, lambda offer: offer.names)),
        (stem, by(stem, lambda offer: (offer.column.label, *offer.names))),
        (stem, by(stem, lambda offer: offer.others)),
    )


def _folded(title: str) -> str:
    return path_of(title) or wording.folded(title)


def _bare(title: str) -> str:
    """A heading without what stands in brackets: “Awarded (£)” is Awarded."""
    return re.sub(r"\([^)]*\)|\[[^\]]*\]", "", title)
