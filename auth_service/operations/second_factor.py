"""Adding and removing what proves a person beside the password."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session as DbSession

from auth_service import authenticator, passkeys
from auth_service.client_info import ClientInfo
from auth_service.domain import second_factor as rules
from auth_service.domain import tokens
from auth_service.domain.activation import ALPHABET
from auth_service.models import Passkey, RecoveryCode, SecurityStep, Totp, User
from auth_service.operations.audit import record_event
from auth_service.operations.notices import tell_of_security_later
from auth_service.operations.sessions import end_sessions_of, must_have_second_factor
from auth_service.queries.second_factor import hashes_of_code
from libs.data.db import transaction
from libs.ids import new_token
from libs.web.errors import Conflict, Forbidden, Invalid, NotFound

ADD_PASSKEY = "add_passkey"


def begin_authenticator(*, user_id: int, now: datetime) -> dict[str, str]:
    """Make the secret of an authenticator app; one that works goes on working until the new one has shown a code."""
    settings = current_app.config["RGMS"]
    secret = authenticator.new_secret()
    with transaction() as session:
        user = session.get_one(User, user_id, with_for_update=True)
        app = session.get(Totp, user_id, with_for_update=True)
        sealed = authenticator.sealed(settings, secret)
        if app is None:
            session.add(Totp(user_id=user_id, secret=sealed, created_at=now, next_secret=sealed))
        else:
            app.next_secret = sealed
        address = authenticator.uri(secret, user.username)
    return {"secret": secret, "uri": address, "qr_code": authenticator.qr_code(address)}


def confirm_authenticator(*, user_id: int, code: str, origin: ClientInfo, now: datetime) -> list[str]:
    """Let an authenticator app count once it has shown a code; return recovery codes when the account had none.

    Raises:
        Conflict: no app was being added.
        Invalid: the code is not the app's.
    """
    settings = current_app.config["RGMS"]
    with transaction() as session:
        user = session.get_one(User, user_id, with_for_update=True)
        app = session.get(Totp, user_id, with_for_update=True)
        secret = authenticator.opened(settings, app.next_secret) if app and app.next_secret else None
        if app is None or secret is None:
            raise Conflict("No authenticator app is being added. Begin again.", code="authenticator_not_begun")
        step = authenticator.matching_step(secret, rules.normalise(code), after=0, now=now)
        if step is None:
            raise Invalid(code="wrong_code", details={"code": ["That is not the code the app shows now."]})
        app.secret, app.next_secret, app.last_step, app.confirmed_at = app.next_secret or "", None, step, now
        return _added(session, user, "authenticator", origin=origin, now=now)


def begin_passkey(*, user_id: int, now: datetime) -> dict[str, Any]:
    """Return what the browser is asked to make a passkey from, and the ticket under which it is handed in.

    Raises:
        Conflict: the account has ten.
    """
    token, challenge = new_token(32), secrets.token_bytes(32)
    with transaction() as session:
        user = session.get_one(User, user_id)
        known = list(session.execute(select(Passkey.credential_id).where(Passkey.user_id == user_id)).scalars())
        if len(known) >= rules.PASSKEYS_EACH:
            raise Conflict("An account has ten passkeys at most. Remove one first.", code="too_many_passkeys")
        session.add(
            SecurityStep(
                token_hash=tokens.fingerprint(token),
                user_id=user_id,
                purpose=ADD_PASSKEY,
                challenge=challenge,
                created_at=now,
                expires_at=now + rules.STEP_LIFE,
            )
        )
        name = user.display_name or user.username
        who = passkeys.Owner(user_id, user.username, name)
        options = passkeys.creation_options(current_app.config["RGMS"], who, known=known, challenge=challenge)
    return {"ticket": token, "options": options}


def add_passkey(
    *, user_id: int, ticket: str, name: str, credential: Mapping[str, Any], origin: ClientInfo, now: datetime
) -> list[str]:
    """Keep a passkey that the browser made; return recovery codes when the account had none.

    Raises:
        Invalid: the ticket is too old, or the passkey is not good or known already.
    """
    bad = Invalid(
        "The passkey could not be added. Begin again.", code="passkey_refused", details={"credential": ["Not accepted."]}
    )
    with transaction() as session:
        user = session.get_one(User, user_id, with_for_update=True)
        usable = (
            SecurityStep.token_hash == tokens.fingerprint(ticket),
            SecurityStep.user_id == user_id,
            SecurityStep.purpose == ADD_PASSKEY,
            SecurityStep.used_at.is_(None),
            SecurityStep.expires_at > now,
        )
        step = session.execute(select(SecurityStep).where(*usable).with_for_update()).scalar_one_or_none()
        new = passkeys.made(current_app.config["RGMS"], credential, challenge=step.challenge) if step else None
        if step is None or new is None:
            raise bad
        twin = select(Passkey.id).where(Passkey.credential_id == new.credential_id)
        if session.execute(twin).scalar() is not None:
            raise bad
        step.used_at = now
        session.add(
            Passkey(
                user_id=user_id,
                credential_id=new.credential_id,
                public_key=new.public_key,
                sign_count=new.sign_count,
                name=name,
                created_at=now,
            )
        )
        return _added(session, user, "passkey", origin=origin, now=now)


def renew_recovery_codes(*, user_id: int, origin: ClientInfo, now: datetime) -> list[str]:
    """Make ten new recovery codes; those of before stop working.

    Raises:
        Conflict: the account has no second factor for which they could stand in.
    """
    with transaction() as session:
        user = session.get_one(User, user_id, with_for_update=True)
        if not user.has_second_factor:
            raise Conflict("Add an authenticator app or a passkey first.", code="no_second_factor")
        record_event(session, "recovery_codes.made", origin=origin, now=now, user_id=user_id, actor_id=user_id)
        tell_of_security_later(session, user, "recovery_codes_made", origin=origin, now=now)
        return _new_codes(session, user_id, now)


def remove(*, user_id: int, passkey_id: int | None, origin: ClientInfo, now: datetime) -> None:
    """Remove a passkey, or with None the authenticator app.

    Raises:
        NotFound: there is none.
        Conflict: it is the last one of an account that must have one.
    """
    with transaction() as session:
        user = session.get_one(User, user_id, with_for_update=True)
        gone = (
            delete(Totp).where(Totp.user_id == user_id).returning(Totp.user_id)
            if passkey_id is None
            else delete(Passkey).where(Passkey.id == passkey_id, Passkey.user_id == user_id).returning(Passkey.id)
        )
        if session.execute(gone).first() is None:
            raise NotFound()
        _settle(session, user)
        if not user.has_second_factor and must_have_second_factor(user.role):
            raise Conflict("Add another one first: this account must have a second step.", code="last_second_factor")
        kind = "authenticator" if passkey_id is None else "passkey"
        details = {"kind": kind}
        record_event(session, "second_factor.removed", origin=origin, now=now, user_id=user_id, actor_id=user_id, details=details)
        tell_of_security_later(session, user, f"{kind}_removed", origin=origin, now=now)


def reset(*, user_id: int, actor_id: int, origin: ClientInfo, now: datetime) -> None:
    """Take every second factor from an account whose owner has lost them; its sessions end, and the owner is told.

    Raises:
        NotFound: no such account.
        Forbidden: it is one's own.
        Conflict: it has none.
    """
    if user_id == actor_id:
        raise Forbidden("Another administrator does this for you.", code="own_second_factor")
    with transaction() as session:
        user = session.get(User, user_id, with_for_update=True)
        if user is None:
            raise NotFound()
        if not user.has_second_factor:
            raise Conflict("This account has no second step.", code="no_second_factor")
        for table in (Totp, Passkey):
            session.execute(delete(table).where(table.user_id == user_id))
        _settle(session, user)
        ended = end_sessions_of(session, user_id, reason="second_factor_reset", now=now)
        details = {"sessions_ended": ended}
        record_event(session, "second_factor.reset", origin=origin, now=now, user_id=user_id, actor_id=actor_id, details=details)
        tell_of_security_later(session, user, "second_factor_reset", origin=origin, now=now)


def _added(session: DbSession, user: User, kind: str, *, origin: ClientInfo, now: datetime) -> list[str]:
    session.flush()
    _settle(session, user)
    details = {"kind": kind}
    record_event(session, "second_factor.added", origin=origin, now=now, user_id=user.id, actor_id=user.id, details=details)
    tell_of_security_later(session, user, f"{kind}_added", origin=origin, now=now)
    left = select(func.count()).where(RecoveryCode.user_id == user.id, RecoveryCode.used_at.is_(None))
    return [] if session.execute(left).scalar_one() else _new_codes(session, user.id, now)


def _settle(session: DbSession, user: User) -> None:
    """Write down whether the account has a second factor; without one, recovery codes open nothing and go, too."""
    app = session.execute(select(Totp.user_id).where(Totp.user_id == user.id, Totp.confirmed_at.is_not(None))).scalar()
    key = session.execute(select(Passkey.id).where(Passkey.user_id == user.id).limit(1)).scalar()
    user.has_second_factor = app is not None or key is not None
    user.second_factor_due_at = None
    if not user.has_second_factor:
        session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))


def _new_codes(session: DbSession, user_id: int, now: datetime) -> list[str]:
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    letters = len(ALPHABET)
    codes = [
        rules.recovery_code(secrets.randbelow(letters) for _ in range(rules.RECOVERY_LETTERS))
        for _ in range(rules.RECOVERY_CODES)
    ]
    session.add_all(RecoveryCode(user_id=user_id, code_hash=hashes_of_code(user_id, code)[0], created_at=now) for code in codes)
    return codes
