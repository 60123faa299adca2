"""Where the window is and where it has been, for Back and Forward."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """A page, the record chosen on it if any, and whether that record fills the page."""

    page: str
    record: int | None = None
    whole: bool = False


class Path:
    """The places visited, as a browser keeps them: going somewhere new forgets what was ahead."""

    def __init__(self, start: Place) -> None:
        self._places, self._at = [start], 0

    @property
    def here(self) -> Place:
        """The present place."""
        return self._places[self._at]

    @property
    def can_go_back(self) -> bool:
        """Whether there is a place before this one."""
        return self._at > 0

    @property
    def can_go_forward(self) -> bool:
        """Whether Back has left a place ahead."""
        return self._at < len(self._places) - 1

    def go(self, place: Place) -> None:
        """Be somewhere new; being there already changes nothing."""
        if place != self.here:
            self._places[self._at + 1 :] = [place]
            self._at += 1

    def settle(self, place: Place) -> None:
        """Correct the present place, when the choice in a list moved: no step of its own for Back."""
        self._places[self._at] = place

    def back(self) -> Place:
        """The place before, now the present one; stays where there is none."""
        self._at = max(0, self._at - 1)
        return self.here

    def forward(self) -> Place:
        """The place ahead, now the present one; stays where there is none."""
        self._at = min(len(self._places) - 1, self._at + 1)
        return self.here
