"""Short-lived download links: signed, good for one file, for five minutes and no longer than the sign-in that asked for it."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from itsdangerous import BadData, URLSafeSerializer

from libs.config import Settings
from libs.web.errors import Forbidden

LIFE = timedelta(minutes=5)
_SALT = "rgms.media.download"


def sign_link(settings: Settings, file_id: UUID, session_id: str, now: datetime) -> tuple[str, datetime]:
    """Return (signature, when it stops working at the latest) of a link to `file_id` for who signed in by `session_id`."""
    expires_at = now + LIFE
    return _signer(settings).dumps([str(file_id), int(expires_at.timestamp()), session_id]), expires_at


def check_link(settings: Settings, file_id: UUID, signature: str, now: datetime) -> str:
    """Accept `signature` for `file_id` at `now`, and return the session that it may not outlive.

    Raises:
        Forbidden: code `link_invalid` (forged, or for another file) or `link_expired`.
    """
    try:
        signed_id, expires, session_id = _signer(settings).loads(signature)
    except (BadData, ValueError, TypeError) as error:
        raise Forbidden("This download link is not valid.", code="link_invalid") from error
    if signed_id != str(file_id):
        raise Forbidden("This download link is for another file.", code="link_invalid")
    if now.timestamp() >= expires:
        raise Forbidden("This download link has expired; ask for a new one.", code="link_expired")
    return str(session_id)


def _signer(settings: Settings) -> URLSafeSerializer:
    # The last key signs, all of them verify, so that a rotated SECRET_KEY breaks no link that was just handed out.
    keys = [key for key in (settings.secret_key_previous, settings.secret_key) if key]
    return URLSafeSerializer(keys, salt=_SALT)
