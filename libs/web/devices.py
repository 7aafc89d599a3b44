"""The devices that people signed in from before, known by a signed id that the browser keeps.

It says who signed in there and lets nobody in. Whoever brings it is told apart from strangers at the same address, so that
what strangers do there (wrong passwords, floods) keeps its owner from nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from itsdangerous import BadData, URLSafeTimedSerializer

from libs.config import Settings
from libs.ids import new_token

COOKIE = "rgms_device"
# What a browser keeps a cookie for at most; each sign-in and each renewal of a session begins it anew.
LIFE = timedelta(days=400)
# The people of one shared tablet; who signed in last is kept.
ACCOUNTS = 20
# The gateway hands the cookie's value on under this name; a service reads no cookie.
HEADER = "X-Device"
_SALT = "rgms.device"


@dataclass(frozen=True)
class Device:
    """A browser or app.

    Attributes:
        id: a random name, made at the first sign-in.
        accounts: the ids of those who signed in there, the last one first.
    """

    id: str
    accounts: tuple[int, ...] = ()


def read(settings: Settings, token: str) -> Device | None:
    """Return the device that `token` names; None for none, a forged one or one that is too old."""
    # Twenty ids and a signature are below 300 characters.
    if not token or len(token) > 1000:
        return None
    try:
        device_id, accounts = _signer(settings).loads(token, max_age=int(LIFE.total_seconds()))
        return Device(str(device_id), tuple(int(account) for account in accounts))
    except (BadData, ValueError, TypeError):
        return None


def after_sign_in(device: Device | None, user_id: int) -> Device:
    """Return `device`, or a new one, as it is once `user_id` has signed in there."""
    known = device or Device(new_token(12))
    others = (account for account in known.accounts if account != user_id)
    return Device(known.id, (user_id, *others)[:ACCOUNTS])


def sign(settings: Settings, device: Device) -> str:
    """Return the token that names `device`."""
    return str(_signer(settings).dumps([device.id, device.accounts]))


def _signer(settings: Settings) -> URLSafeTimedSerializer:
    # The last key signs, all of them verify, so that a rotated SECRET_KEY makes nobody a stranger.
    keys = [key for key in (settings.secret_key_previous, settings.secret_key) if key]
    return URLSafeTimedSerializer(keys, salt=_SALT)
