"""Knowing our own 360Giving files again: what an export of ours says of a grant that is kept changes nothing there."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants_app.exchange.giving.grants import Giver, Said, told
from grants_app.exchange.imports.rows import Row
from grants_app.records import Grant, Organisation
from grants_app.records.base import batches

_RECIPIENT, _PERSON = "recipientOrganization/0/", "recipientIndividual/"


class Ours:
    """Takes out of the rows of a file what we would say ourselves of the grants that they are about.

    Identifiers of our own making become references; what is worked out from the record (when it was changed, places of
    its boroughs, a repaired address) is dropped where it is what an export of today says.
    """

    def __init__(self, session: Session) -> None:
        """Reads who publishes, and the programmes."""
        self.session, self.giver = session, Giver(session)
        self._prefixes = tuple(f"{prefix}-" for prefix in self.giver.prefixes)

    def strip(self, rows: Sequence[Row]) -> None:
        """Look at a batch of rows, and change them in place."""
        about = [row for row in rows if row.values.get("grant")]
        self._organisations(about)
        said = self._said(about)
        for row in about:
            for one in said.get(row.values["grant"].get("identifier", ""), ()):
                funder = row.values.get("programme", {}).get("funder_identifier")
                if funder in {None, one.values.get("fundingOrganization/0/id")}:
                    _strip(row, one)
                    break

    def _references(self, identifier: str | None) -> Iterator[str]:
        """What the identifier may have been made of."""
        for prefix in self._prefixes:
            if identifier and identifier.startswith(prefix):
                yield identifier.removeprefix(prefix)

    def _said(self, rows: Sequence[Row]) -> dict[str, list[Said]]:
        """What we say of the kept grants that these rows may be about, by identifier."""
        identifiers = sorted({row.values["grant"].get("identifier") or "" for row in rows} - {""})
        references = sorted({reference for one in identifiers for reference in self._references(one)})
        ids: list[int] = []
        for column, wanted in ((Grant.identifier, identifiers), (Grant.reference, references)):
            for batch in batches(wanted):
                ids += self.session.scalars(select(Grant.id).where(column.in_(batch)))
        found: dict[str, list[Said]] = {}
        for said in self.giver.page(sorted(set(ids))):
            found.setdefault(said.values.get("id", ""), []).append(said)
        return found

    def _organisations(self, rows: Sequence[Row]) -> None:
        """An organisation's identifier of our making becomes its reference."""
        wanted: dict[str, list[dict[str, Any]]] = {}
        for row in rows:
            values = row.values.get("organisation") or {}
            for reference in self._references(values.get("identifier")):
                wanted.setdefault(reference, []).append(values)
        listed = sorted(wanted)
        for batch in batches(listed):
            some = select(Organisation).where(Organisation.reference.in_(batch))
            for record in self.session.scalars(some).all():
                for values in wanted[record.reference] if record.identifier is None else ():
                    del values["identifier"]
                    values["reference"] = record.reference
                self.session.expunge(record)


def _strip(row: Row, said: Said) -> None:
    """Take out of one row what we say ourselves, and no record holds."""
    ours, body = told(said), said.organisation
    for key in [key for key, text in row.extra.items() if ours.get(key) == text]:
        del row.extra[key]
    grant, organisation = row.values["grant"], row.values.get("organisation") or {}
    if said.made:
        del grant["identifier"]
        grant["reference"] = said.reference
    if tuple(grant.get("boroughs") or ()) == ours["boroughs"]:
        grant.pop("boroughs", None)
    if body.person:
        if organisation.get("name") == ours[f"{_PERSON}name"]:
            organisation.clear()
            organisation["reference"] = body.reference
        return
    had = body.record["extra"]
    for key in [key for key, text in row.organisation_extra.items() if ours.get(key) == text and had.get(key) != text]:
        del row.organisation_extra[key]
    for name, path in (("identifier", f"{_RECIPIENT}id"), ("website", f"{_RECIPIENT}url")):
        if name in organisation and organisation[name] == ours.get(path) != body.record[name]:
            del organisation[name]
            organisation["reference"] = body.reference
