"""The client's true address and scheme, counted over trusted proxies only (D14)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.address import clean_address, limit_subject
from gateway.request_context import TrustedHops, true_address


def seen(peer: str, hops: int, own_scheme: str = "http", **headers: str) -> tuple[str, str]:
    """Return the address and scheme of a request that came over `hops` trusted proxies."""
    found: list[tuple[str, str]] = []

    def application(environ: dict, _start: object) -> list[bytes]:
        found.append((true_address(environ), environ["wsgi.url_scheme"]))
        return []

    environ = {"REMOTE_ADDR": peer, "wsgi.url_scheme": own_scheme} | {f"HTTP_{name}": text for name, text in headers.items()}
    (TrustedHops(application, hops) if hops else application)(environ, lambda *_: None)
    return found[0]


def address(peer: str, header: str, hops: int) -> str:
    return seen(peer, hops, X_FORWARDED_FOR=header)[0]


@given(st.text(max_size=80))
def test_without_trusted_proxies_the_header_is_ignored(header: str) -> None:
    assert address("203.0.113.9", header, 0) == "203.0.113.9"


@given(st.lists(st.one_of(st.ip_addresses(v=4).map(str), st.text('"\\,; a1.', max_size=9)), max_size=4), st.ip_addresses(v=4))
def test_what_the_client_claims_is_left_of_what_our_proxy_saw(claims: list[str], true: object) -> None:
    assert address("10.0.0.1", ", ".join([*claims, str(true)]), 1) == str(true)


def test_two_proxies_are_counted_from_the_right() -> None:
    assert address("10.0.0.2", "6.6.6.6, 198.51.100.4, 10.0.0.1", 2) == "198.51.100.4"


@pytest.mark.parametrize("header", ["", "rubbish", "unknown", "1.2.3.4.5", ","])
def test_a_header_that_names_no_address_leaves_the_connection(header: str) -> None:
    assert address("10.0.0.1", header, 1) == "10.0.0.1"


def test_fewer_entries_than_proxies_means_somebody_came_another_way() -> None:
    assert address("10.0.0.1", "6.6.6.6", 2) == "10.0.0.1"


@given(st.text(max_size=60))
def test_no_text_breaks_the_parser_and_no_odd_text_comes_through(text: str) -> None:
    assert set(clean_address(text)) <= set("0123456789abcdef.:")


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("1.2.3.4:5678", "1.2.3.4"),
        ("[2001:db8::1]:443", "2001:db8::1"),
        ("::ffff:1.2.3.4", "1.2.3.4"),
        ("fe80::1%eth0", "fe80::1"),
    ],
)
def test_ports_brackets_and_zones_are_dropped(raw: str, clean: str) -> None:
    assert clean_address(raw) == clean


def test_an_ipv6_household_is_one_subject() -> None:
    assert limit_subject("2001:db8:1:2:3:4:5:6") == limit_subject("2001:db8:1:2::1") == "2001:db8:1:2::/64"
    assert limit_subject("198.51.100.4") == "198.51.100.4"


@pytest.mark.parametrize(
    ("own", "claim", "hops", "scheme"),
    [("http", "https", 0, "http"), ("http", "https", 1, "https"), ("http", "http", 1, "http"), ("http", "", 1, "http"),
     ("https", "", 1, "https"), ("http", "http, https", 1, "https"), ("http", "javascript", 1, "http"),
     ("http", "https", 2, "https"), ("http", "https, http", 2, "https"), ("http", "https, http, https", 2, "http"),
     ("http", '"https, http', 1, "http")],
)  # fmt: skip
def test_the_scheme_is_believed_from_a_trusted_proxy_only(own: str, claim: str, hops: int, scheme: str) -> None:
    assert seen("10.0.0.1", hops, own, X_FORWARDED_PROTO=claim)[1] == scheme


def test_a_forged_host_is_never_believed() -> None:
    found: list[dict] = []
    environ = {"REMOTE_ADDR": "10.0.0.1", "wsgi.url_scheme": "http", "HTTP_HOST": "rgms.example.org", "SCRIPT_NAME": ""}
    forged = {"HTTP_X_FORWARDED_HOST": "evil.example", "HTTP_X_FORWARDED_PORT": "1", "HTTP_X_FORWARDED_PREFIX": "/evil"}
    TrustedHops(lambda environ, _start: found.append(environ) or [], 2)(environ | forged, lambda *_: None)
    assert (found[0]["HTTP_HOST"], found[0]["SCRIPT_NAME"]) == ("rgms.example.org", "")
