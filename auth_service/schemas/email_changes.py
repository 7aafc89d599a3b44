"""Changes of the address by which a password is reset."""

from marshmallow import fields

from libs.web.schemas import Instant, Schema, Secret

STATES = ("waiting", "applied", "undone", "refused", "replaced")


class EmailLinkArgs(Schema):
    """The token of the link that the old address got."""

    token = Secret(4096, required=True)


class EmailLinkSchema(Schema):
    """What such a link is about."""

    state = fields.String(required=True, metadata={"enum": list(STATES)})
    old_email = fields.String(required=True, allow_none=True)
    new_email = fields.String(required=True, allow_none=True)


class WaitingEmailSchema(Schema):
    """An address that waits for its owner's yes."""

    id = fields.Integer(required=True)
    new_email = fields.String(required=True, allow_none=True)
    proposed_at = Instant(required=True)


class OwnEmailSchema(Schema):
    """The address by which one's password is reset, and the change of it that waits."""

    email = fields.String(required=True, allow_none=True)
    waiting = fields.Nested(WaitingEmailSchema, required=True, allow_none=True)


class EmailChangeSchema(Schema):
    """A change that waits for the owner or a second officer."""

    id = fields.Integer(required=True)
    user_id = fields.Integer(required=True)
    username = fields.String(required=True)
    display_name = fields.String(required=True)
    role = fields.String(required=True)
    old_email = fields.String(required=True, allow_none=True)
    new_email = fields.String(required=True, allow_none=True)
    proposed_by = fields.Integer(required=True, allow_none=True)
    proposed_by_name = fields.String(required=True, allow_none=True)
    proposed_at = Instant(required=True)


class ProofArgs(Schema):
    """One's own password, once more."""

    password = Secret(required=True)


class ProofSchema(Schema):
    """An access token that says so (``expires_in`` seconds); the refresh token stays as it is."""

    token = fields.String(required=True)
    expires_in = fields.Integer(required=True)
