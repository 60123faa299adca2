"""The second pass of an import: each row against what is kept, cell by cell and pound for pound."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import islice
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from grants_app import clock
from grants_app.exchange.matching import Known, Organisations, Programmes, same_funder
from grants_app.exchange.previewing import CellChange, ChangedGrant, NewGrant, Preview, Remark, Verdict
from grants_app.exchange.repeats import Repeats
from grants_app.exchange.rows import Row
from grants_app.exchange.shapes import Progress
from grants_app.records import Grant, Organisation, Programme, Record
from grants_app.records.grant import Status
from grants_app.records.history import Step

_BATCH = 1000
Kept = dict[str, list[dict[str, Any]]]


class Judge:
    """Gives rows their verdicts and fills a preview with them."""

    def __init__(self, session: Session, found: Preview, named: str, given: Programme | None) -> None:
        """`named` is the programme of rows that name none; `given` takes every row."""
        self.session, self.found, self.given, self.today = session, found, given, clock.today()
        self.organisations = Organisations(session)
        self.programmes = Programmes(session, named, given)
        found.as_of_step = latest_step(session)
        found.organisations, found.programmes = self.organisations.known, self.programmes.known

    def judge(self, rows: Iterator[Row], repeats: Repeats, progress: Progress) -> None:
        """Give every row its verdict, and reckon the totals before and after; `repeats` has heard the same rows."""
        statement = select(func.count(), func.sum(Grant.awarded)).select_from(Grant)
        count, pounds = self.session.execute(statement).one()
        for tally in (self.found.before, self.found.after):
            tally.rows, tally.pounds = count, pounds or Decimal("0.00")
        faulty, done = repeats.verdicts(), 0
        while batch := list(islice(rows, _BATCH)):
            kept = self._kept(batch)
            for row in batch:
                if done in faulty:
                    row.faults.append(faulty[done])
                self._row(row, kept)
                done += 1
            progress(done, repeats.count)

    def _row(self, row: Row, kept: Kept) -> None:
        found = self.found
        for note in row.notes:
            found.note(Remark(row.sheet, row.number, note.column, note.message))
        if row.faults:
            found.tallies[Verdict.FAULTY].add(row.pounds)
            found.faults.extend(Remark(row.sheet, row.number, fault.column, fault.message) for fault in row.faults)
            return
        programme = self.programmes.place(row)
        organisation, about = self.organisations.place(row)
        stored = self._match(row, kept)
        if stored is None:
            self._new(row, programme, organisation)
        else:
            self._known(row, stored, programme, organisation, changed=bool(about))
        whose = self.organisations.known[organisation].values["name"]
        for name, old, new in about:
            found.changes.append(CellChange(row.sheet, row.number, whose, *_shown(Organisation, name, old, new)))

    def _new(self, row: Row, programme: int, organisation: int) -> None:
        ends = row.grant.get("ends")
        status = Status.COMPLETED if ends and ends < self.today else Status.ACTIVE
        values = {**row.grant, "status": status, "extra": row.extra or None}
        self.found.new.append(NewGrant(row.sheet, row.number, values, organisation, programme))
        self.found.tallies[Verdict.NEW].add(row.pounds)
        self.found.after.add(row.pounds)

    def _known(self, row: Row, stored: dict[str, Any], programme: int, organisation: int, *, changed: bool) -> None:
        """Compare with the kept grant; a blank cell of the file changes nothing."""
        values = {name: value for name, value in row.grant.items() if value not in {None, ()} and stored[name] != value}
        changes = [_shown(Grant, name, stored[name], value) for name, value in values.items()]
        extra = stored["extra"] or {}
        other = {key: text for key, text in row.extra.items() if extra.get(key) != text}
        if other:
            values["extra"] = {**extra, **other}
            changes += [_shown(Grant, key, extra.get(key), text) for key, text in other.items()]
        moves = dict(
            _moves(
                stored, organisation=self.organisations.known[organisation], programme=self.programmes.known[programme]
            )
        )
        changes += moves.values()
        if changes:
            places = (organisation if "organisation" in moves else None, programme if "programme" in moves else None)
            self.found.changed.append(ChangedGrant(stored["id"], values, *places))
        for change in changes:
            self.found.changes.append(CellChange(row.sheet, row.number, stored["reference"], *change))
        verdict = Verdict.CHANGED if changes or changed else Verdict.UNCHANGED
        self.found.tallies[verdict].add(row.pounds)
        if "awarded" in values:
            self.found.after.pounds += values["awarded"] - (stored["awarded"] or 0)

    def _match(self, row: Row, kept: Kept) -> dict[str, Any] | None:
        """The kept grant of that identifier: in the programme given, else of the same funder."""
        for stored in kept.get(row.grant["identifier"], []):
            if stored["programme_id"] == self.given.id if self.given else same_funder(stored, row.programme):
                return stored
        return None

    def _kept(self, batch: Iterable[Row]) -> Kept:
        """The kept grants with the identifiers of a batch, as plain values."""
        wanted = sorted({row.grant["identifier"] for row in batch if row.grant.get("identifier")})
        found: Kept = {}
        for start in range(0, len(wanted), 500):
            some = _stored().where(Grant.identifier.in_(wanted[start : start + 500])).order_by(Grant.id)
            for values in self.session.execute(some).mappings():
                found.setdefault(values["identifier"], []).append(dict(values))
        return found


def latest_step(session: Session) -> int:
    """The id of the newest step in the history."""
    return session.scalar(select(func.max(Step.id))) or 0


def _stored() -> Select[Any]:
    columns = [Grant.id, Grant.reference, *(Grant.column(name) for name in Grant.fields())]
    named = [Programme.funder, Programme.funder_identifier, Programme.name.label("programme")]
    statement = select(*columns, *named, Organisation.name.label("organisation"))
    statement = statement.join(Programme, Programme.id == Grant.programme_id)
    return statement.join(Organisation, Organisation.id == Grant.organisation_id)


def _moves(stored: dict[str, Any], **places: Known) -> Iterator[tuple[str, tuple[str, str, str]]]:
    """The links that the file changes: a grant under another organisation or programme."""
    for name, known in places.items():
        if known.id != stored[f"{name}_id"]:
            yield name, (f"Grant: {name.capitalize()}", stored[name], known.values["name"])


def _shown(kind: type[Record], name: str, before: Any, after: Any) -> tuple[str, str, str]:
    """A change as officers read it: the field's label (or a kept column's title), and both values."""
    field = kind.fields().get(name)
    if field is None:
        return name, str(before or ""), str(after)
    return f"{kind.noun}: {field.label}", field.text(before), field.text(after)
