"""What the verbs that move a record share: its moves as data, the one step of a move, reasons and days."""

import enum
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar, cast

from sqlalchemy.orm import Session

from grants_app import clock, wording
from grants_app.errors import Refused
from grants_app.operations import editing
from grants_app.records import Record
from grants_app.store import Change, Store

Found = TypeVar("Found", bound=Record)


@dataclass(frozen=True, slots=True)
class Move:
    """One way from status to status: `words` name its step, with {} for the record; `done` ends “so it cannot …”.

    `final`: it decides, approves, sends or pays, so it is reversed instead of undone. `reasoned`: it needs a reason.
    """

    words: str
    done: str
    among: tuple[enum.Enum, ...]
    to: enum.Enum
    final: bool = False
    reasoned: bool = False

    def fits(self, record: Any) -> bool:
        """Whether the record's status lets it make this move."""
        return record.status in self.among


@contextmanager
def moving(
    store: Store, kind: type[Found], id: int, move: Move, *, reason: str | None = None
) -> Iterator[tuple[Change, Found]]:
    """The one step of a move; what the verb sets besides is stored with it. Refused from any other status."""
    said = needed(reason) if move.reasoned else (reason or "").strip() or None
    with store.change(move.words.format(kind.noun.lower()), final=move.final, reason=said) as session:
        record: Any = load(session, kind, id)
        if not move.fits(record):
            may = wording.listed([str(s.value).lower() for s in type(move.to) if s in move.among], "or")
            raise Refused(
                f"{record.noun} {record.reference} is {record.status.value.lower()}, so it cannot {move.done}: "
                f"only one that is {may} can."
            )
        record.status = move.to
        session.words = move.words.format(editing.called(record))
        with session.no_autoflush:
            yield session, record


def load(session: Session, kind: type[Found], id: int) -> Found:
    """The record; Refused if it was deleted meanwhile."""
    return cast("Found", editing.load(session, kind, id))


def needed(said: str | None, what: str = "A reason") -> str:
    """What was said, without edge spaces; Refused if that is nothing."""
    kept = (said or "").strip()
    if not kept:
        raise Refused(f"{what} is needed: it stays in the history.")
    return kept


def day(on: date | None, what: str) -> date:
    """That day, else today; Refused if it is in the future. `what` is what happened, as in "Decided on"."""
    if on is not None and on > clock.today():
        raise Refused(f"{what} {wording.date_text(on)} is in the future: give the day on which it happened.")
    return on or clock.today()


def same_person(one: str | None, other: str | None) -> bool:
    """Whether two names are the same officer's; case and spaces do not count, and nobody is nobody's twin."""
    return bool(one and other) and wording.folded(one or "") == wording.folded(other or "")
