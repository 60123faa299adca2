"""A record read for its form: its values, the names of what it links to, and the file's lists."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants_app.records import Kind, Record, kind_named
from grants_app.records.fields import Value
from grants_app.store import settings
from grants_app.ui.editors import Lists
from grants_app.ui.links import Named, named


@dataclass(frozen=True)
class Loaded:
    """A record as a form shows it: its values, the names of what it links to, and the file's lists."""

    record: Record | None
    values: Mapping[str, Value]
    names: Mapping[str, Named] = field(default_factory=dict)
    called: Mapping[str, str] = field(default_factory=dict)
    lists: Lists = field(default_factory=dict)


def load(session: Session, kind: type[Record], record_id: int | None) -> Loaded | None:
    """Read a record for a form, or what a new one starts with; None if it is gone."""
    lists = settings.lists(session)
    if record_id is None:
        return Loaded(None, {name: each.default for name, each in kind.fields().items()}, lists=lists)
    record = session.get(kind, record_id)
    if record is None:
        return None
    values = record.copy_values()
    names: dict[str, Named] = {}
    called: dict[str, str] = {}
    for name, each in kind.fields().items():
        target = kind_named(each.to) if each.to and each.to != "any" else None
        if target is None:
            continue
        if each.kind is Kind.LINK and values[name] is not None and (linked := session.get(target, values[name])):
            names[name] = named(target, linked)
        elif each.kind is Kind.MANY:
            references: Any = values[name] or ()
            held = session.scalars(select(target).where(target.reference.in_(references)))
            called |= dict(named(target, one) for one in held)
    return Loaded(record, values, names, called, lists)
