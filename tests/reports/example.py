"""A small programme with something of everything that reports tell: four awards, two bids, eight engagements."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from grants_app.records import (
    Breakdown,
    Engagement,
    Finding,
    FundingLine,
    Grant,
    Indicator,
    Measurement,
    Officer,
    Organisation,
    Outcome,
    Payment,
    PlanLine,
    Programme,
    Recommendation,
    Record,
    Risk,
    Testimonial,
    Theme,
)
from grants_app.records.engagement import CountMethod, Dimension, EngagementStatus
from grants_app.records.evidence import (
    Consent,
    Direction,
    Level,
    MeasurementStatus,
    RecommendationStatus,
    Response,
    Speaker,
    Strength,
    Sureness,
    Unit,
)
from grants_app.records.grant import Measure, Rag, Status
from grants_app.records.payment import PaymentKind, PaymentStatus
from grants_app.records.programme import ProgrammeStatus
from grants_app.store import Store, settings

TODAY = date(2026, 11, 23)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def fill(store: Store) -> None:
    """The whole programme, in one step."""
    with store.change("Make the programme") as session:

        def add(record: Record) -> Record:
            session.add(record)
            session.flush()
            return record

        _fill(add)
        settings.put(session, settings.SAMPLE, value=True)


def _fill(add: Any) -> None:
    programme = add(
        Programme(
            code="CVE",
            name="Countering Violent Extremism",
            status=ProgrammeStatus.IN_PROGRESS,
            starts=date(2026, 4, 1),
            ends=date(2028, 3, 31),
            budget=Decimal("150000.00"),
            aims="Safeguard people; strengthen communities.",
        )
    )
    add(FundingLine(programme_id=programme.id, name="Core", year="2026-27", amount=Decimal("100000.00")))
    add(FundingLine(programme_id=programme.id, name="Core", year="2027-28", amount=Decimal("40000.00")))
    theme = add(Theme(programme_id=programme.id, name="Resilience"))
    officer = add(Officer(name="Sam Officer"))
    grants = [_grant(add, programme, officer, *row) for row in _GRANTS]
    _money(add, grants)
    _engagements(add, programme, theme, grants)
    _evidence(add, programme, grants)


_GRANTS: tuple[tuple[Any, ...], ...] = (
    (
        "Bridgefoot Mothers’ Circle",
        "Kitchen-table conversations",
        Status.ACTIVE,
        Rag.AMBER,
        "8000.00",
        "9500.00",
        "Two engagements behind plan",
        True,
    ),
    ("Harbour Lane Youth Trust", "Street debates", Status.ACTIVE, Rag.GREEN, "12000.50", "12000.50", None, True),
    (
        "Common Ground Newham",
        "Neighbours’ tables",
        Status.CLOSING,
        Rag.RED,
        "22500.00",
        "25000.00",
        "The lead worker has left",
        True,
    ),
    ("Tall Oaks Community CIC", "Open doors", Status.AGREEMENT_SENT, Rag.NONE, "22000.00", "22000.00", None, False),
    ("Open Door School", "Classroom votes", Status.READY, Rag.NONE, None, "10000.00", None, False),
    ("Spark Coding Club", "Code and talk", Status.NOT_APPROVED, Rag.NONE, None, "15000.00", None, False),
)


def _grant(add: Any, programme: Programme, officer: Officer, *row: Any) -> Grant:
    holder, title, status, rag, awarded, asked, reason, signed = row
    organisation = add(Organisation(name=holder, safeguarding_seen=ago(200)))
    return add(
        Grant(
            programme_id=programme.id,
            organisation_id=organisation.id,
            title=title,
            status=status,
            rag=rag,
            rag_reason=reason,
            awarded=Decimal(awarded) if awarded else None,
            asked=Decimal(asked),
            decided_on=ago(180) if awarded else None,
            agreement_signed_on=ago(170) if signed else None,
            agreement_sent_on=ago(175) if awarded else None,
            starts=date(2026, 6, 1),
            ends=date(2027, 5, 31),
            officer_id=officer.id,
            purpose="Small conversations that help people say what worries them and learn whom they could turn to.",
        )
    )


def _money(add: Any, grants: list[Grant]) -> None:
    def payment(grant: Grant, status: PaymentStatus, amount: str, due: date, **more: Any) -> Payment:
        if status in {PaymentStatus.PAID, PaymentStatus.AUTHORISED}:
            more = {"requested_by": "Sam Officer", "approved_by": "Alex Second", **more}
        return add(Payment(grant_id=grant.id, status=status, amount=Decimal(amount), due=due, **more))

    payment(grants[0], PaymentStatus.PAID, "2000.00", ago(160), paid_on=ago(150), number=1)
    payment(grants[0], PaymentStatus.SCHEDULED, "2000.00", ago(-30), number=2)
    payment(grants[1], PaymentStatus.PAID, "6000.25", ago(160), paid_on=ago(155), number=1)
    payment(grants[1], PaymentStatus.PENDING, "3000.00", ago(2), requested_by="Sam Officer", number=2)
    first = payment(grants[2], PaymentStatus.PAID, "20000.00", ago(160), paid_on=ago(158), number=1)
    payment(
        grants[2],
        PaymentStatus.PAID,
        "1500.00",
        ago(20),
        paid_on=ago(10),
        number=2,
        kind=PaymentKind.RECLAIM,
        reclaims_id=first.id,
    )
    payment(grants[3], PaymentStatus.SCHEDULED, "11000.00", date(2027, 5, 1), number=1)


def _engagements(add: Any, programme: Programme, theme: Theme, grants: list[Grant]) -> None:
    rows: tuple[tuple[int, int, str | None, int, int, tuple[str, ...]], ...] = (
        (0, 120, "Brent", 18, 18, ("Mothers",)),
        (0, 90, "Brent", 14, 4, ("Mothers", "Parents")),
        (0, 40, "Ealing", 6, 2, ("Parents",)),
        (1, 150, "Newham", 120, 60, ("Young people",)),
        (1, 60, "Hackney", 85, 20, ("Young people",)),
        (1, 30, None, 31, 5, ("Pupils",)),
        (2, 100, "Newham", 44, 30, ("Faith groups",)),
        (2, 75, "Online", 12, 12, ("General public",)),
    )
    for number, days, borough, attended, new, audiences in rows:
        engagement = add(
            Engagement(
                programme_id=programme.id,
                grant_id=grants[number].id,
                title="Conversation",
                status=EngagementStatus.DELIVERED,
                held_on=ago(days),
                attended=attended,
                new=new,
                borough=borough,
                audiences=audiences,
                method=CountMethod.REGISTER,
                themes=(theme.reference,),
                learning="People stay longer when there is food." if days == 90 else None,
                venue=f"Hall {days}",
            )
        )
        add(Breakdown(engagement_id=engagement.id, dimension=Dimension.AGE, category="11 to 15", count=3))
        add(Breakdown(engagement_id=engagement.id, dimension=Dimension.AGE, category="25 to 44", count=attended - 3))
    add(
        Engagement(
            programme_id=programme.id, grant_id=grants[0].id, title="Coffee morning", held_on=ago(-10), borough="Brent"
        )
    )
    plan = (
        (0, Measure.ENGAGEMENTS, None, 8),
        (0, Measure.PEOPLE, None, 60),
        (0, Measure.PEOPLE, "Mothers", 80),
        (1, Measure.ENGAGEMENTS, None, 4),
        (2, Measure.ENGAGEMENTS, None, 9),
    )
    for number, what, audience, planned in plan:
        grant = grants[number]
        add(
            PlanLine(
                grant_id=grant.id,
                what=what,
                audience=audience,
                planned=planned,
                starts=date(2026, 6, 1),
                ends=date(2027, 5, 31),
            )
        )


def _evidence(add: Any, programme: Programme, grants: list[Grant]) -> None:
    outcome = add(Outcome(programme_id=programme.id, statement="People know where to turn", level=Level.SHORT))
    context = add(Outcome(programme_id=programme.id, statement="What Londoners think", level=Level.LONG))
    know = add(
        Indicator(
            outcome_id=outcome.id,
            name="Know whom to turn to",
            unit=Unit.PERCENT,
            baseline=41,
            baseline_on=ago(170),
            baseline_source="Before",
            target=65,
        )
    )
    add(Indicator(outcome_id=outcome.id, name="Feel heard", unit=Unit.PERCENT, baseline=38, target=60))
    add(
        Indicator(
            outcome_id=context.id,
            name="Think the threat is increasing",
            unit=Unit.PERCENT,
            direction=Direction.CONTEXT,
            baseline=61,
            baseline_on=date(2018, 4, 1),
            baseline_source="Published research",
        )
    )
    for number, yes, asked, status in (
        (0, 20, 30, MeasurementStatus.APPROVED),
        (1, 46, 70, MeasurementStatus.APPROVED),
        (2, 40, 40, MeasurementStatus.DRAFT),
    ):
        add(
            Measurement(
                indicator_id=know.id,
                grant_id=grants[number].id,
                status=status,
                starts=ago(100),
                ends=ago(30),
                value=round(yes / asked * 100, 1),
                numerator=yes,
                denominator=asked,
                sure=Sureness.REPORTED,
            )
        )
    said = {"grant_id": grants[0].id, "said_by": Speaker.PARTICIPANT, "consented_on": ago(60)}
    add(
        Testimonial(
            text="I know now whom I can ask.", described="A mother of two, Brent", consent=Consent.ANONYMOUS, **said
        )
    )
    add(Testimonial(text="This one stays inside.", described="A neighbour", consent=Consent.INTERNAL, **said))
    add(
        Testimonial(
            text="This one has run out.", described="A parent", consent=Consent.ATTRIBUTED, expires=ago(1), **said
        )
    )
    add(
        Testimonial(
            text="This one was taken back.",
            described="A teacher",
            consent=Consent.ANONYMOUS,
            withdrawn_on=ago(3),
            **said,
        )
    )
    finding = add(
        Finding(
            programme_id=programme.id,
            statement="Trust comes before referral",
            strength=Strength.SEVERAL,
            evidence_for=("ENG-000001",),
            evidence_against=("ENG-000002",),
        )
    )
    add(
        Recommendation(
            programme_id=programme.id,
            number=1,
            text="Review how communities are told of Prevent",
            status=RecommendationStatus.PUBLISHED,
            addressed_to="Government",
            findings=(finding.reference,),
            response=Response.ACCEPTED,
        )
    )
    add(Recommendation(programme_id=programme.id, number=2, text="A thought that is not yet agreed"))
    add(
        Risk(
            grant_id=grants[0].id,
            event="The venue closes",
            impact=4,
            likelihood=3,
            impact_after=3,
            likelihood_after=2,
            mitigation="A second venue is agreed",
            review_on=ago(-20),
        )
    )
