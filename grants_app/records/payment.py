"""Payment: money against a grant, from schedule to bank, or back."""

import enum
from collections.abc import Collection, Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Index, Select, select
from sqlalchemy.orm import Mapped

from grants_app import clock
from grants_app.errors import Problem
from grants_app.records.base import Record
from grants_app.records.fields import field


class PaymentKind(enum.Enum):
    """Which part of a grant it pays; a reclaim comes back."""

    INITIAL = "Initial"
    INTERIM = "Interim"
    FINAL = "Final"
    RECLAIM = "Reclaim"


class PaymentStatus(enum.Enum):
    """How far a payment is."""

    SCHEDULED = "Scheduled"
    PENDING = "Pending approval"
    AUTHORISED = "Authorised"
    DECLINED = "Declined"
    SENT = "Sent to finance"
    PAID = "Paid"
    FAILED = "Failed"
    CANCELLED = "Cancelled"
    RETURNED = "Returned"

    @property
    def next(self) -> frozenset["PaymentStatus"]:
        """Where a payment may go from here."""
        return _NEXT[self]


_S = PaymentStatus
COUNTED = frozenset({_S.PENDING, _S.AUTHORISED, _S.SENT, _S.PAID})
"""What counts against the award."""
APPROVED = frozenset({_S.AUTHORISED, _S.SENT, _S.PAID})
DEAD = frozenset({_S.DECLINED, _S.CANCELLED, _S.FAILED, _S.RETURNED})
_NEXT = {
    _S.SCHEDULED: frozenset({_S.PENDING, _S.CANCELLED, _S.PAID}),
    _S.PENDING: frozenset({_S.AUTHORISED, _S.DECLINED, _S.SCHEDULED, _S.CANCELLED}),
    _S.AUTHORISED: frozenset({_S.SENT, _S.PENDING, _S.CANCELLED}),
    _S.DECLINED: frozenset({_S.SCHEDULED, _S.PENDING}),
    _S.SENT: frozenset({_S.PAID, _S.FAILED, _S.AUTHORISED}),
    _S.PAID: frozenset({_S.RETURNED, _S.SENT}),
    _S.FAILED: frozenset({_S.PENDING, _S.CANCELLED}),
    _S.CANCELLED: frozenset({_S.SCHEDULED}),
    _S.RETURNED: frozenset({_S.PENDING, _S.CANCELLED}),
}


class Payment(Record):
    """One payment against a grant, or one reclaim of it."""

    __tablename__ = "payment"
    __table_args__ = (
        Index("ix_payment_kept", "grant_id", "status", "kind", "amount"),
        {"sqlite_autoincrement": True},
    )
    noun, plural, prefix, digits, caption = "Payment", "Payments", "PAY", 6, "reference"

    grant_id: Mapped[int] = field("Grant", to="grant", required=True, indexed=False)
    number: Mapped[int | None] = field(
        "Number", minimum=1, help="Left blank, the next one of the grant", aliases=("instalment",)
    )
    kind: Mapped[PaymentKind] = field("Kind", default=PaymentKind.INTERIM, required=True)
    status: Mapped[PaymentStatus] = field(
        "Status", default=PaymentStatus.SCHEDULED, required=True, by_verb=True, indexed=True
    )
    amount: Mapped[Decimal] = field(
        "Amount", required=True, minimum=Decimal("0.01"), indexed=True, aliases=("amount paid", "instalment amount")
    )
    due: Mapped[date] = field(
        "Due",
        required=True,
        indexed=True,
        help="When the agreement says it is to be paid",
        aliases=("due date", "payment date"),
    )
    expected_on: Mapped[date | None] = field("Expected on", help="When you think it will be paid, if not when due")
    invoice: Mapped[str | None] = field("Invoice reference", search=True, aliases=("invoice", "invoice number"))
    requested_by: Mapped[str | None] = field("Requested by", by_verb=True)
    requested_on: Mapped[date | None] = field("Requested on", by_verb=True)
    approved_by: Mapped[str | None] = field("Approved by", by_verb=True)
    approved_on: Mapped[date | None] = field("Approved on", by_verb=True)
    countersign: Mapped[bool] = field("To be countersigned", default=False, by_verb=True, indexed=True)
    countersigned_by: Mapped[str | None] = field("Countersigned by", by_verb=True)
    countersigned_on: Mapped[date | None] = field("Countersigned on", by_verb=True)
    paid_on: Mapped[date | None] = field("Paid on", by_verb=True, indexed=True, aliases=("paid", "date paid"))
    finance_reference: Mapped[str | None] = field("Finance reference", search=True)
    hold_reason: Mapped[str | None] = field("On hold because")
    outcome_reason: Mapped[str | None] = field("Why declined, failed, cancelled or returned", by_verb=True)
    reclaims_id: Mapped[int | None] = field("Reclaims", to="payment", help="The payment that this reclaim takes back")

    def check(self) -> Iterable[Problem]:
        """Who requested and who else approved it stand before it is paid; when it was paid, or why it was not."""
        if self.kind is PaymentKind.RECLAIM and self.reclaims_id is None:
            yield Problem("reclaims_id", "Reclaims is needed: a reclaim takes back one payment")
        if self.status in APPROVED and self.kind is not PaymentKind.RECLAIM and not self.approved_by:
            yield Problem("approved_by", f"Approved by is needed before a payment is {self.status.value.lower()}")
        if self.status in APPROVED and self.kind is not PaymentKind.RECLAIM and not self.requested_by:
            yield Problem("requested_by", f"Requested by is needed before a payment is {self.status.value.lower()}")
        if self.status in DEAD and not self.outcome_reason:
            label = "Why declined, failed, cancelled or returned"
            yield Problem("outcome_reason", f"{label} is needed once a payment is {self.status.value.lower()}")
        alone = self.countersign or self.countersigned_by
        if self.approved_by and self.approved_by == self.requested_by and not alone:
            yield Problem(
                "approved_by", f"{self.approved_by} requested this payment, so another officer must approve it"
            )
        if self.status is PaymentStatus.PAID and self.paid_on is None:
            yield Problem("paid_on", "Paid on is needed once a payment is paid")
        if self.paid_on and self.paid_on > clock.today():
            yield Problem("paid_on", "A payment cannot be marked paid before it is made: Paid on is in the future")

    @classmethod
    def settled(cls, record: Any) -> Collection[str]:
        """What was asked for is what is approved and paid: how much of which grant, until that is taken back."""
        return ("grant_id", "kind", "amount", "reclaims_id") if record.status in COUNTED else ()

    @classmethod
    def way_back(cls, record: Any) -> str:
        """A request is withdrawn; an approval and what follows it are reversed."""
        return "withdraw the request" if record.status is PaymentStatus.PENDING else super().way_back(record)

    @classmethod
    def in_programmes(cls, programmes: Select[int]) -> ColumnElement[bool] | None:
        """Those of its grants."""
        from grants_app.records.grant import Grant

        return cls.grant_id.in_(select(Grant.id).where(Grant.programme_id.in_(programmes)))
