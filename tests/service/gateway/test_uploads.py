"""Large bodies on slow lines: they cost their sender's own places, and nobody else anything."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from gateway.uploads import EACH, Uploads
from libs.web.errors import RateLimited, UpstreamDown
from tests.support.gateway_process import Gateway

SIZE = 2_000_000


@contextmanager
def slow_upload(gateway: Gateway, user: int) -> Iterator[socket.socket]:
    """Begin an upload, send a part of it, and keep the rest."""
    head = (
        f"POST /api/v1/files/upload?key=slow HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {SIZE}\r\n"
        f"Authorization: {gateway.token(user)['Authorization']}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", gateway.process.port), timeout=20) as client:
        client.sendall(head.encode() + b"x" * 400_000)
        yield client


def upload(gateway: Gateway, user: int):
    return gateway.ask("POST", "/api/v1/files/upload", as_user=user, body=b"y" * SIZE)


def test_slow_uploads_do_not_keep_anybody_else_from_uploading(gateway: Gateway) -> None:
    """Four of them once answered everybody else 503 for minutes."""
    with ExitStack() as stack:
        for number in range(20):
            stack.enter_context(slow_upload(gateway, user=number % 5 + 10))
        time.sleep(0.3)
        started = time.monotonic()
        answers = [upload(gateway, user=1).status for _ in range(3)]
        answers.append(gateway.ask("GET", "/api/v1/files/7", as_user=2).status)
        assert answers == [200] * 4
        assert time.monotonic() - started < 5


def test_a_slow_upload_arrives_whole_in_the_end(gateway: Gateway) -> None:
    with slow_upload(gateway, user=31) as client:
        time.sleep(0.2)
        client.sendall(b"x" * (SIZE - 400_000))
        received = b""
        while b'"length"' not in received and (data := client.recv(65536)):
            received += data
    head, _, body = received.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200")
    assert json.loads(body)["length"] == SIZE


def test_one_person_has_a_few_on_the_way_and_gets_the_places_back(gateway: Gateway) -> None:
    with ExitStack() as stack:
        for _ in range(EACH):
            stack.enter_context(slow_upload(gateway, user=40))
        time.sleep(0.3)
        answer = upload(gateway, user=40)
        assert (answer.status, json.loads(answer.data)["code"]) == (429, "rate_limited")
        assert upload(gateway, user=41).status == 200
    deadline = time.monotonic() + 10
    while upload(gateway, user=40).status != 200:
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_all_places_together_are_bounded_because_each_takes_disk() -> None:
    uploads = Uploads(at_once=2, each=2)
    with uploads.one("a"), uploads.one("b"):
        with pytest.raises(UpstreamDown), uploads.one("c"):
            pass
        with pytest.raises(UpstreamDown), uploads.one("a"):
            pass
    with uploads.one("a"), uploads.one("a"), pytest.raises(RateLimited), uploads.one("a"):
        pass
    with uploads.one("a"):
        pass
