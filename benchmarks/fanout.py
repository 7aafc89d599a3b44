"""The fan-out of one event to many sockets, beside a plain asyncio WebSocket server in the same run.

    python -m benchmarks.fanout --sockets 1000

Both servers get each event from the same Redis and send it to the same number of loopback clients, which one process
reads with epoll. Latency is from just before the publish to the receipt by each client; the burst is 50 events at once.
The two servers take turns, so that a busy moment of the machine meets both.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import resource
import select
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from cli.local.ports import free_port
from cli.local.redis import LocalRedis
from libs import clock
from libs.config import load
from libs.contracts import events
from libs.contracts.principal import Principal
from libs.events import streams
from libs.ids import new_token, uuid7
from libs.web.tokens import issue_access_token

ROOT = Path(__file__).resolve().parents[1]
# Stands once in every event, in none of the server's own frames.
MARK = b'"n":'
PAUSE_SECONDS = 0.05
PATIENCE = 20.0


class Crowd:
    """Many clients in one process."""

    def __init__(self, port: int, path: Callable[[int], str], count: int) -> None:
        self.sockets: dict[int, socket.socket] = {}
        self.carry: dict[int, bytes] = {}
        self.epoll = select.epoll()
        for number in range(count):
            self._open(port, path(number))

    def _open(self, port: int, path: str) -> None:
        sock = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        key = base64.b64encode(os.urandom(16)).decode()
        sock.sendall(
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += sock.recv(4096)
        if b" 101 " not in answer:
            raise SystemExit(f"the handshake failed: {answer[:200]!r}")
        sock.setblocking(False)
        self.sockets[sock.fileno()] = sock
        self.carry[sock.fileno()] = b""
        self.epoll.register(sock.fileno(), select.EPOLLIN)

    def settle(self) -> None:
        """Read away what came with the opening."""
        deadline = time.monotonic() + PATIENCE
        while self._read(0.3) and time.monotonic() < deadline:
            continue

    def collect(self, each: int) -> tuple[list[float], int]:
        """Return when every client had its `each` events, and how many events are missing."""
        counts = dict.fromkeys(self.sockets, 0)
        finished: list[float] = []
        deadline = time.monotonic() + PATIENCE
        while len(finished) < len(self.sockets) and time.monotonic() < deadline:
            for fd, found in self._read(0.5):
                before, counts[fd] = counts[fd], counts[fd] + found
                if before < each <= counts[fd]:
                    finished.append(time.perf_counter())
        return finished, sum(each - count for count in counts.values())

    def _read(self, seconds: float) -> list[tuple[int, int]]:
        read = []
        for fd, _event in self.epoll.poll(seconds):
            data = self.carry[fd] + self.sockets[fd].recv(1 << 18)
            read.append((fd, data.count(MARK)))
            # A mark may be cut in two; a whole one is never counted again.
            self.carry[fd] = data[-(len(MARK) - 1) :]
        return read

    def close(self) -> None:
        """Close every client."""
        for sock in self.sockets.values():
            sock.close()


@dataclass
class Result:
    """What one server did."""

    name: str
    latencies: list[float] = field(default_factory=list)
    bursts: list[float] = field(default_factory=list)
    missing: int = 0
    single_cpu: float = 0.0
    burst_cpu: float = 0.0
    memory_mb: float = 0.0

    def line(self, sockets: int, burst: int) -> dict[str, Any]:
        """Return the figures; CPU time per delivery is the steady one, the others depend on what else the machine does."""
        ordered = sorted(self.latencies)
        return {
            "server": self.name,
            "p50_ms": round(1000 * statistics.median(ordered), 1),
            "p99_ms": round(1000 * ordered[int(len(ordered) * 0.99)], 1),
            "deliveries_per_s": round(sockets * burst / statistics.median(self.bursts)),
            "cpu_us_single": round(1e6 * self.single_cpu / len(self.latencies), 1),
            "cpu_us_in_burst": round(1e6 * self.burst_cpu / (len(self.bursts) * burst * sockets), 1),
            "lost": self.missing,
            "kb_per_connection": round(self.memory_mb * 1024 / sockets, 1),
        }


@dataclass
class Contestant:
    """One way to a crowd: what it is called, its process, where clients connect, how an event is published to it."""

    name: str
    process: psutil.Process
    port: int
    path: Callable[[int], str]
    publish: Callable[[list[tuple[str, bytes]]], None]


def event(number: int) -> tuple[str, bytes]:
    """Return (id, JSON) of one event that every socket receives."""
    data = events.grading.term_data({"id": 1, "n": number, "padding": "x" * 20})
    body = {
        "id": str(uuid7()),
        "type": events.grading.TERM_UPDATED,
        "data": data,
        "occurred_at": "2026-03-07T01:30:00Z",
        "schema": "grading",
    }
    return body["id"], json.dumps(body, separators=(",", ":")).encode()


@contextmanager
def running(command: list[str], variables: dict[str, str], port: int) -> Iterator[psutil.Process]:
    """Run a server process until the end of the block."""
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **variables})
    try:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(timeout=30)


def memory_mb(process: psutil.Process) -> float:
    """Return the resident memory of a process and its children in MB."""
    return sum(each.memory_info().rss for each in [process, *process.children(recursive=True)]) / 2**20


def cpu_seconds(process: psutil.Process) -> float:
    """Return the CPU time that a process and its children have used."""
    return sum(sum(each.cpu_times()[:2]) for each in [process, *process.children(recursive=True)])


def measure(result: Result, crowd: Crowd, contestant: Contestant, rounds: int, burst: int) -> None:
    """Add `rounds` single events and one burst to `result`."""
    publish, before = contestant.publish, cpu_seconds(contestant.process)
    for number in range(rounds):
        batch = [event(number)]
        time.sleep(PAUSE_SECONDS)
        started = time.perf_counter()
        publish(batch)
        finished, missing = crowd.collect(1)
        result.latencies += [moment - started for moment in finished]
        result.missing += missing
    between = cpu_seconds(contestant.process)
    result.single_cpu += between - before
    batch = [event(number) for number in range(burst)]
    time.sleep(PAUSE_SECONDS)
    started = time.perf_counter()
    publish(batch)
    finished, missing = crowd.collect(burst)
    result.bursts.append(max(finished, default=started + PATIENCE) - started)
    result.missing += missing
    result.burst_cpu += cpu_seconds(contestant.process) - between


def run(sockets: int, rounds: int, burst: int, turns: int, *, gateway: bool) -> list[Result]:
    """Measure every contestant and return the results, ours first."""
    with ExitStack() as stack:
        server = LocalRedis(Path(stack.enter_context(tempfile.TemporaryDirectory())), durable=False)
        url = server.start()
        stack.callback(server.stop)
        results = []
        contestants = started(stack, url, sockets, gateway=gateway)
        crowds = []
        for each in contestants:
            before = memory_mb(each.process)
            crowds.append(Crowd(each.port, each.path, sockets))
            stack.callback(crowds[-1].close)
            crowds[-1].settle()
            results.append(Result(each.name, memory_mb=memory_mb(each.process) - before))
        for _ in range(turns):
            for result, each, crowd in zip(results, contestants, crowds, strict=True):
                # The clients of another contestant may hear the same stream.
                crowd.settle()
                measure(result, crowd, each, max(1, rounds // turns), burst)
        return results


def started(stack: ExitStack, url: str, sockets: int, *, gateway: bool) -> list[Contestant]:
    """Start the servers and return the contestants."""
    client = streams.connect(url, timeout=10)
    stream = streams.EventStream(client)
    ours, theirs, door = free_port(), free_port(), free_port()
    variables = {
        "RGMS_ENV": "development",
        "SECRET_KEY": new_token(48),
        "REDIS_URL": url,
        "LOG_LEVEL": "WARNING",
        "SOCKETS_MAX_CONNECTIONS": str(2 * sockets + 10),
        "SOCKETS_URL": f"http://127.0.0.1:{ours}",
        "RATE_LIMIT_USER": "1000000",
        "RATE_LIMIT_ADDRESS": "1000000",
    }
    settings = load("sockets", variables)

    def path(number: int) -> str:
        person = Principal(number + 1, f"user{number}", "staff", ("Instructor",), staff_id=1, session_id=f"s{number}")
        return f"/ws/updates/?token={issue_access_token(settings, person, clock.now())}"

    def publish(batch: list[tuple[str, bytes]]) -> None:
        # One call each, as writers on several services would; a relay's batch in one call arrives quicker still.
        for event_id, raw in batch:
            stream.publish("grading", [(event_id, events.grading.TERM_UPDATED, raw)])

    def publish_plain(batch: list[tuple[str, bytes]]) -> None:
        pipe = client.pipeline(transaction=False)
        for _, raw in batch:
            pipe.publish("events", raw)
        pipe.execute()

    def process(name: str, port: int) -> psutil.Process:
        command = [sys.executable, "-m", "gevent.monkey", "--module", "cli.process", name]
        return stack.enter_context(running(command, {**variables, "PORT": str(port)}, port))

    plain = [sys.executable, "-m", "benchmarks.asyncio_server"]
    contestants = [
        Contestant("RGMS sockets process", process("sockets", ours), ours, path, publish),
        Contestant(
            "asyncio websockets broadcast",
            stack.enter_context(running(plain, {"REDIS_URL": url, "PORT": str(theirs)}, theirs)),
            theirs,
            lambda _number: "/",
            publish_plain,
        ),
    ]
    if gateway:
        contestants.append(Contestant("RGMS through the gateway", process("gateway", door), door, path, publish))
    return contestants


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sockets", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=60, help="single events per server")
    parser.add_argument("--burst", type=int, default=50, help="events at once")
    parser.add_argument("--turns", type=int, default=6, help="how often the servers take turns; a burst in each")
    parser.add_argument(
        "--gateway", action="store_true", help="also through the gateway's tunnel; the sockets process then serves both crowds"
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    chosen = parser.parse_args()
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    results = run(chosen.sockets, chosen.rounds, chosen.burst, chosen.turns, gateway=chosen.gateway)
    lines = [each.line(chosen.sockets, chosen.burst) for each in results]
    if chosen.json:
        print(json.dumps({"sockets": chosen.sockets, "burst": chosen.burst, "results": lines}))
        return
    print(f"{chosen.sockets} sockets, {chosen.rounds} single events, {chosen.turns} bursts of {chosen.burst}")
    for line in lines:
        print(
            f"{line['server']:<30} p50 {line['p50_ms']:>6} ms  p99 {line['p99_ms']:>6} ms  "
            f"{line['cpu_us_single']:>5} µs CPU each  "
            f"burst {line['deliveries_per_s']:>9,} deliveries/s  {line['cpu_us_in_burst']:>5} µs CPU each  "
            f"lost {line['lost']}  {line['kb_per_connection']} kB/connection"
        )


if __name__ == "__main__":
    main()
