"""How the sample is made: acts of named officers, done in the order of their days through the store's own door."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any, TypeVar

from sqlalchemy import func, select, update

from grants_app import clock
from grants_app.records import Record
from grants_app.records.base import table_of
from grants_app.records.history import Step
from grants_app.store import Change, Store
from grants_app.store.driver import Progress

LEAD, SECOND, HOLDER, FINANCE = "Priya Nair", "Tom Adeyemi", "Grace Whitfield", "Joel Osei"
"""Officers of the sample, invented: programme lead, second officer, budget holder, finance."""

Made = TypeVar("Made", bound=Record)


@dataclass(frozen=True, slots=True)
class Act:
    """One step of the sample: on which day, who did it, in which words, and what they did."""

    day: date
    officer: str
    words: str
    do: Callable[..., str | None]
    told: tuple[Any, ...] = ()
    final: bool = False
    verb: bool = False
    name: str = ""


class Making:
    """The sample being made: today, a random order that is always the same, and what exists so far, by a short key."""

    def __init__(self, store: Store) -> None:
        """Of that store, whose officer does what is done this week."""
        self.store, self.me, self.today = store, store.officer, clock.today()
        self.other = LEAD if self.me != LEAD else SECOND
        self.random = Random(2017)  # noqa: S311 - the same sample each time, no secret
        self.acts: list[Act] = []
        self._joined: dict[str, list[tuple[Callable[..., Any], tuple[Any, ...]]]] = {}
        self._made: dict[str, Record] = {}

    def ago(self, days: int) -> date:
        """So many days before today; after it, if negative."""
        return self.today - timedelta(days=days)

    def at_work(self, day: date) -> date:
        """That day, or the Friday before a weekend, but today's weekend work stays today's."""
        return day if day >= self.today else day - timedelta(days=max(0, day.weekday() - 4))

    def act(
        self,
        day: date,
        officer: str,
        words: str,
        do: Callable[..., str | None],
        *told: Any,
        final: bool = False,
        name: str = "",
    ) -> None:
        """Plan a step: `do(making, session, *told)`, which may give it other words. Steps are done in order of day.

        By its name, more may be joined to it.
        """
        self.acts.append(Act(min(self.at_work(day), self.today), officer, words, do, told, final, name=name))

    def join(self, name: str, do: Callable[..., Any], *told: Any) -> None:
        """Plan what is done in the same step as the act of that name, after it."""
        self._joined.setdefault(name, []).append((do, told))

    def verb(self, officer: str, do: Callable[[], Any]) -> None:
        """Plan for today what an officer does by a verb, which makes a step of its own."""
        self.acts.append(Act(self.today, officer, "", do, verb=True))

    def put(self, session: Change, key: str, made: type[Made], /, **values: Any) -> Made:
        """Add a record, which others may then name by its key; no key, if none will."""
        record = made(**values)
        session.add(record)
        if key:
            session.flush()
            self._made[key] = record
        return record

    def put_all(self, session: Change, made: type[Made], rows: Mapping[str, Mapping[str, Any]]) -> list[Made]:
        """Add many records of one kind at once, each by its key."""
        records = {key: made(**values) for key, values in rows.items()}
        session.add_all(records.values())
        session.flush()
        self._made.update(records)
        return list(records.values())

    def alias(self, key: str, known: str) -> None:
        """What was made under the known key may be named by this one too."""
        self._made[key] = self._made[known]

    def id(self, key: str) -> int:
        """The id of what was made under that key."""
        return self._made[key].id

    def ref(self, key: str) -> str:
        """The reference of what was made under that key."""
        return self._made[key].reference

    def refs(self, *keys: str) -> tuple[str, ...]:
        """Their references, sorted, as a field of several keeps them."""
        return tuple(sorted(self.ref(key) for key in keys))

    def again(self, session: Change, key: str, kind: type[Made]) -> Made:
        """The record made under that key, loaded to be changed."""
        return session.get_one(kind, self.id(key))

    def run(self, progress: Progress) -> None:
        """Do every act, then date the steps; the store's officer is as before."""
        stamps = []
        acts = sorted(self.acts, key=lambda act: (act.day, act.verb))
        for place, act in enumerate(acts):
            with _as(self.store, act.officer):
                step = self._verb(act) if act.verb else self._step(act)
            stamps.append((step, act))
            progress(place + 1, len(acts))
        self._date(stamps)

    def _step(self, act: Act) -> int:
        with self.store.change(act.words, final=act.final) as session:
            session.words = act.do(self, session, *act.told) or act.words
            for do, told in self._joined.get(act.name, ()):
                do(self, session, *told)
            return session.step_id

    def _verb(self, act: Act) -> int:
        act.do()
        with self.store.reading() as session:
            return session.scalar(select(func.max(Step.id))) or 0

    def _date(self, stamps: list[tuple[int, Act]]) -> None:
        """Give the steps their days: the sample's history is a year long and made in a second."""
        late, on_day = clock.now(), Counter(act.day for _, act in stamps)
        done: Counter[date] = Counter()
        with self.store.change("Date the sample's history") as session:
            for step, act in stamps:
                done[act.day] += 1
                at = datetime.combine(act.day, time(9, 5), UTC) + timedelta(minutes=17 * done[act.day])
                if act.day == self.today:
                    at = late - timedelta(minutes=9 * (1 + on_day[act.day] - done[act.day]))
                session.connection().execute(update(table_of(Step)).where(Step.id == step).values(at=at))


@contextmanager
def _as(store: Store, officer: str) -> Iterator[None]:
    """The store's officer is another one meanwhile."""
    before, store.officer = store.officer, officer
    try:
        yield
    finally:
        store.officer = before
