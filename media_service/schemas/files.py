"""What goes in and comes out of the file routes."""

from __future__ import annotations

from flask_smorest.fields import Upload
from marshmallow import fields, validate

from libs.web.schemas import Id, Instant, LooseSchema, Schema, Text

PURPOSE = validate.Regexp(r"^[a-z][a-z0-9_]{0,39}$", error="Small letters, digits and underscores.")
ACCESS = validate.OneOf(("owner", "staff"))


class UploadFileSchema(LooseSchema):
    """The file part of an upload."""

    file = Upload(required=True)


class UploadFormSchema(Schema):
    """The text parts of an upload."""

    purpose = Text(40, load_default="upload", validate=PURPOSE)


class DocumentArgs(Schema):
    """How the worker names a document it stores."""

    id = fields.UUID(required=True)
    name = Text(255, low=1, required=True)
    owner_user_id = Id(strict=False, required=True)
    purpose = Text(40, required=True, validate=PURPOSE)
    access = fields.String(required=True, validate=ACCESS)


class DownloadArgs(LooseSchema):
    """A download by signed link."""

    signature = Text(300, low=1, load_default=None)


class FileSchema(Schema):
    """The facts of a file."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    content_type = fields.String(required=True)
    size = fields.Integer(required=True, metadata={"description": "bytes"})
    sha256 = fields.String(required=True)
    purpose = fields.String(required=True)
    access = fields.String(required=True)
    owner_user_id = fields.Integer(required=True)
    width = fields.Integer(allow_none=True, metadata={"description": "pixels, once an image was processed"})
    height = fields.Integer(allow_none=True, metadata={"description": "pixels, once an image was processed"})
    intact = fields.Boolean(allow_none=True, metadata={"description": "whether the stored bytes still match sha256"})
    created_at = Instant(required=True)
    processed_at = Instant(allow_none=True)
    deleted_at = Instant(allow_none=True)


class LinkSchema(Schema):
    """A short-lived download link, relative to the address of RGMS."""

    url = fields.String(required=True)
    expires_at = Instant(required=True)


class RequestedSchema(Schema):
    """How many files were asked for again."""

    requested = fields.Integer(required=True)
