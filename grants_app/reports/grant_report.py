"""The grant report: one grant on a few pages, for the officer, the holder and whoever asks what came of the money."""

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants_app import clock, wording
from grants_app.records import Engagement, Officer, Payment
from grants_app.records.engagement import EngagementStatus
from grants_app.records.grant import Rag
from grants_app.records.payment import DEAD, PaymentKind, PaymentStatus
from grants_app.reports import grant_delivery
from grants_app.reports.document import (
    Bullets,
    Cell,
    Column,
    Document,
    Facts,
    Heading,
    KeyFigure,
    KeyFigures,
    Paragraph,
    Part,
    Show,
    Table,
)
from grants_app.reports.grant_delivery import About, about
from grants_app.reports.registry import asked, report


@dataclass(frozen=True, slots=True)
class OneGrant:
    """Which grant the report is about."""

    grant: int = field(metadata=asked("Grant", to="grant", help="the reference of a grant, such as CVE-0012"))


@report("Grant report")
def grant(session: Session, one: OneGrant) -> Document:
    """One grant: purpose, money, engagements, reach, results against aims, testimonials, risks and what is next."""
    this = about(session, one.grant)
    purpose = this.grant.purpose or "No purpose is recorded yet."
    parts: list[Part] = [
        _key_figures(this),
        _facts(this),
        Heading("Purpose"),
        Paragraph(purpose),
        *grant_delivery.against_plan(this),
        *_money(this),
        *grant_delivery.engagements(this),
        *grant_delivery.results_of(this),
        *grant_delivery.voices(this),
        *grant_delivery.risks(this),
        *_next(this),
    ]
    subtitle = f"Grant report · {this.grant.reference} · {this.holder.name}"
    return Document(this.grant.title, subtitle, _summary(this), tuple(parts))


def _summary(this: About) -> str:
    totals = this.totals
    if totals.current is None:
        said = [f"No award has been made: the status is {this.grant.status.value.lower()}."]
    else:
        said = [f"{wording.money_text(totals.paid)} of {wording.money_text(totals.current)} has been paid."]
    done = wording.counted(this.delivered, "engagement")
    if totals.engagements:
        planned, today = _whole(totals.engagements), _whole(totals.engagements_today)
        said.append(f"{done} of {planned} delivered; {today} were planned by today.")
    elif this.delivered:
        said.append(f"{done} delivered.")
    if this.delivered and totals.lower < totals.upper:
        said.append(f"Between {totals.lower:,} and {totals.upper:,} people were reached.")
    elif this.delivered:
        said.append(f"{wording.counted(totals.upper, 'person was', 'people were')} reached.")
    return " ".join(said)


def _key_figures(this: About) -> KeyFigures:
    totals, asked, planned = this.totals, "what was asked is not recorded", "no plan is recorded"
    if this.grant.asked is not None:
        asked = f"{wording.money_text(this.grant.asked)} asked for"
    if totals.engagements is not None:
        planned = f"{_whole(totals.engagements_today)} planned by today, {_whole(totals.engagements)} in all"
    left = f"{wording.money_text(totals.left)} left to pay" if totals.left is not None else "no award"
    reach = wording.range_text(totals.lower, totals.upper) if this.delivered else None
    return KeyFigures(
        (
            KeyFigure("Current amount", totals.current, asked, Show.MONEY),
            KeyFigure("Paid", totals.paid, f"less reclaims; {left}", Show.MONEY),
            KeyFigure("Engagements delivered", this.delivered, planned),
            KeyFigure("People reached", reach, f"a range, from {totals.upper:,} attendances", Show.TEXT),
        )
    )


def _facts(this: About) -> Facts:
    grant = this.grant
    officer = this.session.get(Officer, grant.officer_id) if grant.officer_id else None
    rated = grant.rag_reason if grant.rag is not Rag.NONE else None
    items = {
        "Grant holder": this.holder.name,
        "Programme": this.programme.name,
        "Status": grant.status.value,
        "Rating": f"{grant.rag.value}: {rated}" if rated else grant.rag.value,
        "Dates": f"{wording.date_text(grant.starts)} to {wording.date_text(grant.ends)}"
        if grant.starts and grant.ends
        else "",
        "Agreement signed": wording.date_text(grant.agreement_signed_on) if grant.agreement_signed_on else "not yet",
        "Officer": officer.name if officer else "",
        "Boroughs": wording.listed(grant.boroughs),
    }
    return Facts(tuple((label, value) for label, value in items.items() if value))


def _money(this: About) -> list[Part]:
    query = select(Payment).where(Payment.grant_id == this.grant.id).order_by(Payment.due, Payment.id)
    rows = tuple(_payment_row(payment) for payment in this.session.scalars(query))
    columns = (
        Column("Payment", width=1.2),
        Column("Kind"),
        Column("Due", Show.DATE, 1.2),
        Column("Status", width=1.4),
        Column("Amount", Show.MONEY, 1.2),
        Column("Paid on", Show.DATE, 1.2),
        Column("Paid", Show.MONEY, 1.2),
    )
    counts = (
        f"Every payment and reclaim of {this.grant.reference}; a reclaim takes away. Paid is what finance has paid."
    )
    totals: tuple[Cell, ...] = ("Paid, less reclaims", "", "", "", "", "", this.totals.paid)
    empty = "No payment is scheduled yet."
    return [Heading("Money"), Table("payments", "Payments", columns, rows, counts, totals, empty)]


def _payment_row(payment: Payment) -> tuple[Cell, ...]:
    amount = -payment.amount if payment.kind is PaymentKind.RECLAIM else payment.amount
    paid = amount if payment.status is PaymentStatus.PAID else None
    kind, status = payment.kind.value, payment.status.value
    return payment.reference, kind, payment.due, status, amount, payment.paid_on, paid


def _next(this: About) -> list[Part]:
    today, ends = clock.today(), this.grant.ends
    dated = [*_planned(this, today), *_due(this)]
    dated += [(ends, "The grant ends")] if ends and ends >= today else []
    items = tuple(f"{wording.date_text(day)}: {words}" for day, words in sorted(dated))
    return [Heading("What is next"), Bullets(items) if items else Paragraph("Nothing further is planned.")]


def _planned(this: About, today: date) -> list[tuple[date, str]]:
    """The next engagements."""
    query = (
        select(Engagement.held_on, Engagement.title, Engagement.borough)
        .where(Engagement.grant_id == this.grant.id, Engagement.held_on >= today)
        .where(Engagement.status == EngagementStatus.PLANNED)
        .order_by(Engagement.held_on, Engagement.id)
        .limit(5)
    )
    return [(on, f"{title}, {borough}" if borough else title) for on, title, borough in this.session.execute(query)]


def _due(this: About) -> list[tuple[date, str]]:
    """The next payments and reclaims."""
    query = (
        select(Payment)
        .where(Payment.grant_id == this.grant.id, Payment.status.not_in(DEAD | {PaymentStatus.PAID}))
        .order_by(Payment.due, Payment.id)
        .limit(3)
    )
    said = []
    for payment in this.session.scalars(query):
        what = "Reclaim" if payment.kind is PaymentKind.RECLAIM else "Payment"
        said.append(
            (payment.due, f"{what} of {wording.money_text(payment.amount)} due ({payment.status.value.lower()})")
        )
    return said


def _whole(number: float) -> str:
    return wording.number_text(round(number))
