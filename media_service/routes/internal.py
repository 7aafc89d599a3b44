"""What other services of RGMS may ask of media."""

from __future__ import annotations

from io import BytesIO

from flask import request
from flask_smorest import Blueprint

from libs import clock
from libs.web.auth import SERVICE, Mount
from libs.web.jsonio import json_response
from media_service.operations.files import ask_again_for_processing, process_file
from media_service.operations.uploads import store_file
from media_service.schemas.files import DocumentArgs, FileSchema, RequestedSchema

blueprint = Blueprint("internal", __name__, url_prefix="/internal/files", description="For other services")
mount = Mount(blueprint, read=SERVICE, write=SERVICE)


@blueprint.post("")
@blueprint.arguments(DocumentArgs, location="query")
@blueprint.response(200, FileSchema)
@blueprint.alt_response(201, schema=FileSchema)
def store_document(args):
    """Store a document that a service made; the same id again returns the first one (200 instead of 201)."""
    row, new = store_file(
        stream=BytesIO(request.get_data()), declared_type=request.mimetype, file_id=args.pop("id"), now=clock.now(), **args
    )
    return json_response(FileSchema().dump(row), 201 if new else 200)


@blueprint.post("/<uuid:file_id>/process")
@blueprint.response(200, FileSchema)
def process_stored_file(file_id):
    """Verify the stored bytes of a file and note an image's size in pixels."""
    return process_file(file_id=file_id, now=clock.now())


@blueprint.post("/request-processing")
@blueprint.response(200, RequestedSchema)
def request_pending():
    """Ask again for the processing of files that still wait for it."""
    return {"requested": ask_again_for_processing(now=clock.now())}
