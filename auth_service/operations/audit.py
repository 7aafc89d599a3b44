"""The audit trail of security events (criterion 16.3)."""

import logging
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from auth_service.client_info import ClientInfo
from auth_service.models import LoginAttempt, SecurityEvent

log = logging.getLogger("auth.security")


def record_event(
    session: Session,
    kind: str,
    *,
    origin: ClientInfo,
    now: datetime,
    user_id: int | None,
    actor_id: int | None = None,
    details: dict[str, Any] | None = None,
) -> None:
    """Append one event to the audit trail, in the caller's transaction, and to the log.

    ``details`` never holds a secret: no password, token, code or typed username of an unknown account.
    """
    facts = details or {}
    session.add(
        SecurityEvent(
            at=now,
            kind=kind,
            actor_id=actor_id,
            user_id=user_id,
            address=origin.address,
            request_id=origin.request_id,
            details=facts,
        )
    )
    log.info(kind, extra={"user_id": user_id, "actor_id": actor_id, "address": origin.address, "facts": facts})


def record_attempt(
    session: Session, *, account_key: str, user_id: int | None, origin: ClientInfo, outcome: str, now: datetime
) -> None:
    """Append one sign-in attempt to its log (criterion 16.4)."""
    session.add(LoginAttempt(account_key=account_key, user_id=user_id, address=origin.address, at=now, outcome=outcome))
