"""The log files of the house, and reading them as they grow."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path

from libs.contracts.services import SERVICES

SERVERS = ("postgres", "redis")
STEPS = ("migrate", "seed")
NAMES = (*(service.name for service in SERVICES), *SERVERS, *STEPS)
BLOCK = 64 * 1024


def files(data_dir: Path, names: Iterable[str] = NAMES) -> dict[str, Path]:
    """Return the log file of each named part of the house that has one."""
    places = {name: data_dir / name / f"{name}.log" if name in SERVERS else data_dir / "logs" / f"{name}.log" for name in names}
    return {name: path for name, path in places.items() if path.is_file()}


def tail(path: Path, lines: int) -> list[str]:
    """Return the last lines of a file, reading no more of it than they need."""
    with path.open("rb") as file:
        position = file.seek(0, os.SEEK_END)
        text = b""
        while position > 0 and text.count(b"\n") <= lines:
            step = min(BLOCK, position)
            position = file.seek(position - step)
            text = file.read(step) + text
    return text.decode(errors="replace").splitlines()[-lines:] if lines else []


def show(name: str, line: str) -> None:
    """Print one line behind the name of its process."""
    sys.stdout.write(f"{name:<9}| {line}\n")


class Follower:
    """Prints what is appended to the log files from now on, each line behind the name of its process."""

    def __init__(self, data_dir: Path, names: Iterable[str] = NAMES) -> None:
        self._data_dir = data_dir
        self._names = tuple(names)
        self._read = {path: path.stat().st_size for path in files(data_dir, self._names).values()}

    def print_new(self) -> None:
        """Print every whole line that was added since the last call."""
        for name, path in files(self._data_dir, self._names).items():
            start = self._read.get(path, 0)
            size = path.stat().st_size
            if size < start:  # rotated
                start = 0
            with path.open("rb") as file:
                file.seek(start)
                added = file.read(size - start)
            whole = added[: added.rfind(b"\n") + 1]
            for line in whole.decode(errors="replace").splitlines():
                show(name, line)
            self._read[path] = start + len(whole)
        sys.stdout.flush()
