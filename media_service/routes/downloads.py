"""Hand out the bytes of a file: always as an attachment, never to be sniffed or run."""

from __future__ import annotations

from flask_smorest import Blueprint

from libs import clock
from libs.web.audit_trail import handed_out
from libs.web.auth import PUBLIC, Mount, current_principal
from media_service.access import access_download, access_link
from media_service.attachment import attachment
from media_service.schemas.files import DownloadArgs

blueprint = Blueprint("downloads", __name__, url_prefix="/api/v1/files", description="Downloads")
# A signed link needs no token; without one the view asks for it.
mount = Mount(blueprint, read=PUBLIC, write="files.own")


@blueprint.get("/<uuid:file_id>/download")
@blueprint.arguments(DownloadArgs, location="query")
@blueprint.response(200, {"type": "string", "format": "binary"}, content_type="application/octet-stream")
def download_file(args, file_id):
    """Download a file by a signed link, or with a token of somebody who may see it."""
    if args["signature"] is None:
        found, by = access_download(current_principal(), file_id), "token"
    else:
        found, by = access_link(file_id, args["signature"], now=clock.now()), "link"
    handed_out("file", file_id, {"purpose": found["purpose"], "by": by})
    return attachment(found)
