"""The projections equal a replay of the record, whatever arrives in whatever order, on a real database."""

from __future__ import annotations

import threading
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg2.errors import InsufficientPrivilege, RestrictViolation
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from grading_service.ledger.replay import rebuild_terms
from libs.data.db import transaction
from libs.ids import uuid7
from tests.service.grading_service.field import at, mark_of, points_of, score_of

# Each example gets its own term in the same database, so nothing needs emptying in between.
on_the_database = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
numbers = count()

facts = st.lists(
    st.one_of(
        st.tuples(
            st.just("mark"), st.integers(0, 2), st.integers(1, 3),
            st.sampled_from(["present", "late", "excused", "duty", "absent", "none"]), st.integers(0, 5),
            st.sampled_from(["a", "B", "ñ"]),
        ),
        st.tuples(st.just("points"), st.sampled_from(["merit", "demerit"]), st.integers(1, 3), st.integers(1, 100)),
        st.tuples(
            st.just("score"), st.sampled_from(["prelim", "midterm", "final"]), st.integers(1, 3),
            st.one_of(st.none(), st.integers(0, 10_000).map(lambda cents: cents / 100)), st.integers(0, 5),
        ),
    ),
    max_size=25,
)  # fmt: skip


def sent(term, days, drawn):
    """Return (path, list name, item) of a drawn fact."""
    if drawn[0] == "mark":
        _, day, cadet, status, minute, device = drawn
        return "/attendance/marks", "marks", mark_of(days[day], cadet, status, occurred_at=at(minute), device_id=device)
    if drawn[0] == "points":
        _, kind, cadet, points = drawn
        return "/merits/records", "records", points_of(term, cadet, kind, points)
    _, exam, cadet, value, minute = drawn
    return "/exams/scores", "scores", score_of(term, cadet, exam, value, occurred_at=at(minute))


def differences(grading, term, write=False):
    with grading.app.app_context():
        (found,) = rebuild_terms(term_id=term, write=write)
    return found.total


def state(grading, term):
    """Return every gradebook row without what depends on how often it was written, or in which term."""
    rows = grading.get(f"/grading/gradebook?term_id={term}", as_=grading.staff)["data"]
    return [{key: value for key, value in row.items() if key not in {"version", "term_id"}} for row in rows]


def deliver(grading, items):
    for path, name, item in items:
        assert grading.post(path, {name: [item]}, as_=grading.staff)["rejected"] == []


@on_the_database
@given(drawn=facts, random=st.randoms(use_true_random=False), cancelled=st.integers(0, 3))
def test_any_order_of_arrival_gives_the_same_state_and_equals_the_replay(grading, drawn, random, cancelled):
    terms = [grading.term(name=f"Term {next(numbers)}") for _ in range(2)]
    outcomes = []
    for number, term in enumerate(terms):
        days = grading.days(term, 3)
        items = [sent(term, days, fact) for fact in drawn]
        if number:
            items += random.sample(items, len(items) // 2)
            random.shuffle(items)
        deliver(grading, items)
        for day in days[:cancelled]:
            grading.post(f"/training-days/{day}/cancel", {"reason": "Rain"})
        assert differences(grading, term) == 0
        outcomes.append(state(grading, term))
    assert ties_aside(drawn, outcomes[0]) == ties_aside(drawn, outcomes[1])


def ties_aside(drawn, rows):
    """Leave out cadets for whom two facts are equal but for their random id: those may rightly differ between two terms."""
    keys = [(fact[0], fact[1], fact[2], *fact[4:]) for fact in drawn if fact[0] != "points"]
    tied = {key[2] for key in keys if keys.count(key) > 1}
    return [row for row in rows if row["cadet_id"] not in tied]


@on_the_database
@given(drawn=facts)
def test_the_list_and_the_explanation_tell_the_same_grade(grading, drawn):
    term = grading.term(name=f"Term {next(numbers)}")
    days = grading.days(term, 3)
    deliver(grading, [sent(term, days, fact) for fact in drawn])
    for row in state(grading, term):
        grade = grading.grade(term, row["cadet_id"])
        assert {key: grade[key] for key in ("final", "transmuted", "state")} == {
            key: row[key] for key in ("final", "transmuted", "state")
        }
        assert grade["components"] == {key: row[key] for key in ("attendance", "aptitude", "subject")}


def damage(grading, statement):
    with grading.app.app_context(), transaction() as session:
        session.execute(text(statement))


def test_a_damaged_projection_is_found_and_rebuilt_to_the_same_state(grading):
    term = grading.term()
    days = grading.days(term, 2)
    grading.mark(days[0], 1)
    grading.mark(days[1], 2, "absent")
    grading.score(term, 1, "prelim", 77)
    grading.points(term, 2, "demerit", 5)
    before = state(grading, term)
    damage(grading, "DELETE FROM grading.mark WHERE cadet_id = 1")
    damage(grading, "UPDATE grading.score SET value = 99")
    damage(grading, "UPDATE grading.grade SET demerits = 50, final = 12 WHERE cadet_id = 2")
    damage(grading, "DELETE FROM grading.grade WHERE cadet_id = 1")
    damage(grading, "UPDATE grading.term SET days_count = 9")
    damage(grading, "UPDATE grading.training_day SET is_cancelled = true")
    assert differences(grading, term) > 0
    assert differences(grading, term, write=True) > 0
    assert differences(grading, term) == 0
    assert state(grading, term) == before
    assert grading.get(f"/terms/{term}")["days_count"] == 2
    assert not grading.get(f"/training-days/{days[0]}")["is_cancelled"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE grading.record SET status = 'present'", "DELETE FROM grading.record", "TRUNCATE grading.record CASCADE",
        "UPDATE grading.policy SET name = ''", "DELETE FROM grading.policy",
    ],
)  # fmt: skip
def test_the_database_itself_refuses_to_change_a_fact_or_a_rule(grading, as_owner, statement):
    """The service's role has no right to, and a trigger stops the owner of the table."""
    (day,) = grading.days(grading.term(), 1)
    grading.mark(day, 1)
    with pytest.raises(DBAPIError) as refused:
        damage(grading, statement)
    assert isinstance(refused.value.orig, InsufficientPrivilege)
    with pytest.raises(RestrictViolation):
        as_owner(statement)


def together(*works):
    """Run `works` at the same moment and pass on the first failure."""
    failures, gate = [], threading.Barrier(len(works))

    def run(work):
        try:
            gate.wait()
            work()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def test_days_that_come_and_go_while_marks_arrive_leave_no_grade_behind(grading):
    term = grading.term(ends_on="2027-12-31")
    days = grading.days(term, 4)

    def marks(cadet):
        client = grading.app.test_client()
        for number in range(6):
            body = {"marks": [mark_of(day, cadet, "present", occurred_at=at(number)) for day in days]}
            assert client.post("/api/v1/attendance/marks", json=body, headers=grading.staff).status_code == 200

    def calendar():
        client = grading.app.test_client()
        for number in range(5):
            body = {"term_id": term, "date": f"2027-03-{number + 1:02}", "title": "More"}
            assert client.post("/api/v1/training-days", json=body, headers=grading.command).status_code == 201
            path = f"/api/v1/training-days/{days[number % 4]}"
            assert client.post(f"{path}/cancel", json={"reason": "Rain"}, headers=grading.command).status_code == 200
            assert client.post(f"{path}/reinstate", headers=grading.command).status_code == 200

    together(calendar, *[lambda cadet=cadet: marks(cadet) for cadet in (1, 2, 3, 4)])
    assert differences(grading, term) == 0
    assert grading.row(term, 1)["missing"] == ["attendance", "prelim", "midterm", "final"]


def test_batches_that_overlap_in_opposite_order_do_not_lock_each_other_out(grading):
    term = grading.term()
    (day,) = grading.days(term, 1)
    grading.cadets(*range(1, 41))
    shared = [mark_of(day, cadet) for cadet in range(1, 41)]

    def send(marks):
        answer = grading.app.test_client().post("/api/v1/attendance/marks", json={"marks": marks}, headers=grading.staff)
        assert answer.status_code == 200
        assert answer.get_json()["rejected"] == []

    together(*[lambda marks=marks: send(marks) for marks in (shared, shared[::-1], shared[::2], shared[::-3]) * 2])
    assert differences(grading, term) == 0


def test_one_id_sent_by_two_devices_at_once_is_stored_once(grading):
    term = grading.term()
    answers = []
    record = points_of(term, 1, "merit", 5) | {"id": str(uuid7())}

    def send():
        body = {"records": [record]}
        answers.append(grading.app.test_client().post("/api/v1/merits/records", json=body, headers=grading.staff).get_json())

    together(*[send] * 6)
    assert sorted(len(answer["stored"]) for answer in answers) == [0, 0, 0, 0, 0, 1]
    assert grading.row(term, 1)["merits"] == 5
