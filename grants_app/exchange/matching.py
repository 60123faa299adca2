"""Whose row it is: its programme and its organisation, among those kept and those that the file brings."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants_app import wording
from grants_app.exchange import threesixtygiving
from grants_app.exchange.rows import Row
from grants_app.records import RECORDS, Organisation, Programme
from grants_app.records.history import Counter
from grants_app.records.programme import ProgrammeStatus

_RECIPIENT = "recipientOrganization/0/"
Heard = tuple[str, Any, Any]
"""A field (or the key of a kept cell), and its values before and after."""
_folded = lru_cache(maxsize=10_000)(wording.folded)


@dataclass(slots=True)
class Known:
    """One record that rows of the file belong to: its id (0: the file brings it), values, and what the file changes."""

    id: int
    values: dict[str, Any]
    changes: dict[str, Any] = field(default_factory=dict)
    said: set[str] = field(default_factory=set)


class Organisations:
    """Finds organisations by identifier, else by name; remembers what the file says of each, first row first."""

    def __init__(self, session: Session) -> None:
        """Reads the identifiers and names of all that are kept."""
        self.session = session
        self.known: list[Known] = []
        self._places: dict[int, int] = {}
        self._by_identifier: dict[str, int] = {}
        self._by_name: dict[str, int] = {}
        self._named: dict[int, str | None] = {}
        columns = (Organisation.id, Organisation.name, Organisation.identifier)
        numbers = (Organisation.charity_number, Organisation.company_number, Organisation.ukprn)
        for id_, name, identifier, charity, company, ukprn in session.execute(select(*columns, *numbers)):
            body = Organisation(identifier=identifier, charity_number=charity, company_number=company, ukprn=ukprn)
            self._index(id_, name, body.org_id)

    def place(self, row: Row) -> tuple[int, list[Heard]]:
        """The organisation of a row, as its place in `known`, and what it changes of one that is kept.

        What the row says otherwise than earlier rows stays with its grant.
        """
        identifier, name = row.organisation.get("identifier"), row.organisation.get("name", "")
        folded = _folded(name) or name
        id_ = self._by_identifier.get(identifier or "") or self._by_name.get(folded, 0)
        if id_ and identifier and self._named[id_] not in {None, identifier}:
            id_ = 0
        if not id_:
            place = self._add(row)
            self._index(-1 - place, name, identifier)
        else:
            place = -1 - id_ if id_ < 0 else self._load(id_)
        if identifier and self._named[id_ or -1 - place] is None:
            self._index(id_ or -1 - place, name, identifier)
        return place, self._hear(self.known[place], row)

    def _add(self, row: Row) -> int:
        identifier, name = row.organisation.get("identifier"), row.organisation["name"]
        values: dict[str, Any] = {"kind": threesixtygiving.organisation_kind(identifier, name), "extra": {}}
        borough = threesixtygiving.council_borough(identifier)
        self.known.append(Known(0, {**values, **({"borough": borough} if borough else {})}))
        return len(self.known) - 1

    def _load(self, id_: int) -> int:
        if id_ not in self._places:
            record = self.session.get_one(Organisation, id_)
            values = record.copy_values()
            self.session.expunge(record)
            self._places[id_] = len(self.known)
            self.known.append(Known(id_, {**values, "extra": dict(record.extra or {})}))
        return self._places[id_]

    def _index(self, id_: int, name: str, identifier: str | None) -> None:
        self._named[id_] = identifier
        if identifier:
            self._by_identifier.setdefault(identifier, id_)
        self._by_name.setdefault(_folded(name) or name, id_)

    def _hear(self, known: Known, row: Row) -> list[Heard]:
        """The first row to say something of a field decides; what later rows say otherwise stays with their grants."""
        heard: list[Heard] = []
        for name, value in row.organisation.items():
            self._one(known, row, known.values, name, value, _path(name), heard)
        extra = known.values["extra"]
        for key, text in row.organisation_extra.items():
            if self._one(known, row, extra, key, text, key, heard):
                known.changes["extra"] = extra
        return heard

    @staticmethod
    def _one(
        known: Known, row: Row, values: dict[str, Any], name: str, value: Any, path: str, heard: list[Heard]
    ) -> bool:
        """Take in one value; whether it changed what was known."""
        before = values.get(name)
        if path in known.said:
            if before != value:
                row.extra[path] = str(value)
            return False
        known.said.add(path)
        if before == value:
            return False
        values[name] = value
        if known.id:
            heard.append((name, before, value))
            if values is known.values:
                known.changes[name] = value
        return True


@cache
def _path(name: str) -> str:
    """Where the standard has a field of the recipient."""
    return str(Organisation.fields()[name].giving) or _RECIPIENT + {"known_as": "alternateName"}.get(name, name)


class Programmes:
    """Finds programmes by name and funder; makes those that the file names and nobody keeps."""

    def __init__(self, session: Session, source: str, given: Programme | None) -> None:
        """`given` takes every row; rows that name no programme go to one named `source`."""
        self.source, self.given = source, given
        self.known: list[Known] = []
        self._by_name: dict[str, list[int]] = {}
        self._taken = {kind.prefix for kind in RECORDS}
        for prefix in session.scalars(select(Counter.prefix)):
            self._taken.add(prefix.removeprefix("programme "))
        kept: Iterable[Programme] = [given] if given else session.scalars(select(Programme).order_by(Programme.id))
        for programme in kept:
            self._taken.add(programme.reference)
            self._know(Known(programme.id, programme.copy_values()))

    def place(self, row: Row) -> int:
        """The programme of a row, as its place in `known`."""
        said = row.programme
        if self.given:
            paths = {name: Programme.fields()[name].giving for name in said}
            row.extra.update({paths[name]: str(value) for name, value in said.items()})
            return 0
        name = said.get("name") or self.source
        for place in self._by_name.get(_folded(name), []):
            if same_funder(self.known[place].values, said):
                return place
        code = threesixtygiving.short_name(name, row.code, self._taken)
        self._taken.add(code)
        funder = {key: said.get(key) for key in ("funder", "funder_identifier")}
        return self._know(Known(0, {"name": name, "code": code, "status": ProgrammeStatus.COMPLETED, **funder}))

    def _know(self, programme: Known) -> int:
        self.known.append(programme)
        self._by_name.setdefault(_folded(programme.values["name"]), []).append(len(self.known) - 1)
        return len(self.known) - 1


def same_funder(kept: dict[str, Any], said: dict[str, Any]) -> bool:
    """Whether these may be one funder: by identifier where both have one, else by name; unknown is no difference."""
    for name in ("funder_identifier", "funder"):
        mine, theirs = kept.get(name), said.get(name)
        if mine and theirs:
            return bool(_folded(mine) == _folded(theirs))
    return True
