"""The organisations of the sample: three that exist, told with nothing but their names, and invented ones."""

from typing import NamedTuple

from grants_app.records.organisation import OrganisationKind

K = OrganisationKind


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
