"""What runs on this machine, and how it is: what `rgms status` tells."""

from __future__ import annotations

import contextlib
import platform
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg2
import redis

from cli.local.ports import LOOPBACK
from cli.local.programs import MODULE
from cli.local.readiness import is_ready
from cli.local.supervisor import command_line
from cli.version import rgms_version
from libs.contracts.services import SCHEMAS, SERVICES, Service
from libs.data import roles

SECONDS = 3


@dataclass(frozen=True)
class Process:
    """One process as it is now.

    Attributes:
        name: as in `rgms logs`.
        pid: its process id, None while it is down or where somebody else runs it.
        port: the TCP port it listens on, None for none.
        uptime_seconds: since it started, None while it is down.
        ready: whether it answers and reports its dependencies ready; a process without a port is ready while it runs.
    """

    name: str
    pid: int | None
    port: int | None
    uptime_seconds: int | None
    ready: bool


def processes(data_dir: Path, variables: Mapping[str, str]) -> list[Process]:
    """Return every process of the running house, and its two servers.

    Args:
        data_dir: where it runs.
        variables: those that reach it, as it announced them.
    """
    base = int(variables["RGMS_PORT"])
    return [*(_service(service, data_dir / "run", base) for service in SERVICES), _postgres(variables), _redis(variables)]


def versions(variables: Mapping[str, str]) -> dict[str, str | None]:
    """Return the version of RGMS, of Python and of the servers; None for one that does not answer."""
    postgres = redis_server = None
    with contextlib.suppress(psycopg2.Error), _database(variables) as cursor:
        postgres = str(_answer(cursor, "SHOW server_version")).split()[0]
    with contextlib.suppress(redis.RedisError):
        facts = _redis_facts(variables)
        # Valkey calls itself the last Redis that it is compatible with, and names its own version besides.
        redis_server = f"Valkey {facts['valkey_version']}" if "valkey_version" in facts else facts["redis_version"]
    return {"rgms": rgms_version(), "python": platform.python_version(), "postgres": postgres, "redis": redis_server}


def database_roles(variables: Mapping[str, str]) -> dict[str, dict[str, Any]] | None:
    """Return by service which database role it works under, and why if it is not its own; None without an answer."""
    try:
        serving = {service.name: roles.serving(variables["DATABASE_URL"], service.name) for service in SCHEMAS}
    except psycopg2.Error:
        return None
    return {name: {"role": who.role, "separate": who.separate, "reason": who.reason} for name, who in serving.items()}


def _service(service: Service, pids: Path, base: int) -> Process:
    path = pids / f"{service.name}.pid"
    port = None if service.port_offset is None else base + service.port_offset
    try:
        pid, started = int(path.read_text(encoding="ascii")), path.stat().st_mtime
    except (FileNotFoundError, ValueError):
        return Process(service.name, None, port, None, False)
    if MODULE not in command_line(pid):
        return Process(service.name, None, port, None, False)
    return Process(service.name, pid, port, int(time.time() - started), port is None or is_ready(port))


def _postgres(variables: Mapping[str, str]) -> Process:
    address = urlsplit(variables["DATABASE_URL"])
    with contextlib.suppress(psycopg2.Error), _database(variables) as cursor:
        uptime = _answer(cursor, "SELECT extract(epoch FROM now() - pg_postmaster_start_time())::int")
        return Process("postgres", _postmaster(Path(variables["RGMS_DATA_DIR"])), address.port, uptime, True)
    return Process("postgres", None, address.port, None, False)


def _answer(cursor: psycopg2.extensions.cursor, question: str) -> Any:
    cursor.execute(question)
    return next(cursor)[0]


def _postmaster(data_dir: Path) -> int | None:
    """Return the process id of the PostgreSQL that is kept here; None where somebody else's is used."""
    with contextlib.suppress(OSError, ValueError):
        return int((data_dir / "postgres" / "cluster" / "postmaster.pid").read_text(encoding="utf-8").split()[0])
    return None


def _redis(variables: Mapping[str, str]) -> Process:
    address = urlsplit(variables["REDIS_URL"])
    port = address.port or 6379
    with contextlib.suppress(redis.RedisError):
        facts = _redis_facts(variables)
        here = address.hostname in {LOOPBACK, "localhost"}
        return Process("redis", facts["process_id"] if here else None, port, facts["uptime_in_seconds"], True)
    return Process("redis", None, port, None, False)


def _redis_facts(variables: Mapping[str, str]) -> dict[str, Any]:
    client = redis.Redis.from_url(variables["REDIS_URL"], socket_timeout=SECONDS, socket_connect_timeout=SECONDS, retry=None)
    with contextlib.closing(client):
        return client.info("server")


@contextlib.contextmanager
def _database(variables: Mapping[str, str]) -> Iterator[psycopg2.extensions.cursor]:
    address = "postgresql://" + variables["DATABASE_URL"].partition("://")[2]
    with contextlib.closing(psycopg2.connect(address, connect_timeout=SECONDS)) as connection, connection.cursor() as cursor:
        yield cursor
