"""Engagements of the sample: a year of them, quiet in the school holidays, with who came and what was planned."""

from collections import defaultdict
from datetime import date, time, timedelta
from random import Random
from typing import Any, NamedTuple

from grants_app import wording
from grants_app.operations.sample.bids import BIDS, BODIES, NAMED, Bid
from grants_app.operations.sample.making import LEAD, SECOND, Making
from grants_app.records import Breakdown, Engagement, PlanLine
from grants_app.records.engagement import (
    NOT_COLLECTED,
    NOT_SAID,
    CountMethod,
    Delivery,
    Dimension,
    EngagementStatus,
    Verified,
)
from grants_app.records.grant import Measure
from grants_app.store import Change

_AGES = {"school": ("11 to 15", "16 to 18"), "young": ("16 to 18", "19 to 24"), "grown": ("25 to 44", "45 to 64")}


class Held(NamedTuple):
    """One engagement that took place: of which bid, its place among the bid's, its day and its values."""

    bid: Bid | None
    place: int
    day: date
    values: dict[str, Any]


def plan(making: Making) -> None:
    """The delivery plans, the year's engagements a fortnight at a time, and those still to come."""
    held = [one for bid in BIDS if bid.held for one in _of_bid(making, bid)] + _own(making)
    fortnights: dict[int, list[Held]] = defaultdict(list)
    for one in sorted(held, key=lambda one: one.day):
        fortnights[one.day.toordinal() // 14].append(one)
    for place, group in enumerate(fortnights.values()):
        day, officer = min(making.ago(1), group[-1].day), (making.me, LEAD, SECOND)[place % 3]
        making.act(day, officer, "Log engagements", _log, group)
    for bid in BIDS:
        if bid.planned:
            making.join(f"sign {bid.key}", _agree, bid, [one for one in held if one.bid is bid])
    making.act(making.ago(14), LEAD, "Plan engagements", _to_come)


def _of_bid(making: Making, bid: Bid) -> list[Held]:
    first, last = making.ago(-bid.starts - 4), min(making.ago(2), making.ago(-bid.ends))
    days = likely_days(making.random, first, last, bid.held, school=bid.school)
    return [Held(bid, place, day, _values(making, bid, place, day)) for place, day in enumerate(days)]


def _values(making: Making, bid: Bid, place: int, day: date) -> dict[str, Any]:
    random = making.random
    borough = bid.boroughs[place % len(bid.boroughs)]
    attended = max(4, round(random.gauss(bid.people, bid.people * 0.2) * (0.5 if holiday(day) else 1)))
    new = attended if place == 0 else round(attended * random.uniform(0.4, 0.7))
    told = bid.key in NAMED or random.random() < 0.85
    verified = random.choice((Verified.NO, Verified.NO, Verified.DESK, Verified.REGISTER, Verified.VISITED))
    return {
        "title": bid.titles[place % len(bid.titles)], "held_on": day, "status": EngagementStatus.DELIVERED,
        "attended": attended, "borough": borough, "kind": bid.kinds[place % len(bid.kinds)],
        "venue": f"{'School hall' if bid.school else BODIES[bid.key].name}, {borough}",
        "audiences": tuple(sorted({bid.audiences[place % len(bid.audiences)], bid.audiences[0]})),
        "delivery": Delivery.IN_PERSON, "online": 0, "new": new if told else None,
        "returners": attended - new if told else None,
        "method": CountMethod.REGISTER if bid.school else CountMethod.HEADCOUNT,
        "starts": time(10 if bid.school else 17, 30), "hours": random.choice((1.0, 1.5, 2.0)),
        "signposted": random.randrange(4) if random.random() < 0.4 else None,
        "verified": verified, "verified_by": None if verified is Verified.NO else SECOND,
        "verified_on": None if verified is Verified.NO else min(making.ago(1), day),
    }  # fmt: skip


def _own(making: Making) -> list[Held]:
    """City Hall's own meetings, one of them online, and the follow-up that came after a grant had ended."""
    own = []
    for place, (days, title, came) in enumerate(
        ((310, "Borough officers’ round table", 21), (205, "Grant holders’ exchange", 34),
         (118, "Online briefing for practitioners", 63), (33, "Borough officers’ round table", 24))
    ):  # fmt: skip
        day, online = making.at_work(making.ago(days)), "Online" in title
        values = {
            "title": title, "held_on": day, "status": EngagementStatus.DELIVERED, "attended": came,
            "kind": "Training" if online else "Stakeholder meeting", "borough": "Online" if online else "Newham",
            "venue": None if online else "City Hall", "audiences": ("Practitioners",),
            "delivery": Delivery.ONLINE if online else Delivery.IN_PERSON, "online": came if online else 0,
            "method": CountMethod.PLATFORM if online else CountMethod.REGISTER, "starts": time(14, 0), "hours": 2.0,
        }  # fmt: skip
        own.append(Held(None, place, day, values))
    return own


def _log(making: Making, session: Change, group: list[Held]) -> str:
    rows = {
        f"{one.bid.key if one.bid else 'own'} {one.place}": {
            **one.values, "programme_id": making.id("programme"),
                "grant_id": making.id(one.bid.key) if one.bid else None
        }
        for one in group
    }  # fmt: skip
    if "chance 3" in rows:
        rows["chance 3"] |= {"concern": True, "referral": "SG-0147"}
    made = making.put_all(session, Engagement, rows)
    for one, key, engagement in zip(group, rows, made, strict=True):
        if one.place % 4 == 1 and one.bid:
            _break_down(making, session, one.bid, engagement, short=2 if key == "quayside 5" else 0)
    return f"Log {wording.counted(len(group), 'engagement')}"


def _break_down(making: Making, session: Change, bid: Bid, engagement: Engagement, *, short: int) -> None:
    """By age and sex; all who came are counted, but for as many as it is short."""
    came = engagement.attended or 0
    ages = _AGES[
        "school"
        if bid.school
        else "young"
        if bid.audiences[0] in ("Young people", "Vulnerable young people")
        else "grown"
    ]
    older, unsaid = came // 3, came // 9
    women = (
        came - unsaid if "Mothers" in bid.audiences[:1] else round((came - unsaid) * making.random.uniform(0.35, 0.6))
    )
    rows = {
        (Dimension.AGE, ages[0]): came - older - unsaid - short, (Dimension.AGE, ages[1]): older,
        (Dimension.AGE, NOT_COLLECTED): unsaid, (Dimension.SEX, "Female"): women,
        (Dimension.SEX, "Male"): came - unsaid - women, (Dimension.SEX, NOT_SAID): unsaid,
    }  # fmt: skip
    for (dimension, category), count in rows.items():
        values = {"engagement_id": engagement.id, "dimension": dimension, "category": category}
        making.put(session, "", Breakdown, **values, count=count)


def _agree(making: Making, session: Change, bid: Bid, held: list[Held]) -> None:
    """The plan: engagements and people in all, and attendances of single audiences."""
    grant = making.id(bid.key)
    dates = {
        "grant_id": grant, "starts": making.ago(-bid.starts), "ends": making.ago(-bid.ends),
        "agreed_on": making.at_work(making.ago(14 - bid.starts)),
    }  # fmt: skip
    gone = min(1.0, (1 - bid.starts) / (bid.ends - bid.starts + 1)) if bid.held else 0.0
    counts = [one.values["attended"] for one in held]
    reached = max([sum(one.values["new"] or 0 for one in held), *counts], default=0)
    making.put(session, f"plan {bid.key}", PlanLine, what=Measure.ENGAGEMENTS, planned=float(bid.planned), **dates)
    people = _planned(reached, gone, bid) if bid.held else bid.planned * bid.people
    making.put(session, "", PlanLine, what=Measure.PEOPLE, planned=float(people), **dates)
    for audience in bid.audiences[1:] if bid.held else ():
        came = sum(one.values["attended"] for one in held if audience in one.values["audiences"])
        if came:
            line = {"what": Measure.PEOPLE, "audience": audience, "planned": float(_planned(came, gone, bid))}
            making.put(session, "", PlanLine, **line, **dates)


def _planned(done: int, gone: float, bid: Bid) -> int:
    """A round number of people to plan, of which what is done is about as far on as the engagements are."""
    due = bid.planned * gone
    pace = max(1.0, bid.held / due) if bid.key in NAMED else bid.held / due
    whole = done / (gone * max(pace, 0.5))
    return max(5, int(whole // 5) * 5)


def _to_come(making: Making, session: Change) -> str:
    """Engagements ahead; one planned for yesterday, of which nobody has said yet how many came; two cancelled."""
    ahead = (
        ("bridgefoot", -1, "Coffee morning", "Brent"), ("bridgefoot", 9, "Kitchen-table conversation", "Harrow"),
        ("atm", 6, "Easy-read workshop", "Camden"), ("votes", 8, "Vote and discuss", "Merton"),
        ("mettrack", 4, "Open talk", "Southwark"), ("quayside", 11, "Visit to the family hub", "Ealing"),
        ("northgate", 16, "Open day", "Redbridge"), ("larkfield", 13, "Meeting the council", "Camden"),
        ("spark", 19, "Show what you made", "Ealing"), ("ferry", 23, "First showing", "Wandsworth"),
        ("riverline", -9, "Estate cup", "Bexley"), ("common", -31, "Neighbours’ table", "Newham"),
    )  # fmt: skip
    for key, days, title, borough in ahead:
        bid = next(bid for bid in BIDS if bid.key == key)
        off = days < -1
        making.put(
            session, f"ahead {key} {title}", Engagement, programme_id=making.id("programme"), grant_id=making.id(key),
            title=title, held_on=making.ago(-days), borough=borough, venue=f"{BODIES[key].name}, {borough}",
            kind=bid.kinds[0], audiences=tuple(sorted(bid.audiences[:1])), starts=time(10, 0),
            status=EngagementStatus.CANCELLED if off else EngagementStatus.PLANNED,
            summary="Called off: the venue was flooded" if off else None,
        )  # fmt: skip
    return f"Plan {wording.counted(len(ahead), 'engagement')}"


def holiday(day: date) -> bool:
    """Whether London's schools are on holiday, near enough: summer, Christmas, Easter and the half-terms."""
    spans = (((7, 22), (9, 2)), ((12, 20), (12, 31)), ((1, 1), (1, 3)), ((4, 3), (4, 16)), ((10, 24), (10, 31)),
             ((2, 14), (2, 21)), ((5, 25), (5, 31)))  # fmt: skip
    return any(first <= (day.month, day.day) <= last for first, last in spans)


def school_day(day: date) -> date:
    """That day, or the last one before it on which London's schools are open."""
    while holiday(day) or day.weekday() > 4:
        day -= timedelta(days=1)
    return day


def likely_days(random: Random, first: date, last: date, count: int, *, school: bool) -> list[date]:
    """So many days between the two, in order: few in the holidays, none on Sundays, those of schools on weekdays."""
    days = [first + timedelta(days=offset) for offset in range((last - first).days + 1)]
    quiet = 0.0 if school else 0.25
    weighed = [(day, quiet if holiday(day) else 1.0) for day in days if day.weekday() < (5 if school else 6)]
    open_days = [(day, weight) for day, weight in weighed if weight]
    step = sum(weight for _, weight in open_days) / count
    chosen: list[date] = []
    reached, wanted = 0.0, step * random.random()
    for left, (day, weight) in zip(range(len(open_days), 0, -1), open_days, strict=True):
        reached += weight
        if len(chosen) < count and (reached >= wanted or left == count - len(chosen)):
            chosen.append(day)
            wanted = step * (len(chosen) + random.random())
    return chosen
