"""Bringing an older file to this version's format: a verified backup, the migrations, a check before it counts."""

import logging
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from grants_app.errors import Refused
from grants_app.store import backup, opening, own
from grants_app.store.driver import count_rows, explained

MIGRATIONS = Path(__file__).parent / "migrations"
"""Where the migrations are; HEAD there names the newest, so that two made at once clash in version control."""

_log = logging.getLogger(__name__)


def upgrade(path: Path, found: int) -> Path:
    """Bring a file of the format `found` to that of this version, all of it or nothing. Where its verified backup lies.

    Refused, the file being as it was, if it may not be written, others have it open, or anything was lost on the way.
    """
    if found < 1:
        raise Refused(f"{path.name} does not say which version of Grants Desk made it: restore its latest backup.")
    if not opening.writable(path):
        raise Refused(
            f"{path.name} is of an older version and must be brought up to date, and it or its folder can only be "
            "read: copy it to a folder of your own and open the copy."
        )
    kept = backup.copy(path, backup.free_name(path.parent, f"{path.stem} before upgrade"))
    engine = opening.make_engine(path, foreign_keys=False).execution_options(begin="BEGIN IMMEDIATE")
    try:
        with explained(), engine.begin() as connection:
            _migrate(connection, found)
    except Exception as error:
        kept.unlink()
        if isinstance(error, Refused):
            raise
        _log.exception("upgrade from format %s to %s failed", found, opening.FORMAT)
        raise Refused(
            f"{path.name} could not be brought up to date and is as it was. Go on with the version of Grants Desk that "
            "made it, and report this."
        ) from error
    finally:
        engine.dispose()
    return kept


def _migrate(connection: Connection, found: int) -> None:
    if connection.exec_driver_sql("PRAGMA user_version").scalar() != found:
        raise Refused("Another program has brought this file up to date just now: open it again.")
    run = connection.exec_driver_sql
    before, sequences = count_rows(run), _sequences(connection)
    migrate(connection, found)
    _keep_sequences(connection, sequences)
    with Session(bind=connection) as session:
        own.keep_indexes(session)
    faults_found = [f"rows lost or added in {name}" for name, n in count_rows(run).items() if n != before.get(name, n)]
    if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
        faults_found.append("a link leads nowhere")
    if connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar() != "ok":
        faults_found.append("the file is not whole")
    if faults_found:
        raise RuntimeError("; ".join(faults_found))
    connection.exec_driver_sql(f"PRAGMA user_version = {opening.FORMAT}")


def migrate(connection: Connection, found: int) -> None:
    """Run the migrations from the format `found` (0: nothing is there yet) on this connection, and nothing else."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    # The format stands in the file's user_version alone: alembic's own table lives as long as this connection.
    connection.exec_driver_sql("CREATE TABLE temp.alembic_version (version_num VARCHAR(32) NOT NULL)")
    if found:
        connection.exec_driver_sql(f"INSERT INTO temp.alembic_version VALUES ('{found:04d}')")
    command.upgrade(config, f"{opening.FORMAT:04d}")


def _sequences(connection: Connection) -> dict[str, int]:
    rows = connection.exec_driver_sql("SELECT name, seq FROM sqlite_sequence")
    return {str(name): int(seq) for name, seq in rows}


def _keep_sequences(connection: Connection, before: dict[str, int]) -> None:
    """A table that was built anew must not give the ids of deleted records again."""
    after = _sequences(connection)
    for name, seq in before.items():
        if name in after:
            connection.exec_driver_sql("UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = ?", (seq, name))
        elif connection.exec_driver_sql("SELECT 1 FROM sqlite_master WHERE name = ?", (name,)).first():
            connection.exec_driver_sql("INSERT INTO sqlite_sequence(name, seq) VALUES (?, ?)", (name, seq))
