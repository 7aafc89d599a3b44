"""Accounts as they are shown and as sign-in needs them."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select

from auth_service.domain.throttle import Limits
from auth_service.models import Session, User
from libs.contracts.student_numbers import number_digits
from libs.data.db import reading
from libs.web.lists import INSTANT, INTEGER, Filter, Key, Listing, columns_of, page_bytes
from libs.web.pagination import Page

MANY = 1_000_000
"""More wrong tries than any window holds: a rule that is lifted."""
AWAITING, ACTIVE, INACTIVE = "awaiting_activation", "active", "deactivated"

_STATE_SQL = f"""CASE WHEN NOT u.is_active THEN '{INACTIVE}' WHEN u.password_hash IS NULL THEN '{AWAITING}' ELSE '{ACTIVE}' END"""
_STATE = case((User.is_active.is_(False), INACTIVE), (User.password_hash.is_(None), AWAITING), else_=ACTIVE).label("state")
_PUBLIC = (
    User.id,
    User.username,
    User.role,
    User.positions,
    User.cadet_id,
    User.staff_id,
    User.display_name,
    User.must_change_password,
    User.has_second_factor,
)
_ADMINISTERED = (*_PUBLIC, User.email, User.company, User.is_active, _STATE, User.created_at, User.last_login_at)
# Whether wrong tries make anybody wait here: too many from one address, or so many in all that strangers are delayed. As in the
# log that is judged while Redis is away: a success forgives its address, an unlock everybody.
_HELD_UP_SQL = """COALESCE((SELECT max(tries.failed) >= :per_pair OR sum(tries.failed) >= :delay_after FROM (
    SELECT count(*) AS failed FROM auth.login_attempt a
    WHERE a.user_id = u.id AND a.at > :held_since AND a.outcome = 'failed' AND NOT EXISTS (
        SELECT FROM auth.login_attempt later WHERE later.user_id = u.id AND later.at >= a.at
            AND (later.outcome = 'unlocked' OR later.outcome = 'succeeded' AND later.address = a.address))
    GROUP BY a.address) tries), false)"""
USERS = Listing(
    source='auth."user" u',
    id=Key("u.id", INTEGER),
    fields=columns_of("u", [column.key for column in _ADMINISTERED]) | {"state": _STATE_SQL, "is_held_up": _HELD_UP_SQL},
    sorts={
        "username": (Key("lower(u.username)"),),
        "display_name": (Key("lower(u.display_name)"),),
        "role": (Key("u.role"), Key("lower(u.username)")),
        "created_at": (Key("u.created_at", INSTANT),),
        "last_login_at": (Key("u.last_login_at", INSTANT, nullable=True),),
    },
    default_sort="username",
    instants=("created_at", "last_login_at"),
)


def names_of(user_ids: list[int]) -> list[dict[str, Any]]:
    """Return id and name of those of these accounts that exist: the display name, or else the user name."""
    name = func.coalesce(func.nullif(User.display_name, ""), User.username).label("name")
    with reading() as connection:
        rows = connection.execute(select(User.id, name).where(User.id.in_(user_ids)).order_by(User.id)).mappings()
        return [dict(row) for row in rows]


def credentials_for(username: str) -> dict[str, Any] | None:
    """Return id, name, hash and activity of the account of that name, upper and lower case alike.

    A cadet may type the student number instead, with or without its dash, unless somebody else's name is those digits.
    """
    named = func.lower(User.username) == func.lower(username)
    by_number = and_(User.student_number == number_digits(username), User.role == "cadet", ~User.is_withdrawn)
    query = select(User.id, User.username, User.password_hash, User.is_active, named.label("named")).where(or_(named, by_number))
    with reading() as connection:
        found = connection.execute(query.order_by(named.desc()).limit(2)).mappings().all()
    if not found or (len(found) > 1 and not found[0]["named"]):
        return None
    return {name: value for name, value in found[0].items() if name != "named"}


def credentials_by_id(user_id: int) -> dict[str, Any] | None:
    """Return id, names, hash and activity of an account."""
    with reading() as connection:
        columns = (User.id, User.username, User.display_name, User.password_hash, User.is_active)
        return _one(connection.execute(select(*columns).where(User.id == user_id)).mappings().first())


def user_for_session(user_id: int, session_id: str) -> dict[str, Any] | None:
    """Return the account as its owner sees it, or None when it is deactivated or that session has ended."""
    try:
        known = uuid.UUID(session_id)
    except ValueError:
        return None
    query = (
        select(*_PUBLIC, User.second_factor_due_at)
        .join(Session, Session.user_id == User.id)
        .where(User.id == user_id, User.is_active, Session.id == known, Session.revoked_at.is_(None))
    )
    with reading() as connection:
        return _one(connection.execute(query).mappings().first())


def user_by_id(user_id: int) -> dict[str, Any] | None:
    """Return an account as an administrator sees it."""
    with reading() as connection:
        return _one(connection.execute(select(*_ADMINISTERED).where(User.id == user_id, ~User.is_withdrawn)).mappings().first())


def users_page(page: Page, *, search: str | None, role: str | None, state: str | None, limits: Limits, now: datetime) -> bytes:
    """Return a page of accounts as JSON, by name; `limits` are those of signing in."""
    wanted = Filter("NOT u.is_withdrawn").equal(u_role=role)
    wanted.values["held_since"] = now - timedelta(seconds=limits.window)
    wanted.values["per_pair"] = limits.per_pair or MANY
    wanted.values["delay_after"] = limits.delay_after or MANY
    if search:
        found = "u.username ILIKE :search OR u.display_name ILIKE :search OR u.email ILIKE :search"
        if digits := number_digits(search):
            found += " OR u.student_number LIKE :digits"
            wanted.values["digits"] = f"%{digits}%"
        wanted.conditions.append(f"({found})")
        wanted.values["search"] = f"%{_escaped(search)}%"
    if state:
        wanted.conditions.append(f"{_STATE_SQL} = :state")
        wanted.values["state"] = state
    return page_bytes(USERS, page, wanted)


def users_for_services(*, user_ids: list[int], cadet_ids: list[int], role: str | None) -> list[dict[str, Any]]:
    """Return the active accounts another service asks for, at most 1,000."""
    chosen: list[ColumnElement[bool]] = [User.id.in_(user_ids), User.cadet_id.in_(cadet_ids)]
    if role:
        chosen.append(User.role == role)
    with reading() as connection:
        rows = connection.execute(select(*_PUBLIC, User.email).where(User.is_active, or_(*chosen)).order_by(User.id).limit(1000))
        return [dict(row) for row in rows.mappings()]


def activated_cadets(cadet_ids: list[int]) -> list[int]:
    """Return those of these cadets whose account has a password."""
    with reading() as connection:
        query = select(User.cadet_id).where(User.cadet_id.in_(cadet_ids), User.password_hash.is_not(None))
        return [cadet_id for cadet_id in connection.execute(query.order_by(User.cadet_id)).scalars() if cadet_id]


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _one(row: Any) -> dict[str, Any] | None:
    return dict(row) if row is not None else None
