"""Signing in with a name and a password."""

from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import select

from auth_service.background import background_queue
from auth_service.client_info import ClientInfo
from auth_service.domain import passwords, tokens
from auth_service.domain.throttle import Verdict
from auth_service.hashing import Asker, hashing
from auth_service.models import User
from auth_service.operations.audit import record_attempt, record_event
from auth_service.operations.notices import tell_of_guesses
from auth_service.operations.second_step import let_in
from auth_service.queries import attempts
from auth_service.queries.users import credentials_for
from auth_service.throttle import auth_settings, sign_in_throttle
from libs import clock
from libs.data.db import transaction
from libs.web.errors import RateLimited, Unauthenticated

_WHY = {
    "pair": "Too many wrong tries from here. Wait, or sign in from another connection.",
    "address": "Many people at this network are trying to sign in. Please try again in a moment.",
    "account": "This account is being guessed at. Use a device you signed in from before, or set a new password by e-mail.",
    "delay": "This account has seen many wrong tries. Wait a moment before the next one.",
}


def sign_in(*, username: str, password: str, origin: ClientInfo) -> dict[str, Any]:
    """Open a session for the owner of a name and its password; return the tokens and the user, or what a second step takes.

    Raises:
        Unauthenticated: wrong name or password, no password set yet, or deactivated; always the same answer after the same work.
        RateLimited: too many failures; ``retry_after`` says for how long.
        UpstreamDown: too many sign-ins are waiting to be checked.
    """
    throttle = sign_in_throttle()
    known = credentials_for(username)
    # However many ways there are to name an account, its tries are counted together.
    key = account_key(known["username"] if known else username)
    visitor = origin.visitor(known["id"] if known else None)
    refuse(throttle.enter(key, visitor))
    stored = known["password_hash"] if known and known["is_active"] else None
    asker = Asker(key, visitor.place)
    if not hashing().verify(password, stored, asker) or known is None:
        refuse_wrong_password(key=key, user_id=known["id"] if known else None, origin=origin)
        raise Unauthenticated("The username or the password is not right.", code="invalid_credentials")
    refuse(throttle.look(key, visitor))
    upgraded = hashing().hash(password, asker) if passwords.needs_upgrade(stored or "", cost=hashing().cost) else None
    now = clock.now()
    with transaction() as session:
        user = session.execute(select(User).where(User.id == known["id"]).with_for_update()).scalar_one()
        if not user.is_active or user.password_hash != stored:
            raise Unauthenticated("The username or the password is not right.", code="invalid_credentials")
        if upgraded:
            user.password_hash = upgraded
            before = passwords.parse(stored)
            details = {"from": before.scheme if before else None}
            record_event(session, "password.rehashed", origin=origin, now=now, user_id=user.id, details=details)
        record_attempt(session, account_key=key, user_id=user.id, origin=origin, outcome=attempts.SUCCEEDED, now=now)
        answer = let_in(session, user, origin=origin, now=now)
    throttle.clear(key, visitor)
    return answer


def account_key(username: str) -> str:
    """Return the key under which failures of a typed name are counted and logged, known or not."""
    # PostgreSQL makes an i of the dotted capital I, and Python an i with a dot above: two keys would double the tries.
    folded = username.replace("\u0130", "i").casefold()
    return tokens.keyed_fingerprint(current_app.config["RGMS"].secret_key, "account", folded)


def refuse(verdict: Verdict) -> None:
    """Raise when the limits say wait.

    Raises:
        RateLimited: naming the seconds to wait.
    """
    if verdict.refused:
        why = _WHY[verdict.reason or "pair"]
        raise RateLimited(why, code="sign_in_limited", retry_after=verdict.retry_after, again=verdict.again)


def refuse_wrong_password(*, key: str, user_id: int | None, origin: ClientInfo) -> None:
    """Count and log a wrong password.

    Raises:
        RateLimited: others failed meanwhile, so that this guess does not even learn that it was wrong.
    """
    verdict = sign_in_throttle().fail(key, origin.visitor(user_id))
    _log_failure(key=key, user_id=user_id, origin=origin, now=clock.now())
    if verdict.guessed and user_id is not None:
        background_queue().put(tell_of_guesses, user_id=user_id, tries=auth_settings().limits.per_account, now=clock.now())
    refuse(verdict)


def _log_failure(*, key: str, user_id: int | None, origin: ClientInfo, now: datetime) -> None:
    with transaction() as session:
        record_attempt(session, account_key=key, user_id=user_id, origin=origin, outcome=attempts.FAILED, now=now)
        record_event(session, "sign_in.failed", origin=origin, now=now, user_id=user_id, details={"known": user_id is not None})
