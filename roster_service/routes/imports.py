"""Roster imports: preview, apply, undo."""

from __future__ import annotations

from flask import Response
from flask_smorest import Blueprint

from libs import clock
from libs.web.audit_trail import handed_out
from libs.web.auth import Mount, current_principal
from libs.web.errors import NotFound
from libs.web.etag import etag_for, if_match
from libs.web.idempotency import idempotent
from libs.web.jsonio import json_response
from libs.web.list_views import listed
from libs.web.pagination import page_of
from roster_service.documents.refused_rows import refused_rows_file
from roster_service.operations.import_decisions import decide_rows
from roster_service.operations.import_previews import correct_import, discard_import, preview_import
from roster_service.operations.imports import apply_import
from roster_service.operations.undo_import import undo_import
from roster_service.queries.imports import LISTING, import_detail, import_with_file, imports_page
from roster_service.routes.uploads import upload_of
from roster_service.schemas.imports import (
    AppliedImport,
    CorrectionFields,
    ImportDetail,
    ImportListArgs,
    ImportSchema,
    ImportUpload,
    RefusedArgs,
    RowDecisions,
    UndoneImport,
)

ONE = "/<int(min=1, max=2147483647):import_id>"

blueprint = Blueprint("imports", __name__, url_prefix="/api/v1/cadets/imports", description="Roster imports")
mount = Mount(blueprint, read="roster.import", write="roster.import")


@blueprint.post("")
@blueprint.arguments(ImportUpload, location="files")
@idempotent
@blueprint.response(201, ImportDetail)
def preview(files):
    """Show what a workbook would change; nothing of it is stored in the roster."""
    filename, data = upload_of(files["file"])
    return _preview(preview_import(principal=current_principal(), filename=filename, data=data, now=clock.now()), 201)


@blueprint.get("")
@listed(blueprint, LISTING, ImportListArgs, ImportSchema)
def list_imports(args):
    """Return a page of imports, newest first."""
    return json_response(imports_page(args, page_of(args)))


@blueprint.get(ONE)
@blueprint.response(200, ImportDetail)
def show_import(import_id):
    """Return an import with the rows of its preview."""
    return _preview(_found(import_detail(import_id)))


@blueprint.patch(ONE)
@blueprint.arguments(CorrectionFields)
@idempotent
@blueprint.response(200, ImportDetail)
def correct(change, import_id):
    """Answer what a preview asks, and mend or leave out its rows."""
    given = {"if_match": if_match(), "now": clock.now()}
    return _preview(correct_import(principal=current_principal(), import_id=import_id, change=change, **given))


@blueprint.delete(ONE)
@idempotent
@blueprint.response(204)
def discard(import_id):
    """Throw a preview away; nothing of it was in the roster."""
    discard_import(import_id=import_id)
    return Response(status=204)


@blueprint.get(f"{ONE}/refused")
@blueprint.arguments(RefusedArgs, location="query")
@blueprint.response(200, content_type="application/octet-stream")
def refused(args, import_id):
    """Return the rows that are not imported as a file, each with its reason, to be mended and uploaded again."""
    handed_out("refused_rows", import_id)
    name, content_type, data = refused_rows_file(_found(import_with_file(import_id)), args["format"])
    return Response(data, content_type=content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@blueprint.put(f"{ONE}/decisions")
@blueprint.arguments(RowDecisions)
@idempotent
@blueprint.response(200, ImportDetail)
def decide(values, import_id):
    """Say who the rows in conflict are; open until the import is applied."""
    return _preview(decide_rows(principal=current_principal(), import_id=import_id, answers=values["decisions"], now=clock.now()))


@blueprint.post(f"{ONE}/apply")
@idempotent
@blueprint.response(200, AppliedImport)
def apply(import_id):
    """Do what the preview showed, all of it or nothing."""
    given = {"if_match": if_match(), "now": clock.now()}
    return json_response(apply_import(principal=current_principal(), import_id=import_id, **given))


@blueprint.post(f"{ONE}/undo")
@idempotent
@blueprint.response(200, UndoneImport)
def undo(import_id):
    """Take an import back; cadets it created who have marks or an account in use stay, and are named."""
    return json_response(undo_import(principal=current_principal(), import_id=import_id, now=clock.now()))


def _found(found):
    if found is None:
        raise NotFound()
    return found


def _preview(found, status=200):
    return json_response(found, status, {"ETag": etag_for(found["revision"])})
