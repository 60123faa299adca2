"""What the frame itself shows of the file: programmes, counts, the last step, the backup; read in one go."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants_app import clock, wording
from grants_app.records.history import Step
from grants_app.records.programme import Programme
from grants_app.store import settings, undoing

SAMPLE_NOTICE = "Sample data: figures are illustrative"


@dataclass(frozen=True)
class Facts:
    """Programmes by id; how many wait on each page; the last step's words; when saved and backed up; a notice."""

    programmes: Mapping[int, str]
    counts: Mapping[str, int]
    step: str = ""
    can_undo: bool = False
    saved: str = ""
    backed_up: str = ""
    notice: str = ""


def frame_facts(
    counts: Mapping[str, Callable[[Session, int | None, str], int]], officer: str, programme: int | None, file: Path
) -> Callable[[Session], Facts]:
    """A reading of what the frame shows; `counts` say for each page how many wait on it."""

    def read(session: Session) -> Facts:
        newest = session.scalars(select(Step).order_by(Step.id.desc()).limit(1)).first()
        mine = undoing.last_step(session, officer)
        found = session.execute(select(Programme.id, Programme.name).order_by(Programme.name))
        return Facts(
            programmes={int(record): str(name) for record, name in found},
            counts={key: count(session, programme, officer) for key, count in counts.items()},
            step=mine.words if mine is not None else "",
            can_undo=mine is not None and not mine.final,
            saved=wording.time_text(newest.at) if newest is not None else "",
            backed_up=_backed_up(file),
            notice=SAMPLE_NOTICE if settings.get(session, settings.SAMPLE) else "",
        )

    return read


def _backed_up(file: Path) -> str:
    from grants_app.store import backup

    newest = next(iter(backup.listed(file)), None)
    if newest is None:
        return "not backed up yet"
    today = clock.local(clock.now()).date()
    return (
        f"backed up {newest.made:%H:%M}"
        if newest.made.date() == today
        else f"backed up {wording.short_date(newest.made.date())}"
    )
