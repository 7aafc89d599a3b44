"""The group of all commands; a command's module is imported only when it is asked for, so that help is instant."""

from __future__ import annotations

import importlib
import os
import platform
import sys

import click

from cli.completion import VARIABLE
from cli.local.config import ROOT, within_reach
from cli.local.errors import LocalError, in_words
from cli.version import rgms_version
from libs.config import ConfigError
from libs.contracts.services import SERVICES

# name -> what it does; the command lives in cli/<name with underscores>.py under that name
COMMANDS = {
    "up": "Run everything on this machine until Ctrl-C.",
    "status": "Show what runs on this machine.",
    "logs": "Show what the processes print.",
    "stop": "Stop what runs on this machine.",
    "reset": "Delete everything that RGMS keeps on this machine.",
    "psql": "Open psql on the database.",
    "create-admin": "Make an administrator account.",
    "migrate": "Bring every schema to its newest version.",
    "seed": "Load demo data into the running system.",
    "test": "Run every test, or only the sections named.",
    "requirements": "Report which acceptance criteria are proved, and by which test.",
    "lint": "Check style and types.",
    "bench": "Measure the speed of RGMS.",
    "openapi": "Write the API's description, the client's types and the table of events.",
    "services": "List every process with its port.",
    "serve": "Run one process in the foreground.",
    "completion": "Print the script that completes commands in your shell.",
}
# Commands that work on the database: they find the RGMS that runs here, or open its data for as long as they take.
OF_SERVICES = {"create-admin": "auth_service.cli:create_admin"}
ON_DATA = ("migrate", "psql", *OF_SERVICES)
USAGE_ERROR = 2


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
        groups = [(name, self.get_command(ctx, name)) for name in _service_commands()]
        own = [(name, group.get_short_help_str(100)) for name, group in groups if group]
        if own:
            with formatter.section("Commands of one service"):
                formatter.write_dl(own)


def _service_commands() -> dict[str, str]:
    """Return name -> module for every service that has a `cli.py` (a click group named `cli`)."""
    packages = dict.fromkeys(service.package for service in SERVICES)
    return {
        package.removesuffix("_service"): f"{package}.cli:cli" for package in packages if (ROOT / package / "cli.py").is_file()
    }


def _print_version(ctx: click.Context, _parameter: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        click.echo(f"RGMS {rgms_version()}, Python {platform.python_version()}")
        ctx.exit()


@click.group(cls=Commands, name="rgms", context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_print_version, help="Show the version.")
def rgms() -> None:
    """RGMS: the ROTC Grading Management System.

    `./rgms up` runs everything on this machine; `./rgms test` runs every test.

    \b
    Examples:
      ./rgms up
      ./rgms COMMAND --help
    """


def main() -> None:
    """Run the command line; what keeps a command from working is one line on standard error, never a traceback."""
    try:
        sys.exit(_run(sys.argv[1:]))
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        sys.exit(USAGE_ERROR)
    except click.UsageError as error:
        path = error.ctx.command_path if error.ctx else "./rgms"
        _complain(f"{error.format_message()} {path} --help says what fits.")
        sys.exit(USAGE_ERROR)
    except click.ClickException as error:
        _complain(error.format_message())
        sys.exit(error.exit_code)
    except click.Abort:
        _complain("ended without an answer; nothing was changed.")
        sys.exit(1)
    except (LocalError, ConfigError) as error:
        _complain(str(error))
        sys.exit(1)
    except BrokenPipeError:
        # Whoever read our output (head, less) has seen enough; nothing is left to be flushed into it at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:
        _complain(in_words(error))
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


def _run(arguments: list[str]) -> int:
    """Run the command, in this process or where the data is within its reach; return its exit code."""
    if arguments and arguments[0] in {*ON_DATA, *_service_commands()} and not within_reach():
        if (code := _refused(arguments)) is not None:
            return code
        # Whatever starts a database takes its time to import, so only who needs it does.
        return importlib.import_module("cli.local.environment").run(arguments)
    code = rgms.main(arguments, prog_name="./rgms", complete_var=VARIABLE, standalone_mode=False)
    return code if isinstance(code, int) else 0


def _refused(arguments: list[str]) -> int | None:
    """Return the exit code of a command line that runs nothing, before a whole database is started for it; else None.

    Raises:
        click.UsageError: an argument is wrong.
    """
    context = click.Context(rgms, info_name="./rgms")
    command: click.Command = rgms
    rest = list(arguments)
    try:
        while isinstance(command, click.Group):
            name, found, rest = command.resolve_command(context, rest)
            command = found or rgms
            context = command.make_context(name, list(rest), parent=context)
    except click.exceptions.Exit as done:  # --help
        return done.exit_code
    return None


def _complain(message: str) -> None:
    click.echo(f"rgms: {message}", err=True)


if __name__ == "__main__":
    main()
