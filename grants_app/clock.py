"""What day and time it is: London dates, instants in UTC; GRANTS_TODAY fixes the day for tests and pictures."""

import os
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from time import time as seconds


def today() -> date:
    """Today's date in London, or the date that GRANTS_TODAY (YYYY-MM-DD) fixes."""
    fixed = os.environ.get("GRANTS_TODAY")
    return date.fromisoformat(fixed) if fixed else _day_at(int(seconds() // 3600))


def now() -> datetime:
    """This instant in UTC; where GRANTS_TODAY fixes the day, this time of that day."""
    real = datetime.now(UTC)
    fixed = os.environ.get("GRANTS_TODAY")
    return datetime.combine(date.fromisoformat(fixed), time(14, 2), UTC) if fixed else real


def local(instant: datetime) -> datetime:
    """The instant as London clocks show it, summer time included; without a zone it is taken as UTC.

    The rule since 1996 (Summer Time Order 2002): one hour ahead from 01:00 UTC on the last Sunday of March to
    01:00 UTC on the last Sunday of October. Windows has no zone table of its own, and this one rule is all we need.
    """
    utc = instant if instant.tzinfo else instant.replace(tzinfo=UTC)
    summer = _last_sunday(utc.year, 3) <= utc.astimezone(UTC) < _last_sunday(utc.year, 10)
    return utc.astimezone(UTC).replace(tzinfo=None) + timedelta(hours=1 if summer else 0)


def days(number: int) -> timedelta:
    """So many days."""
    return timedelta(days=number)


def financial_year(day: date) -> str:
    """The UK public sector's financial year, April to March, that holds the day: "2026-27"."""
    start = day.year if day.month >= 4 else day.year - 1
    return f"{start}-{(start + 1) % 100:02d}"


@lru_cache(maxsize=8)
def _day_at(hour: int) -> date:
    """London's date in an hour since 1970: rules ask for it a million times."""
    return local(datetime.fromtimestamp(hour * 3600, UTC)).date()


@cache
def _last_sunday(year: int, month: int) -> datetime:
    last = datetime(year, month, 31, 1, tzinfo=UTC)
    return last - timedelta(days=(last.weekday() + 1) % 7)
