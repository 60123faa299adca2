"""Engagements that look like one entered twice."""

from datetime import date

import pytest
from sqlalchemy import text

from grants_app.records import Engagement, Grant, figures
from grants_app.records.engagement import EngagementStatus
from tests.make import make


@pytest.fixture
def grant(store):
    return make(store, Grant)


def held(store, grant, **other):
    values = {
        "grant_id": grant.id, "programme_id": grant.programme_id, "title": "Workshop", "held_on": date(2026, 11, 2),
        "attended": 10, "status": EngagementStatus.DELIVERED, "venue": "Town hall",
    }  # fmt: skip
    return make(store, Engagement, **values | other).id


def pairs(store):
    with store.reading() as session:
        return [tuple(row) for row in session.execute(figures.twins())]


def test_each_later_one_is_paired_with_the_first_once(store, grant):
    first, second, third = (held(store, grant) for _ in range(3))

    assert sorted(pairs(store)) == [(first, second), (first, third)]


def test_blank_venues_are_the_same_venue(store, grant):
    first, second = held(store, grant, venue=None), held(store, grant, venue=None)

    assert pairs(store) == [(first, second)]


@pytest.mark.parametrize(
    "other",
    [
        {"title": "Another workshop"},
        {"held_on": date(2026, 11, 3)},
        {"venue": "Library"},
        {"status": EngagementStatus.CANCELLED},
        {"grant_id": None},
    ],
)
def test_what_differs_or_was_cancelled_is_nobodys_twin(store, grant, other):
    held(store, grant)
    held(store, grant, **other)

    assert pairs(store) == []


def test_finding_them_reads_the_engagements_once_however_many_share_a_day(store, grant):
    sought = str(figures.twins().compile(compile_kwargs={"literal_binds": True}))

    with store.reading() as session:
        plan = [row[3] for row in session.execute(text(f"EXPLAIN QUERY PLAN {sought}"))]

    assert len([line for line in plan if " engagement" in line]) == 1
