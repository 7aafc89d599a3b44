"""Roster imports."""

from __future__ import annotations

from flask_smorest.fields import Upload
from marshmallow import fields

from libs.web.schemas import Instant, LooseSchema, PageArgs, Schema
from roster_service.domain.imports.plan import ACTIONS
from roster_service.schemas.fields import Word


class ImportUpload(LooseSchema):
    """The workbook, as a multipart field."""

    file = Upload(required=True, metadata={"description": ".xlsx or .csv, at most 5 MB and 10,000 rows"})


class ImportListArgs(PageArgs):
    """Filter and order of the list."""

    status = Word(("preview", "applied", "undone"))


class Summary(Schema):
    """How many rows meet each fate."""

    create = fields.Integer()
    update = fields.Integer()
    unchanged = fields.Integer()
    invalid = fields.Integer()
    duplicate = fields.Integer()
    ignored = fields.Integer()


class UnknownColumn(Schema):
    """A column that stands for no field; it is left out of the import."""

    sheet = fields.String()
    column = fields.String()


class Warnings(Schema):
    """What of the workbook was not read."""

    unknown_columns = fields.List(fields.Nested(UnknownColumn))
    skipped_sheets = fields.List(fields.String())


class Reason(Schema):
    """Why a row is what it is; further keys hold the facts of the sentence."""

    code = fields.String()
    message = fields.String()


class ImportRow(Schema):
    """What would happen to one row; `changes` maps a field to [stored, new]."""

    row = fields.Integer()
    sheet = fields.String()
    action = fields.String(metadata={"enum": list(ACTIONS)})
    kind = fields.String(data_key="class", metadata={"enum": ["clean", "normalised", "invalid", "duplicate", "ignored"]})
    student_id = fields.String(allow_none=True)
    name = fields.String()
    changes = fields.Dict(keys=fields.String(), values=fields.List(fields.Raw(allow_none=True)))
    reasons = fields.List(fields.Nested(Reason))
    cadet_id = fields.Integer(allow_none=True)


class ImportSchema(Schema):
    """An import without its rows."""

    id = fields.Integer()
    status = fields.String(metadata={"enum": ["preview", "applied", "undone"]})
    filename = fields.String()
    summary = fields.Nested(Summary)
    warnings = fields.Nested(Warnings)
    created_by = fields.Integer()
    created_at = Instant()
    applied_by = fields.Integer(allow_none=True)
    applied_at = Instant(allow_none=True)
    undone_by = fields.Integer(allow_none=True)
    undone_at = Instant(allow_none=True)


class ImportDetail(ImportSchema):
    """An import with the rows of its preview."""

    rows = fields.List(fields.Nested(ImportRow))


class AppliedImport(ImportSchema):
    """An import that was applied."""

    created = fields.Integer()
    updated = fields.Integer()


class UndoneImport(ImportSchema):
    """An import that was undone; `refused` is empty, because an undo is whole or refused."""

    removed = fields.Integer()
    restored = fields.Integer()
    refused = fields.List(fields.Raw())
