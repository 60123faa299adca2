"""What keeps a programme in hand: risks, tasks, notes, documents, and warnings accepted with a reason."""

import enum
from collections.abc import Iterable
from datetime import date

from sqlalchemy.orm import Mapped

from grants_app.errors import Problem
from grants_app.records.base import Record
from grants_app.records.fields import ANY, field


class RiskStatus(enum.Enum):
    """Whether a risk still stands."""

    OPEN = "Open"
    CLOSED = "Closed"

    @property
    def next(self) -> frozenset["RiskStatus"]:
        """The other one."""
        return frozenset(RiskStatus) - {self}


class Risk(Record):
    """What might go wrong with a grant or a programme."""

    __tablename__ = "risk"
    noun, plural, prefix, caption = "Risk", "Risks", "RSK", "event"

    grant_id: Mapped[int | None] = field("Grant", to="grant", help="Blank for a risk of the whole programme")
    programme_id: Mapped[int | None] = field("Programme", to="programme")
    event: Mapped[str] = field("What might happen", required=True, search=True)
    cause: Mapped[str | None] = field("Cause", long=True)
    effect: Mapped[str | None] = field("Effect", long=True)
    impact: Mapped[int | None] = field("Impact before", minimum=1, maximum=5, group="before")
    likelihood: Mapped[int | None] = field("Likelihood before", minimum=1, maximum=5, group="before")
    impact_after: Mapped[int | None] = field("Impact after", minimum=1, maximum=5, group="after")
    likelihood_after: Mapped[int | None] = field("Likelihood after", minimum=1, maximum=5, group="after")
    mitigation: Mapped[str | None] = field("Mitigation", long=True)
    owner_id: Mapped[int | None] = field("Owner", to="officer")
    review_on: Mapped[date | None] = field("Review date", indexed=True)
    status: Mapped[RiskStatus] = field("Status", default=RiskStatus.OPEN, required=True)

    def check(self) -> Iterable[Problem]:
        """It is of a grant or a programme."""
        if self.grant_id is None and self.programme_id is None:
            yield Problem("grant_id", "Grant or Programme is needed")


class Task(Record):
    """Something to do by a day."""

    __tablename__ = "task"
    noun, plural, prefix, caption = "Task", "Tasks", "TSK", "text"

    text: Mapped[str] = field("Task", required=True, search=True)
    due: Mapped[date | None] = field("Due", indexed=True)
    who: Mapped[str | None] = field("Who")
    done: Mapped[date | None] = field("Done on", indexed=True)
    about: Mapped[str | None] = field("About", to=ANY, help="The reference of any record")


class NoteKind(enum.Enum):
    """How the officer came to know."""

    CALL = "Call"
    EMAIL = "E-mail"
    VISIT = "Visit"
    MEETING = "Meeting"
    NOTE = "Note"


class Note(Record):
    """What an officer noted of a call, an e-mail, a visit."""

    __tablename__ = "note"
    noun, plural, prefix, caption = "Note", "Notes", "NOT", "reference"

    kind: Mapped[NoteKind] = field("Kind", default=NoteKind.NOTE, required=True)
    on: Mapped[date] = field("On", required=True, indexed=True)
    text: Mapped[str] = field("Text", required=True, long=True, search=True, personal=True)
    about: Mapped[str | None] = field("About", to=ANY, help="The reference of any record")


class DocumentKind(enum.Enum):
    """What sort of paper it is."""

    AGREEMENT = "Agreement"
    POLICY = "Policy"
    INVOICE = "Invoice"
    SIGN_IN = "Sign-in sheet"
    CONSENT = "Consent form"
    PHOTO = "Photograph"
    REPORT = "Report"
    OTHER = "Other"


class Document(Record):
    """A file kept with a record; the bytes stand in a table of their own, found by their SHA-256."""

    __tablename__ = "document"
    noun, plural, prefix = "Document", "Documents", "DOC"

    title: Mapped[str] = field("Title", required=True, search=True)
    kind: Mapped[DocumentKind] = field("Kind", default=DocumentKind.OTHER, required=True)
    about: Mapped[str | None] = field("About", to=ANY, help="The reference of any record")
    file_name: Mapped[str] = field("File name", required=True, by_verb=True)
    size: Mapped[int] = field("Size", required=True, by_verb=True, unit="bytes", minimum=0)
    media_type: Mapped[str | None] = field("Type", by_verb=True)
    sha256: Mapped[str] = field("SHA-256", required=True, by_verb=True)
    destroy_by: Mapped[date | None] = field("Destroy by", help="When a sheet of names must go")


class Acceptance(Record):
    """A warning that an officer accepted, with the reason."""

    __tablename__ = "acceptance"
    noun, plural, prefix, caption = "Accepted warning", "Accepted warnings", "ACC", "rule"

    rule: Mapped[str] = field("Warning", required=True, by_verb=True)
    about: Mapped[str] = field("About", to=ANY, required=True, by_verb=True)
    reason: Mapped[str] = field("Reason", required=True, long=True)
    by: Mapped[str] = field("Accepted by", required=True, by_verb=True)
    on: Mapped[date] = field("Accepted on", required=True, by_verb=True)
