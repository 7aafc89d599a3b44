"""One table for every benchmark."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from benchmarks.load import Outcome


@dataclass(frozen=True)
class Line:
    """One measured thing.

    Attributes:
        cpu: CPU microseconds a request, by process.
    """

    what: str
    outcome: Outcome
    cpu: Mapping[str, float] = field(default_factory=dict)


def show(title: str, target: str, lines: Iterable[Line]) -> None:
    """Print a table: the first line is ours, the others are its limits."""
    print(f"\n{title}\n  target: {target}")
    for line in lines:
        outcome = line.outcome
        cpu = "  ".join(f"{name} {microseconds:,.0f}" for name, microseconds in line.cpu.items())
        rate = f"{outcome.per_second:,.{0 if outcome.per_second >= 50 else 1}f}/s"
        print(
            f"  {line.what:<34} {rate:>10}  p50 {outcome.p50:>7.1f} ms  p99 {outcome.p99:>7.1f} ms  errors {outcome.errors:<4}"
            + (f" CPU µs/request: {cpu}" if cpu else ""),
            flush=True,
        )
