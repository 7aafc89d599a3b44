"""A real gateway process, a real service behind it and a real Redis, all on loopback."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import redis

from cli.local.ports import free_port
from cli.local.programs import command
from cli.testing.plugin import TEST_KEY
from libs.contracts.services import BY_NAME, LISTENING
from tests.support.gateway_process import Gateway, Process, echo_service, spawn


@pytest.fixture(scope="session")
def echo() -> Iterator[Process]:
    service = echo_service(free_port()).wait()
    yield service
    service.stop()


@pytest.fixture(scope="session")
def start_gateway(redis_url: str, tmp_path_factory) -> Iterator[Callable[..., Gateway]]:
    """A function (upstream port, **variables) -> Gateway; the same variables give the same process."""
    running: dict[tuple, Gateway] = {}

    def start(upstream: int, **variables: str) -> Gateway:
        key = (upstream, tuple(sorted(variables.items())))
        if key in running and running[key].process.child.poll() is None:
            return running[key]
        port = free_port()
        urls = {service.url_variable: f"http://127.0.0.1:{upstream}" for service in LISTENING}
        env = {
            "RGMS_ENV": "test",
            "SECRET_KEY": TEST_KEY,
            "REDIS_URL": redis_url,
            "LOG_LEVEL": "CRITICAL",
            "PORT": str(port),
            "RGMS_DATA_DIR": str(tmp_path_factory.mktemp("gateway")),
            **urls,
            **variables,
        }
        running[key] = Gateway(spawn("gateway", port, command(BY_NAME["gateway"]), env).wait(), env)
        return running[key]

    yield start
    for gateway in running.values():
        gateway.pool.close()
        gateway.process.child.terminate()
    for gateway in running.values():
        gateway.process.stop()


@pytest.fixture
def gateway(start_gateway: Callable[..., Gateway], echo: Process, redis_client: redis.Redis) -> Gateway:
    """A gateway in front of the echo service, with Redis emptied."""
    return start_gateway(echo.port, CORS_ALLOWED_ORIGINS="https://app.rotc.test")
