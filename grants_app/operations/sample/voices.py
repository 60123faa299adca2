"""What changed, in the sample: outcomes, the published research as context, measurements, testimonials."""

from typing import NamedTuple

from grants_app import clock
from grants_app.operations.sample.making import LEAD, SECOND, Making
from grants_app.records import Engagement, Grant, Indicator, Measurement, Outcome, PlanLine, Testimonial
from grants_app.records.evidence import (
    Consent,
    Direction,
    Level,
    MeasurementStatus,
    Speaker,
    Sureness,
    TestimonialKind,
    Unit,
)
from grants_app.records.grant import Measure
from grants_app.store import Change

RESEARCH_SOURCE = (
    "Public research commissioned by City Hall in April 2018 and released early in 2019; its base is not stated. "
    "Only a repeat of the same research could measure it again."
)
CONTEXT = (
    ("rising", "Think that the threat from extremism is increasing", 61.0),
    ("witnessed", "Witnessed or experienced extremist views in the past 12 months", 25.0),
    ("terrorism", "Witnessed or experienced views supporting terrorism", 17.0),
    ("cohesion", "See strong, cohesive, integrated communities as the most effective remedy", 65.0),
    ("seek help", "Would not know how to seek help from the authorities if worried about someone", 64.0),
    ("signs", "Would feel confident of spotting the signs", 24.0),
)
"""The published figures, in per cent; none is inverted, none mixed with what participants answered."""

_OUTCOMES = {
    "safer": ("Fewer Londoners are drawn into extremism", Level.LONG, None, "safer"),
    "help": ("People who worry about someone find help early", Level.MEDIUM, "awareness", "safer"),
    "belong": ("Young people feel heard where they live", Level.MEDIUM, "resilience", "safer"),
    "able": ("Practitioners and parents can act on what they see", Level.SHORT, "practitioners", "help"),
    "met": ("People meet and talk who would not have met", Level.OUTPUT, "prosocial", "belong"),
}


class Asked(NamedTuple):
    """A participant indicator: outcome, name, unit, before, aim; what each grant measured half a year ago, and now."""

    outcome: str
    name: str
    unit: Unit
    before: float
    aim: float
    first: dict[str, tuple[int, int]]
    then: dict[str, tuple[int, int]]


_ASKED: dict[str, Asked] = {
    "turn to": Asked("help", "Know whom to turn to", Unit.PERCENT, 41.0, 65.0,
                     {"quayside": (21, 39), "harbour": (17, 30)}, {"quayside": (57, 88), "harbour": (44, 66),
                         "atm": (92, 138)}),
    "heard": Asked("belong", "Feel heard where they live", Unit.PERCENT, 38.0, 60.0,
                   {"northgate": (11, 24), "harbour": (14, 30)}, {"northgate": (26, 49), "harbour": (36, 66),
                       "mettrack": (41, 72)}),
    "spot": Asked("able", "Could say what to look out for", Unit.PERCENT, 29.0, 50.0,
                  {"copper": (17, 44)}, {"copper": (24, 52), "kiln": (17, 38), "votes": (118, 250)}),
}  # fmt: skip
_ILLUSTRATIVE = "Illustrative: invented for the sample"


class Said(NamedTuple):
    """One testimonial: whose grant and which of its engagements, its words, who said it, how far it may go.

    Consent is for a year from the session, but for the one that says in how many days it `ends`.
    """

    grant: str
    place: int
    text: str
    by: Speaker
    described: str
    consent: Consent
    ends: int | None = None
    withdrawn: int | None = None
    kind: TestimonialKind = TestimonialKind.QUOTE


_P, _H, _R = Speaker.PARTICIPANT, Speaker.HOLDER, Speaker.PARTNER
_IN, _AN, _AT = Consent.INTERNAL, Consent.ANONYMOUS, Consent.ATTRIBUTED
_SAID: dict[str, Said] = {
    "expiring": Said("quayside", 3,
        "I had the number in my phone for a year. Here somebody sat with me while I rang it.", _P,
        "mother of two, Hounslow", _AN, 3),
    "table": Said("bridgefoot", 1, "At home I listen. At this table they asked me, and they waited for the answer.",
        _P, "mother, Brent", _AN),
    "mentor": Said("chance", 2, "He did not tell me what to think. He told me what it had cost him.", _P,
        "man of 22, Southwark", _AN),
    "debate": Said("harbour", 5, "You can lose a debate here and still get the bus home together.", _P,
        "student of 17, Tower Hamlets", _AN),
    "coach": Said("kiln", 2, "I used to hear things in the gym and look away. Now I ask one more question.", _H,
        "Coach at Kiln Street Boxing Club", _AT),
    "director": Said("northgate", 4,
        "The first open day had three faiths in three corners of the room. By the third there were no corners.", _H,
        "Coordinator of Northgate Faiths Together", _AT),
    "teacher": Said("fairlight", 2,
        "They asked the actors what their own teachers should have noticed. I took notes.", _R, "teacher, Croydon",
        _IN),
    "withdrawn": Said("spark", 1, "I thought the feed was me. It was not.", _P, "student of 16, Ealing", _AN, None, 15),
    "case": Said("larkfield", 4,
        "She came to the first practice to bring a friend and said nothing. In the fourth she read her own page. "
        "In the sixth week she put a question to the council about the youth club, and stayed for the answer.",
        _R, "trainer, Camden", _AN, kind=TestimonialKind.CASE_STUDY),
    "carer": Said("threeways", 2, "The guide says it in words that my brother uses.", _P,
        "brother of a participant, Merton", _IN),
}  # fmt: skip


def plan(making: Making) -> None:
    """Outcomes and context at the start; participants asked twice; testimonials as they were given."""
    making.act(making.ago(460), LEAD, "Set down outcomes", _outcomes)
    making.act(making.ago(150), SECOND, "Record measurements", _measure, "first")
    making.act(making.ago(18), SECOND, "Record measurements", _measure, "then")
    making.act(making.ago(8), SECOND, "Record measurement", _draft)
    making.act(making.ago(24), LEAD, "Keep testimonials", _keep)


def _outcomes(making: Making, session: Change) -> None:
    for key, (statement, level, theme, parent) in _OUTCOMES.items():
        making.put(
            session, f"outcome {key}", Outcome, programme_id=making.id("programme"), statement=statement, level=level,
            theme_id=making.id(f"theme {theme}") if theme else None,
            parent_id=making.id(f"outcome {parent}") if parent != key else None,
        )  # fmt: skip
    for key, name, value in CONTEXT:
        making.put(
            session, f"context {key}", Indicator, outcome_id=making.id("outcome safer"), name=name, unit=Unit.PERCENT,
            direction=Direction.CONTEXT, definition="Londoners asked in the public research, as published",
            baseline=value, baseline_source=RESEARCH_SOURCE,
        )  # fmt: skip
    for key, asked in _ASKED.items():
        making.put(
            session, f"asked {key}", Indicator, outcome_id=making.id(f"outcome {asked.outcome}"), name=asked.name,
            unit=asked.unit, direction=Direction.UP, definition="Participants who answered “yes” or “mostly”",
            baseline=asked.before, baseline_on=making.ago(300), target=asked.aim, target_on=making.ago(-120),
            baseline_source=f"The same question at the first session. {_ILLUSTRATIVE}",
        )  # fmt: skip
    making.put(
        session, "asked trained", Indicator, outcome_id=making.id("outcome able"), name="Practitioners trained",
        unit=Unit.PEOPLE, direction=Direction.UP, cumulative=True, target=160.0, target_on=making.ago(-120),
    )  # fmt: skip


def _measure(making: Making, session: Change, which: str) -> str:
    ends = making.ago(160 if which == "first" else 25)
    count = 0
    for key, asked in _ASKED.items():
        for grant, (numerator, denominator) in getattr(asked, which).items():
            count += 1
            whole = making.again(session, grant, Grant)
            making.put(
                session, f"measured {key} {grant} {which}", Measurement, indicator_id=making.id(f"asked {key}"),
                grant_id=whole.id, status=MeasurementStatus.APPROVED, starts=whole.starts,
                ends=min(ends, whole.ends or ends), value=round(numerator / denominator * 100, 1),
                numerator=numerator, denominator=denominator,
                sure=Sureness.VERIFIED if grant in ("atm", "harbour") else Sureness.REPORTED,
                source="The same question at the last session", note=_ILLUSTRATIVE,
            )  # fmt: skip
            if which == "then":
                _aim(making, session, key, grant, asked.aim)
    for grant, number in (("kiln", 14), ("fairlight", 22)) if which == "first" else (("kiln", 9), ("fairlight", 61)):
        count += 1
        begun = making.again(session, grant, Grant).starts
        making.put(
            session, "", Measurement, indicator_id=making.id("asked trained"), grant_id=making.id(grant),
            status=MeasurementStatus.APPROVED, starts=begun if which == "first" else making.ago(159), ends=ends,
            value=float(number), sure=Sureness.REPORTED, source="Registers", note=_ILLUSTRATIVE,
        )  # fmt: skip
    return f"Record {count} measurements"


def _aim(making: Making, session: Change, key: str, grant: str, aim: float) -> None:
    """The grant's own line of its plan, which its report sets the measurement against."""
    line = session.query(PlanLine).filter_by(grant_id=making.id(grant), what=Measure.ENGAGEMENTS).one()
    making.put(
        session, "", PlanLine, grant_id=line.grant_id, what=Measure.INDICATOR, indicator_id=making.id(f"asked {key}"),
        starts=line.starts, ends=line.ends, planned=aim, agreed_on=line.agreed_on,
    )  # fmt: skip


def _draft(making: Making, session: Change) -> str:
    made = making.put(
        session, "measured draft", Measurement, indicator_id=making.id("asked turn to"),
            grant_id=making.id("larkfield"),
        starts=making.ago(150), ends=making.ago(9), value=58.3, numerator=7, denominator=12, sure=Sureness.ESTIMATED,
        source="A show of hands", note=_ILLUSTRATIVE,
    )  # fmt: skip
    return f"Record measurement {made.reference}"


def _keep(making: Making, session: Change) -> str:
    for key, said in _SAID.items():
        session_day = making.again(session, f"{said.grant} {said.place}", Engagement).held_on
        given = session_day + clock.days(1)
        until = None if said.consent is _IN else making.ago(-said.ends) if said.ends else given + clock.days(365)
        making.put(
            session, f"said {key}", Testimonial, kind=said.kind, text=said.text, said_by=said.by,
            described=said.described, consent=said.consent, consented_on=given, expires=until,
            withdrawn_on=making.ago(said.withdrawn) if said.withdrawn else None, grant_id=making.id(said.grant),
            engagement_id=making.id(f"{said.grant} {said.place}"), source=_ILLUSTRATIVE,
        )  # fmt: skip
    return f"Keep {len(_SAID)} testimonials"
