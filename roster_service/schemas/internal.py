"""The feed that other services reconcile with."""

from __future__ import annotations

from marshmallow import fields, validate

from libs.web.schemas import MAX_ID, Id, LooseSchema, Schema, Whole


class FeedArgs(LooseSchema):
    """Where to go on in the feed: the last id seen."""

    cursor = Whole(0, MAX_ID, strict=False, load_default=0)
    limit = Whole(1, 1000, strict=False, load_default=500)


class LookupBody(Schema):
    """Whose snapshots are asked for."""

    ids = fields.List(Id(), required=True, validate=validate.Length(1, 500))


class FeedSchema(Schema):
    """Rows by id; `next_cursor` is null after the last."""

    data = fields.List(fields.Dict())
    next_cursor = fields.String(allow_none=True)
