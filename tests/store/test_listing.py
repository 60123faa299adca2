"""Lists: what words find and in which order, and that what is shown first never waits for a sort of everything."""

import threading
from decimal import Decimal

import pytest
from sqlalchemy import text

from grants_app.errors import Cancelled
from grants_app.records import Engagement, Grant, Organisation, Payment
from grants_app.records.grant import Status
from grants_app.store import listing
from grants_app.store.listing import Condition, Listing
from tests.make import make

ENDLESS = text("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n")
INDEXED = {
    Grant: (
        "reference", "title", "status", "asked", "starts", "ends", "awarded", "decided_on", "identifier", "current",
        "paid", "left", "delivered", "attended", "reach_lower", "reach_upper",
    ),
    Engagement: ("reference", "title", "held_on", "status", "attended", "venue", "borough"),
    Organisation: ("reference", "name", "identifier"),
    Payment: ("reference", "amount", "due", "paid_on", "status"),
}  # fmt: skip


@pytest.fixture
def titled(store):
    """Ids of three grants by their titles."""
    made = {}
    for title, asked in (("Talks in schools", 500), ("Talks at home", 700), ("Boxing", 900)):
        made[title] = make(store, Grant, title=title, asked=Decimal(asked), status=Status.APPLIED).id
    return made


def plan_of(session, shown):
    """How the database means to find the ids of a list."""
    sql = str(shown._ids().compile(session.connection(), compile_kwargs={"literal_binds": True}))
    return "; ".join(row[3] for row in session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}"))


def found(store, **asked):
    with store.reading() as session:
        shown = Listing(Grant, ("title",), **asked)
        ids = shown.ids(session)
        assert shown.count(session) == len(ids)
        assert list(shown.first(session, 2)) == list(ids[:2])
        return [row[1] for row in shown.rows(session, ids)]


def test_words_find_the_newest_first_unless_a_column_is_sorted_by(store, titled):
    assert found(store, words="talk") == ["Talks at home", "Talks in schools"]
    assert found(store, words="talk", sort=(("asked", False),)) == ["Talks in schools", "Talks at home"]
    assert found(store, words="talk", where=(Condition("asked", "from", (Decimal(600),)),)) == ["Talks at home"]
    assert found(store, words="talk", where=(Condition("paid", "from", (Decimal(1),)),)) == []
    with store.reading() as session:
        one = session.get_one(Grant, titled["Boxing"])
    assert found(store, words=one.reference) == ["Boxing"]
    assert found(store, words="talk", programme=one.programme_id) == []
    assert (found(store, words="zebra"), found(store, words="…")) == ([], [])


@pytest.mark.parametrize("kind", INDEXED, ids=lambda kind: kind.plural)
def test_the_first_rows_of_a_sorted_list_are_read_from_an_index(store, kind):
    for name in INDEXED[kind]:
        for descends in (False, True):
            with store.reading() as session:
                plan = plan_of(session, Listing(kind, ("reference",), sort=((name, descends),)))
            assert "TEMP B-TREE" not in plan, (name, descends, plan)


def test_every_list_by_default_and_every_filter_offered_is_read(store, titled):
    with store.reading() as session:
        for kind in INDEXED:
            for column in listing.offered(kind):
                if column.sortable:
                    assert len(Listing(kind, (), where=(Condition(column.name, "blank"),)).ids(session)) <= 3


def test_a_reading_that_nobody_waits_for_any_more_ends_in_the_midst_of_a_statement(store):
    asked = threading.Event()

    def heed():
        if asked.is_set():
            raise Cancelled

    timer = threading.Timer(0.05, asked.set)
    timer.start()
    with pytest.raises(Cancelled), store.reading(heed=heed) as session:
        session.execute(ENDLESS)
    timer.join()
    with store.reading() as session:
        assert session.scalar(text("SELECT 1")) == 1


def test_a_change_that_is_cancelled_in_the_midst_of_a_statement_leaves_nothing(store):
    def heed():
        raise Cancelled

    def bring_in():
        with store.change("Bring in") as session:
            session.add_many(Organisation, [{"name": "First"}])
            session.execute(ENDLESS)

    store.heed = heed
    with pytest.raises(Cancelled):
        bring_in()
    with store.reading() as session:
        assert session.query(Organisation).count() == 0
