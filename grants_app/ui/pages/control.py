"""Pages of what keeps a programme in hand: risks; and tasks, notes, documents, breakdowns, accepted warnings."""

from grants_app.records.control import Acceptance, Document, Note, Risk, RiskStatus, Task
from grants_app.records.engagement import Breakdown
from grants_app.store.listing import Condition
from grants_app.ui.page import Page, Related
from grants_app.ui.pages.actions import ANONYMISE

TASKS_TAB = Related("Tasks", Task, "about", ("due", "text", "who", "done"), (("due", False),))
"""The tab of what is to be done about a record."""
_OPEN = Condition("status", "is", (RiskStatus.OPEN,))
_TO_DO = Condition("done", "blank")

RISKS = Page(
    Risk,
    icon="risk",
    group="Control",
    columns=("reference", "event", "grant_id", "impact_after", "likelihood_after", "review_on", "status"),
    sections={
        "The risk": ("event", "cause", "effect", "grant_id", "programme_id", "status"),
        "Before we act": ("impact", "likelihood"),
        "What we do": ("mitigation", "owner_id", "review_on"),
        "After we act": ("impact_after", "likelihood_after"),
    },
    views={"Open risks": (_OPEN,), "All risks": ()},
    chips={_OPEN: "Status: open"},
    sort=(("review_on", False),),
    empty="What might go wrong with a grant or a programme, and what is done about it.",
)
TASKS = Page(
    Task,
    icon="task",
    group="",
    columns=("reference", "text", "due", "who", "done", "about"),
    views={"To do": (_TO_DO,), "All tasks": ()},
    chips={_TO_DO: "Not done"},
    sort=(("due", False),),
    badges=(),
    empty="Something to do by a day. Tasks due show on My week.",
)
NOTES = Page(
    Note,
    icon="note",
    group="",
    columns=("reference", "on", "kind", "text", "about"),
    actions=(ANONYMISE,),
    sort=(("on", True),),
    badges=("kind",),
    empty="Calls, e-mails, visits and meetings. Add one on the page of what it is about.",
)
DOCUMENTS = Page(
    Document,
    icon="document",
    group="",
    columns=("reference", "title", "kind", "about", "file_name", "size", "destroy_by"),
    sort=(("title", False),),
    badges=("kind",),
    empty="Files kept with a record. Drop one on the record’s page.",
)
BREAKDOWNS = Page(
    Breakdown,
    icon="breakdown",
    group="",
    columns=("reference", "engagement_id", "dimension", "category", "count"),
    badges=("dimension",),
    empty="Who came to an engagement, by age, sex and so on. Add it on the engagement’s page.",
)
ACCEPTED = Page(
    Acceptance,
    icon="check",
    group="",
    columns=("reference", "rule", "about", "reason", "by", "on"),
    sort=(("on", True),),
    badges=(),
    empty="Warnings that an officer accepted, each with the reason.",
)
CONTROL = (RISKS,)
ASIDE = (TASKS, NOTES, DOCUMENTS, BREAKDOWNS, ACCEPTED)
