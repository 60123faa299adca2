"""Long work that changes nothing in the file: on a lane of its own, with progress and Cancel."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from grants_app.errors import Cancelled, Refused
from grants_app.store import opening
from grants_app.ui.desk import Desk
from grants_app.ui.tasks import Task

T = TypeVar("T")


def errand(
    desk: Desk,
    work: Callable[[Task], T],
    done: Callable[[T], None],
    *,
    owner: QObject,
    words: str,
    refused: Callable[[Refused], None] | None = None,
    key: str = "",
    late: bool = False,
) -> Task:
    """Do long work that changes nothing in the file; with `words` the foot shows it and offers Cancel.

    A refusal goes to `refused`, a cancelling too; without it they are told in their own words. A result that comes
    after Cancel is dropped; with `late` it is shown: it is there, a file that was written say.
    """

    def working(task: Task) -> T:
        made = work(task)
        if task.cancelled and not late:
            raise Cancelled
        return made

    failed = partial(_failed, desk, refused)
    return desk.errands.do(working, owner=owner, done=done, failed=failed, words=words, key=key)


def begin_file(desk: Desk, parent: QWidget) -> None:
    """Ask where a new, empty file goes, make it, and have it opened in place of this one."""
    from grants_app.ui.choosing import ask_save_as

    proposed = str(desk.store.path.with_name(f"Grants{opening.SUFFIX}"))
    chosen = ask_save_as(parent, "Start a new file", proposed, f"Grants Desk files (*{opening.SUFFIX})")
    if chosen is None:
        return
    path = chosen if chosen.suffix == opening.SUFFIX else chosen.with_name(f"{chosen.name}{opening.SUFFIX}")
    officer = desk.store.officer

    def make(_task: Task) -> Path:
        opening.create(path, officer).close()
        return path

    errand(desk, make, desk.file_asked.emit, owner=desk, words="Making the file", late=True)


def _failed(desk: Desk, refused: Callable[[Refused], None] | None, error: Exception) -> None:
    if not isinstance(error, Refused):
        desk.errands.crashed.emit(error)
    elif refused is not None:
        refused(error)
    else:
        desk.tell(str(error), refusal=True)
