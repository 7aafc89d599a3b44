"""One process of RGMS in the foreground: what `rgms serve` and the runner start, by the command of `cli.local.programs`."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from typing import Any

from gunicorn.app.base import BaseApplication

from cli.local.programs import CONFIGURATION_ERROR
from libs.config import ConfigError, load
from libs.contracts.services import BY_NAME
from libs.web.server import options

USAGE_ERROR = 2


class HttpProcess(BaseApplication):
    """Gunicorn with the settings of `libs.web.server` and the application factory of one service."""

    def __init__(self, chosen: dict[str, Any], factory: Callable[[], Any]) -> None:
        self._chosen = chosen
        self._factory = factory
        super().__init__()

    def load_config(self) -> None:
        """Take the settings as they are: no command line, no configuration file."""
        for name, value in self._chosen.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Make the application, in the worker."""
        return self._factory()


def run(name: str) -> None:
    """Run the process `name` until it is told to stop.

    Raises:
        ConfigError: the environment does not allow a safe start.
    """
    service = BY_NAME[name]
    settings = load(name)
    module, _, attribute = service.app.partition(":")
    entry = getattr(importlib.import_module(module), attribute)
    if service.server == "worker":
        entry.worker_main(["worker", "--without-gossip", "--without-mingle"])
    elif service.server == "beat":
        entry.start(["beat", "--pidfile="])
    else:
        HttpProcess(options(settings), lambda: entry(settings)).run()


def main(arguments: list[str]) -> int:
    """Run the process named on the command line; return its exit code."""
    if len(arguments) != 1 or arguments[0] not in BY_NAME:
        sys.stderr.write(f"Usage: python -m cli.process NAME, where NAME is one of: {', '.join(BY_NAME)}\n")
        return USAGE_ERROR
    try:
        run(arguments[0])
    except ConfigError as error:
        sys.stderr.write(f"{error}\n")
        return CONFIGURATION_ERROR
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
