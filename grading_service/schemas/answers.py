"""What the grading routes answer."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from grading_service.domain.effects import SET_ASIDE
from grading_service.domain.engine import COMPONENTS, STATES
from grading_service.domain.outlook import OUTLOOKS
from libs.web.schemas import Instant, Schema

_POINTS = {"metadata": {"description": "Two decimals as text, null while unknown.", "example": "28.00"}}


def _text(**more: Any) -> fields.String:
    return fields.String(required=True, **more)


class SoFarSchema(Schema):
    """The points that the records give so far; null where nothing is recorded of a component."""

    attendance = _text(allow_none=True, **_POINTS)
    aptitude = _text(allow_none=True, **_POINTS)
    subject = _text(allow_none=True, **_POINTS)
    total = _text(**_POINTS)


class EndSchema(Schema):
    """One end of an open grade: each open day and exam as bad, or as good, as can be; merits and demerits as they stand."""

    points = _text(metadata={"example": "93.33"})
    grade = _text(metadata={"example": "1.50"})


class OutlookSchema(Schema):
    """A grade as far as it goes.

    `final`, `transmuted` and `passed` are null while a record can still change them; a special grade (INC, DO, T) stands in
    `transmuted`, and nothing else has a value then.
    """

    final = _text(allow_none=True, **_POINTS)
    transmuted = _text(allow_none=True, metadata={"example": "1.50"})
    passed = fields.Boolean(required=True, allow_none=True)
    so_far = fields.Nested(SoFarSchema, required=True, allow_none=True)
    worst = fields.Nested(EndSchema, required=True, allow_none=True)
    best = fields.Nested(EndSchema, required=True, allow_none=True)
    outlook = _text(
        allow_none=True,
        metadata={
            "enum": [*OUTLOOKS, None],
            "description": "`passed`: even the worst end passes. `out_of_reach`: not even the best does.",
        },
    )
    state = _text(validate=validate.OneOf(STATES))


class GradebookRowSchema(OutlookSchema):
    """One cadet in the gradebook of a term; grades are text with two decimals or null."""

    cadet_id = fields.Integer(required=True)
    term_id = fields.Integer(required=True)
    student_id = _text(allow_none=True)
    name = _text()
    company = _text(allow_none=True)
    platoon = _text(allow_none=True)
    days_counted = fields.Integer(required=True, metadata={"description": "Days with a mark."})
    days_present = fields.Integer(required=True, metadata={"description": "Present, late, excused or on duty."})
    late = fields.Integer(required=True)
    excused = fields.Integer(required=True)
    duty = fields.Integer(required=True)
    absent = fields.Integer(required=True)
    merits = fields.Integer(required=True)
    demerits = fields.Integer(required=True)
    scores = fields.Dict(keys=fields.String(), values=fields.String(allow_none=True), required=True)
    attendance = _text(allow_none=True, **_POINTS)
    aptitude = _text(allow_none=True, **_POINTS)
    subject = _text(allow_none=True, **_POINTS)
    missing = fields.List(fields.String(), required=True, metadata={"description": "`attendance`, or an exam without a score."})
    version = fields.Integer(required=True, metadata={"description": "Grows with each change; an event with a lower one is old."})
    position = fields.Integer(
        metadata={"description": "Place in the list that was asked for; absent in events and answers to writes."}
    )


class RollRowSchema(Schema):
    """One cadet on the roll of a training day."""

    cadet_id = fields.Integer(required=True)
    student_id = _text(allow_none=True)
    name = _text()
    company = _text(allow_none=True)
    platoon = _text(allow_none=True)
    status = _text(allow_none=True)
    record_id = fields.UUID(required=True, allow_none=True)
    occurred_at = Instant(required=True, allow_none=True)
    marked_by = fields.Integer(required=True, allow_none=True, metadata={"description": "User id."})
    ordered_at = Instant(
        required=True,
        allow_none=True,
        metadata={"description": "Place in the order: an event with an earlier one is old."},
    )
    based_on = fields.UUID(
        required=True, allow_none=True, metadata={"description": "What a mark made from this row names as its own `based_on`."}
    )


class OwnDaySchema(Schema):
    """One training day with one's own mark."""

    training_day_id = fields.Integer(required=True)
    date = fields.Date(required=True)
    title = _text()
    is_cancelled = fields.Boolean(required=True)
    status = _text(allow_none=True)
    record_id = fields.UUID(required=True, allow_none=True)
    occurred_at = Instant(required=True, allow_none=True)


class VoidSchema(Schema):
    """What cancelled a merit or demerit."""

    id = fields.UUID(required=True)
    reason = _text()
    occurred_at = Instant(required=True)
    actor_id = fields.Integer(required=True)


class RecordSchema(Schema):
    """What every listed record shows."""

    id = fields.UUID(required=True)
    term_id = fields.Integer(required=True)
    cadet_id = fields.Integer(required=True)
    name = _text()
    company = _text(allow_none=True)
    platoon = _text(allow_none=True)
    reason = _text()
    occurred_at = Instant(required=True)
    recorded_at = Instant(required=True)
    actor_id = fields.Integer(required=True, metadata={"description": "User id of who recorded it, taken from the token."})
    set_aside = _text(
        allow_none=True,
        metadata={"enum": [*SET_ASIDE, None], "description": "Why it never has an effect; else null."},
    )


class PointsSchema(RecordSchema):
    """A merit or demerit."""

    kind = _text(validate=validate.OneOf(("merit", "demerit")))
    points = fields.Integer(required=True)
    voided = fields.Nested(VoidSchema, required=True, allow_none=True)


class ScoreSchema(RecordSchema):
    """An exam score; the one in force counts."""

    exam = _text()
    value = _text(allow_none=True)
    in_force = fields.Boolean(required=True)


class PersonSchema(Schema):
    """Whose grade it is."""

    id = fields.Integer(required=True)
    student_id = _text(allow_none=True)
    name = _text()
    company = _text(allow_none=True)
    platoon = _text(allow_none=True)


class TermNameSchema(Schema):
    """Which term."""

    id = fields.Integer(required=True)
    name = _text()
    school_year = _text()
    semester = _text()


class FactSchema(Schema):
    """The fact behind a leaf of an explanation."""

    kind = _text(metadata={"enum": ["attendance", "merit", "demerit", "score"]})
    status = _text(allow_none=True, metadata={"enum": ["present", "late", "excused", "duty", "absent", None]})
    occurred_at = Instant(required=True)
    actor_id = fields.Integer(required=True, allow_none=True, metadata={"description": "User id of who recorded it."})


class NodeSchema(Schema):
    """One step of an explanation: its points are the exact sum of its children's."""

    id = _text()
    label = _text()
    rule = _text()
    points = _text(allow_none=True, **_POINTS)
    exact = _text(allow_none=True, metadata={"description": "The exact amount, as a fraction.", "example": "28/15"})
    max = _text(allow_none=True)
    records = fields.List(fields.UUID(), required=True)
    record = fields.Nested(FactSchema, required=True, allow_none=True)
    children = fields.List(fields.Nested(lambda: NodeSchema()), required=True)


class PartSchema(Schema):
    """How much of a weight is held, still open and lost."""

    points = _text(allow_none=True)
    max = _text()
    held = _text(allow_none=True)
    open = _text(allow_none=True)
    lost = _text(allow_none=True)


class WholeSchema(PartSchema):
    """The same of the whole grade, with the best grade still within reach and the points that pass."""

    best = _text(allow_none=True)
    pass_at = _text()


class StandingSchema(Schema):
    """Where each component stands."""

    attendance = fields.Nested(PartSchema, required=True)
    aptitude = fields.Nested(PartSchema, required=True)
    subject = fields.Nested(PartSchema, required=True)
    total = fields.Nested(WholeSchema, required=True)


class ComponentsSchema(Schema):
    """The points of the three components."""

    attendance = _text(allow_none=True, **_POINTS)
    aptitude = _text(allow_none=True, **_POINTS)
    subject = _text(allow_none=True, **_POINTS)


class MissingSchema(Schema):
    """One thing that keeps a grade from being complete."""

    component = _text(validate=validate.OneOf(COMPONENTS))
    what = _text()
    training_day_ids = fields.List(fields.Integer(), required=True)
    exam = _text(allow_none=True)


class NoticeSchema(Schema):
    """Something for a person to decide; it changes no number."""

    code = _text()
    message = _text()
    records = fields.List(fields.UUID(), required=True)


class IgnoredSchema(Schema):
    """A record that moves nothing, and why."""

    record = fields.UUID(required=True)
    kind = _text()
    reason = _text()


class GradeSchema(OutlookSchema):
    """A grade with everything that explains it."""

    cadet = fields.Nested(PersonSchema, required=True)
    term = fields.Nested(TermNameSchema, required=True)
    policy_version = fields.Integer(required=True)
    remarks = _text(allow_none=True)
    components = fields.Nested(ComponentsSchema, required=True)
    standing = fields.Nested(StandingSchema, required=True)
    missing = fields.List(fields.Nested(MissingSchema), required=True)
    notices = fields.List(fields.Nested(NoticeSchema), required=True)
    explanation = fields.Nested(NodeSchema, required=True)
    ignored = fields.List(fields.Nested(IgnoredSchema), required=True)
    version = fields.Integer(required=True)
    as_of = Instant(required=True, allow_none=True)
