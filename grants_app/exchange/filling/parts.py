"""An officer's workbook as a package: what is looked at is parsed, what is not changed stays byte for byte."""

import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, NamedTuple

from lxml import etree

from grants_app.errors import Refused
from grants_app.exchange.filling.formulas import across, letters_of, number_of
from grants_app.exchange.sources import reading
from grants_app.store.opening import refuse_open_here

MOST_PARSED = 60_000_000
"""Bytes of a part that is looked into; of a larger one no use is made."""
_ENDINGS = {".xlsx": ".xlsx", ".xltx": ".xlsx", ".xlsm": ".xlsm", ".xltm": ".xlsm"}
_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_REF = re.compile(r"([A-Za-z]{1,3})(\d{1,7})")
_BLOCK = re.compile(r"([A-Z]+)(\d+):([A-Z]+)(\d+)")

Element = Any  # lxml comes without types


class Book:
    """The parts of a workbook by name; those that were parsed and marked as changed are written anew."""

    def __init__(self, path: Path) -> None:
        """Refuse what reading refuses, and what is no workbook of Excel's own kind."""
        self.path = path
        if reading.open_source(path).description != "Excel workbook":
            raise Refused(f"“{path.name}” cannot be filled in: save it in Excel as .xlsx, and choose that.")
        self._zip = zipfile.ZipFile(path)
        self._names = {name.casefold(): name for name in self._zip.namelist()}
        self._parsed: dict[str, Element] = {}
        self._changed: set[str] = set()
        self._replaced: dict[str, bytes] = {}
        self._new: list[str] = []
        self.dropped: set[str] = set()

    def close(self) -> None:
        """Let go of the file."""
        self._zip.close()

    def names(self, pattern: str) -> list[str]:
        """The parts whose names fit."""
        fits = re.compile(pattern, re.IGNORECASE)
        return [name for name in self._zip.namelist() if fits.fullmatch(name)]

    def raw(self, name: str) -> bytes:
        """A part as it is in the file; empty if there is none."""
        found = self._names.get(name.casefold(), "")
        return self._replaced[found] if found in self._replaced else self._zip.read(found) if found else b""

    def xml(self, name: str) -> Element:
        """A part, parsed once; None if there is none. Refused: one far too large, and one that is no XML."""
        name = self._names.get(name.casefold(), "")
        if name and name not in self._parsed:
            if self._zip.getinfo(name).file_size > MOST_PARSED:
                raise Refused(f"“{self.path.name}” is too large to be a template: take the old rows out of it.")
            parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
            try:
                self._parsed[name] = etree.fromstring(self._zip.read(name), parser)
            except etree.XMLSyntaxError as error:
                raise _damaged(self.path) from error
            if etree.QName(self._parsed[name]).namespace is None:  # no part of a workbook is without
                raise _damaged(self.path)
        return self._parsed.get(name)

    def needed(self, name: str) -> Element:
        """A part without which it is no workbook, parsed. Refused: there is none."""
        found = self.xml(name)
        if found is None:
            raise _damaged(self.path)
        return found

    def change(self, name: str) -> None:
        """Write this part anew, as it was parsed and changed."""
        self._changed.add(self._names.get(name.casefold(), name))

    def replace(self, name: str, content: bytes) -> None:
        """Write other bytes in a part's place."""
        if name.casefold() in self._names:
            self._replaced[self._names[name.casefold()]] = content

    def put(self, name: str, content: Element | bytes) -> None:
        """Put in a part that is not there; what says of which sort it is, and what refers to it, is for the caller."""
        self._names[name.casefold()] = name
        self._new.append(name)
        if isinstance(content, bytes):
            self._replaced[name] = content
        else:
            self._parsed[name] = content
            self._changed.add(name)

    def has(self, name: str) -> bool:
        """Whether there is such a part."""
        return name.casefold() in self._names

    def related(self, name: str) -> Mapping[str, tuple[str, str]]:
        """What a part refers to, of what is there: by id, the sort of thing and the part's name."""
        folder, base = posixpath.split(name)
        root = self.xml(f"{folder}/_rels/{base}.rels")
        found = {}
        for one in root if root is not None else ():
            if isinstance(one.tag, str) and one.get("TargetMode") != "External":
                target = one.get("Target", "")
                part = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"{folder}/{target}")
                if self.has(part):
                    found[one.get("Id", "")] = (one.get("Type", "").rsplit("/", 1)[-1], part)
        return found

    def sheets(self) -> Iterator[tuple[str, str, bool]]:
        """Each sheet's name, its part, and whether it can be seen."""
        book, related = self.xml("xl/workbook.xml"), self.related("xl/workbook.xml")
        for sheet in each(book, "sheet"):
            key = next((value for name, value in sheet.attrib.items() if etree.QName(name).localname == "id"), "")
            sort, part = related.get(key, ("", ""))
            if sort == "worksheet" and part.casefold() in self._names:
                yield sheet.get("name", ""), part, sheet.get("state", "visible") == "visible"

    def texts(self) -> list[str]:
        """The texts that cells share, in their order."""
        root = self.xml("xl/sharedStrings.xml")
        return ["".join(_said(one)) for one in root if isinstance(one.tag, str)] if root is not None else []

    def drop(self, name: str) -> None:
        """Take a part out, and every mention of it."""
        if name.casefold() not in self._names:
            return
        self.dropped.add(self._names[name.casefold()])
        for listing in ("[Content_Types].xml", "xl/_rels/workbook.xml.rels"):
            root = self.xml(listing)
            for one in list(root if root is not None else ()):
                said = one.get("PartName", "") or one.get("Target", "")
                if said.lstrip("/").casefold() in {name.casefold(), posixpath.basename(name).casefold()}:
                    root.remove(one)
                    self.change(listing)

    def without_macros(self) -> None:
        """Take its macros out, so that its name may end in .xlsx."""
        for name in self.names(r"xl/(_rels/)?vba(Project|ProjectSignature\w*|Data)\.(bin|xml)(\.rels)?"):
            self.drop(name)
        types = self.needed("[Content_Types].xml")
        for one in each(types, "Override", "Default"):
            if "macroEnabled.main" in one.get("ContentType", ""):
                one.set("ContentType", _WORKBOOK)
                self.change("[Content_Types].xml")

    def write(self, file: IO[bytes], streamed: str = "", stream: Callable[[IO[bytes]], None] | None = None) -> None:
        """Write all parts; the one that is `streamed` is written by `stream`, and the styles that it made come last."""
        last = [info for info in self._zip.infolist() if info.filename.casefold() == "xl/styles.xml"]
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=2) as out:
            for info in [*(info for info in self._zip.infolist() if info not in last), *last]:
                if stream is not None and info.filename.casefold() == streamed.casefold():
                    with out.open(_like(info), "w", force_zip64=True) as part:
                        stream(part)
                elif info.filename not in self.dropped:
                    out.writestr(_like(info), self._content(info.filename))
            for name in self._new:
                out.writestr(name, self._content(name))

    def _content(self, name: str) -> bytes:
        content = as_bytes(self._parsed[name]) if name in self._changed else self._replaced.get(name)
        content = self._zip.read(name) if content is None else content
        return _as_workbook(content) if name == "[Content_Types].xml" else content


@contextmanager
def opened(path: Path) -> Iterator[Book]:
    """A workbook while it is worked on; Refused, in a sentence, where it turns out to be damaged."""
    refuse_open_here(path)
    book = Book(path)
    try:
        yield book
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, UnicodeDecodeError) as error:
        raise _damaged(path) from error
    finally:
        book.close()


def _damaged(path: Path) -> Refused:
    return Refused(f"“{path.name}” is damaged. Open it in Excel, save it, and try that copy.")


def ending(template: Path) -> str:
    """How the name of a filled copy ends: a workbook with macros stays one."""
    return _ENDINGS.get(template.suffix.casefold(), ".xlsx")


def each(root: Element, *names: str) -> Iterator[Element]:
    """Every element of these names, in whichever namespace."""
    return root.iter(*(f"{{*}}{name}" for name in names)) if root is not None else iter(())


def as_bytes(root: Element) -> bytes:
    """The XML of a part."""
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


class Block(NamedTuple):
    """A merged block of cells: how its reference is written, its first row and column, its last ones."""

    words: str
    top: int
    left: int
    bottom: int
    right: int


class Grid:
    """The cells of a sheet's XML by row and column, shared formulas told apart."""

    def __init__(self, root: Element, texts: list[str]) -> None:
        self.root, self._texts = root, texts
        self.data = root.find("{*}sheetData")
        if self.data is None:
            self.data = etree.SubElement(root, f"{{{etree.QName(root).namespace}}}sheetData")
        self.rows: dict[int, Element] = {}
        self.cells: dict[int, dict[int, Element]] = {}
        self._place()

    def _place(self) -> None:
        number = 0
        for row in self.data.iterfind("{*}row"):
            said = row.get("r", "")
            number = int(said) if said.isdecimal() else number + 1
            row.set("r", str(number))
            self.rows[number], found, column = row, {}, 0
            for cell in row.iterfind("{*}c"):
                place = _REF.fullmatch(cell.get("r", ""))
                column = number_of(place[1]) if place else column + 1
                cell.set("r", f"{letters_of(column)}{number}")
                found[column] = cell
            self.cells[number] = found

    def merged(self) -> list[Block]:
        """The merged blocks of the sheet."""
        found = []
        for one in each(self.root.find("{*}mergeCells"), "mergeCell"):
            if place := _BLOCK.fullmatch(one.get("ref", "").upper()):
                left, top, right, bottom = place.groups()
                found.append(Block(one.get("ref"), int(top), number_of(left), int(bottom), number_of(right)))
        return found

    def share_nothing(self) -> None:
        """Give each cell its own formula in full."""
        masters: dict[str, tuple[int, int, str]] = {}
        for number, found in self.cells.items():
            for column, cell in found.items():
                formula = cell.find("{*}f")
                if formula is None or formula.get("t") != "shared":
                    continue
                key = formula.get("si", "")
                if formula.text:
                    masters[key] = (number, column, formula.text)
                elif key in masters:
                    row, left, words = masters[key]
                    formula.text = across(words, column - left, number - row)
                for name in ("t", "si", "ref"):
                    formula.attrib.pop(name, None)

    def text(self, row: int, column: int) -> str:
        """What a cell says, if it holds text or a number; blank otherwise."""
        cell = self.cells.get(row, {}).get(column)
        if cell is None:
            return ""
        if cell.get("t") == "inlineStr":
            return "".join(_said(cell))
        said = cell.findtext("{*}v") or ""
        if cell.get("t") == "s":
            return self._texts[int(said)] if said.isdecimal() and int(said) < len(self._texts) else ""
        return str(said)

    def formula(self, row: int, column: int) -> str:
        """A cell's formula; blank if it holds none."""
        cell = self.cells.get(row, {}).get(column)
        return (cell.findtext("{*}f") or "") if cell is not None else ""

    def constant(self, row: int, column: int) -> bool:
        """Whether a cell holds something that was typed."""
        cell = self.cells.get(row, {}).get(column)
        return cell is not None and cell.find("{*}f") is None and bool(self.text(row, column).strip())

    def style(self, row: int, column: int) -> int:
        """The number of a cell's style: its own, else its row's, else its column's."""
        cell = self.cells.get(row, {}).get(column)
        if cell is not None:
            return whole(cell.get("s"))
        line = self.rows.get(row)
        if line is not None and line.get("s"):
            return whole(line.get("s"))
        for one in each(self.root.find("{*}cols"), "col"):
            if whole(one.get("min")) <= column <= whole(one.get("max")):
                return whole(one.get("style"))
        return 0

    def widen(self, widths: Mapping[int, int]) -> None:
        """Give columns that nobody gave a width these."""
        space, holder = etree.QName(self.root).namespace, self.root.find("{*}cols")
        if holder is None:
            holder = etree.Element(f"{{{space}}}cols")
            self.data.addprevious(holder)
        given = [range(whole(one.get("min")), whole(one.get("max")) + 1) for one in each(holder, "col")]
        for column, width in widths.items():
            if not any(column in columns for columns in given):
                said = {"min": str(column), "max": str(column), "width": str(width), "customWidth": "1"}
                etree.SubElement(holder, f"{{{space}}}col", said)
        holder[:] = sorted(holder.iterfind("{*}col"), key=lambda one: whole(one.get("min")))
        if not len(holder):
            self.root.remove(holder)


def _said(element: Element) -> Iterator[str]:
    """The text of a cell or a shared text, how it is to be pronounced left out."""
    for one in each(element, "t"):
        if etree.QName(one.getparent()).localname != "rPh":
            yield one.text or ""


def whole(said: str | None) -> int:
    """A whole number as an attribute says it; 0 for anything else."""
    return int(said) if said and said.isdecimal() else 0


def _as_workbook(types: bytes) -> bytes:
    """The list of types of a workbook, where it was that of a template."""
    return types.replace(b"spreadsheetml.template.main+xml", b"spreadsheetml.sheet.main+xml").replace(
        b"excel.template.macroEnabled.main+xml", b"excel.sheet.macroEnabled.main+xml"
    )


def _like(info: zipfile.ZipInfo) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo(info.filename, info.date_time)
    made.compress_type, made.external_attr = zipfile.ZIP_DEFLATED, info.external_attr
    return made
