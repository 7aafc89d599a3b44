"""A command as somebody at a terminal runs it."""

from __future__ import annotations

import contextlib
import os
import pty
from collections.abc import Mapping
from pathlib import Path

import pytest

PIECE = 1024


def converse(command: list[str], answers: Mapping[str, str], *, folder: Path, env: Mapping[str, str]) -> tuple[int, str]:
    """Run `command`, typing each answer when its question stands on the terminal; return the exit code and all that was shown."""
    try:
        pid, terminal = pty.fork()
    except OSError as error:
        # A chroot without /dev/pts, say.
        pytest.skip(f"this machine gives out no terminals: {error}")
    if pid == 0:
        os.chdir(folder)
        os.execve(command[0], command, dict(env))  # noqa: S606 - in the child, whose terminal this is
    shown = b""
    # Linux says by an error that the other side is gone.
    with contextlib.suppress(OSError):
        for question, answer in answers.items():
            while question.encode() not in shown:
                shown += os.read(terminal, PIECE)
            os.write(terminal, answer.encode() + b"\n")
        while piece := os.read(terminal, PIECE):
            shown += piece
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), shown.decode()
