"""Where a column of a file may go, in words to choose from: fields of any kind, own columns, nowhere."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from grants_app.exchange.imports import mapping
from grants_app.exchange.imports.importing import TableFound
from grants_app.exchange.imports.mapping import KEEP, LEAVE, Mapped
from grants_app.exchange.imports.vocabulary import KINDS
from grants_app.exchange.sources.contents import Sort
from grants_app.records import Field, Kind, Payment, Record, kind_named
from grants_app.store import own
from grants_app.ui.marks import Mark

LEFT_OUT = "Leave out"
Own = Mapping[str, Sequence[Field]]
"""The columns of their own that each kind of record has, by its table name."""
_HOW = {
    "title": Mark("By its title", "disc", "good"),
    "like title": Mark("Like its title", "half", "warning"),
    "content": Mark("By what it holds", "half", "warning"),
    "remembered": Mark("As last time", "tick", "plain"),
    "officer": Mark("You chose", "tick", "accent"),
}
_KEPT, _LEFT, _NEW = (
    Mark("Kept beside", "dash", "plain"),
    Mark("Left out", "dash", "plain"),
    Mark("New column", "ring", "accent"),
)
_POINTS = Mark("Look at its points", "half", "warning")
UNSURE = {_HOW["like title"].words, _HOW["content"].words, _NEW.words, _POINTS.words}
"""What stands beside a column whose place an officer had better look at."""


@dataclass(frozen=True)
class Target:
    """One place where a column may go, and how officers read it."""

    target: str
    words: str


def mark(column: Mapped, known: Own) -> Mark:
    """How a column's place was found, as a word with a shape."""
    if column.why == "officer":
        return _HOW["officer"]
    if column.target in (KEEP, LEAVE):
        return _KEPT if column.target == KEEP else _LEFT
    if Sort.PERHAPS_POINTED.value in column.sorts and mapping.is_money(column.target) and not column.points:
        return _POINTS
    kind, _, name = column.target.partition(".")
    if name.startswith("own:") and name not in {field.name for field in known.get(kind, ())}:
        return _NEW
    return _HOW.get(column.why, _HOW["title"])


def offered(table: TableFound, column: Mapped, known: Own) -> list[Target]:
    """Every place that a column of a table may go: nowhere, then fields and new columns, its own kinds first."""
    found = [Target(LEAVE, LEFT_OUT)]
    if "grant" in table.kinds or "organisation" in table.kinds:
        found.append(Target(KEEP, replace(column, target=KEEP).words))
    for kind in _ordered(table):
        found += _fields(kind, known)
        if kind.__tablename__ in (table.kind, *table.kinds):
            found += _new(kind, column, known)
        if kind is Payment and "grant" in table.kinds:
            found += _numbered(table)
    if table.giving:
        found += [Target(name, words) for name, words in mapping.targets().items() if name.startswith("giving:")]
    if column.target not in {one.target for one in found}:
        found.append(Target(column.target, column.words))
    return found


def _new(kind: type[Record], column: Mapped, known: Own) -> Iterator[Target]:
    label, name = own.tidied(column.title), kind.__tablename__
    there = {field.name for field in known.get(name, ())}
    for sort, words in own.SORTS.items():
        target = f"own:{sort.value}:{label}"
        if label and target not in there:
            yield Target(f"{name}.{target}", f"{kind.noun}: new column ({words.lower()})")


def _numbered(table: TableFound) -> Iterator[Target]:
    """The fields of the payments that one row may hold: those that there are, and one more."""
    prefix = f"{Payment.__tablename__}:"
    keys = {mapping.key_of(column.target) for column in table.mapping.columns}
    most = max((int(key.removeprefix(prefix)) for key in keys if key.startswith(prefix)), default=0)
    for number in range(1, most + 2):
        for field in Payment.fields().values():
            if field.kind not in (Kind.EXTRA, Kind.LINK):
                yield Target(f"{prefix}{number}.{field.name}", f"{Payment.noun} {number}: {field.label}")


def _ordered(table: TableFound) -> list[type[Record]]:
    """The kinds as they are likely: the table's main one, its others, those that they refer to, the rest."""
    names = [table.kind, *table.kinds]
    names += [field.to for name in names if (kind := kind_named(name)) for field in kind.fields().values() if field.to]
    likely = [kind for name in dict.fromkeys(names) if (kind := kind_named(name)) is not None]
    return [*likely, *(kind for kind in KINDS if kind not in likely)]


def _fields(kind: type[Record], known: Own) -> Iterator[Target]:
    name = kind.__tablename__
    yield Target(f"{name}.reference", f"{kind.noun}: Reference")
    for field in kind.fields().values():
        if field.kind is not Kind.EXTRA:
            yield Target(f"{name}.{field.name}", f"{kind.noun}: {field.label}")
    for field in known.get(name, ()):
        yield Target(f"{name}.{field.name}", f"{kind.noun}: {field.label} (a column of your own)")
