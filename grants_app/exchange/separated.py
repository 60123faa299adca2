"""CSV as Excel opens it well: UTF-8 with its mark, lines ended by CR LF, and no cell that could run as a formula."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from pathlib import Path

from grants_app.exchange import files
from grants_app.exchange.cells import plain
from grants_app.exchange.shapes import Column, Progress
from grants_app.store.driver import no_progress

_RISKY = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"-\d+(\.\d+)?", re.ASCII)  # below nought, and nothing that could run
_BATCH = 1000


def write(
    path: Path, columns: Sequence[Column], rows: Iterable[Sequence[object]], progress: Progress = no_progress
) -> int:
    """Write rows under their headings, whole or not at all; returns how many.

    Dates are ISO, money has a point and no pound sign; text that begins like a formula gets an apostrophe before it,
    which `unguarded` takes off again. Refused: what files.replacing refuses; `progress` may raise Cancelled.
    """
    done = 0
    with files.replacing(path) as file:
        text = io.TextIOWrapper(file, "utf-8-sig", errors="replace", newline="")
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow([guarded(column.label) for column in columns])
        for done, row in enumerate(rows, 1):
            writer.writerow([shown(value) for value in row])
            if done % _BATCH == 0:
                progress(done, None)
        text.detach()
    return done


def shown(value: object) -> str:
    """A value as a cell of a CSV file."""
    value = plain(value)
    if value is None:
        return ""
    if isinstance(value, str):
        return guarded(value)
    if isinstance(value, datetime):
        return value.isoformat(" ", "minutes")
    if isinstance(value, time):
        return value.isoformat("minutes")
    return value.isoformat() if isinstance(value, date) else str(value)


def guarded(text: str) -> str:
    """The text, after an apostrophe if a spreadsheet might run it or if it has such an apostrophe of its own.

    A plain number below nought, “-1.3299” say, stays as it is.
    """
    risky = text.lstrip("'").startswith(_RISKY) and not _NUMBER.fullmatch(text)
    return f"'{text}" if risky else text


def unguarded(text: str) -> str:
    """What `guarded` was given; any other text stays as it is."""
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(_RISKY) else text
