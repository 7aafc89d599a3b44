"""The tables of schema ``auth``."""

from auth_service.models.accounts import User
from auth_service.models.attempts import LoginAttempt, SecurityEvent
from auth_service.models.codes import ActivationCode, PasswordReset
from auth_service.models.email_changes import EmailChange
from auth_service.models.platform import AuditEntry, ConsumerOffset, IdempotencyKey, Outbox, ParkedEvent
from auth_service.models.second_factor import Passkey, RecoveryCode, SecurityStep, Totp
from auth_service.models.sessions import RefreshToken, Session

__all__ = [
    "ActivationCode",
    "AuditEntry",
    "ConsumerOffset",
    "EmailChange",
    "IdempotencyKey",
    "LoginAttempt",
    "Outbox",
    "ParkedEvent",
    "Passkey",
    "PasswordReset",
    "RecoveryCode",
    "RefreshToken",
    "SecurityEvent",
    "SecurityStep",
    "Session",
    "Totp",
    "User",
]
