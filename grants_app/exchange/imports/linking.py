"""The links of a row: to the other records of the row, and to those that a cell calls by reference or by name."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants_app import wording
from grants_app.exchange.imports.gathered import Brought
from grants_app.exchange.imports.mapping import CALLED
from grants_app.exchange.imports.matching import Finder, fold, named
from grants_app.exchange.imports.rows import Row, RowReader, Said
from grants_app.records import Document, Field, Grant, Kind, Organisation, Record, kind_named
from grants_app.records.base import batches
from grants_app.records.fields import ANY
from grants_app.store import references

_MOST_NAMED = 50_000

HERE_OR = "here or in the file"


class Links:
    """Finds the records that cells mean, among those kept and those that the file brings."""

    def __init__(self, session: Session, finders: dict[str, Finder]) -> None:
        """`finders` by table name."""
        self.session, self.finders = session, finders
        self._named: dict[tuple[str, str], tuple[int, ...]] = {}
        self._plain: dict[str, tuple[int, ...]] | None = None
        self._programmes: dict[int, int] = {}
        self._granted: dict[int, set[int]] = {}
        self._brought: dict[int, set[int]] = {}
        self._out: dict[tuple[str, str], tuple[str, int]] = {}
        self._owners: dict[int, int] = {}
        self._unowned: set[int] = set()

    def prefetch(self, batch: Sequence[Row], reader: RowReader) -> None:
        """Read at once what the cells of a batch may mean among the records that are kept."""
        if len(self._named) > _MOST_NAMED:
            self._named.clear()
        wanted: dict[type[Record], set[str]] = {}
        for kind, name, field in reader.links:
            for row in batch:
                text = row.values.get(kind, {}).get(name)
                for word in _words(field, text) if text else ():
                    target = _target(field, word)
                    if target is not None and (target.__tablename__, word) not in self._named:
                        for kind_of in (target, Organisation)[: 1 + (target is Grant)]:
                            wanted.setdefault(kind_of, set()).add(word)
        for target, words in wanted.items():
            found = named(self.session, target, words)
            for word in words:
                self._named[target.__tablename__, word] = found.get(word, ())
            self._unowned.update(id_ for ids in found.values() for id_ in ids if target is Grant)

    def kept(self, finder: Finder, values: dict[str, Any], ids: dict[str, int]) -> dict[str, int]:
        """The links of a row to records that are kept, as far as is known before its turn."""
        links = {}
        for name, field in _link_fields(finder.kind).items():
            text = values.get(name)
            if isinstance(text, str) and field.kind is Kind.LINK:
                target = _target(field, text)
                found, _ = self.found(target, text)
                links[name] = found[0] if len(found) == 1 and found[0] > 0 else 0
        for name, table in _automatic(finder.kind).items():
            if ids.get(table) and name not in links:
                links[name] = ids[table]
        return links

    def resolve(
        self, finder: Finder, values: dict[str, Any], row: Row, tokens: dict[str, int], reader: RowReader
    ) -> dict[str, int]:
        """The links of a row's record by token; takes what was typed out of its values, and says what was not found."""
        links: dict[str, int] = {}
        for name, field in _link_fields(finder.kind).items() if reader.links else ():
            text = values.get(name)
            if not isinstance(text, str):
                continue
            if field.kind is Kind.LINK:
                del values[name]
                token = self._one(field, text, row, reader, finder, name)
                if token:
                    links[name] = token
            elif field.kind is Kind.ABOUT:
                values[name] = self._reference(field, text, row, reader, finder, name)
            else:
                words = [self._reference(field, w, row, reader, finder, name) for w in wording.read_words(text)]
                values[name] = tuple(sorted((w for w in words if w), key=str))
        for name, target in _automatic(finder.kind).items():
            if target in tokens and name not in links:
                links[name] = tokens[target]
        return links

    def _one(self, field: Field, text: str, row: Row, reader: RowReader, finder: Finder, name: str) -> int:
        target = _target(field, text)
        found, through = self.found(target, text)
        title = reader.titles.get(f"{finder.name}.{name}", field.label)
        if len(found) == 1:
            if through:
                row.notes.append(Said(title, f"“{text}” read as its only grant"))
            return found[0]
        if found and row.kept_as and (held := finder.held(row.kept_as[0], name)) in found:
            return held  # several are called so, and our own export meant the one that it has
        out = self._out.get((target.__tablename__, fold(text))) if target is not None and not found else None
        said = Said(title, _not_found(target, text, found, through=through, out=out))
        (row.notes if target is Document and not field.required else row.faults).append(said)
        return 0

    def _reference(self, field: Field, text: str, row: Row, reader: RowReader, finder: Finder, name: str) -> Any:
        target = _target(field, text)
        token = self._one(field, text, row, reader, finder, name)
        if not token or target is None:
            return None
        if token < 0:
            return Brought(target.__tablename__, token)
        return self.session.scalar(select(target.reference).where(target.id == token))

    def found(self, target: type[Record] | None, text: str) -> tuple[tuple[int, ...], bool]:
        """The records that a text may mean, and whether they are the grants of an organisation that it names."""
        found = self.tokens(target, text) if target is not None else ()
        if found or target is not Grant:
            return found, False
        grants = {grant for body in self.tokens(Organisation, text) for grant in self._grants_of(body)}
        return tuple(sorted(grants)), bool(grants)

    def _grants_of(self, body: int) -> set[int]:
        if body > 0 and body not in self._granted:
            kept = select(Grant.id).where(Grant.organisation_id == body).limit(2)
            self._granted[body] = set(self.session.scalars(kept))
        return self._granted.get(body, set()) | self._brought.get(body, set())

    def brought(self, grant: int, organisation: int) -> None:
        """The file brings a grant of that organisation."""
        self._owners[grant] = organisation
        self._brought.setdefault(organisation, set()).add(grant)

    def other_owner(self, grant: int, organisation: int, name: str) -> str:
        """What the organisation of a grant is called, where it is not that one (0: known by name alone)."""
        if grant not in self._owners:
            for some in batches(sorted({grant, *self._unowned} - self._owners.keys())):
                kept = select(Grant.id, Grant.organisation_id).where(Grant.id.in_(some))
                self._owners.update((id_, owner or 0) for id_, owner in self.session.execute(kept))
            self._unowned.clear()
        owner = self._owners.get(grant, 0)
        if not owner or owner == (organisation or owner + 1) or (not organisation and self._is_called(owner, name)):
            return ""
        called = self._called(owner)
        return "" if fold(called) == fold(name) else called

    def _is_called(self, organisation: int, name: str) -> bool:
        return organisation in self.tokens(Organisation, name)

    def _called(self, organisation: int) -> str:
        finder = self.finders.get("organisation")
        known = finder.known_as(organisation) if finder else None
        kept = select(Organisation.name).where(Organisation.id == organisation)
        return str(known.values.get("name") or "") if known else self.session.scalar(kept) or ""

    def stays_out(self, kind: type[Record], row: Row) -> None:
        """The record of that row does not come in, so that others cannot link to it: it is said why."""
        values = row.values.get(kind.__tablename__) or {}
        for name in ("reference", CALLED, "identifier", kind.caption):
            if isinstance(values.get(name), str):
                self._out.setdefault((kind.__tablename__, fold(values[name])), (row.sheet, row.number))

    def tokens(self, target: type[Record], text: str) -> tuple[int, ...]:
        """The records of a kind that a text may mean: those of the file first, then organisations of a like name."""
        finder = self.finders.get(target.__tablename__)
        brought = finder.aliases.get(fold(text)) if finder else None
        if brought:
            return tuple(brought)
        kept = self._named.get((target.__tablename__, text), ())
        return kept or (self._written_otherwise(text) if target is Organisation else ())

    def _written_otherwise(self, name: str) -> tuple[int, ...]:
        """Kept organisations of that name but for its punctuation; their names are read once, when one is wanted."""
        if self._plain is None:
            self._plain = {}
            for id_, called in self.session.execute(select(Organisation.id, Organisation.name)):
                self._plain[fold(called)] = (*self._plain.get(fold(called), ()), id_)
        return self._plain.get(fold(name), ()) if fold(name) else ()

    def programme_of(self, grant: int) -> int:
        """The programme of a kept grant."""
        if grant not in self._programmes:
            self._programmes[grant] = self.session.scalar(select(Grant.programme_id).where(Grant.id == grant)) or 0
        return self._programmes[grant]


@cache
def _link_fields(kind: type[Record]) -> dict[str, Field]:
    return {
        name: one for name, one in kind.fields().items() if one.to and one.kind in (Kind.LINK, Kind.ABOUT, Kind.MANY)
    }


@cache
def _automatic(kind: type[Record]) -> dict[str, str]:
    """The link to each other kind that is made by itself, if a row holds a record of both: the first declared."""
    found: dict[str, str] = {}
    for name, one in kind.fields().items():
        if one.kind is Kind.LINK and one.to != kind.__tablename__ and one.to not in found.values():
            found[name] = one.to
    return found


def _target(field: Field, text: str) -> type[Record] | None:
    if field.to == ANY:
        return references.kind_of(wording.writable(text).strip().upper())
    return kind_named(field.to)


def _words(field: Field, text: Any) -> Sequence[str]:
    if not isinstance(text, str):
        return ()
    return wording.read_words(text) if field.kind is Kind.MANY else (text,)


def none_called(noun: str) -> str:
    """How it is said that a cell names a record of that noun that is nowhere."""
    return f"There is no {noun} "


def _not_found(
    target: type[Record] | None, text: str, found: Sequence[int], *, through: bool, out: tuple[str, int] | None
) -> str:
    noun = target.noun.lower() if target is not None else "record"
    if out:
        return f"The {noun} “{text}” does not come in, for row {out[1]:,} of {out[0]} stays out: mend that row first"
    if through:
        return f"“{text}” has more than one grant: give the reference of the one that is meant"
    if found:
        return f"More than one {noun} is called “{text}”: give its reference"
    if target is Document:
        return f"There is no document “{text}” here, and none comes in by an import: left blank"
    return f"{none_called(noun)}“{text}”, {HERE_OR}: correct the cell, or bring the {noun} in first"
