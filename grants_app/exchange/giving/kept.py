"""What an import kept beside a grant or an organisation, as it goes out again under the paths of the standard."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from grants_app import wording
from grants_app.exchange.giving import titles
from grants_app.exchange.giving import values as giving_values
from grants_app.exchange.giving.facts import LISTS, sort_of
from grants_app.exchange.giving.packing import Values
from grants_app.exchange.sources.cellvalues import text_of
from grants_app.records.organisation import POSTCODE

_PERSONAL = {"contactName", "email", "telephone"}
CODED = {"id", "charityNumber", "companyNumber", "postalCode", "geoCode", "geoCodeType", "code"}
"""Last names of paths whose values are codes, which may look like a telephone number."""


def superseded(kept: Mapping[str, Any], programme: Values, *, places: bool) -> tuple[str, ...]:
    """Beginnings of paths that what was kept has no say in, since the record tells otherwise."""
    found = ["beneficiaryLocation/"] if places else []
    for array, name in (("grantProgramme/0/", "title"), ("fundingOrganization/0/", "name")):
        other = kept.get(f"{array}{name}")
        if other and wording.folded(str(other)) != wording.folded(programme.get(f"{array}{name}", "")):
            found.append(array)
    return tuple(found)


def keep(
    values: Values, kept: Mapping[str, Any], unwanted: tuple[str, ...] = (), *, person: bool = False
) -> list[tuple[str, str]]:
    """Put what was kept among the values, where they do not say it already; what is held back, and why."""
    held: list[tuple[str, str]] = []
    lists: dict[str, list[str]] = {}
    other = "recipientOrganization" if person else "recipientIndividual"
    diverse = False
    for (key, raw), (path, sort, owner, scanned, barred) in zip(kept.items(), _manners(tuple(kept)), strict=True):
        diverse = diverse or owner == "deiDetails"
        if path in values or barred or owner == other or (unwanted and key.startswith(unwanted)):
            continue
        text = raw if raw.__class__ is str else text_of(raw)
        if sort in LISTS:
            lists.setdefault(path, []).append(text)
            continue
        value, why = giving_values.read(sort, text) if sort not in {"", "text"} else (text, "")
        if scanned and not why and (what := giving_values.personal(text)):
            why = f"It holds {what}"
        if person and path.endswith("geoCode") and POSTCODE.fullmatch(text.upper()):
            why = "A postcode tells where a person lives"
        if why:
            held.append((path, f"{why}: left out of the file"))
        else:
            values[path] = value
    for path, texts in lists.items():
        words, why = giving_values.words_in(sort_of(path), texts)
        if words:
            values[path] = words
        if why:
            held.append((path, f"{why}: left out of the file"))
    return held + _whole_dei(values) if diverse else held


def _whole_dei(values: Values) -> list[tuple[str, str]]:
    """Take out what is told of diversity where it is not told in full, as the extension has it."""
    told_of = [path for path in values if path.startswith("deiDetails/")]
    if not told_of or all(f"deiDetails/{area}/askedStatus" in values for area in ("leadership", "mission", "project")):
        return []
    for path in told_of:
        del values[path]
    return [("deiDetails", "It needs an asked status for leadership, mission and project: left out of the file")]


def numbered(values: Values) -> Values:
    """The same with the items of each array numbered without a gap."""
    if not _any_later(tuple(values)):
        return values
    taken: dict[str, set[int]] = {}
    for path in values:
        for array, place in _places(path):
            taken.setdefault(array, set()).add(place)
    if all(max(places) == len(places) - 1 for places in taken.values()):
        return values
    anew = {array: {old: new for new, old in enumerate(sorted(places))} for array, places in taken.items()}
    found: Values = {}
    for path, value in values.items():
        parts = path.split("/")
        for array, place in _places(path):
            parts[array.count("/") + 1] = str(anew[array][place])
        found["/".join(parts)] = value
    return found


@lru_cache(maxsize=2000)
def _any_later(paths: tuple[str, ...]) -> bool:
    """Whether one is of an array's second item, or of a later one."""
    return any(place > 0 for path in paths for _, place in _places(path))


@lru_cache(maxsize=20_000)
def _places(path: str) -> tuple[tuple[str, int], ...]:
    """The arrays of a path of the standard, each with the item's number."""
    if not sort_of(path):
        return ()
    parts = path.split("/")
    return tuple(("/".join(parts[:at]), int(part)) for at, part in enumerate(parts) if part.isdecimal())


@lru_cache(maxsize=2000)
def _manners(keys: tuple[str, ...]) -> tuple[tuple[str, str, str, bool, bool], ...]:
    return tuple(map(_manner, keys))


@lru_cache(maxsize=20_000)
def _manner(key: str) -> tuple[str, str, str, bool, bool]:
    """How what was kept under a key goes out: path, sort, object that it is of, whether to look for a person in it.

    At last whether it stays here: a person's details, or a name that the standard has for something else.
    """
    sort, leaf, owner = sort_of(key), key.rsplit("/", 1)[-1], titles.belongs_to(key)
    path = key.rsplit("/", 1)[0] if sort in LISTS and leaf.isdecimal() else key
    known = (titles.path_of(key) or key).rsplit("/", 1)[-1]
    person = known in _PERSONAL and owner in {"recipientOrganization", "fundingOrganization"}
    return path, sort, owner, sort in {"", "text", "uri"} and leaf not in CODED, person or titles.is_object(key)
