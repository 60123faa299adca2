"""What the rows of a table are: by their titles, by the sheet's name and the words above, by what stands in them."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from grants_app import wording
from grants_app.exchange.imports.vocabulary import KINDS, numbered_payments, score, speaks_of, stem, vocabulary
from grants_app.exchange.sources import contents
from grants_app.exchange.sources.tables import Layout, Table
from grants_app.records import (
    Adviser,
    Contact,
    Engagement,
    Grant,
    Kind,
    Officer,
    Organisation,
    Payment,
    Programme,
    Record,
)  # fmt: skip

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


def main_of(table: Table, values: Sequence[Sequence[Any]]) -> type[Record] | None:
    """The kind that most titles fit and whose records can be made; None where no two titles fit."""
    if _by_month(table, values):
        return Engagement
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
    if main not in (Organisation, Contact, Officer, Adviser) or not titles & _NAMES:
        return False
    return bool(titles & _PERSONAL) or any(map(_SIGNED_IN.search, (table.sheet.name, *table.context)))


def _by_month(table: Table, values: Sequence[Sequence[Any]]) -> bool:
    """Whether months are told of sessions: the sheet's name, or the words above, say so, and no column holds money."""
    words = vocabulary()
    money = {"awarded", "asked", "amount", "budget"}
    named = any(
        money & set(words[kind].exactly(title, qualified=False))
        for title in table.titles
        for kind in (Grant, Payment, Programme)
    )
    pounds = any(contents.Sort.MONEY in contents.looks(column) for column in values)
    said = any(speaks_of(text, Engagement) for text in table.context)
    return table.layout is Layout.MONTHS and said and not named and not pounds


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
