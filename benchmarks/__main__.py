"""`./rgms bench [NAME ...]`: runs the named benchmarks, all of them by default."""

from __future__ import annotations

import argparse
import subprocess
import sys

from benchmarks import caching, cases, fuzz, gateway, mixed_day, scenarios, tokens, unit
from benchmarks.people import Target
from benchmarks.processes import peak_megabytes
from libs.contracts.services import SERVICES

SEPARATE = ("gateway", "tokens", "caching", "mixed", "scenarios", "fanout", "fuzz")
CALLS = 100_000


def main() -> int:
    """Run what is named on the command line; return the exit code, 1 when a target of scenarios, mixed or fuzz is missed."""
    names = (*cases.BY_NAME, *SEPARATE)
    parser = argparse.ArgumentParser(prog="rgms bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one or more of: {', '.join(names)}")
    parser.add_argument("--seconds", type=float, default=8.0, help="of load for each line (8)")
    parser.add_argument("--calls", type=int, default=CALLS, help=f"of the fuzz ({CALLS:,})")
    chosen = parser.parse_args()
    wanted = chosen.names or list(names)
    if unknown := [name for name in wanted if name not in names]:
        parser.error(f"no such benchmark: {', '.join(unknown)}; there are {', '.join(names)}")
    if "gateway" in wanted:
        gateway.run(chosen.seconds)
    if "tokens" in wanted:
        tokens.run(chosen.seconds)
    if "caching" in wanted:
        caching.run(chosen.seconds)
    served = [cases.BY_NAME[name] for name in wanted if name in cases.BY_NAME]
    held = True
    if served or {"mixed", "scenarios", "fuzz"}.intersection(wanted):
        with unit.running(sorted({case.service for case in served})) as filled:
            for case in served:
                cases.run(case, filled, chosen.seconds)
            if "mixed" in wanted:
                held = mixed_day.run(filled, chosen.seconds)
            target = Target(filled.house.url, filled.house.environment(), filled.cadets, filled.term, filled.days)
            if "scenarios" in wanted:
                held = scenarios.run(target, chosen.seconds) and held
            if "fuzz" in wanted:
                pids = [pid for service in SERVICES if (pid := filled.house.pid(service.name))]
                held = fuzz.run(target, chosen.calls, lambda: max(map(peak_megabytes, pids))) and held
    if "fanout" in wanted:
        print(
            "\nOne event to 1,000 sockets\n  target: p99 30 ms, nothing lost, no fewer deliveries a second than asyncio",
            flush=True,
        )
        return subprocess.run([sys.executable, "-m", "benchmarks.fanout", "--gateway"], check=False).returncode or int(not held)
    return int(not held)


if __name__ == "__main__":
    sys.exit(main())
