"""The bin."""

from datetime import UTC, datetime

import pytest

from grants_app.errors import Refused
from grants_app.operations import editing
from grants_app.records import Finding, Grant, Note, Organisation, Programme, Record
from grants_app.store import Store, checking, opening, undoing
from grants_app.store.bin import Edit, _standing, bring_back, deletions
from tests.make import make


def in_the_bin(store: Store, kind: type[Record] | None = None) -> list[tuple[str, str]]:
    with store.reading() as session:
        return [(each.reference, each.name) for each in deletions(session, kind)]


def test_the_bin_lists_what_stands_deleted_newest_first_and_says_who_and_when(store: Store):
    first = make(store, Organisation, name="Kiln Street Boxing Club")
    note = make(store, Note, text="A call")
    editing.delete(store, Organisation, first.id)
    editing.delete(store, Note, note.id)

    assert in_the_bin(store) == [("NOT-0001", "NOT-0001"), ("ORG-0001", "Kiln Street Boxing Club")]
    assert in_the_bin(store, Note) == [("NOT-0001", "NOT-0001")]
    with store.reading() as session:
        newest, older = deletions(session)
        assert deletions(session, limit=1) == [newest]
        assert deletions(session, before=newest.edit_id) == [older]
    assert (newest.who, newest.when, newest.words) == (
        "Ann Officer",
        datetime(2026, 11, 23, 14, 2, tzinfo=UTC),
        "Delete note NOT-0001",
    )


def test_bringing_back_restores_every_value_as_a_step_of_its_own(store: Store):
    organisation = make(store, Organisation, name="Café", postcode="odd", notes="Two\nlines")
    editing.delete(store, Organisation, organisation.id)

    assert bring_back(store, Organisation, organisation.id) == "ORG-0001"

    with store.reading() as session:
        back = session.get_one(Organisation, organisation.id)
        assert (back.reference, back.copy_values()) == ("ORG-0001", organisation.copy_values())
        step = undoing.last_step(session, "Ann Officer")
        assert step is not None
        assert step.words == "Bring back organisation ORG-0001"
    assert in_the_bin(store) == []
    assert checking.check(store) == []


def test_bringing_back_can_be_undone_and_done_again(store: Store):
    organisation = make(store, Organisation)
    editing.delete(store, Organisation, organisation.id)
    bring_back(store, Organisation, organisation.id)

    undoing.undo(store)
    assert [reference for reference, _ in in_the_bin(store)] == ["ORG-0001"]
    undoing.redo(store)
    assert in_the_bin(store) == []
    editing.delete(store, Organisation, organisation.id)
    assert [reference for reference, _ in in_the_bin(store)] == ["ORG-0001"]


def test_what_is_back_already_is_not_brought_back_twice(store: Store):
    organisation = make(store, Organisation)
    editing.delete(store, Organisation, organisation.id)
    with store.reading() as session:
        deletion = undoing.last_step(session, "Ann Officer")
    other = opening.open_file(store.path, "Ben Officer")
    bring_back(other, Organisation, organisation.id)
    other.close()

    with pytest.raises(Refused, match="not in the bin: it was brought back already"):
        bring_back(store, Organisation, organisation.id)
    assert deletion is not None
    with pytest.raises(Refused, match="Organisation ORG-0001 was brought back since"):
        undoing.undo(store, deletion.id)


def test_a_record_comes_back_only_after_those_it_refers_to(store: Store):
    grant = make(store, Grant)
    finding = make(store, Finding, programme_id=grant.programme_id, evidence_for=(grant.reference,))
    note = make(store, Note, about=grant.reference)
    with store.reading() as session:
        organisation = session.get_one(Organisation, grant.organisation_id)
    for kind, number in ((Note, note.id), (Finding, finding.id), (Grant, grant.id), (Organisation, organisation.id)):
        editing.delete(store, kind, number)

    for kind, number in ((Note, note.id), (Finding, finding.id)):
        with pytest.raises(Refused, match=f"refers to {grant.reference}, deleted too: bring that back first"):
            bring_back(store, kind, number)
    with pytest.raises(Refused, match="refers to ORG-0001, deleted too: bring that back first"):
        bring_back(store, Grant, grant.id)
    for kind, number in ((Organisation, organisation.id), (Grant, grant.id), (Finding, finding.id), (Note, note.id)):
        bring_back(store, kind, number)
    assert in_the_bin(store) == []
    assert checking.check(store) == []


def test_the_bin_reads_the_deletions_alone_however_long_the_history(store: Store):
    statement = _standing((Organisation, Programme)).order_by(Edit.id.desc())
    plain = str(statement.compile(store.engine, compile_kwargs={"literal_binds": True}))
    with store.reading() as session:
        plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {plain}").all()

    assert next(row[3] for row in plan if "edit" in row[3]) == "SCAN edit USING INDEX ix_edit_deleted"
