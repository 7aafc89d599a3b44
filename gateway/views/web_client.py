"""The built web client: hashed assets for a year, compressed beforehand, and deep links that reload to the same page."""

from __future__ import annotations

import fcntl
import logging
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app, request
from werkzeug.wsgi import wrap_file
from whitenoise import WhiteNoise
from whitenoise.compress import Compressor
from whitenoise.responders import StaticFile

from libs.web.errors import NotFound

YEAR = 31_536_000
# Vite puts a hash of the content into these names, so they never change under a name.
_HASHED = re.compile(r"^/assets/.+-[A-Za-z0-9_-]{8,}\.\w+$")
_NOT_BUILT = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>RGMS</title></head>
<body>
<h1>The web client is not built yet</h1>
<p>The services run; the API is described at <a href="/api/docs">/api/docs</a>.</p>
<p>Start everything with <code>./rgms up</code>, which builds it, or build it with
<code>npm run build</code> in <code>client/</code> and start the gateway again.</p>
</body>
</html>
"""
blueprint = Blueprint("web_client", __name__)
log = logging.getLogger(__name__)


class Assets:
    """The files of the built client, found by WhiteNoise.

    Args:
        live: look for changed files at every request (development only).
    """

    def __init__(self, noise: WhiteNoise, *, live: bool) -> None:
        self._find: Callable[[str], StaticFile | None] = noise.find_file if live else noise.files.get

    def answer(self, path: str) -> Response | None:
        """Return the file at `path` as the running request wants it: compressed, in part or not modified; None for none."""
        file = self._find(path)
        if file is None:
            return None
        found = file.get_response(request.method, request.environ)
        body = wrap_file(request.environ, found.file) if found.file is not None else b""
        response = Response(body, found.status, found.headers, direct_passthrough=found.file is not None)
        # An answer to HEAD tells the length of a file that it has not.
        response.automatically_set_content_length = False
        return response


def assets(dist: Path, *, live: bool) -> Assets | None:
    """Return the files of `dist`; None while the client is not built."""
    if not (dist / "index.html").is_file():
        return None
    compress(dist)
    noise = WhiteNoise(
        None,
        root=str(dist),
        max_age=3600,
        autorefresh=live,
        immutable_file_test=lambda _path, url: bool(_HASHED.match(url)),
        add_headers_function=_caching,
    )
    return Assets(noise, live=live)


def _caching(headers: Any, _path: str, url: str) -> None:
    if _HASHED.match(url):
        headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    elif url.endswith((".html", "/sw.js", ".webmanifest")):
        # These name the others: an old one would ask for assets that are gone.
        headers["Cache-Control"] = "no-cache"


def compress(dist: Path) -> None:
    """Write .br and .gz beside every compressible file that lacks them; several workers may start at once.

    The build does this already; a folder that cannot be written is then served as it is.
    """
    try:
        with (dist / ".compress.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            compressor = Compressor(quiet=True)
            for path in sorted(dist.rglob("*")):
                if path.is_file() and compressor.should_compress(path.name) and not _compressed(path):
                    compressor.compress(str(path))
    except OSError as error:
        log.warning("the web client could not be compressed", extra={"cause": type(error).__name__})


def _compressed(path: Path) -> bool:
    packed = [path.with_name(path.name + ending) for ending in (".br", ".gz")]
    return path.name.startswith(".") or any(other.is_file() and other.stat().st_mtime >= path.stat().st_mtime for other in packed)


@blueprint.get("/", defaults={"path": ""})
@blueprint.get("/<path:path>")
def deep_link(path: str) -> Response:
    """A file of the client, or its page for any address of the client, so that a reload stays where it was."""
    files: Assets | None = current_app.extensions["rgms_assets"]
    if files and (answer := files.answer(request.path)):
        return answer
    last = path.rsplit("/", 1)[-1]
    if path == "api" or path.startswith(("api/", "ws/", "internal", "assets/")) or "." in last:
        raise NotFound()
    index: Path = current_app.config["CLIENT_DIST"] / "index.html"
    headers = {"Cache-Control": "no-cache"}
    try:
        return Response(index.read_bytes(), mimetype="text/html", headers=headers)
    except FileNotFoundError:
        return Response(_NOT_BUILT, mimetype="text/html", status=503, headers=headers | {"Retry-After": "10"})
