"""What may leave the app: counts too small to tell are hidden, and those that would give them away."""

from collections.abc import Sequence

from grants_app.reports.cells import NOT_RECORDED, shown
from grants_app.reports.document import Measure, Show, Withheld

HIDDEN = Withheld("hidden")


def told(counts: Sequence[int | None], threshold: int) -> tuple[list[Measure], Measure]:
    """The counts and their total as they may be published; None, not recorded, stays.

    A count from 1 to under the threshold is hidden. So that no sum gives it away, at least two are then hidden, which
    together come to the threshold: the next smallest; where there are too few, the total is hidden instead.
    """
    small = {at for at, count in enumerate(counts) if count and count < threshold}
    hidden = set(small)
    rest = sorted((count, at) for at, count in enumerate(counts) if count and at not in small)
    while rest and hidden and (len(hidden) == 1 or sum(counts[at] or 0 for at in hidden) < threshold):
        hidden.add(rest.pop(0)[1])
    under = Withheld(f"under {threshold}", f"<{threshold}")
    cells: list[Measure] = [
        under if at in small else HIDDEN if at in hidden else count for at, count in enumerate(counts)
    ]
    known = [count for count in counts if count is not None]
    betrayed = hidden and (len(hidden) == 1 or sum(counts[at] or 0 for at in hidden) < threshold)
    return cells, (HIDDEN if betrayed else sum(known)) if known else None


def note(threshold: int) -> str:
    """What a table or chart that hides small counts says of it."""
    return f"Counts under {threshold} are hidden, and where needed the next smallest, so that nobody can be made out."


def alone(count: int | None, threshold: int) -> Measure:
    """One count that no total stands by, as it may be published."""
    return Withheld(f"under {threshold}", f"<{threshold}") if count and count < threshold else count


def hides(cells: Sequence[Measure]) -> bool:
    """Whether any of them is hidden."""
    return any(isinstance(cell, Withheld) for cell in cells)


def words(cell: Measure) -> str:
    """One count in a sentence."""
    return shown(cell, Show.NUMBER, NOT_RECORDED)
