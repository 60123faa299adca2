"""Where the columns of a table are likely to go: by what was chosen before, by their titles, by what they hold."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import islice
from types import MappingProxyType
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants_app import wording
from grants_app.errors import Refused
from grants_app.exchange.giving import standard
from grants_app.exchange.imports import completing, remembering, renamed, returning
from grants_app.exchange.imports import mapping as columns
from grants_app.exchange.imports.assigning import Assigning
from grants_app.exchange.imports.import_report import WHAT_IS_WRONG
from grants_app.exchange.imports.mapping import LEAVE, Mapped, field_of, split
from grants_app.exchange.imports.recognising import Kept, main_of, of_people, short
from grants_app.exchange.imports.vocabulary import KINDS, stem, vocabulary
from grants_app.exchange.sources import cellvalues, contents
from grants_app.exchange.sources.tables import Table
from grants_app.records import (
    RECORDS,
    Contact,
    Grant,
    Kind,
    Organisation,
    Programme,
    Record,
    kind_named,
)
from grants_app.records.base import batches
from grants_app.store import own

_SAMPLED, _SHOWN = 200, 3
_REFERENCE = re.compile(r"[A-Z]{2,8}-\d{4,6}")
_ONCE = (Grant, Organisation, Programme, Contact)
"""Kinds whose records are not told once a month: turned by months, each would come in again and again."""
_ESSENTIAL = {"grant.identifier": "Identifier", "grant.awarded": "Amount Awarded"}


class Suggested(NamedTuple):
    """A table's main kind, whether it is of the 360Giving standard, its columns, and why it is left out, if so.

    `lacks` are the targets that no column has, for which it is; `same` and `points` what an officer said before.
    `remarks` by place say why a column goes where its title does not lead.
    """

    kind: str
    giving: bool
    mapping: columns.Mapping
    reason: str = ""
    lacks: tuple[str, ...] = ()
    same: Mapping[str, str] = MappingProxyType({})
    points: Mapping[int, bool] = MappingProxyType({})
    remarks: Mapping[int, str] = MappingProxyType({})


def known(title: str) -> bool:
    """Whether a title is one that this app has a place for: what headings are recognised by."""
    wanted = stem(title)
    return columns.known(title) or any(wanted in words.words for words in vocabulary().values())


class Suggester:
    """Suggests for the tables of one file, one after the other."""

    def __init__(
        self,
        session: Session,
        lists: Mapping[str, Sequence[str]],
        remembered: Mapping[str, Mapping[str, Any]],
        sheets: Iterable[str] = (),
        tables: Sequence[Table] = (),
    ) -> None:
        """`lists` are the file's own; `remembered` is what `remembering.recalled` gives; `sheets` are their names.

        `tables` are all those of the file: one may be about the grants of another.
        """
        self.session, self.lists, self.remembered, self.tables = session, lists, remembered, tables
        named = frozenset(map(wording.folded, sheets))
        own_columns = {kind: own.columns(session, kind) for kind in RECORDS}
        self._kept = Kept(session, lists, own_columns, named, cache(self._granted))

    def _granted(self) -> frozenset[str]:
        """The names (folded) of the organisations of the grants that the file brings."""
        found = set[str]()
        for table in self.tables:
            titles = short(table)
            places = [p for p, title in enumerate(titles) if vocabulary()[Organisation].tells(title)]
            if places and main_of(table.unturned or table, self._values(table.unturned or table)) is Grant:
                found.update(wording.folded(cellvalues.tidied(cells[places[0]])) for _, cells in table.rows())
        return frozenset(found - {""})

    def laid(self, table: Table, kind: str = "") -> Table:
        """The table as its records lie: in months only where they come by month, as sessions and payments do."""
        if table.unturned is None:
            return table
        before = self.remembered.get(remembering.signature(table.titles))
        named = kind_named(kind or (before["kind"] if before else ""))
        if (named or main_of(table, self._values(table))) not in _ONCE:
            return table
        words = "The months are columns of each row, for its record does not come once a month"
        return replace(table.unturned, name=table.name, notes=(*table.unturned.notes, words))

    def suggest(self, table: Table, kind: str = "") -> Suggested:
        """The main kind (or the one that is asked for) and a target for every column."""
        values = self._values(table)
        marked = returning.recognised(self.session, table.titles)
        if marked is not None:
            own_fields = self._kept.own[marked.kind]
            found = returning.mapping(table.titles, marked, own_fields)
            found = renamed.renamed(self.session, table, marked, found, own_fields, self.lists)
            theirs = Assigning(self._kept, table, marked.kind, values)
            columns_left = [
                column
                for column in returning.homeless(marked.kind, found)
                if values[column.place] and column.title != WHAT_IS_WRONG
            ]
            sent = {c.place: theirs.own(c.title, values[c.place]) for c in columns_left}
            found = columns.Mapping(
                tuple(replace(c, target=sent[c.place], why="content") if c.place in sent else c for c in found.columns)
            )
            return Suggested(marked.kind.__tablename__, False, self._shown(table, found, values))
        before = self.remembered.get(remembering.signature(table.titles))
        if not kind and _giving(table.titles):
            return self._giving(table, values, before)
        if kind and kind_named(kind) not in KINDS:
            raise Refused(f"No {kind.replace('_', ' ')} is made by an import: choose what else the rows are.")
        main = kind_named(kind or (before["kind"] if before else "")) or main_of(table, values)
        suggested = self._officers(table, main, values, before)
        if not kind and before is None and of_people(table, main):
            count = wording.counted(sum(1 for _ in table.rows()), "row")
            words = "it looks like a list of people who came: say how many under Attended of the session"
            return suggested._replace(reason=f"{words}; {count} not read", lacks=())
        return suggested

    def numbered(self, table: Table, found: columns.Mapping) -> tuple[columns.Mapping, dict[str, str]]:
        """The mapping where numbers that are none of ours were sent to Reference, and by title what becomes of them.

        New records get references of their own here. A grant keeps such a number as its identifier.
        """
        theirs, said = {}, {}
        for column in found.columns:
            kind, name = split(column.target)
            record = kind_named(kind) if name == "reference" and column.why in ("officer", "remembered") else None
            if record is None or self._are_ours(record, table, column.place):
                continue
            words = (
                f"None of these numbers is a Reference of this file, and a new {record.noun.lower()} gets its own here"
            )
            if record is Grant and found.place_of("grant.identifier") is None:
                theirs[column.place] = "grant.identifier"
                said[column.title] = f"{words}: they are kept as {Grant.fields()['identifier'].label}"
            else:
                said[column.title] = f"{words}: send the column elsewhere to keep them"
        return found.changed(theirs), said

    def _are_ours(self, kind: type[Record], table: Table, place: int) -> bool:
        """Whether some cells of a column are references as this app gives them, or none says anything."""
        words = {said.upper() for _, cells in table.rows() if (said := cellvalues.tidied(cells[place]))}
        if not words or any(map(_REFERENCE.fullmatch, words)):
            return True
        kept = (select(kind.id).where(kind.reference.in_(some)).limit(1) for some in batches(sorted(words)))
        return any(self.session.scalar(one) is not None for one in kept)

    def _values(self, table: Table) -> list[list[Any]]:
        """The first filled values of each column."""
        found: list[list[Any]] = [[] for _ in table.titles]
        for _, cells in islice(table.rows(), _SAMPLED):
            for place, cell in enumerate(cells):
                if cell not in ("", None) and not (isinstance(cell, str) and cell.isspace()):
                    found[place].append(cell)
        return found

    def _shown(self, table: Table, found: columns.Mapping, values: list[list[Any]]) -> columns.Mapping:
        """With what each column holds, for the officer to see."""
        shown = []
        for column in found.columns:
            sorts, cells = contents.looks(values[column.place]), values[column.place]
            sorts |= {contents.Sort.SINCE_1904} if table.sheet.since_1904 else set()
            shown.append(
                replace(
                    column,
                    letter=table.letter(column.place),
                    sorts=frozenset(sort.value for sort in sorts),
                    samples=tuple(dict.fromkeys(map(cellvalues.tidied, cells)))[:_SHOWN],
                    points=column.points or contents.Sort.POINTED in sorts,
                )
            )
        return columns.Mapping(tuple(shown))

    def _giving(self, table: Table, values: list[list[Any]], before: Mapping[str, Any] | None) -> Suggested:
        found = _recalled(columns.suggest(table.titles), before)
        wrong = {place: LEAVE for place, title in enumerate(table.titles) if title == WHAT_IS_WRONG}
        found = found.changed(wrong)
        missing = [word for target, word in _ESSENTIAL.items() if found.place_of(target) is None]
        reason = ""
        if missing:
            count = sum(1 for _ in table.rows())
            reason = f"it has no column {wording.listed(missing, 'or')}" if count else "it has headings and no rows"
            reason += f"; {wording.counted(count, 'row')} not read" if count else ""
        return Suggested("grant", True, self._shown(table, found, values), reason)

    def _officers(
        self, table: Table, main: type[Record] | None, values: list[list[Any]], before: Mapping[str, Any] | None
    ) -> Suggested:
        if main is None:  # left out, and once the officer ticks it, as they see it
            count = wording.counted(sum(1 for _ in table.rows()), "row")
            reason = f"its column titles are not those of any record; {count} not read"
            return self._officers(table, Grant, values, before)._replace(reason=reason, lacks=())
        by = Assigning(self._kept, table, main, values)
        targets = by.targets()
        found = columns.Mapping(
            tuple(
                Mapped(place, title, target, standard.path_of(title) or title, why=why, aside=place in by.aside)
                for place, title in enumerate(table.titles)
                for target, why in [targets[place]]
            )
        )
        found = self._shown(table, _recalled(found, before), values)
        said = before or {}
        names = remembering.told_apart([column.title for column in found.columns])
        by_title = said.get("points", {})
        points = {c.place: by_title[t] for c, t in zip(found.columns, names, strict=True) if t in by_title}
        reason, lacks = self._lacks(table, main, found) if before is None else ("", ())
        found, same = found.pointed(points), said.get("same", {})
        return Suggested(main.__tablename__, False, found, reason, lacks, same, points, by.remarks)

    def _lacks(self, table: Table, main: type[Record], found: columns.Mapping) -> tuple[str, tuple[str, ...]]:
        """Why no new record of the main kind can be made, and the targets that no column has; blanks if it can."""
        there = set(found.targets.values())
        lacking = [field for field in completing.lacking(main, there) if field.kind is not Kind.LINK]
        identified = {f"{main.__tablename__}.{name}" for name in ("reference", "identifier")} & there
        if not lacking or identified:
            return "", ()
        count = wording.counted(sum(1 for _ in table.rows()), "row")
        if table.matrix and any(isinstance(month, str) for month, _ in table.matrix.months):
            return f"its months name no year: write it in the line above them, as 2026/27; {count} not read", ()
        noun = f"a{'n' if main.noun[0] in 'AEIOU' else ''} {main.noun.lower()}"
        reason = f"{noun} needs {wording.listed([f.label for f in lacking])}, and no column has it; {count} not read"
        return reason, tuple(f"{main.__tablename__}.{field.name}" for field in lacking)


def _recalled(found: columns.Mapping, before: Mapping[str, Any] | None) -> columns.Mapping:
    """With the targets that an officer chose before."""
    if before is None:
        return found
    chosen, names = before["targets"], remembering.told_apart([column.title for column in found.columns])
    return columns.Mapping(
        tuple(
            replace(column, target=target, why="remembered", aside=column.aside and target == column.target)
            if (target := chosen.get(name)) is not None and exists(target)
            else column
            for column, name in zip(found.columns, names, strict=True)
        )
    )


def exists(target: str) -> bool:
    """Whether there is such a target still: a column of the officer's own may be gone."""
    kind, name = split(target)
    if not kind or name in ("reference", columns.CALLED):
        return True
    try:
        field_of(kind, name)
    except ValueError:
        return False
    return True


def _giving(headings: Iterable[str]) -> bool:
    """Whether the titles are those of the 360Giving standard: the grant's own and some of other objects'."""
    paths = {standard.path_of(title) for title in headings}
    return bool(paths & {"id", "amountAwarded"}) and any("/" in path for path in paths)
