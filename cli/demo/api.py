"""A small client of the public HTTP interface, for the demo."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar

import urllib3

from cli.local.errors import LocalError

TIMEOUT = 60.0
SETTLE_SECONDS = 45.0

Item = TypeVar("Item")


class Api:
    """The public address of a house, and who speaks to it."""

    def __init__(self, url: str) -> None:
        self.address = url.rstrip("/")
        self._pool = urllib3.PoolManager(timeout=TIMEOUT, retries=False)
        self._headers: dict[str, str] = {}

    def try_sign_in(self, username: str, password: str) -> bool:
        """Sign in and speak as this account from now on; return whether the house accepted it."""
        status, body = self._send("POST", "/auth/login", json={"username": username, "password": password})
        if status != 200:
            return False
        self._headers = {"Authorization": f"Bearer {body['token']}"}
        return True

    def adopt(self, token: str) -> None:
        """Speak from now on as whoever this access token belongs to."""
        self._headers = {"Authorization": f"Bearer {token}"}

    def get(self, path: str, **params: Any) -> Any:
        """Return what is at this path."""
        return self._checked("GET", path, fields={name: str(value) for name, value in params.items()})

    def post(self, path: str, body: Any = None) -> Any:
        """Send JSON and return the answer."""
        return self._checked("POST", path, json={} if body is None else body)

    def upload(self, path: str, name: str, content: bytes, kind: str) -> Any:
        """Send one file and return the answer."""
        return self._checked("POST", path, fields={"file": (name, content, kind)})

    def all(self, path: str, **params: Any) -> list[dict[str, Any]]:
        """Return every row of a list, page by page."""
        rows: list[dict[str, Any]] = []
        page = 1
        while True:
            answer = self.get(path, page=page, page_size=100, **params)
            rows += answer["data"]
            if not answer["data"] or len(rows) >= answer["total"]:
                return rows
            page += 1

    def _checked(self, method: str, path: str, **arguments: Any) -> Any:
        status, body = self._send(method, path, **arguments)
        if status >= 400:
            raise LocalError(f"{method} {path} answered {status}: {body}")
        return body

    def _send(self, method: str, path: str, **arguments: Any) -> tuple[int, Any]:
        answer = self._pool.request(method, f"{self.address}/api/v1{path}", headers=self._headers or None, **arguments)
        return answer.status, answer.json() if answer.data else None


def until(ask: Callable[[], Item | None], what: str) -> Item:
    """Return the first answer that is not empty: what one service tells another arrives a moment later.

    Raises:
        LocalError: it did not come in time.
    """
    deadline = time.monotonic() + SETTLE_SECONDS
    while time.monotonic() < deadline:
        answer = ask()
        if answer:
            return answer
        time.sleep(0.1)
    raise LocalError(f"{what} did not appear within {SETTLE_SECONDS:.0f} s.")


def batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """Yield the items in lists of at most `size`."""
    remaining = iter(items)
    while batch := list(islice(remaining, size)):
        yield batch
