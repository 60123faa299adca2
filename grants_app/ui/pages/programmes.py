"""Pages of programmes and what belongs to them: funding lines, tiers, themes, delivery plans, allocations."""

from grants_app.records.grant import Allocation, Grant, PlanLine
from grants_app.records.programme import FundingLine, Programme, Theme, Tier
from grants_app.ui.page import Page, Related

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
    marks=(),
    related=(Related("Allocations", Allocation, "funding_line_id", ("grant_id", "payment_id", "amount"), adds=False),),
    empty="The budgets of a programme, by financial year.",
)
TIERS = Page(
    Tier, icon="money", group="", columns=("reference", "name", "programme_id", "least", "most", "match"), marks=()
)
THEMES = Page(Theme, icon="theme", group="", columns=("reference", "name", "programme_id"), marks=())
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
    marks=("what",),
    empty="What is to be delivered between two dates. Add a line on its grant's page.",
)
ALLOCATIONS = Page(
    Allocation,
    icon="money",
    group="",
    columns=("reference", "grant_id", "payment_id", "funding_line_id", "amount"),
    marks=(),
    empty="The parts of awards and payments that fall on one funding line.",
)
ASIDE = (PROGRAMMES, FUNDING_LINES, TIERS, THEMES, PLAN_LINES, ALLOCATIONS)
