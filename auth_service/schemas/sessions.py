"""Signing in, refreshing, sessions."""

from marshmallow import fields

from libs.contracts.principal import DUE
from libs.web.schemas import Instant, Schema, Secret, Text


class LoginArgs(Schema):
    """A name and its password."""

    username = Text(150, low=1, required=True)
    password = Secret(required=True)


class RefreshArgs(Schema):
    """The refresh token of the last sign-in or refresh; a browser's stands in its cookie."""

    refresh_token = Secret(4096)


class LogoutArgs(Schema):
    """The refresh token, for a client whose access token has expired."""

    refresh_token = Secret(4096)


class LateSignOutSchema(Schema):
    """A sign-out that not every service could be told of: the refresh token is dead, the access token will be."""

    message = fields.String(dump_default="You are signed out. A copy of this sign-in elsewhere may work for some minutes more.")
    within_seconds = fields.Integer(metadata={"description": "After this long the access token is dead wherever it is."})


class UserSchema(Schema):
    """The signed-in person."""

    id = fields.Integer(required=True)
    username = fields.String(required=True)
    role = fields.String(required=True, metadata={"enum": ["admin", "staff", "cadet"]})
    positions = fields.List(fields.String(), required=True)
    cadet_id = fields.Integer(required=True, allow_none=True)
    staff_id = fields.Integer(required=True, allow_none=True)
    display_name = fields.String(required=True)
    must_change_password = fields.Boolean(required=True)
    has_second_factor = fields.Boolean(required=True)


class SignedInUserSchema(UserSchema):
    """The signed-in person, and what they have to do before anything else."""

    due = fields.String(required=True, allow_none=True, metadata={"enum": [*DUE, None]})
    second_factor_due_at = Instant(
        required=True,
        allow_none=True,
        metadata={"description": "From then on nothing else works; null when none has to be added."},
    )


class TokensSchema(Schema):
    """An access token (``expires_in`` seconds) and the refresh token that replaces the one presented; null for a browser."""

    token = fields.String(required=True)
    refresh_token = fields.String(required=True, allow_none=True)
    expires_in = fields.Integer(required=True)
    user = fields.Nested(SignedInUserSchema, required=True)


class VerifiedSchema(Schema):
    """Whose access token this is."""

    user = fields.Nested(SignedInUserSchema, required=True)


class SessionSchema(Schema):
    """One sign-in on one device."""

    id = fields.String(required=True)
    created_at = Instant(required=True)
    last_used_at = Instant(required=True)
    expires_at = Instant(required=True)
    address = fields.String(required=True)
    user_agent = fields.String(required=True)
    current = fields.Boolean(required=True)
