"""Pages of organisations and people: contacts, advisers with their reviews, events, officers."""

from grants_app.records.engagement import Event
from grants_app.records.grant import Grant
from grants_app.records.organisation import Contact, Organisation
from grants_app.records.people import Adviser, AdviserReview, Officer
from grants_app.ui.page import Page, Related
from grants_app.ui.pages.actions import ANONYMISE, ORGANISATION_ACTIONS, organisation_flags, organisation_told
from grants_app.ui.pages.control import TASKS_TAB

ORGANISATIONS = Page(
    Organisation,
    icon="organisation",
    group="People",
    columns=("reference", "name", "kind", "status", "borough", "grants"),
    sort=(("name", False),),
    actions=ORGANISATION_ACTIONS,
    flags=organisation_flags,
    told=organisation_told,
    related=(
        Related("Contacts", Contact, "organisation_id", ("name", "role", "email", "phone")),
        Related("Grants", Grant, "organisation_id", ("reference", "title", "status", "current")),
        TASKS_TAB,
    ),
)
CONTACTS = Page(
    Contact,
    icon="contact",
    group="",
    columns=("reference", "name", "organisation_id", "role", "email", "phone", "current"),
    actions=(ANONYMISE,),
    sections={
        "The contact": ("name", "organisation_id", "role", "current"),
        "How to reach them": ("email", "phone"),
        "Privacy": ("basis", "notice_given"),
    },
    sort=(("name", False),),
    badges=("role",),
    empty="People at an organisation. Add one on its organisation’s page.",
)
ADVISERS = Page(
    Adviser,
    icon="adviser",
    group="People",
    columns=("reference", "name", "role", "organisation", "term_ends"),
    actions=(ANONYMISE,),
    sections={
        "The adviser": ("name", "role", "organisation", "expertise"),
        "Term": ("term_starts", "term_ends"),
        "Interests": ("interests", "interests_on"),
    },
    sort=(("name", False),),
    badges=(),
    related=(
        Related("Reviews", AdviserReview, "adviser_id", ("kind", "about", "status", "due", "advice"), (("due", True),)),
    ),
    empty="The specialists who advise on a programme, with their interests and reviews.",
)
REVIEWS = Page(
    AdviserReview,
    icon="review",
    group="",
    columns=("reference", "adviser_id", "kind", "about", "status", "due", "advice"),
    sections={
        "The request": ("adviser_id", "kind", "about", "requested", "due"),
        "The review": ("status", "submitted", "conflict", "advice", "comments"),
        "Our answer": ("response",),
    },
    sort=(("due", True),),
    badges=("status", "advice"),
    empty="What advisers were asked. Add one on the adviser’s page.",
)
EVENTS = Page(
    Event,
    icon="event",
    group="People",
    columns=("reference", "title", "held_on", "place"),
    sections={
        "The event": ("title", "held_on", "place", "programme_id"),
        "Who came": ("organisations", "advisers", "guests"),
        "Notes": ("notes",),
    },
    sort=(("held_on", True),),
    badges=(),
    empty="Meetings of many: which organisations and advisers came, and guests by group, never by name.",
)
OFFICERS = Page(
    Officer,
    icon="officer",
    group="",
    columns=("reference", "name", "email", "roles"),
    actions=(ANONYMISE,),
    sort=(("name", False),),
    badges=(),
    empty="Officers who work on the programmes.",
)
PEOPLE = (ORGANISATIONS, ADVISERS, EVENTS)
ASIDE = (CONTACTS, REVIEWS, OFFICERS)
