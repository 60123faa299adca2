"""Filling an officer's own template: rows stream in under its headings, everything else is copied as it was."""

import copy
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, Any
from xml.sax.saxutils import escape

from lxml import etree
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format

from grants_app.errors import Refused
from grants_app.exchange import cells, files
from grants_app.exchange.cells import Styles
from grants_app.exchange.filling import links
from grants_app.exchange.filling.formulas import LAST_ROW, Pieces, Shift, at_row, letters_of, pieces
from grants_app.exchange.filling.parts import Book, Element, Grid, as_bytes, each, opened, whole
from grants_app.exchange.filling.templates import Fit, Offer, offers_of
from grants_app.exchange.shapes import Progress
from grants_app.records.fields import Kind
from grants_app.store import Store
from grants_app.store.driver import no_progress
from grants_app.store.listing import Listing

_BATCH = 1000
_HERE = "rows-go-here"
_SPACES = re.compile(r' xmlns(?::\w+)?="[^"]*"')
_KEPT_OF_ROW = ("ht", "customHeight", "s", "customFormat", "outlineLevel")
_FORMATS = {
    Kind.MONEY: "£#,##0.00", Kind.DATE: "dd/mm/yyyy", Kind.INSTANT: "dd/mm/yyyy hh:mm", Kind.TIME: "hh:mm",
    Kind.WHOLE: "#,##0", Kind.NUMBER: "#,##0.######",
}  # fmt: skip
_WIDTHS: Mapping[Kind | None, int] = {
    Kind.MONEY: 14,
    Kind.DATE: 12,
    Kind.INSTANT: 17,
}  # what such a column needs, or it shows ###
_DATED = {Kind.DATE, Kind.INSTANT, Kind.TIME}


def fill(found: Fit, offers: Sequence[Offer], rows: Iterable[Sequence[object]], count: int, target: Path,
         progress: Progress = no_progress) -> int:  # fmt: skip
    """Write a copy of the template with these rows in it, whole or not at all; returns how many it got.

    Each row holds a value for each of `found.places`, in that order; `count` says how many come. Refused: what
    files.replacing refuses, the template itself as target, and more rows than a sheet holds.
    """
    if target.exists() and target.samefile(found.template):
        raise Refused("That is the template itself: save the filled copy under another name.")
    with opened(found.template) as book, files.replacing(target) as file:
        return _Filling(book, found, offers, count, progress).write(file, rows)


def fill_listing(store: Store, shown: Listing, found: Fit, target: Path, progress: Progress = no_progress) -> int:
    """Write a copy of a template with the rows of a list in it, as filtered and sorted; returns how many."""
    names, offered = offers_of(store, shown)
    chosen = shown.showing(columns=tuple(names[place] for _, place in found.places))
    with store.reading() as session:
        rows = (row[1:] for page in chosen.pages(session) for row in page)
        return fill(found, offered, rows, chosen.count(session), target, progress)


class _Filling:
    """One template on its way to a filled copy."""

    def __init__(self, book: Book, found: Fit, offers: Sequence[Offer], count: int, progress: Progress) -> None:
        self.book, self.found, self.count, self.progress = book, found, count, progress
        self.part = next(part for name, part, _ in book.sheets() if name == found.sheet)
        self.grid, looks = Grid(book.xml(self.part), book.texts()), Looks(book)
        self.left, self.right = min(found.titles), max(found.titles)
        self.tabled = links.last_of_table(book, self.part, found.header, self.left, self.right) is not None
        added = max(0, count - (found.last - found.first + 1))
        self.shift = Shift(found.sheet, found.first, found.last, added, self.left, self.right)
        if max([found.last, *self.grid.rows]) + added > LAST_ROW:
            raise Refused(f"{count:,} rows do not fit on a sheet of Excel, which ends at row {LAST_ROW:,}.")
        self.columns = {column: offers[place].column for column, place in found.places}
        self.styles = {
            column: looks.of(self.grid.style(found.first, column) if self.patterned else 0, of.kind, of.unit)
            for column, of in self.columns.items()
        }

    @property
    def patterned(self) -> bool:
        """Whether there is a row under the headings that says how rows look."""
        return self.found.first <= self.found.last

    def write(self, file: IO[bytes], rows: Iterable[Sequence[object]]) -> int:
        """Bring all that refers to the sheet up to date, then stream the rows into their place."""
        links.follow(self.book, self.part, self.grid, self.shift, self.count)
        self.grid.widen({column: width for column, of in self.columns.items() if (width := _WIDTHS.get(of.kind))})
        head, tail = self._around()
        written = 0

        def stream(out: IO[bytes]) -> None:
            nonlocal written
            out.write(head)
            for batch in _batches(rows, self.found.last - self.found.first + 1):
                out.write("".join(self._rows(batch, self.found.first + written)).encode())
                written += len(batch)
                self.progress(written, self.count)
            for number in [number for number in self.kept if number >= self.found.first + written]:
                out.write(self._emptied(number).encode())
            out.write(tail)

        self.book.write(file, self.part, stream)
        assert written == self.count, "other numbers of rows came than were promised"
        return written

    def _around(self) -> tuple[bytes, bytes]:
        """The sheet's XML before and after the rows; takes the rows that are filled out of it, to be used."""
        grid, space = self.grid, etree.QName(self.grid.root).namespace
        there = [number for number in grid.rows if self.found.first <= number <= self.found.last]
        self.kept = {number: self._kept(number) for number in sorted(there)}  # a table may reach down to the last row
        self.attributes = {number: self._attributes(grid.rows.get(number)) for number in [0, *self.kept]}
        self.pattern = self._pattern()
        for number, row in grid.rows.items():
            if self.found.first <= number <= self.found.last:
                grid.data.remove(row)
        place = sum(number < self.found.first for number in grid.rows)
        grid.data.insert(place, etree.Comment(_HERE))
        self.space = f' xmlns="{space}"' if grid.root.prefix else ""
        head, tail = as_bytes(grid.root).split(f"<!--{_HERE}-->".encode(), 1)
        return head, tail

    def _attributes(self, row: Element) -> str:
        said = {} if row is None else {name: row.get(name) for name in _KEPT_OF_ROW if row.get(name)}
        if "customHeight" not in said:
            said.pop("ht", None)
        return "".join(f' {name}="{escape(value, {chr(34): "&quot;"})}"' for name, value in said.items())

    def _kept(self, number: int) -> dict[int, str]:
        """The other cells of a row under the headings, by column: blank where they told of a record."""
        held = any(self.grid.constant(number, column) for column in self.columns)
        made = {}
        for column, cell in self.grid.cells.get(number, {}).items():
            inside = self.left <= column <= self.right
            if column in self.columns or (held and inside and self.grid.constant(number, column)):
                made[column] = f'<c r="{letters_of(column)}{number}" s="{self.grid.style(number, column)}"/>'
            else:
                made[column] = _as_text(cell)
        return made

    def _pattern(self) -> dict[int, "_Down"]:
        """What a new row has in the other columns: a style, and a formula cut for filling down."""
        found = {}
        own = links.calculated(self.book, self.part, self.found.header)
        for column in range(self.left, self.right + 1):
            if column not in self.columns and self.patterned:
                cell = self.grid.cells.get(self.found.first, {}).get(column)
                array = cell is not None and cell.find("{*}f[@t='array']") is not None
                words = self.grid.formula(self.found.first, column) or own.get(column, "")
                style = self.grid.style(self.found.first, column)
                if words or style:
                    found[column] = _Down(column, style, pieces(words, self.found.first) if words else (), array)
        return found

    def _rows(self, batch: Sequence[Sequence[object]], first: int) -> Iterator[str]:
        """Rows as XML from row `first` on."""
        numbers = range(first, first + len(batch))
        made: dict[int, list[str]] = {}
        for (column, of), values in zip(self.columns.items(), zip(*batch, strict=True), strict=True):
            refs = [f"{letters_of(column)}{number}" for number in numbers]
            blank, styles = f'" s="{self.styles[column].own}"/>', self.styles[column]
            found = cells.column_cells(of.kind, styles, values, refs)
            made[column] = [cell or f'<c r="{ref}{blank}' for cell, ref in zip(found, refs, strict=True)]
        if first > self.found.last:
            made |= {column: [down.at(number) for number in numbers] for column, down in self.pattern.items()}
            opening = f'"{self.attributes.get(self.found.first, "") if self.patterned else ""}{self.space}>'
            ordered = [made[column] for column in sorted(made)]
            for number, *row in zip(numbers, *ordered, strict=True):
                yield f'<row r="{number}{opening}{"".join(row)}</row>'
            return
        for place, number in enumerate(numbers):
            yield self._row(number, {column: found[place] for column, found in made.items()})

    def _row(self, number: int, filled: Mapping[int, str]) -> str:
        """A row that stood under the headings already."""
        kept = self.kept.get(number, {})
        missing = {column: down.at(number) for column, down in self.pattern.items() if column not in kept}
        both = {**missing, **kept, **filled}
        inside = "".join(both[column] for column in sorted(both))
        return f'<row r="{number}"{self.attributes.get(number, "")}{self.space}>{inside}</row>'

    def _emptied(self, number: int) -> str:
        """A row that stood there and is not needed: below an Excel table, nothing is left of it but its looks."""
        inside = "".join(
            f'<c r="{letters_of(column)}{number}" s="{self.grid.style(number, column)}"/>'
            if self.tabled and self.left <= column <= self.right
            else cell
            for column, cell in sorted(self.kept[number].items())
        )
        return f'<row r="{number}"{self.attributes.get(number, "")}{self.space}>{inside}</row>'


def _as_text(cell: Element) -> str:
    """A cell's XML, without the namespaces that the sheet names already."""
    words: str = etree.tostring(cell, encoding="unicode", with_tail=False)
    opening, rest = words.split(">", 1)
    return f"{re.sub(_SPACES, '', opening)}>{rest}"


@dataclass(frozen=True, slots=True)
class _Down:
    """What a column of a new row holds that nothing is filled into."""

    column: int
    style: int
    cut: Pieces
    array: bool

    def at(self, number: int) -> str:
        """Its cell in that row."""
        ref = f"{letters_of(self.column)}{number}"
        if not self.cut:
            return f'<c r="{ref}" s="{self.style}"/>'
        array = f' t="array" ref="{ref}"' if self.array else ""
        return f'<c r="{ref}" s="{self.style}"><f{array}>{escape(at_row(self.cut, number))}</f></c>'


def _batches(rows: Iterable[Any], standing: int) -> Iterator[list[Any]]:
    """Rows in lots, of which none goes past the rows that stand there already."""
    source = iter(rows)
    left = max(standing, 0)
    while batch := list(islice(source, min(_BATCH, left) if left else _BATCH)):
        left -= min(left, len(batch))
        yield batch


class Looks:
    """The styles of a workbook: what a column's cells look like, with a format for their kind where they have none."""

    def __init__(self, book: Book) -> None:
        self._book, self._root = book, book.xml("xl/styles.xml")
        formats = self._root.find("{*}cellXfs") if self._root is not None else None
        if formats is None or not len(formats):
            raise Refused(f"“{book.path.name}” has no styles. Open it in Excel, save it, and try that copy.")
        self._all = formats
        self._made: dict[tuple[int, str, bool], int] = {}
        self._codes = {whole(one.get("numFmtId")): one.get("formatCode", "") for one in each(self._root, "numFmt")}

    def of(self, base: int, kind: Kind | None, unit: str) -> Styles:
        """The styles of a column of cells that look like `base`."""
        base = base if 0 <= base < len(self._all) else 0
        own = self._fitting(base, kind, unit)
        return Styles(own, base, self._variant(base, "", quoted=True), _ByKind(self, base))

    def _fitting(self, base: int, kind: Kind | None, unit: str = "") -> int:
        code = self._code(base)
        plain, dated = code in {"General", "@", ""}, is_date_format(code)
        if kind in _DATED:
            return base if dated else self._variant(base, _FORMATS[kind])
        if kind in _FORMATS and (dated or code == "@" or (plain and (kind is Kind.MONEY or unit == "%"))):
            return self._variant(base, '#,##0.##"%"' if unit == "%" else _FORMATS[kind])
        return base

    def _code(self, style: int) -> str:
        number = whole(self._all[style].get("numFmtId"))
        return self._codes.get(number) or str(BUILTIN_FORMATS.get(number, "General"))

    def _variant(self, base: int, code: str, *, quoted: bool = False) -> int:
        key = (base, code, quoted)
        if key not in self._made:
            made = copy.deepcopy(self._all[base])
            if code:
                made.set("numFmtId", str(self._number(code)))
                made.set("applyNumberFormat", "1")
            if quoted:
                made.set("quotePrefix", "1")
            self._all.append(made)
            self._all.set("count", str(len(self._all)))
            self._made[key] = len(self._all) - 1
            self._book.change("xl/styles.xml")
        return self._made[key]

    def _number(self, code: str) -> int:
        known = next((number for number, said in self._codes.items() if said == code), None)
        if known is not None:
            return known
        free = max([163, *self._codes]) + 1
        holder = self._root.find("{*}numFmts")
        space = etree.QName(self._root).namespace
        if holder is None:
            holder = etree.Element(f"{{{space}}}numFmts")
            self._root.insert(0, holder)
        etree.SubElement(holder, f"{{{space}}}numFmt", numFmtId=str(free), formatCode=code)
        holder.set("count", str(len(holder)))
        self._codes[free] = code
        return free


class _ByKind(dict[Kind, int]):
    """A style for each other kind of value that a column may hold, made when the first such value comes."""

    def __init__(self, looks: Looks, base: int) -> None:
        super().__init__()
        self._looks, self._base = looks, base

    def __missing__(self, kind: Kind) -> int:
        self[kind] = self._looks._fitting(self._base, kind)  # noqa: SLF001 - it is a part of Looks
        return self[kind]
