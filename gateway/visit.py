"""What the gateway established about one request before looking at what it wants."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Visit:
    """One request's circumstances.

    Attributes:
        address: the client's true address.
        scheme: how the client came: `http` or `https`.
        request_id: given by the client when sane, else made here.
        started: a time.perf_counter() reading.
    """

    address: str
    scheme: str
    request_id: str
    started: float

    @property
    def upstream_headers(self) -> str:
        """The header lines that tell a service of it; services trust them because only we reach services."""
        address = self.address
        return (
            f"X-Request-ID: {self.request_id}\r\nX-Client-Address: {address}\r\n"
            f"X-Forwarded-For: {address}\r\nX-Forwarded-Proto: {self.scheme}\r\n"
        )
