"""What the owner of an account is told of what others do to it."""

from collections.abc import Callable
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import select

from auth_service.client_info import INTERNAL
from auth_service.domain.throttle import WINDOW_SECONDS
from auth_service.models import SecurityEvent, User
from auth_service.operations.audit import record_event
from libs.contracts.tasks import EMAIL, GUESSED
from libs.data.db import transaction
from libs.ids import uuid7
from libs.web.errors import UpstreamDown

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


def _reached(tell: Callable[[], object]) -> bool:
    try:
        tell()
    except UpstreamDown:
        current_app.logger.error("a notice could not be handed over")
        return False
    return True
