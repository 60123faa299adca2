"""A table of a file on its way in: what reads its rows, and the kinds of record that they hold."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from grants_app.exchange.imports.previewing import TableFound
from grants_app.exchange.imports.rows import Row, RowReader
from grants_app.exchange.imports.vocabulary import vocabulary
from grants_app.exchange.sources.tables import Table
from grants_app.records import Contact, Grant, Organisation, Record


@dataclass
class Reading:
    """One table: what reads it, the kinds that its rows hold, parents first, and what a preview says of it."""

    table: Table
    reader: RowReader
    kinds: tuple[type[Record], ...]
    main: type[Record]
    found: TableFound
    shared: bool = False
    """Whether some of its rows are about a record that a row of another table is about too."""

    @cached_property
    def leading(self) -> set[str]:
        """The kinds (table names) that make a row a new one: the main one, and those that no other here links to.

        Not those of which a row may hold several beside it.
        """
        linked = {one.to for kind in self.kinds for one in kind.fields().values() if one.to != kind.__tablename__}
        names = {kind.__tablename__ for kind in self.kinds}
        return names - linked - self.several | {self.main.__tablename__}

    @cached_property
    def several(self) -> set[str]:
        """The kinds (table names) of which a row may hold several: the payments of a grant."""
        return {kind.__tablename__ for kind in self.kinds if len(self.keys[kind]) > 1}

    @cached_property
    def parents(self) -> set[str]:
        """The kinds (table names) to which others of the same row link."""
        return self._linked(self.kinds)

    @cached_property
    def apart(self) -> set[str]:
        """The kinds (table names) of which each row is about another record.

        Not those to which others link, for each of which a grant may be told again; but its payments in columns of
        their own stand on its one row.
        """
        again = self._linked([kind for kind in self.kinds if kind.__tablename__ in self.reader.kinds])
        beside = {Contact.__tablename__} - {self.main.__tablename__}
        return {kind.__tablename__ for kind in self.kinds} - again - beside

    def _linked(self, kinds: Iterable[type[Record]]) -> set[str]:
        there = {kind.__tablename__ for kind in self.kinds}
        links = {(one.to, kind.__tablename__) for kind in kinds for one in kind.fields().values()}
        return {to for to, name in links if to in there and to != name}

    @cached_property
    def keys(self) -> dict[type[Record], tuple[str, ...]]:
        """Under which keys a row holds records of each kind: its table name, and `payment:1`, `payment:2` …"""
        numbered = {
            kind: [key for key in self.reader.kinds if key.startswith(f"{kind.__tablename__}:")] for kind in self.kinds
        }
        return {
            kind: (kind.__tablename__, *sorted(keys, key=lambda key: int(key.partition(":")[2])))
            for kind, keys in numbered.items()
        }

    @cached_property
    def of_key(self) -> dict[str, type[Record]]:
        """The kind of each of those keys, parents first."""
        return {key: kind for kind in self.kinds for key in self.keys[kind]}

    @cached_property
    def whose(self) -> tuple[str, str, str] | None:
        """Where rows that name a grant name its organisation beside it: key and field of a row's values, the title."""
        if "grant_id" not in self.main.fields() or Grant in self.kinds:
            return None
        calls, main = vocabulary()[Organisation].tells, self.main.__tablename__
        beside = ((key, name, column.title) for _, column, _, key, name, read in self.reader.columns if read)
        wanted = (
            one
            for one in beside
            if one[:2] == ("organisation", "name")
            or (one[0] == main and one[1].startswith("own:text:") and calls(one[2]))
        )
        return next(wanted, None)

    @property
    def giving(self) -> bool:
        """Whether the rules of the 360Giving standard hold."""
        return self.reader.giving

    def cells(self) -> Iterator[tuple[int, Sequence[Any]]]:
        """Its rows as they stand, without the totals of an export of our own, which may have lost their sums."""
        place = self.reader.hidden_id
        for number, cells in self.table.rows():
            if place is None or cells[place] not in ("", None) or cells[0] != "Total":
                yield number, cells

    def rows(self) -> Iterator[Row]:
        """Its rows, read."""
        return (self.reader.read(number, cells) for number, cells in self.cells())
