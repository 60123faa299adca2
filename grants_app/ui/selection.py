"""Which rows of a list are chosen: a set of ids, or all but a set, so that a million cost no more than one."""

from array import array
from collections.abc import Iterable
from itertools import filterfalse

_AT_ONCE = 20_000


class Selection:
    """The chosen rows by id; `everything` stands for all rows of the list, whatever they are."""

    def __init__(self) -> None:
        self.everything = False
        self._ids: set[int] = set()

    def __contains__(self, record: int) -> bool:
        """Whether a row is chosen."""
        return (record in self._ids) is not self.everything

    def only(self, ids: Iterable[int]) -> None:
        """Choose these and no others."""
        self.everything, self._ids = False, set(ids)

    def all(self) -> None:
        """Choose every row of the list, those not yet read included."""
        self.everything, self._ids = True, set()

    def toggle(self, record: int) -> None:
        """Choose a row that is not chosen, let go of one that is."""
        self._ids ^= {record}

    def count(self, total: int) -> int:
        """How many are chosen in a list of so many."""
        return total - len(self._ids) if self.everything else len(self._ids)

    def pick(self, ids: "array[int]") -> "array[int]":
        """The chosen ones of a list's ids, in its order."""
        if self.everything and not self._ids:
            return ids
        chosen = self._ids.__contains__
        return array("q", filterfalse(chosen, ids) if self.everything else filter(chosen, ids))

    def beyond(self, ids: "array[int]") -> set[int]:
        """Rows it speaks of that a list does not hold; a little at a time, so that other threads get their turns."""
        left = set(self._ids)
        for start in range(0, len(ids) if left else 0, _AT_ONCE):
            left.difference_update(ids[start : start + _AT_ONCE])
        return left

    def forget(self, gone: set[int]) -> None:
        """Let go of rows that the list no longer holds."""
        self._ids -= gone

    def copy(self) -> "Selection":
        """The same rows, for work off the window's thread."""
        made = Selection()
        made.everything, made._ids = self.everything, set(self._ids)
        return made
