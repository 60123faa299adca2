"""One row of a 360Giving table, read: what goes to the grant, its organisation and its programme, and what is wrong."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from grants_app.exchange import cellvalues, threesixtygiving, titles
from grants_app.exchange.mapping import (
    ADDRESS,
    CURRENCY,
    KEEP,
    LEAVE,
    LOCATION,
    OPEN_CALL,
    PROGRAMME_CODE,
    Mapped,
    Mapping,
)
from grants_app.records import kind_named
from grants_app.records.grant import Route

NEEDED = {
    "grant.identifier": "Identifier",
    "grant.title": "Title",
    "organisation.name": "Recipient Org:Name",
    "grant.awarded": "Amount Awarded",
    CURRENCY: "Currency",
    "grant.decided_on": "Award Date",
}
"""What no grant can do without, and its title in the standard."""


class Said(NamedTuple):
    """What is said of one cell (or of the whole row: no column), in a sentence."""

    column: str
    message: str


class Row(NamedTuple):
    """One row: where it stands, its amount if that can be read, its values by record, faults and notes."""

    sheet: str
    number: int
    pounds: Decimal | None
    grant: dict[str, Any]
    organisation: dict[str, Any]
    programme: dict[str, Any]
    extra: dict[str, str]
    organisation_extra: dict[str, str]
    code: str
    faults: list[Said]
    notes: list[Said]


class RowReader:
    """Reads the rows of one sheet by its mapping."""

    def __init__(self, sheet: str, mapping: Mapping) -> None:
        """`sheet` is named in every remark."""
        self.sheet = sheet
        self.columns = [
            (column.place, column, column.target, *_destination(column))
            for column in mapping.columns
            if column.target != LEAVE
        ]
        self.titles = {column.target: column.title for column in reversed(mapping.columns)}
        self._identity = [mapping.place_of(target) for target in _IDENTITY]

    def key(self, cells: Sequence[Any]) -> tuple[str, str] | None:
        """What makes a row's grant the same as another's: its funder and its identifier; None without an identifier."""
        identifier, funder, name = (
            cellvalues.tidied(cells[place]) if place is not None else "" for place in self._identity
        )
        return (funder or name, identifier) if identifier else None

    def read(self, number: int, cells: Sequence[Any]) -> Row:
        """The row, faults and notes included; never raises for what a cell holds."""
        records: dict[str, dict[str, Any]] = {name: {} for name in _RECORDS}
        faults: list[Said] = []
        notes: list[Said] = []
        others: list[tuple[Mapped, str]] = []
        said = set()
        for place, column, target, record, name, read in self.columns:
            cell = cells[place]
            if cell == "" or cell is None or (cell.__class__ is str and cell.isspace()):
                continue
            if read is None:
                text = cell if cell.__class__ is str and cell.isprintable() else cellvalues.text_of(cell)
                if target != KEEP:
                    said.add(target)
                    others.append((column, text))
                else:
                    records[record][name] = text
                continue
            said.add(target)
            try:
                records[record][name], note = read(cell)
            except ValueError as error:
                self._unreadable(column, cell, str(error), records, faults, notes)
                continue
            if note:
                notes.append(Said(column.title, note))
        faults += self._missing(said)
        code = _special(others, records, faults, notes)
        awarded = records["grant"].get("awarded")
        kept = (records["extra"], records["organisation_extra"])
        values = (records["grant"], records["organisation"], records["programme"])
        return Row(self.sheet, number, awarded, *values, *kept, code, faults, notes)

    def _missing(self, said: set[str]) -> list[Said]:
        return [
            Said(self.titles.get(target, name), f"{name} is missing")
            for target, name in NEEDED.items()
            if target not in said
        ]

    @staticmethod
    def _unreadable(
        column: Mapped, cell: Any, why: str, records: dict[str, dict[str, Any]], faults: list[Said], notes: list[Said]
    ) -> None:
        """A cell that no grant can do without makes the row faulty; any other is kept as it is."""
        if column.target in NEEDED:
            faults.append(Said(column.title, why))
            return
        records[_owner(column)][column.key] = cellvalues.text_of(cell)
        notes.append(Said(column.title, f"{why}; kept as it is, beside the record"))


_IDENTITY = ("grant.identifier", "programme.funder_identifier", "programme.funder")
_RECORDS = ("grant", "organisation", "programme", "extra", "organisation_extra")


def _owner(column: Mapped) -> str:
    """Where a cell without a field is kept: with the organisation if it is about the recipient."""
    return "organisation_extra" if titles.belongs_to(column.title).startswith("recipient") else "extra"


def _destination(column: Mapped) -> tuple[str, str, cellvalues.Reader | None]:
    """Which record's which field the column is read into, and how; kept under its key without a reader."""
    kind, _, name = column.target.partition(".")
    found = kind_named(kind) if name else None
    return (kind, name, cellvalues.reader_of(found.fields()[name])) if found else (_owner(column), column.key, None)


def _special(
    others: list[tuple[Mapped, str]], records: dict[str, dict[str, Any]], faults: list[Said], notes: list[Said]
) -> str:
    """What no one field takes: currency, places, address, open call; returns the programme's code."""
    code, places, address = "", [], []
    for column, text in others:
        if column.target == CURRENCY:
            _currency(column, text, faults, notes)
        elif column.target == ADDRESS:
            address += [line.strip() for line in text.splitlines() if line.strip(" ,")]
        elif column.target == OPEN_CALL and text.strip().casefold() == "yes":
            records["grant"]["route"] = Route.OPEN_CALL
        else:
            places += [text] if column.target == LOCATION else []
            code = text if column.target == PROGRAMME_CODE else code
            records[_owner(column)][column.key] = text
    records["grant"]["boroughs"] = threesixtygiving.boroughs(tuple(places))
    if address:
        records["organisation"]["address"] = "\n".join(dict.fromkeys(address))
    return code


def _currency(column: Mapped, text: str, faults: list[Said], notes: list[Said]) -> None:
    if text == "GBP":
        return
    if text.strip().upper() == "GBP":
        notes.append(Said(column.title, f"“{text}” read as GBP"))
    else:
        faults.append(Said(column.title, f"“{text}” is not GBP: this app keeps pounds only"))
