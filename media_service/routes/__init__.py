"""HTTP doors, each mounted beside the permission it needs."""

from libs.web.auth import PUBLIC, SERVICE, Mount
from media_service.routes import downloads, files, internal, uploads

ALL = [
    Mount(uploads.blueprint, read="files.own", write="files.upload"),
    Mount(files.blueprint, read="files.own", write="files.own"),
    # A signed link needs no token; without one the view asks for it.
    Mount(downloads.blueprint, read=PUBLIC, write="files.own"),
    Mount(internal.blueprint, read=SERVICE, write=SERVICE),
]
