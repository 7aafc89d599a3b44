"""How processes are served, here and on Render."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from gateway.request_context import TrustedHops, true_address
from libs.config import load
from libs.contracts.services import BY_NAME, SERVICES
from libs.production import NEEDS
from libs.web.server import options
from tests.support.production import PRODUCTION

BLUEPRINT = yaml.safe_load((Path(__file__).resolve().parents[3] / "render.yaml").read_text("utf-8"))
RUNBOOK = (Path(__file__).resolve().parents[3] / "docs" / "runbook.md").read_text("utf-8")
BY_RENDER_NAME = {service["name"]: service for service in BLUEPRINT["services"]}


@pytest.fixture(autouse=True)
def _nothing_given(monkeypatch) -> None:
    for variable in ("PORT", "RGMS_BIND"):
        monkeypatch.delenv(variable, raising=False)


def served(name: str, **variables: str) -> dict:
    return options(load(name, PRODUCTION | variables))


@pytest.mark.requirement("1.1", "2.1")
@pytest.mark.parametrize("name", ["gateway", "roster", "sockets"])
def test_in_production_a_process_binds_every_address_and_the_port_it_is_given(name, monkeypatch):
    monkeypatch.setenv("PORT", "10000")
    assert served(name, PORT="10000")["bind"] == ["0.0.0.0:10000"]


@pytest.mark.requirement("1.1", "2.1")
def test_on_render_every_process_is_told_to_bind_every_address(monkeypatch):
    (address,) = [v["value"] for group in BLUEPRINT["envVarGroups"] for v in group["envVars"] if v.get("key") == "RGMS_BIND"]
    monkeypatch.setenv("RGMS_BIND", address)
    for name in BY_NAME.keys() - {"worker", "beat"}:
        assert served(name, PORT="10000")["bind"] == ["0.0.0.0:10000"]


@pytest.mark.parametrize("environment", ["development", "test", "staging", "production"])
def test_on_a_machine_of_ones_own_nothing_listens_beyond_loopback(environment):
    """`RGMS_ENV=production ./rgms up` once opened eight ports to the whole network."""
    for name in BY_NAME.keys() - {"worker", "beat"}:
        (bind,) = served(name, RGMS_ENV=environment)["bind"]
        assert bind.startswith("127.0.0.1:")


def test_where_to_listen_can_be_said(monkeypatch):
    monkeypatch.setenv("RGMS_BIND", "192.168.1.7")
    assert served("gateway", RGMS_ENV="development")["bind"] == ["192.168.1.7:8000"]


@pytest.mark.requirement("1.2")
def test_gunicorn_runs_four_workers_in_production():
    assert served("gateway")["workers"] == served("roster")["workers"] == 4
    assert served("sockets")["workers"] == 1


def test_the_doors_never_restart_their_workers_and_services_do_not_all_at_once():
    """Defect D25 of the legacy system: workers that started anew after 1,000 requests showed as stalls of two seconds."""
    assert served("gateway")["max_requests"] == served("sockets")["max_requests"] == 0
    assert served("roster")["max_requests_jitter"] > 0


def test_behind_render_the_address_that_cloudflare_wrote_is_the_clients():
    """Defect D14 of the legacy system: behind a proxy all people shared one address, and one limit."""
    (hops,) = [v["value"] for group in BLUEPRINT["envVarGroups"] for v in group["envVars"] if v.get("key") == "TRUSTED_HOPS"]
    for header in ("99.61.165.29, 104.22.17.40", "6.6.6.6, 99.61.165.29, 104.22.17.40"):
        seen: list[str] = []
        hop = TrustedHops(lambda environ, _start, seen=seen: seen.append(true_address(environ)) or [], int(hops))
        hop({"REMOTE_ADDR": "10.21.157.68", "wsgi.url_scheme": "http", "HTTP_X_FORWARDED_FOR": header}, lambda *_: None)
        assert seen == ["99.61.165.29"]


def test_services_with_a_database_run_threads_and_the_doors_run_gevent():
    assert {name: served(name)["worker_class"] for name in ("roster", "gateway", "sockets")} == {
        "roster": "gthread",
        "gateway": "gevent",
        "sockets": "gevent",
    }


def test_the_blueprint_starts_every_process_by_its_own_command():
    for service in SERVICES:
        deployed = BY_RENDER_NAME[f"rgms-{service.name}"]
        assert deployed["startCommand"] == f"python -m cli.main serve {service.name}"


def test_everything_without_which_a_process_refuses_to_start_is_in_the_blueprint_or_asked_for_by_its_guide():
    declared = {variable["key"] for group in BLUEPRINT["envVarGroups"] for variable in group["envVars"]}
    # Render leaves out what a group of the blueprint would ask for, so that is entered by hand.
    assert all("sync" not in variable for group in BLUEPRINT["envVarGroups"] for variable in group["envVars"])
    guide = RUNBOOK.partition("## First deployment on Render")[2].partition("\n## ")[0]
    asked = set(re.findall(r"^ *\| `(\w+)`", guide, re.M))
    assert {need.variable for need in NEEDS} | {"SECRET_KEY", "DATABASE_URL"} <= declared | asked
    assert all(
        {"fromGroup": "rgms-operator"} in service["envVars"] for service in BY_RENDER_NAME.values() if "envVars" in service
    )


def test_only_the_gateway_is_public():
    public = {name for name, service in BY_RENDER_NAME.items() if service["type"] == "web"}

    assert public == {"rgms-gateway"}


def test_every_process_shares_one_secret_and_none_makes_its_own():
    """28 commits of the legacy system chased signing keys that differed between services."""
    for name in BY_NAME:
        variables = BY_RENDER_NAME[f"rgms-{name}"]["envVars"]
        assert {"fromGroup": "rgms"} in variables
        assert all(variable.get("key") != "SECRET_KEY" for variable in variables)
    generated = [v["key"] for group in BLUEPRINT["envVarGroups"] for v in group["envVars"] if v.get("generateValue")]
    assert generated == ["SECRET_KEY"]
