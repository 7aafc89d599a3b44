"""Calls between services over a real socket."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest

from libs import log
from libs.clients.http import ServiceClient
from libs.data.db import in_transaction, transaction
from libs.data.outside import ask_outside, do_with_answers
from libs.web.errors import UpstreamDown
from libs.web.tokens import decode_service_token


class Quiet(WSGIRequestHandler):
    def log_message(self, *args) -> None:
        """Say nothing."""


@contextmanager
def upstream(answers: list[str]) -> Iterator[tuple[str, list[dict]]]:
    """A real HTTP server that answers each request with the next status and remembers what it was asked."""
    seen: list[dict] = []

    def application(environ, start_response):
        seen.append(
            {
                key: environ.get(key)
                for key in ("REQUEST_METHOD", "PATH_INFO", "QUERY_STRING", "HTTP_AUTHORIZATION", "HTTP_X_REQUEST_ID")
            }
        )
        status = answers.pop(0)
        start_response(status, [("Content-Type", "application/json"), ("Location", "http://127.0.0.1:1/")])
        return [b'{"ok": true}']

    server = make_server("127.0.0.1", 0, application, handler_class=Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", seen
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def client(make_settings):
    """A function base URL -> a client of the grading service that calls roster."""
    return lambda url: ServiceClient(make_settings("grading", ROSTER_URL=url), "roster")


def test_a_call_carries_a_token_for_its_audience_and_the_request_id(client, make_settings):
    log.request_id.set("req-abcdefgh")
    with upstream(["200 OK"]) as (url, seen):
        assert client(url).get("/internal/cadets", timeout=2, params={"cursor": "a b", "limit": None}) == (200, {"ok": True})

    token = seen[0]["HTTP_AUTHORIZATION"].removeprefix("Bearer ")
    assert decode_service_token(make_settings("roster"), token, "roster")["svc"] == "grading"
    assert (seen[0]["QUERY_STRING"], seen[0]["HTTP_X_REQUEST_ID"]) == ("cursor=a+b", "req-abcdefgh")


def test_a_read_is_tried_twice_and_a_write_once(client):
    with upstream(["500 Oops", "200 OK"]) as (url, seen):
        assert client(url).get("/internal/x", timeout=2)[0] == 200
        assert len(seen) == 2

    with upstream(["500 Oops", "200 OK"]) as (url, seen):
        with pytest.raises(UpstreamDown):
            client(url).post("/internal/x", timeout=2, json={})
        assert len(seen) == 1


def test_a_refusal_is_an_answer_and_a_redirect_is_not_followed(client):
    with upstream(["404 Not Found", "302 Found"]) as (url, _seen):
        assert client(url).get("/internal/x", timeout=2)[0] == 404
        assert client(url).get("/internal/x", timeout=2)[0] == 302


def test_a_service_that_is_not_there_is_named(client):
    with pytest.raises(UpstreamDown) as down:
        client("http://127.0.0.1:1").get("/internal/x", timeout=0.5)

    assert down.value.details == {"service": "roster"}


def test_no_service_is_asked_while_a_transaction_is_open(client, service_app):
    app = service_app("grading")
    with upstream(["200 OK", "200 OK"]) as (url, seen), app.app_context():
        with transaction(), pytest.raises(RuntimeError, match="inside a transaction: GET roster/internal/x"):
            client(url).get("/internal/x", timeout=2)
        assert seen == []
        assert client(url).get("/internal/x", timeout=2)[0] == 200


def test_what_comes_up_inside_a_transaction_is_asked_outside_once_and_the_rest_done_again(service_app):
    app, done, asked = service_app("grading"), [], []

    def ask():
        asked.append(in_transaction())
        return len(asked)

    def work():
        with transaction():
            done.append("begun")
            return ask_outside("a", ask), ask_outside("b", ask), ask_outside("a", ask)

    with app.app_context():
        assert do_with_answers(work) == (1, 2, 1)
        assert ask_outside("a", ask) == 3
    assert (done, asked) == (["begun"] * 3, [False] * 3)
