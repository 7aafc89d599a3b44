"""Housekeeping that the scheduler asks for (criteria 21.1 and 21.4)."""

from datetime import datetime, timedelta

from sqlalchemy import delete, or_

from auth_service.domain.email_changes import WAITING
from auth_service.models import (
    ActivationCode,
    EmailChange,
    IdempotencyKey,
    LoginAttempt,
    PasswordReset,
    RefreshToken,
    SecurityStep,
    Session,
)
from libs.data.db import affected, transaction

KEEP_ENDED_SESSIONS = timedelta(days=30)
KEEP_ATTEMPTS = timedelta(days=180)
KEEP_EMAIL_CHANGES = timedelta(days=180)
KEEP_IDEMPOTENCY_KEYS = timedelta(days=2)


def clean_sessions(*, now: datetime) -> int:
    """Delete sessions, with their tokens, that ended or expired more than thirty days ago; return how many."""
    before = now - KEEP_ENDED_SESSIONS
    with transaction() as session:
        gone = session.execute(delete(Session).where(or_(Session.expires_at < before, Session.revoked_at < before)))
        session.execute(delete(LoginAttempt).where(LoginAttempt.at < now - KEEP_ATTEMPTS))
        return affected(gone)


def clean_tokens(*, now: datetime) -> int:
    """Delete refresh tokens, codes and links that can no longer be used; return how many."""
    with transaction() as session:
        gone = sum(
            affected(session.execute(delete(table).where(table.expires_at < now)))
            for table in (RefreshToken, ActivationCode, PasswordReset, SecurityStep)
        )
        old = EmailChange.proposed_at < now - KEEP_EMAIL_CHANGES
        session.execute(delete(EmailChange).where(old, EmailChange.state != WAITING))
        session.execute(delete(IdempotencyKey).where(IdempotencyKey.created_at < now - KEEP_IDEMPOTENCY_KEYS))
        return gone
