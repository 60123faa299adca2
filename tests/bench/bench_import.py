"""Import of a 100,000-row, 20-column workbook against calamine with bare inserts, and against flatten-tool."""

import itertools
import os
import tempfile
import warnings
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from python_calamine import CalamineWorkbook
from sqlalchemy import Connection, insert

from grants_app.exchange.imports import importing
from grants_app.records import Grant, Organisation, Programme, Record
from grants_app.records.grant import Rag, Status
from grants_app.records.history import Edit, Step
from grants_app.records.organisation import OrganisationKind, OrganisationStatus
from grants_app.records.programme import ProgrammeStatus
from grants_app.store import derived, opening
from tests.bench.bench import Row, compared, installed, memory, side_by_side

ROWS = int(os.environ.get("BENCH_ROWS", "100000"))
TITLES = (
    "Identifier", "Title", "Description", "Currency", "Amount Applied For", "Amount Awarded", "Award Date",
    "Planned Dates:Start Date", "Planned Dates:End Date", "Recipient Org:Identifier", "Recipient Org:Name",
    "Recipient Org:Charity Number", "Recipient Org:Street Address", "Recipient Org:City", "Recipient Org:Postal Code",
    "Beneficiary Location:Name", "Beneficiary Location:Geographic Code", "Funding Org:Identifier", "Funding Org:Name",
    "Grant Programme:Title",
)  # fmt: skip
SHARED = Path(os.environ.get("GRANTS_SHARED", Path(__file__).resolve().parents[3] / "shared"))
SCHEMA = SHARED / "data/reference/360giving-standard/360-giving-schema.json"
_MEMORY = """
from tests.bench.bench_import import _ours
_ours(Path({source!r}), Path({target!r}))
print(peak())
"""
_BATCH = 5000


def run() -> list[Row]:
    """The preview and the step together, into an empty file each time."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "grants.xlsx"
        _write(source)
        files = (Path(folder) / f"{number}.grants" for number in itertools.count())
        times = side_by_side(lambda: _ours(source, next(files)), lambda: _bare(source, next(files)), times=2)
        what = f"import of {ROWS:,} rows × {len(TITLES)} of xlsx"
        rows = [compared(what, "calamine and bare inserts into the same tables", 4.0, *times)]
        if SCHEMA.exists() and installed("flattentool"):
            taken = side_by_side(lambda: _flattened(source, Path(folder)), lambda: None, times=1)[0]
            rows.append(compared(what, "flatten-tool's conversion alone", 0.05, times[0], taken))
        return rows + memory("that import, the whole process", 300, _MEMORY, source=source, target=next(files))


def _write(target: Path) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("grants")
    for row in (TITLES, *_rows()):
        sheet.append(row)
    book.save(target)


def _rows() -> Iterator[tuple[object, ...]]:
    first = date(2015, 1, 1)
    for n in range(ROWS):
        body, day = n % (ROWS // 3 + 1), first + timedelta(days=n % 3000)
        yield (
            f"360G-Bench-{n:06d}", f"Grant {n} to body {body}", f"Towards project {n} with young people.", "GBP",
            2000 + n % 90000, 1000 + n % 90000 + n % 100 / 100, day, day, day + timedelta(days=365),
            f"GB-CHC-{1000000 + body}", f"Body number {body} of London", str(1000000 + body),
            f"{body % 200} High Street", "London", "SE1 2AA", "Brent" if n % 2 else "Trafford",
            "E09000005" if n % 2 else "E08000009", "GB-LAE-GLA",
            "Greater London Authority", f"Programme {n % 7} of grants",
        )  # fmt: skip


def _flattened(source: Path, folder: Path) -> None:
    """The same rows as 360Giving's own conversion makes JSON of them."""
    import flattentool

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        flattentool.unflatten(
            str(source), input_format="xlsx", output_name=str(folder / "flattened.json"), schema=str(SCHEMA),
            root_list_path="grants", root_id="", convert_titles=True,
        )  # fmt: skip


def _ours(source: Path, target: Path) -> None:
    store = opening.create(target, "Bench")
    try:
        found = importing.preview(store, source)
        importing.bring_in(store, found)
        assert found.rows_read == found.tallies[importing.Verdict.NEW].rows == ROWS
    finally:
        store.close()


def _bare(source: Path, target: Path) -> None:
    """The same rows into the same tables and indexes, history, search, links and totals too, with no check at all."""
    store = opening.create(target, "Bench")
    read = CalamineWorkbook.from_path(source).get_sheet_by_index(0).to_python()
    place = {str(title): number for number, title in enumerate(read[0])}
    rows = read[1:]
    programmes = {row[place["Grant Programme:Title"]]: 0 for row in rows}
    bodies = {row[place["Recipient Org:Identifier"]]: row for row in rows}
    with store.engine.begin() as connection:
        step = {
            "at": datetime(2026, 1, 1, tzinfo=UTC),
            "officer": "Bench",
            "account": "",
            "computer": "",
            "words": "Import",
        }
        connection.execute(insert(Step.__table__), [{**step, "final": False}])
        common = {"status": ProgrammeStatus.COMPLETED, "version": 1}
        _insert(
            connection,
            Programme,
            [{**common, "reference": f"P{n}", "code": f"P{n}", "name": name} for n, name in enumerate(programmes)],
        )
        _insert(connection, Organisation, [_body(place, n, row) for n, row in enumerate(bodies.values(), 1)])
        ids = {identifier: number for number, identifier in enumerate(bodies, 1)}
        numbers = {name: number for number, name in enumerate(programmes, 1)}
        _insert(connection, Grant, [_grant(place, n, row, ids, numbers) for n, row in enumerate(rows, 1)])
        derived.refresh_kept_where(connection, "id > 0")
    store.close()


def _insert(connection: Connection, kind: type[Record], rows: list[dict[str, object]]) -> None:
    edits = [
        {"step_id": 1, "kind": kind.__tablename__, "record_id": n, "action": "created"} for n in range(1, len(rows) + 1)
    ]
    for start in range(0, len(rows), _BATCH):
        connection.execute(insert(kind.__table__), rows[start : start + _BATCH])
        connection.execute(insert(Edit.__table__), edits[start : start + _BATCH])
    derived.refresh_new(connection, kind, "id > 0")


def _body(place: dict[str, int], number: int, row: list[Any]) -> dict[str, object]:
    return {
        "reference": f"ORG-{number:04d}", "version": 1, "name": row[place["Recipient Org:Name"]],
        "identifier": row[place["Recipient Org:Identifier"]],
        "charity_number": row[place["Recipient Org:Charity Number"]],
        "postcode": row[place["Recipient Org:Postal Code"]], "kind": OrganisationKind.CHARITY,
        "status": OrganisationStatus.PROSPECTIVE, "stopped": False,
        "address": f"{row[place['Recipient Org:Street Address']]}\n{row[place['Recipient Org:City']]}",
    }  # fmt: skip


def _grant(
    place: dict[str, int], number: int, row: list[Any], ids: dict[str, int], programmes: dict[str, int]
) -> dict[str, object]:
    return {
        "reference": f"PRO-{number:04d}", "version": 1, "programme_id": programmes[row[place["Grant Programme:Title"]]],
        "organisation_id": ids[row[place["Recipient Org:Identifier"]]], "title": row[place["Title"]],
        "purpose": row[place["Description"]], "status": Status.COMPLETED, "rag": Rag.NONE,
        "boroughs": (row[place["Beneficiary Location:Name"]],), "themes": (), "audiences": (), "harms": (),
        "awarded": Decimal(str(row[place["Amount Awarded"]])), "identifier": row[place["Identifier"]],
        "decided_on": row[place["Award Date"]],
        "starts": row[place["Planned Dates:Start Date"]],
        "ends": row[place["Planned Dates:End Date"]],
        "asked": Decimal(str(row[place["Amount Applied For"]])),
        "extra": {title: row[place[title]] for title in TITLES[-5:-1]},
    }  # fmt: skip
