"""`rgms services`: what runs where."""

from __future__ import annotations

import click

from cli.local.config import load
from libs.contracts.services import SERVICES


@click.command()
def services() -> None:
    """List every process with its port, server and schema.

    \b
    Example:
      ./rgms services
    """
    base = load().port
    click.echo(f"{'name':<10} {'port':<6} {'server':<8} {'schema':<10} application")
    for service in SERVICES:
        port = "-" if service.port_offset is None else str(base + service.port_offset)
        click.echo(f"{service.name:<10} {port:<6} {service.server:<8} {service.schema or '-':<10} {service.app}")
