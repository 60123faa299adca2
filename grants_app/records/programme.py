"""Programme: a fund with its aims, dates and budget; its budgets, tiers and themes."""

import enum
import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from sqlalchemy import ColumnElement, Select
from sqlalchemy.orm import Mapped

from grants_app.errors import Problem
from grants_app.records.base import Record, ordered
from grants_app.records.fields import field


class ProgrammeStatus(enum.Enum):
    """How far a programme is."""

    PLANNED = "Planned"
    OPEN = "Open"
    CLOSED_TO_BIDS = "Closed to bids"
    IN_PROGRESS = "In progress"
    COMPLETED = "Completed"
    STOPPED = "Stopped"

    @property
    def next(self) -> frozenset["ProgrammeStatus"]:
        """Where it may go from here."""
        return _NEXT[self]

    @property
    def live(self) -> bool:
        """Open, closed to bids or in progress: its dates and budget are needed."""
        return self in (ProgrammeStatus.OPEN, ProgrammeStatus.CLOSED_TO_BIDS, ProgrammeStatus.IN_PROGRESS)


_S = ProgrammeStatus
_NEXT = {
    _S.PLANNED: frozenset({_S.OPEN, _S.IN_PROGRESS, _S.STOPPED}),
    _S.OPEN: frozenset({_S.CLOSED_TO_BIDS, _S.IN_PROGRESS, _S.STOPPED}),
    _S.CLOSED_TO_BIDS: frozenset({_S.OPEN, _S.IN_PROGRESS, _S.STOPPED}),
    _S.IN_PROGRESS: frozenset({_S.COMPLETED, _S.STOPPED}),
    _S.COMPLETED: frozenset({_S.IN_PROGRESS}),
    _S.STOPPED: frozenset({_S.PLANNED, _S.IN_PROGRESS}),
}


class Programme(Record):
    """A fund, or one call of a fund; its short name begins its grants' references."""

    __tablename__ = "programme"
    noun, plural, prefix, caption = "Programme", "Programmes", "PRG", "name"

    code: Mapped[str] = field(
        "Short name",
        required=True,
        search=True,
        by_verb=True,
        maximum=8,
        help="Begins the reference of every grant: CVE gives CVE-0001",
    )
    name: Mapped[str] = field(
        "Name",
        required=True,
        search=True,
        indexed=True,
        giving="grantProgramme/0/title",
        aliases=("programme", "fund", "grant programme"),
    )
    status: Mapped[ProgrammeStatus] = field("Status", default=ProgrammeStatus.PLANNED, required=True)
    parent_id: Mapped[int | None] = field("Part of", to="programme", help="The fund that this is a call of")
    call: Mapped[int | None] = field("Call number", minimum=1)
    funder: Mapped[str | None] = field("Funder", giving="fundingOrganization/0/name", search=True)
    funder_identifier: Mapped[str | None] = field(
        "Funder identifier", giving="fundingOrganization/0/id", help="From org-id.guide: GB-LAE-GLA"
    )
    aims: Mapped[str | None] = field("Aims", long=True)
    description: Mapped[str | None] = field("Description", long=True)
    starts: Mapped[date | None] = field("Starts", group="dates")
    ends: Mapped[date | None] = field("Ends", group="dates")
    budget: Mapped[Decimal | None] = field("Budget", minimum=Decimal("0.00"))
    over_commitment: Mapped[str | None] = field(
        "Why over budget", long=True, by_verb=True, help="The reason given when awards went over the budget"
    )
    lead: Mapped[str | None] = field("Senior responsible officer")
    decision_reference: Mapped[str | None] = field("Decision reference")
    giving_prefix: Mapped[str | None] = field("360Giving prefix", help="Registered with 360Giving: 360G-GLA")

    def check(self) -> Iterable[Problem]:
        """Dates in order; a live programme has dates and a budget; a short name is short and of letters and digits."""
        if self.code and not re.fullmatch(r"[A-Z][A-Z0-9]{1,7}", self.code):
            yield Problem("code", "Short name takes two to eight capital letters and digits, a letter first: CVE")
        yield from ordered(self, "starts", "ends", "Ends", than="the start")
        if self.status and self.status.live:
            for name, label in (("starts", "Starts"), ("ends", "Ends"), ("budget", "Budget")):
                if getattr(self, name) is None:
                    yield Problem(name, f"{label} is needed while the programme is {self.status.value.lower()}")

    @classmethod
    def in_programmes(cls, programmes: Select[int]) -> ColumnElement[bool] | None:
        """Itself."""
        return cls.id.in_(programmes)


class FundingLine(Record):
    """One budget of a programme in one financial year."""

    __tablename__ = "funding_line"
    noun, plural, prefix, caption = "Funding line", "Funding lines", "FUN", "name"

    programme_id: Mapped[int] = field("Programme", to="programme", required=True)
    name: Mapped[str] = field("Name", required=True, search=True)
    cost_code: Mapped[str | None] = field("Cost code", search=True)
    year: Mapped[str] = field("Financial year", required=True, help="April to March: 2026-27", aliases=("fy",))
    amount: Mapped[Decimal] = field("Amount", required=True, minimum=Decimal("0.00"))

    def check(self) -> Iterable[Problem]:
        """A financial year is written 2026-27."""
        found = re.fullmatch(r"(\d{4})-(\d{2})", self.year or "")
        if self.year and not (found and (int(found[1]) + 1) % 100 == int(found[2])):
            yield Problem("year", f"“{self.year}” is not a financial year: write it as 2026-27")


class Tier(Record):
    """A size of grant that a programme offers."""

    __tablename__ = "tier"
    noun, plural, prefix, caption = "Tier", "Tiers", "TIE", "name"

    programme_id: Mapped[int] = field("Programme", to="programme", required=True)
    name: Mapped[str] = field("Name", required=True)
    least: Mapped[Decimal | None] = field("Least", minimum=Decimal("0.00"), group="limits")
    most: Mapped[Decimal | None] = field("Most", minimum=Decimal("0.00"), group="limits")
    match: Mapped[float | None] = field("Match funding", unit="%", minimum=0.0, maximum=100.0)

    def check(self) -> Iterable[Problem]:
        """The least is not above the most."""
        if self.least is not None and self.most is not None and self.most < self.least:
            yield Problem("most", "Most must be the same as or more than Least")


class Theme(Record):
    """A priority of a programme."""

    __tablename__ = "theme"
    noun, plural, prefix, caption = "Theme", "Themes", "THM", "name"

    programme_id: Mapped[int] = field("Programme", to="programme", required=True)
    name: Mapped[str] = field("Name", required=True, search=True)
    description: Mapped[str | None] = field("Description", long=True)
