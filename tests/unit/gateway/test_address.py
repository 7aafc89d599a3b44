"""The client's true address, counted over trusted proxies only (D14)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.address import clean_address, client_address, client_scheme, limit_subject


@given(st.text(max_size=80))
def test_without_trusted_proxies_the_header_is_ignored(header: str) -> None:
    assert client_address("203.0.113.9", header, 0) == "203.0.113.9"


@given(st.lists(st.ip_addresses(v=4).map(str), max_size=4), st.ip_addresses(v=4).map(str))
def test_what_the_client_claims_is_left_of_what_our_proxy_saw(claims: list[str], true: str) -> None:
    assert client_address("10.0.0.1", ", ".join([*claims, true]), 1) == true


def test_two_proxies_are_counted_from_the_right() -> None:
    assert client_address("10.0.0.2", "6.6.6.6, 198.51.100.4, 10.0.0.1", 2) == "198.51.100.4"


@pytest.mark.parametrize("header", ["", "rubbish", "unknown", "1.2.3.4.5", ","])
def test_a_header_that_names_no_address_leaves_the_connection(header: str) -> None:
    assert client_address("10.0.0.1", header, 1) == "10.0.0.1"


def test_fewer_entries_than_proxies_means_somebody_came_another_way() -> None:
    assert client_address("10.0.0.1", "6.6.6.6", 2) == "10.0.0.1"


@given(st.text(max_size=60))
def test_no_text_breaks_the_parser_and_no_odd_text_comes_through(text: str) -> None:
    address = clean_address(text)
    assert set(address) <= set("0123456789abcdef.:")


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
     ("http", "http, https", 1, "https"), ("http", "javascript", 1, "http")],
)  # fmt: skip
def test_the_scheme_is_believed_from_a_trusted_proxy_only(own: str, claim: str, hops: int, scheme: str) -> None:
    assert client_scheme(own, claim, hops) == scheme
