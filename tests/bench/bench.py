"""What a benchmark is made of: rows of a table, and timing that takes turns so that a busy machine slows both alike."""

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One line: what was measured against what, the ratio that is allowed, the one found, and the times behind it."""

    what: str
    against: str
    limit: float
    ratio: float
    detail: str = ""

    @property
    def kept(self) -> bool:
        """Whether it is within its limit."""
        return self.ratio <= self.limit


def side_by_side(ours: Callable[[], object], theirs: Callable[[], object], times: int = 3) -> tuple[float, float]:
    """The best time of each in seconds, run in turns."""
    best = [float("inf"), float("inf")]
    for _ in range(times):
        for place, run in enumerate((ours, theirs)):
            started = time.perf_counter()
            run()
            best[place] = min(best[place], time.perf_counter() - started)
    return best[0], best[1]


def compared(what: str, against: str, limit: float, ours: float, theirs: float, more: str = "") -> Row:
    """The row of two times."""
    return Row(what, against, limit, ours / theirs, f"{ours:.3f} s against {theirs:.3f} s{'; ' + more if more else ''}")
