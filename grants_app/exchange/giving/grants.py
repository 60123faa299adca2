"""What a grant says in the 360Giving Data Standard: its record's values first, then what an import kept beside them.

A value that is kept and cannot be put right for the standard is held back, and so is whatever could name a person.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import count
from typing import Any

from sqlalchemy import String, func, select, type_coerce
from sqlalchemy.orm import Session

from grants_app.exchange.giving import threesixtygiving
from grants_app.exchange.giving import values as giving_values
from grants_app.exchange.giving.paths import Part, Values, add_kept, numbered, superseded
from grants_app.exchange.giving.private import Names, names_of
from grants_app.exchange.sources.cellvalues import text_of
from grants_app.records import Grant, Organisation, Programme, Record, Theme
from grants_app.records.base import batches
from grants_app.records.grant import AWARDED, Route
from grants_app.records.history import Edit, Step
from grants_app.records.lists import LONDON_WIDE
from grants_app.records.organisation import OrganisationKind
from grants_app.store import settings
from grants_app.store.listing import Condition, Listing
from grants_app.store.settings import Publisher

CURRENCY, NOBODY = "GBP", "Individual recipient"
_ROWS = Listing(
    Grant,
    ("reference", "programme_id", "organisation_id", "title", "purpose", "themes", "boroughs", "route", "asked",
     "awarded", "decided_on", "starts", "ends", "identifier", "paid", "extra"),
    references=True,
)  # fmt: skip
_MOST_BODIES = 10_000
_OWN = (
    "id", "title", "description", "currency", "amountAppliedFor", "amountAwarded", "amountDisbursed", "awardDate",
    "plannedDates/0/startDate", "plannedDates/0/endDate", "fromOpenCall", "dateModified",
)  # fmt: skip
_SECOND = tuple(f"recipientOrganization/{place}/" for place in range(1, 10))
_OF_OTHERS = ("recipientOrganization", "recipientIndividual", "fundingOrganization", "grantProgramme")
_RECIPIENT, _PERSON = "recipientOrganization/0/", "recipientIndividual/"
_SEAT = f"{_RECIPIENT}location/"


@dataclass(kw_only=True)
class Body(Part):
    """An organisation or a programme: what it says, what of it is held back and why, and what its record has.

    `lacks`: what the standard needs of it and it does not say; known once it was looked at. `names`: a person's, which
    nothing that is published may hold.
    """

    kind: type[Record]
    id: int
    reference: str
    held: list[tuple[str, str]] = field(default_factory=list)
    lacks: tuple[str, ...] = ()
    person: bool = False
    names: Names | None = None
    prefix: str = ""
    record: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Said:
    """One grant as it goes out, and what of it is held back and why.

    `own` is what none of its `alike` says by itself: its organisation, its programme, and where nothing was kept its
    places and its themes. `merged`: all that it says, where its own stands among what they say. `made`: its identifier
    is of ours.
    """

    id: int
    reference: str
    organisation: Body
    programme: Body
    own: Values
    alike: tuple[Part, ...]
    held: Sequence[tuple[str, str]] = ()
    merged: Values | None = None
    made: bool = False

    @property
    def values(self) -> Values:
        """All that it says."""
        if self.merged is not None:
            return self.merged
        found = dict(self.own)
        for part in self.alike:
            found |= part.values
        return found


def awarded(shown: Listing) -> Listing:
    """Those grants of a list that may be published: the awarded ones, oldest first."""
    condition = Condition("status", "is", tuple(sorted(AWARDED, key=lambda status: status.value)))
    return shown.showing(where=(*shown.where, condition), sort=(("reference", False),), columns=("reference",))


class Giver:
    """Says grants a page at a time; holds the programmes, and organisations up to a bounded number."""

    def __init__(self, session: Session) -> None:
        """Reads who publishes, the programmes and the themes."""
        self.session = session
        self.publisher: Publisher = settings.publisher(session)
        themes = session.scalars(select(Theme)).all()
        self.themes = {theme.reference: theme.name for theme in themes}
        self.theme_ids = {theme.reference: theme.id for theme in themes}
        self.programmes = dict(self._programmes())
        self._bodies: dict[str, Body] = {}
        self._parts: dict[tuple[object, tuple[str, ...], int], Part] = {}

    @property
    def prefixes(self) -> list[str]:
        """Every prefix that an identifier made here may begin with."""
        found = [self.publisher.prefix, *(programme.prefix for programme in self.programmes.values())]
        return list(dict.fromkeys(prefix for prefix in found if prefix))

    def page(self, ids: Sequence[int]) -> list[Said]:
        """These grants, in their order."""
        rows = _ROWS.rows(self.session, ids)
        modified = self._modified(ids)
        bodies = self.organisations({row[3] for row in rows})
        return [self._grant(row, bodies[row[3]], modified.get(row[0])) for row in rows]

    def organisations(self, references: Collection[str]) -> Mapping[str, Body]:
        """What these organisations say, by reference."""
        missing = sorted(set(references) - self._bodies.keys())
        if len(self._bodies) + len(missing) > _MOST_BODIES:
            self._bodies = {one: body for one, body in self._bodies.items() if one in references}
        for batch in batches(missing):
            some = select(Organisation).where(Organisation.reference.in_(batch))
            for record in self.session.scalars(some).all():
                self._bodies[record.reference] = body_of(record, self.publisher.prefix)
                self.session.expunge(record)
        return self._bodies

    def _programmes(self) -> Iterator[tuple[str, Body]]:
        records = {record.id: record for record in self.session.scalars(select(Programme))}
        for record in records.values():
            parent = records.get(record.parent_id or 0, record)
            values = {
                "fundingOrganization/0/id": record.funder_identifier
                or parent.funder_identifier
                or self.publisher.identifier,
                "fundingOrganization/0/name": record.funder or parent.funder or self.publisher.name,
                "grantProgramme/0/title": record.name,
                "grantProgramme/0/code": record.code,
                "grantProgramme/0/description": record.description,
            }
            prefix = record.giving_prefix or parent.giving_prefix or self.publisher.prefix
            said = {path: value for path, value in values.items() if value}
            yield record.reference, Body(said, kind=Programme, id=record.id, reference=record.reference, prefix=prefix)

    def _modified(self, ids: Sequence[int]) -> dict[int, tuple[str, bool]]:
        """When each grant was last changed, as an instant of the standard, and whether that was its making."""
        found: dict[int, tuple[str, bool]] = {}
        moment = type_coerce(Step.at, String)  # as it stands in the file: many grants were changed at one moment
        columns = select(Edit.record_id, moment, Edit.action).join(Step, Step.id == Edit.step_id)
        for batch in batches(ids):
            about = select(func.max(Edit.id)).where(Edit.kind == Grant.__tablename__, Edit.record_id.in_(batch))
            for id_, at, action in self.session.execute(columns.where(Edit.id.in_(about.group_by(Edit.record_id)))):
                found[id_] = giving_values.read("instant", at)[0], action == "created"
        return found

    def _grant(self, row: tuple[Any, ...], body: Body, modified: tuple[str, bool] | None) -> Said:
        (id_, reference, programme_reference, _, title, purpose, themes, boroughs, route, asked, awarded, decided_on,
         starts, ends, identifier, paid, extra) = row  # fmt: skip
        programme = self.programmes[programme_reference]
        told = (
            identifier or (f"{programme.prefix}-{reference}" if programme.prefix else None), title, purpose, CURRENCY,
            None if asked is None else giving_values.number(asked),
            None if awarded is None else giving_values.number(awarded),
            giving_values.number(paid) if paid else None, decided_on, starts, ends,
            None if route is None else "Yes" if route is Route.OPEN_CALL else "No",
            modified[0] if modified and not (modified[1] and extra and "dateModified" in extra) else None,
        )  # fmt: skip
        own = {path: value for path, value in zip(_OWN, told, strict=True) if value or value == 0}
        said = Said(id_, reference, body, programme, own, (body, programme), made=not identifier)
        if extra or (programme.prefix and f"{_PERSON if body.person else _RECIPIENT}id" not in body.values):
            self._merge(said, extra or {}, boroughs, themes)
        else:
            if themes:
                said.alike = (self._alike(self._themes, themes, programme), *said.alike)
            if boroughs and (places := self._alike(_placed, boroughs, programme)).values:
                said.alike = (places, *said.alike)
        return said

    def _merge(self, said: Said, kept: Mapping[str, Any], boroughs: Sequence[str], themes: Sequence[str]) -> None:
        """Put what was kept among what the record says; what is then left as the grant's own."""
        programme, body = said.programme, said.organisation
        values = said.own | body.values
        if programme.prefix:
            values.setdefault(f"{_PERSON if body.person else _RECIPIENT}id", f"{programme.prefix}-{body.reference}")
        places = threesixtygiving.boroughs_said(boroughs, kept)
        unwanted = superseded(kept, programme.values, places=places is not None)
        said.held = add_kept(values, kept, unwanted, person=body.person)
        theirs, whose = body.values, programme.values
        values = whose | values | (places or {})
        if themes:
            values |= self._themes(themes, programme, values)
        values = numbered(values)
        said.own = {path: value for path, value in values.items() if path not in theirs and path not in whose}
        if _mixed(values, said.own, whose):
            said.merged = values

    def _alike(self, made: Callable[[tuple[str, ...], Body], Values], words: tuple[str, ...], programme: Body) -> Part:
        """What these places or themes of a programme say; made once for all grants that have the same."""
        known = self._parts.get((made, words, programme.id))
        if known is None:
            if len(self._parts) >= _MOST_BODIES:
                self._parts.clear()
            known = self._parts[made, words, programme.id] = Part(made(words, programme))
        return known

    def _themes(self, themes: Sequence[str], programme: Body, beside: Values | None = None) -> Values:
        """Themes as classifications, after those that are there already."""
        taken = {path.split("/")[1] for path in beside or () if path.startswith("classifications/")}
        free = (number for number in count() if str(number) not in taken)
        found: Values = {}
        for reference in themes:
            place = f"classifications/{next(free)}"
            found[f"{place}/vocabulary"] = f"{programme.values['grantProgramme/0/title']}: themes"
            found[f"{place}/code"] = reference
            found[f"{place}/title"] = self.themes.get(reference, reference)
        return found


def body_of(record: Organisation, prefix: str) -> Body:
    """What an organisation says as a recipient; of an individual nothing but an identifier of ours."""
    made = f"{prefix}-{record.reference}" if prefix else None
    if record.kind is OrganisationKind.INDIVIDUAL:
        own = record.identifier if record.identifier and not record.identifier.startswith("GB-") else made
        said = {f"{_PERSON}name": NOBODY, **({f"{_PERSON}id": own} if own else {})}
        names = names_of(record.name, record.known_as)
        return Body(said, kind=Organisation, id=record.id, reference=record.reference, person=True, names=names)
    had = {"identifier": record.identifier, "website": record.website, "extra": record.extra or {}}
    kept: dict[str, Any] = record.extra or {}
    address = [line for line in (record.address or "").splitlines() if line]
    parts = {
        line.strip()
        for name in ("addressLocality", "addressRegion")
        for line in str(kept.get(f"{_RECIPIENT}{name}", "")).splitlines()
    }
    own_values = {
        "id": record.org_id or made,
        "name": record.name,
        "alternateName": record.known_as,
        "charityNumber": record.charity_number,
        "companyNumber": record.company_number,
        "streetAddress": "\n".join(line for line in address if line not in parts),
        "postalCode": record.postcode,
        "url": record.website and (giving_values.read("uri", record.website)[0] or record.website),
    }
    values: Values = {f"{_RECIPIENT}{name}": value for name, value in own_values.items() if value}
    values |= _seat(record.borough, kept)
    body = Body(values, kind=Organisation, id=record.id, reference=record.reference, record=had)
    gone = (*_SECOND, _SEAT) if f"{_SEAT}0/name" in values else _SECOND
    body.held = add_kept(values, {key: text for key, text in kept.items() if not key.startswith(gone)})
    if record.kind is not OrganisationKind.OTHER:
        values.setdefault(f"{_RECIPIENT}organisationType", record.kind.value)
    return body


def _seat(borough: str | None, kept: Mapping[str, Any]) -> Values:
    """Where the recipient is: its borough, unless what was kept tells the same, or a place that is of no borough."""
    wanted = (borough,) if borough and borough != LONDON_WIDE else ()
    cells = threesixtygiving.telling(kept, _SEAT)
    known = threesixtygiving.boroughs(cells)
    return threesixtygiving.places_of(wanted, _SEAT) if not cells or (known and known != wanted) else {}


def _placed(boroughs: tuple[str, ...], _programme: Body) -> Values:
    return threesixtygiving.places_of(boroughs)


def told(said: Said) -> dict[str, Any]:
    """What a grant says, as an importer of our own file reads it back: texts by path (a list in both of its forms).

    Its boroughs stand under "boroughs".
    """
    found: dict[str, Any] = {}
    for path, value in said.values.items():
        if isinstance(value, list):
            found[path] = ";".join(value)
            found |= {f"{path}/{place}": part for place, part in enumerate(value)}
        else:
            found[" ".join(path.split())] = found[path] = text_of(value)
    found["boroughs"] = threesixtygiving.boroughs(threesixtygiving.telling(said.values))
    return found


def _mixed(values: Values, alone: Values, whose: Values) -> bool:
    """Whether what a grant says alone stands among what its organisation or its programme says, or instead of it."""
    return _any_of_others(tuple(alone)) or not whose.items() <= values.items()


@lru_cache(maxsize=2000)
def _any_of_others(paths: tuple[str, ...]) -> bool:
    return any(path.startswith(_OF_OTHERS) for path in paths)
