"""Keeps a set of child processes alive: starts them, restarts with growing delay whoever dies, ends them all."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cli.local.child import before_exec

FIRST_DELAY = 0.2
LONGEST_DELAY = 10.0
STABLE_SECONDS = 20.0
STOP_SECONDS = 25.0
LARGEST_LOG = 10 * 1024 * 1024


@dataclass
class Child:
    """One program that should always run."""

    name: str
    command: list[str]
    stop_signal: int = signal.SIGTERM
    death_signal: int = signal.SIGTERM
    """What the kernel sends it when the runner is gone."""
    process: subprocess.Popen | None = None
    started_at: float = 0.0
    restarts: int = 0
    """How often it was started again since it last ran for a while."""
    due_at: float = 0.0
    last_code: int | None = None


@dataclass
class Supervisor:
    """The children of one house.

    Every method is called from one thread at a time, and `start` and `tend` from a thread that outlives the children (see
    `cli.local.child.before_exec`).
    """

    logs: Path
    pids: Path
    environment: Mapping[str, str]
    directory: Path
    say: Callable[[str], None]
    patience: float = STOP_SECONDS
    """Seconds a child has to stop before it is killed."""
    children: dict[str, Child] = field(default_factory=dict)

    def add(
        self, name: str, command: list[str], *, stop_signal: int = signal.SIGTERM, death_signal: int = signal.SIGTERM
    ) -> None:
        """Start a program and keep it running from now on."""
        self.children[name] = Child(name, command, stop_signal, death_signal)
        self._spawn(self.children[name])

    def tend(self) -> None:
        """Look at every child once: note who died, start again who is due."""
        now = time.monotonic()
        for child in self.children.values():
            if child.process is not None and child.process.poll() is not None:
                self._bury(child, child.process, now)
            if child.process is None and now >= child.due_at:
                self._spawn(child)

    def stop(self) -> None:
        """End every child, all at once, and wait; whoever has not ended in time is killed with everything it started."""
        running = [(child, child.process) for child in self.children.values() if child.process is not None]
        for child, process in running:
            _signal(process, child.stop_signal)
        deadline = time.monotonic() + self.patience
        for child, process in running:
            try:
                process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                self.say(f"{child.name} did not stop in {self.patience:.0f} s and is killed")
            _kill_group(process.pid)
            process.wait()
            child.process = None
            self._pid_file(child).unlink(missing_ok=True)
        self.children.clear()

    def log_tail(self, name: str, lines: int = 8) -> str:
        """Return the last lines that a child printed."""
        try:
            text = (self.logs / f"{name}.log").read_text(encoding="utf-8", errors="replace")
        except OSError:
            return ""
        return "\n".join(text.splitlines()[-lines:])

    def _spawn(self, child: Child) -> None:
        path = self.logs / f"{child.name}.log"
        if path.exists() and path.stat().st_size > LARGEST_LOG:
            path.replace(path.with_suffix(".log.1"))
        with path.open("ab") as log:
            child.process = subprocess.Popen(
                child.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self.directory,
                env=dict(self.environment),
                preexec_fn=before_exec(death_signal=child.death_signal, private=True),
            )
        child.started_at = time.monotonic()
        self._pid_file(child).write_text(f"{child.process.pid}\n", encoding="ascii")

    def _bury(self, child: Child, process: subprocess.Popen[Any], now: float) -> None:
        child.last_code = process.returncode
        # Workers that outlived a killed master still hold its port.
        _kill_group(process.pid)
        child.process = None
        child.restarts = 0 if now - child.started_at > STABLE_SECONDS else child.restarts + 1
        delay = 0.0 if child.restarts <= 1 else min(FIRST_DELAY * 2 ** (child.restarts - 1), LONGEST_DELAY)
        child.due_at = now + delay
        self.say(f"{child.name} ended ({_describe(child.last_code)}); starting it again{f' in {delay:.1f} s' if delay else ''}")

    def _pid_file(self, child: Child) -> Path:
        return self.pids / f"{child.name}.pid"


def end_leftovers(pids: Path, marker: str) -> None:
    """End children that a killed runner left behind (where the kernel does not do it: macOS), known by their pid files.

    Args:
        pids: the directory of pid files.
        marker: what the command line of such a process contains; a reused pid of something else is left alone.
    """
    for path in pids.glob("*.pid"):
        with contextlib.suppress(OSError, ValueError):
            pid = int(path.read_text(encoding="ascii"))
            deadline = time.monotonic() + STOP_SECONDS
            while marker in command_line(pid):
                os.killpg(pid, signal.SIGTERM if time.monotonic() < deadline else signal.SIGKILL)
                time.sleep(0.1)
        path.unlink(missing_ok=True)


def command_line(pid: int) -> str:
    """Return the command line of a process, or an empty string when there is none."""
    entry = Path(f"/proc/{pid}/cmdline")
    if Path("/proc/self").exists():
        try:
            return entry.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            return ""
    return subprocess.run(["ps", "-ww", "-o", "command=", "-p", str(pid)], check=False, capture_output=True, text=True).stdout


def _signal(process: subprocess.Popen, number: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        process.send_signal(number)


def _kill_group(pid: int) -> None:
    # Each child leads a group of its own, so this reaches what it started and nothing else.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def _describe(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"
