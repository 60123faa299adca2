"""What the check of open data finds: a fault with its record, alike faults as one group, and how many may go out."""

from array import array
from dataclasses import dataclass, field
from typing import NamedTuple

from grants_app import wording
from grants_app.exchange.giving import standard
from grants_app.exchange.giving.standard import sort_of
from grants_app.records import Record

MOST, MOST_ALIKE, FEW = 20_000, 5000, 100
_OTHER_FIELDS = {"recipientOrganization/0/alternateName": "known_as"}


class Fault(NamedTuple):
    """What is wrong with one value, in a sentence: whose it is, its path, and whether the grant cannot go out so.

    `rule` says it of all that have it: "has|have no postcode". What has no record of its own (it is about the whole
    file) has no kind.
    """

    kind: type[Record] | None
    id: int
    reference: str
    path: str
    sentence: str
    rule: str
    stops: bool = True

    @property
    def mended_by_publisher(self) -> bool:
        """Whether it is mended by saying who publishes, or under which licence."""
        return self.kind is None and self.path in {"license", "publisher/name"}

    @property
    def column(self) -> str:
        """The title of the column that it is about."""
        return {"license": "Licence", "publisher/name": "Publisher"}.get(self.path) or standard.title_of(self.path)

    @property
    def field(self) -> str:
        """The name of the record's field that it is about."""
        path = self.path.replace("recipientIndividual/", "recipientOrganization/0/")
        if self.kind is not None and path in _OTHER_FIELDS:
            return _OTHER_FIELDS[path]
        held = (name for name, each in (self.kind.fields() if self.kind else {}).items() if each.giving == path)
        return next(held, "boroughs" if path.startswith("beneficiaryLocation/") else "extra")


@dataclass(slots=True)
class Group:
    """What is wrong in one and the same way: with how many records, and a fault of each, or of the first of many."""

    kind: type[Record] | None
    rule: str
    stops: bool
    count: int = 0
    faults: list[Fault] = field(default_factory=list)

    @property
    def sentence(self) -> str:
        """It in words: 2,162 grants have no description."""
        if self.kind is None:
            return self.rule
        verb, rest = self.rule.split(" ", 1)
        one, _, many = verb.partition("|")
        nouns = self.kind.noun.lower(), self.kind.plural.lower()
        return wording.counted(self.count, f"{nouns[0]} {one} {rest}", f"{nouns[1]} {many} {rest}")

    def named(self, most: int) -> str:
        """The first records by reference, and how many more there are."""
        some = [fault.reference for fault in self.faults[:most]]
        more = self.count - len(some)
        return wording.listed([*some, f"{more:,} more"] if more else some)


@dataclass(slots=True)
class Found:
    """What the check found: how many grants may go out, which cannot as they are, and every fault and note.

    `others`: grants of the list that are not awarded, which are never published. `paths`: every path that something is
    said at, in the order of the standard's template.
    """

    grants: int = 0
    others: int = 0
    stopped: "array[int]" = field(default_factory=lambda: array("q"))
    paths: list[str] = field(default_factory=list)
    _groups: dict[tuple[type[Record] | None, str, bool], Group] = field(default_factory=dict)
    _kept: int = 0

    @property
    def sound(self) -> int:
        """How many grants can go out as they are."""
        return self.grants - len(self.stopped)

    @property
    def groups(self) -> list[Group]:
        """Alike faults together: first what stops grants, and first what is found most."""
        return sorted(self._groups.values(), key=lambda group: (not group.stops, -group.count))

    @property
    def faults(self) -> list[Fault]:
        """Every fault and note that is kept, alike ones together."""
        return [fault for group in self._groups.values() for fault in group.faults]

    @property
    def notes(self) -> int:
        """How many notes there are: what stops no grant."""
        return sum(group.count for group in self._groups.values() if not group.stops)

    @property
    def beside(self) -> list[str]:
        """What goes out that the standard has no column for: whatever came so with an import."""
        return [path for path in self.paths if not sort_of(path)]

    @property
    def extensions(self) -> list[str]:
        """The extensions that the file has to declare."""
        return ["dei"] if any(path.startswith("deiDetails/") for path in self.paths) else []

    def add(self, fault: Fault) -> None:
        """Count a fault, and keep it unless there are very many; notes leave room for what stops."""
        key = fault.kind, fault.rule, fault.stops
        group = self._groups.get(key)
        if group is None:
            group = self._groups[key] = Group(*key)
        group.count += 1
        room = self._kept < (MOST if fault.stops else MOST // 2)
        if len(group.faults) < (MOST_ALIKE if room else FEW):
            group.faults.append(fault)
            self._kept += 1
