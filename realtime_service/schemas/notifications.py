"""What goes in and comes out of the notification and ticket routes."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, validate

from libs.web.jsonio import dumps
from libs.web.schemas import Id, Instant, PageArgs, Schema, Text

PRIORITIES = ("low", "normal", "high", "urgent")
MAX_BATCH = 500
# A notification travels in one frame; what is longer belongs behind a link.
MAX_DATA_BYTES = 4_000


def _small(value: dict[str, Any]) -> None:
    try:
        raw = dumps(value)
    except TypeError as error:
        # A number beyond 64 bits or half a character: JSON on the wire allows both, nothing that reads it does.
        raise ValidationError("Contains values that are not allowed.") from error
    if len(raw) > MAX_DATA_BYTES:
        raise ValidationError(f"At most {MAX_DATA_BYTES} bytes.")
    if b"\\u0000" in raw:
        raise ValidationError("Contains characters that are not allowed.")


class NotificationArgs(PageArgs):
    """Which notifications are listed."""

    unread = fields.Boolean(load_default=False, metadata={"description": "only those not read yet"})


class NotificationSchema(Schema):
    """One notification."""

    id = fields.UUID(required=True)
    user_id = fields.Integer(required=True)
    message = fields.String(required=True)
    kind = fields.String(required=True)
    priority = fields.String(required=True, validate=validate.OneOf(PRIORITIES))
    data = fields.Dict(required=True)
    created_at = Instant(required=True)
    read_at = Instant(required=True, allow_none=True)


class UnreadSchema(Schema):
    """How many notifications are unread."""

    unread = fields.Integer(required=True)


class ReadSchema(Schema):
    """How many notifications became read."""

    read = fields.Integer(required=True)


class TicketSchema(Schema):
    """A one-use ticket for a socket."""

    ticket = fields.String(required=True)
    expires_in = fields.Integer(required=True, metadata={"description": "seconds"})


class NewNotificationSchema(Schema):
    """One notification as another service asks for it; `id` is the caller's own, so that asking twice tells once."""

    id = fields.UUID(required=True)
    user_id = Id(required=True)
    message = Text(500, low=1, multiline=True, required=True)
    kind = Text(40, low=1, required=True, validate=validate.Regexp(r"^[a-z][a-z0-9_.]{0,39}$"))
    priority = fields.String(load_default="normal", validate=validate.OneOf(PRIORITIES))
    data = fields.Dict(keys=fields.String(), load_default=dict, validate=_small)


class NewNotificationsSchema(Schema):
    """A batch of notifications."""

    notifications = fields.List(
        fields.Nested(NewNotificationSchema), required=True, validate=validate.Length(min=1, max=MAX_BATCH)
    )


class StoredSchema(Schema):
    """Which notifications were stored now, and which had been before."""

    stored = fields.List(fields.UUID(), required=True)
    duplicates = fields.List(fields.UUID(), required=True)
