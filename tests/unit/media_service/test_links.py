"""Download links: for one file, for five minutes, by our key only."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from libs.config import load
from libs.web.errors import Forbidden
from media_service.links import LIFE, check_link, sign_link

FILE = UUID("01a1f8ea-3677-7cd5-a668-2ed5e5f49e68")
NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
KEY, OTHER = "kV7.m2Qx9-ZpL4.tRw8-Bn3Y.cH6J-fD1G", "zX5.b8Nc1-QmW3.yKp7-Tr2L.gS9V-hE4U"


def settings(key: str = KEY, **more: str):
    environment = {"RGMS_ENV": "test", "SECRET_KEY": key, "DATABASE_URL": "postgresql://x", "REDIS_URL": "redis://x", **more}
    return load("media", environment)


def test_a_fresh_link_is_accepted_until_it_expires():
    signature, expires_at = sign_link(settings(), FILE, "sid-1", NOW)
    assert expires_at == NOW + LIFE
    assert check_link(settings(), FILE, signature, NOW + LIFE - timedelta(seconds=1)) == "sid-1"
    with pytest.raises(Forbidden) as refusal:
        check_link(settings(), FILE, signature, NOW + LIFE)
    assert refusal.value.code == "link_expired"


@pytest.mark.parametrize("spoil", [lambda s: s[:-2] + "xx", lambda s: "", lambda s: "a.b", lambda s: "\x00", lambda s: s * 3])
def test_a_forged_link_is_refused(spoil):
    signature, _expires = sign_link(settings(), FILE, "sid-1", NOW)
    with pytest.raises(Forbidden) as refusal:
        check_link(settings(), FILE, spoil(signature), NOW)
    assert refusal.value.code == "link_invalid"


def test_a_link_opens_only_its_own_file():
    signature, _expires = sign_link(settings(), FILE, "sid-1", NOW)
    with pytest.raises(Forbidden):
        check_link(settings(), uuid4(), signature, NOW)


def test_a_link_signed_by_another_key_is_refused_and_by_the_previous_key_accepted():
    signature, _expires = sign_link(settings(OTHER), FILE, "sid-1", NOW)
    with pytest.raises(Forbidden):
        check_link(settings(KEY), FILE, signature, NOW)
    check_link(settings(KEY, SECRET_KEY_PREVIOUS=OTHER), FILE, signature, NOW)
