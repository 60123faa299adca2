"""Notes on cells of an officer's workbook: put into its package, so that its charts, pictures and the rest stay."""

import copy
import re
import uuid
from collections.abc import Iterable, Mapping, Sequence
from posixpath import basename, dirname, relpath
from typing import NamedTuple
from xml.sax.saxutils import quoteattr

from lxml import etree

from grants_app.clock import now
from grants_app.exchange.filling.formulas import letters_of
from grants_app.exchange.filling.parts import Block, Book, Element, Grid, each
from grants_app.exchange.sources.formats import AUTHOR

_COLOUR = "FFFFE699"
_BLOCK = 1024  # numbers of shapes that a drawing has to itself
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_COMMENTS = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_DRAWING = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_BEFORE_NOTES = {
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr", "sheetProtection",
    "protectedRanges", "scenarios", "autoFilter", "sortState", "dataConsolidate", "customSheetViews", "mergeCells",
    "phoneticPr", "conditionalFormatting", "dataValidations", "hyperlinks", "printOptions", "pageMargins", "pageSetup",
    "headerFooter", "rowBreaks", "colBreaks", "customProperties", "cellWatches", "ignoredErrors", "smartTags",
    "drawing",
}  # fmt: skip
_NEW_DRAWING = b"""<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" \
xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data=""/>\
</o:shapelayout></xml>"""
_NAMES = (
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel"'
)
_BOX = (
    f'<v:shapetype {_NAMES} id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_ID_MAP = re.compile(rb"(<\w+:idmap\b[^>]*?\bdata=[\"'])([\d,]*)")


class Note(NamedTuple):
    """What is to be said of a cell: its row and column, from 1."""

    row: int
    column: int
    words: str


def add(book: Book, part: str, notes: Sequence[Note]) -> None:
    """Put these notes on the cells of a sheet, and a colour by which they are found; what was noted there stays.

    A note on a merged block stands on its first cell.
    """
    grid, said = Grid(book.needed(part), []), dict[tuple[int, int], list[str]]()
    merged = grid.merged()
    for note in notes:
        said.setdefault(_first_cell(merged, note.row, note.column), []).append(note.words)
    words = {place: "\n".join(dict.fromkeys(lines)) for place, lines in sorted(said.items())}
    _colour(book, grid, words)
    fresh = _say(book, part, {f"{letters_of(column)}{row}": text for (row, column), text in words.items()})
    boxed = {place: text for place, text in words.items() if f"{letters_of(place[1])}{place[0]}" in fresh}
    if boxed:
        _draw(book, part, grid.root, boxed)
    book.change(part)


def _first_cell(merged: Sequence[Block], row: int, column: int) -> tuple[int, int]:
    for block in merged:
        if block.top <= row <= block.bottom and block.left <= column <= block.right:
            return block.top, block.left
    return row, column


def _colour(book: Book, grid: Grid, places: Iterable[tuple[int, int]]) -> None:
    looks = book.xml("xl/styles.xml")
    styles = looks.find("{*}cellXfs") if looks is not None else None
    fills = looks.find("{*}fills") if looks is not None else None
    if styles is None or fills is None or not len(styles):
        return
    space, made = etree.QName(looks).namespace, dict[int, str]()
    fill = etree.SubElement(etree.SubElement(fills, f"{{{space}}}fill"), f"{{{space}}}patternFill", patternType="solid")
    etree.SubElement(fill, f"{{{space}}}fgColor", rgb=_COLOUR)
    fills.set("count", str(len(fills)))
    for row, column in places:
        base = grid.style(row, column)
        if base not in made:
            styles.append(copy.deepcopy(styles[base if base < len(styles) else 0]))
            styles[-1].attrib.update({"fillId": str(len(fills) - 1), "applyFill": "1"})
            made[base] = str(len(styles) - 1)
        _cell(grid, row, column).set("s", made[base])
    styles.set("count", str(len(styles)))
    book.change("xl/styles.xml")


def _cell(grid: Grid, row: int, column: int) -> Element:
    """The cell, made where the sheet has none."""
    cells, space = grid.cells.setdefault(row, {}), etree.QName(grid.root).namespace
    if row not in grid.rows:
        grid.rows[row] = etree.Element(f"{{{space}}}row", r=str(row))
        grid.data.insert(sum(number < row for number in grid.rows), grid.rows[row])
    if column not in cells:
        cells[column] = etree.Element(f"{{{space}}}c", r=f"{letters_of(column)}{row}")
        grid.rows[row].insert(sum(number < column for number in cells), cells[column])
        grid.rows[row].attrib.pop("spans", None)
    return cells[column]


def _say(book: Book, part: str, words: Mapping[str, str]) -> set[str]:
    """Write the notes' words, after those that stand there; the cells that had none, which need a box drawn."""
    name = next((name for sort, name in book.related(part).values() if sort == "comments"), "")
    if not name:
        name, space = _free(book, "xl/comments{}.xml"), etree.QName(book.xml(part)).namespace
        book.put(name, etree.Element(f"{{{space}}}comments", nsmap={None: space}))
        _relate(book, part, "comments", name)
        _declare(book, "Override", {"PartName": f"/{name}", "ContentType": _COMMENTS})
    root = book.needed(name)
    authors, listed = _child(root, "authors", 0), _child(root, "commentList", 1)
    space = etree.QName(root).namespace
    held = {one.get("ref", ""): one for one in each(listed, "comment")}
    author = str(len(authors))
    etree.SubElement(authors, f"{{{space}}}author").text = AUTHOR
    for ref, text in words.items():
        one = held.get(ref)
        if one is None:
            one = etree.SubElement(listed, f"{{{space}}}comment", ref=ref, authorId=author)
        _more(one, text, before=ref in held)
    book.change(name)
    _answer(book, part, {ref: text for ref, text in words.items() if ref in held})
    return set(words) - set(held)


def _more(comment: Element, words: str, *, before: bool) -> None:
    """Add words to a note's own."""
    space, text = etree.QName(comment).namespace, _child(comment, "text", 0)
    plain = text.find("{*}t")
    if plain is not None:  # a text is plain, or in runs: not both
        run = etree.Element(f"{{{space}}}r")
        plain.addprevious(run)
        run.append(plain)
    run = etree.Element(f"{{{space}}}r")
    said = etree.SubElement(run, f"{{{space}}}t")
    said.text = f"\n{words}" if before else words
    said.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    text.insert(len(text.findall("{*}r")), run)


def _child(parent: Element, name: str, place: int) -> Element:
    """A part's part, made where there is none."""
    found = parent.find(f"{{*}}{name}")
    if found is None:
        found = etree.Element(f"{{{etree.QName(parent).namespace}}}{name}")
        parent.insert(place, found)
    return found


def _answer(book: Book, part: str, words: Mapping[str, str]) -> None:
    """Where a note is a talk among several, which Excel shows in its stead, answer in the talk."""
    people = next((name for sort, name in book.related("xl/workbook.xml").values() if sort == "person"), "")
    for sort, name in book.related(part).values():
        root, known = book.xml(name) if sort == "threadedComment" else None, book.xml(people) if people else None
        if root is None or known is None:
            continue
        talks = {one.get("ref", ""): one for one in each(root, "threadedComment") if not one.get("parentId")}
        space, me = etree.QName(root).namespace, _guid()
        mine = {"displayName": AUTHOR, "id": me, "userId": AUTHOR, "providerId": "None"}
        etree.SubElement(known, f"{{{etree.QName(known).namespace}}}person", mine)
        book.change(people)
        for ref in talks.keys() & words.keys():
            said = {"ref": ref, "dT": now().strftime("%Y-%m-%dT%H:%M:%S.00"), "personId": me, "id": _guid()}
            one = etree.Element(f"{{{space}}}threadedComment", {**said, "parentId": talks[ref].get("id", "")})
            etree.SubElement(one, f"{{{space}}}text").text = words[ref]
            talks[ref].addnext(one)
            book.change(name)


def _guid() -> str:
    return f"{{{str(uuid.uuid4()).upper()}}}"


def _draw(book: Book, part: str, root: Element, words: Mapping[tuple[int, int], str]) -> None:
    """Draw the box of each note, hidden until the cell is pointed at, in the old form that Excel takes."""
    name = _drawing(book, part, root)
    content = book.raw(name)
    blocks = -(-len(words) // (_BLOCK - 1))
    drawn = [content, *(book.raw(other) for other in book.names(r".*\.vml"))]
    first = 1 + max((block for one in drawn for block in _blocks(one)), default=0)
    added = b",".join(str(first + block).encode() for block in range(blocks))
    content = _ID_MAP.sub(lambda found: found[1] + found[2] + (b"," if found[2] else b"") + added, content, count=1)
    boxes = [] if b'id="_x0000_t202"' in content else [_BOX]
    for place, ((row, column), text) in enumerate(words.items()):
        block, within = divmod(place, _BLOCK - 1)
        boxes.append(_box((first + block) * _BLOCK + within + 1, row, column, text))
    end = content.rfind(b"</xml>")
    book.replace(name, content[:end] + "".join(boxes).encode() + content[end:])


def _drawing(book: Book, part: str, root: Element) -> str:
    """The sheet's drawing of notes and of old controls, made where it has none that can be added to."""
    related, mention = book.related(part), root.find("{*}legacyDrawing")
    said = mention.attrib.items() if mention is not None else ()
    key = next((value for name, value in said if name.endswith("}id")), "")
    name = related.get(key, ("", ""))[1]
    if book.has(name) and b"</xml>" in book.raw(name):
        return name
    name = _free(book, "xl/drawings/vmlDrawing{}.vml")
    book.put(name, _NEW_DRAWING)
    _declare(book, "Default", {"Extension": "vml", "ContentType": _DRAWING})
    if mention is None:
        mention = etree.Element(f"{{{etree.QName(root).namespace}}}legacyDrawing")
        last = [one for one in root if isinstance(one.tag, str) and etree.QName(one).localname in _BEFORE_NOTES][-1]
        last.addnext(mention)
    mention.attrib.clear()
    mention.set(f"{{{_office(book)}}}id", _relate(book, part, "vmlDrawing", name))
    return name


def _blocks(content: bytes) -> list[int]:
    return [int(number) for _, said in _ID_MAP.findall(content) for number in said.split(b",") if number]


def _box(number: int, row: int, column: int, words: str) -> str:
    high = 40 + 18 * (len(words) // 36 + words.count("\n"))
    style = (
        f"position:absolute;margin-left:59.25pt;margin-top:1.5pt;width:280px;height:{high}px;z-index:1;"
        "visibility:hidden"
    )
    return (
        f'<v:shape {_NAMES} id="_x0000_s{number}" type="#_x0000_t202" style={quoteattr(style)} fillcolor="#ffffe1" '
        'o:insetmode="auto"><v:fill color2="#ffffe1"/><v:shadow color="black" obscured="t"/><v:path '
        'o:connecttype="none"/><v:textbox style="mso-direction-alt:auto"><div style="text-align:left"/></v:textbox>'
        '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:AutoFill>False</x:AutoFill>'
        f"<x:Row>{row - 1}</x:Row><x:Column>{column - 1}</x:Column></x:ClientData></v:shape>"
    )


def _free(book: Book, pattern: str) -> str:
    number = 1
    while book.has(pattern.format(number)):
        number += 1
    return pattern.format(number)


def _office(book: Book) -> str:
    """The namespace of what refers to parts: workbooks of the strict form have one of their own."""
    strict = "purl.oclc.org" in (etree.QName(book.xml("xl/workbook.xml")).namespace or "")
    start = "http://purl.oclc.org/ooxml" if strict else "http://schemas.openxmlformats.org"
    return f"{start}/officeDocument/{'' if strict else '2006/'}relationships"


def _relate(book: Book, part: str, sort: str, name: str) -> str:
    """Say that a part refers to another; returns by which id."""
    listing = f"{dirname(part)}/_rels/{basename(part)}.rels"
    root = book.xml(listing)
    if root is None:
        root = etree.Element(f"{{{_RELATIONS}}}Relationships", nsmap={None: _RELATIONS})
        book.put(listing, root)
    known = {one.get("Id") for one in root if isinstance(one.tag, str)}
    key = next(f"rId{number}" for number in range(1, len(known) + 2) if f"rId{number}" not in known)
    said = {"Id": key, "Type": f"{_office(book)}/{sort}", "Target": relpath(name, dirname(part))}
    etree.SubElement(root, f"{{{_RELATIONS}}}Relationship", said)
    book.change(listing)
    return key


def _declare(book: Book, sort: str, said: Mapping[str, str]) -> None:
    """Say of which sort a part is, or every part whose name ends so."""
    root = book.needed("[Content_Types].xml")
    if sort == "Default" and any(one.get("Extension", "").casefold() == "vml" for one in each(root, "Default")):
        return
    one = etree.Element(f"{{{_TYPES}}}{sort}", dict(said))
    root.insert(0, one) if sort == "Default" else root.append(one)
    book.change("[Content_Types].xml")
