"""Receive a stream into a temporary file: counted, hashed, flushed to the disk, gone if anything goes wrong."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from libs.web.errors import Invalid, TooLarge
from media_service.adapters.storage import CHUNK, storage_error

# No upload takes an hour: the gateway gives up after a minute.
ABANDONED_AFTER = 3600.0


@dataclass(frozen=True)
class Staged:
    """A received file that is not stored yet: where it lies, its size in bytes and its SHA-256."""

    path: Path
    size: int
    sha256: str


@contextmanager
def staged(stream: BinaryIO, folder: Path, limit: int) -> Iterator[Staged]:
    """Yield `stream` as a flushed file in `folder` (on the file system of the store); removed afterwards if still there.

    Raises:
        TooLarge: more than `limit` bytes.
        Invalid: code `file_empty`.
        UpstreamDown: code `storage_full` or `storage_failed`.
    """
    path: Path | None = None
    try:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            descriptor, name = tempfile.mkstemp(suffix=".part", dir=folder)
            path = Path(name)
            with os.fdopen(descriptor, "wb") as target:
                size, digest = _copy(stream, target, limit)
                target.flush()
                os.fsync(target.fileno())
        except OSError as error:
            raise storage_error(error) from error
        if not size:
            raise Invalid("The file is empty. Nothing was stored.", code="file_empty", details={"file": ["The file is empty."]})
        yield Staged(path, size, digest)
    finally:
        if path is not None:
            path.unlink(missing_ok=True)


def clear_abandoned(folder: Path, now: float) -> None:
    """Remove what processes that died while receiving left in `folder`; `now` in seconds since the epoch."""
    for path in folder.glob("*.part"):
        with contextlib.suppress(OSError):
            if now - path.stat().st_mtime > ABANDONED_AFTER:
                path.unlink()


def too_large(limit: int) -> TooLarge:
    """Return the refusal of a file of more than `limit` bytes."""
    message = f"The file is larger than {limit // (1024 * 1024)} MB. Nothing was stored."
    return TooLarge(message, code="file_too_large", details={"limit": limit})


def _copy(stream: BinaryIO, target: BinaryIO, limit: int) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    while chunk := stream.read(CHUNK):
        size += len(chunk)
        if size > limit:
            raise too_large(limit)
        digest.update(chunk)
        target.write(chunk)
    return size, digest.hexdigest()
