"""Training staff."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, post_load

from libs.contracts.principal import POSITIONS
from libs.web.schemas import Day, Instant, PageArgs, Schema, Text
from roster_service.domain import choices
from roster_service.schemas.fields import Email, NeededText, OptionalText, Word


class StaffPatch(Schema):
    """Fields of a member of staff to change; one that is left out stays."""

    rank = OptionalText(20)
    first_name = NeededText(80)
    middle_name = OptionalText(80)
    last_name = NeededText(80)
    suffix_name = OptionalText(20)
    email = Email()
    contact_number = OptionalText(30)
    position = Word(POSITIONS, needed=True)
    afpsn = OptionalText(40)
    birthdate = Day(allow_none=True)
    birthplace = OptionalText(160)
    height = OptionalText(20)
    weight = OptionalText(20)
    blood_type = OptionalText(10)
    address = OptionalText(300)
    civil_status = OptionalText(40)
    nationality = OptionalText(60)
    gender = Word(choices.GENDERS)
    language_spoken = OptionalText(160)
    combat_boots_size = OptionalText(20)
    uniform_size = OptionalText(20)
    bullcap_size = OptionalText(20)
    facebook_link = OptionalText(300)
    rotc_unit = OptionalText(160)
    mobilization_center = OptionalText(160)


class StaffCreate(StaffPatch):
    """A new member of staff; an Instructor unless a position is given."""

    first_name = NeededText(80, required=True)
    last_name = NeededText(80, required=True)


class StaffReplace(StaffCreate):
    """All fields; an optional one that is left out becomes empty. The position stays when left out."""

    @post_load
    def empty_what_is_left_out(self, values: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        """Return the values with every missing optional field as None."""
        optional = {name for name, field in self.fields.items() if field.allow_none}
        return {**dict.fromkeys(optional), **values}


class StaffSchema(Schema):
    """A member of staff as answered."""

    id = fields.Integer()
    rank = fields.String(allow_none=True)
    first_name = fields.String()
    middle_name = fields.String(allow_none=True)
    last_name = fields.String()
    suffix_name = fields.String(allow_none=True)
    email = fields.String(allow_none=True)
    contact_number = fields.String(allow_none=True)
    position = fields.String()
    afpsn = fields.String(allow_none=True, metadata={"description": "AFP serial number"})
    birthdate = fields.Date(allow_none=True)
    birthplace = fields.String(allow_none=True)
    height = fields.String(allow_none=True)
    weight = fields.String(allow_none=True)
    blood_type = fields.String(allow_none=True)
    address = fields.String(allow_none=True)
    civil_status = fields.String(allow_none=True)
    nationality = fields.String(allow_none=True)
    gender = fields.String(allow_none=True)
    language_spoken = fields.String(allow_none=True)
    combat_boots_size = fields.String(allow_none=True)
    uniform_size = fields.String(allow_none=True)
    bullcap_size = fields.String(allow_none=True)
    facebook_link = fields.String(allow_none=True)
    rotc_unit = fields.String(allow_none=True)
    mobilization_center = fields.String(allow_none=True)
    is_archived = fields.Boolean()
    is_profile_completed = fields.Boolean()
    version = fields.Integer()
    created_at = Instant()
    updated_at = Instant()


class StaffListArgs(PageArgs):
    """Search, filters and order of the list."""

    search = Text(200)
    position = Text(50)
    archived = Word(("false", "true", "all"))
