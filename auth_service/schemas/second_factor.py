"""The second step of signing in, and what it takes."""

from marshmallow import ValidationError, fields, validates_schema

from auth_service.domain.second_factor import ENFORCED, PASSKEY, RECOVERY_CODE, TOTP
from libs.web.schemas import Instant, Schema, Secret, Text


class SecondStepSchema(Schema):
    """The password was right, and a second step is due: its ticket is good for ``expires_in`` seconds."""

    ticket = fields.String(required=True)
    expires_in = fields.Integer(required=True)
    methods = fields.List(fields.String(metadata={"enum": [PASSKEY, TOTP, RECOVERY_CODE]}), required=True)
    recovery_codes_left = fields.Integer(required=True)
    passkey = fields.Dict(required=True, allow_none=True, metadata={"description": "What navigator.credentials.get takes."})
    name = fields.String(required=True)


class SecondStepArgs(Schema):
    """The ticket of the first step, and one of the three."""

    ticket = Secret(200, required=True)
    code = Secret(20, load_default=None)
    recovery_code = Secret(40, load_default=None)
    passkey = fields.Dict(keys=fields.String(), load_default=None)

    @validates_schema
    def _one(self, data: dict, **_: object) -> None:
        if sum(data.get(name) is not None for name in ("code", "recovery_code", "passkey")) != 1:
            raise ValidationError("Give a code, a recovery code or a passkey: one of them.", "code")


class PasskeySchema(Schema):
    """A passkey, as its owner sees it."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)
    created_at = Instant(required=True)
    last_used_at = Instant(required=True, allow_none=True)


class SecondFactorSchema(Schema):
    """What an account has beside its password."""

    enforced = fields.String(required=True, metadata={"enum": list(ENFORCED)})
    required_ = fields.Boolean(required=True, data_key="required")
    due_at = Instant(required=True, allow_none=True)
    authenticator_since = Instant(required=True, allow_none=True)
    passkeys = fields.List(fields.Nested(PasskeySchema), required=True)
    recovery_codes_left = fields.Integer(required=True)
    recovery_codes_made_at = Instant(required=True, allow_none=True)
    passkey_domain = fields.String(required=True, metadata={"description": "Passkeys are made and used on pages of this name."})


class AuthenticatorSchema(Schema):
    """The secret of an authenticator app, to be typed or scanned. It is never shown again."""

    secret = fields.String(required=True)
    uri = fields.String(required=True)
    qr_code = fields.String(required=True, metadata={"description": "A data address of an SVG picture."})


class CodeArgs(Schema):
    """The six digits that the app shows."""

    code = Secret(20, required=True)


class PasskeyOptionsSchema(Schema):
    """What the browser is asked to make a passkey from."""

    ticket = fields.String(required=True)
    options = fields.Dict(required=True, metadata={"description": "What navigator.credentials.create takes."})


class NewPasskeyArgs(Schema):
    """A passkey that the browser made, and how its owner calls it."""

    ticket = Secret(200, required=True)
    name = Text(60, low=1, required=True)
    credential = fields.Dict(keys=fields.String(), required=True)


class RecoveryCodesSchema(Schema):
    """Recovery codes, shown this one time; empty when the account has some already."""

    recovery_codes = fields.List(fields.String(), required=True)
