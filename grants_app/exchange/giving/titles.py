"""Column titles of the 360Giving Data Standard, both ways: one path for each title, one official title for each path.

Matching forgives case, spaces of every sort, underscores and usual synonyms, and takes machine paths too. Titles are
those of the official template, version 1.4 (CC BY 4.0, 360Giving).
"""

import re
from collections.abc import Collection
from functools import lru_cache

_SPLIT = re.compile(r"[:/]")
_SPACES = re.compile(r"[\s\u00a0\u2007\u202f_]+")

_OBJECTS = {
    "plannedDates": ("Planned Dates", "planneddate"),
    "actualDates": ("Actual Dates", "actualdate"),
    "recipientIndividual": ("Recipient Ind",),
    "toIndividualsDetails": ("To Individuals Details",),
    "recipientOrganization": ("Recipient Org", "recipientorganisation", "recipientorganisations"),
    "location": ("Location",),
    "beneficiaryLocation": ("Beneficiary Location", "beneficiarylocations"),
    "fundingOrganization": ("Funding Org", "fundingorganisation", "funder"),
    "grantProgramme": ("Grant Programme", "grantprogram", "grantprogrammes"),
    "fundingType": ("Funding Type",),
    "classifications": ("Classifications", "classification"),
    "relatedDocument": ("Related Document", "relateddocuments"),
    "applicationTransaction": ("",),
    "commitmentTransaction": ("",),
    "disbursementTransaction": ("",),
    "deiDetails": ("",),
}
"""Each object's title ("" where the template has none), and other names of it in files."""
_SINGLE = {"recipientIndividual", "toIndividualsDetails", "deiDetails"}
_ROOT = {
    "id": ("Identifier", "grantidentifier"),
    "title": ("Title",),
    "description": ("Description",),
    "currency": ("Currency",),
    "amountAppliedFor": ("Amount Applied For",),
    "amountAwarded": ("Amount Awarded",),
    "amountDisbursed": ("Amount Disbursed",),
    "awardDate": ("Award Date",),
    "url": ("URL",),
    "fromOpenCall": ("From An Open Call?", "fromanopencall", "fromopencall?", "opencall", "opencall?"),
    "relatedActivity": ("Related Activity",),
    "dateModified": ("Last Modified",),
    "dataSource": ("Data Source",),
    "regrantType": ("For Regrant Type",),
    "locationScope": ("Location Scope",),
}
_LEAVES = {
    **{name: _ROOT[name] for name in ("title", "description", "currency")},
    "id": ("Identifier",),
    "name": ("Name",),
    "startDate": ("Start Date",),
    "endDate": ("End Date",),
    "duration": ("Duration (months)",),
    "dateModified": ("Last Modified",),
    "department": ("Department",),
    "contactName": ("Contact Name",),
    "charityNumber": ("Charity Number", "charityno"),
    "companyNumber": ("Company Number", "companyno"),
    "streetAddress": ("Street Address", "address"),
    "addressLocality": ("City", "town"),
    "addressRegion": ("County",),
    "addressCountry": ("Country",),
    "postalCode": ("Postal Code", "postcode"),
    "telephone": ("Phone Number",),
    "alternateName": ("Alternate Name",),
    "email": ("Email",),
    "organisationType": ("Organisation Type", "organizationtype"),
    "url": ("URL", "webaddress", "website"),
    "countryCode": ("Country Code",),
    "latitude": ("Latitude",),
    "longitude": ("Longitude",),
    "geoCode": ("Geographic Code",),
    "geoCodeType": ("Geographic Code Type",),
    "vocabulary": ("Vocabulary",),
    "code": ("Code",),
    "documentType": ("Document Type",),
    "primaryGrantReason": ("Primary Grant Reason",),
    "secondaryGrantReason": ("Secondary Grant Reason",),
    "grantPurpose": ("Grant Purpose",),
    "transactionDate": ("",),
    "value": ("",),
    "valueDate": ("",),
    "provider": ("",),
    "recipient": ("",),
}
_WEB_ADDRESS = {"recipientOrganization", "fundingOrganization", "relatedDocument"}
"""Whose `url` is called Web Address; that of all else is called URL."""
_ORDER = {
    name: place
    for place, name in enumerate(
        ("id", "title", "description", "currency", "amountAppliedFor", "amountAwarded", "amountDisbursed", "awardDate",
         "url", *_OBJECTS, "fromOpenCall", "relatedActivity", "dateModified", "dataSource", "regrantType",
         "locationScope")
    )
}  # fmt: skip
_LEAF_ORDER = {name: place for place, name in enumerate(("id", "name", *_LEAVES, "location"))}


def _by_folded(names: dict[str, tuple[str, ...]]) -> dict[str, str]:
    """Each way to write a name, folded; blank titles are of no column."""
    return {
        word: name
        for name, others in names.items()
        for word in (name.casefold(), *(_SPACES.sub("", other).casefold() for other in others))
        if word
    }


_OBJECT_OF, _ROOT_OF, _LEAF_OF = _by_folded(_OBJECTS), _by_folded(_ROOT), _by_folded(_LEAVES)

_TAKEN = {
    _SPACES.sub("", word).casefold()
    for name, (title, *_) in _OBJECTS.items()
    for word in (name, title)
    if name != "location"
} - {""}


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


def title_of(path: str, numbered: Collection[str] = ()) -> str:
    """The official title of a path; the path itself where the standard has no title for it.

    Arrays in `numbered` (as `beneficiaryLocation`, or `recipientOrganization/location`) have several items: the
    item's number goes into the title. Any other array's first item goes without.
    """
    *objects, leaf = [part for part in path.split("/") if not part.isdecimal()]
    if not objects:
        return _ROOT.get(leaf, (path,))[0] if "/" not in path else path
    told = "Web Address" if leaf == "url" and objects[-1] in _WEB_ADDRESS else _LEAVES.get(leaf, ("",))[0]
    titles = [_OBJECTS.get(name, ("",))[0] for name in objects]
    if not told or not all(titles):
        return path
    array, parts = "", []
    for part in path.split("/")[:-1]:
        if part.isdecimal():
            parts += [part] if array in numbered else []
        else:
            array = f"{array}/{part}" if array else part
            parts.append(_OBJECTS[part][0])
    return ":".join([*parts, told])


def order_of(path: str) -> tuple[int, int, tuple[int, ...], int, str]:
    """What sorts paths as the official template has them; what is outside the standard stands last, by its name."""
    parts = path.split("/")
    places = tuple(int(part) for part in parts if part.isdecimal())
    if not path_of(path) or parts[0] not in _ORDER:
        return 1, 0, (), 0, path
    return 0, _ORDER[parts[0]], places, _LEAF_ORDER.get(parts[-1], 0), path


def is_object(title: str) -> bool:
    """Whether it is the bare name of an object of a grant, which no column outside the standard may be called."""
    return _SPACES.sub("", title).casefold() in _TAKEN


def belongs_to(title: str) -> str:
    """The object that a title is of, even if its last part is outside the standard; "" for one of the grant's own."""
    first = _SPACES.sub("", _SPLIT.split(title, 1)[0]).casefold()
    return _OBJECT_OF.get(first, "") if _SPLIT.search(title) else ""
