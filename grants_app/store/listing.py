"""Lists: filters, sorting, ordered ids, and pages of plain rows, which every list, export and command reads.

A Listing is plain data and loads no record: `ids` once, in order, as an array; then `rows` a page at a time by
primary key.
"""

from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Dialect, Enum, Integer, Select, and_, func, not_, or_, select, type_coerce
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import Session, aliased
from sqlalchemy.types import TypeEngine

from grants_app import clock, wording
from grants_app.errors import Refused
from grants_app.records import Field, Grant, Kind, Record, kind_named
from grants_app.records.base import batches
from grants_app.records.figures import Figure, figures_of, within
from grants_app.records.history import Kept, Link
from grants_app.store import derived, search

OPERATORS = {
    "is": "is",
    "is not": "is not",
    "from": "is at least",
    "to": "is at most",
    "contains": "contains",
    "blank": "is blank",
    "filled": "is filled in",
}
"""What a condition may ask, and how it reads on screen."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One filter: a column, an operator of OPERATORS, and values of which any will do (as in Python, links by id)."""

    column: str
    operator: str = "is"
    values: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a list: its name, label, sort of value, unit, and the field or figure behind it."""

    name: str
    label: str
    kind: Kind
    unit: str = ""
    field: Field | None = None
    figure: Figure | None = None

    @property
    def totalled(self) -> bool:
        """Whether a list adds it up: money and whole numbers, and any number of the officers' own."""
        own = self.field is not None and self.field.own and self.kind is Kind.NUMBER
        return self.sortable and (own or self.kind in (Kind.MONEY, Kind.WHOLE))

    @property
    def sortable(self) -> bool:
        """Whether a list may be sorted by it."""
        return self.figure is None or self.figure.kept

    def text(self, value: Any) -> str:
        """A cell's value as officers read it."""
        if self.field is not None and self.kind not in (Kind.LINK, Kind.ABOUT):
            return self.field.text(value)
        return (
            ""
            if value is None
            else wording.money_text(value)
            if self.kind is Kind.MONEY
            else wording.number_text(value)
            if isinstance(value, int | float)
            else str(value)
        )


@dataclass(frozen=True, slots=True)
class Listing:
    """Which records of a kind, which of their columns, in what order.

    `columns` and `sort` name fields (a link gives the other record's name), "reference", or figures of
    `figures_of(kind)`; `sort` pairs a name with whether it descends. `programme` keeps to one programme and its
    calls; `words` search. With `references`, a link gives the other record's reference instead of its name: for files
    that are read back.
    """

    kind: type[Record]
    columns: tuple[str, ...]
    where: tuple[Condition, ...] = ()
    sort: tuple[tuple[str, bool], ...] = ()
    words: str = ""
    programme: int | None = None
    references: bool = False

    def ids(self, session: Session) -> "array[int]":
        """The ids of all its records, in order."""
        return _as_array(session, self._ids())

    def first(self, session: Session, count: int) -> "array[int]":
        """The first ids only: what fills the screen at once."""
        return _as_array(session, self._ids().limit(count))

    def count(self, session: Session) -> int:
        """How many records it holds."""
        return int(
            session.scalar(
                select(func.count()).select_from(self._filtered(self._joined(select(self.kind.id), [])).subquery())
            )
            or 0
        )

    def rows(self, session: Session, ids: Sequence[int]) -> list[tuple[Any, ...]]:
        """A row for each of these ids, in their order: the id, then the columns. An id that is gone is left out."""
        sql, readers = _row_plan(self.kind, self.columns, clock.today(), references=self.references)
        found: dict[int, tuple[Any, ...]] = {}
        for batch in batches(ids):
            marks = ",".join("?" * len(batch))  # so that the driver knows the statement again at the next page
            stored = list(zip(*_run(session, f"{sql} IN ({marks})", batch), strict=True))
            for place, read in readers if stored else ():
                known = {value: read(value) for value in set(stored[place]) if value is not None}
                stored[place] = tuple(map(known.get, stored[place]))
            found.update(zip(stored[0], zip(*stored, strict=True), strict=True) if stored else ())
        return [found[i] for i in ids if i in found]

    def pages(
        self, session: Session, size: int = 2000, ids: Sequence[int] | None = None
    ) -> Iterator[list[tuple[Any, ...]]]:
        """All its rows, or those of these ids, a page at a time, in order."""
        ids = self.ids(session) if ids is None else ids
        for batch in batches(ids, size):
            yield self.rows(session, batch)

    def totals(self, session: Session, ids: Sequence[int] | None = None) -> dict[str, tuple[Any, int]]:
        """Sum and count of filled cells for each column of money or counts; of these ids, or of all it holds."""
        summed = [column for column in columns_of(self) if column.totalled]
        if not summed:
            return {}
        parts: list[ColumnElement[Any]] = []
        for column in summed:
            expression = _expression(self.kind, column.name)
            parts += [func.sum(type_coerce(expression, Integer)), func.count(expression)]
        sums = [0] * len(parts)
        for batch in [None] if ids is None else map(list, batches(ids, 5000)):
            statement = self._joined(select(*parts).select_from(self.kind), [c.name for c in summed])
            statement = self._filtered(statement) if batch is None else statement.where(self.kind.id.in_(batch))
            sums = [a + (b or 0) for a, b in zip(sums, session.execute(statement).one(), strict=True)]
        return {c.name: (as_total(c, sums[2 * i]), sums[2 * i + 1]) for i, c in enumerate(summed)}

    def groups(self, session: Session, by: Sequence[str], sums: Sequence[str] = ()) -> list[tuple[Any, ...]]:
        """A row for each group by one or two columns: their values (links by id), the count, and each sum.

        A record that holds several words of a column stands in the group of each; one that holds none, in that of None.
        """
        tables = {name: aliased(Link, name=f"{name}_link") for name in by if _is_many(self.kind, name)}
        keys: list[Any] = [tables[name].value if name in tables else _stored(self.kind, name) for name in by]
        parts: list[ColumnElement[Any]] = [*keys, func.count(self.kind.id)]
        parts += [func.sum(type_coerce(_expression(self.kind, name), Integer)) for name in sums]
        statement = self._joined(select(*parts).select_from(self.kind), [*by, *sums])
        for name, link in tables.items():
            own = and_(link.kind == self.kind.__tablename__, link.field == name, link.record_id == self.kind.id)
            statement = statement.outerjoin(link, own)
        rows = session.execute(self._filtered(statement).group_by(*keys).order_by(*keys))
        summed = [column_named(self.kind, name) for name in sums]
        cut = len(by) + 1
        return [
            (*row[:cut], *(as_total(column, total or 0) for column, total in zip(summed, row[cut:], strict=True)))
            for row in rows
        ]

    def showing(self, **changes: Any) -> "Listing":
        """The same list, changed in part."""
        return replace(self, **changes)

    def _ids(self) -> Select[int]:
        if self.words.strip() and not self.sort:
            return self._found()
        names = [name for name, _ in self.sort]
        statement = self._filtered(self._joined(select(self.kind.id), names))
        for name, descends in self.sort:
            column = column_named(self.kind, name)
            if not column.sortable:
                raise Refused(f"Lists are not sorted by {column.label}: choose another column.")
            expression = _expression(self.kind, name)
            statement = statement.order_by(expression.desc() if descends else expression.asc())
        # alike rows by id; where totals are sorted by, by theirs, so that their index gives the order whole
        last: ColumnElement[int] = Kept.grant_id.expression if self._uses_kept(names[:1]) else self.kind.id.expression
        return statement.order_by(last.desc() if not self.sort or self.sort[0][1] else last.asc())

    def _found(self) -> Select[int]:
        """The ids that words find, newest first, as the full-text table gives them: with no list of them between."""
        rows, base = search.ROWS, derived.search_base(self.kind)
        statement = select(self.kind.id).select_from(rows).join(self.kind, self.kind.id == rows.c.rowid - base)
        statement = self._filtered(self._joined(statement, []), words=False)
        return statement.where(search.found(self.kind, self.words)).order_by(rows.c.rowid.desc())

    def row_statement(self) -> Select[Any]:
        """The id and columns of every record of the kind, filters aside."""
        parts = [
            _expression(self.kind, name, references=self.references).label(f"c{place}")
            for place, name in enumerate(self.columns)
        ]
        return self._joined(select(self.kind.id, *parts), list(self.columns))

    def _joined(self, statement: Select[Any], names: Sequence[str]) -> Select[Any]:
        for name in dict.fromkeys(names):
            column = column_named(self.kind, name)
            if column.kind is Kind.LINK:
                target = _target(self.kind, name)
                statement = statement.outerjoin(target, target.id == self.kind.column(column.name))
        if self.kind is Grant and (self._uses_kept(names) or self._uses_kept([c.column for c in self.where])):
            statement = statement.join(Kept, Kept.grant_id == Grant.id)
        return statement

    def _uses_kept(self, names: Sequence[str]) -> bool:
        figures = figures_of(self.kind)
        return any(name in figures and figures[name].kept and figures[name].joins for name in names)

    def _filtered(self, statement: Select[Any], *, words: bool = True) -> Select[Any]:
        conditions = [_condition(self.kind, condition) for condition in self.where]
        if self.programme is not None:
            belongs = self.kind.in_programmes(within(self.programme))
            conditions += [] if belongs is None else [belongs]
        if words and self.words.strip():
            conditions.append(search.among_found(self.kind, self.words))
        return statement.where(*conditions)


def _as_array(session: Session, statement: Select[int]) -> "array[int]":
    """The ids that a statement gives, past the ORM: a million of them in a fraction of a second."""
    sql = str(statement.compile(session.connection(), compile_kwargs={"literal_binds": True}))
    return array("q", (row[0] for row in _run(session, sql)))


def _run(session: Session, sql: str, values: Sequence[Any] = ()) -> Any:
    """The bare rows of SQL, by the driver's own cursor: around a page, SQLAlchemy's would take longer than the page."""
    return session.connection().connection.cursor().execute(sql, values)


@lru_cache(maxsize=256)
def _row_plan(
    kind: type[Record], columns: tuple[str, ...], today: date, *, references: bool
) -> tuple[str, tuple[tuple[int, Callable[[Any], Any]], ...]]:
    """SQL of a page of rows up to its ids, and by place how stored values are read; made once for each list."""
    statement = Listing(kind, columns, references=references).row_statement()
    dialect = sqlite.dialect()
    sql = str(statement.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
    readers = ((place, _reader(column.type, dialect)) for place, column in enumerate(statement.selected_columns))
    return f'{sql} WHERE "{kind.__tablename__}".id', tuple((place, read) for place, read in readers if read)


def _reader(type_: TypeEngine[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    if isinstance(type_, Enum) and type_.enum_class is not None:
        return {member.value: member for member in type_.enum_class}.__getitem__
    return type_.dialect_impl(dialect).result_processor(dialect, None)


def column_named(kind: type[Record], name: str) -> Column:
    """The column of that name: a field, "reference", or a figure; Refused if the kind has none."""
    if name == "reference":
        return Column("reference", "Reference", Kind.TEXT)
    if name == "version":
        return Column("version", "Version", Kind.WHOLE)
    figure = figures_of(kind).get(name)
    if figure is not None:
        return Column(figure.name, figure.label, figure.kind, figure.unit, figure=figure)
    field = kind.field_named(name)
    if field is None:
        raise Refused(f"{kind.plural} have no “{name}”: choose from {wording.listed(_names(kind))}.")
    return Column(field.name, field.label, field.kind, field.unit, field=field)


def columns_of(listing: Listing) -> list[Column]:
    """The columns of a list, in order."""
    return [column_named(listing.kind, name) for name in listing.columns]


def offered(kind: type[Record], own: Sequence[Field] = ()) -> list[Column]:
    """Every column that a list of this kind can show; `own` are those of the officers' own (`own.columns`)."""
    names = ["reference", *kind.fields(), *(each.name for each in own), *figures_of(kind)]
    return [column for column in (column_named(kind, name) for name in names) if column.kind is not Kind.EXTRA]


def as_total(column: Column, total: int) -> Any:
    """A sum as the column's own kind: pounds for money."""
    return Decimal(total).scaleb(-2) if column.kind is Kind.MONEY else total


def _names(kind: type[Record]) -> list[str]:
    return ["reference", *(field.key for field in kind.fields().values())]


def _is_many(kind: type[Record], name: str) -> bool:
    return column_named(kind, name).kind is Kind.MANY


def _target(kind: type[Record], name: str) -> Any:
    field = kind.field_named(name)
    assert field is not None
    return _alias(field.to, field.name)


@cache
def _alias(table: str, name: str) -> Any:
    target = kind_named(table)
    assert target is not None
    return aliased(target, name=f"{name}_of")


def _expression(kind: type[Record], name: str, *, references: bool = False) -> ColumnElement[Any]:
    column = column_named(kind, name)
    if column.figure is not None:
        return column.figure.expression
    if column.kind is Kind.LINK:
        target = kind_named(column.field.to) if column.field else None
        assert target is not None
        expression: ColumnElement[Any] = getattr(_target(kind, name), "reference" if references else target.caption)
        return expression
    return kind.column(column.name)  # type: ignore[return-value]


def _stored(kind: type[Record], name: str) -> ColumnElement[Any]:
    """As `_expression`, but a link is the other record's id, not its name."""
    column = column_named(kind, name)
    return kind.column(column.name) if column.kind is Kind.LINK else _expression(kind, name)  # type: ignore[return-value]


def _condition(kind: type[Record], condition: Condition) -> ColumnElement[bool]:
    column = column_named(kind, condition.column)
    if column.kind is Kind.MANY:
        return _many_condition(kind, column, condition)
    asked = _asked(_stored(kind, column.name), condition)
    if column.field is None or not column.field.own or condition.operator not in {"from", "to", "contains"}:
        return asked
    # so that the column's index is read from end to end, and not every record in the order of its id
    return kind.id.in_(select(kind.id).where(kind.column(column.name).is_not(None), asked).correlate(None))


def _asked(expression: ColumnElement[Any], condition: Condition) -> ColumnElement[bool]:
    values = condition.values
    match condition.operator:
        case "is":
            return (
                or_(*(expression.is_(None) if v is None else expression == v for v in values))
                if len(values) < 5
                else expression.in_(values)
            )
        case "is not":
            return or_(expression.not_in(values), expression.is_(None))
        case "from":
            at_least: ColumnElement[bool] = expression >= values[0]
            return at_least
        case "to":
            at_most: ColumnElement[bool] = expression <= values[0]
            return at_most
        case "contains":
            return expression.icontains(str(values[0]), autoescape=True)
        case "blank":
            return expression.is_(None)
        case _:
            return expression.is_not(None)


def _many_condition(kind: type[Record], column: Column, condition: Condition) -> ColumnElement[bool]:
    linked = select(Link.record_id).where(Link.kind == kind.__tablename__, Link.field == column.name)
    if condition.operator == "blank":
        return not_(kind.id.in_(linked))
    if condition.operator == "filled":
        return kind.id.in_(linked)
    held = kind.id.in_(linked.where(Link.value.in_(condition.values)))
    return not_(held) if condition.operator == "is not" else held
