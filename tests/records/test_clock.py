"""The day in London and the instants of summer time."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some

from grants_app import clock


@pytest.mark.parametrize(
    ("utc", "london"),
    [
        ("2026-03-29T00:59:59", "2026-03-29T00:59:59"),
        ("2026-03-29T01:00:00", "2026-03-29T02:00:00"),
        ("2026-10-25T00:59:59", "2026-10-25T01:59:59"),
        ("2026-10-25T01:00:00", "2026-10-25T01:00:00"),
        ("2026-06-30T23:30:00", "2026-07-01T00:30:00"),
        ("2026-12-31T23:30:00", "2026-12-31T23:30:00"),
        ("2020-03-29T01:00:00", "2020-03-29T02:00:00"),
    ],
)
def test_london_is_an_hour_ahead_from_the_last_sunday_of_march_to_that_of_october(utc, london):
    assert clock.local(datetime.fromisoformat(utc).replace(tzinfo=UTC)) == datetime.fromisoformat(london)


def test_an_instant_without_a_zone_is_taken_as_utc():
    assert clock.local(datetime(2026, 7, 1, 12)) == datetime(2026, 7, 1, 13)  # noqa: DTZ001 - that is what is tested


def test_the_fixed_day_is_today_and_without_it_the_clock_runs(monkeypatch):
    assert (clock.today(), clock.now().date()) == (date(2026, 11, 23), date(2026, 11, 23))
    monkeypatch.delenv("GRANTS_TODAY")
    assert abs((clock.now() - datetime.now(UTC)).total_seconds()) < 5


@given(some.dates(date(1900, 1, 1), date(2200, 1, 1)))
def test_a_financial_year_runs_from_april_to_march_and_is_written_with_both_years(day):
    first, last = clock.financial_year(day).split("-")

    assert date(int(first), 4, 1) <= day < date(int(first) + 1, 4, 1)
    assert last == f"{(int(first) + 1) % 100:02d}"


def test_the_turn_of_a_century_is_written_with_two_digits():
    assert clock.financial_year(date(2099, 4, 1)) == "2099-00"
