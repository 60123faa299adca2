"""Writing grants as 360Giving, checked before anything is written: a JSON package, a workbook with Meta, or CSV."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from grants_app import clock, wording
from grants_app.errors import Refused
from grants_app.exchange import files, separated, workbook
from grants_app.exchange.cells import LONGEST_TEXT
from grants_app.exchange.giving import giving_check, standard
from grants_app.exchange.giving import values as giving_values
from grants_app.exchange.giving.findings import Found
from grants_app.exchange.giving.giving_check import PAGE
from grants_app.exchange.giving.grants import Giver, Said, awarded
from grants_app.exchange.giving.paths import encode, members
from grants_app.exchange.giving.standard import bare, sort_of
from grants_app.exchange.shapes import Column, Progress, Sheet
from grants_app.exchange.spool import seldom_swept
from grants_app.records import Kind, Programme
from grants_app.records.base import batches
from grants_app.store import Store, settings
from grants_app.store.driver import no_progress
from grants_app.store.listing import Listing

VERSION, ENDINGS = "1.4", (".json", ".xlsx", ".csv")
_SAMPLE = "Sample data: figures are illustrative."
_META = {
    "version": "Version", "extensions": "Extensions", "title": "Title", "description": "Description",
    "issued": "Issued", "modified": "Modified", "publisher/identifier": "Publisher:Identifier",
    "publisher/name": "Publisher:Name", "publisher/website": "Publisher:Website", "license": "License",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Written:
    """How many grants a file got, and how many were left out because they could not be valid."""

    grants: int
    left_out: int


def look(store: Store, shown: Listing, progress: Progress = no_progress) -> Found:
    """Check what a list of grants would publish; writes nothing."""
    with store.reading() as session, seldom_swept():
        return giving_check.check(session, shown, progress)


def write(
    store: Store, shown: Listing, target: Path, *, leave_out: bool = False, progress: Progress = no_progress
) -> Written:
    """Write the awarded grants of a list, as the ending says; whole or not at all.

    Refused: another ending, no grant to publish, and grants that cannot be valid, unless they are to be left out;
    what files.replacing refuses. `progress` may raise Cancelled.
    """
    ending = target.suffix.casefold()
    if ending not in ENDINGS:
        raise Refused(f"360Giving is written as .json, .xlsx or .csv, and “{target.name}” ends in none of them.")
    files.check_target(target)
    with store.reading() as session, seldom_swept():
        if ending == ".json":
            found = _write_json(session, shown, target, progress, leave_out=leave_out)
        else:
            found = giving_check.check(session, shown, lambda done, of: progress(done, of and 2 * of))
            _refuse(session, found, leave_out=leave_out)
            said = _said(session, shown, found, progress)
            _write_table(target, _meta(session, shown, found.extensions), found, said)
    return Written(found.sound, len(found.stopped))


def _said(session: Session, shown: Listing, found: Found, progress: Progress) -> Iterator[Said]:
    """The grants that go out once they are checked, oldest first."""
    ids, stopped = awarded(shown).ids(session), frozenset(found.stopped)
    giver = Giver(session)
    done = 0
    for batch in batches(ids, PAGE):
        page = [id_ for id_ in batch if id_ not in stopped]
        yield from giver.page(page)
        done += len(batch)
        progress(len(ids) + done, 2 * len(ids))


def _refuse(session: Session, found: Found, *, leave_out: bool) -> None:
    if not found.grants:
        raise Refused("There is no awarded grant in this list, and only awarded grants are published.")
    if found.stopped and not leave_out:
        count, those = wording.counted(len(found.stopped), "grant"), giving_check.first_named(session, found)
        first = next(fault for fault in found.faults if fault.stops)
        raise Refused(
            f"{count} cannot be valid as 360Giving: {those}. First: {first.reference}, {first.column}: "
            f"{first.sentence}. Nothing was written: correct them, or leave them out."
        )
    if not found.sound:
        raise Refused("Every grant of this list has a fault that cannot go out: there is nothing to write.")


def _meta(session: Session, shown: Listing, extensions: Sequence[str]) -> dict[str, Any]:
    """What the file says of itself, by path."""
    publisher = settings.publisher(session)
    programme = session.get(Programme, shown.programme) if shown.programme is not None else None
    whose = programme.name if programme is not None else publisher.name
    uris = {"publisher/website": publisher.website if publisher.name else "", "license": publisher.licence}
    said = {
        "version": VERSION,
        "extensions": list(extensions),
        "title": f"Grants of {whose}" if whose else "Grants",
        "description": _SAMPLE if settings.get(session, settings.SAMPLE) else "",
        "issued": clock.today().isoformat(),
        "modified": giving_values.instant(clock.now()),
        "publisher/identifier": publisher.identifier if publisher.name else "",
        "publisher/name": publisher.name,
        **{
            path: uri for path, uri in uris.items() if giving_values.is_uri(uri) and (publisher.name or "/" not in path)
        },
    }
    return {path: value for path, value in said.items() if value}


def _write_json(session: Session, shown: Listing, target: Path, progress: Progress, *, leave_out: bool) -> Found:
    """A package, a grant a line, checked as it is written: what is refused leaves no file."""
    about: dict[str, Any] = {}
    for path, value in _meta(session, shown, ()).items():
        first, _, second = path.partition("/")
        if second:
            about.setdefault(first, {})[second] = value
        else:
            about[first] = value
    found = Found()
    with files.replacing(target) as file:
        file.write(f'{encode(about)[:-1]}, "grants": ['.encode())
        separator = "\n"
        for said in giving_check.sound(session, shown, found, progress):
            if leave_out or not found.stopped:
                file.write(f"{separator}{_object(said)}".encode())
                separator = ",\n"
        _refuse(session, found, leave_out=leave_out)
        more = f', "extensions": {encode(found.extensions)}' if found.extensions else ""
        file.write(f"\n]{more}}}\n".encode())
    return found


def _object(said: Said) -> str:
    """A grant as JSON; what its organisation, its programme and others of its likes say was written once for all."""
    if said.merged is not None:
        return f"{{{members(said.merged)}}}"
    parts = [members(said.own), *(part.members for part in said.alike if part.values)]
    return f"{{{', '.join(parts)}}}"


def _write_table(target: Path, meta: dict[str, Any], found: Found, said: Iterable[Said]) -> None:
    """One sheet of grants under the official titles, and what the file says of itself; CSV has the grants alone."""
    columns = [_column(path, title) for path, title in headings(found.paths).items()]
    rows = (_row(found.paths, one) for one in said)
    if target.suffix.casefold() == ".csv":
        separated.write(target, columns, rows)
        return
    fitting = (_fitting(row, columns) for row in rows)
    about = [(_META[path], ";".join(value) if isinstance(value, list) else value) for path, value in meta.items()]
    sheets = [
        Sheet("grants", tuple(columns), fitting, count=found.sound),
        Sheet("Meta", (Column("Title", width=24), Column("Value", width=70)), about, bare=True),
    ]
    workbook.write(target, sheets)


def headings(paths: Sequence[str]) -> dict[str, str]:
    """The title of each path's column; # before one that the official conversion would take for another column."""
    numbered = {array for path in paths if sort_of(path) for array in _several(path)}
    found: dict[str, str] = {}
    for path in paths:
        known = standard.path_of(path)
        if known == path or sort_of(path):
            found[path] = standard.title_of(path, numbered)
        else:
            found[path] = f"#{path}" if known else path
    return found


def _several(path: str) -> Iterator[str]:
    """The arrays of a path of which it is not the first item."""
    parts = path.split("/")
    for at, part in enumerate(parts):
        if part.isdecimal() and int(part):
            yield bare("/".join(parts[:at]))


def _column(path: str, title: str) -> Column:
    sort = sort_of(path)
    if sort == "number" and not path.endswith("itude"):
        return Column(title, Kind.MONEY)
    kinds = {"number": Kind.NUMBER, "duration": Kind.NUMBER, "date": Kind.DATE, "part date": Kind.DATE}
    return Column(title, kinds.get(sort, Kind.TEXT))


def _row(paths: Sequence[str], said: Said) -> list[object]:
    values = said.values
    return [";".join(value) if value.__class__ is list else value for value in map(values.get, paths)]


def _fitting(row: list[object], columns: Sequence[Column]) -> list[object]:
    """The row; refused where a text is longer than a cell of Excel, and would be cut."""
    for value, column in zip(row, columns, strict=True):
        if isinstance(value, str) and len(value) > LONGEST_TEXT // 2:
            units = len(value.encode("utf-16-le")) // 2
            if units > LONGEST_TEXT:
                raise Refused(
                    f"“{column.label}” of a grant has {units:,} characters, and a cell of Excel holds "
                    f"{LONGEST_TEXT:,}: write JSON or CSV instead. Nothing was written."
                )
    return row
