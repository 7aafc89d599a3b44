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
from tests.service.grading_service.grading_api import at, mark_of, points_of, score_of

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


# What the writer of a fact says they had before them: nothing, that they saw nothing, or a fact that came before.
knowing = st.lists(st.tuples(st.sampled_from(["", "nothing", "based_on", "supersedes"]), st.integers(0, 24)), min_size=25)


def aware(items, known):
    """Let some of these facts name what was seen, or corrected, among those before them of the same cell."""
    for number, ((_, _, item), (way, back)) in enumerate(zip(items, known, strict=False)):
        earlier = [other for _, _, other in items[:number] if cell(other) == cell(item)]
        if "points" in item or not way:
            continue
        named = earlier[back % len(earlier)]["id"] if earlier and way != "nothing" else None
        item["based_on" if named is None else way] = named
    return items


def cell(item):
    """Return what a mark or score is about."""
    return item["cadet_id"], item.get("training_day_id"), item.get("exam")


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


def differences(grading_api, term, write=False):
    with grading_api.app.app_context():
        (found,) = rebuild_terms(term_id=term, write=write)
    return found.total


def state(grading_api, term):
    """Return every gradebook row without what depends on how often it was written, or in which term."""
    rows = grading_api.get(f"/grading/gradebook?term_id={term}", as_=grading_api.staff)["data"]
    return [{key: value for key, value in row.items() if key not in {"version", "term_id"}} for row in rows]


def deliver(grading_api, items):
    for path, name, item in items:
        assert grading_api.post(path, {name: [item]}, as_=grading_api.staff)["rejected"] == []


@on_the_database
@given(drawn=facts, random=st.randoms(use_true_random=False), cancelled=st.integers(0, 3))
def test_any_order_of_arrival_gives_the_same_state_and_equals_the_replay(grading_api, drawn, random, cancelled):
    terms = [grading_api.term(name=f"Term {next(numbers)}") for _ in range(2)]
    outcomes = []
    for number, term in enumerate(terms):
        days = grading_api.days(term, 3)
        items = [sent(term, days, fact) for fact in drawn]
        if number:
            items += random.sample(items, len(items) // 2)
            random.shuffle(items)
        deliver(grading_api, items)
        for day in days[:cancelled]:
            grading_api.post(f"/training-days/{day}/cancel", {"reason": "Rain"})
        assert differences(grading_api, term) == 0
        outcomes.append(state(grading_api, term))
    assert ties_aside(drawn, outcomes[0]) == ties_aside(drawn, outcomes[1])


def ties_aside(drawn, rows):
    """Leave out cadets for whom two facts are equal but for their random id: those may rightly differ between two terms."""
    keys = [(fact[0], fact[1], fact[2], *fact[4:]) for fact in drawn if fact[0] != "points"]
    tied = {key[2] for key in keys if keys.count(key) > 1}
    return [row for row in rows if row["cadet_id"] not in tied]


@settings(on_the_database, max_examples=8)
@given(drawn=facts, known=knowing, random=st.randoms(use_true_random=False))
def test_marks_that_name_what_they_follow_end_the_same_in_any_order_that_can_happen(grading_api, drawn, known, random):
    """Whoever names a record has it from us: it arrived before, or comes from the same device in the same batch."""
    outcomes = []
    marks = [fact for fact in drawn if fact[0] == "mark"]
    for number in range(2):
        term = grading_api.term(name=f"Term {next(numbers)}")
        days = grading_api.days(term, 3)
        items = aware([sent(term, days, fact) for fact in marks], known)
        ranks = {}
        for _, _, item in items:
            named = item.get("supersedes") or item.get("based_on")
            ranks[item["id"]] = ranks.get(named, 0) + random.random() if number else len(ranks)
        items.sort(key=lambda one: ranks[one[2]["id"]])
        deliver(grading_api, items + random.sample(items, len(items) // 2) * number)
        outcomes.append(state(grading_api, term))
        assert differences(grading_api, term) == 0
    assert ties_aside(marks, outcomes[0]) == ties_aside(marks, outcomes[1])


@on_the_database
@given(drawn=facts, known=knowing)
def test_the_list_and_the_explanation_tell_the_same_grade(grading_api, drawn, known):
    term = grading_api.term(name=f"Term {next(numbers)}")
    days = grading_api.days(term, 3)
    deliver(grading_api, aware([sent(term, days, fact) for fact in drawn], known))
    assert differences(grading_api, term) == 0
    for row in state(grading_api, term):
        grade = grading_api.grade(term, row["cadet_id"])
        same = ("final", "transmuted", "passed", "so_far", "worst", "best", "outlook", "state")
        assert {key: grade[key] for key in same} == {key: row[key] for key in same}
        assert grade["components"] == {key: row[key] for key in ("attendance", "aptitude", "subject")}


def damage(grading_api, statement):
    with grading_api.app.app_context(), transaction() as session:
        session.execute(text(statement))


def test_a_damaged_projection_is_found_and_rebuilt_to_the_same_state(grading_api):
    term = grading_api.term()
    days = grading_api.days(term, 2)
    grading_api.mark(days[0], 1)
    grading_api.mark(days[1], 2, "absent")
    grading_api.score(term, 1, "prelim", 77)
    grading_api.points(term, 2, "demerit", 5)
    before = state(grading_api, term)
    damage(grading_api, "DELETE FROM grading.mark WHERE cadet_id = 1")
    damage(grading_api, "UPDATE grading.score SET value = 99")
    damage(grading_api, "UPDATE grading.grade SET demerits = 50, final = 12 WHERE cadet_id = 2")
    damage(grading_api, "DELETE FROM grading.grade WHERE cadet_id = 1")
    damage(grading_api, "UPDATE grading.term SET days_count = 9")
    damage(grading_api, "UPDATE grading.training_day SET is_cancelled = true")
    assert differences(grading_api, term) > 0
    assert differences(grading_api, term, write=True) > 0
    assert differences(grading_api, term) == 0
    assert state(grading_api, term) == before
    assert grading_api.get(f"/terms/{term}")["days_count"] == 2
    assert not grading_api.get(f"/training-days/{days[0]}")["is_cancelled"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE grading.record SET status = 'present'", "DELETE FROM grading.record", "TRUNCATE grading.record CASCADE",
        "UPDATE grading.policy SET name = ''", "DELETE FROM grading.policy",
    ],
)  # fmt: skip
def test_the_database_itself_refuses_to_change_a_fact_or_a_rule(grading_api, as_owner, statement):
    """The service's role has no right to, and a trigger stops the owner of the table."""
    (day,) = grading_api.days(grading_api.term(), 1)
    grading_api.mark(day, 1)
    with pytest.raises(DBAPIError) as refused:
        damage(grading_api, statement)
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


def test_days_that_come_and_go_while_marks_arrive_leave_no_grade_behind(grading_api):
    term = grading_api.term(ends_on="2027-12-31")
    days = grading_api.days(term, 4)

    def marks(cadet):
        client = grading_api.app.test_client()
        for number in range(6):
            body = {"marks": [mark_of(day, cadet, "present", occurred_at=at(number)) for day in days]}
            assert client.post("/api/v1/attendance/marks", json=body, headers=grading_api.staff).status_code == 200

    def calendar():
        client = grading_api.app.test_client()
        for number in range(5):
            body = {"term_id": term, "date": f"2027-03-{number + 1:02}", "title": "More"}
            assert client.post("/api/v1/training-days", json=body, headers=grading_api.command).status_code == 201
            path = f"/api/v1/training-days/{days[number % 4]}"
            assert client.post(f"{path}/cancel", json={"reason": "Rain"}, headers=grading_api.command).status_code == 200
            assert client.post(f"{path}/reinstate", headers=grading_api.command).status_code == 200

    together(calendar, *[lambda cadet=cadet: marks(cadet) for cadet in (1, 2, 3, 4)])
    assert differences(grading_api, term) == 0
    assert grading_api.row(term, 1)["missing"] == ["attendance", "prelim", "midterm", "final"]


def test_batches_that_overlap_in_opposite_order_do_not_lock_each_other_out(grading_api):
    term = grading_api.term()
    (day,) = grading_api.days(term, 1)
    grading_api.cadets(*range(1, 41))
    shared = [mark_of(day, cadet) for cadet in range(1, 41)]

    def send(marks):
        answer = grading_api.app.test_client().post("/api/v1/attendance/marks", json={"marks": marks}, headers=grading_api.staff)
        assert answer.status_code == 200
        assert answer.get_json()["rejected"] == []

    together(*[lambda marks=marks: send(marks) for marks in (shared, shared[::-1], shared[::2], shared[::-3]) * 2])
    assert differences(grading_api, term) == 0


def test_one_id_sent_by_two_devices_at_once_is_stored_once(grading_api):
    term = grading_api.term()
    answers = []
    record = points_of(term, 1, "merit", 5) | {"id": str(uuid7())}

    def send():
        body = {"records": [record]}
        answers.append(
            grading_api.app.test_client().post("/api/v1/merits/records", json=body, headers=grading_api.staff).get_json()
        )

    together(*[send] * 6)
    assert sorted(len(answer["stored"]) for answer in answers) == [0, 0, 0, 0, 0, 1]
    assert grading_api.row(term, 1)["merits"] == 5
