"""The programme of the sample: its true outline, its themes, tiers, budgets and officers."""

from collections import Counter
from datetime import date
from decimal import Decimal

from grants_app import clock
from grants_app.operations.sample.bids import BIDS
from grants_app.operations.sample.making import FINANCE, HOLDER, LEAD, SECOND, Making
from grants_app.records import FundingLine, Officer, Programme, Theme, Tier
from grants_app.records.programme import ProgrammeStatus
from grants_app.store import Change, settings

LAUNCHED, RESEARCH, REPORTED = date(2017, 12, 1), date(2018, 4, 1), date(2019, 6, 1)
"""The true months: launch, research commissioned, report."""
BUDGET = Decimal("650000.00")
SECOND_BUDGET = Decimal("60000.00")

THEMES = {
    "awareness": ("Raise awareness", "People know how extremists work and where help is to be had"),
    "resilience": ("Build resilience", "People have the confidence and the ties that keep harm away"),
    "prosocial": ("Promote prosocial behaviour", "People speak up, take part and look after each other"),
    "practitioners": ("Support practitioners", "Teachers, youth workers and parents know what to say and do"),
}
TIERS = (("small", "Small", 1_000, 15_000), ("medium", "Medium", 15_001, 30_000), ("large", "Large", 30_001, 60_000))
AIMS = (
    "Safeguard people who may be vulnerable to extremist views. Stop harmful ideologies from spreading. "
    "Make minority and marginalised communities stronger."
)
ABOUT = (
    "The Mayor of London's programme was launched in December 2017 and reported in June 2019. What is told here of its "
    "aims, its three named grant holders, its advisers with a name and its public research is true in outline. Money, "
    "attendance, results and every other organisation are invented, and the work moves with today's date, so that the "
    "sample is never out of season."
)


def plan(making: Making) -> None:
    """The first acts: the officers, then the programme with its budgets, in a file marked as a sample."""
    making.act(making.ago(471), LEAD, "List the officers", _officers)
    making.act(making.ago(470), LEAD, "Set up programme CVE", _programme)


def _officers(making: Making, session: Change) -> None:
    people = {
        "lead": (LEAD, ("Officer", "Programme lead")),
        "second": (SECOND, ("Officer", "Second officer")),
        "holder": (HOLDER, ("Budget holder",)),
        "finance": (FINANCE, ("Finance", "Second officer")),
    }
    for key, (name, roles) in people.items():
        making.put(session, key, Officer, name=name, roles=roles, email=_address(name))
    if making.me in (LEAD, SECOND, HOLDER, FINANCE):
        mine = next(key for key, (name, _) in people.items() if name == making.me)
        making.alias("me", mine)
    else:
        making.put(session, "me", Officer, name=making.me, roles=("Officer", "Second officer"))


def _address(name: str) -> str:
    return f"{name.lower().replace(' ', '.')}@cityhall.example"


def _programme(making: Making, session: Change) -> None:
    settings.put(session, settings.SAMPLE, True)
    ends = date(making.today.year + 1 + (making.today.month >= 4), 3, 31)
    programme = making.put(
        session, "programme", Programme, code="CVE", name="Countering Violent Extremism programme",
        status=ProgrammeStatus.IN_PROGRESS, funder="Greater London Authority", funder_identifier="GB-LAE-GLA",
        giving_prefix="360G-GLA",
        aims=AIMS, description=ABOUT, starts=LAUNCHED, ends=ends, budget=BUDGET, lead=LEAD,
        decision_reference="Sample decision 1",
    )  # fmt: skip
    for key, (name, description) in THEMES.items():
        making.put(session, f"theme {key}", Theme, programme_id=programme.id, name=name, description=description)
    for key, name, least, most in TIERS:
        making.put(
            session, f"tier {key}", Tier, programme_id=programme.id, name=name, least=Decimal(least), most=Decimal(most)
        )
    _funding(making, session, programme.id)


def _funding(making: Making, session: Change, programme_id: int) -> None:
    """The core budget of each year in which awards were decided, and a second budget that joins some of them."""
    this = clock.financial_year(making.today)
    decided: Counter[str] = Counter()
    for bid in BIDS:
        if bid.awarded:
            decided[clock.financial_year(making.at_work(making.ago(bid.decided)))] += bid.awarded
    core = {year: Decimal(-(-pounds // 10_000) * 10_000) for year, pounds in sorted(decided.items()) if year != this}
    core[this] = BUDGET - SECOND_BUDGET - sum(core.values())
    lines = [(f"line {year}", f"Core budget {year}", year, amount, "SAMPLE-101") for year, amount in core.items()]
    for key, name, year, amount, code in (
        *lines, ("line other", "Community resilience contribution", this, SECOND_BUDGET, "SAMPLE-207")
    ):  # fmt: skip
        making.put(
            session, key, FundingLine, programme_id=programme_id, name=name, year=year,
            amount=amount.quantize(Decimal("0.01")), cost_code=code,
        )  # fmt: skip
