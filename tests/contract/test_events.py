"""Every event: its data as its builder makes it, and exactly who receives which part of it."""

from __future__ import annotations

import ast
import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.contracts import events
from libs.contracts.events import EVENT_TYPES, channels_for
from libs.contracts.events.delivery import Delivery, to_everyone, to_nobody, to_staff, to_staff_and_own, to_user

ROOT = Path(__file__).resolve().parents[2]
MOMENT = datetime(2026, 3, 7, 1, 30, tzinfo=UTC)
MARK_ID = UUID("01950000-0000-7000-8000-000000000001")

CADET = {
    "id": 7, "student_id": "2023-0007", "first_name": "Ana", "last_name": "Reyes", "middle_name": "", "suffix_name": "",
    "email": "ana@example.org", "company": "Alpha", "platoon": "1st", "cadet_course": "MS1", "status": "Ongoing",
    "is_archived": False, "withdrawn": False, "version": 3, "username": "2023-0007",
}  # fmt: skip
OFFICER = {
    "id": 4,
    "first_name": "Jo",
    "last_name": "Cruz",
    "email": None,
    "position": "Instructor",
    "is_archived": False,
    "version": 1,
}


def mark(cadet_id: int) -> dict:
    return {
        "id": MARK_ID, "training_day_id": 5, "cadet_id": cadet_id, "status": "present", "actor_id": 2,
        "occurred_at": MOMENT, "ordered_at": MOMENT,
    }  # fmt: skip


def plain_mark(cadet_id: int) -> dict:
    return {**mark(cadet_id), "id": str(MARK_ID), "occurred_at": "2026-03-07T01:30:00Z", "ordered_at": "2026-03-07T01:30:00Z"}


def staff_and(*own: Delivery, data: dict) -> list[Delivery]:
    return [Delivery("staff", data), *own]


_CADET_CASE = ((CADET,), {}, {"cadet": CADET}, staff_and(Delivery("cadet:7", {"cadet": CADET}), data={"cadet": CADET}))
_STAFF_CASE = ((OFFICER,), {}, {"staff": OFFICER}, [Delivery("staff", {"staff": OFFICER})])
_TERM_CASE = (({"id": 1, "name": "First"},), {}, {"term": {"id": 1, "name": "First"}}, None)
_DAY = {"id": 5, "term_id": 1, "date": "2026-03-07"}
_DAY_CASE = ((_DAY,), {}, {"training_day": _DAY}, [Delivery("everyone", {"training_day": _DAY})])
_RECORD = {"id": "r1", "cadet_id": 7, "points": 5}
_RECORD_DATA = {"term_id": 1, "records": [_RECORD]}
_RECORD_CASE = (
    (),
    {"term_id": 1, "records": [_RECORD]},
    _RECORD_DATA,
    staff_and(Delivery("cadet:7", _RECORD_DATA), data=_RECORD_DATA),
)
_MARKS_DATA = {"term_id": 1, "marks": [plain_mark(7), plain_mark(8)]}
_ROWS = [{"cadet_id": 7, "version": 2, "final": Decimal("91.57")}, {"cadet_id": 8, "version": 1, "final": None}]
_ROWS_DATA = {"term_id": 1, "rows": [{**_ROWS[0], "final": "91.57"}, _ROWS[1]]}
_NOTE = {"id": "n1", "user_id": 9, "message": "Muster at 0700", "priority": "high", "kind": "muster", "data": {}}
_NOTE_DATA = {**_NOTE, "timestamp": "2026-03-07T01:30:00Z"}
_JOB = {"job_id": "j1", "user_id": 9, "status": "running", "progress": 40, "result": None, "error": None}
_ACCOUNT = {"user_id": 9, "role": "cadet", "cadet_id": 7, "staff_id": None}

# The name of each type in the code.
CONSTANTS = {
    value: f"events.{owner.__name__.rpartition('.')[2]}.{name}"
    for owner in events.OWNERS
    for name, value in vars(owner).items()
    if isinstance(value, str) and value in EVENT_TYPES
}
# Each is held to its words by an event below, so an event that goes their way and whose data a test of its service reads needs
# no case of its own.
SHARED_WAYS = {way.__qualname__ for way in (to_staff, to_everyone, to_user, to_nobody, to_staff_and_own("rows"))}
# type: (arguments, keyword arguments, the data they build, the deliveries of that data)
CASES = {
    events.roster.CADET_CREATED: _CADET_CASE,
    events.roster.CADET_UPDATED: _CADET_CASE,
    events.roster.CADET_ARCHIVED: _CADET_CASE,
    events.roster.CADET_RESTORED: _CADET_CASE,
    events.roster.CADETS_IMPORTED: (
        ([CADET],),
        {},
        {"cadets": [CADET]},
        staff_and(Delivery("cadet:7", {"cadets": [CADET]}), data={"cadets": [CADET]}),
    ),
    events.roster.STAFF_CREATED: _STAFF_CASE,
    events.roster.STAFF_UPDATED: _STAFF_CASE,
    events.roster.STAFF_ARCHIVED: _STAFF_CASE,
    events.roster.STAFF_RESTORED: _STAFF_CASE,
    events.auth.ACCOUNT_CREATED: ((), _ACCOUNT, _ACCOUNT, []),
    events.auth.SESSION_REVOKED: (
        (),
        {"user_id": 9, "session_ids": ["s1", "s2"]},
        {"user_id": 9, "session_ids": ["s1", "s2"]},
        [Delivery("session:s1", {}), Delivery("session:s2", {})],
    ),
    events.grading.TERM_CREATED: (*_TERM_CASE[:3], [Delivery("everyone", _TERM_CASE[2])]),
    events.grading.TERM_UPDATED: (*_TERM_CASE[:3], [Delivery("everyone", _TERM_CASE[2])]),
    events.grading.TRAINING_DAY_CREATED: _DAY_CASE,
    events.grading.TRAINING_DAY_UPDATED: _DAY_CASE,
    events.grading.TRAINING_DAY_CANCELLED: _DAY_CASE,
    events.grading.ATTENDANCE_MARKED: (
        (),
        {"term_id": 1, "marks": [mark(7), mark(8)]},
        _MARKS_DATA,
        staff_and(
            Delivery("cadet:7", {"term_id": 1, "marks": [plain_mark(7)]}),
            Delivery("cadet:8", {"term_id": 1, "marks": [plain_mark(8)]}),
            data=_MARKS_DATA,
        ),
    ),
    events.grading.MERIT_RECORDED: _RECORD_CASE,
    events.grading.SCORE_RECORDED: _RECORD_CASE,
    events.grading.GRADES_CHANGED: (
        (),
        {"term_id": 1, "rows": _ROWS},
        _ROWS_DATA,
        staff_and(
            Delivery("cadet:7", {"term_id": 1, "rows": [_ROWS_DATA["rows"][0]]}),
            Delivery("cadet:8", {"term_id": 1, "rows": [_ROWS_DATA["rows"][1]]}),
            data=_ROWS_DATA,
        ),
    ),
    events.messaging.NOTIFICATION_CREATED: ((), {**_NOTE, "timestamp": MOMENT}, _NOTE_DATA, [Delivery("user:9", _NOTE_DATA)]),
    events.jobs.JOB_PROGRESSED: ((), _JOB, _JOB, [Delivery("user:9", _JOB)]),
}


def test_every_event_has_a_case_here_or_its_data_in_a_test_of_its_service():
    told = "".join(path.read_text("utf-8") for path in (ROOT / "tests" / "service").rglob("test_*.py"))
    for name in sorted(set(EVENT_TYPES) - set(CASES)):
        way = EVENT_TYPES[name].deliver.__qualname__
        assert way in SHARED_WAYS, f"{name}: {way} is a way of its own: say in CASES who receives what"
        assert CONSTANTS[name] in told, f"{name}: read its data from the outbox in a test of its service (or add it to CASES)"


@pytest.mark.parametrize("name", sorted(CASES))
def test_the_builder_makes_the_agreed_data_and_it_survives_json(name):
    arguments, named, data, _ = CASES[name]

    built = EVENT_TYPES[name].build(*arguments, **named)

    assert built == data
    assert json.loads(json.dumps(built)) == data


def test_the_shared_ways_are_each_held_to_their_words():
    assert {EVENT_TYPES[name].deliver.__qualname__ for name in CASES} >= SHARED_WAYS


@pytest.mark.parametrize("name", sorted(CASES))
def test_the_event_reaches_exactly_the_channels_that_may_see_it(name):
    *_, data, deliveries = CASES[name]

    assert channels_for({"type": name, "data": data}) == deliveries


def test_an_event_of_an_unknown_type_reaches_nobody():
    assert channels_for({"type": "grading.secret.leaked", "data": {"cadet_id": 1}}) == []


@pytest.mark.requirement("26.2")
def test_a_notification_carries_id_message_timestamp_priority_and_user():
    assert {"id", "message", "timestamp", "priority", "user_id"} <= set(_NOTE_DATA)


@given(st.lists(st.integers(1, 20), min_size=1, max_size=40))
def test_a_cadet_never_receives_a_row_of_another(cadets):
    rows = [{"cadet_id": cadet, "version": 1} for cadet in cadets]
    data = events.grading.grades_changed_data(term_id=1, rows=rows)

    for delivery in channels_for({"type": events.grading.GRADES_CHANGED, "data": data}):
        if delivery.channel != "staff":
            assert {f"cadet:{row['cadet_id']}" for row in delivery.data["rows"]} == {delivery.channel}
    own = [
        delivery
        for delivery in channels_for({"type": events.grading.GRADES_CHANGED, "data": data})
        if delivery.channel != "staff"
    ]
    assert sum(len(delivery.data["rows"]) for delivery in own) == len(rows)


def test_a_cadet_event_leaves_out_what_others_need_not_know():
    data = events.roster.cadet_data({**CADET, "birthdate": "2005-01-01", "address": "Secret", "contact_number": "0917"})

    assert data == {"cadet": CADET}


def test_a_builder_refuses_a_row_that_lacks_a_field_or_is_one_too_many():
    with pytest.raises(ValueError, match="version"):
        events.grading.grades_changed_data(term_id=1, rows=[{"cadet_id": 1}])
    with pytest.raises(ValueError, match="at most 100"):
        events.grading.grades_changed_data(term_id=1, rows=[{"cadet_id": 1, "version": 1}] * 101)


def test_every_event_name_in_the_code_is_a_known_one():
    names = set()
    for package in ROOT.glob("*_service"):
        for path in package.rglob("operations/**/*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if (
                    isinstance(node, ast.Attribute)
                    and isinstance(node.value, ast.Name)
                    and node.value.id == "events"
                    and node.attr.isupper()
                ):
                    names.add(node.attr)

    assert {name for name in names if not hasattr(events, name)} == set()
