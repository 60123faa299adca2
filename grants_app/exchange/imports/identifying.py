"""Which grant a row means whose identifier no grant has as it is written: one in other capitals, or one without any."""

from array import array
from bisect import bisect_left
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from grants_app import wording
from grants_app.exchange.imports.gathered import NOTHING, Known
from grants_app.exchange.imports.matching import Finder, fold
from grants_app.exchange.imports.rows import Row, Said
from grants_app.records import Grant, Programme, Record

_MONEY = ("awarded", "asked")
_TOLD = (*_MONEY, "starts", "ends", "decided_on")
_SHIFT = 24  # bits for an id beside a hash


class Identifying(Finder):
    """Finds grants where identifiers alone would double them.

    A row with an identifier that no kept grant has is about the one kept grant without any of that organisation,
    title and money, if there is exactly one and no date tells them apart: it gets the identifier, and a note says so.
    An identifier in other capitals is the same one, unless organisation or title are others. Where it stays in doubt,
    a note or a fault says so. Tables of one file, one with identifiers and one without, are about the same grants.
    Where there are several programmes, a row that names neither identifier nor programme is about the kept grant of
    that organisation, title and money in any of them.
    """

    given: int = 0
    said: Mapping[str, Any] = NOTHING
    """What the row that is judged just now says of its programme."""
    tables: int = 1
    """How many tables of the file hold grants."""

    def __init__(self, session: Session, kind: type[Record], *, shared: bool, linked: bool) -> None:
        """Reads the identifiers that are kept when a row first needs them."""
        super().__init__(session, kind, shared=shared, linked=linked)
        self._capitals: _Index | None = None
        self._titles: _Index | None = None
        self._begun = False
        self._folded: dict[str, list[int]] = {}
        self._without: dict[tuple[int, str], list[int]] = {}
        programmes = session.scalars(select(Programme.id).limit(2)).all()
        self._one_programme = len(programmes) < 2  # to which rows that name none go
        self._anywhere: dict[tuple[int, str], list[int]] | None = None
        self._got: set[int] = set()  # kept ones that a row without an identifier, or a new identifier, is about
        self._alike: dict[int, list[int]] = {}
        self._unsaid: set[int] = set()  # those whose rows named no programme

    def prefetch(self, items: Sequence[tuple[Row, dict[str, Any], dict[str, int]]]) -> None:
        """Read at once the kept ones that a batch is about, those that it may mean otherwise too."""
        self._prefetch(items)
        self._begun = True

    def _prefetch(self, items: Sequence[tuple[Row, dict[str, Any], dict[str, int]]]) -> None:
        super().prefetch(items)
        self._folded, self._without, self._anywhere = {}, {}, None
        new = [
            (values, links)
            for row, values, links in items
            if not row.kept_as and values.get("identifier") and values["identifier"] not in self._identities
        ]
        if not (self.any_kept and new):
            return
        ids = {id_ for values, _ in new for id_ in self._of_capitals(values["identifier"])}
        self._load(Grant.id, ids - self._stored.keys())
        for id_ in sorted(ids):
            self._folded.setdefault(fold(self._stored[id_]["identifier"]), []).append(id_)
        self._load_called(new, func.coalesce(Grant.identifier, "") == "")
        for id_, stored in sorted(self._stored.items()):
            if not stored["identifier"]:
                self._without.setdefault(_called(stored, {}), []).append(id_)

    def _of_capitals(self, identifier: str) -> list[int]:
        """The kept ones whose identifier may be the same but for capitals."""
        if self._capitals is None:
            kept = select(Grant.id, Grant.identifier).where(func.coalesce(Grant.identifier, "") != "")
            self._capitals = _Index((id_, fold(said)) for id_, said in self.session.execute(kept) if said)
        return self._capitals.find(fold(identifier))

    def _load_natural(self, items: Sequence[tuple[dict[str, Any], dict[str, int]]]) -> None:
        """Kept ones that may be alike; a new organisation has none."""
        self._load_called(items)

    def _load_called(self, items: Sequence[tuple[Mapping[str, Any], Mapping[str, int]]], *where: Any) -> None:
        """Kept ones of the organisations and titles of these rows; of the first rows, all of the organisations.

        Reading all of an organisation's grants with each thousand rows would read every grant again and again.
        """
        items = [(values, links) for values, links in items if links.get("organisation_id", 0) > 0]
        if self._titles is None and self._begun and items:
            kept = self.session.execute(select(Grant.id, Grant.organisation_id, Grant.title))
            self._titles = _Index(
                (id_, _called({"title": said}, {"organisation_id": body})) for id_, body, said in kept
            )
        if self._titles is None:
            self._load(Grant.organisation_id, {links["organisation_id"] for _, links in items}, *where)
            return
        found = {id_ for values, links in items for id_ in self._titles.find(_called(values, links))}
        self._load(Grant.id, found - self._stored.keys(), *where)

    def match(
        self, row: Row, values: dict[str, Any], links: dict[str, int], *, take: bool = True
    ) -> dict[str, Any] | None:
        """The kept one; one in other capitals or without an identifier too. What is in doubt is said of the row."""
        found = super().match(row, values, links, take=take)
        identifier = values.get("identifier")
        if found is not None and take and not identifier and not self.shared:
            self._got.add(found["id"])
        if found is not None or row.kept_as or not self.any_kept:
            return found
        said: list[Said] = []
        faults: list[Said] = []
        if not identifier:
            found = self._of_any_programme(values, links, said)
        else:
            found = self._in_capitals(row, values, links, said) or self._nameless_one(row, values, links, said, faults)
        if take:
            row.notes.extend(said)
            row.faults.extend(faults)
            if found is not None:
                self._take(found, values)
        return found

    def _of_any_programme(
        self, values: Mapping[str, Any], links: Mapping[str, int], said: list[Said]
    ) -> dict[str, Any] | None:
        """The kept one that is alike, in whatever programme, of a row that names none; not if several programmes do."""
        if (
            self.given
            or self._one_programme
            or links.get("programme_id")
            or values.get("reference")
            or not values.get("title")
        ):
            return None
        if self._anywhere is None:
            self._anywhere = {}
            for id_, stored in sorted(self._stored.items()):
                self._anywhere.setdefault(_called(stored, {}), []).append(id_)
        found = [
            self._stored[id_]
            for id_ in self._anywhere.get(_called(values, links), ())
            if id_ not in self._got and not (self.apart and (id_ in self._places or id_ in self._spoken))
            and _agree(self._stored[id_], values)
        ]  # fmt: skip
        if not links.get("organisation_id") or len({one["programme_id"] for one in found}) != 1:
            return None
        same = f"the same {_same_words(found[0], values)}"
        said.append(Said("", f"{found[0]['reference']} has {same}, and the row names no programme: it is that grant"))
        return found[0]

    def _take(self, found: dict[str, Any], values: dict[str, Any]) -> None:
        if not values.get("identifier"):
            if not self.shared:
                self._got.add(found["id"])
        elif found["identifier"]:
            values["identifier"] = found["identifier"]
        else:
            self._got.add(found["id"])
            key = hash(self.key_of(found, {}))
            self._used[key] = self._used.get(key, 0) + 1

    def _in_capitals(
        self, row: Row, values: dict[str, Any], links: dict[str, int], said: list[Said]
    ) -> dict[str, Any] | None:
        identifier = values["identifier"]
        alike = [self._stored[id_] for id_ in self._folded.get(fold(identifier), ()) if id_ not in self._places]
        for kept in alike:
            if not self._may_be(kept, row):
                continue
            theirs = f"“{identifier}” is “{kept['identifier']}” of {kept['reference']} but for its capitals"
            if _is_another(kept, values, links):
                words = f"{theirs}, and organisation or title are others: this row makes another grant"
                said.append(Said("", words))
                continue
            said[:] = [Said("", f"{theirs}: it is that grant, whose identifier stays as it is here")]
            return kept
        return None

    def _nameless_one(
        self, row: Row, values: dict[str, Any], links: dict[str, int], said: list[Said], faults: list[Said]
    ) -> dict[str, Any] | None:
        """The kept one without an identifier that is alike."""
        alike = [
            self._stored[id_]
            for id_ in self._without.get(_called(values, links), ())
            if id_ not in self._got and id_ not in self._places
        ]
        found = [
            one for one in alike if self._may_be(one, row) and self._of_programme(one, links) and _agree(one, values)
        ]
        names = wording.listed([one["reference"] for one in found or alike])
        same = f"the same {_same_words(found[0], values) if found else 'organisation and title'}"
        if len(found) == 1:
            said.append(Said("", f"{names} has {same} and no identifier: it is that grant, and gets this one"))
            return found[0]
        if found:
            words = f"{names} have {same} and no identifier: write “{values['identifier']}” on the one that this row is"
            faults.append(Said("", words))
        elif alike:
            has = "has" if len(alike) == 1 else "have"
            words = f"{names} {has} {same} and no identifier, but other money, dates or programme"
            said.append(Said("", f"{words}: this row makes another grant"))
        return None

    def _may_be(self, stored: Mapping[str, Any], row: Row) -> bool:
        """Whether a kept one may be of the funder and the programme that the row is of."""
        return True

    def _of_programme(self, stored: Mapping[str, Any], links: Mapping[str, int]) -> bool:
        """Whether no other programme is named; one that is made after the file's name is not."""
        programme = self.given or links.get("programme_id", 0)
        named = self.given or programme > 0 or any(map(self.said.get, ("name", "reference", "code")))
        return not named or not programme or programme == stored["programme_id"]

    def found_before(self, values: dict[str, Any], links: dict[str, int]) -> Known | None:
        """The one that earlier rows brought or spoke of, on another table without its identifier too."""
        known = super().found_before(values, links)
        if known is None and (token := self.among(values, links)):
            return self.present(self.known[self._places[token]])
        return known

    def among(self, values: Mapping[str, Any], links: Mapping[str, int]) -> int:
        """The one that another table of the file brought or spoke of, if not both give an identifier."""
        body, title = links.get("organisation_id"), values.get("title")
        if not self._alike or not body or not title:
            return 0
        tokens = self._alike.get(hash((body, fold(title))), ())
        found = [token for token in tokens if self._is_same(token, values, links)]
        return found[0] if len(found) == 1 or (found and self.apart) else 0

    def _is_same(self, token: int, values: Mapping[str, Any], links: Mapping[str, int]) -> bool:
        if self.apart and token in self._spoken:
            return False
        known = self.present(self.known[self._places[token]])
        mine, theirs = values.get("identifier"), known.values.get("identifier")
        if mine and theirs and fold(mine) != fold(theirs):
            return False
        programme = links.get("programme_id")
        held = known.links.get("programme_id") or known.values.get("programme_id")
        if programme and held and programme != held and token not in self._unsaid:
            return False
        return not known.says_otherwise(values, _TOLD)

    def remember_names(self, token: int, values: dict[str, Any], links: dict[str, int]) -> None:
        """Remember by what rows of other tables may mean it, with an identifier or without."""
        super().remember_names(token, values, links)
        if self.tables < 2 or not self.shared:
            return
        known = self.known[self._places[token]]
        self.identified(known, known.values)
        body, title = _called(known.values, known.links)
        if body and title:
            self._alike.setdefault(hash((body, title)), []).append(token)
        if not any(map(self.said.get, ("name", "reference", "code"))):
            self._unsaid.add(token)

    def identified(self, known: Known, values: Mapping[str, Any]) -> None:
        """A row gives an identifier to one that had none: later rows may call it so."""
        if self.tables > 1 and values.get("identifier"):
            self._by_key.setdefault(("identifier", values["identifier"]), known.token)


def _called(values: Mapping[str, Any], links: Mapping[str, int]) -> tuple[int, str]:
    title = values.get("title") or ""
    return links.get("organisation_id") or values.get("organisation_id") or 0, fold(title) or title


class _Index:
    """Ids by what their records are called, eight bytes for each: some that it finds are called otherwise."""

    def __init__(self, called: Iterable[tuple[int, Hashable]]) -> None:
        """Ids, each with what it is called."""
        self._marks = array("q", sorted(_mark(said) | id_ for id_, said in called if id_ < 1 << _SHIFT))

    def find(self, said: Hashable) -> list[int]:
        """The ids of those that may be called so, in their order."""
        mark, found = _mark(said), []
        for at in range(bisect_left(self._marks, mark), len(self._marks)):
            if self._marks[at] >> _SHIFT != mark >> _SHIFT:
                break
            found.append(self._marks[at] & (1 << _SHIFT) - 1)
        return found


def _mark(said: Hashable) -> int:
    return (hash(said) & 0x7FFFFFFFFF) << _SHIFT


def _both(name: str, kept: Mapping[str, Any], values: Mapping[str, Any]) -> bool:
    return kept.get(name) is not None and values.get(name) is not None


def _agree(kept: Mapping[str, Any], values: Mapping[str, Any]) -> bool:
    """Whether money that both have is the same (or neither has any), and no date is another."""
    if any(kept.get(name) != values.get(name) for name in _TOLD if _both(name, kept, values)):
        return False
    said = any(one.get(name) is not None for name in _MONEY for one in (kept, values))
    return not said or any(_both(name, kept, values) for name in _MONEY)


def _is_another(kept: Mapping[str, Any], values: Mapping[str, Any], links: Mapping[str, int]) -> bool:
    """Whether a row tells of another organisation, or of another title and award, than the kept grant."""
    body, title = links.get("organisation_id"), values.get("title")
    if body and body != kept["organisation_id"]:
        return True
    same = not title or fold(title) == fold(kept["title"] or "")
    return not same and not (_both("awarded", kept, values) and kept["awarded"] == values["awarded"])


def _same_words(kept: Mapping[str, Any], values: Mapping[str, Any]) -> str:
    money = ["award" if name == "awarded" else "amount asked" for name in _MONEY if _both(name, kept, values)]
    return wording.listed(["organisation", "title", *money[:1]])
