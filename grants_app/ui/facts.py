"""What the frame itself shows of the file: programmes, counts, the last step, the backup; read in one go."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from grants_app.ui.desk import Desk
from grants_app.ui.view import Leaf


@dataclass(frozen=True)
class Facts:
    """Programmes by id; how many wait on each page; the words of the last step; when saved and backed up; a notice."""

    programmes: Mapping[int, str]
    counts: Mapping[str, int]
    step: str = ""
    can_undo: bool = False
    saved: str = ""
    backed_up: str = ""
    notice: str = ""


def frame_facts(desk: Desk, leaves: Sequence[Leaf]) -> Callable[[Session], Facts]:
    """A reading of what the frame shows."""

    def read(session: Session) -> Facts:
        counts = {leaf.key: leaf.count(session) for leaf in leaves if leaf.count}
        return Facts({}, counts)

    return read
