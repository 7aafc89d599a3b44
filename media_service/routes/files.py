"""Facts about a file, links to it, deletion and its undoing."""

from __future__ import annotations

from flask import current_app, url_for
from flask_smorest import Blueprint

from libs import clock
from libs.web.audit_trail import handed_out
from libs.web.auth import Mount, current_principal
from media_service.access import access_file
from media_service.links import sign_link
from media_service.operations.files import delete_file, restore_file
from media_service.schemas.files import FileSchema, LinkSchema

blueprint = Blueprint("files", __name__, url_prefix="/api/v1/files", description="Files")
mount = Mount(blueprint, read="files.own", write="files.own")


@blueprint.get("/<uuid:file_id>")
@blueprint.response(200, FileSchema)
def show_file(file_id):
    """Return the facts of a file."""
    return access_file(current_principal(), file_id)


@blueprint.post("/<uuid:file_id>/link")
@blueprint.response(200, LinkSchema)
def make_link(file_id):
    """Return a download link that works for five minutes without a token, or until the person signs out."""
    who = current_principal()
    access_file(who, file_id)
    handed_out("file_link", file_id)
    signature, expires_at = sign_link(current_app.config["RGMS"], file_id, who.session_id, clock.now())
    return {"url": url_for("downloads.download_file", file_id=file_id, signature=signature), "expires_at": expires_at}


@blueprint.delete("/<uuid:file_id>")
@blueprint.response(204)
def remove_file(file_id):
    """Hide a file; it can be restored."""
    delete_file(principal=current_principal(), file_id=file_id, now=clock.now())


@blueprint.post("/<uuid:file_id>/restore")
@blueprint.response(200, FileSchema)
def bring_back_file(file_id):
    """Take back the deletion of a file."""
    return restore_file(principal=current_principal(), file_id=file_id)
