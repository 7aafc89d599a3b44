"""Waiting for servers, and the CPU time they use."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import time

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
