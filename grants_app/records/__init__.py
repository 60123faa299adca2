"""What exists: every kind of record, its fields and its own rules; no session and no window.

To add a kind: a class in one of these modules, its name below, a migration. To add a field: one line and a migration.
"""

from grants_app.records.base import Record, kind_named
from grants_app.records.control import Acceptance, Document, Note, Risk, Task
from grants_app.records.engagement import Breakdown, Engagement, Event
from grants_app.records.evidence import Finding, Indicator, Measurement, Outcome, Recommendation, Testimonial
from grants_app.records.fields import Field, Kind
from grants_app.records.grant import Allocation, Grant, PlanLine
from grants_app.records.organisation import Contact, Organisation
from grants_app.records.payment import Payment
from grants_app.records.people import Adviser, AdviserReview, Officer
from grants_app.records.programme import FundingLine, Programme, Theme, Tier

RECORDS: tuple[type[Record], ...] = (
    Programme, FundingLine, Tier, Theme, Organisation, Contact, Officer, Grant, PlanLine, Payment, Allocation,
    Engagement, Breakdown, Outcome, Indicator, Measurement, Testimonial, Adviser, AdviserReview, Finding,
    Recommendation, Event, Risk, Task, Note, Document, Acceptance,
)  # fmt: skip
"""Every kind, parents before children: the order in which files list them and rows go in."""

__all__ = [
    "RECORDS",
    "Acceptance",
    "Adviser",
    "AdviserReview",
    "Allocation",
    "Breakdown",
    "Contact",
    "Document",
    "Engagement",
    "Event",
    "Field",
    "Finding",
    "FundingLine",
    "Grant",
    "Indicator",
    "Kind",
    "Measurement",
    "Note",
    "Officer",
    "Organisation",
    "Outcome",
    "Payment",
    "PlanLine",
    "Programme",
    "Recommendation",
    "Record",
    "Risk",
    "Task",
    "Testimonial",
    "Theme",
    "Tier",
    "kind_named",
]
