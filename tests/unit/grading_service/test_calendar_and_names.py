"""Dates of a series, names of cadets, and a batch taken apart."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading_service.domain.cadets import display_name, reference, sort_name
from grading_service.domain.calendar import MAX_DAYS, WEEKDAYS, series_days, title_of, weekday_of
from grading_service.domain.facts import NewRecord, in_sequence, sort_out

NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
_dates = st.dates(date(2020, 1, 1), date(2030, 1, 1))


def held(days):
    """The dates of a series that are not left out."""
    return [day.date for day in days if not day.left_out]


def zeller(day: date) -> str:
    """The weekday by Zeller's congruence, which knows nothing of Python's calendar."""
    month, year = (day.month, day.year) if day.month > 2 else (day.month + 12, day.year - 1)
    place = (day.day + 13 * (month + 1) // 5 + year + year // 4 - year // 100 + year // 400) % 7
    return ("saturday", "sunday", "monday", "tuesday", "wednesday", "thursday", "friday")[place]


@given(_dates, st.sampled_from(WEEKDAYS), st.integers(1, MAX_DAYS), st.sets(st.integers(0, 70), max_size=5))
def test_a_series_falls_on_its_weekday_and_leaves_out_what_is_skipped(first, weekday, count, weeks):
    start = first + timedelta(days=(WEEKDAYS.index(weekday) - first.weekday()) % 7)
    skip = {start + timedelta(weeks=week) for week in weeks}
    found = series_days(first, weekday=weekday, count=count, last=None, skip=skip)
    kept = held(found)
    assert len(kept) == count
    assert {zeller(day.date) for day in found} == {weekday}
    assert kept[0] >= first
    assert {day.date for day in found if day.left_out} == {day for day in skip if day < kept[-1]}
    assert [day.date for day in found] == [start + timedelta(weeks=week) for week in range(len(found))]


@given(_dates)
def test_a_date_has_the_weekday_that_another_calendar_gives_it(day):
    assert weekday_of(day) == zeller(day)


@given(_dates, st.integers(0, 400))
def test_a_series_up_to_a_date_ends_there_and_never_runs_away(first, days):
    last = first + timedelta(days=days)
    found = held(series_days(first, weekday=None, count=None, last=last, skip=()))
    assert len(found) == min(days // 7 + 1, MAX_DAYS + 1)
    assert all(day <= last for day in found)


def test_a_title_takes_number_and_date_and_nothing_else():
    assert title_of("Day {n} ({date}) {x.__class__}", 3, date(2026, 8, 1)) == "Day 3 (2026-08-01) {x.__class__}"


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        (("Dela Cruz", "Juan", "Santos", "Jr."), "Dela Cruz, Juan Santos Jr."),
        (("Ibañez", "Ana", None, ""), "Ibañez, Ana"),
        (("", "Ana", None, None), "Ana"),
        (("Ibañez", None, " ", None), "Ibañez"),
    ],
)
def test_a_name_is_written_as_rolls_print_it(parts, name):
    keys = ("last_name", "first_name", "middle_name", "suffix_name")
    assert display_name(dict(zip(keys, parts, strict=True))) == name


def test_names_sort_and_are_found_without_case_and_accents():
    assert sort_name("IBAÑEZ, Ána") == "ibanez, ana"
    found = reference({"id": 1, "last_name": "Ibañez", "first_name": "Ána", "student_id": "2026-A1"})
    assert found["search"] == "ibanez, ana 2026-a1"
    assert (found["is_archived"], found["version"]) == (False, 0)


def fact(number, **more):
    return NewRecord(**({"id": f"{number:032}", "kind": "merit", "cadet_id": 1, "occurred_at": NOW, "points": 1} | more))


@given(st.lists(st.tuples(st.integers(1, 4), st.integers(1, 2)), max_size=12))
def test_every_item_of_a_batch_ends_in_exactly_one_place(drawn):
    items = [(index, fact(number, points=points)) for index, (number, points) in enumerate(drawn)]
    found = sort_out(items, NOW)
    assert len(found.facts) + len(found.repeated) + len(found.rejected) == len(items)
    assert set(found.facts) == {item.id for _, item in items}
    assert {item.code for item in found.rejected} <= {"record_id_conflict"}


def test_a_clock_that_runs_more_than_two_minutes_ahead_is_kept_and_not_believed():
    just, beyond = NOW + timedelta(minutes=2), NOW + timedelta(minutes=2, seconds=1)
    found = sort_out([(0, fact(1, occurred_at=just)), (1, fact(2, occurred_at=beyond))], NOW)
    assert [(item.occurred_at, item.place) for item in found.facts.values()] == [(just, just), (beyond, NOW)]
    assert found.rejected == []


@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 5), st.integers(-1, 9)), unique_by=lambda drawn: drawn[0], max_size=10)
)
def test_what_names_another_of_its_batch_is_placed_behind_it(drawn):
    facts = {}
    for number, minute, named in drawn:
        others = {"based_on": fact(named).id} if named not in (-1, number) else {}
        facts[fact(number).id] = fact(number, occurred_at=NOW + timedelta(minutes=minute), **others)
    placed = in_sequence(facts)
    assert sorted(placed) == sorted(facts)
    for id_, one in facts.items():
        walked, at = [id_], one
        while at.based_on in facts and at.based_on not in walked:
            walked.append(at.based_on)
            at = facts[at.based_on]
        assert placed[id_].place >= one.place
        if at.based_on in walked:
            continue  # a circle has no first
        if at.based_on:
            assert (placed[id_].after, placed[id_].steps) == (at.based_on, len(walked))
        for behind, before in pairwise(walked):
            assert placed[behind].place > placed[before].place
