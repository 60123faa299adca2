"""How far the cells of a sheet reach: a reader keeps the whole rectangle in memory, however few cells it holds."""

import re
import zipfile
from pathlib import Path
from xml.parsers import expat

from grants_app.errors import Refused

MOST_CELLS = 25_000_000
MOST_SPARSE = 1_500_000
"""The largest rectangle that may be nearly empty: one cell in SPARSE filled."""

SPARSE = 50

_MOST_FLAWS = 10_000
_LONGEST_TAG = 1 << 18
_MANY_COLUMNS = 50  # with no more, cells that name a row of five digits cannot take much room
_PLACE = re.compile(rb'<(?:\w{1,9}:)?c\s(?:[^>/]*\s)?r="([A-Za-z]{1,9})(\d{1,19})"[^>/]*>(?!</)')
_LOOSE_PLACE = re.compile(rb"""<(?:\w{1,9}:)?c\s[^>]*?\br\s*=\s*['"]([A-Za-z]{1,9})(\d{1,19})['"]""")
_PLACELESS = re.compile(rb"""<(?:\w{1,9}:)?c(?:\s+[a-qs-z]\w*\s*=\s*["'][^"']*["'])*\s*>""")
_ROW = re.compile(rb'<(?:\w{1,9}:)?row\s(?:[^>/]*\s)?r\s*=\s*["\'](\d{1,19})["\']')
_PLAIN_ROW = re.compile(rb'<row r="(\d{1,19})"')
_HIDDEN_ROW = re.compile(rb'<row\b[^>]* hidden="')
_WIDE = re.compile(rb'<c r="([A-Z]{2,9})\d')
_FAR_DOWN = re.compile(rb'<c r="[A-Z]{1,9}(\d{6,19})"')
_CELL = rb'<c r="([A-Z]{1,3})(\d{1,7})"'
_ERROR = re.compile(_CELL + rb'[^>]* t="e"[^>]*>(?:<f[^>]*/>|<f[^<]*</f>)?<v>([^<]{1,20})</v>')
_UNRECKONED = re.compile(_CELL + rb"[^>]*>(?:<f[^>]*/>|<f[^>]*>([^<]*)</f>)(?:<v ?/>|<v></v>)?</c>")
Flaws = dict[str, dict[tuple[int, int], str]]
"""By sheet or part: the cells (row and column from 1) that hold an error of Excel, or a formula without its result."""


def too_wide(path: Path, rows: int, columns: int) -> Refused:
    """The refusal of a sheet whose cells lie so far apart that nobody can have meant it."""
    return Refused(
        f"“{path.name}” has a sheet of {rows:,} rows by {columns:,} columns. Delete the empty rows and columns beyond "
        "your data, save, and try again."
    )


class Extent:
    """Rows and columns that cells with a value reach, how many cells those are, and which are flawed."""

    def __init__(self) -> None:
        self.rows = self.columns = self.filled = self.before = 0
        self.flaws: dict[tuple[int, int], str] = {}
        self.has_hidden = False

    @property
    def is_too_wide(self) -> bool:
        """Whether its rectangle is larger than can be kept, or large and nearly empty."""
        cells = self.before + self.rows * self.columns
        return cells > MOST_CELLS or (cells > MOST_SPARSE and cells > SPARSE * self.filled)

    @property
    def is_doubtful(self) -> bool:
        """Whether it was measured in haste, and must be measured exactly before anything is refused."""
        return False

    def flaws_in(self, part: str) -> Flaws:
        """The flawed cells under the name of the part, or of the sheets in it where it holds them all."""
        return {part: self.flaws}

    def feed(self, chunk: bytes) -> None:
        """Take in the next piece of the sheet's XML."""
        raise NotImplementedError

    def end(self) -> None:
        """There is no more."""


class ExcelExtent(Extent):
    """Goes by the places that cells name (`<c r="B7">`).

    In haste it counts tags as Excel writes them, blank formatted cells included; `exact`, or for XML that no program
    writes so, it looks at each cell, and one without a value takes no room.
    """

    def __init__(self, *, exact: bool = False) -> None:
        super().__init__()
        self.exact = exact
        self._tail = b""

    @property
    def is_doubtful(self) -> bool:
        """Whether cells without a value may have been counted, or cells that claim another row than theirs not."""
        return not self.exact and (self.is_too_wide or self.columns > _MANY_COLUMNS)

    def feed(self, chunk: bytes) -> None:
        """Take in the next piece; a cell cut in two waits for its other half."""
        text = self._tail + chunk
        cut = max(text.rfind(b"<c "), text.rfind(b"<row"), 0) or text.rfind(b"<")
        if cut <= 0 or len(text) - cut > _LONGEST_TAG:
            cut = len(text)
        self._tail = text[cut:]
        self._take(text[:cut])

    def end(self) -> None:
        """Take in what waits."""
        self._take(self._tail)

    def _take(self, text: bytes) -> None:
        self.has_hidden |= b' hidden="' in text and bool(_HIDDEN_ROW.search(text))
        if b't="e"' in text or b"<f" in text:
            self._find_flaws(text)
        cells = text.count(b'<c r="')
        plain = cells == text.count(b"<c ") and b"<c>" not in text and b":c " not in text and b":c>" not in text
        rows = _PLAIN_ROW.findall(text)
        if self.exact or not plain or len(rows) != text.count(b"<row") or b":row" in text:
            self._look_at_each(text)
            return
        self.filled += cells
        if numbers := {*rows, *_FAR_DOWN.findall(text)}:
            self.rows = max(self.rows, *map(int, numbers))
        if wide := set(_WIDE.findall(text)):
            self.columns = max(self.columns, *map(column_of, wide))
        while self.columns < 26 and (left := self._rightmost(text)):
            self.columns = left

    def _rightmost(self, text: bytes) -> int:
        """The rightmost column of one letter beyond those known; 0 if there is none."""
        letters = range(26, self.columns, -1)
        return next((number for number in letters if b'<c r="%c' % (64 + number) in text), 0)

    def _look_at_each(self, text: bytes) -> None:
        places = _PLACE.findall(text)
        if b"='" in text or b" =" in text:  # as no program writes it, and as any may read it
            places += _LOOSE_PLACE.findall(text)
        if places:
            self.filled += len(places)
            self.rows = max(self.rows, *map(int, {number for _, number in places}))
            self.columns = max(self.columns, *map(column_of, {letters for letters, _ in places}))
        if _PLACELESS.search(text):  # such a cell stands in its row, wherever that says it is
            self.rows = max([self.rows, *map(int, _ROW.findall(text))])
            self.columns = max(self.columns, 1)

    def _find_flaws(self, text: bytes) -> None:
        for pattern, before in ((_ERROR, ""), (_UNRECKONED, "=")):
            for letters, row, said in pattern.findall(text) if len(self.flaws) < _MOST_FLAWS else ():
                self.flaws[int(row), column_of(letters)] = before + said.decode("utf-8", "replace")


def column_of(letters: bytes) -> int:
    """The number of a column, from 1, by its letters."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


class OpenDocumentExtent(Extent):
    """Counts repeated rows and cells, as far as the last that holds a value."""

    def __init__(self) -> None:
        super().__init__()
        self._row = self._column = self._repeat = self._filled = 0
        self._sheets: Flaws = {}
        self._flaw: tuple[int, int] | None = None
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text

    def feed(self, chunk: bytes) -> None:
        """Parse on; XML that is not well formed is a bad zip file."""
        try:
            self._parser.Parse(chunk)
        except expat.ExpatError as error:
            raise zipfile.BadZipFile from error

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "table:table":
            self.before += self.rows * self.columns  # all tables are held at once
            self._row = self.rows = self.columns = 0
            self.flaws = self._sheets[attributes.get("table:name", "")] = {}
        elif name == "table:table-row":
            self._repeat, self._column, self._filled = int(attributes.get("table:number-rows-repeated", "1")), 0, 0
        elif name in {"table:table-cell", "table:covered-table-cell"}:
            self._column += int(attributes.get("table:number-columns-repeated", "1"))
            if "office:value-type" in attributes:
                self._filled = self._column
                self.filled += 1
            if attributes.get("calcext:value-type") == "error" and len(self.flaws) < _MOST_FLAWS:
                self._flaw = self._row + 1, self._column
                self.flaws[self._flaw] = ""

    def flaws_in(self, part: str) -> Flaws:
        """By the names of the sheets: one part holds them all."""
        return self._sheets

    def _text(self, text: str) -> None:
        if self._flaw:
            self.flaws[self._flaw] += text

    def _end(self, name: str) -> None:
        if name in {"table:table-cell", "table:covered-table-cell"}:
            self._flaw = None
        if name == "table:table-row":
            self._row += self._repeat
            if self._filled:
                self.rows, self.columns = max(self.rows, self._row), max(self.columns, self._filled)
