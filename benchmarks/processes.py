"""Waiting for servers, and the CPU time they use."""

from __future__ import annotations

import contextlib
import re
import socket
import subprocess
import time
from pathlib import Path

import psutil

PATIENCE = 30.0


def listening(port: int, process: subprocess.Popen) -> None:
    """Return when something listens on `port`; SystemExit when the process ended or the time is over."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise SystemExit(f"nothing listens on port {port}")


def peak_megabytes(pid: int) -> int:
    """Return the most memory that a process or one of its children has held so far; 0 where the system does not tell (macOS)."""
    root, most = psutil.Process(pid), 0
    for process in (root, *root.children(recursive=True)):
        with contextlib.suppress(OSError, psutil.NoSuchProcess):
            held = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{process.pid}/status").read_text("ascii", "replace"))
            most = max(most, int(held[1]) // 1024 if held else 0)
    return most


def cpu_seconds(pid: int) -> float:
    """Return the CPU time that a process and its children have used."""
    root = psutil.Process(pid)
    spent = 0.0
    for process in (root, *root.children(recursive=True)):
        # PostgreSQL's connections come and go.
        with contextlib.suppress(psutil.NoSuchProcess):
            times = process.cpu_times()
            spent += times.user + times.system
    return spent
