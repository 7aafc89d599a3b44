"""The events of notifications."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from libs.contracts.events.delivery import Data, EventType, to_user, whole

NOTIFICATION_CREATED = "messaging.notification.created"


def notification_created_data(*, user_id: int, id: Any, message: str, priority: str, timestamp: datetime, **more: Any) -> Data:
    """Build the data of messaging.notification.created: `id`, `user_id`, `message`, `priority`, `timestamp`, `kind`, `data`.

    Criterion 26.2 names the first five; `more` are kind and data.
    """
    own = {"id": id, "user_id": user_id, "message": message, "priority": priority, "timestamp": timestamp}
    return whole({**more, **own})


EVENT_TYPES: Mapping[str, EventType] = {
    NOTIFICATION_CREATED: EventType(notification_created_data, to_user),
}
