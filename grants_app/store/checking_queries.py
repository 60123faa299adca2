"""What every check asks and says: a number, a column of references, and which records have a fault."""

from collections.abc import Iterable, Iterator
from itertools import islice

from sqlalchemy.orm import Session

from grants_app import wording
from grants_app.records import Record

EXAMPLES = 5
"""How many records a sentence names."""


def holders(kind: type[Record], rows: Iterable[str]) -> str:
    """How many records of a kind, and which, as a sentence ends: "2 grants (CVE-0001 and CVE-0002)"; blank for none."""
    iterator = iter(rows)
    first = list(islice(iterator, EXAMPLES))
    if not first:
        return ""
    more = sum(1 for _ in iterator)
    if len(first) == 1:
        return f"{kind.noun.lower()} {first[0]}"
    shown = f"{', '.join(first)} and others" if more else wording.listed(first)
    return f"{wording.counted(len(first) + more, kind.noun.lower(), kind.plural.lower())} ({shown})"


def number(session: Session, sql: str) -> int:
    """The one number that the statement gives."""
    return int(session.connection().exec_driver_sql(sql).scalar_one())


def column(session: Session, sql: str, *values: str) -> Iterator[str]:
    """The first column of the statement's rows, as they come."""
    return iter(session.connection().exec_driver_sql(sql, values).scalars())
