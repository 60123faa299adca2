"""The file's own settings (threshold, sample flag, administrator's lists), changed by a step like records."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants_app.records.fields import own_field
from grants_app.records.history import Setting
from grants_app.records.lists import DEFAULT_LISTS, FIXED
from grants_app.records.programme import Programme

OWN_COLUMN = "own column "
"""How the setting of each column of the officers' own begins: the name of its kind's table and a number follow."""
MERGED = "merged "
"""How the setting of each merged organisation begins: the reference of the one that went follows."""
THRESHOLD, SAMPLE, PUBLISHER = "threshold", "sample", "publisher"
"""Smallest count shown in published output (10 unless set); whether this is the sample; who publishes open data."""


class Publisher(NamedTuple):
    """Who publishes this file's grants as 360Giving: name, org-id, registered prefix, website, licence (addresses)."""

    name: str = ""
    identifier: str = ""
    prefix: str = ""
    website: str = ""
    licence: str = ""


def get(session: Session, name: str, default: Any = None) -> Any:
    """The setting's value, or the default."""
    found = session.scalar(select(Setting.value).where(Setting.name == name))
    return default if found is None else json.loads(found)


def put(session: Session, name: str, value: Any) -> None:
    """Set it, inside `store.change()`."""
    found = session.scalars(select(Setting).where(Setting.name == name)).one_or_none()
    if found is None:
        session.add(Setting(name=name, value=as_json(value)))
    else:
        found.value = as_json(value)


def as_json(value: Any) -> str:
    """A setting's value as it is stored."""
    return json.dumps(value, ensure_ascii=False)


def lists(session: Session) -> Mapping[str, Sequence[str]]:
    """The administrator's lists of this file, the fixed ones, and the words of the officers' own columns."""
    edited = {name: get(session, f"list {name}") for name in DEFAULT_LISTS if name not in FIXED}
    found = {name: edited.get(name) or words for name, words in DEFAULT_LISTS.items()}
    for table, columns in own_columns(session).items():
        for column in columns:
            field = own_field(column["name"], table)
            if field is not None and field.choices:
                found[field.choices] = tuple(column.get("choices", ()))
    return found


def own_columns(session: Session) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """By table, the columns of the officers' own (see `store/own.py`): the `name` of each, the `choices` of a list."""
    mine = select(Setting.name, Setting.value).where(Setting.name.startswith(OWN_COLUMN)).order_by(Setting.id)
    found: dict[str, list[Mapping[str, Any]]] = {}
    for name, value in session.execute(mine):
        found.setdefault(name.removeprefix(OWN_COLUMN).partition(" ")[0], []).append(json.loads(value))
    return found


def merged(session: Session) -> Mapping[str, tuple[str, str]]:
    """By the reference of each organisation that was merged away: its name, and the reference of where it went."""
    mine = select(Setting.name, Setting.value).where(Setting.name.startswith(MERGED)).order_by(Setting.id)
    return {name.removeprefix(MERGED): tuple(json.loads(value)) for name, value in session.execute(mine)}


def threshold(session: Session) -> int:
    """Counts under this are hidden in published output."""
    return int(get(session, THRESHOLD, 10))


def publisher(session: Session) -> Publisher:
    """Who publishes; what is not set follows from the programmes where they all name one funder and one prefix."""
    known = Publisher(**(get(session, PUBLISHER) or {}))
    columns = (Programme.funder, Programme.funder_identifier, Programme.giving_prefix)
    named = [session.scalars(select(column).where(column.is_not(None)).distinct()).all() for column in columns]
    name, identifier, prefix = (found[0] if len(found) == 1 else "" for found in named)
    if not known.name:
        known = known._replace(name=name or "", identifier=known.identifier or identifier or "")
    return known if known.prefix else known._replace(prefix=prefix or "")
