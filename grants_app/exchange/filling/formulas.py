"""Formulas of an officer's workbook, moved with the rows they read: references shifted, stretched and filled down."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

LAST_ROW = 1_048_576
_TOKENS = re.compile(
    r"""
    "(?:[^"]|"")*"                                             # text
  | (?P<prefix>(?:'(?:[^']|'')+'|(?:\[\d+\])?[^\W\d][\w.]*(?::[^\W\d][\w.]*)?)!)?   # the sheet
    (?: (?P<cells>\$?[A-Za-z]{1,3}\$?\d{1,7}(?::\$?[A-Za-z]{1,3}\$?\d{1,7})?)
      | (?P<lines>\$?\d{1,7}:\$?\d{1,7}) ) (?![\w.(\[!])
  | \[(?:'.|[^\[\]']|\[(?:'.|[^\[\]'])*\])*\]                  # columns of an Excel table
  | '(?:[^']|'')*'!?
  | [^\W\d][\w.]*
  | \d[\w.]*
  | .
    """,
    re.VERBOSE | re.DOTALL,
)
_CORNER = re.compile(r"(\$?[A-Za-z]{0,3})(\$?)(\d+)")
_ADDING = re.compile(r"(?:SUM|SUBTOTAL|AGGREGATE|AVERAGE|COUNT|COUNTA|MIN|MAX)\((?:\d+,)*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Shift:
    """Rows put into a sheet: `added` of them after row `last`, where the rows filled before stood from `first` on.

    What is below moves down. A range over the columns `left` to `right` that ended with the rows filled ends with them
    again.
    """

    sheet: str
    first: int
    last: int
    added: int
    left: int = 1
    right: int = 16_384

    def row(self, number: int) -> int:
        """Where a row is now."""
        return number + self.added if number > self.last else number

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The rows that a range reaches over now."""
        ends = start <= self.last == end
        return self.row(start), end + self.added if ends else self.row(end)

    def area(self, words: str) -> str:
        """A range of this sheet, `A1:B5` say; anything else is left as it is."""
        return self.formula(words, self.sheet)

    def areas(self, words: str) -> str:
        """Several ranges with spaces between: one that holds the first row filled holds them all now."""
        return " ".join(self._held(area) for area in words.split())

    def formula(self, words: str, home: str, own: int = 0, *, drawn: bool = False) -> str:
        """A formula that stands on the sheet `home`; `own` is its row if it is one of the rows filled.

        A relative reference of such a formula to its own row stays there, though the rows filled end with it. Where
        one row stood, a cell of it that is added up, or `drawn` by a chart, becomes a range.
        """
        made, before = [], ""
        for token in _TOKENS.finditer(words):
            text = token.group()
            if token["cells"] or token["lines"]:
                prefix = token["prefix"] or ""
                if _sheet(prefix, home).casefold() == self.sheet.casefold():
                    text = prefix + self._moved(text[len(prefix) :], own, adding=drawn or bool(_ADDING.search(before)))
            before = (before + text)[-40:]
            made.append(text)
        return "".join(made)

    def _moved(self, words: str, own: int, *, adding: bool) -> str:
        parts = [_part(corner) for corner in words.split(":")]
        if len(parts) == 1:
            name, fixed, number = parts[0]
            across = bool(name) and self.left <= number_of(name) <= self.right
            if adding and across and not own and number == self.first == self.last and self.added:
                return f"{name}{fixed}{number}:{name}{fixed}{number + self.added}"
            return f"{name}{fixed}{self.row(number)}"
        (name, fixed, start), (end_name, end_fixed, end) = parts
        beside = bool(name) and (number_of(end_name) < self.left or number_of(name) > self.right)
        stays = beside or (end == own and not end_fixed)
        first, last = (self.row(start), self.row(end)) if stays else self.span(min(start, end), max(start, end))
        return f"{name}{fixed}{first}:{end_name}{end_fixed}{last}"

    def _held(self, area: str) -> str:
        found = [_CORNER.fullmatch(corner) for corner in area.split(":")]
        if not all(found):
            return area
        corners = [_part(corner) for corner in area.split(":")]
        (name, fixed, start), (end_name, end_fixed, end) = corners[0], corners[-1]
        first, last = self.span(start, end)
        if start <= self.first <= end:
            last = max(last, self.last + self.added)
        one = len(corners) == 1 and first == last
        return f"{name}{fixed}{first}" if one else f"{name}{fixed}{first}:{end_name}{end_fixed}{last}"


Pieces = Sequence[str | int]


def pieces(words: str, row: int) -> Pieces:
    """A formula of one row, cut for filling down: its text, and how far each relative row is from its own."""
    made: list[str | int] = [""]
    for token in _TOKENS.finditer(words):
        if not token["cells"] and not token["lines"]:
            made[-1] = f"{made[-1]}{token.group()}"
            continue
        made[-1] = f"{made[-1]}{token['prefix'] or ''}"
        for place, corner in enumerate((token["cells"] or token["lines"]).split(":")):
            name, fixed, number = _part(corner)
            made[-1] = f"{made[-1]}{':' if place else ''}{name}{fixed}"
            if fixed:
                made[-1] = f"{made[-1]}{number}"
            else:
                made += [number - row, ""]
    return made


def at_row(cut: Pieces, row: int) -> str:
    """The formula as it reads in another row."""
    return "".join(part if isinstance(part, str) else str(min(max(part + row, 1), LAST_ROW)) for part in cut)


def across(words: str, columns: int, rows: int) -> str:
    """A formula as it reads so many columns and rows away: how formulas that a workbook shares are told apart."""
    made = []
    for token in _TOKENS.finditer(words):
        prefix = token["prefix"] or ""
        if token["cells"]:
            made.append(prefix + ":".join(_away(corner, columns, rows) for corner in token["cells"].split(":")))
        elif token["lines"]:
            made.append(prefix + ":".join(_away(corner, 0, rows) for corner in token["lines"].split(":")))
        else:
            made.append(token.group())
    return "".join(made)


def reads(words: str, home: str) -> set[str]:
    """The sheets that a formula reads cells of, and the names in it, folded."""
    found = set()
    for token in _TOKENS.finditer(words):
        if token["cells"] or token["lines"]:
            found.add(_sheet(token["prefix"] or "", home).casefold())
        elif token.group()[:1].isalpha() or token.group()[:1] in "_'":
            found.add(token.group().strip("'!").replace("''", "'").casefold())
    return found


def areas_read(words: str, home: str) -> list[tuple[int, int, int, int]]:
    """What a formula reads of its own sheet: the first column, first row, last column and last row of each range."""
    found = []
    for token in _TOKENS.finditer(words):
        if token["cells"] and _sheet(token["prefix"] or "", home).casefold() == home.casefold():
            corners = [_part(corner) for corner in token["cells"].split(":")]
            (name, _, row), (end_name, _, end) = corners[0], corners[-1]
            found.append((number_of(name), min(row, end), number_of(end_name), max(row, end)))
    return found


def number_of(letters: str) -> int:
    """A column's number by its letters: A is 1."""
    number = 0
    for letter in letters.strip("$").upper():
        number = number * 26 + ord(letter) - 64
    return number


def letters_of(number: int) -> str:
    """A column's letters by its number."""
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _part(corner: str) -> tuple[str, str, int]:
    """The column, the sign that fixes the row, the row."""
    found = _CORNER.fullmatch(corner)
    assert found is not None, corner
    name, fixed, number = found.groups()
    return (name, fixed, int(number)) if name != "$" else ("", "$", int(number))


def _away(corner: str, columns: int, rows: int) -> str:
    name, fixed, number = _part(corner)
    if name and not name.startswith("$"):
        name = letters_of(number_of(name) + columns)
    return f"{name}{fixed}{number if fixed else number + rows}"


def _sheet(prefix: str, home: str) -> str:
    return prefix[:-1].strip("'").replace("''", "'") if prefix else home
