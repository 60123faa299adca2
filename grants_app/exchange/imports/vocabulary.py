"""The words by which officers call the fields of each kind in the titles of their columns, numbered payments too."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from grants_app import wording
from grants_app.exchange.sources import contents
from grants_app.records import RECORDS, Acceptance, Document, Grant, Kind, Payment, Record

KINDS: tuple[type[Record], ...] = tuple(kind for kind in RECORDS if kind not in (Document, Acceptance))
"""The kinds that a table may hold; documents come with their bytes, acceptances of warnings by a verb."""
_NEAR = 88.0
_STOPS = {
    "of", "the", "a", "an", "for", "in", "to", "is", "was", "whom", "gbp", "by", "this", "at", "any", "s",
}  # fmt: skip
_BRACKETS = re.compile(r"\([^)]*\)|\[[^]]*\]")
_REFERENCES = (
    "ref", "reference", "reference number", "reference no", "ref no", "ref number", "id", "unique reference", "our ref",
    "urn", "unique reference number",
)  # fmt: skip
_NUMBERED = {"grant": ("grant", "award", "project", "agreement", "case", "application", "app", "bid")}
"""What officers call a record of a kind where they give it a number of their own: "Grant no", "Project number"."""
_ALSO: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "grant": {
        "status": (
            "panel decision", "panel outcome", "board decision", "committee decision", "funding decision",
            "award decision", "decision status", "outcome of panel", "final decision",
        ),
    },
    "organisation": {
        "name": (
            "lead organisation", "lead applicant", "applicant organisation", "delivery organisation", "grant recipient",
            "org", "org name", "name of org", "group name", "name of group", "name of charity", "name of grantee",
        ),
    },
    "engagement": {
        "title": (
            "session name", "workshop title", "workshop name", "name of workshop", "activity title", "activity name",
            "name of activity",
        ),
    },
    "risk": {"event": ("risk", "risk description", "description of risk")},
}  # fmt: skip
"""Further words for fields, by kind."""
_SHEETS = {
    "engagement": ("session", "sessions", "workshops", "activity", "activities", "attendance", "attendances"),
    "grant": ("awards", "projects"),
    "payment": ("instalments", "claims"),
    "organisation": ("grantees", "groups"),
}
"""What else officers call the sheet that holds a kind."""
_SURE = 4  # from what names the kind to a word that might be any kind's
_COUNT = re.compile(r"(number|no|nr|num)\b\.? of\b|how many\b|#", re.IGNORECASE)
_NOUN = r"(?:payments?|instal+ments?|tranches?|pa?y?mts?)"
_WORDS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_LAST, _READABLE = 99, 0.5
_PATTERNS = (
    re.compile(rf"(.*?)\b{_NOUN}\b\W*(?:no\b|number\b|nr\b)?\W*(\d{{1,2}})(?!\d)(?: of \d+)?(.*)", re.IGNORECASE),
    re.compile(rf"(.*?)\b{_NOUN}\W*q([1-4])\b(.*)", re.IGNORECASE),
    re.compile(rf"(.*?)\b(?:(\d{{1,2}})(?:st|nd|rd|th)|q([1-4]))\W*{_NOUN}\b(.*)", re.IGNORECASE),
    re.compile(rf"(.*?)\b({'|'.join(_WORDS)}|initial|final|last)\W*{_NOUN}\b(.*)", re.IGNORECASE),
)
_ALONE = re.compile(r"(payment|instal+ment|paid|amount paid|paid amount)( ?\(?£\)?)?", re.IGNORECASE)
_SAID = {
    "amount": ("", "amount", "value", "sum", "£", "total", "amount due"),
    "due": ("date", "due", "date due", "planned", "planned date", "scheduled", "scheduled date", "due on"),
    "paid_on": ("paid", "paid on", "date paid", "made", "made on", "date made", "when", "actual date", "paid date"),
    "expected_on": ("expected", "expected on", "expected date", "forecast date"),
}
_DAYS = ("due", "paid_on", "expected_on")
Fields = dict[str, int]
"""The columns of one payment: its fields, and the place of each."""


def stem(title: str) -> str:
    """A title without case, order, little words, brackets and the s of plurals, for comparing."""
    bare = _BRACKETS.sub(" ", title) if _BRACKETS.sub("", title).strip() else title
    words = re.findall(r"[a-z0-9]+", bare.casefold().replace("&", " and ").replace("e-mail", "email"))
    kept = [_singular(word) for word in words if word not in _STOPS] or words
    return " ".join(sorted(kept))


def _singular(word: str) -> str:
    if word in ("no", "nr", "num"):
        return "number"
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


_ANYBODYS = frozenset(
    map(stem, (
        "name", "title", "note", "comment", "description", "status", "kind", "type", "reason", "email", "email address",
        "phone", "telephone", "tel", "mobile", "role", "start", "end", "budget", "summary",
    ))
)  # fmt: skip
"""Stems of words that say nothing of whose they are: beside another kind's, they need its noun."""
_THEIRS = {**dict.fromkeys(("contact", "grant", "payment", "engagement"), _ANYBODYS), "organisation": {"name"}}


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of one kind: field names by stem, its own words first; `qualified` are those that name the kind."""

    kind: type[Record]
    words: Mapping[str, tuple[str, ...]]
    qualified: Mapping[str, tuple[str, ...]]
    labels: frozenset[str] = frozenset()

    def closeness(self, title: str, *, main: bool) -> int | None:
        """How surely a title is of this kind, 0 the most; None where it is not.

        In a table of the kind (`main`) a field's own title is the surest, else what names the kind: beside "Grant ref",
        "Ref" is not the grant's. There, a word that may be anybody's is of this kind only with its noun.
        """
        wanted = stem(title)
        named = wanted in self.qualified
        if not named and wanted not in self.words:
            return None
        if not main and not named and wanted in _ANYBODYS - _THEIRS.get(self.kind.__tablename__, set()):
            return None
        by_noun = named and set(stem(self.kind.noun).split()) <= set(wanted.split())
        marks = (wanted in self.labels, by_noun, named) if main else (by_noun, named, wanted in self.labels)
        anybodys = wanted == "name" and wanted not in self.labels
        return marks.index(True) if True in marks else _SURE if anybodys else _SURE - 1

    def exactly(self, title: str, *, qualified: bool) -> Sequence[str]:
        """The fields of that title; of another kind than the table's, those of its own title come second."""
        wanted = stem(title)
        first, second = (self.qualified, self.words) if qualified else (self.words, self.qualified)
        names = first.get(wanted) or second.get(wanted, ())
        return _no_identity(names) if _COUNT.match(title.strip()) else names

    def calls(self, title: str) -> bool:
        """Whether a title names a record of the kind: by its name, identifier or reference."""
        names = {self.kind.caption, "identifier", "reference", "name"}
        return bool(set(self.qualified.get(stem(title), ())) & names) or stem(title) == stem(self.kind.noun)

    def tells(self, title: str) -> bool:
        """Whether a title names a record of the kind, in other words for it too: a "Group" is an organisation."""
        other = stem(title) not in _ANYBODYS and self.kind.caption in self.words.get(stem(title), ())
        return other or self.calls(title)

    def nearly(self, title: str) -> Sequence[str]:
        """The fields whose words are very like the title, the most alike first."""
        from rapidfuzz import fuzz, process

        wanted = stem(title)
        if len(wanted) < 5 or "grand" in wanted.split():  # a grand total is no grant's
            return ()
        found = process.extract(wanted, self.words.keys(), scorer=fuzz.ratio, score_cutoff=_NEAR, limit=3)
        names = [name for word, _, _ in found for name in self.words[word]]
        return _no_identity(names) if _COUNT.match(title.strip()) else names


def _no_identity(names: Sequence[str]) -> Sequence[str]:
    """Without what tells a record apart: "Number of grants" counts them."""
    return [name for name in names if name not in ("reference", "identifier")]


@cache
def vocabulary() -> Mapping[type[Record], Vocabulary]:
    """The words of every kind, from the declarations."""
    return {kind: _of(kind) for kind in KINDS}


def _of(kind: type[Record]) -> Vocabulary:
    words: dict[str, tuple[str, ...]] = {}
    qualified: dict[str, tuple[str, ...]] = {}

    def add(to: dict[str, tuple[str, ...]], said: Iterable[str], name: str) -> None:
        for word in said:
            held = to.get(stem(word), ())
            if name not in held:
                to[stem(word)] = (*held, name)

    fields = [(name, field) for name, field in kind.fields().items() if field.kind not in (Kind.EXTRA, Kind.INSTANT)]
    for name, field in fields:
        add(words, (field.label, field.key.replace("_", " ")), name)
    for name, field in fields:
        add(words, (*field.aliases, *_ALSO.get(kind.__tablename__, {}).get(name, ())), name)
    for name, field in fields:
        said = (field.label, field.key.replace("_", " "), *field.aliases)
        add(qualified, (f"{kind.noun} {word}" for word in said), name)
    add(words, _REFERENCES, "reference")
    add(qualified, (f"{kind.noun} {word}" for word in _REFERENCES), "reference")
    if "identifier" in kind.fields() and kind.__tablename__ == "grant":
        add(words, _REFERENCES, "identifier")
        add(qualified, (f"{kind.noun} {word}" for word in _REFERENCES), "identifier")
    called = _NUMBERED.get(kind.__tablename__, ())
    for to in (words, qualified):
        for name in ("reference", "identifier"):
            add(
                to, (f"{noun} {word}" for noun in called for word in ("number", "id", "ref", "reference", "code")), name
            )
    labels = frozenset(stem(field.label) for _, field in fields)
    return Vocabulary(kind, words, qualified, labels)


def score(words: Mapping[type[Record], Vocabulary], kind: type[Record], titles: Sequence[str], sheet: str) -> float:
    """How well a table's titles fit a kind: a title that few kinds know counts most, as does the sheet's name."""
    mine, fitted, found = words[kind], 0.0, set[str]()
    for title in titles:
        names = mine.exactly(title, qualified=False)
        if not names:
            continue
        wanted = stem(title)
        rivals = sum(wanted in one.words or wanted in one.qualified for one in words.values())
        fitted += 1.0 / rivals**0.5
        found.update(names)
    if not found - {"reference"}:
        return 0.0
    named = speaks_of(sheet, kind)
    if kind.caption == "title" and "title" not in found and named and "name" in map(stem, titles):
        found.add("title")  # on a sheet of sessions, the name is the session's
    lacking, parents = 0, 0
    for field in kind.fields().values():
        linked = next((k for k in KINDS if k.__tablename__ == field.to), None)
        if field.kind is Kind.LINK and linked is not None and linked is not kind:
            parents += field.required and any(words[linked].exactly(title, qualified=True) for title in titles)
        if not field.required or field.default is not None or field.name in found or field.name == "code":
            continue
        if field.kind is Kind.LINK:
            calls = linked is not None and any(words[linked].calls(title) for title in titles)
            lacking += field.to != "programme" and not calls
        elif not (field.name == "due" and "paid_on" in found):
            lacking += 1
    whole = 0.0 if lacking or len(found) < 2 else 1.0
    return fitted + whole + 1.5 * named + (0.4 if parents else 0.0) - 1.2 * lacking


def speaks_of(words: str, kind: type[Record]) -> bool:
    """Whether a sheet's name, or other words, call a kind by its name, or as officers call such a sheet."""
    about = set(stem(words).split())
    called = (kind.noun, kind.plural, *_SHEETS.get(kind.__tablename__, ()))
    return any(set(stem(word).split()) <= about for word in called)


def labels(kind: type[Record]) -> Mapping[str, str]:
    """The fields of a kind by folded label, as our own exports title them."""
    return {wording.folded(field.label): name for name, field in kind.fields().items()}


def is_currency(title: str) -> bool:
    """Whether a title is that of a column that says in which money the amounts beside it are."""
    return wording.folded(title) in {"currency", "currency code"}


def numbered_payments(titles: Sequence[str], values: Sequence[Sequence[Any]]) -> list[Fields]:
    """The payments that a row has columns for, in their order; only those with an amount and a day. Each column once.

    `values` are the first filled cells of each column: they tell what "Payment 1 paid" is, an amount or a day.
    """
    values = [[cell for cell in column if not contents.says_none(cell)] for column in values]
    found: dict[int, Fields] = {}
    for place, title in enumerate(titles):
        said = _said(title)
        if said is None:
            continue
        number, rest = said
        name = _field(rest, values[place], found.get(number, {}))
        if name and name not in found.get(number, {}):
            found.setdefault(number, {})[name] = place
    _days_beside(found, titles, values)
    return [
        found[number] for number in sorted(found) if "amount" in found[number] and found[number].keys() & set(_DAYS)
    ]


def lone_payment(titles: Sequence[str], values: Sequence[Sequence[Any]]) -> Fields:
    """The columns of a grant's one payment where its amount is only called "Payment", or "Paid" beside its day."""
    called = [place for place, title in enumerate(titles) if _ALONE.fullmatch(title)]
    others = any("amount" in vocabulary()[Payment].exactly(f"payment {title}", qualified=True) for title in titles)
    if len(called) != 1 or others or not _sums(values[called[0]]):
        return {}
    beside = [*_beside({0: called[0]}, 1, titles, values), *_beside({0: called[0]}, -1, titles, values)]
    made = "paid" in titles[called[0]].casefold()
    days = {
        "paid_on" if made and name == "due" else name: place
        for _, name, place in beside
        if not _of_a_grant(titles[place])
    }
    return {"amount": called[0], **days} if days else {}


def undated_payments(titles: Sequence[str], values: Sequence[Sequence[Any]]) -> list[int]:
    """The places of amounts under titles of payments, dated or not."""
    called = (place for place, title in enumerate(titles) if _ALONE.fullmatch(title) or _said(title) is not None)
    return [place for place in called if _sums(values[place])]


def _sums(values: Sequence[Any]) -> bool:
    return bool(contents.looks(values) & {contents.Sort.NUMBER, contents.Sort.MONEY}) and not contents.serials(values)


def _said(title: str) -> tuple[int, str] | None:
    """Which payment a title is about, and what else it says."""
    for pattern in _PATTERNS:
        if found := pattern.fullmatch(title):
            before, *number, after = found.groups()
            which = next(filter(None, number)).casefold()
            return _number(which), f"{before} {after}"
    return None


def _number(which: str) -> int:
    if which.isdecimal():
        return int(which)
    return {"initial": 1, "final": _LAST, "last": _LAST}.get(which) or 1 + _WORDS.index(which)


def _field(rest: str, values: Sequence[Any], taken: Mapping[str, int]) -> str:
    """The field of a payment that a title's other words and its cells mean; blank for none."""
    wanted = _stem(rest)
    name = next((name for name, words in _SAID.items() if wanted in map(_stem, words)), "")
    name = name or next(iter(vocabulary()[Payment].exactly(wanted, qualified=False)), "") if wanted else "amount"
    sorts = contents.looks(values)
    if name in _DAYS and not sorts & {contents.Sort.DATE} and sorts & {contents.Sort.NUMBER, contents.Sort.MONEY}:
        return "amount" if "amount" not in taken else ""
    if name == "amount" and contents.Sort.DATE in sorts:
        return "due"
    if name in _DAYS and contents.readable(Payment.fields()[name], values, {}) < _READABLE:
        return ""  # "Payment 1 paid": Yes
    return name if name not in ("reference", "grant_id", "number") else ""


def _stem(words: str) -> str:
    bare = re.sub(r"\W+", " ", words).strip()
    return stem(bare) if bare else ""


def _days_beside(found: dict[int, Fields], titles: Sequence[str], values: Sequence[Sequence[Any]]) -> None:
    """A plain "Date" beside each of several numbered amounts is the day of that payment."""
    lacking = {
        n: fields["amount"] for n, fields in found.items() if "amount" in fields and not fields.keys() & set(_DAYS)
    }
    best: list[tuple[int, str, int]] = []
    for step in (1, -1):
        beside = list(_beside(lacking, step, titles, values))
        names = Counter(name for _, name, _ in beside)
        alike = [one for one in beside if names[one[1]] > 1 or not _of_a_grant(titles[one[2]])]
        best = max(best, alike, key=len)
    for number, name, place in best:
        found[number][name] = place


def _of_a_grant(title: str) -> bool:
    return bool(vocabulary()[Grant].exactly(title, qualified=False))


def _beside(
    lacking: Mapping[int, int], step: int, titles: Sequence[str], values: Sequence[Sequence[Any]]
) -> Iterator[tuple[int, str, int]]:
    for number, amount in lacking.items():
        place = amount + step
        if not 0 <= place < len(titles) or _said(titles[place]) is not None:
            continue
        bare = re.sub(rf" \(\d+\)$|\W*\b{number}\b", "", titles[place])  # "Date (2)", "Date 2"
        name = _field(bare, values[place], {})
        if name in _DAYS:
            yield number, name, place
