"""What goes in and comes out of the job routes, and the parameters of each kind of job."""

from __future__ import annotations

from marshmallow import ValidationError, fields, post_load, validate

from libs.contracts.tasks import EMAIL, EMAIL_TEMPLATES, GRADE_SHEET, KINDS, PROCESS_FILE, STATUSES
from libs.web.schemas import Id, Instant, PageArgs, Schema, Text

FORMATS = ("xlsx", "pdf")


class GradeSheetParams(Schema):
    """Which grade sheet: of a term, of one company or of all."""

    term_id = Id(required=True)
    format = fields.String(required=True, validate=validate.OneOf(FORMATS))
    company = Text(50, blank_as_none=True, load_default=None)


class ReportSchema(GradeSheetParams):
    """An order for a report."""

    kind = fields.String(required=True, validate=validate.OneOf((GRADE_SHEET.kind,)))


class EmailParams(Schema):
    """An e-mail to one person; `values` fill the template."""

    template = fields.String(required=True, validate=validate.OneOf(EMAIL_TEMPLATES))
    to = fields.Email(required=True, validate=validate.Length(max=254))
    name = Text(200, load_default="")
    values = fields.Dict(keys=Text(40), values=Text(2000, blank_as_none=True), required=True)


class FileParams(Schema):
    """One stored file."""

    file_id = fields.UUID(required=True)

    @post_load
    def as_json(self, data, **_kwargs):
        """Keep the id as text, as JSON needs it."""
        return {"file_id": str(data["file_id"])}


class NoParams(Schema):
    """A kind of job that needs none."""


PARAMS = {GRADE_SHEET.kind: GradeSheetParams, EMAIL.kind: EmailParams, PROCESS_FILE.kind: FileParams}


class JobRequestSchema(Schema):
    """An order of another service."""

    id = fields.UUID(load_default=None)
    kind = fields.String(required=True, validate=validate.OneOf(tuple(KINDS)))
    params = fields.Dict(required=True)
    requested_by = Id(allow_none=True, load_default=None)

    @post_load
    def check_params(self, data, **_kwargs):
        """Refuse parameters that the kind's worker could not use, here rather than later in the worker."""
        try:
            data["params"] = PARAMS.get(data["kind"], NoParams)().load(data["params"])
        except ValidationError as error:
            raise ValidationError({"params": error.messages}) from error
        return data


class TaskIdSchema(Schema):
    """The id under which a job's progress can be followed."""

    task_id = fields.UUID(required=True)


class TaskSchema(Schema):
    """How far a job is, and how it ended."""

    id = fields.UUID(required=True)
    kind = fields.String(required=True)
    status = fields.String(required=True, validate=validate.OneOf(STATUSES))
    progress = fields.Integer(required=True, metadata={"description": "percent"})
    message = fields.String(required=True)
    result = fields.Dict(allow_none=True)
    error = fields.Dict(allow_none=True)
    attempts = fields.Integer(required=True)
    requested_by = fields.Integer(allow_none=True)
    created_at = Instant(required=True)
    started_at = Instant(allow_none=True)
    finished_at = Instant(allow_none=True)


class TaskListArgs(PageArgs):
    """Which jobs to list."""

    status = fields.String(load_default=None, validate=validate.OneOf(STATUSES))
    kind = fields.String(load_default=None, validate=validate.OneOf(tuple(KINDS)))
