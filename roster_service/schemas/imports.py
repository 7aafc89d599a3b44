"""Roster imports."""

from __future__ import annotations

from flask_smorest.fields import Upload
from marshmallow import fields, validate

from libs.web.schemas import Id, Instant, LooseSchema, PageArgs, Schema, Text, Whole
from roster_service.domain.imports.corrections import MOST_ROWS
from roster_service.domain.imports.dates import ORDERS
from roster_service.domain.imports.limits import MAX_CELL, MAX_ROWS, MAX_SHEETS
from roster_service.domain.imports.plan import ACTIONS, CHOICES
from roster_service.domain.imports.sheets import KINDS
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
    left_out = fields.Integer()


class UnknownColumn(Schema):
    """A column that stands for no field; it is left out of the import."""

    sheet = fields.String()
    column = fields.String()


class Warnings(Schema):
    """What of the workbook was not read."""

    unknown_columns = fields.List(fields.Nested(UnknownColumn))
    skipped_sheets = fields.List(fields.String())
    hidden_sheets = fields.List(fields.String())


class SheetLayout(Schema):
    """One sheet of the workbook; without a header row nothing of it is read."""

    name = fields.String()
    hidden = fields.Boolean()
    read = fields.Boolean()
    header_row = fields.Integer(allow_none=True)
    rows = fields.Integer()
    columns = fields.List(fields.String())
    unknown_columns = fields.List(fields.String())


class OpenDates(Schema):
    """Birth dates that read as two days, where the file does not say which part is the day."""

    count = fields.Integer()
    example = fields.String(allow_none=True)
    order = fields.String(allow_none=True, metadata={"enum": [*ORDERS, None]})


class Layout(Schema):
    """What the workbook as a whole is."""

    sheets = fields.List(fields.Nested(SheetLayout))
    dates = fields.Nested(OpenDates)


class RowCorrectionFields(Schema):
    """A row of a preview, mended or left out; null takes that back."""

    # As it stands in the preview: the blanks around a sheet's name are part of it.
    sheet = fields.String(required=True, validate=validate.Length(1, 90))
    row = Whole(1, 2**31 - 1, required=True)
    values = fields.Dict(
        keys=fields.String(validate=validate.Length(1, 40)),
        values=Text(MAX_CELL),
        allow_none=True,
        metadata={"description": "Cells written anew, by field; a blank empties one. All that was written before is replaced."},
    )
    left_out = fields.Boolean(truthy={True}, falsy={False}, allow_none=True)


class CorrectionFields(Schema):
    """What an officer answers and mends in a preview, as far as it changes."""

    sheets = fields.Dict(
        keys=fields.String(validate=validate.Length(1, 90)),
        values=fields.Boolean(truthy={True}, falsy={False}),
        validate=validate.Length(max=MAX_SHEETS),
        metadata={"description": "Whether a sheet is read, by name."},
    )
    date_order = Word(ORDERS, metadata={"description": "What stands first in dates, where the file leaves it open."})
    rows = fields.List(fields.Nested(RowCorrectionFields), validate=validate.Length(max=MOST_ROWS))


class RefusedArgs(LooseSchema):
    """In which format."""

    format = fields.String(load_default="xlsx", validate=validate.OneOf(["xlsx", "csv"]))


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
    A row that is refused or was mended has `given`, its cells by field, and `mended`, those that an officer wrote anew.
    """

    row = fields.Integer()
    sheet = fields.String()
    action = fields.String(metadata={"enum": list(ACTIONS)})
    kind = fields.String(data_key="class", metadata={"enum": list(KINDS)})
    student_id = fields.String(allow_none=True)
    name = fields.String()
    changes = fields.Dict(keys=fields.String(), values=fields.List(fields.Raw(allow_none=True)))
    reasons = fields.List(fields.Nested(Reason))
    cadet_id = fields.Integer(allow_none=True)
    decision = fields.String(allow_none=True, metadata={"enum": [*CHOICES, None]})
    candidates = fields.List(fields.Nested(Candidate))
    values = fields.Dict(keys=fields.String(), values=fields.String(allow_none=True))
    company = fields.String(allow_none=True)
    platoon = fields.String(allow_none=True)
    given = fields.Dict(keys=fields.String(), values=fields.String())
    mended = fields.List(fields.String())


class RowDecision(Schema):
    """Who a row in conflict is: `same` as a person shown, `another`, or `leave` it out; null takes the last word back.

    `cadet_id`, or the `place` of one who stands in an earlier row only, says which where several are shown.
    """

    # As it stands in the preview: the blanks around a sheet's name are part of it.
    sheet = fields.String(required=True, validate=validate.Length(1, 90))
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
    layout = fields.Nested(Layout)
    revision = fields.Integer()
    created_by = fields.Integer()
    created_at = Instant()
    applied_by = fields.Integer(allow_none=True)
    applied_at = Instant(allow_none=True)
    undone_by = fields.Integer(allow_none=True)
    undone_at = Instant(allow_none=True)
    kept = fields.List(fields.Nested(KeptCadet))


class ImportDetail(ImportSchema):
    """An import with the rows of its preview, what officers answered and mended, and the log of whom they said rows to be."""

    rows = fields.List(fields.Nested(ImportRow))
    corrections = fields.Dict()
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
