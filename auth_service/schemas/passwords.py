"""Activation codes and passwords."""

from marshmallow import ValidationError, fields, validate, validates_schema

from auth_service.domain.activation import ASK, LIVE, MOST_CODES
from libs.web.schemas import Id, Instant, Schema, Secret, Text


class ActivateArgs(Schema):
    """A printed code and the password its owner chooses; a username, when given, must be the account's."""

    code = Text(40, low=1, required=True)
    username = Text(150, blank_as_none=True, load_default=None)
    password = Secret(required=True)


class ChangePasswordArgs(Schema):
    """The current and the new password."""

    current_password = Secret(required=True)
    new_password = Secret(required=True)


class ForgotArgs(Schema):
    """The name of the account whose owner asks for a link."""

    username = Text(150, low=1, required=True)


class ResetArgs(Schema):
    """The token of the mailed link and the new password."""

    token = Secret(4096, required=True)
    password = Secret(required=True)


class IssueCodesArgs(Schema):
    """For whom codes are made: cadets, accounts, or everybody of a company who awaits activation."""

    cadet_ids = fields.List(Id(), load_default=list, validate=validate.Length(max=MOST_CODES))
    user_ids = fields.List(Id(), load_default=list, validate=validate.Length(max=MOST_CODES))
    company = Text(50, blank_as_none=True, load_default=None)
    renew = fields.Boolean(load_default=False, truthy={True}, falsy={False})
    live = fields.String(
        load_default=ASK,
        validate=validate.OneOf(LIVE),
        metadata={"description": "Codes that still work: `ask` makes none and says how many (409), `replace` or `keep` them."},
    )

    @validates_schema
    def _somebody(self, data: dict, **_: object) -> None:
        if not (data.get("cadet_ids") or data.get("user_ids") or data.get("company")):
            raise ValidationError("Name cadets, accounts or a company.", "cadet_ids")


class QrSchema(Schema):
    """A QR code: the width in modules without a margin, and an SVG path of strokes of width 1."""

    size = fields.Integer(required=True)
    path = fields.String(required=True)


class CodeSchema(Schema):
    """One code to print, beside the name it is for. It is never shown again."""

    user_id = fields.Integer(required=True)
    cadet_id = fields.Integer(required=True, allow_none=True)
    staff_id = fields.Integer(required=True, allow_none=True)
    name = fields.String(required=True)
    username = fields.String(required=True)
    company = fields.String(required=True, allow_none=True)
    code = fields.String(required=True)
    link = fields.String(required=True, metadata={"description": "Where the code is used; it stands behind the #."})
    qr = fields.Nested(QrSchema, required=True, metadata={"description": "The link, to be scanned."})
    expires_at = Instant(required=True)


class SkippedSchema(Schema):
    """An account that got no code, and why."""

    cadet_id = fields.Integer(required=True, allow_none=True)
    user_id = fields.Integer(required=True, allow_none=True)
    code = fields.String(required=True, metadata={"enum": ["already_active", "deactivated", "live_code", "unknown"]})


class CodesSchema(Schema):
    """The codes made, sorted by company and name as they are handed out, and the accounts skipped."""

    codes = fields.List(fields.Nested(CodeSchema), required=True)
    skipped = fields.List(fields.Nested(SkippedSchema), required=True)
