"""The tables of schema `grading`."""

from grading_service.models.cadets import CadetRef
from grading_service.models.grades import Grade, Mark, Score
from grading_service.models.platform import AuditEntry, ConsumerOffset, IdempotencyKey, Outbox, ParkedEvent, Revision
from grading_service.models.records import Record
from grading_service.models.terms import PolicyVersion, Term, TrainingDay

__all__ = [
    "AuditEntry",
    "CadetRef",
    "ConsumerOffset",
    "Grade",
    "IdempotencyKey",
    "Mark",
    "Outbox",
    "ParkedEvent",
    "PolicyVersion",
    "Record",
    "Revision",
    "Score",
    "Term",
    "TrainingDay",
]
