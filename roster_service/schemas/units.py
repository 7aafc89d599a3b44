"""The unit tree and the courses."""

from __future__ import annotations

from marshmallow import fields

from libs.web.schemas import Id, Schema, Whole
from roster_service.domain import choices
from roster_service.schemas.fields import NeededText, Word


class UnitCreate(Schema):
    """A new unit; a battalion has no parent, a company or special unit stands under one, a platoon under a company."""

    kind = Word(choices.UNIT_KINDS, needed=True, required=True)
    name = NeededText(60, required=True)
    parent_id = Id(allow_none=True)
    sequence = Whole(0, 10_000, load_default=0)


class UnitPatch(Schema):
    """What may be changed of a unit."""

    name = NeededText(60)
    sequence = Whole(0, 10_000)
    is_active = fields.Boolean(truthy={True}, falsy={False})


class UnitSchema(Schema):
    """A unit as answered."""

    id = fields.Integer()
    kind = fields.String()
    name = fields.String()
    parent_id = fields.Integer(allow_none=True)
    sequence = fields.Integer()
    is_active = fields.Boolean()
    version = fields.Integer()


class UnitNode(UnitSchema):
    """A unit in the tree."""

    cadets = fields.Integer(metadata={"description": "listed cadets of it and all below"})
    children = fields.List(fields.Nested(lambda: UnitNode()))


class UnitTree(Schema):
    """The battalions with all that is below them."""

    data = fields.List(fields.Nested(UnitNode))


class CourseCreate(Schema):
    """A new course of study, by its whole label."""

    name = NeededText(160, required=True)


class CourseSchema(Schema):
    """A course as answered."""

    id = fields.Integer()
    name = fields.String()
    is_active = fields.Boolean()
    cadets = fields.Integer()
