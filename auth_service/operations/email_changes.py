"""The address by which a password is reset: proposed by the roster, decided by its owner or a second officer, undone."""

from datetime import datetime
from functools import partial
from typing import Any

from flask import current_app
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session as DbSession

from auth_service.background import background_queue
from auth_service.client_info import INTERNAL, ClientInfo
from auth_service.domain import email_changes as rules
from auth_service.domain import tokens
from auth_service.domain.email_changes import APPLIED, REFUSED, REPLACED, UNDONE, WAITING, Step
from auth_service.models import EmailChange, PasswordReset, User
from auth_service.operations.audit import record_event
from auth_service.operations.mail import mail_to
from auth_service.operations.passwords import send_reset_link
from auth_service.operations.sessions import end_sessions_of
from auth_service.queries.email_changes import change_of_link, waiting_and_rejected
from libs.contracts.principal import Principal
from libs.contracts.tasks import EMAIL_CHANGED, EMAIL_PROPOSED
from libs.data.db import on_commit, transaction
from libs.ids import new_token
from libs.web.errors import Conflict, Forbidden, Invalid, NotFound


def follow_email(session: DbSession, user: User, given: str | None, *, actor_id: int | None, now: datetime) -> None:
    """Do with the address that the roster gives what the rules say, in the caller's transaction.

    Args:
        actor_id: the account that changed it in the roster; None for unknown.
    """
    if rules.same(user.email, given) and user.email is not None and given is not None:
        user.email = given
    waiting, rejected = waiting_and_rejected(session, user.id)
    account = rules.Account(user.email, user.password_hash is not None, waiting, rejected)
    step = rules.judge(account, given, by_owner=actor_id == user.id)
    if step in {Step.WITHDRAW, Step.APPLY, Step.WAIT}:
        waits = update(EmailChange).where(EmailChange.user_id == user.id, EmailChange.state == WAITING)
        session.execute(waits.values(state=REPLACED, decided_at=now))
    if step is Step.TAKE:
        user.email = given
    if step in {Step.APPLY, Step.WAIT}:
        change = EmailChange(
            user_id=user.id, old_email=user.email, new_email=given, state=WAITING, proposed_by=actor_id, proposed_at=now
        )
        session.add(change)
        session.flush()
        record_event(session, "email.proposed", origin=INTERNAL, now=now, user_id=user.id, actor_id=actor_id)
        if step is Step.APPLY:
            _apply(session, user, change, actor_id=actor_id, origin=INTERNAL, now=now)
        else:
            _tell_later(change.id, now)


def decide(*, change_id: int, principal: Principal, accept: bool, origin: ClientInfo, now: datetime) -> None:
    """Accept or refuse a waiting change, as the owner of the account or as another officer than the one who proposed it.

    Raises:
        NotFound: no such change, or it is not this person's to decide.
        Conflict: it was decided meanwhile.
        Forbidden: an officer accepts what they proposed themselves, or what only an administrator may.
    """
    with transaction() as session:
        change, user = _locked(session, change_id)
        if principal.user_id != user.id:
            _refuse_officer(principal, change, user, accept=accept)
        if change.state != WAITING:
            raise Conflict("This was decided meanwhile.", code="email_change_decided", details={"state": change.state})
        _decide(session, user, change, accept=accept, actor_id=principal.user_id, origin=origin, now=now)


def _refuse_officer(principal: Principal, change: EmailChange, user: User, *, accept: bool) -> None:
    if not principal.may("roster.write"):
        raise NotFound()
    if not accept:
        return
    # Who proposed it is not known of everything: then, as for an account of the office itself, an administrator says yes.
    if not principal.may("users.manage") and (change.proposed_by is None or user.role != "cadet"):
        raise Forbidden("Only the owner of this account or an administrator may accept this.")
    if change.proposed_by == principal.user_id:
        raise Forbidden("You proposed this address yourself. Its owner or a second officer accepts it.", code="own_proposal")


def decide_by_link(*, token: str, accept: bool, origin: ClientInfo, now: datetime) -> dict[str, Any]:
    """Accept, refuse or undo a change with the link that the old address got; return the change as it is then.

    Refusing what was applied undoes it: the old address counts again, every session ends, and a reset link comes to it.

    Raises:
        Invalid: the link is unknown or too old, or the change was replaced.
    """
    shown = change_of_link(tokens.fingerprint(token))
    if shown is None:
        raise _bad_link()
    with transaction() as session:
        change, user = _locked(session, shown["id"])
        if change.state == WAITING:
            _decide(session, user, change, accept=accept, actor_id=user.id, origin=origin, now=now)
        elif change.state == APPLIED and not accept:
            _undo(session, user, change, origin=origin, now=now)
        elif change.state == REPLACED or (accept and change.state in {UNDONE, REFUSED}):
            raise _bad_link()
        return {"state": change.state, "old_email": change.old_email, "new_email": change.new_email}


def look_at_link(*, token: str, now: datetime) -> dict[str, Any]:
    """Return what the link to the old address is about.

    Raises:
        Invalid: the link is unknown or too old, or the change was replaced.
    """
    shown = change_of_link(tokens.fingerprint(token))
    if shown is None or shown["state"] == REPLACED:
        raise _bad_link()
    if shown["state"] == APPLIED and not rules.may_undo(shown["decided_at"], now):
        raise _bad_link()
    return shown


def _locked(session: DbSession, change_id: int) -> tuple[EmailChange, User]:
    # The account first, as everything does that may change its address.
    user_id = session.execute(select(EmailChange.user_id).where(EmailChange.id == change_id)).scalar()
    if user_id is None:
        raise NotFound()
    user = session.get_one(User, user_id, with_for_update=True)
    return session.get_one(EmailChange, change_id, with_for_update=True), user


def _decide(
    session: DbSession, user: User, change: EmailChange, *, accept: bool, actor_id: int, origin: ClientInfo, now: datetime
) -> None:
    if accept:
        _apply(session, user, change, actor_id=actor_id, origin=origin, now=now)
        return
    change.state, change.decided_by, change.decided_at = REFUSED, actor_id, now
    record_event(session, "email.refused", origin=origin, now=now, user_id=user.id, actor_id=actor_id)


def _apply(
    session: DbSession, user: User, change: EmailChange, *, actor_id: int | None, origin: ClientInfo, now: datetime
) -> None:
    change.state, change.decided_by, change.decided_at, change.told_at = APPLIED, actor_id, now, None
    change.old_email, user.email = user.email, change.new_email
    session.execute(delete(PasswordReset).where(PasswordReset.user_id == user.id, PasswordReset.used_at.is_(None)))
    record_event(session, "email.changed", origin=origin, now=now, user_id=user.id, actor_id=actor_id)
    _tell_later(change.id, now)


def _undo(session: DbSession, user: User, change: EmailChange, *, origin: ClientInfo, now: datetime) -> None:
    if not change.decided_at or not rules.may_undo(change.decided_at, now):
        raise _bad_link()
    change.state, change.decided_by, change.decided_at = UNDONE, user.id, now
    user.email = change.old_email
    session.execute(delete(PasswordReset).where(PasswordReset.user_id == user.id, PasswordReset.used_at.is_(None)))
    ended = end_sessions_of(session, user.id, reason="email_undone", now=now)
    record_event(session, "email.undone", origin=origin, now=now, user_id=user.id, details={"sessions_ended": ended})
    on_commit(partial(background_queue().put, send_reset_link, username=user.username, origin=origin, now=now))


def _tell_later(change_id: int, now: datetime) -> None:
    on_commit(partial(background_queue().put, tell_old_address, change_id=change_id, now=now))


def tell_old_address(*, change_id: int, now: datetime) -> None:
    """Mail to the old address what happens to it, with the link by which it is decided or undone; once for each change."""
    token = new_token(32)
    with transaction() as session:
        change = session.get(EmailChange, change_id, with_for_update=True)
        if change is None or change.told_at or change.state not in {WAITING, APPLIED} or not change.old_email:
            return
        user = session.get_one(User, change.user_id)
        applied = change.state == APPLIED
        until = (change.decided_at or now) + rules.UNDO_LIFE
        link = f"{current_app.config['RGMS'].public_url}/email-change#token={token}"
        values = {"link": link, "new_email": change.new_email or "", "expires_at": until.isoformat() if applied else None}
        template, to, name = EMAIL_CHANGED if applied else EMAIL_PROPOSED, change.old_email, user.display_name or user.username
        change.token_hash = tokens.fingerprint(token)
    if mail_to(to, name=name, template=template, values=values):
        with transaction() as session:
            session.execute(update(EmailChange).where(EmailChange.id == change_id).values(told_at=now))


def tell_untold(*, now: datetime) -> None:
    """Mail what could not be mailed when it happened."""
    untold = select(EmailChange.id).where(
        EmailChange.told_at.is_(None), EmailChange.state.in_((WAITING, APPLIED)), EmailChange.old_email.is_not(None)
    )
    with transaction() as session:
        due = list(session.execute(untold.order_by(EmailChange.id).limit(100)).scalars())
    for change_id in due:
        tell_old_address(change_id=change_id, now=now)


def _bad_link() -> Invalid:
    return Invalid(
        "This link is too old, or something newer took its place. Nothing was changed.",
        code="email_link_invalid",
        details={"token": ["Too old or replaced."]},
    )
