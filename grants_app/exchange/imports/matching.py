"""Whose row it is: the records of each kind, among those kept and those that the file brings."""

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from grants_app import wording
from grants_app.exchange.imports.gathered import NOTHING, ChangedRecord, Known, NewRecord
from grants_app.exchange.imports.mapping import CALLED
from grants_app.exchange.imports.rows import Row
from grants_app.exchange.spool import Shelf, Spool
from grants_app.records import RECORDS, Field, Grant, Kind, Organisation, Programme, Record
from grants_app.records.base import batches, written_as
from grants_app.records.fields import ANY
from grants_app.records.payment import DEAD

fold = lru_cache(maxsize=50_000)(wording.folded)
"""A name in the one form by which it is known, however it is written."""
_MOST_HELD = 5000
_AWAY: dict[str, Any] = {}  # stands for values that are put away; nothing is put in it
NATURAL: dict[str, tuple[str, ...]] = {
    "programme": ("name",), "funding_line": ("programme_id", "name", "year"), "tier": ("programme_id", "name"),
    "theme": ("programme_id", "name"), "organisation": ("name",), "contact": ("organisation_id", "name"),
    "officer": ("name",), "adviser": ("name",), "grant": ("organisation_id", "programme_id", "title"),
    "payment": ("grant_id", "due", "amount"), "allocation": ("grant_id", "payment_id", "funding_line_id"),
    "engagement": ("programme_id", "grant_id", "held_on", "title"),
    "breakdown": ("engagement_id", "dimension", "category"), "event": ("programme_id", "held_on", "title"),
    "outcome": ("programme_id", "statement"), "indicator": ("outcome_id", "name"),
    "measurement": ("indicator_id", "grant_id", "starts", "ends"), "testimonial": ("text",),
    "finding": ("programme_id", "statement"), "recommendation": ("programme_id", "number"),
    "risk": ("grant_id", "programme_id", "event"), "task": ("text", "due"), "note": ("about", "on", "text"),
    "adviser_review": ("adviser_id", "kind", "about"),
}  # fmt: skip
"""What tells a record of a kind from others where it has no identifier; of any other kind, all that a row says."""
TELLING = {"grant": ("awarded", "starts", "ends"), "engagement": ("attended",)}
"""What two of one kind that are called alike, on two tables, are not the same by: last year's grant and this year's."""
INSTEAD: dict[str, dict[str, tuple[str, ...]]] = {"payment": {"due": ("paid_on", "expected_on")}}
"""What a new record takes for a field that its row leaves blank: a payment was due when it was paid."""


@cache
def order() -> tuple[type[Record], ...]:
    """The kinds, each after those that it refers to; those that may refer to any come last."""
    placed: list[type[Record]] = []
    free = {kind for kind in RECORDS if any(one.to == ANY for one in kind.fields().values())}

    def place(kind: type[Record]) -> None:
        names = {one.to for one in kind.fields().values()} - {kind.__tablename__}
        for target in RECORDS:
            after = target.__tablename__ in names and target not in free
            if after and target is not kind and target not in placed:
                place(target)
        if kind not in placed:
            placed.append(kind)

    for kind in sorted(RECORDS, key=lambda kind: (kind in free or _refers_to(kind, free), RECORDS.index(kind))):
        place(kind)
    return tuple(placed)


def _refers_to(kind: type[Record], others: Iterable[type[Record]]) -> bool:
    names = {other.__tablename__ for other in others} - {"document"}
    return any(one.to in names for one in kind.fields().values())


class Finder:
    """The records of one kind: finds the kept one that a row is about, and gathers what the file brings and changes.

    A token is the id of a kept record, or -1, -2, … for the first, second … that the file brings. `shared`: several
    rows may be about one record, so what they say of it is gathered; else each row is written away at once.
    `leading`: it is the main kind of the table that is read just now. `apart`: each row of that table is about another
    record, so of several that are alike the next, even where other tables are about the same ones.
    """

    def __init__(self, session: Session, kind: type[Record], *, shared: bool, linked: bool) -> None:
        """`linked`: rows may call a record of this kind by its reference, identifier or name."""
        self.session, self.kind, self.shared, self.linked = session, kind, shared, linked
        self.name: str = kind.__tablename__
        self.fields: dict[str, Field] = dict(kind.fields())
        self.own_fields: dict[str, Field] = {}
        self.needed = [
            (name, field)
            for name, field in self.fields.items()
            if field.required and field.default is None and name != "code"
        ]
        self.any_kept = session.scalar(select(kind.id).limit(1)) is not None
        self.natural = NATURAL.get(self.name, ())
        self.brought = 0
        self.leading = self.apart = False
        self.known: list[Known] = []
        self.shelf = Shelf()
        self._held: list[Known] = []
        self.new: Spool[NewRecord] = Spool()
        self.changed: Spool[ChangedRecord] = Spool()
        self.aliases: dict[str, set[int]] = {}
        self.programmes: dict[int, int] = {}
        self._places: dict[int, int] = {}
        self._by_key: dict[Hashable, int] = {}
        self._several: dict[Hashable, list[int]] = {}  # of the few keys and names that more than one has
        self._spoken: set[int] = set()
        self._peeked: dict[int, int] = {}
        self._used: dict[int, int] = {}
        self._stored: dict[int, dict[str, Any]] = {}
        self._references: dict[str, int] = {}
        self._identities: dict[str, list[int]] = {}
        self._naturals: dict[Hashable, list[int]] | None = None
        self._batch_naturals: dict[tuple[Hashable, ...], list[int]] = {}
        self._beside: dict[str, dict[Hashable, list[int]]] = {}
        self._by_nature = False

    def begin(self, *, leading: bool, apart: bool) -> None:
        """The rows of another table come next."""
        self.leading, self.apart = leading, apart
        self._spoken.clear()
        self._peeked.clear()

    def columns(self) -> Select[Any]:
        """The statement of a kept record's id, reference, version and values."""
        columns = [self.kind.column(name) for name in ("id", "reference", "version", "own", *self.fields)]
        return select(*columns)

    def prefetch(self, items: Sequence[tuple[Row, dict[str, Any], dict[str, int]]]) -> None:
        """Read at once what the rows of a batch may be about; links are those to kept records."""
        self._stored, self._references, self._identities, self._batch_naturals = {}, {}, {}, {}
        self._beside = {}
        if not self.any_kept:
            return
        rest = [(v, links) for row, v, links in items if not (row.kept_as or self._identified(v))]
        self._by_nature = bool(rest)
        ids = {row.kept_as[0] for row, _, _ in items if row.kept_as}
        self._load(self.kind.id, ids)
        texts = {values["reference"] for _, values, _ in items if values.get("reference")}
        self._load(self.kind.reference, texts)
        for name in self.identities:
            self._load(self.kind.column(name), {v[name] for _, v, _ in items if v.get(name)})
        if rest:
            self._load_natural(rest)

    @property
    def identities(self) -> tuple[str, ...]:
        """Fields of which one value is one record."""
        return ("identifier",) if self.kind is Grant else ()

    def _identified(self, values: dict[str, Any]) -> bool:
        return any(values.get(name) for name in self.identities)

    def _load(self, column: Any, wanted: Iterable[Any], *where: Any) -> None:
        listed = sorted(set(wanted))
        for batch in batches(listed):
            some = self.columns().where(column.in_(batch), *where).order_by(self.kind.id)
            for values in self.session.execute(some).mappings():
                self._keep(dict(values))

    def _keep(self, stored: dict[str, Any]) -> None:
        id_ = stored["id"]
        if id_ in self._stored:
            return
        self._stored[id_] = stored
        self._references[stored["reference"]] = id_
        for name in self.identities:
            if stored[name]:
                self._identities.setdefault(stored[name], []).append(id_)
        if self._by_nature:
            self._batch_naturals.setdefault(self.key_of(stored, {}), []).append(id_)

    def _load_natural(self, items: Sequence[tuple[dict[str, Any], dict[str, int]]]) -> None:
        """Kept records that are alike in what tells them apart: by their links, else by day, else all by name."""
        rest = items
        for name in self.natural or self.fields:
            if rest and self.fields[name].kind is Kind.LINK and name != "programme_id":
                self._load(self.kind.column(name), {links[name] for _, links in rest if links.get(name, 0) > 0})
                rest = [(values, links) for values, links in rest if links.get(name, 0) <= 0]
        for name in self.natural:
            if rest and self.fields[name].kind in (Kind.DATE, Kind.ABOUT):
                names = (name, *INSTEAD.get(self.name, {}).get(name, ()))
                said = (next((v[each] for each in names if v.get(each) is not None), None) for v, _ in rest)
                self._load(self.kind.column(name), {value for value in said if value is not None})
                return
        if rest:
            if self._naturals is None:
                self._naturals = self._all_naturals()
            wanted = {id_ for v, links in rest for id_ in self._naturals.get(self.key_of(v, links), ())}
            self._load(self.kind.id, wanted - self._stored.keys())

    def _all_naturals(self) -> dict[Hashable, list[int]]:
        """Every kept record by what tells it apart."""
        found: dict[Hashable, list[int]] = {}
        names = self.natural or tuple(self.fields)
        columns = [self.kind.column(name) for name in names]
        for id_, *values in self.session.execute(select(self.kind.id, *columns).order_by(self.kind.id)):
            found.setdefault(self.key_of(dict(zip(names, values, strict=True)), {}), []).append(id_)
        return found

    def key_of(self, values: dict[str, Any], links: dict[str, int]) -> tuple[Hashable, ...]:
        """What tells a record apart, however it is written."""
        held = {**links, **{name: values.get(name) for name in self.natural or self.fields if not links.get(name)}}
        for name, others in INSTEAD.get(self.name, {}).items():
            held[name] = held.get(name) or next(filter(None, map(values.get, others)), None)
        return tuple([_plain(held[name]) for name in self.natural or self.fields])

    def match(
        self, row: Row, values: dict[str, Any], links: dict[str, int], *, take: bool = True
    ) -> dict[str, Any] | None:
        """The kept record that the row is about: by our own id, reference, identifier, else by what tells it apart.

        Of several that are alike each row takes the next, if it is to `take` one.
        """
        if not self.any_kept:
            return None
        if row.kept_as and row.kept_as[0] in self._stored:
            return self._stored[row.kept_as[0]]
        if values.get("reference") in self._references:
            return self._stored[self._references[values["reference"]]]
        if self._identified(values):
            return self._by_identity(row, values)
        key = self.key_of(values, links)
        found = self._batch_naturals.get(key, ())
        if self.shared:
            return self._next_apart(found, take=take) if self.apart else self._stored[found[0]] if found else None
        used = self._used.get(hash(key), 0)
        if used >= len(found):
            return None
        if take:
            self._used[hash(key)] = used + 1
        return self._stored[found[used]]

    def _next_apart(self, found: Iterable[int], *, take: bool) -> dict[str, Any] | None:
        id_ = next((id_ for id_ in found if id_ not in self._places and id_ not in self._spoken), 0)
        if id_ and take:
            self._spoken.add(id_)
        return self._stored[id_] if id_ else None

    def beside(self, key: Sequence[Hashable], name: str, taken: Collection[int]) -> list[dict[str, Any]]:
        """Kept payments alive of the grant and day ("due") or "amount" of a key, none `taken` or spoken of."""
        places = (0, self.natural.index(name))
        if name not in self._beside:
            by: dict[Hashable, list[int]] = {}
            for held, ids in self._batch_naturals.items():
                by.setdefault(tuple(held[place] for place in places), []).extend(ids)
            self._beside[name] = by
        found = self._beside[name].get(tuple(key[place] for place in places), ())
        free = [self._stored[id_] for id_ in found if id_ not in taken and id_ not in self._places]
        return [one for one in free if one["status"] not in DEAD]

    def _by_identity(self, row: Row, values: dict[str, Any]) -> dict[str, Any] | None:
        for name in self.identities:
            for id_ in self._identities.get(values.get(name) or "", ()):
                return self._stored[id_]
        return None

    def stored(self, id_: int) -> Mapping[str, Any]:
        """The kept record of this batch of that id; nothing where there is none."""
        return self._stored.get(id_, NOTHING)

    def held(self, id_: int, name: str) -> int:
        """What a kept record of this batch links to; 0 for nothing."""
        return int(self._stored.get(id_, {}).get(name) or 0)

    def peek(self, row: Row, values: dict[str, Any], links: dict[str, int]) -> int:
        """The id of the kept record that a row is about, before its turn; 0 where none is."""
        if not self.apart or row.kept_as or values.get("reference") or self._identified(values):
            stored = self.match(row, values, links, take=False)
            return stored["id"] if stored else 0
        found = self._batch_naturals.get(key := self.key_of(values, links), ())
        if len(found) < 2:
            return found[0] if found else 0
        place = self._peeked.get(hash(key), 0)
        self._peeked[hash(key)] = place + 1
        return found[place] if place < len(found) else 0

    def found_before(self, values: dict[str, Any], links: dict[str, int]) -> Known | None:
        """The record that earlier rows of the file brought or spoke of, where several rows may be about one."""
        if not self.shared:
            return None
        token = next((self._by_key[key] for key in self._identity_of(values) if key in self._by_key), 0)
        if not token and not self._identified(values):
            key = self.key_of(values, links)
            alike = self._several.get(key) or [self._by_key.get(key, 0)]
            token = next((one for one in alike if one and not (self.apart and self._is_another(one, values))), 0)
        if token and self.apart:
            self._spoken.add(token)
        return self.present(self.known[self._places[token]]) if token else None

    def known_as(self, token: int) -> Known | None:
        """The gathered record of that token; None where rows have not spoken of it."""
        place = self._places.get(token)
        return None if place is None else self.present(self.known[place])

    def _is_another(self, token: int, values: Mapping[str, Any]) -> bool:
        known = self.known[self._places[token]]
        return token in self._spoken or self.present(known).says_otherwise(values, TELLING.get(self.name, ()))

    def present(self, known: Known) -> Known:
        """The same with its values: a kept one's are read anew, a brought one's taken from the shelf."""
        if known.values is _AWAY:
            if known.id and known.id not in self._stored:
                self._load(self.kind.id, [known.id])
            known.values = (
                {**Known.kept(self._stored[known.id]).values, **known.changes}
                if known.id
                else self.shelf.get(known.shelf)
            )
            self._held.append(known)
        return known

    def put_away(self) -> None:
        """Before the next rows: of very many records, let go of the values of those that the last were about."""
        if len(self._held) > _MOST_HELD:
            for known in self._held:
                if not known.id and known.shelf < 0:
                    known.shelf = self.shelf.put(known.values)
                known.values = _AWAY
            self._held.clear()

    def _identity_of(self, values: dict[str, Any]) -> list[Hashable]:
        return [(name, values[name]) for name in ("reference", CALLED, *self.identities) if values.get(name)]

    @property
    def next_token(self) -> int:
        """The token of the record that the file would bring next."""
        return -1 - self.brought

    def gather(self, known: Known, values: dict[str, Any], links: dict[str, int]) -> Known:
        """Gather a record that several rows may be about."""
        self._places[known.token] = len(self.known)
        self.known.append(known)
        self._held.append(known)
        self.remember_names(known.token, values, links)
        if known.token < 0:
            self.brought += 1
        return known

    def remember_names(self, token: int, values: dict[str, Any], links: dict[str, int]) -> None:
        """Remember by what other rows may mean this record."""
        if self.shared:
            for key in self._identity_of(values):
                self._by_key.setdefault(key, token)
            if not self._identified(values):
                first = self._by_key.setdefault(key := self.key_of(values, links), token)
                if first != token and self.apart:
                    self._several.setdefault(key, [first]).append(token)
        self.add_aliases(token, values)

    def mark_mentioned(self, token: int) -> None:
        """A row was about that record."""
        if self.apart:
            self._spoken.add(token)

    def add_new(self, record: NewRecord) -> None:
        """A record of its own row."""
        self.brought += 1
        self.new.append(record)

    def add_aliases(self, token: int, values: dict[str, Any]) -> None:
        """Let other rows call the record by its reference, its identifier and its name."""
        if self.linked:
            for name in (
                "reference",
                CALLED,
                "identifier",
                "charity_number",
                "company_number",
                self.kind.caption,
                "code",
            ):
                if values.get(name) and isinstance(values[name], str):
                    self.aliases.setdefault(fold(values[name]), set()).add(token)


def named(session: Session, kind: type[Record], texts: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """The ids of the kept records of a kind that are called so: by reference, else identifier, else exact name."""
    found: dict[str, tuple[int, ...]] = {}
    numbers = ("charity_number", "company_number") if kind is Organisation else ("code",) if kind is Programme else ()
    identifiers = [
        n for n in ("reference", "identifier", *numbers, kind.caption) if n == "reference" or n in kind.fields()
    ]
    rest = {text for text in texts if text}
    for name in identifiers:
        column = kind.column(name)
        written: dict[str, list[str]] = {}
        for text in rest:
            written.setdefault(text.casefold(), []).append(text)
        listed = sorted(written, key=lambda folded: (folded.isascii(), folded))
        for some in batches(listed):
            match = column.in_([w.upper() for w in some]) if name == "reference" else written_as(column, some)
            for id_, value in session.execute(select(kind.id, column).where(match).order_by(kind.id)):
                for text in written.get(value.casefold(), ()):
                    found[text] = (*found.get(text, ()), id_)
        rest -= found.keys()
    return found


def _plain(value: Any) -> Hashable:
    if isinstance(value, str):
        return fold(value) or value
    return value if value not in ((), "") else None
