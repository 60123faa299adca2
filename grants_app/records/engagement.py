"""Engagement, a meeting with people, and the breakdown of who came; and Event, a meeting of many."""

import enum
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from grants_app import clock
from grants_app.errors import Problem
from grants_app.records.base import Record
from grants_app.records.fields import field, many


class EngagementStatus(enum.Enum):
    """Whether it has taken place."""

    PLANNED = "Planned"
    DELIVERED = "Delivered"
    CANCELLED = "Cancelled"

    @property
    def next(self) -> frozenset["EngagementStatus"]:
        """A planned one is delivered or cancelled; either may turn out to be mistaken."""
        return frozenset(EngagementStatus) - {self}


class Delivery(enum.Enum):
    """How people met."""

    IN_PERSON = "In person"
    ONLINE = "Online"
    HYBRID = "Hybrid"


class CountMethod(enum.Enum):
    """How attendance was counted."""

    REGISTER = "Register"
    HEADCOUNT = "Headcount"
    ESTIMATE = "Estimate"
    PLATFORM = "Platform figures"


class Verified(enum.Enum):
    """How far an officer has verified it."""

    NO = "No"
    DESK = "Desk check"
    REGISTER = "Register seen"
    VISITED = "Visited"


class Engagement(Record):
    """A session with people, by a grant or by City Hall itself."""

    __tablename__ = "engagement"
    __table_args__ = (
        # what a grant's totals, a foot of the list and its groups are added up from, without reading each record
        Index("ix_engagement_kept", "grant_id", "status", "attended", "new"),
        Index("ix_engagement_status", "status", "id", "attended"),
        # what a programme's report counts and adds up: by month, by borough, in all
        Index("ix_engagement_programme", "programme_id", "status", "held_on", "borough", "attended"),
        Index("ix_engagement_late", "status", "held_on"),  # planned, and the day has passed: My week
        Index("ix_engagement_borough", "borough", "id", "attended"),
        Index("ix_engagement_held_on", "held_on", "id", "attended"),
        {"sqlite_autoincrement": True},
    )
    noun, plural, prefix, digits = "Engagement", "Engagements", "ENG", 6

    programme_id: Mapped[int] = field("Programme", to="programme", required=True, indexed=False)
    grant_id: Mapped[int | None] = field("Grant", to="grant", indexed=False, help="Blank for City Hall's own")
    title: Mapped[str] = field(
        "Title",
        required=True,
        search=True,
        indexed=True,
        aliases=("session", "session title", "activity", "workshop", "event", "name of session"),
    )
    status: Mapped[EngagementStatus] = field("Status", default=EngagementStatus.PLANNED, required=True, group="counts")
    held_on: Mapped[date] = field(
        "Held on",
        required=True,
        group="counts",
        aliases=("date", "session date", "date held", "event date", "when"),
    )
    attended: Mapped[int | None] = field(
        "Attended",
        minimum=0,
        indexed=True,
        group="counts",
        help="One number is enough",
        aliases=(
            "attendance",
            "number attended",
            "people",
            "attendees",
            "participants",
            "people reached",
            "total attended",
            "people attended",
            "people came",
            "number of people",
            "number of people attended",
            "number of participants",
            "number of attendees",
            "how many came",
            "how many attended",
            "how many people came",
            "how many people attended",
        ),
    )
    venue: Mapped[str | None] = field("Venue", search=True, indexed=True, aliases=("location", "place", "where"))
    borough: Mapped[str | None] = field("Borough", choices="boroughs", help="Where it was held, not where people live")
    postcode: Mapped[str | None] = field("Postcode")
    audiences: Mapped[tuple[str, ...]] = many(
        "Audiences", choices="audiences", help="Several may apply, so they are never added up", aliases=("audience",)
    )
    kind: Mapped[str | None] = field("Kind", choices="engagement kinds", aliases=("type",))
    delivery: Mapped[Delivery | None] = field("Delivery")
    starts: Mapped[time | None] = field("Start time", aliases=("time",))
    hours: Mapped[float | None] = field("Hours", minimum=0.0, maximum=1000.0, aliases=("duration",))
    partners: Mapped[tuple[str, ...]] = many("With", to="organisation", help="Partner organisations")
    themes: Mapped[tuple[str, ...]] = many("Themes", to="theme")
    harms: Mapped[tuple[str, ...]] = many("Harms", choices="harms")
    online: Mapped[int | None] = field("Online", minimum=0, group="counts", help="Of those who attended")
    new: Mapped[int | None] = field(
        "New",
        minimum=0,
        group="counts",
        help="People who came for the first time",
        aliases=("new people", "of whom new"),
    )
    returners: Mapped[int | None] = field("Returning", minimum=0, group="counts")
    method: Mapped[CountMethod | None] = field("Counted by", group="counts")
    signposted: Mapped[int | None] = field("Signposted to help", minimum=0)
    summary: Mapped[str | None] = field("Summary", long=True, search=True, aliases=("what happened", "description"))
    learning: Mapped[str | None] = field("Learning", long=True, aliases=("what went well", "lessons learnt"))
    barriers: Mapped[str | None] = field("Barriers", long=True)
    concern: Mapped[bool] = field(
        "Safeguarding concern", default=False, help="Never a name: the referral reference only", group="concern"
    )
    referral: Mapped[str | None] = field("Referral reference", group="concern")
    evidence_id: Mapped[int | None] = field("Evidence", to="document")
    verified: Mapped[Verified] = field("Verified", default=Verified.NO, group="verified")
    verified_by: Mapped[str | None] = field("Verified by", group="verified")
    verified_on: Mapped[date | None] = field("Verified on", group="verified")

    def check(self) -> Iterable[Problem]:
        """A delivered one has its number and is not in the future; the parts of a count are not above it."""
        if self.status is EngagementStatus.DELIVERED and self.attended is None:
            yield Problem("attended", "Attended is needed once an engagement is delivered: one number is enough")
        if self.status is EngagementStatus.DELIVERED and self.held_on and self.held_on > clock.today():
            yield Problem("held_on", "An engagement cannot be delivered before it is held: Held on is in the future")
        if self.attended is not None:
            if (self.online or 0) > self.attended:
                yield Problem("online", f"Online must be no more than the {self.attended:,} who attended", stops=False)
            if (self.new or 0) + (self.returners or 0) > self.attended:
                yield Problem(
                    "new", f"New and Returning come to more than the {self.attended:,} who attended", stops=False
                )
        if self.verified_on and self.verified_on > clock.today():
            yield Problem("verified_on", "Verified on must not be in the future", stops=False)

    @property
    def unknown(self) -> int | None:
        """Those of whom it is not recorded whether they are new; None without an attendance."""
        return None if self.attended is None else self.attended - (self.new or 0) - (self.returners or 0)


class Dimension(enum.Enum):
    """By what attendance is broken down; all but audience are one answer a person."""

    AUDIENCE = "Audience"
    AGE = "Age band"
    SEX = "Sex"
    ETHNICITY = "Ethnicity"
    RELIGION = "Religion"
    DISABILITY = "Disability"
    RESIDENCE = "Borough of residence"
    ROLE = "Role"


NOT_SAID, NOT_COLLECTED = "Prefer not to say", "Not collected"
"""Categories of every dimension, distinct from zero."""


_USUAL: Mapping[Dimension, tuple[str, ...] | str] = {
    Dimension.AUDIENCE: "audiences",
    Dimension.AGE: "age bands",
    Dimension.SEX: ("Female", "Male"),
    Dimension.ETHNICITY: (
        "Asian or Asian British", "Black, Black British, Caribbean or African", "Mixed or multiple ethnic groups",
        "White", "Other ethnic group",
    ),
    Dimension.RELIGION: (
        "No religion", "Buddhist", "Christian", "Hindu", "Jewish", "Muslim", "Sikh", "Other religion",
    ),
    Dimension.DISABILITY: ("Disabled", "Not disabled"),
    Dimension.RESIDENCE: "boroughs",
    Dimension.ROLE: ("Participant", "Parent or carer", "Teacher", "Practitioner", "Volunteer"),
}  # fmt: skip


def usual_categories(dimension: Dimension, lists: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """The categories that officers usually count by, from the file's own lists where it has one; others may be used."""
    usual = _USUAL[dimension]
    return (*(lists.get(usual, ()) if isinstance(usual, str) else usual), NOT_SAID, NOT_COLLECTED)


class Breakdown(Record):
    """How many of those who attended one engagement fall in one category."""

    __tablename__ = "breakdown"
    noun, plural, prefix, digits, caption = "Attendance breakdown", "Attendance breakdowns", "BRK", 6, "category"

    engagement_id: Mapped[int] = field("Engagement", to="engagement", required=True)
    dimension: Mapped[Dimension] = field("Dimension", required=True)
    category: Mapped[str] = field(
        "Category", required=True, help="“Prefer not to say” and “Not collected” are categories too"
    )
    count: Mapped[int] = field("Count", required=True, minimum=0)


class Event(Record):
    """A meeting of many: organisations, advisers, guests by group."""

    __tablename__ = "event"
    noun, plural, prefix = "Event", "Events", "EVT"

    programme_id: Mapped[int] = field("Programme", to="programme", required=True)
    title: Mapped[str] = field("Title", required=True, search=True)
    held_on: Mapped[date] = field("Held on", required=True, indexed=True)
    place: Mapped[str | None] = field("Place", search=True)
    organisations: Mapped[tuple[str, ...]] = many("Organisations", to="organisation")
    advisers: Mapped[tuple[str, ...]] = many("Advisers", to="adviser")
    guests: Mapped[str | None] = field(
        "Guests by group", long=True, help="Counts, never names: Victims of terrorism 6; Councillors 4"
    )
    notes: Mapped[str | None] = field("Notes", long=True, search=True)
