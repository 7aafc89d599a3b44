"""What the owner of an account is told of what others do to it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session as DbSession

from auth_service.background import background_queue
from auth_service.client_info import INTERNAL, ClientInfo
from auth_service.domain.throttle import WINDOW_SECONDS
from auth_service.models import SecurityEvent, Session, User
from auth_service.operations.audit import record_event
from auth_service.operations.mail import mail_to
from libs.contracts.tasks import EMAIL, GUESSED, SECURITY_NOTICE
from libs.data.db import on_commit, transaction
from libs.ids import uuid7
from libs.web.errors import UpstreamDown

WHAT = {
    "new_device": "Your account was signed in to on a device that it had not seen before.",
    "authenticator_added": "An authenticator app was added to your account.",
    "authenticator_removed": "The authenticator app was removed from your account.",
    "passkey_added": "A passkey was added to your account.",
    "passkey_removed": "A passkey was removed from your account.",
    "recovery_codes_made": "New recovery codes were made for your account; the old ones have stopped working.",
    "recovery_code_used": "A recovery code opened your account.",
    "second_factor_reset": "An administrator removed the second step of your sign-in. Your password alone opens the account now.",
}
"""What the owner of an account is told when it happens, whoever did it."""
TOLD_AGAIN_AFTER = timedelta(days=1)
SECONDS = 5.0


def tell_of_guesses(*, user_id: int, tries: int | None, now: datetime) -> None:
    """Tell the owner, once a day, that strangers guess at their password: in RGMS and by mail.

    Runs beside the request (``auth_service.background``). What reached neither way is tried again at the next wrong guess.

    Args:
        tries: how many wrong passwords it took to be told.
    """
    with transaction() as session:
        known = select(SecurityEvent.id).where(
            SecurityEvent.user_id == user_id, SecurityEvent.kind == "account.guessed", SecurityEvent.at > now - TOLD_AGAIN_AFTER
        )
        user = session.get(User, user_id)
        if user is None or session.execute(known.limit(1)).first():
            return
        name, to = user.display_name or user.username, user.email
    since = now - timedelta(seconds=WINDOW_SECONDS)
    note = {
        "id": str(uuid7()),
        "user_id": user_id,
        "message": f"There were {tries} wrong passwords for your account within minutes, from devices unknown to it. "
        "None was let in. Choose a new password if yours is short or used elsewhere.",
        "kind": "account.guessed",
        "priority": "high",
        "data": {"since": since.isoformat()},
    }
    link = f"{current_app.config['RGMS'].public_url}/forgot-password"
    values = {"tries": str(tries), "since": since.isoformat(), "link": link}
    mail = {"template": GUESSED, "to": to, "name": name, "values": values}
    told = [
        _reached(lambda: current_app.extensions["auth_realtime"].notify([note], timeout=SECONDS)),
        bool(to) and _reached(lambda: current_app.extensions["auth_tasks"].enqueue(EMAIL.kind, mail, None, timeout=SECONDS)),
    ]
    if any(told):
        with transaction() as session:
            record_event(session, "account.guessed", origin=INTERNAL, now=now, user_id=user_id, details={"tries": tries})


def tell_of_security_later(session: DbSession, user: User, what: str, *, origin: ClientInfo, now: datetime) -> None:
    """Have the owner told, in RGMS and by mail, once the caller's transaction has committed.

    Args:
        what: a key of WHAT. A new device is only told of when the account was used before, from others.
    """
    if what == "new_device" and not _is_new_device(session, user, origin):
        return
    facts = {"user_id": user.id, "to": user.email, "name": user.display_name or user.username, "what": what}
    on_commit(partial(background_queue().put, _tell_of_security, **facts, origin=origin, now=now))


def _is_new_device(session: DbSession, user: User, origin: ClientInfo) -> bool:
    if user.last_login_at is None or (origin.device and user.id in origin.device.accounts):
        return False
    # A client that keeps no cookies is known by where it comes from and what it calls itself.
    seen = select(Session.id).where(
        Session.user_id == user.id, Session.address == origin.address, Session.user_agent == origin.user_agent
    )
    return session.execute(seen.limit(1)).first() is None


def _tell_of_security(*, user_id: int, to: str | None, name: str, what: str, origin: ClientInfo, now: datetime) -> None:
    where = ", ".join(filter(None, (origin.user_agent, origin.address)))
    note = {
        "id": str(uuid7()),
        "user_id": user_id,
        "message": f"{WHAT[what]} If it was not you, end that sign-in on the page of your account and choose a new password.",
        "kind": f"account.{what}",
        "priority": "high",
        "data": {"at": now.isoformat(), "where": where},
    }
    _reached(lambda: current_app.extensions["auth_realtime"].notify([note], timeout=SECONDS))
    if to:
        link = f"{current_app.config['RGMS'].public_url}/account"
        mail_to(
            to,
            name=name,
            template=SECURITY_NOTICE,
            values={"what": WHAT[what], "at": now.isoformat(), "where": where, "link": link},
        )


def _reached(tell: Callable[[], object]) -> bool:
    try:
        tell()
    except UpstreamDown:
        current_app.logger.error("a notice could not be handed over")
        return False
    return True
