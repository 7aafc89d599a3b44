"""The second step of signing in: for whom it is a must, how long it may take, and how often it may be wrong.

Ten wrong codes in a quarter of an hour are a chance of one in 30,000 to hit one of the three that are good at a time, and only
for somebody who has the password already.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from auth_service.domain.activation import ALPHABET

OFF, STAFF, ALL = "off", "staff", "all"
ENFORCED = (OFF, STAFF, ALL)
PASSKEY, TOTP, RECOVERY_CODE = "passkey", "totp", "recovery_code"

STEP_LIFE = timedelta(minutes=5)
WRONG_EACH = 5
WRONG_IN_WINDOW = 10
WINDOW = timedelta(minutes=15)
TOTP_SECONDS = 30
RECOVERY_CODES = 10
RECOVERY_LETTERS = 8
PASSKEYS_EACH = 10


def is_required(role: str, enforced: str) -> bool:
    """Return whether an account of this role must have a second factor under the setting."""
    return enforced == ALL or (enforced == STAFF and role != "cadet")


def is_due(*, required: bool, has: bool, due_at: datetime | None, now: datetime) -> bool:
    """Return whether somebody has to add one before anything else: their time of grace is over."""
    return required and not has and due_at is not None and now >= due_at


def steps_around(now: datetime) -> tuple[int, int, int]:
    """Return the numbers of the half minutes whose codes count: this one and its neighbours, for clocks that differ a little."""
    step = int(now.timestamp()) // TOTP_SECONDS
    return step - 1, step, step + 1


def recovery_code(numbers: Iterable[int]) -> str:
    """Return the code for eight numbers below 31, drawn by the caller from a secure source, as it is printed."""
    letters = "".join(ALPHABET[number] for number in numbers)
    if len(letters) != RECOVERY_LETTERS:
        raise ValueError(f"a recovery code is made from {RECOVERY_LETTERS} numbers")
    return f"{letters[:4]}-{letters[4:]}"


def normalise(typed: str) -> str:
    """Return what was meant by a typed code: upper case, without spaces and dashes."""
    return "".join(letter for letter in typed.upper() if letter not in " -\u2010\u2011\u2013\u2014")
