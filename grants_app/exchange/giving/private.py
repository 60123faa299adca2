"""What of a person's may not go out: a recipient's name in the texts of a grant, contact details in any value."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from grants_app.exchange.giving import values as giving_values
from grants_app.exchange.giving.paths import CODED, Values
from grants_app.exchange.giving.standard import sort_of

_WORDS = re.compile(r"[^\W_]+")
_APOSTROPHES = re.compile(r"['’ʼ`](?!s\b)")  # of O’Neil, not of Smith’s
_BESIDE = re.compile(r"\(([^)]*)\)|\b(?:t/a|trading as|c/o)\b.*", re.IGNORECASE)
_AFTER = {"phd", "mbe", "obe", "cbe", "msc", "bsc", "mphil", "jp", "qc", "kc", "frsa", "junior", "senior"}
_TITLES = ("mr", "mrs", "ms", "miss", "mx", "dr", "prof", "professor", "rev", "reverend", "sir", "dame", "lady", "lord")
_NOBODY = {
    "a", "an", "the", "of", "to", "for", "individual", "individuals", "recipient", "recipients", "anonymous",
    "anonymised", "person", "private", "name", "unknown", "withheld", "redacted", "applicant", "grantee", "artist",
    "student", "grant", "award", "bursary", "no", "number",
}  # fmt: skip
_WORDS_TOO = {
    "art", "bill", "drew", "faith", "frank", "grace", "hope", "jack", "joy", "mark", "may", "pat", "rob", "rose",
    "sue", "will",
}  # fmt: skip
"""Names that are words too: they are a name where they begin with a capital."""

_LETTERS_TOO = "aiost"  # “a young person” is not A Young, and the s may be that of “women’s”


@dataclass(frozen=True, slots=True)
class Names:
    """The names of a person, as they may stand in a text; those `capital` only where they begin with a capital."""

    pattern: re.Pattern[str]
    capital: frozenset[str]

    def stand_in(self, value: Any) -> bool:
        """Whether a text, or one of a list, holds one of them as whole words, however it is written."""
        if isinstance(value, list):
            return any(map(self.stand_in, value))
        if not isinstance(value, str):
            return False
        value = _APOSTROPHES.sub("", value)
        return bool(self.pattern.search(f" {' '.join(words_of(value))} ")) or (
            bool(self.capital)
            and any(not word.islower() and word.casefold() in self.capital for word in _WORDS.findall(value))
        )


def words_of(text: str) -> list[str]:
    """The words of a text without case, accents and punctuation."""
    bare = "".join(ch for ch in unicodedata.normalize("NFKD", text) if not unicodedata.combining(ch))
    return _WORDS.findall(bare.casefold())


def names_of(*said: str | None) -> Names | None:
    """How the name of a person (or another that they are known by) may stand in a text; None without any.

    “Jane Q Smithson” and “Smithson, Jane Q” are also Jane Smithson, Jane Anne Smithson, J Smithson and Ms Smithson;
    “Tom (Thomas) Brown, PhD” is Thomas Brown too.
    """
    forms: list[str] = []
    capital: list[str] = []
    for name in _apart(filter(None, said)):
        words = name
        if all(word in _NOBODY or word.isdecimal() for word in words) or len("".join(words)) < 2:
            continue
        if len(words) == 1:
            (capital if words[0] in _WORDS_TOO else forms).append(words[0])
            continue
        initial = "" if words[0][0] in _LETTERS_TOO else f"|{words[0][0]}"
        forms += [" ".join(words), rf"{words[0]} (?:\w+ ){{0,2}}{words[-1]}"]
        forms += [rf"(?:{words[0]}{initial}) (?:\w )*{words[-1]}"]
        forms += [f"{words[-1]} {' '.join(words[:-1])}"] if not set(words) & _WORDS_TOO else []
        forms += [rf"(?:{'|'.join(_TITLES)}) {words[-1]}"]
    return Names(re.compile(f" (?:{'|'.join(forms or ['(?!)'])}) "), frozenset(capital)) if forms or capital else None


def _apart(said: Iterable[str]) -> Iterator[list[str]]:
    """The words of each name, first names first, without titles and letters after it; one in brackets is another."""
    for text in said:
        name = _APOSTROPHES.sub("", text)
        bare = _BESIDE.sub(" ", name)
        last, comma, first = bare.partition(",")
        words = words_of(f"{first} {last}" if comma else bare)
        while len(words) > 1 and words[0] in _TITLES:
            del words[0]
        if comma and (after := [word for word in words_of(first) if word in _AFTER]) and after == words_of(first):
            words = words_of(last)
        while len(words) > 1 and words[-1] in _AFTER:
            del words[-1]
        yield words
        also = [words_of(found) for found in _BESIDE.findall(name) if words_of(found)]
        yield from ([*one, *words[1:]] for one in also if len(one) == 1 and len(words) > 1 and one[0] not in _NOBODY)


def details(values: Values) -> Iterator[tuple[str, str]]:
    """The paths of values that hold somebody's contact details, each with what it holds; codes are not looked at."""
    for path in _texts(tuple(values)):
        value = values[path]
        if value.__class__ is str and (what := giving_values.personal(value)):
            yield path, what


@lru_cache(maxsize=2000)
def _texts(paths: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(
        path for path in paths if sort_of(path) in {"", "text", "uri"} and path.rsplit("/", 1)[-1] not in CODED
    )
