"""What the reading routes of grading are asked."""

from __future__ import annotations

from marshmallow import fields, validate

from grading_service.domain.engine import STATES
from libs.web.schemas import Id, Instant, LooseSchema, PageArgs, Schema, Text, Whole


class GradebookArgs(PageArgs):
    """Which part of a term's gradebook."""

    term_id = Id(strict=False, required=True)
    company = Text(120, blank_as_none=True, load_default=None)
    platoon = Text(120, blank_as_none=True, load_default=None)
    search = Text(100, blank_as_none=True, load_default=None)
    state = fields.String(validate=validate.OneOf(STATES), load_default=None)


class RollArgs(PageArgs):
    """Which part of the roll of a training day."""

    training_day_id = Id(strict=False, required=True)
    company = Text(120, blank_as_none=True, load_default=None)
    platoon = Text(120, blank_as_none=True, load_default=None)


class DisagreementArgs(PageArgs):
    """Which part of a term's disagreements."""

    term_id = Id(strict=False, required=True)
    training_day_id = Id(strict=False, load_default=None)


class GradeArgs(LooseSchema):
    """Which term, and as of when."""

    term_id = Id(strict=False, required=True)
    as_of = Instant(load_default=None)


class OwnGradeArgs(LooseSchema):
    """Which term (the current one when none is named), and as of when."""

    term_id = Id(strict=False, load_default=None)
    as_of = Instant(load_default=None)


class OwnPageArgs(PageArgs):
    """A page of one's own records of a term (the current one when none is named)."""

    term_id = Id(strict=False, load_default=None)


class FeedArgs(LooseSchema):
    """A long page of the gradebook, for another service."""

    term_id = Id(strict=False, required=True)
    company = Text(120, blank_as_none=True, load_default=None)
    cursor = Text(1024, load_default=None)
    limit = Whole(1, 1000, strict=False, load_default=500)


class CadetIdsArgs(Schema):
    """Cadets that another service asks about."""

    cadet_ids = fields.List(Id(), required=True, validate=validate.Length(max=1000))
