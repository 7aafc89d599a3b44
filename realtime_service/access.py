"""The only doors from an id to a row. What a person may not see is not found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from libs.contracts.principal import Principal
from libs.web.errors import NotFound
from realtime_service.queries.notifications import notification_by_id


def access_notification(principal: Principal, notification_id: UUID) -> Mapping[str, Any]:
    """Return the row of one of the principal's own notifications.

    Raises:
        NotFound: no such notification, or another person's, whatever the role.
    """
    row = notification_by_id(notification_id)
    if row is None or row["user_id"] != principal.user_id:
        raise NotFound()
    return row
