"""Rows that share an identifier: copies of one row, rows that say different things of it, and what was decided."""

from array import array
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from grants_app.exchange.imports.plan import Clash, Clashing, Plan
from grants_app.exchange.imports.rows import Row, RowReader, Said
from grants_app.exchange.sources.cellvalues import text_of

_Where = tuple[str, int]
_Key = tuple[str, str]
_Table = tuple[Iterable[tuple[int, Sequence[Any]]], RowReader]


class _Heard(NamedTuple):
    """One row of a key: which one it is (from 0), what its cells come to, and where it stands."""

    place: int
    cells: int
    where: _Where


class _Decided(NamedTuple):
    """What becomes of one row: it is skipped; its identifier gets an ending; its amount becomes this, or is added.

    `said`: its amount is that of an earlier row, said again beside another payment, so it is not added.
    """

    skip: bool = False
    ending: str = ""
    amount: Decimal | None = None
    note: str = ""
    added_to: int | None = None
    said: bool = False


class Repeats:
    """Hears every row of a file once (`count` so far), then knows which of them may not be stored, and why."""

    def __init__(self) -> None:
        """No row yet."""
        self._first: dict[int, int] = {}  # the row that had a key first, by the key's hash: there may be very many
        self._cells, self._numbers, self._sheet = array("q"), array("L"), array("H")
        self._sheets: dict[str, int] = {}
        self._groups: dict[_Key, list[_Heard]] = {}
        self._faulty: dict[int, Said] = {}
        self._decided: dict[int, _Decided] = {}
        self._led: set[int] = set()
        self.count = 0

    def hear(self, key: _Key | None, cells: Sequence[Any], where: _Where) -> None:
        """Take note of the next row and of where it stands; without a key it is not compared."""
        self._cells.append(hash(tuple(cells)) if key is not None else 0)
        self._numbers.append(where[1])
        self._sheet.append(self._sheets.setdefault(where[0], len(self._sheets)))
        if key is not None:
            first = self._first.setdefault(hash(key), self.count)
            if first != self.count:
                if key not in self._groups:
                    self._groups[key] = [self._heard(first)]
                self._groups[key].append(self._heard(self.count))
        self.count += 1

    def _heard(self, place: int) -> _Heard:
        return _Heard(place, self._cells[place], (list(self._sheets)[self._sheet[place]], self._numbers[place]))

    def settle(self, plan: Plan, tables: Iterable[_Table]) -> list[Clash]:
        """Decide on every row that repeats or clashes, as the plan has it; the clashes, for the officer to choose."""
        self._first.clear()
        self._cells, self._numbers, self._sheet = array("q"), array("L"), array("H")
        if not self._groups:
            return []
        rows = self._rows(tables)
        clashes = [clash for key, group in self._groups.items() if (clash := self._group(key, group, plan, rows))]
        self._groups.clear()
        return clashes

    def _rows(self, tables: Iterable[_Table]) -> dict[int, tuple[RowReader, Sequence[Any], Row]]:
        """The rows of every group, read once more."""
        wanted = {heard.place for group in self._groups.values() for heard in group}
        found: dict[int, tuple[RowReader, Sequence[Any], Row]] = {}
        count = 0
        for rows, reader in tables:
            for number, cells in rows:
                if count in wanted:
                    found[count] = (reader, cells, reader.read(number, cells))
                count += 1
        return found

    def _group(
        self,
        key: _Key,
        group: Sequence[_Heard],
        plan: Plan,
        rows: dict[int, tuple[RowReader, Sequence[Any], Row]],
    ) -> Clash | None:
        first = group[0]
        group = self._with_parts(group, rows)
        other = next((one for one in group if one.cells != first.cells), None)
        name = " ".join(filter(None, key))
        chosen = plan.clashes.get(name, plan.all_clashes) if other else None
        distinct: dict[int, _Heard] = {}
        for one in group:
            if one.cells in distinct and chosen is not Clashing.SKIP:
                if other and chosen is None:
                    continue
                self._faulty[one.place] = _repeats(distinct[one.cells], one)
            distinct.setdefault(one.cells, one)
        if other is None:
            return None
        if chosen is None:
            for one in group:
                self._faulty[one.place] = _clashes(other if one.cells == first.cells else first, one)
        elif chosen is Clashing.SKIP:
            self._decided.update({one.place: _Decided(skip=True) for one in group})
        elif chosen is Clashing.SEPARATE:
            for number, one in enumerate(list(distinct.values())[1:], 2):
                note = f"“{key[1]}” stands on several rows: this one becomes {key[1]}-{number}"
                self._decided[one.place] = _Decided(ending=f"-{number}", note=note)
        else:
            self._instalments(list(distinct.values()), rows)
        return Clash(
            name,
            key[1],
            tuple(one.where for one in group),
            _differing([rows[one.place] for one in group]),
            tuple(rows[one.place][2].pounds for one in group),
            chosen,
        )

    def _with_parts(
        self, group: Sequence[_Heard], rows: dict[int, tuple[RowReader, Sequence[Any], Row]]
    ) -> Sequence[_Heard]:
        """Settle the rows that say the first one's record again, with another part of it: those that are left."""
        first, left, parts = group[0], [group[0]], dict[int, _Heard]()
        reader, cells, row = rows[first.place]
        again: dict[int, Said] = {}
        for one in group[1:]:
            theirs, others, _ = rows[one.place]
            places = _unlike(reader, cells, others) if theirs is reader and one.cells != first.cells else []
            if not places or not reader.of_parts.issuperset(places):
                left.append(one)
            elif one.cells in parts:
                again[one.place] = _repeats(parts[one.cells], one)
            else:
                parts[one.cells] = one
        paid = sum(_paid(rows[one.place][2]) for one in (first, *parts.values()))
        if not parts or (row.pounds is not None and paid > row.pounds):  # each may have an award of its own
            return group
        for one in parts.values():
            words = f"The same {reader.kind} as {_place(first.where, one.where[0])}: its amount is counted once"
            self._decided[one.place] = _Decided(added_to=first.place, note=words, said=True)
        self._faulty.update(again)
        self._decided[first.place] = _Decided(amount=row.pounds)
        self._led.add(first.place)
        return left

    def _instalments(self, distinct: Sequence[_Heard], rows: dict[int, tuple[RowReader, Sequence[Any], Row]]) -> None:
        """The first row takes the sum; the others only add to it. With one that is faulty, no sum would be true."""
        faulty = next((one for one in distinct if rows[one.place][2].faults), None)
        if faulty is not None:
            for one in distinct:
                if not rows[one.place][2].faults:
                    where = _place(faulty.where, one.where[0])
                    words = f"An instalment of the same grant, {where}, is faulty: they go in together"
                    self._faulty[one.place] = Said("", words)
            return
        amounts = [rows[one.place][2].pounds or Decimal("0.00") for one in distinct]
        words = f"{len(distinct)} instalments of one grant are added up"
        self._decided[distinct[0].place] = _Decided(amount=sum(amounts, Decimal("0.00")), note=words)
        for one in distinct[1:]:
            words = f"An instalment of {_place(distinct[0].where, one.where[0])}: its amount is added to that row's"
            self._decided[one.place] = _Decided(added_to=distinct[0].place, note=words)

    def applied(self, place: int, row: Row, reader: RowReader) -> Row:
        """The row (counted from 0) with what was decided of it."""
        if place in self._faulty:
            row.faults.append(self._faulty[place])
        decided = self._decided.get(place)
        if decided is None:
            return row
        values = row.values[reader.kind]
        if decided.note:
            row.notes.append(Said("", decided.note))
        if decided.amount is not None and reader.money:
            values[reader.money] = decided.amount
        if decided.ending:
            values.pop("reference", None)
            if values.get("identifier"):
                values["identifier"] += decided.ending
            return row._replace(kept_as=None)
        return row._replace(pounds=None) if decided.said else row

    def skips(self, place: int) -> bool:
        """Whether the officer chose to leave that row out."""
        decided = self._decided.get(place, _Decided())
        return decided.skip or (decided.said and decided.added_to is not None and self.skips(decided.added_to))

    def added_to(self, place: int) -> int | None:
        """Of an instalment, the row (from 0) to whose amount it is added."""
        return self._decided[place].added_to if place in self._decided else None

    def leads(self, place: int) -> bool:
        """Whether instalments on later rows are added to that row."""
        return place in self._led or (place in self._decided and self._decided[place].amount is not None)


def _paid(row: Row) -> Decimal:
    """What the payments of a row come to."""
    amounts = [values.get("amount") for key, values in row.values.items() if key.partition(":")[0] == "payment"]
    return sum((amount for amount in amounts if isinstance(amount, Decimal)), Decimal(0))


def _differing(rows: Sequence[tuple[RowReader, Sequence[Any], Row]]) -> tuple[str, ...]:
    """The titles under which rows differ."""
    reader, first, _ = rows[0]
    unlike = {place for _, cells, _ in rows for place in _unlike(reader, first, cells)}
    return tuple(column.title for place, column, *_ in reader.columns if place in unlike)


def _unlike(reader: RowReader, first: Sequence[Any], cells: Sequence[Any]) -> list[int]:
    """The places of the columns in which two rows differ."""
    return [
        place
        for place, *_ in reader.columns
        if place < len(cells) and text_of(cells[place] or "") != text_of(first[place] or "")
    ]


def _repeats(first: _Heard, one: _Heard) -> Said:
    return Said("", f"This row repeats {_place(first.where, one.where[0])}: they agree in every cell")


def _clashes(other: _Heard, one: _Heard) -> Said:
    place = _place(other.where, one.where[0])
    return Said("", f"This row clashes with {place}: they share an identifier and differ")


def _place(where: _Where, sheet: str) -> str:
    return f"row {where[1]:,}" if where[0] == sheet else f"row {where[1]:,} of sheet “{where[0]}”"
