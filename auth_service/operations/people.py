"""Accounts follow the roster: a new cadet or member of staff becomes an account that awaits activation.

Many at once cost few statements: two thousand cadets of an import, or of its undo, are followed within seconds.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session as DbSession

from auth_service.client_info import INTERNAL
from auth_service.domain import accounts as rules
from auth_service.domain.email_changes import REPLACED, WAITING
from auth_service.models import (
    ActivationCode,
    EmailChange,
    Outbox,
    Passkey,
    PasswordReset,
    RecoveryCode,
    SecurityStep,
    Totp,
    User,
)
from auth_service.operations.audit import record_event
from auth_service.operations.email_changes import follow_email
from auth_service.operations.sessions import end_sessions_of, end_sessions_of_all
from auth_service.operations.users import active_admins
from libs.contracts.events.auth import ACCOUNT_CREATED, account_created_data
from libs.contracts.student_numbers import number_digits
from libs.data.db import transaction
from libs.events import outbox

MAX_ASKED = 200
"""A roster asked one by one for more cadets than this is a company that should be named as one."""

Person = Mapping[str, Any]


def apply_cadets(session: DbSession, cadets: Iterable[Person], *, now: datetime, actor_id: int | None = None) -> None:
    """Make the accounts of cadets what the roster says, in the caller's transaction; older news than the last is ignored.

    Args:
        actor_id: the account that changed them in the roster; None for unknown.
    """
    people = {}
    for cadet in cadets:
        facts = {"company": cadet.get("company") or None, "student_number": number_digits(cadet.get("student_id") or "")}
        people[cadet["id"]] = _Follower(cadet, "cadet", rules.username_of_cadet(cadet), facts)
    _apply(session, "cadet", people, now=now, actor_id=actor_id)


def apply_staff(session: DbSession, staff: Iterable[Person], *, now: datetime, actor_id: int | None = None) -> None:
    """Make the accounts of members of staff what the roster says; a changed position ends their sessions.

    Args:
        actor_id: the account that changed them in the roster; None for unknown.
    """
    people = {member["id"]: _Follower(member, "staff", rules.username_of_staff(member), {}) for member in staff}
    _apply(session, "staff", people, now=now, actor_id=actor_id)


def ensure_cadets_known(*, cadet_ids: Sequence[int], now: datetime) -> None:
    """Ask the roster once for cadets that auth does not know yet: nobody waits for an event to arrive.

    Raises:
        UpstreamDown: the roster does not answer.
    """
    with transaction() as session:
        known = set(session.execute(select(User.cadet_id).where(User.cadet_id.in_(cadet_ids))).scalars())
    client = current_app.extensions["auth_roster"]
    unknown = [cadet_id for cadet_id in cadet_ids if cadet_id not in known][:MAX_ASKED]
    asked = [client.get_cadet(cadet_id) for cadet_id in unknown]
    with transaction() as session:
        apply_cadets(session, [cadet for cadet in asked if cadet], now=now)


class _Follower:
    """One person of the roster and what the account should be."""

    def __init__(self, person: Person, role: str, wanted: str, facts: dict[str, Any]) -> None:
        self.id: int = person["id"]
        self.version = int(person.get("version") or 0)
        self.withdrawn = bool(person.get("withdrawn"))
        self.archived = bool(person.get("is_archived"))
        self.position = person.get("position") or None
        self.usernames = rules.username_candidates(wanted, self.id)
        self.email = _email(person)
        self.facts = {**facts, "display_name": rules.display_name(person)}
        self.ids = {"cadet_id": self.id, "staff_id": None} if role == "cadet" else {"cadet_id": None, "staff_id": self.id}


def _apply(session: DbSession, role: str, people: dict[int, _Follower], *, now: datetime, actor_id: int | None) -> None:
    known = _locked(session, role, people)
    followed = [(user, people[number]) for number, user in known.items() if people[number].version >= user.roster_version]
    # Names first: what one gives up may be what the next is called.
    _follow_withdrawal(session, followed, now=now)
    staying = [pair for pair in followed if not pair[1].withdrawn]
    _follow_usernames(session, staying)
    # Nobody has seen the account of a cadet who was withdrawn before it was made.
    new = [person for person in people.values() if person.id not in known and not person.withdrawn]
    everybody = [*followed, *_create(session, role, new, now=now)]
    for user, person in everybody:
        for name, value in person.facts.items():
            setattr(user, name, value)
        user.roster_version = person.version
        _follow_position(session, user, person.position, now=now)
    _follow_emails(session, staying, actor_id=actor_id, now=now)
    _follow_archive(session, everybody, now=now)


def _locked(session: DbSession, role: str, people: Iterable[int]) -> dict[int, User]:
    link = User.cadet_id if role == "cadet" else User.staff_id
    users = session.execute(select(User).where(link.in_(list(people))).order_by(User.id).with_for_update()).scalars()
    return {(user.cadet_id if role == "cadet" else user.staff_id) or 0: user for user in users}


def _create(session: DbSession, role: str, people: list[_Follower], *, now: datetime) -> list[tuple[User, _Follower]]:
    """Make the accounts of people who have none; return them with those that somebody else made meanwhile."""
    made: set[int | None] = set()
    for turn in range(2):
        rows = [
            {"username": person.usernames[turn], "role": role, "email": person.email, "created_at": now, **person.ids}
            for person in people
            if person.id not in made
        ]
        if not rows:
            break
        # A name that someone else holds, or a twin request that made this very account, leaves no row behind.
        statement = insert(User).values(rows).on_conflict_do_nothing().returning(User.cadet_id, User.staff_id)
        made.update(row.cadet_id or row.staff_id for row in session.execute(statement))
    users = _locked(session, role, [person.id for person in people]) if people else {}
    if missing := [person.id for person in people if person.id not in users]:
        raise ValueError(f"no free username for {role} {missing}")
    pairs = [(users[person.id], person) for person in people]
    told = [(user, person) for user, person in pairs if person.id in made]
    outbox.record_all(
        session,
        Outbox,
        [(ACCOUNT_CREATED, account_created_data(user_id=user.id, role=role, **person.ids)) for user, person in told],
        now=now,
    )
    for user, _ in told:
        record_event(session, "account.created", origin=INTERNAL, now=now, user_id=user.id, details={"role": role})
    return pairs


def _follow_usernames(session: DbSession, pairs: Sequence[tuple[User, _Follower]]) -> None:
    # Once a person has signed in under a name, a corrected workbook must not change what they type.
    moving = [pair for pair in pairs if pair[0].password_hash is None and pair[0].username not in pair[1].usernames]
    _rename(session, [(user, person.usernames) for user, person in moving])


def _rename(session: DbSession, wanted: Sequence[tuple[User, Sequence[str]]]) -> None:
    """Give each account the first of its names that nobody else has."""
    if not wanted:
        return
    names = {name.lower() for _, candidates in wanted for name in candidates}
    lowered = func.lower(User.username)
    holders = {row.name: row.id for row in session.execute(select(lowered.label("name"), User.id).where(lowered.in_(names)))}
    given_up: set[str] = set()
    for user, candidates in sorted(wanted, key=lambda pair: pair[0].id):
        free = next((name for name in candidates if holders.get(name.lower(), user.id) == user.id), None)
        if free is None:
            continue
        if free.lower() in given_up:
            # Whoever had it must be written first.
            session.flush()
        given_up.add(user.username.lower())
        holders.pop(user.username.lower(), None)
        holders[free.lower()] = user.id
        user.username = free


def _follow_emails(session: DbSession, pairs: Sequence[tuple[User, _Follower]], *, actor_id: int | None, now: datetime) -> None:
    ids = [user.id for user, _ in pairs]
    asked = select(EmailChange.user_id).where(EmailChange.user_id.in_(ids), EmailChange.state == WAITING)
    waiting = set(session.execute(asked).scalars()) if ids else set()
    for user, person in pairs:
        # Of most there is nothing to decide, and a decision costs its own statements.
        if user.email != person.email or user.id in waiting:
            follow_email(session, user, person.email, actor_id=actor_id, now=now)


def _follow_position(session: DbSession, user: User, position: str | None, *, now: datetime) -> None:
    if user.role == "cadet" or position == user.roster_position:
        return
    # Positions that an administrator gave stay; only the roster's own one is exchanged.
    positions = [held for held in user.positions if held != user.roster_position]
    user.positions = [*positions, *([position] if position and position not in positions else [])]
    user.roster_position = position
    if end_sessions_of(session, user.id, reason="position_changed", now=now):
        record_event(session, "account.position_changed", origin=INTERNAL, now=now, user_id=user.id, details={"to": position})


def _follow_archive(session: DbSession, pairs: Iterable[tuple[User, _Follower]], *, now: datetime) -> None:
    # Only a change in the roster switches an account: one that an administrator deactivated stays so at the next edit.
    changed = [(user, person) for user, person in pairs if person.archived != user.roster_archived]
    closed = []
    for user, person in changed:
        user.roster_archived = person.archived
        if person.archived and user.role != "cadet" and active_admins(session) == [user.id]:
            record_event(session, "account.last_admin_kept", origin=INTERNAL, now=now, user_id=user.id, details={"by": "roster"})
            continue
        user.is_active = not person.archived
        closed += [user.id] if person.archived else []
        kind = "account.deactivated" if person.archived else "account.reactivated"
        record_event(session, kind, origin=INTERNAL, now=now, user_id=user.id, details={"by": "roster"})
    end_sessions_of_all(session, closed, reason="archived", now=now)


def _follow_withdrawal(session: DbSession, pairs: Iterable[tuple[User, _Follower]], *, now: datetime) -> None:
    """Close the accounts of withdrawn cadets for good: who comes back, and that is the same person, begins with a code again."""
    changed = [(user, person) for user, person in pairs if person.withdrawn != user.is_withdrawn]
    gone = [(user, person) for user, person in changed if person.withdrawn]
    for user, person in changed:
        user.is_withdrawn = person.withdrawn
    for user, _ in gone:
        user.password_hash = user.password_changed_at = user.email = None
        user.must_change_password = False
        record_event(session, "account.withdrawn", origin=INTERNAL, now=now, user_id=user.id, details={"by": "roster"})
    # The sign-in name is free for whoever gets that number.
    _rename(session, [(user, rules.withdrawn_usernames(person.id)) for user, person in gone])
    ids = [user.id for user, _ in gone]
    if not ids:
        return
    waits = update(EmailChange).where(EmailChange.user_id.in_(ids), EmailChange.state == WAITING)
    session.execute(waits.values(state=REPLACED, decided_at=now))
    for credential in (ActivationCode, PasswordReset):
        session.execute(delete(credential).where(credential.user_id.in_(ids), credential.used_at.is_(None)))
    for proof in (Totp, Passkey, RecoveryCode, SecurityStep):
        session.execute(delete(proof).where(proof.user_id.in_(ids)))


def _email(person: Mapping[str, Any]) -> str | None:
    email = (person.get("email") or "").strip()
    return email if email and len(email) <= 254 else None
