"""Hosts, origins, cookies and redirects, as pure rules."""

from __future__ import annotations

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from cli.testing.plugin import TEST_KEY
from gateway.config import load as load_gateway
from gateway.cors import HEADERS, METHODS, install, may_connect
from gateway.headers import harden_cookie, page_headers
from gateway.hosts import Hosts
from libs.config import ConfigError, load

ALLOWED = "https://rotc.msu-snd.example"


@pytest.mark.requirement("25.3")
def test_only_the_named_hosts_are_served() -> None:
    hosts = Hosts(["rgms.example.org", ".onrender.com"])
    assert all(
        map(hosts.allows, ["rgms.example.org", "RGMS.example.org:443", "a.onrender.com", "onrender.com", "rgms.example.org."])
    )
    assert not any(
        map(hosts.allows, ["evil.org", "rgms.example.org.evil.org", "localhost", "127.0.0.1", "", "notonrender.com", "a@b"])
    )


@pytest.mark.requirement("25.3")
@pytest.mark.parametrize(
    "host",
    [
        "[x]:443@evil.com",
        "[rgms.example.org]:443@evil.com",
        "[rgms.example.org]",
        "[rgms.example.org]x",
        "[::1]evil.com",
        "[::1",
        "rgms.example.org:443@evil.com",
        "rgms.example.org:",
        "rgms.example.org:\u0664",
        "rgms.example.org:80:80",
    ],
)
def test_a_host_with_anything_but_a_port_behind_it_is_refused(host: str) -> None:
    for hosts in (Hosts(["rgms.example.org", "x"]), Hosts([]), Hosts(["*"])):
        assert not hosts.allows(host)


def test_without_a_list_local_names_and_literal_addresses_are_served() -> None:
    hosts = Hosts([])
    assert all(map(hosts.allows, ["localhost:8000", "127.0.0.1:8000", "[::1]:8000", "192.168.1.7:8000"]))
    assert not any(map(hosts.allows, ["evil.org", "localhost.evil.org", ""]))


@given(st.text(max_size=40))
def test_no_host_header_breaks_the_check(host: str) -> None:
    assert isinstance(Hosts(["rgms.example.org"]).allows(host), bool)


def granted(origin: str, allowed: str = ALLOWED, method: str = "GET") -> dict[str, str]:
    """Return the headers that an application with one allowed origin answers to a page of `origin`."""
    app = Flask("cors", static_folder=None)
    app.add_url_rule("/api/x", view_func=lambda: "")
    install(app, [allowed])
    asked = {"Origin": origin, "Access-Control-Request-Method": "PATCH", "Access-Control-Request-Headers": ", ".join(HEADERS)}
    return dict(app.test_client().open("/api/x", method=method, headers=asked).headers)


@pytest.mark.requirement("19.6", "30.2")
@pytest.mark.parametrize("allowed", [ALLOWED, ALLOWED + "/", "http://[2001:db8::1]:3000", "https://rotc-x.example"])
def test_only_a_configured_origin_gets_headers(allowed: str) -> None:
    origin = allowed.rstrip("/")
    assert granted(origin, allowed)["Access-Control-Allow-Origin"] == origin
    foreign = ("https://evil.example", origin + ".evil.example", origin.replace("http", "ftp"), "null", origin[:-1] + ".")
    for other in foreign:
        assert not [name for name in granted(other, allowed) if name.startswith("Access-Control-")]
        assert granted(other, allowed)["Vary"] == "Origin"


@pytest.mark.requirement("30.3")
def test_credentials_are_allowed_to_a_configured_origin() -> None:
    assert granted(ALLOWED)["Access-Control-Allow-Credentials"] == "true"


@pytest.mark.requirement("30.4", "30.5")
def test_the_named_methods_and_headers_are_allowed() -> None:
    headers = granted(ALLOWED, method="OPTIONS")
    assert set(headers["Access-Control-Allow-Methods"].split(", ")) == set(METHODS)
    assert set(headers["Access-Control-Allow-Headers"].split(", ")) == set(HEADERS)
    assert set(METHODS) == {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
    assert set(HEADERS) >= {"Authorization", "Content-Type", "X-Requested-With"}


@pytest.mark.parametrize(
    ("origin", "host", "may"),
    [
        ("", "rgms.example.org", True),
        ("https://rgms.example.org", "rgms.example.org", True),
        ("http://localhost:8000", "localhost:8000", True),
        (ALLOWED, "rgms.example.org", True),
        ("https://evil.example", "rgms.example.org", False),
        ("http://localhost:3000", "localhost:8000", False),
        ("null", "rgms.example.org", False),
        ("file://rgms.example.org", "rgms.example.org", False),
    ],
)
def test_a_page_of_another_origin_may_not_open_a_socket(origin: str, host: str, may: bool) -> None:
    assert may_connect(origin, host, [ALLOWED]) is may


def policy(*origins: str) -> dict[str, set[str]]:
    """Return the sources of each directive of a page's policy."""
    text = dict(page_headers(origins)["https"])["Content-Security-Policy"]
    return {name: set(sources) for name, *sources in (directive.split() for directive in text.split(";"))}


def test_a_page_may_call_its_own_origin_only() -> None:
    assert policy()["connect-src"] == {"'self'"}
    assert policy()["img-src"] == {"'self'", "data:", "blob:"}


def test_a_client_built_for_another_origin_may_call_it_and_its_sockets() -> None:
    allowed = policy("https://api.rotc.test", "wss://live.rotc.test:8443")
    assert allowed["connect-src"] == {"'self'", "https://api.rotc.test", "wss://api.rotc.test", "wss://live.rotc.test:8443"}
    assert allowed["img-src"] == {"'self'", "data:", "blob:", "https://api.rotc.test"}
    assert allowed["script-src"] == allowed["default-src"] == {"'self'"}


@pytest.mark.parametrize("origin", ["*", "api.rotc.test", "https://a.test/path", "https://a.test;script-src *", "https://a b"])
def test_an_api_origin_that_is_none_is_refused_at_start(origin: str) -> None:
    settings = load("gateway", {"RGMS_ENV": "test", "SECRET_KEY": TEST_KEY, "REDIS_URL": "redis://127.0.0.1:1/0"})
    with pytest.raises(ConfigError, match="PUBLIC_API_ORIGINS"):
        load_gateway(settings, {"PUBLIC_API_ORIGINS": origin})


@pytest.mark.requirement("19.5")
def test_every_cookie_leaves_secure_and_http_only() -> None:
    assert harden_cookie("a=b; Path=/") == "a=b; Path=/; HttpOnly; Secure; SameSite=Strict"
    assert harden_cookie("a=b; secure; HTTPONLY; SameSite=Lax") == "a=b; secure; HTTPONLY; SameSite=Lax"


def test_a_cookie_for_a_listed_page_of_another_site_is_kept_for_that_page_alone() -> None:
    assert harden_cookie("a=b", cross_site=True) == "a=b; HttpOnly; Secure; SameSite=None; Partitioned"


def test_a_cookie_over_plain_http_is_not_secure_but_stays_out_of_reach_of_scripts_and_other_sites() -> None:
    for cross_site in (True, False):
        assert harden_cookie("a=b", scheme="http", cross_site=cross_site) == "a=b; HttpOnly; SameSite=Strict"
