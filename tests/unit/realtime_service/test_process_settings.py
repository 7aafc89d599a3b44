"""How the sockets process is served, and how much it takes on."""

from __future__ import annotations

import pytest

from libs.config import ConfigError, Env, load
from libs.web.server import options
from realtime_service.config import load as load_limits
from tests.support.production import PRODUCTION


@pytest.mark.requirement("2.1", "2.2")
def test_in_production_the_process_listens_on_all_addresses_at_its_port_in_one_gevent_worker(monkeypatch):
    monkeypatch.delenv("RGMS_BIND", raising=False)
    monkeypatch.setenv("PORT", "10000")
    chosen = options(load("sockets", PRODUCTION | {"PORT": "10000"}))

    assert chosen["bind"] == ["0.0.0.0:10000"]
    assert (chosen["worker_class"], chosen["workers"]) == ("gevent", 1)
    assert chosen["worker_connections"] >= load_limits(production=True, env=Env({})).max_connections


def test_one_account_may_hold_few_sockets_in_production_and_a_load_test_many():
    assert load_limits(production=True, env=Env({})).max_per_user == 20
    assert load_limits(production=False, env=Env({})).max_per_user == 2_000


@pytest.mark.requirement("2.6")
def test_a_connection_is_pinged_well_before_any_proxy_gives_it_up():
    limits = load_limits(production=True, env=Env({}))

    assert limits.ping_seconds <= 30
    assert limits.ping_seconds * 2 < limits.silence_seconds


def test_a_senseless_limit_is_refused_by_name():
    with pytest.raises(ConfigError, match="SOCKETS_QUEUE_BYTES"):
        load_limits(production=True, env=Env({"SOCKETS_QUEUE_BYTES": "12"}))
