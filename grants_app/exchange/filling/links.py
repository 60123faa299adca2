"""What refers to rows of a sheet that rows are put into: formulas anywhere, tables, names, charts, pictures, pivots."""

import re
from collections.abc import Iterator

from grants_app.errors import Refused
from grants_app.exchange.filling.formulas import Shift, number_of, reads
from grants_app.exchange.filling.parts import Book, Element, Grid, each, whole

_FORMULA = re.compile(rb"<(?:\w+:)?f[ >]")
_NOTE_ROW = re.compile(rb"(<\w+:Row>)(\d+)(</\w+:Row>)")
_NOTE_PLACE = re.compile(rb"(<\w+:Anchor>\s*)([\d,\s]+)(</\w+:Anchor>)")
_AREA = re.compile(r"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})")
_REFS = ("mergeCell", "hyperlink", "autoFilter", "sortState", "sortCondition")
_LISTS = ("conditionalFormatting", "dataValidation", "ignoredError", "protectedRange")


def follow(book: Book, part: str, grid: Grid, shift: Shift, count: int) -> None:
    """Bring everything in the workbook up to date with rows that are put into one sheet; `count` are there then.

    Refused: another Excel table, or a merged block, that would be torn apart. Values kept with formulas that may have
    changed are left out, so that the workbook is reckoned anew wherever it is opened.
    """
    _refuse_torn(book, part, grid, shift)
    _follow_sheet(grid, shift)
    for sort, name in book.related(part).values():
        if sort == "table":
            _follow_table(book, name, shift, count)
        elif sort == "drawing":
            _follow_anchors(book, name, shift)
        elif sort in {"comments", "threadedComment"}:
            _change(book, name, "ref", shift, "comment", "threadedComment")
        elif sort == "vmlDrawing" and shift.added:
            _follow_notes(book, name, shift)
        elif sort == "pivotTable":
            _change(book, name, "ref", shift, "location")
    _follow_charts(book, shift, count)
    _follow_names(book, shift)
    _follow_others(book, part, grid, shift)
    book.drop("xl/calcChain.xml")


def last_of_table(book: Book, part: str, header: int, left: int, right: int) -> int | None:
    """The last row of records of the Excel table whose headings stand there; None if there is no such table."""
    for root in _tables(book, part):
        area = _area(root)
        if area and area[1] == header and area[0] <= right and area[2] >= left and root.get("headerRowCount") != "0":
            return max(area[3] - whole(root.get("totalsRowCount")), header)
    return None


def calculated(book: Book, part: str, header: int) -> dict[int, str]:
    """The formulas that columns of an Excel table have by themselves, by the column's number."""
    found = {}
    for root in _tables(book, part):
        area = _area(root)
        if area and area[1] == header:
            for number, column in enumerate(each(root, "tableColumn"), area[0]):
                words = column.findtext("{*}calculatedColumnFormula")
                if words:
                    found[number] = words
    return found


def _tables(book: Book, part: str) -> Iterator[Element]:
    return (book.xml(name) for sort, name in book.related(part).values() if sort == "table")


def _area(root: Element) -> tuple[int, int, int, int] | None:
    """The first column, first row, last column and last row of what has a range."""
    found = _AREA.fullmatch(root.get("ref", "").replace("$", "").upper())
    return (number_of(found[1]), int(found[2]), number_of(found[3]), int(found[4])) if found else None


def _refuse_torn(book: Book, part: str, grid: Grid, shift: Shift) -> None:
    if not shift.added:
        return
    for root in _tables(book, part):
        area = _area(root)
        beside = area and (area[0] > shift.right or area[2] < shift.left)
        if area and beside and area[1] <= shift.last < area[3]:
            raise Refused(
                f"The table “{root.get('displayName', '')}” stands beside the rows to be filled in, and would be torn "
                "apart. Put it on a sheet of its own, save the template, and try again."
            )
    for block in grid.merged():
        if block.top <= shift.last < block.bottom:
            raise Refused(
                f"{block.words} is one merged cell where rows are to go. Unmerge it, save the template, and try again."
            )


def _follow_sheet(grid: Grid, shift: Shift) -> None:
    """The sheet itself: rows below move down, formulas read where things are now."""
    for number, found in grid.cells.items():
        for column, cell in found.items():
            inside = shift.first <= number <= shift.last and shift.left <= column <= shift.right
            _refresh(cell, shift, shift.sheet, number if inside else 0)
            if number > shift.last:
                cell.set("r", f"{cell.get('r', '').rstrip('0123456789')}{shift.row(number)}")
    for number, row in grid.rows.items():
        row.set("r", str(shift.row(number)))
        row.attrib.pop("spans", None)
    _drop_links(grid.root, shift)
    for one in each(grid.root, *_REFS):
        if one.get("ref"):
            one.set("ref", shift.area(one.get("ref")))
    for one in each(grid.root, *_LISTS):
        _follow_list(one, shift)
    for one in each(grid.root.find("{*}rowBreaks"), "brk"):
        one.set("id", str(shift.row(whole(one.get("id")))))
    for one in each(grid.root, "sqref"):
        one.text = shift.areas(one.text or "")
    for one in grid.root.iter("{http://schemas.microsoft.com/office/excel/2006/main}f"):
        one.text = shift.formula(one.text or "", shift.sheet)
    _move_anchors(grid.root, shift)


def _drop_links(root: Element, shift: Shift) -> None:
    """What the sheet says of its size, and links on cells that are filled now."""
    for old in root.findall("{*}dimension"):
        root.remove(old)
    for one in [*each(root, "hyperlink")]:
        area = _area(one) or _area({"ref": f"{one.get('ref')}:{one.get('ref')}"})
        if area and shift.first <= area[1] <= shift.last and shift.left <= area[0] <= shift.right:
            one.getparent().remove(one)
    for holder in [*each(root, "hyperlinks")]:
        if not len(holder):
            holder.getparent().remove(holder)


def _follow_list(one: Element, shift: Shift) -> None:
    """What holds for ranges: formats by condition, checks of what is typed."""
    areas = one.get("sqref", "")
    if not areas:
        return
    found = re.search(r"\d+", areas)
    top = int(found.group()) if found else 0
    own = top if shift.first <= top <= shift.last else 0
    one.set("sqref", shift.areas(areas))
    for formula in each(one, "formula", "formula1", "formula2"):
        formula.text = shift.formula(formula.text or "", shift.sheet, own)


def _refresh(cell: Element, shift: Shift, home: str, own: int = 0) -> bool:
    """Bring a cell's formula up to date and forget what it came to; says whether the formula reads otherwise now."""
    formula = cell.find("{*}f")
    if formula is None:
        return False
    before = formula.text or ""
    formula.text = shift.formula(before, home, own) or None
    if formula.get("ref") and home == shift.sheet:
        formula.set("ref", shift.area(formula.get("ref")))
    for value in cell.findall("{*}v"):
        cell.remove(value)
    cell.attrib.pop("t", None)
    return (formula.text or "") != before


def _follow_table(book: Book, name: str, shift: Shift, count: int) -> None:
    """An Excel table's range: the filled one ends with the rows, those below move down."""
    root = book.xml(name)
    for one in [root, *each(root, "autoFilter", "sortState", "sortCondition")]:
        area = _area(one)
        if area is None:
            continue
        top, low = area[1], area[3]
        totals = whole(root.get("totalsRowCount"))
        across = area[0] <= shift.right and area[2] >= shift.left
        ours = across and top in {shift.first - 1, shift.first} and low in {shift.last, shift.last + totals}
        first, last = shift.span(top, low)
        if ours and not totals and not shift.added:
            last = max(shift.first + count - 1, shift.first)
        letters = _AREA.fullmatch(one.get("ref", "").replace("$", "").upper())
        assert letters is not None
        one.set("ref", f"{letters[1]}{first}:{letters[3]}{last}")
    for formula in each(root, "calculatedColumnFormula", "totalsRowFormula"):
        formula.text = shift.formula(formula.text or "", shift.sheet, shift.first)
    book.change(name)


def _change(book: Book, part: str, attribute: str, shift: Shift, *names: str) -> None:
    for one in each(book.xml(part), *names):
        if one.get(attribute):
            one.set(attribute, shift.area(one.get(attribute)))
            book.change(part)


def _follow_notes(book: Book, part: str, shift: Shift) -> None:
    """The boxes of notes on cells: kept in an old form of drawing that is not always XML."""

    def row(found: re.Match[bytes]) -> bytes:
        return found[1] + str(shift.row(int(found[2]) + 1) - 1).encode() + found[3]

    def place(found: re.Match[bytes]) -> bytes:
        numbers = [int(part) for part in found[2].split(b",") if part.strip().isdigit()]
        if len(numbers) == 8 and numbers[2] >= shift.last:
            numbers[2], numbers[6] = numbers[2] + shift.added, numbers[6] + shift.added
        return found[1] + b", ".join(str(number).encode() for number in numbers) + found[3]

    book.replace(part, _NOTE_PLACE.sub(place, _NOTE_ROW.sub(row, book.raw(part))))


def _follow_anchors(book: Book, part: str, shift: Shift) -> None:
    root = book.xml(part)
    if root is not None and _move_anchors(root, shift):
        book.change(part)


def _move_anchors(root: Element, shift: Shift) -> bool:
    """Pictures and charts below the rows move down with what they stand by; those beside keep their place and size."""
    moved = False
    for start in root.iter("{*}from"):
        row = start.find("{*}row")
        if row is None or not (row.text or "").isdecimal() or int(row.text) < shift.last or not shift.added:
            continue
        for end in (start, start.getnext()):
            line = end.find("{*}row") if end is not None and isinstance(end.tag, str) else None
            if line is not None:
                line.text = str(whole(line.text) + shift.added)
                moved = True
    return moved


def _follow_charts(book: Book, shift: Shift, count: int) -> None:
    """Charts that read the sheet: their ranges end with the rows, and what they had drawn is forgotten."""
    for name in book.names(r"xl/(charts|drawings)/[^/]+\.xml|xl/pivotCache/pivotCacheDefinition[^/]*\.xml"):
        root = book.xml(name)
        for one in each(root, "f"):
            if shift.sheet.casefold() not in reads(one.text or "", ""):
                continue
            one.text = _drawn(one.text or "", shift, count)
            for cache in [*one.itersiblings("{*}numCache", "{*}strCache", "{*}multiLvlStrCache")]:
                cache.getparent().remove(cache)
            book.change(name)
        for one in root.iter("*"):
            linked = one.get("textlink", "")
            if linked and shift.formula(linked, "") != linked:
                one.set("textlink", shift.formula(linked, ""))
                book.change(name)
        for one in each(root, "worksheetSource"):
            if one.get("sheet", "").casefold() == shift.sheet.casefold() and one.get("ref"):
                one.set("ref", shift.area(one.get("ref")))
                root.set("refreshOnLoad", "1")
                book.change(name)


def _drawn(words: str, shift: Shift, count: int) -> str:
    """A chart's range: over all rows under the headings, it ends with the last that is filled."""
    standing = shift.last - shift.first + 1
    if shift.added or not 0 < count < standing:
        return shift.formula(words, "", drawn=True)
    ends = re.compile(rf"(\$?[A-Z]{{1,3}}\$?{shift.first}:\$?[A-Z]{{1,3}}\$?){shift.last}(?!\d)")
    return ends.sub(rf"\g<1>{shift.first + count - 1}", words)


def _follow_names(book: Book, shift: Shift) -> None:
    """Names of ranges, printing areas among them; and the whole workbook is to be reckoned when it is opened."""
    root = book.xml("xl/workbook.xml")
    for one in each(root, "definedName"):
        one.text = shift.formula(one.text or "", "")
    settings = root.find("{*}calcPr")
    if settings is not None:
        settings.set("fullCalcOnLoad", "1")
    book.change("xl/workbook.xml")


def _follow_others(book: Book, part: str, grid: Grid, shift: Shift) -> None:
    """Formulas of other sheets that read this one, or one that reads it: where they read, and what they came to."""
    others = {}
    for name, other, _ in book.sheets():
        if other != part and _FORMULA.search(book.raw(other)):
            others[name] = (other, Grid(book.xml(other), []))
    said = {name: _reads_of(found, name) for name, (_, found) in others.items()}
    stale = {shift.sheet.casefold(), *(root.get("displayName", "").casefold() for root in _tables(book, part))}
    names = {
        one.get("name", "").casefold(): reads(one.text or "", "")
        for one in each(book.xml("xl/workbook.xml"), "definedName")
    }
    changed: set[str] = set()
    while found := {n for n, read in names.items() if n not in stale and read & stale} | {
        name.casefold() for name, read in said.items() if name.casefold() not in stale and read & stale
    }:
        stale |= found
    for name, (other, sheet) in others.items():
        if name.casefold() in stale:
            sheet.share_nothing()
            changed.add(other)
            for found_cells in sheet.cells.values():
                for cell in found_cells.values():
                    _refresh(cell, shift, name)
            for formula in each(sheet.root, "formula", "formula1", "formula2"):
                formula.text = shift.formula(formula.text or "", name)
            book.change(other)


def _reads_of(grid: Grid, home: str) -> set[str]:
    found: set[str] = set()
    for cells in grid.cells.values():
        for cell in cells.values():
            words = cell.findtext("{*}f")
            if words:
                found |= reads(words, home)
    return found - {home.casefold()}
