"""One row of a 360Giving table, read: what goes to the grant, its organisation and its programme, and what is wrong."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from grants_app.exchange import cellvalues, threesixtygiving, titles
from grants_app.exchange.mapping import ADDRESS, CURRENCY, LOCATION, OPEN_CALL, PROGRAMME_CODE, Mapped, Mapping
from grants_app.records import Field, kind_named
from grants_app.records.grant import Route

NEEDED = ("grant.identifier", "grant.title", "organisation.name", "grant.awarded", CURRENCY, "grant.decided_on")
_NAMES = {
    "grant.identifier": "Identifier",
    "grant.title": "Title",
    "organisation.name": "Recipient Org:Name",
    "grant.awarded": "Amount Awarded",
    CURRENCY: "Currency",
    "grant.decided_on": "Award Date",
}


@dataclass(slots=True)
class Remark:
    """What is said of one cell (or of the whole row: no column), in a sentence."""

    column: str
    message: str


@dataclass(slots=True)
class Row:
    """One row: where it stands, its amount if that can be read, its values by record, faults and notes."""

    sheet: str
    number: int
    pounds: Decimal | None = None
    grant: dict[str, Any] = field(default_factory=dict)
    organisation: dict[str, Any] = field(default_factory=dict)
    programme: dict[str, Any] = field(default_factory=dict)
    extra: dict[str, str] = field(default_factory=dict)
    organisation_extra: dict[str, str] = field(default_factory=dict)
    code: str = ""
    about_organisation: list[tuple[str, Any, Any]] = field(default_factory=list)
    faults: list[Remark] = field(default_factory=list)
    notes: list[Remark] = field(default_factory=list)

    @property
    def key(self) -> tuple[str, str] | None:
        """What makes the grant the same as another: its funder and its identifier."""
        identifier = self.grant.get("identifier")
        return (
            (self.programme.get("funder_identifier") or self.programme.get("funder") or "", identifier)
            if identifier
            else None
        )


class RowReader:
    """Reads the rows of one sheet by its mapping."""

    def __init__(self, sheet: str, mapping: Mapping) -> None:
        """`sheet` is named in every remark."""
        self.sheet = sheet
        self.columns = [(column, *_destination(column)) for column in mapping.columns]
        self.titles = {column.target: column.title for column in reversed(mapping.columns)}

    def read(self, number: int, cells: Sequence[Any]) -> Row:
        """The row, faults and notes included; never raises for what a cell holds."""
        row = Row(self.sheet, number)
        places: list[str] = []
        address: list[str] = []
        said: set[str] = set()
        for column, record, declared in self.columns:
            cell = cells[column.place]
            if cell == "" or cell is None or (isinstance(cell, str) and not cell.strip()):
                continue
            said.add(column.target)
            if declared is not None:
                self._field(row, column, record, declared, cell)
                continue
            text = cellvalues.text_of(cell)
            if column.target == CURRENCY:
                _currency(row, column, text)
            elif column.target == ADDRESS:
                address += [line.strip() for line in text.splitlines() if line.strip(" ,")]
            elif column.target == OPEN_CALL and text.strip().casefold() == "yes":
                row.grant["route"] = Route.OPEN_CALL
            else:
                places += [text] if column.target == LOCATION else []
                row.code = text if column.target == PROGRAMME_CODE else row.code
                _keep(row, column, text)
        row.grant["boroughs"] = threesixtygiving.boroughs(places)
        if address:
            row.organisation["address"] = "\n".join(dict.fromkeys(address))
        for target in NEEDED:
            if target not in said:
                row.faults.append(Remark(self.titles.get(target, _NAMES[target]), f"{_NAMES[target]} is missing"))
        return row

    def _field(self, row: Row, column: Mapped, record: str, declared: Field, cell: Any) -> None:
        try:
            value, note = cellvalues.read(declared, cell)
        except ValueError as error:
            if column.target in NEEDED:
                row.faults.append(Remark(column.title, str(error)))
            else:
                _keep(row, column, cellvalues.text_of(cell))
                row.notes.append(Remark(column.title, f"{error}; kept as it is, beside the record"))
            return
        if note:
            row.notes.append(Remark(column.title, note))
        getattr(row, record)[declared.name] = value
        if column.target == "grant.awarded":
            assert isinstance(value, Decimal)
            row.pounds = value


def _destination(column: Mapped) -> tuple[str, Field | None]:
    kind, _, name = column.target.partition(".")
    found = kind_named(kind) if name else None
    return (kind, found.fields()[name]) if found else ("", None)


def _currency(row: Row, column: Mapped, text: str) -> None:
    code = text.strip().upper()
    if code != "GBP":
        row.faults.append(Remark(column.title, f"“{text}” is not GBP: this app keeps pounds only"))
    elif text != "GBP":
        row.notes.append(Remark(column.title, f"“{text}” read as GBP"))


def _keep(row: Row, column: Mapped, text: str) -> None:
    """Keep a cell that has no field, with the organisation if it is about the recipient, else with the grant."""
    recipient = titles.belongs_to(column.title).startswith("recipient")
    (row.organisation_extra if recipient else row.extra)[column.key] = text
