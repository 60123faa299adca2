"""What SQLite says when it cannot, in words for officers."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlcipher3.dbapi2 as driver
from sqlalchemy.exc import DBAPIError, IntegrityError

from grants_app.errors import Refused

_SENTENCES = (
    ("database or disk is full", "The disk is full, so nothing was saved. Make room on it, then save again."),
    (
        "readonly database",
        "This file can only be read, so nothing was saved. Make a copy in a folder of your own.",
    ),
    (
        "disk image is malformed",
        "This file is damaged, so nothing was saved. Restore its latest backup.",
    ),
    ("file is not a database", "This is not a Grants Desk file, or it is damaged."),
    ("database is locked", "Another program is writing to this file. Nothing was saved: try again in a moment."),
    (
        "disk I/O error",
        "The disk or the network folder does not answer, so nothing was saved. Look whether it can be opened.",
    ),
    (
        "unable to open database file",
        "The file cannot be opened: it may have been moved, or its folder is out of reach.",
    ),
)


class Busy(Refused):
    """Another program is writing to this file. Nothing was saved: try again in a moment."""


def in_words(error: DBAPIError | driver.Error) -> Refused | None:
    """The officer's sentence for a database error that is not a programmer's slip; None for one that is."""
    said = str(error.orig if isinstance(error, DBAPIError) else error)
    if "database is locked" in said or "database table is locked" in said:
        return Busy()
    if isinstance(error, IntegrityError) and "FOREIGN KEY" in said:
        return Refused("Another record refers to this one, or to what was taken away, so nothing was changed.")
    return next((Refused(sentence) for part, sentence in _SENTENCES if part in said), None)


@contextmanager
def explained() -> Iterator[None]:
    """Turn database errors that an officer can do something about into Refused."""
    try:
        yield
    except (DBAPIError, driver.Error) as error:
        sentence = in_words(error)
        if sentence is None:
            raise
        raise sentence from error
