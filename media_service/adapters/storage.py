"""The interface of every storage adapter, and the errors it may raise."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from libs.web.errors import NotFound, UpstreamDown

CHUNK = 64 * 1024
# A quota and a file-size limit end like a full disk: the bytes do not fit.
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class Storage(Protocol):
    """Keeps the bytes of files under keys of our own making."""

    name: str

    def put(self, key: str, path: Path) -> None:
        """Store the file at `path` under `key`, whole or not at all; `path` may be moved away. Raises UpstreamDown."""

    def read(self, key: str) -> Iterator[bytes]:
        """Yield the bytes of `key`. Raises NotFound before the first one when there are none, UpstreamDown."""

    def delete(self, key: str) -> None:
        """Forget `key`; a missing one is no error. Raises UpstreamDown."""


def storage_error(error: OSError) -> UpstreamDown:
    """Return what a failed write or read of the disk means for the person who asked."""
    if error.errno in _FULL:
        return UpstreamDown(
            "The file store is full. Nothing was saved; please tell the ROTC office.", code="storage_full", retry_after=300
        )
    return UpstreamDown("The file store is not working. Nothing was saved; please try again later.", code="storage_failed")


def missing() -> NotFound:
    """Return the error for a file whose bytes are gone though its row is here."""
    return NotFound("The content of this file is missing from the file store.", code="file_content_missing")
