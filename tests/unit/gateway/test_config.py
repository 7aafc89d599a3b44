"""What the gateway refuses to start with."""

from __future__ import annotations

import base64

import pytest

from gateway.app import create_app
from gateway.config import load as load_gateway
from libs.config import ConfigError, load

KEY = base64.b64encode(bytes(range(60, 92))).decode()
PRODUCTION = {
    "RGMS_ENV": "production",
    "SECRET_KEY": KEY,
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "ALLOWED_HOSTS": "rgms.example.org",
    "CORS_ALLOWED_ORIGINS": "https://rgms.example.org",
    "TRUSTED_HOPS": "1",
    "PUBLIC_URL": "https://rgms.example.org",
}


@pytest.mark.requirement("25.3")
@pytest.mark.parametrize("hosts", ["", " ", ",", " , "])
def test_in_production_it_does_not_start_without_hosts(hosts: str) -> None:
    assert load_gateway(load("gateway", PRODUCTION), {}).hosts == ("rgms.example.org",)
    with pytest.raises(ConfigError, match="ALLOWED_HOSTS"):
        load_gateway(load("gateway", PRODUCTION | {"ALLOWED_HOSTS": hosts}), {})


def test_the_application_itself_does_not_start_without_hosts() -> None:
    """A load that nobody calls would refuse nothing."""
    with pytest.raises(ConfigError, match="ALLOWED_HOSTS"):
        create_app(load("gateway", PRODUCTION | {"ALLOWED_HOSTS": ","}))


@pytest.mark.parametrize(
    ("variable", "value"),
    [("CORS_ALLOWED_ORIGINS", "*"), ("CORS_ALLOWED_ORIGINS", "rgms.example.org"), ("ROSTER_URL", "https://rgms-roster")],
)
def test_what_would_open_too_much_or_reach_nobody_is_named(variable: str, value: str) -> None:
    with pytest.raises(ConfigError, match=variable):
        load_gateway(load("gateway", PRODUCTION | {variable: value}), {})
