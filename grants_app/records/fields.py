"""What a field is: one declaration from which forms, lists, Excel, import, search and history are made."""

import enum
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, Boolean, Date, Dialect, Enum, Float, ForeignKey, Integer, String, Text, Time
from sqlalchemy.orm import MappedColumn, mapped_column
from sqlalchemy.types import TypeDecorator, TypeEngine

from grants_app import wording
from grants_app.records.lists import DEFAULT_LISTS

Value = (
    str | int | Decimal | float | bool | date | time | datetime | enum.Enum | tuple[str, ...] | dict[str, Any] | None
)
"""A field's value in Python: never a list, so that it cannot change behind the store's back."""
Stored = str | int | float | bool | list[str] | dict[str, Any] | None
"""The same value in JSON, as the history keeps it: pence, ISO dates, an enumeration's word."""


ANY = "any"
"""What a field links `to` where it holds the reference of a record of any kind."""


class Kind(enum.Enum):
    """What sort of value a field holds; the word is for programmers, never shown."""

    TEXT = "text"
    LONG = "long"
    MONEY = "money"
    DATE = "date"
    TIME = "time"
    INSTANT = "instant"
    WHOLE = "whole"
    NUMBER = "number"
    YES_NO = "yes_no"
    CHOICE = "choice"
    LINK = "link"
    ABOUT = "about"
    MANY = "many"
    EXTRA = "extra"


OWN = "own:"
"""How the name of a column of the officers' own begins: `own:SORT:LABEL`, SORT the value of one of OWN_KINDS."""
_PENNY = Decimal("0.01")  # times whole pence: two places, exactly, and faster than by moving the point


class Pence(TypeDecorator[Decimal]):
    """Pounds as Decimal with two places in Python, whole pence in the database."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        """Pence of the amount; part of a penny is a programmer's slip and raises ValueError."""
        return None if value is None else pence(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        """The amount in pounds with two places."""
        return None if value is None else _PENNY * int(value)


class Instant(TypeDecorator[datetime]):
    """A moment in UTC, kept as ISO text, so that it sorts and any tool can read it."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """ISO text with a Z."""
        return None if value is None else f"{value.astimezone(UTC).replace(tzinfo=None).isoformat('T', 'seconds')}Z"

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        """The moment, with its zone."""
        return None if value is None else datetime.fromisoformat(value)


@lru_cache(maxsize=4096)
def _array(words: tuple[str, ...]) -> str:
    return json.dumps(sorted(set(words)), ensure_ascii=False, separators=(",", ":"))


@lru_cache(maxsize=4096)
def _listed(value: str) -> tuple[str, ...]:
    """The words of a stored list; most records have one of a few."""
    return tuple(json.loads(value))


class Many(TypeDecorator[tuple[str, ...]]):
    """Several words in one column: a sorted JSON array, so that one value is one value everywhere."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Sequence[str] | None, dialect: Dialect) -> str:
        """The sorted array; none is an empty one."""
        return _array(tuple(value)) if value else "[]"

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[str, ...]:
        """The words, sorted."""
        return _listed(value) if value else ()


class Extra(TypeDecorator[dict[str, Any]]):
    """What came with an imported row and has no field: a JSON object, kept whole."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Mapping[str, Any] | None, dialect: Dialect) -> str | None:
        """The object as JSON, keys in their own order; empty is nothing."""
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")) if value else None

    def process_result_value(self, value: str | None, dialect: Dialect) -> dict[str, Any] | None:
        """The object."""
        return json.loads(value) if value else None


_KINDS: tuple[tuple[type[TypeEngine[Any]], Kind], ...] = (
    (Pence, Kind.MONEY), (Instant, Kind.INSTANT), (Many, Kind.MANY), (Extra, Kind.EXTRA), (Boolean, Kind.YES_NO),
    (Integer, Kind.WHOLE), (Float, Kind.NUMBER), (Date, Kind.DATE), (Time, Kind.TIME), (String, Kind.TEXT),
)  # fmt: skip
OWN_KINDS: Mapping[Kind, TypeEngine[Any]] = {
    Kind.TEXT: Text(), Kind.LONG: Text(), Kind.WHOLE: Integer(), Kind.NUMBER: Float(), Kind.MONEY: Pence(),
    Kind.DATE: Date(), Kind.YES_NO: Boolean(), Kind.CHOICE: Text(),
}  # fmt: skip
"""What a column of the officers' own may hold, and how the database reads it."""


@dataclass(frozen=True, slots=True)
class Options:
    """What a declaration says of a field beyond its name and type."""

    label: str
    help: str = ""
    required: bool = False
    minimum: Any = None
    maximum: Any = None
    choices: type[enum.Enum] | str | None = None
    to: str | None = None
    group: str = ""
    search: bool = False
    personal: bool = False
    by_verb: bool = False
    long: bool = False
    unit: str = ""
    aliases: tuple[str, ...] = ()
    giving: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """A declared field: `name` as in Python, `kind` from its type, and its options (see `field`)."""

    name: str
    kind: Kind
    options: Options
    default: Value = None

    def __getattr__(self, name: str) -> Any:
        """The options read as the field's own: `field.label`, `field.help`, `field.required` …"""
        return getattr(self.options, name)

    @property
    def own(self) -> bool:
        """Whether it is a column of the officers' own, whose value stands in `Record.own` under its name."""
        return self.name.startswith(OWN)

    @property
    def key(self) -> str:
        """Its name outside Python (command line, JSON, Excel): a link loses its `_id`; the label of an own column."""
        if self.own:
            return str(self.options.label)
        return self.name.removesuffix("_id") if self.kind is Kind.LINK else self.name

    def words(self, lists: Mapping[str, Sequence[str]] = DEFAULT_LISTS) -> tuple[str, ...]:
        """The words it may take, in their order; empty where anything goes. `lists` are the file's own lists."""
        choices = self.options.choices
        if isinstance(choices, str):
            return tuple(lists.get(choices, ()))
        return tuple(str(member.value) for member in choices) if choices else ()

    def parse(self, text: str, lists: Mapping[str, Sequence[str]] = DEFAULT_LISTS) -> Value:
        """Read what an officer typed; blank is None (or no words); ValueError says what is wrong.

        A link, and a `many` of links, stay references: only the store can look them up.
        """
        text = wording.writable(text)
        if wording.blank(text):
            return () if self.kind is Kind.MANY else None
        if self.kind is Kind.LONG:
            return text.strip().replace("\r\n", "\n")
        if self.kind is Kind.MANY:
            given = wording.read_words(text)
            return given if self.options.to else tuple(sorted({self._choose(word, lists) for word in given}))
        if self.kind is Kind.CHOICE:
            word = self._choose(wording.tidy(text), lists)
            return word if isinstance(self.options.choices, str) else self.options.choices(word)  # type: ignore[misc]
        if self.kind is Kind.NUMBER:
            return float(wording.read_number(text))
        return _READERS.get(self.kind, wording.tidy)(text)  # type: ignore[no-any-return]

    def text(self, value: Value) -> str:
        """The value as officers read it; blank for None."""
        if value is None or value == ():
            return ""
        if isinstance(value, bool):
            return "Yes" if value else "No"
        if isinstance(value, enum.Enum):
            return str(value.value)
        if isinstance(value, tuple):
            return "; ".join(value)
        if isinstance(value, datetime):
            return wording.instant_text(value)
        if isinstance(value, date):
            return wording.date_text(value)
        if isinstance(value, time):
            return f"{value:%H:%M}"
        if isinstance(value, Decimal):
            return wording.money_text(value)
        if isinstance(value, int | float):
            number = wording.number_text(value)
            return number + ("%" if self.options.unit == "%" else "")
        return "; ".join(f"{key}: {part}" for key, part in value.items()) if isinstance(value, dict) else str(value)

    def stored(self, value: Value) -> Stored:
        """The value as history keeps it, in JSON."""
        if isinstance(value, Decimal):
            return pence(value)
        if isinstance(value, enum.Enum):
            return str(value.value)
        if isinstance(value, datetime):
            return value.astimezone(UTC).isoformat()
        if isinstance(value, date | time):
            return value.isoformat()
        return list(value) if isinstance(value, tuple) else value

    def restored(self, stored: Stored) -> Value:
        """The value that `stored` made."""
        if stored is None:
            return None
        match self.kind:
            case Kind.MONEY:
                return Decimal(int(stored)).scaleb(-2)  # type: ignore[arg-type]
            case Kind.DATE:
                return date.fromisoformat(str(stored))
            case Kind.TIME:
                return time.fromisoformat(str(stored))
            case Kind.INSTANT:
                return datetime.fromisoformat(str(stored))
            case Kind.MANY:
                return tuple(stored)  # type: ignore[arg-type]
            case Kind.YES_NO:
                return bool(stored)
            case Kind.CHOICE if not isinstance(self.options.choices, str):
                return self.options.choices(stored)  # type: ignore[misc]
        return stored  # type: ignore[return-value]

    def _choose(self, typed: str, lists: Mapping[str, Sequence[str]]) -> str:
        words = self.words(lists)
        wanted = wording.folded(typed)
        for word in words:
            if wording.folded(word) == wanted:
                return word
        raise ValueError(wording.not_among(typed, words, list_called(self.options.choices)))


def list_called(choices: object) -> str:
    """What the words of a field are called together: boroughs, harms, else the words of its list."""
    return str(choices) if choices in DEFAULT_LISTS else "words of the list"


_READERS: dict[Kind, Any] = {
    Kind.MONEY: wording.read_money,
    Kind.DATE: wording.read_date,
    Kind.TIME: wording.read_time,
    Kind.WHOLE: wording.read_whole,
    Kind.YES_NO: wording.read_yes_no,
    Kind.INSTANT: lambda text: datetime.fromisoformat(text).replace(tzinfo=UTC),
    Kind.EXTRA: json.loads,
}


def field(
    label: str, *, to: str | None = None, default: Value = None, indexed: bool | None = None, **options: Any
) -> MappedColumn[Any]:
    """Declare a field; its kind comes from its type. Options, all with a default:

    `help` a line for officers; `required`; `minimum`, `maximum` (longest length for text); `choices` an enumeration or
    the name of an administrator's list; `to` the kind of record it links to (ANY: the reference of any record);
    `indexed` for what lists are filtered and sorted by (links are, unless it is False); `group` fields of one group
    are saved together; `search`; `personal` (blanked by anonymising); `by_verb` (only a verb may change it); `long`
    text of several lines; `unit`; `aliases` other titles in workbooks; `giving` its path in the 360Giving standard.
    """
    declared = Options(label, to=to, **options)
    info = {"options": declared, "default": default}
    column: dict[str, Any] = {
        "info": info,
        "active_history": True,
        "default": default,
        "index": bool(to) if indexed is None else indexed,
    }
    if to and to != ANY:
        return mapped_column(ForeignKey(f"{to}.id"), **column)
    return mapped_column(**column)


def many(label: str, **options: Any) -> MappedColumn[Any]:
    """Declare a field of several words (of a list, or references of other records): a sorted tuple in Python."""
    info = {"options": Options(label, **options), "default": ()}
    return mapped_column(Many(), info=info, active_history=True, default=(), nullable=False)


def own_name(kind: Kind, label: str) -> str:
    """The name of the officers' own column of that sort and label."""
    return f"{OWN}{kind.value}:{label}"


@lru_cache(maxsize=2_000)
def own_field(name: str, table: str = "") -> Field | None:
    """The field that an own column's name tells of, whether or not a file has it; None for any other name.

    `table` is that of its kind of record, by which the words of a list are found: `field_named` gives it.
    """
    sort, colon, label = name.removeprefix(OWN).partition(":")
    if not name.startswith(OWN) or not colon or not label or all(sort != kind.value for kind in OWN_KINDS):
        return None
    kind = Kind(sort)
    options = Options(
        label,
        choices=own_list(table, label) if kind is Kind.CHOICE else None,
        search=kind in (Kind.TEXT, Kind.LONG, Kind.CHOICE),
        long=kind is Kind.LONG,
    )
    return Field(name, kind, options)


def own_list(table: str, label: str) -> str:
    """What the list of words of a kind's own column is called among the file's lists."""
    return f"own {table} {label}"


def own_merged(own: Mapping[str, Any] | None, values: Mapping[str, Value]) -> dict[str, Any] | None:
    """What `Record.own` holds once these values, by name, are set; blank ones leave it. Other names are passed over."""
    held = dict(own or {})
    for name, value in values.items():
        field = own_field(name)
        if field is not None:
            held.pop(name, None)
            if value is not None and value != "":
                held[name] = field.stored(value)
    return held or None


def declared(name: str, type_: TypeEngine[Any], info: Mapping[str, Any]) -> Field:
    """The Field that a mapped column declares."""
    options: Options = info["options"]
    if isinstance(type_, Enum):
        options = replace(options, choices=type_.enum_class)
    kind = next(kind for sort, kind in _KINDS if isinstance(type_, sort))
    if options.to and kind is Kind.WHOLE:
        kind = Kind.LINK
    elif options.to == ANY and kind is Kind.TEXT:
        kind = Kind.ABOUT
    elif options.choices and kind is Kind.TEXT:
        kind = Kind.CHOICE
    elif options.long and kind is Kind.TEXT:
        kind = Kind.LONG
    return Field(name, kind, options, info["default"])


def pence(amount: Decimal) -> int:
    """Whole pence of an amount in pounds; ValueError for part of a penny."""
    pennies = amount * 100
    whole = int(pennies)
    if whole != pennies:
        raise ValueError(f"{amount} has part of a penny")
    return whole
