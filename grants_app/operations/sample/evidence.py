"""What changed, in the sample: outcomes, measurements and testimonials; advisers, their reviews, and what was found."""

from typing import NamedTuple

from grants_app import clock
from grants_app.operations.sample.making import LEAD, SECOND, Making
from grants_app.records import (
    Adviser,
    AdviserReview,
    Engagement,
    Event,
    Finding,
    Grant,
    Indicator,
    Measurement,
    Outcome,
    PlanLine,
    Recommendation,
    Testimonial,
)
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
    TestimonialKind,
    Unit,
)
from grants_app.records.grant import Measure
from grants_app.records.people import Advice, ReviewKind, ReviewStatus
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
    """What changed and who said so; then what advisers made of it."""
    _voices(making)
    _advice(making)


def _voices(making: Making) -> None:
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


class Expert(NamedTuple):
    """An adviser: name, role and organisation, and what they know of; of those with a name, no more than is public."""

    name: str
    role: str
    organisation: str | None
    expertise: str | None


ADVISERS: dict[str, Expert] = {
    "havlicek": Expert("Sasha Havlicek", "Specialist adviser", "Institute for Strategic Dialogue", None),
    "bromage": Expert("Nigel Bromage", "Specialist adviser", "Small Steps", None),
    "coghill": Expert("Councillor Clare Coghill", "Specialist adviser", "Waltham Forest Council", None),
    "four": Expert("Adviser 4", "Specialist adviser", None, "Youth work and safeguarding"),
    "five": Expert("Adviser 5", "Specialist adviser", None, "Evaluation"),
    "six": Expert("Adviser 6", "Specialist adviser", None, "Policing and communities"),
}
NAMED_ADVISERS = ("havlicek", "bromage", "coghill")
"""Of these nothing is told but that they were asked and answered in time."""

_INVITED = ("atm", "votes", "mettrack", "harbour", "quayside", "northgate")


class Review(NamedTuple):
    """A review: who, of what sort and about what, asked, due and submitted in days from today, and what they say."""

    adviser: str
    kind: ReviewKind
    about: str
    asked: int
    due: int
    submitted: int | None = None
    advice: Advice | None = None
    comments: str | None = None
    response: str | None = None


_REVIEWS: dict[str, Review] = {
    "havlicek": Review("havlicek", ReviewKind.GUIDANCE, "programme", -320, -290, -296, Advice.COMMENT, None,
        "Taken into the guidance"),
    "coghill": Review("coghill", ReviewKind.GUIDANCE, "programme", -320, -290, -301, Advice.ENDORSE, None,
        "Taken into the guidance"),
    "bromage": Review("bromage", ReviewKind.GUIDANCE, "programme", -11, 3),
    "refused": Review("four", ReviewKind.BID, "northern", -235, -215, -219, Advice.DO_NOT,
        "Nobody would be met; a poll every month is no help to the people asked.", "Agreed: not approved"),
    "saltmarsh": Review("five", ReviewKind.BID, "saltmarsh", -16, -1, -2, Advice.WITH_CHANGES,
        "Ask how the carers themselves will say whether it helped."),
    "beacon": Review("six", ReviewKind.BID, "beacon", -10, 6),
    "harbour": Review("five", ReviewKind.GUIDANCE, "harbour", -70, -49, -52, Advice.ENDORSE,
        "The questions before and after are the same, and so are the people.", "Held up to others as the pattern"),
}  # fmt: skip


def _advice(making: Making) -> None:
    """Advisers first; reviews as they were asked for; the event; then findings and what follows from them."""
    making.act(making.ago(400), LEAD, "Appoint advisers", _advisers)
    for key, review in _REVIEWS.items():
        making.act(making.ago(-review.asked), LEAD, "Ask", _ask, key, review)
        if review.submitted is not None:
            making.act(making.ago(-review.submitted), SECOND, "File", _file, key, review)
    making.act(making.ago(119), LEAD, "Add event", _event)
    making.act(making.ago(12), LEAD, "Write findings", _findings)
    making.act(making.ago(9), LEAD, "Write recommendations", _recommend)


def _advisers(making: Making, session: Change) -> str:
    for key, expert in ADVISERS.items():
        making.put(
            session, f"adviser {key}", Adviser, name=expert.name, role=expert.role, organisation=expert.organisation,
            expertise=expert.expertise, term_starts=making.ago(400), term_ends=making.ago(-330),
            interests="None declared", interests_on=making.ago(400),
        )  # fmt: skip
    return f"Appoint {len(ADVISERS)} advisers"


def _ask(making: Making, session: Change, key: str, review: Review) -> str:
    made = making.put(
        session, f"review {key}", AdviserReview, adviser_id=making.id(f"adviser {review.adviser}"), kind=review.kind,
        about=making.ref(review.about), requested=making.at_work(making.ago(-review.asked)),
        due=making.ago(-review.due),
    )  # fmt: skip
    return f"Ask for adviser review {made.reference}"


def _file(making: Making, session: Change, key: str, review: Review) -> str:
    made = making.again(session, f"review {key}", AdviserReview)
    made.status = ReviewStatus.CLOSED if review.response else ReviewStatus.SUBMITTED
    made.submitted = making.at_work(making.ago(-(review.submitted or 0)))
    made.conflict, made.advice, made.comments, made.response = "None", review.advice, review.comments, review.response
    return f"File adviser review {made.reference}"


def _event(making: Making, session: Change) -> str:
    made = making.put(
        session, "event", Event, programme_id=making.id("programme"), title="Programme update", held_on=making.ago(121),
        place="City Hall", organisations=making.refs(*(f"body {key}" for key in _INVITED)),
        advisers=making.refs(*(f"adviser {key}" for key in NAMED_ADVISERS)),
        guests="Victims and survivors of terrorism 6; Grant organisations 19; Borough officers 12; Councillors 4",
        notes="Grant organisations and victims of terrorism met and spoke. Guests are counted, never named.",
    )  # fmt: skip
    return f"Add event {made.reference}"


def _findings(making: Making, session: Change) -> str:
    programme, refs = making.id("programme"), making.refs
    found = {
        "referrals": (
            "Referrals from communities to Prevent stayed very low for three years", Strength.SEVERAL, "awareness",
            refs("document research", "context seek help"), (),
            "From the commissioned research and Home Office statistics.",
        ),
        "prevent": (
            "Prevent reassures some communities and alienates others", Strength.SINGLE, None,
            refs("document assessment", "said director"), refs("document assessment", "said teacher"),
            "From City Hall officials’ own assessment, which found evidence both ways.",
        ),
        "examples": (
            "There are good examples of vulnerable people being kept from radicalisation", Strength.TRIANGULATED,
            "resilience",
            refs("said mentor", "measured turn to atm then", "review harbour"), refs("common 2"),
            "Examples, not a rate: nobody can count what did not happen.",
        ),
        "trust": (
            "Engagement needs more transparency and more trust", Strength.SEVERAL, "prosocial",
            refs("event", "said table", "measured heard northgate then"), refs("context cohesion"), None,
        ),
    }  # fmt: skip
    for key, (statement, strength, theme, evidence, against, notes) in found.items():
        making.put(
            session, f"finding {key}", Finding, programme_id=programme, statement=statement, strength=strength,
            theme_id=making.id(f"theme {theme}") if theme else None, evidence_for=evidence, evidence_against=against,
            notes=notes,
        )  # fmt: skip
    return f"Write {len(found)} findings"


def _recommend(making: Making, session: Change) -> str:
    status, answer = RecommendationStatus, Response
    wanted = (
        ("Review Prevent independently", "Ministers", ("referrals", "prevent"), status.DONE, answer.ACCEPTED, None),
        ("Publish who is funded, for what, and what came of it, every quarter", "City Hall", ("trust",),
            status.IN_PROGRESS, answer.PART, 40),
        ("Say in plain words, in every borough, whom to ring when worried about someone", "London boroughs",
            ("referrals",), status.PUBLISHED, answer.AWAITED, 75),
        ("Let grants run for two years, so that trust outlasts a coordinator", "City Hall", ("trust", "examples"),
            status.DRAFT, answer.AWAITED, 110),
    )  # fmt: skip
    for number, (text, to, findings, at, response, due) in enumerate(wanted, 1):
        making.put(
            session, f"recommendation {number}", Recommendation, programme_id=making.id("programme"), number=number,
            text=text, addressed_to=to, findings=making.refs(*(f"finding {key}" for key in findings)),
            owner_id=making.id("lead"), status=at, response=response,
            due=making.ago(-due) if due is not None else None,
            responded_on=making.ago(9) if response is answer.PART else None,
        )  # fmt: skip
    return f"Write {len(wanted)} recommendations"
