"""Record, the thing that officers keep: a mapped class made of declared fields, with its own rules."""

import enum
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any, ClassVar, Self, TypeVar, cast

from sqlalchemy import ColumnElement, Date, Enum, Float, MetaData, Select, Table, Text, Time, func, literal_column, or_
from sqlalchemy import type_coerce as typed
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute, Mapped, declared_attr, mapped_column

from grants_app import wording
from grants_app.errors import Problem
from grants_app.records.fields import (
    OWN_KINDS,
    Extra,
    Field,
    Instant,
    Kind,
    Pence,
    Value,
    declared,
    own_field,
    own_merged,
)

_T = TypeVar("_T")
LONGEST = {Kind.TEXT: 500, Kind.LONG: 100_000}
"""The longest text a field takes where it says nothing else, in characters."""


class Stored(DeclarativeBase):
    """Everything kept in the file; what officers see of it is a Record."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        Decimal: Pence,
        datetime: Instant,
        date: Date,
        time: Time,
        str: Text,
        float: Float,
        dict[str, Any]: Extra,
        enum.Enum: Enum(
            enum.Enum,
            native_enum=False,
            create_constraint=False,
            length=40,
            values_callable=lambda e: [m.value for m in e],
        ),
    }


class Record(Stored):
    """A thing the officers keep. Its class says what it is called and how it is named; its fields say the rest.

    `noun`, `plural`: its name on screen. `prefix`, `digits`: its references (ORG-0001). `caption`: the field that
    names a record of this kind. `check()` yields what is wrong across its own fields.
    """

    __abstract__ = True
    __table_args__: Any = {"sqlite_autoincrement": True}
    noun: ClassVar[str]
    plural: ClassVar[str]
    prefix: ClassVar[str]
    digits: ClassVar[int] = 4
    caption: ClassVar[str] = "title"

    id: Mapped[int] = mapped_column(primary_key=True, sort_order=-3)
    reference: Mapped[str] = mapped_column(Text, unique=True, sort_order=-2, nullable=False)
    version: Mapped[int] = mapped_column(sort_order=-1, nullable=False)
    own: Mapped[dict[str, Any] | None] = mapped_column(Extra, sort_order=1000, active_history=True)
    """Values of the officers' own columns by name, as history keeps them; set whole, or by `put`."""

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        """Let SQLAlchemy count versions, so that each stored change of a record has its number."""
        return {"version_id_col": cls.version}

    @classmethod
    def slug(cls) -> str:
        """How the command line calls this kind: `adviser-reviews`."""
        return cls.plural.lower().replace(" ", "-")

    @classmethod
    @cache
    def fields(cls) -> Mapping[str, Field]:
        """The declared fields by name, in the order of their declaration."""
        columns = cls.__table__.columns
        return {c.key: declared(c.key, c.type, c.info) for c in columns if "options" in c.info}

    @classmethod
    def field_named(cls, name: str) -> Field | None:
        """The field of that name, with or without `_id`, or of that label; None if there is none.

        The name of an own column (`own:money:Match funding`) gives its field, whether or not a file has it.
        """
        fields, own = cls.fields(), own_field(name, cls.__tablename__)
        if own is not None:
            return own
        wanted = wording.folded(name)
        return fields.get(name) or next(
            (
                f
                for f in fields.values()
                if wanted in (wording.folded(f.name), wording.folded(f.key), wording.folded(f.label))
            ),
            None,
        )

    @classmethod
    def field_of(cls, name: str) -> Field:
        """The field of that very name, an own column's included; KeyError if there is none."""
        return own_field(name, cls.__tablename__) or cls.fields()[name]

    @classmethod
    def column(cls, name: str) -> InstrumentedAttribute[Any]:
        """The mapped attribute of that name, for queries; of an own column, the expression of its value."""
        own = own_field(name)
        if own is None:
            return getattr(cls, name)  # type: ignore[no-any-return]
        value = func.json_extract(cls.own, literal_column(own_path(name)))
        return typed(value, OWN_KINDS[own.kind])  # type: ignore[return-value]

    @classmethod
    def in_programmes(cls, programmes: Select[int]) -> ColumnElement[bool] | None:
        """What makes a record belong to one of these programmes; None where kind and programme have nothing to do."""
        if "programme_id" in cls.fields():
            return cls.column("programme_id").in_(programmes)
        return None

    def problems(self, *, lenient: bool = False) -> Iterator[Problem]:
        """What is wrong with this record by its fields, then by `check()`.

        `lenient`, for history brought in by import: only a missing required value stops, all else warns.
        """
        return record_problems(type(self), self, lenient=lenient)

    def check(self) -> Iterable[Problem]:
        """What is wrong across this record's own fields; reads no other record."""
        return ()

    @classmethod
    def settled(cls, record: Any) -> Collection[str]:  # noqa: ARG003 - read by the kinds that settle something
        """Names of the fields that stand while a record is as it is (approved, say); reads its own columns only."""
        return ()

    @classmethod
    def way_back(cls, record: Any) -> str:  # noqa: ARG003 - as above
        """What has to be done before a settled field may change: it follows "… stands while …: ", then "first"."""
        return "reverse that"

    def get(self, name: str) -> Any:
        """The value of a field, an own column's included."""
        own = own_field(name)
        return getattr(self, name) if own is None else own.restored((self.own or {}).get(name))

    def put(self, name: str, value: Value) -> None:
        """Set a field, an own column's included: what the other own columns hold stays."""
        if own_field(name) is None:
            setattr(self, name, value)
        else:
            self.own = own_merged(self.own, {name: value})

    def copy_values(self) -> dict[str, Value]:
        """The declared values by field name, and `own`."""
        return {name: getattr(self, name) for name in (*self.fields(), "own")}

    def __repr__(self) -> str:
        """The kind and reference: never a person's data, for logs."""
        return f"<{type(self).__name__} {self.reference}>"

    @classmethod
    def kinds(cls) -> Sequence[type[Self]]:
        """Every declared kind of record, in the order of `records/__init__.py`."""
        return [kind for kind in cls.__subclasses__() if "__tablename__" in kind.__dict__]


def record_problems(
    kind: type[Record], record: Any, *, lenient: bool = False, given: Iterable[str] | None = None
) -> Iterator[Problem]:
    """As `Record.problems`, for anything that has the kind's attributes (a row of a bulk import, say).

    `given` are the fields that were filled in, where all others stand at their defaults.
    """
    bounds = _bounds(kind) if given is None else _bounds_of(kind, tuple(given))
    for name, field, required, least, most, longest in bounds:
        value = getattr(record, name)
        if value is None or value in ("", ()):
            found = required
        elif longest is not None:
            found = len(value) > longest
        else:
            found = (least is not None and value < least) or (most is not None and value > most)
        problem = field_problem(field, value) if found else None
        if problem:
            yield problem
    for name, value in (record.own or {}).items():
        if isinstance(value, str) and len(value) > LONGEST[Kind.TEXT]:
            yield from filter(None, [field_problem(kind.field_of(name), value)])
    for problem in kind.check(record):
        yield Problem(problem.field, problem.sentence, stops=False) if lenient else problem


_Bound = tuple[str, Field, bool, Any, Any, int | None]


@lru_cache(maxsize=1000)
def _bounds_of(kind: type[Record], given: tuple[str, ...]) -> tuple[_Bound, ...]:
    """Those fields of `_bounds` that may have a problem where these are given."""
    wanted = set(given)
    return tuple(b for b in _bounds(kind) if b[0] in wanted or (b[2] and b[1].default in (None, "", ())))


@cache
def _bounds(kind: type[Record]) -> tuple[_Bound, ...]:
    """Of each field, what `record_problems` needs to pass over a sound value at once: it is asked a million times."""
    words = {Kind.TEXT, Kind.LONG}
    return tuple(
        (
            name,
            field,
            field.required,
            None if field.kind in words else field.minimum,
            None if field.kind in words else field.maximum,
            (field.maximum or LONGEST[field.kind]) if field.kind in words else None,
        )
        for name, field in kind.fields().items()
    )


def field_problem(field: Field, value: Value) -> Problem | None:
    """What is wrong with one value by its field alone: missing, too long, or beyond its limits."""
    if value is None or value in ((), ""):
        return Problem(field.name, f"{field.label} is needed") if field.required else None
    if isinstance(value, str):
        longest = field.maximum or LONGEST.get(field.kind, LONGEST[Kind.TEXT])
        if len(value) > longest:
            return Problem(field.name, f"{field.label} has {len(value):,} characters; at most {longest:,} fit")
        return None
    if field.minimum is not None and value < field.minimum:
        return Problem(field.name, f"{field.label} must be {field.text(field.minimum)} or more")
    if field.maximum is not None and value > field.maximum:
        return Problem(field.name, f"{field.label} must be {field.text(field.maximum)} or less")
    return None


def own_path(name: str) -> str:
    """Where the value of an own column stands in `Record.own`, as a literal of SQL."""
    quoted = name.replace("'", "''")
    return f"'$.\"{quoted}\"'"


def written_as(column: ColumnElement[Any] | InstrumentedAttribute[Any], texts: Iterable[str]) -> ColumnElement[bool]:
    """Which rows hold one of these texts, in capitals or not."""
    folded = {text.casefold() for text in texts}
    plain = {text for text in folded if text.isascii()}  # which the database's own lower() folds, in half the time
    ways = [func.lower(column).in_(sorted(plain))] if plain or not folded else []
    ways += [func.casefold(column).in_(sorted(folded - plain))] if folded - plain else []
    return or_(*ways)


def batches(items: Sequence[_T], size: int = 500) -> Iterator[Sequence[_T]]:
    """The items, so many at a time: as many ids as one statement takes, or a page of rows."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def table_of(kind: type[Stored]) -> Table:
    """The table that keeps a kind, for statements that go past the models."""
    return cast("Table", kind.__table__)


def kind_named(name: str) -> type[Record] | None:
    """The kind of record of that table name, title, plural or class name, in any case; None if there is none."""
    wanted = wording.folded(name)
    for kind in Record.kinds():
        if wanted in {wording.folded(word) for word in (kind.__tablename__, kind.noun, kind.plural, kind.__name__)}:
            return kind
    return None


def ordered(record: Any, first: str, last: str, label: str, *, than: str) -> Iterator[Problem]:
    """A problem at field `last` where it is before field `first`, which the sentence calls `than`: "the start"."""
    start, end = getattr(record, first), getattr(record, last)
    if start and end and end < start:
        shown = wording.date_text(start) if isinstance(start, date) else str(start)
        yield Problem(last, f"{label} must be the same as or after {shown}, {than}")
