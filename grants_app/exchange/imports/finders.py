"""What finds the records of a file: what is special of organisations, programmes and grants; else as `matching`."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import SimpleNamespace
from typing import Any, cast

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from grants_app import wording
from grants_app.exchange.giving import threesixtygiving
from grants_app.exchange.imports.gathered import Known
from grants_app.exchange.imports.identifying import Identifying
from grants_app.exchange.imports.mapping import CALLED
from grants_app.exchange.imports.matching import Finder, fold, order
from grants_app.exchange.imports.plan import likeness_key
from grants_app.exchange.imports.readings import Reading
from grants_app.exchange.imports.rows import Row, Said
from grants_app.records import RECORDS, Contact, Grant, Organisation, Programme, Record
from grants_app.records.history import Counter
from grants_app.records.programme import ProgrammeStatus

NUMBERS = ("identifier", "charity_number", "company_number", "ukprn")
"""The fields of an organisation of which one value is one organisation."""
_WHERE = ("postcode", "borough")


@dataclass(slots=True)
class Effect:
    """What one row does to one record; done only if nothing of the row is at fault."""

    finder: Finder
    values: dict[str, Any]
    links: dict[str, int]
    known: Known | None = None
    stored: dict[str, Any] | None = None
    moves: bool = True
    number: int = 0

    @property
    def moved(self) -> dict[str, int]:
        """The links that a kept record takes from it: not a programme that its row does not name."""
        return self.links if self.moves else {name: to for name, to in self.links.items() if name != "programme_id"}


class Organisations(Finder):
    """Finds organisations by identifier or number, else by name; two that differ in identifier are never one."""

    def __init__(self, session: Session, kind: type[Record], *, shared: bool, linked: bool) -> None:
        """Reads the identifiers and names of all that are kept."""
        super().__init__(session, kind, shared=shared, linked=linked)
        self.answers: Mapping[str, str] = {}
        self.told: Mapping[str, str] = {}  # those answers that are of this file
        self.agreed: frozenset[str] = frozenset()
        self._by_identifier: dict[str, int] = {}
        self._by_name: dict[str, int] = {}
        self._identifier_of: dict[int, str | None] = {}
        columns = [Organisation.id, Organisation.name, *(Organisation.column(name) for name in NUMBERS)]
        for id_, name, *numbers in session.execute(select(*columns).order_by(Organisation.id)):
            self._index(id_, name, dict(zip(NUMBERS, numbers, strict=True)))

    def _index(self, token: int, name: str, values: Mapping[str, Any]) -> None:
        identifiers = identifiers_of(values)
        self._identifier_of[token] = identifiers[0] if identifiers else None
        for identifier in identifiers:
            self._by_identifier.setdefault(identifier, token)
        folded = fold(name) or name
        first = self._by_name.setdefault(folded, token)
        if first != token and token not in self._several.setdefault(folded, [first]):
            self._several[folded].append(token)

    def _token(self, values: Mapping[str, Any]) -> int:
        """Which organisation, kept or brought, a row means; 0 for a new one."""
        for identifier in (identifiers := identifiers_of(values)):
            token = self._by_identifier.get(identifier)
            if token and not self._is_another(token, values):
                return token
        for token in self._nearest(values):
            if self._is_another(token, values):
                continue
            return 0 if identifiers and self._identifier_of[token] not in {None, *identifiers} else token
        return 0

    def _is_another(self, token: int, values: Mapping[str, Any]) -> bool:
        """Whether a row of a list means another than the one that an earlier row had, of that name or number.

        It does where the name differs, or the place of two that have no number in common.
        """
        if not self.leading or token not in self._spoken or self._agreed(values):
            return False
        known = self.present(self.known[self._places[token]])
        if fold(values.get("name") or "") != fold(known.values.get("name") or ""):
            return True
        return not set(identifiers_of(values)) & set(identifiers_of(known.values)) and known.says_otherwise(
            values, _WHERE
        )

    def _agreed(self, values: Mapping[str, Any]) -> bool:
        """Whether the officer said that rows of that name are one, however often a list has them."""
        return bool(self.agreed) and fold(values.get("name") or "") in self.agreed

    def is_named(self, name: str) -> bool:
        """Whether one, kept or brought, goes by that name (folded)."""
        return name in self._by_name

    def only_new(self, name: str) -> bool:
        """Whether one that the file brings goes by that name (folded), and no other."""
        return self._by_name.get(name, 0) < 0 and name not in self._several

    def _named(self, values: Mapping[str, Any]) -> Sequence[int]:
        name = values.get("name") or ""
        folded = fold(name) or name
        first = self._by_name.get(folded)
        return () if first is None else self._several.get(folded) or (first,)

    def _nearest(self, values: Mapping[str, Any]) -> Sequence[int]:
        """Those of that name; on a list of organisations those first that stand where the row says."""
        named = self._named(values)
        return sorted(named, key=lambda token: self._elsewhere(token, values)) if self.leading and named[1:] else named

    def _elsewhere(self, token: int, values: Mapping[str, Any]) -> bool:
        """Whether one, kept or brought, is known to stand in another place than the row says."""
        if token in self._places:
            return self.present(self.known[self._places[token]]).says_otherwise(values, _WHERE)
        return token in self._stored and Known.kept(self._stored[token]).says_otherwise(values, _WHERE)

    def alike(self, values: Mapping[str, Any]) -> Sequence[int]:
        """Those that a row may mean by the name alone; none where it means one of them, or gives more than a name."""
        found = () if self.leading or values.get("reference") or values.get(CALLED) else self._named(values)
        return () if len(found) < 2 or identifiers_of(values) else found

    def mark_mentioned(self, token: int) -> None:
        """On a list of organisations the next of that name may be another."""
        if self.leading:
            self._spoken.add(token)

    def prefetch(self, items: Sequence[tuple[Row, dict[str, Any], dict[str, int]]]) -> None:
        """Read at once the kept ones that a batch is about."""
        super().prefetch([item for item in items if item[0].kept_as or item[1].get("reference")])
        if self.any_kept:
            self._load(Organisation.reference, self._answers(items))
            tokens = {self._token(values) for _, values, _ in items}
            if self.leading:
                tokens.update(token for _, values, _ in items for token in self._named(values))
            self._load(Organisation.id, {token for token in tokens if token > 0} - self._stored.keys())

    def match(
        self, row: Row, values: dict[str, Any], links: dict[str, int], *, take: bool = True
    ) -> dict[str, Any] | None:
        """The kept one, by the officer's answer too."""
        if not self.any_kept:
            return None
        if row.kept_as or values.get("reference"):
            found = super().match(row, {"reference": values.get("reference"), "identifier": "-"}, links, take=take)
            if found:
                return found
        token, said = self._token(values), self._meant(values)
        if (token <= 0 or token == said) and (meant := self._stored.get(said)):
            if take:
                values["name"] = meant["name"]  # the same one, so what it is called here stays
            return meant
        return self._stored.get(token) if token > 0 else None

    def _answers(self, items: Sequence[tuple[Row, dict[str, Any], dict[str, int]]]) -> set[str]:
        """The references that the officer said the names of a batch mean."""
        names = {values.get("name") or "" for _, values, _ in items} if self.answers else set()
        return {answer for name in names if (answer := self.answers.get(likeness_key(self.name, name)))}

    def _meant(self, values: Mapping[str, Any]) -> int:
        """The kept one that the officer said a name means; 0 without an answer.

        What was said of an earlier file does not make one of two that differ in identifier.
        """
        if not self.answers:
            return 0
        key = likeness_key(self.name, values.get("name") or "")
        token = self._references.get(self.answers.get(key, ""), 0)
        given = identifiers_of(values) if token and key not in self.told else ()
        return 0 if given and self._identifier_of.get(token) not in {None, *given} else token

    def found_before(self, values: dict[str, Any], links: dict[str, int]) -> Known | None:
        """The one that earlier rows brought or spoke of."""
        for key in ("reference", CALLED):
            if values.get(key) and (token := self._by_key.get((key, values[key]))):
                return self.present(self.known[self._places[token]])
        token = self._token(values)
        place, said = self._places.get(token), self._meant(values)
        if place is None and token <= 0:
            place = self._places.get(said)
        if place is None:
            return None
        known = self.present(self.known[place])
        if said == known.token:
            values["name"] = known.values["name"]
        return known

    def remember_names(self, token: int, values: dict[str, Any], links: dict[str, int]) -> None:
        """Remember by what other rows may mean it."""
        for key in ("reference", CALLED):
            if values.get(key):
                self._by_key.setdefault((key, values[key]), token)
        if token < 0 or self._identifier_of.get(token) is None:
            self._index(token, values.get("name") or "", values)
        self.add_aliases(token, values)

    def identified(self, known: Known, values: Mapping[str, Any]) -> None:
        """A later row gives an identifier to one that had none."""
        if self._identifier_of.get(known.token) is None and identifiers_of(values):
            self._index(known.token, known.values.get("name") or "", values)


class Programmes(Finder):
    """Finds programmes by short name, else by name and funder; makes those that the file names and nobody keeps."""

    def __init__(self, session: Session, kind: type[Record], *, shared: bool, linked: bool) -> None:
        """All that are kept are known at once."""
        super().__init__(session, kind, shared=shared, linked=linked)
        self._by_name: dict[str, list[int]] = {}
        self._codes: dict[str, int] = {}
        self.taken = {kind.prefix for kind in RECORDS}
        for prefix in session.scalars(select(Counter.prefix)):
            self.taken.add(prefix.removeprefix("programme "))
        for programme in session.execute(self.columns().order_by(Programme.id)).mappings():
            self.taken.add(programme["reference"])
            self._stored[programme["id"]] = dict(programme)
            self.gather(Known(programme["id"], dict(programme)), dict(programme), {})

    def prefetch(self, items: Sequence[tuple[Row, dict[str, Any], dict[str, int]]]) -> None:
        """Nothing: all are known."""

    def put_away(self) -> None:
        """Nothing: all are at hand."""

    def match(
        self, row: Row, values: dict[str, Any], links: dict[str, int], *, take: bool = True
    ) -> dict[str, Any] | None:
        """The kept one."""
        known = self.found_before(values, links)
        return self._stored.get(known.token) if known and known.token > 0 else None

    def found_before(self, values: dict[str, Any], links: dict[str, int]) -> Known | None:
        """The one of that short name, else of that name and funder, kept or brought."""
        for name in ("reference", "code"):
            if token := self._codes.get(values.get(name) or ""):
                return self.known[self._places[token]]
        for token in self._by_name.get(fold(values.get("name") or ""), []):
            known = self.known[self._places[token]]
            if same_funder(known.values, values):
                return known
        return None

    def remember_names(self, token: int, values: dict[str, Any], links: dict[str, int]) -> None:
        """Remember by what other rows may mean it."""
        self._by_name.setdefault(fold(values.get("name") or ""), []).append(token)
        for name in ("reference", "code"):
            if values.get(name):
                self._codes.setdefault(values[name], token)
        self.add_aliases(token, values)

    def make(self, values: Mapping[str, Any], code: str, *, giving: bool) -> dict[str, Any]:
        """What a programme that the file brings is stored with: a short name that nothing else has."""
        wanted = str(values.get("code") or code)
        short = threesixtygiving.short_name(str(values.get("name") or ""), wanted, self.taken)
        self.taken.add(short)
        status = {"status": ProgrammeStatus.COMPLETED} if giving and not values.get("status") else {}
        return {**values, "code": short, **status}

    def only(self) -> int:
        """The token of the only programme there is; 0 for none or several."""
        return self.known[0].token if len(self.known) == 1 else 0


class Grants(Identifying):
    """Finds grants by identifier and funder; in the programme that takes every row, by identifier alone."""

    def __init__(self, session: Session, kind: type[Record], *, shared: bool, linked: bool) -> None:
        """Knows no funder yet."""
        super().__init__(session, kind, shared=shared, linked=linked)
        self._funders: dict[int, dict[str, Any]] = {}

    def found_before(self, values: dict[str, Any], links: dict[str, int]) -> Known | None:
        """The one that earlier rows brought or spoke of, if it may be of the same funder."""
        known, identifier = super().found_before(values, links), values.get("identifier")
        if known is None or self.given or not identifier or values.get("reference") or values.get(CALLED):
            return known
        tokens = self._several.get(("identifier", identifier)) or [known.token]
        token = next((one for one in tokens if same_funder(self._funders.get(one, {}), self.said)), 0)
        return self.present(self.known[self._places[token]]) if token else None

    def remember_names(self, token: int, values: dict[str, Any], links: dict[str, int]) -> None:
        """Remember of which funder it is, too."""
        key = "identifier", values.get("identifier")
        first = self._by_key.get(key, token)
        super().remember_names(token, values, links)
        if not (self.shared and key[1]):
            return
        if funder := {name: self.said[name] for name in ("funder_identifier", "funder") if self.said.get(name)}:
            self._funders[token] = funder
        if first != token:
            self._several.setdefault(key, [first]).append(token)

    def columns(self) -> Select[Any]:
        """With the funder's name and identifier."""
        funder = (Programme.funder.label("funder"), Programme.funder_identifier.label("funder_identifier"))
        return super().columns().add_columns(*funder).join(Programme, Programme.id == Grant.programme_id)

    def _by_identity(self, row: Row, values: dict[str, Any]) -> dict[str, Any] | None:
        for id_ in self._identities.get(values["identifier"], ()):
            if self._may_be(stored := self._stored[id_], row):
                return stored
        return None

    def _may_be(self, stored: Mapping[str, Any], row: Row) -> bool:
        if self.given:
            return bool(stored["programme_id"] == self.given)
        return same_funder(stored, row.values.get("programme", {}))


def same_funder(kept: Mapping[str, Any], said: Mapping[str, Any]) -> bool:
    """Whether these may be one funder: by identifier where both have one, else by name; unknown is no difference."""
    for name in ("funder_identifier", "funder"):
        mine, theirs = kept.get(name), said.get(name)
        if mine and theirs:
            return bool(fold(mine) == fold(theirs))
    return True


def finder_of(session: Session, kind: type[Record], *, shared: bool, linked: bool) -> Finder:
    """What finds the records of a kind."""
    special: dict[type[Record], type[Finder]] = {Organisation: Organisations, Programme: Programmes, Grant: Grants}
    return special.get(kind, Finder)(session, kind, shared=shared, linked=linked)


def finders_of(session: Session, readings: Sequence[Reading]) -> dict[str, Finder]:
    """One for each kind that the file holds, and for programmes, which rows may need without naming them.

    Several rows may be about one organisation or programme, one record of a kind that others link to, one that tables
    of other columns hold, and a contact beside something else.
    """
    held = {kind for reading in readings for kind in reading.kinds} | {Programme}
    columns: dict[type[Record], set[frozenset[str]]] = {}
    for reading in readings:
        for kind in reading.kinds:
            columns.setdefault(kind, set()).add(frozenset([reading.main.__tablename__, *reading.reader.titles]))
    shared = {Organisation, Programme} | {kind for kind, sets in columns.items() if len(sets) > 1}
    shared |= {reading.main for reading in readings if reading.shared}
    shared |= {kind for kind in held if any(kind.__tablename__ in reading.parents for reading in readings)}
    if any(Contact in reading.kinds and reading.main is not Contact for reading in readings):
        shared |= {Contact}
    linked = any(reading.reader.links for reading in readings)
    finders = {
        kind.__tablename__: finder_of(session, kind, shared=kind in shared, linked=linked)
        for kind in order()
        if kind in held
    }
    if isinstance(grants := finders.get("grant"), Grants):
        grants.tables = sum(Grant in reading.kinds for reading in readings)
    return finders


def amended(numbered: Sequence[Effect], row: Row) -> None:
    """Numbered payments of a day are those that their grant has on it and the row no longer names, where as many."""
    taken = {effect.stored["id"] for effect in numbered if effect.stored} | {
        effect.known.id for effect in numbered if effect.known
    }
    days: dict[Hashable, list[tuple[Effect, tuple[Hashable, ...]]]] = {}
    for effect in numbered:
        if effect.known is None and effect.stored is None:
            key = effect.finder.key_of(effect.values, effect.links)
            days.setdefault(key[:2], []).append((effect, key))
    for effects in days.values():
        kept = effects[0][0].finder.beside(effects[0][1], "due", taken)
        for place, (effect, key) in enumerate(effects):
            if len(kept) == len(effects):
                effect.stored = kept[place]
                taken.add(kept[place]["id"])
            elif moved := taken and effect.finder.beside(key, "amount", taken):
                day = wording.date_text(moved[0]["due"])
                words = f"{moved[0]['reference']} of the same amount, due {day}, is not on this row and stays"
                row.notes.append(Said("", f"{words}: if that is the new one, change its date instead"))


def identifiers_of(values: Mapping[str, Any]) -> list[str]:
    """The identifiers that a row gives an organisation, by the register that each number is of."""
    found = [values["identifier"]] if values.get("identifier") else []
    made = [one for name in NUMBERS[1:] if (number := values.get(name)) and (one := _identifier(name, number))]
    return found + made


@lru_cache(maxsize=10_000)
def _identifier(name: str, number: str) -> str | None:
    numbers = dict.fromkeys(NUMBERS, None) | {name: number}
    return cast("str | None", Organisation.org_id.fget(SimpleNamespace(**numbers)))  # type: ignore[attr-defined]
