"""Writing a workbook: the only place that makes an xlsx file.

openpyxl makes the package (package.py) and rows are streamed into it as sheet XML (sheetxml.py, cells.py), so that a
sheet of a million rows takes seconds and little memory.
"""

import itertools
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from grants_app.errors import Refused
from grants_app.exchange import cells, files
from grants_app.exchange.package import LAST_ROW, Package, Part, table_name
from grants_app.exchange.shapes import Chart, Column, Progress, Sheet
from grants_app.exchange.sheetxml import SheetXml
from grants_app.store.driver import no_progress

__all__ = ["Chart", "Column", "Sheet", "table_name", "write"]

_BATCH = 1000
_MOST_BYTES = 1_500_000_000  # of one sheet's XML: beyond 2 GB readers fail, and Excel long before
_MOST_COLUMNS = 16_384
_FORBIDDEN_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


def write(path: Path, sheets: Sequence[Sheet], progress: Progress = no_progress) -> list[int]:
    """Write the sheets to an xlsx file, whole or not at all; returns how many rows each sheet got.

    More rows than a sheet of Excel holds go on in "Name (2)". Refused: what files.replacing refuses, and more columns
    than Excel has. `progress` may raise Cancelled. Control characters that no workbook can hold are left out.
    """
    for sheet in sheets:
        if len(sheet.columns) > _MOST_COLUMNS:
            raise Refused(
                f"“{sheet.name}” has {len(sheet.columns):,} columns, and a sheet of Excel holds {_MOST_COLUMNS:,}."
            )
    with files.replacing(path) as file:
        return _Writer(sheets, progress).write(file)


class _Writer:
    def __init__(self, sheets: Sequence[Sheet], progress: Progress) -> None:
        self.package, self.progress = Package(), progress
        self.names = {"lists"}
        self.sheets = [SheetXml(sheet, self.package) for sheet in sheets]
        self.done, self.expected = 0, sum(sheet.count for sheet in sheets)
        self.written = 0

    def write(self, file: IO[bytes]) -> list[int]:
        """Render twice: first for what surrounds the rows, then for the parts that know how many there are."""
        parts = [self._add(sheet) for sheet in self.sheets]
        lists = self._add_lists()
        self.package.render()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=2) as zipped:
            counts = [self._stream(zipped, sheet, part) for sheet, part in zip(self.sheets, parts, strict=True)]
            if lists:
                self._stream(zipped, *lists)
            for name, content in self.package.render().items():
                if not name.startswith("xl/worksheets/sheet"):
                    zipped.writestr(name, content)
        return counts

    def _add(self, sheet: SheetXml, copy: int = 1) -> Part:
        """The sheet, or its continuation, in the package."""
        at = self.written if copy > 1 else len(self.package.parts)
        part = self.package.add(self._name(sheet.sheet.name, copy), at)
        sheet.furnish(part, again=copy > 1)
        return part

    def _add_lists(self) -> tuple[SheetXml, Part] | None:
        """The hidden sheet that the drop-down lists read."""
        lists = self.package.lists()
        if not lists:
            return None
        longest = max(map(len, lists))
        rows = [[words[n] if n < len(words) else None for words in lists] for n in range(longest)]
        columns = tuple(Column(f"List {number}") for number in range(1, len(lists) + 1))
        sheet = SheetXml(Sheet("Lists", columns, rows), self.package)
        part = self.package.add("Lists", len(self.package.parts), hidden=True)
        sheet.furnish(part)
        return sheet, part

    def _stream(self, zipped: zipfile.ZipFile, sheet: SheetXml, part: Part) -> int:
        """The sheet's rows into the zip, and on into further sheets where one is full."""
        batches = iter(lambda: list(itertools.islice(sheet.source, _BATCH)), [])
        rows, count = next(batches, None), 0
        for copy in itertools.count(2):
            self.written += 1
            with zipped.open(f"xl/worksheets/sheet{self.written}.xml", "w") as out:
                size = out.write(part.head + sheet.top().encode())
                while rows and sheet.last + len(rows) < LAST_ROW and size < _MOST_BYTES:
                    size += out.write(sheet.batch(rows).encode())
                    count += len(rows)
                    self._tell(len(rows))
                    rows = next(batches, None)
                out.write(sheet.bottom(part).encode() + part.tail)
            if not rows:
                return count
            sheet.restart()
            part = self._add(sheet, copy)
            self.package.render()
        raise AssertionError

    def _tell(self, rows: int) -> None:
        self.done += rows
        self.progress(self.done, max(self.done, self.expected))

    def _name(self, wanted: str, copy: int) -> str:
        """A sheet name that Excel accepts and that no other sheet has."""
        base = " ".join(cells.clean(wanted).translate(_FORBIDDEN_IN_NAMES).split()).strip("'") or "Sheet"
        base = "History of changes" if base.casefold() == "history" else base  # Excel keeps that name for itself
        for number in itertools.count(copy):
            name = base[:31] if number == 1 else f"{base[: 28 - len(str(number))]} ({number})"
            if name.casefold() not in self.names:
                self.names.add(name.casefold())
                return name
        raise AssertionError
