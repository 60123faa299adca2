"""Reading JSON: a 360Giving package, each grant a row and each column named by its path; or any list of objects."""

import json
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from grants_app.errors import Refused
from grants_app.exchange.sources import delimited

_DEEPEST = 20
_DEEPEST_LIST = 4
_GIVING = ("amountAwarded", "recipientOrganization", "recipientIndividual", "fundingOrganization")
_CALLED = {"id", "ref", "reference", "identifier"}


class Package:
    """A JSON file, read whole: its lists of objects, by name, and what else it says of itself."""

    def __init__(self, path: Path) -> None:
        """Refuse what is not JSON, with its line and column, and what holds no list of objects."""
        self.path = path
        content = self._parsed()
        lists = _lists(content)
        if not lists:
            raise Refused(
                f"“{path.name}” has no list of “grants”, nor of other records, as [{{…}}, {{…}}]. Ask for it as such a "
                "list, as a workbook or as CSV."
            )
        self.meta = {k: v for k, v in content.items() if k not in lists} if isinstance(content, dict) else {}
        self.tables = {name: Records(path, records) for name, records in lists.items()}

    @property
    def is_giving(self) -> bool:
        """Whether it is a package of the 360Giving standard."""
        return any(one.is_giving for one in self.tables.values())

    def _parsed(self) -> Any:
        text, encoding = "", delimited.encoding_of(self.path)
        try:
            text = self.path.read_text(encoding=encoding)
            return json.loads(text, parse_float=Decimal, parse_constant=_no_constant)
        except json.JSONDecodeError as error:
            if error.msg == "Extra data" and (records := _line_by_line(text)):
                return records
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


class Records:
    """One list of objects."""

    def __init__(self, path: Path, records: list[dict[str, Any]]) -> None:
        """Refuse a list that holds something else, and one of too many different fields."""
        self.columns: dict[str, int] = {}
        for place, record in enumerate(records, 1):
            if not isinstance(record, dict):
                raise Refused(f"“{path.name}”, grant {place:,} is not an object with fields.")
            for name, _ in _leaves(record, ""):
                self.columns.setdefault(name, len(self.columns))
            if len(self.columns) > delimited.MOST_COLUMNS:
                raise Refused(
                    f"“{path.name}” has more than {delimited.MOST_COLUMNS:,} different fields: it is not read."
                )
        self._records = records
        self.is_giving = any(name.startswith(_GIVING) for name in self.columns)

    def rows(self) -> Iterator[tuple[int, list[object]]]:
        """The paths (outside the standard, in words) as row 0, then each object under its place in the list, from 1."""
        yield 0, list(self.columns) if self.is_giving else _in_titles(self.columns)
        for number, record in enumerate(self._records, 1):
            row: list[object] = [""] * len(self.columns)
            for name, value in _leaves(record, ""):
                row[self.columns[name]] = value
            yield number, row


def _lists(content: Any, name: str = "grants", depth: int = 0) -> dict[str, list[dict[str, Any]]]:
    """The lists of objects in a file, by the names that they stand under; of a package, its grants come first."""
    if isinstance(content, list):
        return {name: content}
    if not isinstance(content, dict) or depth > _DEEPEST_LIST:
        return {}
    found = {"grants": content["grants"]} if isinstance(content.get("grants"), list) else {}
    for key, value in content.items():
        listed = isinstance(value, list) and value and all(isinstance(one, dict) for one in value)
        if key != "grants" and (listed or isinstance(value, dict)):
            for inner, records in _lists(value, key, depth + 1).items():
                found.setdefault(inner if inner not in found else f"{key} {inner}", records)
    return found or _by_key(content)


def _by_key(content: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Objects of the same fields, each under its own key, as a list: the key is what each is called by."""
    records = list(content.values())
    if not records or not all(isinstance(one, dict) for one in records) or not set.intersection(*map(set, records)):
        return {}
    called = any(key.casefold() in _CALLED for one in records for key in one)
    return {"records": records if called else [{"Reference": key, **one} for key, one in content.items()]}


def _in_titles(paths: Iterable[str]) -> list[object]:
    """Paths as titles: "organisation/name" is "organisation name", "payments/0/amount" is "payment 1 amount"."""
    found: dict[str, None] = {}
    for path in paths:
        words: list[str] = []
        for part in path.split("/"):
            if part.isdecimal() and words:
                words[-1] = words[-1].removesuffix("s")
            words.append(str(int(part) + 1) if part.isdecimal() and len(part) < 6 else part)
        title = " ".join(words).replace("_", " ")
        found[title if title not in found else path] = None
    return list(found)


def _line_by_line(text: str) -> list[dict[str, Any]]:
    """The objects of a file that has one on each line; none where it is no such file."""
    try:
        found = [json.loads(line, parse_float=Decimal) for line in text.splitlines() if line.strip()]
    except (ValueError, RecursionError):
        return []
    return found if all(isinstance(one, dict) for one in found) else []


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
