"""Roster imports: preview, apply, undo."""

from __future__ import annotations

from flask_smorest import Blueprint

from libs import clock
from libs.web.auth import Mount, current_principal
from libs.web.errors import NotFound
from libs.web.idempotency import idempotent
from libs.web.jsonio import json_response
from libs.web.list_views import listed
from libs.web.pagination import page_of
from roster_service.operations.import_decisions import decide_rows
from roster_service.operations.imports import apply_import, preview_import
from roster_service.operations.undo_import import undo_import
from roster_service.queries.imports import LISTING, import_detail, imports_page
from roster_service.routes.uploads import upload_of
from roster_service.schemas.imports import (
    AppliedImport,
    ImportDetail,
    ImportListArgs,
    ImportSchema,
    ImportUpload,
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
    return json_response(preview_import(principal=current_principal(), filename=filename, data=data, now=clock.now()), 201)


@blueprint.get("")
@listed(blueprint, LISTING, ImportListArgs, ImportSchema)
def list_imports(args):
    """Return a page of imports, newest first."""
    return json_response(imports_page(args, page_of(args)))


@blueprint.get(ONE)
@blueprint.response(200, ImportDetail)
def show_import(import_id):
    """Return an import with the rows of its preview."""
    found = import_detail(import_id)
    if found is None:
        raise NotFound()
    return json_response(found)


@blueprint.put(f"{ONE}/decisions")
@blueprint.arguments(RowDecisions)
@idempotent
@blueprint.response(200, ImportDetail)
def decide(values, import_id):
    """Say who the rows in conflict are; open until the import is applied."""
    return json_response(
        decide_rows(principal=current_principal(), import_id=import_id, answers=values["decisions"], now=clock.now())
    )


@blueprint.post(f"{ONE}/apply")
@idempotent
@blueprint.response(200, AppliedImport)
def apply(import_id):
    """Do what the preview showed, all of it or nothing."""
    return json_response(apply_import(principal=current_principal(), import_id=import_id, now=clock.now()))


@blueprint.post(f"{ONE}/undo")
@idempotent
@blueprint.response(200, UndoneImport)
def undo(import_id):
    """Take an import back; cadets it created who have marks or an account in use stay, and are named."""
    return json_response(undo_import(principal=current_principal(), import_id=import_id, now=clock.now()))
