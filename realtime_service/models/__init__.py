"""The tables of schema `messaging`."""

from realtime_service.models.notification import Notification
from realtime_service.models.platform import IdempotencyKey, Outbox

__all__ = ["IdempotencyKey", "Notification", "Outbox"]
