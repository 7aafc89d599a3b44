"""Where a request comes from, as logs, sessions and limits need it."""

from dataclasses import dataclass

from flask import current_app, g, request

from auth_service.domain.throttle import Visitor
from libs.web import devices
from libs.web.devices import Device
from libs.web.request_context import client_address


@dataclass(frozen=True)
class ClientInfo:
    """The device's address as the gateway saw it, its user agent, the request's id, and the device if it is a known one."""

    address: str
    user_agent: str
    request_id: str
    device: Device | None = None

    def visitor(self, user_id: int | None) -> Visitor:
        """Return who this is to an account: a device that its owner signed in from before, or a stranger."""
        known = self.device is not None and user_id in self.device.accounts
        return Visitor(self.address, self.device.id if self.device and known else "")


INTERNAL = ClientInfo("internal", "", "")
"""What roster events, jobs and commands do comes from no device."""


def current_client_info() -> ClientInfo:
    """Return the origin of this request; bounded, because a header can be of any length."""
    agent = "".join(letter for letter in request.headers.get("User-Agent", "") if letter.isprintable())
    device = devices.read(current_app.config["RGMS"], request.headers.get(devices.HEADER, ""))
    return ClientInfo(client_address()[:64] or "unknown", agent[:300], g.get("request_id", ""), device)
