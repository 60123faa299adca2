"""Rows that share an identifier: copies of one row, rows that say different things of it, and what was decided.

Rows of one table are compared cell by cell; rows of several, whose columns differ, by the fields that both have.
"""

from array import array
from collections.abc import Iterable, Sequence
from collections.abc import Mapping as Dict
from decimal import Decimal
from typing import Any, NamedTuple

from grants_app import wording
from grants_app.exchange.imports.plan import Clash, Clashing, Plan
from grants_app.exchange.imports.rows import Row, RowReader, Said, parents_of
from grants_app.exchange.sources.cellvalues import text_of

_CALLED = (("organisation", "name"), ("grant", "title"))
_Where = tuple[str, int]
_Key = tuple[str, str]
_Table = tuple[Iterable[tuple[int, Sequence[Any]]], RowReader]
_Rows = dict[int, tuple[RowReader, Sequence[Any], Row]]


class _Heard(NamedTuple):
    """One row of a key: which one it is (from 0), what its cells come to, and where it stands."""

    place: int
    cells: int
    where: _Where


class _Decided(NamedTuple):
    """What becomes of one row: it is skipped; its identifier gets an ending; its amount becomes this, or is added.

    `said`: its amount is that of an earlier row, said again beside another payment, so it is not added. `counted`: its
    amount is that of a row of another table, and counts there; `summed`: that one's amount became a sum.
    """

    skip: bool = False
    ending: str = ""
    amount: Decimal | None = None
    note: str = ""
    added_to: int | None = None
    said: bool = False
    counted: bool = False
    summed: bool = False


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
        self._spelt: dict[
            int, str
        ] = {}  # the identifier as the first row has it, of a row that has it in other capitals
        self._led: set[int] = set()
        self.count = 0
        self.shared: set[str] = set()
        """The kinds (table names) of which rows of several tables are about one record."""

    def hear(self, key: _Key | None, cells: Sequence[Any], where: _Where) -> None:
        """Take note of the next row and of where it stands; without a key it is not compared."""
        self._cells.append(hash(tuple(cells)) if key is not None else 0)
        self._numbers.append(where[1])
        self._sheet.append(self._sheets.setdefault(where[0], len(self._sheets)))
        if key is not None:
            key = key[0], key[1].casefold()
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
        groups = [one for group in self._groups.values() for one in self._by_capitals(group, rows)]
        self._groups.clear()
        return [clash for key, group in groups if (clash := self._group(key, group, plan, rows))]

    def _by_capitals(self, group: Sequence[_Heard], rows: _Rows) -> Iterable[tuple[_Key, Sequence[_Heard]]]:
        """The rows of one identifier; one in other capitals is another's, unless organisation and title are the same.

        Of another's the first row gets a note.
        """
        found: dict[_Key, list[_Heard]] = {}
        for one in group:
            reader, cells, row = rows[one.place]
            key = reader.key(cells)
            assert key is not None
            if key not in found and found:
                alike = next((k for k, there in found.items() if _of_one(rows[there[0].place][2], row)), None)
                first = next(iter(found.values()))[0]
                if alike is None:
                    words = f"“{key[1]}” is that of {_place(first.where, one.where[0])} but for its capitals"
                    self._decided[one.place] = _Decided(note=f"{words}: they are two, if that is no slip")
                if alike is not None:
                    key, self._spelt[one.place] = alike, alike[1]
            found.setdefault(key, []).append(one)
        return [(key, there) for key, there in found.items() if len(there) > 1]

    def _rows(self, tables: Iterable[_Table]) -> _Rows:
        """The rows of every group, read once more."""
        wanted = {heard.place for group in self._groups.values() for heard in group}
        found: _Rows = {}
        count = 0
        for rows, reader in tables:
            for number, cells in rows:
                if count in wanted:
                    found[count] = (reader, cells, reader.read(number, cells))
                count += 1
        return found

    def _group(self, key: _Key, group: Sequence[_Heard], plan: Plan, rows: _Rows) -> Clash | None:
        whole, joined = self._with_parts(group, rows), dict[int, list[_Heard]]()
        group = self._joined(whole, rows, joined)
        first = group[0]
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
                for each in (one, *joined.get(one.place, ())):
                    self._faulty[each.place] = _clashes(other if one.cells == first.cells else first, each)
        elif chosen is Clashing.SKIP:
            self._decided.update({one.place: _Decided(skip=True) for one in whole})
        elif chosen is Clashing.SEPARATE:
            for number, one in enumerate(list(distinct.values())[1:], 2):
                note = f"“{key[1]}” stands on several rows: this one becomes {key[1]}-{number}"
                for each in (one, *joined.get(one.place, ())):
                    counted = self._decided.get(each.place, _Decided()).counted
                    self._decided[each.place] = _Decided(ending=f"-{number}", note=note, counted=counted)
        else:
            self._instalments(list(distinct.values()), rows, joined)
        return Clash(
            name,
            key[1],
            tuple(one.where for one in whole),
            _differing([rows[one.place] for one in whole]),
            tuple(rows[one.place][2].pounds for one in whole),
            chosen,
        )

    def _joined(self, group: Sequence[_Heard], rows: _Rows, joined: dict[int, list[_Heard]]) -> Sequence[_Heard]:
        """The rows without those that agree with one of another table in all that both say: they are one record.

        Those are put into `joined`, by the place of that row.
        """
        tables = list(dict.fromkeys(id(rows[one.place][0]) for one in group))
        if len(tables) < 2:
            return group
        self.shared.add(rows[group[0].place][0].kind)
        group = [one._replace(cells=hash((tables.index(id(rows[one.place][0])), one.cells))) for one in group]
        left: list[_Heard] = []
        for one in group:
            for leader in left:
                there = [leader, *joined.get(leader.place, ())]
                twin = next((each for each in there[1:] if each.cells == one.cells), None)
                if twin:
                    self._faulty[one.place] = _repeats(twin, one)
                    break
                if all(_agree(rows[each.place], rows[one.place]) for each in there):
                    joined.setdefault(leader.place, []).append(one)
                    if _said_already([rows[each.place] for each in there], rows[one.place]):
                        self._decided[one.place] = _Decided(counted=True)
                    break
            else:
                left.append(one)
        return left

    def _with_parts(self, group: Sequence[_Heard], rows: _Rows) -> Sequence[_Heard]:
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

    def _instalments(self, distinct: Sequence[_Heard], rows: _Rows, joined: Dict[int, Sequence[_Heard]]) -> None:
        """The first row takes the sum; the others only add to it. With one that is faulty, no sum would be true.

        Rows of another table that has no such amount are of the same grant, and none of its instalments.
        """
        first = distinct[0]
        reader = rows[first.place][0]
        distinct = [one for one in distinct if _adds(rows[one.place], reader)]
        faulty = next((one for one in distinct if rows[one.place][2].faults), None)
        if faulty is not None:
            for one in distinct:
                if not rows[one.place][2].faults:
                    where = _place(faulty.where, one.where[0])
                    words = f"An instalment of the same grant, {where}, is faulty: they go in together"
                    self._faulty[one.place] = Said("", words)
            return
        if len(distinct) < 2:
            return
        sums: dict[int, Decimal] = {}
        for one in distinct:
            of, _, row = rows[one.place]
            sums[id(of)] = sums.get(id(of), Decimal("0.00")) + (row.pounds or 0)
        once = len(set(sums.values())) == 1  # one table has the whole, another its parts
        words = f"{len(distinct)} instalments of one grant are added up"
        words = f"{words}, of one sheet: the sheets come to the same" if once and len(sums) > 1 else words
        amount = next(iter(sums.values())) if once else sum(sums.values(), Decimal("0.00"))
        self._decided[first.place] = _Decided(amount=amount, note=words)
        for one in distinct[1:]:
            words = f"An instalment of {_place(first.where, one.where[0])}: its amount is added to that row's"
            self._decided[one.place] = _Decided(added_to=first.place, note=words)
        for one in distinct:
            for each in joined.get(one.place, ()):
                counted = self._decided.get(each.place, _Decided()).counted
                self._decided[each.place] = _Decided(counted=counted, summed=rows[each.place][0].money == reader.money)

    def applied(self, place: int, row: Row, reader: RowReader) -> Row:
        """The row (counted from 0) with what was decided of it."""
        if place in self._faulty:
            row.faults.append(self._faulty[place])
        if place in self._spelt and row.values[reader.kind].get("identifier"):
            row.values[reader.kind]["identifier"] = self._spelt[place]
        decided = self._decided.get(place)
        if decided is None:
            return row
        values = row.values[reader.kind]
        if decided.note:
            row.notes.append(Said("", decided.note))
        if decided.amount is not None and reader.money:
            values[reader.money] = decided.amount
        if decided.summed and reader.money:
            values.pop(reader.money, None)
        if decided.counted:
            row = row._replace(pounds=None)
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


def _of_one(one: Row, other: Row) -> bool:
    """Whether two rows name the same organisation and the same title."""
    names = [
        [wording.folded(row.values.get(kind, {}).get(name) or "") for kind, name in _CALLED] for row in (one, other)
    ]
    return names[0] == names[1] and all(names[0])


def _paid(row: Row) -> Decimal:
    """What the payments of a row come to."""
    amounts = [values.get("amount") for key, values in row.values.items() if key.partition(":")[0] == "payment"]
    return sum((amount for amount in amounts if isinstance(amount, Decimal)), Decimal(0))


def _adds(one: tuple[RowReader, Sequence[Any], Row], reader: RowReader) -> bool:
    """Whether a row's amount is one of those that the first table, by this reader, has of the record."""
    return one[0] is reader or (one[0].money == reader.money and one[2].pounds is not None)


def _agree(one: tuple[RowReader, Sequence[Any], Row], other: tuple[RowReader, Sequence[Any], Row]) -> bool:
    """Whether two rows of different tables say the same wherever both say something of one field."""
    return one[0] is not other[0] and not _against(one, other)


def _against(one: tuple[RowReader, Sequence[Any], Row], other: tuple[RowReader, Sequence[Any], Row]) -> list[str]:
    """The targets, or the titles of what is only kept, of which two rows of different tables say otherwise."""
    (reader, _, mine), (_, _, theirs) = one, other
    found = []
    for kind in (reader.kind, *parents_of(reader.kind)):
        said, others = mine.values.get(kind, {}), theirs.values.get(kind, {})
        found += [f"{kind}.{name}" for name in said.keys() & others.keys() if _differ(said[name], others[name])]
    for kept, beside in ((mine.extra, theirs.extra), (mine.organisation_extra, theirs.organisation_extra)):
        found += [key for key in kept.keys() & beside.keys() if _differ(kept[key], beside[key])]
    return found


def _differ(one: Any, other: Any) -> bool:
    """Whether two values differ, and neither is blank; texts however they are written."""
    if one == other or one in (None, "", ()) or other in (None, "", ()):
        return False
    return not (isinstance(one, str) and isinstance(other, str) and wording.folded(one) == wording.folded(other) != "")


def _said_already(
    before: Sequence[tuple[RowReader, Sequence[Any], Row]], one: tuple[RowReader, Sequence[Any], Row]
) -> bool:
    """Whether the amount of a row is that of one before it, which goes in."""
    return any(reader.money == one[0].money and row.pounds is not None and not row.faults for reader, _, row in before)


def _differing(rows: Sequence[tuple[RowReader, Sequence[Any], Row]]) -> tuple[str, ...]:
    """The titles under which rows differ, those of the first one's table first."""
    reader, first, _ = rows[0]
    unlike = {place for of, cells, _ in rows if of is reader for place in _unlike(reader, first, cells)}
    targets = {target for one in rows if one[0] is not reader for target in _against(rows[0], one)}
    found = [
        column.title
        for place, column, target, *_ in reader.columns
        if place in unlike or {target, column.key} & targets
    ]
    others = {id(of): (of, cells) for of, cells, _ in reversed(rows) if of is not reader}
    for of, cells in others.values():
        places = {place for each, theirs, _ in rows if each is of for place in _unlike(of, cells, theirs)}
        found += [column.title for place, column, *_ in of.columns if place in places]
    return tuple(dict.fromkeys(found))


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
