"""Two lanes for the sections of a test run, so that a machine with two processors uses both."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import IO, TypeVar

# The longest section uses one processor most of the time; these use the other. What measures time (system, e2e) runs alone.
LONGEST, BESIDE = "service", ("lint", "unit", "pooler", "contract", "client")

Found = TypeVar("Found")


def run(
    chosen: Sequence[str], section: Callable[[str, IO | None], Found], say: Callable[[str], None], processors: int
) -> Iterator[Found]:
    """Run sections and yield what each found; those of the second lane are shown once the longest is through.

    Args:
        chosen: the sections, in the order in which they run.
        section: runs one, writing to the file given, or to this process's own output.
        say: shows a line, or the whole output of a section that ran in the second lane.
        processors: of this machine; one has one lane.
    """
    beside = [name for name in chosen if name in BESIDE] if LONGEST in chosen and processors > 1 else []
    with ThreadPoolExecutor(1) as second, ExitStack() as files:
        started = []
        for name in beside:
            out = files.enter_context(tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace"))
            started.append((name, out, second.submit(section, name, out)))
        if beside:
            say(f"beside {LONGEST}, and shown after it: {', '.join(beside)}")
        for name in chosen:
            if name in beside:
                continue
            say(f"\n== {name} ==")
            yield section(name, None)
            if name == LONGEST:
                for finished, out, running in started:
                    found = running.result()
                    out.seek(0)
                    say(f"\n== {finished} ==\n{out.read().rstrip()}")
                    yield found
