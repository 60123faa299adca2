"""Column titles of the 360Giving Data Standard: whichever way a file writes them, one path for each.

Matching forgives case, spaces of every sort, underscores and usual synonyms, and takes machine paths too.
"""

import re
from functools import lru_cache

_SPLIT = re.compile(r"[:/]")
_SPACES = re.compile(r"[\s\u00a0\u2007\u202f_]+")

_OBJECTS = {
    "plannedDates": ("planneddate",),
    "actualDates": ("actualdate",),
    "recipientOrganization": ("recipientorg", "recipientorganisation", "recipientorganisations"),
    "fundingOrganization": ("fundingorg", "fundingorganisation", "funder"),
    "recipientIndividual": ("recipientind",),
    "toIndividualsDetails": (),
    "beneficiaryLocation": ("beneficiarylocations",),
    "grantProgramme": ("grantprogram", "grantprogrammes"),
    "fundingType": (),
    "classifications": ("classification",),
    "relatedDocument": ("relateddocuments",),
    "applicationTransaction": (),
    "commitmentTransaction": (),
    "disbursementTransaction": (),
    "location": (),
    "deiDetails": (),
}
_SINGLE = {"recipientIndividual", "toIndividualsDetails", "deiDetails"}
_ROOT = {
    "id": ("identifier", "grantidentifier"),
    "title": (),
    "description": (),
    "currency": (),
    "amountAppliedFor": (),
    "amountAwarded": (),
    "amountDisbursed": (),
    "awardDate": (),
    "url": (),
    "fromOpenCall": ("fromanopencall", "fromanopencall?", "fromopencall?", "opencall", "opencall?"),
    "relatedActivity": (),
    "dateModified": ("lastmodified",),
    "dataSource": (),
    "regrantType": ("forregranttype",),
    "locationScope": (),
}
_LEAVES = {
    **{name: other for name, other in _ROOT.items() if name in {"title", "description", "currency"}},
    "id": ("identifier",),
    "name": (),
    "startDate": (),
    "endDate": (),
    "duration": ("duration(months)",),
    "dateModified": ("lastmodified",),
    "department": (),
    "contactName": (),
    "charityNumber": ("charityno",),
    "companyNumber": ("companyno",),
    "streetAddress": ("address",),
    "addressLocality": ("city", "town"),
    "addressRegion": ("county",),
    "addressCountry": ("country",),
    "postalCode": ("postcode",),
    "telephone": ("phonenumber",),
    "alternateName": (),
    "email": (),
    "organisationType": ("organizationtype",),
    "url": ("webaddress", "website"),
    "countryCode": (),
    "latitude": (),
    "longitude": (),
    "geoCode": ("geographiccode",),
    "geoCodeType": ("geographiccodetype",),
    "code": (),
    "vocabulary": (),
    "documentType": (),
    "primaryGrantReason": (),
    "secondaryGrantReason": (),
    "grantPurpose": (),
    "transactionDate": (),
    "value": (),
    "valueDate": (),
    "provider": (),
    "recipient": (),
}


def _by_folded(names: dict[str, tuple[str, ...]]) -> dict[str, str]:
    return {word: name for name, others in names.items() for word in (name.casefold(), *others)}


_OBJECT_OF, _ROOT_OF, _LEAF_OF = _by_folded(_OBJECTS), _by_folded(_ROOT), _by_folded(_LEAVES)


@lru_cache(maxsize=4096)
def path_of(title: str) -> str:
    """The path that a title stands for, `recipientOrganization/0/name` say; "" for a title outside the standard."""
    parts = [_SPACES.sub("", part).casefold() for part in _SPLIT.split(title)]
    *objects, leaf = [part for part in parts if not part.isdecimal()] or [""]
    places = [int(part) for part in parts if part.isdecimal()]
    if not objects:
        name = _ROOT_OF.get(leaf, "")
        return f"{name}/{places[0]}" if name and places else name
    path = []
    for part in objects:
        name = _OBJECT_OF.get(part, "")
        if not name:
            return ""
        path.append(name if name in _SINGLE else f"{name}/{places.pop(0) if places else 0}")
    return "/".join([*path, _LEAF_OF[leaf]]) if leaf in _LEAF_OF else ""


def belongs_to(title: str) -> str:
    """The object that a title is of, even if its last part is outside the standard; "" for one of the grant's own."""
    first = _SPACES.sub("", _SPLIT.split(title, 1)[0]).casefold()
    return _OBJECT_OF.get(first, "") if _SPLIT.search(title) else ""
