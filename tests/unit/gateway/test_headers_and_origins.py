"""Hosts, origins, cookies and redirects, as pure rules."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.testing.plugin import TEST_KEY
from gateway.config import load as load_gateway
from gateway.headers import harden_cookie, page_headers, to_https
from gateway.origins import HEADERS, METHODS, Hosts, Origins
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


@pytest.mark.requirement("19.6", "30.2")
def test_only_a_configured_origin_gets_headers() -> None:
    origins = Origins([ALLOWED])
    granted = dict(origins.headers(ALLOWED))
    assert granted["Access-Control-Allow-Origin"] == ALLOWED
    for foreign in ("https://evil.example", ALLOWED + ".evil.example", ALLOWED.replace("https", "http"), "null"):
        assert "Access-Control-Allow-Origin" not in dict(origins.headers(foreign))


@pytest.mark.requirement("30.3")
def test_credentials_are_allowed_to_a_configured_origin() -> None:
    assert dict(Origins([ALLOWED]).headers(ALLOWED))["Access-Control-Allow-Credentials"] == "true"


@pytest.mark.requirement("30.4", "30.5")
def test_the_named_methods_and_headers_are_allowed() -> None:
    assert METHODS.split(", ") == ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
    assert set(HEADERS.split(", ")) >= {"Authorization", "Content-Type", "X-Requested-With"}


def test_a_page_of_another_origin_may_not_open_a_socket() -> None:
    origins = Origins([ALLOWED])
    assert origins.may_connect("", "rgms.example.org")
    assert origins.may_connect("https://rgms.example.org", "rgms.example.org")
    assert origins.may_connect("http://localhost:8000", "localhost:8000")
    assert origins.may_connect(ALLOWED, "rgms.example.org")
    assert not origins.may_connect("https://evil.example", "rgms.example.org")
    assert not origins.may_connect("http://localhost:3000", "localhost:8000")
    assert not origins.may_connect("null", "rgms.example.org")
    assert not origins.may_connect("file://rgms.example.org", "rgms.example.org")


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
    assert harden_cookie("a=b; Path=/") == "a=b; Path=/; Secure; HttpOnly; SameSite=Lax"
    assert harden_cookie("a=b; secure; HTTPONLY; SameSite=Strict") == "a=b; secure; HTTPONLY; SameSite=Strict"


@pytest.mark.parametrize(("method", "status"), [("GET", "301"), ("HEAD", "301"), ("POST", "308"), ("DELETE", "308")])
def test_the_redirect_to_https_keeps_a_writes_method(method: str, status: str) -> None:
    answered: list = []
    environ = {"PATH_INFO": "/a", "RAW_URI": "/a%20b?x=1", "QUERY_STRING": "x=1", "REQUEST_METHOD": method}
    to_https(environ, lambda *args: answered.extend(args), "rgms.example.org")
    assert answered[0].startswith(status)
    assert dict(answered[1])["Location"] == "https://rgms.example.org/a%20b?x=1"
