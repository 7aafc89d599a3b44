"""What a request wears that came to a service through the gateway."""

from __future__ import annotations

from cli.testing.plugin import TEST_KEY
from libs.config import load
from libs.web.request_context import ADDRESS_HEADER, GATEWAY_HEADER
from libs.web.tokens import service_token

_SETTINGS = load("gateway", {"RGMS_ENV": "test", "SECRET_KEY": TEST_KEY, "REDIS_URL": "redis://127.0.0.1:1/0"})


def from_gateway(service: str, address: str) -> dict[str, str]:
    """Return the headers with which the gateway tells `service` of a device at `address`."""
    return {GATEWAY_HEADER: service_token(_SETTINGS, "gateway", service), ADDRESS_HEADER: address}
