"""Our own complete check of what goes out as 360Giving: the schema's rules, the closed code lists, the usual notes."""

from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants_app import clock, wording
from grants_app.exchange.giving import titles
from grants_app.exchange.giving import values as giving_values
from grants_app.exchange.giving.facts import GEO_CODE_TYPES, LIKELY_GEO_CODE_TYPES, ORGANISATION_LISTS, sort_of
from grants_app.exchange.giving.grants import Body, Fault, Giver, Said, awarded
from grants_app.exchange.shapes import Progress, no_progress
from grants_app.records import Grant, Organisation, Programme
from grants_app.store.listing import Listing

PAGE, MOST_FAULTS, LONGEST_TITLE = 1000, 20_000, 140
_RECIPIENT, _PERSON, _FUNDER = "recipientOrganization/0/", "recipientIndividual/", "fundingOrganization/0/"
_NEEDED = {
    "id": "It has no identifier, and its programme has no 360Giving prefix to make one with",
    "title": "Title is missing",
    "description": "Purpose is missing: the standard needs a description",
    "amountAwarded": "The amount awarded is missing",
    "awardDate": "The date of the award is missing",
}


@dataclass(slots=True)
class Found:
    """What the check found: how many grants may go out, which cannot as they are, and every fault and note.

    `others`: grants of the list that are not awarded, which are never published. `more`: faults beyond those that are
    kept. `paths`: every path that something is said at, in the order of the standard's template.
    """

    grants: int = 0
    others: int = 0
    stopped: "array[int]" = field(default_factory=lambda: array("q"))
    faults: list[Fault] = field(default_factory=list)
    more: int = 0
    paths: list[str] = field(default_factory=list)

    @property
    def sound(self) -> int:
        """How many grants can go out as they are."""
        return self.grants - len(self.stopped)

    @property
    def extensions(self) -> list[str]:
        """The extensions that the file has to declare."""
        return ["dei"] if any(path.startswith("deiDetails/") for path in self.paths) else []

    def add(self, fault: Fault) -> None:
        """Keep a fault, or only count it where there are very many; notes leave room for what stops."""
        if len(self.faults) < (MOST_FAULTS if fault.stops else MOST_FAULTS // 2):
            self.faults.append(fault)
        else:
            self.more += 1


def check(session: Session, shown: Listing, progress: Progress = no_progress) -> Found:
    """Look at every grant of the list that may be published, and write nothing; `progress` may raise Cancelled."""
    found = Found()
    for _ in sound(session, shown, found, progress):
        pass
    return found


def sound(session: Session, shown: Listing, found: Found, progress: Progress = no_progress) -> Iterator[Said]:
    """The grants of a list that can go out, oldest first, while what is found of all of them goes into `found`."""
    giver = Giver(session)
    checker = Checker(giver)
    ids = awarded(shown).ids(session)
    found.grants, found.others = len(ids), shown.count(session) - len(ids)
    paths: set[str] = set()
    for fault in _of_the_file(giver):
        found.add(fault)
    for start in range(0, len(ids), PAGE):
        for said in giver.page(ids[start : start + PAGE]):
            paths.update(said.values)
            faults, stops = checker.look(said)
            for fault in faults:
                found.add(fault)
            if stops:
                found.stopped.append(said.id)
            else:
                yield said
        progress(min(start + PAGE, len(ids)), len(ids))
    found.paths = sorted(paths, key=titles.order_of)


class Checker:
    """Looks at grants one after another; remembers identifiers, and of whom it has told what is wrong."""

    def __init__(self, giver: Giver) -> None:
        """Nothing seen yet."""
        self.giver, self.today = giver, clock.today()
        self._seen: set[int] = set()
        self._bodies: dict[tuple[type, int], bool] = {}
        self._checks: dict[str, Callable[[Any], str] | None] = {}

    def look(self, said: Said) -> tuple[list[Fault], bool]:
        """What is wrong with one grant, and whether it cannot go out; of its organisation it is told only once."""
        faults = [*self._misfits(said), *self._own(said)]
        stops = any(fault.stops for fault in faults)
        if said.held:
            faults += [_of_grant(said, path, why, stops=False) for path, why in said.held]
        for kind, body, look in (
            (Organisation, said.organisation, self._organisation),
            (Programme, said.programme, self._programme),
        ):
            known = self._bodies.get((kind, body.id))
            if known is None:
                about = list(look(body, said))
                known = self._bodies[kind, body.id] = any(fault.stops for fault in about)
                faults += about
            stops = stops or known
        return faults, stops

    def _misfits(self, said: Said) -> Iterator[Fault]:
        """Values that are not of the sort that the standard wants; ours are made to fit, so that none is expected."""
        for path, value in said.own.items():
            try:
                check = self._checks[path]
            except KeyError:
                check = self._checks[path] = giving_values.FITS.get(sort_of(path))
            if check is not None:
                why = check(value)
                if why:
                    yield _of_grant(said, path, why)

    def _own(self, said: Said) -> Iterator[Fault]:
        """What is wrong with what the grant itself says."""
        values = said.values
        for path, words in _NEEDED.items():
            if path not in values:
                yield _of_grant(said, path, words)
        if identifier := values.get("id"):
            yield from self._identifier(said, identifier)
        title, description = values.get("title", ""), values.get("description", "")
        for path, text in (("title", title), ("description", description)):
            if what := giving_values.personal(text):
                yield _of_grant(said, path, f"{titles.title_of(path)} holds {what}: take it out")
        if len(title) > LONGEST_TITLE:
            yield _of_grant(
                said, "title", f"Title has {len(title)} characters: up to {LONGEST_TITLE} are read well", stops=False
            )
        if description and len(description) < len(title) + 10 and wording.folded(title) == wording.folded(description):
            yield _of_grant(said, "description", "The description says the same as the title", stops=False)
        yield from self._figures(said)
        yield from _places(said)

    def _identifier(self, said: Said, identifier: str) -> Iterator[Fault]:
        if hash(identifier) in self._seen:
            yield _of_grant(said, "id", f"Another grant of this list has the identifier “{identifier}” too")
        self._seen.add(hash(identifier))
        if not identifier.isprintable():
            yield _of_grant(said, "id", "The identifier holds a line break: a grant so called is lost to readers")
        elif " " in identifier or "/" in identifier:
            yield _of_grant(said, "id", "The identifier holds a space or a slash: others may misread it", stops=False)

    def _figures(self, said: Said) -> Iterator[Fault]:
        values = said.values
        amount, day = values.get("amountAwarded"), values.get("awardDate")
        if amount is not None and amount <= 0:
            yield _of_grant(said, "amountAwarded", f"The amount awarded is {_pounds(amount)}", stops=False)
        if day is not None and day > self.today:
            yield _of_grant(
                said, "awardDate", f"The date of the award is in the future: {wording.date_text(day)}", stops=False
            )
        starts, ends = values.get("plannedDates/0/startDate"), values.get("plannedDates/0/endDate")
        if starts is None and ends is None and "plannedDates/0/duration" not in values:
            yield _of_grant(said, "plannedDates/0/startDate", "It has no planned dates", stops=False)
        elif isinstance(starts, date) and isinstance(ends, date) and ends < starts:
            yield _of_grant(said, "plannedDates/0/endDate", "It is to end before it starts", stops=False)

    def _organisation(self, body: Body, said: Said) -> Iterator[Fault]:
        """What is wrong with the recipient."""

        def fault(path: str, sentence: str, *, stops: bool = True) -> Fault:
            return Fault(Organisation, body.id, body.reference, path, sentence, stops)

        values, base = said.values, _PERSON if body.person else _RECIPIENT
        if not values.get(f"{base}id"):
            yield fault(f"{base}id", "It has no identifier, and there is no 360Giving prefix to make one with")
        for path, value in body.values.items():
            check = giving_values.FITS.get(sort_of(path))
            if check and (why := check(value)):
                yield fault(path, why)
        for path, why in body.held:
            yield fault(path, why, stops=False)
        if body.person:
            return
        if what := giving_values.personal(values[f"{base}name"]):
            yield fault(f"{base}name", f"Its name holds {what}: take it out")
        yield from self._recommended(body, values, fault)

    def _recommended(self, body: Body, values: dict[str, Any], fault: Callable[..., Fault]) -> Iterator[Fault]:
        """What the standard's usefulness notes ask of a recipient."""
        identifier = values.get(f"{_RECIPIENT}id", "")
        known = identifier.startswith(ORGANISATION_LISTS)
        numbered = f"{_RECIPIENT}charityNumber" in values or f"{_RECIPIENT}companyNumber" in values
        if not numbered and not known:
            yield fault(f"{_RECIPIENT}charityNumber", "It has no charity or company number", stops=False)
        ours = tuple(self.giver.prefixes)
        if identifier and not known and not identifier.startswith(("360G-", *ours)):
            yield fault(
                f"{_RECIPIENT}id", f"Identifier “{identifier}” is of no list that org-id.guide has", stops=False
            )
        if f"{_RECIPIENT}postalCode" not in values:
            yield fault(f"{_RECIPIENT}postalCode", "It has no postcode", stops=False)

    def _programme(self, body: Body, said: Said) -> Iterator[Fault]:
        """What is wrong with the funder and the programme."""
        for path, words in ((f"{_FUNDER}id", "funder identifier"), (f"{_FUNDER}name", "funder")):
            if path not in said.values:
                yield Fault(Programme, body.id, body.reference, path, f"It has no {words}")
        for path in ("grantProgramme/0/title", "grantProgramme/0/description"):
            if what := giving_values.personal(body.values.get(path, "")):
                yield Fault(Programme, body.id, body.reference, path, f"It holds {what}: take it out")


def first_named(session: Session, found: Found, most: int = 3) -> str:
    """The first grants that cannot go out, by reference, for a sentence."""
    some = session.scalars(
        select(Grant.reference).where(Grant.id.in_(found.stopped[:most].tolist())).order_by(Grant.id)
    )
    named = list(some)
    more = len(found.stopped) - len(named)
    return wording.listed([*named, f"{more:,} more"] if more else named)


def _of_the_file(giver: Giver) -> Iterator[Fault]:
    """What is missing of the publisher."""
    publisher = giver.publisher
    if not publisher.name:
        yield Fault(None, 0, "", "publisher/name", "Who publishes is not said", stops=False)
    if not publisher.licence:
        yield Fault(None, 0, "", "license", "No licence is named: others may not use the data without one", stops=False)


def _places(said: Said) -> Iterator[Fault]:
    values = said.own
    names = [path for path in values if path.startswith("beneficiaryLocation/")]
    if not names:
        yield _of_grant(said, "beneficiaryLocation/0/name", "It names no place that benefits", stops=False)
        return
    if not any(path.endswith("/geoCode") for path in names):
        yield _of_grant(said, "beneficiaryLocation/0/geoCode", "Its places have no geographic codes", stops=False)
    for path in names:
        if path.endswith("/geoCodeType") and values[path] not in GEO_CODE_TYPES:
            likely = LIKELY_GEO_CODE_TYPES.get(values[path].upper())
            hint = f": {likely}?" if likely else ""
            yield _of_grant(
                said, path, f"“{values[path]}” is not a type of code that the standard lists{hint}", stops=False
            )


def _of_grant(said: Said, path: str, sentence: str, *, stops: bool = True) -> Fault:
    return Fault(Grant, said.id, said.reference, path, sentence, stops)


def _pounds(amount: float) -> str:
    return f"£{amount:,}" if amount >= 0 else f"−£{-amount:,}"
