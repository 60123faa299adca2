"""Rows that share an identifier: copies of one row, and rows that say different things of one grant."""

from collections.abc import Sequence
from typing import Any

from grants_app.exchange.rows import Said

_Where = tuple[str, int]


class Repeats:
    """Hears every row of a file once (`count` so far), then knows which of them may not be stored, and why."""

    def __init__(self) -> None:
        """No row yet."""
        self._first: dict[tuple[str, str], tuple[int, int, _Where]] = {}
        self._groups: dict[tuple[str, str], list[tuple[int, int, _Where]]] = {}
        self.count = 0

    def hear(self, key: tuple[str, str] | None, cells: Sequence[Any], where: _Where) -> None:
        """Take note of the next row and of where it stands; without a key it is not compared."""
        if key is not None:
            heard = (self.count, hash(tuple(cells)), where)
            if key in self._first:
                self._groups.setdefault(key, [self._first[key]]).append(heard)
            else:
                self._first[key] = heard
        self.count += 1

    def verdicts(self) -> dict[int, Said]:
        """What is wrong with which row (counted from 0): it repeats another, or clashes with one."""
        found: dict[int, Said] = {}
        for group in self._groups.values():
            first = group[0]
            other = next((one for one in group if one[1] != first[1]), None)
            for one in group if other else group[1:]:
                against = (other if one[1] == first[1] else first) if other else first
                place = _place(against[2], one[2][0])
                words = "clashes with" if other else "repeats"
                why = "they share an identifier and differ" if other else "they agree in every cell"
                found[one[0]] = Said("", f"This row {words} {place}: {why}")
        return found


def _place(where: _Where, sheet: str) -> str:
    return f"row {where[1]:,}" if where[0] == sheet else f"row {where[1]:,} of sheet “{where[0]}”"
