"""Pages of what changed: outcomes with their indicators, testimonials, findings and recommendations."""

from grants_app.records.evidence import (
    Consent,
    Finding,
    Indicator,
    Measurement,
    Outcome,
    Recommendation,
    RecommendationStatus,
    Response,
    Testimonial,
)
from grants_app.store.listing import Condition
from grants_app.ui.page import Page, Related
from grants_app.ui.pages.actions import ANONYMISE, MEASUREMENT_ACTIONS, TESTIMONIAL_ACTIONS

_PUBLIC = Condition("consent", "is", (Consent.ANONYMOUS, Consent.ATTRIBUTED))
_AWAITED = Condition("response", "is", (Response.AWAITED,))
_OUT = Condition("status", "is", (RecommendationStatus.PUBLISHED, RecommendationStatus.IN_PROGRESS))

OUTCOMES = Page(
    Outcome,
    icon="outcome",
    group="Results",
    columns=("reference", "statement", "level", "theme_id"),
    sections={"The outcome": ("statement", "level", "theme_id", "parent_id", "programme_id")},
    sort=(("reference", False),),
    badges=("level",),
    related=(
        Related("Indicators", Indicator, "outcome_id", ("name", "unit", "direction", "baseline", "target")),
        Related("Leads to it", Outcome, "parent_id", ("statement", "level"), adds=False),
    ),
    empty="The results that a programme aims at, each with the indicators that measure it.",
)
INDICATORS = Page(
    Indicator,
    icon="indicator",
    group="",
    columns=("reference", "name", "outcome_id", "unit", "direction", "baseline", "target"),
    sections={
        "The indicator": ("name", "definition", "outcome_id", "unit", "direction", "cumulative"),
        "Before": ("baseline", "baseline_on", "baseline_source"),
        "Aim": ("target", "target_on"),
    },
    badges=("direction",),
    related=(
        Related(
            "Measurements",
            Measurement,
            "indicator_id",
            ("ends", "value", "numerator", "denominator", "grant_id", "sure", "status"),
            (("ends", True),),
        ),
    ),
    empty="How an outcome is measured. Add one on its outcome’s page.",
)
MEASUREMENTS = Page(
    Measurement,
    icon="measurement",
    group="",
    columns=("reference", "indicator_id", "grant_id", "ends", "value", "sure", "status"),
    sections={
        "The measurement": ("indicator_id", "grant_id", "status"),
        "Period": ("starts", "ends"),
        "Value": ("value", "numerator", "denominator", "sure", "source", "note"),
    },
    sort=(("ends", True),),
    actions=MEASUREMENT_ACTIONS,
    empty="Values of indicators, one for each period. Add one on its indicator’s page.",
)
TESTIMONIALS = Page(
    Testimonial,
    icon="testimonial",
    group="Results",
    columns=("reference", "described", "said_by", "kind", "consent", "expires", "grant_id"),
    actions=(*TESTIMONIAL_ACTIONS, ANONYMISE),
    sections={
        "What was said": ("text", "kind", "said_by", "described"),
        "Consent": ("consent", "consented_on", "form_id", "expires", "withdrawn_on"),
        "Where it comes from": ("grant_id", "engagement_id", "themes", "source"),
    },
    views={"All testimonials": (), "With public consent": (_PUBLIC,)},
    chips={_PUBLIC: "Consent: public"},
    badges=("consent",),
    empty="What participants, holders and partners said, and how far they let it go.",
)
FINDINGS = Page(
    Finding,
    icon="finding",
    group="Results",
    columns=("reference", "statement", "strength", "theme_id"),
    sections={
        "The finding": ("statement", "strength", "theme_id", "programme_id"),
        "Evidence": ("evidence_for", "evidence_against", "notes"),
    },
    sort=(("reference", False),),
    badges=("strength",),
    empty="What the programme has learnt, with the evidence for it and against it.",
)
RECOMMENDATIONS = Page(
    Recommendation,
    icon="recommendation",
    group="Results",
    columns=("number", "text", "status", "addressed_to", "response", "due"),
    sections={
        "The recommendation": ("number", "text", "addressed_to", "findings", "programme_id"),
        "How it goes": ("status", "owner_id", "due", "response", "responded_on"),
    },
    views={"All recommendations": (), "Waiting for a response": (_OUT, _AWAITED)},
    chips={_AWAITED: "Response: awaited", _OUT: "Status: published"},
    sort=(("number", False),),
    badges=("status", "response"),
    empty="What the programme asks others to do, each resting on its findings.",
)
RESULTS = (OUTCOMES, TESTIMONIALS, FINDINGS, RECOMMENDATIONS)
ASIDE = (INDICATORS, MEASUREMENTS)
