"""The made-up unit: always the same, so that telling it twice tells nothing new."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from cli.demo import facts, people
from cli.demo import seed as story
from cli.local.errors import LocalError
from cli.seed import seed

CADETS = [{"id": number, "student_id": f"2026-{number:04}"} for number in range(1, 41)]
DAY = {"id": 5, "date": "2026-10-03"}


def test_the_unit_has_320_cadets_with_names_and_numbers_of_their_own():
    cadets = people.cadets("2026-2027", "1st Semester")
    assert len(cadets) == 320
    for columns in (("Student ID",), ("Username",), ("Email",), ("Last Name", "First Name")):
        assert len({tuple(cadet[column] for column in columns) for cadet in cadets}) == 320
    assert {cadet["Company"] for cadet in cadets} == {"Alpha", "Bravo", "Charlie", "Delta", "HQSCOY"}


@given(st.text(), st.integers(946_684_800, 4_102_444_800).map(lambda second: datetime.fromtimestamp(second, UTC)))
def test_a_record_id_is_a_version_7_uuid_that_carries_its_time(text, moment):
    made = uuid.UUID(facts.record_id(text, at=moment))
    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert made.int >> 80 == int(moment.timestamp() * 1000)


def test_the_same_day_gives_the_same_marks_and_each_cadet_one():
    first, second = (list(facts.marks(DAY, CADETS, 3)) for _ in range(2))
    assert first == second
    assert len({mark["id"] for mark in first}) == len({mark["cadet_id"] for mark in first}) == len(CADETS)


@given(st.dates(date(2024, 1, 1), date(2032, 1, 1)))
def test_on_any_day_the_last_term_is_over_and_the_present_one_has_days_on_both_sides(today):
    earlier, current = story.plans(today)
    assert earlier.first_day + (earlier.days - 1) * story.WEEK < current.first_day
    assert current.first_day < today < current.first_day + current.days * story.WEEK
    assert current.first_day.weekday() == 5
    assert earlier.name != current.name
    assert today - current.first_day >= timedelta(weeks=7)


@pytest.mark.parametrize("environment", ["production", "staging"])
def test_the_demo_and_its_well_known_password_stay_out_of_a_house_with_real_people(monkeypatch, environment):
    """The legacy system's only way to an administrator had its name and password in the repository."""
    monkeypatch.setenv("RGMS_ENV", environment)
    result = CliRunner().invoke(seed, ["--url", "http://127.0.0.1:9"])
    assert isinstance(result.exception, LocalError)
    assert f"RGMS_ENV is {environment}" in str(result.exception)
