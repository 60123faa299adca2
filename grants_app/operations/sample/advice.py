"""Advisers of the sample and their reviews, findings for and against, recommendations, and the update event."""

from typing import NamedTuple

from grants_app.operations.sample.making import LEAD, SECOND, Making
from grants_app.records import Adviser, AdviserReview, Event, Finding, Recommendation
from grants_app.records.evidence import RecommendationStatus, Response, Strength
from grants_app.records.people import Advice, ReviewKind, ReviewStatus
from grants_app.store import Change


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


def plan(making: Making) -> None:
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
