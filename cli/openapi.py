"""`rgms openapi`: the API's description, the client's types and lists, and the table of events, all from the code."""

from __future__ import annotations

import importlib
import json
import secrets
import subprocess
from pathlib import Path
from typing import Any

import click

from cli.client_words import client_words
from cli.local import client
from cli.local.config import ROOT, environment
from cli.protocol_words import protocol
from libs.config import load
from libs.contracts.services import LISTENING

OUTPUT = ROOT / "client" / "openapi.json"
WORDS = ROOT / "client" / "src" / "types" / "domain.ts"
PROTOCOL = ROOT / "docs" / "realtime-protocol.md"
VERSION = "v1"


@click.command()
@click.option(
    "--output", type=click.Path(path_type=Path), default=OUTPUT, show_default="client/openapi.json", help="Where to write it."
)
@click.option("--check", is_flag=True, help="Write nothing; fail when the file differs.")
def openapi(output: Path, check: bool) -> None:
    """Write the merged OpenAPI document, the client's types and lists, and the table of events; no running system is needed.

    \b
    Examples:
      ./rgms openapi
      ./rgms openapi --check
    """
    text = json.dumps(document(), indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    written = {output: text}
    if output == OUTPUT:
        written[WORDS] = client_words()
        written[PROTOCOL] = protocol(PROTOCOL.read_text("utf-8"))
    for path, wanted in written.items():
        if not check:
            path.write_text(wanted, encoding="utf-8")
            click.echo(f"{path}: {len(wanted)} characters")
        elif not path.exists() or path.read_text(encoding="utf-8") != wanted:
            raise click.ClickException(f"{path} is out of date: run ./rgms openapi.")
    if output == OUTPUT and not check:
        _write_types()


def _write_types() -> None:
    """Generate the client's types from the description just written."""
    variables = environment()
    client.install(click.echo, variables)
    subprocess.run(client.npm("run", "types", "--silent"), check=True, cwd=client.CLIENT, env=client.node_environment(variables))


def document() -> dict[str, Any]:
    """Return the description of every service, merged as the gateway shows it."""
    # Applications are made but never asked anything, so addresses that nobody answers will do.
    variables = {
        "RGMS_ENV": "development",
        "SECRET_KEY": secrets.token_urlsafe(48),
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "LOG_LEVEL": "ERROR",
    }
    parts: dict[str, Any] = {}
    for service in LISTENING:
        if service.server == "threads":
            module, _, factory = service.app.partition(":")
            app = getattr(importlib.import_module(module), factory)(load(service.name, variables))
            parts[service.name] = app.test_client().get("/openapi.json").get_json()
    gateway = importlib.import_module("gateway.openapi")
    docs = importlib.import_module("gateway.views.docs")
    return gateway.merged(parts, VERSION, docs.OWN_PATHS)
