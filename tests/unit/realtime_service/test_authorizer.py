"""Who hears what."""

from __future__ import annotations

import pytest

from libs.contracts.principal import Principal
from realtime_service.sockets.authorizer import NOTIFICATIONS, UPDATES, channels_of, origin_allowed

CADET = Principal(9, "c", "cadet", cadet_id=7, session_id="s")
STAFF = Principal(2, "i", "staff", ("Instructor",), staff_id=1, session_id="s")
ADMIN = Principal(1, "a", "admin", session_id="s")


def test_a_cadet_hears_everyone_and_themselves_and_nothing_else():
    assert channels_of(CADET, UPDATES) == {"everyone", "cadet:7", "user:9", "session:s"}


@pytest.mark.parametrize("principal", [STAFF, ADMIN])
def test_staff_hear_the_staff_channel(principal):
    assert channels_of(principal, UPDATES) == {"everyone", "staff", f"user:{principal.user_id}", "session:s"}


@pytest.mark.parametrize("principal", [CADET, STAFF, ADMIN])
def test_the_notification_feed_carries_only_what_is_addressed_to_the_account(principal):
    assert channels_of(principal, NOTIFICATIONS) == {f"user:{principal.user_id}", "session:s"}


def test_an_unknown_role_hears_nothing():
    assert channels_of(Principal(5, "x", "guest", session_id="s"), UPDATES) == frozenset()


def test_a_cadet_account_without_a_cadet_hears_no_cadet():
    assert channels_of(Principal(5, "x", "cadet"), UPDATES) == {"everyone", "user:5"}


def test_a_cadet_number_in_a_staff_token_opens_no_cadet_channel():
    assert "cadet:7" not in channels_of(Principal(2, "i", "staff", cadet_id=7), UPDATES)


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        ("", True),
        ("http://127.0.0.1:8000", True),
        ("https://rgms.example.org", True),
        ("https://front.example.org", True),
        ("https://front.example.org/", True),
        ("https://evil.example", False),
        ("https://rgms.example.org.evil.example", False),
        ("http://127.0.0.1:8001", False),
        ("null", False),
        ("file://", False),
        ("http://[", False),
    ],
)
def test_a_socket_opens_only_from_our_own_or_an_allowed_page(origin, allowed):
    assert origin_allowed(origin, {"127.0.0.1:8000", "rgms.example.org"}, ["https://front.example.org"]) is allowed
