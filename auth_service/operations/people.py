"""Accounts follow the roster: a new cadet or member of staff becomes an account that awaits activation."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session as DbSession

from auth_service.client_info import INTERNAL
from auth_service.domain import accounts as rules
from auth_service.models import Outbox, User
from auth_service.operations.audit import record_event
from auth_service.operations.email_changes import follow_email
from auth_service.operations.sessions import end_sessions_of
from auth_service.operations.users import active_admins
from libs.contracts.events.auth import ACCOUNT_CREATED, account_created_data
from libs.data.db import transaction
from libs.events import outbox

MAX_ASKED = 200
"""A roster asked one by one for more cadets than this is a company that should be named as one."""


def apply_cadet(session: DbSession, cadet: Mapping[str, Any], *, now: datetime, actor_id: int | None = None) -> None:
    """Make the account of a cadet what the roster says, in the caller's transaction; older news than the last is ignored.

    Args:
        actor_id: the account that changed it in the roster; None for unknown.
    """
    facts = {"company": (cadet.get("company") or None)}
    _apply(session, "cadet", cadet, wanted=rules.username_of_cadet(dict(cadet)), facts=facts, now=now, actor_id=actor_id)


def apply_staff(session: DbSession, staff: Mapping[str, Any], *, now: datetime, actor_id: int | None = None) -> None:
    """Make the account of a member of staff what the roster says; a changed position ends their sessions.

    Args:
        actor_id: the account that changed it in the roster; None for unknown.
    """
    _apply(session, "staff", staff, wanted=rules.username_of_staff(dict(staff)), facts={}, now=now, actor_id=actor_id)


def ensure_cadets_known(*, cadet_ids: Sequence[int], now: datetime) -> None:
    """Ask the roster once for cadets that auth does not know yet: nobody waits for an event to arrive.

    Raises:
        UpstreamDown: the roster does not answer.
    """
    with transaction() as session:
        known = set(session.execute(select(User.cadet_id).where(User.cadet_id.in_(cadet_ids))).scalars())
    client = current_app.extensions["auth_roster"]
    for cadet_id in [cadet_id for cadet_id in cadet_ids if cadet_id not in known][:MAX_ASKED]:
        cadet = client.get_cadet(cadet_id)
        if cadet:
            with transaction() as session:
                apply_cadet(session, cadet, now=now)


def _apply(
    session: DbSession,
    role: str,
    person: Mapping[str, Any],
    *,
    wanted: str,
    facts: dict[str, Any],
    now: datetime,
    actor_id: int | None,
) -> None:
    link = User.cadet_id if role == "cadet" else User.staff_id
    version = int(person.get("version") or 0)
    facts = {**facts, "display_name": rules.display_name(dict(person))}
    user = session.execute(select(User).where(link == person["id"]).with_for_update()).scalar_one_or_none()
    if user is None:
        user = _create(session, role, person, wanted=wanted, facts={**facts, "email": _email(person)}, now=now)
    elif version < user.roster_version:
        return
    else:
        _follow_username(session, user, person["id"], wanted)
        for name, value in facts.items():
            setattr(user, name, value)
        follow_email(session, user, _email(person), actor_id=actor_id, now=now)
    user.roster_version = version
    _follow_position(session, user, person, now=now)
    _follow_archive(session, user, bool(person.get("is_archived")), now=now)


def _create(
    session: DbSession, role: str, person: Mapping[str, Any], *, wanted: str, facts: dict[str, Any], now: datetime
) -> User:
    ids = {"cadet_id": person["id"], "staff_id": None} if role == "cadet" else {"cadet_id": None, "staff_id": person["id"]}
    for username in rules.username_candidates(wanted, person["id"]):
        # A name that someone else holds, or a twin request that made this very account, leaves no row behind.
        made = insert(User).values(username=username, role=role, created_at=now, **ids, **facts).on_conflict_do_nothing()
        user_id = session.execute(made.returning(User.id)).scalar()
        if user_id:
            data = account_created_data(user_id=user_id, role=role, **ids)
            outbox.record(session, Outbox, ACCOUNT_CREATED, data, now=now)
            record_event(session, "account.created", origin=INTERNAL, now=now, user_id=user_id, details={"role": role})
            return session.get_one(User, user_id)
        link = User.cadet_id == person["id"] if role == "cadet" else User.staff_id == person["id"]
        twin = session.execute(select(User).where(link).with_for_update()).scalar_one_or_none()
        if twin:
            return twin
    raise ValueError(f"no free username for {role} {person['id']}")


def _follow_username(session: DbSession, user: User, person_id: int, wanted: str) -> None:
    # Once a person has signed in under a name, a corrected workbook must not change what they type.
    if user.password_hash is not None or user.username in rules.username_candidates(wanted, person_id):
        return
    for username in rules.username_candidates(wanted, person_id):
        taken = select(User.id).where(func.lower(User.username) == func.lower(username), User.id != user.id)
        if session.execute(taken).scalar() is None:
            user.username = username
            return


def _follow_position(session: DbSession, user: User, person: Mapping[str, Any], *, now: datetime) -> None:
    position = person.get("position") or None
    if user.role == "cadet" or position == user.roster_position:
        return
    # Positions that an administrator gave stay; only the roster's own one is exchanged.
    positions = [held for held in user.positions if held != user.roster_position]
    user.positions = [*positions, *([position] if position and position not in positions else [])]
    user.roster_position = position
    if end_sessions_of(session, user.id, reason="position_changed", now=now):
        record_event(session, "account.position_changed", origin=INTERNAL, now=now, user_id=user.id, details={"to": position})


def _follow_archive(session: DbSession, user: User, archived: bool, *, now: datetime) -> None:
    # Only a change in the roster switches an account: one that an administrator deactivated stays so at the next edit.
    if archived == user.roster_archived:
        return
    user.roster_archived = archived
    if archived and active_admins(session) == [user.id]:
        record_event(session, "account.last_admin_kept", origin=INTERNAL, now=now, user_id=user.id, details={"by": "roster"})
        return
    user.is_active = not archived
    if archived:
        end_sessions_of(session, user.id, reason="archived", now=now)
    kind = "account.deactivated" if archived else "account.reactivated"
    record_event(session, kind, origin=INTERNAL, now=now, user_id=user.id, details={"by": "roster"})


def _email(person: Mapping[str, Any]) -> str | None:
    email = (person.get("email") or "").strip()
    return email if email and len(email) <= 254 else None
