"""What a write of facts is answered: what became of each record, and the grades as they are now."""

from __future__ import annotations

from marshmallow import fields, validate

from grading_service.domain.effects import APPLIED, NONE, REASONS
from grading_service.schemas.answers import GradebookRowSchema
from libs.web.schemas import Instant, Schema


class RejectedSchema(Schema):
    """One item that was not stored."""

    id = fields.String(required=True, allow_none=True)
    index = fields.Integer(required=True, metadata={"description": "Its place in the request."})
    code = fields.String(required=True)
    message = fields.String(required=True)


class SaidSchema(Schema):
    """What somebody recorded about a day or exam of a cadet."""

    record_id = fields.UUID(required=True)
    status = fields.String(required=True, allow_none=True)
    actor_id = fields.Integer(required=True, metadata={"description": "User id of who recorded it."})
    device_id = fields.String(required=True)
    occurred_at = Instant(required=True, metadata={"description": "By the clock of its device."})
    recorded_at = Instant(required=True)


class OtherRecordSchema(SaidSchema):
    """Another record about the same day or exam of the same cadet."""

    value = fields.String(required=True, allow_none=True)


class DisagreementSchema(Schema):
    """Two marks of one cadet on one day, whose writers did not know of each other."""

    id = fields.UUID(required=True, metadata={"description": "The record that does not stand."})
    term_id = fields.Integer(required=True)
    training_day_id = fields.Integer(required=True)
    date = fields.Date(required=True)
    day_title = fields.String(required=True)
    cadet_id = fields.Integer(required=True)
    name = fields.String(required=True)
    company = fields.String(required=True, allow_none=True)
    platoon = fields.String(required=True, allow_none=True)
    stands = fields.Nested(SaidSchema, required=True)
    other = fields.Nested(SaidSchema, required=True)


class EffectSchema(Schema):
    """What a stored record does, and why."""

    id = fields.UUID(required=True)
    effect = fields.String(required=True, validate=validate.OneOf((APPLIED, NONE)))
    reason = fields.String(required=True, allow_none=True, metadata={"enum": [*REASONS, None]})
    message = fields.String(required=True, allow_none=True, metadata={"description": "The reason in words."})
    current = fields.Nested(
        OtherRecordSchema,
        required=True,
        allow_none=True,
        metadata={"description": "What stands instead of it, if it has no effect."},
    )
    replaced = fields.Nested(
        OtherRecordSchema,
        required=True,
        allow_none=True,
        metadata={"description": "What it took the place of, unseen."},
    )


class OutcomeSchema(Schema):
    """What became of a batch, by record id."""

    stored = fields.List(fields.UUID(), required=True)
    duplicates = fields.List(fields.UUID(), required=True, metadata={"description": "Stored before with the same content."})
    rejected = fields.List(fields.Nested(RejectedSchema), required=True)
    effects = fields.List(
        fields.Nested(EffectSchema), required=True, metadata={"description": "One for each stored or duplicate record."}
    )
    grades = fields.List(
        fields.Nested(GradebookRowSchema), required=True, metadata={"description": "Of the cadets concerned, as they are now."}
    )
