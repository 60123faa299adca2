"""The lists that an administrator may edit, as they start; and London's boroughs, which stay as they are.

Names, GSS codes and organisation identifiers: Office for National Statistics (OGL v3.0) and org-id.guide. Tile places:
the LondonSquared map by After the Flood (ISC). Contains National Statistics data © Crown copyright and database right
2025.
"""

from collections.abc import Mapping
from typing import NamedTuple


class Borough(NamedTuple):
    """A borough: GSS code, name, org-id of its council, inner or outer London, tile column and row, three letters."""

    gss: str
    name: str
    org_id: str
    inner: bool
    column: int
    row: int
    short: str


BOROUGHS = (
    Borough("E09000001", "City of London", "GB-LAE-LND", True, 4, 3, "CTY"),
    Borough("E09000002", "Barking and Dagenham", "GB-LAE-BDG", False, 7, 3, "BAR"),
    Borough("E09000003", "Barnet", "GB-LAE-BNE", False, 3, 1, "BRN"),
    Borough("E09000004", "Bexley", "GB-LAE-BEX", False, 7, 4, "BXL"),
    Borough("E09000005", "Brent", "GB-LAE-BEN", False, 2, 2, "BRT"),
    Borough("E09000006", "Bromley", "GB-LAE-BRY", False, 5, 5, "BRM"),
    Borough("E09000007", "Camden", "GB-LAE-CMD", True, 3, 2, "CMD"),
    Borough("E09000008", "Croydon", "GB-LAE-CRY", False, 4, 5, "CRD"),
    Borough("E09000009", "Ealing", "GB-LAE-EAL", False, 1, 2, "ELG"),
    Borough("E09000010", "Enfield", "GB-LAE-ENF", False, 4, 0, "ENF"),
    Borough("E09000011", "Greenwich", "GB-LAE-GRE", False, 6, 4, "GRN"),
    Borough("E09000012", "Hackney", "GB-LAE-HCK", True, 5, 2, "HCK"),
    Borough("E09000013", "Hammersmith and Fulham", "GB-LAE-HMF", True, 1, 3, "HMS"),
    Borough("E09000014", "Haringey", "GB-LAE-HRY", True, 4, 1, "HGY"),
    Borough("E09000015", "Harrow", "GB-LAE-HRW", False, 2, 1, "HRW"),
    Borough("E09000016", "Havering", "GB-LAE-HAV", False, 7, 2, "HVG"),
    Borough("E09000017", "Hillingdon", "GB-LAE-HIL", False, 0, 2, "HDN"),
    Borough("E09000018", "Hounslow", "GB-LAE-HNS", False, 0, 3, "HNS"),
    Borough("E09000019", "Islington", "GB-LAE-ISL", True, 4, 2, "ISL"),
    Borough("E09000020", "Kensington and Chelsea", "GB-LAE-KEC", True, 2, 3, "KNS"),
    Borough("E09000021", "Kingston upon Thames", "GB-LAE-KTT", False, 2, 5, "KNG"),
    Borough("E09000022", "Lambeth", "GB-LAE-LBH", True, 3, 4, "LAM"),
    Borough("E09000023", "Lewisham", "GB-LAE-LEW", True, 5, 4, "LSH"),
    Borough("E09000024", "Merton", "GB-LAE-MRT", False, 3, 5, "MRT"),
    Borough("E09000025", "Newham", "GB-LAE-NWM", True, 6, 3, "NWM"),
    Borough("E09000026", "Redbridge", "GB-LAE-RDB", False, 6, 2, "RDB"),
    Borough("E09000027", "Richmond upon Thames", "GB-LAE-RIC", False, 1, 4, "RCH"),
    Borough("E09000028", "Southwark", "GB-LAE-SWK", True, 4, 4, "SWR"),
    Borough("E09000029", "Sutton", "GB-LAE-STN", False, 3, 6, "STN"),
    Borough("E09000030", "Tower Hamlets", "GB-LAE-TWH", True, 5, 3, "TOW"),
    Borough("E09000031", "Waltham Forest", "GB-LAE-WFT", False, 5, 1, "WTH"),
    Borough("E09000032", "Wandsworth", "GB-LAE-WND", True, 2, 4, "WNS"),
    Borough("E09000033", "Westminster", "GB-LAE-WSM", True, 3, 3, "WST"),
)

LONDON_WIDE, ONLINE, OUTSIDE, NOT_KNOWN = "London-wide", "Online", "Outside London", "Not known"
PLACES = (*(borough.name for borough in BOROUGHS), LONDON_WIDE, ONLINE, OUTSIDE, NOT_KNOWN)
"""What a borough field may hold."""


DEFAULT_LISTS: Mapping[str, tuple[str, ...]] = {
    "boroughs": PLACES,
    "audiences": (
        "Young people", "Vulnerable young people", "Pupils", "Parents", "Mothers", "Teachers",
        "People with special needs", "Faith groups", "Practitioners", "Victims and survivors", "General public",
    ),
    "engagement kinds": (
        "Workshop", "Lesson", "Training", "Outreach", "Community event", "Online campaign", "Mentoring", "Focus group",
        "Stakeholder meeting",
    ),
    "harms": (
        "Islamist extremism", "Far-right extremism", "Antisemitism", "Anti-Muslim hatred", "Misogyny and incel culture",
        "Hate crime", "Online radicalisation", "Conspiracy theories", "Community tension",
    ),
    "roles": (
        "Officer", "Second officer", "Budget holder", "Programme lead", "Finance", "Adviser", "Auditor",
        "Administrator",
    ),
    "age bands": ("Under 11", "11 to 15", "16 to 18", "19 to 24", "25 to 44", "45 to 64", "65 and over"),
}  # fmt: skip
"""Audiences, kinds of engagement, harms and age bands; "boroughs" is fixed. Themes are records of their programme."""

FIXED = frozenset({"boroughs", "roles"})
"""Lists that nobody may edit."""
