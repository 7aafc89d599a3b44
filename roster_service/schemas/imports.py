"""Roster imports."""

from __future__ import annotations

from flask_smorest.fields import Upload
from marshmallow import fields, validate

from libs.web.schemas import Id, Instant, LooseSchema, PageArgs, Schema, Whole
from roster_service.domain.imports.plan import ACTIONS, CHOICES
from roster_service.domain.imports.workbook import MAX_ROWS
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
    conflict = fields.Integer()
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


class Candidate(Schema):
    """Whom a row in conflict may mean: a stored cadet, somebody of an earlier row (`place`), or both."""

    cadet_id = fields.Integer(allow_none=True)
    place = fields.String(allow_none=True)
    why = fields.String()
    is_archived = fields.Boolean()
    values = fields.Dict(keys=fields.String(), values=fields.String(allow_none=True))


class ImportRow(Schema):
    """What would happen to one row; `changes` maps a field to [stored, new].

    A row that is or was in conflict has `candidates`, and `values`, the person as the file writes it.
    """

    row = fields.Integer()
    sheet = fields.String()
    action = fields.String(metadata={"enum": list(ACTIONS)})
    kind = fields.String(data_key="class", metadata={"enum": ["clean", "normalised", "invalid", "duplicate", "ignored"]})
    student_id = fields.String(allow_none=True)
    name = fields.String()
    changes = fields.Dict(keys=fields.String(), values=fields.List(fields.Raw(allow_none=True)))
    reasons = fields.List(fields.Nested(Reason))
    cadet_id = fields.Integer(allow_none=True)
    decision = fields.String(allow_none=True, metadata={"enum": [*CHOICES, None]})
    candidates = fields.List(fields.Nested(Candidate))
    values = fields.Dict(keys=fields.String(), values=fields.String(allow_none=True))


class RowDecision(Schema):
    """Who a row in conflict is: `same` as a person shown, `another`, or `leave` it out; null takes the last word back.

    `cadet_id`, or the `place` of one who stands in an earlier row only, says which where several are shown.
    """

    # As it stands in the preview: the blanks around a sheet's name are part of it.
    sheet = fields.String(required=True, validate=validate.Length(1, 80))
    row = Whole(1, 2**31 - 1, required=True)
    decision = Word(CHOICES, required=True)
    cadet_id = Id(load_default=None, allow_none=True)
    place = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=100))


class RowDecisions(Schema):
    """Decisions about rows in conflict; all are kept or none."""

    decisions = fields.List(fields.Nested(RowDecision), required=True, validate=validate.Length(1, MAX_ROWS))


class KeptDecision(RowDecision):
    """A decision, by whom and when."""

    by = fields.Integer()
    at = Instant()


class KeptCadet(Schema):
    """A cadet whom an undo left on the roster, and why."""

    cadet_id = fields.Integer()
    student_id = fields.String()
    name = fields.String()
    reason = fields.String()


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
    kept = fields.List(fields.Nested(KeptCadet))


class ImportDetail(ImportSchema):
    """An import with the rows of its preview, and the log of what was decided of them."""

    rows = fields.List(fields.Nested(ImportRow))
    decisions = fields.List(fields.Nested(KeptDecision))


class AppliedImport(ImportSchema):
    """An import that was applied."""

    created = fields.Integer()
    updated = fields.Integer()


class UndoneImport(ImportSchema):
    """An import that was undone; `refused` names the created cadets who stay, because they have marks or an account in use."""

    removed = fields.Integer()
    restored = fields.Integer()
    refused = fields.List(fields.Nested(KeptCadet))
