"""Tokens at the door: verified once, remembered until they expire, refused in every other case."""

from __future__ import annotations

import time
from datetime import timedelta

import jwt
import pytest

from cli.testing.plugin import TEST_KEY
from gateway.identity import Identity
from libs import clock
from libs.config import load
from libs.contracts.principal import Principal
from libs.web.errors import Unauthenticated
from libs.web.tokens import issue_access_token, service_token

SETTINGS = load("gateway", {"RGMS_ENV": "test", "SECRET_KEY": TEST_KEY, "REDIS_URL": "redis://127.0.0.1:1/0"})
SOMEBODY = Principal(7, "c.reyes", "cadet", cadet_id=3, session_id="sid-7")


def bearer(**changes: object) -> str:
    claims = jwt.decode(issue_access_token(SETTINGS, SOMEBODY, clock.now()), options={"verify_signature": False}) | changes
    return "Bearer " + jwt.encode({k: v for k, v in claims.items() if v is not None}, TEST_KEY, algorithm="HS256")


@pytest.mark.requirement("9.2")
def test_a_good_token_names_its_user_and_session() -> None:
    caller = Identity(SETTINGS).caller(bearer())
    assert (caller.user, caller.session) == ("7", "sid-7")


@pytest.mark.requirement("9.3")
@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Bearer rubbish",
        "Bearer a.b.c",
        "Basic YTpi",
        "Bearer " + "x" * 5000,
        bearer(exp=1),
        bearer(role="general"),
        bearer(role=None),
        bearer(sub="not a number"),
        bearer(typ="service"),
        bearer(exp=None),
        "Bearer " + service_token(SETTINGS, "tasks", "roster"),
        "Bearer " + jwt.encode({"sub": "7", "role": "admin", "typ": "access", "exp": 2**31}, "k" * 40, algorithm="HS256"),
        "Bearer " + jwt.encode({"sub": "7", "role": "admin", "typ": "access", "exp": 2**31}, None, algorithm="none"),
        bearer()[:-3] + "abc",
    ],
)
def test_anything_else_is_refused(header: str) -> None:
    with pytest.raises(Unauthenticated):
        Identity(SETTINGS).caller(header)


def test_a_remembered_token_still_expires() -> None:
    now = [time.time()]
    identity = Identity(SETTINGS, clock=lambda: now[0])
    header = "Bearer " + issue_access_token(SETTINGS, SOMEBODY, clock.now())
    identity.caller(header)
    now[0] += timedelta(minutes=16).total_seconds()
    with pytest.raises(Unauthenticated) as refusal:
        identity.caller(header)
    assert refusal.value.code == "token_expired"


def test_bad_tokens_are_not_remembered_and_good_ones_are_bounded() -> None:
    identity = Identity(SETTINGS, remembered=10)
    for number in range(50):
        identity.caller(bearer(sub=str(number + 1)))
        with pytest.raises(Unauthenticated):
            identity.caller(f"Bearer forged{number}")
    assert len(identity._recent) + len(identity._older) <= 21
