"""The secrets of authenticator apps: made, shown once, kept encrypted, and the codes that follow from them."""

import base64
import hashlib
import hmac
import io
from datetime import datetime

import pyotp
import segno
from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from auth_service.domain.second_factor import TOTP_SECONDS, steps_around
from libs.config import Settings

ISSUER = "RGMS MSU-SND ROTC"


def new_secret() -> str:
    """Return a new secret, 160 bits in base 32."""
    return str(pyotp.random_base32())


def uri(secret: str, username: str) -> str:
    """Return the address that an app reads from the QR code."""
    return str(pyotp.TOTP(secret, interval=TOTP_SECONDS).provisioning_uri(name=username, issuer_name=ISSUER))


def qr_code(text: str) -> str:
    """Return a QR code as a data address of an SVG picture, black on white in every theme."""
    drawn = io.BytesIO()
    segno.make(text, error="m").save(drawn, kind="svg", scale=4, border=2, light="#fff", xmldecl=False)
    return "data:image/svg+xml;base64," + base64.b64encode(drawn.getvalue()).decode()


def matching_step(secret: str, code: str, *, after: int, now: datetime) -> int | None:
    """Return the half minute whose code this is, or None.

    Args:
        after: the half minute whose code was used last; its code and older ones are not good any more.
    """
    totp = pyotp.TOTP(secret, interval=TOTP_SECONDS)
    good = None
    for step in steps_around(now):
        if hmac.compare_digest(totp.at(step * TOTP_SECONDS).encode(), code.encode("utf-8", "surrogatepass")) and step > after:
            good = step
    return good


def sealed(settings: Settings, secret: str) -> str:
    """Return a secret as it is stored: without the key of the process nobody reads it."""
    return _box(settings).encrypt(secret.encode()).decode()


def opened(settings: Settings, stored: str) -> str | None:
    """Return a stored secret; None when neither the current nor the previous key opens it."""
    try:
        return _box(settings).decrypt(stored.encode()).decode()
    except InvalidToken:
        return None


def _box(settings: Settings) -> MultiFernet:
    keys = [key for key in (settings.secret_key, settings.secret_key_previous) if key]
    digests = [hmac.new(key.encode(), b"totp secrets", hashlib.sha256).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
