"""Values by the paths of the standard: what an import kept, as it goes out again, and all of them drawn as JSON."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from json.encoder import encode_basestring
from typing import Any

from grants_app import wording
from grants_app.exchange.giving import standard
from grants_app.exchange.giving import values as giving_values
from grants_app.exchange.giving.standard import LISTS, sort_of
from grants_app.exchange.sources.cellvalues import text_of
from grants_app.records.organisation import POSTCODE

Values = dict[str, Any]
"""What is said, by path: text, a number, a date, or a list of texts."""
encode = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode
_WRITTEN: dict[type, Callable[[Any], str]] = {
    str: encode_basestring, int: int.__repr__, float: float.__repr__, list: encode,
    date: lambda day: f'"{day.isoformat()}"',
}  # fmt: skip
_PERSONAL = {"contactName", "email", "telephone"}
CODED = {"id", "charityNumber", "companyNumber", "postalCode", "geoCode", "geoCodeType", "code"}
"""Last names of paths whose values are codes, which may look like a telephone number."""


@dataclass
class Part:
    """What several grants say alike, their organisation or their places say: checked and written once for them all.

    `stops`: whether a fault in it keeps its grants from going out; None while nobody has looked.
    """

    values: Values
    stops: bool | None = None

    @cached_property
    def members(self) -> str:
        """Its members in the object of a grant."""
        return members(self.values)


def members(values: Values) -> str:
    """What is said by path as the members of a JSON object, without its braces."""
    written = [_WRITTEN[value.__class__](value) for value in values.values()]
    return _drawn(tuple(values)).format(*written)


@lru_cache(maxsize=2000)
def _drawn(paths: tuple[str, ...]) -> str:
    """The members that these paths make, with a numbered hole for the value of each."""
    return _pattern(nested({path: f"{{{place}}}" for place, path in enumerate(paths)}))[2:-2]


def _pattern(node: Any) -> str:
    if isinstance(node, dict):
        return f"{{{{{', '.join(f'{_named(name)}: {_pattern(value)}' for name, value in node.items())}}}}}"
    return f"[{', '.join(map(_pattern, node))}]" if isinstance(node, list) else str(node)


def _named(name: str) -> str:
    return encode(name).replace("{", "{{").replace("}", "}}")


def nested(values: Values) -> dict[str, Any]:
    """What a grant says by path as the object that the standard's JSON has; what is outside it keeps its own name."""
    root: dict[str, Any] = {}
    others: list[str] = []
    for path, value in values.items():
        *steps, last = _steps(path)
        if not last:
            others.append(path)
            continue
        node: Any = root
        for step, empty in steps:
            if step.__class__ is int:
                while len(node) <= step:
                    node.append({})
                node = node[step]
            elif step in node:
                node = node[step]
            else:
                node[step] = node = empty()
        node[last] = value
    for path in others:
        _put_beside(root, path, values)
    return root


def _put_beside(root: dict[str, Any], path: str, values: Values) -> None:
    """What is outside the standard: within the object that it names, else under its own name as it is."""
    parts = path.split("/")
    node: Any = root
    if standard.path_of(path) == path:
        for part in parts[:-1]:
            at: Any = int(part) if part.isdecimal() else part
            known = node is not None and (at < len(node) if isinstance(node, list) else at in node)
            node = node[at] if known else None
        if isinstance(node, dict):
            node[parts[-1]] = values[path]
            return
    plain = len(parts) > 1 and all(parts) and not any(part.isdecimal() for part in parts)
    if not plain or standard.is_object(parts[0]) or any("/".join(parts[:n]) in values for n in range(1, len(parts))):
        root[path] = values[path]
        return
    node = root
    for part in parts[:-1]:
        node = node.setdefault(part, {})
    node[parts[-1]] = values[path]


@lru_cache(maxsize=20_000)
def _steps(path: str) -> tuple[Any, ...]:
    """The way to a value of the standard: names and numbers, each with what it leads to, and the last name.

    The last is "" where the path is outside the standard and has parts.
    """
    if "/" not in path:
        return (path,)
    if not sort_of(path):
        return ("",)
    parts = [int(part) if part.isdecimal() else part for part in path.split("/")]
    led = [list if following.__class__ is int else dict for following in parts[1:]]
    return (*zip(parts, led, strict=False), parts[-1])


def superseded(kept: Mapping[str, Any], programme: Values, *, places: bool) -> tuple[str, ...]:
    """Beginnings of paths that what was kept has no say in, since the record tells otherwise."""
    found = ["beneficiaryLocation/"] if places else []
    for array, name in (("grantProgramme/0/", "title"), ("fundingOrganization/0/", "name")):
        other = kept.get(f"{array}{name}")
        if other and wording.folded(str(other)) != wording.folded(programme.get(f"{array}{name}", "")):
            found.append(array)
    return tuple(found)


def add_kept(
    values: Values, kept: Mapping[str, Any], unwanted: tuple[str, ...] = (), *, person: bool = False
) -> list[tuple[str, str]]:
    """Put what was kept among the values, where they do not say it already; what is held back, and why."""
    held: list[tuple[str, str]] = []
    lists: dict[str, list[str]] = {}
    other = "recipientOrganization" if person else "recipientIndividual"
    diverse = False
    for (key, raw), (path, sort, owner, scanned, barred) in zip(kept.items(), _manners(tuple(kept)), strict=True):
        diverse = diverse or owner == "deiDetails"
        if path in values or barred or owner == other or (unwanted and key.startswith(unwanted)):
            continue
        text = raw if raw.__class__ is str else text_of(raw)
        if sort in LISTS:
            lists.setdefault(path, []).append(text)
            continue
        value, why = giving_values.read(sort, text) if sort not in {"", "text"} else (text, "")
        if scanned and not why and (what := giving_values.personal(text)):
            why = f"It holds {what}"
        if person and path.endswith("geoCode") and POSTCODE.fullmatch(text.upper()):
            why = "A postcode tells where a person lives"
        if why:
            held.append((path, f"{why}: left out of the file"))
        else:
            values[path] = value
    for path, texts in lists.items():
        words, why = giving_values.words_in(sort_of(path), texts)
        if words:
            values[path] = words
        if why:
            held.append((path, f"{why}: left out of the file"))
    return held + _whole_dei(values) if diverse else held


def _whole_dei(values: Values) -> list[tuple[str, str]]:
    """Take out what is told of diversity where it is not told in full, as the extension has it."""
    told_of = [path for path in values if path.startswith("deiDetails/")]
    if not told_of or all(f"deiDetails/{area}/askedStatus" in values for area in ("leadership", "mission", "project")):
        return []
    for path in told_of:
        del values[path]
    return [("deiDetails", "It needs an asked status for leadership, mission and project: left out of the file")]


def numbered(values: Values) -> Values:
    """The same with the items of each array numbered without a gap."""
    if not _any_later(tuple(values)):
        return values
    taken: dict[str, set[int]] = {}
    for path in values:
        for array, place in _places(path):
            taken.setdefault(array, set()).add(place)
    if all(max(places) == len(places) - 1 for places in taken.values()):
        return values
    anew = {array: {old: new for new, old in enumerate(sorted(places))} for array, places in taken.items()}
    found: Values = {}
    for path, value in values.items():
        parts = path.split("/")
        for array, place in _places(path):
            parts[array.count("/") + 1] = str(anew[array][place])
        found["/".join(parts)] = value
    return found


@lru_cache(maxsize=2000)
def _any_later(paths: tuple[str, ...]) -> bool:
    """Whether one is of an array's second item, or of a later one."""
    return any(place > 0 for path in paths for _, place in _places(path))


@lru_cache(maxsize=20_000)
def _places(path: str) -> tuple[tuple[str, int], ...]:
    """The arrays of a path of the standard, each with the item's number."""
    if not sort_of(path):
        return ()
    parts = path.split("/")
    return tuple(("/".join(parts[:at]), int(part)) for at, part in enumerate(parts) if part.isdecimal())


@lru_cache(maxsize=2000)
def _manners(keys: tuple[str, ...]) -> tuple[tuple[str, str, str, bool, bool], ...]:
    return tuple(map(_manner, keys))


@lru_cache(maxsize=20_000)
def _manner(key: str) -> tuple[str, str, str, bool, bool]:
    """How what was kept under a key goes out: path, sort, object that it is of, whether to look for a person in it.

    At last whether it stays here: a person's details, or a name that the standard has for something else.
    """
    sort, leaf, owner = sort_of(key), key.rsplit("/", 1)[-1], standard.belongs_to(key)
    path = key.rsplit("/", 1)[0] if sort in LISTS and leaf.isdecimal() else key
    known = (standard.path_of(key) or key).rsplit("/", 1)[-1]
    person = known in _PERSONAL and owner in {"recipientOrganization", "fundingOrganization"}
    return path, sort, owner, sort in {"", "text", "uri"} and leaf not in CODED, person or standard.is_object(key)
