"""Administration of accounts."""

from marshmallow import fields, validate

from auth_service.schemas.sessions import UserSchema
from libs.contracts.principal import POSITIONS, ROLES
from libs.web.schemas import Id, Instant, LooseSchema, PageArgs, Schema, Text

STATES = ("awaiting_activation", "active", "deactivated")


class UserListArgs(PageArgs):
    """Filters of the list of accounts."""

    search = Text(100, blank_as_none=True, load_default=None)
    role = fields.String(load_default=None, validate=validate.OneOf(ROLES))
    state = fields.String(load_default=None, validate=validate.OneOf(STATES))


class AdministeredUserSchema(UserSchema):
    """An account as an administrator sees it."""

    email = fields.String(required=True, allow_none=True)
    company = fields.String(required=True, allow_none=True)
    is_active = fields.Boolean(required=True)
    state = fields.String(required=True, metadata={"enum": list(STATES)})
    created_at = Instant(required=True)
    last_login_at = Instant(required=True, allow_none=True)


class ListedUserSchema(AdministeredUserSchema):
    """An account in the list of all."""

    is_held_up = fields.Boolean(
        required=True, metadata={"description": "Whether wrong tries of the last minutes make anybody wait at this account."}
    )


class ChangeUserArgs(Schema):
    """What changes of an account; what is left out stays."""

    role = fields.String(validate=validate.OneOf(ROLES))
    is_active = fields.Boolean(truthy={True}, falsy={False})
    positions = fields.List(fields.String(validate=validate.OneOf(POSITIONS)), validate=validate.Length(max=len(POSITIONS)))


class ClearAddressArgs(Schema):
    """An address at which nobody is to wait any more."""

    address = Text(64, low=1, required=True, metadata={"description": "IPv4 or IPv6; of the latter its /64 is cleared."})


class EndedSchema(Schema):
    """How many sessions ended."""

    ended = fields.Integer(required=True)


class InternalUserArgs(LooseSchema):
    """Which active accounts a service asks for."""

    user_id = fields.List(Id(strict=False), load_default=list, validate=validate.Length(max=1000))
    cadet_id = fields.List(Id(strict=False), load_default=list, validate=validate.Length(max=1000))
    role = fields.String(load_default=None, validate=validate.OneOf(ROLES))


class InternalUserSchema(UserSchema):
    """An account as services see it."""

    email = fields.String(required=True, allow_none=True)


class InternalUsersSchema(Schema):
    """Active accounts, at most 1,000."""

    data = fields.List(fields.Nested(InternalUserSchema), required=True)


class CadetIdsSchema(Schema):
    """Cadets, at most 1,000."""

    cadet_ids = fields.List(Id(), required=True, validate=validate.Length(max=1000))


class CleanedSchema(Schema):
    """How many rows a housekeeping run deleted."""

    deleted = fields.Integer(required=True)
