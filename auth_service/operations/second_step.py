"""The second half of a sign-in: who gave the right password shows a passkey, or types a code of the app or from paper."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session as DbSession

from auth_service import authenticator, passkeys
from auth_service.client_info import ClientInfo
from auth_service.domain import second_factor as rules
from auth_service.domain import tokens
from auth_service.models import Passkey, RecoveryCode, SecurityStep, Totp, User
from auth_service.operations.audit import record_event
from auth_service.operations.notices import tell_of_security_later
from auth_service.operations.sessions import open_session
from auth_service.queries.second_factor import hashes_of_code
from libs.data.db import transaction
from libs.ids import new_token
from libs.web.errors import Invalid, RateLimited, Unauthenticated

SIGN_IN = "sign_in"
_WRONG = {
    rules.PASSKEY: "This passkey was not accepted.",
    rules.TOTP: "That code is not right, or has passed. Type the one shown now.",
    rules.RECOVERY_CODE: "This recovery code is not known, or was used.",
}


def let_in(session: DbSession, user: User, *, origin: ClientInfo, now: datetime) -> dict[str, Any]:
    """Open a session for who proved the first half, or answer what the second one takes."""
    if user.has_second_factor:
        record_event(session, "sign_in.first_step", origin=origin, now=now, user_id=user.id, actor_id=user.id)
        return _ask(session, user, now=now)
    return admit(session, user, method=None, origin=origin, now=now)


def admit(session: DbSession, user: User, *, method: str | None, origin: ClientInfo, now: datetime) -> dict[str, Any]:
    """Open the session of a sign-in that is complete; a device that the account has not seen before is told of."""
    details = {"second_step": method} if method else None
    record_event(session, "sign_in.succeeded", origin=origin, now=now, user_id=user.id, actor_id=user.id, details=details)
    tell_of_security_later(session, user, "new_device", origin=origin, now=now)
    user.last_login_at = now
    return open_session(session, user, origin=origin, now=now)


def _ask(session: DbSession, user: User, *, now: datetime) -> dict[str, Any]:
    token, challenge = new_token(32), secrets.token_bytes(32)
    session.add(
        SecurityStep(
            token_hash=tokens.fingerprint(token),
            user_id=user.id,
            purpose=SIGN_IN,
            challenge=challenge,
            created_at=now,
            expires_at=now + rules.STEP_LIFE,
        )
    )
    known = list(session.execute(select(Passkey.credential_id).where(Passkey.user_id == user.id)).scalars())
    app = session.execute(select(Totp.user_id).where(Totp.user_id == user.id, Totp.confirmed_at.is_not(None))).scalar()
    codes = session.execute(
        select(func.count()).where(RecoveryCode.user_id == user.id, RecoveryCode.used_at.is_(None))
    ).scalar_one()
    have = {rules.PASSKEY: bool(known), rules.TOTP: app is not None, rules.RECOVERY_CODE: codes > 0}
    settings = current_app.config["RGMS"]
    return {
        "ticket": token,
        "expires_in": int(rules.STEP_LIFE.total_seconds()),
        "methods": [method for method, has in have.items() if has],
        "recovery_codes_left": codes,
        "passkey": passkeys.request_options(settings, known=known, challenge=challenge) if known else None,
        "name": user.display_name or user.username,
    }


def finish_sign_in(
    *,
    ticket: str,
    code: str | None,
    recovery_code: str | None,
    passkey: Mapping[str, Any] | None,
    origin: ClientInfo,
    now: datetime,
) -> dict[str, Any]:
    """Complete a sign-in with one of the three; return the tokens and the user.

    Raises:
        Unauthenticated: the first half is too old, was used, or was wrong too often.
        Invalid: what was shown is not good; the details say how many tries are left.
        RateLimited: too many were wrong within a quarter of an hour.
    """
    with transaction() as session:
        step, user = _locked_step(session, ticket, now)
        wrong = select(func.coalesce(func.sum(SecurityStep.tries), 0)).where(
            SecurityStep.user_id == user.id, SecurityStep.created_at > now - rules.WINDOW - rules.STEP_LIFE
        )
        if passkey is None and session.execute(wrong).scalar_one() >= rules.WRONG_IN_WINDOW:
            raise RateLimited(
                "Too many wrong codes. Wait, or use a passkey.",
                code="second_step_limited",
                retry_after=int(rules.WINDOW.total_seconds()),
            )
        if passkey is not None:
            method, good = rules.PASSKEY, _is_passkey(session, user, step, passkey, now=now)
        elif code is not None:
            method, good = rules.TOTP, _is_code(session, user, code, now=now)
        else:
            method, good = rules.RECOVERY_CODE, _is_recovery_code(session, user, recovery_code or "", origin=origin, now=now)
        if good:
            step.used_at = now
            return admit(session, user, method=method, origin=origin, now=now)
        step.tries += 1
        left = rules.WRONG_EACH - step.tries
        details = {"method": method}
        record_event(session, "sign_in.second_step_failed", origin=origin, now=now, user_id=user.id, details=details)
    # Raised after the commit: the try counts although it is refused.
    field = {rules.PASSKEY: "passkey", rules.TOTP: "code"}.get(method, "recovery_code")
    raise Invalid(_WRONG[method], code="second_step_wrong", details={field: [_WRONG[method]], "tries_left": [str(left)]})


def _locked_step(session: DbSession, ticket: str, now: datetime) -> tuple[SecurityStep, User]:
    usable = (
        SecurityStep.token_hash == tokens.fingerprint(ticket),
        SecurityStep.purpose == SIGN_IN,
        SecurityStep.used_at.is_(None),
        SecurityStep.expires_at > now,
        SecurityStep.tries < rules.WRONG_EACH,
    )
    over = Unauthenticated("This took too long, or was wrong too often. Sign in again.", code="second_step_over")
    user_id = session.execute(select(SecurityStep.user_id).where(*usable)).scalar()
    if user_id is None:
        raise over
    # The account's row first, as whatever opens a session does.
    user = session.get_one(User, user_id, with_for_update=True)
    step = session.execute(select(SecurityStep).where(*usable).with_for_update()).scalar_one_or_none()
    if step is None or not user.is_active:
        raise over
    return step, user


def _is_passkey(session: DbSession, user: User, step: SecurityStep, shown: Mapping[str, Any], *, now: datetime) -> bool:
    wanted = (Passkey.user_id == user.id, Passkey.credential_id == passkeys.credential_id(shown))
    known = session.execute(select(Passkey).where(*wanted).with_for_update()).scalar_one_or_none()
    if known is None:
        return False
    settings = current_app.config["RGMS"]
    count = passkeys.shown(settings, shown, challenge=step.challenge, public_key=known.public_key, sign_count=known.sign_count)
    if count is None:
        return False
    known.sign_count, known.last_used_at = count, now
    return True


def _is_code(session: DbSession, user: User, code: str, *, now: datetime) -> bool:
    wanted = (Totp.user_id == user.id, Totp.confirmed_at.is_not(None))
    app = session.execute(select(Totp).where(*wanted).with_for_update()).scalar_one_or_none()
    if app is None:
        return False
    settings = current_app.config["RGMS"]
    secret = authenticator.opened(settings, app.secret)
    step = secret and authenticator.matching_step(secret, rules.normalise(code), after=app.last_step, now=now)
    if not secret or not step:
        return False
    app.last_step = step
    # Under the key of today, so that the one before it may go.
    app.secret = authenticator.sealed(settings, secret)
    return True


def _is_recovery_code(session: DbSession, user: User, code: str, *, origin: ClientInfo, now: datetime) -> bool:
    hashes = hashes_of_code(user.id, code)
    wanted = (RecoveryCode.user_id == user.id, RecoveryCode.code_hash.in_(hashes), RecoveryCode.used_at.is_(None))
    taken = update(RecoveryCode).where(*wanted).values(used_at=now).returning(RecoveryCode.id)
    if session.execute(taken).first() is None:
        return False
    tell_of_security_later(session, user, "recovery_code_used", origin=origin, now=now)
    return True
