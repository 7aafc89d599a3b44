"""Accounts as they are shown and as sign-in needs them."""

import uuid
from typing import Any

from sqlalchemy import ColumnElement, case, func, or_, select

from auth_service.models import Session, User
from libs.data.db import reading
from libs.web.pagination import Page

AWAITING, ACTIVE, INACTIVE = "awaiting_activation", "active", "deactivated"

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
)
_ADMINISTERED = (*_PUBLIC, User.email, User.company, User.is_active, _STATE, User.created_at, User.last_login_at)


def credentials_for(username: str) -> dict[str, Any] | None:
    """Return id, hash and activity of the account of that name, upper and lower case alike."""
    with reading() as connection:
        row = connection.execute(
            select(User.id, User.username, User.password_hash, User.is_active).where(
                func.lower(User.username) == func.lower(username)
            )
        ).mappings()
        return _one(row.first())


def credentials_by_id(user_id: int) -> dict[str, Any] | None:
    """Return id, name, hash and activity of an account."""
    with reading() as connection:
        columns = (User.id, User.username, User.password_hash, User.is_active)
        return _one(connection.execute(select(*columns).where(User.id == user_id)).mappings().first())


def user_for_session(user_id: int, session_id: str) -> dict[str, Any] | None:
    """Return the account as its owner sees it, or None when it is deactivated or that session has ended."""
    try:
        known = uuid.UUID(session_id)
    except ValueError:
        return None
    query = (
        select(*_PUBLIC)
        .join(Session, Session.user_id == User.id)
        .where(User.id == user_id, User.is_active, Session.id == known, Session.revoked_at.is_(None))
    )
    with reading() as connection:
        return _one(connection.execute(query).mappings().first())


def user_by_id(user_id: int) -> dict[str, Any] | None:
    """Return an account as an administrator sees it."""
    with reading() as connection:
        return _one(connection.execute(select(*_ADMINISTERED).where(User.id == user_id)).mappings().first())


def users_page(page: Page, *, search: str | None, role: str | None, state: str | None) -> tuple[list[dict[str, Any]], int]:
    """Return one page of accounts by name, and how many match in all."""
    conditions: list[ColumnElement[bool]] = []
    if search:
        wanted = f"%{_escaped(search)}%"
        conditions.append(or_(*(column.ilike(wanted, escape="\\") for column in (User.username, User.display_name, User.email))))
    if role:
        conditions.append(User.role == role)
    if state:
        conditions.append(state == _STATE.element)
    order = (func.lower(User.username), User.id)
    with reading() as connection:
        total = connection.execute(select(func.count()).select_from(User).where(*conditions)).scalar_one()
        rows = connection.execute(
            select(*_ADMINISTERED).where(*conditions).order_by(*order).limit(page.limit).offset(page.offset)
        ).mappings()
        return [dict(row) for row in rows], total


def users_for_services(*, user_ids: list[int], cadet_ids: list[int], role: str | None) -> list[dict[str, Any]]:
    """Return the active accounts another service asks for, at most 1,000."""
    chosen = [User.id.in_(user_ids), User.cadet_id.in_(cadet_ids)]
    if role:
        chosen.append(User.role == role)
    with reading() as connection:
        rows = connection.execute(select(*_PUBLIC, User.email).where(User.is_active, or_(*chosen)).order_by(User.id).limit(1000))
        return [dict(row) for row in rows.mappings()]


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _one(row: Any) -> dict[str, Any] | None:
    return dict(row) if row is not None else None
