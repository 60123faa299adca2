"""Pages of the work: programmes with what belongs to them, grants, engagements, payments."""

from collections.abc import Mapping, Sequence

from grants_app.records import Record
from grants_app.records.control import Task
from grants_app.records.engagement import Engagement
from grants_app.records.evidence import Measurement
from grants_app.records.grant import LIVE, Allocation, Grant, PlanLine
from grants_app.records.payment import Payment, PaymentStatus
from grants_app.records.programme import FundingLine, Programme, Theme, Tier
from grants_app.store.listing import Condition
from grants_app.ui.page import Overview, Page, Part, Related, later
from grants_app.ui.pages.actions import (
    ENGAGEMENT_ACTIONS,
    GRANT_ACTIONS,
    HELD_ELSEWHERE,
    PAYMENT_ACTIONS,
    payment_flags,
    payment_told,
)
from grants_app.ui.pages.control import TASKS_TAB

PROGRAMMES = Page(
    Programme,
    icon="programme",
    group="",
    columns=("reference", "name", "status", "budget", "awards", "pending", "budget_left", "grants"),
    sections={
        "The programme": ("name", "code", "status", "parent_id", "call", "aims", "description"),
        "When": ("starts", "ends"),
        "Money": ("budget", "over_commitment"),
        "Who decides": ("lead", "decision_reference"),
        "Funder": ("funder", "funder_identifier", "giving_prefix"),
    },
    sort=(("reference", False),),
    related=(
        Related("Funding lines", FundingLine, "programme_id", ("name", "cost_code", "year", "amount")),
        Related("Themes", Theme, "programme_id", ("name", "description")),
        Related("Tiers", Tier, "programme_id", ("name", "least", "most", "match")),
        Related("Plan", PlanLine, "programme_id", ("what", "audience", "starts", "ends", "planned")),
        Related("Grants", Grant, "programme_id", ("reference", "organisation_id", "status", "current"), adds=False),
    ),
    empty="A fund with its aims, dates and budget. Every grant belongs to one.",
)
FUNDING_LINES = Page(
    FundingLine,
    icon="money",
    group="",
    columns=("reference", "name", "programme_id", "cost_code", "year", "amount"),
    badges=(),
    related=(Related("Allocations", Allocation, "funding_line_id", ("grant_id", "payment_id", "amount"), adds=False),),
    empty="The budgets of a programme, by financial year.",
)
TIERS = Page(
    Tier, icon="money", group="", columns=("reference", "name", "programme_id", "least", "most", "match"), badges=()
)
THEMES = Page(Theme, icon="theme", group="", columns=("reference", "name", "programme_id"), badges=())
PLAN_LINES = Page(
    PlanLine,
    icon="plan",
    group="",
    columns=("reference", "grant_id", "what", "audience", "starts", "ends", "planned"),
    sections={
        "What is planned": ("what", "planned", "indicator_id", "grant_id", "programme_id"),
        "When": ("starts", "ends", "agreed_on"),
        "Only of": ("audience", "kind", "theme_id", "borough"),
    },
    badges=("what",),
    empty="What is to be delivered between two dates. Add a line on its grant’s page.",
)
ALLOCATIONS = Page(
    Allocation,
    icon="money",
    group="",
    columns=("reference", "grant_id", "payment_id", "funding_line_id", "amount"),
    badges=(),
    empty="The parts of awards and payments that fall on one funding line.",
)
_LIVE = Condition("status", "is", tuple(sorted(LIVE, key=lambda status: status.value)))
_GLANCE = Overview(
    "Overview",
    later("grant_overview", "glance"),
    later("grant_overview", "show_glance"),
    (Engagement, Payment, PlanLine, Task),
)


def _told(record: Record, called: Mapping[str, str]) -> Sequence[str]:
    assert isinstance(record, Grant)
    themes = ", ".join(called.get(reference, reference) for reference in record.themes)
    return tuple(
        f"{head}: {words}" for head, words in ((record.rag.value, record.rag_reason), ("Themes", themes)) if words
    )


GRANTS = Page(
    Grant,
    icon="grant",
    group="Work",
    columns=("reference", "organisation_id", "status", "rag", "current", "left", "delivered"),
    bullets={"delivered": ("planned", "planned_today")},
    views={"Live grants": (_LIVE,)},
    chips={_LIVE: "Status: live"},
    sections={
        "The grant": (
            "title",
            "organisation_id",
            "programme_id",
            "purpose",
            "themes",
            "boroughs",
            "audiences",
            "harms",
        ),
        "The request": ("asked", "total_cost", "match_funding", "received", "route", "justification", "tier_id"),
        "When": ("starts", "ends"),
        "How it goes": ("status", "rag", "rag_reason", "officer_id", "second_officer_id"),
        "The decision": (
            "awarded",
            "decided_on",
            "decided_by",
            "decision_reason",
            "refusal_reason",
            "decision_form",
            "conflicts",
        ),
        "The agreement": ("agreement_sent_on", "agreement_signed_by", "agreement_signed_on", "purchase_order"),
    },
    actions=GRANT_ACTIONS,
    figures=later("grant_overview", "key_figures"),
    overviews=(_GLANCE,),
    related=(
        Related(
            "Money", Payment, "grant_id", ("number", "kind", "status", "amount", "due", "paid_on"), (("due", False),)
        ),
        Related(
            "Engagements",
            Engagement,
            "grant_id",
            ("held_on", "title", "status", "attended", "borough"),
            (("held_on", True),),
        ),
        Related(
            "Outcomes",
            Measurement,
            "grant_id",
            ("indicator_id", "starts", "ends", "value", "status"),
            (("ends", True),),
        ),
    ),
    badges=("status", "rag"),
    told=_told,
    empty="Each bid and award has its line here, from enquiry to closure.",
)
_TO_PAY = Condition(
    "status",
    "is",
    (PaymentStatus.SCHEDULED, PaymentStatus.PENDING, PaymentStatus.AUTHORISED, PaymentStatus.SENT),
)
ENGAGEMENTS = Page(
    Engagement,
    icon="engagement",
    group="Work",
    columns=("reference", "held_on", "title", "grant_id", "status", "attended", "borough"),
    sort=(("held_on", True),),
    actions=ENGAGEMENT_ACTIONS,
    parts=(Part("Who came", later("counting", "CountingTab")),),
    related=(TASKS_TAB,),
)
PAYMENTS = Page(
    Payment,
    icon="payment",
    group="Work",
    columns=("reference", "grant_id", "kind", "status", "amount", "due", "paid_on"),
    sort=(("due", False),),
    views={"To pay": (_TO_PAY,), "All payments": ()},
    chips={_TO_PAY: "Status: to pay"},
    actions=PAYMENT_ACTIONS,
    flags=payment_flags,
    told=payment_told,
    leads=HELD_ELSEWHERE,
    parts=(Part("Funding", later("splitting", "payment_split")),),
)
WORK = (GRANTS, ENGAGEMENTS, PAYMENTS)
ASIDE = (PROGRAMMES, FUNDING_LINES, TIERS, THEMES, PLAN_LINES, ALLOCATIONS)
