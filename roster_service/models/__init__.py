"""The tables of schema ``roster``."""

from roster_service.models.cadets import Cadet
from roster_service.models.courses import Course
from roster_service.models.imports import CadetImport
from roster_service.models.platform import AuditEntry, IdempotencyKey, Outbox, Revision
from roster_service.models.staff import Staff
from roster_service.models.units import Unit

__all__ = ["AuditEntry", "Cadet", "CadetImport", "Course", "IdempotencyKey", "Outbox", "Revision", "Staff", "Unit"]
