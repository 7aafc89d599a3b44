"""Cadets."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, post_load, validate

from libs.web.schemas import Day, Id, Instant, PageArgs, Schema, Text
from roster_service.domain import choices
from roster_service.domain.choices import CADET_LENGTHS as MOST
from roster_service.schemas.fields import Email, NeededText, OptionalText, Username, Word

MAX_BULK = 500


class CadetPatch(Schema):
    """Fields of a cadet to change; one that is left out stays."""

    student_id = NeededText(MOST["student_id"])
    username = Username(MOST["username"])
    rank = OptionalText(MOST["rank"])
    first_name = NeededText(MOST["first_name"])
    middle_name = OptionalText(MOST["middle_name"])
    last_name = NeededText(MOST["last_name"])
    suffix_name = OptionalText(MOST["suffix_name"])
    email = Email()
    contact_number = OptionalText(MOST["contact_number"])
    address = OptionalText(MOST["address"])
    course = OptionalText(MOST["course"])
    year_level = Word(choices.YEAR_LEVELS)
    school_year = OptionalText(MOST["school_year"])
    battalion = OptionalText(MOST["battalion"])
    company = OptionalText(MOST["company"])
    platoon = OptionalText(MOST["platoon"])
    cadet_course = Word(choices.CADET_COURSES)
    semester = Word(choices.SEMESTERS)
    corp_position = OptionalText(MOST["corp_position"])
    gender = Word(choices.GENDERS)
    religion = OptionalText(MOST["religion"])
    birthdate = Day(allow_none=True)
    status = Word(choices.STATUSES, needed=True)


class CadetCreate(CadetPatch):
    """A new cadet. Without a user name it is made from the student id."""

    student_id = NeededText(MOST["student_id"], required=True)
    first_name = NeededText(MOST["first_name"], required=True)
    last_name = NeededText(MOST["last_name"], required=True)
    rank = OptionalText(MOST["rank"], load_default=choices.DEFAULT_RANK)


class CadetReplace(CadetCreate):
    """All fields of a cadet; an optional one that is left out becomes empty. User name and status stay when left out."""

    rank = OptionalText(MOST["rank"])

    @post_load
    def empty_what_is_left_out(self, values: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        """Return the values with every missing optional field as None."""
        optional = {name for name, field in self.fields.items() if field.allow_none}
        return {**dict.fromkeys(optional), **values}


class CadetSchema(Schema):
    """A cadet as answered."""

    id = fields.Integer()
    student_id = fields.String()
    username = fields.String()
    rank = fields.String(allow_none=True)
    first_name = fields.String()
    middle_name = fields.String(allow_none=True)
    last_name = fields.String()
    suffix_name = fields.String(allow_none=True)
    email = fields.String(allow_none=True)
    contact_number = fields.String(allow_none=True)
    address = fields.String(allow_none=True)
    course = fields.String(allow_none=True)
    year_level = fields.String(allow_none=True)
    school_year = fields.String(allow_none=True)
    battalion = fields.String(allow_none=True, metadata={"description": "a position of the battalion, not a unit"})
    company = fields.String(allow_none=True)
    platoon = fields.String(allow_none=True)
    unit_id = fields.Integer(allow_none=True)
    cadet_course = fields.String(allow_none=True)
    semester = fields.String(allow_none=True)
    corp_position = fields.String(allow_none=True)
    gender = fields.String(allow_none=True)
    religion = fields.String(allow_none=True)
    birthdate = fields.Date(allow_none=True)
    status = fields.String()
    is_archived = fields.Boolean()
    is_profile_completed = fields.Boolean()
    version = fields.Integer(metadata={"description": "the ETag's number; send it as If-Match"})
    created_at = Instant()
    updated_at = Instant()


class CadetListArgs(PageArgs):
    """Search, filters and order of the list; a filter of `none` finds the cadets without one."""

    search = Text(200)
    company = Text(MOST["company"])
    platoon = Text(MOST["platoon"])
    course = Text(MOST["course"])
    year_level = Text(MOST["year_level"])
    cadet_course = Text(MOST["cadet_course"])
    status = Text(MOST["status"])
    archived = Word(("false", "true", "all"))


class OwnProfilePatch(Schema):
    """What a cadet may change of the own record until the profile is completed."""

    email = Email()
    contact_number = OptionalText(MOST["contact_number"])
    address = OptionalText(MOST["address"])
    gender = Word(choices.GENDERS)
    religion = OptionalText(MOST["religion"])
    birthdate = Day(allow_none=True)
    is_profile_completed = fields.Boolean(
        truthy={True}, falsy=set(), metadata={"description": "true completes and locks the profile", "enum": [True]}
    )


class CadetIds(Schema):
    """Cadets to archive or restore together."""

    ids = fields.List(Id(), required=True, validate=validate.Length(1, MAX_BULK))


class BulkResult(Schema):
    """Which of them changed and which were so before."""

    changed = fields.List(fields.Integer())
    unchanged = fields.List(fields.Integer())
