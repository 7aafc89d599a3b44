"""What presenting a refresh token means.

A session is a family of refresh tokens: each use replaces the token by its successor. A token that was used before is
either a double submit (two tabs, a retried request) or a stolen copy. Within :data:`GRACE_SECONDS`, from the same
address and user agent, and as long as the successor is unused, the same successor is given again: the family still
has exactly one living token, so a thief who profits from it is found out at the next rotation, when thief and owner
present that one token again. Everything else ends the session.
"""

import enum
from dataclasses import dataclass
from datetime import datetime, timedelta

REFRESH_LIFE = timedelta(days=7)
SESSION_LIFE = timedelta(days=30)
"""However often it is used, a session ends this long after its sign-in."""
SESSIONS_EACH = 10
"""Sessions that an account has at once; the one unused for longest ends for a further one."""
GRACE_SECONDS = 60
"""A page asks at each start; on a weak signal its answer may be lost, and it asks again when there is one."""


class Outcome(enum.Enum):
    """What to do with a presented refresh token."""

    ROTATE = "rotate"
    REPEAT = "repeat"
    REUSE = "reuse"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True)
class Presented:
    """What the database knows of the presented token, and where it came from."""

    expires_at: datetime
    used_at: datetime | None
    used_from: str | None
    successor_used: bool
    session_revoked: bool


def end_of(created_at: datetime, now: datetime) -> datetime:
    """Return until when a session of that age can be refreshed, if it was used just now."""
    return min(now + REFRESH_LIFE, created_at + SESSION_LIFE)


def judge(token: Presented, *, client: str, now: datetime) -> Outcome:
    """Return what to do. ``client`` is the fingerprint of address and user agent that presents the token."""
    if token.session_revoked:
        return Outcome.REVOKED
    if token.used_at is not None:
        recent = now - token.used_at <= timedelta(seconds=GRACE_SECONDS)
        if recent and not token.successor_used and token.used_from == client:
            return Outcome.REPEAT
        return Outcome.REUSE
    return Outcome.EXPIRED if now >= token.expires_at else Outcome.ROTATE
