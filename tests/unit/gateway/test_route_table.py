"""The public surface: what is listed is found, everything else is nobody's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.route_table import DOORS, LINK, OPTIONAL, PREFIX, PUBLIC, ROUTES, TOKEN, Route, RouteTable
from libs.contracts.services import BY_NAME

TABLE = RouteTable()


@pytest.mark.parametrize(
    ("path", "prefix"),
    [
        ("auth/login", "auth/login"),
        ("auth/login/", "auth/login"),
        ("auth/login/more", "auth"),
        ("auth/sessions/7", "auth"),
        ("cadets", "cadets"),
        ("cadets/17", "cadets"),
        ("cadets/imports", "cadets/imports"),
        ("cadets/imports/5/apply", "cadets/imports"),
        ("files/upload", "files/upload"),
        ("files/0190/download", "files/*/download"),
        ("files/0190", "files"),
        ("realtime/tickets", "realtime/tickets"),
    ],
)
def test_the_most_specific_route_is_found(path: str, prefix: str) -> None:
    assert TABLE.find(PREFIX + path).prefix == prefix


@pytest.mark.parametrize(
    "path",
    ["", "/", "nothing", "internal/cadets", "cadetsx", "realtime", "realtime/else", "metrics/x", "../internal",
     "cadets/../../internal/cadets", "cadets//7", "cadets/./7", "cadets/\x00", "cadets/\x7f", "cadets\\..\\x", "cadets//"],
)  # fmt: skip
def test_a_path_that_is_not_listed_or_is_ambiguous_has_no_route(path: str) -> None:
    assert TABLE.find(PREFIX + path) is None


@given(st.text(max_size=60))
def test_no_text_whatever_breaks_the_table(text: str) -> None:
    route = TABLE.find(PREFIX + text)
    assert route is None or isinstance(route, Route)


@given(st.lists(st.sampled_from(["..", "internal", "cadets", "", "%2e%2e", "x"]), max_size=5))
def test_no_route_ever_holds_a_dotted_segment(segments: list[str]) -> None:
    if ".." in segments:
        assert TABLE.find(PREFIX + "/".join(segments)) is None


def test_every_route_names_a_service_a_check_and_a_bound() -> None:
    for route in ROUTES:
        assert route.upstream in BY_NAME
        assert route.auth in (TOKEN, PUBLIC, LINK, OPTIONAL)
        assert route.limit in {"standard", "upload"} | DOORS
        assert 0 < route.timeout <= 60
        assert 0 < route.body <= 32 * 1024 * 1024
        assert not route.prefix.startswith("internal")


def test_only_signing_in_is_public() -> None:
    public = {route.prefix for route in ROUTES if route.auth in (PUBLIC, OPTIONAL)}
    in_and_out = {"auth/login", "auth/login/second", "auth/refresh", "auth/logout", "auth/activate"}
    by_mail = {f"auth/{name}" for name in ("password/forgot", "password/reset")}
    by_mail |= {f"auth/email-links/{name}" for name in ("look", "accept", "undo")}
    assert public == in_and_out | by_mail
    assert all(route.limit in DOORS and route.exact for route in ROUTES if route.prefix in public)
    assert {route.prefix for route in ROUTES if route.limit in DOORS} == public
