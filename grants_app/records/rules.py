"""Rules across records: a sentence, whether it stops or warns, and a Select of what offends.

A rule that stops runs in every step on the records touched; one that warns is listed on the Checks page until it is
mended or accepted with a reason. Each Select gives the offending record's id first, then what its sentence quotes by
name. To add one: a function that makes the Select, and a line in `rules()`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Integer, case, func, or_, select, true, type_coerce, union
from sqlalchemy.orm import aliased

from grants_app import clock, wording
from grants_app.records import figures
from grants_app.records.base import Record
from grants_app.records.engagement import Breakdown, Dimension, Engagement, EngagementStatus
from grants_app.records.evidence import Consent, Direction, Indicator, Measurement, Testimonial
from grants_app.records.figures import Rows
from grants_app.records.grant import LIVE, Grant, Status
from grants_app.records.organisation import Organisation
from grants_app.records.payment import APPROVED, DEAD, Payment, PaymentKind, PaymentStatus
from grants_app.records.people import Adviser, AdviserReview
from grants_app.records.programme import Programme


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its short name, the kind it speaks of, its sentence (with {names} of the Select), and the Select.

    `reads`: by kind of record touched, the field (or `id`) that leads to the rule's record, and the fields it depends
    on.
    """

    name: str
    kind: type[Record]
    sentence: str
    offending: Callable[[], Rows]
    stops: bool = False
    reads: Mapping[type[Record], tuple[str, frozenset[str]]] | None = None

    def say(self, row: Mapping[str, Any]) -> str:
        """The sentence for one offending row."""
        return self.sentence.format(**{name: _shown(value) for name, value in row.items()})


def rules() -> tuple[Rule, ...]:
    """Every rule, those that stop first."""
    return _STOPPING + _WARNING


def stopping() -> tuple[Rule, ...]:
    """The rules that stop a step."""
    return _STOPPING


def _shown(value: Any) -> str:
    if isinstance(value, Decimal):
        return wording.money_text(value)
    return wording.date_text(value) if hasattr(value, "isoformat") else str(getattr(value, "value", value))


def _overspent() -> Rows:
    total = (
        select(Payment.grant_id, func.sum(figures.counted_pence()).label("counted"))
        .group_by(Payment.grant_id)
        .subquery()
    )
    counted = total.c.counted
    awarded = func.coalesce(type_coerce(Grant.awarded, Integer), 0)
    return (
        select(
            Grant.id,
            figures.money(counted).label("counted"),
            figures.money(awarded).label("award"),
            figures.money(counted - awarded).label("over"),
        )
        .join(total, total.c.grant_id == Grant.id)
        .where(counted > awarded)
    )


def _unsigned() -> Rows:
    return (
        select(Payment.id, Grant.reference.label("grant"))
        .join(Grant, Grant.id == Payment.grant_id)
        .where(Payment.status.in_(APPROVED), Payment.kind != PaymentKind.RECLAIM, Grant.agreement_signed_on.is_(None))
    )


def _stopped_organisation() -> Rows:
    return (
        select(Payment.id, Organisation.name.label("organisation"))
        .join(Grant, Grant.id == Payment.grant_id)
        .join(Organisation, Organisation.id == Grant.organisation_id)
        .where(
            Payment.status.in_((PaymentStatus.PENDING, PaymentStatus.AUTHORISED, PaymentStatus.SENT)),
            Organisation.stopped,
            Payment.kind != PaymentKind.RECLAIM,
        )
    )


def _over_reclaimed() -> Rows:
    source, reclaim = aliased(Payment), aliased(Payment)
    amount = func.sum(type_coerce(reclaim.amount, Integer))
    paid = case((source.status == PaymentStatus.PAID, type_coerce(source.amount, Integer)), else_=0)
    return (
        select(source.id, figures.money(amount).label("reclaimed"), figures.money(paid).label("paid"))
        .join(reclaim, reclaim.reclaims_id == source.id)
        .where(reclaim.kind == PaymentKind.RECLAIM, reclaim.status.not_in(DEAD))
        .group_by(source.id)
        .having(amount > paid)
    )


def _other_grants_reclaim() -> Rows:
    source, reclaim = aliased(Payment), aliased(Payment)
    return (
        select(reclaim.id, source.reference.label("payment"))
        .join(source, source.id == reclaim.reclaims_id)
        .where(source.grant_id != reclaim.grant_id)
    )


def _context_measured() -> Rows:
    return (
        select(Measurement.id, Indicator.name.label("indicator"))
        .join(Indicator, Indicator.id == Measurement.indicator_id)
        .where(Indicator.direction == Direction.CONTEXT, Measurement.grant_id.is_not(None))
    )


def _over_budget() -> Rows:
    left = figures.budget_left()
    return select(Programme.id, left.label("left"), Programme.budget.label("budget")).where(
        Programme.budget.is_not(None), type_coerce(left, Integer) < 0, Programme.over_commitment.is_(None)
    )


def _outside_dates() -> Rows:
    return (
        select(
            Engagement.id,
            Engagement.held_on.label("held"),
            Grant.reference.label("grant"),
            Grant.starts.label("starts"),
            Grant.ends.label("ends"),
        )
        .join(Grant, Grant.id == Engagement.grant_id)
        .where(
            Engagement.status != EngagementStatus.CANCELLED,
            or_(Engagement.held_on < Grant.starts, Engagement.held_on > Grant.ends),
        )
    )


def _breakdown_gap() -> Rows:
    summed = func.sum(Breakdown.count)
    return (
        select(
            Engagement.id,
            Breakdown.dimension.label("dimension"),
            summed.label("summed"),
            Engagement.attended.label("attended"),
        )
        .join(Breakdown, Breakdown.engagement_id == Engagement.id)
        .where(Breakdown.dimension != Dimension.AUDIENCE, Engagement.attended.is_not(None))
        .group_by(Engagement.id, Breakdown.dimension)
        .having(summed != Engagement.attended)
    )


def _twin_engagements() -> Rows:
    pairs = figures.twins().subquery()
    earlier = aliased(Engagement)
    return select(pairs.c[1], earlier.reference.label("earlier")).join(earlier, earlier.id == pairs.c[0])


def _twin_organisations() -> Rows:
    def alike(known: ColumnElement[bool], *keys: ColumnElement[Any]) -> Rows:
        first = func.min(Organisation.id).over(partition_by=keys).label("first")
        return select(Organisation.id.label("later"), first).where(known)

    number, company = Organisation.charity_number, Organisation.company_number
    place = (func.casefold(Organisation.name), func.coalesce(Organisation.postcode, ""))
    known = alike(number.is_not(None), number.expression), alike(company.is_not(None), company.expression)
    pairs = union(*known, alike(true(), *place)).subquery()
    earlier = aliased(Organisation)
    return (
        select(pairs.c.later, earlier.reference.label("earlier"), earlier.name.label("name"))
        .join(earlier, earlier.id == pairs.c.first)
        .where(pairs.c.later > pairs.c.first)
    )


def _counted_unapproved() -> Rows:
    return select(Payment.id, Payment.approved_by.label("by")).where(Payment.countersign)


def _unattended() -> Rows:
    return select(Engagement.id, Engagement.held_on.label("held")).where(
        Engagement.status == EngagementStatus.PLANNED, Engagement.held_on < clock.today()
    )


def _expiring_consent() -> Rows:
    return select(Testimonial.id, Testimonial.expires.label("expires")).where(
        Testimonial.consent != Consent.INTERNAL,
        Testimonial.withdrawn_on.is_(None),
        Testimonial.expires <= clock.today() + clock.days(7),
    )


def _papers_missing() -> Rows:
    return (
        select(Organisation.id)
        .distinct()
        .join(Grant, Grant.organisation_id == Organisation.id)
        .where(Grant.status.in_(LIVE), Organisation.safeguarding_seen.is_(None))
    )


def _insurance_over() -> Rows:
    return (
        select(Organisation.id, Organisation.insurance_expires.label("expires"))
        .distinct()
        .join(Grant, Grant.organisation_id == Organisation.id)
        .where(Grant.status.in_(LIVE), Organisation.insurance_expires < clock.today())
    )


def _late_payment() -> Rows:
    return select(Payment.id, Payment.due.label("due")).where(
        Payment.due < clock.today(),
        Payment.status.in_((PaymentStatus.SCHEDULED, PaymentStatus.PENDING, PaymentStatus.AUTHORISED)),
    )


def _past_end() -> Rows:
    return select(Grant.id, Grant.ends.label("ends")).where(Grant.ends < clock.today(), Grant.status == Status.ACTIVE)


def _own_review() -> Rows:
    return (
        select(AdviserReview.id, Adviser.name.label("adviser"))
        .join(Adviser, Adviser.id == AdviserReview.adviser_id)
        .join(Grant, Grant.reference == AdviserReview.about)
        .join(Organisation, Organisation.id == Grant.organisation_id)
        .where(func.casefold(Organisation.name) == func.casefold(Adviser.organisation))
    )


def _of(field: str, *names: str) -> tuple[str, frozenset[str]]:
    return field, frozenset(names)


_STOPPING = (
    Rule(
        "overspent",
        Grant,
        "Payments come to {counted}, {over} more than the award of {award}: lower a payment or raise the award first",
        _overspent,
        True,
        {Grant: _of("id", "awarded"), Payment: _of("grant_id", "amount", "status", "kind", "grant_id")},
    ),
    Rule(
        "agreement unsigned",
        Payment,
        "The agreement of {grant} is not signed, so no payment of it can be authorised: record the signature first",
        _unsigned,
        True,
        {Payment: _of("id", "status", "kind", "grant_id")},
    ),
    Rule(
        "organisation stopped",
        Payment,
        "{organisation} is stopped, so no payment can go to it until the stop is lifted",
        _stopped_organisation,
        True,
        {Payment: _of("id", "status", "kind", "grant_id")},
    ),
    Rule(
        "reclaimed too much",
        Payment,
        "Reclaims of this payment come to {reclaimed}, and {paid} of it was paid",
        _over_reclaimed,
        True,
        {Payment: _of("reclaims_id", "amount", "status", "kind", "reclaims_id")},
    ),
    Rule(
        "reclaim of another grant",
        Payment,
        "{payment} was a payment of another grant: a reclaim takes back one of its own grant",
        _other_grants_reclaim,
        True,
        {Payment: _of("id", "reclaims_id", "grant_id")},
    ),
    Rule(
        "own review",
        AdviserReview,
        "{adviser} belongs to the organisation that asks, so cannot review its bid: choose another adviser",
        _own_review,
        True,
        {AdviserReview: _of("id", "adviser_id", "about")},
    ),
    Rule(
        "context measured by a grant",
        Measurement,
        "“{indicator}” is context: only a repeat of the same research measures it, no grant does",
        _context_measured,
        True,
        {Measurement: _of("id", "indicator_id", "grant_id")},
    ),
)

_WARNING = (
    Rule("over budget", Programme, "Awards and pending decisions go beyond the budget of {budget}", _over_budget),
    Rule(
        "outside the grant's dates",
        Engagement,
        "Held on {held}, outside the dates of {grant} ({starts} to {ends})",
        _outside_dates,
    ),
    Rule(
        "breakdown does not add up",
        Engagement,
        "{dimension} comes to {summed}, and {attended} attended",
        _breakdown_gap,
    ),
    Rule(
        "likely duplicate engagement", Engagement, "Same grant, date, venue and title as {earlier}", _twin_engagements
    ),
    Rule(
        "similar organisations",
        Organisation,
        "Looks like the same organisation as {earlier}, {name}",
        _twin_organisations,
    ),
    Rule(
        "to be countersigned",
        Payment,
        "{by} approved what they had requested; another officer has yet to countersign",
        _counted_unapproved,
    ),
    Rule("attendance missing", Engagement, "Planned for {held}: how many came?", _unattended),
    Rule("consent ends", Testimonial, "Consent ends on {expires}", _expiring_consent),
    Rule(
        "safeguarding policy not seen",
        Organisation,
        "Holds a live grant, and no safeguarding policy has been seen",
        _papers_missing,
    ),
    Rule(
        "insurance expired", Organisation, "Holds a live grant, and its insurance expired on {expires}", _insurance_over
    ),
    Rule("payment late", Payment, "Was due on {due}", _late_payment),
    Rule("past its end", Grant, "Still active, and it ended on {ends}", _past_end),
)
