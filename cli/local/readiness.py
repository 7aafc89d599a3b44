"""Waiting until the processes of a house answer, or saying which one does not and why."""

from __future__ import annotations

import http.client
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from cli.local.errors import LocalError
from cli.local.ports import LOOPBACK
from cli.local.programs import CONFIGURATION_ERROR
from cli.local.supervisor import Supervisor

READY_SECONDS = 240.0
GIVE_UP_AFTER = 3
"""Deaths of one process during the start after which it is not tried again."""


def wait(supervisor: Supervisor, ports: Mapping[str, int], *, keep: Callable[[], bool], logs: Path) -> None:
    """Return when every port answers /readyz with 200, or when `keep` says that the house is to stop.

    Raises:
        LocalError: a process does not stay up, with the end of its log; or it took too long.
    """
    waiting = dict(ports)
    deadline = time.monotonic() + READY_SECONDS
    while waiting and keep():
        for child in supervisor.children.values():
            if child.last_code == CONFIGURATION_ERROR or child.restarts >= GIVE_UP_AFTER:
                raise LocalError(f"{child.name} does not start; its log ends with:\n{supervisor.log_tail(child.name)}")
        waiting = {name: port for name, port in waiting.items() if not is_ready(port)}
        if waiting and time.monotonic() > deadline:
            raise LocalError(f"Not ready after {READY_SECONDS:.0f} s: {', '.join(waiting)}; see {logs}")
        time.sleep(0.05)


def is_ready(port: int) -> bool:
    """Say whether the process on this port reports itself and its dependencies ready."""
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=3)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
