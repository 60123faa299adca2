"""Long work that changes nothing in the file: on a lane of its own, with progress and Cancel."""

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QObject
from sqlalchemy.orm import Session

from grants_app.errors import Cancelled, Refused
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


def fetch(
    desk: Desk,
    work: Callable[[Session], T],
    done: Callable[[T], None],
    *,
    owner: QObject,
    refused: Callable[[Refused], None],
    key: str = "",
) -> Task:
    """As `Desk.read`, for a reading that may be refused."""

    def reading(task: Task) -> T:
        with desk.store.reading(heed=task.heed) as session:
            return work(session)

    return desk.reading.do(reading, owner=owner, done=done, failed=partial(_failed, desk, refused), key=key)


def _failed(desk: Desk, refused: Callable[[Refused], None] | None, error: Exception) -> None:
    if not isinstance(error, Refused):
        desk.errands.crashed.emit(error)
    elif refused is not None:
        refused(error)
    else:
        desk.tell(str(error), refusal=True)
