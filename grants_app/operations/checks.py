"""The open warnings: what rules and fields warn of, less what an officer accepted with a reason."""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from grants_app import clock, wording
from grants_app.errors import Refused
from grants_app.operations.moving import needed
from grants_app.records import Acceptance, Record, figures, kind_named, rules
from grants_app.records.base import batches
from grants_app.records.history import Warned
from grants_app.store import Store, references
from grants_app.store.driver import Progress, no_progress

PAGE = 100
_NEEDED = " is needed"


@dataclass(frozen=True, slots=True)
class Sort:
    """One sort of warning: its name, the kind of record it is about, how many are open, and what it is in words."""

    name: str
    kind: type[Record]
    open: int
    words: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class OpenWarning:
    """One open warning: of which sort, about which record, and its sentence."""

    sort: str
    kind: type[Record]
    id: int
    reference: str
    sentence: str


def sorts(session: Session, programme: int | None = None) -> list[Sort]:
    """The sorts of warning of which any is open, counted; of one programme and its calls, or of all."""
    found = []
    for name, kind, of in _every(session):
        rows = _open(name, kind, programme).subquery()
        if not of:
            number, missing = session.scalar(select(func.count()).select_from(rows)) or 0, 0
        else:
            number, missing = session.execute(
                select(func.count(), func.count().filter(rows.c.sentence.contains(_NEEDED)))
            ).one()
        if number:
            found.append(Sort(name, kind, number, _in_words(kind, of, number, missing) if of else name))
    return found


def in_words(sort: str) -> str:
    """A sort of warning in words: a rule is called by its name, a field's sort tells what may be wrong with it."""
    kind = next((kind for kind in Record.kinds() if sort.startswith(f"{kind.noun}: ")), None)
    of = next((name for name in (kind.fields() if kind else ()) if kind and _named(kind, name) == sort), "")
    return _in_words(kind, of, 2, 1) if kind and of else sort


def _in_words(kind: type[Record], of: str, number: int, missing: int) -> str:
    """What the warnings of a field say together; `missing` of them say that it is blank."""
    wrong = "is missing" if missing == number else "is missing or looks wrong" if missing else "looks wrong"
    each = kind.fields().get(of)
    return f"{each.label if each else kind.noun} {wrong}"


def listed(
    session: Session, sort: str, programme: int | None = None, *, first: int = 0, size: int = PAGE
) -> list[OpenWarning]:
    """A page of the open warnings of one sort, by the order of their records; Refused if there is no such sort."""
    kind = next((kind for name, kind, _ in _every(session) if name == sort), None)
    if kind is None:
        raise Refused(f"There is no warning called “{sort}”.")
    rows = session.execute(_open(sort, kind, programme).order_by(kind.id).offset(first).limit(size))
    return [_told(sort, kind, row) for row in rows.mappings()]


def of_record(session: Session, kind: type[Record], id: int) -> list[OpenWarning]:
    """The open warnings about one record."""
    found = []
    for name, of, _ in _every(session):
        if of is kind:
            found += [
                _told(name, kind, row) for row in session.execute(_open(name, kind).where(kind.id == id)).mappings()
            ]
    return found


def accept(store: Store, sort: str, reference: str, reason: str) -> Acceptance:
    """Accept a warning about the record of that reference, with a reason: it is listed no more.

    Refused without a reason, and if that record has no such warning open.
    """
    said = needed(reason)
    with store.change("Accept warning", reason=said) as session:
        record = references.find(session, reference)
        if not any(warning.sort == sort for warning in of_record(session, type(record), record.id)):
            raise Refused(f"{record.noun} {record.reference} has no open warning “{sort}”.")
        accepted = Acceptance(rule=sort, about=record.reference, reason=said, by=store.officer, on=clock.today())
        session.add(accepted)
        session.words = f"Accept “{in_words(sort)}” of {record.noun.lower()} {record.reference}"
    return accepted


def accept_all(
    store: Store,
    sort: str,
    reason: str,
    programme: int | None = None,
    *,
    seen: int | None = None,
    progress: Progress = no_progress,
) -> int:
    """Accept every open warning of a sort, of one programme and its calls or of all, with one reason; how many.

    Refused without a reason, if none of that sort is open, and if not as many as the officer has `seen`.
    """
    said = needed(reason)
    with store.change("Accept warnings", reason=said) as session:
        kind = next((kind for name, kind, _ in _every(session) if name == sort), None)
        broken = _open(sort, kind, programme).subquery() if kind else None
        ids = array("q", session.scalars(select(broken.c[0]).distinct()) if broken is not None else ())
        if kind is None or not ids:
            raise Refused(f"No warning “{sort}” is open.")
        count = session.scalar(select(func.count()).select_from(broken)) if broken is not None else 0
        if seen is not None and count != seen:
            raise Refused(f"{wording.counted(count or 0, 'warning is', 'warnings are')} open now: look at them first.")

        def rows() -> Iterator[dict[str, Any]]:
            for some in batches(ids):
                for about in session.scalars(select(kind.reference).where(kind.id.in_(some))):
                    yield {"rule": sort, "about": about, "reason": said, "by": store.officer, "on": clock.today()}

        session.add_many(Acceptance, rows(), progress=lambda done, _of: progress(done, len(ids)))
        session.words = (
            f"Accept “{in_words(sort)}” of {wording.counted(len(ids), kind.noun.lower(), kind.plural.lower())}"
        )
    return len(ids)


def _every(session: Session) -> list[tuple[str, type[Record], str]]:
    """Name, kind and field of each sort: the rules', which stand first, have no field."""
    found: list[tuple[str, type[Record], str]] = [(rule.name, rule.kind, "") for rule in rules.rules()]
    for table, name in session.execute(
        select(Warned.kind, Warned.field).distinct().order_by(Warned.kind, Warned.field)
    ):
        kind = kind_named(table)
        if kind is not None:
            found.append((_named(kind, name), kind, name))
    return found


def _named(kind: type[Record], name: str) -> str:
    each = kind.fields().get(name)
    return f"{kind.noun}: {each.label}" if each else kind.noun


def _open(sort: str, kind: type[Record], programme: int | None = None) -> Select[*tuple[Any, ...]]:
    """Rows of the open warnings of a sort: the record as _id and _reference, then what tells them."""
    accepted = select(Acceptance.about).where(Acceptance.rule == sort)
    rule = next((rule for rule in rules.rules() if rule.name == sort), None)
    record = (kind.id.label("_id"), kind.reference.label("_reference"))
    if rule is not None:
        broken = rule.offending().subquery()
        rows = select(*record, *broken.c).join(broken, next(iter(broken.c)) == kind.id)
    else:
        name = next((name for name in [*kind.fields(), ""] if _named(kind, name) == sort), "")
        of = (Warned.kind == kind.__tablename__, Warned.record_id == kind.id, Warned.field == name)
        rows = select(*record, Warned.sentence).join(Warned, of[0] & of[1] & of[2])
    mine = kind.in_programmes(figures.within(programme)) if programme is not None else None
    return rows.where(kind.reference.not_in(accepted), *([] if mine is None else [mine]))


def _told(sort: str, kind: type[Record], row: Any) -> OpenWarning:
    rule = next((rule for rule in rules.rules() if rule.name == sort), None)
    said = rule.say({str(name): value for name, value in row.items()}) if rule else row["sentence"]
    return OpenWarning(sort, kind, row["_id"], row["_reference"], said)
