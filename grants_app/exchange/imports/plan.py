"""What an import asks of an officer, and what they decide, as plain data: given to a preview, changed, given again."""

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import NamedTuple

from grants_app import wording


class Clashing(enum.Enum):
    """What becomes of rows that share an identifier and differ."""

    INSTALMENTS = "instalments"
    SEPARATE = "separate"
    SKIP = "skip"

    @property
    def words(self) -> str:
        """As the officer chooses it."""
        return {
            Clashing.INSTALMENTS: "Instalments of one grant: the amounts are added up",
            Clashing.SEPARATE: "Separate grants: the later ones get -2, -3 after the identifier",
            Clashing.SKIP: "Skip them all",
        }[self]


@dataclass(frozen=True, slots=True)
class TablePlan:
    """What is decided about one table: left out, its main kind (a table name; blank: as suggested), its columns.

    `targets` are by the place of the column in the table (from 0); columns that are not named go as suggested, and so
    do `points` (whether its amounts have points between their thousands). `same`: by target, as typed, what every new
    record has where no column goes to that target.
    """

    left_out: bool = False
    kind: str = ""
    targets: Mapping[int, str] = field(default_factory=dict)
    points: Mapping[int, bool] = field(default_factory=dict)
    same: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that is decided; what is not decided goes as suggested.

    `tables` by `Table.name`. `programme`: reference of the programme of rows that name none ("": the only one, or one
    named after the file), `takes_all`: of every row, whatever it names. `likenesses`: by `Likeness.key`, the reference
    of the record that it is, or "" for a new one. `spellings`: by `likeness_key` of a name that only the file has, the
    name under which it goes in, as others do, or "" where it stands by itself. `clashes` by `Clash.key`; `all_clashes`
    for those without an answer of their own. `all_or_nothing`: nothing is stored while a row is faulty. `kind`: the
    main kind (a table name) of every table for which no other is decided; `same`: what `TablePlan.same` is, for every
    table that lacks it.
    """

    tables: Mapping[str, TablePlan] = field(default_factory=dict)
    programme: str = ""
    takes_all: bool = True
    likenesses: Mapping[str, str] = field(default_factory=dict)
    spellings: Mapping[str, str] = field(default_factory=dict)
    clashes: Mapping[str, Clashing] = field(default_factory=dict)
    all_clashes: Clashing | None = None
    all_or_nothing: bool = False
    kind: str = ""
    same: Mapping[str, str] = field(default_factory=dict)

    def of(self, table: str) -> TablePlan:
        """What is decided about the table of that name."""
        return self.tables.get(table, TablePlan())

    def with_table(self, table: str, decided: TablePlan) -> "Plan":
        """The same, with this decided about one table."""
        return replace(self, tables={**self.tables, table: decided})

    def with_target(self, table: str, place: int, target: str) -> "Plan":
        """The same, with one column of a table sent elsewhere: a target of `mapping`; "" leaves it out."""
        decided = self.of(table)
        return self.with_table(table, replace(decided, targets={**decided.targets, place: target}))

    def with_same(self, table: str, target: str, typed: str) -> "Plan":
        """The same, with one value for every new record of a table; a blank takes it back."""
        decided = self.of(table)
        return self.with_table(table, replace(decided, left_out=False, same={**decided.same, target: typed}))

    def with_points(self, table: str, place: int, *, points: bool) -> "Plan":
        """The same, with points between the thousands of one column, or with none."""
        decided = self.of(table)
        return self.with_table(table, replace(decided, points={**decided.points, place: points}))

    def with_likeness(self, key: str, reference: str) -> "Plan":
        """The same, with an answer to a likeness: the reference of the record that it is, or "" for a new one."""
        return replace(self, likenesses={**self.likenesses, key: reference})

    def with_spellings(self, keys: Iterable[str], called: str) -> "Plan":
        """The same, with these names going in under one name; "" where each stands by itself."""
        return replace(self, spellings={**self.spellings, **dict.fromkeys(keys, called)})

    def with_clash(self, key: str, chosen: Clashing) -> "Plan":
        """The same, with an answer to one clash."""
        return replace(self, clashes={**self.clashes, key: chosen})


def likeness_key(kind: str, name: str) -> str:
    """How a plan names what is asked of a name: the table name of its kind, and the name folded."""
    return f"{kind}:{wording.folded(name) or name}"


class Likeness(NamedTuple):
    """A name in the file that is like that of a kept record: the officer says whether they are the same.

    `key` is for `Plan.likenesses`; `said` is the name in the file, `called` that of the kept one; `score` 0 to 100.
    `answer` is what was decided so far (a reference, "" for a new record); `remembered`: with an earlier file.
    """

    key: str
    kind: str
    said: str
    reference: str
    called: str
    score: float
    sheet: str
    row: int
    answer: str | None = None
    remembered: bool = False


class Spelling(NamedTuple):
    """A name as rows of the file write it: its key for `Plan.spellings`, how many rows, their pounds, the first row."""

    key: str
    name: str
    rows: int
    pounds: Decimal
    sheet: str
    row: int

    @property
    def words(self) -> str:
        """“The Body” (3 rows, £30,000)."""
        return f"“{self.name}” ({self.counted})"

    @property
    def counted(self) -> str:
        """3 rows, £30,000."""
        money = f", {wording.money_text(self.pounds)}" if self.pounds else ""
        return wording.counted(self.rows, "row") + money


class Namesakes(NamedTuple):
    """New names of the file that look alike: the officer says which of them are one record, and what it is called.

    The one of most rows stands first. `called` is what was decided so far ("" where each stands by itself), `apart`
    the keys of those that were left out of it.
    """

    kind: str
    spellings: tuple[Spelling, ...]
    called: str | None = None
    apart: frozenset[str] = frozenset()

    @property
    def key(self) -> str:
        """What tells it from other questions."""
        return self.spellings[0].key


class Clash(NamedTuple):
    """Rows that share an identifier and differ: the officer chooses. `key` is for `Plan.clashes`.

    `rows` are (sheet, row); `columns` the titles under which they differ; `pounds` the amount of each row; `chosen`
    what was decided so far.
    """

    key: str
    identifier: str
    rows: tuple[tuple[str, int], ...]
    columns: tuple[str, ...]
    pounds: tuple[Decimal | None, ...]
    chosen: Clashing | None = None
