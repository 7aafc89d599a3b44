"""Settings of the sockets process."""

from __future__ import annotations

from dataclasses import dataclass

from libs.config import Env


@dataclass(frozen=True)
class SocketSettings:
    """Limits of one sockets process.

    Attributes:
        max_connections: in this process; 10,000 took 321 MB when measured.
        max_per_user: of one account, over its devices and tabs. Outside production a load test signs in once and opens
            a thousand, so only production is strict.
        ping_seconds: a ping after this long, well under the 60 s after which proxies close an idle connection.
        silence_seconds: a connection that answered nothing for this long is gone.
        queue_bytes: what may wait for one slow reader before it is cut off; waiting bytes are shared between connections.
    """

    max_connections: int = 10_000
    max_per_user: int = 20
    ping_seconds: int = 25
    silence_seconds: int = 70
    queue_bytes: int = 1024 * 1024


def load(*, production: bool, env: Env | None = None) -> SocketSettings:
    """Read the limits.

    Raises:
        ConfigError: a value is not a number or out of range.
    """
    source = env or Env.of_process()
    defaults = SocketSettings()
    settings = SocketSettings(
        max_connections=source.number("SOCKETS_MAX_CONNECTIONS", defaults.max_connections, low=1, high=50_000),
        max_per_user=source.number("SOCKETS_MAX_PER_USER", defaults.max_per_user if production else 2_000, low=1, high=10_000),
        ping_seconds=source.number("SOCKETS_PING_SECONDS", defaults.ping_seconds, low=1, high=50),
        silence_seconds=source.number("SOCKETS_SILENCE_SECONDS", defaults.silence_seconds, low=2, high=600),
        queue_bytes=source.number("SOCKETS_QUEUE_BYTES", defaults.queue_bytes, low=65_536, high=16 * 1024 * 1024),
    )
    source.check()
    return settings
