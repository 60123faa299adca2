"""The file's own settings (threshold, sample flag, administrator's lists), changed by a step like records."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants_app.records.history import Setting
from grants_app.records.lists import DEFAULT_LISTS, FIXED

THRESHOLD, SAMPLE, LAST_BACKUP = "threshold", "sample", "last backup"
"""Smallest count shown in published output (10 unless set); whether this is the sample."""


def get(session: Session, name: str, default: Any = None) -> Any:
    """The setting's value, or the default."""
    found = session.scalar(select(Setting.value).where(Setting.name == name))
    return default if found is None else json.loads(found)


def put(session: Session, name: str, value: Any) -> None:
    """Set it, inside `store.change()`."""
    found = session.scalars(select(Setting).where(Setting.name == name)).one_or_none()
    if found is None:
        session.add(Setting(name=name, value=json.dumps(value, ensure_ascii=False)))
    else:
        found.value = json.dumps(value, ensure_ascii=False)


def lists(session: Session) -> Mapping[str, Sequence[str]]:
    """The administrator's lists of this file, and the fixed ones."""
    own = {name: get(session, f"list {name}") for name in DEFAULT_LISTS if name not in FIXED}
    return {name: own.get(name) or words for name, words in DEFAULT_LISTS.items()}


def threshold(session: Session) -> int:
    """Counts under this are hidden in published output."""
    return int(get(session, THRESHOLD, 10))
