"""What an account has beside its password."""

from typing import Any

from flask import current_app
from sqlalchemy import func, select

from auth_service.domain.second_factor import normalise
from auth_service.domain.tokens import keyed_fingerprint
from auth_service.models import Passkey, RecoveryCode, Totp, User
from libs.data.db import reading
from libs.web.errors import Unauthenticated


def standing_of(user_id: int) -> dict[str, Any]:
    """Return the second factors of an account, none of their secrets.

    Raises:
        Unauthenticated: there is no such account any more.
    """
    keys = select(Passkey.id, Passkey.name, Passkey.created_at, Passkey.last_used_at).where(Passkey.user_id == user_id)
    codes = select(func.count(), func.max(RecoveryCode.created_at)).where(
        RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None)
    )
    with reading() as connection:
        user = connection.execute(select(User.role, User.second_factor_due_at).where(User.id == user_id)).mappings().first()
        if user is None:
            raise Unauthenticated()
        left, made_at = connection.execute(codes).one()
        app = connection.execute(select(Totp.confirmed_at).where(Totp.user_id == user_id)).scalar()
        passkeys = [dict(row) for row in connection.execute(keys.order_by(Passkey.id)).mappings()]
    return {
        "role": user["role"],
        "due_at": user["second_factor_due_at"],
        "authenticator_since": app,
        "passkeys": passkeys,
        "recovery_codes_left": left,
        "recovery_codes_made_at": made_at,
    }


def hashes_of_code(user_id: int, typed: str) -> list[str]:
    """Return what may be stored of a recovery code: hashed with the current or the previous key; the current one first."""
    settings = current_app.config["RGMS"]
    keys = filter(None, (settings.secret_key, settings.secret_key_previous))
    return [keyed_fingerprint(key, f"recovery {user_id}", normalise(typed)) for key in keys]
