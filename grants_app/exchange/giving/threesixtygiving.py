"""What is special of 360Giving files: places as boroughs, what an organisation's identifier says, short names."""

import itertools
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from grants_app import wording
from grants_app.records.lists import BOROUGHS, LONDON_WIDE, OUTSIDE
from grants_app.records.organisation import OrganisationKind

_LONDON_CODE = "E12000007"
_OUTSIDE_CODE = re.compile(r"(E0[678]|E10|[WSN]\d\d)\d{6}")
_LONDON = {"london", "greaterlondon", "londonwide", "alllondonboroughs", "londonregion"}
_COUNCIL = re.compile(r"^(the )?((london|royal) borough of|city of|corporation of) | (city |borough )?council$")
_KINDS = {
    "GB-CHC": OrganisationKind.CHARITY, "GB-SC": OrganisationKind.CHARITY, "GB-NIC": OrganisationKind.CHARITY,
    "GB-REV": OrganisationKind.CHARITY, "GB-COH": OrganisationKind.LIMITED, "GB-MPR": OrganisationKind.BENEFIT_SOCIETY,
    "GB-EDU": OrganisationKind.SCHOOL, "GB-UKPRN": OrganisationKind.SCHOOL, "GB-HESA": OrganisationKind.SCHOOL,
    "GB-IRN": OrganisationKind.SCHOOL, "GB-SCOTEDU": OrganisationKind.SCHOOL, "GB-WALEDU": OrganisationKind.SCHOOL,
    "GB-CASC": OrganisationKind.UNINCORPORATED,
    **dict.fromkeys(("GB-LAE", "GB-LAS", "GB-PLA", "GB-LANI"), OrganisationKind.PUBLIC_BODY),
    **dict.fromkeys(("GB-GOR", "GB-GOV", "GB-GOVUK", "GB-NHS"), OrganisationKind.PUBLIC_BODY),
}  # fmt: skip
_COUNCILS = {borough.org_id: borough.name for borough in BOROUGHS}
_PLACES = {
    **{b.name: {"name": b.name, "countryCode": "GB", "geoCode": b.gss, "geoCodeType": "LONB"} for b in BOROUGHS},
    LONDON_WIDE: {"name": "London", "countryCode": "GB", "geoCode": "E12000007", "geoCodeType": "RGN/GOR"},
}
_TELLING = {"name", "geoCode", "countryCode"}
_BY_CODE = {borough.gss: borough.name for borough in BOROUGHS}
_BY_NAME = {wording.folded(borough.name): borough.name for borough in BOROUGHS}


@lru_cache(maxsize=10_000)
def boroughs(cells: tuple[str, ...]) -> tuple[str, ...]:
    """The boroughs that place names, geographic codes and country codes tell; what they do not tell is left out."""
    found = {place for cell in cells for part in cell.split(";") if (place := _place(part.strip()))}
    return tuple(sorted(found))


def _place(text: str) -> str:
    if text in _BY_CODE:
        return _BY_CODE[text]
    folded = wording.folded(text)
    if text == _LONDON_CODE or folded in _LONDON:
        return LONDON_WIDE
    if _OUTSIDE_CODE.fullmatch(text) or (re.fullmatch(r"[A-Z]{2}", text) and text not in {"GB", "UK"}):
        return OUTSIDE
    return _BY_NAME.get(folded) or _BY_NAME.get(wording.folded(_COUNCIL.sub("", text.casefold())), "")


def places_of(boroughs: Iterable[str], array: str = "beneficiaryLocation/") -> dict[str, Any]:
    """The places of boroughs by path, with their codes; what is no place of the standard is left out."""
    return {
        f"{array}{place}/{name}": value
        for place, borough in enumerate(name for name in boroughs if name in _PLACES)
        for name, value in _PLACES[borough].items()
    }


def boroughs_said(wanted: Sequence[str], kept: Mapping[str, Any]) -> dict[str, Any] | None:
    """The places of a grant's boroughs by path; None where what was kept tells the same boroughs, and more of them."""
    cells = telling(kept)
    known = [name for name in boroughs(cells) if name in _PLACES]
    return None if cells and [name for name in wanted if name in _PLACES] == known else places_of(wanted)


def telling(values: Mapping[str, Any], array: str = "beneficiaryLocation/") -> tuple[str, ...]:
    """Whatever of the places of an array tells a borough."""
    return tuple([str(values[path]) for path in _tellers(tuple(values), array)])


@lru_cache(maxsize=2000)
def _tellers(paths: tuple[str, ...], array: str) -> tuple[str, ...]:
    return tuple(path for path in paths if path.startswith(array) and path.rsplit("/", 1)[1] in _TELLING)


def organisation_kind(identifier: str | None, name: str) -> OrganisationKind:
    """What sort of body it is, by the list that its identifier is of; other where that does not say."""
    if re.search(r"\b(C\.?I\.?C\.?|community interest company)$", name, re.IGNORECASE):
        return OrganisationKind.CIC
    if identifier in _COUNCILS:
        return OrganisationKind.BOROUGH
    return _KINDS.get("-".join((identifier or "").upper().split("-")[:2]), OrganisationKind.OTHER)


def council_borough(identifier: str | None) -> str | None:
    """The borough whose council has that identifier."""
    return _COUNCILS.get(identifier or "")


def short_name(name: str, code: str, taken: Collection[str]) -> str:
    """A short name for a programme that nothing else has: its code if it is one, else its initials."""
    wanted = re.sub(r"[^A-Z0-9]", "", code.upper())
    if not re.fullmatch(r"[A-Z][A-Z0-9]{1,7}", wanted):
        words = re.findall(r"[A-Za-z0-9]+", name.upper())
        initials = re.sub(r"^\d+", "", "".join(word[0] for word in words if word not in {"AND", "OF", "THE", "FOR"}))
        wanted = initials[:5] if len(initials) > 1 else re.sub(r"^\d+", "", "".join(words))[:5]
    base = wanted if len(wanted) > 1 else "IMP"
    return next(n for n in itertools.chain([base], (f"{base[:4]}{i}" for i in itertools.count(2))) if n not in taken)
