"""What only the gateway reads from the environment."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from libs.config import Env, Settings

# It stands in a header that separates by spaces, semicolons and commas.
_ORIGIN = re.compile(r"(https?|wss?)://[A-Za-z0-9.-]+(:\d{1,5})?|(https?|wss?)://\[[0-9A-Fa-f:]+\](:\d{1,5})?")
ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class GatewaySettings:
    """The gateway's own settings.

    Attributes:
        limits: requests a minute, by limit class and subject (`user`, `device` or `address`).
        hosts: host names that are served; empty means the local names and any literal address.
        client_dist: the folder of the built web client.
        api_origins: where a client built for another origin finds its API and its sockets.
        tunnels: sockets that one worker carries at once.
        tunnels_each: how many of them may come from one address; a campus has one.
        tunnels_user: how many of them may be one account's, over its devices and tabs.
        in_flight: requests that one worker has under way at one service at once.
        docs: whether anyone may read the description of the API.
        health_details: whether anyone is told which part of the house is ill; else only who may read metrics.
    """

    limits: Mapping[str, int]
    hosts: tuple[str, ...] = ()
    client_dist: Path = ROOT / "client" / "dist"
    api_origins: tuple[str, ...] = ()
    tunnels: int = 4000
    tunnels_each: int = 2000
    tunnels_user: int = 2000
    in_flight: int = 256
    docs: bool = True
    health_details: bool = True
    slow_seconds: float = field(default=2.0)


def load(settings: Settings, env: Mapping[str, str] | None = None) -> GatewaySettings:
    """Read the gateway's settings.

    Raises:
        ConfigError: naming every variable that is missing or malformed.
    """
    source = Env(os.environ if env is None else env)
    hosts = settings.allowed_hosts
    if render := source.text("RENDER_EXTERNAL_HOSTNAME"):
        hosts = (*hosts, render)
    if settings.production and not hosts:
        source.problems.append("ALLOWED_HOSTS names no host")
    for origin in settings.cors_origins:
        if origin == "*" or not origin.startswith(("http://", "https://")):
            source.problems.append(f"CORS_ALLOWED_ORIGINS must name origins such as https://rotc.example.edu, not {origin!r}")
    api_origins = source.listing("PUBLIC_API_ORIGINS")
    for origin in api_origins:
        if not _ORIGIN.fullmatch(origin):
            source.problems.append(f"PUBLIC_API_ORIGINS must name origins such as https://api.example.edu, not {origin!r}")
    for name, url in settings.urls.items():
        if not url.startswith("http://"):
            source.problems.append(f"{name.upper()}_URL must be an http:// address of the private network, not {url!r}")
    # A whole campus sits behind one address, so an address may do what many people do together. Outside production a load test
    # signs in once and opens a thousand sockets.
    sockets_of_one = 20 if settings.production else 2_000
    loaded = GatewaySettings(
        limits={
            "user": source.number("RATE_LIMIT_USER", 600, low=1),
            "address": source.number("RATE_LIMIT_ADDRESS", 12_000, low=1),
            "sign_in_address": source.number("RATE_LIMIT_SIGN_IN_ADDRESS", 600, low=1),
            "sign_in_device": source.number("RATE_LIMIT_SIGN_IN_DEVICE", 60, low=1),
            "upload_user": source.number("RATE_LIMIT_UPLOAD_USER", 60, low=1),
            "socket_user": source.number("RATE_LIMIT_SOCKET_USER", 6 * sockets_of_one, low=1),
            "socket_address": source.number("RATE_LIMIT_SOCKET_ADDRESS", 6_000, low=1),
        },
        hosts=hosts,
        client_dist=Path(source.text("CLIENT_DIST", str(ROOT / "client" / "dist"))).resolve(),
        api_origins=api_origins,
        tunnels=source.number("GATEWAY_TUNNELS", 4000, low=1, high=50_000),
        tunnels_each=source.number("GATEWAY_TUNNELS_ADDRESS", 2000, low=1, high=50_000),
        tunnels_user=source.number("GATEWAY_TUNNELS_USER", sockets_of_one, low=1, high=50_000),
        in_flight=source.number("GATEWAY_IN_FLIGHT", 256, low=1, high=10_000),
        docs=source.flag("API_DOCS", True),
        health_details=source.flag("HEALTH_DETAILS", True),
    )
    source.check()
    return loaded
