"""Which dates a series of training days falls on, and what each is called."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, timedelta
from itertools import islice

MAX_DAYS = 60
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def weekly(first: date, weekday: int, skip: Collection[date]) -> Iterator[date]:
    """Yield the dates of `weekday` (Monday is 0) from `first` on, without those of `skip`."""
    day = first + timedelta(days=(weekday - first.weekday()) % 7)
    while True:
        if day not in skip:
            yield day
        day += timedelta(days=7)


def series_dates(first: date, *, weekday: int | None, count: int | None, last: date | None, skip: Collection[date]) -> list[date]:
    """Return the dates of a weekly series: `count` of them, or all up to `last`; at most one more than MAX_DAYS."""
    days = weekly(first, first.weekday() if weekday is None else weekday, skip)
    limit = MAX_DAYS + 1 if count is None else count
    found = []
    for day in islice(days, limit):
        if last is not None and day > last:
            break
        found.append(day)
    return found


def title_of(pattern: str, number: int, day: date) -> str:
    """Return a day's title; `{n}` and `{date}` stand for its number in the term and its date."""
    return pattern.replace("{n}", str(number)).replace("{date}", day.isoformat())
