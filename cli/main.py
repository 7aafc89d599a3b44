"""The group of all commands; a command's module is imported only when it is asked for, so that help is instant."""

from __future__ import annotations

import importlib
import sys

import click

from cli.local import environment
from cli.local.config import ROOT
from cli.local.errors import LocalError
from libs.config import ConfigError
from libs.contracts.services import SERVICES

# name -> what it does; the command lives in libs/cli/<name with underscores>.py under that name
COMMANDS = {
    "up": "Run everything on this machine until Ctrl-C.",
    "test": "Run every test, or only the sections named.",
    "requirements": "Report which acceptance criteria are proved, and by which test.",
    "lint": "Check style and types.",
    "bench": "Measure the speed of the house.",
    "migrate": "Bring every schema to its newest version.",
    "seed": "Load demo data into the running house.",
    "create-admin": "Make an administrator account.",
    "openapi": "Write the OpenAPI document of all services.",
    "services": "List every process with its port.",
    "serve": "Run one process in the foreground.",
}
# Commands that work on the database: they find the house that runs here, or open its data for as long as they take.
OF_SERVICES = {"create-admin": "auth_service.cli:create_admin"}
ON_DATA = ("migrate", *OF_SERVICES)


class Commands(click.Group):
    """A group that knows the names of its commands and of the services with commands of their own."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """Return every name, our commands first."""
        return [*COMMANDS, *_service_commands()]

    def get_command(self, _ctx: click.Context, name: str) -> click.Command | None:
        """Return the command of this name, or None."""
        place = {**OF_SERVICES, **_service_commands()}.get(name)
        if place is None:
            if name not in COMMANDS:
                return None
            module = name.replace("-", "_")
            place = f"cli.{module}:{module}"
        module, _, attribute = place.partition(":")
        return getattr(importlib.import_module(module), attribute)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List our commands, then the services' own."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))
        groups = {name: self.get_command(ctx, name) for name in _service_commands()}
        own = [(name, group.get_short_help_str(100)) for name, group in groups.items()]
        if own:
            with formatter.section("Commands of one service"):
                formatter.write_dl(own)


def _service_commands() -> dict[str, str]:
    """Return name -> module for every service that has a `cli.py` (a click group named `cli`)."""
    packages = dict.fromkeys(service.package for service in SERVICES)
    return {
        package.removesuffix("_service"): f"{package}.cli:cli" for package in packages if (ROOT / package / "cli.py").is_file()
    }


@click.group(cls=Commands, name="rgms", context_settings={"help_option_names": ["-h", "--help"]})
def rgms() -> None:
    """RGMS: the ROTC Grading Management System.

    `./rgms up` runs everything on this machine; `./rgms test` runs every test.
    """


def main() -> None:
    """Run the command line; what keeps a command from working is one line on standard error, never a traceback."""
    arguments = sys.argv[1:]
    try:
        on_data = arguments and arguments[0] in {*ON_DATA, *_service_commands()}
        if on_data and not {"-h", "--help"} & set(arguments) and not environment.within_reach():
            sys.exit(environment.run(arguments))
        rgms(prog_name="./rgms")
    except (LocalError, ConfigError) as error:
        click.echo(f"rgms: {error}", err=True)
        sys.exit(1)
    except OSError as error:
        click.echo(f"rgms: {error.strerror or error}{f': {error.filename}' if error.filename else ''}", err=True)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
