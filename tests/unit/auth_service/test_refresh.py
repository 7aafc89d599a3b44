"""What presenting a refresh token means."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auth_service.domain import tokens
from auth_service.domain.refresh import GRACE_SECONDS, Outcome, Presented, judge

NOW = datetime(2026, 2, 14, 8, 0, tzinfo=UTC)


def presented(**changes):
    facts = {
        "expires_at": NOW + timedelta(days=1),
        "used_at": None,
        "used_from": None,
        "successor_used": False,
        "session_revoked": False,
    }
    return Presented(**{**facts, **changes})


def test_a_fresh_token_is_replaced():
    assert judge(presented(), client="me", now=NOW) is Outcome.ROTATE


def test_an_expired_token_is_refused():
    assert judge(presented(expires_at=NOW), client="me", now=NOW) is Outcome.EXPIRED


@pytest.mark.parametrize(
    ("changes", "client", "outcome"),
    [
        ({}, "me", Outcome.REPEAT),
        ({}, "someone else", Outcome.REUSE),
        ({"successor_used": True}, "me", Outcome.REUSE),
        ({"used_at": NOW - timedelta(seconds=GRACE_SECONDS + 1)}, "me", Outcome.REUSE),
        ({"session_revoked": True}, "me", Outcome.REVOKED),
    ],
)
def test_a_token_used_before_is_a_double_submit_only_at_once_from_the_same_device(changes, client, outcome):
    token = presented(**{"used_at": NOW - timedelta(seconds=1), "used_from": "me", **changes})

    assert judge(token, client=client, now=NOW) is outcome


@given(st.booleans(), st.booleans(), st.integers(min_value=0, max_value=10**6), st.booleans())
def test_nothing_is_ever_given_for_a_revoked_session(used, successor_used, age, same):
    token = presented(
        used_at=NOW - timedelta(seconds=age) if used else None,
        used_from="me",
        successor_used=successor_used,
        session_revoked=True,
    )

    assert judge(token, client="me" if same else "other", now=NOW) is Outcome.REVOKED


@given(st.text(), st.text(), st.text())
def test_a_successor_depends_on_key_token_and_nonce(secret, token, nonce):
    known = tokens.successor(secret, token, nonce)

    assert known == tokens.successor(secret, token, nonce)
    assert len({known, tokens.successor(secret + "x", token, nonce), tokens.successor(secret, token + "x", nonce)}) == 3
    assert known != tokens.successor(secret, token, nonce + "x")
