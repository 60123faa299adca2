"""Grants: the list with its bullet bars, and one grant with its money, engagements, outcomes, files and history."""

from collections.abc import Mapping, Sequence

from grants_app.records import Record
from grants_app.records.control import Task
from grants_app.records.engagement import Engagement
from grants_app.records.evidence import Measurement
from grants_app.records.grant import LIVE, Grant, PlanLine
from grants_app.records.payment import Payment
from grants_app.store.listing import Condition
from grants_app.ui.page import Overview, Page, Related, later
from grants_app.ui.pages.grant_actions import GRANT_ACTIONS

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
    marks=("status", "rag"),
    told=_told,
    empty="Each bid and award has its line here, from enquiry to closure.",
)
