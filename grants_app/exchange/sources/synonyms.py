"""Other words that officers use for a field's words: "Live" for Active, "RBKC" for a borough; each is noted as read."""

import enum
from collections.abc import Mapping
from functools import cache

from grants_app import wording
from grants_app.records.engagement import EngagementStatus
from grants_app.records.grant import Rag, Status
from grants_app.records.lists import BOROUGHS, LONDON_WIDE
from grants_app.records.payment import PaymentStatus

_STATUSES = {
    Status.APPLIED: "submitted, application received, new application",
    Status.ASSESSMENT: (
        "pending, in assessment, assessment, being assessed, assessing, under review, in review, under consideration"
    ),
    Status.READY: "awaiting decision, pending decision, decision pending, for decision",
    Status.DEFERRED: "defer, deferral",
    Status.RESERVE: "reserve, reserved, waiting list, reserves",
    Status.APPROVED: (
        "approve, successful, award, awarded, agreed, accepted, funded, offered, offer made, grant offered, fund, "
        "fund in full, fund in part, part fund, part funded, award in full, award in part, approved in part, "
        "approved with conditions"
    ),
    Status.ACTIVE: "live, ongoing, current, in progress, in delivery, delivering, underway, under way, running",
    Status.SUSPENDED: "paused, on hold, suspend",
    Status.COMPLETED: "closed, complete, finished, ended, project complete, project completed, grant closed, done",
    Status.NOT_APPROVED: (
        "reject, rejected, decline, declined, refuse, refused, unsuccessful, not successful, not awarded, not funded, "
        "do not fund, not to fund, "
        "turned down, not recommended, unapproved, not agreed, ineligible"
    ),
    Status.WITHDRAWN: "withdraw, withdrew, application withdrawn, withdrawn by applicant",
    Status.TERMINATED: "terminate, stopped, ended early",
}
_PAYMENT_STATUSES = {
    PaymentStatus.SCHEDULED: "due, planned, forecast, not paid, unpaid, not yet paid, outstanding, to pay, to be paid",
    PaymentStatus.PENDING: "pending, awaiting approval, requested",
    PaymentStatus.AUTHORISED: "approved, authorized",
    PaymentStatus.DECLINED: "refused, rejected",
    PaymentStatus.SENT: "with finance, submitted to finance",
    PaymentStatus.PAID: "made, payment made, settled, cleared",
    PaymentStatus.CANCELLED: "canceled",
}
_ENGAGEMENT_STATUSES = {
    EngagementStatus.PLANNED: "scheduled, booked, upcoming",
    EngagementStatus.DELIVERED: "done, held, took place, completed, complete",
    EngagementStatus.CANCELLED: "canceled, did not take place, called off",
}
_RAGS = {
    Rag.RED: "r",
    Rag.AMBER: "a, yellow, orange",
    Rag.GREEN: "g",
    Rag.NONE: "n/a, none, not rated, unrated, grey, -",
}
_PLACES = {
    LONDON_WIDE: (
        "pan-london, london, greater london, all london, all of london, across london, whole of london, all boroughs, "
        "all london boroughs, all 32 boroughs, all 33 boroughs, all 32 london boroughs, all 33 london boroughs"
    ),
    "Barking and Dagenham": "lbbd, barking, dagenham",
    "Greenwich": "royal greenwich, rbg",
    "Hammersmith and Fulham": "lbhf, h&f, hammersmith, fulham",
    "Kensington and Chelsea": "rbkc, k&c, kensington, chelsea",
    "Kingston upon Thames": "rbk, kingston",
    "Richmond upon Thames": "lbrut, richmond",
    "Tower Hamlets": "lbth",
    "Waltham Forest": "lbwf",
    "Westminster": "wcc, westminster city",
    "City of London": "the city, square mile",
}


@cache
def synonyms(choices: type[enum.Enum] | str | None) -> Mapping[str, str]:
    """The words of an enumeration or of a list, by what else they are called, folded."""
    if choices == "boroughs":
        return {**_folded(_PLACES), **{wording.folded(borough.gss): borough.name for borough in BOROUGHS}}
    said = {Status: _STATUSES, PaymentStatus: _PAYMENT_STATUSES, EngagementStatus: _ENGAGEMENT_STATUSES, Rag: _RAGS}
    words: Mapping[enum.Enum, str] = said.get(choices, {})  # type: ignore[arg-type,assignment]
    return _folded({str(word.value): others for word, others in words.items()})


def _folded(words: Mapping[str, str]) -> dict[str, str]:
    return {folded: word for word, said in words.items() for one in said.split(", ") if (folded := wording.folded(one))}
