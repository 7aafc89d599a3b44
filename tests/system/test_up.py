"""`./rgms up` from outside: what it prints, what it leaves behind, and what happens when it is treated badly."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import re
import resource
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
import pytest
import redis
import urllib3

from cli.demo.people import ADMIN, LOGINS
from cli.local.config import ROOT
from cli.local.ports import free_range, is_free
from cli.local.postgres import LocalPostgres
from cli.local.redis import LocalRedis
from cli.local.supervisor import command_line
from libs.contracts.services import SERVICES
from libs.production import NEEDS
from tests.support.rgms_api import RgmsApi
from tests.support.terminal import converse
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
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def say(self, *arguments: str, given: str = "") -> tuple[int, str]:
        """Run a command to its end; return its exit code and all it printed."""
        command = self.command(*arguments)
        printed, _ = command.communicate(given, timeout=120)
        return command.returncode, printed

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


def test_it_prints_the_address_the_demo_logins_and_the_mail_folder_and_they_are_true_and_the_demo_trains_on_saturdays(up):
    up.wait_for("Ctrl-C")
    printed = "\n".join(up.lines)
    assert f"{READY}  http://127.0.0.1:{up.port}" in printed
    assert str(up.folder / "outbox") in printed
    for login in LOGINS:
        assert login.username in printed
        assert sign_in(up.port, login.username, login.password) == 200
    api = RgmsApi(f"http://127.0.0.1:{up.port}")
    api.sign_in(*ADMIN[1:])
    days = api.get("/api/v1/training-days?page_size=100").ok()["data"]
    assert len(days) == 25
    assert {f"{date.fromisoformat(day['date']):%A}" for day in days} == {"Saturday"}


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
        arguments = ("create-admin", "--username", name, "--password-stdin")
        code, output = up.say(*arguments, given="Guard-mount-1900\n")
        assert code == 0, output
        code, output = up.say(*arguments, given="Guard-mount-1900\n")
        assert code == 1
        assert "There is an account named" in output
        assert "Traceback" not in output


def test_at_a_terminal_the_password_is_asked_for_twice_and_never_shown(up):
    up.wait_for(READY)
    command = [sys.executable, "-m", "cli.main", "create-admin", "--username", "desk.officer"]
    answers = {"Password:": "Guard-mount-1900", "The same again:": "Guard-mount-1900"}
    code, shown = converse(command, answers, folder=ROOT, env=up.environment)
    assert code == 0, shown
    assert "desk.officer may now sign in" in shown
    assert "Guard-mount" not in shown
    assert sign_in(up.port, "desk.officer", "Guard-mount-1900") == 200


def test_a_password_on_the_command_line_still_works_and_is_warned_about(up):
    up.wait_for(READY)
    code, output = up.say("create-admin", "--username", "old.script", "--password", "Guard-mount-1900")
    assert code == 0
    assert "warning: --password shows the password to every user" in output


def test_status_tells_of_every_process_and_how_to_reach_the_databases(up):
    up.wait_for(READY)
    code, output = up.say("status", "--json")
    found = json.loads(output)
    assert code == 0
    processes = {process["name"]: process for process in found["processes"]}
    assert set(processes) == {service.name for service in SERVICES} | {"postgres", "redis"}
    assert {process["pid"] for process in processes.values()} >= set(up.children())
    assert all(process["ready"] and 0 <= process["uptime_seconds"] < 600 for process in processes.values()), processes
    assert all(not is_free(process["port"]) for process in processes.values() if process["port"])
    with contextlib.closing(psycopg2.connect(found["database_url"])) as connection, connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        assert cursor.fetchone()[0].startswith(found["versions"]["postgres"])
    facts = redis.Redis.from_url(found["redis_url"]).info()
    assert found["versions"]["redis"] in {f"Valkey {facts.get('valkey_version')}", facts["redis_version"]}
    assert urllib3.request("GET", found["addresses"]["health"], timeout=20.0, retries=False).status == 200
    assert {who["separate"] for who in found["database_roles"].values()} == {True}

    code, shown = up.say("status")
    assert code == 0
    assert all(re.search(rf"^{name} .* ready$", shown, re.M) for name in processes)
    assert "each service works under a database role of its own" in shown
    for address in (found["database_url"], found["redis_url"]):
        assert urlsplit(address).password not in shown


def test_status_shows_who_is_down(up):
    up.wait_for(READY)
    _, output = up.say("status", "--json")
    (grading,) = [process for process in json.loads(output)["processes"] if process["name"] == "grading"]
    os.killpg(grading["pid"], signal.SIGSTOP)
    try:
        code, output = up.say("status")
        assert code == 0
        assert re.search(r"^grading .* not ready$", output, re.M), output
    finally:
        os.killpg(grading["pid"], signal.SIGCONT)


def test_psql_opens_the_database_and_logs_show_what_a_service_says(up):
    up.wait_for(READY)
    assert up.say("psql", "-Atc", "SELECT current_database()") == (0, "rgms\n")
    assert up.say("psql", "-c", "SELECT nonsense")[0] == 1
    code, output = up.say("logs", "auth", "-n", "1")
    assert code == 0
    assert output.startswith("auth     | ")
    follower = up.command("logs", "auth", "-n", "1", "-f")
    assert follower.stdout.readline() == output
    sign_in(up.port, "nobody.known", "wrong-password")
    assert follower.stdout.readline().startswith("auth     | ")
    follower.terminate()
    follower.communicate(timeout=20)


def test_stop_ends_it_and_only_then_can_it_be_reset(up):
    up.wait_for(READY)
    pids = up.children()
    code, output = up.say("reset", "--yes")
    assert (code, "already runs on" in output) == (1, True)
    code, output = up.say("stop")
    assert (code, "nothing is left running" in output) == (0, True)
    assert [pid for pid in pids if command_line(pid)] == []
    assert up.process.wait(10) == 0
    assert up.say("status")[0] == 1


def test_only_the_first_account_is_asked_for_and_nothing_it_keeps_is_open_to_others(tmp_path):
    run = Up(tmp_path / "new", free_range(8), RGMS_DEMO="0")
    run.wait_for("Ctrl-C")
    assert any("Make the first account:  ./rgms create-admin" in line for line in run.lines)
    assert run.say("create-admin", "--username", "first", "--password-stdin", given="Guard-mount-1900\n")[0] == 0
    run.end()
    again = Up(run.folder, run.port, RGMS_DEMO="0")
    again.wait_for("Ctrl-C")
    assert not any("create-admin" in line or "Demo logins" in line for line in again.lines)
    assert "uploaded files" not in again.end()
    for name in ("logs", "outbox", "files", "redis", "run"):
        assert stat.S_IMODE((run.folder / name).stat().st_mode) == 0o700


@pytest.mark.requirement("25.1", "25.4")
def test_in_production_it_names_at_once_what_any_process_lacks_and_starts_when_it_is_given(tmp_path):
    bare = Up(
        tmp_path / "live", free_range(8), RGMS_ENV="production", SECRET_KEY="rotcmsusndrotcmsusndrotcmsusnd2026", BCRYPT_COST="10"
    )
    output = bare.end(signal.SIGCONT)
    assert bare.process.returncode == 1
    for need in NEEDS:
        assert f"{need.variable} is not set" in output
    assert "SECRET_KEY repeats itself" in output
    assert not bare.folder.exists()

    address = f"http://127.0.0.1:{bare.port}"
    given = {"PUBLIC_URL": address, "CORS_ALLOWED_ORIGINS": address, "ALLOWED_HOSTS": "127.0.0.1", "TRUSTED_HOPS": "0"}
    chosen = {"MAIL": "folder", "MEDIA_STORE": "disk", "WEB_CONCURRENCY": "1", "BCRYPT_COST": "10"}
    run = Up(bare.folder, bare.port, RGMS_ENV="production", **given, **chosen)
    run.wait_for("Ctrl-C")
    assert not any("Demo logins" in line for line in run.lines)
    assert run.say("create-admin", "--username", "first", "--password-stdin", given="Guard-mount-1900\n")[0] == 0
    assert sign_in(run.port, "first", "Guard-mount-1900") == 200
    run.end()


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
