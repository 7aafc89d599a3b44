"""Which command line runs which process of the house."""

from __future__ import annotations

import sys

from libs.contracts.services import Service

MODULE = "cli.process"
CONFIGURATION_ERROR = 78
"""EX_CONFIG, the exit code of a process that refuses its settings: starting it again would not help."""


def command(service: Service) -> list[str]:
    """Return the command line of this process.

    A gevent process goes through gevent's own launcher: sockets, locks and ssl must be patched before anything imports them.
    """
    launcher = ["-m", "gevent.monkey", "--module"] if service.server == "gevent" else ["-m"]
    return [sys.executable, *launcher, MODULE, service.name]
