"""Columns of our own lists whose headings were renamed in Excel: known by what they hold, else said."""

import itertools
from collections.abc import Collection, Iterable, Sequence
from collections.abc import Mapping as Dict
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants_app.exchange.imports.mapping import HIDDEN_ID, Mapping
from grants_app.exchange.imports.returning import ONLY_SHOWN, Marked, homeless
from grants_app.exchange.imports.vocabulary import vocabulary
from grants_app.exchange.sources import cellvalues
from grants_app.exchange.sources.tables import Table
from grants_app.records import Field, Kind, Record, kind_named

_HELD, _ALIKE, _ALIKE_BY_TITLE, _TELLING = 200, 0.75, 0.5, 3


def renamed(
    session: Session,
    table: Table,
    marked: Marked,
    found: Mapping,
    own: Iterable[Field],
    lists: Dict[str, Sequence[str]],
) -> Mapping:
    """With the columns whose headings were renamed in Excel: each holds what a field that no other has holds here."""
    place_of_id = found.place_of(HIDDEN_ID)
    homes = homeless(marked.kind, found) if place_of_id is not None else []
    if not homes or place_of_id is None:
        return found
    said = {
        int(text): cells
        for _, cells in itertools.islice(table.rows(), _HELD)
        if (text := cellvalues.tidied(cells[place_of_id])).isdecimal() and len(text) < 16
    }
    name, taken, sent = marked.kind.__tablename__, set(found.targets.values()), dict[int, str]()
    fields = {one.name: one for one in (*marked.kind.fields().values(), *own) if one.kind not in ONLY_SHOWN}
    free = [each for each in ("reference", *fields) if f"{name}.{each}" not in taken]
    for each in free:
        held = _held(session, marked.kind, each, fields.get(each), said)
        for column in homes:
            cells = [(cells[column.place], held.get(id_)) for id_, cells in said.items()]
            if column.place not in sent and _is(fields.get(each), column.title, marked.kind, cells, lists):
                sent[column.place] = f"{name}.{each}"
                break
    columns = (
        replace(one, target=sent[one.place], why="content") if one.place in sent else one for one in found.columns
    )
    return Mapping(tuple(columns))


def _held(
    session: Session, kind: type[Record], name: str, field: Field | None, ids: Collection[int]
) -> dict[int, tuple[Any, ...]]:
    """What kept records hold under a field; of a link, the reference and the name of what it leads to."""
    column = kind.column("own" if name.startswith("own:") else name)
    wanted = kind.id.in_(list(ids))
    if field is not None and field.kind is Kind.LINK and (target := kind_named(field.to)) is not None:
        statement = select(kind.id, target.reference, target.column(target.caption))
        joined = session.execute(statement.join(target, target.id == column).where(wanted))
        return {id_: tuple(values) for id_, *values in joined}
    found = session.execute(select(kind.id, column).where(wanted))
    if field is not None and name.startswith("own:"):
        return {id_: (field.restored((value or {}).get(name)),) for id_, value in found}
    return {id_: (value,) for id_, value in found}


def _is(
    field: Field | None,
    title: str,
    kind: type[Record],
    cells: Iterable[tuple[Any, tuple[Any, ...] | None]],
    lists: Dict[str, Sequence[str]],
) -> bool:
    """Whether cells hold what a field (None: the reference) holds here: so many that it is no chance."""
    link = field is None or field.kind in (Kind.LINK, Kind.ABOUT)
    read = None if field is None or link else cellvalues.reader_of(field, lists)
    filled, same = 0, set[str]()
    alike = 0
    for cell, held in cells:
        if (text := cellvalues.tidied(cell)) and held is not None:
            filled += 1
            try:
                if (read(cell)[0] if read else text) in held:
                    alike += 1
                    same.add(text)
            except ValueError:
                continue
    by_title = field is not None and field.name in vocabulary()[kind].exactly(title, qualified=False)
    least = _ALIKE_BY_TITLE if by_title else _ALIKE
    return bool(alike) and alike >= least * filled and (by_title or len(same) >= _TELLING)


def of_other_titles(found: Mapping) -> list[str]:
    """What became of the columns of a list of this file whose headings are none of ours, in sentences."""
    if not any(column.target == HIDDEN_ID for column in found.columns):
        return []
    said = []
    for column in found.columns:
        if column.why != "content":
            continue
        label = column.words.partition(": ")[2]
        if ".own:" in column.target:
            said.append(
                f"“{column.title}” is no heading of ours: it becomes a column of your own. If one of ours was renamed, "
                "write it as it was"
            )
        else:
            said.append(f"“{column.title}” is read as {label}: it holds what stands there here")
    return said
