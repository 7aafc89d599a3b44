"""Activation codes: made by an administrator, printed, and used once by the owner to set a password."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.orm import Session as DbSession

from auth_service.client_info import ClientInfo
from auth_service.domain import activation as rules
from auth_service.domain import tokens
from auth_service.domain.throttle import Visitor
from auth_service.hashing import Asker, hashing
from auth_service.models import ActivationCode, User
from auth_service.operations.audit import record_event
from auth_service.operations.login import refuse
from auth_service.operations.passwords import check_password, set_password
from auth_service.operations.people import ensure_cadets_known
from auth_service.operations.second_step import let_in
from auth_service.operations.sessions import end_sessions_of
from auth_service.throttle import activation_throttle
from libs.data.db import transaction
from libs.qr import qr_code
from libs.web.errors import Conflict, Invalid

PURPOSE = "activation"


def issue_codes(
    *,
    actor_id: int,
    origin: ClientInfo,
    now: datetime,
    cadet_ids: Sequence[int] = (),
    user_ids: Sequence[int] = (),
    company: str | None = None,
    renew: bool = False,
    live: str = rules.ASK,
) -> dict[str, Any]:
    """Make a code for each named account that awaits activation, and return them with the names to print beside them.

    A code is shown only here, with the link and the QR code of its card; a new one replaces the old.

    Args:
        renew: also for accounts with a password, whose owners cannot get in any more: their code sets a new password.
        live: what becomes of codes that still work, and may be on a card in somebody's hand: ``replace`` or ``keep`` them,
            or ``ask``, which makes none.

    Returns ``{"codes": [...], "skipped": [{"cadet_id", "user_id", "code"}]}``.

    Raises:
        Conflict: ``live`` is ``ask`` and there are such codes; ``details`` says how many.
    """
    ensure_cadets_known(cadet_ids=cadet_ids, now=now)
    codes: list[dict[str, Any]] = []
    skipped: list[dict[str, Any]] = []
    with transaction() as session:
        users = _chosen(session, cadet_ids=cadet_ids, user_ids=user_ids, company=company)
        holders = _holders_of_live_codes(session, users, renew=renew, now=now)
        if holders and live == rules.ASK:
            raise _live_codes(len(holders))
        for user in users:
            if not user.is_active:
                skipped.append(_skipped(user.cadet_id, user.id, "deactivated"))
            elif user.password_hash and not renew:
                skipped.append(_skipped(user.cadet_id, user.id, "already_active"))
            elif user.id in holders and live == rules.KEEP:
                skipped.append(_skipped(user.cadet_id, user.id, "live_code"))
            else:
                codes.append(_issue(session, user, actor_id=actor_id, now=now))
        known_cadets, known_users = {user.cadet_id for user in users}, {user.id for user in users}
        skipped += [_skipped(cadet_id, None, "unknown") for cadet_id in cadet_ids if cadet_id not in known_cadets]
        skipped += [_skipped(None, user_id, "unknown") for user_id in user_ids if user_id not in known_users]
        for code in codes:
            record_event(session, "activation.code_issued", origin=origin, now=now, user_id=code["user_id"], actor_id=actor_id)
    # After the commit: drawing hundreds of codes must not hold the rows of their accounts.
    return {"codes": [code | _on_card(code["code"]) for code in codes], "skipped": skipped}


def _on_card(code: str) -> dict[str, Any]:
    # Behind the # the code stays in the browser: no server's log ever has it.
    link = f"{current_app.config['RGMS'].public_url}/activate#code={code}"
    return {"link": link, "qr": qr_code(link)}


def _holders_of_live_codes(session: DbSession, users: Sequence[User], *, renew: bool, now: datetime) -> set[int]:
    meant = [user.id for user in users if user.is_active and (renew or not user.password_hash)]
    unused = (ActivationCode.used_at.is_(None), ActivationCode.expires_at > now)
    return set(session.execute(select(ActivationCode.user_id).where(ActivationCode.user_id.in_(meant), *unused)).scalars())


def _live_codes(count: int) -> Conflict:
    holders = "1 of these accounts has" if count == 1 else f"{count} of these accounts have"
    return Conflict(
        f"{holders} a code that still works. Say whether to replace or to keep it. No code was made.",
        code="live_codes",
        details={"live": count},
    )


def _chosen(session: DbSession, *, cadet_ids: Sequence[int], user_ids: Sequence[int], company: str | None) -> list[User]:
    wanted: list[ColumnElement[bool]] = [User.cadet_id.in_(cadet_ids), User.id.in_(user_ids)]
    if company:
        wanted.append((func.lower(User.company) == func.lower(company)) & User.is_active & User.password_hash.is_(None))
    query = (
        select(User).where(or_(*wanted), ~User.is_withdrawn).order_by(User.company, User.display_name, User.id).with_for_update()
    )
    return list(session.execute(query).scalars())


def _issue(session: DbSession, user: User, *, actor_id: int, now: datetime) -> dict[str, Any]:
    code = rules.code_from(secrets.randbelow(len(rules.ALPHABET)) for _ in range(rules.FREE_LETTERS))
    expires = now + rules.CODE_LIFE
    session.execute(delete(ActivationCode).where(ActivationCode.user_id == user.id, ActivationCode.used_at.is_(None)))
    session.add(
        ActivationCode(code_hash=_hashed(code)[0], user_id=user.id, issued_by=actor_id, issued_at=now, expires_at=expires)
    )
    return {
        "user_id": user.id,
        "cadet_id": user.cadet_id,
        "staff_id": user.staff_id,
        "name": user.display_name or user.username,
        "username": user.username,
        "company": user.company,
        "code": rules.printable(code),
        "expires_at": expires,
    }


def _skipped(cadet_id: int | None, user_id: int | None, code: str) -> dict[str, Any]:
    return {"cadet_id": cadet_id, "user_id": user_id, "code": code}


def activate(*, code: str, password: str, username: str | None, origin: ClientInfo, now: datetime) -> dict[str, Any]:
    """Set the first password of an account with its code and sign its owner in.

    Raises:
        Invalid: the code is mistyped (no try is lost), unknown, used or expired, the username is not the account's, or the
            password breaks a rule.
        RateLimited: too many unknown codes from one address.
    """
    meant = rules.normalise(code)
    if meant is None:
        raise _bad_code("activation_code_mistyped", "Look at the code again: a letter is missing or mistyped.")
    throttle = activation_throttle()
    stranger = Visitor(origin.address)
    refuse(throttle.enter("any code", stranger))
    usable = (ActivationCode.code_hash.in_(_hashed(meant)), ActivationCode.used_at.is_(None), ActivationCode.expires_at > now)
    with transaction() as session:
        owner = session.execute(
            select(User.username, User.display_name, User.student_number)
            .join(ActivationCode, ActivationCode.user_id == User.id)
            .where(*usable, User.is_active)
        ).first()
    if owner is None or (username and not rules.names_account(username, owner.username, owner.student_number)):
        throttle.fail("any code", stranger)
        raise _bad_code("activation_code_invalid", "This code is not valid (any more). Ask the ROTC office for a new one.")
    check_password(password, username=owner.username, name=owner.display_name)
    fresh = hashing().hash(password, Asker(meant, origin.address))
    with transaction() as session:
        taken = update(ActivationCode).where(*usable).values(used_at=now).returning(ActivationCode.user_id)
        user_id = session.execute(taken).scalar()
        if user_id is None:
            raise _bad_code("activation_code_invalid", "This code was used just now.")
        user = session.get_one(User, user_id, with_for_update=True)
        set_password(session, user, fresh, now=now)
        end_sessions_of(session, user_id, reason="password_reset", now=now)
        record_event(session, "account.activated", origin=origin, now=now, user_id=user_id, actor_id=user_id)
        return let_in(session, user, origin=origin, now=now)


def _hashed(code: str) -> list[str]:
    settings = current_app.config["RGMS"]
    secrets_known = filter(None, (settings.secret_key, settings.secret_key_previous))
    return [tokens.keyed_fingerprint(secret, PURPOSE, code) for secret in secrets_known]


def _bad_code(code: str, message: str) -> Invalid:
    return Invalid(message, code=code, details={"code": [message]})
