"""`./rgms up` from outside: what it prints, what it leaves behind, and what happens when it is treated badly."""

from __future__ import annotations

import contextlib
import os
import queue
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import psycopg2
import pytest
import redis
import urllib3

from cli.demo.people import LOGINS
from cli.local.config import ROOT
from cli.local.ports import free_range, is_free
from cli.local.postgres import LocalPostgres
from cli.local.redis import LocalRedis
from cli.local.supervisor import command_line
from libs.contracts.services import SERVICES
from tests.support.waiting import until

FIRST_START = 400
READY = "RGMS is ready at"


class Up:
    """One run of the command."""

    def __init__(self, folder: Path, port: int, **variables: str) -> None:
        self.folder, self.port = folder, port
        inherited = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG", "TMPDIR"}}
        self.environment = inherited | {
            "PYTHONPATH": str(ROOT),
            "RGMS_PORT": str(port),
            "RGMS_DATA_DIR": str(folder),
            "BCRYPT_COST": "4",
            "RGMS_ENV": "test",
            **variables,
        }
        self.lines: list[str] = []
        self._queue: queue.Queue[str | None] = queue.Queue()
        self.process = self.command("up")
        threading.Thread(target=self._read, daemon=True).start()

    def command(self, *arguments: str) -> subprocess.Popen:
        """Start a command of the console with the same settings."""
        return subprocess.Popen(
            [sys.executable, "-m", "cli.main", *arguments],
            env=self.environment,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def _read(self) -> None:
        for line in self.process.stdout:
            self._queue.put(line.rstrip("\n"))
        self._queue.put(None)

    def wait_for(self, text: str, seconds: float = FIRST_START) -> None:
        """Read its lines until one contains `text`."""
        deadline = time.monotonic() + seconds
        while not (self.lines and text in self.lines[-1]):
            line = self._queue.get(timeout=max(0.1, deadline - time.monotonic()))
            assert line is not None, "it ended:\n" + "\n".join(self.lines)
            self.lines.append(line)

    def end(self, number: int = signal.SIGINT, seconds: float = 120) -> str:
        """Send a signal, wait for the end and return all it printed."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        self.process.wait(seconds)
        while (line := self._queue.get(timeout=5)) is not None:
            self.lines.append(line)
        return "\n".join(self.lines)

    def children(self) -> list[int]:
        """Return the process ids of everything that runs on its folder."""
        files = [*self.folder.glob("run/*.pid"), *self.folder.glob("postgres/cluster/postmaster.pid")]
        return [int(path.read_text().split()[0]) for path in files]


def sign_in(port: int, username: str, password: str) -> int:
    body = {"username": username, "password": password}
    return urllib3.request("POST", f"http://127.0.0.1:{port}/api/v1/auth/login", json=body, timeout=20.0, retries=False).status


def cpu_seconds() -> float:
    """Return the processor time of all children of this process that have ended, and of theirs."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder with a blank in its name and a block of free ports; one house lives there through all tests of this module."""
    return tmp_path_factory.mktemp("a house") / "data", free_range(8)


@pytest.fixture
def up(place):
    run = Up(*place)
    yield run
    if run.process.poll() is None:
        run.end()


def test_it_prints_the_address_the_demo_logins_and_the_mail_folder_and_they_are_true(up):
    up.wait_for("Ctrl-C")
    printed = "\n".join(up.lines)
    assert f"{READY}  http://127.0.0.1:{up.port}" in printed
    assert str(up.folder / "outbox") in printed
    for login in LOGINS:
        assert login.username in printed
        assert sign_in(up.port, login.username, login.password) == 200


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_starts_again_quickly_with_its_data_and_stops_without_a_trace(up, number):
    spent = cpu_seconds()
    up.wait_for(READY)
    assert sign_in(up.port, *LOGINS[-1][1:]) == 200
    pids = up.children()
    assert len(pids) == len(SERVICES) + 1
    assert "nothing is left running" in up.end(number)
    assert up.process.returncode == 0
    assert [pid for pid in pids if command_line(pid)] == []
    assert all(is_free(up.port + offset) for offset in range(8))
    assert not any("demo" in line for line in up.lines if line.startswith("["))
    # The aim is ten seconds on two quiet cores. What a busy machine does to the clock says nothing, so processor time is judged:
    # of the start, the sign-in and the stop together.
    assert cpu_seconds() - spent < 25


def test_a_second_one_on_the_same_folder_is_refused(up):
    up.wait_for(READY)
    second = Up(up.folder, free_range(8))
    assert "already runs on" in second.end(signal.SIGCONT)
    assert second.process.returncode == 1
    assert sign_in(up.port, *LOGINS[0][1:]) == 200


def test_what_it_started_dies_with_it_when_it_is_killed_and_it_starts_again(up):
    up.wait_for(READY)
    pids = up.children()
    up.end(signal.SIGKILL)
    until(lambda: not any(command_line(pid) for pid in pids))
    again = Up(up.folder, up.port)
    again.wait_for(READY)
    assert sign_in(up.port, *LOGINS[0][1:]) == 200
    again.end()


def test_an_administrator_is_made_while_it_runs_and_while_it_does_not(up):
    up.wait_for(READY)
    for running, name in ((True, "duty.officer"), (False, "night.officer")):
        if not running:
            up.end()
        arguments = ("create-admin", "--username", name, "--password", "Guard-mount-1900")
        made = up.command(*arguments)
        output, _ = made.communicate(timeout=120)
        assert made.returncode == 0, output
        repeated = up.command(*arguments)
        output, _ = repeated.communicate(timeout=120)
        assert repeated.returncode == 1
        assert "There is an account named" in output
        assert "Traceback" not in output


def test_a_taken_port_is_named(tmp_path):
    port = free_range(8)
    with socket.create_server(("127.0.0.1", port + 3)):
        run = Up(tmp_path, port, RGMS_DEMO="0")
        output = run.end(signal.SIGCONT)
    assert run.process.returncode == 1
    assert f"Port {port + 3}, wanted for grading, is in use" in output


def test_ctrl_c_while_it_is_still_starting_leaves_nothing_behind(tmp_path):
    run = Up(tmp_path / "new", free_range(8), RGMS_DEMO="0")
    run.wait_for("starting PostgreSQL")
    output = run.end()
    assert "Traceback" not in output
    until(lambda: not any(command_line(pid) for pid in run.children()))
    assert all(is_free(run.port + offset) for offset in range(8))


@pytest.mark.requirement("1.5", "1.6")
def test_a_database_and_a_redis_of_ones_own_are_used_instead_of_the_packaged_ones(tmp_path):
    postgres, redis_server = LocalPostgres(tmp_path / "own postgres"), LocalRedis(tmp_path / "own redis")
    try:
        database_url, redis_url = postgres.start(), redis_server.start()
        run = Up(tmp_path / "data", free_range(8), DATABASE_URL=database_url, REDIS_URL=redis_url, RGMS_DEMO="0")
        run.wait_for(READY)
        with contextlib.closing(psycopg2.connect(database_url)) as connection, connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_namespace WHERE nspname IN ('auth', 'roster', 'grading', 'media', 'messaging', 'ops')"
            )
            assert cursor.fetchone() == (6,)
        assert redis.Redis.from_url(redis_url).dbsize() > 0
        assert not (run.folder / "postgres").exists()
        assert not (run.folder / "redis").exists()
        run.end()
        assert postgres.running
        assert redis_server.running
    finally:
        redis_server.stop()
        postgres.stop()
