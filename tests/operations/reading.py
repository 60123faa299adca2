"""What stands in the file now, and what was done last."""

from typing import TypeVar

from sqlalchemy import select

from grants_app.records import Record
from grants_app.records.history import Step
from grants_app.store import Store

Made = TypeVar("Made", bound=Record)


def now(store: Store, record: Made) -> Made:
    """The record as it stands in the file."""
    with store.reading() as session:
        return session.get_one(type(record), record.id)


def fields(store: Store, record: Record, *names: str) -> tuple:
    """These fields of the record as they stand in the file."""
    stands = now(store, record)
    return tuple(getattr(stands, name) for name in names)


def last(store: Store) -> Step:
    """The newest step."""
    with store.reading() as session:
        return session.scalars(select(Step).order_by(Step.id.desc()).limit(1)).one()


def steps(store: Store) -> int:
    """How many steps there are."""
    with store.reading() as session:
        return len(session.scalars(select(Step.id)).all())
