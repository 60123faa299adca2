"""Our own complete check of what goes out as 360Giving: the schema's rules, the closed code lists, the usual notes."""

from collections.abc import Callable, Iterator
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants_app import clock, wording
from grants_app.exchange.giving import accuracy, private, standard
from grants_app.exchange.giving import values as giving_values
from grants_app.exchange.giving.findings import Fault, Found
from grants_app.exchange.giving.grants import Body, Giver, Said, awarded
from grants_app.exchange.giving.paths import Part, Values
from grants_app.exchange.giving.standard import GEO_CODE_TYPES, LIKELY_GEO_CODE_TYPES, ORGANISATION_LISTS, sort_of
from grants_app.exchange.shapes import Progress
from grants_app.records import Grant, Record, Theme
from grants_app.records.base import batches
from grants_app.store.driver import no_progress
from grants_app.store.listing import Listing

PAGE, LONGEST_TITLE = 1000, 140
_RECIPIENT, _PERSON, _FUNDER = "recipientOrganization/0/", "recipientIndividual/", "fundingOrganization/0/"
_NEEDED = {
    "id": ("It has no identifier, and its programme has no 360Giving prefix to make one with", "identifier"),
    "title": ("Title is missing", "title"),
    "description": ("Purpose is missing: the standard needs a description", "description"),
    "amountAwarded": ("The amount awarded is missing", "amount awarded"),
    "awardDate": ("The date of the award is missing", "date of the award"),
}
_PREFIXED = "360G-"
_CALLED = {"alternateName": "other name", "streetAddress": "address", "url": "website", "organisationType": "kind"}
_NO_IDENTIFIER = "It has no identifier, and there is no 360Giving prefix to make one with", "identifier"
_NEEDED_OF: dict[str, tuple[str, str]] = {
    f"{_RECIPIENT}id": _NO_IDENTIFIER,
    f"{_PERSON}id": _NO_IDENTIFIER,
    f"{_FUNDER}id": ("It has no funder identifier", "funder identifier"),
    f"{_FUNDER}name": ("It has no funder", "funder"),
}


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
    for fault in _of_the_file(giver):
        found.add(fault)
    done = 0
    for batch in batches(ids, PAGE):
        for said in giver.page(batch):
            faults, stops = checker.look(said)
            for fault in faults:
                found.add(fault)
            if stops:
                found.stopped.append(said.id)
            else:
                yield said
        done += len(batch)
        progress(done, len(ids))
    found.paths = sorted(checker.paths, key=standard.order_of)
    if beside := found.beside:
        also = wording.listed([f"“{path}”" for path in beside])
        words = f"Also publishes: {also}, which {'is' if len(beside) == 1 else 'are'} outside the standard"
        found.add(Fault(None, 0, "", beside[0], words, words, stops=False))


class Checker:
    """Looks at grants one after another; remembers identifiers, and of whom it has told what is wrong.

    `paths`: every path that something was said at.
    """

    def __init__(self, giver: Giver) -> None:
        """Nothing seen yet."""
        self.giver, self.today = giver, clock.today()
        self.paths: set[str] = set()
        self._seen: set[int] = set()
        self._told: set[tuple[type[Record], int, str]] = set()
        named = ((reference, giving_values.personal(name)) for reference, name in giver.themes.items())
        self._themes = {reference: what for reference, what in named if what}

    def look(self, said: Said) -> tuple[list[Fault], bool]:
        """What is wrong with one grant, and whether it cannot go out; of its organisation it is told only once."""
        faults = [_misfit(said, path, why) for path, why in _misfits(said.own)]
        self._own(said, faults)
        named, themed = self._named(said, faults), self._themed(said, faults)
        stops = named or themed or any(fault.stops for fault in faults)
        faults += [_held(said, path, why) for path, why in said.held]
        self.paths.update(said.own)
        for part in said.alike:
            if part.stops is None:
                self.paths.update(part.values)
                part.stops = self._first_look(part, said, faults)
            if part.stops and not isinstance(part, Body):
                faults += [_misfit(said, path, why) for path, why in _misfits(part.values)]
            stops = stops or part.stops
        lacks = [(body, path) for body in (said.organisation, said.programme) for path in body.lacks]
        for body, path in lacks:
            if path not in said.values:
                stops = True
                self._lack(body, path, faults)
        return faults, stops

    def _first_look(self, part: Part, said: Said, faults: list[Fault]) -> bool:
        """Whether what several grants say alike stops them; what is wrong with a body is told, unless it was before."""
        if not isinstance(part, Body):
            return any(_misfits(part.values))
        if part is said.organisation:
            needed: tuple[str, ...] = (f"{_PERSON if part.person else _RECIPIENT}id",)
            about = list(self._organisation(part, said.values))
        else:
            needed = (f"{_FUNDER}id", f"{_FUNDER}name")
            about = list(self._programme(part))
        part.lacks = tuple(path for path in needed if path not in part.values)
        if self._is_new(part, ""):
            faults += about
        return any(fault.stops for fault in about)

    def _lack(self, body: Body, path: str, faults: list[Fault]) -> None:
        if self._is_new(body, path):
            words, what = _NEEDED_OF[path]
            faults.append(_of_body(body, path, words, f"has|have no {what}"))

    def _is_new(self, body: Body, about: str) -> bool:
        """Whether this was not told of it yet."""
        key = body.kind, body.id, about
        known = key in self._told
        self._told.add(key)
        return not known

    def _own(self, said: Said, faults: list[Fault]) -> None:
        """What is wrong with what the grant itself says."""
        values = said.own
        if not _NEEDED.keys() <= values.keys():
            for path in [path for path in _NEEDED if path not in values]:
                words, what = _NEEDED[path]
                faults.append(_of_grant(said, path, words, f"has|have no {what}"))
        self._identifier(said, faults)
        title, description = values.get("title", ""), values.get("description", "")
        for path, text in (("title", title), ("description", description)):
            if what := giving_values.personal(text):
                words, rule = f"{path.capitalize()} holds {what}: take it out", f"has|have {what} in the {path}"
                faults.append(_of_grant(said, path, words, rule))
        if len(title) > LONGEST_TITLE:
            words = f"Title has {len(title)} characters: up to {LONGEST_TITLE} are read well"
            rule = f"has|have a title of more than {LONGEST_TITLE} characters"
            faults.append(_of_grant(said, "title", words, rule, stops=False))
        if description and len(description) < len(title) + 10 and wording.folded(title) == wording.folded(description):
            words, rule = "The description says the same as the title", "says|say the same in title and description"
            faults.append(_of_grant(said, "description", words, rule, stops=False))
        self._figures(said, faults)
        if "beneficiaryLocation/0/name" not in said.alike[0].values:  # else they are places of ours, with their codes
            faults += _places(said)

    def _named(self, said: Said, faults: list[Fault]) -> bool:
        """Whether something that it says, or its programme, holds the name of the person who gets it."""
        names, programme = said.organisation.names, said.programme
        if names is None:
            return False
        paths = [path for path, value in said.values.items() if names.stand_in(value)]
        for path in paths:
            title, whose = standard.title_of(path), "the name of the person who gets the grant"
            words, rule = f"{title} holds {whose}: take it out", f"has|have {whose} in {title}"
            if path in said.own or path not in programme.values:
                faults.append(_of_grant(said, path, words, rule))
            elif self._is_new(programme, f"name {path}"):
                faults.append(_of_body(programme, path, words, rule))
        return bool(paths)

    def _themed(self, said: Said, faults: list[Fault]) -> bool:
        """Whether a theme of it is called by somebody's contact details."""
        if not self._themes:
            return False
        found = False
        for values in (said.own, *(part.values for part in said.alike if not isinstance(part, Body))):
            for path in _of_themes(tuple(values)):
                reference = values.get(path, "")
                if reference in self._themes:
                    found, what, id_ = True, self._themes[reference], self.giver.theme_ids[reference]
                    words, rule = f"Its name holds {what}: take it out", f"has|have {what} in the name"
                    if (Theme, id_, "") not in self._told:
                        faults.append(Fault(Theme, id_, reference, "name", words, rule))
                    self._told.add((Theme, id_, ""))
        return found

    def _identifier(self, said: Said, faults: list[Fault]) -> None:
        identifier = said.own.get("id")
        if identifier is None:
            return
        seen = hash(identifier)
        if seen in self._seen:
            words = f"Another grant of this list has the identifier “{identifier}” too"
            faults.append(_of_grant(said, "id", words, "has|have an identifier that an earlier grant has too"))
        self._seen.add(seen)
        if not identifier.isprintable():
            words = "The identifier holds a line break: a grant so called is lost to readers"
            faults.append(_of_grant(said, "id", words, "has|have a line break in the identifier"))
        elif " " in identifier or "/" in identifier:
            words = "The identifier holds a space or a slash: others may misread it"
            faults.append(_of_grant(said, "id", words, "has|have a space or a slash in the identifier", stops=False))
        if not identifier.startswith(_PREFIXED):
            words = f"The identifier “{identifier}” begins with no 360Giving prefix: others may have the same"
            faults.append(
                _of_grant(said, "id", words, "has|have an identifier without a 360Giving prefix", stops=False)
            )

    def _figures(self, said: Said, faults: list[Fault]) -> None:
        def note(path: str, sentence: str, rule: str) -> None:
            faults.append(_of_grant(said, path, sentence, rule, stops=False))

        values = said.own
        amount, day = values.get("amountAwarded"), values.get("awardDate")
        if amount is not None and amount <= 0:
            note("amountAwarded", f"The amount awarded is {_pounds(amount)}", "was|were awarded nothing, or less")
        if day is not None and day > self.today:
            words = f"The date of the award is in the future: {wording.date_text(day)}"
            note("awardDate", words, "has|have a date of the award in the future")
        starts, ends = values.get("plannedDates/0/startDate"), values.get("plannedDates/0/endDate")
        if starts is None and ends is None and "plannedDates/0/duration" not in values:
            note("plannedDates/0/startDate", "It has no planned dates", "has|have no planned dates")
        elif isinstance(starts, date) and isinstance(ends, date) and ends < starts:
            note("plannedDates/0/endDate", "It is to end before it starts", "is|are to end before the start")

    def _organisation(self, body: Body, values: Values) -> Iterator[Fault]:
        """What is wrong with the recipient."""
        for path, why in _misfits(body.values):
            yield _misfit(body, path, why)
        for path, why in body.held:
            yield _held(body, path, why)
        if body.person:
            return
        for path, what in private.details(body.values):
            name = path.rsplit("/", 1)[-1]
            word = _CALLED.get(name, name)
            yield _of_body(body, path, f"Its {word} holds {what}: take it out", f"has|have {what} as {word}")
        yield from self._recommended(body, values)

    def _recommended(self, body: Body, values: Values) -> Iterator[Fault]:
        """What the standard's usefulness notes ask of a recipient."""
        identifier = values.get(f"{_RECIPIENT}id", "")
        known = identifier.startswith(ORGANISATION_LISTS)
        numbered = f"{_RECIPIENT}charityNumber" in values or f"{_RECIPIENT}companyNumber" in values
        if not numbered and not known:
            words, path = "no charity or company number", f"{_RECIPIENT}charityNumber"
            yield _of_body(body, path, f"It has {words}", f"has|have {words}", stops=False)
        ours = tuple(self.giver.prefixes)
        if identifier and not known and not identifier.startswith(("360G-", *ours)):
            words, rule = f"Identifier “{identifier}” is", "has|have an identifier"
            of_none = "of no list that org-id.guide has"
            yield _of_body(body, f"{_RECIPIENT}id", f"{words} {of_none}", f"{rule} {of_none}", stops=False)
        yield from _misspelt(body, f"{_RECIPIENT}id", identifier)
        postcode = values.get(f"{_RECIPIENT}postalCode", "")
        if postcode and accuracy.odd_postcode(postcode, values.get(f"{_RECIPIENT}addressCountry", "")):
            words, rule = f"“{postcode}” is unlike any postcode", "has|have a postcode that is unlike any"
            yield _of_body(body, f"{_RECIPIENT}postalCode", words, rule, stops=False)
        if not postcode and f"{_RECIPIENT}location/0/geoCode" not in values:
            yield _of_body(body, f"{_RECIPIENT}postalCode", "It has no postcode", "has|have no postcode", stops=False)

    def _programme(self, body: Body) -> Iterator[Fault]:
        """What is wrong with the programme."""
        for path, what in private.details(body.values):
            rule = f"has|have {what} in the {path.rsplit('/', 1)[1]}"
            yield _of_body(body, path, f"It holds {what}: take it out", rule)
        yield from _misspelt(body, f"{_FUNDER}id", body.values.get(f"{_FUNDER}id", ""))


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
    for said, path, words in (
        (publisher.name, "publisher/name", "Who publishes is not said"),
        (publisher.licence, "license", "No licence is named: others may not use the data without one"),
    ):
        if not said:
            yield Fault(None, 0, "", path, words, words, stops=False)


def _misfits(values: Values) -> list[tuple[str, str]]:
    """Values that are not of the sort that the standard wants; ours are made to fit, so that none is expected."""
    checks = _checks(tuple(values))
    return [
        (path, why)
        for (path, value), (at_once, fits) in zip(values.items(), checks, strict=True)
        if not (value and value.__class__ is at_once) and fits is not None and (why := fits(value))
    ]


@lru_cache(maxsize=2000)
def _checks(paths: tuple[str, ...]) -> tuple[tuple[type | None, Callable[[Any], str] | None], ...]:
    """For each path the type that fits at once unless it is blank, and what looks at any other value."""
    sorts = map(sort_of, paths)
    return tuple((giving_values.FITS_AT_ONCE.get(sort), giving_values.FITS.get(sort)) for sort in sorts)


def _places(said: Said) -> Iterator[Fault]:
    """What is wrong with places that were kept, or that there is none."""
    values = said.own
    names = _of_places(tuple(values))
    if not names:
        words = "no place that benefits"
        yield _of_grant(said, "beneficiaryLocation/0/name", f"It names {words}", f"names|name {words}", stops=False)
        return
    if not any(path.endswith("/geoCode") for path in names):
        words, rule = "Its places have no geographic codes", "has|have places without geographic codes"
        yield _of_grant(said, "beneficiaryLocation/0/geoCode", words, rule, stops=False)
    for path in names:
        if path.endswith("/geoCodeType") and values[path] not in GEO_CODE_TYPES:
            likely = LIKELY_GEO_CODE_TYPES.get(values[path].upper())
            hint = f": {likely}?" if likely else ""
            what = "a type of code that the standard lists"
            words, rule = (
                f"“{values[path]}” is not {what}{hint}",
                "has|have a type of code that the standard does not list",
            )
            yield _of_grant(said, path, words, rule, stops=False)


def _misspelt(body: Body, path: str, identifier: str) -> Iterator[Fault]:
    """That an organisation's identifier is not written as its list writes them."""
    if how := accuracy.misspelt(identifier):
        words, rule = f"Identifier “{identifier}”: {how}", "has|have an identifier unlike those of its list"
        yield _of_body(body, path, words, rule, stops=False)


@lru_cache(maxsize=2000)
def _of_themes(paths: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(path for path in paths if path.startswith("classifications/") and path.endswith("/code"))


@lru_cache(maxsize=2000)
def _of_places(paths: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(path for path in paths if path.startswith("beneficiaryLocation/"))


def _of_grant(said: Said, path: str, sentence: str, rule: str, *, stops: bool = True) -> Fault:
    return Fault(Grant, said.id, said.reference, path, sentence, rule, stops)


def _of_body(body: Body, path: str, sentence: str, rule: str, *, stops: bool = True) -> Fault:
    return Fault(body.kind, body.id, body.reference, path, sentence, rule, stops)


def _misfit(whose: Said | Body, path: str, why: str) -> Fault:
    kind = whose.kind if isinstance(whose, Body) else Grant
    rule = f"has|have something in {standard.title_of(path)} that the standard cannot take"
    return Fault(kind, whose.id, whose.reference, path, why, rule)


def _held(whose: Said | Body, path: str, why: str) -> Fault:
    kind = whose.kind if isinstance(whose, Body) else Grant
    rule = f"has|have something in {standard.title_of(path)} that is left out of the file"
    return Fault(kind, whose.id, whose.reference, path, why, rule, stops=False)


def _pounds(amount: float) -> str:
    return f"£{amount:,}" if amount >= 0 else f"−£{-amount:,}"
