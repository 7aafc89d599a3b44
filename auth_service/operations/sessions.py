"""Sessions: open, refresh, end. Whatever ends a session ends its access token as well."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from flask import current_app
from sqlalchemy import select, update
from sqlalchemy.orm import Session as DbSession

from auth_service.client_info import ClientInfo
from auth_service.domain import refresh as rules
from auth_service.domain import second_factor, tokens
from auth_service.models import Outbox, RefreshToken, Session, User
from auth_service.operations.audit import record_event
from auth_service.operations.revocation import kill_access_tokens
from auth_service.passkeys import site_of
from auth_service.throttle import auth_settings
from libs.contracts.events.auth import SESSION_REVOKED, session_revoked_data
from libs.contracts.principal import PASSWORD_DUE, SECOND_FACTOR_DUE, Principal
from libs.data.db import on_commit, transaction
from libs.events import outbox
from libs.ids import new_token, uuid7
from libs.web.errors import NotFound, Unauthenticated
from libs.web.tokens import ACCESS_LIFE, issue_access_token

TOO_MANY = "too_many"
ENDED = {
    TOO_MANY: f"This sign-in ended because the account signed in on more than {rules.SESSIONS_EACH} devices.",
    "password_changed": "This sign-in ended because the password was changed. Sign in with the new one.",
    "password_reset": "This sign-in ended because the password was set anew. Sign in with the new one.",
    "ended_by_admin": "The office ended this sign-in. Please sign in again.",
}
"""Why a session ended, in words for whoever still held it; for other reasons there is nothing to add."""


def open_session(session: DbSession, user: User, *, origin: ClientInfo, now: datetime) -> dict[str, Any]:
    """Open a session for a person who just proved who they are; return what sign-in answers."""
    family = Session(
        id=uuid7(),
        user_id=user.id,
        created_at=now,
        last_used_at=now,
        proved_at=now,
        expires_at=rules.end_of(now, now),
        address=origin.address,
        user_agent=origin.user_agent,
    )
    token = new_token(32)
    if must_have_second_factor(user.role) and not user.has_second_factor and user.second_factor_due_at is None:
        user.second_factor_due_at = now + auth_settings().second_factor_grace
    _make_room(session, user, origin=origin, now=now)
    session.add(family)
    session.flush()
    _store_token(session, token, family, now)
    return _answer(user, family, token, now)


def _make_room(session: DbSession, user: User, *, origin: ClientInfo, now: datetime) -> None:
    # Whoever opens a session holds the account's row, so that two at once do not both find room.
    living = (Session.user_id == user.id, Session.revoked_at.is_(None), Session.expires_at > now)
    oldest_first = select(Session).where(*living).order_by(Session.last_used_at.desc()).offset(rules.SESSIONS_EACH - 1)
    surplus = list(session.execute(oldest_first.with_for_update()).scalars())
    end_sessions(session, surplus, reason=TOO_MANY, now=now)
    for family in surplus:
        details = {"session_id": str(family.id), "reason": TOO_MANY}
        record_event(session, "session.ended", origin=origin, now=now, user_id=user.id, actor_id=user.id, details=details)


def refresh_session(*, token: str | None, origin: ClientInfo, now: datetime) -> dict[str, Any]:
    """Replace a refresh token by its successor and return a new access token with it.

    Raises:
        Unauthenticated: there is no token, or it is unknown, expired, used before or of a session that has ended.
    """
    if token is None:
        raise Unauthenticated("Please sign in again.", code="refresh_invalid")
    client = tokens.client_fingerprint(origin.address, origin.user_agent)
    with transaction() as session:
        row, family = _locked_family(session, tokens.fingerprint(token))
        if row is None or family is None:
            raise Unauthenticated("Please sign in again.", code="refresh_invalid")
        user = session.get_one(User, family.user_id)
        presented = rules.Presented(
            expires_at=row.expires_at,
            used_at=row.used_at,
            used_from=row.used_from,
            successor_used=_successor_used(session, row),
            session_revoked=family.revoked_at is not None or not user.is_active,
        )
        outcome = rules.judge(presented, client=client, now=now)
        if outcome is rules.Outcome.ROTATE:
            return _rotate(session, token, row, family, user, client=client, origin=origin, now=now)
        if outcome is rules.Outcome.REPEAT and (known := _derive_again(token, row)):
            return _answer(user, family, known, now)
        if outcome in {rules.Outcome.REUSE, rules.Outcome.REPEAT}:
            end_sessions(session, [family], reason="refresh_reused", now=now)
            record_event(
                session, "session.refresh_reused", origin=origin, now=now, user_id=user.id, details={"session_id": str(family.id)}
            )
        reason = family.revoked_reason
    # Raised after the commit: the end of the family must not be rolled back with the refusal.
    message = ENDED.get(reason or "", "This sign-in has ended. Please sign in again.")
    raise Unauthenticated(message, code=f"refresh_{outcome.value}", details={"reason": reason} if reason else {})


def _locked_family(session: DbSession, token_hash: str) -> tuple[RefreshToken | None, Session | None]:
    # The family is locked before the token is read: of two refreshes at once the second sees the first one's rotation.
    session_id = session.execute(select(RefreshToken.session_id).where(RefreshToken.token_hash == token_hash)).scalar()
    if session_id is None:
        return None, None
    family = session.execute(select(Session).where(Session.id == session_id).with_for_update()).scalar_one_or_none()
    return session.execute(select(RefreshToken).where(RefreshToken.token_hash == token_hash)).scalar_one_or_none(), family


def _successor_used(session: DbSession, row: RefreshToken) -> bool:
    if row.successor_hash is None:
        return False
    query = select(RefreshToken.used_at).where(RefreshToken.token_hash == row.successor_hash)
    return session.execute(query).scalar() is not None


def _rotate(
    session: DbSession,
    token: str,
    row: RefreshToken,
    family: Session,
    user: User,
    *,
    client: str,
    origin: ClientInfo,
    now: datetime,
) -> dict[str, Any]:
    nonce = new_token(16)
    fresh = tokens.successor(current_app.config["RGMS"].secret_key, token, nonce)
    row.used_at, row.used_from = now, client
    row.successor_nonce, row.successor_hash = nonce, tokens.fingerprint(fresh)
    family.last_used_at, family.expires_at = now, rules.end_of(family.created_at, now)
    family.address, family.user_agent = origin.address, origin.user_agent
    _store_token(session, fresh, family, now)
    return _answer(user, family, fresh, now)


def _derive_again(token: str, row: RefreshToken) -> str | None:
    settings = current_app.config["RGMS"]
    for secret in filter(None, (settings.secret_key, settings.secret_key_previous)):
        known = tokens.successor(secret, token, row.successor_nonce or "")
        if tokens.fingerprint(known) == row.successor_hash:
            return known
    return None


def _store_token(session: DbSession, token: str, family: Session, now: datetime) -> None:
    session.add(
        RefreshToken(token_hash=tokens.fingerprint(token), session_id=family.id, issued_at=now, expires_at=family.expires_at)
    )


def end_own_session(*, user_id: int, session_id: UUID, origin: ClientInfo, now: datetime) -> None:
    """End one of a person's own sessions.

    Raises:
        NotFound: it is not theirs, or has ended.
    """
    with transaction() as session:
        family = session.get(Session, session_id, with_for_update=True)
        if family is None or family.user_id != user_id or family.revoked_at is not None:
            raise NotFound()
        end_sessions(session, [family], reason="signed_out", now=now)
        details = {"session_id": str(session_id)}
        record_event(session, "session.ended", origin=origin, now=now, user_id=user_id, actor_id=user_id, details=details)


def end_other_sessions(*, user_id: int, session_id: str, origin: ClientInfo, now: datetime) -> int:
    """End every session of a person but the one in use; return how many."""
    with transaction() as session:
        ended = end_sessions_of(session, user_id, reason="signed_out", now=now, keep=session_id)
        details = {"sessions_ended": ended}
        record_event(session, "sessions.ended", origin=origin, now=now, user_id=user_id, actor_id=user_id, details=details)
    return ended


def sign_out(*, session_id: str | None, refresh_token: str | None, origin: ClientInfo, now: datetime) -> bool:
    """End the session of an access token, or that of a refresh token when the access token has expired; never refuses.

    Returns whether every service knows: False while Redis does not answer, when the access token may live out its minutes.
    """
    with transaction() as session:
        families: list[Session] = []
        if refresh_token:
            _, family = _locked_family(session, tokens.fingerprint(refresh_token))
            families += [family] if family else []
        if session_id and (known := _as_uuid(session_id)) and known not in {family.id for family in families}:
            family = session.get(Session, known, with_for_update=True)
            families += [family] if family else []
        ended = [family for family in families if family.revoked_at is None]
        end_sessions(session, ended, reason="signed_out", now=now, tell=False)
        for family in ended:
            record_event(session, "session.signed_out", origin=origin, now=now, user_id=family.user_id, actor_id=family.user_id)
        # Also of one that had ended before: Redis may not have been told of it.
        told = [str(family.id) for family in families]
    return kill_access_tokens(told)


def end_sessions_of(session: DbSession, user_id: int, *, reason: str, now: datetime, keep: str | None = None) -> int:
    """End every session of a person but the one to keep, in the caller's transaction; return how many."""
    return end_sessions_of_all(session, [user_id], reason=reason, now=now, keep=keep)


def end_sessions_of_all(
    session: DbSession, user_ids: Sequence[int], *, reason: str, now: datetime, keep: str | None = None
) -> int:
    """End every session of these people but the one to keep, in the caller's transaction; return how many."""
    living = (Session.user_id.in_(user_ids), Session.revoked_at.is_(None))
    rows = session.execute(select(Session).where(*living).with_for_update()) if user_ids else None
    families = [family for family in rows.scalars() if str(family.id) != keep] if rows else []
    end_sessions(session, families, reason=reason, now=now)
    return len(families)


def end_sessions(session: DbSession, families: Iterable[Session], *, reason: str, now: datetime, tell: bool = True) -> None:
    """End sessions in the caller's transaction; once it commits, their access tokens and sockets end too.

    Args:
        tell: have Redis told right after the commit; without it the caller does.
    """
    ended: dict[int, list[str]] = {}
    for family in families:
        ended.setdefault(family.user_id, []).append(str(family.id))
        session.execute(update(Session).where(Session.id == family.id).values(revoked_at=now, revoked_reason=reason))
    for user_id, session_ids in ended.items():
        data = session_revoked_data(user_id=user_id, session_ids=session_ids)
        outbox.record(session, Outbox, SESSION_REVOKED, data, now=now)
        if tell:
            on_commit(partial(kill_access_tokens, tuple(session_ids)))


def access_answer(user: User, family: Session, now: datetime) -> dict[str, Any]:
    """Return a new access token of a session, and how long it is good."""
    proved_at = int((family.proved_at or family.created_at).timestamp())
    who = (user.id, user.username, user.role, tuple(user.positions), user.cadet_id, user.staff_id)
    principal = Principal(*who, session_id=str(family.id), due=_due(user, now), proved_at=proved_at)
    token = issue_access_token(current_app.config["RGMS"], principal, now)
    return {"token": token, "expires_in": int(ACCESS_LIFE.total_seconds())}


def must_have_second_factor(role: str) -> bool:
    """Return whether the setting asks accounts of this role for a second factor."""
    return second_factor.is_required(role, auth_settings().second_factor)


def second_factor_rule(role: str) -> dict[str, Any]:
    """Return what the setting says, whether it means this role, and for pages of which name passkeys are."""
    enforced, domain = auth_settings().second_factor, site_of(current_app.config["RGMS"]).domain
    return {"enforced": enforced, "required_": must_have_second_factor(role), "passkey_domain": domain}


def _due(user: User, now: datetime) -> str:
    if user.must_change_password:
        return PASSWORD_DUE
    required, due_at = must_have_second_factor(user.role), user.second_factor_due_at
    due = second_factor.is_due(required=required, has=user.has_second_factor, due_at=due_at, now=now)
    return SECOND_FACTOR_DUE if due else ""


def _due_at(user: User) -> datetime | None:
    return user.second_factor_due_at if must_have_second_factor(user.role) and not user.has_second_factor else None


def _answer(user: User, family: Session, token: str, now: datetime) -> dict[str, Any]:
    return access_answer(user, family, now) | {
        "refresh_token": token,
        "user": {
            "id": user.id,
            "username": user.username,
            "role": user.role,
            "positions": list(user.positions),
            "cadet_id": user.cadet_id,
            "staff_id": user.staff_id,
            "display_name": user.display_name or user.username,
            "must_change_password": user.must_change_password,
            "due": _due(user, now) or None,
            "has_second_factor": user.has_second_factor,
            "second_factor_due_at": _due_at(user),
        },
    }


def _as_uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
