"""What an Excel workbook says by its formats alone: other money, days since 1904, rows hidden or struck out, comments.

None of it is in the values of cells. Only workbooks whose styles, rows or relations say so are looked through again.
"""

import posixpath
import re
import zipfile
import zlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

from grants_app.exchange.sources.extents import column_of
from grants_app.exchange.sources.hostile import parts_by_sheet

AUTHOR = "Grants Desk"
"""Who writes the notes that this app puts on faulty cells."""
_PIECE = 1 << 20
_MOST = 200_000  # cells and rows that are kept of a sheet
_LARGEST = 20_000_000  # of a part that is parsed whole
_FIRST_OWN = 164  # number formats below are Excel's own, and show the money of whoever looks
_TRUE = ("1", "true")
_ROW = re.compile(rb"<row\b([^>]*)>")
_NUMBER = re.compile(rb'\br="(\d{1,7})"')
_HIDDEN = re.compile(rb'\bhidden="(?:1|true)"')
_CELL = rb'<c r="([A-Z]{1,3})(\d{1,7})"[^>/]*? s="(%s)"[^>/]*>(?!</)'
_LOCALE = re.compile(r"\[\$-[0-9A-Fa-f]+\]")
_MONEY = re.compile(r"€|\$(?!-)|¥|\b(?:EUR|USD)\b")
_POUNDS = re.compile(r"£|\bGBP\b")
_QUOTED = re.compile(r"\\(.)|_.|\*.")
_THREAD = re.compile(r"^\[Threaded comment\].*?Comment:\s*", re.DOTALL)
_BROKEN = (KeyError, ValueError, ET.ParseError, zipfile.BadZipFile, zlib.error, EOFError, RuntimeError)


@dataclass(slots=True)
class Told:
    """What the formats of one sheet say: cells (row and column from 1) of other money, rows, and comments by cell."""

    money: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden: list[int] = field(default_factory=list)
    struck: list[int] = field(default_factory=list)
    comments: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Formats:
    """What the formats of a workbook say, sheet by sheet, and whether its days are counted from 1904."""

    sheets: Mapping[str, Told] = field(default_factory=dict)
    since_1904: bool = False

    def of(self, sheet: str) -> Told:
        """What those of one sheet say."""
        return self.sheets.get(sheet) or Told()


def read(zipped: zipfile.ZipFile, hidden: Collection[str]) -> Formats:
    """What a checked workbook says so; `hidden` are the parts of sheets that have hidden rows. Nothing, if broken."""
    try:
        book = ET.fromstring(zipped.read("xl/workbook.xml"))  # noqa: S314 (check_zip refuses any DTD)
        about = book.find("{*}workbookPr")
        since_1904 = about is not None and about.get("date1904", "") in _TRUE
        money, struck = _styles(zipped)
        told = {}
        for name, part in parts_by_sheet(zipped).items():
            one = told[name] = Told(comments=_comments(zipped, part))
            if money or struck or part in hidden:
                _look(zipped, part, money, struck, one)
        return Formats(told, since_1904)
    except _BROKEN:
        return Formats()


def _styles(zipped: zipfile.ZipFile) -> tuple[dict[str, str], set[str]]:
    """The numbers of cell formats in other money, with its sign, and of those that strike words through."""
    if "xl/styles.xml" not in zipped.namelist() or zipped.getinfo("xl/styles.xml").file_size > _LARGEST:
        return {}, set()
    text = zipped.read("xl/styles.xml")
    if b"strike" not in text and not any(sign in text for sign in ("€".encode(), b"$", "¥".encode(), b"EUR", b"USD")):
        return {}, set()
    styles = ET.fromstring(text)  # noqa: S314
    signs = dict[str | None, str]()
    for one in styles.iterfind("{*}numFmts/{*}numFmt"):
        number = one.get("numFmtId", "")
        own = number.isdecimal() and int(number) >= _FIRST_OWN
        if own and (sign := _other_money(one.get("formatCode", ""))):
            signs[number] = sign
    fonts = [one.find("{*}strike") for one in styles.iterfind("{*}fonts/{*}font")]
    lines = {str(at) for at, one in enumerate(fonts) if one is not None and one.get("val", "1") in _TRUE}
    formats = list(enumerate(styles.iterfind("{*}cellXfs/{*}xf")))
    money = {str(at): signs[one.get("numFmtId")] for at, one in formats if one.get("numFmtId") in signs}
    return money, {str(at) for at, one in formats if one.get("fontId") in lines}


def _other_money(code: str) -> str:
    """The sign of the money that a number format shows, if it is not pounds; a place alone ([$-809]) shows none."""
    shown = _QUOTED.sub(r"\1", _LOCALE.sub("", code).split(";")[0])
    found = _MONEY.search(re.sub(r"\[\$([^\]-]+)(-[^\]]*)?\]", r" \1 ", shown))
    sign = f"{found[0]} " if found and found[0].isalpha() else found[0] if found else ""
    return "" if _POUNDS.search(shown) else sign


def _look(zipped: zipfile.ZipFile, part: str, money: Mapping[str, str], struck: Collection[str], told: Told) -> None:
    """Go through a sheet for its hidden rows, and for filled cells of these formats."""
    wanted = "|".join(sorted({*money, *struck})).encode()
    cells = re.compile(_CELL % wanted) if wanted else None
    rows = set[int]()
    for text in _pieces(zipped, part):
        if b"hidden=" in text:
            tags = (one[1] for one in _ROW.finditer(text) if _HIDDEN.search(one[1]))
            told.hidden += [int(number[1]) for tag in tags if (number := _NUMBER.search(tag))]
        for letters, row, style in cells.findall(text) if cells and len(told.money) < _MOST else ():
            if (sign := money.get(style.decode())) is not None:
                told.money[int(row), column_of(letters)] = sign
            if style.decode() in struck:
                rows.add(int(row))
    told.struck = sorted(rows)


def _pieces(zipped: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """The XML of a sheet in pieces that cut no tag in two."""
    with zipped.open(part) as file:
        tail = b""
        while chunk := file.read(_PIECE):
            text = tail + chunk
            cut = max(text.rfind(b"<c "), text.rfind(b"<row")) if len(text) > _PIECE else -1
            cut = cut if cut > 0 else text.rfind(b"<")
            yield text[:cut] if cut > 0 else text
            tail = text[cut:] if cut > 0 else b""
        yield tail


def _comments(zipped: zipfile.ZipFile, part: str) -> dict[str, str]:
    """The comments on the cells of a sheet, without those that this app wrote there."""
    folder, name = posixpath.split(part)
    links = f"{folder}/_rels/{name}.rels"
    if links not in zipped.namelist():
        return {}
    found: dict[str, str] = {}
    for link in ET.fromstring(zipped.read(links)):  # noqa: S314
        if not link.get("Type", "").endswith("/comments"):
            continue
        target = link.get("Target", "")
        where = target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        if zipped.getinfo(where).file_size > _LARGEST:
            continue
        root = ET.fromstring(zipped.read(where))  # noqa: S314
        authors = [one.text or "" for one in root.iterfind("{*}authors/{*}author")]
        for one in root.iterfind("{*}commentList/{*}comment"):
            who = one.get("authorId", "")
            mine = who.isdecimal() and int(who) < len(authors) and authors[int(who)] == AUTHOR
            words = "".join(text.text or "" for text in one.iterfind(".//{*}t"))
            if not mine and words.strip():
                found[one.get("ref", "")] = _THREAD.sub("", words)
    return found
