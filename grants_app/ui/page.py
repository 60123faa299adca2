"""A page as it is declared: which kind of record, which columns, sections, actions and related lists it shows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Protocol, runtime_checkable

from PySide6.QtWidgets import QWidget
from sqlalchemy.orm import Session

from grants_app.records import Kind, Record
from grants_app.store import Changes
from grants_app.store.listing import Condition
from grants_app.ui.badges import Badge, badge_of
from grants_app.ui.columns import Bullets
from grants_app.ui.desk import Desk

Sections = Mapping[str, Sequence[str]]


def _always(_record: Record) -> bool:
    return True


def _none(*_given: object) -> Sequence[Any]:
    return ()


def later(module: str, name: str) -> Callable[..., Any]:
    """A function of a page's module that is read when it is first called, so that starting does not pay for it."""

    def call(*given: Any) -> Any:
        return getattr(import_module(f"grants_app.ui.pages.{module}"), name)(*given)

    return call


@dataclass(frozen=True)
class Action:
    """What can be done to one record: its words ("Award…"), what it does, and on which records it can be done.

    The first that can be done of those that are `next` stands in the record's head as a button.
    """

    words: str
    run: Callable[[Desk, Record, QWidget], None]
    when: Callable[[Record], bool] = _always
    next: bool = False


@dataclass(frozen=True)
class Related:
    """A tab with the records of another kind that belong to a record: their `field` links to it, or is about it."""

    title: str
    kind: type[Record]
    field: str
    columns: tuple[str, ...]
    sort: tuple[tuple[str, bool], ...] = ()
    adds: bool = True


class Belonging(Protocol):
    """What stands in a tab of its own: it is told which record is shown, and of what changed meanwhile."""

    def show_of(self, record: Record, loaded: Any) -> None:
        """Show what belongs to this record; `loaded` is the record as its form has it."""

    def changed(self, changes: Changes) -> None:
        """Read again what is concerned."""


@runtime_checkable
class WorkedIn(Protocol):
    """A tab in which something is typed that it stores by itself when it is left."""

    @property
    def dirty(self) -> bool:
        """Whether something is typed that is not stored."""

    def save(self) -> bool:
        """Store it; false if some of it cannot be read."""


@dataclass(frozen=True)
class Part:
    """A tab made by hand in which something is worked on; `make` builds its widget, which is a `Belonging`."""

    title: str
    make: Callable[[Desk], Any]


@dataclass(frozen=True)
class Lead:
    """A line under a record's head that leads to another: its words, that one's kind and id, and what it is called."""

    words: str
    kind: type[Record]
    id: int
    called: str
    badge: Badge


@dataclass(frozen=True)
class Leads:
    """What holds a record up and stands elsewhere: `read` finds it; a change of what it `involves` is read anew."""

    read: Callable[[Session, int], Sequence[Lead]]
    involves: tuple[type[Record], ...]


@dataclass(frozen=True)
class KeyFigure:
    """One large figure in a record's head, and the small words under it."""

    head: str
    figure: str
    words: str = ""


@dataclass(frozen=True)
class Overview:
    """A tab made by hand: `read` gathers what it shows, off the window's thread; `make` builds the widget from it."""

    title: str
    read: Callable[[Session, int], object]
    make: Callable[[Desk, object], QWidget]
    involves: tuple[type[Record], ...] = ()


@dataclass(frozen=True)
class Page:
    """One kind of record in the window; what it does not say is generated from the fields.

    `views` are lists that it offers by name, the first one shown at first; `chips` are short words for their filters;
    `badges` are the fields whose pills stand in a record's head, `flags` what more is marked there; `told` are the
    lines under them, from the record and the names of what it refers to; `leads` those that lead to another record;
    `figures` the large figures.
    """

    kind: type[Record]
    icon: str
    group: str
    columns: tuple[str, ...]
    sections: Sections = field(default_factory=dict)
    actions: tuple[Action, ...] = ()
    related: tuple[Related, ...] = ()
    parts: tuple[Part, ...] = ()
    overviews: tuple[Overview, ...] = ()
    views: Mapping[str, tuple[Condition, ...]] = field(default_factory=dict)
    chips: Mapping[Condition, str] = field(default_factory=dict)
    bullets: Bullets = field(default_factory=dict)
    sort: tuple[tuple[str, bool], ...] = ()
    empty: str = ""
    title: str = ""
    badges: tuple[str, ...] = ("status",)
    flags: Callable[[Record], Sequence[Badge]] = _none
    told: Callable[[Record, Mapping[str, str]], Sequence[str]] = _none
    leads: Leads | None = None
    figures: Callable[[Session, int], Sequence[KeyFigure]] | None = None
    count: Callable[[Session, int | None, str], int] | None = None

    @property
    def key(self) -> str:
        """What the page is called in settings and places."""
        return str(self.kind.__tablename__)

    @property
    def name(self) -> str:
        """What the sidebar and the page's head say."""
        return self.title or self.kind.plural

    def arranged(self) -> Sections:
        """The sections as declared, with every field that they leave out in one of its own."""
        fields = self.kind.fields()
        placed = {name for names in self.sections.values() for name in names}
        over = [name for name, each in fields.items() if name not in placed and each.kind is not Kind.EXTRA]
        if not self.sections:
            return {"": tuple(over)}
        return {**self.sections, "More": tuple(over)} if over else self.sections

    def entry_sections(self) -> Sections:
        """What a new record is asked for: the sections without what only actions may set."""
        fields = self.kind.fields()
        free = {"awarded", "code", "status", "decided_on"}
        found = {
            title: [name for name in names if not fields[name].by_verb or name in free]
            for title, names in self.arranged().items()
        }
        return {title: names for title, names in found.items() if names}

    def badges_of(self, record: Record) -> list[Badge]:
        """The pills in a record's head."""
        values = [getattr(record, name, None) for name in self.badges]
        return [*(badge_of(value) for value in values if value is not None), *self.flags(record)]
