"""Which TCP ports are free, and which one a server had last time."""

import random
import socket
from pathlib import Path

from cli.local.errors import LocalError

LOOPBACK = "127.0.0.1"
LOWEST, HIGHEST = 15_000, 32_000


def is_free(port: int, host: str = LOOPBACK) -> bool:
    """Say whether a server could listen on this port now (a port in TIME_WAIT counts as free, as servers reuse it)."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """Return a port that nobody listens on at this moment.

    Raises:
        LocalError: there is none.
    """
    return free_range(1)


def free_range(count: int) -> int:
    """Return the first of `count` neighbouring free ports, for a whole house beside others on one machine.

    Below the range from which systems take the near end of outgoing connections: one of those would sit on the port of a server
    that is just being started again.

    Raises:
        LocalError: there are none.
    """
    for _ in range(400):
        base = random.randrange(LOWEST, HIGHEST - count)  # noqa: S311 - two houses should not look in the same place
        if all(is_free(port) for port in range(base, base + count)):
            return base
    raise LocalError(f"No {count} neighbouring free ports were found between {LOWEST} and {HIGHEST}.")


def settled_port(memory: Path, wanted: int | None = None) -> int:
    """Return the port to listen on: the one asked for, else last time's, else a free one; the choice is written to `memory`.

    Raises:
        LocalError: the port asked for is in use. A remembered port that was taken meanwhile is replaced without a word.
    """
    if wanted is not None:
        if not is_free(wanted):
            raise LocalError(f"Port {wanted} is in use on this machine.")
        port = wanted
    else:
        last = _remembered(memory)
        port = last if last is not None and is_free(last) else free_port()
    memory.write_text(f"{port}\n", encoding="ascii")
    return port


def _remembered(memory: Path) -> int | None:
    try:
        port = int(memory.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None
    return port if 1024 <= port <= 65535 else None
