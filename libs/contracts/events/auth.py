"""The events of accounts and sessions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from libs.contracts.events.delivery import Data, Delivery, EventType, session_channel, to_nobody

ACCOUNT_CREATED, SESSION_REVOKED = "auth.account.created", "auth.session.revoked"


def account_created_data(*, user_id: int, role: str, cadet_id: int | None, staff_id: int | None) -> Data:
    """Build the data of auth.account.created: `user_id`, `role`, `cadet_id`, `staff_id`."""
    return {"user_id": user_id, "role": role, "cadet_id": cadet_id, "staff_id": staff_id}


def session_revoked_data(*, user_id: int, session_ids: Iterable[Any]) -> Data:
    """Build the data of auth.session.revoked: `user_id`, `session_ids`."""
    return {"user_id": user_id, "session_ids": [str(session_id) for session_id in session_ids]}


def _sessions(data: Data) -> list[Delivery]:
    """Deliver to the sockets of those sessions, which it closes at once."""
    return [Delivery(session_channel(session), {}) for session in data["session_ids"]]


EVENT_TYPES: Mapping[str, EventType] = {
    ACCOUNT_CREATED: EventType(account_created_data, to_nobody),
    SESSION_REVOKED: EventType(session_revoked_data, _sessions),
}
