"""One row of a table, read: what goes to each kind of record, and what is wrong with it."""

import operator
import re
from collections.abc import Collection, Sequence
from collections.abc import Mapping as Dict
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple

from grants_app import wording
from grants_app.errors import Refused
from grants_app.exchange.giving import standard, threesixtygiving
from grants_app.exchange.imports.mapping import (
    ADDRESS,
    CALLED,
    CURRENCY,
    HIDDEN_ID,
    HIDDEN_VERSION,
    KEEP,
    LEAVE,
    LOCATION,
    OPEN_CALL,
    PROGRAMME_CODE,
    Mapped,
    Mapping,
    field_of,
    key_of,
    split,
)  # fmt: skip
from grants_app.exchange.sources import cellvalues, contents
from grants_app.exchange.sources.reading import Flaw
from grants_app.records import Field, Grant, Kind, kind_named
from grants_app.records.grant import Route
from grants_app.records.lists import DEFAULT_LISTS
from grants_app.records.organisation import OrganisationKind

_FURTHER = re.compile(r"recipientOrganization/[1-9]")
_PARTS = {"addressLocality": 1, "addressRegion": 2}  # of an address, after its street
NEEDED = {
    "grant.identifier": "Identifier",
    "grant.title": "Title",
    "organisation.name": "Recipient Org:Name",
    "grant.awarded": "Amount Awarded",
    CURRENCY: "Currency",
    "grant.decided_on": "Award Date",
}
"""What no grant of the 360Giving standard can do without, and its title there."""
MONEY = {
    "grant": ("awarded", "asked"), "payment": ("amount",), "funding_line": ("amount",), "allocation": ("amount",),
    "programme": ("budget",),
}  # fmt: skip
"""Which money of a kind is added up in a preview: the first of these that a table has."""
_STERLING = {"gbp", "£", "pound", "pounds", "sterling", "pounds sterling", "uk pounds", "british pounds"}
_IDENTITIES = {
    "grant": ("identifier",), "organisation": ("identifier", "charity_number", "company_number"),
}  # fmt: skip


_REMEMBERED = 4096
_OVERLONG = (
    "This row has more cells than there are headings: a separator within a value, as in 1,000, cuts it in two. Put "
    "that value in quotation marks, or write it without the separator"
)
_Other = tuple[Mapped, bool, str]
"""A cell that no one field takes: its column, whether it is about the organisation, and its text."""


class Said(NamedTuple):
    """What is said of one cell (or of the whole row: no column), in a sentence."""

    column: str
    message: str


class Row(NamedTuple):
    """One row: where it stands, its amount if that can be read, its values by kind, faults and notes.

    Links are still as typed. `kept_as` is the id and the version that our own export wrote with the row.
    """

    sheet: str
    number: int
    pounds: Decimal | None
    values: dict[str, dict[str, Any]]
    extra: dict[str, str]
    organisation_extra: dict[str, str]
    code: str
    kept_as: tuple[int, int] | None
    faults: list[Said]
    notes: list[Said]


class RowReader:
    """Reads the rows of one table by its mapping."""

    overlong: Collection[int] = ()
    """The rows of a text file that have more cells than there are headings."""

    def __init__(
        self,
        sheet: str,
        mapping: Mapping,
        *,
        kind: str = Grant.__tablename__,
        giving: bool = True,
        lists: Dict[str, Sequence[str]] = DEFAULT_LISTS,
        same: Dict[str, str] = MappingProxyType({}),
        lacks: Collection[str] = (),
    ) -> None:
        """`sheet` is named in every remark; `kind` is the main one, whose money is added up.

        `same`: by target, as typed, what every new record has; Refused where that cannot be read. `lacks`: targets
        that new records need and no column has; `wanting` collects those that some row wanted.
        `of_parts` are the places of columns of kinds that refer to the main one: a grant's payments.
        """
        self.sheet, self.kind, self.giving = sheet, kind, giving
        self.columns = [
            (column.place, column, column.target, *_destination(column, lists))
            for column in mapping.columns
            if column.target not in (LEAVE, HIDDEN_ID, HIDDEN_VERSION)
        ]
        self._steps = [
            (place, column, target in NEEDED, record == "organisation", record, name, read)
            for place, column, target, record, name, read in self.columns
        ]
        self.titles = {column.target: column.title for column in reversed(mapping.columns)}
        self.given = _given(same, lists)
        self.lacks, self.wanting = frozenset(lacks) - same.keys(), set[str]()
        self.kinds = {record for _, _, _, record, _, read in self.columns if read}
        money = (f"{kind}.{name}" for name in MONEY.get(kind, ()))
        self.money = next((target.partition(".")[2] for target in money if target in self.titles), "")
        names = _IDENTITIES.get(kind, ())
        identities = ("reference", CALLED, *names) if not giving else names
        self._identity = [p for name in identities if (p := mapping.place_of(f"{kind}.{name}")) is not None]
        linked = [(record, name) for _, _, _, record, name, read in self.columns if read is _as_typed]
        linked += [(key, name) for key in self.kinds for name in self.given.get(key.partition(":")[0], ())]
        self.links = [(key, name, field) for key, name in linked if (field := field_of(key.partition(":")[0], name)).to]
        self._people = [
            p for p, column, _, record, *_ in self.columns if record == "organisation" and _of_a_person(column)
        ]
        self._funder = [mapping.place_of(f"programme.{name}") for name in ("funder_identifier", "funder")]
        parts = {of for of in self.kinds if of != kind and any(f.to == kind for f in _fields_of(of))}
        self.of_parts = frozenset() if giving else frozenset(p for p, _, _, of, *_ in self.columns if of in parts)
        self._hidden = (mapping.place_of(HIDDEN_ID), mapping.place_of(HIDDEN_VERSION))

    def of_one_programme(self) -> None:
        """Rows of one identifier are one grant, whatever funder they name."""
        self._funder = []

    def key(self, cells: Sequence[Any]) -> tuple[str, str] | None:
        """What makes a row's record the same as another's: its identifier, with the funder; None without one."""
        if self._hidden[0] is not None and (kept := cellvalues.tidied(cells[self._hidden[0]])):
            return f"{self.kind} here", kept
        for place in self._identity:
            if identifier := cellvalues.tidied(cells[place]):
                if self.kind != "grant":
                    return self.kind, identifier
                funders = (cellvalues.tidied(cells[p]) for p in self._funder if p is not None)
                return next(filter(None, funders), ""), identifier
        return None

    def read(self, number: int, cells: Sequence[Any]) -> Row:
        """The row, faults and notes included; never raises for what a cell holds."""
        records: dict[str, dict[str, Any]] = {name: {} for name in self.kinds}
        extras: tuple[dict[str, str], dict[str, str]] = ({}, {})
        faults = [Said("", _OVERLONG)] if number in self.overlong else []
        notes: list[Said] = []
        others: list[_Other] = []
        said = set()
        kept_as = self._kept_as(cells) if self._hidden[0] is not None else None
        for place, column, needed, of_organisation, record, name, read in self._steps:
            cell = cells[place]
            plain = cell.__class__ is str
            if (not cell or cell.isspace()) if plain else (cell is None or cell == ""):
                if kept_as and read:
                    records[record][name] = None
                continue
            if needed:
                said.add(column.target)
            if read is None:
                text = cell if plain and cell.isprintable() else cellvalues.text_of(cell)
                if column.target != KEEP:
                    others.append((column, of_organisation, text))
                else:
                    extras[of_organisation][name] = text
                continue
            try:
                records[record][name], note = read(cell)
            except ValueError as error:
                self._unreadable(column, cell, str(error), extras, faults, notes)
                continue
            if note:
                notes.append(Said(column.title, note))
        if self.giving:
            faults += self._missing(said)
            if self._people and any(cellvalues.tidied(cells[place]) for place in self._people):
                records["organisation"]["kind"] = OrganisationKind.INDIVIDUAL
        self._give(records)
        code = self._beside(others, records, extras, faults, notes)
        pounds = records[self.kind].get(self.money) if self.money and number not in self.overlong else None
        return Row(self.sheet, number, pounds, records, *extras, code, kept_as, faults, notes)

    def _give(self, records: dict[str, dict[str, Any]]) -> None:
        """Add what is the same for every row, to the records of which the row says something."""
        for key, values in records.items() if self.given else ():
            given = self.given.get(key.partition(":")[0])
            if given and any(value not in (None, ()) for value in values.values()):
                records[key] = {**given, **values}

    def _beside(
        self,
        others: list[_Other],
        records: dict[str, dict[str, Any]],
        extras: tuple[dict[str, str], dict[str, str]],
        faults: list[Said],
        notes: list[Said],
    ) -> str:
        """What no one field takes; in an officer's table, only that its money is pounds. The programme's code."""
        if self.giving:
            return _special(others, records, extras, faults, notes)
        for column, _, text in others:
            if column.target == CURRENCY:
                _currency(column, text, faults, notes)
        return ""

    def _unreadable(
        self,
        column: Mapped,
        cell: Any,
        why: str,
        extras: tuple[dict[str, str], dict[str, str]],
        faults: list[Said],
        notes: list[Said],
    ) -> None:
        """It makes the row faulty; in a 360Giving file only where no grant can do without, else it is kept as it is.

        So it is of an `aside` column; and an error of Excel stays out where no record is told, or paid, by the field.
        """
        if not self.giving and isinstance(cell, Flaw) and _may_stay_blank(column, cell):
            notes.append(Said(column.title, f"{why}; left blank"))
            return
        if not column.aside and (not self.giving or column.target in NEEDED):
            faults.append(Said(column.title, why))
            return
        extras[_owner(column) == "organisation"][column.key] = cellvalues.text_of(cell)
        notes.append(Said(column.title, f"{why}; kept as it is, beside the record"))

    def _missing(self, said: set[str]) -> list[Said]:
        return [
            Said(self.titles.get(target, name), f"{name} is missing")
            for target, name in NEEDED.items()
            if target not in said
        ]

    @property
    def hidden_id(self) -> int | None:
        """The place of the hidden id that an export of our own carries."""
        return self._hidden[0]

    def _kept_as(self, cells: Sequence[Any]) -> tuple[int, int] | None:
        texts = [cellvalues.tidied(cells[place]) if place is not None else "" for place in self._hidden]
        return (int(texts[0]), int(texts[1])) if all(text.isdecimal() and len(text) < 16 for text in texts) else None


def _given(same: Dict[str, str], lists: Dict[str, Sequence[str]]) -> dict[str, dict[str, Any]]:
    """What every new record of a kind has, read; links as typed."""
    found: dict[str, dict[str, Any]] = {}
    for target, typed in same.items():
        kind, name = split(target)
        column = Mapped(0, "", target, "")
        _, _, read = _destination(column, lists)
        try:
            found.setdefault(kind, {})[name] = read(typed)[0] if read else typed
        except ValueError as error:
            raise Refused(f"{field_of(kind, name).label} for every row: {wording.stopped(str(error))}") from error
    return found


def parents_of(name: str) -> list[str]:
    """The kinds (table names) that a kind links to."""
    return [field.to for field in _fields_of(name) if field.kind is Kind.LINK and field.to != name]


def _fields_of(key: str) -> Collection[Field]:
    kind = kind_named(key.partition(":")[0])
    return kind.fields().values() if kind else ()


def _may_stay_blank(column: Mapped, cell: Flaw) -> bool:
    """Whether nothing of weight is lost with an error of Excel; a formula without its result has a value unseen."""
    kind, name = split(column.target)
    if not kind or name in ("reference", CALLED) or cell.startswith("=") or name in _IDENTITIES.get(kind, ()):
        return False
    field = field_of(kind, name)
    return field.own or not (field.required or field.to or field.kind is Kind.MONEY)


def _owner(column: Mapped) -> str:
    """Where a cell without a field is kept: with the organisation if it is about the recipient, its first alone."""
    if column.aside:
        return split(column.target)[0]
    about = standard.belongs_to(column.title).startswith("recipient")
    return "organisation" if about and not _FURTHER.match(column.key) else "grant"


def _of_a_person(column: Mapped) -> bool:
    return standard.belongs_to(column.title) == "recipientIndividual"


def _destination(column: Mapped, lists: Dict[str, Sequence[str]]) -> tuple[str, str, cellvalues.Reader | None]:
    """Which record's which field the column is read into, and how; kept under its key without a reader."""
    kind, name = split(column.target)
    if not kind:
        return _owner(column), column.key, None
    key = key_of(column.target)
    if name in ("reference", CALLED):
        return key, name, _reference
    field = field_of(kind, name)
    if field.kind in (Kind.LINK, Kind.ABOUT) or (field.kind is Kind.MANY and field.to):
        return key, name, _as_typed
    if key != kind:  # one of several, of which a row need not have each
        several = replace(column, target=f"{kind}.{name}")
        *_, read_one = _destination(several, lists)
        return key, name, contents.perhaps(read_one) if read_one else None
    if field.kind is Kind.MONEY:
        return kind, name, lru_cache(_REMEMBERED, typed=True)(_money_reader(column, kind, field, lists))
    month_first = contents.Sort.MONTH_FIRST.value in column.sorts
    since_1904 = contents.Sort.SINCE_1904.value in column.sorts
    read = cellvalues.reader_of(field, lists, month_first=month_first, since_1904=since_1904)
    own_text = field.kind in (Kind.TEXT, Kind.LONG)  # which seldom says the same twice
    return kind, name, read if own_text else lru_cache(_REMEMBERED, typed=True)(read)


def _money_reader(column: Mapped, kind: str, field: Field, lists: Dict[str, Sequence[str]]) -> cellvalues.Reader:
    """What reads amounts as their column gives them: in pounds or in thousands, with points between those or none."""
    read = cellvalues.reader_of(field, lists)
    if column.points:
        read = contents.unpointed(read)
    scale = 1 if field.own else contents.scale_of(column.title)
    if scale != 1:
        read = contents.scaled(read, scale)
    return contents.warned(read) if kind == "grant" and field.name in MONEY["grant"] else read


def _reference(cell: Any) -> tuple[str, str]:
    return cellvalues.tidied(cell).upper(), ""


def _as_typed(cell: Any) -> tuple[str, str]:
    return cellvalues.tidied(cell), ""


def _special(
    others: list[_Other],
    records: dict[str, dict[str, Any]],
    extras: tuple[dict[str, str], dict[str, str]],
    faults: list[Said],
    notes: list[Said],
) -> str:
    """What no one field takes: currency, places, address, open call; returns the programme's code."""
    code, places, address = "", [], list[tuple[int, str]]()
    for column, of_organisation, text in others:
        if column.target == CURRENCY:
            _currency(column, text, faults, notes)
        elif column.target == ADDRESS:
            part = _PARTS.get(column.key.rsplit("/", 1)[-1], 0)
            if "," in text or not text.isprintable():
                address += [(part, line.strip()) for line in text.splitlines() if line.strip(" ,")]
            else:
                address.append((part, text.strip()))
            if part:  # so that it can go out as that again
                extras[of_organisation][column.key] = text
        elif column.target == OPEN_CALL and text.strip().casefold() == "yes":
            records["grant"]["route"] = Route.OPEN_CALL
        else:
            places += [text] if column.target == LOCATION else []
            code = text if column.target == PROGRAMME_CODE else code
            extras[of_organisation][column.key] = text
    records["grant"]["boroughs"] = threesixtygiving.boroughs(tuple(places))
    if address:
        lines = (line for _, line in sorted(address, key=operator.itemgetter(0)))
        records["organisation"]["address"] = "\n".join(dict.fromkeys(lines))
    return code


def _currency(column: Mapped, text: str, faults: list[Said], notes: list[Said]) -> None:
    if text == "GBP":
        return
    if text.strip().casefold() in _STERLING:
        notes.append(Said(column.title, f"“{text}” read as GBP"))
    else:
        faults.append(Said(column.title, f"“{text}” is not GBP: this app keeps pounds only"))
