"""Activation codes and passwords."""

from marshmallow import ValidationError, fields, validate, validates_schema

from libs.web.schemas import Id, Instant, Schema, Secret, Text

MANY = 500


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

    cadet_ids = fields.List(Id(), load_default=list, validate=validate.Length(max=MANY))
    user_ids = fields.List(Id(), load_default=list, validate=validate.Length(max=MANY))
    company = Text(50, blank_as_none=True, load_default=None)
    renew = fields.Boolean(load_default=False, truthy={True}, falsy={False})

    @validates_schema
    def _somebody(self, data: dict, **_: object) -> None:
        if not (data.get("cadet_ids") or data.get("user_ids") or data.get("company")):
            raise ValidationError("Name cadets, accounts or a company.", "cadet_ids")


class CodeSchema(Schema):
    """One code to print, beside the name it is for. It is never shown again."""

    user_id = fields.Integer(required=True)
    cadet_id = fields.Integer(required=True, allow_none=True)
    staff_id = fields.Integer(required=True, allow_none=True)
    name = fields.String(required=True)
    username = fields.String(required=True)
    company = fields.String(required=True, allow_none=True)
    code = fields.String(required=True)
    expires_at = Instant(required=True)


class SkippedSchema(Schema):
    """An account that got no code, and why."""

    cadet_id = fields.Integer(required=True, allow_none=True)
    user_id = fields.Integer(required=True, allow_none=True)
    code = fields.String(required=True, metadata={"enum": ["already_active", "deactivated", "unknown"]})


class CodesSchema(Schema):
    """The codes made, sorted by company and name as they are handed out, and the accounts skipped."""

    codes = fields.List(fields.Nested(CodeSchema), required=True)
    skipped = fields.List(fields.Nested(SkippedSchema), required=True)
