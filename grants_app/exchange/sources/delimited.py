"""Reading CSV and its kin, whatever their encoding and separator; rows are numbered as a spreadsheet would."""

import codecs
import csv
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from grants_app.errors import Refused
from grants_app.exchange.separated import unguarded

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NAMES = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8", "cp1252": "Windows-1252", "latin-1": "Latin-1"}
_SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_SAMPLE_ROWS = 60
_SAMPLE_CHARACTERS = 1_000_000
_CHUNK = 1 << 19
MOST_COLUMNS = 20_000


class Delimited:
    """A text file of rows; its encoding and separator are found on opening."""

    def __init__(self, path: Path) -> None:
        """Refuse a file that is not text in lines."""
        self.path = path
        _check_lines(path)
        self.encoding = encoding_of(path)
        self.separator = self._find_separator()
        self.description = (
            f"{_NAMES.get(self.encoding, self.encoding.upper())} text separated by {_SEPARATORS[self.separator]}"
        )

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Each row with its number, as often as asked; refuse quotation marks that are never closed."""
        pending: list[str] = []
        number = 0
        with self.path.open(encoding=self.encoding, newline="") as file:
            reader = csv.reader(_remembering(file, pending), delimiter=self.separator)
            try:
                for number, row in enumerate(reader, 1):
                    if len(row) > MOST_COLUMNS:
                        raise Refused(
                            f"“{self.path.name}”, row {number:,} has {len(row):,} columns; at most {MOST_COLUMNS:,} "
                            "can be read."
                        )
                    alone = len(pending) == 1
                    guarded = "'" in pending[0] if alone else any("'" in line for line in pending)
                    yield number, [unguarded(cell) for cell in row] if guarded else row
                    if not alone:
                        self._check_closed(pending, number)
                    pending.clear()
            except csv.Error as error:
                raise self._not_closed(number + 1) from error

    def _check_closed(self, lines: list[str], number: int) -> None:
        """A row of several lines may be one whose quotation mark is never closed, and which swallowed the rest."""
        try:
            list(csv.reader(lines, delimiter=self.separator, strict=True))
        except csv.Error as error:
            if "end of data" in str(error):
                raise self._not_closed(number) from error

    def _not_closed(self, number: int) -> Refused:
        return Refused(
            f"“{self.path.name}”, row {number:,}: a quotation mark is opened and never closed, so the rows after it "
            "cannot be told apart. Mend that row, or ask for the file as a workbook."
        )

    def _find_separator(self) -> str:
        """The one that cuts the first rows into the most columns most evenly; a comma if none does."""
        with self.path.open(encoding=self.encoding, newline="") as file:
            lines: list[str] = []
            for line in islice(file, _SAMPLE_ROWS):
                lines.append(line)
                if sum(map(len, lines)) > _SAMPLE_CHARACTERS:
                    break
        scores = {}
        for separator in _SEPARATORS:
            try:
                widths = [len(row) for row in csv.reader(lines, delimiter=separator) if row]
            except csv.Error:
                widths = []
            width, count = Counter(widths).most_common(1)[0] if widths else (1, 0)
            scores[separator] = (width - 1) * count / max(len(widths), 1)
        best = max(scores, key=lambda separator: scores[separator])
        return best if scores[best] > 0 else ","


def encoding_of(path: Path) -> str:
    """How the file's text is encoded: by its mark, else UTF-16 by its noughts, else UTF-8, else Windows-1252."""
    with path.open("rb") as file:
        start = file.read(4096)
        for mark, name in _BOMS:
            if start.startswith(mark):
                return _checked(path, name)
        noughts = start.count(b"\0")
        if noughts > len(start) // 4:
            return _checked(path, "utf-16-le" if start[1::2].count(b"\0") > noughts // 2 else "utf-16-be")
        if noughts > 8:
            raise Refused(f"“{path.name}” is neither a spreadsheet nor text.")
        file.seek(0)
        return _eight_bit(iter(lambda: file.read(1 << 20), b""))


def _checked(path: Path, name: str) -> str:
    """That encoding; Refused if the file begins so and cannot be read so to its end."""
    decoder = codecs.getincrementaldecoder(name)()
    with path.open("rb") as file:
        try:
            for chunk in iter(lambda: file.read(1 << 20), b""):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError as error:
            words = _NAMES.get(name, name.upper())
            raise Refused(
                f"“{path.name}” begins as {words} text and is damaged further on. Ask for it again."
            ) from error
    return name


def _check_lines(path: Path) -> None:
    """Refuse a file whose lines have no end: each is held whole."""
    with path.open("rb") as file:
        ended = True
        for chunk in iter(lambda: file.read(_CHUNK), b""):
            ends = b"\n" in chunk or b"\r" in chunk
            if not ends and not ended:
                raise Refused(f"“{path.name}” has a line of more than half a million characters, which no table has.")
            ended = ends


def _eight_bit(chunks: Iterator[bytes]) -> str:
    decoder = codecs.getincrementaldecoder("utf-8")()
    fallback = "cp1252"
    utf8 = True
    for chunk in chunks:
        try:
            if utf8:
                decoder.decode(chunk)
        except UnicodeDecodeError:
            utf8 = False
        if any(byte in chunk for byte in b"\x81\x8d\x8f\x90\x9d"):  # not in Windows-1252
            fallback = "latin-1"
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        utf8 = False
    return "utf-8" if utf8 else fallback


def _remembering(lines: Iterator[str], pending: list[str]) -> Iterator[str]:
    for line in lines:
        pending.append(line)
        yield line
