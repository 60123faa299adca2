"""Reading a 360Giving package (JSON): each grant as a row, each column named by its path in the grant."""

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from grants_app.errors import Refused
from grants_app.exchange.sources import delimited

_DEEPEST = 20
_MOST_COLUMNS = 20_000


class Package:
    """A package file, read whole: its grants and what it says of itself."""

    def __init__(self, path: Path) -> None:
        """Refuse what is not JSON, with its line and column, and what holds no grants."""
        self.path = path
        content = self._parsed()
        grants = content.get("grants") if isinstance(content, dict) else content
        if not isinstance(grants, list):
            raise Refused(f"“{path.name}” has no list of “grants”, so it is not a 360Giving file.")
        self.meta = {k: v for k, v in content.items() if k != "grants"} if isinstance(content, dict) else {}
        self.columns: dict[str, int] = {}
        for place, grant in enumerate(grants, 1):
            if not isinstance(grant, dict):
                raise Refused(f"“{path.name}”, grant {place:,} is not an object with fields.")
            for name, _ in _leaves(grant, ""):
                self.columns.setdefault(name, len(self.columns))
            if len(self.columns) > _MOST_COLUMNS:
                raise Refused(f"“{path.name}” has more than {_MOST_COLUMNS:,} different fields: it is not read.")
        self._grants: list[dict[str, Any]] = grants

    def rows(self) -> Iterator[tuple[int, list[object]]]:
        """The paths as row 0, then each grant under its place in the list, from 1."""
        yield 0, list(self.columns)
        for number, grant in enumerate(self._grants, 1):
            row: list[object] = [""] * len(self.columns)
            for name, value in _leaves(grant, ""):
                row[self.columns[name]] = value
            yield number, row

    def _parsed(self) -> Any:
        encoding = delimited.encoding_of(self.path)
        try:
            text = self.path.read_text(encoding=encoding)
            return json.loads(text, parse_float=Decimal, parse_constant=_no_constant)
        except json.JSONDecodeError as error:
            raise Refused(
                f"“{self.path.name}” is not well-formed JSON: line {error.lineno}, column {error.colno}: "
                f"{_in_words(error.msg)}. Nothing was read."
            ) from error
        except RecursionError as error:
            raise Refused(
                f"“{self.path.name}” cannot be read as JSON: it is nested too deep. Nothing was read."
            ) from error
        except ValueError as error:
            why = str(error) if str(error).endswith("JSON allows") else "a number in it has thousands of digits"
            raise Refused(f"“{self.path.name}” cannot be read as JSON: {why}. Nothing was read.") from error


_IN_WORDS = {
    "Expecting value": "a value is missing",
    "Expecting ',' delimiter": "a comma is missing",
    "Expecting ':' delimiter": "a colon is missing",
    "Expecting property name": "a field's name in double quotation marks is missing",
    "Extra data": "there is more after the end",
    "Unterminated string": "a text begins here and is never closed",
    "control character": "a text holds a line break or another control character",
    "escape": "a backslash in a text means nothing there",
    "trailing comma": "there is a comma too many",
}


def _in_words(said: str) -> str:
    return next((words for part, words in _IN_WORDS.items() if part in said), "it makes no sense there")


def _leaves(value: Any, path: str, depth: int = 0) -> Iterator[tuple[str, object]]:
    """Every single value with its path, blanks left out."""
    if depth > _DEEPEST:
        raise Refused(f"The field “{path[:80]}” is nested more than {_DEEPEST} deep: the file is not read.")
    if isinstance(value, dict):
        for key, part in value.items():
            yield from _leaves(part, f"{path}/{key}" if path else key, depth + 1)
    elif isinstance(value, list):
        for place, part in enumerate(value):
            yield from _leaves(part, f"{path}/{place}", depth + 1)
    elif value is not None and value != "":
        yield path, value


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not a number that JSON allows")
