"""Several payments on one row: "Payment 1 amount", "2nd instalment paid on", "Tranche 3" with a date beside it."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from grants_app.exchange.imports.vocabulary import stem, vocabulary
from grants_app.exchange.sources import contents
from grants_app.records import Grant, Payment

_NOUN = r"(?:payments?|instal+ments?|tranches?|pa?y?mts?)"
_WORDS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_LAST, _READABLE = 99, 0.5
_PATTERNS = (
    re.compile(rf"(.*?)\b{_NOUN}\b\W*(?:no\b|number\b|nr\b)?\W*(\d{{1,2}})(?!\d)(?: of \d+)?(.*)", re.IGNORECASE),
    re.compile(rf"(.*?)\b{_NOUN}\W*q([1-4])\b(.*)", re.IGNORECASE),
    re.compile(rf"(.*?)\b(?:(\d{{1,2}})(?:st|nd|rd|th)|q([1-4]))\W*{_NOUN}\b(.*)", re.IGNORECASE),
    re.compile(rf"(.*?)\b({'|'.join(_WORDS)}|initial|final|last)\W*{_NOUN}\b(.*)", re.IGNORECASE),
)
_ALONE = re.compile(r"(payment|instal+ment)( ?\(?£\)?)?", re.IGNORECASE)
_SAID = {
    "amount": ("", "amount", "value", "sum", "£", "total", "amount due"),
    "due": ("date", "due", "date due", "planned", "planned date", "scheduled", "scheduled date", "due on"),
    "paid_on": ("paid", "paid on", "date paid", "made", "made on", "date made", "when", "actual date", "paid date"),
    "expected_on": ("expected", "expected on", "expected date", "forecast date"),
}
_DAYS = ("due", "paid_on", "expected_on")
Fields = dict[str, int]
"""The columns of one payment: its fields, and the place of each."""


def numbered(titles: Sequence[str], values: Sequence[Sequence[Any]]) -> list[Fields]:
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


def alone(titles: Sequence[str], values: Sequence[Sequence[Any]]) -> Fields:
    """The columns of a grant's one payment where its amount is only called "Payment": they stand side by side."""
    called = [place for place, title in enumerate(titles) if _ALONE.fullmatch(title)]
    others = any("amount" in vocabulary()[Payment].exactly(f"payment {title}", qualified=True) for title in titles)
    if len(called) != 1 or others or not _sums(values[called[0]]):
        return {}
    beside = [*_beside({0: called[0]}, 1, titles, values), *_beside({0: called[0]}, -1, titles, values)]
    days = {name: place for _, name, place in beside if not _of_a_grant(titles[place])}
    return {"amount": called[0], **days} if days else {}


def undated(titles: Sequence[str], values: Sequence[Sequence[Any]]) -> list[int]:
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
