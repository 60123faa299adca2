"""The pages that are generated from their fields, each with what makes it fit its purpose."""

from grants_app.records.engagement import Engagement
from grants_app.records.grant import Grant
from grants_app.records.organisation import Contact, Organisation
from grants_app.records.payment import Payment, PaymentStatus
from grants_app.store.listing import Condition
from grants_app.ui.page import Page, Part, Related, later
from grants_app.ui.pages.control import TASKS_TAB
from grants_app.ui.pages.other_actions import ENGAGEMENT_ACTIONS, PAYMENT_ACTIONS, payment_flags, payment_told
from grants_app.ui.pages.person_actions import MERGE

_TO_PAY = Condition(
    "status",
    "is",
    (PaymentStatus.SCHEDULED, PaymentStatus.PENDING, PaymentStatus.AUTHORISED, PaymentStatus.SENT),
)

ENGAGEMENTS = Page(
    Engagement,
    icon="engagement",
    group="Work",
    columns=("reference", "held_on", "title", "grant_id", "status", "attended", "borough", "venue"),
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
    parts=(Part("Funding", later("splitting", "payment_split")),),
)
ORGANISATIONS = Page(
    Organisation,
    icon="organisation",
    group="People",
    columns=("reference", "name", "kind", "status", "borough", "grants"),
    sort=(("name", False),),
    actions=(MERGE,),
    related=(
        Related("Contacts", Contact, "organisation_id", ("name", "role", "email", "phone")),
        Related("Grants", Grant, "organisation_id", ("reference", "title", "status", "current")),
        TASKS_TAB,
    ),
)
LISTS = (ENGAGEMENTS, PAYMENTS, ORGANISATIONS)
