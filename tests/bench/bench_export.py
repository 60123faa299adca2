"""Export of 100,000 grants, styled, against a bare openpyxl write-only loop (with lxml) that writes the same cells."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import NamedStyle

from grants_app.exchange import exporting
from grants_app.exchange.cells import plain
from grants_app.records import Grant, Organisation, Programme
from grants_app.records.grant import Status
from grants_app.store import Store, listing, opening, settings
from tests.bench.bench import Row, compared, side_by_side

GRANTS = int(os.environ.get("BENCH_GRANTS", "100000"))
COLUMNS = (
    "reference", "programme_id", "organisation_id", "title", "status", "purpose", "boroughs", "audiences", "route",
    "asked", "awarded", "total_cost", "received", "starts", "ends", "decided_on", "rag", "identifier", "paid", "left",
)  # fmt: skip
SHOWN = listing.Listing(Grant, COLUMNS)
_MEMORY = """
import re, sys
from pathlib import Path
sys.path.insert(0, {root!r})
from grants_app.exchange import exporting
from tests.bench.bench_export import SHOWN
from grants_app.store import opening
store = opening.open_file(Path({file!r}), "Bench")
with store.reading() as session:
    SHOWN.rows(session, SHOWN.first(session, 10))
import openpyxl, lxml.etree
def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024
before = peak()
exporting.write_listing(store, SHOWN, Path({target!r}))
print(peak() - before)
"""


def run() -> list[Row]:
    """Time, and what the export adds to the memory of a process that has the file open."""
    with tempfile.TemporaryDirectory() as folder:
        store = filled(Path(folder) / "bench.grants", GRANTS)
        try:
            target, bare = Path(folder) / "ours.xlsx", Path(folder) / "bare.xlsx"
            times = side_by_side(
                lambda: exporting.write_listing(store, SHOWN, target), lambda: _bare_loop(store, bare), times=2
            )
        finally:
            store.close()
        memory = _memory(Path(folder) / "bench.grants", target)
    what, against = f"export of {GRANTS:,} grants × {len(COLUMNS)} to xlsx", "openpyxl's write-only loop"
    rows = [compared(what, against, 0.4, *times)]
    if memory is None:
        return rows
    return [
        *rows,
        Row("peak memory of that export, in 200 MB", "the open file", 1.0, memory / 200, f"{memory} MB more"),
    ]


def filled(path: Path, grants: int) -> Store:
    """A file with so many grants, as different from each other as real ones."""
    store = opening.create(path, "Bench")
    with store.change("Fill", lenient=True) as session:
        (programme,) = session.add_many(Programme, [{"code": "BEN", "name": "Bench"}])
        bodies = session.add_many(
            Organisation, [{"name": f"Body number {n} & friends"} for n in range(grants // 20 + 1)]
        )
        session.add_many(Grant, _grants(grants, programme, bodies))
    return store


def _grants(count: int, programme: int, bodies: list[int]) -> Iterator[dict[str, Any]]:
    start = date(2020, 1, 1)
    for n in range(count):
        day = start + timedelta(days=n % 2500)
        yield {
            "programme_id": programme, "organisation_id": bodies[n % len(bodies)], "title": f"Talks in schools, {n}",
            "status": Status.ACTIVE, "received": day, "starts": day, "ends": day + timedelta(days=200),
            "purpose": f"Ten talks with {n % 90} pupils about what they see on line, and what they may do about it.",
            "boroughs": ("Brent", "Camden") if n % 3 else (), "audiences": ("Pupils",),
            "asked": Decimal(n) + Decimal("1000.50"), "awarded": Decimal(n) + 1000,
            "decided_on": day, "identifier": f"360G-BENCH-{n:07d}",
        }  # fmt: skip


def _bare_loop(store: Store, target: Path) -> None:
    """The least that openpyxl needs for the same cells with the same number formats."""
    with store.reading() as session:
        columns = list(exporting.listing_columns(SHOWN, settings.lists(session)))
        book = Workbook(write_only=True)
        formats = {"money": "£#,##0.00", "date": "d mmm yyyy"}
        for name, form in formats.items():
            book.add_named_style(NamedStyle(name, number_format=form))
        styles = [column.kind.value if column.kind and column.kind.value in formats else "" for column in columns]
        sheet = book.create_sheet("Grants")
        sheet.append([column.label for column in columns])
        for page in SHOWN.pages(session):
            for row in page:
                sheet.append([_cell(sheet, value, style) for value, style in zip(row[1:], styles, strict=True)])
        book.save(target)


def _cell(sheet: Any, value: object, style: str) -> object:
    value = plain(value)
    if not style or value is None:
        return value
    cell = WriteOnlyCell(sheet, value)
    cell.style = style
    return cell


def _memory(file: Path, target: Path) -> int | None:
    """Megabytes that an export adds at its peak, in a process of its own; None where the system does not tell."""
    if not Path("/proc/self/status").exists():
        return None
    root = str(Path(__file__).resolve().parents[2])
    script = _MEMORY.format(root=root, file=str(file), target=str(target))
    found = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True, cwd=root)
    return int(found.stdout.split()[-1])
