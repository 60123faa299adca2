"""Which rows of a list are chosen: a set of ids, or all but a set, so that a million cost no more than one."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import filterfalse

_FEW = 2
"""So many are looked up one by one in a list's ids; more, by one walk through them."""


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

    def pick(self, ids: Sequence[int]) -> Iterator[int]:
        """The chosen ones of a list's ids, in its order."""
        held = self._ids.__contains__
        return filterfalse(held, ids) if self.everything else filter(held, ids)

    def keep_within(self, ids: Sequence[int]) -> None:
        """Let go of rows that the list no longer holds."""
        if len(self._ids) <= _FEW:
            self._ids = {record for record in self._ids if record in ids}
        else:
            self._ids = self._ids.intersection(ids)

    def copy(self) -> "Selection":
        """The same rows, for work off the window's thread."""
        made = Selection()
        made.everything, made._ids = self.everything, set(self._ids)
        return made
