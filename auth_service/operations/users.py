"""Administration of accounts: roles, positions, activity, lockouts."""

import ipaddress
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import redis
from sqlalchemy import select
from sqlalchemy.orm import Session as DbSession

from auth_service.client_info import ClientInfo
from auth_service.models import User
from auth_service.operations.audit import record_attempt, record_event
from auth_service.operations.login import account_key
from auth_service.operations.sessions import end_sessions_of
from auth_service.queries import attempts
from auth_service.throttle import activation_throttle, forgot_throttle, sign_in_throttle
from libs.data.db import transaction
from libs.web.errors import Conflict, Invalid, NotFound, UpstreamDown


def change_user(
    *,
    user_id: int,
    actor_id: int,
    origin: ClientInfo,
    now: datetime,
    role: str | None = None,
    is_active: bool | None = None,
    positions: Sequence[str] | None = None,
) -> None:
    """Change what is given of an account's role, activity and positions. Any real change ends its sessions.

    Raises:
        NotFound: no such account.
        Invalid: a cadet cannot become staff, nor staff a cadet; a cadet holds no positions.
        Conflict: nobody active would be left to administer RGMS.
    """
    with transaction() as session:
        admins = active_admins(session)
        user = session.get(User, user_id, with_for_update=True)
        if user is None or user.is_withdrawn:
            raise NotFound()
        wanted = {"role": role, "is_active": is_active, "positions": None if positions is None else sorted(set(positions))}
        changes = {
            name: [getattr(user, name), value]
            for name, value in wanted.items()
            if value is not None and value != (sorted(user.positions) if name == "positions" else getattr(user, name))
        }
        if not changes:
            return
        _check_kind(user, role=role, positions=positions)
        for name, (_, value) in changes.items():
            setattr(user, name, value)
        if admins == [user_id] and not (user.is_active and user.role == "admin"):
            raise Conflict("This is the last active administrator. Make another one first.", code="last_admin")
        ended = end_sessions_of(session, user_id, reason="account_changed", now=now)
        details = {"changes": changes, "sessions_ended": ended}
        record_event(session, "account.changed", origin=origin, now=now, user_id=user_id, actor_id=actor_id, details=details)


def active_admins(session: DbSession) -> list[int]:
    """Lock the active administrators for the rest of the transaction and return their ids."""
    # All of them are locked, in order: of two administrators who demote each other at once, one is refused.
    query = select(User.id).where(User.role == "admin", User.is_active).order_by(User.id).with_for_update()
    return list(session.execute(query).scalars())


def _check_kind(user: User, *, role: str | None, positions: Sequence[str] | None) -> None:
    if role and (role == "cadet") != (user.role == "cadet"):
        raise Invalid(details={"role": ["A cadet's account stays a cadet's, and only a cadet's account is one."]})
    if positions and user.role == "cadet":
        raise Invalid(details={"positions": ["Cadets hold no staff positions."]})


def unlock_user(*, user_id: int, actor_id: int | None, origin: ClientInfo, now: datetime) -> None:
    """Forget the failed sign-ins of an account, from every address.

    Raises:
        NotFound: no such account.
    """
    with transaction() as session:
        user = session.get(User, user_id)
        if user is None:
            raise NotFound()
        key = account_key(user.username)
        record_attempt(session, account_key=key, user_id=user_id, origin=origin, outcome=attempts.UNLOCKED, now=now)
        record_event(session, "account.unlocked", origin=origin, now=now, user_id=user_id, actor_id=actor_id)
    sign_in_throttle().clear(key)


def clear_address(*, address: str, actor_id: int | None, origin: ClientInfo, now: datetime) -> None:
    """Forget what strangers at an address failed, so that nobody there waits in line any more.

    Raises:
        Invalid: this is no address. UpstreamDown: Redis, which counts, does not answer.
    """
    try:
        known = str(ipaddress.ip_address(address))
    except ValueError as error:
        raise Invalid(details={"address": ["Give an IP address, such as 203.0.113.7."]}) from error
    try:
        for throttle in (sign_in_throttle(), activation_throttle(), forgot_throttle()):
            throttle.clear_address(known)
    except redis.RedisError as error:
        raise UpstreamDown("The counters cannot be reached just now. Nothing was changed.") from error
    with transaction() as session:
        details = {"address": known}
        record_event(session, "address.cleared", origin=origin, now=now, user_id=None, actor_id=actor_id, details=details)


def end_all_sessions(*, user_id: int, actor_id: int, origin: ClientInfo, now: datetime) -> dict[str, Any]:
    """Sign an account out everywhere, as after a lost phone; return how many sessions ended.

    Raises:
        NotFound: no such account.
    """
    with transaction() as session:
        if session.get(User, user_id) is None:
            raise NotFound()
        ended = end_sessions_of(session, user_id, reason="ended_by_admin", now=now)
        details = {"sessions_ended": ended}
        record_event(session, "sessions.ended", origin=origin, now=now, user_id=user_id, actor_id=actor_id, details=details)
    return {"ended": ended}
