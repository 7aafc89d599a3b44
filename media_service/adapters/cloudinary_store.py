"""Files in Cloudinary, through its SDK: raw and authenticated, so that only a URL signed by us opens them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cloudinary.exceptions
import cloudinary.uploader
import cloudinary.utils
import urllib3

from libs import clock
from libs.web.errors import UpstreamDown
from media_service.adapters.storage import CHUNK, missing
from media_service.config import CloudinaryAccount

SECONDS = 30.0
FOLDER = "rgms"


class CloudinaryStore:
    """Keeps files in one Cloudinary account. It only ever talks to that account's own address."""

    name = "cloudinary"

    def __init__(self, account: CloudinaryAccount) -> None:
        self._options: dict[str, Any] = {
            "cloud_name": account.cloud_name,
            "api_key": account.api_key,
            "api_secret": account.api_secret,
            "upload_prefix": account.upload_prefix,
            # "raw" keeps every byte as it is: the checksum must still hold after an image comes back.
            "resource_type": "raw",
            "type": "authenticated",
        }
        self._http = urllib3.PoolManager(maxsize=8, retries=False, timeout=SECONDS)

    def put(self, key: str, path: Path) -> None:
        """Upload the file at `path` under `key`."""
        try:
            answer = cloudinary.uploader.upload(
                str(path), public_id=f"{FOLDER}/{key}", overwrite=True, timeout=SECONDS, **self._options
            )
        except (cloudinary.exceptions.Error, OSError, ValueError) as error:
            raise _down(error) from error
        if answer.get("bytes") != path.stat().st_size:
            raise _down(ValueError("size differs"))
        path.unlink()

    def read(self, key: str) -> Iterator[bytes]:
        """Yield the bytes of `key`, fetched by a URL signed for one minute."""
        url = cloudinary.utils.private_download_url(
            f"{FOLDER}/{key}", "", expires_at=int(clock.now().timestamp()) + 60, **self._options
        )
        try:
            answer = self._http.request("GET", url, preload_content=False, redirect=False)
        except urllib3.exceptions.HTTPError as error:
            raise _down(error) from error
        if answer.status == 404:
            answer.drain_conn()
            raise missing()
        if answer.status != 200:
            answer.drain_conn()
            raise _down(ValueError(f"status {answer.status}"))
        return _chunks(answer)

    def delete(self, key: str) -> None:
        """Forget `key`."""
        try:
            cloudinary.uploader.destroy(f"{FOLDER}/{key}", invalidate=True, timeout=SECONDS, **self._options)
        except (cloudinary.exceptions.Error, OSError, ValueError) as error:
            raise _down(error) from error


def _chunks(answer: urllib3.BaseHTTPResponse) -> Iterator[bytes]:
    try:
        yield from answer.stream(CHUNK)
    finally:
        answer.release_conn()


def _down(error: Exception) -> UpstreamDown:
    # The SDK's message can hold the request's signature, so only the kind of failure goes on.
    return UpstreamDown(
        "The file store did not take part. Nothing was saved; please try again.",
        code="storage_failed",
        details={"store": "cloudinary", "cause": type(error).__name__},
        retry_after=10,
    )
