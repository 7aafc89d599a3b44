"""Tokens: only ours, only in time, only for their purpose."""

from __future__ import annotations

import base64
import time
from dataclasses import replace
from datetime import timedelta

import jwt
import pytest

from libs import clock
from libs.config import load
from libs.contracts.principal import ROLES, Principal
from libs.web.errors import Unauthenticated
from libs.web.tokens import decode, decode_service_token, issue_access_token, principal_from_claims, service_token

KEY = base64.b64encode(bytes(range(50, 82))).decode()
OTHER = base64.b64encode(bytes(range(90, 122))).decode()
SETTINGS = load("roster", {"RGMS_ENV": "test", "SECRET_KEY": KEY, "DATABASE_URL": "postgres://h/d", "REDIS_URL": "redis://h"})
PERSON = Principal(7, "cdt.reyes", "cadet", cadet_id=12, session_id="s1")


@pytest.mark.requirement("1.7", "9.1", "9.2")
def test_a_token_signed_with_the_secret_key_gives_the_person_back():
    token = issue_access_token(SETTINGS, PERSON, clock.now())

    assert principal_from_claims(decode(SETTINGS, token)) == PERSON
    assert jwt.decode(token, KEY, algorithms=["HS256"])["sub"] == "7"


def test_a_token_of_the_previous_key_is_good_during_rotation():
    token = issue_access_token(SETTINGS, PERSON, clock.now())
    rotated = replace(SETTINGS, secret_key=OTHER, secret_key_previous=KEY)

    assert decode(rotated, token)["sub"] == "7"


@pytest.mark.requirement("9.3")
@pytest.mark.parametrize(
    "forge",
    [
        lambda: "garbage",
        lambda: "",
        lambda: "\ud800",
        lambda: issue_access_token(SETTINGS, PERSON, clock.now() - timedelta(minutes=16)),
        lambda: issue_access_token(replace(SETTINGS, secret_key=OTHER), PERSON, clock.now()),
        lambda: jwt.encode({"sub": "7", "typ": "access", "iat": 1, "exp": 9_999_999_999}, None, algorithm="none"),
        lambda: jwt.encode({"sub": "7", "typ": "refresh", "iat": 1, "exp": 9_999_999_999}, KEY),
        lambda: jwt.encode({"sub": "7", "typ": "access"}, KEY),
        lambda: service_token(SETTINGS, "grading", "roster"),
    ],
)
def test_anything_else_is_not_a_token(forge):
    with pytest.raises(Unauthenticated):
        decode(SETTINGS, forge())


@pytest.mark.parametrize(
    "claims", [{}, {"sub": "x"}, {"sub": "1", "username": "u", "role": "root"}, {"sub": None, "username": "u", "role": "admin"}]
)
def test_claims_that_name_nobody_are_refused(claims):
    """Defects D5 and D18: a token whose user is not a number was a 500, or somebody else."""
    with pytest.raises(Unauthenticated):
        principal_from_claims(claims)


def test_a_service_token_is_for_its_audience_only():
    token = service_token(SETTINGS, "grading", "roster")

    assert decode_service_token(SETTINGS, token, "roster")["svc"] == "grading"
    with pytest.raises(Unauthenticated):
        decode_service_token(SETTINGS, token, "media")


@pytest.mark.requirement("9.4")
def test_permissions_fail_closed():
    assert not replace(PERSON, role="root").permissions
    assert not PERSON.may("roster.read")
    assert not PERSON.may("no.such.permission")
    assert {role for role in ROLES if replace(PERSON, role=role).may("users.manage")} == {"admin"}


def test_a_remembered_token_still_expires():
    token = issue_access_token(SETTINGS, PERSON, clock.now() - timedelta(minutes=15) + timedelta(seconds=2))
    assert decode(SETTINGS, token)["sub"] == "7"

    deadline = time.monotonic() + 10
    with pytest.raises(Unauthenticated) as refusal:
        while time.monotonic() < deadline:
            decode(SETTINGS, token)
            time.sleep(0.05)
    assert refusal.value.code == "token_expired"


def test_what_one_reader_does_to_the_claims_is_not_seen_by_the_next():
    token = issue_access_token(SETTINGS, PERSON, clock.now())
    decode(SETTINGS, token)["role"] = "admin"
    assert decode(SETTINGS, token)["role"] == "cadet"
