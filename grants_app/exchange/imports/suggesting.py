"""Where the columns of a table are likely to go: by what was chosen before, by their titles, by what they hold."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants_app import wording
from grants_app.errors import Refused
from grants_app.exchange.giving import titles
from grants_app.exchange.imports import mapping as columns
from grants_app.exchange.imports import remembering, returning
from grants_app.exchange.imports.faulty import WHAT_IS_WRONG
from grants_app.exchange.imports.mapping import LEAVE, Mapped, field_of, own_target, split
from grants_app.exchange.imports.rows import MONEY
from grants_app.exchange.imports.vocabulary import KINDS, Vocabulary, is_currency, score, stem, vocabulary
from grants_app.exchange.sources import cellvalues, contents
from grants_app.exchange.sources.tables import Table
from grants_app.records import RECORDS, Kind, Programme, Record, kind_named
from grants_app.records.figures import figures_of
from grants_app.store import own

_SAMPLED, _SHOWN = 200, 3
_FITS, _FEW = 0.5, 3
_CREATED = {"organisation", "programme", "officer", "adviser"}
_ESSENTIAL = {"grant.identifier": "Identifier", "grant.awarded": "Amount Awarded"}
_ENOUGH = {"organisation": ("name", "identifier", "charity_number", "company_number")}
_BY_CONTENT = (
    (contents.Sort.POSTCODE, ("postcode",)), (contents.Sort.BOROUGH, ("borough", "boroughs")),
    (contents.Sort.ORG_ID, ("identifier",)), (contents.Sort.GRANT_ID, ("identifier",)),
)  # fmt: skip


class Suggested(NamedTuple):
    """A table's main kind, whether it is of the 360Giving standard, its columns, and why it is left out, if so."""

    kind: str
    giving: bool
    mapping: columns.Mapping
    reason: str = ""


def known(title: str) -> bool:
    """Whether a title is one that this app has a place for: what headings are recognised by."""
    return columns.known(title) or any(stem(title) in words.words for words in vocabulary().values())


class Suggester:
    """Suggests for the tables of one file, one after the other."""

    def __init__(
        self, session: Session, lists: Mapping[str, Sequence[str]], remembered: Mapping[str, Mapping[str, Any]]
    ) -> None:
        """`lists` are the file's own; `remembered` is what `remembering.recalled` gives."""
        self.session, self.lists, self.remembered = session, lists, remembered
        self._own = {kind: own.columns(session, kind) for kind in RECORDS}

    def suggest(self, table: Table, kind: str = "") -> Suggested:
        """The main kind (or the one that is asked for) and a target for every column."""
        values = self._values(table)
        marked = returning.recognised(self.session, table.titles)
        if marked is not None:
            found = returning.mapping(table.titles, marked, self._own[marked.kind])
            theirs = _Assigning(self, table, marked.kind, values)
            columns_left = [
                column
                for column in returning.homeless(marked.kind, found)
                if values[column.place] and column.title != WHAT_IS_WRONG
            ]
            found = found.changed({c.place: theirs._own(c.title, values[c.place]) for c in columns_left})  # noqa: SLF001
            return Suggested(marked.kind.__tablename__, False, self._shown(table, found, values))
        before = self.remembered.get(remembering.signature(table.titles))
        if not kind and _giving(table.titles):
            return self._giving(table, values, before)
        if kind and kind_named(kind) not in KINDS:
            raise Refused(f"No {kind.replace('_', ' ')} is made by an import: choose what else the rows are.")
        main = kind_named(kind or (before["kind"] if before else "")) or _main(table)
        return self._officers(table, main, values, before)

    def _values(self, table: Table) -> list[list[Any]]:
        """The first filled values of each column."""
        found: list[list[Any]] = [[] for _ in table.titles]
        for _, cells in islice(table.rows(), _SAMPLED):
            for place, cell in enumerate(cells):
                if cell not in ("", None) and not (isinstance(cell, str) and cell.isspace()):
                    found[place].append(cell)
        return found

    def _shown(self, table: Table, found: columns.Mapping, values: list[list[Any]]) -> columns.Mapping:
        """With what each column holds, for the officer to see."""
        shown = []
        for column in found.columns:
            sorts, cells = contents.looks(values[column.place]), values[column.place]
            shown.append(
                replace(
                    column,
                    letter=table.letter(column.place),
                    sorts=frozenset(sort.value for sort in sorts),
                    samples=tuple(dict.fromkeys(map(cellvalues.tidied, cells)))[:_SHOWN],
                    points=column.points or contents.Sort.POINTED in sorts,
                )
            )
        return columns.Mapping(tuple(shown))

    def _giving(self, table: Table, values: list[list[Any]], before: Mapping[str, Any] | None) -> Suggested:
        found = _recalled(columns.suggest(table.titles), before)
        wrong = {place: LEAVE for place, title in enumerate(table.titles) if title == WHAT_IS_WRONG}
        found = found.changed(wrong)
        missing = [word for target, word in _ESSENTIAL.items() if found.place_of(target) is None]
        reason = ""
        if missing:
            count = sum(1 for _ in table.rows())
            reason = f"it has no column {wording.listed(missing, 'or')}" if count else "it has headings and no rows"
            reason += f"; {wording.counted(count, 'row')} not read" if count else ""
        return Suggested("grant", True, self._shown(table, found, values), reason)

    def _officers(
        self, table: Table, main: type[Record] | None, values: list[list[Any]], before: Mapping[str, Any] | None
    ) -> Suggested:
        if main is None:
            left = [Mapped(place, title, LEAVE, title) for place, title in enumerate(table.titles)]
            count = wording.counted(sum(1 for _ in table.rows()), "row")
            reason = f"its column titles are not those of any record; {count} not read"
            return Suggested("grant", False, self._shown(table, columns.Mapping(tuple(left)), values), reason)
        targets = _Assigning(self, table, main, values).targets()
        found = columns.Mapping(
            tuple(
                Mapped(place, title, targets[place][0], titles.path_of(title) or title, why=targets[place][1])
                for place, title in enumerate(table.titles)
            )
        )
        found = self._shown(table, _recalled(found, before), values)
        return Suggested(main.__tablename__, False, found, self._lacks(table, main, found) if before is None else "")

    def _lacks(self, table: Table, main: type[Record], found: columns.Mapping) -> str:
        """What no column gives and every new record of the main kind needs; blank for nothing."""
        there = set(found.targets.values())
        lacking = [
            field.label for name, field in main.fields().items()
            if field.required and field.default is None and field.kind is not Kind.LINK and name != "code"
            and f"{main.__tablename__}.{name}" not in there
            and not (name == "due" and f"{main.__tablename__}.paid_on" in there)
        ]  # fmt: skip
        identified = {f"{main.__tablename__}.{name}" for name in ("reference", "identifier")} & there
        if not lacking or identified:
            return ""
        count = wording.counted(sum(1 for _ in table.rows()), "row")
        noun = f"a{'n' if main.noun[0] in 'AEIOU' else ''} {main.noun.lower()}"
        return f"{noun} needs {wording.listed(lacking)}, and no column has it; {count} not read"


class _Assigning:
    """One officer's table: a target for each column, each target once."""

    def __init__(self, by: Suggester, table: Table, main: type[Record], values: list[list[Any]]) -> None:
        self.by, self.table, self.main, self.values = by, table, main, values
        self.found: dict[int, tuple[str, str]] = {}
        self.taken: set[str] = set()
        self.short = _short(table)

    def targets(self) -> dict[int, tuple[str, str]]:
        """Target and why, by place."""
        words = vocabulary()
        self._by_our_own_words()
        filled_first = sorted(enumerate(self.table.titles), key=lambda one: not self.values[one[0]])
        for why in ("title", "like title"):
            for kind in _around(self.main):
                for place, title in filled_first:
                    for said in dict.fromkeys((title, self.short[place])):
                        if place not in self.found:
                            self._by_title(place, said, words[kind], kind, why)
        for place in range(len(self.table.titles)):
            if place not in self.found:
                self._by_content(place)
        self._only_whole()
        for place in range(len(self.table.titles)):
            if place not in self.found:
                self.found[place] = (
                    (self._own(self.short[place], self.values[place]), "content") if self.values[place] else (LEAVE, "")
                )
        return self.found

    def _by_our_own_words(self) -> None:
        """Columns that this app added to a copy or worked out in a list, and the one that says in which money it is."""
        for place, title in enumerate(self.table.titles):
            if title == WHAT_IS_WRONG:
                self._take(place, LEAVE, "")
            elif is_currency(title) and self.main.__tablename__ in MONEY and not self._mine(title):
                self._take(place, columns.CURRENCY, "title")
        if "Reference" in self.table.titles and self._fits(
            f"{self.main.__tablename__}.reference", self.values[self.table.titles.index("Reference")]
        ):
            self.found.update(dict.fromkeys(returning.worked_out(self.main, self.table.titles), (LEAVE, "")))

    def _mine(self, title: str) -> bool:
        """Whether the kind has a column of the officer's own of that title."""
        return any(wording.folded(field.label) == wording.folded(title) for field in self.by._own[self.main])  # noqa: SLF001

    def _by_title(self, place: int, title: str, words: Vocabulary, kind: type[Record], why: str) -> None:
        main = kind is self.main
        names = words.exactly(title, qualified=not main) if why == "title" else words.nearly(title) if main else ()
        for name in names:
            target = self._sent(kind, name, self.values[place])
            other_money = _is_money(target) and not contents.in_pounds(title)
            if target and target not in self.taken and not other_money and self._fits(target, self.values[place]):
                self._take(place, target, why)
                return

    def _sent(self, kind: type[Record], name: str, values: Sequence[Any]) -> str:
        """A link's column makes the other record, where it holds names and such records are easily made."""
        field = kind.fields().get(name)
        if field is None or field.kind is not Kind.LINK or field.to not in _CREATED or field.to == kind.__tablename__:
            return f"{kind.__tablename__}.{name}"
        target = kind_named(field.to)
        assert target is not None
        if self._are_references(target, values):
            return f"{kind.__tablename__}.{name}"
        return f"{field.to}.{target.caption}" if kind is self.main else ""

    def _are_references(self, target: type[Record], values: Sequence[Any]) -> bool:
        texts = {cellvalues.tidied(value).upper() for value in values}
        if not texts:
            return False
        if target is not Programme and all(text.startswith(f"{target.prefix}-") for text in texts):
            return True
        kept = select(target.reference).where(target.reference.in_(sorted(texts)[:500]))
        return len(self.by.session.scalars(kept).all()) * 2 >= len(texts)

    def _fits(self, target: str, values: Sequence[Any]) -> bool:
        """Whether what the column holds can be read so, more often than not."""
        kind, name = split(target)
        if name == "reference":
            record = kind_named(kind)
            return record is not None and self._are_references(record, values)
        field = field_of(kind, name)
        if not values or field.kind in (Kind.LINK, Kind.ABOUT):
            return True
        if field.kind in (Kind.TEXT, Kind.LONG) or (field.kind is Kind.MANY and field.to):
            return not (name in ("title", "name", "statement") and contents.share_of_numbers(values) > 0.8)
        few = len(values) < _FEW and field.kind is not Kind.CHOICE
        return few or contents.readable(field, values, self.by.lists) >= _FITS

    def _take(self, place: int, target: str, why: str) -> None:
        self.found[place] = (target, why)
        self.taken.add(target)

    def _by_content(self, place: int) -> None:
        sorts = contents.looks(self.values[place])
        for sort, names in _BY_CONTENT:
            if sort not in sorts:
                continue
            for kind in (self.main, *(k for k in _around(self.main) if self._holds(k))):
                for name in names:
                    target = f"{kind.__tablename__}.{name}"
                    wrong = sort is contents.Sort.GRANT_ID and kind.__tablename__ != "grant"
                    if name in kind.fields() and target not in self.taken and not wrong:
                        self._take(place, target, "content")
                        return

    def _holds(self, kind: type[Record]) -> bool:
        return any(target.startswith(f"{kind.__tablename__}.") for target in self.taken)

    def _only_whole(self) -> None:
        """A kind beside the main one stays only where its records can be made, or be found by name."""
        for kind in _around(self.main)[1:]:
            name = kind.__tablename__
            mine = {place: split(target)[1] for place, (target, _) in self.found.items() if split(target)[0] == name}
            if not mine or self._whole(kind, set(mine.values())):
                continue
            link = next((f.name for f in self.main.fields().values() if f.kind is Kind.LINK and f.to == name), "")
            calls = [place for place, field in mine.items() if field in (kind.caption, "identifier", "reference")]
            for place in mine:
                del self.found[place]
            if link and calls and f"{self.main.__tablename__}.{link}" not in self.taken:
                self._take(calls[0], f"{self.main.__tablename__}.{link}", "title")

    def _whole(self, kind: type[Record], names: set[str]) -> bool:
        name = kind.__tablename__
        if name == "payment":  # what is paid goes in on a day; without one, the amount is the officer's own column
            return "amount" in names and bool(names & {"due", "paid_on"})
        if name in _ENOUGH:
            return bool(names & set(_ENOUGH[name]))
        there = {split(target)[0] for target, _ in self.found.values()} | {self.main.__tablename__}
        for one in kind.fields().values():
            if not one.required or one.default is not None or one.name in names or one.name == "code":
                continue
            if not (one.kind is Kind.LINK and (one.to in there or one.to == "programme")):
                return False
        return True

    def _own(self, title: str, values: Sequence[Any]) -> str:
        """A column of the officer's own on the main kind: the one of that title that there is, else a new one."""
        table = self.main.__tablename__
        label = own.tidied(title)
        for field in self.by._own[self.main]:  # noqa: SLF001 (one room)
            if wording.folded(field.label) == wording.folded(label) and (
                field.kind in (Kind.TEXT, Kind.LONG) or contents.readable(field, values, self.by.lists) == 1.0
            ):
                return self._once(f"{table}.{field.name}", label)
        sort = contents.own_sort(values, label)
        if sort in ("text", "choice"):
            sort = "long" if any(isinstance(v, str) and (len(v) > 200 or "\n" in v) for v in values) else "text"
        if sort == "money" and not (contents.in_pounds(title) and contents.scale_of(title) == 1):
            sort = "number"
        return self._once(own_target(table, sort, label), label)

    def _once(self, target: str, label: str) -> str:
        """Under a label that no field, figure or column of the kind has."""
        fields = self.main.fields().values()
        words = {wording.folded(word) for field in fields for word in (field.key, field.name, field.label)}
        words |= {wording.folded(figure.label) for figure in figures_of(self.main).values()}
        words |= {"reference", "id", "version", ""}
        others = {wording.folded(split(t)[1].split(":", 2)[2]) for t in self.taken if ".own:" in t}
        if wording.folded(label) in words | others:
            head = ":".join(target.split(":", 2)[:2]) + ":"
            endings = (f" ({n})" if n > 1 else " (as imported)" for n in range(1, 1000))
            label = next(
                new for end in endings if wording.folded(new := (label[:60] or "Column") + end) not in words | others
            )
            target = head + label
        self.taken.add(target)
        return target


def _short(table: Table) -> tuple[str, ...]:
    """Each title without the heading that only groups it ("Money / Amount awarded"), where it stays the only one."""
    if len(table.headers) < 2:
        return table.titles
    last = [title.rsplit(" / ", 1)[-1] for title in table.titles]
    alone = Counter(map(wording.folded, last))
    pairs = zip(table.titles, last, strict=True)
    return tuple(word if alone[wording.folded(word)] == 1 else title for title, word in pairs)


def _is_money(target: str) -> bool:
    kind, name = split(target)
    return bool(kind) and name != "reference" and field_of(kind, name).kind is Kind.MONEY


def _recalled(found: columns.Mapping, before: Mapping[str, Any] | None) -> columns.Mapping:
    """With the targets that an officer chose before."""
    if before is None:
        return found
    chosen = before["targets"]
    return columns.Mapping(
        tuple(
            replace(column, target=target, why="remembered")
            if (target := chosen.get(wording.folded(column.title))) is not None and _exists(target)
            else column
            for column in found.columns
        )
    )


def _exists(target: str) -> bool:
    kind, name = split(target)
    if not kind or name in ("reference", columns.CALLED):
        return True
    try:
        field_of(kind, name)
    except ValueError:
        return False
    return True


def _giving(headings: Iterable[str]) -> bool:
    """Whether the titles are those of the 360Giving standard: the grant's own and some of other objects'."""
    paths = {titles.path_of(title) for title in headings}
    return bool(paths & {"id", "amountAwarded"}) and any("/" in path for path in paths)


def _main(table: Table) -> type[Record] | None:
    """The kind that most titles fit and whose records can be made; None where no two titles fit."""
    words = vocabulary()
    scores = {kind: score(words, kind, table.titles, f"{table.sheet.name} {table.name}") for kind in KINDS}
    best = max(KINDS, key=lambda kind: (scores[kind], -KINDS.index(kind)))
    return best if scores[best] >= 1.5 else None


def _around(main: type[Record]) -> tuple[type[Record], ...]:
    """The kinds that a row of the main one may hold too: what it links to, what links to it, and their own parents."""
    links = [f.to for f in main.fields().values() if f.kind is Kind.LINK and f.to != main.__tablename__]
    parents = [kind for kind in KINDS if kind.__tablename__ in links]
    children = [
        kind for kind in KINDS
        if kind is not main and kind.__tablename__ in ("payment", "engagement", "contact")
        and any(f.to == main.__tablename__ and f.kind is Kind.LINK for f in kind.fields().values())
    ]  # fmt: skip
    further = [
        kind for kind in KINDS
        if kind.__tablename__ in ("organisation", "contact") and kind not in (main, *parents, *children)
        and main.__tablename__ in ("payment", "grant")
    ]  # fmt: skip
    return (main, *parents, *children, *further)
