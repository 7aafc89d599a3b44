"""Reading the log files of the house as they grow."""

from __future__ import annotations

import sys
from pathlib import Path


class Follower:
    """Prints what is appended to the log files from now on, each line behind the name of its process."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read = {path: path.stat().st_size for path in folder.glob("*.log")}

    def print_new(self) -> None:
        """Print every whole line that was added since the last call."""
        for path in sorted(self._folder.glob("*.log")):
            start = self._read.get(path, 0)
            size = path.stat().st_size
            if size < start:  # rotated
                start = 0
            with path.open("rb") as file:
                file.seek(start)
                added = file.read(size - start)
            whole = added[: added.rfind(b"\n") + 1]
            for line in whole.decode(errors="replace").splitlines():
                sys.stdout.write(f"{path.stem:<9}| {line}\n")
            self._read[path] = start + len(whole)
        sys.stdout.flush()
