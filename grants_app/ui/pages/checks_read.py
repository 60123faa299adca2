"""Open and accepted warnings as lines of the checks page."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from grants_app import wording
from grants_app.operations import checks
from grants_app.records import Acceptance, Engagement, Grant, Organisation, Record
from grants_app.store import references
from grants_app.ui.lines import Item

_CHEAP = 5_000
ALL, ACCEPTED = "all", "accepted"
"""The keys of the first line at the left, where few enough are open to be listed together, and of the last."""


@dataclass(frozen=True)
class WarningLine:
    """One line at the right: an open warning, or one that was accepted (then `accepted` is its record's id)."""

    sort: str
    kind: type[Record]
    id: int
    reference: str
    caption: str
    sentence: str
    accepted: int | None = None


def waiting(session: Session, programme: int | None, officer: str) -> int:
    """How many warnings are open; 0 in a very large file, where counting takes longer than a glance is worth."""
    large = max(session.scalar(select(func.max(kind.id))) or 0 for kind in (Grant, Engagement, Organisation))
    return 0 if large > _CHEAP else sum(sort.open for sort in checks.sorts(session, programme))


def item(at: int, one: WarningLine, sort: str) -> Item:
    """A warning in a list: where sorts stand together, with its sort."""
    parts = (capital(checks.in_words(one.sort)) if sort == ALL else "", f"{one.kind.noun} {one.reference}", one.caption)
    return Item(at, one.sentence, " · ".join(part for part in parts if part))


def listed(session: Session, sort: str, programme: int | None, first: int) -> list[WarningLine]:
    """A page of the open warnings of one sort."""
    found = checks.listed(session, sort, programme, first=first)
    captions = _captions(session, found[0].kind, [one.id for one in found]) if found else {}
    return [WarningLine(sort, o.kind, o.id, o.reference, captions.get(o.id, ""), o.sentence) for o in found]


def capital(text: str) -> str:
    """The text with a capital first letter."""
    return text[:1].upper() + text[1:]


def _captions(session: Session, kind: type[Record], ids: Sequence[int]) -> dict[int, str]:
    if kind.caption == "reference":
        return {}
    named = select(kind.id, kind.column(kind.caption)).where(kind.id.in_(ids))
    return {record: str(name or "") for record, name in session.execute(named)}


def count_accepted(session: Session) -> int:
    """How many warnings were accepted."""
    return session.scalar(select(func.count()).select_from(Acceptance)) or 0


def accepted(session: Session, first: int) -> list[WarningLine]:
    """A page of the accepted warnings, the latest first."""
    newest = select(Acceptance).order_by(Acceptance.id.desc()).offset(first).limit(checks.PAGE)
    found = []
    for one in session.scalars(newest):
        kind = references.kind_of(one.about)
        record = session.scalar(select(kind.id).where(kind.reference == one.about)) or 0
        caption = _captions(session, kind, [record]).get(record, "")
        said = f"{capital(checks.in_words(one.rule))}. Accepted by {one.by}, {wording.date_text(one.on)}: {one.reason}"
        found.append(WarningLine(one.rule, kind, record, one.about, caption, said, one.id))
    return found
