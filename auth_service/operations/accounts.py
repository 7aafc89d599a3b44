"""Accounts made from the command line."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from auth_service.client_info import INTERNAL
from auth_service.domain.accounts import USERNAME_MAX
from auth_service.hashing import hashing
from auth_service.models import Outbox, User
from auth_service.operations.audit import record_event
from auth_service.operations.passwords import check_password, set_password
from auth_service.operations.sessions import end_sessions_of
from libs.contracts.events.auth import ACCOUNT_CREATED, account_created_data
from libs.data.db import transaction
from libs.events import outbox
from libs.web.errors import Conflict, Invalid
from libs.web.schemas import ValidationError, clean_text


def create_admin(*, username: str, password: str, now: datetime, reset: bool = False) -> dict[str, Any]:
    """Make an administrator, or with ``reset`` give the administrator of that name a new password.

    Returns ``{"id", "username", "created"}``. Run twice, the second run refuses instead of replacing a password in passing.

    Raises:
        Invalid: the username is blank or unusable, or the password breaks a rule.
        Conflict: the name is taken; without ``reset`` by an administrator, with it by somebody else.
    """
    name = _username(username)
    check_password(password, username=name)
    fresh = hashing().hash(password)
    with transaction() as session:
        user = session.execute(
            select(User).where(func.lower(User.username) == func.lower(name)).with_for_update()
        ).scalar_one_or_none()
        if user is not None and (user.role != "admin" or not reset):
            message = f"There is an account named {user.username} already."
            message += " Use --reset to give it a new password." if user.role == "admin" else " It is not an administrator's."
            raise Conflict(message, code="username_taken")
        created = user is None
        if user is None:
            user = User(username=name, role="admin", positions=[], display_name=name, is_active=True)
            session.add(user)
            session.flush()
            data = account_created_data(user_id=user.id, role="admin", cadet_id=None, staff_id=None)
            outbox.record(session, Outbox, ACCOUNT_CREATED, data, now=now)
        user.is_active = True
        set_password(session, user, fresh, now=now)
        end_sessions_of(session, user.id, reason="password_reset", now=now)
        kind = "account.admin_created" if created else "password.reset_by_operator"
        record_event(session, kind, origin=INTERNAL, now=now, user_id=user.id)
        return {"id": user.id, "username": user.username, "created": created}


def _username(username: str) -> str:
    try:
        name = clean_text(username)
    except ValidationError as error:
        raise Invalid(details={"username": list(error.messages)}) from error
    if not 1 <= len(name) <= USERNAME_MAX:
        raise Invalid(details={"username": [f"Must be 1 to {USERNAME_MAX} characters."]})
    return name
