"""The organisations and bids of the sample: what was asked for, what became of it, and how the work goes.

Three of the organisations exist and are told with nothing but their names; the others are invented.
"""

from typing import NamedTuple

from grants_app.records.grant import Rag, Status
from grants_app.records.organisation import OrganisationKind

K = OrganisationKind
S = Status


class Body(NamedTuple):
    """An organisation: name, kind, borough, postcode, the last digits of an impossible number, its contact."""

    name: str
    kind: OrganisationKind = K.OTHER
    borough: str | None = None
    postcode: str | None = None
    number: int | None = None
    contact: str | None = None


NAMED = ("atm", "votes", "mettrack")
"""Those that exist: nothing adverse is ever told of them, and no number or person is invented for them."""

BODIES: dict[str, Body] = {
    "atm": Body("Anti-Tribalism Movement"),
    "votes": Body("VotesforSchools"),
    "mettrack": Body("Met-Track"),
    "harbour": Body("Harbour Lane Youth Trust", K.CHARITY, "Tower Hamlets", "E90 2HL", 9000001, "Leila Hartnoll"),
    "bridgefoot": Body("Bridgefoot Mothers’ Circle", K.UNINCORPORATED, "Brent", "NW90 4BF", None, "Samira Oduya"),
    "kiln": Body("Kiln Street Boxing Club", K.CIC, "Barking and Dagenham", "RM90 1GS", 9000002, "Dev Callaghan"),
    "common": Body("Common Ground Newham", K.CIO, "Newham", "E91 3RG", 9000003, "Ruth Okonjo-Vale"),
    "quayside": Body("Quayside Somali Women", K.CHARITY, "Hounslow", "TW90 5QS", 9000004, "Hodan Yusuf-Marsh"),
    "northgate": Body("Northgate Faiths Together", K.CHARITY, "Redbridge", "IG90 6NF", 9000005, "Miriam Castellan"),
    "riverline": Body("Riverline Sports", K.CIC, "Greenwich", "SE90 7RS", 9000006, "Kofi Tremaine"),
    "fairlight": Body("Fairlight Drama", K.LIMITED, "Lewisham", "SE91 8FD", 9000007, "Nuala Petrides"),
    "chance": Body("Second Chance Mentors", K.CHARITY, "Southwark", "SE92 9SD", 9000008, "Errol Bainbridge"),
    "spark": Body("Spark Coding Club", K.UNINCORPORATED, "Ealing", "W90 1SP", None, "Anjali Thorne"),
    "talloaks": Body("Tall Oaks Community CIC", K.CIC, "Croydon", "CR90 2TQ", 9000009, "Gareth Mensah"),
    "opendoor": Body("Open Door School", K.SCHOOL, "Harrow", "HA90 3PD", None, "Bettina Farouk"),
    "lantern": Body("Lantern Road Supplementary School", K.CHARITY, "Haringey", "N90 4LR", 9000010, "Yaw Lindqvist"),
    "dairy": Body("Old Dairy Studios", K.LIMITED, "Hackney", "E92 5ED", 9000011, "Ines Marchetti-Bell"),
    "copper": Body("Copper Beech Parents’ Network", K.CIO, "Bromley", "BR90 6RB", 9000012, "Tamsin Eze"),
    "marsh": Body("Marsh Lane Tenants’ Association", K.UNINCORPORATED, "Enfield", "EN90 7NL", None, "Carl Obafemi"),
    "ferry": Body("Ferry Street Film School", K.CIC, "Wandsworth", "SW90 8FS", 9000013, "Rosalind Achebe-Hart"),
    "larkfield": Body(
        "Larkfield Women’s Co-operative", K.BENEFIT_SOCIETY, "Camden", "NW91 9LW", 9000014, "Zainab Crowe"
    ),
    "larkfield twin": Body("Larkfield Womens Cooperative", K.OTHER, "Camden", "NW91 9LW", 9000014),
    "threeways": Body("Threeways Disability Arts", K.CHARITY, "Merton", "SW91 1TD", 9000015, "Olu Winterbourne"),
    "wharfside": Body("Wharfside Sixth Form College", K.SCHOOL, "Bexley", "DA90 2WD", None, "Helena Brightwater"),
    "saltmarsh": Body("Saltmarsh Young Carers", K.CHARITY, "Hillingdon", "UB90 3SY", 9000016, "Piotr Ashgrove"),
    "beacon": Body("Beacon Yard Refugee Support", K.CHARITY, "Islington", "N91 4BY", 9000017, "Fatou Greenhalgh"),
    "orchard": Body("Orchard Walk Play Group", K.UNINCORPORATED, "Barnet", "N92 5RW", None, "Jun Abernathy"),
    "northern": Body(
        "Northern Beacon Consulting", K.LIMITED, "Westminster", "W91 6NB", 9000018, "Miles Farringdon-Pike"
    ),
    "willow": Body("Willow Court Residents", K.UNINCORPORATED, "Waltham Forest", "E93 7WR", None, "Dorothea Sane"),
}
"""Numbers from 9000001 belong to no charity; postcodes with 90 and above to no street."""


class Bid(NamedTuple):
    """One bid: pounds asked and awarded; first and last day from today; engagements planned and held, usual attendance.

    `rated` is the rating and its reason; `was` the rating of last quarter, where it was another.
    """

    key: str
    title: str
    purpose: str
    audiences: tuple[str, ...]
    boroughs: tuple[str, ...]
    themes: tuple[str, ...]
    asked: int
    awarded: int
    status: Status
    starts: int
    ends: int
    planned: int = 0
    held: int = 0
    people: int = 0
    kinds: tuple[str, ...] = ("Workshop",)
    titles: tuple[str, ...] = ()
    rated: tuple[Rag, str | None] = (Rag.GREEN, None)
    was: Rag | None = None
    school: bool = False

    @property
    def decided(self) -> int:
        """How many days ago it was decided on, if it was awarded."""
        return 45 - self.starts


YOUNG, MOTHERS, TEACHERS = "Young people", "Mothers", "Teachers"
NEEDS, VULNERABLE = "People with special needs", "Vulnerable young people"

BIDS: tuple[Bid, ...] = (
    Bid("harbour", "After-school debate on the estate",
        "Debate evenings where young people argue about what they see online and hear from each other.", (YOUNG,),
        ("Tower Hamlets", "Hackney"), ("resilience", "awareness"), 24_000, 22_000, S.CLOSING, -350, -24, 10, 10, 27,
        ("Workshop", "Community event"), ("Debate evening", "Who profits from anger?", "Motion night")),
    Bid("kiln", "Corner talk", "Coaches trained to listen, and an hour of talk after each training night.",
        (YOUNG, VULNERABLE), ("Barking and Dagenham",), ("resilience", "practitioners"), 9_800, 9_800, S.CLOSING,
        -345, -9, 8, 7, 19, ("Mentoring", "Training"), ("Corner talk", "Coaches’ evening"),
        (Rag.AMBER, "Insurance certificate expired and not renewed"), Rag.GREEN),
    Bid("atm", "How we see the challenge",
        "Conversations with young people, mothers and people with special needs about how they understand extremism.",
        (YOUNG, MOTHERS, NEEDS), ("Hammersmith and Fulham", "Ealing", "Brent", "Westminster", "Camden", "Lambeth"),
        ("awareness", "resilience"), 48_000, 48_000, S.ACTIVE, -330, 96, 18, 15, 23,
        ("Workshop", "Focus group", "Outreach"),
        ("Talking about belonging", "Mothers’ table", "Easy-read workshop", "Who do I trust?")),
    Bid("votes", "The weekly vote on extremism",
        "Classroom discussion and votes for pupils, with sessions for their parents and teachers.",
        ("Pupils", "Parents", TEACHERS),
        ("Barnet", "Bromley", "Croydon", "Hillingdon", "Merton", "Sutton", "Richmond upon Thames", "Waltham Forest"),
        ("awareness", "prosocial"), 52_000, 52_000, S.ACTIVE, -320, 112, 22, 16, 54, ("Lesson", "Training"),
        ("Vote and discuss", "Should we all speak up?", "Teachers’ briefing", "Parents’ evening"), school=True),
    Bid("lantern", "Saturday questions",
        "Saturday classes where pupils put the questions that they do not ask at school.", ("Pupils", "Parents"),
        ("Haringey",), ("prosocial",), 12_000, 12_000, S.CLOSING, -340, -70, 6, 6, 21, ("Lesson",),
        ("Saturday questions",), school=True),
    Bid("dairy", "Made up", "A studio where young people take conspiracy films apart and make their own.", (YOUNG,),
        ("Hackney", "Islington"), ("awareness",), 18_000, 15_000, S.COMPLETED, -350, -120, 6, 6, 16, ("Workshop",),
        ("Taking a film apart", "Screening and talk")),
    Bid("copper", "Parents who notice", "Evenings for parents on what has changed in their child’s day online.",
        ("Parents", MOTHERS), ("Bromley", "Lewisham"), ("practitioners", "awareness"), 17_500, 17_500, S.COMPLETED,
        -348, -95, 6, 6, 22, ("Training", "Community event"), ("Parents’ evening", "What is on that phone?")),
    Bid("wharfside", "Common room", "Sixth-formers run lunchtime talks on news that divides their year.",
        ("Pupils",), ("Bexley",), ("prosocial",), 14_000, 14_000, S.COMPLETED, -335, -85, 5, 5, 38, ("Lesson",),
        ("Common room talk",), school=True),
    Bid("mettrack", "Open talk, no script",
        "Open discussion with young Londoners who are at risk, led by mentors they know.", (VULNERABLE, YOUNG),
        ("Southwark", "Lambeth", "Greenwich", "Kensington and Chelsea", "City of London"), ("resilience",), 38_500,
        38_500, S.ACTIVE, -300, 121, 16, 12, 13, ("Mentoring", "Workshop"),
        ("Open talk", "Walk and talk", "Asking the hard ones")),
    Bid("quayside", "Tea after the school run",
        "Morning groups in Somali and English, and visits to services that mothers do not use yet.",
        (MOTHERS, "Parents"), ("Hounslow", "Ealing", "Hillingdon"), ("awareness", "resilience"), 28_000, 26_000,
        S.ACTIVE, -280, 64, 10, 8, 25, ("Workshop", "Outreach"),
        ("Tea and talk", "Visit to the family hub", "Who to ring")),
    Bid("common", "Neighbours’ table",
        "Meals that bring neighbours of different faiths together, with a trained host at each table.",
        ("Faith groups", "General public"), ("Newham", "Barking and Dagenham"), ("prosocial",), 22_500, 22_500,
        S.ACTIVE, -260, 40, 9, 4, 24, ("Community event",), ("Neighbours’ table",),
        (Rag.RED, "Coordinator left in the summer; four of nine meals held and no plan to recover"), Rag.AMBER),
    Bid("chance", "Someone to ring", "Mentors with a past of their own for young men leaving custody or care.",
        (VULNERABLE,), ("Southwark", "Lambeth", "Wandsworth"), ("resilience",), 26_000, 24_000, S.ACTIVE, -250, 71,
        7, 6, 8, ("Mentoring",), ("Group mentoring", "Job morning and talk")),
    Bid("northgate", "Under one roof", "Faith leaders and young people plan and host open days together.",
        ("Faith groups", YOUNG), ("Redbridge", "Waltham Forest"), ("prosocial", "practitioners"), 15_500, 15_500,
        S.ACTIVE, -240, 52, 7, 6, 34, ("Community event", "Stakeholder meeting"), ("Open day", "Leaders’ lunch")),
    Bid("larkfield", "Speaking first", "Women practise speaking at public meetings, and then do.",
        (MOTHERS, "General public"), ("Camden", "Islington", "Haringey"), ("prosocial",), 21_000, 21_000, S.ACTIVE,
        -230, 86, 8, 6, 17, ("Training", "Workshop"), ("Speaking practice", "Meeting the council")),
    Bid("riverline", "Half-time", "Talks at half-time and a summer cup that mixes teams across estates.", (YOUNG,),
        ("Greenwich", "Lewisham", "Bexley"), ("prosocial",), 18_000, 18_000, S.ACTIVE, -225, 34, 8, 7, 31,
        ("Outreach", "Community event"), ("Half-time talk", "Estate cup")),
    Bid("ferry", "Cut", "Young people film what radicalisation looks like from the inside of a family.", (YOUNG,),
        ("Wandsworth", "Merton"), ("awareness",), 19_600, 19_600, S.ACTIVE, -210, 88, 5, 4, 14,
        ("Workshop", "Online campaign"), ("Filming day", "Cutting room", "First showing"),
        (Rag.GREEN, "Back on plan after a late start"), Rag.AMBER),
    Bid("bridgefoot", "Kitchen-table conversations",
        "Small conversations at home that help mothers say what worries them and learn whom they could turn to.",
        (MOTHERS, "Parents"), ("Brent", "Harrow"), ("resilience",), 9_500, 8_000, S.ACTIVE, -200, 120, 8, 3, 13,
        ("Focus group",), ("Kitchen-table conversation", "Coffee morning"),
        (Rag.AMBER, "Two behind plan: three of five by now"), Rag.GREEN),
    Bid("fairlight", "The understudy",
        "A touring play about a pupil who is being drawn in, and a workshop after it.", ("Pupils", TEACHERS),
        ("Lewisham", "Bromley", "Croydon"), ("awareness", "practitioners"), 16_000, 14_000, S.ACTIVE, -195, 60, 6,
        5, 47, ("Lesson", "Workshop"), ("Play and workshop", "Teachers’ half-day"), school=True),
    Bid("threeways", "Plain words", "Disabled artists make easy-read guides on spotting and reporting hate.",
        (NEEDS, "Practitioners"), ("Merton", "Sutton"), ("awareness",), 16_500, 16_500, S.ACTIVE, -190, 55, 6, 5,
        12, ("Workshop",), ("Plain words studio", "Trying it out")),
    Bid("marsh", "Stairwell talks",
        "Residents meet on the stairs, where they already are, about who is recruiting whom.", ("General public",),
        ("Enfield",), ("resilience",), 12_400, 12_400, S.SUSPENDED, -180, 90, 5, 2, 18, ("Outreach",),
        ("Stairwell talk",), (Rag.AMBER, "Suspended until a safeguarding policy is seen"), Rag.GREEN),
    Bid("spark", "Algorithms and us",
        "Young people learn to code by rebuilding a feed that radicalises, then a better one.", (YOUNG,),
        ("Ealing", "Hounslow"), ("awareness",), 12_500, 11_000, S.ACTIVE, -130, 80, 6, 4, 15, ("Workshop",),
        ("Rebuild the feed", "Show what you made")),
    Bid("talloaks", "Allotment and answers", "Growing days for families, with a youth worker at the shed.",
        ("Parents", YOUNG), ("Croydon", "Sutton"), ("resilience",), 32_000, 32_000, S.AGREEMENT_SENT, 20, 330, 10,
        0, 20, rated=(Rag.NONE, None)),
    Bid("opendoor", "Ask the panel", "Pupils question a panel they choose themselves, each half-term.",
        ("Pupils", TEACHERS), ("Harrow", "Brent"), ("prosocial",), 30_000, 30_000, S.APPROVED, 35, 300, 6, 0, 60,
        rated=(Rag.NONE, None), school=True),
    Bid("northern", "London extremism barometer", "A monthly poll and a report for subscribers.",
        ("General public",), ("London-wide",), ("awareness",), 45_000, 0, S.NOT_APPROVED, -150, 200,
        rated=(Rag.NONE, None)),
    Bid("willow", "Warm room", "A warm room with talks through the winter.", ("General public",),
        ("Waltham Forest",), ("resilience",), 6_000, 0, S.WITHDRAWN, -60, 90, rated=(Rag.NONE, None)),
    Bid("saltmarsh", "Time off, time to talk", "Young carers meet on the one afternoon they are free.",
        (VULNERABLE,), ("Hillingdon",), ("resilience",), 18_000, 0, S.READY, 45, 330, rated=(Rag.NONE, None)),
    Bid("beacon", "First year here", "People new to London learn who may help them and who only says so.",
        ("General public",), ("Islington", "Camden"), ("awareness",), 12_000, 0, S.ASSESSMENT, 60, 340,
        rated=(Rag.NONE, None)),
    Bid("orchard", "Small talk", "Parents at play group talk with a worker about what older children bring home.",
        ("Parents",), ("Barnet",), ("practitioners",), 8_000, 0, S.APPLIED, 75, 345, rated=(Rag.NONE, None)),
)  # fmt: skip
