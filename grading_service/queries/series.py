"""The days that a series would make, reckoned once for whoever looks at them first and whoever makes them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from grading_service.domain.calendar import MAX_DAYS, problem_of, series_days, title_of, weekday_of
from grading_service.queries.terms import training_days_of
from libs.web.errors import Invalid

Row = dict[str, Any]
MAX_TITLE = 120


def planned_series(
    term: Row,
    *,
    starts_on: date,
    weekday: str | None,
    count: int | None,
    ends_on: date | None,
    title_pattern: str,
    skip: Sequence[date],
) -> list[Row]:
    """Return the days of a weekly series in a term by date, as they would be made now, those left out among them.

    Args:
        weekday: its English name; None is the weekday of `starts_on`.
        count, ends_on: one of them ends the series.
        title_pattern: `{n}` and `{date}` stand for the day's number in the term and its date.
        skip: dates left out, such as holidays.

    Raises:
        Invalid: no date, or too many.
    """
    days = series_days(starts_on, weekday=weekday, count=count, last=ends_on, skip=set(skip))
    held = sum(not day.left_out for day in days)
    if not 1 <= held <= MAX_DAYS:
        raise Invalid(details={"count": [f"A series has 1 to {MAX_DAYS} days; this one has {held or 'none'}."]})
    taken = {day["date"] for day in training_days_of(term["id"])}
    number = len(taken)
    planned = []
    for day in days:
        title = problem = None
        if not day.left_out:
            number += 1
            title = title_of(title_pattern, number, day.date)[:MAX_TITLE]
            problem = problem_of(day.date, starts_on=term["starts_on"], ends_on=term["ends_on"], taken=taken)
        row = {"date": day.date, "weekday": weekday_of(day.date), "title": title, "left_out": day.left_out, "problem": problem}
        planned.append(row)
    return planned
