"""The end of a session for those who hold its access token: a mark in Redis that every service asks for."""

from collections.abc import Sequence
from datetime import datetime

import redis
from flask import current_app

from libs.contracts.events.auth import SESSION_REVOKED
from libs.events.outbox import PublishedEvent
from libs.events.redis_clients import current_redis
from libs.web.auth import revoked_key
from libs.web.jsonio import loads
from libs.web.tokens import ACCESS_LIFE


def kill_published(events: Sequence[PublishedEvent], *, now: datetime) -> None:
    """End the access tokens of every session that `events` say has ended, unless they have expired.

    The relay asks for it before it takes an event for published: a session that ended while Redis hung or was away, or whose
    process died right after the commit, is known as soon as Redis answers.

    Raises:
        redis.RedisError: it does not answer; the relay comes again.
    """
    oldest = now - ACCESS_LIFE
    lately = [event for event in events if event.type == SESSION_REVOKED and event.occurred_at > oldest]
    _mark_ended([session_id for event in lately for session_id in loads(event.data)["session_ids"]])


def kill_access_tokens(session_ids: Sequence[str]) -> bool:
    """End the access tokens of ended sessions; return whether Redis, which every service asks, was told."""
    try:
        _mark_ended(session_ids)
    except redis.RedisError:
        # The refresh token is dead in any case; the access token follows when Redis answers, or within its fifteen minutes.
        current_app.logger.warning("revocation could not be spread", extra={"sessions": len(session_ids)})
        return False
    return True


def _mark_ended(session_ids: Sequence[str]) -> None:
    if not session_ids:
        return
    with current_redis().pipeline(transaction=False) as pipe:
        for session_id in session_ids:
            pipe.set(revoked_key(session_id), "1", ex=int(ACCESS_LIFE.total_seconds()))
        pipe.execute()
