"""The tables of schema `media`."""

from media_service.models.file import File
from media_service.models.platform import AuditEntry, IdempotencyKey

__all__ = ["AuditEntry", "File", "IdempotencyKey"]
