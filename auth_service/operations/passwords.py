"""Changing a password, and getting back in without one."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import current_app
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session as DbSession

from auth_service.client_info import ClientInfo
from auth_service.domain import passwords as rules
from auth_service.domain import tokens
from auth_service.domain.throttle import Visitor
from auth_service.hashing import Asker, hashing
from auth_service.models import ActivationCode, PasswordReset, SecurityStep, Session, User
from auth_service.operations.audit import record_event
from auth_service.operations.login import account_key, refuse, refuse_wrong_password
from auth_service.operations.mail import mail_to
from auth_service.operations.sessions import access_answer, end_sessions_of
from auth_service.queries.users import credentials_by_id, credentials_for
from auth_service.strength import weaknesses
from auth_service.throttle import forgot_throttle, reset_mail_throttle, sign_in_throttle
from libs.contracts.tasks import PASSWORD_RESET
from libs.data.db import transaction
from libs.ids import new_token
from libs.web.errors import Invalid, Unauthenticated

RESET_LIFE = timedelta(hours=1)


def check_password(password: str, *, username: str, name: str = "", field: str = "password") -> None:
    """Refuse a password that the rules refuse, or that a guesser would find soon.

    Args:
        name: how the owner of the account is called; a guesser knows that.

    Raises:
        Invalid: naming what is wrong under ``field``.
    """
    if found := rules.problems(password, username=username) or weaknesses(password, own=(username, name)):
        raise Invalid(details={field: found})


def set_password(session: DbSession, user: User, password_hash: str, *, now: datetime) -> None:
    """Store a new hash in the caller's transaction; every code and link made for the old one stops working."""
    user.password_hash = password_hash
    user.password_changed_at = now
    user.must_change_password = False
    session.execute(delete(PasswordReset).where(PasswordReset.user_id == user.id, PasswordReset.used_at.is_(None)))
    session.execute(delete(SecurityStep).where(SecurityStep.user_id == user.id))
    session.execute(delete(ActivationCode).where(ActivationCode.user_id == user.id, ActivationCode.used_at.is_(None)))


def change_password(*, user_id: int, session_id: str, current: str, new: str, origin: ClientInfo, now: datetime) -> None:
    """Replace a person's own password and end their other sessions.

    Raises:
        Invalid: the current password is wrong, or the new one breaks a rule.
        RateLimited: too many wrong current passwords; they count as failed sign-ins.
    """
    known = credentials_by_id(user_id)
    if known is None or not known["is_active"]:
        raise Unauthenticated()
    check_password(new, username=known["username"], name=known["display_name"], field="new_password")
    asker = verify_own_password(known, current, origin=origin, field="current_password")
    if current == new:
        raise Invalid(details={"new_password": ["Choose a password other than the current one."]})
    fresh = hashing().hash(new, asker)
    with transaction() as session:
        user = session.execute(select(User).where(User.id == user_id).with_for_update()).scalar_one()
        if user.password_hash != known["password_hash"]:
            raise Invalid(code="wrong_password", details={"current_password": ["It was changed meanwhile."]})
        set_password(session, user, fresh, now=now)
        ended = end_sessions_of(session, user_id, reason="password_changed", now=now, keep=session_id)
        details = {"sessions_ended": ended}
        record_event(session, "password.changed", origin=origin, now=now, user_id=user_id, actor_id=user_id, details=details)


def prove(*, user_id: int, session_id: str, password: str, origin: ClientInfo, now: datetime) -> dict[str, Any]:
    """Take a person's own password once more; return an access token that says when it was given.

    Raises:
        Invalid: it is wrong.
        RateLimited: too many wrong ones; they count as failed sign-ins.
        Unauthenticated: the session has ended.
    """
    known = credentials_by_id(user_id)
    if known is None or not known["is_active"]:
        raise Unauthenticated()
    verify_own_password(known, password, origin=origin, field="password")
    with transaction() as session:
        user = session.execute(select(User).where(User.id == user_id).with_for_update()).scalar_one()
        family = session.get(Session, UUID(session_id), with_for_update=True)
        if family is None or family.revoked_at is not None or user.password_hash != known["password_hash"]:
            raise Unauthenticated("Please sign in again.", code="session_ended")
        family.proved_at = now
        record_event(session, "password.proved", origin=origin, now=now, user_id=user_id, actor_id=user_id)
        return access_answer(user, family, now)


def verify_own_password(known: dict[str, Any], password: str, *, origin: ClientInfo, field: str) -> Asker:
    """Check the password of a signed-in person; return as whom further hashes of theirs are asked for.

    Raises:
        Invalid: it is wrong; told under ``field``.
        RateLimited: too many wrong ones; they count as failed sign-ins.
    """
    key = account_key(known["username"])
    visitor = origin.visitor(known["id"])
    asker = Asker(key, visitor.place)
    refuse(sign_in_throttle().enter(key, visitor))
    if not hashing().verify(password, known["password_hash"], asker):
        refuse_wrong_password(key=key, user_id=known["id"], origin=origin)
        raise Invalid(code="wrong_password", details={field: ["This is not your current password."]})
    refuse(sign_in_throttle().look(key, visitor))
    return asker


def admit_forgetting(*, origin: ClientInfo) -> None:
    """Let an address ask for reset mails, whomever for; when it asks too often, in line.

    Raises:
        RateLimited: its turn has not come.
    """
    visitor = Visitor(origin.address, origin.device.id if origin.device else "")
    refuse(forgot_throttle().enter("anyone", visitor))
    forgot_throttle().fail("anyone", visitor)


def send_reset_link(*, username: str, origin: ClientInfo, now: datetime) -> None:
    """Mail a reset link to the owner of a name, if there is one with an address; says nothing about it.

    Runs beside the request (``auth_service.background``), so that neither the answer nor its time tells whether a name exists.
    """
    known = credentials_for(username)
    key, visitor = account_key(known["username"] if known else username), origin.visitor(known["id"] if known else None)
    if reset_mail_throttle().enter(key, visitor).refused:
        return
    reset_mail_throttle().fail(key, visitor)
    token = new_token(32)
    with transaction() as session:
        user = session.execute(
            select(User).where(User.id == (known["id"] if known else None), User.is_active).with_for_update()
        ).scalar_one_or_none()
        if user is None or not user.email:
            return
        # Earlier links stay good: a stranger who asks for another must not spoil the one that the owner is about to open.
        expires = now + RESET_LIFE
        session.add(PasswordReset(token_hash=tokens.fingerprint(token), user_id=user.id, requested_at=now, expires_at=expires))
        record_event(session, "password.reset_requested", origin=origin, now=now, user_id=user.id)
        # The part after # never reaches a server: no proxy log and no Referer holds the token.
        link = f"{current_app.config['RGMS'].public_url}/reset-password#token={token}"
        to, name, values = user.email, user.display_name or user.username, {"link": link, "expires_at": expires.isoformat()}
    mail_to(to, name=name, template=PASSWORD_RESET, values=values)


def reset_password(*, token: str, password: str, origin: ClientInfo, now: datetime) -> int:
    """Set a new password with a mailed token; every session of the account ends. Return whose it is.

    Raises:
        Invalid: the token is unknown, used or expired, or the password breaks a rule.
    """
    digest = tokens.fingerprint(token)
    with transaction() as session:
        usable = (PasswordReset.token_hash == digest, PasswordReset.used_at.is_(None), PasswordReset.expires_at > now)
        owner = session.execute(
            select(User.username, User.display_name)
            .join(PasswordReset, PasswordReset.user_id == User.id)
            .where(*usable, User.is_active)
        ).first()
    if owner is None:
        raise _bad_link()
    username = owner.username
    check_password(password, username=username, name=owner.display_name)
    fresh = hashing().hash(password, Asker(account_key(username), origin.address))
    with transaction() as session:
        # The token is taken in one statement: of two uses at once, one finds it gone.
        taken = update(PasswordReset).where(*usable).values(used_at=now).returning(PasswordReset.user_id)
        user_id = session.execute(taken).scalar()
        if user_id is None:
            raise _bad_link()
        user = session.get_one(User, user_id, with_for_update=True)
        set_password(session, user, fresh, now=now)
        ended = end_sessions_of(session, user_id, reason="password_reset", now=now)
        details = {"sessions_ended": ended}
        record_event(session, "password.reset", origin=origin, now=now, user_id=user_id, actor_id=user_id, details=details)
    sign_in_throttle().clear(account_key(username), origin.visitor(user_id))
    return user_id


def _bad_link() -> Invalid:
    return Invalid(
        "This link has expired or was used already. Ask for a new one.",
        code="reset_invalid",
        details={"token": ["Expired or used already."]},
    )
