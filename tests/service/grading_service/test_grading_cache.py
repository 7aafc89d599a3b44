"""What grading keeps in Redis is what the database holds, whatever writers do and whatever happens to Redis."""

import pickle
import socket
import threading
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, text

from cli.local.redis import LocalRedis
from grading_service.app import create_app
from libs.data.db import db
from tests.service.grading_service.grading_api import mark_of, points_of

CADETS = (1, 2, 3, 4)
SET_MERITS = text("UPDATE grading.grade SET merits = :merits WHERE cadet_id = :cadet AND term_id = :term")
HELD = text("SELECT cadet_id, merits FROM grading.grade WHERE term_id = :term")


@pytest.fixture
def terms(grading_api):
    """Two terms in which each cadet has a merit."""
    both = [grading_api.term(), grading_api.term(name="MS2")]
    for term in both:
        records = [points_of(term, cadet) for cadet in CADETS]
        grading_api.post("/merits/records", {"records": records}, as_=grading_api.staff)
    return both


@pytest.fixture
def statements_of(grading_api, count_queries):
    """A function path -> how many statements the answer took."""

    def count(path: str, headers: dict[str, str] | None = None) -> int:
        with count_queries(grading_api.app) as statements:
            assert grading_api.client.get(f"/api/v1{path}", headers=headers or grading_api.staff).status_code == 200
        return len(statements)

    return count


def book(term: int) -> str:
    return f"/grading/gradebook?term_id={term}"


def merits(grading_api, term: int) -> dict[int, int]:
    return {row["cadet_id"]: row["merits"] for row in grading_api.get(book(term), as_=grading_api.staff)["data"]}


def kept_keys(redis_client) -> list[bytes]:
    return redis_client.keys("rgms:cache:*")


@pytest.mark.requirement("13.1", "13.3", "14.2", "14.3")
def test_a_page_is_made_in_three_statements_and_kept_for_a_time_and_then_takes_one(terms, statements_of, redis_client):
    for size in (1, 100):
        # The state of its lists, the term, and the page with its total; then the state alone.
        path = f"{book(terms[0])}&page_size={size}&search=last"
        assert [statements_of(path) for _ in range(3)] == [3, 1, 1]

    assert len(kept_keys(redis_client)) == 2
    assert all(0 < redis_client.ttl(key) <= 300 for key in kept_keys(redis_client))


@pytest.mark.requirement("14.1")
def test_redis_is_asked_before_the_database(grading_api, terms, count_queries, redis_client):
    asked: list[tuple[float, str]] = []
    with redis_client.monitor() as monitor, count_queries(grading_api.app) as statements:
        grading_api.get(book(terms[0]), as_=grading_api.staff)
        database = time.time()
        redis_client.echo("over")
        for command in monitor.listen():
            asked.append((command["time"], command["command"]))
            if command["command"] == "ECHO over":
                break
    get, kept = (next(at for at, command in asked if command.startswith(f"{verb} rgms:cache:")) for verb in ("GET", "SET"))
    assert get < kept <= database
    assert len(statements) == 3


@pytest.mark.requirement("14.1")
def test_no_statement_is_sent_while_redis_is_being_asked(grading_api, terms, count_queries, redis_client):
    redis_client.client_pause(150, all=True)
    with count_queries(grading_api.app) as statements:
        reader = threading.Thread(target=lambda: grading_api.get(book(terms[0]), as_=grading_api.staff))
        reader.start()
        time.sleep(0.08)
        during = len(statements)
        reader.join()
    assert (during, len(statements)) == (0, 3)


@pytest.mark.requirement("14.5")
def test_what_is_kept_goes_when_its_time_is_over(grading_api, terms, statements_of, redis_client, monkeypatch):
    monkeypatch.setattr(grading_api.app.extensions["rgms_cache"].cache, "default_timeout", 1)
    assert [statements_of(book(terms[0])) for _ in range(2)] == [3, 1]
    (key,) = kept_keys(redis_client)
    deadline = time.monotonic() + 5
    while redis_client.exists(key) and time.monotonic() < deadline:
        time.sleep(0.02)

    assert kept_keys(redis_client) == []
    assert statements_of(book(terms[0])) == 3


@pytest.mark.requirement("13.4", "14.4")
def test_a_write_lets_go_of_what_it_changes_and_of_nothing_else(grading_api, terms, statements_of):
    first, second = terms
    day = grading_api.days(first, 1)[0]
    paths = {
        "first": book(first), "second": book(second), "terms": "/terms", "days": "/training-days",
        "policy": f"/terms/{first}/policy",
    }  # fmt: skip

    def renewed(write) -> set[str]:
        for path in paths.values():
            statements_of(path)
        write()
        return {name for name, path in paths.items() if statements_of(path) > 1}

    change = {"title": "Muster"}
    assert renewed(lambda: None) == set()
    assert renewed(lambda: grading_api.mark(day, 1)) == {"first"}
    assert renewed(lambda: grading_api.points(second, 1)) == {"second"}
    assert renewed(lambda: grading_api.score(first, 2, "prelim", 80)) == {"first"}
    assert renewed(lambda: grading_api.call("PATCH", f"/training-days/{day}", json=change)) == {"days"}
    assert renewed(lambda: grading_api.post(f"/training-days/{day}/cancel", {"reason": "Rain"})) == {
        "first",
        "days",
        "terms",
        "policy",
    }
    assert renewed(lambda: grading_api.call("PATCH", f"/terms/{second}", json={"name": "MS2b"})) == {"second", "terms", "policy"}
    assert renewed(lambda: grading_api.cadets(9)) == {"first", "second"}
    assert renewed(lambda: grading_api.cadets(9)) == set()


@pytest.mark.requirement("14.4")
@pytest.mark.parametrize("ending", ["commit", "rollback"])
def test_a_page_read_during_a_write_is_made_anew_once_the_write_has_ended(grading_api, terms, ending):
    with grading_api.app.app_context(), db.engine.connect() as writer:
        writer.execute(SET_MERITS, {"merits": 77, "cadet": 1, "term": terms[0]})
        # Twice: the second is the kept one.
        assert [merits(grading_api, terms[0])[1] for _ in range(2)] == [1, 1]
        getattr(writer, ending)()

    assert merits(grading_api, terms[0])[1] == (77 if ending == "commit" else 1)


STEPS = ["write", "write", "savepoint", "back", "commit", "commit", "rollback", "read", "read"]
WRITERS = CADETS[:2]


@pytest.mark.requirement("13.4", "14.4")
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.sampled_from(WRITERS), st.integers(0, 1), st.sampled_from(STEPS)), min_size=12, max_size=40))
def test_what_is_kept_is_what_the_database_holds_whatever_writers_do(grading_api, terms, steps):
    open_: dict[int, Any] = {}
    nested: dict[int, Any] = {}

    def compare(term: int) -> None:
        with db.engine.connect() as reader:
            held = dict(reader.execute(HELD, {"term": term}).all())
        assert merits(grading_api, term) == held

    with grading_api.app.app_context(), ExitStack() as stack:
        for number, (cadet, which, step) in enumerate(steps):
            if step == "write":
                if cadet not in open_:
                    open_[cadet] = stack.enter_context(db.engine.connect())
                # Each writer has a cadet of its own: rows never make one wait, and the tokens must not either.
                open_[cadet].exec_driver_sql("SET LOCAL lock_timeout = '300ms'")
                open_[cadet].execute(SET_MERITS, {"merits": number + 2, "cadet": cadet, "term": terms[which]})
            elif step == "savepoint" and cadet in open_ and cadet not in nested:
                nested[cadet] = open_[cadet].begin_nested()
            elif step == "back" and cadet in nested:
                nested.pop(cadet).rollback()
            elif step in ("commit", "rollback") and cadet in open_:
                nested.pop(cadet, None)
                getattr(open_.pop(cadet), step)()
            elif step == "read":
                compare(terms[which])
        for term in terms:
            compare(term)


@pytest.mark.requirement("14.4")
def test_nobody_reads_less_than_they_have_written_while_many_write_and_read(grading_api, terms):
    failures: list[str] = []
    day_ids = grading_api.days(terms[0], 1)

    def work(cadet: int) -> None:
        client = grading_api.app.test_client()
        for number in range(2, 14):
            body = {"records": [points_of(terms[cadet % 2], cadet)]}
            stored = client.post("/api/v1/merits/records", json=body, headers=grading_api.staff)
            page = client.get(f"/api/v1{book(terms[cadet % 2])}", headers=grading_api.staff).json["data"]
            seen = next(row["merits"] for row in page if row["cadet_id"] == cadet)
            if stored.status_code != 200 or seen != number:
                failures.append(f"cadet {cadet}: {seen} of {number}, {stored.status_code}")

    threads = [threading.Thread(target=work, args=(cadet,)) for cadet in CADETS]
    for thread in threads:
        thread.start()
    for number in range(12):
        grading_api.post("/attendance/marks", {"marks": [mark_of(day_ids[0], number % 4 + 1)]}, as_=grading_api.staff)
    for thread in threads:
        thread.join()
    assert failures == []


@pytest.mark.requirement("14.4")
def test_a_write_between_a_readers_statements_shows_in_the_next_read(grading_api, terms):
    """Whenever it is committed: before the state is asked for, before the page is read, or after."""
    with grading_api.app.app_context():
        engine, writer = db.engine, db.engine.connect()
    for moment in range(4):
        merits_then, asked = 10 + moment, []

        def commit_in_between(
            connection, *_rest, moment: int = moment, merits_then: int = merits_then, asked: list[int] = asked
        ) -> None:
            if connection is not writer:
                asked.append(moment)
                if len(asked) == moment:
                    writer.execute(SET_MERITS, {"merits": merits_then, "cadet": 1, "term": terms[0]})
                    writer.commit()

        grading_api.points(terms[0], 2)
        event.listen(engine, "after_cursor_execute", commit_in_between)
        merits(grading_api, terms[0])
        event.remove(engine, "after_cursor_execute", commit_in_between)
        assert len(asked) == 3
        assert merits(grading_api, terms[0])[1] == (merits_then if moment else 1)
    writer.close()


def test_writers_of_one_term_never_wait_for_its_token(grading_api, terms):
    with grading_api.app.app_context(), ExitStack() as stack:
        for cadet in CADETS:
            writer = stack.enter_context(db.engine.connect())
            writer.exec_driver_sql("SET LOCAL lock_timeout = '100ms'")
            writer.execute(SET_MERITS, {"merits": 50, "cadet": cadet, "term": terms[0]})
            stack.callback(writer.commit)
        assert merits(grading_api, terms[0]) == dict.fromkeys(CADETS, 1)
    assert merits(grading_api, terms[0]) == dict.fromkeys(CADETS, 50)


def test_a_token_is_renewed_once_in_a_transaction_however_many_statements_it_has(grading_api, terms):
    token = text("SELECT array_agg(token::text) FROM grading.revision WHERE list = :list")
    with grading_api.app.app_context(), db.engine.connect() as writer:
        seen = set()
        for number in range(5):
            writer.execute(SET_MERITS, {"merits": number, "cadet": 1, "term": terms[0]})
            seen.add(str(writer.execute(token, {"list": f"grades:{terms[0]}"}).scalar()))
        writer.rollback()
    assert len(seen) == 1


def test_all_processes_share_what_is_kept(grading_api, terms, make_settings, count_queries):
    other = create_app(make_settings("grading"))
    grading_api.get(book(terms[0]), as_=grading_api.staff)

    with count_queries(other) as statements:
        shared = other.test_client().get(f"/api/v1{book(terms[0])}", headers=grading_api.staff)

    assert (shared.status_code, len(statements)) == (200, 1)
    with other.app_context():
        db.engine.dispose()


def test_another_scope_makes_its_own_body(grading_api, terms, statements_of):
    tags = {}
    for name, headers in {
        "staff": grading_api.staff,
        "command": grading_api.command,
        "admin": grading_api.people.admin(),
    }.items():
        assert [statements_of(book(terms[0]), headers) for _ in range(2)] == [3, 1]
        tags[name] = grading_api.client.get(f"/api/v1{book(terms[0])}", headers=headers).headers["ETag"]
    assert len(set(tags.values())) == 3


class Bomb:
    """What a pickle may do to whoever reads it."""

    def __init__(self, where: Path) -> None:
        self.where = where

    def __reduce__(self):
        return Path.touch, (self.where,)


def test_what_somebody_put_into_redis_is_neither_run_nor_answered(grading_api, terms, redis_client, tmp_path):
    before = merits(grading_api, terms[0])
    for key in kept_keys(redis_client):
        redis_client.set(key, pickle.dumps(Bomb(tmp_path / "run")))

    assert merits(grading_api, terms[0]) == before
    assert not (tmp_path / "run").exists()


def test_a_question_that_names_no_term_is_the_views_to_answer(grading_api, terms, redis_client):
    for wrong in ("", "term_id=", "term_id=-1", "term_id=%D9%A1", "term_id=1.5", "term_id=99999999999", "term_id=" + "9" * 5000):
        grading_api.get(f"/grading/gradebook?{wrong}", as_=grading_api.staff, expect=422)
    grading_api.get(book(2**31 - 1), as_=grading_api.staff, expect=404)
    assert kept_keys(redis_client) == []


def test_what_redis_forgot_or_kept_too_long_is_never_shown(grading_api, terms, make_settings, tmp_path):
    """Redis is gone while somebody writes, and comes back with what it kept before."""
    server = LocalRedis(tmp_path / "redis", durable=True)
    app = create_app(make_settings("grading", REDIS_URL=server.start()))
    client, path = app.test_client(), f"/api/v1{book(terms[0])}"

    def shown() -> int:
        return next(row["merits"] for row in client.get(path, headers=grading_api.staff).json["data"] if row["cadet_id"] == 1)

    try:
        assert [shown() for _ in range(2)] == [1, 1]
        server.stop()
        grading_api.points(terms[0], 1)
        assert shown() == 2
        server.start()
        assert [shown() for _ in range(3)] == [2, 2, 2]
    finally:
        server.stop()
        with app.app_context():
            db.engine.dispose()


@pytest.mark.parametrize("away", ["refuses", "hangs"])
def test_without_redis_the_database_answers_and_only_the_first_reader_waits(grading_api, terms, make_settings, away):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1] if away == "hangs" else 1
        cache = create_app(make_settings("grading", REDIS_URL=f"redis://127.0.0.1:{port}/0")).extensions["rgms_cache"]
        times = []
        for _ in range(20):
            started = time.perf_counter()
            assert cache.get("any") is None
            assert cache.set("any", b"body") is False
            times.append(time.perf_counter() - started)
    assert times[0] < 1
    assert sum(times[1:]) < 0.1


@pytest.mark.requirement("17.5")
def test_of_frequent_reads_four_in_five_are_served_from_the_cache_while_people_write(grading_api, terms):
    """One write to ten reads, over two terms and the lists that screens open with."""
    recorder = grading_api.app.extensions["rgms_cache_recorder"]
    recorder.flush()
    before = recorder.report().get("grading", {})
    paths = ["/terms", "/training-days", f"/terms/{terms[0]}/policy", book(terms[0]), book(terms[1])]
    for turn in range(40):
        grading_api.points(terms[turn % 2], turn % 4 + 1)
        for number in range(10):
            grading_api.get(paths[number % len(paths)], as_=grading_api.staff)
    recorder.flush()
    after = recorder.report()["grading"]

    hits, misses = (after.get(name, 0) - before.get(name, 0) for name in ("hits", "misses"))
    assert hits + misses == 400
    assert hits / (hits + misses) > 0.8


def test_a_reader_who_has_the_page_is_told_so_until_its_term_is_written(grading_api, terms):
    path = f"/api/v1{book(terms[0])}"
    first = grading_api.client.get(path, headers=grading_api.staff)
    known = grading_api.staff | {"If-None-Match": first.headers["ETag"]}
    again = grading_api.client.get(path, headers=known)
    assert (again.status_code, again.data) == (304, b"")
    assert first.headers["Cache-Control"] == "private, no-cache"

    grading_api.points(terms[1], 1)
    assert grading_api.client.get(path, headers=known).status_code == 304
    grading_api.points(terms[0], 4, "demerit", 2)
    after = grading_api.client.get(path, headers=known)
    assert after.status_code == 200
    assert after.json["data"] != first.json["data"]
