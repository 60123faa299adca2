"""Grant: one record from bid to closure."""

import enum
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from grants_app import clock
from grants_app.errors import Problem
from grants_app.records.base import Record, ordered
from grants_app.records.fields import field, many


class Status(enum.Enum):
    """How far a grant is, from enquiry to closure."""

    ENQUIRY = "Enquiry"
    APPLIED = "Applied"
    ASSESSMENT = "Under assessment"
    READY = "Ready for decision"
    DEFERRED = "Deferred"
    RESERVE = "Reserve list"
    APPROVED = "Approved"
    AGREEMENT_SENT = "Agreement sent"
    ACTIVE = "Active"
    SUSPENDED = "Suspended"
    CLOSING = "Closing"
    COMPLETED = "Completed"
    NOT_APPROVED = "Not approved"
    WITHDRAWN = "Withdrawn"
    TERMINATED = "Terminated"

    @property
    def next(self) -> frozenset["Status"]:
        """Where a grant may go from here."""
        return _NEXT[self]

    @property
    def pending(self) -> bool:
        """A bid that is not yet decided."""
        return self in PENDING

    @property
    def live(self) -> bool:
        """Awarded and not yet over."""
        return self in LIVE


_S = Status
PENDING = frozenset({_S.APPLIED, _S.ASSESSMENT, _S.READY, _S.DEFERRED})
LIVE = frozenset({_S.APPROVED, _S.AGREEMENT_SENT, _S.ACTIVE, _S.SUSPENDED, _S.CLOSING})
AWARDED = LIVE | {_S.COMPLETED, _S.TERMINATED}
_OUT = frozenset({_S.WITHDRAWN, _S.NOT_APPROVED})
_NEXT = {
    _S.ENQUIRY: frozenset({_S.APPLIED, _S.WITHDRAWN}),
    _S.APPLIED: frozenset({_S.ASSESSMENT, _S.READY}) | _OUT,
    _S.ASSESSMENT: frozenset({_S.READY}) | _OUT,
    _S.READY: frozenset({_S.APPROVED, _S.DEFERRED, _S.RESERVE}) | _OUT,
    _S.DEFERRED: frozenset({_S.READY}) | _OUT,
    _S.RESERVE: frozenset({_S.READY, _S.APPROVED}) | _OUT,
    _S.APPROVED: frozenset({_S.AGREEMENT_SENT, _S.ACTIVE, _S.WITHDRAWN, _S.READY}),
    _S.AGREEMENT_SENT: frozenset({_S.ACTIVE, _S.APPROVED, _S.WITHDRAWN}),
    _S.ACTIVE: frozenset({_S.SUSPENDED, _S.CLOSING, _S.TERMINATED, _S.AGREEMENT_SENT}),
    _S.SUSPENDED: frozenset({_S.ACTIVE, _S.CLOSING, _S.TERMINATED}),
    _S.CLOSING: frozenset({_S.ACTIVE, _S.COMPLETED, _S.TERMINATED}),
    _S.COMPLETED: frozenset({_S.CLOSING}),
    _S.NOT_APPROVED: frozenset({_S.READY}),
    _S.WITHDRAWN: frozenset({_S.APPLIED}),
    _S.TERMINATED: frozenset({_S.CLOSING}),
}


class Route(enum.Enum):
    """How the grant came to be awarded."""

    OPEN_CALL = "Open call"
    INVITED = "Invited"
    DIRECT = "Direct"


class Rag(enum.Enum):
    """The officer's judgement of how it goes."""

    RED = "Red"
    AMBER = "Amber"
    GREEN = "Green"
    NONE = "No rating"


class RefusalReason(enum.Enum):
    """Why a bid was not approved."""

    PROJECT = "Ineligible project"
    BODY = "Ineligible body"
    NOT_READY = "Not ready"
    PRIORITY = "Lower priority"
    INFORMATION = "Too little information"
    NOT_ALIGNED = "Not aligned"
    OVERSUBSCRIBED = "Oversubscribed"
    OTHER = "Other"


class Grant(Record):
    """Money asked for, decided on and given to one organisation for one purpose."""

    __tablename__ = "grant"
    __table_args__ = (
        # a programme's money is added up from this alone, without reading each grant's purpose
        Index("ix_grant_money", "programme_id", "status", "awarded", "asked", "agreement_signed_on"),
        {"sqlite_autoincrement": True},
    )
    noun, plural, prefix = "Grant", "Grants", "GRA"

    programme_id: Mapped[int] = field("Programme", to="programme", required=True)
    organisation_id: Mapped[int] = field("Organisation", to="organisation", required=True, search=True)
    title: Mapped[str] = field(
        "Title",
        required=True,
        search=True,
        indexed=True,
        maximum=1000,
        giving="title",
        aliases=("project", "project title", "grant title", "project name", "name of project", "activity"),
    )
    status: Mapped[Status] = field(
        "Status",
        default=Status.APPLIED,
        required=True,
        by_verb=True,
        indexed=True,
        aliases=("decision", "outcome", "stage", "current status", "application status", "project status"),
    )
    purpose: Mapped[str | None] = field(
        "Purpose",
        long=True,
        search=True,
        giving="description",
        aliases=("description", "summary", "project description", "about the project"),
    )
    themes: Mapped[tuple[str, ...]] = many("Themes", to="theme")
    boroughs: Mapped[tuple[str, ...]] = many("Boroughs", choices="boroughs", aliases=("borough",))
    audiences: Mapped[tuple[str, ...]] = many("Audiences", choices="audiences", aliases=("audience",))
    harms: Mapped[tuple[str, ...]] = many("Harms", choices="harms")
    tier_id: Mapped[int | None] = field("Tier", to="tier")
    route: Mapped[Route | None] = field("Award route", giving="fromOpenCall")
    justification: Mapped[str | None] = field("Why a direct award", long=True)
    asked: Mapped[Decimal | None] = field(
        "Asked",
        minimum=Decimal("0.00"),
        indexed=True,
        giving="amountAppliedFor",
        aliases=("amount requested", "requested", "amount applied for", "amount asked for", "amount sought"),
    )
    total_cost: Mapped[Decimal | None] = field("Total cost", minimum=Decimal("0.00"))
    match_funding: Mapped[Decimal | None] = field("Match funding", minimum=Decimal("0.00"))
    received: Mapped[date | None] = field(
        "Received", aliases=("date received", "application date", "date of application")
    )
    starts: Mapped[date | None] = field(
        "Starts",
        group="dates",
        indexed=True,
        giving="plannedDates/0/startDate",
        aliases=("start", "start date", "project start", "from"),
    )
    ends: Mapped[date | None] = field(
        "Ends",
        group="dates",
        indexed=True,
        giving="plannedDates/0/endDate",
        aliases=("end", "end date", "finish", "finish date", "project end"),
    )
    awarded: Mapped[Decimal | None] = field(
        "Awarded",
        by_verb=True,
        indexed=True,
        giving="amountAwarded",
        aliases=(
            "award",
            "amount awarded",
            "grant amount",
            "award amount",
            "amount granted",
            "grant awarded",
            "amount",
            "grant",
            "grant value",
            "grant total",
            "total award",
            "award value",
            "final award",
            "original award",
            "amount approved",
            "amount agreed",
            "amount offered",
            "grant approved",
            "grant agreed",
            "grant offered",
            "funding awarded",
            "funding agreed",
            "funding approved",
        ),
    )
    decided_on: Mapped[date | None] = field(
        "Decided on",
        by_verb=True,
        indexed=True,
        giving="awardDate",
        aliases=("award date", "date awarded", "decision date", "date of award", "date approved"),
    )
    decided_by: Mapped[str | None] = field("Decided by", by_verb=True)
    refusal_reason: Mapped[RefusalReason | None] = field("Why not approved", by_verb=True)
    decision_reason: Mapped[str | None] = field("Reason for the decision", long=True, by_verb=True)
    decision_form: Mapped[str | None] = field("Decision form number")
    conflicts: Mapped[str | None] = field("Conflicts declared", long=True)
    agreement_sent_on: Mapped[date | None] = field(
        "Agreement sent on", by_verb=True, group="agreement", aliases=("agreement sent", "date agreement sent")
    )
    agreement_signed_by: Mapped[str | None] = field("Agreement signed by", by_verb=True, personal=True)
    agreement_signed_on: Mapped[date | None] = field(
        "Agreement signed on",
        by_verb=True,
        group="agreement",
        aliases=("agreement signed", "date agreement signed", "agreement signed date"),
    )
    purchase_order: Mapped[str | None] = field("Purchase order", search=True)
    declared_spend: Mapped[Decimal | None] = field("Declared final spend", minimum=Decimal("0.00"))
    officer_id: Mapped[int | None] = field(
        "Officer", to="officer", aliases=("lead officer", "grant officer", "case officer", "programme officer")
    )
    second_officer_id: Mapped[int | None] = field("Second officer", to="officer")
    rag: Mapped[Rag] = field("RAG", default=Rag.NONE, required=True, group="rag", aliases=("rag status", "rag rating"))
    rag_reason: Mapped[str | None] = field("Reason for the rating", group="rag")
    closed_reason: Mapped[str | None] = field("Why closed", by_verb=True)
    identifier: Mapped[str | None] = field(
        "Identifier",
        help="Your own number for it, or the one that it has in 360Giving",
        search=True,
        indexed=True,
        giving="id",
        aliases=("360giving identifier", "application number", "application ref", "project ref"),
    )
    extra: Mapped[dict[str, Any] | None] = field("Other columns")

    def check(self) -> Iterable[Problem]:
        """Dates in order, actual ones not in the future; an award has its amount, red and amber their reason."""
        yield from ordered(self, "starts", "ends", "Ends", than="the start")
        yield from ordered(
            self, "agreement_sent_on", "agreement_signed_on", "Agreement signed on", than="the day it was sent"
        )
        for name, label in (
            ("received", "Received"),
            ("decided_on", "Decided on"),
            ("agreement_signed_on", "Agreement signed on"),
        ):
            day = getattr(self, name)
            if day and day > clock.today():
                yield Problem(name, f"{label} must not be in the future", stops=False)
        if self.status in AWARDED and self.awarded is None:
            yield Problem("awarded", f"Awarded is needed once a grant is {self.status.value.lower()}")
        if self.rag in (Rag.RED, Rag.AMBER) and not self.rag_reason:
            yield Problem("rag_reason", "Reason for the rating is needed for red and amber", stops=False)
        if self.route is Route.DIRECT and not self.justification:
            yield Problem("justification", "Why a direct award is needed for a direct award", stops=False)


class Allocation(Record):
    """A part of an award, or of one payment of it, that falls on one funding line."""

    __tablename__ = "allocation"
    noun, plural, prefix, caption = "Allocation", "Allocations", "ALL", "reference"

    grant_id: Mapped[int] = field("Grant", to="grant", required=True)
    payment_id: Mapped[int | None] = field("Payment", to="payment", help="Blank for a part of the award itself")
    funding_line_id: Mapped[int] = field("Funding line", to="funding_line", required=True)
    amount: Mapped[Decimal] = field("Amount", required=True, minimum=Decimal("0.01"))


class Measure(enum.Enum):
    """What a line of the delivery plan counts."""

    ENGAGEMENTS = "Engagements"
    PEOPLE = "People"
    INDICATOR = "Indicator"


class PlanLine(Record):
    """What is to be delivered between two dates."""

    __tablename__ = "plan_line"
    noun, plural, prefix, caption = "Plan line", "Delivery plan", "PLN", "reference"

    grant_id: Mapped[int | None] = field("Grant", to="grant", help="Blank for a line of the whole programme")
    programme_id: Mapped[int | None] = field("Programme", to="programme")
    what: Mapped[Measure] = field("What", required=True)
    indicator_id: Mapped[int | None] = field("Indicator", to="indicator")
    audience: Mapped[str | None] = field("Audience", choices="audiences")
    kind: Mapped[str | None] = field("Kind of engagement", choices="engagement kinds")
    theme_id: Mapped[int | None] = field("Theme", to="theme")
    borough: Mapped[str | None] = field("Borough", choices="boroughs")
    starts: Mapped[date] = field("From", required=True, group="dates")
    ends: Mapped[date] = field("To", required=True, group="dates")
    planned: Mapped[float] = field("Planned", required=True, minimum=0.0)
    agreed_on: Mapped[date | None] = field("Agreed on")

    def check(self) -> Iterable[Problem]:
        """Dates in order; of a grant or a programme; an indicator line names its indicator."""
        yield from ordered(self, "starts", "ends", "To", than="the start")
        if self.grant_id is None and self.programme_id is None:
            yield Problem("grant_id", "Grant or Programme is needed")
        if self.what is Measure.INDICATOR and self.indicator_id is None:
            yield Problem("indicator_id", "Indicator is needed for a line that measures one")
