"""What an officer chose the last time, kept in the file: where columns went, by the titles; whom a name means."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants_app import wording
from grants_app.exchange.imports.import_report import WHAT_IS_WRONG
from grants_app.exchange.imports.plan import likeness_key
from grants_app.exchange.imports.previewing import Preview
from grants_app.records import Organisation, Record
from grants_app.records.base import batches
from grants_app.store import Change, settings

SETTING, NAMES = "import mappings", "import names"
_MOST, _MOST_NAMES = 200, 5000


def recalled(session: Session) -> Mapping[str, Mapping[str, Any]]:
    """What officers chose, by `signature`: the main `kind`, `targets` and `points` by title (`told_apart`), `same`."""
    return dict(settings.get(session, SETTING, {}))


def by_title(session: Session, kind: type[Record]) -> Mapping[str, str]:
    """Where officers sent columns of that kind's tables, by folded title: the latest choice of each."""
    found: dict[str, str] = {}
    for said in recalled(session).values():
        found |= said["targets"] if said["kind"] == kind.__tablename__ else {}
    return found


def answers(session: Session) -> Mapping[str, str]:
    """What was said of names, by `likeness_key`: the reference of the record that one is, or "" for one by itself.

    The name of an organisation that was merged into another means that other.
    """
    found, merged = dict(settings.get(session, NAMES, {})), settings.merged(session)
    for name, into in merged.values():
        key = likeness_key(Organisation.__tablename__, name)
        found[key] = found.get(key) or into
    return {key: _stayed(answer, merged) for key, answer in found.items()} if merged else found


def _stayed(reference: str, merged: Mapping[str, tuple[str, str]]) -> str:
    """Where an organisation went; a chain of them ends, even in a ring of ones that were brought back."""
    for _ in merged:
        if reference in merged:
            reference = merged[reference][1]
    return reference


def told_apart(titles: Sequence[str]) -> list[str]:
    """The titles folded, each by another word: of "Amount" and "Amount (£)" the second is "amount 2"."""
    seen: Counter[str] = Counter()
    found = []
    for title in titles:
        folded = wording.folded(title)
        seen[folded] += 1
        found.append(f"{folded} {seen[folded]}" if seen[folded] > 1 else folded)
    return found


def signature(titles: Sequence[str]) -> str:
    """What two tables of the same titles have in common."""
    folded = [wording.folded(title) for title in titles if title != WHAT_IS_WRONG]
    return hashlib.sha256("\n".join(folded).encode()).hexdigest()[:16]


def remember(session: Change, found: Preview) -> None:
    """Keep, in the import's own step, where an officer sent columns and whom they said that names mean."""
    _columns(session, found)
    _names(session, found)


def _names(session: Change, found: Preview) -> None:
    """References, not names: what a record is called may change."""
    plan, held = found.plan, settings.get(session, NAMES, {})
    said = {**plan.likenesses, **{key: "" for key, called in plan.spellings.items() if not called}}
    chosen = {key: called for key, called in plan.spellings.items() if called}
    called = sorted(set(chosen.values()))
    references: dict[str, str] = {}
    for batch in batches(called, _MOST):
        some = Organisation.name.in_(batch)
        statement = select(Organisation.name, Organisation.reference).where(some).order_by(Organisation.id)
        references |= {name: reference for name, reference in session.execute(statement)}  # noqa: C416
    said |= {key: references[name] for key, name in chosen.items() if name in references}
    fresh = {key: answer for key, answer in said.items() if held.get(key) != answer}
    if fresh:
        settings.put(session, NAMES, dict(list({**held, **fresh}.items())[-_MOST_NAMES:]))


def _columns(session: Change, found: Preview) -> None:
    held = dict(settings.get(session, SETTING, {}))
    chosen = {}
    for table in found.tables:
        columns = table.mapping.columns
        told = found.plan.of(table.name).points
        sent = any(column.why in ("officer", "remembered") for column in columns)
        if table.left_out or not (sent or told or table.same):
            continue
        names = told_apart([column.title for column in columns])
        titles = {column.place: name for column, name in zip(columns, names, strict=True)}
        kept: dict[str, Any] = {"kind": table.kind, "targets": {titles[c.place]: c.target for c in columns}}
        kept |= {"same": dict(table.same)} if table.same else {}
        kept |= {"points": {titles[place]: points for place, points in told.items()}} if told else {}
        chosen[signature([column.title for column in columns])] = kept
    fresh = {key: value for key, value in chosen.items() if held.get(key) != value}
    if fresh:
        kept = {key: value for key, value in held.items() if key not in fresh}
        settings.put(session, SETTING, dict(list({**kept, **fresh}.items())[-_MOST:]))
