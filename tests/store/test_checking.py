"""Checking a file: nothing to say of a whole one, a sentence for each fault."""

import json
from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as driver

from grants_app.errors import Cancelled, Refused
from grants_app.operations import documents, editing
from grants_app.records import RECORDS, Document, Engagement, Finding, Grant, Note, Organisation, Payment, Theme
from grants_app.records.engagement import EngagementStatus
from grants_app.store import Store, checking, opening, undoing
from tests.make import TODAY, make


@pytest.fixture(scope="module")
def much_done(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file in which much has happened: every kind made, some edited, deleted, undone, done again, added at once."""
    path = tmp_path_factory.mktemp("checked") / "work.grants"
    with pytest.MonkeyPatch.context() as patch, closing(opening.create(path, "Ann Officer")) as store:
        patch.setenv("GRANTS_TODAY", TODAY)
        do_much(store)
    return path


@pytest.fixture
def worked_in(much_done: Path, tmp_path: Path) -> Iterator[Store]:
    """That file, a copy for each test."""
    path = tmp_path / "work.grants"
    path.write_bytes(much_done.read_bytes())
    with closing(opening.open_file(path, "Ann Officer")) as store:
        yield store


def do_much(store: Store) -> None:
    for kind in RECORDS:
        if kind is not Document:
            make(store, kind)
    theme = make(store, Theme)
    grant = make(store, Grant, themes=(theme.reference,), awarded=Decimal("9000.00"))
    make(store, Finding, evidence_for=(grant.reference, theme.reference))
    make(store, Payment, grant_id=grant.id, amount=Decimal("10.00"))
    make(store, Engagement, grant_id=grant.id, status=EngagementStatus.DELIVERED, attended=12, audiences=("Pupils",))
    note = make(store, Note, about=grant.reference)
    editing.save(store, Organisation, {"name": "Café of Kiln Street", "postcode": "nowhere"}, id=grant.organisation_id)
    editing.delete(store, Note, note.id)
    undoing.undo(store)
    with store.change("Bring in") as session:
        session.add_many(Organisation, ({"name": f"Club {number}", "postcode": "odd"} for number in range(50)))
    undoing.undo(store)
    undoing.redo(store)
    documents.attach(store, b"A policy", name="policy.txt", about=grant.reference)
    lost = documents.attach(store, b"A photograph", name="photo.jpg")
    documents.remove(store, lost.id)


def test_a_whole_file_has_nothing_wrong(worked_in: Store):
    assert checking.check(worked_in) == []


def test_a_new_file_has_nothing_wrong(store: Store):
    assert checking.check(store) == []


FAULTS = (
    ("UPDATE programme SET version = 0", "Without a version: "),
    (
        "UPDATE grant SET reference = 'XX-0007' WHERE id = 1",
        "With a reference that was never given out: grant XX-0007.",
    ),
    ("UPDATE organisation SET reference = 'ORG-9999' WHERE id = 1", "never given out: organisation ORG-9999."),
    ("DELETE FROM counter WHERE prefix LIKE 'programme%'", "With a reference that was never given out: "),
    ("DELETE FROM edit WHERE kind = 'theme' AND record_id = 1", "Not made by any step of the history: theme THM-0001."),
    ("UPDATE sqlite_sequence SET seq = 3 WHERE name = 'organisation'", "With an id that may be given again: "),
    ("UPDATE contact SET organisation_id = 999", "Organisation leads to a record that is not there: contact CON-0001."),
    ("UPDATE note SET about = 'GRA-0404' WHERE id = 1", "About names GRA-0404, which is not there: note NOT-0001."),
    ("UPDATE link SET value = 'THM-0404' WHERE kind = 'grant'", "Themes names THM-0404, which is not there: grant "),
    ("DELETE FROM task", "Tasks that the history tells of are gone, and no step deleted them: 1."),
    ("UPDATE edit SET kind = 'cat' WHERE id = 2", "Entries of the history for an unknown kind of record: 1."),
    ("UPDATE edit SET step_id = 999 WHERE id = 2", "Entries of the history that belong to no step: 1."),
    (
        "INSERT INTO step VALUES (999, '2026-01-01T00:00:00Z', 'A', '', '', 'x', NULL, 0, NULL, NULL)",
        "Steps of the history that changed nothing: 1.",
    ),
    ("UPDATE step SET undone_by = 1 WHERE id = 2", "Steps marked as undone that no step undid: 1."),
    (
        "DELETE FROM link WHERE field = 'audiences'",
        "Filtering engagements by Audiences would miss 1 and find 0 too many.",
    ),
    (
        "INSERT INTO link VALUES ('engagement', 'harms', 'Hate crime', 1)",
        "Filtering engagements by Harms would miss 0 and find 1 too many.",
    ),
    ("UPDATE kept SET attended = 11 WHERE attended = 12", "Totals differ from payments and engagements: grant "),
    ("DELETE FROM kept", "Totals differ from payments and engagements: "),
    ("UPDATE kept_programme SET awards = awards + 1", "Totals of programmes differ from what they are added up from."),
    ("UPDATE kept_month SET attended = attended + 1", "Totals of months differ from what they are added up from."),
    (
        "INSERT INTO kept VALUES (999, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)",
        "Totals are kept of grants that are not there: 1.",
    ),
    ("DELETE FROM search WHERE rowid = (SELECT min(id) FROM search_docsize)", "Search does not find "),
    ("INSERT INTO search(rowid, words) VALUES (7, 'stray')", "Search finds what is no record: 1."),
    ("UPDATE organisation SET name = 'Other' WHERE id = 1", "Search finds some records by words that they do not hold"),
    (
        "UPDATE organisation SET name = 'Kiln Street of Café' WHERE name LIKE 'Café%'",
        "Search finds some records by words",
    ),
    (
        "INSERT INTO warned VALUES (999, 'organisation', 999, 'name', 'x')",
        "Warnings are kept of organisations or fields",
    ),
    ("DELETE FROM blob", "The file itself is missing: document DOC-0001."),
    ("DELETE FROM blob", "Deleted documents that could not be brought back, their files being gone: 1."),
    (
        "UPDATE blob SET bytes = CAST('A police' AS BLOB)",
        "The file has changed since it was attached: document DOC-0001.",
    ),
    ("UPDATE document SET size = 3 WHERE id = 1", "The file is of another size than noted: document DOC-0001."),
    ("DROP INDEX ix_grant_status", "The file lacks ix_grant_status: restore the latest backup."),
)


@pytest.mark.parametrize(("sql", "sentence"), FAULTS)
def test_each_fault_has_its_sentence(worked_in: Store, sql: str, sentence: str):
    worked_in.close()
    with closing(driver.connect(str(worked_in.path), isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys=OFF")
        connection.execute(sql)
    reopened = opening.open_file(worked_in.path, "Ann Officer")

    found = checking.check(reopened)

    assert [each for each in found if sentence in each], found
    reopened.close()


def test_many_faults_of_one_sort_are_counted_and_a_few_named(store: Store):
    with store.change("Bring in") as session:
        session.add_many(Organisation, ({"name": f"Club {number}"} for number in range(12)))
    with closing(driver.connect(str(store.path), isolation_level=None)) as connection:
        connection.execute("UPDATE organisation SET version = 0")

    assert checking.check(store) == [
        "Without a version: 12 organisations (ORG-0001, ORG-0002, ORG-0003, ORG-0004, ORG-0005 and others)."
    ]


def test_a_damaged_file_is_said_to_be_damaged_and_looked_at_no_further(store: Store):
    with store.change("Bring in") as session:
        session.add_many(Organisation, ({"name": f"Club {number}"} for number in range(3000)))
    store.close()
    whole = bytearray(store.path.read_bytes())
    start = whole.index(b"Club 1500") // 4096 * 4096
    whole[start : start + 100] = bytes(100)
    store.path.write_bytes(whole)
    reopened = opening.open_file(store.path, "Ann Officer")

    found = checking.check(reopened)

    assert found
    assert all(sentence.startswith("The file is damaged (") for sentence in found)
    reopened.close()


def test_checking_tells_how_far_it_is_and_can_be_cancelled(store: Store):
    told: list[tuple[int, int]] = []

    checking.check(store, lambda done, of: told.append((done, of)))

    assert [done for done, _ in told] == list(range(told[0][1] + 1))
    with pytest.raises(Cancelled):
        checking.check(store, cancel)
    assert checking.check(store) == []


def cancel(done: int, of: int) -> None:
    raise Cancelled


def test_a_file_of_a_newer_version_is_not_checked_by_this_one(store: Store):
    store.close()
    with closing(driver.connect(str(store.path), isolation_level=None)) as connection:
        connection.execute(f"PRAGMA user_version = {opening.FORMAT + 1}")
    reopened = opening.open_file(store.path, "Ann Officer")

    with pytest.raises(Refused, match="A newer version of Grants Desk made this file"):
        checking.check(reopened)
    reopened.close()


def test_checking_changes_nothing(worked_in: Store):
    worked_in.close()
    before = worked_in.path.read_bytes()
    reopened = opening.open_file(worked_in.path, "Ann Officer")

    checking.check(reopened)
    reopened.close()

    assert worked_in.path.read_bytes() == before


def test_a_value_in_the_history_is_no_fault(store: Store):
    """Words of several languages, quotes and braces come through history and search alike."""
    make(store, Organisation, name='Ñandú "x" {y} — 東京 ' + json.dumps({"a": 1}))
    undoing.undo(store)
    undoing.redo(store)

    assert checking.check(store) == []
