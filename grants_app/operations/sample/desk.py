"""What lies on the officers' desks in the sample (tasks, notes, risks, documents), and the last days' work.

The officer of the file did it by the same verbs as everybody.
"""

import hashlib

from grants_app.operations import engagements, payments
from grants_app.operations.sample.making import LEAD, SECOND, Making
from grants_app.operations.sample.programme import REPORTED, RESEARCH
from grants_app.operations.sample.sessions import school_day
from grants_app.records import Acceptance, Document, Engagement, Note, Risk, Task
from grants_app.records.control import DocumentKind, NoteKind
from grants_app.records.engagement import CountMethod, Delivery, Dimension, EngagementStatus
from grants_app.records.history import Blob
from grants_app.store import Change

_C, _E, _V, _M, _N = NoteKind.CALL, NoteKind.EMAIL, NoteKind.VISIT, NoteKind.MEETING, NoteKind.NOTE
_TASKS = (
    ("Chase the renewed insurance certificate", -3, "body kiln", "me"),
    ("Chase the end-of-grant spend", -1, "harbour", "me"),
    ("Ring about the new bank details before anything is paid", 0, "body riverline", "other"),
    ("Decide with the budget holder whether Common Ground goes on", 1, "common", "me"),
    ("Ask whether the consent may be renewed", 2, "said expiring", "me"),
    ("Read the adviser’s comments when they come", 3, "review bromage", "me"),
    ("Make the position report for the director", 4, "programme", "me"),
    ("Check the measurement that rests on a show of hands", 4, "measured draft", "other"),
    ("Put the bid to the decision meeting", 9, "saltmarsh", "lead"),
    ("Visit a session in a borough not reached yet", 21, "programme", "me"),
)
_DONE = (("Send the panel its papers", -208, "programme"), ("Thank the hosts of the update event", -112, "event"))
_NOTES = (
    (_C, -2, "common",
        "Ruth hopes to have a coordinator next month. No dates yet for the five missing meals. Will write by Friday."),
    (_E, -3, "body kiln", "Asked for the renewed certificate; they say that the broker is slow."),
    (_C, -4, "body riverline",
        "They have changed banks and told us by e-mail. A second officer will ring the number that we hold."),
    (_V, -17, "northgate",
        "Open day. Hosts from four congregations, a queue at the door, the young people ran the welcome."),
    (_M, -34, "marsh",
        "Meeting with the committee. There is no safeguarding policy; the borough lends them a model one."),
    (_N, -41, "lantern", "Spent £1,850 less than paid: two Saturdays had no hall hire."),
    (_V, -58, "mettrack", "Sat in on a discussion. On plan, well prepared."),
    (_E, -73, "votes", "Dates for the spring term received, as agreed."),
    (_C, -79, "atm", "Call to settle the dates of the easy-read workshops. All set."),
    (_E, -96, "bridgefoot", "Two mothers have offered their kitchens; the hall is too formal, they say."),
    (_V, -133, "quayside", "Tea after the school run: the tea comes first, which is why people come back."),
    (_M, -190, "ferry", "Late start because two of the young people were in exams. New dates agreed."),
    (_N, -206, "northern", "Panel was of one mind."),
)  # fmt: skip
_RISKS = (
    ("common", "The remaining meals are not held before the grant ends", "The coordinator left",
        "Part of the award is reclaimed", 4, 4, 3, 4, "Decide this week; pay nothing meanwhile", -5),
    ("bridgefoot", "Delivery slips further behind the plan", "Hosts fall ill or move", "Fewer mothers are met", 3, 3,
        2, 3, "Second host for each date", 12),
    ("marsh", "The grant cannot be resumed in time", "No safeguarding policy", "The residents lose heart", 3, 3, 3,
        2, "Model policy from the borough", 8),
    (None, "Communities see the programme as watching them", "Little is said in public about it",
        "Organisations stay away", 5, 3, 4, 2, "Publish awards and results every quarter", 30),
    (None, "A few organisations hold most of the work", "Small groups find the forms hard",
        "Boroughs stay unreached", 3, 4, 3, 3, "One-page form for small awards", 45),
)  # fmt: skip
_PAPERS = (
    ("research", "Public research: the headline figures", DocumentKind.REPORT, "programme", None),
    ("assessment", "City Hall officials’ assessment", DocumentKind.REPORT, "programme", None),
    ("report", f"Programme report, {REPORTED:%B %Y}", DocumentKind.REPORT, "programme", None),
    ("agreement atm", "Grant agreement, signed", DocumentKind.AGREEMENT, "atm", None),
    ("agreement votes", "Grant agreement, signed", DocumentKind.AGREEMENT, "votes", None),
    ("agreement mettrack", "Grant agreement, signed", DocumentKind.AGREEMENT, "mettrack", None),
    ("agreement harbour", "Grant agreement, signed", DocumentKind.AGREEMENT, "harbour", None),
    ("policy quayside", "Safeguarding policy", DocumentKind.POLICY, "body quayside", None),
    ("sheet northgate", "Sign-in sheet, open day", DocumentKind.SIGN_IN, "northgate 4", 20),
    ("consent coach", "Consent form", DocumentKind.CONSENT, "said coach", None),
)


def plan(making: Making) -> None:
    """Papers come in before what refers to them; notes on their days; tasks and risks of late."""
    making.act(making.ago(20), LEAD, "File documents", _papers)
    for kind, days, about, text in _NOTES:
        officer = making.me if days > -5 else (LEAD, SECOND)[days % 2]
        making.act(making.ago(-days), officer, "Note", _note, *(kind, days, about, text))
    making.act(making.ago(28), LEAD, "List risks", _risks)
    making.act(making.ago(4), LEAD, "List tasks", _tasks)
    _last_days(making)


def _papers(making: Making, session: Change) -> str:
    for key, title, kind, about, destroy in _PAPERS:
        text = f"{title}\n\nSample data: this paper stands for a real one and holds nothing else.\n"
        if key == "research":
            text += f"Commissioned {RESEARCH:%B %Y}, released early in 2019. The figures are with the indicators.\n"
        content = f"{text}{making.ref(about)}\n".encode()
        digest = hashlib.sha256(content).hexdigest()
        session.add(Blob(sha256=digest, bytes=content))
        making.put(
            session, f"document {key}", Document, title=title, kind=kind, about=making.ref(about),
            file_name=f"{key.replace(' ', '-')}.txt", size=len(content), media_type="text/plain", sha256=digest,
            destroy_by=making.ago(-destroy) if destroy else None,
        )  # fmt: skip
    return f"File {len(_PAPERS)} documents"


def _note(making: Making, session: Change, kind: NoteKind, days: int, about: str, text: str) -> str:
    on = making.at_work(making.ago(-days))
    note = making.put(session, "", Note, kind=kind, on=on, text=text, about=making.ref(about))
    session.flush()
    return f"Note {note.reference} on {note.about}"


def _risks(making: Making, session: Change) -> str:
    for grant, event, cause, effect, impact, likelihood, impact_after, likelihood_after, mitigation, review in _RISKS:
        making.put(
            session, "", Risk, grant_id=making.id(grant) if grant else None,
            programme_id=None if grant else making.id("programme"), event=event, cause=cause, effect=effect,
            impact=impact, likelihood=likelihood, impact_after=impact_after, likelihood_after=likelihood_after,
            mitigation=mitigation, review_on=making.ago(-review), owner_id=making.id("lead"),
        )  # fmt: skip
    return f"List {len(_RISKS)} risks"


def _tasks(making: Making, session: Change) -> str:
    who = {"me": making.me, "other": making.other, "lead": LEAD}
    for text, due, about, whose in _TASKS:
        making.put(session, "", Task, text=text, due=making.ago(-due), about=making.ref(about), who=who[whose])
    for text, due, about in _DONE:
        day = making.at_work(making.ago(-due))
        making.put(session, "", Task, text=text, due=day, done=day, about=making.ref(about), who=LEAD)
    return f"List {len(_TASKS) + len(_DONE)} tasks"


def _last_days(making: Making) -> None:
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
