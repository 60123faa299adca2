"""Bringing a 360Giving file in: first a preview of every row, then one step that can be undone."""

from collections.abc import Iterable, Iterator
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
from grants_app.exchange.plan import Clashing, Plan, TablePlan
from grants_app.exchange.previewing import ChangedGrant, Clash, Likeness, Preview, TableFound, Verdict
from grants_app.exchange.reading import Source, Table
from grants_app.exchange.repeats import Repeats
from grants_app.exchange.rows import RowReader
from grants_app.exchange.shapes import Progress, no_progress
from grants_app.records import Grant, Organisation, Programme
from grants_app.store import Change, Store, references

__all__ = [
    "Clash",
    "Clashing",
    "Likeness",
    "Plan",
    "Preview",
    "TableFound",
    "TablePlan",
    "Verdict",
    "bring_in",
    "check_report",
    "preview",
    "write_report",
]

_BATCH = 1000


def preview(
    store: Store,
    source: Path | Source,
    plan: Plan | None = None,
    *,
    progress: Progress = no_progress,
) -> Preview:
    """Read a file (or rows opened as one) whole and say what each row would do; stores nothing, and holds no lock.

    `plan` is what the officer decided; all else goes as suggested. Refused: a file that cannot be read or holds no
    table of records.
    """
    opened = source if isinstance(source, Source) else reading.open_source(source)
    plan = plan or Plan()
    programme = plan.programme
    found = Preview(opened.path, opened.description, plan)
    tables = [(table, RowReader(table.sheet.name, mapping)) for table, mapping in _tables(opened, found)]
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
        Judge(session, found, _titled(opened.path), given).judge(rows, repeats, progress)
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


def _tables(opened: Source, found: Preview) -> Iterator[tuple[Table, columns.Mapping]]:
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
            decided = found.plan.of(sheet.name)
            suggested = columns.suggest(table.titles).changed(decided.targets)
            about = TableFound(sheet.name, sheet.name, table.header, "grant", ("grant",), suggested, giving=True)
            if decided.left_out:
                about.left_out = True
                found.tables.append(about)
                continue
            missing = [word for target, word in _ESSENTIAL.items() if suggested.place_of(target) is None]
            if not missing:
                found.tables.append(about)
                found.plan = found.plan.with_table(sheet.name, TablePlan(False, "grant", suggested.targets))
                tables.append((table, suggested))
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
