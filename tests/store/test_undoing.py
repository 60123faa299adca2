"""Undo and redo."""

import gc
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import func, select

from grants_app.errors import Invalid, Refused
from grants_app.operations import editing
from grants_app.records import Grant, Organisation, Payment, Programme
from grants_app.records.grant import Status
from grants_app.records.history import Edit
from grants_app.records.payment import PaymentStatus
from grants_app.store import Store, opening, undoing
from tests.make import make


def titles(store: Store) -> list[str]:
    with store.reading() as session:
        return list(session.scalars(select(Grant.title).order_by(Grant.id)))


def test_undo_puts_back_what_stood_before_and_redo_does_it_again(store: Store) -> None:
    grant = make(store, Grant, title="Talks")
    editing.save(store, Grant, {"title": "Walks"}, id=grant.id)

    assert undoing.undo(store) == f"Edit grant {grant.reference}"
    assert titles(store) == ["Talks"]
    assert undoing.redo(store) == f"Edit grant {grant.reference}"
    assert titles(store) == ["Walks"]


def test_undo_goes_back_step_by_step_and_survives_a_restart(store: Store, tmp_path: Path) -> None:
    grant = make(store, Grant, title="One")
    editing.save(store, Grant, {"title": "Two"}, id=grant.id)
    editing.save(store, Grant, {"title": "Three"}, id=grant.id)
    store.close()
    reopened = opening.open_file(tmp_path / "work.grants", "Ann Officer")

    undoing.undo(reopened)
    undoing.undo(reopened)
    assert titles(reopened) == ["One"]
    undoing.undo(reopened)
    assert titles(reopened) == []
    for _ in range(3):
        undoing.redo(reopened)
    assert titles(reopened) == ["Three"]
    reopened.close()


def test_undoing_a_creation_is_refused_once_a_later_step_touched_the_record(store: Store) -> None:
    grant = make(store, Grant)
    with store.reading() as session:
        created = undoing.last_step(session, "Ann Officer")
    editing.save(store, Grant, {"title": "Walks"}, id=grant.id)

    assert created is not None
    with pytest.raises(Refused, match="was changed since by Ann Officer"):
        undoing.undo(store, created.id)


def test_undoing_a_creation_is_refused_while_another_record_refers_to_it(store: Store) -> None:
    organisation = make(store, Organisation)
    with store.reading() as session:
        step = undoing.last_step(session, "Ann Officer")
    grant = make(store, Grant, organisation_id=organisation.id)

    assert step is not None
    with pytest.raises(Refused, match=f"Grant {grant.reference} refers to what this step made"):
        undoing.undo(store, step.id)


def test_undo_is_refused_where_somebody_changed_the_value_since(store: Store, tmp_path: Path) -> None:
    grant = make(store, Grant, title="One")
    editing.save(store, Grant, {"title": "Two"}, id=grant.id)
    other = opening.open_file(tmp_path / "work.grants", "Ben Officer")
    editing.save(other, Grant, {"title": "Three"}, id=grant.id)
    other.close()

    with pytest.raises(Refused, match=r"Title of .* was changed since by Ben Officer"):
        undoing.undo(store)
    assert titles(store) == ["Three"]


def test_a_final_step_is_never_undone(store: Store) -> None:
    with store.change("Approve payment", final=True) as session:
        session.add(Organisation(name="A"))

    with pytest.raises(Refused, match="is reversed, with a reason"):
        undoing.undo(store)


def test_a_deleted_record_comes_back_with_its_id_reference_and_values(store: Store) -> None:
    organisation = make(
        store, Organisation, name="Kiln Street Boxing Club", charity_number="9000001", stopped=True, stop_reason="x"
    )
    editing.delete(store, Organisation, organisation.id)

    undoing.undo(store)

    with store.reading() as session:
        back = session.scalars(select(Organisation)).one()
    assert (back.id, back.reference, back.copy_values()) == (
        organisation.id,
        organisation.reference,
        organisation.copy_values(),
    )


def test_ten_thousand_added_in_one_step_go_and_come_back_in_one(store: Store) -> None:
    with store.change("Bring in organisations") as session:
        session.add_many(Organisation, ({"name": f"Café {number}"} for number in range(10_000)))

    undoing.undo(store)
    assert counted(store) == (0, 0)
    undoing.redo(store)
    assert counted(store) == (10_000, 10_000)


def counted(store: Store) -> tuple[int, int]:
    with store.reading() as session:
        found = session.connection().exec_driver_sql("SELECT count(*) FROM search WHERE search MATCH 'caf*'").scalar()
        return session.scalar(select(func.count(Organisation.id))) or 0, found or 0


def test_undoing_a_change_of_many_records_holds_few_of_their_edits_at_once(store: Store) -> None:
    with store.change("Bring in") as session:
        ids = session.add_many(Organisation, ({"name": f"Club {number}"} for number in range(1600)))
    editing.change_many(store, Organisation, ids, "borough", "Hackney")
    held: list[int] = []

    undoing.undo(store, progress=lambda done, of: held.append(sum(isinstance(o, Edit) for o in gc.get_objects())))

    assert max(held) <= 1000
    with store.reading() as session:
        assert session.scalars(select(Organisation.borough).distinct()).all() == [None]


def paid_before_it_was_signed(store: Store) -> Grant:
    """A grant whose history an import brought: a payment of it was made, and no agreement is recorded."""
    grant = make(store, Grant, awarded=Decimal(5000), status=Status.ACTIVE)
    with store.change("Import", lenient=True) as session:
        paid = {"grant_id": grant.id, "amount": Decimal(2000), "due": date(2024, 5, 1), "paid_on": date(2024, 5, 1)}
        session.add_many(Payment, [{**paid, "status": PaymentStatus.PAID}])
    return grant


def test_history_that_an_import_brought_is_done_again_though_its_payments_were_never_approved(store: Store) -> None:
    paid_before_it_was_signed(store)

    undoing.undo(store)
    undoing.redo(store)

    with store.reading() as session:
        assert session.scalar(select(func.count()).select_from(Payment)) == 1


def test_what_another_officer_did_meanwhile_holds_an_import_that_is_done_again_to_the_rules(store: Store) -> None:
    grant = paid_before_it_was_signed(store)
    undoing.undo(store)
    store.officer = "Ben Officer"
    editing.save(store, Grant, {"title": "Walks"}, id=grant.id)
    store.officer = "Ann Officer"

    with pytest.raises(Invalid, match="not signed"):
        undoing.redo(store)


def test_a_reference_is_never_given_twice(store: Store) -> None:
    first = make(store, Organisation)
    undoing.undo(store)
    second = make(store, Organisation)

    assert (first.reference, second.reference) == ("ORG-0001", "ORG-0002")
    assert second.id > first.id


def test_a_programme_s_short_name_begins_its_grants_references(store: Store) -> None:
    programme = make(store, Programme, code="CVE")

    assert [make(store, Grant, programme_id=programme.id).reference for _ in range(2)] == ["CVE-0001", "CVE-0002"]
