"""What is said by path as JSON: the objects of the standard, drawn once for all grants that say the same paths."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from json.encoder import encode_basestring
from typing import Any

from grants_app.exchange.giving import titles
from grants_app.exchange.giving.facts import sort_of

Values = dict[str, Any]
"""What is said, by path: text, a number, a date, or a list of texts."""
encode = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode
_WRITTEN: dict[type, Callable[[Any], str]] = {
    str: encode_basestring, int: int.__repr__, float: float.__repr__, list: encode,
    date: lambda day: f'"{day.isoformat()}"',
}  # fmt: skip


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
    if titles.path_of(path) == path:
        for part in parts[:-1]:
            at: Any = int(part) if part.isdecimal() else part
            known = node is not None and (at < len(node) if isinstance(node, list) else at in node)
            node = node[at] if known else None
        if isinstance(node, dict):
            node[parts[-1]] = values[path]
            return
    plain = len(parts) > 1 and all(parts) and not any(part.isdecimal() for part in parts)
    if not plain or titles.is_object(parts[0]) or any("/".join(parts[:n]) in values for n in range(1, len(parts))):
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
