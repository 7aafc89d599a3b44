"""What is asked and answered of the names behind user ids."""

from typing import Any

from marshmallow import ValidationError, fields

from libs.web.schemas import MAX_ID, LooseSchema, Schema


class Ids(fields.Field):
    """Up to 100 ids, separated by commas."""

    def __init__(self, **kwargs: Any):
        super().__init__(**kwargs)
        self.metadata = {"type": "string", "example": "2,7", **self.metadata}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[int]:
        ids = value.split(",") if isinstance(value, str) else []
        if not 1 <= len(ids) <= 100 or not all(one.isascii() and one.isdigit() and len(one) <= 10 for one in ids):
            raise ValidationError("Give 1 to 100 user ids, separated by commas.")
        return [int(one) for one in ids if int(one) <= MAX_ID]


class NamesArgs(LooseSchema):
    """Whose names."""

    ids = Ids(required=True)


class NameSchema(Schema):
    """What somebody is called."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)


class NamesSchema(Schema):
    """Names by user id."""

    names = fields.List(fields.Nested(NameSchema), required=True)
