"""A server that speaks Cloudinary's upload protocol and refuses whatever the SDK did not sign rightly.

The signature rule is Cloudinary's published one: the parameters except file, api_key, cloud_name and resource_type, sorted,
joined as a query string (an ampersand inside a value written %26), followed by the secret, as SHA-1.
"""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import dataclass, field

from werkzeug.wrappers import Request, Response

UNSIGNED = {"file", "api_key", "cloud_name", "resource_type", "signature"}


@dataclass
class CloudinaryServer:
    """The account of one test: files by public id, and every request it saw."""

    cloud: str = "rgms-test"
    key: str = "key-1"
    secret: str = "s3cret-of-the-store"
    files: dict[str, bytes] = field(default_factory=dict)
    seen: list[tuple[str, dict]] = field(default_factory=list)
    failing: bool = False

    def url(self, base: str) -> str:
        """Return the CLOUDINARY_URL of this account at `base`."""
        return f"cloudinary://{self.key}:{self.secret}@{self.cloud}?upload_prefix={base}"

    def signature(self, params: dict[str, str]) -> str:
        """Return the signature Cloudinary computes over `params`."""
        parts = (f"{key}={value}".replace("&", "%26") for key, value in sorted(params.items()) if key not in UNSIGNED and value)
        return hashlib.sha1(("&".join(parts) + self.secret).encode()).hexdigest()  # noqa: S324 - Cloudinary's rule

    @Request.application
    def application(self, request: Request) -> Response:
        """Answer one call of the SDK."""
        params = dict((request.form if request.method == "POST" else request.args).items())
        self.seen.append((request.path, params))
        if self.failing:
            return _error(500, "store is down")
        if params.get("api_key") != self.key or params.get("signature") != self.signature(params):
            return _error(401, "Invalid Signature")
        prefix = f"/v1_1/{self.cloud}/raw/"
        if params.get("type") != "authenticated" or not request.path.startswith(prefix):
            return _error(400, "unexpected request")
        return getattr(self, request.path.removeprefix(prefix))(request, params)

    def upload(self, request: Request, params: dict) -> Response:
        """Store a file."""
        data = request.files["file"].read()
        self.files[params["public_id"]] = data
        return _json({"public_id": params["public_id"], "bytes": len(data), "resource_type": "raw"})

    def download(self, _request: Request, params: dict) -> Response:
        """Hand a file out until the link expires."""
        if int(params["expires_at"]) < time.time():
            return _error(401, "expired")
        data = self.files.get(params["public_id"])
        return _error(404, "not found") if data is None else Response(data, content_type="application/octet-stream")

    def destroy(self, _request: Request, params: dict) -> Response:
        """Forget a file."""
        return _json({"result": "ok" if self.files.pop(params["public_id"], None) is not None else "not found"})


def _json(value: dict, status: int = 200) -> Response:
    response = Response(status=status, content_type="application/json")
    response.set_data(json.dumps(value))
    return response


def _error(status: int, message: str) -> Response:
    return _json({"error": {"message": message}}, status)
