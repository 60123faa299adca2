"""What the rows of a table are: by their titles, by the sheet's name and the words above, by what stands in them."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from grants_app import wording
from grants_app.exchange.imports.vocabulary import KINDS, numbered_payments, score, speaks_of, stem, vocabulary
from grants_app.exchange.sources import contents
from grants_app.exchange.sources.tables import Layout, Table
from grants_app.records import (
    Adviser,
    Contact,
    Engagement,
    Field,
    Grant,
    Kind,
    Officer,
    Organisation,
    Payment,
    Programme,
    Record,
)  # fmt: skip

_AWARD = re.compile(
    r"(?:(?P<first>original|initial|first)|(?P<later>revised|amended|varied|updated|current|latest|final|new))\W+"
    r"(?:amount\W+|total\W+)?(?:award(?:ed)?|grant|funding)(?:\W+(?:amount|awarded|award|value|total))?\W*(?:£|gbp)?\W*",
    re.IGNORECASE,
)
_NAMES = set(map(stem, ("Name", "Full name", "First name", "Surname", "Participant", "Attendee", "Participant name")))
_PERSONAL = set(map(stem, (
    "Age", "Date of birth", "DOB", "D.O.B.", "Signature", "Sign", "Signed in", "Time in", "Time out", "Parent",
    "Guardian", "Parent/guardian", "Parent or guardian", "Emergency contact", "School year", "Gender", "Ethnicity",
    "Allergies", "Dietary requirements", "Photo consent",
)))  # fmt: skip
_SIGNED_IN = re.compile(
    r"\bsign(ed|ing)?[ -]?in\b|\battend(ance|ees?) (list|register|sheet)\b|^(attendees|participants|delegates)\b"
    r"|\bregister of attend|\bguest ?list\b|\b(participant|delegate)s? list\b",
    re.IGNORECASE,
)
"""What the sheet of those who came to a session is called, and its columns: none of them is an organisation."""


class Kept(NamedTuple):
    """What a file holds that columns may mean: its records, its lists of words, the columns of each kind's own.

    `sheets` are the names of the sheets that come in, `granted()` those of the organisations of the file's grants, both
    folded.
    """

    session: Session
    lists: Mapping[str, Sequence[str]]
    own: Mapping[type[Record], Sequence[Field]]
    sheets: frozenset[str] = frozenset()
    granted: Callable[[], frozenset[str]] = frozenset


def main_of(table: Table, values: Sequence[Sequence[Any]]) -> type[Record] | None:
    """The kind that most titles fit and whose records can be made; None where no two titles fit."""
    if (by_month := _by_month(table, values)) is not None:
        return by_month
    words, said = vocabulary(), dict.fromkeys((table.titles, short(table)))
    sheet = f"{table.sheet.name} {table.name}"
    scores = {kind: max(score(words, kind, named, sheet) for named in said) for kind in KINDS}
    best = max(KINDS, key=lambda kind: (scores[kind], -KINDS.index(kind)))
    if (best is Organisation or scores[best] < 1.5) and _of_awards(table, values):
        return Grant
    if scores[best] >= 1.5:
        return best
    if any(any(map(words[Grant].calls, named)) and numbered_payments(named, values) for named in said):
        return Grant
    counted = words[Engagement].exactly(table.titles[-1], qualified=False)
    return Engagement if table.layout is Layout.MONTHS and "attended" in counted else None


def _of_awards(table: Table, values: Sequence[Sequence[Any]]) -> bool:
    """Whether a table says of organisations what each was awarded, and nothing else that is theirs."""
    words = vocabulary()
    theirs = {name for title in table.titles for name in words[Organisation].exactly(title, qualified=True)}
    awards = [
        place
        for place, title in enumerate(table.titles)
        if "awarded" in words[Grant].exactly(title, qualified=False) and contents.in_pounds(title)
    ]
    numbers = {contents.Sort.MONEY, contents.Sort.NUMBER}
    sums = any(contents.looks(values[place]) & numbers and not contents.serials(values[place]) for place in awards)
    return sums and "name" in theirs and theirs <= {"name", "identifier", "reference", "notes"}


def of_people(table: Table, main: type[Record] | None) -> bool:
    """Whether a table lists people who came: bare names beside their age or signature, or under words that say so."""
    titles = {stem(title) for title in table.titles}
    if main is Engagement and table.layout is Layout.MONTHS:  # a tick for each day that somebody came
        return bool(titles & _NAMES) and not any(map(vocabulary()[Organisation].calls, titles - _NAMES))
    if main not in (Organisation, Contact, Officer, Adviser) or not titles & _NAMES:
        return False
    return bool(titles & _PERSONAL) or any(map(_SIGNED_IN.search, (table.sheet.name, *table.context)))


def _by_month(table: Table, values: Sequence[Sequence[Any]]) -> type[Record] | None:
    """What is told by month, sessions or payments, as the sheet's name or the words above say; not beside an award."""
    if table.layout is not Layout.MONTHS:
        return None
    words, money = vocabulary(), {"awarded", "asked", "budget"}
    kinds = (Grant, Programme)
    if any(money & set(words[kind].exactly(title, qualified=False)) for title in table.titles for kind in kinds):
        return None
    pounds = any(contents.Sort.MONEY in contents.looks(column) for column in values)
    paid = any("amount" in words[Payment].exactly(title, qualified=False) for title in table.titles)
    if any(speaks_of(text, Payment) for text in table.context):
        return Payment
    said = any(speaks_of(text, Engagement) for text in table.context)
    return Engagement if said and not pounds and not paid else None


def revised(titles: Sequence[str], values: Sequence[Sequence[Any]], fits: Sequence[int]) -> tuple[int, list[int]]:
    """The place of the award where some of these places are original and some revised ones, and the other places."""
    called = {place: found for place in fits if values[place] and (found := _AWARD.fullmatch(titles[place]))}
    first = [place for place, found in called.items() if found["first"]]
    later = [place for place, found in called.items() if found["later"]]
    if not first or not later:
        return -1, []
    mine = later[-1] if len(values[later[-1]]) >= len(values[first[0]]) else first[0]
    return mine, [place for place in called if place != mine]


def short(table: Table) -> tuple[str, ...]:
    """Each title without the heading that only groups it ("Money / Amount awarded"), where it stays the only one."""
    if len(table.headers) < 2:
        return table.titles
    last = [title.rsplit(" / ", 1)[-1] for title in table.titles]
    alone = Counter(map(wording.folded, last))
    pairs = zip(table.titles, last, strict=True)
    return tuple(word if alone[wording.folded(word)] == 1 else title for title, word in pairs)


def around(main: type[Record]) -> tuple[type[Record], ...]:
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
