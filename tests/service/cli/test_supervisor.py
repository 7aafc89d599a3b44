"""Children that die, that refuse to die, and that outlive their runner."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cli.local.child import ON_LINUX
from cli.local.config import ROOT
from cli.local.supervisor import Supervisor, command_line, end_leftovers
from tests.support.waiting import until

SLEEPER = [sys.executable, "-c", "import time; time.sleep(600)"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(1, flush=True); time.sleep(600)",
]
# Starts one child as the runner does, says its process id, and is then killed.
RUNNER = """
import sys, time
from pathlib import Path
from cli.local.supervisor import Supervisor
folder = Path(sys.argv[1])
supervisor = Supervisor(folder, folder, {}, folder, print)
supervisor.add("child", [sys.executable, "-c", "import time; time.sleep(600)"])
print(supervisor.children["child"].process.pid, flush=True)
time.sleep(600)
"""


def alive(pid: int) -> bool:
    return bool(command_line(pid))


@pytest.fixture
def supervisor(tmp_path):
    made = Supervisor(tmp_path, tmp_path, {"PATH": os.defpath}, tmp_path, lambda _line: None)
    yield made
    made.stop()


def test_a_killed_child_is_started_again_at_once(supervisor):
    supervisor.add("child", SLEEPER)
    first = supervisor.children["child"].process.pid
    os.kill(first, signal.SIGKILL)

    def replaced():
        supervisor.tend()
        process = supervisor.children["child"].process
        return process is not None and process.pid != first

    until(replaced, seconds=3)
    assert supervisor.children["child"].last_code == -signal.SIGKILL


def test_a_child_that_keeps_dying_is_tried_more_and_more_slowly(supervisor):
    supervisor.add("child", [sys.executable, "-c", "raise SystemExit(3)"])
    child = supervisor.children["child"]

    def died_four_times():
        supervisor.tend()
        return child.restarts >= 4

    until(died_four_times, seconds=30)
    assert child.last_code == 3
    assert child.due_at - time.monotonic() > 1.0


def test_what_a_killed_child_left_running_goes_with_it(supervisor):
    family = "import subprocess, sys, time; c = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']); "
    supervisor.add("child", [sys.executable, "-c", family + "print(c.pid, flush=True); time.sleep(600)"])
    log = supervisor.logs / "child.log"
    until(lambda: log.read_text().strip())
    grandchild = int(log.read_text())
    os.kill(supervisor.children["child"].process.pid, signal.SIGKILL)

    def gone():
        supervisor.tend()
        return not alive(grandchild)

    until(gone)


def test_a_child_that_ignores_the_request_to_stop_is_killed(supervisor):
    supervisor.patience = 0.3
    supervisor.add("child", STUBBORN)
    until(lambda: (supervisor.logs / "child.log").read_text())
    pid = supervisor.children["child"].process.pid
    supervisor.stop()
    assert not alive(pid)


@pytest.mark.skipif(not ON_LINUX, reason="the kernel of Linux sends the parent-death signal")
def test_children_die_with_a_runner_that_was_killed(tmp_path):
    runner = subprocess.Popen(
        [sys.executable, "-c", RUNNER, str(tmp_path)], stdout=subprocess.PIPE, text=True, env={"PYTHONPATH": str(ROOT)}
    )
    child = int(runner.stdout.readline())
    runner.kill()
    runner.wait()
    until(lambda: not alive(child))


def test_leftovers_are_known_by_their_command_line_not_by_their_number_alone(tmp_path):
    ours = subprocess.Popen(SLEEPER, start_new_session=True)
    strange = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(599)"], start_new_session=True)
    try:
        (tmp_path / "ours.pid").write_text(str(ours.pid))
        (tmp_path / "strange.pid").write_text(str(strange.pid))
        end_leftovers(tmp_path, "time.sleep(600)")
        assert ours.wait(5) == -signal.SIGTERM
        assert strange.poll() is None
        assert list(Path(tmp_path).glob("*.pid")) == []
    finally:
        for process in (ours, strange):
            process.kill()
            process.wait()
