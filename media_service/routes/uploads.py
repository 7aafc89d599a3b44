"""Receive files from people."""

from __future__ import annotations

from flask_smorest import Blueprint

from libs import clock
from libs.web.auth import Mount, current_principal
from libs.web.idempotency import idempotent
from media_service.operations import uploads
from media_service.schemas.files import FileSchema, UploadFileSchema, UploadFormSchema

blueprint = Blueprint("uploads", __name__, url_prefix="/api/v1/files", description="Upload files")
mount = Mount(blueprint, read="files.own", write="files.upload")


@blueprint.post("/upload")
@blueprint.arguments(UploadFileSchema, location="files")
@blueprint.arguments(UploadFormSchema, location="form")
@idempotent
@blueprint.response(201, FileSchema)
def upload_file(files, form):
    """Store a file of an accepted kind: PNG, JPEG, WebP (5 MB), PDF, Excel, Word, CSV, plain text (10 MB)."""
    part, owner = files["file"], current_principal().user_id
    uploads.check_allowance(owner_user_id=owner, now=clock.now())
    row, _new = uploads.store_file(
        stream=part.stream,
        name=part.filename,
        declared_type=part.mimetype,
        owner_user_id=owner,
        access="owner",
        now=clock.now(),
        **form,
    )
    return row
