"""Batches of facts: the body is judged as a whole, each item by itself.

An item is read by hand (`reading.py`). A field that we do not know refuses the
body, as everywhere: nothing is stored of a question that was half understood, and the device keeps it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validate

from grading_service.domain.records import MARKS, MAX_BATCH, MAX_POINTS, POINT_KINDS
from libs.web.schemas import Id, Instant, Schema, Text, Whole

MAX_SEQUENCE = 2**63 - 1


class Unjudged(fields.Nested):
    """An item that is documented by its schema and read by hand, so that one bad value cannot refuse the whole body."""

    def __init__(self, nested: type[Schema], **kwargs: Any):
        super().__init__(nested, **kwargs)
        self._known = frozenset(nested().fields)

    def deserialize(self, value: Any, attr: str | None = None, data: Any = None, **_kwargs: Any) -> Any:
        """Return the item as it came; ValidationError when it has fields that we do not know."""
        if isinstance(value, Mapping) and not value.keys() <= self._known:
            raise ValidationError({name: ["Unknown field."] for name in sorted(value.keys() - self._known)[:10]})
        return value


class FactFields(Schema):
    """What every fact says of itself."""

    id = fields.UUID(required=True, metadata={"description": "UUIDv7, made where the fact was made."})
    cadet_id = Whole(1, required=True)
    occurred_at = Instant(required=True)
    reason = Text(500)
    device_id = Text(64)
    device_seq = Whole(0, MAX_SEQUENCE)


class CorrectingFields(FactFields):
    """What its writer had before them, of a fact that takes the place of another."""

    supersedes = fields.UUID(
        allow_none=True, metadata={"description": "The record that this one corrects; it then stands whatever the clocks say."}
    )
    based_on = fields.UUID(
        allow_none=True,
        metadata={"description": "The record that stood there as this was made; null for none. Left out when that is not known."},
    )


class MarkFields(CorrectingFields):
    """One attendance mark; `none` takes a mark back."""

    training_day_id = Whole(1, required=True)
    status = fields.String(required=True, validate=validate.OneOf(MARKS))


class PointsFields(FactFields):
    """One merit or demerit."""

    term_id = Whole(1, required=True)
    kind = fields.String(required=True, validate=validate.OneOf(POINT_KINDS))
    points = Whole(1, MAX_POINTS, required=True)
    reason = Text(500, low=1, required=True)


class ScoreFields(CorrectingFields):
    """One exam score; null takes a score back."""

    term_id = Whole(1, required=True)
    exam = fields.String(required=True, metadata={"example": "prelim"})
    value = fields.Float(
        required=True, allow_none=True, metadata={"description": "0 to the exam's maximum, at most two decimals."}
    )
    based_on_value = fields.Float(
        allow_none=True,
        metadata={"description": "The score that stood there as this was made, for who does not know its record; null for none."},
    )


class ActorFields(Schema):
    """Whose facts these are, as the device knows it."""

    actor = Id(metadata={"description": "User id of whoever made these. Another person's token is refused: nothing is stored."})


class MarksBody(ActorFields):
    """Up to 500 marks."""

    marks = fields.List(Unjudged(MarkFields), required=True, validate=validate.Length(1, MAX_BATCH))


class PointsBody(ActorFields):
    """Up to 500 merits and demerits."""

    records = fields.List(Unjudged(PointsFields), required=True, validate=validate.Length(1, MAX_BATCH))


class ScoresBody(ActorFields):
    """Up to 500 scores."""

    scores = fields.List(Unjudged(ScoreFields), required=True, validate=validate.Length(1, MAX_BATCH))


class VoidFields(ActorFields):
    """The record that cancels a merit or demerit."""

    id = fields.UUID(required=True)
    reason = Text(500, low=1, required=True)
    occurred_at = Instant(required=True)
    device_id = Text(64, load_default="")
    device_seq = Whole(0, MAX_SEQUENCE, load_default=0)
