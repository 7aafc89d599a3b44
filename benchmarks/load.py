"""The load: wrk when the machine has it, else a client of our own in a few processes."""

from __future__ import annotations

import json
import multiprocessing
import random
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

# Bodies come from a file, one a line, each used once: a repeated mark would be the cheaper duplicate.
_SCRIPT = """
local bodies, position = nil, 0
local path_of_bodies = %(bodies)s
if path_of_bodies then
  bodies = {}
  for line in io.lines(path_of_bodies) do bodies[#bodies + 1] = line end
end
function request()
  position = position + 1
  if not bodies then return wrk.format(nil, %(vary)s and (wrk.path .. '&n=' .. position) or nil) end
  return wrk.format(nil, nil, nil, bodies[(position - 1) %% #bodies + 1])
end
function done(summary, latency, requests)
  local failed = summary.errors
  io.write(string.format('\\nRESULT {"requests": %%d, "seconds": %%f, "errors": %%d, "p50": %%f, "p99": %%f}\\n',
    summary.requests, summary.duration / 1e6, failed.status + failed.read + failed.timeout + failed.connect,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
"""
OWN_PROCESSES = 2


@dataclass(frozen=True)
class Request:
    """What is asked over and over.

    Attributes:
        bodies: JSON texts for a write, each sent once; empty for a read.
        vary: ask with a query of its own each time, so that no kept answer serves.
    """

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    bodies: Sequence[str] = ()
    vary: bool = False


@dataclass(frozen=True)
class Outcome:
    """What a run of load reached; times in milliseconds."""

    requests: int
    seconds: float
    errors: int
    p50: float
    p99: float

    @property
    def per_second(self) -> float:
        """Requests a second."""
        return self.requests / self.seconds if self.seconds else 0.0


def run(base: str, request: Request, *, connections: int, seconds: float) -> Outcome:
    """Ask `base` for `request` over `connections` kept-alive connections for `seconds`."""
    if shutil.which("wrk"):
        return _wrk(base, request, connections, seconds)
    return _own(base, request, connections, seconds)


def _wrk(base: str, request: Request, connections: int, seconds: float) -> Outcome:
    with tempfile.TemporaryDirectory() as folder:
        bodies = Path(folder) / "bodies"
        script = Path(folder) / "script.lua"
        if request.bodies:
            bodies.write_text("\n".join(request.bodies) + "\n", encoding="utf-8")
        source = _SCRIPT % {"bodies": f"'{bodies}'" if request.bodies else "nil", "vary": str(request.vary).lower()}
        script.write_text(f"wrk.method = '{request.method}'\n{source}", encoding="utf-8")
        headers = [part for name, value in request.headers.items() for part in ("-H", f"{name}: {value}")]
        command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds:.0f}s", "--timeout", "10s", "-s", str(script), *headers]
        printed = subprocess.run([*command, base + request.path], capture_output=True, text=True, check=True).stdout
    line = next(line for line in printed.splitlines() if line.startswith("RESULT "))
    return Outcome(**json.loads(line.removeprefix("RESULT ")))


def _own(base: str, request: Request, connections: int, seconds: float) -> Outcome:
    shares = [connections // OWN_PROCESSES + (number < connections % OWN_PROCESSES) for number in range(OWN_PROCESSES)]
    work = [
        (base, replace(request, headers=dict(request.headers), bodies=request.bodies[number::OWN_PROCESSES]), share, seconds)
        for number, share in enumerate(shares)
        if share
    ]
    with multiprocessing.get_context("spawn").Pool(len(work)) as pool:
        parts = pool.starmap(_ask, work)
    times = sorted(seconds for part in parts for seconds in part[0])
    errors = sum(part[1] for part in parts)
    middle, late = (times[int(len(times) * share)] * 1000 if times else 0.0 for share in (0.5, 0.99))
    return Outcome(len(times), seconds, errors, middle, late)


def _ask(base: str, request: Request, connections: int, seconds: float) -> tuple[list[float], int]:
    """Take turns over the connections: one request is under way on each."""
    parts = urlsplit(base)
    lines = "".join(f"{name}: {value}\r\n" for name, value in request.headers.items())
    clients = [socket.create_connection((parts.hostname, parts.port), timeout=10) for _ in range(connections)]
    began: dict[int, float] = {}
    times: list[float] = []
    errors = position = 0
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for client in clients:
            if client.fileno() in began:
                errors += not _read_answer(client)
                times.append(time.perf_counter() - began[client.fileno()])
            body = request.bodies[position % len(request.bodies)].encode() if request.bodies else b""
            position += 1
            path = f"{request.path}&n={position}" if request.vary else request.path
            head = f"{request.method} {path} HTTP/1.1\r\nHost: {parts.netloc}\r\n{lines}"
            began[client.fileno()] = time.perf_counter()
            client.sendall(head.encode() + (b"Content-Length: %d\r\n\r\n" % len(body) + body if body else b"\r\n"))
    for client in clients:
        client.close()
    return times, errors


def _read_answer(client: socket.socket) -> bool:
    data = b""
    while b"\r\n\r\n" not in data:
        data += client.recv(65536) or _gone()
    head, _, body = data.partition(b"\r\n\r\n")
    length = next(int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
    missing = length - len(body)
    while missing > 0:
        missing -= len(client.recv(min(missing, 65536)) or _gone())
    return head[9:10] == b"2"


def _gone() -> bytes:
    raise ConnectionError("the server closed the connection")


def uuid7_text(moment: float) -> str:
    """Return a UUIDv7 for a made-up record; not secret, and quick to make by the ten thousand."""
    bits = random.getrandbits(74)
    text = f"{int(moment * 1000):012x}7{bits >> 62:03x}{0x8 | (bits >> 60 & 3):x}{bits & (1 << 60) - 1:015x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
