"""Export of 100,000 grants, styled, against a bare openpyxl write-only loop (with lxml) that writes the same cells."""

import os
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import NamedStyle

from grants_app.exchange import exporting
from grants_app.exchange.cells import plain
from grants_app.records import Grant, Organisation, Programme
from grants_app.records.fields import Kind
from grants_app.records.grant import Status
from grants_app.store import Store, listing, opening, settings
from tests.bench.bench import Row, compared, installed, memory, side_by_side

GRANTS = int(os.environ.get("BENCH_GRANTS", "100000"))
COLUMNS = (
    "reference", "programme_id", "organisation_id", "title", "status", "purpose", "boroughs", "audiences", "route",
    "asked", "awarded", "total_cost", "received", "starts", "ends", "decided_on", "rag", "identifier", "paid", "left",
)  # fmt: skip
SHOWN = listing.Listing(Grant, COLUMNS)
_MEMORY = """
from grants_app.exchange import exporting
from tests.bench.bench_export import SHOWN
from grants_app.store import opening
store = opening.open_file(Path({file!r}), "Bench")
with store.reading() as session:
    SHOWN.rows(session, SHOWN.first(session, 10))
import openpyxl, lxml.etree
before = peak()
exporting.write_listing(store, SHOWN, Path({target!r}))
print(peak(){less})
"""


def run() -> list[Row]:
    """Time, and what the export adds to the memory of a process that has the file open."""
    what = f"export of {GRANTS:,} grants × {len(COLUMNS)} to xlsx"
    with tempfile.TemporaryDirectory() as folder:
        store = filled(Path(folder) / "bench.grants", GRANTS)
        try:
            target, bare = Path(folder) / "ours.xlsx", Path(folder) / "bare.xlsx"
            ours = partial(exporting.write_listing, store, SHOWN, target)
            rows = [
                compared(what, "openpyxl's write-only loop", 0.4, *side_by_side(ours, lambda: _loop(store, bare), 2))
            ]
            if installed("xlsxwriter"):
                times = side_by_side(ours, lambda: _constant(store, bare), times=2)
                rows.append(compared(what, "XlsxWriter in constant memory", 0.3, *times))
        finally:
            store.close()
        file = Path(folder) / "bench.grants"
        rows += memory(
            "that export, beyond the open file", 200, _MEMORY.replace("{less}", " - before"), file=file, target=target
        )
        return rows + memory(
            "that export, the whole process", 300, _MEMORY.replace("{less}", ""), file=file, target=target
        )


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


def _loop(store: Store, target: Path) -> None:
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


def _constant(store: Store, target: Path) -> None:
    """The same cells and formats as XlsxWriter writes them, a row at a time, with nothing kept."""
    import xlsxwriter

    with store.reading() as session, xlsxwriter.Workbook(str(target), {"constant_memory": True}) as book:
        columns = list(exporting.listing_columns(SHOWN, settings.lists(session)))
        styles = {Kind.MONEY: book.add_format({"num_format": "£#,##0.00"})}
        styles[Kind.DATE] = book.add_format({"num_format": "d mmm yyyy"})
        formats = [styles.get(column.kind) for column in columns]
        sheet = book.add_worksheet("Grants")
        sheet.write_row(0, 0, [column.label for column in columns])
        for number, row in enumerate((row for page in SHOWN.pages(session) for row in page), 1):
            for place, (value, form) in enumerate(zip(row[1:], formats, strict=True)):
                sheet.write(number, place, plain(value), form)
