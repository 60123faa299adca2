"""Names that may be of one organisation: found by what their words begin with, so that few are held side by side."""

import re
from array import array
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import islice
from typing import NamedTuple

from grants_app import wording
from grants_app.records.lists import DEFAULT_LISTS

LEAST = 84.0
_SPELT, _LEFT, _WHOLE = 90.0, 78.0, 95.0
_SIDE_BY_SIDE, _NEAR, _MOST = 300, 60, 200_000
_SHIFT = 24
_COMMON = {
    "the", "and", "of", "for", "in", "ltd", "limited", "cic", "cio", "charity", "trust", "community", "london",
    "association", "foundation", "group", "society", "company", "project",
}  # fmt: skip
_BRACKETS = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")
_ALSO = re.compile(r"\b(?:t/a|aka|trading as|known as|formerly|operating as)\b", re.IGNORECASE)


class Pair(NamedTuple):
    """Two names that are alike: the place of a new one, that of another (below 0: minus the id of a kept one)."""

    score: float
    one: int
    other: int


def pairs(new: Sequence[str], known: Sequence[bool], kept: Iterable[tuple[int, str, bool]]) -> Iterator[Pair]:
    """Pairs among new names, and of a new one with a kept one (id, name, whether known), each once.

    Two that are known, by an identifier each, are never a pair: the identifiers say already that they are not one.
    Time and memory grow with the names, never with their pairs.
    """
    if not new or len(new) >= 1 << _SHIFT:
        return
    texts, ids = list(new), [0] * len(new)
    sure = bytearray(known)
    every, wanted = all(sure), {start for name in new for start in _starts(name)}
    for id_, name, has in kept:
        if not (has and every) and not wanted.isdisjoint(_starts(name)):
            texts.append(name)
            ids.append(-id_)
            sure.append(has)
    del wanted
    if all(sure):
        return
    told: set[tuple[int, int]] = set()
    for pair in islice(_pairs(texts, sure, len(new)), _MOST):
        one, other = sorted((pair.one, pair.other))
        if (one, other) not in told and (pair.score == _WHOLE or _fit(texts[one], texts[other])):
            told.add((one, other))
            yield Pair(pair.score, one, other if other < len(new) else ids[other])


def score(one: str, other: str) -> float:
    """How like two names are, 0 to 100."""
    from rapidfuzz import fuzz

    return float(max(fuzz.ratio(_sorted(one), _sorted(other)), fuzz.ratio(_flat(one), _flat(other))))


def _pairs(texts: Sequence[str], sure: bytearray, new: int) -> Iterator[Pair]:
    sorted_ = [_sorted(text) for text in texts]
    for block in _blocks((place, start) for place, text in enumerate(texts) for start in _starts(text)):
        yield from _within(block, sorted_, LEAST, sure, new)
    for place in range(len(texts)):
        sorted_[place] = _flat(texts[place])
    for block in _blocks((place, flat[:6] + _numbers(texts[place])) for place, flat in enumerate(sorted_) if flat):
        yield from _within(block, sorted_, _SPELT, sure, new)
    yield from _also_called(texts, sorted_, sure, new)


def _blocks(marked: Iterable[tuple[int, str]]) -> Iterator[list[int]]:
    """The places of names that share a mark."""
    marks = array("q", ((hash(mark) & 0x7FFFFFFFFF) << _SHIFT | place for place, mark in marked))
    block: list[int] = []
    last = -1
    for mark in sorted(marks):
        if mark >> _SHIFT != last:
            if len(block) > 1:
                yield block
            block, last = [], mark >> _SHIFT
        block.append(mark & (1 << _SHIFT) - 1)
    if len(block) > 1:
        yield block


def _within(block: list[int], forms: Sequence[str], least: float, sure: bytearray, new: int) -> Iterator[Pair]:
    """The pairs of a block; in a long one each name is held against its neighbours in the alphabet alone."""
    from rapidfuzz import fuzz, process

    asking, near = sum(place < new for place in block), len(block)
    if asking * near > _SIDE_BY_SIDE**2:
        asking, near = near, _NEAR
        block = sorted(block, key=forms.__getitem__)
    else:
        block.sort()  # the new ones first
    held = [forms[place] for place in block]
    for at, one in enumerate(block[:asking]):
        others = held[at + 1 : at + 1 + near]
        for _, found, step in process.extract(held[at], others, scorer=fuzz.ratio, score_cutoff=least, limit=None):
            other = block[at + 1 + step]
            if (one < new or other < new) and not (sure[one] and sure[other]):
                yield Pair(found, one, other)


def _fit(one: str, other: str) -> bool:
    """Whether what two like names do not share may be a matter of spelling, and is not a borough."""
    from rapidfuzz import fuzz

    mine, theirs = set(_words(one)), set(_words(other))
    left, right = mine - theirs, theirs - mine
    if not left or not right:
        return True
    if left & _places() and right & _places():
        return False
    one, other = " ".join(sorted(left)), " ".join(sorted(right))
    short, long = sorted((one, other), key=len)
    return (len(short) > 1 and long.startswith(short)) or fuzz.ratio(one, other) >= _LEFT


def _also_called(texts: Sequence[str], flats: Sequence[str], sure: bytearray, new: int) -> Iterator[Pair]:
    """Names that stand whole within another: in its brackets, or after "trading as"."""
    parts: dict[str, list[int]] = {}
    for place, text in enumerate(texts):
        for part in _parts(text):
            if len(flat := _flat(part)) > 2 and flat != flats[place]:
                parts.setdefault(flat, []).append(place)
    for place, flat in enumerate(flats) if parts else ():
        for other in parts.get(flat, ())[:_NEAR]:
            if (place < new or other < new) and not (sure[place] and sure[other]):
                yield Pair(_WHOLE, place, other)


def _parts(text: str) -> Iterator[str]:
    if "(" in text or "[" in text:
        yield _BRACKETS.sub(" ", text)
        for found in _BRACKETS.finditer(text):
            yield found[1] or found[2] or ""
    elif _ALSO.search(text):
        yield from _ALSO.split(text)


def _words(name: str) -> list[str]:
    """The words that tell a name from others; all of them where too little would be left."""
    plain = wording.tidy(name).casefold().replace("&", " and ").replace("'", "").replace("’", "")
    words = "".join(ch if ch.isalnum() else " " for ch in plain).split()
    left = [word for word in words if word not in _COMMON]
    telling = [word for word in left if word not in _places()]
    return left if telling and (len(left) > 1 or len(left[0]) > 3) else words


def _sorted(name: str) -> str:
    return " ".join(sorted(_words(name)))


def _flat(name: str) -> str:
    return "".join(_words(name))


def _starts(name: str) -> set[str]:
    """How its words begin, with its numbers: names of other numbers are of others."""
    words, numbers = _words(name), _numbers(name)
    return {word[:4] + numbers for word in words if len(word) > 2} or {word + numbers for word in words}


def _numbers(name: str) -> str:
    return " ".join(sorted(word for word in _words(name) if any(ch.isdigit() for ch in word)))


@cache
def _places() -> frozenset[str]:
    """The words of the boroughs' names, and what tells one part of a place from another."""
    boroughs = {word for place in DEFAULT_LISTS["boroughs"] for word in place.casefold().split() if len(word) > 3}
    return frozenset(boroughs | {"north", "south", "east", "west", "northern", "southern", "eastern", "western"})
