"""New records whose names are like those of kept ones: offered to the officer, never decided alone."""

from typing import Any

from grants_app import wording
from grants_app.exchange.imports.finders import Organisations, likeness_key
from grants_app.exchange.imports.matching import Finder
from grants_app.exchange.imports.previewing import Likeness, Preview
from grants_app.exchange.imports.rows import Row, Said
from grants_app.records import Organisation

_ALIKE = 84.0
_MOST, _CANDIDATES = 500, 400
_COMMON = {
    "the", "and", "of", "for", "in", "ltd", "limited", "cic", "cio", "charity", "trust", "community", "london",
    "association", "foundation", "group", "society", "company", "project",
}  # fmt: skip


class Likenesses:
    """Compares names by the beginnings of their words, so that not every name is held against every other."""

    def __init__(self, found: Preview, finders: dict[str, Finder]) -> None:
        """Nothing is read before the first new name."""
        self.found, self.finders = found, finders
        self._index: dict[str, list[tuple[int, str]]] | None = None

    def look(self, finder: Finder, values: dict[str, Any], row: Row) -> None:
        """Offer the kept organisation whose name is most like that of a new one, if one is."""
        if not isinstance(finder, Organisations) or not finder.any_kept or len(self.found.likenesses) >= _MOST:
            return
        name = str(values.get("name") or "")
        key = likeness_key(finder.name, name)
        if key in self.found.plan.likenesses:
            return
        best = self._best(finder, name)
        if best is None:
            return
        score, id_, _name = best
        record = finder.session.get_one(Organisation, id_)
        finder.session.expunge(record)
        self.found.likenesses.append(
            Likeness(key, finder.name, name, record.reference, record.name, score, row.sheet, row.number)
        )
        row.notes.append(Said("", f"“{name}” is new; it is like {record.reference}, {record.name}: are they the same?"))

    def _best(self, finder: Organisations, name: str) -> tuple[float, int, str] | None:
        from rapidfuzz import fuzz

        if self._index is None:
            self._index = {}
            for folded, id_ in _names(finder):
                for start in _starts(folded):
                    self._index.setdefault(start, []).append((id_, folded))
        said = _bare(name)
        best: tuple[float, int, str] | None = None
        for start in _starts(name):
            for id_, other in self._index.get(start, [])[:_CANDIDATES]:
                score = fuzz.token_sort_ratio(said, _bare(other))
                if score >= _ALIKE and (best is None or score > best[0]):
                    best = (score, id_, other)
        return best


def _names(finder: Organisations) -> list[tuple[str, int]]:
    from sqlalchemy import select

    return [(name, id_) for id_, name in finder.session.execute(select(Organisation.id, Organisation.name))]


def _bare(name: str) -> str:
    words = "".join(ch if ch.isalnum() else " " for ch in wording.tidy(name).casefold().replace("&", "and")).split()
    return " ".join([word for word in words if word not in _COMMON] or words)


def _starts(name: str) -> set[str]:
    return {word[:4] for word in _bare(name).split() if len(word) > 2}
