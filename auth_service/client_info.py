"""Where a request comes from, as logs, sessions and limits need it."""

from dataclasses import dataclass

from flask import g, request

from libs.web.request_context import client_address


@dataclass(frozen=True)
class ClientInfo:
    """The device's address as the gateway saw it, its user agent, and the request's id."""

    address: str
    user_agent: str
    request_id: str


INTERNAL = ClientInfo("internal", "", "")
"""What roster events, jobs and commands do comes from no device."""


def current_client_info() -> ClientInfo:
    """Return the origin of this request; bounded, because a header can be of any length."""
    agent = "".join(letter for letter in request.headers.get("User-Agent", "") if letter.isprintable())
    return ClientInfo(client_address()[:64] or "unknown", agent[:300], g.get("request_id", ""))
