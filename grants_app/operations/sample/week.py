"""The last days of the sample: what the officer of the file did today, by the same verbs as everybody."""

from grants_app.operations import engagements, payments
from grants_app.operations.sample.calendar import school_day
from grants_app.operations.sample.making import SECOND, Making
from grants_app.records import Acceptance, Engagement
from grants_app.records.engagement import CountMethod, Delivery, Dimension, EngagementStatus
from grants_app.store import Change


def plan(making: Making) -> None:
    """One engagement logged twice, one after its grant's end and accepted; then today's approval and today's log."""
    making.act(making.ago(5), SECOND, "Log engagement", _twice)
    making.act(making.ago(24), SECOND, "Log engagement", _after_the_end)
    making.act(making.ago(10), SECOND, "Accept warning", _accept)
    making.verb(making.me, lambda: payments.approve(making.store, making.id("mettrack payment 1")))
    making.verb(making.me, lambda: _log_today(making))


def _twice(making: Making, session: Change) -> str:
    """The same sheet came by e-mail and by post."""
    first = making.again(session, "northgate 4", Engagement)
    copied = ("programme_id", "grant_id", "title", "held_on", "venue", "borough", "status", "attended", "kind")
    again = making.put(session, "twice", Engagement, **{name: getattr(first, name) for name in copied})
    return f"Log engagement {again.reference}, {again.attended} attendances"


def _after_the_end(making: Making, session: Change) -> str:
    late = making.put(
        session, "late", Engagement, programme_id=making.id("programme"), grant_id=making.id("wharfside"),
        title="Common room, one year on", held_on=school_day(making.ago(26)), attended=31, borough="Bexley",
        status=EngagementStatus.DELIVERED, venue="School hall, Bexley", kind="Lesson", audiences=("Pupils",),
        delivery=Delivery.IN_PERSON, method=CountMethod.REGISTER,
    )  # fmt: skip
    return f"Log engagement {late.reference}, {late.attended} attendances"


def _accept(making: Making, session: Change) -> str:
    accepted = making.put(
        session, "accepted", Acceptance, rule="outside the grant's dates", about=making.ref("late"), by=SECOND,
        reason="The students asked for it; it cost the grant nothing", on=making.at_work(making.ago(10)),
    )  # fmt: skip
    return f"Accept a warning of engagement {accepted.about}"


def _log_today(making: Making) -> None:
    came = 28
    held_on = school_day(making.ago(1))
    engagements.log(
        making.store,
        {
            "grant_id": making.id("votes"), "title": "Vote and discuss", "attended": came, "borough": "Barnet",
            "held_on": held_on,
            "venue": "School hall, Barnet", "kind": "Lesson", "audiences": ("Pupils",), "new": came, "returners": 0,
            "delivery": Delivery.IN_PERSON, "method": CountMethod.REGISTER, "online": 0,
        },
        breakdowns={Dimension.AGE: {"11 to 15": came}},
    )  # fmt: skip
