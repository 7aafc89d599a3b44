"""Fixtures of tests that need the whole running system; it starts once per run, on first use."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.local.ports import is_free
from cli.local.runner import LocalStack
from libs.contracts.services import LISTENING
from tests.support.rgms_api import ADMIN, PASSWORD, RgmsApi

ROOT = Path(__file__).resolve().parents[1]
# Cheap password hashes and wide limits: these tests are about the system, the limits have tests of their own.
VARIABLES = {
    "RGMS_ENV": "test",
    "BCRYPT_COST": "4",
    "LOG_LEVEL": "INFO",
    "RATE_LIMIT_USER": "1000000",
    "RATE_LIMIT_ADDRESS": "1000000",
}


# The place in the system's block of ports where a page of another origin is served: the one that CORS_ALLOWED_ORIGINS names.
OTHER_PAGE = 15


def free_block(start: int = 21000) -> int:
    """Return a port whose whole block of listening processes is free."""
    for base in range(start, 60000, 20):
        if all(is_free(base + offset) for offset in (OTHER_PAGE, *(service.port_offset or 0 for service in LISTENING))):
            return base
    raise AssertionError("no free block of ports")


@pytest.fixture(scope="session")
def stack() -> Iterator[LocalStack]:
    """The whole system on loopback with an administrator and no other data."""
    folder = Path(tempfile.mkdtemp(prefix="rgms-stack-"))
    port = free_block()
    variables = VARIABLES | {"CORS_ALLOWED_ORIGINS": f"http://127.0.0.1:{port + OTHER_PAGE}"}
    running = LocalStack(folder, port, env=variables, durable=True)
    running.start()
    command = [sys.executable, "-m", "cli.main", "create-admin", "--username", ADMIN, "--password-stdin"]
    try:
        made = {"cwd": ROOT, "env": running.environment(), "check": True, "capture_output": True, "timeout": 60}
        subprocess.run(command, input=PASSWORD, text=True, **made)
        yield running
    finally:
        running.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def admin_api(stack: LocalStack) -> RgmsApi:
    """The administrator, signed in."""
    api = RgmsApi(stack.url)
    api.sign_in()
    return api
