"""Where the columns of a table went the last time that an officer chose: kept in the file, by the table's titles."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from grants_app import wording
from grants_app.exchange.imports.faulty import WHAT_IS_WRONG
from grants_app.exchange.imports.previewing import Preview
from grants_app.store import Change, settings

SETTING = "import mappings"
_MOST = 200


def recalled(session: Session) -> Mapping[str, Mapping[str, Any]]:
    """What officers chose, by `signature`: the main `kind`, and the `targets` by folded title."""
    return dict(settings.get(session, SETTING, {}))


def signature(titles: Sequence[str]) -> str:
    """What two tables of the same titles have in common."""
    folded = [wording.folded(title) for title in titles if title != WHAT_IS_WRONG]
    return hashlib.sha256("\n".join(folded).encode()).hexdigest()[:16]


def remember(session: Change, found: Preview) -> None:
    """Keep, in the import's own step, where an officer sent columns otherwise than was suggested."""
    held = dict(settings.get(session, SETTING, {}))
    chosen = {}
    for table in found.tables:
        columns = table.mapping.columns
        if table.left_out or not any(column.why in ("officer", "remembered") for column in columns):
            continue
        targets = {wording.folded(column.title): column.target for column in columns}
        chosen[signature([column.title for column in columns])] = {"kind": table.kind, "targets": targets}
    fresh = {key: value for key, value in chosen.items() if held.get(key) != value}
    if fresh:
        kept = {key: value for key, value in held.items() if key not in fresh}
        settings.put(session, SETTING, dict(list({**kept, **fresh}.items())[-_MOST:]))
