"""Older files: brought up to date whole or not at all, and the first format frozen."""

import re
import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as driver

from grants_app.errors import Refused
from grants_app.operations import editing
from grants_app.records import Contact, Organisation
from grants_app.store import Store, opening, upgrade
from tests.make import make
from tests.store.freeze import schema

# Builds `organisation` anew, which has children, and adds to it; what a later format may well do.
SECOND = '''
"""A motto for each organisation."""
import sqlalchemy as sa
from alembic import op

revision, down_revision = "0002", "0001"


def upgrade():
    how = {"recreate": "always", "table_kwargs": {"sqlite_autoincrement": True}}
    with op.batch_alter_table("organisation", **how) as table:
        table.add_column(sa.Column("motto", sa.Text()))
'''


@pytest.fixture
def a_later_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Go on as a version of the program whose format is the second, reached by this migration."""

    def become(second: str) -> None:
        scripts = tmp_path / "migrations"
        shutil.copytree(upgrade.MIGRATIONS, scripts, ignore=shutil.ignore_patterns("__pycache__"))
        (scripts / "versions" / "0002_second.py").write_text(second, encoding="utf-8")
        monkeypatch.setattr(upgrade, "MIGRATIONS", scripts)
        monkeypatch.setattr(opening, "FORMAT", 2)

    return become


def asked(path: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(driver.connect(str(path))) as connection:
        return connection.execute(sql).fetchall()


def clauses(sql: str) -> list[str]:
    """What a table or index is made of, in no order: where a later column stands differs from file to file."""
    head, _, body = " ".join(sql.split()).replace('"', "").partition("(")
    return [head.strip(), *sorted(part.strip() for part in re.split(r",(?![^(]*\))", body.rstrip(") ")))]


def test_the_migrations_lead_to_the_very_schema_of_a_new_file(store: Store, tmp_path: Path):
    old = tmp_path / "old.grants"
    old.touch()
    engine = opening.make_engine(old, foreign_keys=False)
    with engine.begin() as connection:
        upgrade.migrate(connection, 0)
    engine.dispose()

    migrated, new = ({name: clauses(sql) for name, sql in schema(path)} for path in (old, store.path))
    assert migrated == new, "the records have changed: write a migration (tests/store/freeze.py says how)"


def test_the_newest_migration_is_named_in_head_and_is_the_format_of_this_version():
    newest = max((upgrade.MIGRATIONS / "versions").glob("*.py")).name[:4]

    assert (upgrade.MIGRATIONS / "HEAD").read_text(encoding="utf-8").strip() == newest == f"{opening.FORMAT:04d}"


def test_an_older_file_is_brought_up_to_date_with_its_records_and_a_backup_stays(store: Store, a_later_version):
    gone = make(store, Organisation, name="Gone")
    contact = make(store, Contact)
    editing.delete(store, Organisation, gone.id)
    store.close()
    a_later_version(SECOND)

    kept = upgrade.upgrade(store.path, 1)

    assert asked(store.path, "SELECT name, motto FROM organisation") == [(f"Legal name {named(store.path)}", None)]
    assert asked(store.path, "SELECT id, organisation_id FROM contact") == [(contact.id, contact.organisation_id)]
    assert asked(store.path, "PRAGMA user_version") == [(2,)]
    assert asked(store.path, "SELECT name FROM sqlite_master WHERE name LIKE '%alembic%'") == []
    assert re.fullmatch(r"work before upgrade \d{4}-\d\d-\d\d \d\d\.\d\d\.\d\d\.grants", kept.name)
    assert asked(kept, "PRAGMA user_version") == [(1,)]
    assert asked(kept, "SELECT count(*) FROM organisation") == [(1,)]


def named(path: Path) -> str:
    return str(asked(path, "SELECT name FROM organisation")[0][0]).rpartition(" ")[2]


def test_an_id_that_was_given_before_an_upgrade_is_not_given_after_it(store: Store, a_later_version):
    first, second = make(store, Organisation), make(store, Organisation)
    editing.delete(store, Organisation, second.id)
    store.close()
    a_later_version(SECOND)

    upgrade.upgrade(store.path, 1)

    assert asked(store.path, "SELECT seq FROM sqlite_sequence WHERE name = 'organisation'") == [(second.id,)]
    assert first.id < second.id


@pytest.mark.parametrize(
    "mishap",
    [
        'op.execute("DELETE FROM contact")',
        'op.execute("UPDATE contact SET organisation_id = 99")',
        'op.execute("ALTER TABLE organisation ADD COLUMN motto TEXT"); raise ValueError("half way")',
        'op.execute("DROP TABLE nothing_of_that_name")',
    ],
)
def test_an_upgrade_that_goes_wrong_leaves_the_file_as_it_was(store: Store, a_later_version, mishap: str):
    make(store, Contact)
    store.close()
    before = store.path.read_bytes()
    header = 'from alembic import op\nrevision, down_revision = "0002", "0001"\n'
    a_later_version(f"{header}def upgrade():\n    {mishap}\n")

    with pytest.raises(Refused, match=r"work\.grants could not be brought up to date and is as it was"):
        upgrade.upgrade(store.path, 1)

    assert store.path.read_bytes() == before
    assert sorted(path.name for path in store.path.parent.glob("*.grants*")) == ["work.grants"]


def test_opening_brings_an_older_file_up_to_date(store: Store, a_later_version):
    make(store, Organisation, name="Kiln Street Boxing Club")
    store.close()
    a_later_version(SECOND)

    reopened = opening.open_file(store.path, "Ann Officer")

    assert reopened.read_only == ""
    with reopened.reading() as session:
        assert session.connection().exec_driver_sql("SELECT name, motto FROM organisation").all() == [
            ("Kiln Street Boxing Club", None)
        ]
    reopened.close()


def test_a_file_that_tells_no_format_is_refused_untouched(store: Store):
    store.close()
    with closing(driver.connect(str(store.path), isolation_level=None)) as connection:
        connection.execute("PRAGMA user_version = 0")
    before = store.path.read_bytes()

    with pytest.raises(Refused, match="does not say which version of Grants Desk made it"):
        opening.open_file(store.path, "Ann Officer")

    assert store.path.read_bytes() == before


def test_while_another_program_writes_an_upgrade_is_refused(store: Store, a_later_version, monkeypatch):
    a_later_version(SECOND)
    monkeypatch.setattr(opening, "PATIENCE", 0.05)
    with closing(driver.connect(str(store.path), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Refused, match="Another program is writing to this file"):
            upgrade.upgrade(store.path, 1)
        other.execute("ROLLBACK")
