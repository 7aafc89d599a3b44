"""Which dates a series of training days falls on, and what each is called. A date is a day in Manila; no time zone moves it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

MAX_DAYS = 60
# By name, since people and libraries count the days of a week from different ones; in the order of date.weekday().
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

OUTSIDE_TERM = "date_outside_term"
EXISTS = "training_day_exists"


@dataclass(frozen=True, slots=True)
class SeriesDay:
    """A date that a series falls on; `left_out` when it is to be skipped, such as a holiday."""

    date: date
    left_out: bool


def weekday_of(day: date) -> str:
    """Return the name of a date's weekday."""
    return WEEKDAYS[day.weekday()]


def weekly(first: date, weekday: str) -> Iterator[date]:
    """Yield the dates of `weekday` from `first` on."""
    day = first + timedelta(days=(WEEKDAYS.index(weekday) - first.weekday()) % 7)
    while True:
        yield day
        day += timedelta(days=7)


def series_days(
    first: date, *, weekday: str | None, count: int | None, last: date | None, skip: Collection[date]
) -> list[SeriesDay]:
    """Return the dates of a weekly series: `count` of them that are not left out, or all up to `last`.

    Args:
        weekday: one of WEEKDAYS; None is the weekday of `first`.
        skip: dates left out. They stand among the days, marked, up to the last one that is held.

    At most one more than MAX_DAYS are held, so that whoever asks can tell that there are too many.
    """
    limit = MAX_DAYS + 1 if count is None else count
    found: list[SeriesDay] = []
    held = 0
    for day in weekly(first, weekday or weekday_of(first)):
        if held == limit or (last is not None and day > last):
            break
        found.append(SeriesDay(day, day in skip))
        held += not found[-1].left_out
    return found


def problem_of(day: date, *, starts_on: date, ends_on: date, taken: Collection[date]) -> str | None:
    """Return why a term from `starts_on` to `ends_on` with days on `taken` has no training day on this date, or None."""
    if not starts_on <= day <= ends_on:
        return OUTSIDE_TERM
    return EXISTS if day in taken else None


def title_of(pattern: str, number: int, day: date) -> str:
    """Return a day's title; `{n}` and `{date}` stand for its number in the term and its date."""
    return pattern.replace("{n}", str(number)).replace("{date}", day.isoformat())
