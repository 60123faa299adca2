"""Bringing a 360Giving file in: first a preview of every row, then one step that can be undone."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import select

from grants_app import wording
from grants_app.errors import Refused
from grants_app.exchange import mapping as columns
from grants_app.exchange import reading
from grants_app.exchange.import_report import check_report, write_report
from grants_app.exchange.judging import Judge, latest_step
from grants_app.exchange.matching import Known
from grants_app.exchange.previewing import ChangedGrant, Preview, Verdict
from grants_app.exchange.reading import Source, Table
from grants_app.exchange.repeats import Repeats
from grants_app.exchange.rows import RowReader
from grants_app.exchange.shapes import Progress, no_progress
from grants_app.records import Grant, Organisation, Programme
from grants_app.store import Change, Store, references

__all__ = ["Preview", "Verdict", "bring_in", "check_report", "preview", "write_report"]

_BATCH = 1000


def preview(
    store: Store,
    source: Path,
    *,
    programme: str | None = None,
    mapped: Mapping[str, columns.Mapping] | None = None,
    progress: Progress = no_progress,
) -> Preview:
    """Read a file whole and say what each row would do; stores nothing, and holds no lock.

    `programme` is the reference of the one that takes every row; else each row goes to the one it names, else to one
    named after the file. `mapped` are an officer's own mappings by sheet, in place of the suggested ones. Refused: a
    file that cannot be read or holds no table of grants.
    """
    opened = reading.open_source(source)
    found = Preview(source, opened.description, mappings=dict(mapped or {}))
    tables = [
        (table, RowReader(table.sheet.name, found.mappings[table.sheet.name])) for table in _tables(opened, found)
    ]
    repeats = Repeats()
    for table, reader in tables:
        for number, cells in table.rows():
            repeats.hear(reader.key(cells), cells, (table.sheet.name, number))
            if repeats.count % _BATCH == 0:
                progress(repeats.count, None)
    rows = (reader.read(number, cells) for table, reader in tables for number, cells in table.rows())
    with store.reading() as session:
        given = references.find(session, programme, Programme) if programme else None
        assert given is None or isinstance(given, Programme)
        Judge(session, found, _titled(source), given).judge(rows, repeats, progress)
    return found


def bring_in(store: Store, found: Preview, progress: Progress = no_progress) -> None:
    """Store what the preview says, as one step; refused if somebody changed the file since. Nothing to do: no step."""
    if not found.changes_anything:
        return
    new, changed = found.tallies[Verdict.NEW].rows, found.tallies[Verdict.CHANGED].rows
    parts = [wording.counted(new, "new grant")] if new or not changed else []
    parts += [wording.counted(changed, "changed row")] if changed else []
    with store.change(f"Import {found.source.name}: {wording.listed(parts)}", lenient=True) as session:
        if latest_step(session) != found.as_of_step:
            raise Refused("This file was changed since the import was looked at: look at it again.")
        programmes = _add_known(session, Programme, found.programmes)
        organisations = _add_known(session, Organisation, found.organisations)
        _change_organisations(session, found.organisations)
        rows = (
            {**n.values, "programme_id": programmes[n.programme], "organisation_id": organisations[n.organisation]}
            for n in found.new
        )
        session.add_many(Grant, _told(rows, len(found.new), progress))
        for batch in found.changed.batches():
            _change_grants(session, batch, programmes, organisations)


def _tables(opened: Source, found: Preview) -> Iterator[Table]:
    """The sheets that hold grants; the others are named in the preview, with the reason."""
    tables = []
    for sheet in opened.sheets:
        if sheet.name.startswith("#"):
            found.left_out.append((sheet.name, "its name starts with #, which marks notes"))
        elif sheet.hidden:
            found.left_out.append((sheet.name, "it is hidden: show it in Excel to bring it in"))
        elif sheet.name.strip().casefold() == "meta":
            found.left_out.append((sheet.name, "it describes the file, not grants"))
        elif table := reading.find_table(sheet, columns.known):
            suggested = found.mappings.get(sheet.name) or columns.suggest(table.titles)
            missing = [word for target, word in _ESSENTIAL.items() if suggested.place_of(target) is None]
            if not missing:
                found.mappings[sheet.name] = suggested
                tables.append(table)
            else:
                count = sum(1 for _ in table.rows())
                reason = f"it has no column {wording.listed(missing, 'or')}" if count else "it has headings and no rows"
                found.left_out.append(
                    (sheet.name, f"{reason}; {wording.counted(count, 'row')} not read" if count else reason)
                )
        else:
            found.left_out.append((sheet.name, "no row near its top has the column titles of grants"))
    if not tables:
        reasons = "; ".join(f"sheet “{name}”: {reason}" for name, reason in found.left_out)
        raise Refused(f"“{opened.path.name}” holds no table of grants: {reasons or 'it has no sheet'}.")
    return iter(tables)


_ESSENTIAL = {"grant.identifier": "Identifier", "grant.awarded": "Amount Awarded"}


def _add_known(session: Change, kind: type[Programme | Organisation], known: list[Known]) -> list[int]:
    """The ids of all that rows belong to; those that the file brings are added."""
    added = iter(
        session.add_many(
            kind,
            [
                k.values | ({"extra": k.values["extra"] or None} if "extra" in k.values else {})
                for k in known
                if not k.id
            ],
        )
    )
    return [k.id or next(added) for k in known]


def _change_organisations(session: Change, known: list[Known]) -> None:
    for one in known:
        if one.id and one.changes:
            record = session.get_one(Organisation, one.id)
            for name, value in one.changes.items():
                setattr(record, name, dict(value) if isinstance(value, dict) else value)


def _change_grants(session: Change, batch: list[ChangedGrant], programmes: list[int], organisations: list[int]) -> None:
    records = {r.id: r for r in session.scalars(select(Grant).where(Grant.id.in_([one.id for one in batch])))}
    for one in batch:
        record = records[one.id]
        for name, value in one.values.items():
            setattr(record, name, value)
        if one.organisation is not None:
            record.organisation_id = organisations[one.organisation]
        if one.programme is not None:
            record.programme_id = programmes[one.programme]
    session.flush()
    session.expunge_all()


def _told(rows: Iterable[dict[str, Any]], of: int, progress: Progress) -> Iterator[dict[str, Any]]:
    for done, row in enumerate(rows, 1):
        if done % _BATCH == 0:
            progress(done, of)
        yield row


def _titled(source: Path) -> str:
    """A programme's name from a file's: trafford-council.csv gives Trafford council."""
    words = wording.tidy(source.stem.replace("-", " ").replace("_", " ")) or "Imported"
    return words[0].upper() + words[1:]
