"""One house per data directory, and how others on this machine reach the one that runs there."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
from collections.abc import Mapping
from pathlib import Path

from cli.local.errors import LocalError

LOCK = "lock"
NOTE = "running.json"


def occupy(data_dir: Path, until: contextlib.ExitStack) -> None:
    """Take the data directory until the stack ends; the kernel lets go of it when this process dies, however it dies.

    Raises:
        LocalError: another house has it, or its data was made by another user.
    """
    lock = data_dir / LOCK
    if lock.exists() and lock.stat().st_uid != os.geteuid():
        # Half of the files would belong to each of them in the end, and neither could start again.
        message = f"The data in {data_dir} belongs to another user (uid {lock.stat().st_uid}): run as that user"
        raise LocalError(f"{message}, or choose another RGMS_DATA_DIR.")
    file = until.enter_context(lock.open("a+", encoding="ascii"))
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.seek(0)
        owner = file.read().strip() or "unknown"
        message = f"RGMS already runs on {data_dir} (process {owner}): ./rgms stop ends it; or choose another RGMS_DATA_DIR."
        raise LocalError(message) from error
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()


def announce(data_dir: Path, variables: Mapping[str, str], until: contextlib.ExitStack) -> None:
    """Write down the variables that reach this house, for its owner's eyes only, until the stack ends."""
    path = data_dir / NOTE
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        json.dump(dict(variables), file)
    until.callback(path.unlink, missing_ok=True)


def announced(data_dir: Path) -> dict[str, str] | None:
    """Return the variables that reach the house running on this directory, or None when none runs or it is still starting."""
    note = data_dir / NOTE
    if holder(data_dir) is None or not note.exists():
        return None
    return json.loads(note.read_text(encoding="utf-8"))


def holder(data_dir: Path) -> int | None:
    """Return the id of the process that has this data directory, or None when none has.

    Raises:
        PermissionError: the directory is closed to this user.
    """
    try:
        with (data_dir / LOCK).open("r", encoding="ascii") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return int(file.read().strip() or 0)
    except FileNotFoundError:
        return None
    return None
