"""School holidays in London, as far as attendance feels them, and days on which a session is likely."""

from datetime import date, timedelta
from random import Random


def holiday(day: date) -> bool:
    """Whether London's schools are on holiday, near enough: summer, Christmas, Easter and the half-terms."""
    spans = (((7, 22), (9, 2)), ((12, 20), (12, 31)), ((1, 1), (1, 3)), ((4, 3), (4, 16)), ((10, 24), (10, 31)),
             ((2, 14), (2, 21)), ((5, 25), (5, 31)))  # fmt: skip
    return any(first <= (day.month, day.day) <= last for first, last in spans)


def school_day(day: date) -> date:
    """That day, or the last one before it on which London's schools are open."""
    while holiday(day) or day.weekday() > 4:
        day -= timedelta(days=1)
    return day


def likely_days(random: Random, first: date, last: date, count: int, *, school: bool) -> list[date]:
    """So many days between the two, in order: few in the holidays, none on Sundays, those of schools on weekdays."""
    days = [first + timedelta(days=offset) for offset in range((last - first).days + 1)]
    quiet = 0.0 if school else 0.25
    weighed = [(day, quiet if holiday(day) else 1.0) for day in days if day.weekday() < (5 if school else 6)]
    open_days = [(day, weight) for day, weight in weighed if weight]
    step = sum(weight for _, weight in open_days) / count
    chosen: list[date] = []
    reached, wanted = 0.0, step * random.random()
    for left, (day, weight) in zip(range(len(open_days), 0, -1), open_days, strict=True):
        reached += weight
        if len(chosen) < count and (reached >= wanted or left == count - len(chosen)):
            chosen.append(day)
            wanted = step * (len(chosen) + random.random())
    return chosen
