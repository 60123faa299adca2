"""What a file does to the records of a kind: those that it brings, those that it changes, those that rows are about."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, NamedTuple

from grants_app.exchange.spool import Shelf, Spool
from grants_app.records import Record

NOTHING: Mapping[str, Any] = MappingProxyType({})


class NewRecord(NamedTuple):
    """A record to be added: where the file has it, its values, and its links to others by token."""

    sheet: str
    row: int
    values: dict[str, Any]
    links: Mapping[str, int]


class ChangedRecord(NamedTuple):
    """A kept record with the values that change, and the links that do, by token."""

    id: int
    values: Mapping[str, Any]
    links: Mapping[str, int]


class Brought(NamedTuple):
    """In the place of a reference that is not given yet: the record of that kind and token."""

    kind: str
    token: int


@dataclass(slots=True)
class Known:
    """A record that several rows may be about: its token, values, what the file changes, and what was said of it.

    There may be as many as rows. So what is blank takes no room in it, and of very many only those that the present
    rows are about hold their values (`Finder.present`); `shelf` is where those of a brought one lie, below 0 nowhere.
    """

    token: int
    values: dict[str, Any]
    links: Mapping[str, int] = field(default_factory=lambda: NOTHING)
    changes: Mapping[str, Any] = field(default_factory=lambda: NOTHING)
    said: frozenset[str] = frozenset()
    sheet: str = ""
    row: int = 0
    shelf: int = -1

    def put(self, name: str, value: Any) -> None:
        """Take a value in; of a kept one it is a change."""
        self.values[name] = value
        self.shelf = -1
        if self.id:
            self.changes = {**self.changes, name: value}

    def says_otherwise(self, values: Mapping[str, Any], names: Iterable[str]) -> bool:
        """Whether it and these values differ in one of these fields, where both say something."""
        said = ((values.get(name), self.values.get(name)) for name in names)
        return any(one is not None and other is not None and one != other for one, other in said)

    @classmethod
    def kept(cls, stored: Mapping[str, Any]) -> "Known":
        """One that is kept, by the row that holds it."""
        return cls(stored["id"], {name: value for name, value in stored.items() if value is not None and value != ()})

    @property
    def id(self) -> int:
        """Its id; 0 where the file brings it."""
        return max(self.token, 0)


@dataclass(slots=True)
class Gathered:
    """What a file does to records of one kind: those that several rows are about, those of one row each."""

    kind: type[Record]
    known: list[Known]
    new: Spool[NewRecord]
    changed: Spool[ChangedRecord]
    brought: int
    shelf: Shelf

    def added(self) -> Iterator[NewRecord]:
        """The new ones, those that several rows are about first, in the order of their tokens."""
        for known in self.known:
            if not known.id:
                values = known.values if known.shelf < 0 else self.shelf.get(known.shelf)
                yield NewRecord(known.sheet, known.row, values, known.links)
        yield from self.new
