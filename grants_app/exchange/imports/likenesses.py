"""Names of organisations that look alike, in the file and among those kept: the officer is asked, always."""

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import or_, select

from grants_app.exchange.imports import alike
from grants_app.exchange.imports.finders import NUMBERS, Organisations, identifiers_of
from grants_app.exchange.imports.mapping import CALLED
from grants_app.exchange.imports.matching import fold
from grants_app.exchange.imports.plan import Likeness, Namesakes, Spelling, likeness_key
from grants_app.exchange.imports.previewing import Preview, Remark
from grants_app.exchange.imports.rows import Row
from grants_app.records import Organisation
from grants_app.records.base import batches
from grants_app.records.organisation import OrganisationKind

_MOST, _TOGETHER = 500, 8
_NAME = Organisation.__tablename__


@dataclass(slots=True)
class _Name:
    """One new name of the file, however it is written: the places of its spellings, and what identifies it."""

    spellings: list[int]
    identifier: int
    rows: int


class Likenesses:
    """Hears how each row writes the name of its organisation, and at the end asks of those that look alike."""

    def __init__(self, found: Preview, finder: Organisations, earlier: Mapping[str, str]) -> None:
        """`earlier`: what was said of names in earlier files, as in `Plan.likenesses`; the plan goes over it."""
        self.found, self.finder, self.earlier = found, finder, earlier
        self.answers = finder.answers = {**earlier, **found.plan.likenesses}
        finder.told = found.plan.likenesses
        self._chosen = {key: called for key, called in found.plan.spellings.items() if called}
        finder.agreed = frozenset(fold(called) or called for called in self._chosen.values())
        self._places: dict[str, int] = {}
        self._rows, self._first, self._sheet = array("L"), array("L"), array("H")
        self._pence: list[int] = []
        self._identifiers = array("q")  # hashes of them, 0 for none: there may be as many as rows
        self._sheets: dict[str, int] = {}

    def hear(self, batch: Iterable[Row]) -> None:
        """Count rows under the names that they write, and give them those that the officer chose instead."""
        for row in batch:
            self._hear(row)

    def _hear(self, row: Row) -> None:
        values = row.values.get(_NAME)
        name = values.get("name") if values else None
        if not values or not name or row.faults or row.kept_as or values.get("reference") or values.get(CALLED):
            return
        if values.get("kind") is OrganisationKind.INDIVIDUAL:
            return
        at = self._places.get(name)
        if at is None:
            at = self._places[name] = len(self._rows)
            self._rows.append(0)
            self._first.append(row.number)
            self._sheet.append(self._sheets.setdefault(row.sheet, len(self._sheets)))
            self._pence.append(0)
            self._identifiers.append(0)
        self._rows[at] += 1
        if row.pounds:
            self._pence[at] += int(row.pounds * 100)
        if not self._identifiers[at] and (given := identifiers_of(values)):
            self._identifiers[at] = hash(given[0])
        if self._chosen and (called := self._chosen.get(likeness_key(_NAME, name))):
            values["name"] = called

    def settle(self) -> None:
        """Put the questions into the preview: kept ones that a new name is like, then new names that are alike."""
        spelt = list(self._places)
        plan = self.found.plan
        if decided := plan.likenesses.keys() | plan.spellings.keys():
            self.found.unheard = frozenset(decided - {likeness_key(_NAME, name) for name in spelt})
        self._answered(spelt)
        names = self._new(spelt)
        first = [spelt[name.spellings[0]] for name in names]
        asked: dict[int, tuple[float, int]] = {}
        near: dict[int, list[tuple[float, int]]] = {}
        for score, one, other in alike.pairs(first, [bool(name.identifier) for name in names], self._kept(names)):
            if other < 0:
                asked[one] = max(asked.get(one, (0.0, 0)), (score, other))
            else:
                near.setdefault(one, []).append((score, other))
                near.setdefault(other, []).append((score, one))
        open_ = self._of_kept(first, names, asked)
        self.found.likenesses.sort(key=lambda one: (self._sheets[one.sheet], one.row))
        for group in _groups(names, near, open_):
            self._of_each_other([names[place] for place in group], spelt)

    def _new(self, spelt: Sequence[str]) -> list[_Name]:
        """The names that neither a kept record nor two of the file have; also those for which another was chosen."""
        names: dict[str, _Name] = {}
        for at, name in enumerate(spelt):
            folded = fold(name) or name
            one = names.setdefault(folded, _Name([], 0, 0))
            one.spellings.append(at)
            one.rows += self._rows[at]
            one.identifier = one.identifier or self._identifiers[at]
        for folded in list(names):
            if likeness_key(_NAME, folded) not in self._chosen and not self.finder.only_new(folded):
                del names[folded]
        for one in names.values():
            one.spellings.sort(key=lambda at: -self._rows[at])
        return list(names.values())

    def _kept(self, names: Sequence[_Name]) -> Iterator[tuple[int, str, bool]]:
        """Those that are kept: id, name, and whether it has an identifier."""
        if names and self.finder.any_kept:
            has = or_(*(Organisation.column(name).is_not(None) for name in NUMBERS))
            statement = select(Organisation.id, Organisation.name, has).where(
                Organisation.kind != OrganisationKind.INDIVIDUAL
            )
            for id_, name, known in self.finder.session.execute(statement):
                yield id_, name, bool(known)

    def _of_kept(
        self, first: Sequence[str], names: Sequence[_Name], asked: Mapping[int, tuple[float, int]]
    ) -> set[int]:
        """Ask of new names that are like a kept one; the places of those without an answer."""
        called = self._called(Organisation.id, [-other for _, other in asked.values()][:_MOST])
        open_ = set()
        for place, (score, other) in sorted(asked.items()):
            key, at = likeness_key(_NAME, first[place]), names[place].spellings[0]
            if key in self._chosen:
                continue
            told = "" if self.answers.get(key) == "" else None  # a reference says nothing once it is gone
            if told is None:
                open_.add(place)
            if -other not in called:
                self.found.more_alike += told is None
                continue
            reference, name = called[-other]
            self._ask(Likeness(key, _NAME, first[place], reference, name, score, *self._where(at), told))
            if told is None:
                words = f"“{first[place]}” is new; it is like {reference}, {name}: are they the same?"
                self.found.note(Remark(*self._where(at), "", words))
        return open_

    def _answered(self, spelt: Sequence[str]) -> None:
        """List the names that are a kept record by an answer, so that it can be given otherwise."""
        keys = {key: at for at, name in enumerate(spelt) if self.answers.get(key := likeness_key(_NAME, name))}
        wanted = {self.answers[key] for key in keys if key not in self._chosen}
        called = dict(self._called(Organisation.reference, wanted).values())
        for key, at in keys.items():
            name, reference = spelt[at], self.answers[key]
            if reference in called and key not in self._chosen and not self.finder.is_named(fold(name) or name):
                score, where = alike.score(name, called[reference]), self._where(at)
                self._ask(Likeness(key, _NAME, name, reference, called[reference], score, *where, reference))

    def _ask(self, one: Likeness) -> None:
        if len(self.found.likenesses) >= _MOST:
            self.found.more_alike += one.answer is None
            return
        remembered = one.answer is not None and self.found.plan.likenesses.get(one.key) is None
        self.found.likenesses.append(one._replace(remembered=remembered))

    def _of_each_other(self, group: Sequence[_Name], spelt: Sequence[str]) -> None:
        """Ask of new names that are alike."""
        places = [at for name in group for at in name.spellings]
        told = tuple(self._spelling(spelt[at], at) for at in places)
        plan = self.found.plan.spellings
        answers = {spelling.key: plan[spelling.key] for spelling in told if spelling.key in plan}
        called = next(filter(None, answers.values()), "") if answers else self._earlier(told)
        apart = frozenset(s.key for s in told if called and answers.get(s.key) != called)
        if len(self.found.namesakes) >= _MOST:
            self.found.more_alike += called is None
            return
        self.found.namesakes.append(Namesakes(_NAME, told, called, apart))
        names = [spelt[name.spellings[0]] for name in group]
        if called is None:
            words = f"{' and '.join(f'“{name}”' for name in names)} look alike: are they one organisation?"
            self.found.note(Remark(told[0].sheet, told[0].row, "", words))
        for spelling in told if called else ():
            if spelling.key not in apart and spelling.name != called:
                words = f"“{spelling.name}” goes in as “{called}”"
                self.found.note(Remark(spelling.sheet, spelling.row, "", words))

    def _earlier(self, told: Iterable[Spelling]) -> str | None:
        """What an earlier file was told of them: that each stands by itself; else nothing."""
        return "" if all(self.earlier.get(spelling.key) == "" for spelling in told) else None

    def _spelling(self, name: str, at: int) -> Spelling:
        return Spelling(
            likeness_key(_NAME, name), name, self._rows[at], Decimal(self._pence[at]) / 100, *self._where(at)
        )

    def _where(self, at: int) -> tuple[str, int]:
        return list(self._sheets)[self._sheet[at]], self._first[at]

    def _called(self, column: Any, wanted: Iterable[Any]) -> dict[Any, tuple[str, str]]:
        """Reference and name of kept ones, by the column that they are asked by."""
        listed, found = sorted(set(wanted)), dict[Any, tuple[str, str]]()
        for batch in batches(listed, _MOST):
            some = column.in_(batch)
            statement = select(column, Organisation.reference, Organisation.name).where(some)
            found |= {asked: (ref, name) for asked, ref, name in self.finder.session.execute(statement)}
        return found


def _groups(
    names: Sequence[_Name], near: Mapping[int, Sequence[tuple[float, int]]], asked: set[int]
) -> Iterator[list[int]]:
    """Names that hang together by likeness, the one of most rows first; never two that differ in identifier."""
    left = {place for place in near if place not in asked}
    for start in sorted(left, key=lambda place: (-names[place].rows, place)):
        if start not in left:
            continue
        group, waiting, identifier = [start], [start], names[start].identifier
        left.discard(start)
        while waiting and len(group) < _TOGETHER:
            for _score, other in sorted(near[waiting.pop(0)], reverse=True):
                theirs = names[other].identifier
                if other in left and len(group) < _TOGETHER and (not theirs or identifier in (0, theirs)):
                    group.append(other)
                    waiting.append(other)
                    left.discard(other)
                    identifier = identifier or theirs
        if len(group) > 1:
            yield group
