"""`rgms status`: what runs on this machine."""

from __future__ import annotations

import dataclasses
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from cli.local import lock, state
from cli.local.config import load
from cli.local.ports import LOOPBACK


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For programs: one JSON object, passwords included.")
def status(as_json: bool) -> None:
    """Show what runs on this machine: processes, addresses, versions, database roles. Exit code 1 when nothing does.

    \b
    Examples:
      ./rgms status
      ./rgms status --json | jq -r .database_url
    """
    data_dir = load().data_dir
    found = _state(data_dir)
    if as_json:
        click.echo(json.dumps(found, indent=2))
    else:
        click.echo("\n".join(_lines(found)))
    sys.exit(0 if found["running"] else 1)


def _state(data_dir: Path) -> dict[str, Any]:
    pid, variables = lock.holder(data_dir), lock.announced(data_dir)
    found: dict[str, Any] = {"running": variables is not None, "starting": False, "data_dir": str(data_dir), "pid": pid}
    if variables is None:
        return found | {"starting": pid is not None}
    url = f"http://{LOOPBACK}:{variables['RGMS_PORT']}"
    addresses = {"app": url, "api": f"{url}/api/docs", "health": f"{url}/api/health", "sockets": f"ws{url[4:]}/ws/updates/"}
    return found | {
        "environment": variables["RGMS_ENV"],
        "addresses": addresses,
        "database_url": variables["DATABASE_URL"],
        "redis_url": variables["REDIS_URL"],
        "logs": str(data_dir / "logs"),
        "processes": [dataclasses.asdict(process) for process in state.processes(data_dir, variables)],
        "versions": state.versions(variables),
        "database_roles": state.database_roles(variables),
    }


def _lines(found: dict[str, Any]) -> Iterator[str]:
    if found["starting"]:
        yield f"RGMS is starting on {found['data_dir']} (process {found['pid']})."
        return
    if not found["running"]:
        yield f"Nothing runs on {found['data_dir']}. ./rgms up starts it."
        return
    yield f"RGMS runs at {found['addresses']['app']} ({found['environment']}, process {found['pid']})"
    yield ""
    yield f"{'process':<10} {'pid':>8} {'port':>6} {'up for':>10}  state"
    for process in found["processes"]:
        pid, port, up = process["pid"] or "-", process["port"] or "-", _duration(process["uptime_seconds"])
        yield f"{process['name']:<10} {pid:>8} {port:>6} {up:>10}  {_standing(process)}"
    yield ""
    for name, address in (*found["addresses"].items(), ("database", found["database_url"]), ("redis", found["redis_url"])):
        yield f"{name:<10} {_without_password(address)}"
    yield f"{'data':<10} {found['data_dir']}"
    versions = ", ".join(f"{name} {version or 'unknown'}" for name, version in found["versions"].items())
    yield f"{'versions':<10} {versions}"
    yield f"{'roles':<10} {_roles(found['database_roles'])}"


def _standing(process: dict[str, Any]) -> str:
    if process["ready"]:
        return "ready"
    return "down" if process["uptime_seconds"] is None else "not ready"


def _duration(seconds: int | None) -> str:
    if seconds is None:
        return "-"
    minutes, hours = seconds // 60, seconds // 3600
    if hours >= 48:
        return f"{hours // 24} d"
    return f"{hours} h {minutes % 60} min" if hours else f"{minutes} min" if minutes else f"{seconds} s"


def _without_password(address: str) -> str:
    return re.sub(r"(://[^:/@]*):[^@]*@", r"\1:***@", address)


def _roles(serving: dict[str, dict[str, Any]] | None) -> str:
    if serving is None:
        return "unknown: the database does not answer"
    shared = {name: who for name, who in serving.items() if not who["separate"]}
    if not shared:
        return "each service works under a database role of its own"
    who = next(iter(shared.values()))
    return f"{', '.join(shared)} under {who['role']}, the role of DATABASE_URL ({who['reason']})"
