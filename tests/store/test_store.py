"""The one door: what it lets through, what it refuses, what it keeps and tells."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from grants_app.errors import Cancelled, ChangedByOther, Clash, Invalid, Refused
from grants_app.operations import editing
from grants_app.records import Engagement, Grant, Organisation, Payment, Programme
from grants_app.records.grant import Rag, Status
from grants_app.records.history import Edit, Step, Warned
from grants_app.records.payment import PaymentKind, PaymentStatus
from grants_app.store import Changes, Store, checking, opening, undoing
from tests.make import make, make_in


def warned(store: Store) -> list[tuple[str, int, str]]:
    with store.reading() as session:
        return [
            (row.kind, row.record_id, row.field)
            for row in session.scalars(select(Warned).order_by(Warned.kind, Warned.record_id, Warned.field))
        ]


def steps(store: Store) -> list[str]:
    with store.reading() as session:
        return list(session.scalars(select(Step.words).order_by(Step.id)))


def names(store: Store) -> list[str]:
    with store.reading() as session:
        return list(session.scalars(select(Organisation.name).order_by(Organisation.id)))


# --- what is refused ------------------------------------------------------------------------------------------------


def test_writing_while_reading_raises(store: Store):
    organisation = make(store, Organisation, name="Before")

    def add(session: Session) -> None:
        session.add(Organisation(name="Stray"))

    def change(session: Session) -> None:
        session.get_one(Organisation, organisation.id).name = "After"

    def remove(session: Session) -> None:
        session.delete(session.get_one(Organisation, organisation.id))

    for stray in (add, change, remove):
        with store.reading() as session:
            stray(session)
            with pytest.raises(RuntimeError, match=r"changes are made inside store\.change\(\)"):
                session.flush()
    assert names(store) == ["Before"]


@pytest.mark.parametrize(
    "statement",
    [update(Organisation).values(name="All the same"), delete(Organisation), insert(Organisation).values(name="Stray")],
)
def test_bulk_writing_raises_because_it_would_leave_no_history(store: Store, statement):
    make(store, Organisation, name="Before")

    with pytest.raises(RuntimeError, match="bulk writes leave no history"), store.change("Sweep") as session:
        session.execute(statement)
    with pytest.raises(RuntimeError, match="not while reading"), store.reading() as session:
        session.execute(statement)
    assert names(store) == ["Before"]


def test_a_step_that_fails_leaves_nothing_of_itself(store: Store):
    def half() -> None:
        with store.change("Half") as session:
            session.add(Organisation(name="A"))
            session.flush()
            session.add_many(Organisation, [{"name": "B"}])
            raise Cancelled

    with pytest.raises(Cancelled):
        half()
    assert (names(store), steps(store)) == ([], [])
    assert make(store, Organisation).reference == "ORG-0001"


def test_a_step_that_touches_nothing_leaves_no_trace(store: Store):
    told: list[Changes] = []
    organisation = make(store, Organisation, name="A")
    store.announce = told.append

    editing.save(store, Organisation, {"name": "A"}, id=organisation.id)
    with store.change("There and back") as session:
        record = session.get_one(Organisation, organisation.id)
        record.name = "B"
        session.flush()
        record.name = "A"

    assert (steps(store), told) == (["Make a organisation"], [])


def test_a_rule_that_stops_rolls_the_whole_step_back(store: Store):
    grant = make(store, Grant, awarded=Decimal("100.00"))

    too_much = {"grant_id": grant.id, "amount": Decimal("100.01"), "due": date(2026, 1, 1)}

    def pay() -> None:
        with store.change("Pay too much") as session:
            session.add(Organisation(name="Along with it"))
            session.add(Payment(status=PaymentStatus.PENDING, **too_much))

    with pytest.raises(Invalid, match="more than the award of £100"):
        pay()
    assert "Along with it" not in names(store)


def test_a_reclaim_takes_back_no_more_than_was_paid_and_only_of_its_own_grant(store: Store):
    grant, other = make(store, Grant, awarded=Decimal("100.00")), make(store, Grant)
    paid = make(store, Payment, grant_id=grant.id, amount=Decimal("60.00"))

    def reclaim(amount: str, of: int, status: PaymentStatus) -> None:
        with store.change("Reclaim") as session:
            row = {"kind": PaymentKind.RECLAIM, "reclaims_id": paid.id, "amount": Decimal(amount), "grant_id": of}
            row["outcome_reason"] = "Not owed" if status is PaymentStatus.CANCELLED else None
            make_in(session, Payment, {**row, "status": status})

    with pytest.raises(
        Invalid, match=f"Payment {paid.reference}: Reclaims of this payment come to £60.01, and £0 of it"
    ):
        reclaim("60.01", grant.id, PaymentStatus.PENDING)
    with pytest.raises(Invalid, match="of another grant: a reclaim takes back one of its own grant"):
        reclaim("1.00", other.id, PaymentStatus.CANCELLED)


def test_the_record_that_is_wrong_is_named_with_what_stops_it(store: Store):
    grant = make(store, Grant)

    with pytest.raises(Invalid) as caught:
        editing.save(store, Grant, {"title": None, "starts": date(2026, 2, 1), "ends": date(2026, 1, 1)}, id=grant.id)

    assert [(problem.field, problem.sentence) for problem in caught.value.problems] == [
        ("title", "Title is needed"),
        ("ends", "Ends must be the same as or after 1 February 2026, the start"),
    ]
    assert caught.value.record == f"Grant {grant.reference}"


def test_what_was_wrong_before_does_not_stop_a_change_elsewhere_but_may_not_get_worse(store: Store):
    with store.change("Bring in", lenient=True) as session:
        (programme,) = session.add_many(Programme, [{"code": "OLD", "name": "Old"}])
        (organisation,) = session.add_many(Organisation, [{"name": "A"}])
        row = {"programme_id": programme, "organisation_id": organisation, "title": "Talks", "status": Status.COMPLETED}
        (grant,) = session.add_many(Grant, [{**row, "starts": date(2026, 2, 1), "ends": date(2026, 1, 1)}])

    editing.save(store, Grant, {"title": "Walks"}, id=grant)

    with store.reading() as session:
        assert session.get_one(Grant, grant).title == "Walks"
    with pytest.raises(Invalid, match="Ends must be the same as or after"):
        editing.save(store, Grant, {"ends": date(2025, 1, 1), "starts": date(2026, 3, 1)}, id=grant)


def test_a_file_that_can_only_be_read_is_read_and_says_why_it_takes_no_change(store: Store):
    make(store, Organisation, name="A")
    read_only = Store(store.engine, store.path, "Ann Officer", read_only="The folder can only be read.")

    assert names(read_only) == ["A"]
    with pytest.raises(Refused, match=r"The folder can only be read\."):
        make(read_only, Organisation)


# --- two at once ----------------------------------------------------------------------------------------------------


def test_whoever_saves_over_another_s_change_is_told_who_when_and_both_values(store: Store):
    grant = make(store, Grant, title="One", asked=Decimal("100.00"))
    loaded = {"title": "One", "asked": Decimal("100.00")}
    other = opening.open_file(store.path, "Ben Officer")
    editing.save(other, Grant, {"title": "Two"}, id=grant.id)
    other.close()

    with pytest.raises(ChangedByOther) as caught:
        editing.save(store, Grant, {"title": "Three", "asked": Decimal("200.00")}, id=grant.id, loaded=loaded)

    clash = caught.value
    assert (clash.record, clash.who) == (f"grant {grant.reference}", "Ben Officer")
    assert clash.when is not None
    assert clash.when.isoformat() == "2026-11-23T14:02:00+00:00"
    assert clash.clashes == (Clash("title", "Title", "Two", "Three"),)
    assert str(clash) == (
        f"Ben Officer changed grant {grant.reference} meanwhile: Title is now “Two”, and you entered “Three”."
    )
    with store.reading() as session:
        assert session.get_one(Grant, grant.id).asked == Decimal("100.00")


def test_a_clash_of_links_says_what_the_records_are_called(store: Store):
    one, two, three = (make(store, Organisation, name=name) for name in ("Harbour Lane", "Kiln Street", "Tall Oaks"))
    grant = make(store, Grant, organisation_id=one.id)
    editing.save(store, Grant, {"organisation_id": two.id}, id=grant.id)

    with pytest.raises(Refused, match="Organisation is now “Kiln Street”, and you entered “Tall Oaks”"):
        editing.save(store, Grant, {"organisation_id": three.id}, id=grant.id, loaded={"organisation_id": one.id})


def test_changes_of_other_fields_and_equal_changes_do_not_clash(store: Store):
    grant = make(store, Grant, title="One", asked=Decimal("100.00"))
    loaded = {"title": "One", "asked": Decimal("100.00")}
    other = opening.open_file(store.path, "Ben Officer")
    editing.save(other, Grant, {"title": "Two"}, id=grant.id)
    other.close()

    editing.save(store, Grant, {"asked": Decimal("200.00")}, id=grant.id, loaded=loaded)
    editing.save(store, Grant, {"title": "Two"}, id=grant.id, loaded=loaded)

    with store.reading() as session:
        found = session.get_one(Grant, grant.id)
    assert (found.title, found.asked) == ("Two", Decimal("200.00"))


def test_news_of_another_program_s_step_comes_once_and_names_what_it_touched(store: Store):
    other = opening.open_file(store.path, "Ben Officer")
    grant = make(other, Grant)
    make(store, Organisation)

    (news,) = store.news()

    assert news.involve(Grant, id=grant.id)
    assert news.involve(Programme)
    assert not news.involve(Engagement)
    assert store.news() == []
    other.close()


def test_no_step_of_ours_is_news_however_soon_another_thread_asks(store: Store):
    told: list[Changes] = []
    done = threading.Event()

    def ask() -> None:
        while not done.is_set():
            told.extend(store.news())

    with ThreadPoolExecutor(1) as lane:
        asking = lane.submit(ask)
        for number in range(150):
            make(store, Programme, code=f"P{number}")
        done.set()
        asking.result()

    assert told == store.news() == []


def test_news_of_very_many_steps_comes_whole_in_several_calls(store: Store):
    other = opening.open_file(store.path, "Ben Officer")
    for number in range(103):
        make(other, Programme, code=f"P{number}")
    other.close()

    told = [len(store.news()) for _ in range(3)]

    assert told == [100, 3, 0]


def test_news_of_a_large_step_names_every_kind_that_it_touched(store: Store):
    with closing(opening.open_file(store.path, "Ben Officer")) as other, other.change("Import") as change:
        change.add_many(Organisation, [{"name": f"Group {number}"} for number in range(2001)])
        make_in(change, Programme, {})

    (news,) = store.news()

    assert news.touched == {"organisation": None, "programme": None}


# --- warnings -------------------------------------------------------------------------------------------------------


def test_a_warning_is_kept_until_it_is_mended(store: Store):
    organisation = make(store, Organisation, name="A", postcode="nowhere", charity_number="12")
    number = organisation.id
    assert warned(store) == [("organisation", number, "charity_number"), ("organisation", number, "postcode")]

    editing.save(store, Organisation, {"postcode": "E1 6AN"}, id=number)
    assert warned(store) == [("organisation", number, "charity_number")]
    editing.save(store, Organisation, {"name": "B"}, id=number)
    assert warned(store) == [("organisation", number, "charity_number")]
    editing.save(store, Organisation, {"charity_number": None}, id=number)
    assert warned(store) == []


def test_warnings_follow_undo_and_redo_of_a_change(store: Store):
    organisation = make(store, Organisation, name="A", postcode="E1 6AN")
    editing.save(store, Organisation, {"postcode": "nowhere"}, id=organisation.id)

    undoing.undo(store)
    assert warned(store) == []
    undoing.redo(store)
    assert warned(store) == [("organisation", organisation.id, "postcode")]


def test_warnings_follow_a_deletion_and_its_undoing(store: Store):
    organisation = make(store, Organisation, name="A", postcode="nowhere")
    editing.delete(store, Organisation, organisation.id)
    assert warned(store) == []

    undoing.undo(store)
    assert warned(store) == [("organisation", organisation.id, "postcode")]


def test_warnings_follow_an_import_its_undoing_and_redoing(store: Store):
    with store.change("Bring in", lenient=True) as session:
        session.add_many(
            Organisation, [{"name": "A", "postcode": "nowhere"}, {"name": "B"}, {"name": "C", "stopped": True}]
        )
    expected = [("organisation", 1, "postcode"), ("organisation", 3, "stop_reason")]
    assert warned(store) == expected

    undoing.undo(store)
    assert warned(store) == []
    undoing.redo(store)
    assert warned(store) == expected


def test_a_record_changed_and_deleted_in_one_step_leaves_no_warning(store: Store):
    organisation = make(store, Organisation, name="A")
    with store.change("Change and delete") as session:
        record = session.get_one(Organisation, organisation.id)
        record.postcode = "nowhere"
        session.flush()
        session.delete(record)

    assert warned(store) == []
    assert checking.check(store) == []


def test_what_a_step_warns_of_is_told_with_it(store: Store):
    told: list[Changes] = []
    store.announce = told.append

    make(store, Grant, rag=Rag.RED)

    assert [changes.warnings for changes in told] == [("Reason for the rating is needed for red and amber",)]


# --- history --------------------------------------------------------------------------------------------------------


def test_a_step_keeps_only_what_differs_and_money_in_pence(store: Store):
    grant = make(store, Grant, title="One", asked=Decimal("5000.50"))
    editing.save(store, Grant, {"title": "Two", "asked": Decimal("5000.5"), "boroughs": ("Brent",)}, id=grant.id)

    with store.reading() as session:
        edit = session.scalars(select(Edit).order_by(Edit.id.desc()).limit(1)).one()
    assert (edit.kind, edit.record_id, edit.action) == ("grant", grant.id, "changed")
    assert (edit.before, edit.after) == (
        {"title": "One", "boroughs": []},
        {"title": "Two", "boroughs": ["Brent"]},
    )


def test_a_record_made_and_deleted_in_one_step_was_never_there(store: Store):
    with store.change("There and gone") as session:
        record = Organisation(name="A")
        session.add(record)
        session.flush()
        session.delete(record)

    with store.reading() as session:
        assert session.scalar(select(func.count(Edit.id))) == 0
    assert checking.check(store) == []


def test_every_step_says_who_did_what_when_and_where(store: Store):
    make(store, Organisation)

    with store.reading() as session:
        step = session.scalars(select(Step)).one()
    assert (step.officer, step.words, step.at.isoformat()) == (
        "Ann Officer",
        "Make a organisation",
        "2026-11-23T14:02:00+00:00",
    )
    assert step.computer


def test_a_connection_keeps_little_of_the_file_in_memory_but_while_it_works(store):
    def cache(session):
        return session.connection().exec_driver_sql("PRAGMA cache_size").scalar_one()

    with store.reading() as session:
        found = [cache(session)]
        bare = session.connection().connection.driver_connection
    with store.change("Write") as session:
        found.append(cache(session))
    assert (found, bare.execute("PRAGMA cache_size").fetchone()) == ([-32768, -32768], (-8192,))
