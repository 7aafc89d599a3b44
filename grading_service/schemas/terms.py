"""Terms, policies and training days on the wire."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from grading_service.domain.calendar import EXISTS, MAX_DAYS, OUTSIDE_TERM, WEEKDAYS
from grading_service.domain.policy import DIVISORS
from libs.web.schemas import Day, Id, Instant, Schema, Text, Whole


class TermFields(Schema):
    """What a person says of a term."""

    name = Text(120, low=1, required=True)
    school_year = Text(20, low=1, required=True, metadata={"example": "2026-2027"})
    semester = Text(40, low=1, required=True, metadata={"example": "1st Semester"})
    starts_on = Day(required=True)
    ends_on = Day(required=True)
    cadet_course = Text(
        60, blank_as_none=True, load_default=None, metadata={"description": "Only cadets of this course; null is all."}
    )


class TermChanges(Schema):
    """Some of a term's fields."""

    name = Text(120, low=1)
    school_year = Text(20, low=1)
    semester = Text(40, low=1)
    starts_on = Day()
    ends_on = Day()
    cadet_course = Text(60, blank_as_none=True)


class TermSchema(Schema):
    """A term."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)
    school_year = fields.String(required=True)
    semester = fields.String(required=True)
    starts_on = fields.Date(required=True)
    ends_on = fields.Date(required=True)
    cadet_course = fields.String(required=True, allow_none=True)
    policy_version = fields.Integer(required=True)
    days_count = fields.Integer(required=True, metadata={"description": "Training days that are not cancelled."})
    version = fields.Integer(required=True)
    created_at = Instant(required=True)
    updated_at = Instant(required=True)


class CreditSchema(Schema):
    """The part of a day each status earns, as an exact number."""

    present = fields.String(required=True)
    late = fields.String(required=True)
    excused = fields.String(required=True)
    duty = fields.String(required=True)
    absent = fields.String(required=True)


class AttendanceRuleSchema(Schema):
    """credits / divisor * weight."""

    weight = fields.String(required=True)
    credit = fields.Nested(CreditSchema, required=True)
    divisor = fields.String(required=True, validate=validate.OneOf(DIVISORS))
    fixed_days = fields.Integer(required=True, allow_none=True)
    minimum = fields.String(required=True, allow_none=True)
    consecutive_absences = fields.Integer(required=True, allow_none=True)


class AptitudeRuleSchema(Schema):
    """clamp(base + merits - demerits, floor, ceiling) / scale * weight."""

    weight = fields.String(required=True)
    base = fields.String(required=True)
    scale = fields.String(required=True)
    floor = fields.String(required=True, allow_none=True)
    ceiling = fields.String(required=True, allow_none=True)
    merit_cap = fields.String(required=True, allow_none=True)
    minimum = fields.String(required=True, allow_none=True)


class ExamSchema(Schema):
    """One exam and its highest score."""

    exam = fields.String(required=True)
    label = fields.String(required=True, metadata={"description": "What people call it.", "example": "Prelim"})
    max = fields.String(required=True)


class SubjectRuleSchema(Schema):
    """Sum of the scores / sum of the maxima * weight."""

    weight = fields.String(required=True)
    exams = fields.List(fields.Nested(ExamSchema), required=True)
    minimum = fields.String(required=True, allow_none=True)


class StepSchema(Schema):
    """One step of the transmutation table."""

    at_least = fields.String(required=True)
    grade = fields.String(required=True)


class TransmutationSchema(Schema):
    """Steps, highest first; below the last one stands `failing`."""

    steps = fields.List(fields.Nested(StepSchema), required=True)
    failing = fields.String(required=True)
    before_rounding = fields.Boolean(required=True)


class RoundingSchema(Schema):
    """How the final grade is rounded, once."""

    decimals = fields.Integer(required=True)
    mode = fields.String(required=True)


class PolicySchema(Schema):
    """The grading rules of a term; exact numbers as text."""

    version = fields.Integer(required=True)
    name = fields.String(required=True)
    source = fields.String(required=True)
    attendance = fields.Nested(AttendanceRuleSchema, required=True)
    aptitude = fields.Nested(AptitudeRuleSchema, required=True)
    subject = fields.Nested(SubjectRuleSchema, required=True)
    transmutation = fields.Nested(TransmutationSchema, required=True)
    rounding = fields.Nested(RoundingSchema, required=True)
    maximum = fields.String(required=True, metadata={"description": "The sum of the three weights.", "example": "100"})


class TrainingDayFields(Schema):
    """What a person says of a training day."""

    term_id = Id(required=True)
    date = Day(required=True)
    title = Text(120, low=1, required=True)
    description = Text(2000, multiline=True, load_default="")


class TrainingDayChanges(Schema):
    """Some of a training day's fields."""

    date = Day()
    title = Text(120, low=1)
    description = Text(2000, multiline=True)


class TrainingDaySchema(Schema):
    """A training day, a date in Manila."""

    id = fields.Integer(required=True)
    term_id = fields.Integer(required=True)
    date = fields.Date(required=True)
    title = fields.String(required=True)
    description = fields.String(required=True)
    is_cancelled = fields.Boolean(required=True)
    cancel_reason = fields.String(required=True, allow_none=True)
    version = fields.Integer(required=True)
    created_at = Instant(required=True)
    updated_at = Instant(required=True)


class MarkedDaySchema(TrainingDaySchema):
    """A training day and how much is recorded on it."""

    marks = fields.Integer(required=True, metadata={"description": "Cadets with a mark in force on this day."})


class Weekday(fields.Field):
    """A day of the week by its English name. A number is refused: some count from Monday, some from Sunday, from 0 or from 1."""

    def __init__(self, **kwargs: Any):
        super().__init__(**kwargs)
        self.metadata = {"type": "string", "enum": list(WEEKDAYS), **self.metadata}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if isinstance(value, str) and value.strip().lower() in WEEKDAYS:
            return value.strip().lower()
        if isinstance(value, (int, float)) or (isinstance(value, str) and value.strip().isdigit()):
            raise ValidationError("Name the day, such as saturday: a number does not say from which day it counts.")
        raise ValidationError("Use the name of a day: " + ", ".join(WEEKDAYS) + ".")


class SeriesFields(Schema):
    """A weekly series: from `starts_on`, `count` days or up to `ends_on`."""

    term_id = Id(required=True)
    starts_on = Day(required=True)
    ends_on = Day(load_default=None, allow_none=True)
    count = Whole(1, MAX_DAYS, load_default=None, allow_none=True)
    weekday = Weekday(load_default=None, allow_none=True)
    title_pattern = Text(120, low=1, load_default="Training day {n}", metadata={"description": "{n} and {date} are filled in."})
    skip = fields.List(Day(), load_default=list, validate=validate.Length(max=100))

    @validates_schema
    def one_end(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """Refuse a series without an end, or with two."""
        if (data.get("count") is None) == (data.get("ends_on") is None):
            raise ValidationError("Give either count or ends_on.", "count")


class SeriesDaySchema(Schema):
    """A date that a series falls on."""

    date = fields.Date(required=True)
    weekday = fields.String(required=True, validate=validate.OneOf(WEEKDAYS))
    title = fields.String(required=True, allow_none=True, metadata={"description": "Null when the day is left out."})
    left_out = fields.Boolean(required=True)
    problem = fields.String(
        required=True,
        allow_none=True,
        validate=validate.OneOf((OUTSIDE_TERM, EXISTS)),
        metadata={"description": "Why the series would be refused for this date; null is none."},
    )


class SeriesPlanSchema(Schema):
    """The days that a series would make, by date, and those it leaves out."""

    days = fields.List(fields.Nested(SeriesDaySchema), required=True)


class SeriesSchema(Schema):
    """The days that a series made."""

    created = fields.List(fields.Nested(TrainingDaySchema), required=True)


class CancelFields(Schema):
    """Why a day is cancelled."""

    reason = Text(500, low=1, required=True)
