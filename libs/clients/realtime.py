"""The realtime service as other services see it: tell people something."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from libs.clients.http import ServiceClient
from libs.config import Settings
from libs.web.errors import UpstreamDown


class RealtimeClient:
    """Stores notifications and sends them to the sockets of the people they are for."""

    def __init__(self, settings: Settings) -> None:
        self._http = ServiceClient(settings, "realtime")

    def notify(self, notifications: Sequence[Mapping[str, Any]], *, timeout: float) -> dict[str, list[str]]:
        """Store up to 500 notifications; return {"stored": [ids], "duplicates": [ids]}.

        Args:
            notifications: {id (UUIDv7 made by the caller; asking twice tells once), user_id, message (<= 500 characters),
                kind (snake_case or dotted), priority (low|normal|high|urgent), data (<= 4,000 bytes of JSON)}.
            timeout: seconds to wait for the realtime service.

        Raises:
            UpstreamDown: it did not accept them; ask again with the same ids.
        """
        status, data = self._http.post("/internal/notifications", json={"notifications": list(notifications)}, timeout=timeout)
        if status != 200:
            raise UpstreamDown(
                "The notifications could not be stored.", code="notification_not_stored", details={"status": status}
            )
        return data
