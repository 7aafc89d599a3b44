"""What a process that faces real people may not start without.

On a developer's machine each of these has a stand-in: e-mails go to a folder, uploads to the disk, links lead to 127.0.0.1. In
staging and production such a stand-in would lose what people send without a word, so it must be chosen by name.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import psycopg2
from psycopg2.extensions import parse_dsn

SAFE_SSL_MODES = frozenset({"require", "verify-ca", "verify-full"})


@dataclass(frozen=True)
class Need:
    """One variable that may not be missing.

    Attributes:
        variable: its name.
        services: the processes that refuse to start without it.
        purpose: what it is for, as the message tells the operator.
        instead: `NAME=value` by which the operator says that this deployment does without.
        provided: another variable, set by the hosting platform, that serves as well.
    """

    variable: str
    services: tuple[str, ...]
    purpose: str
    instead: str = ""
    provided: str = ""

    def met(self, values: Mapping[str, str]) -> bool:
        """Whether `values` holds it, or says that it is not wanted."""
        name, _, chosen = self.instead.partition("=")
        return any(
            (
                values.get(self.variable, "").strip(),
                self.provided and values.get(self.provided, "").strip(),
                self.instead and values.get(name, "").strip().lower() == chosen,
            )
        )

    def complaint(self) -> str:
        """Return what to tell the operator."""
        return f"{self.variable} is not set ({self.purpose}{f', or set {self.instead}' if self.instead else ''})"


NEEDS = (
    Need("PUBLIC_URL", ("gateway", "auth"), "the https address where people reach RGMS; links in e-mails start with it"),
    Need("ALLOWED_HOSTS", ("gateway",), "the host names that are served", provided="RENDER_EXTERNAL_HOSTNAME"),
    Need("CORS_ALLOWED_ORIGINS", ("gateway", "sockets"), "the origins whose pages may call"),
    Need("TRUSTED_HOPS", ("gateway",), "how many proxies stand before the gateway, 0 for none"),
    Need("CLOUDINARY_URL", ("media",), "the account that keeps uploaded files", instead="MEDIA_STORE=disk"),
    Need("SMTP_HOST", ("worker",), "the server that sends e-mails", instead="MAIL=folder"),
)


def problems(service: str, values: Mapping[str, str]) -> Iterator[str]:
    """Yield what keeps `service` from facing real people with these variables.

    The address of the database is `unsafe_database`'s matter.
    """
    for need in NEEDS:
        if service in need.services and not need.met(values):
            yield need.complaint()
    if service in _services_of("PUBLIC_URL") and (address := values.get("PUBLIC_URL", "").strip()):
        yield from _address_problems(address, values.get("TRUSTED_HOPS", "").strip())


def unsafe_database(url: str) -> str:
    """Return why the connection to this database could be read on its way, or an empty string.

    Connections within this machine, by loopback or a socket file, need no TLS.
    """
    try:
        parts = parse_dsn("postgresql://" + url.partition("://")[2])
    except psycopg2.ProgrammingError:
        # Never quoted: it holds a password.
        return "DATABASE_URL is not an address of a PostgreSQL (postgresql://user:password@host/name?sslmode=require)"
    hosts = (parts.get("hostaddr") or parts.get("host") or "").split(",")
    if parts.get("sslmode") in SAFE_SSL_MODES or all(_within_this_machine(host) for host in hosts):
        return ""
    return "DATABASE_URL must ask for TLS (add ?sslmode=require, or &sslmode=require after other options)"


def _services_of(variable: str) -> tuple[str, ...]:
    return next(need.services for need in NEEDS if need.variable == variable)


def _address_problems(address: str, hops: str) -> Iterator[str]:
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        parts, host = urlsplit(""), ""
    if parts.scheme == "http" and host and _within_this_machine(host):
        return
    if parts.scheme != "https" or not host:
        yield f"PUBLIC_URL must begin with https:// unless it is an address of this machine itself, not {address!r}"
    elif hops == "0":
        yield "TRUSTED_HOPS is 0 but PUBLIC_URL begins with https://: what takes the https in front of the gateway counts as 1"


def _within_this_machine(host: str) -> bool:
    if host in {"", "localhost"} or host.startswith(("/", "@")):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
