"""Which column goes into which field: found from the declarations, open to the officer's changes.

A Mapping is plain data. A target is `kind.field` of any kind (`grant.title`, `engagement.held_on`), or `kind:2.field`
where a row holds several records of the kind (`payment:2.amount` of a grant's row), `kind.reference`, a
column of the officer's own (`engagement.own:money:Match funding`), one of the words that an importer knows by itself
(`giving:…`), KEEP (kept beside the record, under its key), or LEAVE.
"""

from collections.abc import Iterable, Sequence
from collections.abc import Mapping as Dict
from dataclasses import dataclass, replace
from functools import cache

from grants_app import wording
from grants_app.exchange.giving import standard
from grants_app.records import RECORDS, Field, Grant, Kind, Organisation, Programme, Record

KINDS = (Grant, Organisation, Programme)
CURRENCY, LOCATION, ADDRESS, OPEN_CALL, PROGRAMME_CODE = (
    "giving:currency", "giving:location", "giving:address", "giving:open call", "giving:programme code",
)  # fmt: skip
KEEP, LEAVE = "keep", ""
"""Targets of a column that is kept as it is beside the record, and of one that the officer leaves out."""
CALLED = "called"
"""In the place of a field: what an export of another file calls a record, by which only its own rows refer to it."""
HIDDEN_ID, HIDDEN_VERSION = "ours:id", "ours:version"
"""Targets of the hidden columns that our own exports carry."""
_SPECIAL = {
    "currency": CURRENCY,
    "fromOpenCall": OPEN_CALL,
    "grantProgramme/0/code": PROGRAMME_CODE,
    "recipientOrganization/0/streetAddress": ADDRESS,
    "recipientOrganization/0/addressLocality": ADDRESS,
    "recipientOrganization/0/addressRegion": ADDRESS,
    "recipientOrganization/0/alternateName": "organisation.known_as",
    "recipientIndividual/id": "organisation.identifier",
    "recipientIndividual/name": "organisation.name",
}
_SPECIAL_WORDS = {
    CURRENCY: "Checked: pounds only",
    LOCATION: "Grant: Boroughs",
    ADDRESS: "Organisation: Address",
    OPEN_CALL: "Grant: Award route",
    PROGRAMME_CODE: "Programme: Short name",
}
_LOCATIONS = {"name", "geoCode", "countryCode"}


def split(target: str) -> tuple[str, str]:
    """A target's kind (its table name) and its field; blanks for one that is not a field of a record."""
    key, dot, name = target.partition(".")
    kind = key.partition(":")[0]
    return (kind, name) if dot and _kind(kind) is not None else ("", "")


def key_of(target: str) -> str:
    """Which record of its row a target is of: its kind's table name, with its number where there are several."""
    return target.partition(".")[0]


@cache
def field_of(kind: str, name: str) -> Field:
    """The field that a target names, a column of the officer's own too; ValueError if the kind has no such field."""
    record = _kind(kind)
    found = record.field_named(name) if record is not None else None
    if found is None:
        raise ValueError(f"{kind}.{name}")
    return found


def own_target(kind: str, sort: str, title: str) -> str:
    """The target of a column of the officer's own: `engagement.own:money:Match funding`."""
    return f"{kind}.own:{sort}:{title}"


def is_money(target: str) -> bool:
    """Whether a target is a field of amounts."""
    kind, name = split(target)
    return bool(kind) and name not in ("reference", CALLED) and field_of(kind, name).kind is Kind.MONEY


@cache
def _kind(table: str) -> type[Record] | None:
    return next((kind for kind in RECORDS if kind.__tablename__ == table), None)


@dataclass(frozen=True, slots=True)
class Mapped:
    """One column: its place in the row (from 0), its title in the file, its target, and its key where it is kept.

    `letter` is its column in the file ("C"; blank where the file has none). `why` says what the target was found by:
    "remembered", "title", "like title", "content", "officer", or blank. `sorts` is what its cells look like (the words
    of `contents.looks`), `samples` the first different ones as text. `points`: its amounts have points between their
    thousands, 1.000 for £1,000. `aside`: most of its cells cannot be read; those are kept beside the record.
    """

    place: int
    title: str
    target: str
    key: str
    letter: str = ""
    why: str = ""
    sorts: frozenset[str] = frozenset()
    samples: tuple[str, ...] = ()
    points: bool = False
    aside: bool = False

    @property
    def words(self) -> str:
        """Where it goes, as officers read it: "Grant: Title"; "Kept with the grant" where it has no field."""
        kind, name = split(self.target)
        found = _kind(kind)
        if found is not None:
            label = "Reference" if name in ("reference", CALLED) else field_of(kind, name).label
            number = key_of(self.target).partition(":")[2]
            noun = f"{found.noun} {number}" if number else found.noun
            return f"{noun}: {label}{' (a column of your own)' if name.startswith('own:') else ''}"
        if self.target in (LEAVE, HIDDEN_ID, HIDDEN_VERSION):
            return "Left out" if self.target == LEAVE else "Which record it is"
        owner = "organisation" if standard.belongs_to(self.title).startswith("recipient") else "grant"
        return _SPECIAL_WORDS.get(self.target, f"Kept with the {owner}")


@dataclass(frozen=True, slots=True)
class Mapping:
    """All columns of one sheet; columns whose title starts with # are left out, as the standard has it."""

    columns: tuple[Mapped, ...]

    @property
    def kinds(self) -> frozenset[str]:
        """Table names of the kinds of record that some column goes to."""
        return frozenset(split(column.target)[0] for column in self.columns) - {""}

    @property
    def own_targets(self) -> tuple[str, ...]:
        """The targets that are columns of the officer's own."""
        return tuple(column.target for column in self.columns if ".own:" in column.target)

    def place_of(self, target: str) -> int | None:
        """The place of the first column with that target."""
        return next((column.place for column in self.columns if column.target == target), None)

    def changed(self, targets: Dict[int, str]) -> "Mapping":
        """The same with other targets for some places, as an officer chose them."""
        return Mapping(tuple(_sent(column, targets.get(column.place)) for column in self.columns))

    def pointed(self, points: Dict[int, bool]) -> "Mapping":
        """The same, with points between the thousands of some places or none, as an officer said."""
        return Mapping(tuple(replace(c, points=points.get(c.place, c.points)) for c in self.columns))

    @property
    def targets(self) -> dict[int, str]:
        """The target of each column by its place, as a TablePlan has them."""
        return {column.place: column.target for column in self.columns}


def _sent(column: Mapped, target: str | None) -> Mapped:
    return (
        column
        if target in (None, column.target)
        else replace(column, target=target or LEAVE, why="officer", aside=False)
    )


def suggest(headings: Sequence[str]) -> Mapping:
    """The mapping of these titles: by the standard's titles and paths first, then by the fields' other names."""
    columns = [
        Mapped(place, title, _standard(title), standard.path_of(title) or title)
        for place, title in enumerate(headings)
        if not title.startswith("#")
    ]
    columns = _one_each(columns)
    taken = {column.target for column in columns}
    found = []
    for column in columns:
        target = column.target or (
            "" if standard.path_of(column.title) else _aliases().get(wording.folded(column.title), "")
        )
        free = bool(column.target) or target not in taken
        taken.add(target)
        found.append(replace(column, target=(target if free else "") or KEEP))
    return Mapping(tuple(found))


def targets() -> dict[str, str]:
    """Every target that a column may be given, and how officers read it: what the preview offers for choice."""
    fields = {target: Mapped(0, "", target, "").words for target in [*_declared().values(), "organisation.known_as"]}
    return {**fields, **_SPECIAL_WORDS}


def known(title: str) -> bool:
    """Whether a title of this name has a place in the standard: what headings are recognised by."""
    return bool(standard.path_of(title))


def _standard(title: str) -> str:
    path = standard.path_of(title)
    if path.startswith("beneficiaryLocation/") and path.rsplit("/", 1)[1] in _LOCATIONS:
        return LOCATION
    return _SPECIAL.get(path) or _declared().get(path, "")


def _one_each(columns: Iterable[Mapped]) -> list[Mapped]:
    """No two columns for one field (an address and the places have several): the first has it, the rest are kept.

    A recipient is an organisation or an individual, so that both may have their columns.
    """
    seen = set()
    kept = []
    for column in columns:
        mark = column.target, column.key.startswith("recipientIndividual/")
        twice = mark in seen and column.target not in {"", ADDRESS, LOCATION}
        kept.append(replace(column, target="", key=column.title) if twice else column)
        seen.add(mark)
    return kept


@cache
def _declared() -> dict[str, str]:
    return {
        field.giving: f"{kind.__tablename__}.{name}"
        for kind in KINDS
        for name, field in kind.fields().items()
        if field.giving and field.kind is not Kind.CHOICE
    }


@cache
def _aliases() -> dict[str, str]:
    """Other names of the fields that an import may fill; a title that several kinds claim is nobody's."""
    found: dict[str, str] = {}
    for kind in KINDS:
        for name, field in kind.fields().items():
            for alias in field.aliases:
                folded = wording.folded(alias)
                found[folded] = "" if folded in found else f"{kind.__tablename__}.{name}"
    return found
