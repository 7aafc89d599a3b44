"""A long step as a person at a terminal wants it: its name, the seconds that pass, and the end of its output when it fails."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from cli.local.child import before_exec
from cli.local.errors import LocalError

EVERY_SECONDS = 5.0
SHOWN_LINES = 15


def run(
    text: str,
    command: list[str],
    *,
    directory: Path,
    environment: Mapping[str, str],
    log: Path,
    say: Callable[[str], None],
    patience: Callable[[], bool] = lambda: True,
) -> None:
    """Run a command to its end, quietly, saying every few seconds that it is still at work.

    Args:
        text: what it does, such as "building the client".
        log: receives its whole output.
        patience: asked ten times a second; False ends the command.

    Raises:
        LocalError: it failed, with the last lines of its output.
    """
    say(text)
    began = said = time.monotonic()
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=directory,
            env=dict(environment),
            preexec_fn=before_exec(),
        )
        try:
            while process.poll() is None and patience():
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(0.1)
                if time.monotonic() - said >= EVERY_SECONDS:
                    said = time.monotonic()
                    say(f"  {text}: {said - began:.0f} s")
        finally:
            if process.poll() is None:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGTERM)
                process.wait()
    if process.returncode != 0 and patience():
        tail = "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-SHOWN_LINES:])
        raise LocalError(f"{text} failed; {log} ends with:\n{tail}")
