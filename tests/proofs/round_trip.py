"""Edit in Excel and bring it back, with LibreOffice in between: python -m tests.proofs.round_trip [grants].

A list of 2,000 grants goes out; 37 cells of it are changed and 3 rows added; LibreOffice saves it again; exactly that
comes back. Then the whole office workbook of the sample, and every real file at hand: unchanged the second time.
"""

import itertools
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import openpyxl

from grants_app.exchange import exporting
from grants_app.exchange.imports import importing
from grants_app.exchange.imports.importing import Preview, Verdict
from grants_app.operations.sample import make_sample
from grants_app.records import Grant, Kind, Organisation, Programme
from grants_app.records.fields import own_name
from grants_app.records.grant import Rag, Status
from grants_app.store import Store, checking, opening, own, undoing
from grants_app.store.listing import Listing

CHANGED, ADDED = 37, 3
OWN = own_name(Kind.MONEY, "Matched")
COLUMNS = (
    "reference", "programme_id", "organisation_id", "title", "status", "asked", "awarded", "received", "starts",
    "ends", "boroughs", "audiences", "route", "rag", "purpose", "purchase_order", "identifier", "paid", "left", OWN,
)  # fmt: skip
EDITS: dict[str, Callable[[int], object]] = {
    "Title": lambda n: f"Walks and talks {n}", "Asked": lambda n: 100_000 + n + 0.25,
    "Starts": lambda n: date(2031, 1, 1) + timedelta(days=n), "Ends": lambda n: date(2033, 1, 1) + timedelta(days=n),
    "Purpose": lambda n: f"=Not a formula {n}\nSecond line", "Boroughs": lambda _n: "Barnet; Camden",
    "Purchase order": lambda n: f"0{n}", "RAG": lambda _n: "Green", "Matched": lambda n: 77_000 + n,
    "Organisation": lambda _n: "Body number 1 & friends",
}  # fmt: skip


def main(grants: int) -> None:
    """Print what was done and found; the exit code is 1 if it is not exactly what was changed."""
    with tempfile.TemporaryDirectory() as folder:
        _edited_list(Path(folder), grants)
        _office_workbook(Path(folder))
        _real_files(Path(folder))


def _edited_list(folder: Path, grants: int) -> None:
    store = _filled(folder / "work.grants", grants)
    path = folder / "grants.xlsx"
    exporting.write_listing(store, Listing(Grant, COLUMNS, sort=(("reference", False),)), path)
    untouched = importing.preview(store, _saved_again(path))
    _expect("the list as it went out, saved by LibreOffice", _rows(untouched), {"Unchanged": grants})
    changed = _edit(path)
    found = importing.preview(store, _saved_again(path))
    _expect("cells changed", len(found.changes), CHANGED)
    _expect("rows", _rows(found), {"New": ADDED, "Changed": changed, "Unchanged": grants - changed})
    _expect("faults", [fault.message for fault in found.faults], [])
    importing.bring_in(store, found)
    _expect("check", checking.check(store), [])
    undoing.undo(store)
    _expect("check after undo", checking.check(store), [])
    store.close()


def _office_workbook(folder: Path) -> None:
    store = opening.create(folder / "sample.grants", "Proof")
    make_sample(store)
    count = exporting.write_workbook(store, folder / "office.xlsx")
    found = importing.preview(store, _saved_again(folder / "office.xlsx"))
    _expect("the office workbook, saved by LibreOffice", _rows(found), {"Unchanged": count})
    store.close()


def _real_files(folder: Path) -> None:
    shared = Path(os.environ.get("GRANTS_SHARED", Path(__file__).parents[3] / "shared")) / "data" / "360giving"
    endings = {".xlsx", ".csv", ".json", ".ods", ".xls"}
    for number, path in enumerate(p for p in sorted(shared.rglob("*")) if p.suffix.casefold() in endings):
        store = opening.create(folder / f"real {number}.grants", "Proof")
        try:
            found = importing.preview(store, path)
        except importing.Refused as error:
            sys.stdout.write(f"     {path.name}: {error}\n")
            store.close()
            continue
        importing.bring_in(store, found)
        kept = sum(found.tallies[verdict].rows for verdict in (Verdict.NEW, Verdict.CHANGED))
        again = importing.preview(store, path)
        _expect(f"{path.name}, {found.rows_read:,} rows, again", again.tallies[Verdict.UNCHANGED].rows, kept)
        _expect(f"{path.name}, again, changes", again.changes_anything, False)
        if found.changes_anything:
            undoing.undo(store)
        _expect(f"{path.name}, taken back", checking.check(store), [])
        store.close()


def _filled(path: Path, grants: int) -> Store:
    store = opening.create(path, "Proof")
    start = date(2024, 1, 1)
    with store.change("Fill", lenient=True) as session:
        own.add(session, Grant, "Matched", Kind.MONEY)
        (programme,) = session.add_many(Programme, [{"code": "BEN", "name": "Bench"}])
        bodies = session.add_many(Organisation, [{"name": f"Body number {n} & friends"} for n in range(100)])
        session.add_many(
            Grant,
            (
                {
                    "programme_id": programme, "organisation_id": bodies[2 + n % 98], "title": f"Talks in schools, {n}",
                    "status": Status.ACTIVE, "awarded": Decimal(1000 + n), "asked": Decimal(2000 + n) / 4 * 4,
                    "received": start, "starts": start + timedelta(days=n % 900), "purpose": f"+Text {n}\n  more ",
                    "ends": start + timedelta(days=1000 + n % 900), "boroughs": ("Brent",), "rag": Rag.NONE,
                    "purchase_order": f"000{n}", "own": {OWN: 100 + n},
                }
                for n in range(grants)
            ),
        )  # fmt: skip
    return store


def _edit(path: Path) -> int:
    """Change cells and add rows; how many rows are changed."""
    book = openpyxl.load_workbook(path)
    sheet = book["Grants"]
    header = next(row for row in sheet.iter_rows() if sum(bool(cell.value) for cell in row) > 4)
    at, first = {str(cell.value): cell.column for cell in header}, header[0].row + 1
    last = max(row for row in range(first, sheet.max_row + 1) if str(sheet.cell(row, 1).value).startswith("BEN-"))
    rows = random.Random(7).sample(range(first, last + 1), 31)  # noqa: S311 (the same rows each time)
    cells = set[tuple[int, str]]()
    for number, title in zip(itertools.count(), itertools.cycle(EDITS)):
        if len(cells) == CHANGED:
            break
        cells.add((rows[number % 31], title))
    for number, (row, title) in enumerate(sorted(cells)):
        cell = sheet.cell(row, at[title])
        cell.value = EDITS[title](number)
        cell.data_type = "s" if isinstance(cell.value, str) else cell.data_type
    sheet.insert_rows(last + 1, ADDED)
    for number in range(ADDED):
        new = {
            "Title": f"New {number}",
            "Organisation": "Body number 5 & friends",
            "Programme": "Bench",
            "Asked": number + 1,
        }
        for title, value in new.items():
            sheet.cell(last + 1 + number, at[title]).value = value
    for table in sheet.tables.values():
        start, end = table.ref.split(":")
        table.ref = f"{start}:{end.rstrip('0123456789')}{int(''.join(filter(str.isdigit, end))) + ADDED}"
    book.save(path)
    return len({row for row, _ in cells})


def _saved_again(path: Path) -> Path:
    """The workbook as LibreOffice saves it."""
    out = path.parent / "again"
    profile = f"-env:UserInstallation={(path.parent / 'profile').as_uri()}"  # another LibreOffice may be at work
    command = ["soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir", str(out), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return out / path.name


def _rows(found: Preview) -> dict[str, int]:
    return {verdict.value: tally.rows for verdict, tally in found.tallies.items() if tally.rows}


def _expect(what: str, is_: object, wanted: object) -> None:
    sys.stdout.flush()
    sys.stdout.write(f"{'ok  ' if is_ == wanted else 'NOT '} {what}: {is_}\n")
    if is_ != wanted:
        sys.stdout.write(f"     wanted: {wanted}\n")
        raise SystemExit(1)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
