"""What waits for an officer this week, the most urgent first; each with its one action, and a letter to chase it."""

import enum
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from grants_app import clock, wording
from grants_app.operations import editing
from grants_app.records import Record
from grants_app.records.control import Note, NoteKind, Risk, RiskStatus, Task
from grants_app.records.engagement import Engagement, EngagementStatus
from grants_app.records.evidence import Consent, Recommendation, RecommendationStatus, Testimonial
from grants_app.records.figures import within
from grants_app.records.grant import LIVE, Grant
from grants_app.records.organisation import Contact, ContactRole, Organisation
from grants_app.records.payment import Payment, PaymentKind, PaymentStatus
from grants_app.records.people import Adviser, AdviserReview, ReviewStatus
from grants_app.records.programme import Programme
from grants_app.store import Store

AHEAD = timedelta(days=7)
ASKED = timedelta(days=92)
"""How long ago a planned engagement may have been to be asked about here; an older one stands on Checks alone."""
_MOST = 50


class Do(enum.Enum):
    """The one action of a line; the word stands on its button."""

    COUNT = "Delivered"
    CHASE = "Chase"
    REVIEW = "Review"
    REQUEST = "Request"
    OPEN = "Open"
    DONE = "Done"


@dataclass(frozen=True)
class Todo:
    """One line: when it is due, what waits, whose it is, and the record that its action is about."""

    due: date
    words: str
    whose: str
    do: Do
    kind: type[Record]
    record: int
    reference: str
    mark: str = ""


def todo(session: Session, programme: int | None, officer: str) -> list[Todo]:
    """What waits until a week from now, at most fifty of each sort, the most urgent first."""
    found = [item for source in _SOURCES for item in source(session, programme, officer)]
    return sorted(found, key=lambda item: (item.due, item.reference))


def beginning(session: Session) -> type[Record] | None:
    """What an empty file needs next: a programme, then an organisation, then a grant; None once all are there."""
    return next(
        (kind for kind in (Programme, Organisation, Grant) if session.scalar(select(kind.id).limit(1)) is None), None
    )


def waiting(session: Session, programme: int | None, officer: str) -> int:
    """How many lines there are."""
    return len(todo(session, programme, officer))


@dataclass(frozen=True)
class Letter:
    """To whom a reminder goes: the address and the name, each blank where it is not known."""

    address: str = ""
    name: str = ""

    def link(self, about: str) -> str:
        """What opens the mail program with the reminder written."""
        subject = quote(f"Reminder: {about[:1].lower()}{about[1:]}")
        greeting = f"Dear {self.name}," if self.name else "Hello,"
        body = quote(f"{greeting}\n\nWe are waiting for this: {about}.\nCould you send it this week?\n\nKind regards\n")
        return f"mailto:{quote(self.address, safe='@')}?subject={subject}&body={body}"


def letter_for(session: Session, kind: type[Record], record: int) -> Letter:
    """Whom to write to about a record: its organisation's current lead, else any current contact."""
    organisation = _organisation_of(session, session.get(kind, record))
    if organisation is None:
        return Letter()
    current = select(Contact).where(
        Contact.organisation_id == organisation, Contact.current, Contact.email.is_not(None)
    )
    contacts = sorted(session.scalars(current), key=lambda contact: contact.role is not ContactRole.LEAD)
    return Letter(contacts[0].email or "", contacts[0].name) if contacts else Letter()


def note_chase(store: Store, *, item: Todo, letter: Letter) -> Record:
    """Note that the officer chased it today."""
    whom = letter.name or item.whose
    values = {
        "kind": NoteKind.EMAIL, "on": clock.today(), "text": f"Chased {whom}: {item.words}", "about": item.reference,
    }  # fmt: skip
    return editing.add(store, Note, values)


def _of(kind: type[Record], programme: int | None) -> list[ColumnElement[bool]]:
    belongs = kind.in_programmes(within(programme)) if programme is not None else None
    return [] if belongs is None else [belongs]


def _some(kind: type[Record], *names: str) -> list[Any]:
    """The columns that a line needs: whole records would take four times as long at the first reading."""
    return [kind.column(name) for name in ("id", "reference", *names)]


def _rows(session: Session, chosen: Select[*tuple[Any, ...]], due: Any) -> Iterator[Any]:
    yield from session.execute(chosen.order_by(due).limit(_MOST))


def _to_count(session: Session, programme: int | None, officer: str) -> Iterator[Todo]:
    chosen = (
        select(*_some(Engagement, "title", "borough", "held_on"), Organisation.name.label("whose"))
        .outerjoin(Grant, Grant.id == Engagement.grant_id)
        .outerjoin(Organisation, Organisation.id == Grant.organisation_id)
        .where(Engagement.status == EngagementStatus.PLANNED)
        .where(Engagement.held_on.between(clock.today() - ASKED, clock.today()))
        .where(*_of(Engagement, programme))
    )
    for held in _rows(session, chosen, Engagement.held_on.desc()):
        where = f", {held.borough}" if held.borough else ""
        words = f"{held.title}{where}: how many came?"
        whose, mark = held.whose or "City Hall", _past(held.held_on)
        yield Todo(held.held_on, words, whose, Do.COUNT, Engagement, held.id, held.reference, mark)


def _tasks(session: Session, programme: int | None, officer: str) -> Iterator[Todo]:
    mine = or_(Task.who.is_(None), Task.who == officer)
    chosen = select(*_some(Task, "text", "about", "due")).where(
        Task.done.is_(None), Task.due <= clock.today() + AHEAD, mine
    )
    for task in _rows(session, chosen, Task.due):
        yield Todo(task.due, task.text, task.about or "Task", Do.DONE, Task, task.id, task.reference)


def _payments(session: Session, programme: int | None, officer: str) -> Iterator[Todo]:
    chosen = (
        select(*_some(Payment, "number", "amount", "due"), Organisation.name.label("whose"))
        .join(Grant, Grant.id == Payment.grant_id)
        .join(Organisation, Organisation.id == Grant.organisation_id)
        .where(*_of(Payment, programme))
    )
    pending = chosen.where(or_(Payment.status == PaymentStatus.PENDING, Payment.countersign))
    for payment in _rows(session, pending, Payment.due):
        words = f"{_payment(payment)} needs a second officer"
        yield Todo(payment.due, words, payment.whose, Do.REVIEW, Payment, payment.id, payment.reference)
    soon = chosen.where(
        Payment.status == PaymentStatus.SCHEDULED,
        Payment.kind != PaymentKind.RECLAIM,
        Payment.due <= clock.today() + AHEAD,
        Grant.status.in_(LIVE),
    )
    for payment in _rows(session, soon, Payment.due):
        words = f"{_payment(payment)} is due"
        yield Todo(payment.due, words, payment.whose, Do.REQUEST, Payment, payment.id, payment.reference)


def _payment(payment: Any) -> str:
    return f"{wording.called_by('Payment', payment.number)}, {wording.money_text(payment.amount)},"


def _papers(session: Session, programme: int | None, officer: str) -> Iterator[Todo]:
    held = (Grant.organisation_id == Organisation.id, Grant.status.in_(LIVE), *_of(Grant, programme))
    live = select(Grant.id).where(*held).exists()
    columns = _some(Organisation, "name", "insurance_expires")
    chosen = select(*columns).where(Organisation.insurance_expires <= clock.today() + AHEAD, live)
    for body in _rows(session, chosen, Organisation.insurance_expires):
        day = body.insurance_expires
        yield Todo(day, "Insurance certificate", body.name, Do.CHASE, Organisation, body.id, body.reference)


def _reviews(session: Session, programme: int | None, officer: str) -> Iterator[Todo]:
    chosen = (
        select(*_some(AdviserReview, "about", "kind", "due"), Adviser.name.label("whose"))
        .join(Adviser, Adviser.id == AdviserReview.adviser_id)
        .where(AdviserReview.status == ReviewStatus.NOT_STARTED, AdviserReview.due <= clock.today() + AHEAD)
    )
    for review in _rows(session, chosen, AdviserReview.due):
        about = f" on {review.about}" if review.about else f" on {review.kind.value.lower()}"
        act = Do.CHASE if review.due < clock.today() else Do.OPEN
        yield Todo(
            review.due, f"Adviser’s comments{about}", review.whose, act, AdviserReview, review.id, review.reference
        )


def _consents(session: Session, programme: int | None, officer: str) -> Iterator[Todo]:
    chosen = select(*_some(Testimonial, "described", "expires")).where(
        Testimonial.consent != Consent.INTERNAL,
        Testimonial.withdrawn_on.is_(None),
        Testimonial.expires.between(clock.today(), clock.today() + AHEAD),
        *_of(Testimonial, programme),
    )
    for said in _rows(session, chosen, Testimonial.expires):
        words = f"Testimonial, {said.described}"
        mark = f"Consent ends {wording.due_text(said.expires).removeprefix('Due ')}"
        yield Todo(
            said.expires, words, "Ask again, or take it out of use", Do.OPEN, Testimonial, said.id, said.reference, mark
        )


def _recommendations(session: Session, programme: int | None, officer: str) -> Iterator[Todo]:
    over = (RecommendationStatus.DONE, RecommendationStatus.SUPERSEDED)
    chosen = select(*_some(Recommendation, "text", "addressed_to", "due")).where(
        Recommendation.due <= clock.today() + AHEAD, Recommendation.status.not_in(over), *_of(Recommendation, programme)
    )
    for each in _rows(session, chosen, Recommendation.due):
        whose = each.addressed_to or "Recommendation"
        yield Todo(each.due, each.text, whose, Do.OPEN, Recommendation, each.id, each.reference)


def _risks(session: Session, programme: int | None, officer: str) -> Iterator[Todo]:
    chosen = select(*_some(Risk, "event", "review_on")).where(
        Risk.status == RiskStatus.OPEN, Risk.review_on <= clock.today() + AHEAD, *_of(Risk, programme)
    )
    for risk in _rows(session, chosen, Risk.review_on):
        yield Todo(risk.review_on, f"Review the risk: {risk.event}", "Risk", Do.OPEN, Risk, risk.id, risk.reference)


def _past(day: date) -> str:
    days = (clock.today() - day).days
    return {0: "Today", 1: "Yesterday"}.get(days, f"{wording.counted(days, 'day')} ago")


_SOURCES: tuple[Callable[[Session, int | None, str], Iterator[Todo]], ...] = (
    _to_count, _tasks, _payments, _papers, _reviews, _consents, _recommendations, _risks,
)  # fmt: skip


def _organisation_of(session: Session, record: Record | None) -> int | None:
    if isinstance(record, Organisation):
        return record.id
    grant = session.get(Grant, getattr(record, "grant_id", None) or 0)
    return grant.organisation_id if grant is not None else None
