"""What an officer decides about an import, as plain data: given to a preview, changed, and given again."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field, replace


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

    `targets` are by the place of the column in the table (from 0); columns that are not named go as suggested.
    """

    left_out: bool = False
    kind: str = ""
    targets: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that is decided; what is not decided goes as suggested.

    `tables` by `Table.name`. `programme`: reference of the programme of rows that name none ("": the only one, or one
    named after the file), `takes_all`: of every row, whatever it names. `likenesses`: by `Likeness.key`, the reference
    of the record that it is, or "" for a new one. `clashes` by `Clash.key`; `all_clashes` for those without an answer
    of their own. `all_or_nothing`: nothing is stored while a row is faulty. `kind`: the main kind (a table name) of
    every table for which no other is decided.
    """

    tables: Mapping[str, TablePlan] = field(default_factory=dict)
    programme: str = ""
    takes_all: bool = True
    likenesses: Mapping[str, str] = field(default_factory=dict)
    clashes: Mapping[str, Clashing] = field(default_factory=dict)
    all_clashes: Clashing | None = None
    all_or_nothing: bool = False
    kind: str = ""

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

    def with_likeness(self, key: str, reference: str) -> "Plan":
        """The same, with an answer to a likeness: the reference of the record that it is, or "" for a new one."""
        return replace(self, likenesses={**self.likenesses, key: reference})

    def with_clash(self, key: str, chosen: Clashing) -> "Plan":
        """The same, with an answer to one clash."""
        return replace(self, clashes={**self.clashes, key: chosen})
