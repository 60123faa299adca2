"""What changed: outcomes, indicators and their measurements, testimonials, findings and recommendations."""

import enum
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from sqlalchemy.orm import Mapped

from grants_app import clock
from grants_app.errors import Problem
from grants_app.records.base import Record, ordered
from grants_app.records.fields import ANY, field, many


class Level(enum.Enum):
    """How far along the chain of results an outcome lies."""

    OUTPUT = "Output"
    SHORT = "Short term"
    MEDIUM = "Medium term"
    LONG = "Long term"


class Outcome(Record):
    """A result that the programme aims at."""

    __tablename__ = "outcome"
    noun, plural, prefix, caption = "Outcome", "Outcomes", "OUT", "statement"

    programme_id: Mapped[int] = field("Programme", to="programme", required=True)
    statement: Mapped[str] = field("Statement", required=True, search=True)
    level: Mapped[Level] = field("Level", required=True)
    theme_id: Mapped[int | None] = field("Theme", to="theme")
    parent_id: Mapped[int | None] = field("Leads to", to="outcome")


class Unit(enum.Enum):
    """What an indicator counts in."""

    PEOPLE = "people"
    ENGAGEMENTS = "engagements"
    PERCENT = "%"
    SCORE = "score"
    YES_NO = "yes or no"


class Direction(enum.Enum):
    """Which way is better; context has no better."""

    UP = "Up is better"
    DOWN = "Down is better"
    CONTEXT = "Context only"


class Indicator(Record):
    """How one outcome is measured."""

    __tablename__ = "indicator"
    noun, plural, prefix, caption = "Indicator", "Indicators", "IND", "name"

    outcome_id: Mapped[int] = field("Outcome", to="outcome", required=True)
    name: Mapped[str] = field("Name", required=True, search=True)
    definition: Mapped[str | None] = field("Definition", long=True)
    unit: Mapped[Unit] = field("Unit", required=True)
    direction: Mapped[Direction] = field("Direction", required=True, default=Direction.UP)
    cumulative: Mapped[bool] = field("Cumulative", default=False, help="Each measurement adds to the last")
    baseline: Mapped[float | None] = field("Baseline", group="baseline")
    baseline_on: Mapped[date | None] = field("Baseline date", group="baseline")
    baseline_source: Mapped[str | None] = field("Baseline source", group="baseline")
    target: Mapped[float | None] = field("Target", group="target")
    target_on: Mapped[date | None] = field("Target date", group="target")

    def check(self) -> Iterable[Problem]:
        """A context indicator has no target: it is nobody's doing."""
        if self.direction is Direction.CONTEXT and self.target is not None:
            yield Problem("target", "A context indicator has no target: it is measured again, not aimed at")
        yield from ordered(self, "baseline_on", "target_on", "Target date", than="the baseline")


class Sureness(enum.Enum):
    """How sure a measured value is."""

    VERIFIED = "Verified"
    REPORTED = "Reported"
    ESTIMATED = "Estimated"


class MeasurementStatus(enum.Enum):
    """Whether a value may be published."""

    DRAFT = "Draft"
    APPROVED = "Approved"

    @property
    def next(self) -> frozenset["MeasurementStatus"]:
        """The other one."""
        return frozenset(MeasurementStatus) - {self}


class Measurement(Record):
    """One value of an indicator in one period."""

    __tablename__ = "measurement"
    noun, plural, prefix, digits, caption = "Measurement", "Measurements", "MEA", 6, "reference"

    indicator_id: Mapped[int] = field("Indicator", to="indicator", required=True)
    grant_id: Mapped[int | None] = field("Grant", to="grant", help="Blank for the whole programme")
    status: Mapped[MeasurementStatus] = field("Status", default=MeasurementStatus.DRAFT, required=True, by_verb=True)
    starts: Mapped[date] = field("Period from", required=True, group="period")
    ends: Mapped[date] = field("Period to", required=True, group="period", indexed=True)
    value: Mapped[float] = field("Value", required=True, group="value")
    numerator: Mapped[int | None] = field("Numerator", minimum=0, group="value")
    denominator: Mapped[int | None] = field("Denominator", minimum=1, group="value")
    sure: Mapped[Sureness] = field("How sure", default=Sureness.REPORTED, required=True)
    source: Mapped[str | None] = field("Source")
    note: Mapped[str | None] = field("Note", long=True)

    def check(self) -> Iterable[Problem]:
        """Period in order and begun; a part is not above its whole."""
        yield from ordered(self, "starts", "ends", "Period to", than="its start")
        if self.ends and self.ends > clock.today():
            yield Problem("ends", "Period to must not be in the future", stops=False)
        if self.numerator is not None and self.denominator and self.numerator > self.denominator:
            yield Problem("numerator", "Numerator must be no more than Denominator", stops=False)

    @classmethod
    def settled(cls, record: Any) -> Collection[str]:
        """An approved value stands, with its period: a correction is a new measurement that says why."""
        fixed = ("indicator_id", "grant_id", "starts", "ends", "value", "numerator", "denominator")
        return fixed if record.status is MeasurementStatus.APPROVED else ()


class TestimonialKind(enum.Enum):
    """How long it is and who tells it."""

    QUOTE = "Quote"
    CASE_STUDY = "Case study"


class Speaker(enum.Enum):
    """Who said it."""

    PARTICIPANT = "Participant"
    HOLDER = "Holder"
    ADVISER = "Adviser"
    PARTNER = "Partner"


class Consent(enum.Enum):
    """How far a testimonial may go."""

    INTERNAL = "Internal"
    ANONYMOUS = "Anonymised public"
    ATTRIBUTED = "Attributed public"


class Testimonial(Record):
    """What somebody said of the work, and how far they let it go."""

    __tablename__ = "testimonial"
    noun, plural, prefix, caption = "Testimonial", "Testimonials", "TES", "described"

    kind: Mapped[TestimonialKind] = field("Kind", default=TestimonialKind.QUOTE, required=True)
    text: Mapped[str] = field("Text", required=True, long=True, search=True, personal=True)
    said_by: Mapped[Speaker] = field("Said by", required=True)
    described: Mapped[str] = field(
        "Described as", required=True, search=True, personal=True, help="Without a name: mother of two, Brent"
    )
    consent: Mapped[Consent] = field("Consent", default=Consent.INTERNAL, required=True, group="consent")
    consented_on: Mapped[date | None] = field("Consent given on", group="consent")
    form_id: Mapped[int | None] = field("Consent form", to="document", group="consent")
    expires: Mapped[date | None] = field("Consent ends", group="consent", indexed=True)
    withdrawn_on: Mapped[date | None] = field("Withdrawn on", group="consent")
    engagement_id: Mapped[int | None] = field("Engagement", to="engagement")
    grant_id: Mapped[int | None] = field("Grant", to="grant")
    themes: Mapped[tuple[str, ...]] = many("Themes", to="theme")
    source: Mapped[str | None] = field("Source")

    def check(self) -> Iterable[Problem]:
        """Public consent has its date; consent ends after it was given."""
        yield from ordered(self, "consented_on", "expires", "Consent ends", than="the day it was given")
        if self.consent is not Consent.INTERNAL and self.consented_on is None:
            yield Problem("consented_on", "Consent given on is needed for public consent", stops=False)


class Strength(enum.Enum):
    """How well a finding is supported."""

    SINGLE = "Single source"
    SEVERAL = "Several"
    TRIANGULATED = "Triangulated"


class Finding(Record):
    """What the programme has learnt, with the evidence for it and against it."""

    __tablename__ = "finding"
    noun, plural, prefix, caption = "Finding", "Findings", "FND", "statement"

    programme_id: Mapped[int] = field("Programme", to="programme", required=True)
    statement: Mapped[str] = field("Statement", required=True, search=True, maximum=2000)
    theme_id: Mapped[int | None] = field("Theme", to="theme")
    strength: Mapped[Strength] = field("Strength", default=Strength.SINGLE, required=True)
    evidence_for: Mapped[tuple[str, ...]] = many(
        "Evidence for", to=ANY, help="References of engagements, indicators, testimonials, reviews, documents"
    )
    evidence_against: Mapped[tuple[str, ...]] = many("Evidence against", to=ANY)
    notes: Mapped[str | None] = field("Notes", long=True)


class Response(enum.Enum):
    """What those addressed have answered."""

    AWAITED = "Awaited"
    ACCEPTED = "Accepted"
    PART = "Part accepted"
    REJECTED = "Rejected"


class RecommendationStatus(enum.Enum):
    """How far a recommendation is."""

    DRAFT = "Draft"
    PUBLISHED = "Published"
    IN_PROGRESS = "In progress"
    DONE = "Done"
    SUPERSEDED = "Superseded"

    @property
    def next(self) -> frozenset["RecommendationStatus"]:
        """Forward, or superseded; a published one is never a draft again."""
        later = list(RecommendationStatus)
        return (
            frozenset(later[later.index(self) + 1 :])
            if self is not RecommendationStatus.DONE
            else frozenset({RecommendationStatus.IN_PROGRESS, RecommendationStatus.SUPERSEDED})
        )


class Recommendation(Record):
    """What the programme asks somebody to do."""

    __tablename__ = "recommendation"
    noun, plural, prefix, caption = "Recommendation", "Recommendations", "REC", "text"

    programme_id: Mapped[int] = field("Programme", to="programme", required=True)
    number: Mapped[int] = field("Number", required=True, minimum=1)
    text: Mapped[str] = field("Text", required=True, search=True, maximum=2000)
    status: Mapped[RecommendationStatus] = field("Status", default=RecommendationStatus.DRAFT, required=True)
    addressed_to: Mapped[str | None] = field("Addressed to")
    findings: Mapped[tuple[str, ...]] = many("Findings", to="finding")
    owner_id: Mapped[int | None] = field("Owner", to="officer")
    due: Mapped[date | None] = field("Due", indexed=True)
    response: Mapped[Response] = field("Response", default=Response.AWAITED, required=True, group="response")
    responded_on: Mapped[date | None] = field("Response date", group="response")
