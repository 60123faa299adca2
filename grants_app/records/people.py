"""Officers who keep the records, and advisers with their reviews."""

import enum
from collections.abc import Iterable
from datetime import date

from sqlalchemy.orm import Mapped

from grants_app.errors import Problem
from grants_app.records.base import Record, ordered
from grants_app.records.fields import ANY, field, many


class Officer(Record):
    """Somebody at City Hall who works on programmes."""

    __tablename__ = "officer"
    noun, plural, prefix, caption = "Officer", "Officers", "OFF", "name"

    name: Mapped[str] = field("Name", required=True, search=True, personal=True)
    email: Mapped[str | None] = field("E-mail", personal=True)
    roles: Mapped[tuple[str, ...]] = many("Roles", choices="roles")


class Adviser(Record):
    """A specialist who advises on the programme."""

    __tablename__ = "adviser"
    noun, plural, prefix, caption = "Adviser", "Advisers", "ADV", "name"

    name: Mapped[str] = field("Name", required=True, search=True, personal=True)
    role: Mapped[str | None] = field("Role")
    organisation: Mapped[str | None] = field("Organisation", search=True)
    expertise: Mapped[str | None] = field("Expertise", long=True, search=True)
    term_starts: Mapped[date | None] = field("Term from", group="term")
    term_ends: Mapped[date | None] = field("Term to", group="term")
    interests: Mapped[str | None] = field("Interests declared", long=True, group="interests")
    interests_on: Mapped[date | None] = field("Interests declared on", group="interests")

    def check(self) -> Iterable[Problem]:
        """A term ends after it starts."""
        yield from ordered(self, "term_starts", "term_ends", "Term to", than="its start")


class ReviewKind(enum.Enum):
    """What an adviser was asked about."""

    GUIDANCE = "Programme guidance"
    BID = "Bid"
    FINDING = "Finding"


class Advice(enum.Enum):
    """What an adviser advises."""

    ENDORSE = "Endorse"
    WITH_CHANGES = "Endorse with changes"
    DO_NOT = "Do not endorse"
    COMMENT = "Comment only"


class ReviewStatus(enum.Enum):
    """How far a review is."""

    NOT_STARTED = "Not started"
    SUBMITTED = "Submitted"
    CLOSED = "Closed"

    @property
    def next(self) -> frozenset["ReviewStatus"]:
        """Submitted, then closed with the officer's response."""
        return {
            ReviewStatus.NOT_STARTED: frozenset({ReviewStatus.SUBMITTED, ReviewStatus.CLOSED}),
            ReviewStatus.SUBMITTED: frozenset({ReviewStatus.CLOSED}),
        }.get(self, frozenset())


class AdviserReview(Record):
    """One adviser's view of one thing."""

    __tablename__ = "adviser_review"
    noun, plural, prefix, caption = "Adviser review", "Adviser reviews", "REV", "reference"

    adviser_id: Mapped[int] = field("Adviser", to="adviser", required=True)
    kind: Mapped[ReviewKind] = field("Kind", required=True)
    about: Mapped[str | None] = field("Subject", to=ANY, help="The reference of what is reviewed")
    status: Mapped[ReviewStatus] = field("Status", default=ReviewStatus.NOT_STARTED, required=True, group="review")
    requested: Mapped[date | None] = field("Requested", group="dates")
    due: Mapped[date | None] = field("Due", group="dates", indexed=True)
    submitted: Mapped[date | None] = field("Submitted on", group="review")
    conflict: Mapped[str | None] = field("Conflict declared", long=True, help="“None”, or what it is")
    advice: Mapped[Advice | None] = field("Advice", group="review")
    comments: Mapped[str | None] = field("Comments", long=True, search=True, group="review")
    response: Mapped[str | None] = field("Officer's response", long=True)

    def check(self) -> Iterable[Problem]:
        """Due after requested; a submitted review has its day, its advice and a word on conflicts."""
        yield from ordered(self, "requested", "due", "Due", than="the day it was requested")
        if self.status is not ReviewStatus.NOT_STARTED:
            for name, label in (("submitted", "Submitted on"), ("advice", "Advice"), ("conflict", "Conflict declared")):
                if getattr(self, name) is None:
                    yield Problem(name, f"{label} is needed once a review is submitted", stops=False)
