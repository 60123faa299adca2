"""Our own exports coming back from Excel: the hidden columns by which each row is known again."""

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Mapping as Dict
from hashlib import sha256
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants_app import wording
from grants_app.exchange.imports.mapping import CALLED, HIDDEN_ID, HIDDEN_VERSION, LEAVE, Mapped, Mapping
from grants_app.exchange.imports.rows import Said
from grants_app.exchange.shapes import Column
from grants_app.exchange.sources.reading import Source
from grants_app.records import Field, Kind, Programme, Record, kind_named
from grants_app.records.figures import figures_of
from grants_app.records.history import Step

_ID = re.compile(r"(\w+) id of file ([0-9a-f]{12})")
_VERSION = "version"
_WITHIN = 12
ABOUT = ("Read me", "Summary")
"""Sheets of a workbook of ours that hold no records."""
READ_ME = ("Sheet", "Column", "What it holds", "What it means")
"""The headings of the first of them."""
_NARROW = 0.4
ONLY_SHOWN = (Kind.EXTRA, Kind.INSTANT)
"""Sorts of field that a list shows and nobody types."""


class Marked(NamedTuple):
    """What the hidden columns say: the kind of record, and whether the ids are of this very file."""

    kind: type[Record]
    ours: bool


def file_mark(session: Session) -> str:
    """What this file is known by, wherever it is moved to: its first step."""
    first = session.execute(select(Step.at, Step.account, Step.computer).order_by(Step.id).limit(1)).first()
    return sha256(repr(tuple(first) if first else ()).encode()).hexdigest()[:12]


def titles_of(session: Session, kind: type[Record]) -> tuple[str, str]:
    """The titles of the two hidden columns."""
    return f"{kind.__tablename__} id of file {file_mark(session)}", f"{kind.__tablename__} {_VERSION}"


def columns_of(session: Session, kind: type[Record]) -> tuple[Column, Column]:
    """The two hidden columns that end each row: the record's id, and its version when the file was written."""
    first, second = titles_of(session, kind)
    return tuple(Column(title, Kind.WHOLE, width=_NARROW, hidden=True) for title in (first, second))  # type: ignore[return-value]


def recognised(session: Session, titles: Sequence[str]) -> Marked | None:
    """What the titles of a table say of where it comes from; None where it is not our own export."""
    for title in titles:
        if (
            " id of file " in title
            and (found := _ID.fullmatch(title.strip()))
            and (kind := kind_named(found[1])) is not None
        ):
            return Marked(kind, found[2] == file_mark(session))
    return None


def is_ours(session: Session, source: Source) -> bool:
    """Whether this app wrote a workbook, by the first rows of its sheets: their marks, or the Read me's headings."""
    return any(
        tuple(cells[: len(READ_ME)]) == READ_ME
        or recognised(session, [cell for cell in cells if isinstance(cell, str)]) is not None
        for sheet in source.sheets
        if not sheet.hidden
        for _, cells in itertools.islice(sheet.rows(), _WITHIN)
    )


def mapping(titles: Sequence[str], marked: Marked, own: Iterable[Field]) -> Mapping:
    """Every column by its label; what is worked out, or only to be read, is left out."""
    kind = marked.kind
    table = kind.__tablename__
    fields = {wording.folded(field.label): field for field in (*kind.fields().values(), *own)}
    columns = []
    for place, title in enumerate(titles):
        field = fields.get(wording.folded(title))
        target = LEAVE
        if _ID.fullmatch(title.strip()):
            target = HIDDEN_ID if marked.ours else LEAVE
        elif title.strip() == f"{table} {_VERSION}":
            target = HIDDEN_VERSION if marked.ours else LEAVE
        elif title.strip() == "Reference":
            target = f"{table}.{'reference' if marked.ours else CALLED}"
        elif field is not None and field.kind not in ONLY_SHOWN:
            target = f"{table}.{field.name}"
        columns.append(Mapped(place, title, target, title, why="title" if target else ""))
    return Mapping(tuple(columns))


def homeless(kind: type[Record], found: Mapping) -> list[Mapped]:
    """Its columns that this file has no place for: of another file's own, or typed beside the others in Excel."""
    known = {wording.folded(figure.label) for figure in figures_of(kind).values()}
    for field in kind.fields().values():
        known |= {wording.folded(field.label), wording.folded(f"{field.label} name")}
    hidden = (column for column in found.columns if column.target == LEAVE and not _hidden(kind, column.title))
    return [column for column in hidden if wording.folded(column.title) not in known | {""}]


def worked_out(kind: type[Record], titles: Sequence[str]) -> list[int]:
    """The places of what a list of ours without hidden ids only shows: figures, names beside references, the rest kept.

    The last is what an import keeps beside a record ("Other columns"), one cell of many, and when it was changed.
    """
    labels = {figure.label for figure in figures_of(kind).values()}
    labels |= {one.label for one in kind.fields().values() if one.kind in ONLY_SHOWN}
    labels |= {f"{one.label} name" for one in kind.fields().values() if one.to and one.label in titles}
    return [place for place, title in enumerate(titles) if title in labels]


def _hidden(kind: type[Record], title: str) -> bool:
    return bool(_ID.fullmatch(title.strip())) or title.strip() == f"{kind.__tablename__} {_VERSION}"


def left_out(found: Mapping) -> tuple[str, ...]:
    """The titles of an export of ours that are not read, for being worked out or only to be read."""
    if not any(column.target == HIDDEN_ID for column in found.columns):
        return ()
    return tuple(column.title for column in found.columns if column.target == LEAVE)


def contradicted(kind: type[Record], stored: Dict[str, Any], version: int, values: Dict[str, Any]) -> Iterator[Said]:
    """What is wrong with a row whose Reference is not that of the record that its hidden columns name.

    Part of it was sorted without the rest, or another record was written over it: nobody can tell which of the two
    is meant. A programme's reference may have been changed here since the file was written.
    """
    reference = stored["reference"]
    if "reference" not in values or values["reference"] == reference:
        return
    if kind is Programme and values["reference"] and stored["version"] > version:
        return
    beside = f"the hidden columns of this row are those of {reference}"
    if not values["reference"]:
        new = f"or, for a new {kind.noun.lower()}, clear those two cells of this row"
        yield Said("Reference", f"Reference is blank, and {beside}: write {reference} there again, {new}")
        return
    words = (
        f"write {reference} there if the row is about it, or delete the two hidden columns, and the references count"
    )
    yield Said("Reference", f"Reference is “{values['reference']}”, and {beside}: {words}")
